"""What home, overview and the follow-up page count: one function for the number of overdue items."""

from collections.abc import Sequence

from dashboard.figures.follow_up.chase_list import ChaseCounts, chase_counts
from dashboard.figures.follow_up.request import Row, chase_request, count_unlinked, has_follow_up, listed_rows
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.studies.schema import Study
from dashboard.ui import installation
from dashboard.ui.caching import remembered
from dashboard.ui.context import PageContext


@remembered(entries=50)
def _rows(reader: Reader) -> list[Row] | None:
    return listed_rows(reader) if has_follow_up(reader) else None


def rows_of(reader: Reader) -> list[Row] | None:
    """The chase list at the reader's sites; None where the data cut was built without one."""
    return _rows(reader)


@remembered(entries=50)
def unlinked_of(reader: Reader) -> int:
    """Laboratory results linked to no patient; 0 for whoever sees some sites only."""
    return count_unlinked(reader)


def counts_of(reader: Reader, study: Study) -> ChaseCounts | None:
    """Overdue, closing and due items at the reader's sites.

    None where the data cut knows no follow-up, or the study no calendar in which a window could lie.
    """
    if study.calendar == "relative":
        return None
    rows = _rows(reader)
    return None if rows is None else chase_counts(rows, chase_request(study))


def readers_until(context: PageContext) -> list[Reader]:
    """One reader per data cut up to the chosen one, oldest first: of one cut-off date the latest build.

    Data cuts built without follow-up are left out.
    """
    latest: dict[object, Snapshot] = {}
    for snapshot in _cuts_before(context.snapshot):
        latest.setdefault(snapshot.cut_off, snapshot)
    readers = [context.reader_of(snapshot) for snapshot in latest.values()]
    return [*reversed([one for one in readers if _rows(one) is not None]), context.reader]


def _cuts_before(snapshot: Snapshot) -> Sequence[Snapshot]:
    return [one for one in installation.snapshots(snapshot.study_id) if one.cut_off < snapshot.cut_off]
