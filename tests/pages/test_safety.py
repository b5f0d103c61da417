"""The safety page on a built snapshot: who is counted, what is listed for whom, what is recorded."""

import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from dashboard.figures.safety.events import safety_terms
from dashboard.figures.safety.words import NONE_UNDER_SYSTEMIC, NOT_RECORDED
from dashboard.store.build import BuildOptions, build_snapshot
from dashboard.ui import safety_cards as cards
from dashboard.ui.safety import OLD_DATA_CUT
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind
from tests.built_once import REFERENCE
from tests.pages.parts import every_part, open_part, part_names
from tests.pages.said import said, technical_words
from tests.small_study import write_small_study

PAGE = "pages/cohort/safety.py"
SERIOUS = "Serious events"
EVERYBODY = ("oncologist", "oncologist-site", "investigator", "coordinator", "admin")


@pytest.fixture
def safety(open_app):
    def opened(username):
        app = open_app(username)
        return app.switch_page(PAGE).run()

    return opened


EVENTS = """patient_id,event_id,term,grade,ctcae_version,started_on,ended_on,is_serious,relatedness,related_to
S-001,E1,neutropenia,3,5.0,2024-02-01,2024-02-10,true,related,osimertinib
S-001,E2,中性粒细胞减少,4,4.03,2024-02-10,2024-02-20,true,related,osimertinib
S-002,E1,nausea,,5.0,2024-02-10,2024-02-12,false,,
S-003,E1,nausea,2,5.0,2024-01-01,2024-01-02,false,not_related,
"""


WITHOUT_ONSET = """patient_id,event_id,term,grade,ctcae_version,started_on,ended_on,is_serious,relatedness
S-001,E1,neutropenia,3,5.0,,,true,related
"""


@cache
def snapshot_with_events(events):
    """Four reports: two of them one event, one before treatment; or one report without its onset."""
    folder = Path(mkdtemp(prefix="safety-page-"))
    study = write_small_study(folder)
    (study / "extracts" / "2024-06-30" / "adverse_event.csv").write_text(events, encoding="utf-8")
    return build_snapshot(study, options=BuildOptions(store=folder / "store", reference=REFERENCE)).snapshot


@pytest.fixture
def with_events(installation):
    """The data cut of the page is the one with events."""
    for database in installation.store.glob("alpha/*/store.duckdb"):
        shutil.copy(snapshot_with_events(EVENTS).database, database)


@pytest.fixture
def without_onset(installation):
    """No event of the data cut belongs to a line or a drug."""
    for database in installation.store.glob("alpha/*/store.duckdb"):
        shutil.copy(snapshot_with_events(WITHOUT_ONSET).database, database)


def metrics(app):
    return {metric.label: (metric.value, metric.delta) for metric in app.metric}


@pytest.mark.usefixtures("with_events")
def test_events_are_counted_once_per_patient_at_the_worst_grade(safety):
    app = safety("investigator")
    assert technical_words(app) == []
    assert metrics(app)["Any adverse event"] == ("2", "of 3")
    assert metrics(app)["Grade ≥ 3"] == ("1", "of 3")
    tables = [one.value for one in app.main.table if "Events" in one.value]
    table = tables[0].set_index("Adverse event")
    assert list(table.index) == ["Any adverse event", "Neutrophil count decreased", "Nausea"]
    assert table.loc["Neutrophil count decreased", "Events"] == "1"
    assert table.loc["Nausea", ["Any grade", "Grade missing", "Related or unclear"]].tolist() == ["1"] * 3


@pytest.mark.usefixtures("with_events")
def test_the_rate_says_what_it_counts_and_from_when(safety):
    text = said(safety("investigator"))
    assert "events are counted from enrolment on" in text
    assert NONE_UNDER_SYSTEMIC not in text


@pytest.mark.usefixtures("without_onset")
def test_where_no_event_belongs_to_a_line_or_drug_no_zero_is_shown_for_them(safety):
    app = safety("investigator")
    assert metrics(app)["Any adverse event"] == ("1", "of 3")
    app = open_part(app, "safety", "By drug and by line")
    assert NONE_UNDER_SYSTEMIC in [one.value for one in app.main.markdown]
    assert [one.label for one in app.main.segmented_control] == ["Table"]
    app.main.selectbox[0].select("Osimertinib (n = 1)").run()
    assert metrics(app)["Any adverse event"] == ("–", "not known")
    assert [one.value for one in app.info] == [NONE_UNDER_SYSTEMIC]


@pytest.mark.usefixtures("with_events")
def test_under_one_drug_what_is_related_to_it_stands_beside_adr(safety):
    app = safety("investigator")
    assert list(metrics(app))[-1] == "Related (ADR)"
    app.main.selectbox[0].select("Osimertinib (n = 1)").run()
    assert metrics(app)["Related, this drug"] == ("1", "of 1")
    assert metrics(app)["Related (ADR)"] == ("1", "of 1")


