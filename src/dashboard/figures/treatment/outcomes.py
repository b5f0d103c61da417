"""Times from the start of a line, one row per time and line under its own name (A9)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.survival.curves import survival_figure
from dashboard.figures.survival.medians import several_medians
from dashboard.figures.survival.next_line import next_line_sentence
from dashboard.figures.survival.request import (
    SurvivalRequest,
    followed,
    survival_rows,
)
from dashboard.figures.treatment.request import TreatmentRequest, ask, enrolled_patients, treatment_figure
from dashboard.store.reader import Reader
from dashboard.studies.endpoints import Endpoint
from dashboard.tables.overview_baseline import Variable
from dashboard.tables.survival import GroupNumbers
from dashboard.tables.treatment_outcomes import Outcome, outcomes_table

MOST_LINES = 4
AT_ENROLMENT = Variable(
    "index_line",
    "line",
    "Line at enrolment",
    {str(line): f"Line {line}" for line in range(1, 21)},
    missing="No line by then",
)
# Asks what came after progression, whatever times the study itself measures (A9).
NEXT_LINE = Endpoint.model_validate(
    {
        "id": "NEXT_LINE",
        "label": "Next line",
        "per": "line",
        "origin": "line_start",
        "events": "line_start",
        "censor": "known_alive",
    }
)
METHOD = (
    "Kaplan–Meier in months of 30.4375 days with 95 % log-log intervals; patients count as at risk from "
    "the day they join. A median needs {events} events. {enrolment}Each time is defined by the study; see "
    "Survival for the endpoint card and other definitions."
)
ENROLMENT = "Where a time begins with the line at enrolment, each patient is in the row of that line alone. "


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One curve to choose: its name, and what draws it."""

    title: str
    request: SurvivalRequest


def survival_request(request: TreatmentRequest, endpoint: Endpoint, *, line: int | None) -> SurvivalRequest:
    """The same cohort for the figures of survival; by line at enrolment where the time begins there."""
    return SurvivalRequest(
        endpoint=endpoint,
        guards=request.guards,
        grace_days=request.grace_days,
        stale_days=request.stale_days,
        group=AT_ENROLMENT if is_at_enrolment(endpoint) else None,
        cohort=request.cohort,
        cohort_line=request.cohort_line,
        line=line,
        theme=request.theme,
    )


def is_at_enrolment(endpoint: Endpoint) -> bool:
    """Whether the time begins with the line in force at enrolment, whichever that is."""
    return {rule.milestone for rule in endpoint.origin} == {"index_treatment_start"}


def outcome_curves(request: TreatmentRequest, *, lines: list[int]) -> list[Curve]:
    """Every curve there is to choose, in the order of the study; one per line where a time is per line."""
    curves = []
    for endpoint in request.endpoints:
        for line in lines[:MOST_LINES] if endpoint.per == "line" else [None]:
            curves.append(
                Curve(
                    title=endpoint.label if line is None else f"{endpoint.label}, line {line}",
                    request=survival_request(request, endpoint, line=line),
                )
            )
    return curves


def lines_on_record(reader: Reader, request: TreatmentRequest) -> list[int]:
    """Numbers of the lines that somebody of the cohort started."""
    return sorted({int(line) for line in ask(reader, request, "line")["line"]})


@registered("treatment_times", writes_rows=True, key=("outcome", "line"))
def treatment_outcomes(reader: Reader, request: TreatmentRequest) -> Figure:
    """The table of all times from a line; `rows` are its numbers."""
    lines = lines_on_record(reader, request)
    n = enrolled_patients(reader, request)
    curves = outcome_curves(request, lines=lines)
    found = [
        replace(outcome, is_without_next=_is_without_next(curve, outcome.line, last=max(lines, default=0)))
        for curve, numbers in zip(curves, _numbers(reader, curves, request=request), strict=True)
        for outcome in _outcomes(curve, numbers)
    ]
    has_enrolment = any(is_at_enrolment(one) for one in request.endpoints)
    return treatment_figure(
        reader,
        request,
        rows=pd.DataFrame([one.row(n_cohort=n) for one in found]),
        table=outcomes_table(found, n_cohort=n),
        caption=after_progression(reader, request, lines=lines),
        method=METHOD.format(
            events=request.guards.median_min_events, enrolment=ENROLMENT if has_enrolment else ""
        ),
        alt="Times from the start of each line",
    )


def _numbers(reader: Reader, curves: list[Curve], *, request: TreatmentRequest) -> list[list[GroupNumbers]]:
    """Of every curve the numbers of its groups; none where nobody is followed."""
    return several_medians(
        [followed(survival_rows(reader, one.request), group=one.request.group) for one in curves],
        guards=request.guards,
        competes=[bool(one.request.endpoint.competing) for one in curves],
    )


def _outcomes(curve: Curve, numbers: list[GroupNumbers]) -> Iterator[Outcome]:
    """The rows of one curve; by line at enrolment one row per line."""
    request = curve.request
    column = request.endpoint.csv_column
    for one in numbers:
        if request.group is None:
            yield Outcome(label=curve.title, column=column, line=_line(request), numbers=one)
        elif one.group.startswith("Line "):
            label = f"{curve.title}, {one.group.lower()} at enrolment"
            yield Outcome(label=label, column=column, line=int(one.group[5:]), numbers=one)
    if not numbers:
        yield Outcome(label=curve.title, column=column, line=_line(request), numbers=None)


def _is_without_next(curve: Curve, line: int | None, *, last: int) -> bool:
    """Whether the time ends with the next line and nobody of the cohort has a line after this one."""
    ends_with_next = any(rule.milestone == "line_start" for rule in curve.request.endpoint.events)
    return ends_with_next and line is not None and line >= last


def _line(request: SurvivalRequest) -> int | None:
    lines = {rule.absolute_line for rule in request.endpoint.origin}
    return request.line if request.line is not None else next(iter(lines))


def after_progression(reader: Reader, request: TreatmentRequest, *, lines: list[int]) -> str:
    """Beside every time from line 2 on: of those with progression, who reached the next line (A9)."""
    asked = survival_request(request, NEXT_LINE, line=None)
    later = [line for line in lines if line > 1]
    return " ".join(next_line_sentence(reader, replace(asked, line=line)) for line in later)


def outcome_figure(reader: Reader, curve: Curve) -> Figure | None:
    """The curve of one time; None where nobody is followed."""
    return survival_figure(reader, curve.request)
