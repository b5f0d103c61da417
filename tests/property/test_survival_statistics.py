"""What holds for the time-to-event estimates of any patients, whatever their order and unit of time."""

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dashboard.stats import (
    CoxModel,
    competing_risk_table,
    count_at,
    count_moves_at,
    derive_at_risk,
    estimate_cumulative_incidence,
    estimate_median,
    estimate_survival,
    estimate_survival_at,
    fit_cox,
    log_rank,
    restricted_mean,
    risk_table,
    select_at_landmark,
    simon_makuch_table,
    split_at_changes,
)

TIGHT = 1e-9
# A fit takes milliseconds, more on a busy machine.
examples = settings(max_examples=40, deadline=None)
MODEL = CoxModel(
    time="time", event="event_observed", entry="entry", terms=("group",), references={"group": "A"}
)


@st.composite
def cohorts(draw: st.DrawFn, min_size: int = 1) -> pd.DataFrame:
    """Two groups, whole days with many ties, some entering late."""
    size = draw(st.integers(min_size, 25))
    rows = draw(
        st.lists(
            st.tuples(st.integers(0, 12), st.booleans(), st.sampled_from("AB"), st.integers(0, 6)),
            min_size=size,
            max_size=size,
        )
    )
    frame = pd.DataFrame(rows, columns=["time", "event_observed", "group", "entry"])
    return frame.astype({"time": float, "entry": float}).assign(
        patient_id=[f"P{number}" for number in range(size)]
    )


def table_of(frame: pd.DataFrame) -> pd.DataFrame:
    return risk_table(frame, time="time", event="event_observed", group="group", entry="entry")


def close(expected: float | None) -> object:
    return None if expected is None else pytest.approx(expected, abs=TIGHT, rel=0)


