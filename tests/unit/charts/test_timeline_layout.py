"""Where words and marks of the timeline stand: off the lines, in their own band, never over each other."""

import datetime as dt

import pytest

from dashboard.charts.timeline_frame import TimelineOptions, event_rows, make_canvas
from dashboard.charts.timeline_labels import LEFT, RIGHT, Box, Label, place, text_px
from dashboard.charts.timeline_points import UNRELIABLE_DASH
from dashboard.charts.timeline_ticks import date_ticks
from tests.builders import day
from tests.unit.charts.timeline_events import event, frame, mark_of, rows, sample, spec, variant, words, x_of

DAY = 86_400_000
RANGE = Box(0, 200, 0, 100)


def line(on, number, **columns):
    return event("LINE", on, line=number, event_key=f"line {number}", **columns)


def bar(on, name, *, last=None, number=1, **columns):
    key = f"treatment {name}"
    ended = None if last is None else day(last)
    return event("SYSTEMIC", on, label=name, line=number, event_key=key, ended_on=ended, **columns)


def response(on, code="SD", **columns):
    return event("RESPONSE", on, code=code, basis="imaging", label="treating_physician", **columns)


def text_row(part, start):
    """The row of the one text that begins so."""
    found = {
        row["text"]: row for row in rows(part, mark="text") if str(row.get("text", "")).startswith(start)
    }
    assert len(found) == 1, f"{len(found)} texts begin with {start}: {sorted(found)}"
    return next(iter(found.values()))


def test_words_keep_off_a_line_where_another_spot_allows_it_and_cross_it_otherwise():
    label = Label(text="0.41", px=50, py=50, colour="black", spots=(RIGHT, LEFT))
    line_right, line_left = Box(60, 61, 0, 100), Box(38, 39, 0, 100)
    assert place([label], around=(), within=RANGE, lines=[line_right])[0].spot == LEFT
    assert place([label], around=(), within=RANGE, lines=[line_right, line_left])[0].spot == RIGHT
    assert place([label], around=[line_right, line_left], within=RANGE) == []


def test_a_label_is_shortened_only_for_want_of_room():
    label = Label(
        text="LoD 0.05 %, panel v2", short="LoD 0.05 %", px=0, py=50, colour="black", spots=(RIGHT,)
    )
    assert place([label], around=(), within=RANGE)[0].label.text == "LoD 0.05 %, panel v2"
    assert place([label], around=(), within=Box(0, 90, 0, 100))[0].label.text == "LoD 0.05 %"
    assert place([label], around=(), within=Box(0, 40, 0, 100)) == []


@pytest.mark.parametrize(("narrower", "wider"), [("ill", "mmm"), ("1.1", "%%%"), ("a b", "aab")])
def test_the_width_of_words_follows_their_letters(narrower, wider):
    assert text_px(narrower, size=10) < text_px(wider, size=10)
    assert text_px(wider, size=10) < text_px(wider, size=10, is_bold=True)


@pytest.mark.parametrize(("days", "name"), [(20, "L2"), (55, "L2"), (70, "Line 2")])
def test_a_narrow_band_has_a_short_name_and_every_line_keeps_one(days, name):
    drawn = words(spec(line(300, 2, ended_on=day(300 + days)), line(300 + days, 3)))
    assert {"Line 1", name, "Line 3"} <= drawn
    assert not {"L2", "Line 2"} - {name} <= drawn


def test_after_local_therapy_no_line_is_called_like_a_lesion():
    drawn = words(spec(line(580, 2), is_after_local=True))
    assert "Line 2" in drawn
    assert "L2" not in drawn


def test_the_name_of_a_line_begun_just_before_the_data_cut_stands_beyond_the_cut():
    part = spec(line(595, 2))
    assert text_row(part, "Line 2")["x"] > x_of(600)
    assert x_of(560) < text_row(spec(line(560, 2)), "L2")["x"] < x_of(600)


@pytest.mark.parametrize(
    ("is_ongoing", "last", "expected"), [(False, 300, 300), (True, 300, 600), (False, None, 600)]
)
def test_a_band_ends_with_the_last_dose_of_a_line_that_was_stopped(is_ongoing, last, expected):
    stopped = line(100, 2, is_ongoing=is_ongoing)
    part = spec(stopped, bar(100, "first", last=200, number=2), bar(150, "second", last=last, number=2))
    band = next(row for row in rows(part, mark="rect") if row.get("key") == "line 2")
    assert (band["x"], band["x2"]) == (x_of(100), x_of(expected))


def test_the_band_of_a_patient_lost_long_ago_ends_with_the_last_record():
    last = event("LAST_KNOWN", 200, event_key="last_known")
    part = spec(last, bar(0, "drug", is_ongoing=True), cut=800)
    band = next(
        row for row in rows(part, mark="rect") if row.get("kind") is None and row.get("key") == "LINE 0"
    )
    assert (band["x"], band["x2"]) == (x_of(0), x_of(200))


def test_a_band_never_reaches_into_the_next_line():
    stopped = line(100, 2, is_ongoing=False, ended_on=day(250))
    part = spec(stopped, line(250, 3), bar(100, "drug", last=300, number=2))
    band = next(row for row in rows(part, mark="rect") if row.get("key") == "line 2")
    assert band["x2"] == x_of(250)


@pytest.mark.parametrize(("after", "is_lifted"), [(0, True), (20, True), (40, False)])
def test_a_baseline_at_a_progression_stands_small_above_it(after, is_lifted):
    progression, baseline = response(300, "PD"), event("BASELINE", 300 + after)
    part = spec(progression, baseline)
    square, triangle = mark_of(part, baseline), mark_of(part, progression)
    assert (square["y"] < triangle["y"] - 10) is is_lifted
    assert (square["size"] < 60) is is_lifted
    # Its caption would seem to be that of the progression.
    assert ("baseline" in words(part)) is not is_lifted
    if after == 0:
        assert square["x"] > triangle["x"]


