"""The clearance page on fourteen patients, one for every place in the comparison."""

import shutil
from unittest.mock import Mock

import pytest

from dashboard.figures.clearance.balance import BalanceRequest
from dashboard.figures.clearance.request import NAIVE_WARNING, clearance_request
from dashboard.store.reader import Reader
from dashboard.studies.cohort import Cohort
from dashboard.studies.load import load_study
from dashboard.ui import clearance_cards as cards
from dashboard.ui import clearance_survival
from dashboard.ui.clearance import NO_SCHEME, OLD_DATA_CUT
from dashboard.ui.clearance_survival import LEAVE_OUT, NAIVE, RATIO
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind
from tests.clearance_study import RULES, clearance_snapshot, clearance_study_folder
from tests.pages.parts import every_part, open_part, part_names
from tests.pages.said import said, technical_words

PAGE = "pages/cohort/clearance.py"
SECOND = "After the second draw"
EVERYBODY = ("oncologist", "oncologist-site", "investigator", "coordinator", "admin")


@pytest.fixture
def page(open_app, installation):
    """The page as a user sees it, with the fourteen patients in place of the usual ones."""
    for database in installation.store.rglob("store.duckdb"):
        shutil.copy(clearance_snapshot().database, database)
    study = installation.studies / "alpha" / "study.toml"
    head = study.read_text(encoding="utf-8").split("[[endpoint]]", maxsplit=1)[0]
    study.write_text(head + RULES, encoding="utf-8")

    def opened(username):
        return open_app(username).switch_page(PAGE).run()

    return opened


def switch(app, label):
    next(one for one in app.main.toggle if one.label == label).set_value(True).run()
    assert not app.exception
    return app


def scheme(app, label):
    control = next(one for one in app.main.get("button_group") if one.label == "ctDNA change")
    control.set_value(label).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("username", EVERYBODY)
def test_no_technical_word_is_on_the_page(page, username):
    for app in every_part(page(username), "clearance"):
        assert not app.exception
        assert technical_words(app) == []


def test_the_sentences_come_first_and_the_sum_after_them(page):
    words = [one.value.replace("\\", "") for one in page("investigator").main.markdown]
    first = next(place for place, one in enumerate(words) if "who cleared ctDNA" in one)
    assert words[first] == (
        "**Of 2 patients who cleared ctDNA and had imaging to pair within ± 42 days (2 cleared in all), "
        "1 had CR/PR, 1 SD, 0 PD.**"
    )
    assert words[first + 1].startswith("**Of 2 patients with ctDNA still detected and with imaging")
    assert words[first + 2].startswith("All patients: 14 = 4 paired + 1 no second draw recorded")


def test_no_view_contains_the_naive_comparison_unasked(page):
    app = page("investigator")
    assert part_names(app) == [
        "Response",
        "After the second draw",
        "Landmark, month 6",
        "Time-dependent",
        "Lead time",
        "With and without ctDNA",
    ]
    for one in every_part(app, "clearance"):
        assert NAIVE_WARNING not in said(one)
        assert "at any time" not in said(one)


def test_a_part_that_is_closed_computes_nothing(page, monkeypatch):
    made = Mock(wraps=clearance_survival.clearance_survival)
    monkeypatch.setattr(clearance_survival, "clearance_survival", made)
    app = page("investigator")
    assert not made.called
    open_part(app, "clearance", "Landmark, month 6")
    assert [call.args[1].view for call in made.call_args_list] == ["landmark"]


def test_what_was_chosen_in_one_view_stands_in_the_others(page):
    app = switch(open_part(page("investigator"), "clearance", SECOND), LEAVE_OUT)
    for name in ("Landmark, month 6", "Response", "Time-dependent"):
        open_part(app, "clearance", name)
    assert next(one for one in app.main.toggle if one.label == LEAVE_OUT).value


def test_the_naive_comparison_comes_with_its_warning_when_asked_for(page):
    app = switch(open_part(page("investigator"), "clearance", SECOND), NAIVE)
    assert NAIVE_WARNING in app.main.error[0].value
    # Ten patients are in it, so that it is drawn; the warning is in the drawing too.
    assert any("BIASED" in chart.proto.spec for chart in app.main.get("vega_lite_chart"))


@pytest.mark.parametrize("label", ["ctDNA clearance", "ctDNA fall of at least 50 %"])
def test_every_scheme_shows_words(page, label):
    assert technical_words(scheme(page("investigator"), label)) == []


