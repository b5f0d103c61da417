"""The ledger: each source record is exactly one of loaded, rejected (reason) or set aside (named rule)."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from dashboard.extracts.source import SourceTable
from dashboard.extracts.validate import stage_of
from dashboard.extracts.values import named, quoted

TABLES = """
create table ledger (
    source_file varchar, canonical_table varchar, n_records bigint, n_loaded bigint, n_rejected bigint,
    n_set_aside bigint, n_rows bigint
);
create table rejected_row (
    source_file varchar, source_row bigint, canonical_table varchar, column_name varchar, value varchar,
    allowed varchar, message varchar, row_text varchar
);
create table set_aside_row (source_file varchar, source_row bigint, canonical_table varchar, rule varchar);
create table unlinked_result (
    laboratory_id varchar, collected_on date, sex varchar, birth_year varchar,
    source_file varchar, source_row bigint
);
create table source_file (
    source_file varchar, sha256 varchar, encoding varchar, n_records bigint, n_dropped_columns integer,
    dropped_columns varchar, notes varchar
);
create table unmapped_column (source_file varchar, column_name varchar);
create table gene_alias_note (source_file varchar, gene_as_written varchar, gene varchar, n_rows bigint);
create temporary table unlinked_sample (sample_id varchar);
create temporary table record_outcome (
    source_file varchar, canonical_table varchar, source_row bigint, outcome varchar, rule varchar
);
"""
PROBLEMS = '[{"column_name": "VARCHAR", "value": "VARCHAR", "allowed": "VARCHAR"}]'
OUTCOME = """case
            when problems is not null then 'rejected'
            when set_aside is not null then 'set_aside'
            else 'loaded'
        end"""
# A record of which any part is rejected counts as rejected: the loudest outcome wins.
RANK = "case outcome when 'rejected' then 3 when 'loaded' then 2 else 1 end"


@dataclass(frozen=True)
class Feed:
    """One file and a table it feeds. `is_plain`: a record gives one row there and feeds nothing else."""

    source_file: str
    raw_table: str
    canonical_table: str
    otherwise: str
    is_plain: bool


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """The empty tables of the load report."""
    connection.execute(TABLES)


def note_rows(connection: duckdb.DuckDBPyConnection, table: str, feeds: Sequence[Feed]) -> None:
    """Write down what became of the records read for one canonical table, before bad rows leave it."""
    name = stage_of(table)
    text = quoted(table)
    connection.execute(
        f"""
        insert into rejected_row
        select source_file, source_row, {text}, problem.column_name, problem.value, problem.allowed,
            problem.column_name
            || case when problem.value is null then ' is missing' else ': ' || problem.value end
            || '; allowed: ' || problem.allowed, row_text
        from (
            select *, unnest(from_json(problems, {quoted(PROBLEMS)})) as problem from {name}
            where problems is not null
        )
        """
    )
    plain = ", ".join(quoted(feed.source_file) for feed in feeds if feed.is_plain) or "''"
    connection.execute(
        f"""
        insert into record_outcome
        select source_file, {text}, unnest(coalesce(source_rows, [source_row])), {OUTCOME}, set_aside
        from {name} where source_file not in ({plain}) or problems is not null or set_aside is not null
        """
    )
    if table == "ctdna_sample":
        connection.execute(
            """
            insert into unlinked_result
            select laboratory_id, collected_on, match_sex, masked(match_birth_year), source_file, source_row
            from "stage ctdna_sample" where set_aside = 'unlinked_laboratory_id';
            insert into unlinked_sample
            select sample_id from "stage ctdna_sample" where set_aside = 'unlinked_laboratory_id'
            """
        )


def note_unselected(connection: duckdb.DuckDBPyConnection, feeds: Sequence[Feed]) -> None:
    """Records that a SELECT or unpivot gave no row for are set aside by the rule its source names."""
    for feed in feeds:
        if not feed.is_plain:
            connection.execute(
                f"""
                insert into record_outcome
                select {quoted(feed.source_file)}, {quoted(feed.canonical_table)}, source_row, 'set_aside',
                    {quoted(feed.otherwise)}
                from {feed.raw_table} where source_row not in (
                    select source_row from record_outcome
                    where source_file = {quoted(feed.source_file)}
                        and canonical_table = {quoted(feed.canonical_table)}
                )
                """
            )


def note_unread(connection: duckdb.DuckDBPyConnection, table: SourceTable, *, rule: str) -> None:
    """Every record of a file that feeds no canonical table is set aside by one rule."""
    connection.execute(
        f"""
        insert into record_outcome
        select {quoted(table.source_file)}, '', source_row, 'set_aside', {quoted(rule)}
        from raw.{named(table.raw_table)}
        """
    )


def close_ledger(
    connection: duckdb.DuckDBPyConnection,
    tables: Sequence[SourceTable],
    feeds: Sequence[Feed],
    *,
    structural: str,
) -> None:
    """Fill ledger and set_aside_row from the outcomes. `structural` names the table of structural rejects."""
    connection.execute(
        f"""
        create temporary table final_outcome as
        select source_file, canonical_table, source_row, arg_max(outcome, {RANK}) as outcome,
            min(rule) filter (outcome = 'set_aside') as rule
        from record_outcome group by all
        """
    )
    connection.execute(
        """
        insert into set_aside_row
        select source_file, source_row, canonical_table, rule from final_outcome where outcome = 'set_aside'
        """
    )
    connection.execute(
        f"""
        insert into rejected_row
        select source_file, source_row, '', null, null, null, reason, masked(text) from {structural}
        """
    )
    for table in tables:
        own = [feed for feed in feeds if feed.source_file == table.source_file]
        for feed in own:
            _close_pair(connection, table, feed, structural=structural)
        _close_file(connection, table, own, structural=structural)


def _close_pair(
    connection: duckdb.DuckDBPyConnection, table: SourceTable, feed: Feed, *, structural: str
) -> None:
    where = f"source_file = {quoted(feed.source_file)} and canonical_table = {quoted(feed.canonical_table)}"
    loaded = "count(*) filter (outcome = 'loaded')"
    if feed.is_plain:
        loaded = f"{table.n_records} - {_structural(table, structural)} - count(*)"
    connection.execute(
        f"""
        insert into ledger
        select {quoted(feed.source_file)}, {quoted(feed.canonical_table)}, {table.n_records}, {loaded},
            count(*) filter (outcome = 'rejected') + {_structural(table, structural)},
            count(*) filter (outcome = 'set_aside'),
            (
                select count(*) from {named(feed.canonical_table)}
                where source_file = {quoted(feed.source_file)}
            )
        from final_outcome where {where}
        """
    )


def _close_file(
    connection: duckdb.DuckDBPyConnection, table: SourceTable, feeds: Sequence[Feed], *, structural: str
) -> None:
    file = quoted(table.source_file)
    if any(feed.is_plain for feed in feeds):
        connection.execute(
            f"""
            insert into ledger by name
            select * replace ('' as canonical_table) from ledger where source_file = {file}
            """
        )
        return
    connection.execute(
        f"""
        insert into ledger
        with record as (
            select source_row, arg_max(outcome, {RANK}) as outcome from final_outcome
            where source_file = {file} group by source_row
        )
        select {file}, '', {table.n_records}, count(*) filter (outcome = 'loaded'),
            count(*) filter (outcome = 'rejected') + {_structural(table, structural)},
            count(*) filter (outcome = 'set_aside'),
            coalesce((select cast(sum(n_rows) as bigint) from ledger where source_file = {file}), 0)
        from record
        """
    )


def _structural(table: SourceTable, structural: str) -> str:
    return f"(select count(*) from {structural} where source_file = {quoted(table.source_file)})"
