"""Commands on the people who may sign in."""

import datetime as dt
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from dashboard.access.passwords import hash_password
from dashboard.settings import Settings
from dashboard.workflow.audit import Event, record
from dashboard.workflow.database import open_workflow
from dashboard.workflow.models import AuditKind, Role
from dashboard.workflow.users import (
    NewUser,
    StudyGrant,
    add_users,
    grant_study,
    list_users,
    revoke_study,
    set_active,
    set_password,
)

app = typer.Typer(no_args_is_help=True, help="People who may sign in.")
console = Console()

Grants = Annotated[
    list[str],
    typer.Option("--study", help="Study granted, or STUDY:SITE,SITE for some sites; may be repeated."),
]


def _workflow() -> Engine:
    return open_workflow(Settings().workflow_url)


def _note(engine: Engine, username: str, change: str) -> None:
    event = Event(kind=AuditKind.USER_CHANGED, detail={"username": username, "change": change})
    record(engine, event, now=dt.datetime.now(dt.UTC))


def parse_grant(text: str) -> StudyGrant:
    """A grant as typed.

    >>> parse_grant("k4care:01,02")
    StudyGrant(study_id='k4care', sites=('01', '02'))
    >>> parse_grant("k4care").sites is None
    True
    """
    study_id, colon, sites = text.partition(":")
    named = tuple(site.strip() for site in sites.split(",") if site.strip())
    return StudyGrant(study_id.strip(), named if colon else None)


def _ask_password() -> str:
    return hash_password(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


@app.command(name="list")
def show() -> None:
    """List the active users with their role and grants."""
    table = Table("user", "name", "role", "studies", "demonstration")
    for user in list_users(_workflow()):
        grants = "; ".join(
            grant.study_id if grant.sites is None else f"{grant.study_id}: {', '.join(grant.sites)}"
            for grant in user.grants
        )
        table.add_row(
            user.username, user.display_name, user.role.value, grants, "yes" if user.is_demo else ""
        )
    console.print(table)


@app.command()
def add(username: str, name: str, role: Role, study: Grants) -> None:
    """Add a user; the password is asked for, never given on the command line."""
    engine = _workflow()
    user = NewUser(
        username=username,
        display_name=name,
        password_hash=_ask_password(),
        role=role,
        grants=[parse_grant(text) for text in study],
    )
    add_users(engine, [user], now=dt.datetime.now(dt.UTC))
    _note(engine, username, "added")


@app.command()
def grant(username: str, study: Annotated[str, typer.Argument(help="STUDY, or STUDY:SITE,SITE.")]) -> None:
    """Let a user see a study, all of it or some sites, from their next step on."""
    engine = _workflow()
    grant_study(engine, username, grant=parse_grant(study))
    _note(engine, username, f"granted {study}")


@app.command()
def revoke(username: str, study: str) -> None:
    """Take a study away from a user, from their next step on."""
    engine = _workflow()
    if not revoke_study(engine, username, study_id=study):
        console.print(f"{username} was not granted {study}; nothing changed.", markup=False, highlight=False)
        return
    _note(engine, username, f"revoked {study}")


@app.command()
def password(username: str) -> None:
    """Give a user a new password."""
    engine = _workflow()
    set_password(engine, username, password_hash=_ask_password())
    _note(engine, username, "password")


@app.command()
def disable(username: str) -> None:
    """Switch a user off; every session of theirs ends at its next step."""
    engine = _workflow()
    set_active(engine, username, is_active=False)
    _note(engine, username, "switched off")
