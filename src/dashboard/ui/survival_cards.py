"""Cards of the survival page."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.charts.kaplan_meier import leaves_bands_out
from dashboard.figures.figure import Figure
from dashboard.figures.survival.curves import n_curves
from dashboard.figures.survival.forest import COMPETES
from dashboard.figures.survival.incidence import headline_sentence
from dashboard.figures.survival.next_line import next_line_sentence
from dashboard.figures.survival.of_line import titled
from dashboard.figures.survival.request import SurvivalRequest, composite_of, variants_of
from dashboard.figures.survival.variants import VariantsRequest
from dashboard.figures.survival.words import endpoint_card
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.tables.formats import format_count, format_date
from dashboard.tables.survival import (
    TOO_SMALL,
    RatioWords,
    follow_up_words,
    not_shown_words,
    numbers_table,
    proportional_words,
    ratio_table,
    restricted_table,
    shown_table,
)
from dashboard.ui import survival_kept as kept
from dashboard.ui.cards import draw_figure, how_made, plain, table_switch
from dashboard.ui.group_baseline import note_of
from dashboard.ui.link_state import page_choice
from dashboard.ui.overview_cards import question_text
from dashboard.ui.survival_forest import forest_box
from dashboard.ui.survival_lists import has_dates, left_out_list, stale_list

NOBODY = "Nobody in this cohort is followed for this endpoint."
NO_DATES = "The source gives times and no dates: who was last seen long before the data cut is not known."
KNOWN_LATER = (
    "{group} was recorded only after the patients joined. Compared from day 0, a group known only later has "
    "had to survive until then (guarantee-time bias), so it is not used; the curve shows all together."
)
OTHER_FOLLOW_UP = "This counts all {unit}; the sentence above the curve only those with neither event."
VARIANTS = "Under other definitions"
LOG_RANK_IN_FILE = "Descriptive study: log-rank statistics are in the CSV file of numbers and on no page."
EVERY_BAND = "All bands"
KNOWN_THEN = (
    "**Groups are as known when a patient joins.** What is known only later, such as clearance of ctDNA or "
    "response, is not compared from day 0 on this page."
)


def usable_group(reader: Reader, request: SurvivalRequest) -> SurvivalRequest:
    """The request without its group where nobody's is known when joining; says so."""
    if request.group is None:
        return request
    flow = kept.flow(reader, request)
    if not flow.n_followed or flow.has_group or not flow.is_known_later:
        return request
    st.info(KNOWN_LATER.format(group=plain(request.group.label)), icon=":material/info:")
    return replace(request, group=None)


def drawn_request(request: SurvivalRequest, *, study: Study) -> SurvivalRequest:
    """What the Kaplan-Meier curve may show: where another event competes, the endpoint that counts both."""
    composite = composite_of(study, request.endpoint)
    return request if composite is None else replace(request, endpoint=composite)


def curve_card(
    reader: Reader, request: SurvivalRequest, *, study: Study, previous: Reader | None
) -> dict[str, Figure]:
    """The curve, or for an endpoint with a competing event the sentence and its curves; figures by title."""
    drawn = drawn_request(request, study=study)
    figures: dict[str, Figure] = {}
    with st.container(border=True):
        if request.endpoint.competing:
            st.markdown(f"**{plain(headline_sentence(reader, request, study=study)) or NOBODY}**")
        if not drawn.endpoint.competing:
            figures |= _curve_shown(reader, drawn, previous)
        reached = next_line_sentence(reader, request)
        if reached:
            st.markdown(reached)
        if request.endpoint.competing:
            incidence = replace(request, group=None)
            title = f"{request.endpoint.label}, cumulative incidence"
            why_not = kept.no_incidence(reader, incidence)
            head = _head(titled(title, request.line_words))
            figures |= _shown(kept.incidence(reader, incidence), title=title, head=head, why_not=why_not)
    return figures


def _curve_shown(reader: Reader, drawn: SurvivalRequest, previous: Reader | None) -> dict[str, Figure]:
    """The curves; where they are too many for their bands, the switch that draws these all the same."""
    title = drawn.endpoint.label
    head = _head(titled(drawn.title, drawn.by))
    if drawn.has_band and leaves_bands_out(n_curves(kept.numbers(reader, drawn), guards=drawn.guards)):
        key = page_choice(EVERY_BAND, (False, True), default=False)
        has_every_band = head.toggle(EVERY_BAND, key=key, persist_state="session")
        drawn = replace(drawn, has_every_band=has_every_band)
    return _shown(kept.curve(reader, drawn, previous), title=title, head=head)


