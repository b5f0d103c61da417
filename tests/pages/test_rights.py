"""Every page with every role, and every page file alone with nobody signed in."""

from functools import cache, partial
from pathlib import Path

import pytest
from streamlit.testing.v1.element_tree import Block

from dashboard.ui.context import REFUSAL, SIGN_IN_NOTICE
from dashboard.ui.frame import PAGES
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind
from tests.demo_workflow import demo_workflow
from tests.pages.conftest import STUDY_IDS, installed, opened_app

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "pages").rglob("*.py"))

EVERYBODY = {"oncologist", "oncologist-site", "investigator", "coordinator", "admin"}
ALLOWED = {
    "pages/start/home.py": EVERYBODY,
    "pages/review/patient.py": EVERYBODY - {"admin"},
    "pages/review/worklist.py": EVERYBODY - {"admin"},
    "pages/review/mdt.py": EVERYBODY - {"admin"},
    "pages/cohort/overview.py": EVERYBODY,
    "pages/cohort/survival.py": EVERYBODY,
    "pages/cohort/clearance.py": EVERYBODY,
    "pages/cohort/response.py": EVERYBODY,
    "pages/cohort/treatment.py": EVERYBODY,
    "pages/cohort/biomarkers.py": EVERYBODY,
    "pages/cohort/safety.py": EVERYBODY,
    "pages/conduct/queries.py": EVERYBODY,
    "pages/conduct/follow_up.py": EVERYBODY - {"admin"},
    "pages/conduct/completeness.py": EVERYBODY,
    "pages/conduct/enrolment.py": EVERYBODY,
    "pages/admin/data.py": {"coordinator", "admin"},
    "pages/admin/definitions.py": EVERYBODY,
}
PAIRS = [(spec, username) for spec in PAGES for username in sorted(EVERYBODY)]


def shown(app):
    """Everything on page and sidebar, as (kind, text)."""
    everything = [*app.main, *app.sidebar]
    return [(e.type, getattr(e, "value", None)) for e in everything if not isinstance(e, Block)]


def test_the_table_of_this_test_and_the_menu_name_every_page_file():
    assert sorted(ALLOWED) == FILES == sorted(spec.path for spec in PAGES)


def test_every_page_has_its_own_address():
    addresses = [spec.url_path for spec in PAGES]
    assert addresses.count("") == 1
    assert len(set(addresses)) == len(addresses)


@pytest.mark.parametrize("file", FILES)
def test_a_page_file_alone_shows_nobody_more_than_the_sign_in_notice(open_app, file):
    app = open_app(None, file)
    assert not app.exception
    assert shown(app) == [("info", SIGN_IN_NOTICE)]


@pytest.mark.parametrize("file", FILES)
def test_an_invented_token_opens_no_page(open_app, file):
    app = open_app(None, file)
    app.session_state["session_token"] = "invented"
    app.run()
    assert shown(app) == [("info", SIGN_IN_NOTICE)]


@pytest.fixture(scope="module")
def walk(request, tmp_path_factory):
    """Gives the application of a user, opened once for all pages: on two data cuts, or without any data."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        made = installed(tmp_path_factory.mktemp("walk"), monkeypatch)
        if request.param == "no data":
            for current in made.store.rglob("manifest.json"):
                current.unlink()
        engine = demo_workflow(made.workflow_url, STUDY_IDS)
        yield cache(partial(opened_app, engine))
        engine.dispose()


PERMITTED = pytest.mark.parametrize(("spec", "username"), [p for p in PAIRS if p[1] in ALLOWED[p[0].path]])


@pytest.mark.parametrize("walk", ["two data cuts"], indirect=True)
@PERMITTED
def test_a_permitted_page_runs_and_says_what_it_is(walk, spec, username):
    app = walk(username).switch_page(spec.path).run()
    assert not app.exception
    # The patient page is titled by the patient it shows.
    expected = "P1" if spec.url_path == "patient" else spec.title
    assert [title.value for title in app.title] == [expected]


@pytest.mark.parametrize("walk", ["no data"], indirect=True)
@PERMITTED
def test_a_permitted_page_runs_without_any_data(walk, spec, username):
    app = walk(username).switch_page(spec.path).run()
    assert not app.exception


@pytest.mark.parametrize(("spec", "username"), [p for p in PAIRS if p[1] not in ALLOWED[p[0].path]])
def test_another_page_is_missing_from_the_menu_and_refuses_when_run_alone(open_app, database, spec, username):
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        open_app(username).switch_page(spec.path)
    alone = open_app(username, spec.path)
    assert shown(alone) == [("info", REFUSAL)]
    refused = read_events(database)[0]
    assert (refused.kind, refused.detail) == (AuditKind.REFUSED, {"permission": spec.permission.value})
