"""Small ctDNA series: a test states draws and variants, earlier marts are given as rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from dashboard.marts.build import build_marts
from tests.builders import day, lent_inputs, marts_behind, run_mart

Row = Mapping[str, Any]
CTDNA_MARTS = (
    "ctdna_quantity",
    "ctdna_series",
    "ctdna_timing",
    "ctdna_level",
    "ctdna_state",
    "molecular_response",
    "variant_sample",
    "variant_course",
    "ctdna_basis",
)
FIXED = {"panel": "fixed", "assay": "capture", "tracks": "fixed_panel"}
FOLLOWED = {
    "panel": "followed",
    "assay": "bespoke",
    "tracks": "tumour_informed",
    "is_white_cell_filtered": True,
}
ORDERS = {
    "variant_course": "gene, variant",
    "variant_sample": "gene, variant, draw_no",
    "ctdna_line_level": "sample_id",
}
LINE_COLUMNS = (
    "patient_id varchar, line integer, started_on date, last_dose_on date, ended_on date, "
    "is_ongoing boolean, next_started_on date"
)
LOCAL_COLUMNS = "patient_id varchar, course integer, started_on date, ended_on date"


def line(number: int, start: int, last_dose: int | None = None, patient: str = "P1") -> Row:
    """Line of therapy from study day `start`; ongoing where no last dose is given."""
    ended = None if last_dose is None else day(last_dose)
    return {
        "patient_id": patient,
        "line": number,
        "started_on": day(start),
        "last_dose_on": ended,
        "ended_on": ended,
        "is_ongoing": last_dose is None,
    }


def draw(name: str, on: int, status: str = "detected", **values: Any) -> Row:
    """Sample of P1 on the fixed panel, drawn on study day `on`."""
    return {
        "sample_id": name,
        "patient_id": "P1",
        "collected_on": day(on),
        "status": status,
        "assay": "capture",
        "panel": "fixed",
        **values,
    }


def maf(sample: str, ppm: float | None, gene: str = "KRAS", change: str = "p.G12D", **values: Any) -> Row:
    """Variant of a sample; no number means not detected unless a status is given."""
    return {
        "sample_id": sample,
        "gene": gene,
        "variant": change,
        "status": "not_detected" if ppm is None else "detected",
        "maf_ppm": ppm,
        **values,
    }


def series(*results: tuple[int, float | str]) -> dict[str, list[Row]]:
    """Samples and variants of P1 from (study day, MAF in ppm or a status)."""
    samples, variants = [], []
    for number, (on, result) in enumerate(results, start=1):
        name = f"S{number}"
        if isinstance(result, str):
            samples.append(draw(name, on, result))
        else:
            samples.append(draw(name, on))
            variants.append(maf(name, result))
    return {"ctdna_sample": samples, "variant": variants}


def _stub(connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Iterable[Row]) -> None:
    connection.execute(f"create table {name} ({columns})")
    for row in rows:
        marks = ", ".join("?" for _ in row)
        connection.execute(f"insert into {name} ({', '.join(row)}) values ({marks})", list(row.values()))


def _filled(tables: Mapping[str, Iterable[Row]]) -> dict[str, Iterable[Row]]:
    """Without a patient given, P1 enrolled on day 0."""
    patient = {"patient_id": "P1", "enrolled_on": day(0)}
    return {"patient": [patient], "assay_panel": [FIXED, FOLLOWED], **tables}


@contextmanager
def inputs(
    tables: Mapping[str, Iterable[Row]], *, lines: Sequence[Row] = (), local_courses: Sequence[Row] = ()
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Inputs of the ctDNA marts; without a patient given, P1 enrolled on day 0."""
    with lent_inputs(_filled(tables)) as connection:
        _stub(connection, "line_of_therapy", LINE_COLUMNS, lines)
        _stub(connection, "local_course", LOCAL_COLUMNS, local_courses)
        yield connection


def build(connection: duckdb.DuckDBPyConnection, mart: str) -> None:
    """The mart and those of ctDNA that it reads."""
    build_marts(connection, names=[name for name in marts_behind(mart) if name in CTDNA_MARTS])


def rows_of(
    mart: str,
    columns: str,
    tables: Mapping[str, Iterable[Row]],
    *,
    lines: Sequence[Row] = (),
    local_courses: Sequence[Row] = (),
) -> list[Any]:
    """Rows of one ctDNA mart in the order of its key; bare values where one column is asked for."""
    order = ORDERS.get(mart, "collected_on, sample_id")
    given = {**_filled(tables), "line_of_therapy": lines, "local_course": local_courses}
    found = run_mart(mart, given, columns=columns, order_by=order)
    return [row[0] if len(row) == 1 else row for row in found]
