"""Swimmer of the patients who started the line: time on it, every response, who goes on, who died."""

from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from dashboard.charts.response_frame import ORDER
from dashboard.charts.swimmer import SwimmerOptions, swimmer_chart
from dashboard.charts.theme import ThemeName
from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.response.counted import outside_rates_words
from dashboard.figures.response.patients import (
    ResponseRequest,
    is_after_local,
    response_assessments,
    response_patients,
)
from dashboard.figures.response.rates import started
from dashboard.figures.survival.of_line import with_line
from dashboard.stats import DAYS_PER_MONTH
from dashboard.store.frame import as_days
from dashboard.store.reader import Reader
from dashboard.studies.vocabulary import DEPARTURES
from dashboard.tables.formats import format_count
from dashboard.tables.response_patients import swimmer_table

SwimmerOrder = Literal["time", "response"]
ROWS_PER_PAGE = 40
AFTER_LOCAL = 0
ORDER_WORDS: dict[SwimmerOrder, str] = {"time": "longest first", "response": "best first"}
METHOD = (
    "Bar: {bar}, in the colour of {colour}. Thin line: until the patient was last seen or died. "
    "Marks: every response after the baseline and up to the next line, calculated from the lesions where "
    "nobody reported one, grey after a progression. "
    "{unassessed}Arrow: {bar_short} still going on when last seen, of patients still followed."
)
UNASSESSED = "UNASSESSED"
UNASSESSED_WORDS = (
    "A scan nobody assessed, from which nothing can be calculated, has a mark of its own and is no response. "
)
LINE_WORDS = ("time on the line, from the first dose to the end of treatment", "treatment")
LOCAL_WORDS = (
    "time from the first local treatment to the first systemic therapy",
    "time without systemic therapy",
)
LOCAL_COLOUR = "progression once there is one, else of the last status"
LOCAL_LEGEND = {
    "origin": "the first local treatment",
    "bar": "Bar: time without systemic therapy, as PD or the last status",
    "best": "Status",
    "ongoing": "Without systemic therapy when last seen",
    "after": "Grey: after progression",
}


@dataclass(frozen=True, kw_only=True)
class SwimmerRequest:
    """Patients to draw, in which order, which page of 40, and the theme."""

    response: ResponseRequest
    order: SwimmerOrder = "time"
    page: int = 1
    theme: ThemeName = "light"


@registered("response_swimmer")
def response_swimmer(reader: Reader, request: SwimmerRequest) -> Figure:
    """One page of the swimmer; the table has the same patients."""
    everybody = response_patients(reader, request.response)
    begun = started(everybody)
    rows = swimmer_rows(begun)
    is_local = is_after_local(request.response)
    if is_local:
        rows = with_status(rows, marks=_marks(reader, request.response, patients=everybody))
    every = in_order(rows, order=request.order)
    first = (request.page - 1) * ROWS_PER_PAGE
    bars = every.iloc[first : first + ROWS_PER_PAGE]
    shown = everybody[everybody["patient_id"].isin(bars["patient"])]
    marks = _marks(reader, request.response, patients=shown)
    usual = SwimmerOptions(theme=request.theme, **(LOCAL_LEGEND if is_local else {}))
    options = replace(usual, origin=with_line(usual.origin, request.response.line_words))
    left_out = request.response.settings.left_out
    outside = outside_rates_words(begun, left_out=left_out, whom=f"the {len(begun)}")
    words, short = LOCAL_WORDS if is_local else LINE_WORDS
    return Figure(
        rows=bars,
        spec=swimmer_chart(bars, marks, options=options),
        table=swimmer_table(bars, marks, best=options.best),
        caption=f"{_caption(every, bars, first=first, ongoing=options.ongoing)} {outside}".strip(),
        method=METHOD.format(
            bar=words,
            bar_short=short,
            colour=LOCAL_COLOUR if is_local else "the best response",
            unassessed=UNASSESSED_WORDS if _counts_reports(request.response) else "",
        ),
        footer=request.response.footer(reader) + _part_note(every, bars, first=first, order=request.order),
        alt=f"Course of {len(bars)} patients from {options.origin}. Every number is in the table.",
    )


def _marks(reader: Reader, request: ResponseRequest, *, patients: pd.DataFrame) -> pd.DataFrame:
    found = response_assessments(reader, request, patients=patients)
    marks = found.rename(columns={"patient_id": "patient"})
    return with_unassessed(marks) if _counts_reports(request) else marks


def _counts_reports(request: ResponseRequest) -> bool:
    return bool(request.settings.headline.source.startswith("reported"))


