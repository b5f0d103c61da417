import warnings

import pandas as pd
import pytest
from lifelines import AalenJohansenFitter

from dashboard.stats import (
    SurvivalInputError,
    competing_risk_table,
    estimate_cumulative_incidence,
    estimate_survival,
    risk_table,
)

TIED_TIMES, TIED_CAUSES = [1, 1, 2, 2, 3, 4, 5, 5], [1, 2, 1, 0, 2, 1, 1, 2]


def patients(*rows: tuple[float, str | None]) -> pd.DataFrame:
    """Time and cause; None is censored."""
    return pd.DataFrame(rows, columns=["time", "cause"])


def curve_of(frame: pd.DataFrame, **columns: str) -> pd.DataFrame:
    return estimate_cumulative_incidence(competing_risk_table(frame, time="time", cause="cause", **columns))


def last(curve: pd.DataFrame, cause: str) -> pd.Series:
    return curve[curve["cause"] == cause].iloc[-1]


def test_events_of_different_causes_at_one_time_are_shared_by_their_counts() -> None:
    """Reference vector C."""
    names = {1: "relapse", 2: "death", 0: None}
    curve = curve_of(patients(*zip(TIED_TIMES, map(names.get, TIED_CAUSES), strict=True)))
    assert last(curve, "relapse")["incidence"] == pytest.approx(0.5625, abs=1e-12)
    assert last(curve, "death")["incidence"] == pytest.approx(0.4375, abs=1e-12)


def test_lifelines_breaks_such_ties_at_random() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answers = {
            round(
                float(
                    AalenJohansenFitter(calculate_variance=False, seed=seed)
                    .fit(TIED_TIMES, TIED_CAUSES, event_of_interest=1)
                    .cumulative_density_.iloc[-1, 0]
                ),
                4,
            )
            for seed in range(1, 6)
        }
    assert len(answers) > 1


def test_the_limits_of_lifelines_are_named_the_wrong_way_round() -> None:
    """Events at 1, 3 and 5 of 5: its "upper" limit at 1 is below the incidence of 0.2, its "lower" above."""
    fitted = AalenJohansenFitter().fit([1, 2, 3, 4, 5], [1, 2, 1, 0, 1], event_of_interest=1)
    limits = fitted.confidence_interval_.loc[1.0]
    assert limits["AJ_estimate_upper_0.95"] < 0.2 < limits["AJ_estimate_lower_0.95"]
    names = {1: "relapse", 2: "death", 0: None}
    curve = curve_of(patients(*zip([1, 2, 3, 4, 5], map(names.get, [1, 2, 1, 0, 1]), strict=True)))
    ours = curve[(curve["cause"] == "relapse") & (curve["time"] == 1)].iloc[0]
    assert ours["lower"] < 0.2 < ours["upper"]


def test_incidence_by_hand() -> None:
    """Of 4, one relapses at 1: 1/4. Of 3, one dies at 2. Of 2, one relapses at 3: 1/4 + 1/2 x 1/2."""
    curve = curve_of(patients((1, "relapse"), (2, "death"), (3, "relapse"), (5, None)))
    relapse = curve[curve["cause"] == "relapse"].set_index("time")
    assert relapse["incidence"].astype(float).to_dict() == {0: 0, 1: 0.25, 2: 0.25, 3: 0.5, 5: 0.5}
    assert relapse["at_risk"].to_dict() == {0: 4, 1: 4, 2: 3, 3: 2, 5: 1}
    assert relapse["n_competing"].to_dict() == {0: 0, 1: 0, 2: 1, 3: 0, 5: 0}


def test_without_a_competing_cause_it_is_one_minus_kaplan_meier() -> None:
    frame = patients((1, "death"), (2, None), (2, "death"), (4, "death"), (7, None))
    curve = curve_of(frame)
    survival = estimate_survival(
        risk_table(frame.assign(event=frame["cause"].notna()), time="time", event="event")
    )
    assert curve["incidence"].tolist() == pytest.approx((1 - survival["survival"]).tolist(), abs=1e-12)
    assert curve["standard_error"].tolist() == pytest.approx(survival["standard_error"].tolist(), abs=1e-12)


