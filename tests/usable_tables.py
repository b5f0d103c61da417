"""Fills the usable_ tables of a connection from frames, as a build would leave them."""

from collections.abc import Mapping

import duckdb
import pandas as pd

from dashboard.model.tables import canonical_tables, stored_columns


def fill_usable(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pd.DataFrame]) -> None:
    """Create every usable_ table and fill it; rows that share a natural key are reduced to one."""
    for name, table in canonical_tables().items():
        columns = stored_columns(table)
        body = ", ".join(f'"{column}" {sql_type}' for column, sql_type in columns)
        connection.execute(f'create table "usable_{name}" ({body})')
        frame = tables.get(name)
        if frame is None:
            continue
        frame = frame.drop_duplicates(list(table.key)).reset_index(drop=True)
        frame = frame.assign(
            row_key=[
                " | ".join(str(value) for value in row)
                for row in frame[list(table.key)].itertuples(index=False)
            ],
            source_file=f"{name}.csv",
            source_row=range(2, len(frame) + 2),
            n_copies=1,
        )
        frame = frame.astype(object).where(frame.notna(), None)
        types = dict(columns)
        given = ", ".join(f'"{column}"' for column in frame.columns)
        casts = ", ".join(f'cast("{column}" as {types[column]})' for column in frame.columns)
        connection.register("frame", frame)
        connection.execute(f'insert into "usable_{name}" ({given}) select {casts} from frame')
        connection.unregister("frame")
