"""Cards of the treatment page about systemic therapy."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.treatment.cases import treatment_cases
from dashboard.figures.treatment.lines import treatment_lines, treatment_regimens
from dashboard.figures.treatment.outcomes import (
    Curve,
    lines_on_record,
    outcome_curves,
    outcome_figure,
    treatment_outcomes,
)
from dashboard.figures.treatment.pathways import other_regimens, treatment_pathways
from dashboard.figures.treatment.request import TreatmentRequest
from dashboard.figures.treatment.second_line import (
    GROUP,
    second_line_endpoint,
    second_line_title,
    treatment_second_line,
    treatment_second_line_baseline,
)
from dashboard.store.reader import Reader
from dashboard.tables.survival import shown_table
from dashboard.ui.caching import remembered
from dashboard.ui.cards import NO_BREAK, draw_figure, how_made, plain, table_switch, treatment_caution
from dashboard.ui.export import Exported
from dashboard.ui.link_state import page_choice

OTHERS = "What the other regimens are"
NO_LINE = "Not applicable: no line of systemic therapy is recorded for these patients."
NO_TIMES = "Not applicable: the study definition names no time from the start of a line."
NO_SECOND_LINE = (
    "Not applicable: nobody of this cohort started line 2, and the study definition names no time from its "
    "start."
)
NOBODY_SECOND = "Nobody of this cohort is followed from the start of line 2."
NOBODY = "Nobody in this cohort is followed for this time."
COLUMNS_SHOWN = 3
FIGURES: dict[str, Callable[[Reader, TreatmentRequest], Figure | None]] = {
    "lines": treatment_lines,
    "regimens": treatment_regimens,
    "cases": treatment_cases,
    "times": treatment_outcomes,
    "line-2": treatment_second_line,
    "line-2-baseline": treatment_second_line_baseline,
    "pathways": treatment_pathways,
}
# Those that name what was given, those of line 2, and those whose file is not called as they are.
NAMED = frozenset({"regimens", "pathways"})
SECOND_LINE = {"line-2": "", "line-2-baseline": ", baseline"}
TITLES = {"cases": "line-cases"}


@remembered(entries=200)
def _made_figure(reader: Reader, request: TreatmentRequest, name: str) -> Figure | None:
    return FIGURES[name](reader, request)


def _figure(reader: Reader, request: TreatmentRequest, name: str) -> Figure:
    """A figure that is always there."""
    found = _made_figure(reader, request, name)
    if found is None:
        raise ValueError(f"the figure {name} of the treatment page gave nothing; it always gives a table")
    return found


@remembered(entries=100)
def _lines(reader: Reader, request: TreatmentRequest) -> list[int]:
    return lines_on_record(reader, request)


@remembered(entries=50)
def _others(reader: Reader, request: TreatmentRequest) -> pd.DataFrame:
    return other_regimens(reader, request)


@remembered(entries=100)
def _curve(reader: Reader, curve: Curve) -> Figure | None:
    return outcome_figure(reader, curve)


def has_lines(reader: Reader, request: TreatmentRequest) -> bool:
    """Whether anybody of the cohort has a line of systemic therapy."""
    return bool(_lines(reader, request))


def files(reader: Reader, request: TreatmentRequest) -> dict[str, Exported]:
    """Every figure of systemic therapy by the name of its file, made when it is asked for."""
    unnamed = replace(request, by_class=False)
    requests = {name: request if name in NAMED else unnamed for name in FIGURES}
    if not request.endpoints:
        del requests["times"]
    if second_line_endpoint(request) is None:
        del requests["line-2"]
    return {_title(name, own): partial(_made_figure, reader, own, name) for name, own in requests.items()}


def _title(name: str, request: TreatmentRequest) -> str:
    """The name of the file of a figure, with what its numbers differ by."""
    if name in SECOND_LINE:
        return f"{second_line_title(request)}{SECOND_LINE[name]}"
    return f"{name}, {request.named_by}" if name in NAMED else TITLES.get(name, name)


def no_line() -> dict[str, Figure]:
    """In place of everything about lines."""
    st.info(NO_LINE)
    return {}


def lines_card(reader: Reader, request: TreatmentRequest) -> dict[str, Figure]:
    """Lines side by side, and the regimens of each."""
    lines = _figure(reader, replace(request, by_class=False), "lines")
    with st.container(border=True):
        st.header("Lines of therapy", anchor=False)
        plain_table(lines.table, alt=lines.alt)
        st.caption(lines.caption)
        how_made(lines)
    regimens = _figure(reader, request, "regimens")
    with st.container(border=True):
        st.subheader("What was given", anchor=False)
        numbers = list(dict.fromkeys(regimens.table["Line"]))
        for place in range(0, len(numbers), COLUMNS_SHOWN):
            shown = numbers[place : place + COLUMNS_SHOWN]
            for column, line in zip(st.columns(min(len(numbers), COLUMNS_SHOWN)), shown, strict=False):
                own = regimens.table[regimens.table["Line"] == line].drop(columns="Line")
                with column:
                    plain_table(own.rename(columns={"Regimen": f"Line {line}"}), alt=f"Line {line}")
        st.caption(regimens.caption)
        how_made(regimens)
    return {"lines": lines, _title("regimens", request): regimens}


def cases_card(reader: Reader, request: TreatmentRequest) -> dict[str, Figure]:
    """The cases of the line rules."""
    figure = _figure(reader, request, "cases")
    with st.container(border=True):
        st.header("Cases the line rules decide", anchor=False)
        plain_table(figure.table, alt=figure.alt)
        st.caption(f"{figure.caption} The rules with their numbers are on Study rules.")
        how_made(figure)
    return {_title("cases", request): figure}


def outcomes_card(reader: Reader, request: TreatmentRequest) -> dict[str, Figure]:
    """All times from a line as one table, and one curve to choose."""
    with st.container(border=True):
        st.header("Times from the start of each line", anchor=False)
        curves = {one.title: one for one in outcome_curves(request, lines=_lines(reader, request))}
        if not curves:
            st.info(NO_TIMES)
            return {}
        figure = _figure(reader, request, "times")
        plain_table(figure.table, alt=figure.alt)
        if figure.caption:
            st.markdown(figure.caption)
        how_made(figure)
        row = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom")
        key = page_choice("Curve", list(curves), default=next(iter(curves)))
        chosen = row.selectbox("Curve", list(curves), width=440, key=key, persist_state="session")
        shows_table = table_switch(row, "Curve")
        curve = _curve(reader, curves[chosen])
        if curve is None:
            st.caption(NOBODY)
            return {"times": figure}
        _drawn(curve, key="treatment.curve", shows_table=shows_table)
    return {"times": figure, f"curve, {chosen}": curve}


def _drawn(figure: Figure, *, key: str, shows_table: bool) -> None:
    """A drawing or its points as a table, with its words."""
    if shows_table:
        st.dataframe(shown_table(figure.table), hide_index=True, height=420, alt=figure.alt)
    else:
        draw_figure(figure, key=key)
    st.caption(figure.caption)
    how_made(figure)


def second_line_card(reader: Reader, request: TreatmentRequest) -> dict[str, Figure]:
    """Line 2 by drug class: who the groups are, then the curves; never without the caution (A42).

    A study that measures no time from the start of line 2 has the groups alone.
    """
    with st.container(border=True):
        groups = _made_figure(reader, request, "line-2-baseline")
        is_measured = second_line_endpoint(request) is not None
        is_titled = is_measured or groups is not None
        st.header(plain(second_line_title(request)) if is_titled else "Line 2 by drug class", anchor=False)
        if groups is None:
            st.info(NOBODY_SECOND if is_measured else NO_SECOND_LINE)
            return {}
        treatment_caution(GROUP)
        plain_table(groups.table, alt=groups.alt)
        st.caption(plain(groups.caption))
        drawn = {_title("line-2-baseline", request): groups}
        curve = _made_figure(reader, request, "line-2")
        if curve is None:
            how_made(groups)
            return drawn
        draw_figure(curve, key="treatment.line2")
        plain_table(curve.table, alt=curve.alt)
        st.markdown(curve.caption)
        how_made(curve)
        how_made(groups, label="How was the table of the groups made?")
    return {_title("line-2", request): curve, **drawn}


def pathways_card(reader: Reader, request: TreatmentRequest) -> dict[str, Figure]:
    """Ways through the lines as a flow or as a table."""
    figure = _figure(reader, request, "pathways")
    with st.container(border=True):
        head = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
        head.header("From line 1 to line 3", anchor=False)
        if table_switch(head, "Lines"):
            st.dataframe(figure.table, hide_index=True, height=420, alt=figure.alt)
        else:
            draw_figure(figure, key="treatment.pathways")
        st.caption(figure.caption)
        others = _others(reader, request)
        if len(others):
            with st.expander(OTHERS):
                plain_table(others, alt=OTHERS)
        how_made(figure)
    return {_title("pathways", request): figure}


def plain_table(table: pd.DataFrame, *, alt: str) -> None:
    """A table of words as it stands; signs of Markdown in them are harmless, no count is cut from its n."""

    def heading(name: object) -> str:
        return plain(str(name)).replace(" = ", f"{NO_BREAK}={NO_BREAK}")

    safe = table.rename(columns=heading).map(lambda cell: plain(str(cell)))
    st.table(safe, border="horizontal", hide_index=True, alt=alt)
