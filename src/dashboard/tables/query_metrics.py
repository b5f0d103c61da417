"""How fast queries are answered, by site: open ones by age, medians, shares with their denominators.

Age bands and the 14 days are those of clinical-rules 7.3 (benchmarks of clinical data management).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from statistics import median

import pandas as pd

from dashboard.tables.formats import NOTHING
from dashboard.tables.queries import NO_NAMES, NOT_APPLICABLE, Row, age_days, site_name

# Upper end of each band in days, and its words; the last has no end.
BANDS = ((7, "0–7 days"), (14, "8–14 days"), (30, "15–30 days"), (None, "over 30 days"))
IN_TIME_DAYS = 14
ALL_SITES = "All"
NO_SITE = "No site (whole check)"


def band_of(days: int) -> str:
    """The words of the age band."""
    return next(words for upper, words in BANDS if upper is None or days <= upper)


def metrics_table(
    queries: Sequence[Row], *, today: dt.date, site_names: Mapping[str, str] = NO_NAMES
) -> pd.DataFrame:
    """One row per site and one for all: open by age, medians in days, shares as k of n.

    Queries that no longer apply because consent was withdrawn are in no number.
    """
    applying = [query for query in queries if query["state"] != NOT_APPLICABLE]
    sites = sorted({str(query["site_id"] or NO_SITE) for query in applying})
    groups = {
        site_name(site, site_names): [one for one in applying if str(one["site_id"] or NO_SITE) == site]
        for site in sites
    }
    if len(sites) > 1:
        groups = {ALL_SITES: applying, **groups}
    return pd.DataFrame([{"Site": site, **_metrics(own, today=today)} for site, own in groups.items()])


def _metrics(queries: Sequence[Row], *, today: dt.date) -> dict[str, int | str]:
    asked = [query for query in queries if query["was_opened"]]
    ages = [age for query in asked if (age := age_days(query, today)) is not None]
    waits = [wait for query in asked if (wait := days_to_answer(query)) is not None]
    closings = [
        (query["closed_on"] - query["raised_on"]).days for query in asked if query["closed_on"] is not None
    ]
    assessable = [query for query in asked if is_assessable(query, today)]
    in_time = [query for query in assessable if _is_in_time(query)]
    by_band = {f"Open {words}": sum(band_of(age) == words for age in ages) for _upper, words in BANDS}
    return {
        "Raised": len(asked),
        "Open": len(ages),
        **by_band,
        "Median age of open, days": _median(ages),
        "Median days to first answer": _median(waits),
        "Median days to closing": _median(closings),
        f"First answer within {IN_TIME_DAYS} days": f"{len(in_time)} of {len(assessable)}",
        "Answered by data": f"{sum(query['was_answered_by_data'] for query in asked)} of {len(asked)}",
        "Reopened": f"{sum(query['n_reopened'] > 0 for query in asked)} of {len(asked)}",
    }


def days_to_answer(query: Row) -> int | None:
    """Days from raising a query to its first answer, by a person or by the data; None without one."""
    first = query["first_answer_on"]
    return None if first is None else (first - query["raised_on"]).days


def is_assessable(query: Row, today: dt.date) -> bool:
    """Whether it is known if the first answer came in time: it came, or the time is over."""
    return days_to_answer(query) is not None or (today - query["raised_on"]).days > IN_TIME_DAYS


def _is_in_time(query: Row) -> bool:
    days = days_to_answer(query)
    return days is not None and days <= IN_TIME_DAYS


def _median(days: Sequence[int]) -> str:
    return f"{median(days):g}" if days else NOTHING
