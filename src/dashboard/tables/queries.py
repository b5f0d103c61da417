"""Queries to sites in words: the list, one query's history, the data issues nobody has asked about yet."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.tables.data_load_issues import GROUPS
from dashboard.tables.formats import NOTHING, format_date, format_days

Row = Mapping[str, Any]
NO_NAMES: Mapping[str, str] = {}
STATES = {
    "open": "Open",
    "reopened": "Reopened",
    "answered": "Answered",
    "closed": "Closed",
    "dismissed": "Dismissed",
    "not_applicable": "No longer applies",
}
# Hidden from list and counts: nobody is chased after a withdrawal of consent (clinical-decisions A23).
NOT_APPLICABLE = "not_applicable"
WAITING = ("open", "reopened")
STEPS = {
    "opened": "Raised",
    "commented": "Comment",
    "answered": "Answered",
    "closed": "Closed",
    "reopened": "Reopened",
    "dismissed": "Dismissed",
    "assigned": "Re-assigned",
    "answered_by_data": "Answered by data",
    "issue_gone": "Data issue gone",
    "row_vanished": "Row vanished",
    "patient_vanished": "Patient not in the extract",
    "not_rechecked": "Not re-checked",
    "returned": "Returned",
    "found_again": "Found again",
    "moved": "Other site",
    "consent_withdrawn": "Consent withdrawn",
    "served_again": "Data cut again",
}
# What a step of a new data cut means, in words.
STEP_WORDS = {
    "answered_by_data": "The same check looked at the row again and found nothing.",
    "issue_gone": "The same check looked at the row again and found nothing.",
    "row_vanished": "The row is not in this data cut; nobody can say whether it was corrected.",
    "patient_vanished": "The patient is not in this data cut; nobody can say whether it was corrected.",
    "not_rechecked": "The check changed or could not see the row; nobody can say whether it was corrected.",
    "returned": "What was asked about is there again.",
    "found_again": "The check changed and finds the same.",
    "moved": "The patient is at another site now.",
    "consent_withdrawn": "This query no longer applies; nothing is asked of the site any more.",
    "served_again": "The query stands as it stood on this data cut.",
}
CONSENT_AGAIN = "The withdrawal of consent is no longer recorded."
ANY_CHANGE = "The value is another one now."
REMARKS = {
    "gone": "data issue gone",
    "row_vanished": "row vanished",
    "not_rechecked": "not re-checked",
}
PATIENT_ABSENT = "patient not in the extract"
# Who is to answer, where that is not the site.
ADDRESSEES = {
    "laboratory": "Laboratory",
    "clinician": "Clinician",
    "investigator": "Investigator",
    "coordinator": "Coordinator",
    "administrator": "Administrator",
}
COLUMNS = ("No.", "State", "Age", "Site", "Patient", "About", "What was found", "Last step")


def age_days(query: Row, today: dt.date) -> int | None:
    """Days since the query was raised or last reopened; None for one that waits for no answer."""
    return (today - query["waiting_since"]).days if query["state"] in WAITING else None


def state_words(query: Row) -> str:
    """The state, and what the data say where they changed."""
    if query["state"] == NOT_APPLICABLE:
        return f"{STATES[NOT_APPLICABLE]}: {_consent_words(query['withdrew_on'])}"
    if query["state"] == "answered" and query["last_step"] == "answered_by_data":
        return STEPS["answered_by_data"]
    remark = PATIENT_ABSENT if query.get("is_patient_vanished") else REMARKS.get(query["finding"])
    return f"{STATES[query['state']]}, {remark}" if remark else STATES[query["state"]]


def _consent_words(withdrew_on: dt.date | None) -> str:
    if withdrew_on is None:
        return "consent withdrawn, day not recorded"
    return f"consent withdrawn on {format_date(withdrew_on)}"


def site_name(site_id: str | None, names: Mapping[str, str]) -> str:
    """Name of a site, its number where it has none; a dash where there is no site."""
    return NOTHING if site_id is None else names.get(site_id, site_id)


def addressee_words(kind: str, name: str = "") -> str:
    """Who is to answer: a person by name, the laboratory, a role; empty for the site."""
    return name or ADDRESSEES.get(kind, "")


def _asked_of(query: Row, names: Mapping[str, str]) -> str:
    site, other = site_name(query["site_id"], names), query.get("asked_of") or ""
    if not other:
        return site
    return other if site == NOTHING else f"{other} ({site})"


def queries_table(
    queries: Sequence[Row], *, today: dt.date, site_names: Mapping[str, str] = NO_NAMES
) -> pd.DataFrame:
    """One row per query, in the order given; whoever is to answer instead of the site stands before it."""
    rows = [
        (
            query["query_id"],
            state_words(query),
            format_days(age_days(query, today)),
            _asked_of(query, site_names),
            query["patient_id"] or NOTHING,
            query["title"],
            query["found"],
            f"{STEPS[query['last_step']]}, {format_date(query['last_on'])}",
        )
        for query in queries
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def candidates_table(candidates: Sequence[Row], *, site_names: Mapping[str, str] = NO_NAMES) -> pd.DataFrame:
    """One row per data issue nobody has asked about, with its `title` and `found` in words."""
    rows = [
        (
            GROUPS.get(str(one["issue_group"]), str(one["issue_group"])),
            _asked_of({**one, "asked_of": addressee_words(one.get("asked_of", ""))}, site_names),
            f"{one['n_patients']} patients" if one["is_systematic"] else one["patient_id"] or NOTHING,
            one["title"],
            one["found"],
        )
        for one in candidates
    ]
    return pd.DataFrame(rows, columns=["Group", "Site", "Patient", "About", "What was found"])


def history_table(steps: Sequence[Row]) -> pd.DataFrame:
    """One row per step of a query, oldest first: when, who, what, what was written, on which data cut."""
    rows = [
        (
            f"{format_date(step['at'].date())}, {step['at']:%H:%M} UTC",
            _who(step),
            _step_words(step),
            step["comment"] or _said_by_data(step),
            format_date(step["cut_off"]),
        )
        for step in steps
    ]
    return pd.DataFrame(rows, columns=["When", "Who", "Step", "Words", "Data cut"])


def _step_words(step: Row) -> str:
    """The step; of one that gives the query to somebody, to whom."""
    words = STEPS[step["step"]]
    if step["step"] != "assigned":
        return words
    detail = step["detail"]
    return f"{words} to {addressee_words(detail['asked_of'], detail.get('name', '')) or 'the site'}"


def _who(step: Row) -> str:
    if not step["by"]:
        day = format_date(step["cut_off"])
        if step["detail"].get("is_earlier_cut"):
            return f"rolled back to the data cut of {day}"
        return f"data cut of {day} again" if step["step"] == "served_again" else "new data cut"
    is_said = str(step["role"]).casefold() in str(step["by"]).casefold()
    return str(step["by"]) if is_said else f"{step['by']}, {step['role']}"


def _said_by_data(step: Row) -> str:
    words = STEP_WORDS.get(step["step"], "")
    if step["step"] == "consent_withdrawn" and (withdrew_on := step["detail"].get("withdrew_on")):
        words = f"C{_consent_words(dt.date.fromisoformat(withdrew_on))[1:]}. {words}"
    if step["detail"].get("is_consent_again"):
        words = CONSENT_AGAIN
    if not step["is_of_check"] and step["step"] in ("answered_by_data", "issue_gone"):
        words = ANY_CHANGE
    changes = [
        f"{name.replace('_', ' ')}: {before or 'empty'} → {now or 'empty'}"
        for name, (before, now) in step["detail"].get("changes", {}).items()
    ]
    return " ".join(part for part in (words, "; ".join(changes)) if part)