def test_censoring_the_competing_death_overstates_the_incidence() -> None:
    frame = patients((1, "death"), (2, "relapse"), (3, "death"), (4, "relapse"))
    naive = frame.assign(event=frame["cause"] == "relapse")
    survival = estimate_survival(risk_table(naive, time="time", event="event"))["survival"].iloc[-1]
    assert (1 - survival, last(curve_of(frame), "relapse")["incidence"]) == (1, 0.5)


def test_before_the_first_event_there_are_no_limits() -> None:
    first = curve_of(patients((1, "death"), (2, "relapse"))).query("cause == 'relapse' and time == 1").iloc[0]
    assert (first["incidence"], first["standard_error"]) == (0, 0)
    assert first["lower"] is pd.NA
    assert first["upper"] is pd.NA


def test_the_upper_limit_is_at_most_one() -> None:
    assert last(curve_of(patients((1, "death"), (2, "death"), (3, None))), "death")["upper"] == 1


def test_groups_and_delayed_entry_are_kept_apart() -> None:
    """In B the second patient enters at 1, after which one of two relapses at 2."""
    frame = patients((1, "death"), (3, "relapse"), (2, "relapse"), (5, None)).assign(
        arm=["A", "A", "B", "B"], entry=[0, 0, 0, 1]
    )
    curve = curve_of(frame, group="arm", entry="entry")
    assert last(curve[curve["group"] == "A"], "relapse")["incidence"] == 0.5
    b = curve[(curve["group"] == "B") & (curve["cause"] == "relapse")].set_index("time")
    assert b["at_risk"].to_dict() == {0: 1, 1: 1, 2: 2, 5: 1}
    assert b["incidence"].loc[2.0] == 0.5


def test_while_nobody_has_entered_yet_the_incidence_is_zero() -> None:
    late = patients((4, "death"), (6, None)).assign(entry=[2, 3])
    curve = curve_of(late, entry="entry")
    assert curve["at_risk"].tolist() == [0, 1, 2, 1]
    assert curve["incidence"].tolist() == [0, 0, 0.5, 0.5]


def test_a_missing_time_is_refused() -> None:
    with pytest.raises(SurvivalInputError, match="time has 1 missing"):
        curve_of(patients((1, "death"), (None, "death")))


def test_three_patients_without_any_event_still_have_a_table_that_says_0() -> None:
    table = competing_risk_table(patients((1, None), (2, None), (2, None)), time="time", cause="cause")
    columns = ["cause", "time", "n_event", "n_competing", "n_censored", "n_entered"]
    assert table[columns].to_numpy().tolist() == [
        ["any", 0, 0, 0, 0, 3],
        ["any", 1, 0, 0, 1, 0],
        ["any", 2, 0, 0, 2, 0],
    ]
    curve = estimate_cumulative_incidence(table)
    assert curve["at_risk"].tolist() == [3, 3, 2]
    assert curve["incidence"].tolist() == [0, 0, 0]
    assert curve["lower"].isna().all()


def test_a_cause_named_beforehand_has_rows_with_0_where_it_never_happened() -> None:
    frame = patients((1, None), (2, "death"), (3, None))
    frame["cause"] = pd.Categorical(frame["cause"], categories=["relapse", "death"])
    table = competing_risk_table(frame, time="time", cause="cause")
    assert table.groupby("cause")["n_event"].sum().to_dict() == {"relapse": 0, "death": 1}
    assert table.groupby("cause")["n_competing"].sum().to_dict() == {"relapse": 1, "death": 0}
    nothing = frame[frame["time"] != 2]
    assert set(competing_risk_table(nothing, time="time", cause="cause")["cause"]) == {"relapse", "death"}
