"""Follow-up in words: one item of one patient, its state, its window, and who can complete it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.rules import is_missing, sentence
from dashboard.studies.vocabulary import DEPARTURES, FOLLOW_UP_STATES
from dashboard.tables.formats import NOTHING, format_count, format_date

Row = Mapping[str, Any]
RECORDS: dict[str, str] = {
    "response": "Response after imaging",
    "ctdna_result": "ctDNA result",
    "draw_reason": "Reason for the draw",
    "start_reason": "Reason for the treatment",
    "stop_reason": "Reason for stopping",
    "sae_outcome": "Outcome of a serious event",
    "laboratory_result": "Laboratory result, not linked",
}
# What a site or laboratory is asked for; what is due now or opens is not.
ASKED = ("OVERDUE", "CLOSES_SOON")
# Done or lost: nothing of it is asked for.
SETTLED = ("DONE_OUTSIDE_WINDOW", "CANNOT_BE_OBTAINED")
SCANS = {"ct": "CT", "pet_ct": "PET-CT"}
STATES = {
    "OVERDUE": "Overdue",
    "CLOSES_SOON": "Closing",
    "DUE_NOW": "Due now",
    "NOT_YET_DUE": "Not yet due",
    "DONE_IN_WINDOW": "Done in window",
    "DONE_OUTSIDE_WINDOW": "Done outside",
    "CANNOT_BE_OBTAINED": "Cannot be obtained",
    "NOT_EXPECTED": "Not expected",
    "CANNOT_TELL": "Cannot tell",
}
DECLINED = {"DECLINED_CTDNA": "declined ctDNA, or not in its subset"}
# What the days of an item count from (anchors of the visit plan), as it stands after "since".
ANCHORS = {
    "line_start": "line {of_line} began on {day}",
    "class_start": "its treatment began on {day}",
    "index_treatment_start": "the index treatment began on {day}",
    "local_course_start": "local therapy began on {day}",
    "local_course_end": "local therapy ended on {day}",
}
# Who can complete it, where it is not the site.
LABORATORY = "laboratory"
CHECK_LINK = "A laboratory result not linked to anybody fits this patient; check the link first."
OWNERS = {LABORATORY: "Laboratory"}


def item_name(row: Row) -> str:
    """Name of the item: of a record what is missing, else the words of the visit plan."""
    return RECORDS.get(row["item"]) or str(row["label"])


def about_words(row: Row) -> str:
    """What the item is about in one patient; empty where its name says it all."""
    if row["item"] not in RECORDS:
        return ""
    if row["item"] == "response":
        return f"{_scan(row)} of {format_date(row['opens_on'])}"
    label = str(row["label"])
    dated = f" of {format_date(row['opens_on'])}" if row["opens_on"] is not None else ""
    return f"{label[:1].upper()}{label[1:]}{dated}"


def _scan(row: Row) -> str:
    return SCANS.get(row.get("modality") or "", "Imaging")


def state_words(row: Row) -> str:
    """The state in the words of clinical-decisions A23, with its days."""
    state, closes = row["state"], row["closes_on"]
    if state == "DUE_NOW" and closes is not None and row["observed_until"] > closes:
        state = "IN_GRACE"
    days = row["days_late"]
    if state == "CLOSES_SOON":
        days = (closes - row["observed_until"]).days
    if state == "DONE_OUTSIDE_WINDOW":
        days = row["days_outside"]
    words = FOLLOW_UP_STATES[state].format(
        days=days if days is not None else 0,
        opens=format_date(row["opens_on"]),
        closes=format_date(closes),
        grace_until=format_date(row["grace_until"]),
        missing=row["missing_date"] or "date",
        reason="",
        on="",
    )
    said = words.replace(" 1 days", " 1 day").replace("in 0 days", "today").replace("(-", "(−")
    return f"{said}{_left_words(row)}"


def _left_words(row: Row) -> str:
    """Of what cannot be obtained any more: why the patient left, for instance " (died 3 May 2025)"."""
    words = (DEPARTURES | DECLINED).get(row.get("reason") or "")
    if row["state"] != "CANNOT_BE_OBTAINED" or words is None:
        return ""
    return f" ({words} {format_date(row['reason_on'])})"


def window_words(row: Row) -> str:
    """The days it may be done on, or the last day a record is in time."""
    opens, closes = row["opens_on"], row["closes_on"]
    if closes is None:
        return NOTHING
    if row["item"] in RECORDS or row["item"] == "vital_status" or opens is None:
        return f"by {format_date(closes)}"
    first = f"{opens.day} {opens:%b}" if opens.year == closes.year else format_date(opens)
    return f"{first} – {format_date(closes)}"


def owner_words(row: Row, names: Mapping[str, str]) -> str:
    """Who can complete it: the site by its name, or the laboratory."""
    return OWNERS.get(row["owner"]) or site_words(row["site_id"], names)


def site_words(site_id: str | None, names: Mapping[str, str]) -> str:
    """Name of a site; its number where the study names none."""
    if site_id is None:
        return "No site"
    return names.get(site_id) or f"Site {site_id}"


def why(row: Row) -> str:
    """The rule in words, with the numbers of the row."""
    return sentence(_rule(row), {**row, "label": _label(row), "began": began_words(row)})


def _rule(row: Row) -> str:
    """The code of the row, or its variant where grace or an earlier one would be named and there is none."""
    rule = str(row["rule"])
    if rule == "FOLLOW_UP_OVERDUE" and row["grace_until"] == row["closes_on"]:
        return f"{rule}_NO_GRACE"
    if rule == "FOLLOW_UP_OVERDUE_ASSUMED" and row["last_done_on"] is None and began_words(row):
        return f"{rule}_NEVER_JOINED" if _joined_later(row) else f"{rule}_NEVER"
    return rule


def _joined_later(row: Row) -> bool:
    """Whether the days of the item began to count before the patient was enrolled."""
    enrolled_on = row.get("enrolled_on")
    return not is_missing(enrolled_on) and row["anchor_on"] < enrolled_on


def began_words(row: Row) -> str:
    """Since when one is expected, for instance "line 1 began on 22 Nov 2021"; empty without such a day."""
    anchor, day = row.get("anchor"), row.get("anchor_on")
    if anchor is None or day is None:
        return ""
    words = ANCHORS.get(anchor) or f"{anchor.replace('_', ' ')} on {{day}}"
    return words.format(of_line=row["of_line"], day=format_date(day))


def died_words(row: Row) -> str:
    """That the patient died, and when; empty of a patient not known to have died."""
    day = row.get("died_on")
    return "" if is_missing(day) else f"died {format_date(day)}"


def asked_words(days: Sequence[dt.date]) -> str:
    """When it was last asked for and how often, for instance "asked 3 Nov 2025, 2 times"; empty for never."""
    if not days:
        return ""
    often = f", {len(days)} times" if len(days) > 1 else ""
    return f"asked {format_date(days[-1])}{often}"


def look_first_words(row: Row, *, n_unlinked: int) -> str:
    """Of a draw not there when its window closed: that results wait without a patient, never whose (A22)."""
    closes = row["closes_on"]
    is_closed = closes is not None and row["observed_until"] > closes
    is_missing_draw = row["kind"] == "ctdna" and is_closed and row["state"] != "DONE_OUTSIDE_WINDOW"
    if n_unlinked == 0 or not is_missing_draw:
        return ""
    are = "is" if n_unlinked == 1 else "are"
    counted = f"{format_count(n_unlinked, 'laboratory result')} {are} not linked to a patient"
    return f"{counted}: look there first for a missing blood draw."


def check_link_words(row: Row) -> str:
    """Of a missing draw that a result linked to nobody fits (`has_fit`): to check the link first (A22)."""
    return CHECK_LINK if row.get("has_fit") else ""


def why_words(row: Row) -> str:
    """The same without the name of the item, which stands beside it."""
    words = why(row).removeprefix(f"{_label(row)}: ")
    return f"{words[:1].upper()}{words[1:]}" if words[1:2].islower() else words


def _label(row: Row) -> str:
    label = f"Response to {_scan(row)}" if row["item"] == "response" else str(row["label"])
    return f"{label[:1].upper()}{label[1:]}"


def changes_table(cuts: Sequence[tuple[dt.date, int, int | None, int | None]]) -> pd.DataFrame:
    """One row per data cut, oldest first: overdue, of these new and still, and no longer overdue.

    `cuts` has (data cut, overdue, new, no longer); the first has nothing to be compared with.
    """
    return pd.DataFrame(
        [
            {
                "Data cut": format_date(cut_off),
                "Overdue": n,
                "New": NOTHING if new is None else str(new),
                "Still overdue": NOTHING if new is None else str(n - new),
                "No longer overdue": NOTHING if gone is None else str(gone),
            }
            for cut_off, n, new, gone in cuts
        ],
        columns=["Data cut", "Overdue", "New", "Still overdue", "No longer overdue"],
    )


def site_table(counts: pd.DataFrame, *, names: Mapping[str, str]) -> pd.DataFrame:
    """Items by sites: overdue of expected, and all sites together where there are several.

    `counts` has one row per site and item with n_overdue and n_expected.
    """
    sites = sorted(counts["site_id"].dropna().unique())
    rows = []
    for item, own in counts.groupby("item_name", sort=False):
        cells = {site: own[own["site_id"] == site] for site in sites}
        row = {"Item": item} | {site_words(site, names): _of(found) for site, found in cells.items()}
        rows.append(row | ({"All": _of(own)} if len(sites) > 1 else {}))
    return pd.DataFrame(rows)


def _of(found: pd.DataFrame) -> str:
    n = int(found["n_expected"].sum())
    return f"{int(found['n_overdue'].sum())} of {n}" if n else NOTHING


def state_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Items by states, most overdue first; `counts` has one row per item and state with n_items."""
    rows = []
    for item, own in counts.groupby("item_name", sort=False):
        n_items = dict(zip(own["state"], own["n_items"], strict=True))
        cells = {name: int(n_items.get(state, 0)) for state, name in STATES.items()}
        rows.append({"Item": item, **cells, "All": sum(cells.values())})
    table = pd.DataFrame(rows, columns=["Item", *STATES.values(), "All"])
    return table.sort_values("Overdue", ascending=False, kind="stable", ignore_index=True)


def departed_words(departed: Mapping[str, int]) -> str:
    """Why nothing more is expected of some patients, for instance "died 16, lost to follow-up 5"."""
    return ", ".join(f"{DEPARTURES[reason]} {n}" for reason, n in departed.items()) or "nobody"


def departed_note(departed: Mapping[str, int]) -> str:
    """The same for a narrow place, for instance "died 16, other 9"."""
    died = departed.get("DIED", 0)
    return f"died {died}, other {sum(departed.values()) - died}"
