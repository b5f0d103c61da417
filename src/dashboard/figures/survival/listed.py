"""Patients behind two counts of the survival page: censored long ago, and not in the analysis."""

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from dashboard.figures.survival.words import excluded_words
from dashboard.store.frame import as_days
from dashboard.studies.endpoints import Endpoint
from dashboard.studies.reported import ReportedEndpoint
from dashboard.tables.formats import NOTHING, format_date

DAYS = {"origin_on": "Day 0", "joined_on": "Joins", "ended_on": "Followed until"}


def stale_rows(rows: pd.DataFrame, *, cut_off: dt.date, days: int) -> pd.DataFrame:
    """One row per patient (or lesion) censored more than so many days before the data cut, longest first.

    The columns of `rows` and days_before.
    """
    censored = rows[rows["status"] == "CENSORED"]
    before = (pd.Timestamp(cut_off) - as_days(censored["ended_on"])).dt.days
    late = censored.assign(days_before=before)[before > days]
    return late.sort_values(["days_before", "patient_id"], ascending=[False, True], ignore_index=True)


def left_out_rows(rows: pd.DataFrame, *, endpoint: Endpoint | ReportedEndpoint | None = None) -> pd.DataFrame:
    """One row per patient (or lesion) of the cohort who is not followed, by reason.

    The columns of `rows` and `why`.
    """
    out = rows[rows["status"] == "NOT_AT_RISK"]
    why = out["rule"].map(lambda rule: excluded_words(rule, endpoint))
    return out.assign(why=why).sort_values(["why", "patient_id"], ignore_index=True)


def stale_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of `stale_rows` in words."""
    return pd.DataFrame(
        {
            **_who(rows),
            "Followed until": _dates(rows["ended_on"]),
            "Days before the data cut": rows["days_before"].astype(int),
        }
    )


def left_out_table(rows: pd.DataFrame, *, has_dates: bool) -> pd.DataFrame:
    """The rows of `left_out_rows` in words; the days that decided where the source has dates."""
    days = {title: _dates(rows[name]) for name, title in DAYS.items()} if has_dates else {}
    return pd.DataFrame({**_who(rows), "Not in this analysis": rows["why"], **days})


def _who(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Patient, and the lesion where lesions are followed."""
    lesion = {"Lesion": rows["lesion_id"].fillna(NOTHING)} if rows["lesion_id"].notna().any() else {}
    return {"Patient": rows["patient_id"], **lesion}


def _dates(days: pd.Series) -> pd.Series:
    found: Sequence[dt.date | None] = as_days(days).dt.date.tolist()
    said = [NOTHING if day is None or pd.isna(day) else format_date(day) for day in found]
    return pd.Series(said, index=days.index, name=days.name, dtype=object)