def assert_same(first: pd.DataFrame, second: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(first, second, rtol=0, atol=TIGHT)


@examples
@given(cohorts())
def test_survival_never_rises_and_its_band_encloses_it(frame: pd.DataFrame) -> None:
    for _, curve in estimate_survival(table_of(frame)).groupby("group", observed=True):
        survival = curve["survival"].astype(float)
        assert survival.between(0, 1).all()
        assert (survival.diff().dropna() <= TIGHT).all()
        known = curve.dropna(subset=["lower", "upper"])
        assert (known["lower"] <= known["survival"] + TIGHT).all()
        assert (known["upper"] >= known["survival"] - TIGHT).all()


@examples
@given(cohorts(), st.randoms(use_true_random=False))
def test_the_order_of_patients_changes_nothing(frame: pd.DataFrame, random: object) -> None:
    order = list(range(len(frame)))
    random.shuffle(order)
    shuffled = frame.iloc[order]
    assert_same(estimate_survival(table_of(shuffled)), estimate_survival(table_of(frame)))
    first, second = fit_cox(frame, model=MODEL), fit_cox(shuffled, model=MODEL)
    assert first.is_estimable == second.is_estimable
    if first.is_estimable:
        assert second.terms[0].coefficient == pytest.approx(first.terms[0].coefficient, abs=1e-6)


@examples
@given(cohorts(), st.sampled_from([0.25, 2.0, 30.4375]))
def test_another_unit_of_time_scales_the_times_and_nothing_else(frame: pd.DataFrame, unit: float) -> None:
    scaled = frame.assign(time=frame["time"] * unit, entry=frame["entry"] * unit)
    first, second = estimate_survival(table_of(frame)), estimate_survival(table_of(scaled))
    assert_same(second.assign(time=second["time"] / unit), first)
    for group, median in estimate_median(table_of(frame)).items():
        other = estimate_median(table_of(scaled))[group].time
        assert (other is None) == (median.time is None)
        assert other is None or other == pytest.approx(median.time * unit, abs=1e-6)
    here, there = log_rank(table_of(frame)), log_rank(table_of(scaled))
    assert there.chi_squared == (
        None if here.chi_squared is None else pytest.approx(here.chi_squared, abs=1e-9)
    )


@examples
@given(cohorts())
def test_the_rows_under_the_figure_add_up_to_the_group(frame: pd.DataFrame) -> None:
    table = table_of(frame)
    n = table.groupby("group", observed=True)["n_entered"].sum()
    counts = count_at(table, times=[0, 1, 4, 6.5, 12, 13])
    total = counts[["at_risk", "n_event", "n_censored", "n_not_entered"]].sum(axis=1)
    assert (total == counts["group"].map(n).astype(int)).all()
    assert (derive_at_risk(table)["at_risk"] >= 0).all()


@examples
@given(cohorts(), st.integers(0, 12))
def test_a_patient_censored_later_never_lowers_survival_before(frame: pd.DataFrame, time: int) -> None:
    later = pd.DataFrame(
        [{"time": 12.0, "event_observed": False, "group": "A", "entry": 0.0, "patient_id": "new"}]
    )
    first, second = (
        estimate_survival_at(risk_table(rows, time="time", event="event_observed"), times=[time])["survival"]
        for rows in (frame, pd.concat([frame, later], ignore_index=True))
    )
    assert pd.isna(first[0]) or second[0] >= first[0] - TIGHT


@examples
@given(cohorts())
def test_the_restricted_mean_is_at_most_the_time_it_is_restricted_to(frame: pd.DataFrame) -> None:
    for found in restricted_mean(table_of(frame), until=5).values():
        assert found.mean is None or 0 <= found.mean <= 5 + TIGHT


@examples
@given(cohorts(), st.lists(st.sampled_from(["progression", "death"]), min_size=25, max_size=25))
def test_incidences_and_survival_add_up_to_one(frame: pd.DataFrame, causes: list[str]) -> None:
    happened = frame["event_observed"]
    named = frame.assign(cause=pd.Series(causes[: len(frame)]).where(happened).astype("category"))
    incidence = estimate_cumulative_incidence(
        competing_risk_table(named, time="time", cause="cause", entry="entry")
    )
    curve = estimate_survival(risk_table(frame, time="time", event="event_observed", entry="entry"))
    together = incidence.groupby("time")["incidence"].sum().astype(float)
    survival = curve.set_index("time")["survival"].astype(float)
    assert ((together + survival - 1).abs() < TIGHT).all()


@examples
@given(cohorts(), st.integers(1, 11))
def test_cutting_every_row_at_a_time_changes_neither_curve_nor_test_nor_model(
    frame: pd.DataFrame, cut: int
) -> None:
    """(entry, time] and (entry, cut] + (cut, time] are the same follow-up."""
    crossing = (frame["entry"] < cut) & (frame["time"] > cut)
    before = frame[crossing].assign(time=float(cut), event_observed=False)
    after = frame[crossing].assign(entry=float(cut))
    pieces = pd.concat([frame[~crossing], before, after], ignore_index=True)
    whole, cut_up = (estimate_survival(table_of(rows)) for rows in (frame, pieces))
    columns = ["group", "time", "n_event", "at_risk", "survival"]
    happened = whole["n_event"] > 0
    assert_same(
        whole.loc[happened, columns].reset_index(drop=True),
        cut_up.loc[cut_up["n_event"] > 0, columns].reset_index(drop=True),
    )
    here, there = log_rank(table_of(frame)), log_rank(table_of(pieces))
    assert there.chi_squared == (
        None if here.chi_squared is None else pytest.approx(here.chi_squared, abs=1e-9)
    )
    first, second = fit_cox(frame, model=MODEL), fit_cox(pieces, model=MODEL)
    assert first.is_estimable == second.is_estimable
    if first.is_estimable:
        assert second.terms[0].coefficient == pytest.approx(first.terms[0].coefficient, abs=1e-6)
        assert second.terms[0].standard_error == pytest.approx(first.terms[0].standard_error, abs=1e-6)


@examples
@given(cohorts(min_size=4))
def test_turning_the_reference_round_inverts_the_hazard_ratio(frame: pd.DataFrame) -> None:
    first = fit_cox(frame, model=MODEL)
    assume(first.is_estimable)
    turned = CoxModel(
        time="time", event="event_observed", entry="entry", terms=("group",), references={"group": "B"}
    )
    second = fit_cox(frame, model=turned)
    assert second.terms[0].coefficient == pytest.approx(-first.terms[0].coefficient, abs=1e-6)
    checks = (fit.proportional_hazards["group"].chi_squared for fit in (first, second))
    assert next(checks) == pytest.approx(next(checks), abs=1e-6)


@examples
@given(cohorts(min_size=4))
def test_the_score_test_by_breslow_is_the_log_rank_test_but_for_ties(frame: pd.DataFrame) -> None:
    spread = frame.assign(time=frame["time"] + 0.01 * frame.index, entry=0.0)
    model = CoxModel(time="time", event="event_observed", terms=("group",), references={"group": "A"})
    fit = fit_cox(spread, model=model)
    assume(fit.is_estimable)
    expected = log_rank(table_of(spread)).chi_squared
    assert fit.score_test.chi_squared == pytest.approx(expected, abs=1e-9)


@st.composite
def moving_cohorts(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    frame = draw(cohorts())
    names = st.sampled_from(frame["patient_id"].tolist())
    rows = draw(
        st.lists(st.tuples(names, st.integers(-1, 13), st.sampled_from(["cleared", "detected"])), max_size=20)
    )
    return frame, pd.DataFrame(rows, columns=["patient_id", "since", "state"])


@examples
@given(moving_cohorts(), st.integers(0, 13))
def test_moving_patients_are_counted_once_at_every_time(
    cohort: tuple[pd.DataFrame, pd.DataFrame], time: int
) -> None:
    frame, changes = cohort
    rows = split_at_changes(frame, changes=changes, initial="detected")
    followed = frame[(frame["entry"] == 0) | (frame["entry"] < frame["time"])]
    assert rows["patient_id"].nunique() == len(followed)
    assert rows["event_observed"].sum() == followed["event_observed"].sum()
    assert (rows["stop"] - rows["start"]).sum() == (followed["time"] - followed["entry"]).sum()
    counts = count_moves_at(rows, times=[time])
    placed = counts[["at_risk", "n_event", "n_censored", "n_not_entered"]].sum().sum()
    assert placed == len(followed)
    assert counts["n_moved_in"].sum() >= counts["n_moved_out"].sum()
    at_risk = count_at(simon_makuch_table(rows), times=[time]).set_index("group")["at_risk"]
    assert counts.set_index("group")["at_risk"].to_dict() == at_risk.to_dict()


@examples
@given(cohorts(), st.integers(1, 6), st.integers(1, 6))
def test_fewer_are_in_an_analysis_as_its_landmark_moves_later(
    frame: pd.DataFrame, months: int, more: int
) -> None:
    """All have a draw on day 1; only who ended by the landmark falls out."""
    origin = pd.Timestamp(2024, 1, 31)
    patients = pd.DataFrame(
        {
            "patient_id": frame["patient_id"],
            "index_on": origin,
            "baseline_on": origin,
            "ended_on": origin + pd.to_timedelta(30 * frame["time"], unit="D"),
            "event_observed": frame["event_observed"],
        }
    )
    draws = pd.DataFrame(
        {
            "patient_id": frame["patient_id"],
            "collected_on": origin + pd.Timedelta(days=1),
            "is_valid": True,
            "group": frame["group"],
        }
    )
    early, late = (
        select_at_landmark(patients, draws=draws, months=count) for count in (months, months + more)
    )
    assert set(late.kept["patient_id"]) <= set(early.kept["patient_id"])
    assert len(late.kept) + len(late.excluded) == len(frame)
