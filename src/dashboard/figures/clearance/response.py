"""Does a change of ctDNA go with response: sentences, and the table of every patient.

Clinical-decisions A12, A26, A27.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.figures.clearance.request import ClearanceRequest, ask
from dashboard.figures.figure import Figure
from dashboard.figures.overview.patients import overview_patients
from dashboard.figures.registry import registered
from dashboard.stats import proportion_interval
from dashboard.store.asked import asked_once
from dashboard.store.reader import Reader
from dashboard.tables.clearance import (
    BENEFIT,
    BETWEEN_WORDS,
    NO_DATE_WORDS,
    PAIRED,
    WITH_CHANGE,
    category_sentence,
    change_table,
    imaged_words,
    judged_words,
    other_origin_words,
    reconciliation,
    reconciliation_sentence,
)
from dashboard.tables.clearance_more import gap_words
from dashboard.tables.formats import format_count
from dashboard.tables.shares import Share

METHOD = (
    "Baseline: the last valid draw before the index treatment (the line in force at enrolment, else the next "
    "one; after local therapy the first local treatment). Second draw: the first valid one {from_day} days "
    "or more after it. Response: the assessment nearest to the second draw within ± {window} days, in the "
    "same line, with no progression, new line, end of a line or local treatment between the two; of two "
    "equally near, the earlier. A progression that is itself one of the two dates is not between them, and "
    "the stop that follows it does not part it from a draw made before the next treatment. Without a "
    "valid second draw the same holds of the day of the one without a result, else of the last day it was "
    "due. Limits of shares are exact (Clopper–Pearson), 95 %. Whoever cannot be judged stands in the "
    "table with the first reason that applies, as on Overview: without a sample, a valid sample, a second "
    "draw or its result, then without a sample before the index treatment or with one not detected."
)
NO_LB_RECIST = "LB-RECIST (Gouda 2024) has no agreed thresholds; we do not report it."
NOT_COMPARABLE, NO_RATIO = "NOT_COMPARABLE", "NO_RATIO"
SINGLE = "Clearance rests on a single sample after baseline."
ELSEWHERE = (
    "Without a known change: imaging nearest to the second draw, failing that to one without a result or to "
    "the last day it was due."
)
LOCAL_STATUS = "Status after local therapy as assessed by the investigator; it is not RECIST."


# What a patient's place follows from.
PLACED_BY = ["left_at", "reason", "category", "imaging_rule"]
# Steps of the flow of Overview that are one place here; in the others the reason is the place.
PLACE_OF_STEP = {"SAMPLE": "NO_SAMPLE", "BASELINE": "NO_RESULT"}
PLACE_OF_REASON = {
    "PENDING": "SECOND_NO_RESULT",
    "FAILED": "SECOND_NO_RESULT",
    "ASSAY_CHANGED": NOT_COMPARABLE,
}


def clearance_rows(reader: Reader, request: ClearanceRequest) -> pd.DataFrame:
    """One row per patient of the cohort: the columns of patient.sql, and `place`.

    Why a patient is not compared is read from the flow of Overview, so that both pages count alike.
    """
    # How the page is looked at changes nothing here, so that one reading serves all its figures.
    return _placed(reader, replace(request, cohort_line="", theme="light")).copy()


@asked_once
def _placed(reader: Reader, request: ClearanceRequest) -> pd.DataFrame:
    rows = ask(reader, request, "patient", scheme=request.scheme.code)
    flow = overview_patients(reader)
    joined = rows.merge(flow[["patient_id", "left_at", "reason"]], on="patient_id", how="left")
    # Judged once for each way to stand, of which there are few.
    ways = joined[PLACED_BY].drop_duplicates()
    ways = ways.assign(place=[place_of(row) for row in ways.to_dict("records")])
    return rows.assign(place=joined.merge(ways, on=PLACED_BY, how="left")["place"].to_numpy())


def place_of(row: Mapping[Any, Any]) -> str:
    """Where a patient stands: in the comparison, without imaging to pair, or the first reason for neither.

    `row` has left_at and reason of the flow of Overview, and category and imaging_rule of patient.sql.
    """
    if row["left_at"] in ("SAMPLE", "BASELINE", "SECOND", "VALID_PAIR", "PAIR"):
        return PLACE_OF_STEP.get(row["left_at"]) or PLACE_OF_REASON.get(row["reason"], str(row["reason"]))
    # Both draws are of one series and have a result: there is no number to divide.
    if row["category"] == "NOT_EVALUABLE":
        return NO_RATIO
    return str(row["imaging_rule"])


@registered("clearance_response", writes_rows=True, key=("place", "category", "imaging", "response"))
def clearance_response(reader: Reader, request: ClearanceRequest) -> Figure:
    """The table of ctDNA change and response with every patient of the cohort; its caption has the pairs."""
    rows = clearance_rows(reader, request)
    table = change_table(
        rows,
        scheme=request.scheme,
        is_post_local=request.is_post_local,
        counts_only_below=request.counts_only_below,
    )
    return Figure(
        rows=numbers_of(rows, request),
        spec={},
        table=table,
        caption=_caption(rows, request),
        method=METHOD.format(from_day=request.second_draw_from_day, window=request.pairing_days),
        footer=request.footer(reader),
        alt=f"{request.scheme.label} and response of {len(rows)} patients",
    )


def response_sentences(rows: pd.DataFrame, request: ClearanceRequest) -> tuple[str, ...]:
    """One sentence per category of the scheme (A27), then the sum of all patients."""
    paired = rows[rows["place"] == PAIRED]
    with_change = rows.loc[rows["place"].isin(WITH_CHANGE), "category"].value_counts()
    said = []
    for code, whom in request.scheme.of_whom.items():
        in_all = f"{with_change.get(code, 0)} {request.scheme.in_all[code]}"
        own = paired[paired["category"] == code]
        shares = {"BENEFIT": _share(own, BENEFIT[request.is_post_local])}
        if code != next(iter(request.scheme.of_whom)):
            shares["PD"] = _share(own, ("PD",))
        said.append(
            category_sentence(
                own,
                words=imaged_words(whom, pairing_days=request.pairing_days, in_all=in_all),
                shares=shares,
                is_post_local=request.is_post_local,
                counts_only_below=request.counts_only_below,
            )
        )
    return (*said, reconciliation_sentence(reconciliation(rows)))


def judged_sentence(rows: pd.DataFrame, request: ClearanceRequest) -> str:
    """In how many patients a change can be judged, and the commonest reason it cannot."""
    return judged_words(reconciliation(rows), is_low_shedding=request.is_low_shedding)


def numbers_of(rows: pd.DataFrame, request: ClearanceRequest) -> pd.DataFrame:
    """One row per place, category and response: patients, and the exact share of the category; for the CSV.

    `imaging` says whether a response answers for the second draw, or for the day it was due, and if not why.
    Shares are of the pairs, and empty where fewer patients than the study's limit are in the category.
    """
    counted = (
        rows.assign(category=rows["category"].where(rows["place"].isin(WITH_CHANGE)))
        .assign(imaging=rows["imaging_rule"], response=rows["near_response"])
        .groupby(["place", "category", "imaging", "response"], dropna=False, observed=True)
        .size()
        .rename("patients")
        .reset_index()
    )
    paired = rows[rows["place"] == PAIRED]
    sizes = paired["category"].value_counts()
    found = []
    for row in counted.to_dict("records"):
        n = int(sizes.get(row["category"], 0)) if row["place"] == PAIRED else 0
        share = proportion_interval(int(row["patients"]), n) if n >= request.counts_only_below else None
        found.append(
            {
                **row,
                "of_patients": n or None,
                "share": share.estimate if share else None,
                "share_lower": share.lower if share else None,
                "share_upper": share.upper if share else None,
            }
        )
    names = [
        "place",
        "category",
        "imaging",
        "response",
        "patients",
        "of_patients",
        "share",
        "share_lower",
        "share_upper",
    ]
    return pd.DataFrame(found, columns=names).astype({"of_patients": "Int64"})


def _share(own: pd.DataFrame, codes: tuple[str, ...]) -> Share:
    found = proportion_interval(int(own["response"].isin(codes).sum()), len(own))
    return Share(k=found.k, n=found.n, lower=found.lower, upper=found.upper)


def _caption(rows: pd.DataFrame, request: ClearanceRequest) -> str:
    paired = rows[rows["place"] == PAIRED]
    near = int(paired["is_within_sensitivity"].astype("boolean").fillna(value=False).sum())
    pairs = format_count(near, "pair")
    narrower = f"{pairs} instead of {len(paired)}" if near < len(paired) else f"the same {pairs}"
    said = [
        f"Response: imaging nearest to the second draw within ± {request.pairing_days} days, same line, with "
        "no progression, new treatment or stop between the two (the stop that follows a PD does not count); "
        f"at ± {request.sensitivity_days} days: {narrower}.",
        gap_words(paired["gap_days"]),
        _unpaired_words(rows, request),
        SINGLE if request.scheme.kind == "clearance" else "",
        NO_LB_RECIST,
        LOCAL_STATUS if request.is_post_local else "",
        _other_origin_words(rows),
    ]
    return " ".join(part for part in said if part)


def _other_origin_words(rows: pd.DataFrame) -> str:
    judged = rows[rows["place"].isin(WITH_CHANGE)]
    return other_origin_words(
        int(judged["is_baseline_of_other_origin"].sum()), of=f"{len(judged)} with a change"
    )


def _unpaired_words(rows: pd.DataFrame, request: ClearanceRequest) -> str:
    """What the columns without a response mean, and what stands in the rows without a known change."""
    reasons = set(rows["imaging_rule"])
    said = [
        BETWEEN_WORDS.format(days=request.pairing_days) if "CHANGE_BETWEEN" in reasons else "",
        NO_DATE_WORDS if "NO_DATE" in reasons else "",
        ELSEWHERE if (~rows["place"].isin(WITH_CHANGE)).any() else "",
    ]
    return " ".join(part for part in said if part)
