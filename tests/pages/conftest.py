"""A small installation in a temporary folder, and the application as somebody signed in sees it."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp

import duckdb
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from dashboard.access.sessions import SessionLimits, new_session
from dashboard.workflow.models import UserAccount
from tests.demo_workflow import demo_workflow
from tests.pages.real_snapshot import real_snapshot

ROOT = Path(__file__).resolve().parents[2]
STUDY = """
[study]
study_id = "{study_id}"
title = "{title}"
short_title = "{title}"
sample = {sample}
[recruitment]
opens = 2024-01-01
target = 20
sites = [{{ site_id = "01", name = "North" }}, {{ site_id = "02", name = "South" }}]
month_plan = [{{ month = "2024-02", planned = 15 }}, {{ month = "2024-03", planned = 5 }}]

[[endpoint]]
id = "OS"
label = "Overall survival"
origin = "enrolment"
events = ["death"]
censor = ["known_alive"]

[[open_question]]
id = "survival_clock"
topic = "When survival starts"
text = "The protocol says two things."
readings = [
    {{ reading = "a", meaning = "From enrolment." }},
    {{ reading = "b", meaning = "From the first dose." }},
]
default = "a"
affects = ["OS"]
"""
STUDY_IDS = ("alpha", "beta")
LIMITS = SessionLimits(life=timedelta(hours=8), idle=timedelta(minutes=30))


@dataclass(frozen=True)
class Installation:
    """Where the store, the studies and the workflow database of one test lie."""

    folder: Path

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @property
    def studies(self) -> Path:
        return self.folder / "studies"

    @property
    def workflow_url(self) -> str:
        return f"sqlite:///{self.folder / 'workflow.sqlite'}"

    def add_study(self, study_id: str, title: str, *, sample: bool = True) -> None:
        (self.studies / study_id).mkdir(parents=True)
        text = STUDY.format(study_id=study_id, title=title, sample=str(sample).lower())
        (self.studies / study_id / "study.toml").write_text(text, encoding="utf-8")

    def add_snapshot(self, study_id: str, cut_off: str, *, is_current: bool = True) -> None:
        """20 enrolled patients and one screening failure: 12 at site 01, 9 at site 02."""
        snapshot_id = f"{cut_off}-0123abcd"
        folder = self.store / study_id / snapshot_id
        folder.mkdir(parents=True)
        real = real_snapshot()
        shutil.copy(_in_small_blocks(real.database), folder / "store.duckdb")
        shutil.copytree(real.path / "raw", folder / "raw")
        manifest = {
            **json.loads((real.path / "manifest.json").read_text(encoding="utf-8")),
            "study_id": study_id,
            "snapshot_id": snapshot_id,
            "cut_off": cut_off,
            "extracted_at": cut_off,
            "built_at": f"{cut_off}T00:00:00",
        }
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        if is_current:
            (self.store / study_id / "CURRENT").write_text(snapshot_id, encoding="utf-8")


@cache
def _in_small_blocks(database: Path) -> Path:
    """A copy a tenth as large: a block for each of so many short tables is most of the file."""
    small = Path(mkdtemp(prefix="page-tests-")) / "store.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{database}' as whole (read_only)")
        connection.execute(f"attach '{small}' as small (block_size 16384)")
        connection.execute("copy from database whole to small")
    return small


@pytest.fixture(scope="session", autouse=True)
def components_found_once() -> Iterator[None]:
    """Each application a test opens would look for components in every installed package anew."""
    name = "scan_component_manifests"
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(manifest_scanner, name, cache(getattr(manifest_scanner, name)))
        yield


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """Two sample studies: alpha with two data cuts, beta with none; the environment names them."""
    made = Installation(folder)
    made.add_study("alpha", "Study Alpha")
    made.add_study("beta", "Study Beta")
    made.add_snapshot("alpha", "2026-03-01", is_current=False)
    made.add_snapshot("alpha", "2026-05-29")
    monkeypatch.setenv("DASHBOARD_STORE", str(made.store))
    monkeypatch.setenv("DASHBOARD_STUDIES", str(made.studies))
    monkeypatch.setenv("DASHBOARD_WORKFLOW_URL", made.workflow_url)
    return made


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """An installation of its own for each test."""
    return installed(tmp_path, monkeypatch)


@pytest.fixture
def database(installation: Installation) -> Engine:
    """Its workflow database with the demonstration users."""
    engine = demo_workflow(installation.workflow_url, STUDY_IDS)
    yield engine
    engine.dispose()


def sign_in_for_test(engine: Engine, username: str) -> str:
    """The token of a session, without form and hashing."""
    with Session(engine) as session, session.begin():
        account = session.scalars(select(UserAccount).where(UserAccount.username == username)).one()
        token, row = new_session(account.id, now=datetime.now(UTC), limits=LIMITS)
        session.add(row)
    return token


def opened_app(engine: Engine, username: str | None, file: str = "app.py") -> AppTest:
    """The application, or one page file alone, as a user (None = nobody) sees it."""
    app = AppTest.from_file(str(ROOT / file), default_timeout=30)
    if username is not None:
        app.session_state["session_token"] = sign_in_for_test(engine, username)
    return app.run()


@pytest.fixture
def open_app(database: Engine) -> Callable[..., AppTest]:
    """Opens the application, or one page file alone, for a user."""
    return partial(opened_app, database)


@pytest.fixture
def limit_to_site(database: Engine) -> Callable[[str, str], None]:
    """Limits a demonstration user to one site of every study."""

    def limited(username: str, site_id: str) -> None:
        with Session(database) as session, session.begin():
            account = session.scalars(select(UserAccount).where(UserAccount.username == username)).one()
            for grant in account.grants:
                grant.sites = [site_id]

    return limited
