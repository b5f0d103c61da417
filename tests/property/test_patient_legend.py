"""The legend of the timeline follows what the reader switches: it names the marks drawn, all and no other."""

import datetime as dt

import pytest

from dashboard.figures.patient.timeline import TimelineRequest, patient_timeline_figure
from dashboard.store.reader import Reader
from tests.property.drawn_legend import not_as_drawn


@pytest.fixture(scope="module", params=["k4care", "cdk46", "pulmonary-oligomets"])
def reader(request, sample_snapshot) -> Reader:
    """The current data cut of a sample study."""
    return Reader(sample_snapshot(request.param), None)


@pytest.mark.parametrize(
    "choice",
    [
        {"level": "variants"},
        {"level": "max"},
        {"variants": False},
        {"other_origin": False},
        {"time": "days"},
        {"last": dt.date(2025, 9, 1)},
        {"first": dt.date(2025, 9, 1)},
    ],
)
def test_the_legend_names_what_is_left_of_every_tenth_patient(reader, choice):
    rows = reader.records("select patient_id from patient_summary order by patient_id")
    for row in rows[::10]:
        figure = patient_timeline_figure(reader, TimelineRequest(patient_id=row["patient_id"], **choice))
        assert not_as_drawn(figure) is None, row["patient_id"]