def test_a_mark_without_letters_stands_in_line_between_its_neighbours():
    scans = [response(on) for on in range(0, 601, 25)]
    part = spec(*scans)
    heights = {mark_of(part, scan)["y"] for scan in scans}
    sizes = {mark_of(part, scan)["size"] for scan in scans}
    assert len(heights) == 1
    assert len(sizes) == 2


def test_the_limit_of_detection_is_written_clear_of_the_data_cut():
    part = spec(sample(0, "DETECTED", percent=1), sample(200, "DETECTED", percent=2))
    found = text_row(part, "LoD")
    canvas = make_canvas(event_rows(frame(sample(0, "DETECTED", percent=1))), options=TimelineOptions())
    cut_px = canvas.axis.px(day(600))
    right_px = (found["x"] - x_of(-18)) / DAY * canvas.axis.plot_px / (636 + 18)
    # Written from the right: its end lies left of the cut, or its start right of it.
    assert not right_px - text_px(found["text"], size=11) < cut_px < right_px


@pytest.mark.parametrize(("cut", "is_monthly"), [(10, False), (20, False), (200, True)])
def test_a_short_course_has_days_on_its_axis(cut, is_monthly):
    events = event_rows(frame(event("ENROLMENT", 0), event("DEATH", cut), cut=cut))
    ticks = date_ticks(make_canvas(events, options=TimelineOptions()).axis)
    assert len(ticks) >= 2
    assert all(tick.day == 1 for tick in ticks) is is_monthly


def test_the_name_of_a_short_bar_stands_behind_it_with_its_reason_and_the_bar_keeps_its_end():
    part = spec(bar(0, "FOLFIRI, cetuximab", last=90, is_ongoing=False, detail="progression"))
    name = text_row(part, "FOLFIRI")
    assert name["text"] == "FOLFIRI, cetuximab · stopped: progression"
    assert name["x"] > x_of(90)
    edges = [row for row in rows(part, mark="rule") if row.get("x") == row.get("x2") == x_of(90)]
    assert len([row for row in edges if 0 < row["y2"] - row["y"] < 20]) == 1


def test_the_name_of_a_long_bar_stands_inside_and_its_reason_behind_it():
    part = spec(bar(0, "FOLFIRI, cetuximab", last=300, is_ongoing=False, detail="progression"))
    assert x_of(0) < text_row(part, "FOLFIRI")["x"] < x_of(300)
    assert text_row(part, "stopped: progression")["x"] > x_of(300)


def test_the_name_of_a_short_bar_later_on_stands_at_its_left():
    part = spec(bar(0, "CAPOX", last=300), bar(400, "FOLFIRI, cetuximab", last=440, is_ongoing=False))
    assert text_row(part, "FOLFIRI")["x"] < x_of(400)


def test_days_that_touch_after_two_treatments_have_one_pair_of_edges():
    zones = [
        event("UNRELIABLE", on, code="RADIOTHERAPY", ended_on=day(on + 14), event_key=f"zone {on}")
        for on in (0, 7)
    ]
    uprights = {
        row["x"]
        for row in rows(spec(*zones), mark="rule")
        if row["dash"] == UNRELIABLE_DASH and row["x"] == row["x2"]
    }
    assert uprights == {x_of(0), x_of(21)}


def test_adverse_events_take_a_row_each_while_their_names_would_touch():
    events = [event("EVENT", on, label="neutrophil count decreased", grade=3) for on in (0, 40, 80)]
    part = spec(*events)
    assert len({mark_of(part, one)["y"] for one in events}) == 3
    apart = [event("EVENT", on, label="neutrophil count decreased", grade=3) for on in (0, 300)]
    assert len({mark_of(spec(*apart), one)["y"] for one in apart}) == 1


def test_words_in_place_of_a_panel_move_past_the_line_of_enrolment_but_not_past_the_cut():
    early = spec(event("ENROLMENT", 30), line(-20, 2))
    assert x_of(30) < text_row(early, "No ctDNA sample")["x"] < x_of(60)
    late = spec(event("ENROLMENT", 550))
    assert text_row(late, "No ctDNA sample")["x"] < x_of(100)


def test_the_first_of_two_results_not_detected_never_covers_the_name_of_the_lane():
    part = spec(sample(0, "NOT_DETECTED"), sample(300, "NOT_DETECTED"))
    start = x_of(-18)
    large = [
        row
        for row in rows(part, mark="text")
        if row.get("text") == "not detected" and isinstance(row.get("x"), float | int)
    ]
    assert large
    assert all(row["x"] > start for row in large)


def test_a_name_in_the_lane_stands_beside_its_own_triangle():
    part = spec(
        sample(0, "DETECTED", percent=1),
        variant(0, "TP53 p.R175H", percent=1),
        variant(0, "APC p.R876*", percent=0.5),
        variant(0, "KRAS p.G12D", percent=0.4),
        sample(200, "DETECTED", percent=0.5),
        variant(200, "TP53 p.R175H", percent=0.5),
        variant(200, "APC p.R876*"),
        variant(200, "KRAS p.G12D"),
    )
    triangles = {
        row["what"].split()[0]: row["x"]
        for row in rows(part, mark="point")
        if row.get("shape") == "triangle-down" and row.get("what", "").endswith(("*", "D"))
    }
    assert len(set(triangles.values())) == 2
    named = [row for row in rows(part, mark="text") if " < " in str(row.get("text", ""))]
    assert named
    for row in named:
        own = triangles[row["text"].split()[0]]
        assert abs(row["x"] - own) < dt.timedelta(days=25) / dt.timedelta(milliseconds=1)
