"""The number of data issues among what is not known, and that nobody is asked after a withdrawn consent."""

import re

import pytest

from dashboard.figures.patient.statements import SOURCES, StatementsRequest, patient_statements
from dashboard.tables.patient_timeline import Clock
from tests.builders import day
from tests.unit.figures.readers import memory_reader

# Data issues that count, by patient; of each also one for information, and one of the whole file.
ISSUES = {"none": 0, "one": 1, "two": 2, "left-none": 0, "left-one": 1, "left-two": 2}


@pytest.fixture(scope="module")
def reader():
    """Patients enrolled on day 0; those who "left" withdrew their consent on day 100."""
    gone = [name for name in ISSUES if name.startswith("left")]
    found = memory_reader(
        {
            "patient": [{"patient_id": name, "enrolled_on": day(0)} for name in ISSUES],
            "disposition": [
                {"patient_id": one, "kind": "withdrawal_of_consent", "happened_on": day(100)} for one in gone
            ],
        }
    )  # fmt: skip
    for name in re.findall(r"source_file, source_row from (\w+)", SOURCES):
        found.connection.execute(f"create or replace view {name} as select * from usable_{name}")
    found.connection.execute(
        "create or replace table data_issue (patient_id varchar, table_name varchar, row_key varchar, "
        "issue_group varchar, is_systematic boolean)"
    )
    rows = [
        *((name, "response", f"r{n}", "to_ask", False) for name, many in ISSUES.items() for n in range(many)),
        *((name, "response", "r8", "for_information", False) for name in ISSUES),
        *((name, "response", "r9", "to_ask", True) for name in ISSUES),
    ]
    found.connection.executemany("insert into data_issue values (?, ?, ?, ?, ?)", rows)
    return found


@pytest.mark.parametrize(
    ("patient", "words"),
    [
        ("none", []),
        ("one", ["1 data issue."]),
        ("two", ["2 data issues."]),
        ("left-none", []),
        ("left-one", ["1 data issue, not to be asked about: consent withdrawn."]),
        ("left-two", ["2 data issues, none to be asked about: consent withdrawn."]),
    ],
)
def test_the_data_issues_of_a_withdrawn_consent_are_counted_and_nobody_is_asked(reader, patient, words):
    said = patient_statements(reader, StatementsRequest(patient_id=patient, clock=Clock(day(0))))
    assert [one.sentence for one in said.of("UNKNOWN") if "DATA_ISSUE" in one.rule] == words
