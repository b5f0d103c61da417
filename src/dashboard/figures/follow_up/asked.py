"""What of the chase list a site or laboratory is asked for: in its own file, and as one text to be copied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.rules.request_texts import ENGLISH, LANGUAGES
from dashboard.tables.follow_up import ASKED, LABORATORY
from dashboard.tables.formats import format_count

NO_TEXT = "No {language} text yet; shown in English"


@dataclass(frozen=True, kw_only=True)
class Message:
    """Requests of one site in one language, one a line, with the heading that stands apart from them."""

    heading: str
    n_requests: int
    text: str


def is_asked_of_site(line: Mapping[Any, Any]) -> bool:
    """Whether a row of chase_list is asked of its site: overdue or closing, and the site can answer it."""
    return line["state"] in ASKED and line["asked_of"] != LABORATORY


def asked_of_site(rows: pd.DataFrame, *, site_id: str) -> pd.DataFrame:
    """Rows of chase_list that are asked of one site, for its own file."""
    is_asked = [is_asked_of_site(row) and row["site_id"] == site_id for row in rows.to_dict("records")]
    return rows.loc[is_asked]


def owed_words(rows: pd.DataFrame) -> str:
    """How many items of chase_list these are, and how many of them overdue."""
    n_overdue = int((rows["state"] == "OVERDUE").sum())
    return f"{format_count(len(rows), 'item')} of which {n_overdue} overdue"


def settled_words(rows: pd.DataFrame) -> str:
    """How many items of chase_list these are, all done outside their window or lost, and how many done."""
    n_done = int((rows["state"] == "DONE_OUTSIDE_WINDOW").sum())
    return f"{format_count(len(rows), 'item')} of which {n_done} done"


def untranslated_words(rows: pd.DataFrame) -> str:
    """How many requests of chase_list are in English for want of a text; empty where none is."""
    requests = rows[rows["request"].notna()]
    lacking = requests[requests["language"] != requests["language_wanted"]]
    if lacking.empty:
        return ""
    wanted = " or ".join(LANGUAGES[one] for one in sorted(set(lacking["language_wanted"]), reverse=True))
    return f"{len(lacking)} of {format_count(len(requests), 'request')} in English: no {wanted} text yet"


def left_out_words(lines: Iterable[Mapping[Any, Any]]) -> str:
    """What of a list at one site its one text leaves out: text and rest add up to the list."""
    rest = [line for line in lines if not is_asked_of_site(line)]
    if not rest:
        return "Every item of the list is in it."
    n_laboratory = sum(line["state"] in ASKED for line in rest)
    n_later = len(rest) - n_laboratory
    later = f"{n_later} not asked for yet" if n_later else ""
    late = f"{n_laboratory} for the laboratory" if n_laboratory else ""
    return f"Not in it: {', '.join(part for part in (later, late) if part)}."


def language_words(*, used: str, wanted: str) -> str:
    """The language of a request; where there is no text in the one wanted, that it is shown in English."""
    return LANGUAGES[used] if used == wanted else NO_TEXT.format(language=LANGUAGES[wanted])


def site_messages(lines: Iterable[Mapping[Any, Any]], *, language: str) -> list[Message]:
    """What is asked of one site, one language in one message: first its own, then what has no translation.

    `lines` are rows of chase_list at one site, `language` the one they were asked in.
    """
    asked = [line for line in lines if is_asked_of_site(line)]
    parts = [
        (language, [line["request"] for line in asked if line["language"] == language]),
        (ENGLISH, [line["request"] for line in asked if line["language"] != language]),
    ]
    return [
        Message(
            heading=language_words(used=used, wanted=language), n_requests=len(texts), text="\n".join(texts)
        )
        for used, texts in parts
        if texts
    ]
