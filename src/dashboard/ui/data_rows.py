"""Parts of the page Data that show single rows: not loaded, not linked, data issues, each as received."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.figures.data_load.load_rows import DataLoad, patients_by_check
from dashboard.quality.run import catalogue, chased_checks
from dashboard.store.fewer_rows import fewer_rows
from dashboard.store.raw_record import source_of
from dashboard.store.reader import Reader
from dashboard.tables.data_load import rejected_counts, rejected_table, unlinked_table
from dashboard.tables.data_load_issues import (
    EXCLUDED,
    NOT_COUNTED,
    CheckWords,
    by_check,
    checks_table,
    first_of_systematic,
    issue_words,
    issues_table,
)
from dashboard.tables.formats import format_count, format_date
from dashboard.ui import installation, query_data, query_raise
from dashboard.ui.as_received import as_received, day_name
from dashboard.ui.caching import remembered
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext, Permission

NOT_BY_SITE = (
    "Nobody knows the site of a record that was not loaded, so the list is for users who may see all sites. "
    "The counts above are for all sites."
)
ALL = "All"
PATIENTS = "select count(*) as n from patient"


def rejected(context: PageContext, load: DataLoad) -> None:
    """Rows not loaded: file, row, column, what was found, what is allowed."""
    st.header("Rows not loaded", anchor=False)
    if context.reader.sites is not None:
        st.markdown(NOT_BY_SITE)
        return
    if load.rejected.empty:
        st.markdown("Every row was loaded or set aside by a rule: no row with a problem in this data cut.")
        return
    if not context.may(Permission.PATIENT):
        st.dataframe(
            rejected_counts(load.rejected), hide_index=True, alt="Rows not loaded, counted by reason"
        )
        st.caption("Counted by reason; the values are shown to people who may open patients.")
        return
    chosen = _pick(rejected_table(load.rejected), key="rejected", alt="Rows not loaded")
    st.caption("A row with two problems stands twice. Select a row to see the record as received.")
    if chosen is not None:
        line = load.rejected.iloc[chosen]
        as_received(context, str(line["source_file"]), line["source_row"])


def unlinked(context: PageContext, load: DataLoad) -> None:
    """Laboratory results without a patient (clinical-decisions A22)."""
    st.header("Laboratory results not linked to a patient", anchor=False)
    if context.reader.sites is not None:
        st.markdown(NOT_BY_SITE)
        return
    if load.unlinked.empty:
        st.markdown("Every laboratory result is linked to a patient.")
        return
    if not context.may(Permission.PATIENT):
        st.markdown(f"{len(load.unlinked)} results. The list is shown to people who may open patients.")
        return
    chosen = _pick(unlinked_table(load.unlinked), key="unlinked", alt="Laboratory results without a patient")
    st.caption(
        "A result is linked by laboratory ID only, never by name. Add the ID to the link file "
        "(laboratory ID, study ID, draw) after checking date, sex and year of birth, and load again."
    )
    if chosen is not None:
        line = load.unlinked.iloc[chosen]
        as_received(context, str(line["source_file"]), line["source_row"])


def issues(context: PageContext, load: DataLoad) -> None:
    """Data issues by group; those for information apart, folded and in no count (clinical-decisions A40)."""
    st.header("Data issues", anchor=False)
    _vanished(context)
    _fewer_rows(context)
    found = load.issues
    if found.empty:
        st.markdown("No data issue in this data cut.")
        return
    checks = {one.check_id: CheckWords(one.title, one.message, one.why_it_matters) for one in catalogue()}
    is_chased = found["check_id"].isin(list(chased_checks()))
    is_counted = (found["issue_group"] != NOT_COUNTED) & ~is_chased
    if not is_counted.any():
        st.markdown("No data issue to check in this data cut.")
    else:
        _issues_of(context, found[is_counted], checks=checks, key="issues")
    chased = found[is_chased]
    if not chased.empty:
        with st.expander(f"Overdue, chased and counted on the page Follow-up: {len(chased)}"):
            _issues_of(context, chased, checks=checks, key="chased")
    apart = found[~is_counted & ~is_chased]
    if not apart.empty:
        n_checks = apart["check_id"].nunique()
        with st.expander(f"For information, from {format_count(n_checks, 'check')}"):
            _issues_of(context, apart, checks=checks, key="information")


def _vanished(context: PageContext) -> None:
    """Patients of earlier data cuts who are not in this one, once each; by name to who may open patients."""
    gone = query_data.vanished_of(context, context.snapshot)
    if not gone:
        return
    said = f"{format_count(len(gone), 'patient')} of earlier data cuts not in this one"
    names = ", ".join(str(row["patient_id"]) for row in gone)
    st.warning(f"{said}: {plain(names)}." if context.may(Permission.PATIENT) else f"{said}.")


def _fewer_rows(context: PageContext) -> None:
    """Tables with fewer rows than the data cut before had, to who sees all sites."""
    earlier = [
        one
        for one in installation.snapshots(context.study.study_id)
        if one.cut_off < context.snapshot.cut_off
    ]
    if not earlier or context.reader.sites is not None:
        return
    found = _fewer(context.reader, context.reader_of(earlier[0]))
    if found:
        said = "; ".join(f"{row['title']}: {row['n']} ({row['n_before']} before)" for row in found)
        st.warning(f"Fewer rows than in the data cut of {format_date(earlier[0].cut_off)}. {said}.")


@remembered(entries=20)
def _fewer(reader: Reader, before: Reader) -> list[dict[str, Any]]:
    return fewer_rows(reader, before)


def _issues_of(
    context: PageContext, found: pd.DataFrame, *, checks: Mapping[str, CheckWords], key: str
) -> None:
    """The checks that found something, then the data issues, one row for a systematic check unless chosen."""
    titles = {check_id: words.title for check_id, words in checks.items()}
    counted = by_check(found)
    n_patients = int(context.reader.records(PATIENTS)[0]["n"])
    summary = checks_table(
        counted, titles=titles, n_patients=n_patients, n_applies_to=patients_by_check(context.reader)
    )
    st.dataframe(summary, hide_index=True, alt="Data issues by check")
    if not context.may(Permission.PATIENT):
        st.caption("The single data issues are shown to people who may open patients.")
        return
    choices = [ALL, *dict.fromkeys(found["check_id"])]
    check_id = st.selectbox(
        "Check", choices, format_func=lambda one: titles.get(one, one), width=420, key=f"{key}.check"
    )
    _single_issues(context, found, check_id=check_id, checks=checks, key=f"{key}.{check_id}")


def _single_issues(
    context: PageContext, found: pd.DataFrame, *, check_id: str, checks: Mapping[str, CheckWords], key: str
) -> None:
    systematic = by_check(found[found["is_systematic"].astype(bool)])
    many = dict(zip(systematic["check_id"], systematic["n_patients"], strict=True))
    if check_id == ALL:
        shown = first_of_systematic(found)
    else:
        shown, many = found[found["check_id"] == check_id], {}
    table = issues_table(shown, checks=checks, name_day=day_name(context), n_patients=many)
    chosen = _pick(table, key=key, alt="Data issues")
    st.caption("Select a data issue to see why it matters and the record as received.")
    if chosen is not None:
        _issue(context, shown.iloc[chosen].to_dict(), checks=checks)


def _issue(context: PageContext, line: Mapping[Any, Any], *, checks: Mapping[str, CheckWords]) -> None:
    st.markdown(f"**{plain(issue_words(line, checks=checks, name_day=day_name(context)))}**")
    words = checks.get(str(line["check_id"]))
    if words is not None:
        st.markdown(f"{plain(words.why_it_matters)} {EXCLUDED.get(str(line['excludes']), '')}")
    source = source_of(context.reader, str(line["table_name"]), str(line["row_key"]))
    if source is None:
        st.caption("The record behind it was not loaded (see Rows not loaded) or is not at your sites.")
    else:
        patient_id = line["patient_id"]
        as_received(context, *source, concerns=None if pd.isna(patient_id) else str(patient_id))
    query_raise.on_issue(context, line)


def _pick(table: pd.DataFrame, *, key: str, alt: str) -> int | None:
    """The table; gives the place of the selected row."""
    event = st.dataframe(
        table, hide_index=True, alt=alt, key=f"data.{key}", on_select="rerun", selection_mode="single-row"
    )
    rows = event.selection.rows
    return rows[0] if rows and rows[0] < len(table) else None
