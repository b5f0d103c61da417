"""The timeline figure: table twin and drawing hold the same events, and the words that travel with it."""

import datetime as dt
import json

import duckdb
import pytest

from dashboard.charts.timeline import plotted_keys
from dashboard.charts.timeline_frame import TimelineOptions
from dashboard.figures.patient.timeline import (
    PatientNotFound,
    TimelineRequest,
    diameter_words,
    patient_timeline_figure,
    response_words,
    timeline_options,
)
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from tests.builders import day
from tests.unit.charts.timeline_events import event, frame, sample, variant

EVENTS = (
    event("ENROLMENT", -5),
    sample(0, "DETECTED", percent=2.0, label="draw 1"),
    variant(0, "KRAS p.G12D", percent=2.0),
    variant(0, "DNMT3A p.R882H", percent=1.0, is_other_origin=True),
    sample(60, "NOT_DETECTED", label="draw 2"),
    sample(120, "FAILED"),
    event("RESPONSE", 60, code="PR", basis="imaging", label="treating_physician"),
    event("SUM", 60, value_sum=400, value_n=10, line=1),
    event("MARKER", 10, label="cea", code="=", value_sum=5, value_n=1, detail="ng/mL"),
    event("MARKER", -900, label="cea", code="=", value_sum=7, value_n=1, detail="ng/mL", event_key="old"),
    event("SCAN_WINDOW", 150, code="OVERDUE", ended_on=day(178), label="scan"),
)


@pytest.fixture(params=["calendar", "relative"])
def calendar(request):
    return request.param


@pytest.fixture
def reader(tmp_path, calendar):
    """A snapshot that holds one patient's events."""
    connection = duckdb.connect(str(tmp_path / "store.duckdb"))
    rows = frame(*EVENTS)
    connection.register("events", rows.drop(columns=["occurred_on", "ended_on"]).convert_dtypes())
    dates = rows[["occurred_on", "ended_on"]].astype("datetime64[s]")
    connection.register("dates", dates)
    connection.execute(
        "create table timeline_event as select events.*, occurred_on::date as occurred_on, "
        "ended_on::date as ended_on from events positional join dates"
    )
    connection.execute(
        "create table study as select ? as calendar, 'recist' as response_mode, "
        "28 as ablation_reference_from_day, 56 as ablation_reference_to_day",
        [calendar],
    )
    connection.execute("create table patient as select 'P1' as patient_id, '01' as site_id")
    connection.close()
    snapshot = Snapshot("k4care", "2025-08-23-abc", dt.date(2025, 8, 23), tmp_path)
    return Reader(snapshot, None)


def figure(reader, **options):
    return patient_timeline_figure(reader, TimelineRequest(patient_id="P1", **options))


@pytest.mark.parametrize("options", [{}, {"variants": False}, {"other_origin": True}, {"scale": "linear"}])
def test_the_table_twin_holds_exactly_the_events_drawn(reader, options):
    made = figure(reader, **options)
    drawn = plotted_keys(made.spec)
    assert len(made.table) == len(drawn) > 5


@pytest.mark.parametrize("calendar", ["calendar"], indirect=True)
def test_every_ctdna_result_and_response_is_drawn(reader):
    drawn = plotted_keys(figure(reader).spec)
    expected = [e for e in EVENTS if e["kind"] in {"SAMPLE", "RESPONSE", "SUM"}]
    assert {e["event_key"] for e in expected} <= drawn


@pytest.mark.parametrize("calendar", ["relative"], indirect=True)
def test_without_calendar_dates_the_drawing_holds_no_key_of_an_event(reader):
    keys = plotted_keys(figure(reader).spec)
    assert keys == {f"event {number + 1}" for number in range(len(keys))}


@pytest.mark.parametrize("calendar", ["calendar"], indirect=True)
def test_a_choice_of_the_reader_is_said_in_the_caption(reader):
    made = figure(reader, level="max", first=day(30), last=day(90))
    assert "Large marks: highest MAF, as chosen here; states and ratios keep the rule." in made.caption
    assert "Shown: 31 Jan 2024 to 31 Mar 2024" in made.caption
    assert "as chosen here" not in figure(reader).caption
    assert "Shown:" not in figure(reader).caption


def test_what_is_hidden_or_earlier_than_the_axis_is_said(reader):
    made = figure(reader, other_origin=False)
    assert "7.00 ng/mL" not in made.table["Result"].tolist()
    assert "1 earlier event not drawn (before the axis begins)." in made.caption
    assert "DNMT3A p.R882H" in made.caption


@pytest.mark.parametrize("calendar", ["relative"], indirect=True)
def test_a_study_without_calendar_dates_shows_study_time_only(reader):
    made = figure(reader, time="dates")
    text = json.dumps(made.spec) + made.table.to_csv() + made.alt
    assert "2024" not in text
    assert "day 60" in made.table["Date"].tolist()


@pytest.mark.parametrize("calendar", ["calendar"], indirect=True)
def test_the_footer_names_study_data_cut_and_snapshot(reader):
    assert figure(reader).footer == "k4care · data cut 23 Aug 2025 · snapshot 2025-08-23-abc"


@pytest.mark.parametrize("calendar", ["calendar"], indirect=True)
def test_the_code_gives_the_rows_of_the_figure(reader, monkeypatch):
    made = figure(reader)
    monkeypatch.chdir(reader.snapshot.path)
    found: dict = {}
    exec(made.code, found)
    assert found["rows"].to_csv() == made.rows.to_csv()
    found["connection"].close()


@pytest.mark.parametrize("calendar", ["calendar"], indirect=True)
def test_the_specification_is_plain_json(reader):
    json.dumps(figure(reader).spec, allow_nan=False)


@pytest.mark.parametrize("calendar", ["calendar"], indirect=True)
def test_the_alternative_text_says_the_last_results(reader):
    text = figure(reader).alt
    assert "2 ctDNA results" in text
    assert "Last ctDNA 1 Mar 2024: not detected." in text
    assert "Last response 1 Mar 2024: PR." in text


def test_a_patient_of_another_site_is_not_found(reader):
    elsewhere = Reader(reader.snapshot, ("99",))
    with pytest.raises(PatientNotFound, match="99"):
        figure(elsewhere)


def test_the_caption_says_what_diameters_are_only_where_some_are_drawn():
    measured = event("LESION", 30, code="CONTROLLED", value_sum=150)
    assert diameter_words([measured]) == [
        "Under a treated lesion its diameter in mm. Diameter change after ablation or SBRT is not RECIST."
    ]
    assert diameter_words([{**measured, "value_sum": None}, EVENTS[0]]) == []


def test_the_method_names_the_reference_of_an_ablation_by_the_days_of_the_study():
    options = TimelineOptions(is_after_local=True, ablation_reference_days=(30, 60))
    assert "the first CT 30 to 60 days after it" in response_words(options)
    assert "RECIST 1.1 per line" in response_words(TimelineOptions())


@pytest.mark.parametrize("calendar", ["calendar"], indirect=True)
def test_the_days_of_the_reference_come_from_the_study(reader):
    assert timeline_options(reader, TimelineRequest(patient_id="P1")).ablation_reference_days == (28, 56)
