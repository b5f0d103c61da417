"""Cards of the overview page about eligibility: criteria not simply met, and what waits for a ruling."""

import pandas as pd
import streamlit as st

from dashboard.figures.overview.eligibility import overview_eligibility
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.tables.overview_eligibility import criteria_table, reading_words, readings_table
from dashboard.ui.caching import remembered
from dashboard.ui.cards import NO_BREAK, plain
from dashboard.ui.overview_cards import question_text


@remembered(entries=50)
def _eligibility(reader: Reader) -> pd.DataFrame:
    return overview_eligibility(reader)


def eligibility_card(reader: Reader, study: Study) -> None:
    """Criteria that somebody enrolled does not simply meet; zero is said; nothing without criteria.

    Below it the counts under each reading of a criterion that can be read in several ways (A31).
    """
    found = _eligibility(reader)
    if found.empty:
        return
    with st.container(border=True):
        st.header("Eligibility of the enrolled", anchor=False)
        table = criteria_table(found)
        n_criteria = found["criterion"].nunique()
        if table.empty:
            st.markdown(f"All {n_criteria} criteria are met by everybody enrolled.")
            return
        st.table(
            table.astype(str).map(plain),
            border="horizontal",
            hide_index=True,
            alt="Criteria not simply met, with the number of patients",
        )
        st.caption(
            f"{n_criteria - len(table)} of {n_criteria} criteria are met by everybody. A patient may be in "
            "several rows. Where the data say otherwise than the investigator, the data count."
        )
        _readings(found, study)


def meanings_of(study: Study) -> dict[tuple[str, str], str]:
    """The words of each reading of the study definition by (criterion, reading)."""
    return {
        (criterion.criterion, reading.reading): reading.meaning
        for criterion in study.criteria
        for reading in criterion.readings
    }


def _readings(found: pd.DataFrame, study: Study) -> None:
    table = readings_table(found, meanings=meanings_of(study))
    if table.empty:
        return
    st.markdown("**Where the protocol can be read in several ways**")
    safe = table.map(plain)
    counts = ["Meets it", "Meets all"]
    safe[counts] = safe[counts].map(lambda cell: cell.replace(" ", NO_BREAK))
    st.table(safe, border="horizontal", hide_index=True, alt="Counts under each reading")


def rulings_card(reader: Reader, study: Study) -> None:
    """Where the protocol contradicts itself: readings, what is in force until ruled, what it decides."""
    waiting = [question for question in study.open_questions if question.status == "open"]
    with st.container(border=True):
        st.header(f"Needs a ruling by the PI: {len(waiting)}", anchor=False)
        if not waiting:
            st.markdown("No open question.")
        for question in waiting:
            with st.expander(plain(question.topic)):
                question_text(question, study=study)
                for sentence in reading_words(_eligibility(reader), question.question_id):
                    st.caption(plain(sentence))
