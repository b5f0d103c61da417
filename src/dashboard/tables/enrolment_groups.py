"""Enrolment by site or tumour type as a table."""

from typing import Any

import pandas as pd

from dashboard.tables.formats import NOTHING, format_date

TOTAL = "All"


def group_table(rows: pd.DataFrame, *, heading: str) -> pd.DataFrame:
    """One row per group and the sum of all; a column of the plan only where one is planned."""
    lines = [_line(record, heading=heading) for record in rows.to_dict("records")]
    table = pd.DataFrame([*lines, _sum(rows, heading=heading)])
    has_plan = bool(rows["planned"].notna().any())
    return table if has_plan else table.drop(columns="Planned")


def _line(record: dict[Any, Any], *, heading: str) -> dict[str, Any]:
    return {
        heading: record["label"],
        "Screened": record["screened"],
        "Failed screening": record["screen_failures"],
        "Enrolled": record["enrolled"],
        "Planned": NOTHING if pd.isna(record["planned"]) else str(int(record["planned"])),
        "Last 3 months": record["enrolled_last_3_months"],
        "Per month": NOTHING
        if pd.isna(record["enrolled_per_month"])
        else f"{record['enrolled_per_month']:.1f}",
        "First": _day(record["first_enrolled_on"]),
        "Last": _day(record["last_enrolled_on"]),
    }


def _sum(rows: pd.DataFrame, *, heading: str) -> dict[str, Any]:
    first = [day for day in rows["first_enrolled_on"] if day is not None and not pd.isna(day)]
    last = [day for day in rows["last_enrolled_on"] if day is not None and not pd.isna(day)]
    planned = rows["planned"].dropna()
    return {
        heading: TOTAL,
        "Screened": int(rows["screened"].sum()),
        "Failed screening": int(rows["screen_failures"].sum()),
        "Enrolled": int(rows["enrolled"].sum()),
        "Planned": str(int(planned.sum())) if len(planned) else NOTHING,
        "Last 3 months": int(rows["enrolled_last_3_months"].sum()),
        "Per month": "",
        "First": _day(min(first, default=None)),
        "Last": _day(max(last, default=None)),
    }


def _day(day: Any) -> str:
    return NOTHING if day is None or pd.isna(day) else format_date(day)
