"""The survival page on a built snapshot of twelve patients."""

import re
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.delta_generator import DeltaGenerator

from dashboard.charts import kaplan_meier
from dashboard.figures.survival import curves
from dashboard.stats import hazard_ratio
from dashboard.ui import survival
from dashboard.ui import survival_cards as cards
from dashboard.ui import survival_kept as kept
from dashboard.ui.survival_forest import SHOW
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind
from tests.pages.said import said, technical_words
from tests.survival_study import ENDPOINTS, survival_snapshot

PAGE = "pages/cohort/survival.py"
STUDIES = Path(__file__).parents[2] / "data" / "studies"
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


# So low that the twelve patients have a hazard ratio.
ANY_RATIO = {
    "small_analysis_below": 5,
    "hazard_ratio_min_events": 1,
    "hazard_ratio_min_events_per_group": 1,
    "p_value_min_per_group": 6,
}


@pytest.mark.parametrize("endpoint", ["Overall survival from line 1", "Time to progression", "PFS on line 1"])
@pytest.mark.parametrize("group", ["All together", "Sex", "Site", "Tumour type", "ECOG"])
def test_every_choice_shows_words_and_no_p_value(page, installation, endpoint, group):
    inference(installation, "descriptive", **ANY_RATIO)
    app = page("investigator")
    choose(app, "Endpoint", endpoint)
    choose(app, "Group by", group)
    press(app, "Hazard ratio")
    assert technical_words(app) == []
    assert not P_VALUE.search(said(app))


@pytest.mark.parametrize(("kind", "has_p"), [("descriptive", False), ("confirmatory", True)])
def test_a_hazard_ratio_has_its_p_value_in_a_confirmatory_study_alone(page, installation, kind, has_p):
    inference(installation, kind, **ANY_RATIO)
    app = press(choose(page("investigator"), "Group by", "Sex"), "Hazard ratio")
    (ratio,) = table(app, "Hazard ratio (95 % CI)")["Hazard ratio (95 % CI)"]
    assert re.match(r"\d+\.\d\d \(\d", ratio)
    assert bool(P_VALUE.search(ratio)) == has_p
    assert bool(P_VALUE.search(said(app))) == has_p


def test_the_study_of_few_has_no_ratio_no_p_and_no_unbounded_median(open_app, installation, sample_snapshot):
    """Every endpoint of study 3, by KRAS (ten and ten), with the hazard ratio asked for (A29)."""
    for database in installation.store.rglob("store.duckdb"):
        shutil.copy(sample_snapshot("pulmonary-oligomets").database, database)
    text = (STUDIES / "pulmonary-oligomets" / "study.toml").read_text(encoding="utf-8")
    text = re.sub(r'study_id = "[^"]+"', 'study_id = "alpha"', text, count=1)
    (installation.studies / "alpha" / "study.toml").write_text(text, encoding="utf-8")
    app = press(open_app("investigator").switch_page(PAGE).run(timeout=60), "Hazard ratio")
    endpoints = next(one for one in app.main.selectbox if one.label == "Endpoint").options
    assert len(endpoints) > 5
    n_refused = 0
    for endpoint in endpoints:
        choose(app, "Endpoint", endpoint)
        # Where another event competes, nothing is compared.
        if any(one.label == "Group by" for one in app.main.selectbox):
            choose(app, "Group by", "KRAS")
        words = said(app)
        assert not P_VALUE.search(words)
        assert "– not reached" not in words
        assert not re.search(r"\d\.\d\d \(\d+\.\d\d–", words)
        assert not [one for one in app.table if "Hazard ratio (95 % CI)" in one.value]
        n_refused += "too few patients for a comparison" in words
        assert re.search(r"Follow-up for [^\n]+: median \*\*", words)
        has_range = re.search(r"range \d+\.\d–\d+\.\d months, reverse Kaplan–Meier", words) is not None
        assert has_range or "per lesion" in endpoint
    assert n_refused > 0


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
    assert list(rows["Group"]) == ["Female", "Male", "All in this analysis"]
    assert list(rows["n"]) == ["6", "6", "12"]


