"""Home: the granted studies, what needs somebody today, and what is new since the last visit."""

from pathlib import Path

import streamlit as st

from dashboard.access.roles import may
from dashboard.figures.worklist.listed import patients_with_news
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.studies.schema import Study
from dashboard.tables.formats import format_count, format_date
from dashboard.ui import installation, state
from dashboard.ui.caching import remembered
from dashboard.ui.context import PageContext, chosen_snapshot, stop_with
from dashboard.ui.frame import PAGES
from dashboard.ui.home_needs import Need, needs_of
from dashboard.ui.worklist_data import author_of
from dashboard.workflow.last_looked import HOME, look_at

ENROLLED = (Path(__file__).parent / "enrolled.sql").read_text(encoding="utf-8")
NOTHING = "Nothing waits here today."


@remembered(entries=50)
def _n_with_news(before: Reader, after: Reader) -> int:
    return len(patients_with_news(before, after))


def show(context: PageContext) -> None:
    """One card per granted study."""
    st.title("Home", anchor=False)
    st.caption(f"Signed in as {context.user.display_name}, {context.user.role.value}")
    if not context.studies:
        stop_with("No study has been granted to you yet. Please ask your administrator.")
    for study in context.studies.values():
        with st.container(border=True):
            _study_card(context, study)


def _study_card(context: PageContext, study: Study) -> None:
    st.header(study.title, anchor=False)
    snapshot = chosen_snapshot(study.study_id)
    if snapshot is None:
        st.caption("No data cut yet.")
        return
    st.caption(_facts(context, study, snapshot))
    _say_news(context, study, snapshot)
    needs = needs_of(context, study, snapshot)
    with st.container(gap=None):
        for need in needs:
            if need.n:
                _need_row(context, study, need)
    clear = [need.many for need in needs if not need.n]
    if clear:
        st.caption(NOTHING if len(clear) == len(needs) else f"At 0 today: {' · '.join(clear)}.")


def _facts(context: PageContext, study: Study, snapshot: Snapshot) -> str:
    """How many are enrolled of those planned, where, and as of when."""
    enrolled = context.reader_of(snapshot).records(ENROLLED)[0]["n_enrolled"]
    sites = context.user.sites_in(study.study_id)
    where = f"of {study.recruitment.target} planned"
    if sites is not None:
        where = f"at your sites ({', '.join(sites) or 'none'}); {study.recruitment.target} planned in all"
    kind = "synthetic sample data" if study.sample else "study data"
    return f"{enrolled} enrolled {where} · data cut of {format_date(snapshot.cut_off)} · {kind}"


def _say_news(context: PageContext, study: Study, snapshot: Snapshot) -> None:
    """What came since the session before this one, or that nothing did; nothing on a first visit."""
    look = look_at(
        installation.workflow(),
        study.study_id,
        snapshot.snapshot_id,
        author=author_of(context),
        place=HOME,
    )
    if look is None:
        return
    since = f"since your visit of {format_date(look.at.date())}"
    if look.snapshot_id == snapshot.snapshot_id:
        st.caption(f"Nothing new {since}: the same data cut of {format_date(snapshot.cut_off)}.")
    else:
        came = _what_came(context, snapshot, before_id=look.snapshot_id)
        st.markdown(f":material/fiber_new: New {since}: {came}")


def _what_came(context: PageContext, snapshot: Snapshot, *, before_id: str) -> str:
    """The data cut, and of how many patients it has news; without these where the one before is gone."""
    came = f"data cut of {format_date(snapshot.cut_off)}"
    cuts = {cut.snapshot_id: cut for cut in installation.snapshots(snapshot.study_id)}
    before = cuts.get(before_id)
    if before is None or before.cut_off > snapshot.cut_off:
        return f"{came}."
    n = _n_with_news(context.reader_of(before), context.reader_of(snapshot))
    return f"{came} (was {format_date(before.cut_off)}), with news of {format_count(n, 'patient')}."


def _need_row(context: PageContext, study: Study, need: Need) -> None:
    """One line; for whoever may open the page behind it, the way there."""
    spec = next(one for one in PAGES if one.url_path == need.url_path)
    words = f"**{need.n}** {need.words}"
    if not may(context.user.role, spec.permission):
        st.markdown(words)
        return
    is_asked = st.button(
        words,
        key=f"open.{study.study_id}.{need.url_path}.{need.many}",
        icon=f":material/{spec.icon}:",
        type="tertiary",
        help=f"Opens {spec.title}",
        on_click=_choose,
        args=(study.study_id, need),
    )
    if is_asked:
        st.switch_page(spec.path)


def _choose(study_id: str, need: Need) -> None:
    """The study, and the part of the page where the count is dealt with."""
    state.set_study_id(study_id)
    if need.part:
        state.ask_part(need.url_path, need.part)
