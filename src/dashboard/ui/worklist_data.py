"""What the worklist needs: the granted studies' data cuts, what people wrote, and the last look."""

import datetime as dt
from dataclasses import dataclass

from dashboard.figures.worklist.listed import (
    StudyList,
    has_reasons,
    known_progressions,
    known_variants,
    patients_with_news,
)
from dashboard.figures.worklist.reasons import Decided, OpenAction, Reviewed, Written
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.studies.schema import Study
from dashboard.ui import installation
from dashboard.ui.caching import remembered
from dashboard.ui.context import PageContext, chosen_snapshot
from dashboard.workflow.actions import Course, courses_of
from dashboard.workflow.history import Author
from dashboard.workflow.last_looked import last_look, look_at
from dashboard.workflow.reviews import ReviewEntry, latest_reviews


@dataclass(frozen=True)
class Loaded:
    """Studies of the worklist, and the titles of those whose data cut knows no reasons to look yet."""

    studies: tuple[StudyList, ...]
    too_old: tuple[str, ...]


@remembered(entries=200)
def _news(before: Reader, after: Reader) -> frozenset[str]:
    return patients_with_news(before, after)


@remembered(entries=200)
def _variants(reader: Reader) -> dict[str, frozenset[str]]:
    return known_variants(reader)


@remembered(entries=200)
def _progressions(reader: Reader) -> dict[str, frozenset[dt.date]]:
    return known_progressions(reader)


@remembered(entries=200)
def _has_reasons(reader: Reader) -> bool:
    return has_reasons(reader)


def author_of(context: PageContext) -> Author:
    """Who writes now, in this session."""
    return Author(user_id=context.user.user_id, at=installation.utc_now(), session_id=context.session_id)


def load(context: PageContext) -> Loaded:
    """The granted studies that have a data cut."""
    studies, too_old = [], []
    for study in context.studies.values():
        snapshot = chosen_snapshot(study.study_id)
        if snapshot is None:
            continue
        listed = study_list(context, study, snapshot)
        if listed is None:
            too_old.append(study.title)
        else:
            studies.append(listed)
    return Loaded(tuple(studies), tuple(too_old))


def study_list(
    context: PageContext, study: Study, snapshot: Snapshot, *, is_look: bool = True
) -> StudyList | None:
    """The list of one study, kept as looked at where `is_look`; None for a data cut built without one."""
    if not _has_reasons(context.reader_of(snapshot)):
        return None
    cuts = {cut.snapshot_id: cut for cut in installation.snapshots(study.study_id)}
    engine, author = installation.workflow(), author_of(context)
    if is_look:
        look = look_at(engine, study.study_id, snapshot.snapshot_id, author=author)
    else:
        look = last_look(engine, study.study_id, author=author)
    other = look.at_other_cut(snapshot.snapshot_id) if look else None
    seen = cuts.get(other.snapshot_id) if other else None
    earlier = seen if seen and seen.cut_off < snapshot.cut_off else _cut_before([*cuts.values()], snapshot)
    return StudyList(
        reader=context.reader_of(snapshot),
        short_title=study.short_title,
        written=_written(context, study.study_id, snapshot, cuts=cuts),
        earlier=context.reader_of(earlier) if earlier else None,
        looked_on=look.at.date() if look else None,
        earlier_on=other.at.date() if other else None,
        is_study_time=study.calendar == "relative",
    )


def _cut_before(cuts: list[Snapshot], snapshot: Snapshot) -> Snapshot | None:
    return next((cut for cut in cuts if cut.cut_off < snapshot.cut_off), None)


def _written(
    context: PageContext, study_id: str, snapshot: Snapshot, *, cuts: dict[str, Snapshot]
) -> Written:
    reviews = [
        _reviewed(context, review, snapshot, cut=cuts.get(review.snapshot_id))
        for review in latest_reviews(installation.workflow(), study_id).values()
    ]
    courses = courses_of(installation.workflow(), study_id)
    decisions = [
        Decided(patient_id=course.case.patient_id, decided_on=course.decision.saved_at.date())
        for course in courses
        if course.decision is not None
    ]
    return Written(
        today=installation.utc_now().date(),
        reviews=reviews,
        decisions=decisions,
        actions=[action for course in courses if (action := _action(course)) is not None],
    )


def _action(course: Course) -> OpenAction | None:
    decision = course.decision
    if decision is None or decision.due_on is None or not course.is_open:
        return None
    return OpenAction(
        patient_id=course.case.patient_id,
        due_on=decision.due_on,
        action=decision.next_action,
        owner=decision.owner,
    )


def _reviewed(
    context: PageContext, review: ReviewEntry, snapshot: Snapshot, *, cut: Snapshot | None
) -> Reviewed:
    """A review with what came since. A data cut that is gone cannot be compared: the row comes back."""
    has_news, known, progressed = True, frozenset[str](), frozenset[dt.date]()
    if cut is not None:
        then = context.reader_of(cut)
        known = _variants(then).get(review.patient_id, known)
        progressed = _progressions(then).get(review.patient_id, progressed)
        is_older = cut != snapshot and cut.cut_off <= snapshot.cut_off
        has_news = is_older and review.patient_id in _news(then, context.reader_of(snapshot))
    return Reviewed(
        patient_id=review.patient_id,
        snapshot_id=review.snapshot_id,
        reviewed_on=review.at.date(),
        reviewed_by=review.reviewed_by,
        note=review.note,
        has_news=has_news,
        known_variants=known,
        known_progressions=progressed,
    )
