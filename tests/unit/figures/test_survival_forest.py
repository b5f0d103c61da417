"""The forest plot on twelve patients: overall ratio as fit_cox, withheld rows by the guards."""

from dataclasses import replace

import pytest

from dashboard.figures.overview.baseline import baseline_variables
from dashboard.figures.survival.forest import (
    COMPETES,
    NO_GROUPS,
    ForestRequest,
    forest_groups,
    survival_forest,
    why_no_forest,
)
from dashboard.figures.survival.request import SurvivalRequest, followed, survival_rows
from dashboard.stats import CoxModel, Guards, fit_cox
from dashboard.store.reader import Reader
from dashboard.studies.load import load_study
from tests.survival_study import survival_snapshot, survival_study_folder

LOOSE = {"small_analysis_below": 5, "hazard_ratio_min_events": 4, "hazard_ratio_min_events_per_group": 1}


@pytest.fixture(scope="module")
def study():
    survival_snapshot()
    return load_study(survival_study_folder())


@pytest.fixture(scope="module")
def reader():
    return Reader(survival_snapshot())


def variables(study, *names):
    return tuple(one for one in baseline_variables(study) if one.name in names)


def survival(study, *, endpoint="OS_LINE1", group="sex", **guards):
    found = variables(study, group)
    return SurvivalRequest(
        endpoint=study.endpoint(endpoint),
        guards=Guards(**guards),
        grace_days=28,
        stale_days=90,
        group=found[0] if found else None,
    )


def forest(reader, study, *, subgroups=("site_id", "tumour_type"), **guards):
    request = ForestRequest(
        survival=survival(study, **{**LOOSE, **guards}),
        compared="Male",
        reference="Female",
        subgroups=variables(study, *subgroups),
    )
    return survival_forest(reader, request)


def test_the_ratio_of_all_patients_is_that_of_the_cox_model(reader, study):
    request = survival(study, **LOOSE)
    kept = followed(survival_rows(reader, request), group=request.group)
    model = CoxModel(
        time="months",
        event="is_event",
        entry="entry_months",
        terms=("group",),
        references={"group": "Female"},
    )
    (term,) = fit_cox(kept.assign(group=kept["group"].astype(str)), model=model).terms
    first = forest(reader, study).rows.iloc[0]
    assert first["hazard_ratio"] == pytest.approx(term.hazard_ratio, abs=1e-9)
    assert (first["lower"], first["upper"]) == pytest.approx((term.lower, term.upper), abs=1e-9)
    # V01 to V06 are women, five of them died; of the six men V07 died.
    assert first[["n", "events", "n_reference", "events_reference"]].tolist() == [6, 1, 6, 5]


def test_a_subgroup_without_one_of_the_groups_is_counted_and_has_no_ratio(reader, study):
    rows = forest(reader, study).rows.set_index(["subgroup", "level"])
    assert list(rows.index)[1:] == [("Site", "01, North"), ("Site", "02, South")]
    north = rows.loc[("Site", "01, North")]
    assert north[["n", "n_reference", "events_reference", "withheld"]].tolist() == [
        0, 6, 5, "HAZARD_RATIO_WITHHELD"
    ]  # fmt: skip


def test_a_hidden_ratio_says_why(reader, study):
    figure = forest(reader, study, hazard_ratio_min_events=7)
    shown = figure.table["Hazard ratio (95 % CI)"].tolist()
    assert shown == ["No hazard ratio: it needs at least 7 events, 1 in each group."] * 3
    assert figure.caption.startswith("3 of 3 rows without a ratio.")


@pytest.mark.parametrize(("least", "is_shown"), [(6, True), (7, False)])
def test_the_guard_counts_events_of_both_groups(reader, study, least, is_shown):
    first = forest(reader, study, hazard_ratio_min_events=least).rows.iloc[0]
    assert (first["withheld"] is None) == is_shown


def test_no_p_value_and_no_star_is_in_the_figure(reader, study):
    figure = forest(reader, study)
    assert not [name for name in figure.rows.columns if name.startswith("p_")]
    assert "*" not in figure.table.to_csv() + figure.caption
    assert "nothing is tested" in figure.caption


def test_the_method_says_that_each_row_compares_two_groups_in_a_model_of_its_own(reader, study):
    method = forest(reader, study).method
    assert "one Cox model (Efron) per row, of Male and Female alone" in method
    assert "the hazard ratio of the page comes from one model of all of them" in method


@pytest.mark.parametrize("is_treatment", [True, False])
def test_that_it_is_no_comparison_of_efficacy_is_said_once(reader, study, is_treatment):
    request = survival(study, **LOOSE)
    group = replace(request.group, is_treatment=is_treatment)
    own = ForestRequest(
        survival=replace(request, group=group, reference="Female"),
        compared="Male",
        reference="Female",
        subgroups=(),
    )
    figure = survival_forest(reader, own)
    assert figure.caption.count("ot a comparison of efficacy") == 1
    assert figure.caption.count("Treatment was chosen by the physician") == is_treatment
    assert figure.csv().splitlines()[0].count("Treatment was chosen by the physician") == is_treatment


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"endpoint": "TTP"}, COMPETES),
        ({"group": "none"}, NO_GROUPS),
        ({"group": "tumour_type"}, NO_GROUPS),
        ({"small_analysis_below": 13}, "12 are followed; at least 13 are needed."),
    ],
)
def test_a_sentence_stands_where_there_is_no_plot(reader, study, changed, words):
    request = survival(study, **{**LOOSE, **changed})
    kept = followed(survival_rows(reader, request), group=request.group)
    assert words in why_no_forest(kept, request)
    if request.group is not None:
        made = ForestRequest(survival=request, compared="Male", reference="Female", subgroups=())
        assert survival_forest(reader, made) is None


def test_twelve_patients_are_enough_for_a_limit_of_twelve(reader, study):
    request = survival(study, **{**LOOSE, "small_analysis_below": 12})
    kept = followed(survival_rows(reader, request), group=request.group)
    assert why_no_forest(kept, request) is None
    assert forest_groups(kept, group=request.group) == ["Female", "Male"]
