"""The overview page on a built snapshot: numbers that agree, zero said, sites obeyed."""

from pathlib import Path

import pandas as pd
import pytest

from dashboard.studies.load import load_study
from dashboard.studies.vocabulary import WORDS
from dashboard.ui import overview as page
from dashboard.ui.cards import NO_BREAK
from dashboard.ui.context import Permission
from dashboard.ui.overview_cards import affected_words
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind
from tests.pages.said import said, technical_words

PAGE = "pages/cohort/overview.py"
EVERYBODY = ("oncologist", "oncologist-site", "investigator", "coordinator", "admin")


@pytest.fixture
def overview(open_app):
    def opened(username):
        app = open_app(username)
        return app.switch_page(PAGE).run()

    return opened


def figures(app):
    return {metric.label: (metric.value, metric.delta) for metric in app.metric}


def flow(app):
    return {row["Patients"]: row["n"] for row in app.table[0].value.to_dict("records")}


@pytest.mark.parametrize("username", EVERYBODY)
def test_no_technical_word_is_on_the_page(overview, username):
    app = overview(username)
    assert not app.exception
    assert technical_words(app) == []


def test_key_figures_have_their_denominators(overview):
    assert figures(overview("investigator")) == {
        "Screened": ("21", "1 not enrolled"),
        "Enrolled": ("20", "of 20 planned"),
        "On treatment": ("2", "of 20, any line"),
        "Died": ("1", "of 20 enrolled"),
        "Valid ctDNA baseline": ("3", "of 20 enrolled"),
        "Clearance assessable": ("1", "of 20 enrolled"),
    }


def test_a_reader_of_one_site_counts_that_site_and_says_so(overview):
    app = overview("oncologist-site")
    found = figures(app)
    assert found["Enrolled, your sites"] == ("11", "20 planned in all")
    assert found["Screened"] == ("12", "1 not enrolled")
    assert found["Valid ctDNA baseline"] == ("2", "of 11 enrolled")
    assert "your sites: 01" in app.main.caption[0].value
    assert "not compared with part of them" in said(app)


def test_an_investigator_of_one_site_may_count_all_sites(overview, limit_to_site):
    limit_to_site("investigator", "02")
    app = overview("investigator")
    assert figures(app)["Enrolled, your sites"] == ("9", "20 planned in all")
    sites = next(one for one in app.segmented_control if one.label == "Sites")
    sites.set_value("All sites").run()
    assert figures(app)["Enrolled"] == ("20", "of 20 planned")


def test_who_may_count_all_sites_sees_no_list_of_their_patients(overview, limit_to_site):
    limit_to_site("investigator", "02")
    app = overview("investigator")
    lists = [one.label for one in app.expander if one.label.startswith("List of")]
    assert lists == ["List of 9"]
    next(one for one in app.segmented_control if one.label == "Sites").set_value("All sites").run()
    assert "19 of 19 were last seen more than 90 days before the data cut." in said(app)
    assert not [one for one in app.expander if one.label.startswith("List of")]


def test_an_oncologist_of_one_site_has_no_such_choice(overview):
    assert "Sites" not in [one.label for one in overview("oncologist-site").segmented_control]


def test_the_flow_agrees_with_the_key_figures(overview):
    app = overview("investigator")
    found = flow(app)
    assert found["**Screened**"] == "**21**"
    assert found["**Enrolled**"] == "**20**"
    assert found["**Valid ctDNA baseline**"] == "**3**"
    assert found["**Clearance can be judged**"] == "**1**"
    assert found["**Response evaluable at the second draw**"] == "**0**"


def test_baseline_headings_say_n(overview):
    app = overview("investigator")
    headings = [heading.replace(NO_BREAK, " ") for table in app.table[1:] for heading in table.value]
    assert headings.count("All, n = 20") == 2


def test_baseline_by_tumour_type_has_a_column_for_each(overview):
    app = overview("investigator")
    app.main.selectbox[0].select("Tumour type").run()
    headings = [heading.replace(NO_BREAK, " ") for heading in app.table[1].value]
    assert headings == ["Characteristic", "Value", "All, n = 20", "Lung, n = 20"]


@pytest.mark.parametrize(("label", "is_treatment"), [("Treatment class", True), ("Sex", False)])
def test_the_baseline_table_in_columns_by_treatment_has_the_caution(
    overview, installation, label, is_treatment
):
    path = installation.studies / "alpha" / "study.toml"
    group = '[[group]]\nname = "drug_class"\nlabel = "Treatment class"\nsource = "index_line"\n\n'
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{group}", encoding="utf-8")
    app = overview("investigator")
    assert not app.warning
    app.main.selectbox[0].select(label).run()
    assert not app.exception
    assert [one.value for one in app.warning] == [WORDS["no_comparison"]] * is_treatment


def test_few_patients_are_counted_without_per_cent(overview):
    app = overview("investigator")
    assert "Counts only: fewer than 25 patients." in said(app)
    assert not [cell for table in app.table for cell in table.value.to_numpy().ravel() if "%" in cell]


