"""Identity and telephone numbers in the free text of good rows are masked before anything is derived."""

import duckdb

from dashboard.extracts.identifying import mask_identifiers_sql
from dashboard.model.tables import Table, canonical_tables

# A Vietnamese telephone number without its trunk prefix; nothing shorter identifies a person.
SHORTEST_IDENTIFIER = 9


def free_text_columns(table: Table) -> list[str]:
    """Columns that hold words: text that is no key, no identifier and no list of allowed values."""
    return [
        field.name
        for field in table.fields
        if field.type == "string"
        and field.name not in table.key
        and not field.allowed
        and not field.name.endswith("_id")
    ]


def mask_free_text(connection: duckdb.DuckDBPyConnection) -> None:
    """Mask the numbers that identify a person in every canonical table, in place."""
    for table in canonical_tables().values():
        for column in _long_columns(connection, table):
            _mask(connection, table, column)


def _mask(connection: duckdb.DuckDBPyConnection, table: Table, column: str) -> None:
    """Each text is looked at once, however many rows have it.

    In two statements, because DuckDB would look at the texts of one before it finds them the same.
    """
    connection.execute(
        f"""
        create or replace temporary table long_text as
        select distinct {column} as text from "{table.name}" where length({column}) >= {SHORTEST_IDENTIFIER};
        create or replace temporary table masked_text as
        select text, {mask_identifiers_sql("text")} as kept from long_text where text <> kept
        """
    )
    if connection.execute("select count(*) from masked_text").fetchall()[0][0]:
        connection.execute(
            f'update "{table.name}" set {column} = kept from masked_text where {column} = masked_text.text'
        )


def _long_columns(connection: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    columns = free_text_columns(table)
    if not columns:
        return []
    lengths = ", ".join(f"max(length({column}))" for column in columns)
    longest = connection.execute(f'select {lengths} from "{table.name}"').fetchone() or ()
    return [
        column
        for column, length in zip(columns, longest, strict=True)
        if (length or 0) >= SHORTEST_IDENTIFIER
    ]
