"""Where each patient stands after local therapy: progressed, and how, equivocal, or neither (A5)."""

import pandas as pd

from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.response.patients import (
    ResponseRequest,
    response_assessments,
    response_patients,
)
from dashboard.figures.response.rates import (
    NOT_ASSIGNED,
    RatesRequest,
    grouped,
    in_group_order,
    started,
)
from dashboard.store.reader import Reader
from dashboard.tables.response_local import (
    LocalStatus,
    local_group_table,
    local_sentence,
    local_status,
    local_table,
)

SAYS_SOMETHING = ("NED", "EQUIVOCAL", "PD")
METHOD = (
    "The first progression the investigator recorded from the first local treatment to the first systemic "
    "therapy, by its recorded kind; where there is none, the last assessment that is not “not evaluable”. "
    "Treated lesions are judged by the investigator, never by the change of their diameter."
)


@registered("response_local")
def response_local(reader: Reader, request: ResponseRequest) -> Figure:
    """The counts as a sentence (caption) and a table; rows are one per patient who had local therapy."""
    patients = started(response_patients(reader, request))
    rows = local_rows(patients, response_assessments(reader, request))
    counts = _counts(rows)
    return _figure(reader, request, rows, table=local_table(counts), caption=local_sentence(counts))


@registered("response_local_by_group")
def status_by_group(reader: Reader, request: RatesRequest) -> Figure:
    """The same counts for each value of a group, and for all."""
    _, patients, group = grouped(reader, request)
    rows = local_rows(patients, response_assessments(reader, request.response))
    rows = rows.merge(patients[["patient_id", "group"]], on="patient_id")
    named = [
        (label, _counts(rows[rows["group"] == label])) for label in in_group_order(rows["group"], group=group)
    ]
    table = local_group_table([*named, ("All", _counts(rows))])
    caption = f"Groups: {group.label}. {group.caution or NOT_ASSIGNED}"
    figure = _figure(reader, request.response, rows, table=table, caption=caption)
    return figure.with_note(group.by).with_note(group.caution)


def _counts(rows: pd.DataFrame) -> LocalStatus:
    return local_status(list(rows["status"]), list(rows["progression_pattern"]))


def _figure(
    reader: Reader, request: ResponseRequest, rows: pd.DataFrame, *, table: pd.DataFrame, caption: str
) -> Figure:
    return Figure(
        rows=rows,
        spec={},
        table=table,
        caption=caption,
        method=METHOD,
        footer=request.footer(reader),
        alt=f"Status of {len(rows)} patients after local therapy",
    )


def local_rows(patients: pd.DataFrame, assessments: pd.DataFrame) -> pd.DataFrame:
    """One row per patient: patient_id, status (a response code, MISSING without one), status_on, pattern.

    The first PD counts, whatever was seen later; without one the last assessment that says something.
    """
    said = assessments[assessments["response"].isin(SAYS_SOMETHING)].sort_values("assessed_on", kind="stable")
    progressed = said[said["response"] == "PD"].drop_duplicates("patient_id", keep="first")
    last = said.drop_duplicates("patient_id", keep="last")
    chosen = pd.concat([progressed, last]).drop_duplicates("patient_id", keep="first")
    columns = {"response": "status", "assessed_on": "status_on"}
    found = chosen[["patient_id", "response", "assessed_on", "progression_pattern"]].rename(columns=columns)
    rows = patients[["patient_id"]].merge(found, on="patient_id", how="left")
    patterns = [
        pattern if status == "PD" else None
        for status, pattern in zip(rows["status"], rows["progression_pattern"], strict=True)
    ]
    kinds = pd.Series(patterns, index=rows.index, dtype=object)
    return rows.assign(status=rows["status"].fillna("MISSING"), progression_pattern=kinds)
