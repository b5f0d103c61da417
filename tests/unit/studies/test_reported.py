"""[[reported_endpoint]]: outcomes shown as the source reports them, and what such a block may not say."""

import pytest

from dashboard.studies.rows import definition_rows

BLOCK = """
[[reported_endpoint]]
id = "OS_AS_REPORTED"
outcome = "OS"
label = "Overall survival, as reported"
day_zero = "first dose"
event = "death"
"""
DERIVED = """
[[endpoint]]
id = "{id}"
label = "Overall survival"
column = "{column}"
origin = "enrolment"
events = ["death"]
censor = ["known_alive"]
"""
LATER = '[[group]]\nname = "late"\nlabel = "Late"\nis_later = true\n'
DATED = '[[group]]\nname = "line"\nlabel = "Line"\nsource = "index_line"\n'


def test_a_block_is_read_and_is_no_endpoint_of_the_engine(load):
    study = load(BLOCK + DERIVED.format(id="OS", column="os"))
    (reported,) = study.reported_endpoints
    assert (reported.outcome, reported.day_zero, reported.event) == ("OS", "first dose", "death")
    assert [one.endpoint_id for one in study.endpoints] == ["OS"]
    rows = definition_rows(study)
    assert {row["endpoint_id"] for row in rows["endpoint"] + rows["endpoint_rule"]} == {"OS"}


def test_a_later_group_may_be_known_on_day_0(load):
    (reported,) = load(BLOCK + 'known_groups = ["late"]\n' + LATER).reported_endpoints
    assert reported.known_groups == ("late",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BLOCK + 'censor = ["known_alive"]\n', "censor: found a key of an endpoint derived from dates"),
        (BLOCK + "censor_at_horizon = true\n", "censor_at_horizon: found a key of an endpoint derived"),
        (BLOCK + 'sensitivity_of = "OS"\n', "sensitivity_of: found a key of an endpoint derived"),
        (BLOCK.replace(", as reported", ""), "label: found 'Overall survival'; allowed: a label with the"),
        (BLOCK.replace('event = "death"\n', ""), "event: found nothing; allowed: this key is required"),
        (BLOCK.replace('outcome = "OS"', 'outcome = "os"'), "outcome: found 'os'"),
        (BLOCK + BLOCK, "id: found 'OS_AS_REPORTED' a second time"),
        (
            BLOCK + DERIVED.format(id="OS_AS_REPORTED", column="os"),
            "id: found 'OS_AS_REPORTED'; allowed: an id that no [[endpoint]] has",
        ),
        (
            BLOCK + DERIVED.format(id="OS", column="os_as_reported"),
            "column: found 'os_as_reported' more than once",
        ),
        (BLOCK + 'known_groups = ["late"]\n', "known_groups: found 'late'; allowed: groups that are"),
        (BLOCK + 'known_groups = ["line"]\n' + DATED, "known_groups: found 'line'; allowed: groups that are"),
    ],
)
def test_what_would_mix_reported_and_derived_is_refused(problems, text, expected):
    assert any(expected in line for line in problems(text))
