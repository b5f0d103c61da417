"""Variants on the one-page report: allele fractions as rows, copy number and other origin as notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.tables.formats import NOTHING
from dashboard.tables.patient_timeline import Clock
from dashboard.tables.variants import variant_table

MOST_VARIANTS = 8
FIRST, HIGHEST, LAST = "First, %", "Highest, %", "Last, %"
DATED = (FIRST, HIGHEST, LAST)
VARIANT_COLUMNS = ("Variant", *DATED, "Status")
NEVER = "followed, never detected"
# Between a value and its date in the variant table.
DATE_MARK = " · "
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class VariantWords:
    """Heads and one row per variant, how many more there are, and notes on single variants."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_more: int
    notes: tuple[str, ...]


def variant_words(courses: Sequence[Row], *, clock: Clock, samples: Sequence[Row]) -> VariantWords:
    """In the order of the patient page. A copy number is never mixed with allele fractions (A35).

    A variant that may come from white cells or the germline is never named without the reason (A45).
    """
    table = variant_table(courses, clock=clock, samples=samples)
    table["Variant"] = table["Gene"] + " " + table["Protein change"].str.removeprefix("p.")
    known = [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
    fractions = [row for row in known if row["Copy number"] == NOTHING]
    rows = [_once_dated(row) for row in fractions if row["Status"] != NEVER]
    head, shown = _shared_dates(rows[:MOST_VARIANTS])
    return VariantWords(
        head=head,
        rows=shown,
        n_more=max(0, len(rows) - MOST_VARIANTS),
        notes=(*_never_detected(fractions), *_copy_numbers(known), *_origins(known)),
    )


def _once_dated(row: Row) -> dict[str, str]:
    """The highest without its date where it is the first or the last result, which has it."""
    highest = str(row[HIGHEST])
    if highest in (row[FIRST], row[LAST]):
        highest = highest.partition(DATE_MARK)[0]
    return {**{name: str(row[name]) for name in VARIANT_COLUMNS}, HIGHEST: highest}


def _shared_dates(rows: Sequence[dict[str, str]]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Heads and rows without empty columns; a date that a whole column shares stands in its head."""
    if all(row[FIRST] == row[LAST] for row in rows):
        # One sample: said once.
        rows = [{**row, FIRST: NOTHING, HIGHEST: NOTHING} for row in rows]
    heads = {name: name.removesuffix(", %") for name in VARIANT_COLUMNS}
    shown = [dict(row) for row in rows]
    for name in DATED:
        dates = {row[name].partition(DATE_MARK)[2] for row in rows if row[name] != NOTHING}
        shared = dates.pop() if len(dates) == 1 else ""
        if shared:
            heads[name] += f", {shared}"
            shown = [{**row, name: row[name].partition(DATE_MARK)[0]} for row in shown]
    kept = [name for name in VARIANT_COLUMNS if any(row[name] != NOTHING for row in rows)]
    return tuple(heads[name] for name in kept), tuple(tuple(row[name] for name in kept) for row in shown)


def _never_detected(fractions: Sequence[Row]) -> list[str]:
    """For instance "Followed, never detected, last sample 19 Jan 2026: APC R1450*, KRAS G12D"."""
    found: dict[str, list[str]] = {}
    for row in fractions:
        if row["Status"] == NEVER:
            found.setdefault(str(row[LAST]), []).append(str(row["Variant"]))
    return [f"{NEVER.capitalize()}, {_last_words(last)}: {', '.join(names)}" for last, names in found.items()]


def _last_words(last: str) -> str:
    outcome, _mark, day = last.partition(DATE_MARK)
    return f"last sample {day}" if outcome == "not detected" else f"{outcome} {day}".strip()


def _copy_numbers(known: Sequence[Row]) -> list[str]:
    """For instance "Copy number: FGFR1 amplified (CN 6.9) · 5 Dec 2025, detected again"."""
    found = [row for row in known if row["Copy number"] != NOTHING]
    return [f"Copy number: {row['Gene']} {row['Copy number']}, {row['Status']}" for row in found]


def _origins(known: Sequence[Row]) -> list[str]:
    """For instance "TP53 R282W: possible clonal haematopoiesis (by its gene alone, TP53; …)"."""
    flagged = [(row["Variant"], str(row["Possible other origin"])) for row in known]
    return [f"{name}: {words[:1].lower()}{words[1:]}" for name, words in flagged if words != NOTHING]
