"""How fast queries are answered, by site: open ones by age, medians, shares with their denominators.

The first band and the defaults of the others are those of clinical-rules 7.3 (benchmarks of clinical data
management).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import pandas as pd

from dashboard.tables.formats import NOTHING
from dashboard.tables.queries import NO_NAMES, NOT_APPLICABLE, Row, age_days, site_name

FIRST_BAND_DAYS = 7
ALL_SITES = "All"
NO_SITE = "No site (whole check)"


@dataclass(frozen=True, kw_only=True)
class QueryDays:
    """Days within which an answer is expected, and after which a query is late (study.toml, [conduct])."""

    answer: int = 14
    late: int = 30

    @property
    def bands(self) -> tuple[str, ...]:
        """Words of the age bands, the youngest first."""
        ends = self._ends
        starts = [0, *(end + 1 for end in ends)]
        closed = [f"{first}–{last} days" for first, last in zip(starts, ends, strict=False)]
        return (*closed, f"over {ends[-1]} days")

    def band_of(self, days: int) -> str:
        """The words of the age band."""
        return self.bands[sum(days > end for end in self._ends)]

    @property
    def _ends(self) -> list[int]:
        return sorted({min(FIRST_BAND_DAYS, self.answer), self.answer, self.late})


DEFAULT_DAYS = QueryDays()


def metrics_table(
    queries: Sequence[Row],
    *,
    today: dt.date,
    site_names: Mapping[str, str] = NO_NAMES,
    days: QueryDays = DEFAULT_DAYS,
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
    return pd.DataFrame(
        [{"Site": site, **_metrics(own, today=today, days=days)} for site, own in groups.items()]
    )


def _metrics(queries: Sequence[Row], *, today: dt.date, days: QueryDays) -> dict[str, int | str]:
    asked = [query for query in queries if query["was_opened"]]
    ages = [age for query in asked if (age := age_days(query, today)) is not None]
    waits = [wait for query in asked if (wait := days_to_answer(query)) is not None]
    closings = [
        (query["closed_on"] - query["raised_on"]).days for query in asked if query["closed_on"] is not None
    ]
    assessable = [query for query in asked if is_assessable(query, today, days=days)]
    in_time = [query for query in assessable if _is_in_time(query, days)]
    by_band = {f"Open {words}": sum(days.band_of(age) == words for age in ages) for words in days.bands}
    return {
        "Raised": len(asked),
        "Open": len(ages),
        **by_band,
        "Median age of open, days": _median(ages),
        "Median days to first answer": _median(waits),
        "Median days to closing": _median(closings),
        f"First answer within {days.answer} days": f"{len(in_time)} of {len(assessable)}",
        "Answered by data": f"{sum(query['was_answered_by_data'] for query in asked)} of {len(asked)}",
        "Reopened": f"{sum(query['n_reopened'] > 0 for query in asked)} of {len(asked)}",
    }


def days_to_answer(query: Row) -> int | None:
    """Days from raising a query to its first answer, by a person or by the data; None without one."""
    first = query["first_answer_on"]
    return None if first is None else (first - query["raised_on"]).days


def is_assessable(query: Row, today: dt.date, *, days: QueryDays = DEFAULT_DAYS) -> bool:
    """Whether it is known if the first answer came in time: it came, or the time is over."""
    return days_to_answer(query) is not None or (today - query["raised_on"]).days > days.answer


def _is_in_time(query: Row, days: QueryDays) -> bool:
    waited = days_to_answer(query)
    return waited is not None and waited <= days.answer


def _median(days: Sequence[int]) -> str:
    return f"{median(days):g}" if days else NOTHING
