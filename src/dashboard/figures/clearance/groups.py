"""Who is compared after a later ctDNA draw, from when, in which group; and who is not, with the reason.

The clock starts when the group is known: at the second draw, at a fixed month, or patients move between
groups at every draw (clinical-decisions A10, A11; clinical-rules 4.6, 4.7).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from dashboard.figures.clearance.request import AfterDrawRequest, ask
from dashboard.stats import (
    DAYS_PER_MONTH,
    LandmarkSelection,
    select_after_second_draw,
    select_at_landmark,
    split_at_changes,
)
from dashboard.store.asked import Question, hearing
from dashboard.store.reader import Reader
from dashboard.tables.clearance import Scheme

NOT_FOLLOWED = "NOT_FOLLOWED"
NOT_COMPARABLE = "NOT_COMPARABLE"
NO_RATIO = "NO_RATIO"
SUSPICION = "SUSPICION"
NOT_EVALUABLE = "NOT_EVALUABLE"
WITHOUT_GROUP = "Not comparable"
EVENT_BEFORE = "EVENT_BEFORE_ORIGIN"
CENSORED_BEFORE = "CENSORED_BEFORE_ORIGIN"
Select = Callable[[pd.DataFrame, pd.DataFrame], LandmarkSelection]


@dataclass(frozen=True, kw_only=True)
class Followed:
    """One analysis.

    `kept`: one row per patient with patient_id, months, entry_months, is_event, status and group in the
    order of the scheme; of moving groups the stretches of `split_at_changes`. `excluded`: patients by reason.
    `suspicion`: by what the draws showed, how many of how many were taken near progression or for suspicion
    of it, whether these are left out or not. `by_group`: of a reason in `excluded`, its patients by what the
    draw showed. `n_other_origin`: those kept whose ctDNA at baseline may not be tumour. `left`: of moving
    groups, how many left at a draw that cannot be compared, and how many of them had the event after it.
    `questions`: what was asked for it.
    """

    kept: pd.DataFrame
    excluded: dict[str, int]
    n_cohort: int
    by_group: dict[str, dict[str, int]] = field(default_factory=dict)
    suspicion: dict[str, tuple[int, int]] = field(default_factory=dict)
    n_other_origin: int = 0
    left: tuple[int, int] = (0, 0)
    questions: tuple[Question, ...] = ()

    @property
    def n(self) -> int:
        """Patients in the analysis."""
        return int(self.kept["patient_id"].nunique())


@dataclass(frozen=True, kw_only=True)
class Material:
    """The rows all analyses share: one per patient, one per later draw, and what both were asked with."""

    patients: pd.DataFrame
    draws: pd.DataFrame
    questions: tuple[Question, ...] = ()


def clearance_material(reader: Reader, request: AfterDrawRequest) -> Material:
    """Patients with baseline and outcome, and draws with the change the scheme calls.

    Dates are read without the search for repeated ones, which costs more than reading them.
    """
    base = request.clearance
    with hearing(reader) as questions:
        patients = ask(reader, base, "outcome", endpoint=request.endpoint.endpoint_id)
        draws = ask(reader, base, "draw", scheme=base.scheme.code)
    days = ("enrolled_on", "baseline_on", "ended_on")
    patients = patients.assign(
        **{name: pd.to_datetime(patients[name], cache=False) for name in days},
        event_observed=patients["status"] == "EVENT",
        index_on=pd.to_datetime(patients["enrolled_on"], cache=False),
    )
    draws = draws.assign(
        collected_on=pd.to_datetime(draws["collected_on"], cache=False),
        group=draws["category"],
        is_suspicion=draws["is_suspicion"].fillna(value=False).astype(bool),
    )
    return Material(patients=patients, draws=draws, questions=tuple(questions))


def after_second_draw(material: Material, request: AfterDrawRequest) -> Followed:
    """The clock starts at the second draw and the group is what it showed: the default (A10)."""
    from_day = request.clearance.second_draw_from_day

    def select(patients: pd.DataFrame, draws: pd.DataFrame) -> LandmarkSelection:
        return select_after_second_draw(patients, draws=draws, from_day=from_day)

    return _at_one_moment(material, request, select, counts_unfollowed=True)


def at_landmark(material: Material, request: AfterDrawRequest) -> Followed:
    """The clock starts some calendar months after enrolment; the group is that of the last draw by then."""

    def select(patients: pd.DataFrame, draws: pd.DataFrame) -> LandmarkSelection:
        return select_at_landmark(patients, draws=draws, months=request.landmark_months)

    return _at_one_moment(material, request, select)


def moving_groups(material: Material, request: AfterDrawRequest) -> Followed:
    """Stretches (start, stop] in months from the baseline draw; at every comparable draw patients may move.

    Columns as `split_at_changes` gives them: start, stop, event_observed, state. Whoever enrols after the
    baseline draw joins then. At a valid draw that cannot be compared with the baseline a patient leaves,
    until one that can: what the draw before it showed is no longer known to hold (docs/decisions 0028).
    """
    scheme = request.clearance.scheme
    eligible, excluded = _apart(material.patients)
    timed = eligible.assign(
        time=(eligible["ended_on"] - eligible["baseline_on"]).dt.days,
        entry=(eligible["enrolled_on"] - eligible["baseline_on"]).dt.days.clip(lower=0),
    )
    early = timed["time"] < 0
    never = ~early & (timed["entry"] > 0) & (timed["entry"] >= timed["time"])
    excluded |= _counts(
        {
            EVENT_BEFORE: int(((early | never) & timed["event_observed"]).sum()),
            CENSORED_BEFORE: int(((early | never) & ~timed["event_observed"]).sum()),
        }
    )
    followed = timed[~(early | never)]
    columns = ["patient_id", "time", "entry", "event_observed", "status"]
    names, changes = scheme.at_the_time, _changes(material.draws, followed, request)
    counted = changes[~changes["is_suspicion"]] if request.leaves_out_suspicion else changes
    rows = split_at_changes(followed[columns], changes=counted, initial=scheme.initial)
    is_known = rows["state"] != NOT_EVALUABLE
    known, unknown = rows[is_known].reset_index(drop=True), rows[~is_known]
    never_in = set(unknown["patient_id"]) - set(known["patient_id"])
    excluded |= _by_reason(counted[counted["patient_id"].isin(never_in)])
    state = pd.Categorical(known["state"].map(names), categories=list(names.values()))
    kept = known.assign(
        state=state.remove_unused_categories(),
        start=known["start"] / DAYS_PER_MONTH,
        stop=known["stop"] / DAYS_PER_MONTH,
    )
    return Followed(
        kept=kept,
        excluded=excluded,
        n_cohort=len(material.patients),
        suspicion=_suspicion(changes["state"].map(names), changes["is_suspicion"], names=names),
        left=_left(rows, never_in),
    )


def _left(rows: pd.DataFrame, never_in: set[str]) -> tuple[int, int]:
    """Patients who were in a group and in none at the end, and those of them who had the event then."""
    last = rows[~rows["patient_id"].isin(never_in)].drop_duplicates("patient_id", keep="last")
    gone = last[last["state"] == NOT_EVALUABLE]
    return len(gone), int(gone["event_observed"].sum())


def _by_reason(draws: pd.DataFrame) -> dict[str, int]:
    """Patients whose draws cannot be compared, by why: NO_RATIO only where none is of another assay."""
    unknown = draws[draws["state"] == NOT_EVALUABLE]
    without_ratio = unknown.groupby("patient_id")["is_without_ratio"].all()
    n_without = int(without_ratio.sum())
    return _counts({NO_RATIO: n_without, NOT_COMPARABLE: len(without_ratio) - n_without})


def groups_of(material: Material, request: AfterDrawRequest) -> Followed:
    """The analysis the request asks for."""
    analyses = {
        "second_draw": after_second_draw,
        "landmark": at_landmark,
        "moving": moving_groups,
        "naive": naive_groups,
    }
    found = analyses[request.view](material, request)
    is_kept = material.patients["patient_id"].isin(found.kept["patient_id"])
    n_other = int((is_kept & material.patients["is_baseline_of_other_origin"]).sum())
    return replace(found, n_other_origin=n_other, questions=material.questions)


def naive_groups(material: Material, request: AfterDrawRequest) -> Followed:
    """From the baseline draw, by whether a later draw ever showed it: biased, for the explicit switch alone.

    Whoever cleared had to live, and stay free of the event, until the draw (guarantee-time bias).
    """
    eligible, excluded = _apart(material.patients)
    late = eligible["ended_on"] < eligible["baseline_on"]
    excluded |= _counts(
        {
            EVENT_BEFORE: int((late & eligible["event_observed"]).sum()),
            CENSORED_BEFORE: int((late & ~eligible["event_observed"]).sum()),
        }
    )
    kept = eligible[~late]
    best = next(iter(request.clearance.scheme.categories))
    draws = material.draws[material.draws["is_valid"].astype(bool) & (material.draws["group"] == best)]
    ever = kept["patient_id"].isin(draws["patient_id"])
    named = kept.assign(
        months=_months(kept["ended_on"] - kept["baseline_on"]),
        group=pd.Categorical(
            ever.map(dict(zip((True, False), naive_names(request.clearance.scheme), strict=True))),
            categories=list(naive_names(request.clearance.scheme)),
        ),
    )
    return Followed(kept=_finished(named), excluded=excluded, n_cohort=len(material.patients))


def naive_names(scheme: Scheme) -> tuple[str, str]:
    """Names of both groups of the biased comparison."""
    best = next(iter(scheme.categories.values()))
    return f"{best} at any time", f"{best} at no time"


def _at_one_moment(
    material: Material, request: AfterDrawRequest, select: Select, *, counts_unfollowed: bool = False
) -> Followed:
    patients, excluded = _apart(material.patients)
    found = select(patients, material.draws)
    excluded |= found.excluded_counts
    kept = found.kept
    comparable = kept["group"] != NOT_EVALUABLE
    suspected = comparable & kept["is_suspicion"].astype("boolean").fillna(value=False).astype(bool)
    names = request.clearance.scheme.categories
    suspicion = _suspicion(kept.loc[comparable, "group"].map(names), suspected[comparable], names=names)
    left_out = suspected & request.leaves_out_suspicion
    without_ratio = ~comparable & kept["is_without_ratio"].astype(bool)
    excluded |= _counts(
        {
            NOT_COMPARABLE: int((~comparable & ~without_ratio).sum()),
            NO_RATIO: int(without_ratio.sum()),
            SUSPICION: int(left_out.sum()),
        }
    )
    unfollowed = _unfollowed(found, names) if counts_unfollowed else {}
    by_group = {CENSORED_BEFORE: unfollowed} if unfollowed else {}
    if left_out.any():
        by_group[SUSPICION] = {name: k for name, (k, _n) in suspicion.items() if k}
    kept = kept[comparable & ~left_out]
    named = kept.assign(
        months=kept["time"] / DAYS_PER_MONTH,
        group=pd.Categorical(kept["group"].map(names), categories=list(names.values())),
    )
    return Followed(
        kept=_finished(named),
        excluded=excluded,
        n_cohort=len(material.patients),
        by_group=by_group,
        suspicion=suspicion,
    )


def _suspicion(
    groups: pd.Series, is_suspected: pd.Series, *, names: Mapping[str, str]
) -> dict[str, tuple[int, int]]:
    """Draws near progression or for suspicion of it, and all, by what they showed, in order of `names`."""
    counted = is_suspected.astype(int).groupby(groups.astype(object)).agg(["sum", "count"])
    shown = {str(name): (int(k), int(n)) for name, k, n in counted.itertuples()}
    return {name: shown[name] for name in names.values() if name in shown}


def _unfollowed(found: LandmarkSelection, names: Mapping[str, str]) -> dict[str, int]:
    """Patients last seen before their second draw, by what it showed: one group may lose more."""
    groups = found.excluded.loc[found.excluded["reason"] == CENSORED_BEFORE, "group"]
    shown = groups.map(names).fillna(WITHOUT_GROUP).value_counts().to_dict()
    return {name: int(shown[name]) for name in (*names.values(), WITHOUT_GROUP) if name in shown}


def _apart(patients: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Patients with a detected pre-treatment baseline who are followed, and the others by reason, counted."""
    why = patients["without_baseline"]
    has_end = (patients["status"] != "NOT_AT_RISK") & patients["ended_on"].notna()
    lost = why.isna() & ~has_end
    counts = {str(reason): int(n) for reason, n in why.value_counts().items()}
    return patients[why.isna() & has_end], _counts({**counts, NOT_FOLLOWED: int(lost.sum())})


