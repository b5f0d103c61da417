"""Follow-up: who is to be chased for what, in which order, and how many that are."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from dashboard.figures.figure import Figure, code_of
from dashboard.figures.follow_up.request import (
    OWED,
    ChaseRequest,
    Row,
    count_unlinked,
    fitting_draws,
    follow_up_sql,
    footer_words,
    is_settled,
    language_of,
    listed_rows,
    opens_within,
    select_rows,
)
from dashboard.rules.request_texts import ENGLISH, Request
from dashboard.rules.request_texts import request as request_text
from dashboard.store.reader import Reader
from dashboard.tables.follow_up import (
    SETTLED,
    about_words,
    began_words,
    check_link_words,
    died_words,
    item_name,
    look_first_words,
    owner_words,
    site_words,
    state_words,
    why,
    why_words,
    window_words,
)

METHOD = (
    "Each planned draw, scan and contact, and each record that should be complete, has one state per patient "
    "as of the last day observed, never as of today. Overdue begins the day after the grace; its days count "
    "from the close of the window. The order is days late times the weight of the item: 3 for safety and "
    "what the protocol asks for, 2 for outcome and results, 1 for what explains or rests on an assumed "
    "interval. Of an item planned again and again the first overdue window is listed and the later ones that "
    "closed without it cannot be obtained any more: one scan makes up for one window. After a death or other "
    "departure no draw, scan or contact is asked for; a record of before can still be completed. After a "
    "withdrawal of consent nothing is asked for, from that day on."
)
LIST_CAPTION = (
    "Days late count from the close of the window to the last day observed. In the order of days late "
    "times the weight of the item. After a death only records of "
    "before are asked for, after a withdrawal of consent nothing."
)
SETTLED_CAPTION = (
    "Nothing of this is asked for. Days outside count to the nearest day of the window. Where the patient "
    "left without it, why and when. The latest windows first."
)
COLUMNS = (
    "site_id", "site", "patient_id", "item", "of_line", "occurrence", "item_name", "about", "state",
    "state_words", "days_late", "severity", "opens_on", "closes_on", "grace_until", "owner", "is_new", "rule",
    "rule_words", "language", "language_wanted", "request", "died_on", "died_words", "asked_of", "look_first",
    "check_link", "done_on", "reason_on",
)  # fmt: skip
Key = tuple[str, str, int, dt.date | None, str]


@dataclass(frozen=True, kw_only=True)
class ChaseCounts:
    """Items at some sites by state, and the patients they belong to."""

    n_overdue: int
    n_closes_soon: int
    n_due_now: int
    n_opens: int
    n_patients_overdue: int
    n_patients_closing: int
    n_patients_due: int
    n_patients_opening: int


def chase_counts(rows: Sequence[Row], request: ChaseRequest) -> ChaseCounts:
    """The numbers of home, overview and list, from the rows of `listed_rows`."""
    found: dict[str, list[str]] = {"OVERDUE": [], "CLOSES_SOON": [], "DUE_NOW": [], "NOT_YET_DUE": []}
    for row in rows:
        if row["state"] in OWED or opens_within(row, request):
            found[row["state"]].append(row["patient_id"])
    return ChaseCounts(
        n_overdue=len(found["OVERDUE"]),
        n_closes_soon=len(found["CLOSES_SOON"]),
        n_due_now=len(found["DUE_NOW"]),
        n_opens=len(found["NOT_YET_DUE"]),
        n_patients_overdue=len(set(found["OVERDUE"])),
        n_patients_closing=len(set(found["CLOSES_SOON"])),
        n_patients_due=len(set(found["DUE_NOW"])),
        n_patients_opening=len(set(found["NOT_YET_DUE"])),
    )


def row_key(row: Row) -> Key:
    """What makes an item the same in two data cuts: of a record its source, of a window its first day."""
    source = row["source_key"] if row["kind"] == "record" else ""
    return row["patient_id"], row["item"], row["of_line"], row["opens_on"], source


def overdue_keys(rows: Sequence[Row]) -> frozenset[Key]:
    """The overdue items among rows of `listed_rows`."""
    return frozenset(row_key(row) for row in rows if row["state"] == "OVERDUE")


def chase_list(reader: Reader, request: ChaseRequest, *, earlier: Reader | None = None) -> Figure:
    """What the request asks for, in the order in which it is chased.

    `earlier` is the data cut before: what was not overdue there is new.
    """
    before = overdue_keys(listed_rows(earlier)) if earlier is not None else None
    fits = fitting_draws(reader)
    rows = [
        {**row, "has_fit": (row["patient_id"], row["window_key"]) in fits}
        for row in select_rows(listed_rows(reader), request)
    ]
    n_unlinked = count_unlinked(reader)
    numbers = pd.DataFrame(
        [
            {
                **_numbers(row, request, before=before),
                "look_first": look_first_words(row, n_unlinked=n_unlinked),
            }
            for row in rows
        ],
        columns=list(COLUMNS),
    )
    return Figure(
        rows=numbers,
        spec={},
        table=_list_table(rows, request),
        caption=SETTLED_CAPTION if is_settled(request) else LIST_CAPTION,
        method=METHOD,
        footer=footer_words(reader, filtered=[_filter_words(request)]),
        code=code_of(reader, (follow_up_sql("listed"), None)),
        alt="Items owed",
        writes_rows=True,
        key=("site_id", "patient_id", "item", "of_line", "occurrence"),
    )


def _numbers(row: Row, request: ChaseRequest, *, before: frozenset[Key] | None) -> Row:
    names = dict(request.site_names)
    asked = _asked(row, request)
    kept = (
        "site_id", "patient_id", "item", "of_line", "occurrence", "state", "days_late", "severity",
        "opens_on", "closes_on", "grace_until", "rule", "died_on", "done_on", "reason_on",
    )  # fmt: skip
    is_overdue = row["state"] == "OVERDUE"
    return {
        **{name: row[name] for name in kept},
        "site": site_words(row["site_id"], names),
        "item_name": item_name(row),
        "about": about_words(row),
        "died_words": died_words(row),
        "asked_of": row["owner"],
        "state_words": state_words(row),
        "owner": owner_words(row, names),
        "is_new": before is not None and is_overdue and row_key(row) not in before,
        "rule_words": why(row),
        "language": asked.language if asked else None,
        "language_wanted": language_of(row, request) if asked else None,
        "request": asked.text if asked else None,
        "check_link": check_link_words(row),
    }


def _asked(row: Row, request: ChaseRequest) -> Request | None:
    """The request for an item; none for one that is settled."""
    if row["state"] in SETTLED:
        return None
    check = check_link_words(row)
    # The words to check the link are in English only, and a request has one language.
    language = ENGLISH if check else language_of(row, request)
    asked = request_text({**row, "began": began_words(row)}, language=language)
    return replace(asked, text=f"{asked.text} {check}") if check else asked


def _list_table(rows: Sequence[Row], request: ChaseRequest) -> pd.DataFrame:
    names = dict(request.site_names)
    columns = ("State", "Item", "Patient", "Site", "Window", "Owner", "Why", "Rule")
    lines = [
        (
            state_words(row), item_name(row), row["patient_id"], site_words(row["site_id"], names),
            window_words(row), owner_words(row, names),
            " ".join(words for words in (why_words(row), check_link_words(row)) if words), why(row),
        )
        for row in rows
    ]  # fmt: skip
    return pd.DataFrame(lines, columns=list(columns))


def _filter_words(request: ChaseRequest) -> str:
    shown = {
        "OWED": "overdue, closing and due",
        "LABORATORY": "asked of the laboratory",
        "SETTLED": "done outside its window or cannot be obtained any more",
        "DONE_OUTSIDE_WINDOW": "done outside its window",
        "CANNOT_BE_OBTAINED": "cannot be obtained any more",
        "NOT_YET_DUE": f"opening within {request.within_days} days",
    }
    state = shown.get(request.view) or request.view.replace("_", " ").lower()
    sites = f"sites {', '.join(request.sites)}" if request.sites else ""
    return " · ".join(part for part in (state, ", ".join(request.items), sites) if part)
