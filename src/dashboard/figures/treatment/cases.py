"""Which rules for lines of therapy decided: their cases, each with its patients (A14)."""

import pandas as pd

from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.treatment.request import TreatmentRequest, ask, treatment_figure
from dashboard.store.reader import Reader
from dashboard.studies import vocabulary
from dashboard.tables.treatment import Case, cases_table

METHOD = "Patients of the cohort with the case in any of their lines; a patient may be in several rows."
WITH_LINE = "with a line"


@registered("treatment_cases", writes_rows=True, key=("case",))
def treatment_cases(reader: Reader, request: TreatmentRequest) -> Figure:
    """The cases of the line rules (A14), each with its patients and what follows from it."""
    cases = line_cases(ask(reader, request, "line"), request=request)
    rows = pd.DataFrame([{"case": one.code, "n": one.k, "of_n": one.n} for one in cases])
    return treatment_figure(
        reader,
        request,
        rows=rows.astype({"n": "Int64"}),
        table=cases_table(cases, counts_only_below=request.counts_only_below),
        caption=METHOD,
        method=METHOD,
        alt="Cases of the rules for lines of therapy",
    )


def line_cases(lines: pd.DataFrame, *, request: TreatmentRequest) -> list[Case]:
    """Every case with its patients of all with a line; those of the key class only where there is one."""
    of_class = [*_added_cases(lines, request=request), *_course_cases(lines, request=request)]
    return [
        *(of_class if request.key_class else []),
        _switch_case(lines, request=request),
        _progression_case(lines),
        _recorded_case(lines),
    ]


def _class_name(request: TreatmentRequest) -> str:
    return vocabulary.DRUG_CLASSES.get(request.key_class or "", "")


def _added_cases(lines: pd.DataFrame, *, request: TreatmentRequest) -> list[Case]:
    """The key class added to endocrine therapy already running: in all, and later than the days allowed."""
    n, name, days = _with_line(lines), _class_name(request), request.add_on_days
    added, late = _patients(lines, "is_class_added"), _patients(lines, "needs_ruling")
    return [
        Case(
            code="class_added",
            label=f"{name} added to running endocrine therapy",
            k=added,
            n=n,
            of_whom=WITH_LINE,
            meaning=f"Same line; PFS begins with the first dose of the {name}. "
            f"Within {days} days: {added - late}; later: {late}.",
        ),
        Case(
            code="needs_ruling",
            label=f"{name} added after more than {days} days",
            k=late,
            n=n,
            of_whom=WITH_LINE,
            meaning="Needs a ruling by the PI; counted as the same line until then.",
        ),
    ]


def _course_cases(lines: pd.DataFrame, *, request: TreatmentRequest) -> list[Case]:
    """Changes within a line of the key class that begin no new one."""
    n, name = _with_line(lines), _class_name(request)
    return [
        Case(
            code="induction_maintenance",
            label=f"Chemotherapy, then {name} as maintenance",
            k=_patients(lines, "is_induction_maintenance"),
            n=n,
            of_whom=WITH_LINE,
            meaning=f"One line, chemotherapy included. Whether it counts as first-line {name} is for the PI.",
        ),
        Case(
            code="ctdna_guided_switch",
            label="Endocrine partner changed for ctDNA (ESR1-guided)",
            k=_patients(lines, "is_esr1_guided_switch"),
            n=n,
            of_whom=WITH_LINE,
            meaning="Same line: no progression before the change.",
        ),
    ]


def _switch_case(lines: pd.DataFrame, *, request: TreatmentRequest) -> Case:
    return Case(
        code="switch_in_class",
        label="Switch within the class without progression",
        k=_patients(lines, "is_switched_in_class"),
        n=_with_line(lines),
        of_whom=WITH_LINE,
        meaning=f"Same line where the pause is at most {request.switch_gap_days} days.",
    )


def _progression_case(lines: pd.DataFrame) -> Case:
    return Case(
        code="beyond_progression",
        label="Treated beyond progression",
        k=_patients(lines, "treated_beyond_progression"),
        n=_patients(lines, "has_progressed"),
        of_whom="with progression on a line",
        meaning="Same line: the progression counts for PFS, time to discontinuation runs on.",
    )


def _recorded_case(lines: pd.DataFrame) -> Case:
    return Case(
        code="recorded_disagrees",
        label="Recorded lines differ from the rules",
        k=_patients(lines, "recorded_disagrees"),
        n=_with_line(lines),
        of_whom=WITH_LINE,
        meaning="The recorded line counts.",
    )


def _with_line(lines: pd.DataFrame) -> int:
    return int(lines["patient_id"].nunique())


def _patients(lines: pd.DataFrame, column: str) -> int:
    return int(lines.loc[lines[column].fillna(value=False).astype(bool), "patient_id"].nunique())
