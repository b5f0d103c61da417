"""Sentences under the response rates and the best responses: who is counted, what each column is."""

import pandas as pd

from dashboard.figures.response.patients import ResponseSettings
from dashboard.studies.vocabulary import RESPONSES
from dashboard.tables.formats import format_count
from dashboard.tables.response import OBJECTIVE, ORDER


def headline_heading(settings: ResponseSettings) -> str:
    """Whose the headline response is, in one word."""
    return "Calculated" if settings.headline.source == "calculated" else "Reported"


def ways_words(settings: ResponseSettings) -> str:
    """What each column of the counts is."""
    label = settings.headline.label
    said = [f"{headline_heading(settings)}: {label[:1].lower() + label[1:]}."]
    if settings.confirmed:
        said.append(
            f"Confirmed: only CR and PR need it, by a scan at least {settings.confirmed.confirm_days} days "
            "later; a CR or PR without it counts as SD where SD may be called."
        )
    if settings.calculated is not None:
        said.append(
            "Calculated: RECIST 1.1 from the lesions measured, of those measured at the baseline of the line "
            "and after it."
        )
    return " ".join(said)


def unconfirmed_words(rows: pd.DataFrame, *, settings: ResponseSettings) -> str:
    """How many CR and PR are not confirmed, and of how many no later scan could confirm them."""
    if settings.confirmed is None:
        return ""
    is_waiting = rows["response"].isin(OBJECTIVE) & ~rows["confirmed"].isin(OBJECTIVE)
    n_without = int((is_waiting & rows["last_scan_on"].isna()).sum())
    n = int(is_waiting.sum())
    return f"Not confirmed: {n} with CR or PR, of these {n_without} without a later scan." if n else ""


def unreported_words(rows: pd.DataFrame) -> str:
    """Whose best response would be another if scans nobody assessed were counted as calculated."""
    own = rows[rows["else_calculated"].notna() & (rows["else_calculated"] != rows["response"])]
    if own.empty:
        return ""
    found = own["else_calculated"].value_counts()
    listed = ", ".join(f"{found[code]} {RESPONSES[code].label}" for code in ORDER if code in found)
    return (
        "Not counted: what is calculated from the lesions where nobody reported a response. With it "
        f"{format_count(len(own), 'patient')} would have another best response: {listed}."
    )


def missing_words(rows: pd.DataFrame, *, n_patients: int, n_started: int) -> str:
    """Who is in no denominator, or not in that of measurable disease, in numbers."""
    measurable = rows["is_measurable"]
    not_measurable = int((~measurable.fillna(value=True).astype(bool)).sum())
    unknown = int(measurable.isna().sum())
    said = [
        f"{format_count(n_patients, 'patient')}: {n_started} started the line, "
        f"{n_patients - n_started} did not."
    ]
    said.append(
        f"Disease at line baseline: {len(rows) - not_measurable - unknown} measurable, "
        f"{not_measurable} not measurable, {unknown} not known."
    )
    return " ".join(said)