def _changes(draws: pd.DataFrame, patients: pd.DataFrame, request: AfterDrawRequest) -> pd.DataFrame:
    """What each valid draw showed and when, in days from the baseline draw; NOT_EVALUABLE for no comparison.

    A draw on the day the patient's time ends, or later, moves nobody and is left away. Of two draws of one
    day, one of a new assay beside the old, the one that can be compared speaks.
    """
    valid = draws[draws["is_valid"].astype(bool)]
    joined = valid.merge(patients[["patient_id", "baseline_on", "time"]], on="patient_id")
    is_known = joined["group"].isin(list(request.clearance.scheme.categories))
    timed = joined.assign(
        since=(joined["collected_on"] - joined["baseline_on"]).dt.days,
        state=joined["group"].where(is_known, NOT_EVALUABLE),
        is_known=is_known,
    )
    return timed[timed["since"] < timed["time"]].sort_values("is_known", kind="stable")


def _months(apart: pd.Series) -> pd.Series:
    return apart.dt.days / DAYS_PER_MONTH


def _finished(kept: pd.DataFrame) -> pd.DataFrame:
    """The columns every estimate needs; groups without a patient left away."""
    named = kept.assign(entry_months=0.0, is_event=kept["event_observed"].astype(bool))
    named["group"] = named["group"].cat.remove_unused_categories()
    return named.reset_index(drop=True)


def _counts(counts: dict[str, int]) -> dict[str, int]:
    return {reason: n for reason, n in counts.items() if n}
