"""The patient page of unusual patients: it stands, says what is unusual, and shows no leftover."""

import datetime as dt
import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.access.roles import may
from dashboard.store.build import BuildOptions, build_snapshot
from dashboard.ui import state
from dashboard.ui.frame import PAGES
from dashboard.workflow.database import open_workflow
from dashboard.workflow.decisions import DecisionDraft, save_decision
from dashboard.workflow.history import Author
from dashboard.workflow.meetings import add_case, plan_meeting
from dashboard.workflow.models import Role
from dashboard.workflow.reviews import PatientCut
from tests.demo_workflow import demo_workflow
from tests.pages.conftest import sign_in_for_test
from tests.pages.sample_pages import ROOT, all_texts, unwanted
from tests.special_patients import NAMES, write_special_study

PAGE = "pages/review/patient.py"
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DATE = re.compile(rf"\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b(?:\d{{1,2}} )?(?:{MONTHS}) \d{{4}}\b")
CUT = {"2024-06-30", "30 Jun 2024", "Jun 2024"}
LOADED = re.compile(rf"loaded \d{{1,2}} (?:{MONTHS}) \d{{4}}")
# What the page must say of each patient, besides the patient's name.
SAYS = {
    "TWO": ("one sample (unconfirmed)", "ctDNA and imaging agree"),
    "NODNA": (
        "No ctDNA sample.",
        "No ctDNA sample recorded",
        "No ctDNA sample is recorded for this patient.",
    ),
    "NOSCAN": (
        "No imaging in the data, on treatment",
        "No response assessment recorded",
        "No target lesions recorded",
    ),
    "FAILED": ("failed; no redraw.", "Failed, no result", "No ctDNA sample of this patient has a result."),
    "ONEDAY": ("One ctDNA result so far", "one result so far"),
    "DEAD": ("No ctDNA sample.", "died"),
    "LEFT": ("Withdrew consent", "Consent withdrawn", "are not used."),
    "NODAY": ("Withdrew consent", "Consent withdrawn", "cannot be told."),
    "THREE": ("Line 3", "detected again after clearance"),
}


# Ends of treatment that were not recorded, as the table has them: the death, or the next line at the latest.
UNTIL = {
    ("DEAD", "calendar"): "25 Jan 2024",
    ("DEAD", "relative"): "day 13",
    ("THREE", "calendar"): "not recorded, at the latest 25 Apr 2024",
    ("THREE", "relative"): "not recorded, at the latest day 104",
}


@pytest.fixture(scope="module", params=["calendar", "relative"])
def stored(request, tmp_path_factory):
    """Calendar and folder of the study, built."""
    folder = tmp_path_factory.mktemp(request.param)
    study = write_special_study(folder / "studies", calendar=request.param)
    options = BuildOptions(store=folder / "store", reference=ROOT / "data" / "reference")
    build_snapshot(study, options=options)
    return request.param, folder


