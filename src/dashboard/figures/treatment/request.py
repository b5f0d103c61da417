"""What the treatment page counts: a cohort, its lines, courses of local treatment, and times from a line."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, SupportsFloat

import pandas as pd

from dashboard.charts.theme import ThemeName
from dashboard.figures.figure import Figure, footer_of
from dashboard.figures.study_guards import counts_only_below, study_guards
from dashboard.stats import Guards
from dashboard.store.asked import asked_once
from dashboard.store.reader import Reader
from dashboard.studies.choices import PERCENT_FROM
from dashboard.studies.cohort import Cohort
from dashboard.studies.endpoints import Endpoint
from dashboard.studies.schema import Study
from dashboard.tables.overview_baseline import Variable
from dashboard.tables.treatment_names import LineNames, line_names

FOLDER = Path(__file__).parent
ENROLLED = "select count(*) as n from usable_patient where enrolled_on is not null /* and cohort */"
FROM_A_LINE = frozenset({"line_start", "class_start", "index_treatment_start"})
LOCAL_PROGRESSION = frozenset({"local_progression"})
SYSTEMIC = frozenset({"systemic_start"})


@cache
def treatment_sql(name: str) -> str:
    """The query treatment_<name>.sql of this package."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


COURSES = treatment_sql("course")


@dataclass(frozen=True, kw_only=True)
class TreatmentRequest:
    """Whose treatment is counted, and the numbers of the study it is counted by.

    `by_class` names lines by drug classes instead of drugs. `endpoints` are the times from the start of a
    line; `local_control` and `to_systemic` those of lesions and of local treatment, None where the study has
    none. `bed_from_gy` and `bed_to_gy` are the window of the protocol for BED10.
    """

    cohort: Cohort = Cohort()
    cohort_line: str = ""
    guards: Guards = Guards()
    counts_only_below: int = PERCENT_FROM
    by_class: bool = False
    key_class: str | None = None
    combination_days: int = 28
    add_on_days: int = 90
    switch_gap_days: int = 90
    discontinuation_gap_days: int = 120
    grace_days: int = 28
    stale_days: int = 90
    ecog_after_days: int = 28
    endpoints: tuple[Endpoint, ...] = ()
    local_control: Endpoint | None = None
    to_systemic: Endpoint | None = None
    bed_from_gy: float | None = None
    bed_to_gy: float | None = None
    theme: ThemeName = "light"

    @property
    def named_by(self) -> str:
        """What lines are named by, for foot and name of a file: "named by drugs"."""
        return "named by drug classes" if self.by_class else "named by drugs"


def treatment_request(study: Study, *, cohort: Cohort, cohort_line: str = "") -> TreatmentRequest:
    """The request of a study, with its own numbers; `cohort_line` is for the footer."""
    return TreatmentRequest(
        cohort=cohort,
        cohort_line=cohort_line,
        guards=study_guards(study),
        counts_only_below=counts_only_below(study),
        key_class=study.lines.key_class,
        combination_days=study.lines.line_combination_days,
        add_on_days=study.lines.add_on_days,
        switch_gap_days=study.lines.switch_gap_days,
        discontinuation_gap_days=study.lines.discontinuation_gap_days,
        grace_days=study.lines.index_grace_days,
        stale_days=study.follow_up.contact_stale_on_treatment_days,
        ecog_after_days=study.follow_up.laboratory_screening_days,
        endpoints=line_endpoints(study),
        local_control=_first(study, LOCAL_PROGRESSION, per="lesion"),
        to_systemic=_first(study, SYSTEMIC, per="patient"),
        bed_from_gy=_plain(study.local_therapy.bed_from_gy),
        bed_to_gy=_plain(study.local_therapy.bed_to_gy),
    )


def _plain(dose_gy: SupportsFloat | None) -> float | None:
    return None if dose_gy is None else float(dose_gy)


def line_endpoints(study: Study) -> tuple[Endpoint, ...]:
    """Times from the start of a line or its key class (A9); variants and survival to death alone left out."""
    return tuple(
        one
        for one in study.endpoints
        if one.sensitivity_of is None
        and {rule.milestone for rule in one.origin} <= FROM_A_LINE
        and {rule.milestone for rule in one.events} != {"death"}
        and not any(rule.is_shifted for rule in one.origin)
    )


def _first(study: Study, events: frozenset[str], *, per: str) -> Endpoint | None:
    """The first endpoint with these events alone; None where the study has none."""
    for one in study.endpoints:
        if (
            one.sensitivity_of is None
            and one.per == per
            and {rule.milestone for rule in one.events} == events
        ):
            return one
    return None


def ask(reader: Reader, request: TreatmentRequest, name: str, **values: Any) -> pd.DataFrame:
    """Rows of treatment_<name>.sql for the cohort of the request."""
    found = request.cohort.narrow(treatment_sql(name))
    return reader.rows(found.sql, {**values, **found.values})


def enrolled_patients(reader: Reader, request: TreatmentRequest) -> int:
    """Enrolled patients of the cohort: the denominator of the page."""
    found = request.cohort.narrow(ENROLLED)
    return int(reader.records(found.sql, found.values)[0]["n"])


def names_of_lines(reader: Reader, request: TreatmentRequest, *, by_class: bool) -> LineNames:
    """Name of every patient's line in drugs, or in drug classes; patients outside the cohort too."""
    return _names_of_lines(reader, by_class, request.combination_days)


@asked_once
def _names_of_lines(reader: Reader, by_class: bool, combination_days: int) -> LineNames:
    """A name rests on the patient's own courses alone: kept, so that no other cohort asks for it again."""
    courses = reader.records(COURSES)
    return line_names(courses, by_class=by_class, combination_days=combination_days)


def treatment_figure(
    reader: Reader, request: TreatmentRequest, *, group: Variable | None = None, of: str = "", **parts: Any
) -> Figure:
    """A figure with the footer of the request and the caution of `group`; `parts` are its other fields.

    `of` says in the footer what the numbers differ by beside the cohort.
    """
    words = request.cohort_line or f"cohort: {request.cohort.words()}"
    return Figure(
        **{"spec": {}, "caption": "", "method": "", "alt": "", **parts},
        footer=f"{footer_of(reader.snapshot)} · {words}",
    ).with_note(" · ".join(note for note in (of, group.caution if group else "") if note))
