"""The one cohort filter of the cohort pages: chips, N of N, saved cohorts; kept from page to page."""

import streamlit as st

from dashboard.store.reader import Reader
from dashboard.studies.cohort import Chip, Cohort, CohortLabels, cohort_labels
from dashboard.ui import saved_cohorts, state, view_offer
from dashboard.ui.caching import remembered
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext, Permission, stop_with
from dashboard.ui.filter_choices import choices, chosen_values, cohort_from

ENROLLED = "select count(*) as n from usable_patient where enrolled_on is not null /* and cohort */"
SITES = ("Your sites", "All sites")
NOBODY = "No patient has all of these characteristics. Take a choice away, or reset the filter."
NOBODY_ENROLLED = "No patient is enrolled at your sites in this data cut."


def counted_reader(context: PageContext) -> Reader:
    """The reader of the sites to count: all of them by right and choice, else the user's.

    Whoever may count other sites still sees their patients in sums only: give `context.reader` to
    anything that shows single patients.
    """
    reader = context.reader
    if reader.sites is None or not context.may(Permission.AGGREGATE_ALL_SITES):
        return reader
    study_id = context.study.study_id
    chosen = st.segmented_control(
        "Sites",
        SITES,
        default=SITES[state.counts_all_sites(study_id)],
        required=True,
        label_visibility="collapsed",
    )
    state.set_counts_all_sites(study_id, is_chosen=chosen == SITES[1])
    return Reader(context.snapshot, None) if chosen == SITES[1] else reader


@remembered(entries=500)
def cohort_size(reader: Reader, cohort: Cohort) -> int:
    """Enrolled patients of a cohort at the reader's sites."""
    narrowed = cohort.narrow(ENROLLED)
    return int(reader.records(narrowed.sql, narrowed.values)[0]["n"])


def cohort_filter(context: PageContext, *, reader: Reader | None = None) -> Cohort:
    """The filter in one row; gives the cohort to count. Stops the page, saying so, where it is empty.

    `reader` is that of the sites to count (see `counted_reader`); without it the user's.
    """
    counted = reader or context.reader
    study_id = context.study.study_id
    saved_cohorts.take_address(context)
    saved_cohorts.put_address(study_id)
    cohort = state.cohort(study_id)
    n_enrolled = cohort_size(counted, Cohort())
    n = cohort_size(counted, cohort)
    labels = cohort_labels(context.study)
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("Cohort", width="content")
        _chips(study_id, cohort, labels=labels)
        with st.popover("Filter", icon=":material/add:", width="content"):
            _questions(context, counted, cohort=cohort)
        if not cohort.is_everybody:
            st.button("Reset", type="tertiary", on_click=saved_cohorts.choose, args=(study_id, Cohort()))
        st.space("stretch")
        st.markdown(f"**{n}** of {n_enrolled} patients", width="content")
        with st.popover("Saved cohorts", icon=":material/bookmark:", width="content"):
            saved_cohorts.saved_panel(context, cohort)
        view_offer.offer_cohort(context, cohort)
    if not n_enrolled:
        stop_with(NOBODY_ENROLLED)
    if not n:
        stop_with(NOBODY)
    return cohort


def cohort_line(context: PageContext, cohort: Cohort, *, reader: Reader) -> str:
    """The cohort in words with N of N, for footers of figures and files."""
    words = cohort.words(cohort_labels(context.study))
    return f"cohort: {words} ({cohort_size(reader, cohort)} of {cohort_size(reader, Cohort())} patients)"


def _chips(study_id: str, cohort: Cohort, *, labels: CohortLabels) -> None:
    shown = cohort.chips(labels)
    if not shown:
        st.badge("All enrolled", color="blue")
    for chip in shown:
        _chip(study_id, cohort, chip)


def _chip(study_id: str, cohort: Cohort, chip: Chip) -> None:
    st.button(
        plain(chip.text),
        key=f"chip.{study_id}.{chip.key}",
        type="primary",
        icon=":material/close:",
        icon_position="right",
        help="Take this choice away",
        on_click=saved_cohorts.choose,
        args=(study_id, cohort.without(chip.key)),
    )


def _questions(context: PageContext, reader: Reader, *, cohort: Cohort) -> None:
    """The questions in two columns; each answer counts at once."""
    study_id = context.study.study_id
    form = f"cohort.{study_id}"
    offered = choices(reader, context.study)
    if not offered:
        st.caption("The patients at your sites do not differ in anything the filter knows.")
        return
    keys = tuple(choice.key for choice in offered)
    for column, part in zip(st.columns(2), (offered[::2], offered[1::2]), strict=True):
        for choice in part:
            known = [value for value in chosen_values(cohort, choice.key) if value in choice.options]
            column.multiselect(
                choice.label,
                list(choice.options),
                default=known,
                format_func=choice.options.__getitem__,
                placeholder="Any",
                key=state.form_key(form, choice.key),
                on_change=_answered,
                args=(study_id, keys),
            )


def _answered(study_id: str, keys: tuple[str, ...]) -> None:
    """The cohort of the answers; the widgets stay as they are, so no new round begins."""
    form = f"cohort.{study_id}"
    state.set_cohort(study_id, cohort_from({key: state.entered(form, key) or [] for key in keys}))
    saved_cohorts.put_address(study_id)
