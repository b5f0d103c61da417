"""The worklist: patients with a reason to look, across the granted studies, one line each."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pandas as pd

from dashboard.figures.figure import Figure, code_of, footer_of
from dashboard.figures.worklist.reasons import (
    ACTION_OVERDUE,
    STOPPED,
    Entry,
    Row,
    Written,
    entries,
    reason_key,
    standing_reasons,
)
from dashboard.store.diff import Kind, study_changes
from dashboard.store.reader import Reader
from dashboard.studies import vocabulary
from dashboard.tables.formats import NOTHING, format_date
from dashboard.tables.header_ctdna import last_two_results
from dashboard.tables.response_words import last_scan_words
from dashboard.tables.worklist import REASONS, change, day_words, line_words, rule_words, why

SQL, PATIENTS, SUMMARIES = (
    (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
    for name in ("listed", "patient", "summary")
)
COUNT = "select count(*) as n_patients from reason_to_look_patient"
PROGRESSIONS = "select distinct patient_id, assessed_on from overall_response where response = 'PD'"
VARIANTS = "select patient_id, gene || ' ' || variant as name from variant_course where n_detected > 0"
NARROWEST_DAYS, WIDEST_DAYS = 14, 84
CAPTION = (
    "A patient stands here once, under the first reason that applies; + counts the further ones. Pointing at "
    "a reason, or Mark reviewed, shows all of it. Choosing a reason shows everybody to whom it applies. Ages "
    "in days are counted to the last day that was observed."
)
METHOD = (
    "Twelve reasons in a fixed order. ctDNA and imaging are compared within the pairing window, in the same "
    "line and with no progression or treatment change between the two. A progression is new until a decision "
    "or a review is recorded, other treatment begins, or the treatment it ended has long been stopped: then "
    "the patient stands under Stopped, no next step, and the row says so. Patients who died, withdrew "
    "or left the study do not appear. A reviewed row stays away until something new arrives for that patient."
)
Order = Literal["new", "reason", "date"]


@dataclass(frozen=True, kw_only=True)
class WorklistRequest:
    """What to list. `window_days`: the pairing window for every study; None = each study's own.

    `reason_no`: only patients to whom this reason applies, shown under it; None = all. `search`: only those
    with this text in id, tumour or one of their lines.
    """

    window_days: int | None = None
    reason_no: int | None = None
    order: Order = "new"
    shows_reviewed: bool = False
    search: str = ""


@dataclass(frozen=True, kw_only=True)
class StudyList:
    """One study of the worklist: its rows, what people wrote, and what was there before.

    `earlier` is the data cut looked at before this one; None marks nothing as new. `earlier_on`: the day of
    that look. What is new stays so until it is reviewed or a newer data cut comes, however often somebody
    looks; `looked_on` is the day of the last look.
    """

    reader: Reader
    short_title: str
    written: Written
    earlier: Reader | None = None
    looked_on: dt.date | None = None
    earlier_on: dt.date | None = None
    is_study_time: bool = False


def has_reasons(reader: Reader) -> bool:
    """Whether the data cut was built with the worklist; older ones have to be built again."""
    return reader.has_table("reason_to_look")


def n_patients(studies: Iterable[StudyList]) -> int:
    """Patients who may stand on the worklist: enrolled, alive and on study."""
    return sum(study.reader.records(COUNT)[0]["n_patients"] for study in studies)


def study_entries(study: StudyList, *, window_days: int | None) -> list[Entry]:
    """One entry per patient of one study with a reason that stands, hidden ones included."""
    rows = _rows(study.reader, window_days)
    patients = study.reader.records(PATIENTS)
    standing = standing_reasons(rows, patients, written=study.written)
    known = _known(study, standing, window_days=window_days)
    return entries(study.reader.snapshot.study_id, standing, written=study.written, known=known)


def _rows(reader: Reader, window_days: int | None) -> list[Row]:
    return list(reader.records(SQL, {"window_days": window_days}))


def _known(
    study: StudyList, standing: Iterable[Row], *, window_days: int | None
) -> frozenset[tuple[str, int, str]] | None:
    if study.earlier is None or not has_reasons(study.earlier):
        return None
    due = (
        row
        for row in standing
        if row["reason_no"] == ACTION_OVERDUE
        and study.earlier_on is not None
        and row["occurred_on"] < study.earlier_on
    )
    return frozenset(reason_key(row) for row in (*_rows(study.earlier, window_days), *due))


def patients_with_news(before: Reader, after: Reader) -> frozenset[str]:
    """Patients for whom a record came, changed or went between two data cuts; changed rules are no news."""
    return frozenset(
        found.patient_id for found in study_changes(before, after) if found.kind is not Kind.RULE_CHANGED
    )


def known_variants(reader: Reader) -> dict[str, frozenset[str]]:
    """Variants detected so far in a data cut, by patient, as the worklist names them."""
    found: dict[str, set[str]] = {}
    for row in reader.records(VARIANTS):
        found.setdefault(row["patient_id"], set()).add(row["name"])
    return {patient_id: frozenset(names) for patient_id, names in found.items()}


def known_progressions(reader: Reader) -> dict[str, frozenset[dt.date]]:
    """Days of PD recorded so far in a data cut, by patient."""
    found: dict[str, set[dt.date]] = {}
    for row in reader.records(PROGRESSIONS):
        found.setdefault(row["patient_id"], set()).add(row["assessed_on"])
    return {patient_id: frozenset(days) for patient_id, days in found.items()}


def reason_counts(listed: Iterable[Entry]) -> dict[int, int]:
    """Patients to whom each reason applies, in the order of the reasons; 0 is stated."""
    numbers = [number for entry in listed for number in entry.numbers]
    return {number: numbers.count(number) for number in REASONS}


def n_stopped_undecided(listed: Iterable[Entry]) -> int:
    """Patients under number 12 with a progression and no decision: number 1 leaves them to it."""
    stopped = (row for entry in listed for row in entry.reasons if row["reason_no"] == STOPPED)
    return sum(row.get("progressed_on") is not None for row in stopped)


def n_hidden_entries(found: Iterable[Entry], request: WorklistRequest) -> int:
    """Reviewed rows of the request that are not shown."""
    shown = shown_entries(found, replace(request, shows_reviewed=False))
    return len(shown_entries(found, replace(request, shows_reviewed=True))) - len(shown)


def shown_entries(found: Iterable[Entry], request: WorklistRequest) -> list[Entry]:
    """Entries of the request in its order: the chosen reason, and hidden ones only where asked for."""
    listed = [
        entry
        for entry in found
        if (request.shows_reviewed or not entry.is_hidden)
        and (request.reason_no is None or request.reason_no in entry.numbers)
        and _has(entry, request.search.strip().casefold())
    ]
    return sorted(listed, key=lambda entry: _place(entry, request))


def _has(entry: Entry, text: str) -> bool:
    words = [entry.patient_id, _tumour(entry.reasons[0]), *(why(row) for row in entry.reasons)]
    return not text or any(text in word.casefold() for word in words)


def _tumour(row: Row) -> str:
    return vocabulary.TUMOUR_TYPES.get(row["tumour_type"] or "unknown", NOTHING)


def first_reason(entry: Entry, request: WorklistRequest) -> Row:
    """The reason an entry stands under: the chosen one, else the first that applies."""
    chosen = (row for row in entry.reasons if row["reason_no"] == request.reason_no)
    return next(chosen, entry.reasons[0])


def event_days(entry: Entry, request: WorklistRequest) -> tuple[dt.date, ...]:
    """The days that an entry's line is about: that of the event and the one it is compared with."""
    row = first_reason(entry, request)
    return tuple(sorted({day for day in (row["occurred_on"], row["compared_on"]) if day is not None}))