def _head(title: str) -> DeltaGenerator:
    """The title of a drawing, with room for its switches beside it."""
    head = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
    head.header(plain(title), anchor=False)
    return head


def _shown(
    figure: Figure | None, *, title: str, head: DeltaGenerator, why_not: str = ""
) -> dict[str, Figure]:
    """One drawing or its table, or why there is neither; nothing to export where nobody is followed."""
    if figure is None:
        st.info(NOBODY)
        return {}
    if why_not:
        st.info(plain(why_not))
    elif table_switch(head, title):
        st.dataframe(shown_table(figure.table), hide_index=True, height=420, alt=figure.alt)
    else:
        draw_figure(figure, key=f"survival.chart.{title}")
    st.caption(plain(figure.caption))
    how_made(figure)
    return {title: figure}


def endpoint_box(reader: Reader, request: SurvivalRequest, *, study: Study, may_list: bool) -> None:
    """What is followed, from when, to what; the rulings it waits for; who is left out, for who may list."""
    flow = kept.flow(reader, request)
    n = {
        "cohort": flow.n,
        "followed": flow.n_followed,
        "delayed": flow.n_delayed,
        "after_induction": flow.n_after_induction,
        "events": flow.n_events,
        "unreported_events": flow.n_unreported_events,
        "censored": flow.n_censored,
        "unreported_censored": flow.n_unreported_censored,
    }
    cut_off = format_date(reader.snapshot.cut_off)
    card = endpoint_card(request.endpoint, n=n, cut_off=cut_off, line=request.line_words)
    with st.container(border=True):
        st.header("Endpoint card", anchor=False)
        table = pd.DataFrame(
            [(plain(name), plain(words)) for name, words in card], columns=["Part", "Meaning"]
        )
        st.table(table, border="horizontal", hide_index=True, hide_header=True, alt="Endpoint card")
        _rulings(request, study=study)
        if may_list:
            left_out_list(reader, replace(request, group=None))


def _rulings(request: SurvivalRequest, *, study: Study) -> None:
    """Open questions of the study that the endpoint or one of its definitions rests on."""
    affected = {one.endpoint_id for one in variants_of(study, request.endpoint)}
    waiting = [one for one in study.open_questions if one.status == "open" and affected & set(one.affects)]
    if not waiting:
        return
    with st.expander(f"Needs a ruling by the PI: {len(waiting)}"):
        for question in waiting:
            st.markdown(f"**{plain(question.topic)}**")
            question_text(question, study=study)


def ratio_card(reader: Reader, request: SurvivalRequest, *, study: Study) -> None:
    """Hazard ratios against a chosen reference, each shown only where there are events enough."""
    own = drawn_request(request, study=study)
    with st.container(border=True):
        st.header("Hazard ratio", anchor=False)
        if own.endpoint.competing:
            st.caption(COMPETES)
            return
        if own.group is None:
            st.caption("A hazard ratio compares groups: choose one under Group by.")
            return
        groups = [one for one in kept.numbers(reader, own)[:-1] if one.group != own.group.missing]
        if len(groups) < 2:
            st.caption("There is only one group.")
            return
        names = [one.group for one in sorted(groups, key=lambda one: -one.n)]
        chosen = st.selectbox("Reference", names, key=f"survival.reference.{own.group.name}")
        ratios = kept.ratios(reader, replace(own, reference=chosen))
        if all(one.is_small for one in ratios):
            st.caption(TOO_SMALL)
            return
        limits = study.display.model_dump()
        st.table(
            ratio_table(ratios, limits=limits).drop(columns="Reference").map(lambda cell: plain(str(cell))),
            border="horizontal",
            hide_index=True,
            alt=f"Hazard ratios against {chosen}",
        )
        st.caption(_ratio_note(ratios, study=study))


