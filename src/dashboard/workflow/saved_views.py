"""Views somebody passed on as a link: page, patient, data cut and choices, each behind a token."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from dashboard.errors import NoSuchEntry
from dashboard.workflow.entries import SavedView as SavedViewRow
from dashboard.workflow.history import Author, writing

TOKEN_BYTES = 16
# What secrets.token_urlsafe makes; an address may hold anything, also what no database takes.
TOKEN = re.compile(r"[\w-]{1,64}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class View:
    """What a link opens. `choices` are those of the page, as JSON; no patient on a page about many."""

    page: str
    study_id: str
    snapshot_id: str
    cut_off: date
    choices: Mapping[str, Any]
    patient_id: str | None = None


def save_view(engine: Engine, view: View, *, author: Author) -> str:
    """Keep a view; gives the token of its link."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with writing(engine, "the link") as session:
        session.add(
            SavedViewRow(
                token=token,
                page=view.page,
                study_id=view.study_id,
                patient_id=view.patient_id,
                snapshot_id=view.snapshot_id,
                cut_off=view.cut_off,
                choices=dict(view.choices),
                user_id=author.user_id,
                at=author.at,
            )
        )
    return token


def find_view(engine: Engine, token: str) -> View:
    """The view behind a token; the caller asks who may see it. Raises `NoSuchEntry`."""
    with Session(engine) as session:
        wanted = select(SavedViewRow).where(SavedViewRow.token == token)
        row = session.scalar(wanted) if TOKEN.fullmatch(token) else None
        if row is None:
            raise NoSuchEntry("There is no view behind this link")
        return View(
            page=row.page,
            study_id=row.study_id,
            snapshot_id=row.snapshot_id,
            cut_off=row.cut_off,
            choices=row.choices,
            patient_id=row.patient_id,
        )
