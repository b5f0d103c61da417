"""Progressions of bone-only disease; the progression is on day 90."""

import pytest

from tests.builders import day, run_mart

PD = {"patient_id": "P", "assessed_on": day(90), "assessor": "investigator", "response": "PD"}


def extent(**columns):
    own = {"patient_id": "P", "name": "bone_only", "value": "yes", "source_table": "characteristic"}
    return {**own, "source_key": "own", **columns}


def days(own, *responses):
    """Study days of the rows."""
    given = {"recorded_extent": [own], "overall_response": responses}
    rows = run_mart("bone_only_progression", given, columns="assessed_on, source_table, source_key")
    assert {row[1:] for row in rows} <= {("characteristic", "own")}
    return [(row[0] - day(0)).days for row in rows]


@pytest.mark.parametrize(("on", "found"), [(89, []), (90, []), (91, [90]), (None, [90])])
def test_it_is_so_until_a_site_elsewhere_is_seen(on, found):
    assert days(extent(outside_bone_on=None if on is None else day(on)), PD) == found


@pytest.mark.parametrize("own", [{"value": "no"}, {"name": "visceral_disease"}, {"patient_id": "other"}])
def test_only_disease_recorded_as_bone_only_is(own):
    assert days(extent(**own), PD) == []


def test_only_progressions_count_and_one_that_two_assessors_report_once():
    central = {**PD, "assessor": "central"}
    stable = {**PD, "assessed_on": day(40), "response": "SD"}
    later = {**PD, "assessed_on": day(150)}
    assert days(extent(), PD, central, stable, later) == [90, 150]
    assert days(extent(outside_bone_on=day(150)), PD, later) == [90]
