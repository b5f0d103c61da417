"""Load one extract: raw text to canonical tables, with the ledger of every source record."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dashboard.extracts.direct import insert_direct
from dashboard.extracts.files import ReadFiles, create_views, read_files
from dashboard.extracts.finish import finish_tables
from dashboard.extracts.ledger import close_ledger, create_tables, note_rows, note_unread, note_unselected
from dashboard.extracts.mapping import Extract, StudyMapping, read_extract, read_mapping
from dashboard.extracts.masking import mask_free_text
from dashboard.extracts.plan import Step, plan_load, unmapped_columns
from dashboard.extracts.problems import ExtractError, Problem
from dashboard.extracts.reference import load_reference
from dashboard.extracts.storage import prepare
from dashboard.extracts.validate import (
    convert_units,
    create_stage,
    finish_stage,
    name_genes,
    set_aside_amended,
    set_aside_unlinked,
    settle_duplicates,
    stage_of,
)
from dashboard.extracts.values import load_macros
from dashboard.model.tables import Table, canonical_tables
from dashboard.studies.schema import Study

STRUCTURAL = "structural_reject"


@dataclass(frozen=True)
class LoadReport:
    """What a load gave: the cut, the files, and how many records went where (the tables have the detail)."""

    cut_off: dt.date
    extracted_at: str
    calendar: str
    files: tuple[str, ...]
    unmapped_files: tuple[str, ...]
    unmapped_columns: tuple[tuple[str, str], ...]
    dropped_columns: tuple[tuple[str, str], ...]
    n_records: int
    n_loaded: int
    n_rejected: int
    n_set_aside: int


def load_extract(
    study_folder: Path,
    extract_folder: Path,
    study: Study,
    connection: duckdb.DuckDBPyConnection,
    layout: str | None = None,
) -> LoadReport:
    """Fill the canonical tables and those of the load: ledger, rejected_row, set_aside_row, unlinked_result,
    source_file, unmapped_column, gene_alias_note.

    Raises ExtractError with every problem that stops a load: a file that cannot be read, a required table or
    column that is missing, dates whose order of day and month is not known.
    """
    mapping, extract = _settings(study_folder, extract_folder, study, layout)
    read, steps = _prepare(connection, mapping, extract, study, folder=extract_folder)
    create_tables(connection)
    for name, table in canonical_tables().items():
        create_stage(connection, table)
        own = [step for step in steps if step.source.table == name]
        for step in own:
            _read(connection, table, step)
        if own:
            _settle(connection, table)
            note_rows(connection, name, [feed for step in own for feed in step.feeds])
        finish_stage(connection, table)
    _account(connection, read, steps)
    finish_tables(connection, cut_off=extract.cut_off, is_relative=extract.calendar == "relative")
    mask_free_text(connection)
    return _report(connection, extract, read, steps)


def _read(connection: duckdb.DuckDBPyConnection, table: Table, step: Step) -> None:
    sql, direct = step.sql, step.direct
    if direct and insert_direct(connection, table, sql=direct.sql, columns=direct.columns):
        sql = direct.careful_sql
    connection.execute(f"insert into {stage_of(table.name)} {sql}")


def _settle(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    if any(field.name == "gene" for field in table.fields):
        name_genes(connection, table)
    if table.name == "measurement":
        convert_units(connection)
    if table.name == "variant":
        set_aside_unlinked(connection)
    set_aside_amended(connection, table)
    settle_duplicates(connection, table)


def compiled_sql(
    study_folder: Path, extract_folder: Path, study: Study, layout: str | None = None
) -> dict[str, str]:
    """The SELECT of each canonical table and source by "<number> <table> from <files>" (`mapping --sql`)."""
    mapping, extract = _settings(study_folder, extract_folder, study, layout)
    with duckdb.connect() as connection:
        _, steps = _prepare(connection, mapping, extract, study, folder=extract_folder)
    return {
        f"{number:02d} {step.source.table} from {', '.join(step.source.files)}": step.sql
        for number, step in enumerate(steps, start=1)
    }


def _settings(
    study_folder: Path, extract_folder: Path, study: Study, layout: str | None
) -> tuple[StudyMapping, Extract]:
    folder = study_folder / "layouts" / layout if layout else study_folder
    found: list[Problem] = []
    mapping, extract = None, None
    try:
        mapping = read_mapping(folder)
    except ExtractError as error:
        found += error.problems
    try:
        extract = read_extract(extract_folder)
    except ExtractError as error:
        found += error.problems
    if extract and extract.calendar != study.about.calendar:
        wrong = Problem(
            "extract.toml", "calendar", value=extract.calendar, allowed=f"{study.about.calendar} (study.toml)"
        )
        found.append(wrong)
    if found or mapping is None or extract is None:
        raise ExtractError(found)
    return mapping, extract


def _prepare(
    connection: duckdb.DuckDBPyConnection,
    mapping: StudyMapping,
    extract: Extract,
    study: Study,
    *,
    folder: Path,
) -> tuple[ReadFiles, list[Step]]:
    prepare(connection)
    load_macros(connection)
    load_reference(connection)
    identifying = frozenset(study.identifying.columns)
    read = read_files(folder, mapping, identifying=identifying, connection=connection)
    create_views(connection, read)
    return read, plan_load(connection, mapping, read, extract)


def _account(connection: duckdb.DuckDBPyConnection, read: ReadFiles, steps: list[Step]) -> None:
    feeds = list(
        {(feed.source_file, feed.canonical_table): feed for step in steps for feed in step.feeds}.values()
    )
    note_unselected(connection, feeds)
    fed = {feed.source_file for feed in feeds}
    for one in read.files:
        if one.table.source_file not in fed:
            note_unread(connection, one.table, rule=one.rule.set_aside or "looked_up_only")
    tables = [one.table for one in read.files]
    close_ledger(connection, tables, feeds, structural=STRUCTURAL)
    rows: list[tuple[object, ...]] = [
        (
            t.source_file,
            t.sha256,
            t.encoding,
            t.n_records,
            len(t.dropped_columns),
            ", ".join(t.dropped_columns),
            "; ".join(t.notes),
        )
        for t in tables
    ]
    rows += [(name, None, None, None, 0, "", "not mapped: not read") for name in read.unmapped]
    if rows:
        connection.executemany("insert into source_file values (?, ?, ?, ?, ?, ?, ?)", rows)
    unmapped = unmapped_columns(steps, read)
    if unmapped:
        connection.executemany("insert into unmapped_column values (?, ?)", unmapped)
    connection.execute(
        """
        insert into gene_alias_note
        select source_file, gene_as_written, gene, count(*) from variant
        where gene_as_written is distinct from gene and gene_as_written is not null group by all
        """
    )


def _report(
    connection: duckdb.DuckDBPyConnection, extract: Extract, read: ReadFiles, steps: list[Step]
) -> LoadReport:
    sums = connection.execute(
        """
        select cast(coalesce(sum(n_records), 0) as bigint), cast(coalesce(sum(n_loaded), 0) as bigint),
            cast(coalesce(sum(n_rejected), 0) as bigint), cast(coalesce(sum(n_set_aside), 0) as bigint)
        from ledger where canonical_table = ''
        """
    ).fetchall()[0]
    dropped = [(one.table.source_file, column) for one in read.files for column in one.table.dropped_columns]
    return LoadReport(
        cut_off=extract.cut_off,
        extracted_at=extract.extracted_at,
        calendar=extract.calendar,
        files=tuple(one.table.source_file for one in read.files),
        unmapped_files=read.unmapped,
        unmapped_columns=tuple(unmapped_columns(steps, read)),
        dropped_columns=tuple(dict.fromkeys(dropped)),
        n_records=sums[0],
        n_loaded=sums[1],
        n_rejected=sums[2],
        n_set_aside=sums[3],
    )
