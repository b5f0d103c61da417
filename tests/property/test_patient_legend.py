"""The legend of the timeline follows what the reader switches: it names the marks drawn, all and no other."""

import copy
import datetime as dt
from dataclasses import replace

import pytest

from dashboard.figures.patient.timeline import TimelineRequest, patient_timeline_figure
from dashboard.store.reader import Reader
from tests.property.drawn_legend import legend_marks, not_as_drawn


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


@pytest.fixture(scope="module")
def progressed(sample_snapshot):
    """The timeline of OLI-001, with progression and scans without evidence of disease."""
    lungs = Reader(sample_snapshot("pulmonary-oligomets"), None)
    figure = patient_timeline_figure(lungs, TimelineRequest(patient_id="OLI-001"))
    assert not_as_drawn(figure) is None
    return replace(figure, spec=copy.deepcopy(figure.spec))


@pytest.mark.parametrize(
    ("of_response", "changed"),
    [
        ("progression", {"text": "complete"}),
        ("progression", {"text": "no evidence of disease"}),
        ("no evidence of disease", {"text": "response"}),
    ],
)
def test_a_response_with_the_words_of_another_is_reported(progressed, of_response, changed):
    spec = copy.deepcopy(progressed.spec)
    (words,) = [mark for mark in legend_marks(spec) if mark.get("text") == of_response]
    words.update(changed)
    assert not_as_drawn(replace(progressed, spec=spec)) is not None


def test_a_response_beside_the_mark_of_another_is_reported(progressed):
    spec = copy.deepcopy(progressed.spec)
    marks = [mark for mark in legend_marks(spec) if mark.get("fill") == "#D55E00"]
    assert marks
    for mark in marks:
        mark["shape"] = "diamond"
    assert not_as_drawn(replace(progressed, spec=spec)) is not None
