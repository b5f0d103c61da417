"""Drugs stopped for toxicity while the line went on, on courses of one line; days of January 2024."""

import datetime as dt

import duckdb
import pandas as pd
import pytest

from dashboard.figures.treatment.request import treatment_sql
from dashboard.figures.treatment.stopped_drugs import stopped_drugs_table

TABLES = """
create table usable_patient (patient_id varchar, enrolled_on date);
insert into usable_patient values ('P', '2024-01-01');
create table course_line (patient_id varchar, line integer, source_key varchar);
create table systemic_course (
    patient_id varchar, source_key varchar, started_on date, ended_on date, stop_reason varchar,
    may_go_on boolean
);
create table course_drug (patient_id varchar, source_key varchar, agent varchar, opens_line boolean);
"""


def on(day):
    return None if day is None else dt.date(2024, 1, day)


def found(*courses):
    """Drugs stopped, day and what went on; a course is (drugs, first day, last day, reason, line)."""
    connection = duckdb.connect()
    connection.execute(TABLES)
    for key, (drugs, start, end, reason, line) in enumerate(courses):
        connection.execute("insert into course_line values ('P', ?, ?)", [line, str(key)])
        connection.execute(
            "insert into systemic_course values ('P', ?, ?, ?, ?, ?)",
            [str(key), on(start), on(end), reason, end is None],
        )
        for drug in drugs.split("+"):
            values = [str(key), drug, drug != "goserelin"]
            connection.execute("insert into course_drug values ('P', ?, ?, ?)", values)
    rows = connection.execute(treatment_sql("stopped_drug")).fetchall()
    return [(drugs, stopped.day, others) for _patient, _line, drugs, stopped, others in rows]


BOTH = ("letrozole+palbociclib", 1, 10, "toxicity", 1)


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ([("letrozole", 11, None, None, 1)], [("palbociclib", 10, "letrozole")]),
        ([("letrozole", 11, 12, None, 1)], [("palbociclib", 10, "letrozole")]),
        # Nothing else of the line after the day of the stop: the line has stopped.
        ([], []),
        ([("letrozole", 1, 10, None, 1)], []),
        ([("letrozole", 1, 11, None, 1)], [("palbociclib", 10, "letrozole")]),
        ([("goserelin", 1, None, None, 1)], []),
        ([("fulvestrant", 11, None, None, 2)], []),
        # Taken up again on the line: held, not stopped.
        ([("letrozole+palbociclib", 20, None, None, 1)], []),
    ],
)
def test_a_drug_is_stopped_where_others_of_the_line_were_given_after_it_and_it_was_not(then, expected):
    assert found(BOTH, *then) == expected


def test_another_reason_than_toxicity_is_not_listed():
    planned = ("letrozole+palbociclib", 1, 10, "planned", 1)
    assert found(planned, ("letrozole", 11, None, None, 1)) == []


def test_drugs_given_as_courses_of_their_own_are_told_apart():
    courses = [("palbociclib", 1, 10, "toxicity", 1), ("letrozole", 1, None, None, 1)]
    assert found(*courses) == [("palbociclib", 10, "letrozole")]


def test_the_list_is_empty_with_its_columns():
    assert list(stopped_drugs_table(pd.DataFrame())) == [
        "Patient",
        "Line",
        "Stopped for toxicity",
        "Last dose",
        "Line went on with",
    ]
