"""The one seam between the marts and the engine that runs them (design.md section 5).

DuckDB runs the files as they stand. A Spark Connect server (`sc://host:15002`) runs the same files transpiled
by sqlglot, from and to Parquet; the marts then return to the build's DuckDB.
"""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import sqlglot

from dashboard.errors import DashboardError
from dashboard.marts.build import ORDER, mart_select
from dashboard.marts.slices import build_in_slices
from dashboard.model.tables import canonical_tables, definition_tables, mart_tables

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

OnBuilt = Callable[[str], None]


class UnknownEngine(DashboardError):
    """DASHBOARD_ENGINE names neither duckdb nor a Spark Connect address."""


def build_marts_on(engine: str, connection: duckdb.DuckDBPyConnection, *, on_built: OnBuilt) -> None:
    """Create every mart in `connection`, computed by the engine named. Raises UnknownEngine."""
    if engine == "duckdb":
        build_in_slices(connection, on_built=on_built)
    elif engine.startswith("sc://"):
        with tempfile.TemporaryDirectory(prefix="marts-") as folder:
            _build_on_spark(engine, connection, folder=Path(folder), on_built=on_built)
    else:
        raise UnknownEngine(f"DASHBOARD_ENGINE is {engine!r}; allowed: duckdb, or sc://host:port")


@cache
def spark_select(name: str) -> str:
    """The mart's SELECT in Spark's dialect."""
    return sqlglot.transpile(mart_select(name), read="duckdb", write="spark")[0]


class SparkEngine:
    """Runs marts on a Spark Connect server, from and to Parquet."""

    def __init__(self, address: str) -> None:
        from pyspark.sql import SparkSession as Session

        self._session: SparkSession = Session.builder.remote(address).getOrCreate()

    def scan(self, table: str, path: Path) -> None:
        """Make a Parquet file known under the table's name."""
        frame: Any = self._session.read.parquet(str(path))
        frame.createOrReplaceTempView(table)

    def materialise(self, mart: str, select: str, path: Path) -> None:
        """Run one mart's SELECT, write it to Parquet and make it known under its name."""
        frame: Any = self._session.sql(select)
        frame.write.mode("overwrite").parquet(str(path))
        if _has_rows(path):
            self.scan(mart, path)
        else:
            frame.limit(0).createOrReplaceTempView(mart)

    def close(self) -> None:
        """End the session."""
        self._session.stop()


def _has_rows(path: Path) -> bool:
    """Whether a mart left a file: one without rows may leave none, and so no column either."""
    return any(path.glob("*.parquet"))


def _take_back(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    columns = ", ".join(f'"{field.name}" {field.sql_type}' for field in mart_tables()[name].fields)
    connection.execute(f'create or replace table "{name}" ({columns})')
    if _has_rows(path):
        connection.execute(f"insert into \"{name}\" by name select * from read_parquet('{path}/*.parquet')")


def _build_on_spark(
    address: str, connection: duckdb.DuckDBPyConnection, *, folder: Path, on_built: OnBuilt
) -> None:
    spark = SparkEngine(address)
    try:
        for name in [*(f"usable_{table}" for table in canonical_tables()), *definition_tables()]:
            path = folder / f"{name}.parquet"
            connection.execute(f"copy (select * from \"{name}\") to '{path}' (format parquet)")
            spark.scan(name, path)
        for name in ORDER:
            path = folder / name
            spark.materialise(name, spark_select(name), path)
            _take_back(connection, name, path)
            on_built(name)
    finally:
        spark.close()
