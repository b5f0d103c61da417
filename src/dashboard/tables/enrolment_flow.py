"""From screening to an evaluable response in ten steps: the rows of the overview, divided more finely."""

import re
from typing import Any

import pandas as pd

from dashboard.tables.overview_flow import STEPS, FlowNumbers, FlowRow, flow_rows

# Where a screening failure is a refusal, in the languages of the sites (reasons are free text).
REFUSAL = re.compile(
    r"consent|refus|declin|từ chối|không đồng ý|拒绝|拒絕|不同意|未同意|知情同意", re.IGNORECASE
)
CONDUCT_STEPS = {
    "SCREENED": STEPS["SCREENED"],
    "ELIGIBLE": "Eligible at screening",
    "CONSENTED": "Consented",
    "ENROLLED": STEPS["ENROLLED"],
    "SAMPLE": STEPS["SAMPLE"],
    "BASELINE": STEPS["BASELINE"],
    "SECOND": STEPS["SECOND"],
    "VALID_PAIR": STEPS["VALID_PAIR"],
    "PAIR": STEPS["PAIR"],
    "EVALUABLE": STEPS["EVALUABLE"],
}
PAIR_WORDS = (
    "A **valid pair** is two valid samples of one assay, panel and set of variants: the ctDNA level can be "
    "compared. **Clearance can be judged** only where, beyond that, the first sample was drawn before "
    "treatment and had ctDNA in it: nothing can be cleared that was not there."
)


def conduct_flow(patients: pd.DataFrame, *, numbers: FlowNumbers) -> list[FlowRow]:
    """Each step with its patients and the reasons to leave it; a step minus its reasons is the next.

    `patients` has the columns of figures.overview_patients and `consented_on`. From enrolment on
    the steps, reasons and numbers are those of the overview.
    """
    return flow_rows(with_conduct_steps(patients), numbers=numbers, steps=CONDUCT_STEPS)


def with_conduct_steps(patients: pd.DataFrame) -> pd.DataFrame:
    """The patients with `left_at` and `reason` of the finer flow."""
    places = [_place(row) for row in patients.to_dict("records")]
    return patients.assign(
        left_at=pd.Series([place[0] for place in places], index=patients.index, dtype=object),
        reason=pd.Series([place[1] for place in places], index=patients.index, dtype=object),
    )


def _place(row: dict[Any, Any]) -> tuple[str | None, str | None]:
    """Step the patient does not reach, and why; nothing for who reaches the last one."""
    left_at, reason = _told(row["left_at"]), _told(row["reason"])
    if left_at == "ENROLLED":
        return _before_enrolment(row, reason)
    return left_at, reason


def _before_enrolment(row: dict[Any, Any], reason: str | None) -> tuple[str, str | None]:
    if reason == "SCREEN_FAILURE_REASON":
        is_refusal = REFUSAL.search(str(row["screen_failure_reason"])) is not None
        return ("CONSENTED" if is_refusal else "ELIGIBLE"), reason
    if reason == "SCREEN_FAILURE":
        return "ELIGIBLE", reason
    if pd.isna(row["consented_on"]):
        return "CONSENTED", "NO_CONSENT_DATE"
    return "ENROLLED", "CONSENTED_ONLY"


def _told(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


def n_without_consent_date(patients: pd.DataFrame) -> int:
    """Enrolled patients without a date of consent: counted as consented, and a data issue."""
    return int((patients["enrolled_on"].notna() & patients["consented_on"].isna()).sum())


def n_pairs_with_response(patients: pd.DataFrame) -> tuple[int, int]:
    """Valid pairs with an evaluable response, whether or not clearance can be judged, and all valid pairs."""
    moved = with_conduct_steps(patients)
    is_pair = moved["left_at"].isna() | moved["left_at"].isin(["PAIR", "EVALUABLE"])
    is_evaluable = patients["response"].fillna("NE").ne("NE")
    return int((is_pair & is_evaluable).sum()), int(is_pair.sum())