@pytest.fixture
def signed_in(stored, tmp_path, monkeypatch):
    """Starts the application for a user, with the study's store and a workflow database of its own."""
    url = f"sqlite:///{tmp_path / 'workflow.sqlite'}"
    monkeypatch.setenv("DASHBOARD_STORE", str(stored[1] / "store"))
    monkeypatch.setenv("DASHBOARD_STUDIES", str(stored[1] / "studies"))
    monkeypatch.setenv("DASHBOARD_WORKFLOW_URL", url)
    engine = demo_workflow(url, ("small",))

    def started(username: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.session_state["session_token"] = sign_in_for_test(engine, username)
        return app

    yield started
    engine.dispose()


@pytest.fixture
def patient_page(signed_in):
    """Opens the page of a patient for an oncologist."""

    def opened(patient_id: str) -> AppTest:
        app = signed_in("oncologist")
        app.session_state[state.PATIENT] = ("small", patient_id)
        app.run().switch_page(PAGE).run()
        assert not app.exception
        return app

    return opened


def words(app: AppTest) -> str:
    """Everything on the page, without the marks of Markdown and with plain spaces."""
    text = "\n".join(all_texts(app))
    return text.replace("\\", "").replace("**", "").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("name", NAMES)
def test_the_page_stands_and_says_what_is_unusual(patient_page, name):
    app = patient_page(name)
    assert [title.value for title in app.title] == [name]
    text = words(app)
    assert [said for said in SAYS[name] if said.casefold() not in text.casefold()] == []
    assert unwanted(all_texts(app)) == set()


@pytest.mark.parametrize("name", NAMES)
def test_only_who_withdrew_has_the_banner_and_ages_up_to_that_day(patient_page, stored, name):
    app = patient_page(name)
    banners = [one.value for one in app.warning if one.value.startswith("Consent withdrawn")]
    on = stored[0] == "calendar"
    said = "on 1 Mar 2024: data after this date" if on else ": data after that day"
    dated = f"Consent withdrawn{' ' if on else ''}{said} are not used."
    undated = "Consent withdrawn on a day that is not recorded: which data came after it cannot be told."
    assert banners == {"LEFT": [dated], "NODAY": [undated]}.get(name, [])
    assert ("counted to the withdrawal of consent, 1 Mar 2024" in words(app)) == (name == "LEFT" and on)


@pytest.mark.parametrize("name", NAMES)
def test_every_mark_of_the_drawing_is_a_row_of_the_table(patient_page, stored, name):
    app = patient_page(name)
    (chart,) = app.main.get("vega_lite_chart")
    keys = set(_keys(json.loads(chart.proto.spec)))
    next(one for one in app.toggle if one.label == "Table").set_value(True).run()
    table = next(one.value for one in app.main.dataframe if "Event" in one.value)
    assert len(table) == len(keys)
    until = UNTIL.get((name, stored[0]))
    assert until is None or until in set(table["Until"])


@pytest.mark.parametrize("stored", ["relative"], indirect=True)
@pytest.mark.parametrize("name", NAMES)
def test_a_study_in_days_shows_no_date_of_the_patient(patient_page, name):
    app = patient_page(name)
    # When the data were loaded is no date of the patient.
    shown = [LOADED.sub("", text) for text in all_texts(app)]
    found = [one for text in shown for one in DATE.findall(text) if one not in CUT]
    assert found == []
    assert "day " in words(app)


@pytest.mark.parametrize("stored", ["relative"], indirect=True)
def test_a_study_in_days_names_a_decision_by_its_meeting_and_no_date(signed_in, tmp_path):
    engine = open_workflow(f"sqlite:///{tmp_path / 'workflow.sqlite'}")
    author = Author(user_id=1, at=dt.datetime(2024, 7, 3, 9, tzinfo=dt.UTC))
    held_on = dt.date(2024, 7, 3)
    meeting_id = plan_meeting(engine, "small", held_on=held_on, title="Lung MDT", author=author)
    cut = PatientCut(study_id="small", patient_id="TWO", snapshot_id="s")
    case_id = add_case(engine, meeting_id, cut, question="", author=author)
    draft = DecisionDraft(
        text="Third line", retyped="TWO", snapshot_id="s", next_action="CT", owner="Dr A", due_on=held_on
    )
    save_decision(engine, case_id, draft, version=0, author=author)
    app = signed_in("oncologist")
    app.session_state[state.PATIENT] = ("small", "TWO")
    app.run().switch_page(PAGE).run()
    (decision,) = [one.value for one in app.markdown if "Third line" in one.value]
    assert decision.replace("\\", "").startswith("**Decision of Lung MDT:** Third line")
    assert "Next action\\: CT" in decision
    assert "2024" not in decision


# On MDT meetings the date of the next one is asked for: people meet by the calendar.
@pytest.mark.parametrize("stored", ["relative"], indirect=True)
@pytest.mark.parametrize(
    "spec", [one for one in PAGES if one.title != "MDT meetings"], ids=lambda one: one.title
)
def test_no_page_of_a_study_in_days_shows_a_date_but_that_of_its_cut(signed_in, spec):
    user = "coordinator" if may(Role.COORDINATOR, spec.permission) else "admin"
    app = signed_in(user).run()
    if spec.title != "Home":
        app.switch_page(str(spec.path)).run()
    assert not app.exception
    assert [title.value for title in app.title] == ["DEAD" if spec.title == "Patient" else spec.title]
    shown = [LOADED.sub("", text) for text in all_texts(app)]
    found = [one for text in shown for one in DATE.findall(text) if one not in CUT]
    assert found == []


def _keys(part):
    """Key of every plotted event."""
    if isinstance(part, dict):
        if isinstance(part.get("key"), str):
            yield part["key"]
        for value in part.values():
            yield from _keys(value)
    elif isinstance(part, list):
        for one in part:
            yield from _keys(one)
