"""Groups by a later blood draw without guarantee-time bias: the clock starts when the group is known.

Nobody is grouped by what was drawn after the clock starts, and everybody left out is listed with the reason.
Source: clinical-decisions A10; clinical-rules 4.6.
"""

from dataclasses import dataclass

import pandas as pd

# Why a patient is left out, in the order asked: the first that applies is the reason.
NO_ORIGIN = "NO_ORIGIN"
EVENT_BEFORE_ORIGIN = "EVENT_BEFORE_ORIGIN"
CENSORED_BEFORE_ORIGIN = "CENSORED_BEFORE_ORIGIN"
NO_VALID_DRAW = "NO_VALID_DRAW"
REASONS = (NO_ORIGIN, EVENT_BEFORE_ORIGIN, CENSORED_BEFORE_ORIGIN, NO_VALID_DRAW)
DAYS_PER_MONTH = 30.4375
ENDS = ["patient_id", "ended_on", "event_observed"]


@dataclass(frozen=True, kw_only=True)
class LandmarkSelection:
    """Who is in an analysis and who is not.

    `kept`: one row per patient with origin_on, group, collected_on (of the draw that gave the group),
    months_from_baseline (to that draw), time (days from the origin), event_observed, and the other columns of
    the draw. `excluded`: one row per patient left out with patient_id, reason (one of REASONS) and the group
    of that draw, missing without one.
    """

    kept: pd.DataFrame
    excluded: pd.DataFrame

    @property
    def excluded_counts(self) -> dict[str, int]:
        """Number of patients per reason, in the order of REASONS, reasons without a patient left away."""
        found = self.excluded["reason"].value_counts()
        return {reason: int(found[reason]) for reason in REASONS if reason in found}


def select_after_second_draw(
    patients: pd.DataFrame, *, draws: pd.DataFrame, from_day: int = 60
) -> LandmarkSelection:
    """Survival after the second draw: the clock starts at it, the group is what it showed.

    The second draw is the first valid one `from_day` days or more after the baseline. `patients` has one row
    per patient with a baseline from which a change can be judged: patient_id, baseline_on, ended_on,
    event_observed. `draws` has patient_id, collected_on, is_valid and group. An event on the day of the draw
    counts, on day 0 (as in the table time_to_event); with an event and no such draw the event was before it.
    """
    joined = _valid_draws(patients, draws)
    late_enough = joined["collected_on"] >= joined["baseline_on"] + pd.Timedelta(days=from_day)
    second = joined[late_enough].drop_duplicates("patient_id", keep="first")
    placed = _place(patients, second).pipe(lambda frame: frame.assign(origin_on=frame["collected_on"]))
    never_drawn = placed["collected_on"].isna()
    reason = _reasons(placed, {EVENT_BEFORE_ORIGIN: never_drawn & placed["event_observed"].astype(bool)})
    return _selection(placed, reason)


def select_at_landmark(patients: pd.DataFrame, *, draws: pd.DataFrame, months: int = 6) -> LandmarkSelection:
    """Survival from a fixed landmark, `months` calendar months after index_on; the group is known by then.

    The group is that of the last valid draw after the baseline and on or before the landmark. `patients` and
    `draws` as in `select_after_second_draw`, with index_on. An event on the day of the landmark is before it.
    """
    origin = _dates(patients["index_on"]) + pd.DateOffset(months=months)
    known = patients.assign(origin_on=origin)
    joined = _valid_draws(known, draws)
    by_then = (joined["collected_on"] > joined["baseline_on"]) & (
        joined["collected_on"] <= joined["origin_on"]
    )
    last = joined[by_then].drop_duplicates("patient_id", keep="last")
    placed = _place(known, last)
    on_the_day = (placed["ended_on"] == placed["origin_on"]) & placed["event_observed"].astype(bool)
    special = {NO_ORIGIN: placed["origin_on"].isna(), EVENT_BEFORE_ORIGIN: on_the_day}
    reason = _reasons(placed, special)
    return _selection(placed, reason)


def _dates(column: pd.Series) -> pd.Series:
    # Its search for repeated dates costs more than reading them.
    return pd.to_datetime(column, cache=False)


def _valid_draws(patients: pd.DataFrame, draws: pd.DataFrame) -> pd.DataFrame:
    """One row per valid draw, by date, with the dates of its patient."""
    dates = [name for name in ("baseline_on", "origin_on") if name in patients]
    known = patients[["patient_id", *dates]].assign(**{name: _dates(patients[name]) for name in dates})
    valid = draws[draws["is_valid"].astype(bool) & draws["collected_on"].notna()]
    joined = valid.assign(collected_on=_dates(valid["collected_on"])).merge(known, on="patient_id")
    return joined.sort_values(["patient_id", "collected_on"], kind="stable", ignore_index=True)


def _place(patients: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """One row per patient, in their order, with the chosen draw beside."""
    own = chosen.drop(columns=[name for name in ("baseline_on", "origin_on", "is_valid") if name in chosen])
    return patients.assign(
        ended_on=_dates(patients["ended_on"]), baseline_on=_dates(patients["baseline_on"])
    ).merge(own, on="patient_id", how="left", validate="one_to_one")


def _reasons(placed: pd.DataFrame, special: dict[str, pd.Series]) -> pd.Series:
    """The first reason that applies; missing where the patient is in."""
    ended = placed["ended_on"] < placed["origin_on"]
    happened = placed["event_observed"].astype(bool)
    general = {
        EVENT_BEFORE_ORIGIN: ended & happened,
        CENSORED_BEFORE_ORIGIN: ended & ~happened,
        NO_VALID_DRAW: placed["collected_on"].isna(),
    }
    reason = pd.Series(pd.NA, index=placed.index, dtype="string")
    for name in REASONS:
        applies = general.get(name, False) | special.get(name, False)
        reason = reason.mask(reason.isna() & applies, name)
    return reason


def _selection(placed: pd.DataFrame, reason: pd.Series) -> LandmarkSelection:
    inside = placed[reason.isna()].reset_index(drop=True)
    since_baseline = (inside["collected_on"] - inside["baseline_on"]).dt.days / DAYS_PER_MONTH
    kept = inside.assign(
        time=(inside["ended_on"] - inside["origin_on"]).dt.days, months_from_baseline=since_baseline
    )
    outside = placed[["patient_id", "group"]].assign(reason=reason)[reason.notna()]
    return LandmarkSelection(kept=kept, excluded=outside.reset_index(drop=True))
