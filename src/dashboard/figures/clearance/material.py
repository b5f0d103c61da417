"""What the analyses of later draws share: the rows they read, and who can be judged at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from dashboard.figures.clearance.request import AfterDrawRequest, ask
from dashboard.store.asked import Question, hearing
from dashboard.store.reader import Reader

NOT_FOLLOWED = "NOT_FOLLOWED"
NOT_COMPARABLE = "NOT_COMPARABLE"
NO_RATIO = "NO_RATIO"
NOT_EVALUABLE = "NOT_EVALUABLE"
EVENT_BEFORE = "EVENT_BEFORE_ORIGIN"
CENSORED_BEFORE = "CENSORED_BEFORE_ORIGIN"


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


def near_suspicion(
    groups: pd.Series, is_suspected: pd.Series, *, names: Mapping[str, str]
) -> dict[str, tuple[int, int]]:
    """Draws near progression or for suspicion of it, and all, by what they showed, in order of `names`."""
    counted = is_suspected.astype(int).groupby(groups.astype(object)).agg(["sum", "count"])
    shown = {str(name): (int(k), int(n)) for name, k, n in counted.itertuples()}
    return {name: shown[name] for name in names.values() if name in shown}


def eligible_of(patients: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Patients with a detected pre-treatment baseline who are followed, and the others by reason, counted."""
    why = patients["without_baseline"]
    has_end = (patients["status"] != "NOT_AT_RISK") & patients["ended_on"].notna()
    lost = why.isna() & ~has_end
    counts = {str(reason): int(n) for reason, n in why.value_counts().items()}
    return patients[why.isna() & has_end], without_zeros({**counts, NOT_FOLLOWED: int(lost.sum())})


def without_zeros(counts: dict[str, int]) -> dict[str, int]:
    """Reasons with a patient."""
    return {reason: n for reason, n in counts.items() if n}
