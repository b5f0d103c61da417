"""Two samples of one day and assay that disagree: the detected one counts, a data issue says so (DQ35)."""

import pytest

from dashboard.quality.run import catalogue
from tests.unit.marts.ctdna.tables import build, draw, inputs, line, rows_of

ND = "not_detected"
LINE_1 = (line(1, 0),)


def two_on_day_90(first, second):
    """Detected at baseline; two samples on day 90, in the order of the laboratory's numbers."""
    return {"ctdna_sample": [draw("S1", 0), draw("S2", 90, **first), draw("S3", 90, **second)]}


def states(tables):
    return rows_of("ctdna_state", "sample_id, draw_no, state", tables, lines=LINE_1)


@pytest.mark.parametrize(
    ("first", "second", "outweighed"),
    [({"status": ND}, {}, "S2"), ({}, {"status": ND}, "S3"), ({"status": ND}, {"status": "below_loq"}, "S2")],
)
def test_detected_wins_whichever_sample_comes_first(first, second, outweighed):
    tables = two_on_day_90(first, second)
    assert {state for sample, _, state in states(tables) if sample != "S1"} == {"PERSISTENT"}
    said = rows_of("ctdna_state", "sample_id, rule", tables, lines=LINE_1)
    assert [sample for sample, rule in said if rule == "OUTWEIGHED_SAME_DAY"] == [outweighed]
    assert rows_of("ctdna_level", "sample_id, is_outweighed, is_valid", tables, lines=LINE_1) == [
        (sample, sample == outweighed, sample != outweighed) for sample in ("S1", "S2", "S3")
    ]


def test_the_outweighed_sample_begins_no_clearance_and_no_redetection():
    tables = {"ctdna_sample": [*two_on_day_90({"status": ND}, {})["ctdna_sample"], draw("S4", 180, ND)]}
    assert [state for _, _, state in sorted(states(tables), key=lambda row: row[1])] == [
        "BASELINE_ONLY",
        "PERSISTENT",
        "PERSISTENT",
        "CLEARED_UNCONFIRMED",
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"status": ND, "assay": "other", "panel": None},
        {"status": ND, "panel": "v2"},
        {"status": "failed"},
        {"status": ND, "collected_on_precision": "month"},
    ],
)
def test_another_assay_a_failed_sample_or_an_uncertain_day_is_no_disagreement(other):
    tables = two_on_day_90({}, other)
    assert not any(rows_of("ctdna_level", "is_outweighed", tables, lines=LINE_1))


@pytest.mark.parametrize(("days_apart", "expected"), [(0, True), (1, False)])
def test_only_samples_of_one_day_disagree(days_apart, expected):
    tables = {"ctdna_sample": [draw("S1", 0), draw("S2", 90), draw("S3", 90 + days_apart, ND)]}
    assert rows_of("ctdna_level", "is_outweighed", tables, lines=LINE_1)[-1] is expected


@pytest.mark.parametrize(("status", "expected"), [(ND, 1), ("detected", 0)])
def test_the_check_names_both_samples(status, expected):
    (check,) = [check for check in catalogue() if check.check_id == "DQ35"]
    with inputs(two_on_day_90({}, {"status": status}), lines=LINE_1) as connection:
        build(connection, "ctdna_level")
        found = connection.execute(check.sql).fetchall()
    assert found == [("ctdna_sample", "S3", "status", "P1", "S2")] * expected
    assert (check.severity, check.excludes) == ("warning", "none")