@pytest.mark.parametrize(("group", "is_treatment"), [("Treatment class", True), ("Sex", False)])
def test_groups_by_treatment_have_their_caution_and_the_table_it_names(
    page, installation, group, is_treatment
):
    path = installation.studies / "alpha" / "study.toml"
    chosen = '[[group]]\nname = "drug_class"\nlabel = "Treatment class"\nsource = "index_line"\n\n[[group]]'
    path.write_text(path.read_text(encoding="utf-8").replace("[[group]]", chosen, 1), encoding="utf-8")
    app = choose(page("investigator"), "Group by", group)
    assert ("Not a comparison of efficacy" in said(app)) == is_treatment
    groups = [one.value for one in app.table if "Characteristic" in one.value]
    assert len(groups) == is_treatment
    assert all(len(one.columns) > 3 for one in groups)


def test_a_group_known_only_later_is_refused_with_its_reason(page):
    app = choose(page("investigator"), "Group by", "Late group")
    assert "guarantee-time bias" in said(app)
    assert list(table(app, "Events")["Group"]) == ["All in this analysis"]


def test_few_patients_give_no_hazard_ratio(page):
    app = choose(page("investigator"), "Group by", "Sex")
    press(app, "Hazard ratio")
    assert "too few patients for a comparison" in said(app)
    assert "against" not in said(app)


def inference(installation, kind, **limits):
    """The study as this kind of study, with limits of its own."""
    path = installation.studies / "alpha" / "study.toml"
    shown = "\n".join(f"{name} = {value}" for name, value in limits.items())
    text = path.read_text(encoding="utf-8").replace("[study]", f'[study]\ninference = "{kind}"', 1)
    path.write_text(text.replace("[recruitment]", f"[display]\n{shown}\n[recruitment]", 1), encoding="utf-8")


LIMITS = {"small_analysis_below": 12, "p_value_min_per_group": 6}
# Women and men at risk at the deaths of days 31 to 182: 6 and 4, 5 and 4, 4 and 5, 3 and 5, 2 and 6, 1 and 6.
# 5 women died, 3/5 + 5/9 + 4/9 + 3/8 + 1/4 + 1/7 are expected: a difference of 2.6321, its variance 1.2782.
TEST = (
    "Log-rank test over 2 groups: chi-squared 5.42, 1 degree of freedom, p = 0.020 (12 patients, 6 events)."
)


@pytest.mark.parametrize(
    ("kind", "limits", "said_of_test"),
    [
        ("confirmatory", LIMITS, TEST),
        ("descriptive", LIMITS, ""),
        (
            "confirmatory",
            {**LIMITS, "p_value_min_per_group": 7},
            "Log-rank test over 2 groups: not given, a group has fewer than 7 patients.",
        ),
        ("confirmatory", {**LIMITS, "small_analysis_below": 13}, ""),
    ],
)
def test_the_log_rank_test_is_on_the_page_of_a_confirmatory_study_alone(
    page, installation, kind, limits, said_of_test
):
    inference(installation, kind, **limits)
    app = choose(page("investigator"), "Group by", "Sex")
    words = said(app).replace("\\", "")
    assert said_of_test in words
    assert bool(said_of_test) == ("Log-rank test over" in words)
    assert bool(P_VALUE.search(words)) == (said_of_test == TEST)
    assert ("log-rank statistics are in the CSV file" in words) == (kind == "descriptive")


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


def test_a_model_is_fitted_once_for_its_patients_while_the_page_says_so(page, installation, monkeypatch):
    limits = {"small_analysis_below": 5, "hazard_ratio_min_events": 1, "hazard_ratio_min_events_per_group": 1}
    inference(installation, "descriptive", **limits)
    seen = []
    fit, spin = hazard_ratio.fit_cox, DeltaGenerator.spinner
    monkeypatch.setattr(hazard_ratio, "fit_cox", lambda *one, **more: seen.append("fit") or fit(*one, **more))
    monkeypatch.setattr(
        DeltaGenerator, "spinner", lambda self, text, **more: seen.append(text) or spin(self, text, **more)
    )
    first_time = ["Fitting the Cox model …", "fit"]
    app = choose(page("investigator"), "Group by", "Sex")
    assert seen == []
    press(app, "Hazard ratio")
    assert seen == first_time
    app.run()
    assert seen == first_time
    choose(app, "Reference", "Male")
    assert seen == first_time * 2
    choose(app, "Reference", "Female")
    assert seen == first_time * 2
    # Another cohort, although of the same patients.
    next(one for one in app.multiselect if one.label == "Site").set_value(["01", "02"]).run()
    assert seen == first_time * 3
    next(one for one in app.main.button if one.label == "Reset").click().run()
    assert seen == first_time * 3


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


