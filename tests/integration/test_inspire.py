"""Two publications of the INSPIRE study loaded as one: reported outcomes and the landmark analysis of R."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from scipy.stats import spearmanr

from dashboard.figures.opened import open_snapshot
from dashboard.figures.study_guards import study_guards
from dashboard.figures.survival.numbers import hazard_ratios, survival_numbers, table_of
from dashboard.figures.survival.request import (
    SurvivalRequest,
    followed,
    group_variables,
    offered_endpoints,
    survival_rows,
)
from dashboard.stats import compare_hazards, estimate_survival, follow_up, log_rank
from dashboard.stats.hazard_ratio import GroupComparison
from dashboard.store.reader import Reader
from dashboard.studies.load import load_study
from tests.inspire_study import STUDY, inspire_snapshot

LANDMARK = (("os", "OS_SINCE_C3_AS_REPORTED"), ("pfs", "PFS_SINCE_C3_AS_REPORTED"))
REFERENCE = "1. LS"
CHANGES = """
    select ctdna.value as ctdna_change, tumour.value as tumour_change
    from reported_outcome as ctdna
    inner join reported_outcome as tumour on ctdna.patient_id = tumour.patient_id
    where ctdna.outcome = 'CTDNA_CHANGE_C3_RATIO' and tumour.outcome = 'EARLY_TARGET_CHANGE_PERCENT'
