"""Windows by week: two bars a week, hollow for what opens, filled for what closes."""

import datetime as dt

import pandas as pd
import pytest

from dashboard.charts.follow_up_weeks import weeks_chart
from dashboard.charts.theme import theme_of

WEEKS = pd.DataFrame(
    {"week_on": [dt.date(2026, 2, 23), dt.date(2026, 3, 2)], "n_open": [0, 3], "n_close": [2, 0]}
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_week_has_both_numbers_and_its_colours(theme):
    spec = weeks_chart(WEEKS, theme=theme)
    assert [(row["week"], row["what"], row["n"]) for row in spec["data"]["values"]] == [
        ("23 Feb", "opens", 0),
        ("23 Feb", "closes", 2),
        ("2 Mar", "opens", 3),
        ("2 Mar", "closes", 0),
    ]
    colours = theme_of(theme)
    assert spec["config"]["background"] == colours.page
    fill = spec["layer"][0]["encoding"]["fill"]["scale"]
    assert fill == {"domain": ["opens", "closes"], "range": [colours.page, colours.attention]}