def switches(app):
    return [one for one in app.main.toggle if one.label == cards.EVERY_BAND]


def test_two_curves_have_their_bands_and_no_switch_for_them(page):
    app = choose(page("investigator"), "Group by", "Sex")
    assert switches(app) == []
    assert "the 95 % bands are left out" not in said(app)


def test_more_curves_than_bands_have_a_switch_that_draws_them_where_bands_are_wanted(page, monkeypatch):
    monkeypatch.setattr(kaplan_meier, "MOST_BANDS", 1)
    app = choose(page("investigator"), "Group by", "Sex")
    assert "2 curves: the 95 % bands are left out" in said(app)
    (switch,) = switches(app)
    switch.set_value(True).run()
    assert "the 95 % bands are left out" not in said(app)
    pills = next(one for one in app.main.get("button_group") if one.label == "Show")
    pills.set_value([one for one in pills.value if one != survival.BAND]).run()
    assert not app.exception
    assert switches(app) == []


def test_two_follow_ups_are_told_apart_where_another_event_competes(page):
    words = cards.OTHER_FOLLOW_UP.format(unit="patients")
    app = page("investigator")
    assert words not in said(app)
    assert words in said(choose(app, "Endpoint", "Time to progression"))


@pytest.mark.parametrize("has_composite", [True, False])
def test_where_another_event_competes_no_group_is_asked_for_that_is_not_offered(
    page, monkeypatch, has_composite
):
    if not has_composite:
        for module in (survival, cards):
            monkeypatch.setattr(module, "composite_of", lambda *_: None)
    app = press(choose(page("investigator"), "Endpoint", "Time to progression"), "Hazard ratio")
    assert ("Group by" in [one.label for one in app.main.selectbox]) == has_composite
    assert ("choose one under Group by" in said(app)) == has_composite
    ratio = next(one for one in app.main.caption if one.value.endswith(("Group by.", "with this endpoint.")))
    assert ratio.value.startswith("No hazard ratio here: another event competes") != has_composite


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
    labels = [one.label for one in app.get("download_button")]
    assert len(labels) == 5
    assert "Save Overall survival from line 1, Under other definitions as CSV" in labels


def test_a_file_of_groups_is_named_with_what_they_are_of(page):
    """Two groupings of one curve saved into one folder are told apart by their names."""
    app = choose(page("investigator"), "Group by", "Sex")
    next(one for one in app.main.button if one.label == "Export").click().run()
    labels = [one.label for one in app.get("download_button")]
    assert "Save Overall survival from line 1, numbers, by Sex as CSV" in labels
    # Never by group.
    assert "Save Overall survival from line 1, Under other definitions as CSV" in labels
    assert sum("by Sex as PNG" in one for one in labels) == 1


DATED = """
[[endpoint]]
id = "TTP_DATED"
label = "Time to progression, dated cases"
sensitivity_of = "TTP"
origin = { milestone = "line_start", line = 1 }
events = ["radiological_progression"]
competing = ["death"]
censor = ["known_alive"]
"""


def test_the_other_definitions_are_saved_with_the_endpoint_they_are_of(page, installation):
    """The curve beside them is of another endpoint, in which the competing event counts too."""
    path = installation.studies / "alpha" / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + DATED, encoding="utf-8")
    app = choose(page("investigator"), "Endpoint", "Time to progression")
    next(one for one in app.main.button if one.label == "Export").click().run()
    assert not app.exception
    labels = [one.label for one in app.get("download_button") if "Under other definitions" in one.label]
    assert labels == ["Save Time to progression, Under other definitions as CSV"]


def test_a_file_is_named_with_its_own_endpoint_where_another_event_competes(page):
    """The page draws both: the curve of the endpoint that counts both events, and the incidence."""
    app = choose(page("investigator"), "Endpoint", "Time to progression")
    next(one for one in app.main.button if one.label == "Export").click().run()
    labels = [one.label for one in app.get("download_button")]
    assert {
        "Save PFS on line 1 as CSV",
        "Save Time to progression, cumulative incidence as CSV",
        "Save PFS on line 1, numbers as CSV",
    } <= set(labels)


