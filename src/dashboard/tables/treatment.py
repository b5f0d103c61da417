"""Lines of therapy in words: how many started, why they stopped, what was given, which rules decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.studies import vocabulary
from dashboard.tables.shares import count_words
from dashboard.tables.survival import GroupNumbers

MOST_REGIMENS = 6
OTHERS = "Other"
NOT_APPLICABLE = "not applicable"
MEASURES = {
    "started": "Started",
    "ongoing": "Treatment goes on",
    "not_followed": "Not followed any more, no stop recorded",
    "transferred": f"– of these {vocabulary.DEPARTURES['TRANSFERRED']}",
    "stopped": "Treatment stopped",
    "drug_stopped": "A drug stopped for toxicity, line went on",
    "progressed": "Progression on the line",
    "next_line": "Next line started",
    "died": "Died, no further line",
    "not_recorded": "Stopped, no further line recorded",
}
STOPPED = "stopped_"
FOLLOWED = "Followed on the line after joining the study"
ENDED = "– treatment counted as ended"
MEASURE = "Measure"
MEDIAN = "Median time on treatment with the line, months (95 % CI)"


def line_counts(lines: pd.DataFrame) -> pd.DataFrame:
    """One row per line and measure: line, measure, n, of_n (patients who started the line).

    `lines` has one row per patient and line of figures/treatment/line.sql with `after` (see `with_after`).
    Reasons of stopping are measures stopped_<reason>; one not recorded is stopped_unknown. They add up to
    `stopped`.
    """
    found: list[dict[str, Any]] = []
    for line, own in lines.groupby("line", sort=True):
        counts = {"started": len(own), **_state_counts(own)}
        found += [
            {"line": line, "measure": measure, "n": n, "of_n": len(own)} for measure, n in counts.items()
        ]
    return pd.DataFrame(found, columns=["line", "measure", "n", "of_n"])


def _state_counts(own: pd.DataFrame) -> dict[str, int]:
    ongoing, not_followed = own["is_ongoing"].astype(bool), own["is_not_followed"].astype(bool)
    stopped = ~(ongoing | not_followed)
    reasons = own.loc[stopped, "stop_reason"].fillna("unknown").astype(str).value_counts()
    after = own["after"].value_counts()
    return {
        "ongoing": int(ongoing.sum()),
        "not_followed": int(not_followed.sum()),
        "transferred": int(own["is_transferred"].astype(bool).sum()),
        "stopped": int(stopped.sum()),
        **{f"{STOPPED}{reason}": int(n) for reason, n in reasons.items()},
        "drug_stopped": int(own["has_stopped_drug"].astype(bool).sum()),
        "progressed": int(own["has_progressed"].astype(bool).sum()),
        **{measure: int(after.get(measure, 0)) for measure in ("next_line", "died", "not_recorded")},
    }


def with_after(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines with `after`: next_line, died, not_followed, ongoing, not_recorded; the first that holds.

    `is_ongoing` goes on at the data cut; `is_not_followed`: no stop recorded, but the patient died, withdrew
    consent, was lost or transferred to other care.
    """
    later = lines.groupby("patient_id")["line"].transform("max") > lines["line"]
    after = pd.Series("not_recorded", index=lines.index, dtype=object)
    after[lines["is_ongoing"].astype(bool)] = "ongoing"
    after[lines["is_not_followed"].astype(bool)] = "not_followed"
    after[lines["is_dead"].astype(bool)] = "died"
    after[later] = "next_line"
    return lines.assign(after=after)


