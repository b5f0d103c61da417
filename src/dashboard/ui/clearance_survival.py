"""Survival by later ctDNA draws: second draw, landmark, moving groups; never the naive curve unasked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.figures.clearance.group_test import after_draw_test
from dashboard.figures.clearance.groups import groups_of
from dashboard.figures.clearance.material import Followed, clearance_material
from dashboard.figures.clearance.numbers import UNBIASED, after_draw_numbers, after_draw_ratios
from dashboard.figures.clearance.request import (
    NAIVE_WARNING,
    AfterDrawRequest,
    ClearanceRequest,
    View,
    landmark_months,
    outcomes_of,
    view_label,
)
from dashboard.figures.clearance.survival import (
    clearance_survival,
    clearance_survival_numbers,
    counts_by_group,
)
from dashboard.figures.figure import Figure
from dashboard.figures.study_guards import counts_only_below
from dashboard.stats import Guards
from dashboard.store.reader import Reader
from dashboard.studies.endpoints import Endpoint
from dashboard.studies.schema import Study
from dashboard.tables.clearance_survival import flow_table, model_table, suspicion_sentence
from dashboard.tables.group_test import GroupTest
from dashboard.tables.survival import (
    TOO_SMALL,
    GroupNumbers,
    RatioWords,
    not_shown_words,
    numbers_table,
    proportional_words,
    shown_table,
)
from dashboard.ui.caching import remembered
from dashboard.ui.cards import draw_figure, how_made, plain, table_switch
from dashboard.ui.clearance_cards import show_table
from dashboard.ui.export import Exported
from dashboard.ui.link_state import page_choice
from dashboard.ui.parts import Part

LEAVE_OUT = "Leave out draws near progression"
RATIO = "Hazard ratio"
NUMBERS = "survival numbers"
NAIVE = "Show the biased curve"
ONE_GROUP = "Only one group is in this analysis: nothing to compare."
NOT_ASSIGNED = "Cox model, Efron. The groups were not assigned."
CLOCKS = (
    " Patients' clocks start at different ages of treatment: the adjusted model carries the months from "
    "baseline to the draw."
)


@dataclass(frozen=True)
class _Analysis:
    """One view: its curves, who is in it, its numbers, and the test where the study may show one."""

    figure: Figure
    followed: Followed
    numbers: list[GroupNumbers]
    test: GroupTest | None


@remembered(entries=100)
def _analysis(reader: Reader, request: AfterDrawRequest) -> _Analysis:
    followed = groups_of(clearance_material(reader, request), request)
    return _Analysis(
        figure=clearance_survival(reader, request, followed=followed),
        followed=followed,
        numbers=after_draw_numbers(followed, request),
        test=after_draw_test(followed, request),
    )


@remembered(entries=100, spinner="Fitting the Cox models …")
def _models(reader: Reader, request: AfterDrawRequest) -> list[tuple[str, RatioWords]]:
    return after_draw_ratios(groups_of(clearance_material(reader, request), request), request)


@remembered(entries=100)
def _numbers(reader: Reader, request: AfterDrawRequest) -> Figure:
    return clearance_survival_numbers(reader, request)


def survival_parts(
    reader: Reader, base: ClearanceRequest, *, study: Study, later: list[Callable[[], None]]
) -> dict[str, Part]:
    """One part per clock; none in a study without an outcome to follow.

    What fits models is added to `later`, to be drawn at its place once the rest of the page is.
    """
    if not outcomes_of(study):
        return {}
    names: dict[str, View] = {
        "After the second draw": "second_draw",
        f"Landmark, month {landmark_months(study)}": "landmark",
        "Time-dependent": "moving",
    }
    return {
        name: partial(_card, reader, base, view=view, study=study, later=later)
        for name, view in names.items()
    }


def survival_files(reader: Reader, base: ClearanceRequest, *, study: Study) -> dict[str, Exported]:
    """The three curves of the first outcome and every number of them, made when asked for."""
    offered = outcomes_of(study)
    return _files(reader, _request(base, study, endpoint=offered[0])) if offered else {}


def _files(reader: Reader, request: AfterDrawRequest) -> dict[str, Exported]:
    views = [replace(request, view=view) for view in UNBIASED]
    curves = {view_label(own): partial(_curve_file, reader, own) for own in views}
    return {**curves, f"{request.endpoint.label}, {NUMBERS}": partial(_numbers, reader, request)}


def _curve_file(reader: Reader, request: AfterDrawRequest) -> Figure | None:
    figure = _analysis(reader, request).figure
    return figure if figure.spec else None


def _card(
    reader: Reader, base: ClearanceRequest, *, view: View, study: Study, later: list[Callable[[], None]]
) -> dict[str, Exported]:
    """Outcome and switches, one clock, and the biased curve behind its own switch; figures by title."""
    with st.container(border=True):
        st.header("Survival by what later draws showed", anchor=False)
        request, shows_ratio = _choices(base, study)
        own = replace(request, view=view)
        place = _view(reader, own, study=study)
        if shows_ratio:
            later.append(partial(_ratios, place, reader, own, study=study))
        return {**_files(reader, request), **_naive(reader, request)}


def _choices(base: ClearanceRequest, study: Study) -> tuple[AfterDrawRequest, bool]:
    """Outcome and switches, the same for every clock."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    offered = {one.label: one for one in outcomes_of(study)}
    chosen = row.selectbox(
        "Outcome",
        list(offered),
        width=420,
        key=page_choice("Outcome", list(offered), default=next(iter(offered))),
        persist_state="session",
    )
    near = study.ctdna.progression_draw_days
    leaves_out = row.toggle(
        LEAVE_OUT,
        help=f"Draws within {near} days before or after a progression, on its day, or for suspicion of it; "
        "how many stands below",
        key=page_choice(LEAVE_OUT, (False, True), default=False),
        persist_state="session",
    )
    key = page_choice(RATIO, (False, True), default=False)
    shows_ratio = row.toggle(RATIO, key=key, persist_state="session")
    return _request(base, study, endpoint=offered[chosen], leaves_out=leaves_out), shows_ratio


