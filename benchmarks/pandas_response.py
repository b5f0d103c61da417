"""Best response in pandas, one function a patient and line: what a DuckDB mart is compared with.

Days are whole numbers. Settings count from the start of the line, as those of the study measured do.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

SEVERITY = {"PD": 1, "EQUIVOCAL": 2, "NON-CR/NON-PD": 3, "SD": 4, "PR": 5, "CR": 6, "NED": 7, "NE": 8}
PLACE = {"CR": 1, "PR": 2, "SD": 3, "NON-CR/NON-PD": 4, "NED": 5, "PD": 6, "NE": 7}

Record = tuple[int, str]
Best = tuple[str, int | None, int | None]
Judged = tuple[str, int | None, int | None, int | None]


def best_response(
    lines: pd.DataFrame, overall: pd.DataFrame, settings: Sequence[Mapping[str, Any]]
) -> pd.DataFrame:
    """One row per patient, line and setting: response, days of its record, confirmation, first CR or PR."""
    rows: list[tuple[Any, ...]] = []
    for setting in settings:
        daily = _daily(lines, overall, is_calculated=setting["source"] == "calculated")
        judged = {
            key: _best(
                list(zip(one["assessed_on"], one["response"], strict=True)),
                one["started_on"].iloc[0],
                setting,
            )
            for key, one in daily.groupby(["patient_id", "line"])
        }
        missing = (setting["response_if_none"] or "MISSING", None, None, None)
        for key in zip(lines["patient_id"], lines["line"], strict=True):
            rows.append((*key, setting["setting_id"], *judged.get(key, missing)))
    keys = ["patient_id", "line", "setting_id"]
    columns = ["response", "responded_on", "confirmed_on", "objective_response_on"]
    return pd.DataFrame(rows, columns=[*keys, *columns])


def _daily(lines: pd.DataFrame, overall: pd.DataFrame, *, is_calculated: bool) -> pd.DataFrame:
    """The worst response of each day that belongs to a line."""
    first = lines.groupby("patient_id")["started_on"].transform("min")
    pairs = lines.assign(is_first=lines["started_on"] == first).merge(overall, on="patient_id")
    reported = pairs["reported"].fillna(pairs["calculated"])
    pairs["response"] = pairs["calculated"] if is_calculated else reported
    kept = pairs[
        (pairs["assessed_on"] >= pairs["started_on"])
        & (pairs["is_first"] | (pairs["assessed_on"] > pairs["started_on"]))
        & (pairs["baseline_on"].isna() | (pairs["assessed_on"] > pairs["baseline_on"]))
        & (pairs["next_started_on"].isna() | (pairs["assessed_on"] <= pairs["next_started_on"]))
        & (pairs["basis"] == "imaging")
        & pairs["response"].notna()
    ]
    kept = kept.assign(severity=kept["response"].map(SEVERITY))
    kept = kept.sort_values(["patient_id", "line", "assessed_on", "severity"])
    return kept.drop_duplicates(["patient_id", "line", "assessed_on"])


def _best(records: list[Record], reference_on: int, setting: Mapping[str, Any]) -> Judged:
    progressions = [place for place, (_, response) in enumerate(records) if response == "PD"]
    kept = records[: progressions[0] + 1] if progressions else records
    standing = [_standing(kept, place, reference_on, setting) for place in range(len(kept))]
    first = next((on for response, on, _ in standing if response in ("CR", "PR")), None)
    return (*min(standing, key=lambda one: PLACE[one[0]]), first)


def _standing(records: list[Record], place: int, reference_on: int, setting: Mapping[str, Any]) -> Best:
    on, response = records[place]
    needs_confirmation = pd.notna(setting["confirm_days"])
    confirmed_on = next(_confirmations(records, place, setting), None) if needs_confirmation else None
    if response in ("CR", "PR") and (not needs_confirmation or confirmed_on is not None):
        return response, on, confirmed_on
    if response in ("PD", "NE"):
        return response, on, None
    if response == "EQUIVOCAL" or (
        pd.notna(setting["stable_days"]) and on - reference_on < setting["stable_days"]
    ):
        return "NE", on, None
    return ("SD" if response in ("CR", "PR") else response), on, None


def _confirmations(records: list[Record], place: int, setting: Mapping[str, Any]) -> Iterator[int]:
    on, response = records[place]
    if response not in ("CR", "PR"):
        return
    allowed = {"CR": ("CR", "NE"), "PR": ("CR", "PR", "SD", "NE")}[response]
    wanted = ("CR",) if response == "CR" else ("CR", "PR")
    n_ne, n_sd, has_cr = 0, 0, False
    for later_on, later in records[place + 1 :]:
        if later not in allowed or (has_cr and later == "PR"):
            return
        n_ne, n_sd, has_cr = n_ne + (later == "NE"), n_sd + (later == "SD"), has_cr or later == "CR"
        if n_ne > (setting["max_ne"] or 0) or n_sd > (setting["max_sd"] or 0):
            return
        if later in wanted and later_on - on >= setting["confirm_days"]:
            yield later_on
