"""Sentences under the response rates and the best responses: who is counted, what each column is."""

import pandas as pd

from dashboard.figures.response.patients import ResponseSettings
from dashboard.tables.formats import format_count
from dashboard.tables.response import OBJECTIVE


def ways_words(settings: ResponseSettings) -> str:
    """What each column of the counts is."""
    said = [f"Reported: {settings.headline.label[:1].lower() + settings.headline.label[1:]}."]
    if settings.confirmed:
        said.append(
            f"Confirmed: only CR and PR need it, by a scan at least {settings.confirmed.confirm_days} days "
            "later; a CR or PR without it counts as SD where SD may be called."
        )
    if settings.calculated:
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
