"""Cards of the response page that show counts."""

from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.response.duration import DurationRequest, response_duration
from dashboard.figures.response.local import response_local, status_by_group
from dashboard.figures.response.patients import ResponseRequest, is_after_local
from dashboard.figures.response.rates import (
    RatesRequest,
    best_responses,
    response_by_group,
    response_rates,
)
from dashboard.figures.survival.of_line import titled
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.studies.vocabulary import WORDS
from dashboard.ui.caching import remembered
from dashboard.ui.cards import NO_BREAK, how_made, plain
from dashboard.ui.export import Exported
from dashboard.ui.group_baseline import note_of
from dashboard.ui.overview_cards import question_text

WORD_JOINER = "\N{WORD JOINER}"


@remembered(entries=100)
def _rates(reader: Reader, request: RatesRequest) -> Figure:
    return response_rates(reader, request).without_rows()


@remembered(entries=100)
def _by_group(reader: Reader, request: RatesRequest) -> Figure:
    if is_after_local(request.response):
        return status_by_group(reader, request).without_rows()
    return response_by_group(reader, request).without_rows()


@remembered(entries=100)
def _best(reader: Reader, request: RatesRequest) -> Figure:
    return best_responses(reader, request).without_rows()


@remembered(entries=100)
def _local(reader: Reader, request: ResponseRequest) -> Figure:
    return response_local(reader, request).without_rows()


@remembered(entries=100)
def _duration(reader: Reader, request: DurationRequest) -> Figure | None:
    figure = response_duration(reader, request)
    return None if figure is None else figure.without_rows()


def files(reader: Reader, rates: RatesRequest, *, duration: DurationRequest) -> dict[str, Exported]:
    """Every figure of counts by its title, made when it is asked for."""
    by_group = partial(_by_group, reader, rates)
    by_words = f"By {rates.group.label}" if rates.group else "By group"
    lasting = {"Duration of response": partial(_duration, reader, duration)}
    if is_after_local(rates.response):
        local = partial(_local, reader, rates.response)
        return {"Progression after local therapy": local, by_words: by_group, **lasting}
    return {
        "Response rate": partial(_rates, reader, rates),
        by_words: by_group,
        "Best response": partial(_best, reader, rates),
        **lasting,
    }


def table_figure(figure: Figure) -> None:
    """The table of a figure with its words, and how it was made."""
    safe = figure.table.rename(columns=plain).map(lambda cell: plain(str(cell)))
    numbers = list(safe.columns[1:])
    safe[numbers] = safe[numbers].map(_in_one_piece)
    st.table(safe, border="horizontal", hide_index=True, alt=figure.alt)
    st.caption(plain(figure.caption))
    how_made(figure)


def _in_one_piece(cell: str) -> str:
    """A number with its interval, never broken; behind a count it may stand on its own line."""
    parts = (part.replace(" ", NO_BREAK) for part in cell.split(", "))
    return ", ".join(parts).replace("–", f"{WORD_JOINER}–{WORD_JOINER}")


def rates_card(reader: Reader, request: RatesRequest, *, study: Study) -> None:
    """The three rates in their order, and the rulings they wait for."""
    figure = _rates(reader, request)
    with st.container(border=True):
        st.header(titled("Response rate", request.response.line_words), anchor=False)
        st.caption(plain(request.response.settings.headline.label))
        table_figure(figure)
        _rulings(study, request.response)


def _rulings(study: Study, request: ResponseRequest) -> None:
    """Open questions of the study that these numbers rest on."""
    settings = request.settings
    used = {one.setting_id for one in (settings.headline, settings.confirmed, settings.benefit) if one}
    for question in study.open_questions:
        if question.status == "open" and used & set(question.affects):
            with st.expander(f"Needs a ruling by the PI: {plain(question.topic)}"):
                question_text(question, study=study)


def best_card(reader: Reader, request: RatesRequest) -> None:
    """Counts of best responses."""
    figure = _best(reader, request)
    with st.container(border=True):
        st.header(titled("Best response", request.response.line_words), anchor=False)
        table_figure(figure)


def local_card(reader: Reader, request: ResponseRequest) -> None:
    """Progressions after local therapy by kind, as a sentence and a table."""
    figure = _local(reader, request)
    with st.container(border=True):
        st.header("Progression after local therapy", anchor=False)
        st.markdown(figure.caption)
        table_figure(replace(figure, caption=WORDS["not_recist"]))


def group_card(reader: Reader, request: RatesRequest, *, study: Study) -> None:
    """The rates by group, with the caution the study gives for it."""
    figure = _by_group(reader, request)
    with st.container(border=True):
        label = request.group.label if request.group else ""
        title = titled("By group", request.response.line_words)
        st.header(f"{title}: {plain(label)}", anchor=False)
        table_figure(figure)
        note = note_of(study, request.group) if request.group else ""
        if note:
            st.warning(plain(note))


def duration_card(reader: Reader, request: DurationRequest) -> None:
    """Duration of response; nothing in a study without such an endpoint."""
    figure = _duration(reader, request)
    if figure is None:
        return
    with st.container(border=True):
        st.header(titled("Duration of response", request.response.line_words), anchor=False)
        table_figure(figure)
