"""ctDNA states in pandas, one function a patient: what a DuckDB mart is compared with.

Days are whole numbers, levels whole ppm; one series a patient, as in the records measured.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

COLUMNS = ["patient_id", "draw_no", "state", "direction", "is_molecular_progression"]


def ctdna_state(samples: pd.DataFrame, study: Mapping[str, Any]) -> pd.DataFrame:
    """One row per patient and draw: state, direction, and whether it is the first molecular progression."""
    rows: list[tuple[Any, ...]] = []
    ordered = samples.sort_values(["patient_id", "draw_no"])
    for patient, draws in ordered.groupby("patient_id"):
        records = [{str(name): value for name, value in draw.items()} for draw in draws.to_dict("records")]
        rows += [(patient, *row) for row in _states(records, study)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _states(draws: list[dict[str, Any]], study: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    rows, seen = [], []
    baseline_no = min((draw["draw_no"] for draw in draws if draw["is_baseline"]), default=0)
    state, direction, has_progressed = "NOT_EVALUABLE", None, False
    for draw in draws:
        is_first = False
        if draw["is_valid"]:
            seen.append(draw)
            state, direction = _state(seen, study)
            # A rise between two draws before treatment is no progression on it; a clear draw never is one.
            may_be = draw["draw_no"] > baseline_no and draw["status"] != "not_detected"
            is_sign = may_be and (state in ("NEWLY_DETECTED", "REDETECTED") or direction == "RISING")
            is_first, has_progressed = is_sign and not has_progressed, has_progressed or is_sign
        rows.append((draw["draw_no"], state, direction, is_first))
    return rows


def _state(seen: list[dict[str, Any]], study: Mapping[str, Any]) -> tuple[str, str | None]:
    clear = [draw["status"] == "not_detected" for draw in seen]
    direction = _direction(seen, study) if len(seen) > 1 and not any(clear) else None
    if len(seen) == 1:
        return "BASELINE_ONLY", None
    if clear[0]:
        if not all(clear):
            return "NEWLY_DETECTED", None
        is_before = seen[0]["draw_timing"] == "PRE_TREATMENT"
        return ("NEVER_DETECTED" if is_before else "NEVER_DETECTED_ON_TX"), None
    if clear[-1]:
        last_detected = max(place for place, is_clear in enumerate(clear) if not is_clear)
        run = seen[last_detected + 1 :]
        days = run[-1]["collected_on"] - run[0]["collected_on"]
        is_sustained = len(run) >= 2 and days >= study["sustained_days"]
        return ("CLEARED_SUSTAINED" if is_sustained else "CLEARED_UNCONFIRMED"), None
    return ("REDETECTED" if any(clear) else "PERSISTENT"), direction


def _direction(seen: list[dict[str, Any]], study: Mapping[str, Any]) -> str | None:
    candidates = [draw for draw in seen if draw["is_baseline_candidate"]]
    reference = (candidates or seen)[-1 if candidates else 0]
    now, baseline = seen[-1]["level"], reference["level"]
    if pd.isna(now):
        return None
    lowest = min(draw["level"] for draw in seen if pd.notna(draw["level"]))
    loq = seen[-1]["loq_ppm"]
    if (pd.isna(loq) or now > loq) and now >= lowest * study["rising_factor"]:
        return "RISING"
    if pd.isna(baseline):
        return None
    is_falling = now * study["falling_denominator"] <= baseline * study["falling_numerator"]
    return "FALLING" if is_falling else "STABLE"
