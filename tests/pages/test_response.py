"""The response page and the cohort filter on a built snapshot of six patients."""

import shutil
from unittest.mock import Mock
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.ui import response_patients
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind
from tests.pages.parts import every_part, open_part, part_names
from tests.pages.said import said, technical_words
from tests.response_study import RULING, SETTINGS, response_snapshot

PAGE = "pages/cohort/response.py"
OVERVIEW = "pages/cohort/overview.py"


@pytest.fixture
def page(open_app, installation):
    """The page as a user sees it, with the six patients in place of the usual ones."""
    for database in installation.store.rglob("store.duckdb"):
        shutil.copy(response_snapshot().database, database)
    study = installation.studies / "alpha" / "study.toml"
    study.write_text(study.read_text(encoding="utf-8") + SETTINGS + RULING, encoding="utf-8")

    def opened(username, file=PAGE):
        return open_app(username).switch_page(file).run()

    return opened


def table(app, column):
    """The first table with this column; cells without the signs that keep them in one piece."""
    for one in app.table:
        if column in one.value:
            return one.value.map(lambda cell: cell.replace("\u00a0", " ").replace("\u2060", ""))
    raise AssertionError(f"no table with {column}")


def question(app, label):
    return next(one for one in app.multiselect if one.label == label)


def button(app, label):
    return next(one for one in app.main.button if one.label == label)


@pytest.mark.parametrize(
    "username", ["oncologist", "oncologist-site", "investigator", "coordinator", "admin"]
)
def test_no_technical_word_is_on_the_page(page, username):
    for app in every_part(page(username), "response"):
        assert not app.exception
        assert technical_words(app) == []


def test_a_drawing_that_is_closed_is_not_made(page, monkeypatch):
    made = Mock(wraps=response_patients.response_swimmer)
    monkeypatch.setattr(response_patients, "response_swimmer", made)
    app = page("investigator")
    assert part_names(app) == ["Response", "Swimmer", "Waterfall", "Spider"]
    assert not app.get("vega_lite_chart")
    assert not made.called
    open_part(app, "response", "Swimmer")
    assert made.called


def test_a_drawing_that_this_cohort_has_not_says_so(page, monkeypatch):
    monkeypatch.setattr(response_patients, "response_spider", lambda reader, request: None)
    app = open_part(page("investigator"), "response", "Spider")
    assert response_patients.NO_SUMS in said(app)
    assert not app.get("vega_lite_chart")


def test_the_three_rates_stand_in_their_order_with_the_ruling_they_wait_for(page):
    app = page("investigator")
    rates = table(app, "Response rate")
    assert list(rates["k / n"]) == ["2 / 4", "2 / 5", "2 / 5"]
    assert rates["Response rate"].iloc[0] == "ORR, measurable disease at line baseline"
    labels = [one.label for one in app.main.expander]
    assert "Needs a ruling by the PI: Headline response\\: confirmed or not" in labels


def test_the_filter_counts_n_of_n_and_narrows_every_table(page):
    app = page("investigator")
    assert "**6** of 6 patients" in said(app)
    question(app, "Tumour type").select("lung").run()
    assert "**4** of 6 patients" in said(app)
    assert list(table(app, "Response rate")["k / n"]) == ["2 / 2", "2 / 3", "2 / 3"]
    assert "cohort\\: Lung (4 of 6 patients)" in said(app)


def test_a_chip_takes_its_choice_away_and_reset_all_of_them(page):
    app = page("investigator")
    question(app, "Tumour type").select("lung").run()
    question(app, "Sex").select("male").run()
    assert "**3** of 6 patients" in said(app)
    button(app, "Lung").click().run()
    assert "**3** of 6 patients" in said(app)
    assert question(app, "Tumour type").value == []
    button(app, "Reset").click().run()
    assert "**6** of 6 patients" in said(app)
    assert question(app, "Sex").value == []


def test_an_empty_cohort_says_so_and_keeps_the_way_back(page):
    app = page("investigator")
    question(app, "Tumour type").select("breast").run()
    question(app, "Sex").select("male").run()
    assert "No patient has all of these characteristics" in said(app)
    assert not app.table
    button(app, "Reset").click().run()
    assert "**6** of 6 patients" in said(app)


def test_the_cohort_goes_with_the_user_to_the_overview(page):
    app = page("investigator")
    question(app, "Tumour type").select("lung").run()
    app.switch_page(OVERVIEW).run()
    assert "**4** of 6 patients" in said(app)
    headings = [heading.replace("\u00a0", " ") for one in app.table[1:] for heading in one.value]
    assert "All, n = 4" in headings


def test_a_saved_cohort_is_a_token_in_the_address_and_opens_for_another_user(page, open_app):
    app = page("investigator")
    question(app, "Tumour type").select("lung").run()
    next(one for one in app.text_input if one.label.startswith("Save")).set_value("Lung")
    button(app, "Save").click().run()
    kept = app.query_params["cohort"]
    token = kept if isinstance(kept, str) else kept[0]
    assert len(token) > 16
    assert "lung" not in token.lower()
    other = open_app("oncologist")
    other.switch_page(PAGE).run()
    other.query_params["cohort"] = token
    other.run()
    assert "**4** of 6 patients" in said(other)
    question(app, "Tumour type").set_value([]).run()
    assert "cohort" not in app.query_params


