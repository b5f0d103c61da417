"""What the reader may switch: level, day 0, part of the axis, intervals; and no switch of the rule."""

import datetime as dt

import pytest

from dashboard.charts.theme import theme_of
from dashboard.charts.timeline_frame import TimelineOptions, event_rows, make_canvas
from dashboard.charts.timeline_span import (
    SHORTEST_DAYS,
    cut_span,
    day_zero,
    silent_since,
    whole_span,
    zero_choices,
)
from dashboard.figures.patient.timeline_choices import timeline_choices
from tests.builders import day
from tests.unit.charts.timeline_events import event, frame, mark_of, rows, sample, spec, variant, words

# Mean of the tracked set 0.4 %, highest 1.2 %; the rule of this sample is the mean.
LEVELS = {"mean_sum_ppm": 12_000, "mean_n": 3, "max_maf_ppm": 12_000}
DRAW = sample(0, "DETECTED", percent=0.4, **LEVELS)
VARIANT = variant(0, "KRAS p.G12D", percent=1.2)


@pytest.mark.parametrize(("level", "value"), [("rule", 0.4), ("mean", 0.4), ("max", 1.2)])
def test_the_large_mark_shows_the_level_asked_for(level, value):
    assert mark_of(spec(DRAW, level=level), DRAW)["value"] == pytest.approx(value, abs=1e-12)


def test_variants_alone_leave_out_the_large_mark_but_never_a_draw_that_is_not_detected():
    clear = sample(60, "NOT_DETECTED")
    part = spec(DRAW, VARIANT, clear, level="variants")
    keys = {row.get("key") for row in rows(part, mark="point")}
    assert DRAW["event_key"] not in keys
    assert {VARIANT["event_key"], clear["event_key"]} <= keys


def test_a_quantity_reported_by_the_laboratory_is_not_switched():
    score = sample(0, "DETECTED", value_sum=1.3, value_n=1, quantity_kind="score")
    assert mark_of(spec(score, level="max"), score)["value"] == 1.3


def test_an_interval_is_drawn_only_for_molecule_counts_and_only_on_request():
    counted = {**VARIANT, "alt_molecules": 12, "total_molecules": 1000}
    colour = theme_of("light").variants[0]

    def upright(*events, **options):
        drawn = rows(spec(DRAW, *events, **options), mark="rule")
        return [row for row in drawn if row.get("colour") == colour and row["x"] == row["x2"]]

    assert len(upright(counted, interval=True)) == 1
    assert upright(counted) == upright(VARIANT, interval=True) == []
    assert "95 % interval" in words(spec(DRAW, counted, interval=True))
    assert "95 % interval" not in words(spec(DRAW, counted)) | words(spec(DRAW, VARIANT, interval=True))


EVENTS = event_rows(
    frame(
        event("LINE", 200, line=2, is_ongoing=True),
        event("ENROLMENT", 30),
        event("ABLATION", 50, panel="LOCAL"),
        event("SURGERY", -900, panel="LOCAL"),
    )
)


@pytest.mark.parametrize(
    ("choice", "on", "words"),
    [
        ("rule", 0, "day of line 1"),
        ("line 2", 200, "day of line 2"),
        ("enrolment", 30, "day of study"),
        ("local", 50, "day from local"),
        ("line 7", 0, "day of line 1"),
    ],
)
def test_day_0_is_what_the_reader_chose_and_the_axis_says_so(choice, on, words):
    assert day_zero(EVENTS, day(600), choice=choice) == (day(on), words)


@pytest.mark.parametrize(("before", "is_of_study"), [(28, True), (29, False)])
def test_a_local_treatment_long_before_enrolment_is_no_day_0(before, is_of_study):
    events = [event("ENROLMENT", 0), event("ABLATION", -before)]
    assert ("local" in zero_choices(events)) is is_of_study


def test_the_choices_name_the_day_0_of_the_rule_first():
    found = timeline_choices(EVENTS)
    assert found.zeros[0] == ("line 1", "Start of line 1")
    assert dict(found.zeros)["local"] == "First local therapy"
    assert [name for name, _first, _last in found.lines] == ["Line 1", "Line 2"]
    assert not any((found.has_variants, found.has_intervals, found.has_other_origin))


WHOLE = (day(0), day(600))


@pytest.mark.parametrize(
    ("first", "last", "span"),
    [
        (None, None, WHOLE),
        (day(100), day(200), (day(100), day(200))),
        (day(-100), day(900), WHOLE),
        (day(100), day(100 + SHORTEST_DAYS), (day(100), day(100 + SHORTEST_DAYS))),
        (day(100), day(101), (day(100), day(100 + SHORTEST_DAYS))),
        (day(599), day(600), (day(600 - SHORTEST_DAYS), day(600))),
    ],
)
def test_the_part_shown_stays_on_the_course_and_keeps_two_weeks(first, last, span):
    assert cut_span(WHOLE, first=first, last=last) == span


def test_what_lies_outside_the_part_shown_is_not_drawn():
    late = sample(300, "DETECTED", percent=1)
    part = spec(DRAW, late, first=day(200), last=day(400))
    keys = {row.get("key") for row in rows(part, mark="point")}
    assert late["event_key"] in keys
    assert DRAW["event_key"] not in keys


def test_a_part_of_the_axis_has_ticks_of_its_own():
    options = TimelineOptions(first=day(200), last=day(290))
    axis = make_canvas(event_rows(frame(DRAW)), options=options).axis
    assert axis.end - axis.start == dt.timedelta(days=90)


def silent(last: int, cut: int, *more: dict) -> tuple:
    """Enrolled on day 0, the last contact on a day, and the data cut."""
    return event_rows(frame(event("ENROLMENT", 0), event("LAST_KNOWN", last), *more, cut=cut))


@pytest.mark.parametrize(
    ("last", "cut", "expected"),
    [(200, 565, None), (200, 566, 200), (400, 800, None), (400, 801, 400)],
    ids=["a year", "longer than a year", "as long as the course", "longer than the course"],
)
def test_the_axis_does_not_wait_for_the_data_cut_after_long_silence(last, cut, expected):
    assert silent_since(silent(last, cut)) == (None if expected is None else day(expected))


def test_the_axis_of_a_patient_lost_long_ago_ends_soon_after_the_last_record():
    """200 days of course: a quarter of them is less than 90 days."""
    assert whole_span(silent(200, 1500))[1] == day(290)
    drawn = words(spec(event("ENROLMENT", 0), event("LAST_KNOWN", 200), cut=1500))
    assert "no record after 19 Jul 2024 · data cut 9 Feb 2028" in drawn
    assert not any(text.startswith("data cut") for text in drawn)


def test_the_axis_of_a_patient_transferred_long_ago_names_the_transfer_beside_the_last_record():
    moved = event("OBSERVED_UNTIL", 1500, code="TRANSFERRED", event_key="again", detail="2024-08-01")
    drawn = words(spec(event("ENROLMENT", 0), event("LAST_KNOWN", 200), moved, cut=1500))
    assert "no record after 19 Jul 2024 · care transferred 1 Aug 2024" in drawn


def test_after_a_death_or_where_a_scan_was_expected_the_axis_keeps_its_end():
    died = event("DEATH", 210)
    missed = event("SCAN_WINDOW", 300, code="WITHOUT", ended_on=day(320))
    not_expected = event("SCAN_WINDOW", 300, code="NOT_EXPECTED", ended_on=day(320))
    assert silent_since(silent(200, 1500, died)) is None
    assert silent_since(silent(200, 1500, missed)) is None
    assert silent_since(silent(200, 1500, not_expected)) == day(200)
