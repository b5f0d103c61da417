"""Completeness: what each patient should have on record by the data cut, and what is there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dashboard.charts.completeness import MatrixOptions, completeness_chart
from dashboard.figures.completeness.request import SQL, CompletenessRequest
from dashboard.figures.enrolment.request import group_words
from dashboard.figures.figure import Figure, code_of, footer_of
from dashboard.figures.overview import baseline as overview_baseline
from dashboard.figures.registry import registered
from dashboard.store.asked import asked_once, hearing
from dashboard.store.reader import Reader
from dashboard.studies.study_time import DAY_ZERO
from dashboard.tables.completeness import cut_table, drill_table, item_table, limit, matrix_table, site_table
from dashboard.tables.completeness_cells import (
    NOT_EXPECTED,
    Item,
    completeness_cells,
    patient_order,
    state_counts,
)
from dashboard.tables.formats import format_count
from dashboard.tables.patient_timeline import Clock

PATIENTS = (
    "select patient_id, site_id from usable_patient where enrolled_on is not null /* and cohort */ "
    "order by patient_id"
)
METHOD = (
    "Enrolled patients. An item is done where all that was due is recorded, partial where some of it is, "
    "missing where none is. Missing with a reason: recorded as unknown, or a draw recorded as not done. Not "
    "due: its window or days of grace have not passed. Not expected: died, withdrew, transferred, not asked "
    "of this patient. Planned items and records are in the states of the page Follow-up; done outside the "
    "window counts as done, an overdue item or one that cannot be obtained any more as missing. Survival "
    "status is done while the last contact is recent enough. The share done is of patients for whom the item "
    "is expected. Everything is judged as of the last day observed, never as of today."
)


@dataclass(frozen=True)
class Completeness:
    """Records and cells of a cohort; `items` those that ask anything of anybody, in the order shown."""

    records: pd.DataFrame
    cells: pd.DataFrame
    items: tuple[Item, ...]

    @property
    def n_patients(self) -> int:
        """Patients counted."""
        return int(self.cells["patient_id"].nunique())


def completeness(reader: Reader, request: CompletenessRequest) -> Completeness:
    """Records and cells at the reader's sites: every other figure of the page counts these."""
    # How the page is looked at changes nothing here, so that one reading serves all its figures.
    plain = replace(request, cohort_line="", order="missing", item=None, states=(), theme="light")
    return _counted(reader, plain)


@asked_once
def _counted(reader: Reader, request: CompletenessRequest) -> Completeness:
    found = request.cohort.narrow(SQL)
    records = pd.concat(
        [reader.rows(found.sql, found.values), baseline_records(reader, request)], ignore_index=True
    )
    listed = request.cohort.narrow(PATIENTS)
    patients = reader.rows(listed.sql, listed.values)
    keys = tuple(one.key for one in request.items)
    cells = completeness_cells(records[records["item"].isin(keys)], patients=patients, items=keys)
    asked = set(cells[cells["state"] != NOT_EXPECTED]["item"])
    items = tuple(one for one in request.items if one.key in asked)
    return Completeness(records, cells[cells["item"].isin(asked)].reset_index(drop=True), items)


def baseline_records(reader: Reader, request: CompletenessRequest) -> pd.DataFrame:
    """One row per patient and baseline characteristic of the study: done, recorded as unknown, or missing."""
    query = request.cohort.narrow(overview_baseline.SQL)
    rows = reader.rows(query.sql, {"after_days": request.after_days, **query.values})
    listed = request.cohort.narrow(PATIENTS)
    patients = reader.rows(listed.sql, listed.values)
    parts = []
    for source, name in request.facts:
        own = rows[(rows["source"] == source) & (rows["name"] == name)]
        values = patients["patient_id"].map(own.set_index("patient_id")["value"])
        parts.append(patients.assign(item=f"{source}.{name}", kind="fact", state=values.map(_fact_state)))
    records = pd.concat(parts, ignore_index=True) if parts else patients.assign(item="", state="")
    return records.assign(
        label=records["item"].map(request.label),
        reason=records["state"].map({"REASON": "recorded as unknown"}),
    )


def _fact_state(value: Any) -> str:
    if pd.isna(value) or not str(value).strip():
        return "MISSING"
    return "REASON" if str(value) == "unknown" else "DONE"