"""


@pytest.fixture(scope="module")
def reader(shared_data):
    return Reader(inspire_snapshot(shared_data))


@pytest.fixture(scope="module")
def golden(shared_data):
    return json.loads((shared_data / "golden/inspire_landmark_C3.json").read_text())


@pytest.fixture(scope="module")
def study():
    return load_study(STUDY)


def asked(study, endpoint_id, group="sensitivity_group"):
    """What the survival page asks for."""
    endpoint = next(one for one in offered_endpoints(study) if one.endpoint_id == endpoint_id)
    variables = {one.name: one for one in group_variables(study, endpoint)}
    return SurvivalRequest(
        endpoint=endpoint,
        guards=study_guards(study),
        grace_days=study.lines.index_grace_days,
        stale_days=study.follow_up.contact_stale_on_treatment_days,
        group=variables[group] if group else None,
        reference=REFERENCE,
    )


def at_risk(reader, request):
    return followed(survival_rows(reader, request), group=request.group)


def test_every_record_is_loaded_or_set_aside_by_a_named_rule_and_none_is_rejected(reader):
    rejected = "select (select count(*) from rejected_row) + (select count(*) from structural_reject) as n"
    assert reader.records(rejected) == [{"n": 0}]
    unbalanced = "select * from ledger where n_records <> n_loaded + n_rejected + n_set_aside"
    assert reader.records(unbalanced) == []
    files = reader.records("select source_file, n_records from ledger where canonical_table = '' order by 1")
    assert [(row["source_file"], row["n_records"]) for row in files] == [
        ("ctDNA.csv", 270),
        ("fig1A.csv", 106),
        ("fig1B.csv", 106),
        ("fig1C.csv", 71),
        ("fig1D.csv", 71),
        ("fig1E.csv", 71),
        ("fig1F.csv", 56),
        ("fig1G.csv", 56),
        ("fig1H.csv", 56),
        ("pembrolizumab.csv", 94),
    ]
    by_rule = reader.records("select rule, count(*) as n from set_aside_row group by rule order by rule")
    assert [(row["rule"], row["n"]) for row in by_rule] == [
        ("no_size_change", 8),
        ("no_value", 21),
        ("repeats_figures_c_d_f", 56),
        ("repeats_figures_c_e_f", 56),
    ]


def test_106_patients_of_five_cohorts_are_one_study_and_94_of_them_have_outcomes_from_entry(reader):
    cohorts = reader.records(
        "select value, count(*) as n from characteristic where name = 'cohort' group by value order by value"
    )
    assert [(row["value"], row["n"]) for row in cohorts] == [
        ("A", 19), ("B", 22), ("C", 21), ("D", 12), ("E", 32)
    ]  # fmt: skip
    assert reader.records("select count(*) as n, count(sex) as k, count(age_years) as a from patient") == [
        {"n": 106, "k": 94, "a": 94}
    ]


def test_reported_outcomes_keep_their_times_flags_and_units(reader):
    counts = reader.records(
        "select outcome, time_unit, count(*) as n, count(time_value) as timed, "
        "count(*) filter (event_observed) as events from reported_outcome "
        "where time_unit is not null group by all order by outcome"
    )
    assert [tuple(row.values()) for row in counts] == [
        ("OS", "month", 94, 94, 64),
        ("OS_SINCE_C3", "month", 71, 71, 44),
        ("PFS", "month", 94, 94, 82),
        ("PFS_SINCE_C3", "month", 71, 69, 60),
    ]
    first = reader.records(
        "select time_value, source_file, source_row from reported_outcome where row_key = 'INS-A-002 | OS'"
    )
    assert first == [
        {"time_value": Decimal("6.537987679672360"), "source_file": "pembrolizumab.csv", "source_row": 2}
    ]
    responses = reader.records(
        "select value, count(*) as n from reported_outcome where outcome = 'BOR' group by value"
    )
    assert {row["value"]: row["n"] for row in responses} == {"CR": 4, "NE": 4, "PD": 57, "PR": 14, "SD": 27}


def test_pd_l1_tmb_ctdna_and_sizes_of_one_patient_stand_with_their_units(reader):
    tissue = reader.records(
        "select test, result, value_percent from pathology where patient_id = 'INS-A-002' order by test"
    )
    assert [tuple(row.values()) for row in tissue] == [
        ("pdl1", "2", Decimal("2.000")),
        ("tmb", "1.7747", None),
        ("tmb_log", "0.573631394558382", None),
    ]
    draw = reader.records(
        "select status, quantity_kind, quantity_value from ctdna_sample where patient_id = 'INS-A-002'"
    )
    assert [tuple(row.values()) for row in draw] == [
        ("detected", "molecules_per_ml", Decimal("113.849999999999"))
    ]
    sizes = reader.records(
        "select name, value, unit, date_diff('day', date '2000-01-01', measured_on) as day "
        "from measurement where patient_id = 'INS-A-002' order by name, day"
    )
    # 8.119 weeks are 57 days; of 12.4 weeks the file has no change.
    assert [tuple(row.values()) for row in sizes] == [
        ("target_size", Decimal("140.0000"), "mm", 0),
        ("target_size_change", Decimal("5.7000"), "%", 57),
    ]
    change = reader.records(
        "select value from characteristic "
        "where patient_id = 'INS-A-002' and name = 'ctdna_change_since_baseline'"
    )
    assert change == [{"value": "No clearance, increase from baseline"}]


def test_zero_molecules_are_not_detected_and_never_a_number(reader):
    clear = reader.records(
        "select patient_id, quantity_value from ctdna_sample where status = 'not_detected' order by 1"
    )
    assert [tuple(row.values()) for row in clear] == [("INS-D-012", None), ("INS-E-004", None)]


@pytest.mark.parametrize(("name", "endpoint_id"), LANDMARK)
def test_landmark_hazard_ratios_are_those_of_r(reader, study, golden, name, endpoint_id):
    """R: coxph(Surv(time since C3, event) ~ grp), Efron."""
    kept = at_risk(reader, asked(study, endpoint_id))
    expected = golden[f"cox_{name}"]["efron"]
    assert (len(kept), int(kept["is_event"].sum())) == (expected["n"], expected["nevent"])
    comparison = GroupComparison(
        time="months", event="is_event", group="group", reference=REFERENCE, entry="entry_months"
    )
    shown = replace(study_guards(study), hazard_ratio_min_events=1, hazard_ratio_min_events_per_group=1)
    ratios = compare_hazards(kept, comparison=comparison, guards=shown)
    assert list(ratios) == [term["term"].removeprefix("grp") for term in expected["coef"]]
    for ratio, term in zip(ratios.values(), expected["coef"], strict=True):
        assert ratio.estimate == pytest.approx(term["hr"], abs=1e-6)
        assert (ratio.lower, ratio.upper) == pytest.approx((term["lower"], term["upper"]), abs=1e-6)
        assert ratio.p_value == pytest.approx(term["p"], abs=1e-6)


def test_the_page_gives_these_ratios_and_withholds_that_of_the_group_with_four_events(reader, study, golden):
    request = asked(study, "OS_SINCE_C3_AS_REPORTED")
    low, mixed, high = hazard_ratios(at_risk(reader, request), request=request)
    expected = golden["cox_os"]["efron"]["coef"]
    assert (low.estimate, mixed.estimate) == pytest.approx([term["hr"] for term in expected[:2]], abs=1e-6)
    assert (high.group, high.n_event, high.estimate) == ("4. HS", 4, None)
    assert high.withheld == "HAZARD_RATIO_WITHHELD"
    assert {one.p_value for one in (low, mixed, high)} == {None}


@pytest.mark.parametrize(("name", "endpoint_id"), LANDMARK)
def test_landmark_curves_intervals_medians_and_log_rank_are_those_of_r(
    reader, study, golden, name, endpoint_id
):
    """R: survfit(..., conf.type = "log-log"); survdiff(...); follow-up by reverse Kaplan-Meier."""
    request = asked(study, endpoint_id)
    kept = at_risk(reader, request)
    table = table_of(kept)
    curve = estimate_survival(table)
    for group, expected in golden[name]["km_conf_log-log"].items():
        own = curve[curve["group"] == group]
        for at in expected["at"]:
            last = own[own["time"] <= at["time"] + 1e-9].iloc[-1]
            assert last["survival"] == pytest.approx(at["surv"], abs=1e-9)
            # No log-log limits before the first event and at the end of the curve.
            if 0 < at["surv"] < 1:
                limits = (last["lower"], last["upper"])
                assert limits == pytest.approx((at["lower"], at["upper"]), abs=1e-9)
    numbers = {one.group: one for one in survival_numbers(kept, request=request)}
    for group, expected in golden[name]["km_conf_log-log"].items():
        own = numbers[group]
        assert (own.n, own.n_event) == (expected["n"], expected["events"])
        wanted = (expected["median"], expected["median_lower"], expected["median_upper"])
        assert (own.median, own.lower, own.upper) == pytest.approx(wanted, abs=1e-9)
    found, expected = log_rank(table), golden[name]["logrank"]
    assert (found.chi_squared, found.p_value) == pytest.approx((expected["chisq"], expected["p"]), abs=1e-9)
    together = follow_up(table_of(at_risk(reader, asked(study, endpoint_id, group=None))))
    reverse = golden[name]["reverse_km_median"]
    (median,) = together.values()
    assert (median.time, median.lower) == pytest.approx((reverse["median"], reverse["lower"]), abs=1e-9)


def test_the_changes_of_ctdna_and_of_tumour_size_are_loaded_as_r_had_them(reader, golden):
    rows = reader.rows(CHANGES).astype(float)
    expected = golden["spearman_change_vs_tumour"]
    assert len(rows) == expected["n"]
    assert spearmanr(rows).statistic == pytest.approx(expected["rho"], abs=1e-9)


def test_who_progressed_before_cycle_3_is_left_out_by_name_and_a_progression_on_its_day_counts(reader, study):
    rows = survival_rows(reader, asked(study, "PFS_SINCE_C3_AS_REPORTED")).set_index("patient_id")
    assert sorted(rows.index[rows["rule"] == "NO_TIME_REPORTED"]) == ["INS-B-002", "INS-D-008"]
    assert (rows["rule"] == "NOT_REPORTED").sum() == 35
    assert tuple(rows.loc["INS-A-008", ["duration_days", "status"]]) == (0.0, "EVENT")


def test_groups_known_at_cycle_3_divide_no_curve_that_starts_before_it(study):
    later = {"sensitivity_group", "ctdna_change_c3"}
    offered = {
        one.endpoint_id: {variable.name for variable in group_variables(study, one)} & later
        for one in offered_endpoints(study)
    }
    landmarks = dict.fromkeys([endpoint_id for _, endpoint_id in LANDMARK], later)
    assert offered == {"OS": set(), "OS_AS_REPORTED": set(), "PFS_AS_REPORTED": set(), **landmarks}


def test_reported_survival_stands_beside_the_derived_one_and_both_agree_where_both_are(reader, study):
    derived = at_risk(reader, asked(study, "OS", group=None)).set_index("patient_id")
    reported = at_risk(reader, asked(study, "OS_AS_REPORTED", group=None)).set_index("patient_id")
    assert (len(derived), len(reported)) == (106, 94)
    both = derived.loc[reported.index]
    assert both["months"].to_list() == pytest.approx(reported["months"].to_list(), abs=1e-9)
    assert both["is_event"].equals(reported["is_event"])
    without = derived.drop(reported.index)
    assert set(without["rule"]) == {"NO_FOLLOW_UP"}
    assert reader.records("select distinct endpoint_id from time_to_event") == [{"endpoint_id": "OS"}]


def test_the_figure_is_made_again_by_name_from_the_snapshot(reader):
    options = {"endpoint": "OS_SINCE_C3_AS_REPORTED", "group": "sensitivity_group"}
    figure = open_snapshot(reader.snapshot.path).figure("survival", **options)
    assert figure.caption.startswith("71 of 106 patients are followed; not in this analysis: 35 without this")
