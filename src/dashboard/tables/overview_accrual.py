"""The accrual chart as a table."""

from typing import Any

import pandas as pd

from dashboard.tables.formats import NOTHING


def accrual_table(months: pd.DataFrame, *, has_plan: bool) -> pd.DataFrame:
    """One row per month, exactly what the chart shows; a dash after the data cut."""
    columns = {
        "enrolled": "Enrolled",
        "planned": "Planned",
        "enrolled_total": "Enrolled in all",
        "planned_total": "Planned in all",
    }
    shown = columns if has_plan else {name: title for name, title in columns.items() if "planned" not in name}
    words = {title: [_count(value) for value in months[name]] for name, title in shown.items()}
    return pd.DataFrame({"Month": [f"{month:%b %Y}" for month in months["month"]], **words})


def _count(value: Any) -> str:
    return NOTHING if pd.isna(value) else str(value)
