"""Checks of dates against data cut, birth and death, and what they leave out."""

import datetime as dt

import pytest

from dashboard.quality.run import catalogue, create_usable_views, run_check
from tests.unit.quality.tables import CUT_OFF, connection_with, day, n_found


@pytest.mark.parametrize(
    ("days", "calendar", "n"), [(0, "calendar", 0), (1, "calendar", 1), (1, "relative", 0)]
)
def test_nothing_is_dated_after_the_data_cut(days, calendar, n):
    seen = CUT_OFF + dt.timedelta(days=days)
    scan = [{"imaged_on": seen, "modality": "ct"}]
    assert n_found("DQ08", imaging=scan, extract=[{"calendar": calendar}]) == n


@pytest.mark.parametrize(
    ("seen", "precision", "n"), [(14, "day", 1), (15, "day", 0), (14, "month", 0), (14, "year", 0)]
)
def test_nothing_is_dated_before_birth(seen, precision, n):
    patient = [{"born_on": dt.date(1960, 6, 15), "born_on_precision": precision}]
    scan = [{"imaged_on": dt.date(1960, 6, seen), "modality": "ct"}]
    assert n_found("DQ09", patient=patient, imaging=scan) == n


@pytest.mark.parametrize(
    ("seen", "precision", "n"), [(9, "day", 0), (10, "day", 1), (30, "month", 0), (31, "month", 1)]
)
def test_nothing_happens_after_death(seen, precision, n):
    contact = [{"contact_on": day(9), "vital_status": "dead", "died_on": day(9)}]
    visit = [{"visit_on": day(seen), "visit": "V1", "visit_on_precision": precision}]
    assert n_found("DQ10", contact=contact, visit=visit) == n
    assert n_found("DQ10", contact=contact, visit=[{**visit[0], "has_occurred": False}]) == 0


@pytest.mark.parametrize(("end", "precision", "n"), [(9, "day", 1), (10, "day", 0), (9, "month", 0)])
def test_a_treatment_ends_after_it_starts(end, precision, n):
    drug = {
        "treatment_id": "T1",
        "kind": "systemic",
        "started_on": day(10),
        "started_on_precision": precision,
        "ended_on": day(end),
    }
    assert n_found("DQ18", treatment=[drug]) == n


def checked(**tables):
    connection = connection_with(tables)
    for check in catalogue():
        if check.stage == "canonical":
            run_check(connection, check)
    create_usable_views(connection)
    return connection


def test_a_metastasis_before_the_diagnosis_loses_its_date_and_never_the_patient():
    connection = checked(
        patient=[
            {
                "primary_diagnosed_on": day(0),
                "primary_diagnosed_on_precision": "day",
                "metastatic_on": day(-1),
                "enrolled_on": day(9),
                "consented_on": day(9),
            }
        ]
    )
    rows = connection.execute("select metastatic_on, primary_diagnosed_on from usable_patient").fetchall()
    assert rows == [(None, day(0))]


def test_an_adverse_event_with_its_end_before_its_start_is_left_out():
    event = {"event_id": "AE1", "term": "rash", "started_on": day(9), "started_on_precision": "day"}
    connection = checked(
        patient=[{}],
        adverse_event=[{**event, "ended_on": day(8)}, {**event, "event_id": "AE2", "ended_on": day(9)}],
    )
    assert connection.execute("select event_id from usable_adverse_event").fetchall() == [("AE2",)]