def _request(
    base: ClearanceRequest, study: Study, *, endpoint: Endpoint, leaves_out: bool = False
) -> AfterDrawRequest:
    return AfterDrawRequest(
        clearance=base,
        endpoint=endpoint,
        landmark_months=landmark_months(study),
        leaves_out_suspicion=leaves_out,
    )


def _view(reader: Reader, request: AfterDrawRequest, *, study: Study) -> DeltaGenerator:
    """Curve on the left, on the right who is in it and who is not; numbers below.

    Gives the place of the hazard ratios.
    """
    found = _analysis(reader, request)
    figure, followed = found.figure, found.followed
    left, right = st.columns([66, 34], gap="medium")
    with left:
        _curve(figure, request, followed)
    with right:
        groups = counts_by_group(followed)
        flow = flow_table(
            followed.n_cohort,
            followed.excluded,
            groups=groups,
            view=request.view,
            by_group=followed.by_group,
        )
        show_table(flow, alt="Who is in this analysis", bold=[0, -1])
        near = suspicion_sentence(
            followed.suspicion,
            view=request.view,
            within_days=study.ctdna.progression_draw_days,
            is_left_out=request.leaves_out_suspicion,
        )
        if near:
            st.markdown(plain(near))
    _numbers_below(found, least=counts_only_below(study), guards=request.clearance.guards)
    place = st.container()
    how_made(figure)
    return place


def _numbers_below(found: _Analysis, *, least: int, guards: Guards) -> None:
    """Medians and shares from `least` patients on; the test where the study may show one."""
    if found.numbers and found.figure.spec and found.followed.n >= least:
        table = numbers_table(found.numbers, counts_only_below=least)
        show_table(table, alt="Medians and shares at set months")
        if why := not_shown_words(table, counts_only_below=least, dimming=guards.dimming):
            st.caption(why)
    if found.test is not None:
        st.markdown(plain(found.test.words))


def _curve(figure: Figure, request: AfterDrawRequest, followed: Followed) -> None:
    if figure.spec:
        if table_switch(st.container(), "Curve"):
            st.dataframe(shown_table(_named(figure.table)), hide_index=True, height=420, alt=figure.alt)
        else:
            draw_figure(figure, key=f"clearance.{request.view}")
    elif followed.n:
        least = request.clearance.least_in_group
        st.info(f"No curve: every group has fewer than {least} patients. The counts stand here.")
    else:
        st.info("Not applicable: nobody of this cohort is in this analysis; the reasons stand beside.")
    st.caption(plain(figure.caption))


def _named(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns={"moved_in": "Moved in", "moved_out": "Moved out", "warning": "Warning"})


def _ratios(place: DeltaGenerator, reader: Reader, request: AfterDrawRequest, *, study: Study) -> None:
    """The hazard ratios of one view at their place, or why there are none."""
    with place:
        ratios = _models(reader, request)
        if not ratios:
            st.caption(ONE_GROUP)
        elif all(one.is_small for _model, one in ratios):
            st.caption(TOO_SMALL)
        else:
            show_table(model_table(ratios, limits=study.display.model_dump()), alt="Hazard ratios")
            off = "" if study.inference == "confirmatory" else " Descriptive study: p values are off."
            clocks = "" if request.view == "moving" else CLOCKS
            checked = proportional_words([one for _model, one in ratios])
            st.caption(f"{NOT_ASSIGNED}{clocks}{off} {checked}".rstrip())


def _naive(reader: Reader, request: AfterDrawRequest) -> dict[str, Figure]:
    """The comparison everybody has seen and nobody should use; drawn only when asked for."""
    with st.expander("Naive comparison (biased)"):
        if not st.toggle(NAIVE, key="clearance.naive"):
            st.caption("Grouping patients from the start by what a later draw showed is biased.")
            return {}
        own = replace(request, view="naive", leaves_out_suspicion=False)
        figure = _analysis(reader, own).figure
        st.error(NAIVE_WARNING + ".", icon=":material/warning:")
        if figure.spec:
            draw_figure(figure, key="clearance.naive.chart")
        st.caption(plain(figure.caption))
        how_made(figure)
        return {view_label(own): figure} if figure.spec else {}
