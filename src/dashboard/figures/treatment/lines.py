"""Lines of therapy: how many started each, why it stopped, what was given, which rules decided (A14)."""

import pandas as pd

from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.survival.medians import several_medians
from dashboard.figures.survival.request import ALL
from dashboard.figures.treatment.request import (
    TreatmentRequest,
    ask,
    enrolled_patients,
    names_of_lines,
    treatment_figure,
)
from dashboard.figures.treatment.stopped_drugs import stopped_drugs
from dashboard.stats import DAYS_PER_MONTH
from dashboard.store.reader import Reader
from dashboard.tables.formats import format_count
from dashboard.tables.survival import GroupNumbers
from dashboard.tables.treatment import (
    line_counts,
    lines_table,
    regimen_counts,
    regimen_table,
    with_after,
)
from dashboard.tables.treatment_names import NOT_NAMED

LINES_METHOD = (
    "Lines as recorded, else by the rules of the study. Per cent of the patients who started the line. A "
    "patient counts once after each line: next line started, else died, else not followed any more "
    "(withdrew consent, lost or transferred to other care), else treatment goes on, else no further line "
    "recorded. Median time on treatment by Kaplan–Meier from the first dose of the line to its last, "
    "patients joining at enrolment; "
    "a stop counts, on the day of the last dose, once another line began, the patient died, or the last "
    "contact is {gap_days} days or more after the last dose. A recorded stop without any of these is not yet "
    "counted: the line is then censored at its last dose. Time on treatment is of the line: it runs on while "
    "any of its drugs is given. A drug stopped for toxicity while the line went on without it has its own "
    "row; the line has not stopped by it."
)
SAME_NUMBER = (
    "Overview counts these patients without a filter; Response counts those of them whose line it shows."
)
REGIMENS_METHOD = (
    "Generic names of the drugs given against the tumour; supportive drugs are left out. Drugs begun at "
    "most {combination_days} days apart, or given on beside each other for longer, are one regimen; others "
    "of the same line follow with “then”. What is all part of another course of the line is not named "
    "again."
)


def lines_at_data_cut(reader: Reader, request: TreatmentRequest) -> pd.DataFrame:
    """The rows of treatment line.sql; a line goes on only in a patient still followed, as on every page."""
    rows = ask(reader, request, "line")
    dropped = stopped_drugs(reader, request)
    keys = set(zip(dropped["patient_id"], dropped["line"], strict=True))
    return rows.assign(
        has_stopped_drug=[key in keys for key in zip(rows["patient_id"], rows["line"], strict=True)],
    )


def line_rows(reader: Reader, request: TreatmentRequest) -> pd.DataFrame:
    """One row per patient and line of line.sql, with `after` and the name of the `regimen`."""
    rows = with_after(lines_at_data_cut(reader, request))
    names = names_of_lines(reader, request, by_class=request.by_class)
    keys = zip(rows["patient_id"].tolist(), rows["line"].tolist(), strict=True)
    return rows.assign(regimen=[names.get(key, NOT_NAMED) for key in keys])


@registered("treatment_lines", writes_rows=True, key=("line", "measure"))
def treatment_lines(reader: Reader, request: TreatmentRequest) -> Figure:
    """Lines side by side; `rows` are the counts."""
    lines = with_after(lines_at_data_cut(reader, request))
    counts = line_counts(lines)
    medians = time_on_treatment(lines, request=request)
    return treatment_figure(
        reader,
        request,
        rows=counts,
        table=lines_table(counts, medians=medians, counts_only_below=request.counts_only_below),
        caption=" ".join(
            (_started_words(lines, n=enrolled_patients(reader, request)), stop_words(lines, request))
        ),
        method=LINES_METHOD.format(gap_days=request.discontinuation_gap_days),
        alt="Lines of therapy: patients who started, stopped and went on",
    )


def _started_words(lines: pd.DataFrame, *, n: int) -> str:
    started = lines["patient_id"].nunique()
    by_line = lines[lines["after"] == "ongoing"].groupby("line").size()
    parts = ", ".join(f"line {line} {k}" for line, k in by_line.items())
    have = "has" if started == 1 else "have"
    said = f"{started} of {format_count(n, 'patient')} {have} a line of systemic therapy on record."
    if not parts:
        return f"{said} None of them is on treatment at the data cut."
    return (
        f"{said} On treatment at the data cut, each counted in the last line: {int(by_line.sum())} "
        f"({parts}). {SAME_NUMBER}"
    )


def stop_words(lines: pd.DataFrame, request: TreatmentRequest) -> str:
    """When a stop counts as the end, and the recorded stops that do not count yet, by line."""
    followed = _followed(lines)
    waits = followed["has_recorded_stop"].astype(bool) & ~followed["is_discontinued"].astype(bool)
    by_line = followed[waits].groupby("line").size()
    parts = ", ".join(f"line {line} {k}" for line, k in by_line.items())
    named = f" ({parts})" if parts else ""
    return (
        "Time on treatment is of the line: it runs on while any of its drugs is given. "
        "It counts a recorded stop as the end only once another line began, the patient died "
        f"or the last contact is {request.discontinuation_gap_days} days or more after the last dose. "
        f"Recorded stops not yet counted: {waits.sum()} of the {followed['has_recorded_stop'].sum()} "
        f"in lines followed after the patient joined{named}."
    )


def _followed(lines: pd.DataFrame) -> pd.DataFrame:
    return lines[lines["duration_days"].fillna(-1) > lines["entry_days"].where(lines["entry_days"] > 0, -1)]


def time_on_treatment(lines: pd.DataFrame, *, request: TreatmentRequest) -> dict[int, GroupNumbers]:
    """Time on treatment of each line with those followed after they joined; no line without such patients."""
    followed = _followed(lines)
    lines_followed = {int(str(line)): _in_months(own) for line, own in followed.groupby("line", sort=True)}
    numbers = several_medians(
        list(lines_followed.values()), guards=request.guards, competes=[False] * len(lines_followed)
    )
    return {line: one for line, (one,) in zip(lines_followed, numbers, strict=True)}


def _in_months(own: pd.DataFrame) -> pd.DataFrame:
    return own.assign(
        months=own["duration_days"].astype("float64") / DAYS_PER_MONTH,
        entry_months=own["entry_days"].astype("float64") / DAYS_PER_MONTH,
        is_event=own["is_discontinued"].astype(bool),
        group=pd.Categorical([ALL] * len(own)),
    )


@registered("treatment_regimens", writes_rows=True, key=("line", "regimen"))
def treatment_regimens(reader: Reader, request: TreatmentRequest) -> Figure:
    """Regimens of each line, the top six and the others; `rows` are all of them."""
    counts = regimen_counts(line_rows(reader, request))
    return treatment_figure(
        reader,
        request,
        rows=counts,
        table=regimen_table(counts, counts_only_below=request.counts_only_below),
        caption="Of the patients who started the line. Treatment was chosen by the physician.",
        method=REGIMENS_METHOD.format(combination_days=request.combination_days),
        alt="Regimens of each line of therapy",
        of=request.named_by,
    )
