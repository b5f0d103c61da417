"""What stands below the figures of adverse events: who is counted, from when and how."""

from collections.abc import Sequence

import pandas as pd

from dashboard.figures.safety.request import SafetyRequest
from dashboard.stats.rates import DAYS_PER_YEAR
from dashboard.tables.formats import format_count
from dashboard.tables.safety import first_capital, unit_words

LOWER_BOUNDS = "Adverse events were collected when known (protocol): frequencies are lower bounds."
METHOD = (
    "Patients with at least one dose. {from_when} Written forms of one event are one term; reports of one "
    "term whose dates share a day are one event with the worst grade. An event belongs to the line in force "
    "at its onset, the day of the first dose included, or up to {after_days} days after the last dose "
    "unless the next line has begun. What a patient had before {before} counts only when it became "
    "worse. Each patient counts once per term, at the worst grade; a patient with a grade and a missing "
    "grade stands under the grade. Related: by the investigator's word, with a drug chosen to that "
    "drug; ADR: related to any study drug; unclear: not assessable or not recorded. "
    "Rates: patients with a first event per 100 patient-years at risk, from {risk_from} to the first onset, "
    "to {after_days} days after the last dose or until they left the study, whichever comes first, with the "
    "exact Poisson interval. Drugs are counted with all others given at the time, so their columns are not "
    "a comparison of the drugs."
)
FROM_ENROLMENT = (
    "Events are collected from enrolment: earlier events and earlier days are not counted, and treatment "
    "whose last dose was more than {after_days} days before enrolment is in no denominator."
)
FROM_FIRST_DOSE = "Events are collected from the first dose, also where it was before enrolment."
NONE_UNDER_SYSTEMIC = "No event recorded under systemic therapy; whether they were collected is not known."
NOT_RECORDED = "No event recorded; whether they were collected is not known."


def safety_method(request: SafetyRequest) -> str:
    """How events and days at risk are counted, and from when they are collected."""
    is_late = request.is_from_enrolment
    return METHOD.format(
        after_days=request.after_days,
        from_when=FROM_ENROLMENT.format(after_days=request.after_days) if is_late else FROM_FIRST_DOSE,
        before="treatment or enrolment" if is_late else "treatment",
        risk_from="the first dose or enrolment, whichever is later," if is_late else "the first dose",
    )


def collected_words(request: SafetyRequest) -> str:
    """From when events are collected, and that their frequencies are lower bounds where they are.

    >>> from dashboard.studies.cohort import Cohort
    >>> collected_words(SafetyRequest(cohort=Cohort(), is_from_enrolment=False))
    'Events are collected from the first dose, also where it was before enrolment.'
    """
    late = FROM_ENROLMENT.format(after_days=request.after_days)
    words = late if request.is_from_enrolment else FROM_FIRST_DOSE
    return f"{words} {LOWER_BOUNDS}" if request.is_collected_when_known else words


def silent_lines_words(silent: pd.DataFrame, *, recorded: Sequence[str]) -> str:
    """Which lines of a view have no event of anybody, and of how many of its patients; empty where none is.

    `silent` has one row per patient, unit and line with the days at risk, `recorded` are the lines of these
    patients that have events.
    """
    if silent.empty:
        return ""
    several = silent["line"].nunique() > 1
    alone = f"; {_lines(recorded)} alone {_stand(recorded)} under By line" if recorded else ""
    return (
        f"{_silent_words(silent)} {'They are' if several else 'It is'} in these denominators: frequencies "
        f"and rates are lower bounds{alone}."
    )


def silent_laboratory_words(silent: pd.DataFrame) -> str:
    """The same beside laboratory values, which are counted on those lines too; empty where there are none."""
    if silent.empty:
        return ""
    their = "Their" if silent["line"].nunique() > 1 else "Its"
    return (
        f"{_silent_words(silent)} {their} laboratory values are counted here, so that the reported numbers "
        "beside them are lower bounds."
    )


def _silent_words(silent: pd.DataFrame) -> str:
    patients = silent.groupby("line")["patient_id"].nunique()
    lines = sorted(patients.index, key=int)
    years = float(silent["risk_days"].sum()) / DAYS_PER_YEAR
    people = "patient" if len(lines) == 1 and patients[lines[0]] == 1 else "patients"
    return (
        f"{first_capital(_lines(lines))}: no event recorded in "
        f"{_listed([str(patients[line]) for line in lines])} {people} ({_years(years)} patient-years); "
        "whether events were collected there is not known."
    )


def _years(years: float) -> str:
    return f"{years:,.0f}" if years >= 1 else "< 1"


def _lines(lines: Sequence[str]) -> str:
    return f"line{'s' if len(lines) > 1 else ''} {_listed(lines)}"


def _stand(lines: Sequence[str]) -> str:
    return "stand" if len(lines) > 1 else "stands"


def _listed(words: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def safety_caption(treated: pd.DataFrame, request: SafetyRequest) -> str:
    """Who is counted, for how long, from when, and what the numbers leave out."""
    years = float(treated["risk_days"].sum()) / DAYS_PER_YEAR
    before = int(treated["began_before"].fillna(value=False).sum())
    given = "local treatment" if request.scope == "LOCAL" else "at least one dose"
    when = "from enrolment on" if request.is_from_enrolment else "from the first dose on"
    parts = [
        f"{format_count(len(treated), 'patient')} with {given}, {years:.1f} patient-years at risk; "
        f"events are counted {when}."
    ]
    if before:
        what = "not counted" if request.is_from_enrolment else "counted as far as they are recorded"
        parts.append(
            f"{before} of the {format_count(len(treated), 'patient')} began {_what(request)} before they "
            f"enrolled: events before enrolment are {what}."
        )
    if request.is_collected_when_known:
        parts.append(LOWER_BOUNDS)
    return " ".join(parts)


def _what(request: SafetyRequest) -> str:
    """What the patients of the request began, for instance treatment, line 2, palbociclib."""
    words = unit_words(request.scope, request.unit)
    return "treatment" if request.scope == "ALL" else words[:1].lower() + words[1:]
