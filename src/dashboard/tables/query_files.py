"""Queries as files: the whole list, and the two layouts by which other systems take them.

REDCap has no import of queries of its own. The external module "Data Quality API" (vanderbilt-redcap/
data_quality_api, README) takes them as JSON; its columns for one query and its first comment are record,
event_id, field_name, instance, comment, username, assigned_username, response_requested, and clients of the
module read a table of these columns. We write that table as CSV: `event_id` stays empty, because a project
without repeating events takes it so and we do not know those of others; `field_name` is our column and must
be the project's own name before the import.

OpenClinica documents no import of discrepancy notes, only how they are entered (user guide, Notes and
Discrepancies: Description, Detailed Note, Type "Query", Status "New", "Updated", "Resolution Proposed",
"Closed", "Not Applicable"). We write a plain CSV with those words for typing them in.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from dashboard.tables.csv_file import bare_csv, csv_text
from dashboard.tables.queries import Row, age_days

REDCAP_COLUMNS = (
    "record",
    "event_id",
    "field_name",
    "instance",
    "comment",
    "username",
    "assigned_username",
    "response_requested",
)
OPENCLINICA_COLUMNS = (
    "Subject ID",
    "Site",
    "Type",
    "Status",
    "CRF",
    "Item",
    "Description",
    "Detailed Note",
    "Date Created",
)
OPENCLINICA_STATUS = {
    "open": "New",
    "reopened": "Updated",
    "answered": "Resolution Proposed",
    "closed": "Closed",
    "dismissed": "Not Applicable",
    "not_applicable": "Not Applicable",
}


def list_csv(queries: Sequence[Row], *, today: dt.date, provenance: str) -> str:
    """Every column of every query, with study, data cut and snapshot in the first line."""
    rows = [
        {
            "query": query["query_id"],
            "site": query["site_id"],
            "answered_by": query.get("asked_of") or "site",
            "patient": query["patient_id"],
            "check": query["check_id"],
            "severity": query["severity"],
            "group": query["issue_group"],
            "state": query["state"],
            "finding": query["finding"],
            "raised_on": query["raised_on"],
            "first_answer_on": query["first_answer_on"],
            "closed_on": query["closed_on"],
            "age_days": age_days(query, today),
            "n_reopened": query["n_reopened"],
            "about": query["title"],
            "found": query["found"],
            "question": query["question"],
            "last_words": query["last_words"],
            "table": query["table_name"],
            "row_key": query["row_key"],
            "column": query["column_name"],
            "source_file": query["source_file"],
            "source_row": query["source_row"],
        }
        for query in queries
    ]
    return csv_text(pd.DataFrame(rows, dtype=object), provenance=provenance)


def redcap_csv(queries: Sequence[Row]) -> str:
    """One row per query about a patient that waits for an answer, in the columns of that module."""
    rows = [
        {
            "record": query["patient_id"],
            "event_id": "",
            "field_name": query["column_name"],
            "instance": 1,
            "comment": f"Query {query['query_id']}. {query['found']} {query['question']}",
            "username": "",
            "assigned_username": "",
            "response_requested": 1,
        }
        for query in queries
        if query["patient_id"] and query["state"] in ("open", "reopened")
    ]
    return _bare(rows, columns=REDCAP_COLUMNS)


def openclinica_csv(queries: Sequence[Row]) -> str:
    """One row per query about a patient, in OpenClinica's words for discrepancy notes."""
    rows = [
        {
            "Subject ID": query["patient_id"],
            "Site": query["site_id"],
            "Type": "Query",
            "Status": OPENCLINICA_STATUS[query["state"]],
            "CRF": query["table_name"],
            "Item": query["column_name"],
            "Description": query["title"],
            "Detailed Note": f"Query {query['query_id']}. {query['found']} {query['question']}",
            "Date Created": query["raised_on"],
        }
        for query in queries
        if query["patient_id"]
    ]
    return _bare(rows, columns=OPENCLINICA_COLUMNS)


def _bare(rows: Sequence[dict[str, Any]], *, columns: Sequence[str]) -> str:
    """CSV without the line of provenance: the other system reads the first line as column names."""
    return bare_csv(pd.DataFrame(rows, columns=list(columns), dtype=object))