def _place(entry: Entry, request: WorklistRequest) -> tuple[bool, int, int, str, str]:
    row = first_reason(entry, request)
    days_before = -row["occurred_on"].toordinal()
    is_later = request.order == "new" and not entry.is_new
    number = 0 if request.order == "date" else row["reason_no"]
    return is_later, number, days_before, entry.study_id, entry.patient_id


def worklist_figure(studies: Sequence[StudyList], found: Iterable[Entry], request: WorklistRequest) -> Figure:
    """The worklist as rows, table and words. `found` are the entries of all these studies."""
    shown = shown_entries(found, request)
    by_id = {study.reader.snapshot.study_id: study for study in studies}
    rows = [{"study_id": entry.study_id, **row} for entry in shown for row in entry.reasons]
    summaries = {
        (study_id, row["patient_id"]): row
        for study_id, study in by_id.items()
        for row in study.reader.records(SUMMARIES)
    }
    lines = [
        _line(entry, by_id[entry.study_id], request)
        + _course(summaries[entry.study_id, entry.patient_id], by_id[entry.study_id])
        for entry in shown
    ]
    parameters = {"window_days": request.window_days}
    return Figure(
        rows=pd.DataFrame(rows),
        spec={},
        table=pd.DataFrame(lines, columns=COLUMNS),
        caption=CAPTION,
        method=METHOD,
        footer=" | ".join(footer_of(study.reader.snapshot) for study in studies),
        code="\n".join(code_of(study.reader, (SQL, parameters)) for study in studies),
        alt=f"Worklist of {len(shown)} patients",
    )


COLUMNS = [
    "New", "Study", "Patient", "Site", "Tumour", "Line", "No.", "Reason", "Why it is here", "Date",
    "Compared with", "Days", "ctDNA", "Further reasons", "Rule", "Reviewed by", "Reviewed on", "Note",
    "Last ctDNA", "Last ctDNA on", "Last response", "Last scan on",
]  # fmt: skip


def _line(entry: Entry, study: StudyList, request: WorklistRequest) -> list[object]:
    row = first_reason(entry, request)
    further = [REASONS[other["reason_no"]] for other in entry.reasons if other is not row]
    review = entry.review
    return [
        "new" if entry.is_new else "",
        study.short_title,
        entry.patient_id,
        row["site_id"],
        _tumour(row),
        line_words(row),
        row["reason_no"],
        REASONS[row["reason_no"]],
        why(row, beside=entry.reasons),
        *(day_words(row, date, is_study_time=study.is_study_time) for date in ("occurred", "compared")),
        row["n_days"],
        change(row),
        "; ".join(further),
        rule_words(row, is_study_time=study.is_study_time),
        review.reviewed_by if review else "",
        format_date(review.reviewed_on) if review else "",
        review.note if review else "",
    ]


def _course(summary: Row, study: StudyList) -> list[object]:
    """The last two ctDNA results and the last response, each with its date."""
    drawn, scanned = (
        day_words(summary, date, is_study_time=study.is_study_time) for date in ("drawn", "last_scan")
    )
    return [last_two_results(summary), drawn, last_scan_words(summary) or NOTHING, scanned]
