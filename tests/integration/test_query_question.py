"""The question of a query about an overdue item says of a patient who died that they did."""

from types import SimpleNamespace

from dashboard.store.reader import Reader
from dashboard.ui.query_question import question_of

OVERDUE = """
select data_issue.*, patient_summary.died_on
from data_issue
inner join patient_summary on data_issue.patient_id = patient_summary.patient_id
where data_issue.check_id = 'DQ72' and not data_issue.is_systematic
order by data_issue.patient_id
"""


def test_who_died_is_said_to_have_died_and_nobody_else(sample_snapshot):
    reader = Reader(sample_snapshot("cdk46"))
    rows = reader.records(OVERDUE)
    context = SimpleNamespace(reader=reader)
    said = {row["row_key"]: "died" in question_of(context, row, language="en").text for row in rows}
    assert said == {row["row_key"]: row["died_on"] is not None for row in rows}
    assert set(said.values()) == {True, False}