def lines_table(
    counts: pd.DataFrame, *, medians: Mapping[int, GroupNumbers], counts_only_below: int
) -> pd.DataFrame:
    """One column per line, one row per measure: n and per cent of those who started the line.

    `medians` has the time on treatment of each line.
    """
    reasons = list(dict.fromkeys(str(one) for one in counts["measure"] if str(one).startswith(STOPPED)))
    order = list(vocabulary.STOP_REASONS)
    reasons.sort(key=lambda one: _place(order, one.removeprefix(STOPPED)))
    ends = ["progressed", "next_line", "died", "not_recorded"]
    is_moved = counts.loc[counts["measure"] == "transferred", "n"].any()
    gone = ["not_followed", *(["transferred"] if is_moved else [])]
    shown = ["started", "ongoing", *gone, "stopped", *reasons, "drug_stopped", *ends]
    rows: list[dict[str, str]] = [{MEASURE: _measure_words(measure)} for measure in shown]
    rows += [{MEASURE: FOLLOWED}, {MEASURE: ENDED}, {MEASURE: MEDIAN}]
    n_of = {(int(row["line"]), row["measure"]): row for row in counts.to_dict("records")}
    for line in sorted({int(one) for one in counts["line"]}):
        for row, measure in zip(rows, shown, strict=False):
            found = n_of.get((line, measure))
            row[f"Line {line}"] = _count(found, measure, counts_only_below=counts_only_below)
        rows[-3][f"Line {line}"] = str(medians[line].n) if line in medians else "0"
        rows[-2][f"Line {line}"] = str(medians[line].n_event) if line in medians else "0"
        rows[-1][f"Line {line}"] = median_words(medians.get(line))
    return pd.DataFrame(rows)


def _place(order: Sequence[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _measure_words(measure: str) -> str:
    if measure.startswith(STOPPED):
        reason = measure.removeprefix(STOPPED)
        return f"– {vocabulary.STOP_REASONS.get(reason, reason.replace('_', ' '))}"
    return MEASURES[measure]


def _count(found: Mapping[Any, Any] | None, measure: str, *, counts_only_below: int) -> str:
    if found is None:
        return "0"
    if measure == "started":
        return str(found["n"])
    return count_words(int(found["n"]), n=int(found["of_n"]), counts_only_below=counts_only_below)


def median_words(numbers: GroupNumbers | None) -> str:
    """A median with its interval, or why there is none: 21.3 (18.9 – 24.0)."""
    if numbers is None:
        return "nobody followed"
    median, interval = numbers.median_words
    return f"{median} ({interval})" if numbers.is_median_shown and numbers.lower is not None else median


def regimen_counts(lines: pd.DataFrame) -> pd.DataFrame:
    """One row per line and regimen, the most frequent first: line, regimen, n, of_n."""
    counted = lines.groupby(["line", "regimen"], as_index=False).agg(n=("patient_id", "nunique"))
    counted["of_n"] = counted.groupby("line")["n"].transform("sum")
    return counted.sort_values(
        ["line", "n", "regimen"], ascending=[True, False, True], kind="stable", ignore_index=True
    )


def regimen_table(counts: pd.DataFrame, *, counts_only_below: int) -> pd.DataFrame:
    """Top six regimens of each line, the others as one row that says how many they are."""
    rows = []
    for line, own in counts.groupby("line", sort=True):
        n = int(own["of_n"].iloc[0])
        shown = list(zip(own["regimen"], own["n"], strict=True))
        if len(shown) > MOST_REGIMENS:
            rest = shown[MOST_REGIMENS:]
            several = "regimen" if len(rest) == 1 else "regimens"
            others = (f"{OTHERS} ({len(rest)} {several})", sum(int(k) for _, k in rest))
            shown = [*shown[:MOST_REGIMENS], others]
        rows += [
            {
                "Line": int(str(line)),
                "Regimen": name,
                "Patients": count_words(int(k), n=n, counts_only_below=counts_only_below),
            }
            for name, k in shown
        ]
    return pd.DataFrame(rows, columns=["Line", "Regimen", "Patients"])


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case of the line rules: its patients (None: not applicable), of how many, and what follows."""

    code: str
    label: str
    k: int | None
    n: int
    of_whom: str
    meaning: str


def cases_table(cases: Sequence[Case], *, counts_only_below: int) -> pd.DataFrame:
    """One row per case: k of n, and what the rule makes of it."""
    return pd.DataFrame(
        [
            {
                "Case": one.label,
                "Patients": _case_words(one, counts_only_below=counts_only_below),
                "What it means here": one.meaning,
            }
            for one in cases
        ]
    )


def _case_words(case: Case, *, counts_only_below: int) -> str:
    if case.k is None:
        return NOT_APPLICABLE
    k, _, share = count_words(case.k, n=case.n, counts_only_below=counts_only_below).partition(" ")
    return f"{k} of {case.n} {case.of_whom} {share}".strip()
