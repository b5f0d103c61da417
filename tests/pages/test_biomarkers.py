"""The biomarker page on built snapshots: a fixed panel, a tumour-informed assay, and who sees whom."""

import re
import shutil
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.figures.biomarkers.genes import NOT_ASSESSABLE
from dashboard.ui.biomarkers import CHIP, NO_SAMPLE, OLD_DATA_CUT, ON_TREATMENT
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind
from tests.biomarker_study import PFS, biomarker_snapshot
from tests.pages.parts import every_part, open_part, part_names
from tests.pages.said import said, technical_words

PAGE = "pages/cohort/biomarkers.py"
EVERYBODY = ("oncologist", "oncologist-site", "investigator", "coordinator", "admin")
MAP = "Patient by gene"
P_VALUE = re.compile(r"\bp\s*[=<]\s*0")


@pytest.fixture
def page(open_app):
    """The page of the small study with a tumour-informed assay."""
    return lambda username: open_app(username).switch_page(PAGE).run()


@pytest.fixture
def fixed(installation):
    """The data cut of the page is that of the twelve patients with fixed panels."""
    for database in installation.store.glob("alpha/*/store.duckdb"):
        shutil.copy(biomarker_snapshot().database, database)
    study = installation.studies / "alpha" / "study.toml"
    head = study.read_text(encoding="utf-8").split("[[endpoint]]", maxsplit=1)[0]
    study.write_text(head + PFS, encoding="utf-8")


def table(app, column):
    found = [one.value for one in [*app.main.dataframe, *app.main.table] if column in one.value]
    return found[0]


def switch(app, label):
    next(one for one in app.main.toggle if one.label == label).set_value(True).run()
    assert not app.exception
    return app


def maps(app):
    return [one.proto.spec for one in app.main.get("vega_lite_chart")]


@pytest.mark.usefixtures("fixed")
@pytest.mark.parametrize("username", EVERYBODY)
def test_no_technical_word_and_no_p_value_is_on_the_page(page, username):
    for app in every_part(page(username), "biomarkers"):
        assert not app.exception
        assert technical_words(app) == []
        assert not P_VALUE.search(said(app))


@pytest.mark.parametrize("username", EVERYBODY)
def test_a_tumour_informed_assay_has_the_sentence_and_no_board(page, username):
    app = page(username)
    assert not app.exception
    assert technical_words(app) == []
    assert NOT_ASSESSABLE in said(app)
    assert "New since baseline" not in said(app).replace("New since baseline, at progression on line 1", "")
    assert "do not say how common an alteration is" in said(app)
    assert CHIP not in [one.label for one in app.main.toggle]


@pytest.mark.usefixtures("fixed")
def test_new_since_baseline_stands_with_its_denominator(page):
    app = open_part(page("investigator"), "biomarkers", "New since baseline")
    new = "New since baseline, of assessable pairs"
    rows = table(app, new).set_index("Gene")
    assert rows.loc["ESR1", [new, "More than one new"]].tolist() == ["2 of 5", "1"]
    assert "1 no ctDNA at progression: cannot exclude" in said(app).replace("\\:", ":")


@pytest.mark.usefixtures("fixed")
def test_every_moment_and_choice_can_be_chosen(page):
    app = page("investigator")
    moments = {
        "At progression": "at progression on line 1",
        "Any draw": "in any draw",
        "Baseline": "at baseline",
    }
    for moment, words in moments.items():
        next(one for one in app.segmented_control if one.label == "Sample").set_value(moment).run()
        assert not app.exception
        assert technical_words(app) == []
        assert f"Alterations by gene, {words}" in said(app)
    assert "TP53 in 1" in said(app)
    switch(app, CHIP)
    assert "TP53 in 1" not in said(app)
    switch(app, ON_TREATMENT)
    assert "10 with a valid sample" in said(app)


@pytest.mark.usefixtures("fixed")
def test_a_small_study_counts_the_outcome_and_draws_no_curve(page):
    app = open_part(page("coordinator"), "biomarkers", "Outcome")
    rows = table(app, "PIK3CA")
    assert rows.to_numpy().tolist()[0] == ["Altered", "3", "3"]
    assert "counts only, no curve" in said(app)
    assert "Exploratory" in said(app)


@pytest.mark.usefixtures("fixed")
def test_the_map_names_patients_to_who_may_open_them(page):
    app = open_part(page("investigator"), "biomarkers", MAP)
    assert any('"B01"' in spec for spec in maps(app))
    app = open_part(page("admin"), "biomarkers", MAP)
    assert not any("B01" in spec for spec in maps(app))
    assert "B01" not in said(app)
    assert "Patients are numbered" in said(app)
    app = open_part(app, "biomarkers", "Other origin and tissue")
    assert "Patient by patient, with the reason" not in [one.label for one in app.main.expander]


@pytest.mark.usefixtures("fixed")
def test_a_closed_part_is_not_computed(page, monkeypatch):
    def refused(*given):
        raise AssertionError(given)

    monkeypatch.setattr("dashboard.ui.biomarkers_patients.biomarkers_map", refused)
    app = page("investigator")
    assert part_names(app) == ["By gene", "New since baseline", MAP, "Outcome", "Other origin and tissue"]
    assert not app.exception
    assert maps(app) != []


