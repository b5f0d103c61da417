"""Follow-up in numbers: overdue by site and item, windows by week, and what changed over the data cuts."""

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from dashboard.charts.follow_up_weeks import weeks_chart
from dashboard.figures.figure import Figure
from dashboard.figures.follow_up.chase_list import METHOD, Key, overdue_keys
from dashboard.figures.follow_up.request import ChaseRequest, Row, follow_up_sql, footer_words, listed_rows
from dashboard.figures.registry import registered
from dashboard.store.reader import Reader
from dashboard.tables.follow_up import RECORDS, changes_table, site_table, state_table
from dashboard.tables.formats import format_date

WEEKS = 12
DAYS_PER_WEEK = 7
WINDOWS = (
    "Of an item planned again and again each window that was done or lost counts, and the one where the "
    "patient stands now; of the survival status the contact expected next."
)


@registered("follow_up_by_site", writes_rows=True, key=("item", "site_id"))
def chase_by_site(reader: Reader, request: ChaseRequest) -> Figure:
    """Overdue items of those that were due by the last day observed, by item and site."""
    rows = _counts(reader, by=["item", "item_name", "site_id"])
    rows = rows.sort_values(["n_overdue", "item", "site_id"], ascending=[False, True, True], kind="stable")
    words = (
        "Overdue of what was due by the last day observed: done, overdue, not to be obtained any more, or "
        f"not to be told; what is to come or not expected is left out, as on the page Completeness. {WINDOWS}"
    )
    table = site_table(rows, names=dict(request.site_names))
    return _counted(reader, rows, table, caption=words, alt="Overdue items by item and site")


@registered("follow_up_by_state", writes_rows=True, key=("item", "state"))
def chase_by_state(reader: Reader, _request: ChaseRequest) -> Figure:
    """Items by state: every planned item and record stands in exactly one column."""
    rows = _counts(reader, by=["item", "item_name", "state"]).drop(columns=["n_overdue", "n_expected"])
    words = f"Every item stands in one column. {WINDOWS}"
    return _counted(reader, rows, state_table(rows), caption=words, alt="Items by state")


def _counts(reader: Reader, *, by: list[str]) -> pd.DataFrame:
    counts = reader.rows(follow_up_sql("counts"))
    counts["item_name"] = [
        RECORDS.get(item) or label for item, label in zip(counts["item"], counts["label"], strict=True)
    ]
    counts["n_overdue"] = counts["n_items"].where(counts["state"] == "OVERDUE", 0)
    counts["n_expected"] = counts["n_items"].where(counts["is_due"].astype(bool), 0)
    return counts.groupby(by, as_index=False, dropna=False)[["n_items", "n_overdue", "n_expected"]].sum()


def _counted(reader: Reader, rows: pd.DataFrame, table: pd.DataFrame, *, caption: str, alt: str) -> Figure:
    return Figure(
        rows=rows,
        spec={},
        table=table,
        caption=caption,
        method=METHOD,
        footer=footer_words(reader),
        alt=alt,
    )


def departures(reader: Reader) -> dict[str, int]:
    """Patients of whom nothing more is expected, by reason (follow_up.reason), most first."""
    return {row["reason"]: row["n_patients"] for row in reader.records(follow_up_sql("departed"))}


@registered("follow_up_weeks", writes_rows=True, key=("week_on",))
def chase_weeks(reader: Reader, request: ChaseRequest) -> Figure:
    """How many windows open and close in each of the weeks after the data cut."""
    rows = select_weeks(listed_rows(reader), cut_off=reader.snapshot.cut_off)
    table = rows.rename(columns={"week_on": "Week of", "n_open": "Open", "n_close": "Close"})
    table["Week of"] = [format_date(day) for day in rows["week_on"]]
    return Figure(
        rows=rows,
        spec=weeks_chart(rows, theme=request.theme),
        table=table,
        caption=(
            f"First and last days of windows in the {WEEKS} weeks from the data cut on, weeks beginning on "
            "Monday. Of a repeated item only the next window is known; what is overdue has closed before."
        ),
        method=METHOD,
        footer=footer_words(reader),
        alt="Windows that open and close by week",
    )


def select_weeks(rows: Sequence[Row], *, cut_off: dt.date) -> pd.DataFrame:
    """One row per week: week_on (its Monday), n_open and n_close after the last day observed."""
    first = cut_off - dt.timedelta(days=cut_off.weekday())
    weeks = [first + dt.timedelta(days=DAYS_PER_WEEK * place) for place in range(WEEKS + 1)]
    opens = [row["opens_on"] for row in rows if row["state"] == "NOT_YET_DUE"]
    closes = [
        row["closes_on"]
        for row in rows
        if row["state"] in ("NOT_YET_DUE", "DUE_NOW", "CLOSES_SOON")
        and row["closes_on"] is not None
        and row["closes_on"] >= row["observed_until"]
    ]
    return pd.DataFrame(
        {
            "week_on": weeks,
            "n_open": [_in_week(opens, week) for week in weeks],
            "n_close": [_in_week(closes, week) for week in weeks],
        }
    )


def _in_week(days: Sequence[dt.date | None], week: dt.date) -> int:
    return sum(day is not None and 0 <= (day - week).days < DAYS_PER_WEEK for day in days)


def chase_changes(readers: Sequence[Reader]) -> pd.DataFrame:
    """One row per data cut, oldest first: overdue, new, still and no longer overdue (see changes_table)."""
    cuts: list[tuple[dt.date, int, int | None, int | None]] = []
    before: frozenset[Key] | None = None
    for reader in sorted(readers, key=lambda one: one.snapshot.cut_off):
        keys = overdue_keys(listed_rows(reader))
        new, gone = (None, None) if before is None else (len(keys - before), len(before - keys))
        cuts.append((reader.snapshot.cut_off, len(keys), new, gone))
        before = keys
    return changes_table(cuts)
