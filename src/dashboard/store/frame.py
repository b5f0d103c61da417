"""A query's answer as a frame, at less than half the cost of DuckDB's own `df()`.

That one marks the gaps of each column by an assignment of pandas, most of the time that the events of one
patient took. Types and values are the same, for every table of a data cut.
"""

import duckdb
import numpy as np
import pandas as pd

# By numpy's letter for a kind of type. `filled(None)` would fill with numpy's own default.
MISSING = {"f": np.nan, "M": np.datetime64("NaT"), "m": np.timedelta64("NaT"), "O": None}
Column = np.ndarray | pd.api.extensions.ExtensionArray


def frame(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The answer of the query last executed; whole numbers and truth values with gaps are nullable."""
    return pd.DataFrame({name: _column(values) for name, values in cursor.fetchnumpy().items()}, copy=False)


def as_days(column: pd.Series) -> pd.Series:
    """Dates as pandas counts with them, without its search for repeated ones: that costs most of the time."""
    return pd.to_datetime(column, cache=False)


def _column(values: Column) -> Column:
    if not isinstance(values, np.ma.MaskedArray):
        return values
    data, is_missing = values.data, np.ma.getmaskarray(values)
    if data.dtype.kind == "b":
        return pd.arrays.BooleanArray(data, is_missing)
    if data.dtype.kind in "iu":
        return pd.arrays.IntegerArray(data, is_missing)
    data[is_missing] = MISSING[data.dtype.kind]
    return data
