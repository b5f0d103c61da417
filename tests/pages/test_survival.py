"""The survival page on a built snapshot of twelve patients."""

import re
import shutil

import pytest

from dashboard.figures.survival import curves
from dashboard.ui import survival
from dashboard.ui import survival_cards as cards
from dashboard.ui import survival_kept as kept
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind
from tests.pages.said import said, technical_words
from tests.survival_study import ENDPOINTS, survival_snapshot

PAGE = "pages/cohort/survival.py"
P_VALUE = re.compile(r"\bp\s*[=<]\s*0")


@pytest.fixture
def page(open_app, installation):
    """The page as a user sees it, with the twelve patients in place of the usual ones."""
    for database in installation.store.rglob("store.duckdb"):
        shutil.copy(survival_snapshot().database, database)
    study = installation.studies / "alpha" / "study.toml"
    head = study.read_text(encoding="utf-8").split("[[endpoint]]", maxsplit=1)[0]
    study.write_text(head + ENDPOINTS, encoding="utf-8")

    def opened(username):
        return open_app(username).switch_page(PAGE).run()

    return opened


def choose(app, label, value):
    next(one for one in app.main.selectbox if one.label == label).set_value(value).run()
    assert not app.exception
    return app


def table(app, column):
    return next(one.value for one in app.table if column in one.value)


def press(app, name):
    pills = next(one for one in app.main.get("button_group") if one.label == "Show")
    pills.set_value([*pills.value, name]).run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    "username", ["oncologist", "oncologist-site", "investigator", "coordinator", "admin"]
)
def test_no_technical_word_is_on_the_page(page, username):
    app = page(username)
    assert not app.exception
    assert technical_words(app) == []


@pytest.mark.parametrize("endpoint", ["Overall survival from line 1", "Time to progression", "PFS on line 1"])
@pytest.mark.parametrize("group", ["All together", "Sex", "Site", "Tumour type", "ECOG"])
def test_every_choice_shows_words_and_no_p_value(page, endpoint, group):
    app = page("investigator")
    choose(app, "Endpoint", endpoint)
    choose(app, "Group by", group)
    assert technical_words(app) == []
    assert not P_VALUE.search(said(app))


def test_the_page_names_the_endpoint_its_card_and_the_ruling_it_waits_for(page):
    app = page("investigator")
    card = next(one.value for one in app.table if "Part" in one.value).set_index("Part")["Meaning"]
    assert card["Population"] == "12 of 12 in the cohort"
    assert card["Competing"] == "none"
    assert "Needs a ruling by the PI: 1" in [one.label for one in app.main.expander]
    assert "**12** of 12 patients" in said(app)


def test_the_definitions_stand_in_one_table(page):
    rows = table(page("investigator"), "Definition")
    assert list(rows["n"]) == ["12", "12"]
    assert list(rows["Events"]) == ["6", "6"]


def test_a_group_gives_a_row_each_and_one_of_all(page):
    app = choose(page("investigator"), "Group by", "Sex")
    rows = table(app, "Events")
    assert list(rows["Group"]) == ["Female", "Male", "All patients"]
    assert list(rows["n"]) == ["6", "6", "12"]


def test_a_group_known_only_later_is_refused_with_its_reason(page):
    app = choose(page("investigator"), "Group by", "Late group")
    assert "guarantee-time bias" in said(app)
    assert list(table(app, "Events")["Group"]) == ["All patients"]


def test_few_patients_give_no_hazard_ratio(page):
    app = choose(page("investigator"), "Group by", "Sex")
    press(app, "Hazard ratio")
    assert "too few patients for a comparison" in said(app)
    assert "against" not in said(app)


def test_models_are_fitted_once_the_rest_of_the_page_is_there(page, monkeypatch):
    drawn = []
    parts = {cards: ("ratio_card", "more_card", "variants_card"), survival: ("export_row",)}
    for module, names in parts.items():
        for name in names:
            monkeypatch.setattr(module, name, lambda *_given, name=name, **_named: drawn.append(name))
    app = page("investigator")
    drawn.clear()
    press(app, "Hazard ratio")
    assert drawn == ["variants_card", "export_row", "ratio_card", "more_card"]


def test_where_another_event_competes_the_sentence_comes_first(page):
    app = choose(page("investigator"), "Endpoint", "Time to progression")
    words = said(app)
    assert "Radiological progression in 3 of 12" in words
    headings = [one.value for one in app.main.header]
    assert headings[:2] == ["PFS on line 1", "Time to progression, cumulative incidence"]


def test_a_reader_of_one_site_sees_that_site(page):
    app = page("oncologist-site")
    assert "**6** of 6 patients" in said(app)
    assert "6 of 6 patients are followed. 5 events." in said(app)


def test_the_drawing_has_a_table_twin(page):
    app = page("investigator")
    n_charts = len(app.get("vega_lite_chart"))
    next(one for one in app.main.toggle if one.label == "Table").set_value(True).run()
    assert len(app.get("vega_lite_chart")) == n_charts - 1
    points = app.dataframe[0].value
    assert list(points["Months"])[:2] == ["0.0", "1.0"]
    assert list(points["Free of the event, %"])[:2] == ["100.0", "90.0"]
    assert list(points["Dimmed"])[:2] == ["no", "no"]
    assert technical_words(app) == []


def test_the_previous_data_cut_is_drawn_and_named(page):
    app = press(page("investigator"), "Previous data cut")
    assert "data cut of 1 Mar 2026" in said(app)


def test_an_export_is_recorded_with_its_cohort_before_the_files_are_offered(page, database):
    app = page("investigator")
    assert not app.get("download_button")
    next(one for one in app.main.button if one.label == "Export").click().run()
    assert not app.exception
    event = read_events(database)[0]
    assert (event.kind, event.detail["what"]) == (AuditKind.EXPORT, "survival")
    assert "12 of 12 patients" in event.detail["footer"]
    assert len(app.get("download_button")) == 4


def test_an_administrator_sees_no_export(page):
    assert "Export" not in [one.label for one in page("admin").main.button]


def test_the_numbers_of_a_cohort_are_computed_once_for_all_parts_of_the_page(page, monkeypatch):
    asked = []
    compute = kept.survival_numbers
    monkeypatch.setattr(
        kept, "survival_numbers", lambda *one, **more: asked.append(1) or compute(*one, **more)
    )
    monkeypatch.setattr(curves, "survival_numbers", None)
    assert not page("investigator").exception
    assert len(asked) == 1