def test_a_token_that_leads_nowhere_is_said_and_recorded_and_counts_everybody(page, database):
    app = page("investigator")
    app.query_params["cohort"] = "invented"
    app.run()
    assert "is not there (any more)" in said(app)
    assert "**6** of 6 patients" in said(app)
    refused = [event for event in read_events(database) if event.kind is AuditKind.REFUSED]
    assert [(event.detail, event.study_id) for event in refused] == [({"link": "saved cohort"}, "alpha")]


def test_a_link_brings_back_the_patients_and_the_part_at_the_sites_of_whoever_opens_it(page):
    app = page("investigator")
    question(app, "Tumour type").select("lung").run()
    open_part(app, "response", "Swimmer")
    next(one for one in app.segmented_control if one.label == "Order").set_value("By best response").run()
    next(one for one in app.toggle if one.label == "Table").set_value(True).run()
    app.session_state["link.offer"] = True
    app.run()
    token = parse_qs(urlsplit(app.code[0].value).query)["view"][0]
    other = page("oncologist-site")
    other.query_params["view"] = token
    other.run()
    assert not other.exception
    assert button(other, "Lung")
    assert "**3** of 3 patients" in said(other)
    assert other.session_state["response.part"] == "Swimmer"
    assert next(one for one in other.segmented_control if one.label == "Order").value == "By best response"
    assert next(one for one in other.toggle if one.label == "Table").value
    assert "R1" in said(other)
    assert "R3" not in said(other)


def test_a_reader_of_one_site_sees_that_site(page):
    app = page("oncologist-site")
    assert "**3** of 3 patients" in said(app)
    assert list(table(app, "Response rate")["k / n"]) == ["2 / 2", "2 / 2", "2 / 2"]
    open_part(app, "response", "Swimmer")
    assert "R1" in said(app)
    assert "R3" not in said(app)


def test_who_may_count_all_sites_still_sees_single_patients_of_the_own_site_only(page, limit_to_site):
    limit_to_site("investigator", "01")
    app = page("investigator")
    next(one for one in app.segmented_control if one.label == "Sites").set_value("All sites").run()
    assert "**6** of 6 patients" in said(app)
    open_part(app, "response", "Swimmer")
    assert "Patients of your sites only." in said(app)
    assert "R1" in said(app)
    assert "R3" not in said(app)


def test_an_administrator_sees_counts_and_no_patient(page):
    app = page("admin")
    assert part_names(app) == []
    assert "R1" not in said(app)
    assert not app.get("vega_lite_chart")
    assert "Export" not in [one.label for one in app.main.button]


def test_the_drawing_has_a_table_twin(page):
    app = open_part(page("investigator"), "response", "Swimmer")
    assert len(app.get("vega_lite_chart")) == 1
    next(one for one in app.toggle if one.label == "Table").set_value(True).run()
    assert not app.get("vega_lite_chart")
    assert list(app.dataframe[0].value["Patient"]) == ["R1", "R2", "R4", "R5", "R3"]


def test_an_export_is_recorded_with_its_cohort_before_the_files_are_offered(page, database):
    app = page("investigator")
    question(app, "Tumour type").select("lung").run()
    assert not app.get("download_button")
    button(app, "Export").click().run()
    event = read_events(database)[0]
    assert (event.kind, event.detail["what"]) == (AuditKind.EXPORT, "response")
    assert "cohort: Lung (4 of 6 patients)" in event.detail["footer"]
    labels = [one.label for one in app.get("download_button")]
    names = ("Response rate{} as CSV", "Swimmer{} as CSV", "Swimmer{} as PNG")
    assert {f"Save {one.format(', line at enrolment')}" for one in names} <= set(labels)
    assert "Save By Tumour type, line at enrolment as CSV" in labels


@pytest.mark.parametrize(
    ("chosen", "said_line"), [("Line 1", "line 1"), ("Line at enrolment", "line at enrolment")]
)
def test_every_card_and_every_file_names_the_line(page, chosen, said_line):
    app = page("investigator")
    next(one for one in app.main.segmented_control if one.label == "Line").set_value(chosen).run()
    assert not app.exception
    headers = [one.value for one in app.main.header]
    assert {
        f"{one}, {said_line}" for one in ("Response rate", "Best response", "Duration of response")
    } <= set(headers)
    assert any(one.startswith(f"By group, {said_line}:") for one in headers)
    button(app, "Export").click().run()
    labels = [one.label for one in app.get("download_button")]
    assert labels
    assert all(f", {said_line} as " in one for one in labels)


def test_a_study_without_a_way_of_deriving_a_response_says_so(open_app):
    app = open_app("investigator").switch_page(PAGE).run()
    assert "name no way of deriving a best response" in said(app)
