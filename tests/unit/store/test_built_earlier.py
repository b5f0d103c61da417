"""A data cut built by an earlier version lacks a mart, or a column of one: the error says which."""

import duckdb
import pytest

from dashboard.errors import BuiltEarlier
from dashboard.model.tables import mart_tables
from dashboard.store.reader import Reader
from tests.unit.store.data_cuts import data_cut

COLUMNS = [field.name for field in mart_tables()["partial_day"].fields]


def reader_with(tmp_path, *columns) -> Reader:
    reader = data_cut(tmp_path, "2024-06-30", {})
    if columns:
        with duckdb.connect(str(reader.snapshot.database)) as connection:
            connection.execute(f"create table partial_day ({', '.join(f'{one} varchar' for one in columns)})")
    return reader


@pytest.mark.parametrize("columns", [(), COLUMNS[:-1]])
@pytest.mark.parametrize("ask", ["rows", "records"])
def test_a_mart_that_is_not_there_or_lacks_a_column_is_named(tmp_path, columns, ask):
    with pytest.raises(BuiltEarlier, match="2024-06-30 was built without partial_day"):
        getattr(reader_with(tmp_path, *columns), ask)(f"select {COLUMNS[-1]} from partial_day")


def test_a_mart_with_all_its_columns_is_read(tmp_path):
    assert reader_with(tmp_path, *COLUMNS).records("select * from partial_day") == []


def test_a_mistake_in_a_query_stays_what_it_is(tmp_path):
    reader = reader_with(tmp_path, *COLUMNS)
    for sql in ("select * from partial_days", "select nothing from partial_day"):
        with pytest.raises((duckdb.CatalogException, duckdb.BinderException)):
            reader.records(sql)