@pytest.mark.usefixtures("with_events")
def test_a_drug_without_an_event_of_anybody_has_dashes(safety):
    # The only report of S-003, who is given letrozole, is from before the first dose.
    app = safety("investigator")
    app.main.selectbox[0].select("Letrozole (n = 1)").run()
    assert metrics(app)["Treated"][0] == "1"
    assert metrics(app)["Any adverse event"] == ("–", "not known")
    assert [one.value for one in app.info] == [NOT_RECORDED]


@pytest.mark.usefixtures("with_events")
def test_two_versions_of_ctcae_are_a_warning(safety):
    assert "4.03 in 1 reports, 5.0 in 3 reports" in safety("investigator").warning[0].value


@pytest.mark.usefixtures("with_events")
def test_a_serious_event_leads_to_its_patient(safety, database):
    app = open_part(safety("investigator"), "safety", SERIOUS)
    assert "S-001" not in said(app)
    next(button for button in app.button if button.label == "Show the list").click().run()
    assert "1 serious adverse event in 1 patient." in said(app)
    assert "S-001" in said(app)
    assert [event.detail["what"] for event in exports(database)] == ["serious adverse events, list on screen"]


@pytest.mark.usefixtures("with_events")
def test_the_export_is_recorded_before_a_file_is_offered(safety, database):
    app = safety("coordinator")
    next(button for button in app.button if button.label == "Export").click().run()
    assert not app.exception
    assert exports(database)[0].detail["what"] == "safety"
    assert [button.label for button in app.get("download_button")] != []


@pytest.mark.usefixtures("with_events")
def test_a_file_is_named_with_what_events_are_counted_under(safety, monkeypatch):
    # The small study has no laboratory value; any figure stands for theirs.
    monkeypatch.setattr(
        cards, "laboratory_card", lambda reader, request: {"laboratory values": safety_terms(reader, request)}
    )
    app = open_part(safety("coordinator"), "safety", "Laboratory values")
    for chosen, counted in (("All treatment (n = 3)", "All treatment"), ("Line 1 (n = 3)", "Line 1")):
        app.main.selectbox[0].select(chosen).run()
        next(button for button in app.button if button.label == "Export").click().run()
        labels = [button.label for button in app.get("download_button")]
        for title in ("adverse events", "laboratory values"):
            assert [one for one in labels if title in one and "CSV" in one] == [
                f"Save {title}, {counted} as CSV"
            ]
    open_part(app, "safety", "By drug and by line")
    next(button for button in app.button if button.label == "Export").click().run()
    assert "Save by drug as CSV" in [button.label for button in app.get("download_button")]


def exports(database):
    return [event for event in read_events(database) if event.kind is AuditKind.EXPORT]


@pytest.mark.parametrize("username", EVERYBODY)
def test_no_technical_word_is_on_the_page(safety, username):
    for app in every_part(safety(username), "safety"):
        assert not app.exception
        assert technical_words(app) == []


def test_treated_patients_are_the_denominator(safety):
    app = safety("investigator")
    assert {metric.label: metric.value for metric in app.metric}["Treated"] == "3"
    assert "All treatment (n = 3)" in app.main.selectbox[0].options
    assert metrics(app)["Any adverse event"] == ("–", "not known")
    assert NOT_RECORDED in said(app)


def test_a_reader_of_one_site_counts_that_site(safety):
    app = safety("oncologist-site")
    assert {metric.label: metric.value for metric in app.metric}["Treated"] == "2"


def test_a_line_and_a_drug_can_be_chosen(safety):
    app = safety("investigator")
    app.main.selectbox[0].select("Osimertinib (n = 1)").run()
    assert {metric.label: metric.value for metric in app.metric}["Treated"] == "1"


def test_the_list_of_serious_events_is_recorded_when_it_is_shown(safety, database):
    app = open_part(safety("investigator"), "safety", SERIOUS)
    assert exports(database) == []
    next(button for button in app.button if button.label == "Show the list").click().run()
    assert "0 serious adverse events" in said(app)
    assert exports(database)[0].detail["what"] == "serious adverse events, list on screen"


def test_an_administrator_sees_numbers_and_no_list(safety):
    app = safety("admin")
    assert SERIOUS not in part_names(app)
    assert "Show the list" not in [button.label for button in app.button]
    assert "Single patients are not shown to your role." in said(app)


def test_a_data_cut_from_before_says_that_it_must_be_built_again(safety, monkeypatch):
    monkeypatch.setattr("dashboard.ui.safety.has_safety", lambda reader: False)
    assert OLD_DATA_CUT in said(safety("investigator"))


@pytest.mark.usefixtures("with_events")
def test_of_drugs_and_lines_only_the_side_shown_is_computed(safety, monkeypatch):
    asked = []
    compute = cards.safety_by_unit
    monkeypatch.setattr(
        cards,
        "safety_by_unit",
        lambda reader, request: asked.append(request.scope) or compute(reader, request),
    )
    app = safety("investigator")
    assert asked == []
    app = open_part(app, "safety", "By drug and by line")
    assert asked == ["DRUG"]
    next(one for one in app.segmented_control if one.label == "Side by side").set_value("Line").run()
    assert asked == ["DRUG", "LINE"]
