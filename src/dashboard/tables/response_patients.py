"""Table twins of the drawings that show single patients."""

import pandas as pd

from dashboard.studies.vocabulary import DEPARTURES, RESPONSES
from dashboard.tables.formats import NOTHING, format_signed_percent


def waterfall_table(bars: pd.DataFrame) -> pd.DataFrame:
    """One row per patient, the largest growth first: best change in per cent, best response."""
    ordered = bars.sort_values(["change_percent", "patient"], ascending=[False, True])
    return pd.DataFrame(
        {
            "Patient": ordered["patient"].astype(str),
            "Best change of the sum, %": [_change(value) for value in ordered["change_percent"]],
            "Best response": [RESPONSES[code].label for code in ordered["best"]],
        }
    ).reset_index(drop=True)


def spider_table(points: pd.DataFrame) -> pd.DataFrame:
    """One row per patient and assessment: months, change in per cent, best response."""
    ordered = points.sort_values(["patient", "months"])
    return pd.DataFrame(
        {
            "Patient": ordered["patient"].astype(str),
            "Months": [f"{value:.1f}" for value in ordered["months"]],
            "Change of the sum, %": [_change(value) for value in ordered["change_percent"]],
            "Best response": [RESPONSES[code].label for code in ordered["best"]],
        }
    ).reset_index(drop=True)


def swimmer_table(bars: pd.DataFrame, marks: pd.DataFrame, *, best: str = "Best response") -> pd.DataFrame:
    """One row per patient in the order drawn: months, every response with its month, how it ended.

    `best` heads the column that the bar has its colour from. A response after a progression stands in
    brackets, as it is grey in the drawing.
    """
    ordered = marks.sort_values("months")
    names = ("patient", "response", "months", "is_after_progression")
    said: dict[str, list[str]] = {}
    moved_words = DEPARTURES["TRANSFERRED"]
    for patient, response, months, is_after in zip(*(ordered[name] for name in names), strict=True):
        said.setdefault(patient, []).append(_said(response, months, is_after=is_after))
    return pd.DataFrame(
        {
            "Patient": bars["patient"].astype(str),
            best: [RESPONSES[code].label for code in bars["best"]],
            "Months, bar": [NOTHING if pd.isna(value) else f"{value:.1f}" for value in bars["line_months"]],
            "Months followed": [f"{value:.1f}" for value in bars["followed_months"]],
            "At the end": [
                "died" if died else "ongoing" if goes_on else moved_words if moved else NOTHING
                for died, goes_on, moved in zip(
                    bars["has_died"], bars["is_ongoing"], bars["is_transferred"], strict=True
                )
            ],
            "Responses (month; in brackets: after progression)": [
                ", ".join(said.get(patient, [NOTHING])) for patient in bars["patient"]
            ],
        }
    ).reset_index(drop=True)


def _said(response: str, months: float, *, is_after: bool) -> str:
    # Codes are the letters of a response; who has none is written in words.
    words = response if RESPONSES[response].letters else RESPONSES[response].label
    said = f"{words} {months:.1f}"
    return f"({said})" if is_after else said


def _change(value: float) -> str:
    return format_signed_percent(float(value), decimals=1)
