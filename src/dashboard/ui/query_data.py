"""What the pages know of queries: who may see which, on which data cut, and the rows behind them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from dashboard.figures.data_load.load_rows import patients_by_check
from dashboard.figures.data_load.query_candidates import query_candidates
from dashboard.figures.data_load.vanished_patients import vanished_patients
from dashboard.quality.run import catalogue
from dashboard.store.query_facts import check_version, look_up, row_values, withdrawn_patients
from dashboard.store.raw_record import source_of
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.tables.data_load_issues import CheckWords, issue_words, key_words, systematic_words
from dashboard.tables.queries import NOT_APPLICABLE, addressee_words
from dashboard.ui import installation
from dashboard.ui.as_received import day_name
from dashboard.ui.caching import remembered
from dashboard.ui.context import PageContext, Permission
from dashboard.workflow.models import Role
from dashboard.workflow.queries import NewQuery, issue_hash
from dashboard.workflow.query_addressee import LABORATORY
from dashboard.workflow.query_events import Cut, Scope
from dashboard.workflow.query_list import Query, asked_hashes, read_queries
from dashboard.workflow.query_reconciliation import is_reconciled, reconcile
from dashboard.workflow.query_states import State, Step

Row = Mapping[str, Any]
SITE = "select site_id from patient where patient_id = $patient_id"
# Every data cut looked back to is one more file to open.
CUTS_LOOKED_BACK = 6
HEADER_PX, MOST_ROWS_SHOWN = 35, 8
ANSWERS = frozenset({Step.ANSWERED, Step.ANSWERED_BY_DATA})
RAISED = frozenset({Step.OPENED, Step.REOPENED, Step.RETURNED})


def check_words() -> dict[str, CheckWords]:
    """Words of every check."""
    return {one.check_id: CheckWords(one.title, one.message, one.why_it_matters) for one in catalogue()}


def scope_of(context: PageContext) -> Scope:
    """Whose queries of the study shown the user may see and act on."""
    study_id = context.study.study_id
    return Scope(
        study_id=study_id,
        sites=context.user.sites_in(study_id),
        sees_patients=context.may(Permission.PATIENT),
    )


def cut_of(snapshot: Snapshot) -> Cut:
    """The data cut, as the workflow database names it."""
    return Cut(study_id=snapshot.study_id, snapshot_id=snapshot.snapshot_id, cut_off=snapshot.cut_off)


def is_serving(context: PageContext) -> bool:
    """Whether the data cut shown is the one that serves; queries are raised on that one alone."""
    return context.snapshot.is_current


def reconcile_with_serving(context: PageContext) -> None:
    """Let the data cut that serves answer the queries, where the command that published it did not."""
    engine = installation.workflow()
    study_id = context.study.study_id
    serving = next((one for one in installation.snapshots(study_id) if one.is_current), None)
    if serving is None or is_reconciled(engine, study_id, serving.snapshot_id):
        return
    reader = Reader(serving)
    reconcile(engine, cut_of(serving), lambda tracked: look_up(reader, tracked), now=installation.utc_now())


def queries_of(context: PageContext, *, patient_id: str | None = None) -> list[Query]:
    """The queries the user may see, newest first."""
    return read_queries(installation.workflow(), scope_of(context), patient_id=patient_id)


@remembered(entries=200)
def _issues(reader: Reader, patient_id: str | None) -> list[dict[str, Any]]:
    return query_candidates(reader, patient_id=patient_id)


def candidates_of(context: PageContext, *, patient_id: str | None = None) -> list[dict[str, Any]]:
    """Data issues nobody has asked about yet, with `title` and `found` in words, the most urgent first.

    None of a patient who withdrew consent (clinical-decisions A23).
    """
    asked = asked_hashes(installation.workflow(), context.study.study_id)
    checks = check_words()
    sees_patients = context.may(Permission.PATIENT)
    withdrawn = withdrawn_patients(context.reader)
    to_laboratory = {one.check_id for one in catalogue() if one.asked_of == LABORATORY}
    gone = vanished_of(context, context.snapshot) if sees_patients and patient_id is None else []
    unasked = [{**row, "asked_of": Role.COORDINATOR.value} for row in gone if hash_of(row) not in asked]
    return unasked + [
        {
            **row,
            **_words(context, row, checks),
            "asked_of": LABORATORY if row["check_id"] in to_laboratory and not row["is_systematic"] else "",
        }
        for row in _issues(context.reader, patient_id)
        if (sees_patients or row["is_systematic"])
        and row["patient_id"] not in withdrawn
        and hash_of(row) not in asked
    ]


@remembered(entries=50)
def _vanished(reader: Reader, earlier: tuple[Reader, ...]) -> list[dict[str, Any]]:
    return vanished_patients(reader, earlier)


def vanished_of(context: PageContext, snapshot: Snapshot) -> list[dict[str, Any]]:
    """Patients of the data cuts before who are not in this one, at the sites the user may see."""
    before = [one for one in installation.snapshots(snapshot.study_id) if one.cut_off < snapshot.cut_off]
    earlier = tuple(context.reader_of(one) for one in before[:CUTS_LOOKED_BACK])
    return _vanished(context.reader_of(snapshot), earlier)


def hash_of(row: Row) -> str:
    """Identity of a data issue."""
    return issue_hash(row["check_id"], row["table_name"], row["row_key"], row["column_name"])


def _words(context: PageContext, row: Row, checks: Mapping[str, CheckWords]) -> dict[str, str]:
    words = checks.get(row["check_id"])
    title = f"{words.title} ({row['check_id']})" if words else str(row["check_id"])
    if row["is_systematic"]:
        n_applies_to = patients_by_check(context.reader).get(row["check_id"])
        found = systematic_words(int(row["n_patients"]), n_applies_to=n_applies_to)
    else:
        found = issue_words(row, checks=checks, name_day=day_name(context))
        # A data issue of no patient is about a file: its row says where it begins, not what is wrong.
        if words is not None and "{row_key}" not in words.message and row["patient_id"] is not None:
            found = f"{key_words(str(row['row_key']), name_day=day_name(context))}: {found}"
    return {"title": title, "found": found}


def as_new_query(context: PageContext, candidate: Row) -> NewQuery:
    """A candidate with its row as it stands now, ready to be raised."""
    about = {
        "check_id": candidate["check_id"],
        "check_version": check_version(context.snapshot, candidate["check_id"]),
        "severity": candidate["severity"],
        "issue_group": candidate["issue_group"],
        "is_systematic": bool(candidate["is_systematic"]),
        "title": candidate["title"],
        "found": candidate["found"],
        "site_id": candidate["site_id"],
        "asked_of": candidate["asked_of"],
    }
    return NewQuery(**_of_row(context, candidate), **about)


def datum_query(context: PageContext, row: Row) -> NewQuery:
    """A query on a row, or one column of it, that no check led to."""
    return NewQuery(
        **_of_row(context, row),
        title=row["title"],
        found=row["found"],
        site_id=site_of(context, row["patient_id"]),
    )


def site_of(context: PageContext, patient_id: str) -> str | None:
    """The site of a patient the user may see."""
    rows = context.reader.records(SITE, {"patient_id": patient_id})
    return str(rows[0]["site_id"]) if rows and rows[0]["site_id"] is not None else None


def _of_row(context: PageContext, row: Row) -> dict[str, Any]:
    """Table, row and column with the values and the file they come from; empty for a whole check."""
    table_name, row_key = str(row["table_name"]), str(row["row_key"])
    source = source_of(context.reader, table_name, row_key) if table_name else None
    return {
        "table_name": table_name,
        "row_key": row_key,
        "column_name": str(row["column_name"]),
        "patient_id": row["patient_id"],
        "source_file": source[0] if source else None,
        "source_row": source[1] if source else None,
        "row_values": row_values(context.reader, table_name, row_key) if table_name else None,
    }


def as_row(query: Query) -> dict[str, Any]:
    """A query as the tables take it; days are those of UTC."""
    steps = query.standing
    days = {one.version: one.at.date() for one in query.steps}
    answers = [days[one.version] for one in steps if one.step in ANSWERS]
    closings = [days[one.version] for one in steps if one.step is Step.CLOSED]
    waits = [days[one.version] for one in steps if one.step in RAISED and one.state is not State.DISMISSED]
    return {
        "query_id": query.query_id,
        "check_id": query.check_id,
        "severity": query.severity,
        "issue_group": query.issue_group,
        "table_name": query.table_name,
        "row_key": query.row_key,
        "column_name": query.column_name,
        "patient_id": query.patient_id,
        "site_id": query.site_id,
        "source_file": query.source_file,
        "source_row": query.source_row,
        "title": query.title,
        "found": query.found,
        "question": steps[0].comment,
        "last_words": query.last.comment,
        "asked_of": addressee_words(query.asked_of.kind, query.asked_of.name),
        "is_patient_vanished": query.is_patient_vanished,
        "state": NOT_APPLICABLE if query.is_of_withdrawn else query.last.state.value,
        "withdrew_on": _withdrew_on(query) if query.is_of_withdrawn else None,
        "finding": query.last.finding.value,
        "last_step": query.last.step.value,
        "last_on": days[query.last.version],
        "was_opened": any(one.step in {Step.OPENED, Step.REOPENED} for one in steps),
        "raised_on": days[1],
        "waiting_since": waits[-1] if waits else days[1],
        "first_answer_on": answers[0] if answers else None,
        "closed_on": closings[-1] if closings and query.last.state is State.CLOSED else None,
        "was_answered_by_data": any(one.step is Step.ANSWERED_BY_DATA for one in steps),
        "n_reopened": sum(
            one.state is State.REOPENED and before.state is not State.REOPENED
            for before, one in pairwise(steps)
        ),
    }


def _withdrew_on(query: Query) -> dt.date | None:
    """The day of the withdrawal that closed a query."""
    days = [one.detail.get("withdrew_on") for one in query.steps if one.step is Step.CONSENT_WITHDRAWN]
    return dt.date.fromisoformat(days[-1]) if days and days[-1] else None


def step_rows(query: Query) -> list[dict[str, Any]]:
    """The steps of a query as the table of its history takes them."""
    return [
        {
            "at": one.at,
            "by": one.by,
            "role": one.role,
            "step": one.step.value,
            "comment": one.comment,
            "detail": one.detail,
            "cut_off": one.cut_off,
            "is_of_check": query.check_id is not None,
        }
        for one in query.steps
    ]


def list_height_px(n_rows: int, *, row_px: int) -> int:
    """Height of a list of queries: all of its rows, at most so many that its end stays on the screen."""
    return HEADER_PX + row_px * min(n_rows, MOST_ROWS_SHOWN)


def today() -> dt.date:
    """The day queries are counted to: people answer by the calendar, not by the data cut."""
    return installation.utc_now().date()


def site_names(context: PageContext) -> dict[str, str]:
    """Names of the sites of the study shown, by their number."""
    return {site.site_id: site.name for site in context.study.recruitment.sites}


def sites_in(queries: Sequence[Row]) -> list[str]:
    """Sites of these rows, in order."""
    return sorted({str(one["site_id"]) for one in queries if one["site_id"] is not None})
