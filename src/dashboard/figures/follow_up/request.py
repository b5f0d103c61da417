"""What the follow-up page lists: which sites and items, in which state, and the language of the requests."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from dashboard.charts.theme import ThemeName
from dashboard.figures.figure import footer_of
from dashboard.rules.written_sex import sex_of
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.tables.follow_up import ASKED, LABORATORY, SETTLED, item_name

FOLDER = Path(__file__).parent
OWED = ("OVERDUE", "CLOSES_SOON", "DUE_NOW")
View = Literal[
    "OWED",
    "OVERDUE",
    "CLOSES_SOON",
    "DUE_NOW",
    "NOT_YET_DUE",
    "CANNOT_TELL",
    "DONE_OUTSIDE_WINDOW",
    "CANNOT_BE_OBTAINED",
    "SETTLED",
    "LABORATORY",
]
Row = dict[str, Any]


def follow_up_sql(name: str) -> str:
    """The query follow_up_<name>.sql of this package."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class ChaseRequest:
    """What to list.

    `sites` and `items` empty: all of them. `view`: one state, OWED for overdue, closing and due, LABORATORY
    for what the laboratory is asked for: overdue, closing, or without the date from which it would be due;
    SETTLED for what was done outside its window and what cannot be obtained any more.
    `within_days`: what opens is listed when it opens within so many days of the last day observed.
    `site_names` and `site_languages`: (site, name) and (site, language). `language`: of the requests; empty
    for that of each site. `closing_days`: days before its close from which a window closes soon.
    """

    sites: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    view: View = "OWED"
    within_days: int = 30
    site_names: tuple[tuple[str, str], ...] = ()
    site_languages: tuple[tuple[str, str], ...] = ()
    language: str = ""
    closing_days: int = 30
    theme: ThemeName = "light"


def chase_request(study: Study) -> ChaseRequest:
    """The request of a study for everything owed, each site in its own language."""
    return ChaseRequest(
        site_names=tuple((site.site_id, site.name) for site in study.recruitment.sites),
        site_languages=tuple((site.site_id, site.language) for site in study.recruitment.sites),
        closing_days=study.follow_up.closing_soon_days,
    )


def has_follow_up(reader: Reader) -> bool:
    """Whether the data cut was built with follow-up; older ones have to be built again."""
    return reader.has_table("follow_up")


def listed_rows(reader: Reader) -> list[Row]:
    """Every item owed, opening, not to be judged or settled outside its window, in the order of the list.

    Home, overview, list and files count these rows: overdue are those in the state OVERDUE.
    """
    return reader.records(follow_up_sql("listed"))


def count_unlinked(reader: Reader) -> int:
    """Laboratory results linked to no patient; 0 for a reader of some sites, as nobody knows theirs (A22)."""
    if not reader.has_table("unlinked_result"):
        return 0
    return int(reader.records(follow_up_sql("unlinked"))[0]["n_results"])


def fitting_draws(reader: Reader) -> frozenset[tuple[str, str]]:
    """Patient and window of the missing draws that a result linked to no patient fits.

    By sex, year of birth and a day in the window; a reader of some sites is told of none (A22).
    """
    if not reader.has_table("unlinked_result"):
        return frozenset()
    return frozenset(
        (row["patient_id"], row["window_key"])
        for row in reader.records(follow_up_sql("unlinked_fit"))
        if row["sex"] is not None and sex_of(row["written_sex"]) == row["sex"]
    )


def select_rows(rows: Iterable[Row], request: ChaseRequest) -> list[Row]:
    """The rows a request asks for, in their order."""
    return [row for row in of_places(rows, request) if _is_in_view(row, request)]


def of_places(rows: Iterable[Row], request: ChaseRequest) -> list[Row]:
    """The rows of the sites and items asked for, in any state."""
    return [
        row
        for row in rows
        if (not request.sites or row["site_id"] in request.sites)
        and (not request.items or item_name(row) in request.items)
    ]


def _is_in_view(row: Row, request: ChaseRequest) -> bool:
    if request.view == "OWED":
        return row["state"] in OWED
    if request.view == "SETTLED":
        return row["state"] in SETTLED
    if request.view == "LABORATORY":
        return row["owner"] == LABORATORY and row["state"] in (*ASKED, "CANNOT_TELL")
    return row["state"] == request.view and (request.view != "NOT_YET_DUE" or opens_within(row, request))


def is_settled(request: ChaseRequest) -> bool:
    """Whether what is listed is done or lost, so that nothing of it is asked for."""
    return request.view in ("SETTLED", *SETTLED)


def opens_within(row: Row, request: ChaseRequest) -> bool:
    """Whether an item not yet due opens within the days asked for, the last of them included."""
    last: dt.date = row["observed_until"] + dt.timedelta(days=request.within_days)
    return row["state"] == "NOT_YET_DUE" and row["opens_on"] is not None and row["opens_on"] <= last


def language_of(row: Row, request: ChaseRequest) -> str:
    """The language of a request: the one chosen, else that of the site; to a laboratory English."""
    if request.language or row["owner"] != "site":
        return request.language or "en"
    return dict(request.site_languages).get(row["site_id"], "en")


def footer_words(reader: Reader, *, filtered: Sequence[str] = ()) -> str:
    """Study, data cut, sites and what is left out, for the foot."""
    sites = "all sites" if reader.sites is None else f"sites {', '.join(reader.sites) or 'none'}"
    return " · ".join([footer_of(reader.snapshot), sites, *filtered])