def with_unassessed(marks: pd.DataFrame) -> pd.DataFrame:
    """The marks with UNASSESSED for what nobody reported and the calculation cannot evaluate.

    Nobody called such a scan NE; the columns response and is_unassessed are read.
    """
    is_open = marks["is_unassessed"].astype(bool) & (marks["response"] == "NE")
    return marks.assign(response=marks["response"].mask(is_open, UNASSESSED))


def with_status(rows: pd.DataFrame, *, marks: pd.DataFrame) -> pd.DataFrame:
    """The rows with PD as `best` of who progressed, else the last status; as it was where there is none.

    After local therapy nearly everybody is without disease once, so that the best status tells nobody apart.
    """
    called = marks[marks["response"] != UNASSESSED]
    last = called.sort_values("months").groupby("patient")["response"].last()
    progressed = marks.loc[marks["response"] == "PD", "patient"]
    status = rows["patient"].map(last).fillna(rows["best"])
    return rows.assign(best=status.mask(rows["patient"].isin(progressed), "PD"))


def swimmer_rows(patients: pd.DataFrame) -> pd.DataFrame:
    """One row per patient who started the line.

    Columns patient, best, line_months, followed_months, is_ongoing, is_on_later_line, is_transferred,
    has_died. Nobody goes on who is not followed; `is_transferred`: went to other care while the bar went
    on. After local therapy (line 0) the bar ends with the next start, the first systemic therapy. A line
    that still runs ends where the patient was last seen; its length is empty where no treatment is recorded.
    """
    start = as_days(patients["started_on"])
    seen = as_days(patients["died_on"]).fillna(as_days(patients["last_seen_on"])).fillna(start)
    is_local = patients["line"] == AFTER_LOCAL
    next_start = as_days(patients["next_started_on"])
    runs = patients["is_ongoing"].astype("boolean")
    goes_on = runs.fillna(value=False).astype(bool).where(~is_local, next_start.isna())
    is_followed = patients["is_followed"].astype(bool)
    ended = as_days(patients["ended_on"]).where(~is_local, next_start)
    stopped = ended.where(~goes_on, seen)
    followed = pd.concat([seen, stopped, start], axis=1).max(axis=1)
    return pd.DataFrame(
        {
            "patient": patients["patient_id"],
            "best": patients["response"],
            "line_months": (stopped - start).dt.days / DAYS_PER_MONTH,
            "followed_months": (followed - start).dt.days / DAYS_PER_MONTH,
            "is_ongoing": goes_on & is_followed,
            "is_on_later_line": patients["is_later_ongoing"].astype(bool) & is_followed & ~is_local,
            "is_transferred": goes_on & patients["departure"].eq("TRANSFERRED"),
            "has_died": patients["died_on"].notna(),
        }
    )


def in_order(rows: pd.DataFrame, *, order: SwimmerOrder) -> pd.DataFrame:
    """The longest time on the line first; by response the best first, and within it the longest."""
    place = rows["best"].map({code: number for number, code in enumerate(ORDER)})
    by = ["place", "line_months", "patient"] if order == "response" else ["line_months", "patient"]
    ascending = [name != "line_months" for name in by]
    ordered = rows.assign(place=place).sort_values(by, ascending=ascending, na_position="last")
    return ordered.drop(columns="place").reset_index(drop=True)


def n_pages(n: int) -> int:
    """Pages for so many patients; one for nobody."""
    return max(1, -(-n // ROWS_PER_PAGE))


def _part_note(every: pd.DataFrame, bars: pd.DataFrame, *, first: int, order: SwimmerOrder) -> str:
    """Which of the patients a file holds, behind its footer; "" where it holds all of them."""
    if len(every) <= ROWS_PER_PAGE:
        return ""
    return f" · patients {_of_all(every, bars, first=first)}, {ORDER_WORDS[order]}"


def _of_all(every: pd.DataFrame, bars: pd.DataFrame, *, first: int) -> str:
    return f"{first + 1} to {first + len(bars)} of {len(every)}"


def _caption(every: pd.DataFrame, bars: pd.DataFrame, *, first: int, ongoing: str) -> str:
    words = ongoing[:1].lower() + ongoing[1:]
    later = int(every["is_on_later_line"].sum())
    # The overview counts both: who is on treatment, on whichever line.
    more = f" ({later} more on a later line)" if later else ""
    died = int(every["has_died"].sum())
    left = int(every["is_transferred"].sum())
    moved = f", {left} {DEPARTURES['TRANSFERRED']} before it ended" if left else ""
    counts = f"{int(every['is_ongoing'].sum())} of {len(every)} {words}{more}{moved}, {died} died"
    if len(every) <= ROWS_PER_PAGE:
        return f"{format_count(len(every), 'patient')}: {counts}."
    return f"Patients {_of_all(every, bars, first=first)}; of all {counts}."
