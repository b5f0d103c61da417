"""A figure kept for a page leaves behind the rows that no file of it holds."""

import pandas as pd
import pytest

from dashboard.figures.figure import Figure

ROWS = pd.DataFrame({"patient": ["A", "B"], "days": [1, 2]})
TABLE = pd.DataFrame({"n": [2]})


@pytest.mark.parametrize(("writes_rows", "n_rows"), [(False, 0), (True, 2)])
def test_only_rows_that_the_file_does_not_hold_are_left_behind(writes_rows, n_rows):
    figure = Figure(
        rows=ROWS,
        spec={},
        table=TABLE,
        caption="",
        method="",
        footer="study",
        code="",
        writes_rows=writes_rows,
    )
    light = figure.without_rows()
    assert len(light.rows) == n_rows
    assert list(light.rows.columns) == ["patient", "days"]
    assert light.csv() == figure.csv()
    assert len(figure.rows) == 2
