"""A connection that many cases borrow: to make its tables takes longer than to run one case."""

import atexit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import duckdb

Create = Callable[[duckdb.DuckDBPyConnection], None]


@contextmanager
def lent(create: Create) -> Iterator[duckdb.DuckDBPyConnection]:
    """The connection with the tables that `create` makes once.

    What is written meanwhile is undone at the end.
    """
    connection = _made_by(create)
    connection.begin()
    try:
        yield connection
    finally:
        connection.rollback()


@cache
def _made_by(create: Create) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    create(connection)
    # DuckDB complains of a connection that is still there when Python ends.
    atexit.register(connection.close)
    return connection