def test_the_forest_plot_is_a_file_where_it_is_open(page, installation):
    limits = {"small_analysis_below": 5, "hazard_ratio_min_events": 1, "hazard_ratio_min_events_per_group": 1}
    inference(installation, "descriptive", **limits)
    app = choose(page("investigator"), "Group by", "Sex")
    for is_open in (False, True):
        if is_open:
            next(one for one in app.main.toggle if one.label == SHOW).set_value(True).run()
        next(one for one in app.main.button if one.label == "Export").click().run()
        assert not app.exception
        labels = [one.label for one in app.get("download_button")]
        assert ("Save Overall survival from line 1, Forest plot, by Sex as CSV" in labels) == is_open


@pytest.mark.parametrize(
    ("username", "label"), [("investigator", "List of 6"), ("coordinator", "List of 6"), ("admin", None)]
)
def test_who_was_censored_long_ago_is_listed_for_who_may_see_patients(page, username, label):
    app = page(username)
    # The data cut of this installation is 29 May 2026; six patients were alive in December 2024.
    assert "6 patients were censored more than 90 days before the data cut." in said(app)
    lists = [one.value for one in app.dataframe if "Days before the data cut" in one.value]
    assert [one.label for one in app.main.expander if one.label.startswith("List of")] == (
        [label] if label else []
    )
    assert bool(lists) == (label is not None)
    assert ("V06" in said(app)) == (label is not None)


def test_who_may_count_all_sites_sees_no_list_of_them(page, limit_to_site):
    limit_to_site("investigator", "02")
    app = page("investigator")
    assert "V12" in said(app)
    assert "V06" not in said(app)
    next(one for one in app.segmented_control if one.label == "Sites").set_value("All sites").run()
    assert "**12** of 12 patients" in said(app)
    assert not [one for one in app.main.expander if one.label.startswith("List of")]
    assert "V06" not in said(app)


def test_an_administrator_sees_no_export(page):
    assert "Export" not in [one.label for one in page("admin").main.button]


def test_the_numbers_of_a_cohort_are_computed_once_for_all_parts_of_the_page(page, monkeypatch):
    asked = []
    compute = kept.measure_survival
    monkeypatch.setattr(
        kept, "measure_survival", lambda *one, **more: asked.append(1) or compute(*one, **more)
    )
    monkeypatch.setattr(curves, "measure_survival", None)
    assert not page("investigator").exception
    assert len(asked) == 1


def shown(app):
    """What the row of choices says."""
    pills = next(one for one in app.main.get("button_group") if one.label == "Show")
    labels = ("Endpoint", "Group by")
    return [*(one.value for one in app.main.selectbox if one.label in labels), pills.value]


def test_a_link_brings_back_endpoint_group_and_what_is_drawn(page):
    app = choose(page("investigator"), "Endpoint", "PFS on line 1")
    press(choose(app, "Group by", "Sex"), survival.RATIO)
    before = shown(app)
    assert before == ["PFS on line 1", "Sex", [survival.BAND, survival.MARKS, survival.RATIO]]
    app.session_state["link.offer"] = True
    app.run()
    token = parse_qs(urlsplit(app.code[0].value).query)["view"][0]
    other = page("coordinator")
    assert shown(other) != before
    other.query_params["view"] = token
    other.run()
    assert not other.exception
    assert shown(other) == before
    # What the link asked for is asked once: the next choice is the reader's own.
    assert shown(choose(other, "Group by", "All together"))[1] == "All together"


def test_of_a_link_only_what_this_page_offers_is_chosen(page):
    app = page("investigator")
    before = shown(app)
    asked = {"Endpoint": "PFS on line 9", "Group by": None, "Show": [survival.BAND, "A star"], "Unknown": 1}
    app.session_state["link.choices"] = ("survival", "alpha", asked)
    app.run()
    assert not app.exception
    assert shown(app) == before
    app.session_state["link.choices"] = ("survival", "beta", {"Group by": "Sex"})
    app.run()
    assert shown(app) == before
