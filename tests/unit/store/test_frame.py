"""A query's answer as a frame: what DuckDB's own conversion gives, in types, values and gaps."""

from collections.abc import Callable

import duckdb
import pandas as pd
import pytest

from dashboard.store.frame import frame
from dashboard.store.snapshot import Snapshot

# A value, and a gap.
OF_EACH_TYPE = """
select * from (values
    (1, 2::bigint, 3::utinyint, 4::hugeint, true, 'a', 1.5::double, 2.5::float, 2.55::decimal(10, 2),
     date '2026-02-28', timestamp '2026-02-28 10:30:00', interval 1 day),
    (null, null, null, null, null, null, null, null, null, null, null, null)
)
"""


@pytest.mark.parametrize("part", ["", "limit 1", "offset 1", "limit 0"])
def test_each_type_is_as_duckdb_gives_it_with_and_without_gaps(part: str) -> None:
    connection = duckdb.connect()
    expected = connection.execute(f"{OF_EACH_TYPE} {part}").df()
    pd.testing.assert_frame_equal(frame(connection.execute(f"{OF_EACH_TYPE} {part}")), expected)


def test_a_gap_is_missing_never_zero_and_never_a_word() -> None:
    found = frame(duckdb.connect().execute(OF_EACH_TYPE))
    assert found.isna().iloc[1].all()
    assert not found.isna().iloc[0].any()
    assert found.iloc[1, 5] is None


def test_columns_of_one_name_are_as_duckdb_gives_them() -> None:
    connection = duckdb.connect()
    twice = "select 1 as n, 2 as n"
    pd.testing.assert_frame_equal(frame(connection.execute(twice)), connection.execute(twice).df())


def test_every_table_of_a_data_cut_is_as_duckdb_gives_it(
    sample_snapshot: Callable[..., Snapshot],
) -> None:
    snapshot = sample_snapshot("pulmonary-oligomets")
    with duckdb.connect(str(snapshot.database), read_only=True) as connection:
        tables = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
        assert "timeline_event" in tables
        for table in tables:
            every_row = f'select * from "{table}"'
            expected = connection.execute(every_row).df()
            pd.testing.assert_frame_equal(frame(connection.execute(every_row)), expected, obj=table)
