"""Records whose cells stand as the table has them are typed in the pass that reads the file.

A cell is known for plain by comparing it with its own value written out again, which costs less than a
pattern and accepts less: every record with any other cell keeps its cells and is read with care
(compile.py), which alone says what is wrong with a record.
"""

from collections.abc import Mapping

import duckdb

from dashboard.extracts.compile import SPECIAL, Surroundings, complete_rules, is_linked
from dashboard.extracts.mapping import ColumnRule, Source
from dashboard.extracts.stage import OWN_COLUMNS, key_sql
from dashboard.extracts.values import FIRST_DAY, LAST_DAY, MOST_WHOLE_DIGITS, named, quoted
from dashboard.model.tables import Field, Table, stored_columns

IS_PLAIN = named("is plain")
CELLS = named("cells to read with care")
CAREFUL = named("record to read with care")
# For n_copies, of a record that leaves the canonical table again.
NOT_PLAIN = 0
# Measurements are converted to another unit, or carry a comparator.
NEVER_PLAIN = {"measurement"} | {table for table, _ in SPECIAL}
# A file of which the beginning is mostly not plain is read with care from the start.
N_TRIED = 10_000


def direct_sql(table: Table, source: Source, around: Surroundings) -> str | None:
    """The SELECT of the stored columns, one row per record; None where columns are mapped.

    A record that is not plain has n_copies 0, and the JSON of its cells for its row_key: a column more
    for the few of them would be written for every record.
    """
    rules = complete_rules(table, source, around)
    read = {name: rule.column for name, rule in rules.items() if rule == ColumnRule(column=rule.column)}
    mapped = [name for name, rule in rules.items() if name not in read and not rule.is_as_written]
    if mapped or table.name in NEVER_PLAIN or not _is_simple(table, source, rules, around):
        return None
    fields = {field.name: field for field in table.fields}
    cells = {name: named(column or "") for name, column in read.items()}
    values = ", ".join(
        f"{_value(fields[name], cell)} as {named(name + ':value')}" for name, cell in cells.items()
    )
    plain = "\n        and ".join(
        _is_plain(fields[name], cell, is_trimmed=around.is_trimmed) for name, cell in cells.items()
    )
    listed = ", ".join(named(column) for column in around.columns if column not in OWN_COLUMNS)
    stored = [
        (name, sql_type)
        for name, sql_type in stored_columns(table)
        if name not in ("row_key", "source_file", "source_row")
    ]
    typed = ", ".join(f"{_stored(name, sql_type, cells)} as {named(name)}" for name, sql_type in stored)
    final = ", ".join(
        f"coalesce({CELLS}, {key_sql(table)}) as row_key" if name == "row_key" else named(name)
        for name, _ in stored_columns(table)
    )
    return f"""-- One row per record of {source.files[0]}.
with record as (
    select * from source.{named(source.files[0])}
),
valued as (
    select *, {values} from record
),
judged as (
    select
        *,
        {plain} as {IS_PLAIN}
    from valued
),
typed as (
    select
        {typed}, source_file, source_row,
        case when {IS_PLAIN} then null else cast(to_json([{listed}]) as varchar) end as {CELLS}
    from judged
)
select {final} from typed"""


def _is_simple(table: Table, source: Source, rules: Mapping[str, ColumnRule], around: Surroundings) -> bool:
    match = source.match
    is_compared = match is not None and (match.sex is not None or match.birth_year is not None)
    is_shaped = source.select is not None or source.unpivot is not None
    is_selected = bool(source.set_aside or source.version or around.missing)
    return not (is_compared or is_shaped or is_selected or is_linked(table, rules))


def _value(field: Field, cell: str) -> str:
    if field.type == "string":
        return cell
    return f"yes_no({cell})" if field.type == "boolean" else f"try_cast({cell} as {field.sql_type})"


def _is_plain(field: Field, cell: str, *, is_trimmed: bool) -> str:
    """Condition that a cell is its own value, in the range of its column; never true for any other cell."""
    value = named(f"{field.name}:value")
    written = f"cast({value} as varchar)"
    if field.allowed:
        same = f"{cell} in ({', '.join(map(quoted, field.allowed))})"
    elif field.type == "string":
        # An empty cell of a text file is NULL.
        same = "true" if is_trimmed else f"{cell} = nullif(trim({cell}), '')"
    elif field.type == "boolean":
        same = f"{value} is not null"
    elif field.type == "date":
        same = f"{written} = {cell} and {value} between date '{FIRST_DAY}' and date '{LAST_DAY}'"
    elif field.type == "number":
        # 12.5 of 12.500: the digits that are left out are zeros.
        same = f"starts_with({written}, {cell})"
    else:
        same = f"{written} = {cell} and abs({value}) < {10**MOST_WHOLE_DIGITS}"
    for limit, sign in ((field.minimum, ">="), (field.maximum, "<=")):
        same += f" and {value} {sign} {limit:g}" if limit is not None else ""
    if field.name == "maf_ppm":
        same += f" and {value} <> 0"
    if field.is_required:
        return f"({cell} is not null and {same})"
    return "true" if same == "true" else f"({cell} is null or {same})"


def _stored(name: str, sql_type: str, cells: Mapping[str, str]) -> str:
    if name == "n_copies":
        return f"case when {IS_PLAIN} then 1 else {NOT_PLAIN} end"
    dated = name.removesuffix("_precision")
    if dated != name and dated in cells:
        return f"case when {named(dated + ':value')} is not null then 'day' end"
    return f"cast({named(name + ':value') if name in cells else 'null'} as {sql_type})"


def insert_direct(
    connection: duckdb.DuckDBPyConnection, table: Table, *, sql: str, columns: tuple[str, ...]
) -> bool:
    """Fill the canonical table with the plain records of a source and CAREFUL with the others.

    False, and nothing done, where the beginning of the file is mostly not plain.
    """
    is_careful = f"n_copies = {NOT_PLAIN}"
    tried = f"select count(*), count(*) filter ({is_careful}) from (from ({sql}) limit {N_TRIED})"
    n_records, n_careful = connection.execute(tried).fetchall()[0]
    if 2 * n_careful > n_records:
        return False
    name = named(table.name)
    connection.execute(f"insert into {name} {sql}")
    cells = [column for column in columns if column not in OWN_COLUMNS]
    listed = "".join(f"cells[{place}] as {named(one)}, " for place, one in enumerate(cells, start=1))
    connection.execute(
        f"""
        create or replace temporary table {CAREFUL} as
        select source_file, {listed}source_row
        from (select *, from_json(row_key, '["VARCHAR"]') as cells from {name} where {is_careful})
        """
    )
    connection.execute(f"delete from {name} where {is_careful}")
    return True