def test_another_scheme_has_other_groups(page):
    words = said(scheme(page("investigator"), "ctDNA fall of at least 50 %"))
    assert (
        "Of 3 patients whose ctDNA fell by at least 50 % and who had imaging to pair within ± 42 days"
        in words
    )
    assert "in all), 1 had CR/PR, 2 SD, 0 PD." in words
    assert "four categories" not in words


def test_draws_on_treatment_are_a_block_of_their_own(page):
    app = page("investigator")
    assert "No sample before the index treatment" in [one.value for one in app.main.header]
    assert "1 of 14 patients; first sample median day 40 of the line" in said(app)


def test_suspected_draws_can_be_left_out(page):
    app = open_part(page("investigator"), "clearance", SECOND)
    assert "1 of 5 second draws were taken within 14 days before or after a progression" in said(app)
    switch(app, LEAVE_OUT)
    assert "1 draw shortly before or after a progression, or for suspicion of it" in said(app)


def test_few_patients_give_no_hazard_ratio(page):
    app = switch(open_part(page("investigator"), "clearance", SECOND), RATIO)
    assert "too few patients for a comparison" in said(app)


@pytest.mark.parametrize(
    ("part", "name"), [(SECOND, "Log-rank test"), ("Time-dependent", "Mantel–Byar test")]
)
@pytest.mark.parametrize("kind", ["confirmatory", "descriptive"])
def test_the_test_over_the_groups_is_on_the_page_of_a_confirmatory_study_alone(
    page, installation, kind, part, name
):
    path = installation.studies / "alpha" / "study.toml"
    text = path.read_text(encoding="utf-8").replace("[study]", f'[study]\ninference = "{kind}"', 1)
    limits = "[display]\nsmall_analysis_below = 5\np_value_min_per_group = 2\n[recruitment]"
    path.write_text(text.replace("[recruitment]", limits, 1), encoding="utf-8")
    words = said(open_part(page("investigator"), "clearance", part)).replace("\\", "")
    assert (f"{name} over 2 groups: chi-squared" in words) == (kind == "confirmatory")
    assert ("degree of freedom, p = 0." in words) == (kind == "confirmatory")


def test_agreement_is_in_a_closed_box(page):
    box = next(one for one in page("investigator").main.expander if one.label == "Method comparison")
    assert not box.proto.expanded
    assert "sensitivity" not in said(page("investigator")).lower()


def test_a_reader_of_one_site_sees_that_site(page):
    words = said(page("oncologist-site")).replace("\\", "")
    assert "**7** of 7 patients" in words
    assert "All patients: 7 = 4 paired" in words


def test_an_export_is_recorded_before_the_files_are_offered(page, database):
    app = page("investigator")
    assert not app.get("download_button")
    next(one for one in app.main.button if one.label == "Export").click().run()
    assert not app.exception
    event = next(one for one in read_events(database) if one.kind is AuditKind.EXPORT)
    assert event.detail["what"] == "clearance"
    assert "14 of 14 patients" in event.detail["footer"]
    labels = [button.label for button in app.get("download_button")]
    # A definition of the change is in the names of what rests on it; the same numbers are of every outcome.
    assert "Save ctDNA change and response, ctDNA clearance as CSV" in labels
    assert "Save PFS, survival numbers, ctDNA clearance as CSV" in labels
    assert "Save No sample before the index treatment as CSV" in labels
    assert not [label for label in labels if "biased" in label]
    assert "Save By tumour type, ctDNA clearance as CSV" in labels


@pytest.mark.parametrize(
    ("cohort", "is_offered"), [(Cohort(), True), (Cohort(tumour_types=("lung",)), False)]
)
def test_the_tumour_types_are_saved_only_where_the_page_shows_them(cohort, is_offered):
    study = load_study(clearance_study_folder())
    request = clearance_request(study, cohort=cohort)
    balance = BalanceRequest(clearance=request, variables=(), after_days=28)
    types = cards.files(Reader(clearance_snapshot()), request, balance=balance)[cards.TYPES]()
    assert (types is not None) is is_offered


def test_an_administrator_sees_no_export(page):
    assert "Export" not in [one.label for one in page("admin").main.button]


def test_a_study_without_a_scheme_says_so(page, installation):
    study = installation.studies / "alpha" / "study.toml"
    study.write_text(study.read_text(encoding="utf-8").split("[[molecular_rule]]")[0], encoding="utf-8")
    assert NO_SCHEME in said(page("investigator"))


def test_a_data_cut_from_before_says_that_it_must_be_built_again(page, monkeypatch):
    monkeypatch.setattr("dashboard.ui.clearance.has_clearance", lambda reader: False)
    assert OLD_DATA_CUT in said(page("investigator"))
