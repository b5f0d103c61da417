"""What the data say of one patient and what is not known: sentences by rule, each with reason and source."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.figures.figure import Figure, code_of, footer_of
from dashboard.figures.patient.report_days import PARTIAL, report_clock
from dashboard.store.reader import Reader
from dashboard.tables.formats import format_count
from dashboard.tables.patient_statements import Statement, statements, statements_table
from dashboard.tables.patient_timeline import Clock

SQL, SOURCES = (
    (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
    for name in ("statements", "statement_sources")
)
# The numbers of the study that the sentences name.
STUDY = (
    "select pairing_days, falling_numerator, falling_denominator, rising_factor, sustained_days, "
    "imaging_overdue_days, response_entry_days, line_combination_days, discontinuation_gap_days, "
    "contact_stale_on_treatment_days, contact_stale_off_treatment_days, "
    "-draw_baseline_from_day as draw_before_days, draw_baseline_to_day, scan_baseline_to_day from study"
)
Row = dict[str, Any]
CAPTION = "Each line follows a stated rule from the rows named. No line is advice."
METHOD = (
    "Rules are applied in a fixed order up to the data cut; a line appears only where its rule is "
    "met. ctDNA and imaging are paired within the study's window. Days are named as on the timeline."
)


@dataclass(frozen=True, kw_only=True)
class StatementsRequest:
    """Whose statements, and how their days are named."""

    patient_id: str
    clock: Clock


@dataclass(frozen=True)
class PatientStatements:
    """Statements of one patient, most important first, and the figure they travel in."""

    statements: tuple[Statement, ...]
    figure: Figure

    def of(self, kind: str) -> list[Statement]:
        """Statements of one card: SAY or UNKNOWN."""
        return [one for one in self.statements if one.kind == kind]


def patient_statements(reader: Reader, request: StatementsRequest) -> PatientStatements:
    """Statements of one patient, none for an id the reader cannot see; the figure has no drawing."""
    parameters = {"patient_id": request.patient_id}
    (numbers,) = reader.records(STUDY)
    found = [row | numbers for row in reader.records(SQL, parameters)]
    rows = _with_sources(found, sources=reader.records(SOURCES, parameters))
    # The statement about a death without an exact day names the day used.
    partial = reader.records(PARTIAL, parameters)
    clock = report_clock(request.clock, partial, subjects=("treatment", "response", "ctdna_sample"))
    said = statements(rows, clock=clock)
    table = statements_table(said)
    figure = Figure(
        rows=pd.DataFrame(rows),
        spec={},
        table=table,
        caption=CAPTION,
        method=METHOD,
        footer=footer_of(reader.snapshot),
        code=code_of(reader, (SQL, parameters), (STUDY, None), (SOURCES, parameters)),
        alt=f"{format_count(len(table), 'statement')}, each with its reason and source rows.",
    )
    return PatientStatements(tuple(said), figure)


def _with_sources(rows: Sequence[Row], *, sources: Sequence[Row]) -> list[Row]:
    """The statements with file and row of the one or two records each rests on; None for one that is gone."""
    read = {(one["source_table"], one["row_key"]): one for one in sources}

    def origin(row: Row, which: str) -> Row:
        own = read.get((row[f"{which}source_table"], row[f"{which}source_key"]), {})
        return {f"{which}{name}": own.get(name) for name in ("source_file", "source_row")}

    return [row | origin(row, "") | origin(row, "other_") for row in rows]