def test_follow_up_says_why_there_is_no_median_and_who_was_not_seen_lately(overview):
    text = said(overview("investigator"))
    assert "range 0.0–4.6 months" in text
    # The data cut of these files is 29 May 2026, two years after anybody was seen.
    assert "19 of 19 were last seen more than 90 days before the data cut." in text


def test_an_administrator_sees_how_many_are_stale_and_not_who(overview):
    app = overview("admin")
    assert "19 of 19 were last seen" in said(app)
    assert "P12" not in said(app)
    assert "P12" in said(overview("investigator"))


def test_the_open_question_shows_both_readings_and_the_one_in_force(overview):
    text = said(overview("oncologist"))
    assert "Needs a ruling by the PI: 1" in text
    assert "- a: From enrolment. **(in force until ruled)**" in text
    assert "- b: From the first dose.\n" in text


def test_the_chart_has_a_table_twin(overview):
    app = overview("investigator")
    assert len(app.get("vega_lite_chart")) == 1
    toggle = next(one for one in app.toggle if one.label == "Table")
    toggle.set_value(True).run()
    assert len(app.get("vega_lite_chart")) == 0
    twin = next(frame.value for frame in app.dataframe if "Planned in all" in frame.value)
    assert twin["Enrolled"].iloc[1] == "20"


def test_a_study_without_calendar_dates_has_no_enrolment_by_month(overview, installation):
    path = installation.studies / "alpha" / "study.toml"
    path.write_text(path.read_text().replace("[study]", '[study]\ncalendar = "relative"', 1))
    app = overview("investigator")
    assert not app.get("vega_lite_chart")
    assert "cannot be told: the extract has no calendar dates" in said(app)
    assert technical_words(app) == []


def test_no_patient_is_recorded_as_opened(overview, database):
    overview("investigator")
    assert not [event for event in read_events(database) if event.patient_id]


def test_an_export_is_recorded_before_the_file_is_offered(overview, database):
    app = overview("investigator")
    assert not app.get("download_button")
    next(button for button in app.main.button if button.label == "Export").click().run()
    event = read_events(database)[0]
    assert (event.kind, event.detail["what"]) == (AuditKind.EXPORT, "overview")
    labels = [button.label for button in app.get("download_button")]
    assert labels == [
        "Save flow as CSV",
        "Save enrolment as CSV",
        "Save enrolment as PNG",
        "Save enrolment as SVG",
        "Save patients at enrolment as CSV",
    ]


def test_the_export_of_a_cohort_has_it_on_record_beside_what_no_filter_narrows(overview, database):
    app = overview("investigator")
    next(one for one in app.multiselect if one.label == "Site").select("01").run()
    next(button for button in app.main.button if button.label == "Export").click().run()
    whole, narrowed = read_events(database)[0].detail["footer"].splitlines()
    loaded, _, said_of_all = whole.rpartition(" · ")
    assert said_of_all == "all patients, filter not applied"
    assert narrowed.startswith(loaded)
    assert "filter not applied" not in narrowed
    assert "(11 of 20 patients)" in narrowed


@pytest.mark.parametrize(("username", "whose"), [("investigator", ""), ("oncologist-site", " of your sites")])
def test_what_stands_above_the_filter_is_said_to_be_of_everybody(overview, username, whose):
    words = said(overview(username))
    assert f"All numbers above are of all patients{whose}; the filter narrows the table below." in words


def test_an_administrator_takes_nothing_out(overview):
    assert "Export" not in [button.label for button in overview("admin").main.button]


def test_what_a_question_bears_on_is_said_by_its_label_and_a_criterion_by_its_number():
    study = load_study(Path(__file__).resolve().parents[2] / "data" / "studies" / "k4care")
    assert affected_words(("PHYSICIAN_UNCONFIRMED", "draw_2", "I07"), study=study) == [
        "Best response, treating physician, unconfirmed",
        "Second blood draw",
        "I07",
    ]


BLOCKING = {
    "check_id": "DQ04",
    "issue_group": "blocks_primary",
    "is_systematic": False,
    "patient_id": "S-001",
    "table_name": "patient",
    "row_key": "S-001",
    "column_name": "consented_on",
    "value_text": "2026-03-04",
}


@pytest.mark.parametrize(("username", "is_listed"), [("investigator", True), ("admin", False)])
def test_everybody_sees_what_blocks_the_primary_result_but_not_whose_data(
    overview, monkeypatch, username, is_listed
):
    monkeypatch.setattr("dashboard.ui.overview_cards._blocking", lambda _: pd.DataFrame([BLOCKING]))
    app = overview(username)
    reasons = [one.value for one in app.table if "What blocks it" in one.value]
    assert list(reasons[0]["Patients"]) == ["1"]
    assert [one.label for one in app.expander if one.label.startswith("Patients")] == (
        ["Patients (1)"] if is_listed else []
    )
    assert ("S-001" in said(app)) is is_listed


def test_what_a_cohort_changes_is_drawn_alone_and_asks_anew_who_is_signed_in(overview, monkeypatch):
    asked = []
    require = page.require
    monkeypatch.setattr(page, "require", lambda permission: asked.append(permission) or require(permission))
    app = overview("investigator")
    assert asked == [Permission.AGGREGATE]
    assert not app.exception