@pytest.mark.usefixtures("fixed")
def test_who_counts_all_sites_sees_patients_of_the_own_site_only(page, limit_to_site):
    limit_to_site("investigator", "01")
    app = page("investigator")
    next(one for one in app.segmented_control if one.label == "Sites").set_value("All sites").run()
    assert not app.exception
    assert "**12** of 12 patients" in said(app)
    assert "9 with a valid sample" in said(app)
    app = open_part(app, "biomarkers", MAP)
    assert "Patients of your sites only." in said(app)
    drawn = " ".join(maps(app))
    assert '"B01"' in drawn
    assert '"B09"' not in drawn


@pytest.mark.usefixtures("fixed")
def test_the_table_behind_the_map_has_a_row_for_everybody(page):
    app = open_part(page("oncologist"), "biomarkers", MAP)
    app = switch(app, "Patients without a sample")
    toggles = [one for one in app.main.toggle if one.label == "Table"]
    toggles[-1].set_value(True).run()
    assert len(table(app, "ctDNA")) == 12


@pytest.mark.usefixtures("fixed")
def test_the_export_is_recorded_before_a_file_is_offered(page, database):
    app = page("coordinator")
    next(button for button in app.button if button.label == "Export").click().run()
    assert not app.exception
    exports = [event for event in read_events(database) if event.kind is AuditKind.EXPORT]
    assert exports[0].detail["what"] == "biomarkers"
    assert "Save New since baseline, at progression on line 1 as CSV" in saved(app)


def saved(app):
    """What can be saved once the export was asked for."""
    next(button for button in app.button if button.label == "Export").click().run()
    assert not app.exception
    return [one.proto.label for one in app.get("download_button")]


@pytest.mark.usefixtures("fixed")
def test_a_file_is_named_with_the_sample_the_line_and_what_counts(page):
    """Two states of the page saved into one folder are told apart by their names."""
    app = page("coordinator")
    at_baseline = saved(app)
    assert "Save Alterations by gene, at baseline as CSV" in at_baseline
    next(one for one in app.main.segmented_control if one.label == "Sample").set_value("At progression").run()
    at_progression = saved(switch(app, CHIP))
    counted = "possible clonal haematopoiesis counted"
    assert {
        f"Save Alterations by gene, at progression on line 1, {counted} as CSV",
        f"Save Copy number, at progression on line 1, {counted} as CSV",
        f"Save New since baseline, at progression on line 1, {counted} as CSV",
        f"Save Patient by gene, at baseline, {counted} as CSV",
    } <= set(at_progression)
    # Neither sample nor what counts changes these.
    same = {"Save Possibly not from the tumour as CSV", "Save Tissue as CSV"}
    assert set(at_baseline) & set(at_progression) <= same


@pytest.mark.usefixtures("fixed")
def test_map_and_outcome_are_of_the_baseline_whatever_sample_is_chosen(page):
    first = "at baseline, first draws on treatment included"
    app = switch(page("coordinator"), ON_TREATMENT)
    next(one for one in app.main.segmented_control if one.label == "Sample").set_value("Any draw").run()
    app = open_part(app, "biomarkers", "Outcome")
    assert f"Save Outcome by PIK3CA, {first} as CSV" in saved(app)
    app = switch(open_part(app, "biomarkers", MAP), "Patients without a sample")
    whole = f"Save Patient by gene, also without a sample, {first} as CSV"
    assert {whole, f"Save Patient by gene, {first} as CSV"} <= set(saved(app))


@pytest.mark.usefixtures("fixed")
def test_an_administrator_takes_nothing_out(page):
    assert "Export" not in [button.label for button in page("admin").button]


def test_a_data_cut_from_before_says_that_it_must_be_built_again(page, monkeypatch):
    monkeypatch.setattr("dashboard.ui.biomarkers.has_biomarkers", lambda reader: False)
    assert OLD_DATA_CUT in said(page("investigator"))


def test_a_study_without_a_result_says_that_it_does_not_apply(page, monkeypatch):
    monkeypatch.setattr("dashboard.ui.biomarkers._kinds", lambda reader: ())
    app = page("investigator")
    assert NO_SAMPLE in said(app)
    assert not app.exception


@pytest.mark.usefixtures("fixed")
def test_a_link_brings_back_the_sample_the_switches_and_the_part(page):
    def shown(app):
        moments = [one.value for one in app.main.segmented_control if one.label == "Sample"]
        return moments + [one.value for one in app.main.toggle if one.label in (ON_TREATMENT, CHIP)]

    app = switch(page("investigator"), CHIP)
    next(one for one in app.main.segmented_control if one.label == "Sample").set_value("Any draw").run()
    open_part(app, "biomarkers", "Outcome")
    app.session_state["link.offer"] = True
    app.run()
    token = parse_qs(urlsplit(app.code[0].value).query)["view"][0]
    other = page("coordinator")
    assert shown(other) == ["Baseline", False, False]
    other.query_params["view"] = token
    other.run()
    assert not other.exception
    assert shown(other) == ["Any draw", False, True]
    assert other.session_state["biomarkers.part"] == "Outcome"