def _ratio_note(ratios: Sequence[RatioWords], *, study: Study) -> str:
    said = ["Cox model, Efron, not adjusted. Groups were not assigned: no comparison of treatments."]
    if study.inference != "confirmatory":
        said.append("Descriptive study: p values are off.")
    said.append(proportional_words(ratios))
    return " ".join(part for part in said if part)


def follow_up_card(reader: Reader, request: SurvivalRequest, *, may_list: bool) -> None:
    """Median follow-up by reverse Kaplan-Meier, and who was censored long before the data cut.

    The patients only for who `may_list` them.
    """
    everybody = replace(request, group=None)
    # Of groups the last entry is that of all together, which the table of medians needs too.
    numbers = kept.numbers(reader, everybody if request.endpoint.competing else request)
    with st.container(border=True):
        st.header("Follow-up", anchor=False)
        if not numbers:
            st.caption(NOBODY)
            return
        median, source = follow_up_words(numbers[-1], counts_only_below=everybody.guards.counts_only_below)
        st.markdown(f"Follow-up for {plain(everybody.title)}: median **{median}**")
        st.caption(
            f"{source}. {OTHER_FOLLOW_UP.format(unit=request.unit)}" if request.endpoint.competing else source
        )
        if not has_dates(reader, request):
            st.caption(NO_DATES)
            return
        n = len(kept.stale(reader, everybody))
        st.caption(
            f"{format_count(n, request.unit[:-1])} {'was' if n == 1 else 'were'} censored more than "
            f"{request.stale_days} days before the data cut."
        )
        if may_list:
            stale_list(reader, everybody)


def numbers_card(reader: Reader, request: SurvivalRequest, *, study: Study) -> None:
    """Medians and shares at months, by group and together; the log-rank test where it may be shown."""
    own = drawn_request(request, study=study)
    numbers = kept.numbers(reader, own)
    if own.endpoint.competing or not numbers:
        return
    st.header("Medians and shares at set months", anchor=False)
    if own.endpoint != request.endpoint:
        st.caption(plain(own.title))
    table = numbers_table(numbers, counts_only_below=own.guards.counts_only_below)
    _plain_table(table, alt="Medians")
    guards = own.guards
    if why := not_shown_words(table, counts_only_below=guards.counts_only_below, dimming=guards.dimming):
        st.caption(why)
    test = kept.group_test(reader, own) if own.guards.is_confirmatory else None
    if test is not None:
        st.markdown(plain(test.words))
    if own.group is not None:
        if note := note_of(study, own.group):
            st.warning(plain(note))
        st.info(KNOWN_THEN, icon=":material/info:")


def variants_figure(reader: Reader, request: SurvivalRequest, *, study: Study) -> Figure | None:
    """The same outcome under every definition of the study (A8); None where it has one."""
    named = {one.endpoint_id: one for one in study.endpoints}
    base = named.get(request.endpoint.sensitivity_of or "", request.endpoint)
    variants = variants_of(study, base)
    if len(variants) < 2:
        return None
    # What the drawing shows changes no number: one table for all of it.
    own = replace(request, endpoint=base, group=None, has_band=True, has_censor_marks=True)
    return kept.variants(reader, VariantsRequest(survival=own, variants=variants))


def variants_card(reader: Reader, request: SurvivalRequest, *, study: Study) -> None:
    """The table of `variants_figure`, where there is one."""
    figure = variants_figure(reader, request, study=study)
    if figure is None:
        return
    st.header(VARIANTS, anchor=False)
    _plain_table(figure.table, alt=figure.alt)
    how_made(figure)


def more_card(reader: Reader, request: SurvivalRequest, *, study: Study) -> None:
    """Restricted means, and what stands in the file alone."""
    numbers = kept.numbers(reader, drawn_request(request, study=study))
    with st.expander("More statistics"):
        if numbers and numbers[0].until is not None:
            _plain_table(restricted_table(numbers), alt="Restricted mean times")
        if study.inference != "confirmatory":
            st.caption(LOG_RANK_IN_FILE)
        forest_box(reader, drawn_request(request, study=study), study=study)


def _plain_table(table: pd.DataFrame, *, alt: str) -> None:
    safe = table.rename(columns=plain).map(lambda cell: plain(str(cell)))
    st.table(safe, border="horizontal", hide_index=True, alt=alt)