@registered("completeness_matrix", writes_rows=True, key=("patient_id", "item"))
def completeness_matrix(reader: Reader, request: CompletenessRequest) -> Figure:
    """Patients by items as a heat map: only for who may open patients. `rows` are the cells."""
    found = completeness(reader, request)
    order = patient_order(found.cells, by_site=request.order == "site")
    labels = {one.key: one.label for one in found.items}
    drawn = found.cells.assign(label=found.cells["item"].map(labels))
    options = MatrixOptions(
        patients=tuple(order),
        items=tuple(labels.values()),
        by_site=request.order == "site",
        theme=request.theme,
    )
    return _figure(
        reader,
        request,
        rows=found.cells,
        spec=completeness_chart(drawn, options=options) if order and labels else {},
        table=matrix_table(drawn, patients=order, items=list(labels.values())),
        caption=(
            f"{format_count(found.n_patients, 'patient')} by {format_count(len(labels), 'item')}; every cell "
            "is in the table."
        ),
    )


@registered("completeness_by_item", writes_rows=True, key=("item",))
def completeness_by_item(reader: Reader, request: CompletenessRequest) -> Figure:
    """One row per item: patients by state, and the share done of those expected."""
    found = completeness(reader, request)
    counts = state_counts(found.cells, by="item")
    order = {one.key: place for place, one in enumerate(found.items)}
    counts = counts.sort_values("item", key=lambda keys: keys.map(order), ignore_index=True)
    counts = counts.assign(label=counts["item"].map(request.label))
    below = limit(request.counts_only_below, n_patients=found.n_patients)
    table = item_table(counts, items=found.items, counts_only_below=below)
    caption = (
        "Patients by state; the six states add up to all patients. Done of due: each draw, scan or record "
        "that was due by the last day observed, of one planned again and again every window; as on Follow-up."
    )
    return _figure(reader, request, rows=counts, table=table, caption=caption)


@registered("completeness_by_site", writes_rows=True, key=("site_id",))
def completeness_by_site(reader: Reader, request: CompletenessRequest) -> Figure:
    """One row per site: cells of patient and item by state, and the share done of those expected."""
    found = completeness(reader, request)
    counts = state_counts(found.cells, by="site_id")
    named = [group_words("site_id", str(one), site_names=request.site_names) for one in counts["site_id"]]
    patients = counts["site_id"].map(found.cells.groupby("site_id")["patient_id"].nunique())
    counts = counts.assign(site=named, n_patients=patients)
    table = site_table(counts, counts_only_below=request.counts_only_below)
    caption = "Each patient counts once for every item."
    return _figure(reader, request, rows=counts, table=table, caption=caption)


def completeness_cuts(readers: Sequence[Reader], request: CompletenessRequest) -> Figure:
    """One row per item and data cut with done of expected; `readers` from the oldest cut to the newest."""
    parts, code = [], []
    for reader in readers:
        with hearing(reader) as questions:
            found = completeness(reader, request)
        code.append(code_of(reader, *questions))
        counts = state_counts(found.cells, by="item")
        counts = counts.assign(label=counts["item"].map(request.label), n_patients=found.n_patients)
        parts.append(counts.assign(cut_off=reader.snapshot.cut_off))
    rows = pd.concat(parts, ignore_index=True)
    table = cut_table(rows, items=request.items, counts_only_below=request.counts_only_below)
    caption = "Patients done of those expected at each data cut. A later cut expects more."
    figure = _figure(readers[-1], request, rows=rows, table=table, caption=caption)
    return replace(figure, code="\n".join(code))


@registered("completeness_item", writes_rows=True, key=("patient_id",))
def completeness_item(reader: Reader, request: CompletenessRequest) -> Figure:
    """The patients of one item (`request.item`) in the states asked for: only for who may open patients."""
    found = completeness(reader, request)
    cells = found.cells[found.cells["item"] == request.item]
    if request.states:
        cells = cells[cells["state"].isin(request.states)]
    records = found.records[found.records["item"] == request.item]
    order = patient_order(found.cells, by_site=request.order == "site")
    clock = Clock(DAY_ZERO, is_study_time=request.is_study_time)
    return _figure(
        reader,
        request,
        rows=cells,
        table=drill_table(cells, records=records, order=order, name_day=clock.name),
        caption=f"{len(cells)} of {format_count(found.n_patients, 'patient')}.",
    )


def _figure(
    reader: Reader,
    request: CompletenessRequest,
    *,
    rows: pd.DataFrame,
    table: pd.DataFrame,
    caption: str,
    spec: dict[str, object] | None = None,
) -> Figure:
    line = request.cohort_line or f"cohort: {request.cohort.words()}"
    return Figure(
        rows=rows.reset_index(drop=True),
        spec=spec or {},
        table=table,
        caption=caption,
        method=METHOD,
        footer=f"{footer_of(reader.snapshot)} · {line}",
        alt=f"Completeness: {caption}",
    )
