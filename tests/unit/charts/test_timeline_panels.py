"""The other panels, the axis, and labels that never lie on each other."""

import itertools

import pytest

from dashboard.charts.theme import theme_of
from dashboard.charts.timeline import patient_timeline, plotted_keys
from dashboard.charts.timeline_frame import TimelineOptions, event_rows, make_canvas
from dashboard.charts.timeline_labels import CENTRE, Box, Label, mark_box, place, text_px
from dashboard.charts.timeline_scale import linear_scale, log_scale
from dashboard.charts.timeline_ticks import DATE_GAP_PX, day_ticks, month_ticks
from dashboard.studies.vocabulary import RESPONSES
from tests.builders import day
from tests.unit.charts.timeline_events import (
    event,
    frame,
    layers,
    mark_of,
    rows,
    sample,
    spec,
    variant,
    words,
)


def response(on, code, **columns):
    return event(
        "RESPONSE", on, **{"code": code, "basis": "imaging", "label": "treating_physician", **columns}
    )


def target_sum(on, tenth_mm, **columns):
    return event("SUM", on, **{"value_sum": tenth_mm, "value_n": 10, "line": 1, **columns})


def limit(on, line=1, *, nadir=400, pd_from=480, until=None):
    columns = {"nadir_tenth_mm": nadir, "pd_from_tenth_mm": pd_from, "ended_on": until}
    return event("LIMIT", on, line=line, event_key=f"limit line {line} {day(on)}", **columns)


def canvas_of(*events, cut=600, **options):
    return make_canvas(event_rows(frame(*events, cut=cut)), options=TimelineOptions(**options))


@pytest.mark.parametrize("code", ["CR", "PR", "SD", "PD"])
def test_a_response_has_the_shape_colour_and_letters_of_the_vocabulary(code):
    row = response(60, code)
    part = spec(row)
    drawn = mark_of(part, row)
    assert (drawn["shape"], drawn["fill"]) == (RESPONSES[code].shape, RESPONSES[code].fill)
    assert code in words(part)


def test_a_response_after_progression_is_grey_and_the_legend_says_why():
    row = response(120, "PD", is_after_progression=True)
    part = spec(response(60, "PD"), row)
    assert mark_of(part, row)["fill"] == theme_of("light").lane
    assert "after progression, same treatment" in words(part)


def test_clinical_progression_is_an_open_triangle():
    row = response(60, "PD", basis="clinical")
    drawn = mark_of(spec(row), row)
    assert (drawn["fill"], drawn["stroke"]) == (theme_of("light").page, RESPONSES["PD"].fill)


@pytest.mark.parametrize(
    ("events", "named"),
    [
        ([sample(0, "DETECTED", percent=1), response(60, "SD")], {"stable", "highest MAF"}),
        ([sample(0, "NOT_DETECTED"), response(60, "PD")], {"progression"}),
        # An open triangle is no filled one.
        ([response(60, "PD", basis="clinical")], {"clinical progression"}),
        (
            [response(60, "PD"), response(120, "PD", basis="clinical")],
            {"progression", "clinical progression"},
        ),
        # The dashed box in the lane of draws without a result beside the window of the plan.
        (
            [event("DRAW_WINDOW", 40, code="OVERDUE", ended_on=day(70))],
            {"planned, not done", "overdue"},
        ),
        (
            [event("SCAN_WINDOW", 40, code="CANNOT_BE_OBTAINED", ended_on=day(70)), response(200, "SD")],
            {"planned, not done", "cannot be obtained any more", "stable"},
        ),
        (
            [event("DRAW_WINDOW", 40, code="WITHOUT", ended_on=day(70), value_n=90)],
            {"not done (interval not the protocol's)"},
        ),
        ([sample(0, "BELOW_LOQ", loq_ppm=200)], {"below LoQ"}),
        (
            [sample(0, "DETECTED", percent=1), variant(0, "TP53 R175H", percent=1, is_other_origin=True)],
            {"highest MAF"},
        ),
    ],
)
def test_the_legend_names_the_marks_that_are_drawn_and_no_other(events, named):
    every = {
        *("stable", "progression", "clinical progression", "partial", "complete", "planned, not done"),
        *(
            "overdue",
            "cannot be obtained any more",
            "planned window",
            "highest MAF",
            "one variant",
            "below LoQ",
            "failed",
        ),
        *("not done (interval not the protocol's)", "possible CHIP or germline"),
    }
    assert words(spec(*events)) & every == named


def test_a_variant_that_may_not_be_of_the_tumour_has_its_own_entry():
    draw = [sample(0, "DETECTED", percent=1), variant(0, "TP53 R175H", percent=1, is_other_origin=True)]
    drawn = words(spec(*draw, other_origin=True))
    assert "possible CHIP or germline" in drawn
    assert "one variant" not in drawn


@pytest.mark.parametrize(
    "text",
    [
        "No ctDNA sample recorded",
        "No response assessment recorded",
        "No target lesions recorded",
        "No tumour marker recorded",
        "No ECOG recorded",
        "Nothing recorded",
        "No line of systemic treatment recorded",
    ],
)
def test_a_panel_without_data_says_so_in_one_line(text):
    assert text in words(spec())


def ecog_of(*values, **options):
    """Number and pixel of each ECOG that stands as one, then the days of those that are dots."""
    events = [event("ECOG", on, code=code) for on, code in values]
    drawn, axis = spec(*events, **options), canvas_of(*events, **options).axis
    keys = {one["event_key"]: one for one in events}
    assert set(keys) <= plotted_keys(drawn)
    left, right = axis.x(axis.start), axis.x(axis.end)
    texts = {row["key"]: row for row in rows(drawn, mark="text") if row.get("key") in keys}
    numbers = sorted(
        ((row["x"] - left) / (right - left) * axis.plot_px, row["text"]) for row in texts.values()
    )
    dots = {row["key"] for row in rows(drawn, mark="point") if row.get("key") in keys}
    assert dots == set(keys) - set(texts)
    return [(text, round(px, 1)) for px, text in numbers], sorted(int(key.split()[1]) for key in dots)


def px_of(on, **options):
    axis = canvas_of(**options).axis
    return round(axis.px(day(on)), 1)


@pytest.mark.parametrize("time", ["dates", "days"])
def test_of_two_changes_of_ecog_too_close_the_earlier_moves_left_by_as_much_as_needed(time):
    numbers, dots = ecog_of((0, "0"), (560, "2"), (570, "3"), time=time)
    at = px_of(570, time=time)
    assert at - px_of(560, time=time) < 11
    assert (numbers, dots) == ([("0", px_of(0, time=time)), ("2", round(at - 11, 1)), ("3", at)], [])


def test_a_change_of_ecog_wins_its_place_over_repeats():
    """1, 1, 2, 3: the repeat where the 2 moves to becomes a dot, and so does one after the last change."""
    numbers, dots = ecog_of((0, "1"), (552, "1"), (560, "2"), (570, "3"), (576, "3"))
    assert ([text for text, _px in numbers], dots) == (["1", "2", "3"], [552, 576])


def test_a_change_of_ecog_that_would_stand_too_far_from_its_day_is_a_dot():
    """Three changes on one day's width: the first would move by more than the width of a number."""
    numbers, dots = ecog_of((0, "0"), (566, "1"), (568, "2"), (570, "3"))
    assert ([text for text, _px in numbers], dots) == (["0", "2", "3"], [566])


def test_two_values_of_ecog_on_one_day_stand_beside_each_other():
    first, second = event("ECOG", 300, code="1", event_key="a"), event("ECOG", 300, code="2", event_key="b")
    drawn = {row["text"] for row in rows(spec(first, second), mark="text") if row.get("key") in ("a", "b")}
    assert drawn == {"1", "2"}


def test_numbers_of_ecog_stand_farther_apart_in_the_larger_type_of_a_sheet():
    numbers, _dots = ecog_of((0, "1"), (568, "2"), (575, "3"), width_px=1200, least_text_px=17)
    (_, two), (_, three) = numbers[-2:]
    assert three - two == pytest.approx(11 * 17 / 11.5, abs=0.2)


def test_the_target_sum_names_nadir_and_the_sum_that_would_be_progression():
    drawn = words(spec(target_sum(-10, 500), target_sum(60, 400), limit(-10)))
    assert {"PD from 48 mm", "nadir 40 mm", "50", "40"} <= drawn


def drawn_limits(part):
    """First and last study day of each sum from which PD would be called, as drawn."""
    colour = theme_of("light").progression_sum
    return [(row["x"], row["x2"]) for row in rows(part, mark="rule") if row.get("colour") == colour]


@pytest.mark.parametrize(("until", "is_named"), [(None, True), (day(120), False)])
def test_the_limits_of_a_line_end_where_the_next_one_begins(until, is_named):
    """The next line has a baseline of its own (A1): an unmeasured one gets no limit from the line before."""
    part = spec(target_sum(0, 500), target_sum(60, 400), limit(0, until=until), time="days")
    axis = canvas_of(target_sum(0, 500), time="days").axis
    assert drawn_limits(part) == [(0, axis.x(axis.end) if is_named else 120)]
    assert ("PD from 48 mm" in words(part), "nadir 40 mm" in words(part)) == (is_named, is_named)


def test_a_line_with_its_baseline_alone_has_its_limits_from_that_baseline_on():
    """The scan of day 100 showed PD of line 1, over 137 mm, and is the baseline of line 2: PD from 330 mm."""
    limits = [limit(0, nadir=1140, pd_from=1370, until=day(126)), limit(100, 2, nadir=2750, pd_from=3300)]
    lines = [event("LINE", 126, line=2, label="second", is_ongoing=True)]
    part = spec(target_sum(0, 1140), target_sum(100, 2750), *limits, *lines, time="days")
    axis = canvas_of(time="days").axis
    assert drawn_limits(part) == [(0, 126), (100, axis.x(axis.end))]
    assert {"PD from 330 mm", "nadir 275 mm"} <= words(part)
    assert not {"PD from 137 mm", "nadir 114 mm"} & words(part)


STEPS = [limit(0, nadir=650, pd_from=780, until=day(300)), limit(300, nadir=600, pd_from=720)]


def test_a_scan_lies_under_the_dashes_that_held_on_its_day():
    """72 mm on day 200 with a nadir of 65 mm: PD from 78 mm then, from 72 mm only after day 300."""
    sums = [target_sum(0, 650), target_sum(200, 720), target_sum(300, 600)]
    part = spec(*sums, *STEPS, time="days")
    colour = theme_of("light").progression_sum
    dashed = [row for row in rows(part, mark="rule") if row.get("colour") == colour]
    flat = {(row["x"], row["x2"]): row["y"] for row in dashed if row["y"] == row["y2"]}
    end = canvas_of(time="days").axis
    assert list(flat) == [(0, 300), (300, end.x(end.end))]
    # Higher sums lie higher, at smaller pixels; the step joins the two.
    before, after = flat.values()
    assert before < after
    assert [(row["x"], row["y"], row["y2"]) for row in dashed if row["y"] != row["y2"]] == [
        (300, before, after)
    ]


def test_the_margin_names_the_limits_of_the_last_step():
    part = spec(target_sum(0, 650), target_sum(300, 600), *STEPS)
    assert {"PD from 72 mm", "nadir 60 mm"} <= words(part)
    assert not {"PD from 78 mm", "nadir 65 mm"} & words(part)
    assert {one["event_key"] for one in STEPS} <= plotted_keys(part)


def test_a_later_nadir_of_the_line_before_does_not_take_the_names_of_the_last_line():
    """Line 2 has its baseline on day 100; line 1 goes on to day 126 with a nadir of day 110."""
    limits = [limit(100, 2, nadir=2750, pd_from=3300), limit(110, nadir=400, pd_from=480, until=day(126))]
    assert "PD from 330 mm" in words(spec(target_sum(0, 1140), target_sum(100, 2750), *limits))


NONE = {"rule": "TARGET_NONE"}


def test_sums_of_a_line_begun_without_target_disease_are_hollow_and_the_panel_says_so():
    full, hollow = target_sum(0, 300, rule="TARGET_BASELINE"), target_sum(300, 60, **NONE)
    part = spec(full, hollow)
    theme = theme_of("light")
    assert (mark_of(part, full)["fill"], mark_of(part, full)["stroke"]) == (theme.target_sum, theme.page)
    assert (mark_of(part, hollow)["fill"], mark_of(part, hollow)["stroke"]) == (theme.page, theme.target_sum)
    assert "no target disease" in words(part)
    assert "no target disease" not in words(spec(full, target_sum(300, 60, rule="TARGET_CR")))


@pytest.mark.parametrize(("start", "until", "is_said"), [(150, 500, True), (275, 325, False)])
def test_the_words_stand_over_the_line_without_target_disease_where_there_is_room(start, until, is_said):
    lines = [event("LINE", on, line=n, event_key=f"line {n}") for on, n in ((start, 2), (until, 3))]
    sums = [target_sum(0, 300), target_sum(300, 60, line=2, **NONE), target_sum(580, 400, line=3)]
    part = spec(*sums, *lines, time="days")
    found = [row["x"] for row in rows(part, mark="text") if row.get("text") == "no target disease"]
    assert bool(found) is is_said
    assert all(start <= x <= until for x in found)


def test_a_baseline_of_disease_is_not_hollow_though_the_line_before_had_none():
    """A node of 7 mm that grew to 12 mm: nothing in line 1, the baseline of line 2."""
    scan = target_sum(300, 119, **NONE)
    part = spec(scan, limit(300, 2, nadir=119, pd_from=170))
    assert mark_of(part, scan)["fill"] == theme_of("light").target_sum


def test_no_line_of_the_sum_crosses_an_assessment_that_could_not_be_measured():
    gap = target_sum(60, None)
    part = spec(target_sum(0, 500), gap, target_sum(120, 400))
    colour = theme_of("light").target_sum
    assert [row for row in rows(part, mark="rule") if row.get("colour") == colour] == []


BASELINE = {"rule": "TARGET_BASELINE"}


@pytest.mark.parametrize(
    ("start", "second", "joined"),
    [
        # The scan that showed progression, borrowed as baseline: the line of therapy begins after it.
        (60, {"rule": "TARGET_PD", "baseline_tenth_mm": 500}, [(0, 60)]),
        (61, {"rule": "TARGET_PD", "baseline_tenth_mm": 500}, [(0, 60)]),
        # Already on the new line, with another baseline.
        (59, {"rule": "TARGET_SD", "baseline_tenth_mm": 450}, [(60, 120)]),
        # The first sum is the baseline of the line that begins after it.
        (10, {"rule": "TARGET_SD", "baseline_tenth_mm": 500}, [(0, 60), (60, 120)]),
        # A baseline of its own belongs to what follows.
        (65, {**BASELINE, "baseline_tenth_mm": 500}, [(60, 120)]),
        (130, {"rule": "TARGET_PD", "baseline_tenth_mm": 500}, [(0, 60), (60, 120)]),
    ],
)
def test_the_line_of_the_sum_breaks_where_a_line_of_therapy_begins(start, second, joined):
    sums = [
        target_sum(0, 500, **BASELINE),
        target_sum(60, 500, **second),
        target_sum(120, 500, rule="TARGET_SD", baseline_tenth_mm=500),
    ]
    begins = event("LINE", start, line=2, label="second", is_ongoing=True)
    drawn = rows(spec(*sums, begins, time="days"), mark="rule")
    colour = theme_of("light").target_sum
    assert [(row["x"], row["x2"]) for row in drawn if row.get("colour") == colour] == joined


@pytest.mark.parametrize("start", [60, 61])
def test_a_scan_that_is_only_the_baseline_of_the_next_line_begins_its_curve(start):
    """The scan of day 60 answers for nothing of line 1: 7 mm is where the curve of line 2 begins."""
    sums = [
        target_sum(0, 0, rule="TARGET_CR", baseline_tenth_mm=390),
        target_sum(60, 70, rule="TARGET_PD_REAPPEARED", baseline_tenth_mm=0),
        target_sum(120, 260, rule="TARGET_PD", baseline_tenth_mm=70),
    ]
    others = [event("LINE", start, line=2, label="second", is_ongoing=True), event("BASELINE", 60, line=1)]
    drawn = rows(spec(*sums, *others, time="days"), mark="rule")
    colour = theme_of("light").target_sum
    assert [(row["x"], row["x2"]) for row in drawn if row.get("colour") == colour] == [(60, 120)]


@pytest.mark.parametrize(
    ("code", "detail", "from_nadir", "caption"),
    # A PD by the sum names its growth from the nadir; one by a new lesion, and disease seen again, do not.
    [
        ("PD", "growth", 200, "+20.0* %"),
        ("PD", "new_lesion", 200, "+20.0* %"),
        ("PD", None, None, "–"),
        ("PD", "non_target", None, "–"),
        ("PD", "new_lesion", None, "new"),
        ("PR", None, None, "−84.6 %"),
    ],
)
def test_only_a_progression_that_the_sum_made_has_its_growth_under_the_mark(
    code, detail, from_nadir, caption
):
    def scan(on, response, baseline, nadir, pattern=None):
        changes = {"change_from_baseline_tenth_percent": baseline, "change_from_nadir_tenth_percent": nadir}
        return event("RESPONSE", on, code=response, detail=pattern, **changes)

    drawn = words(spec(scan(0, "PR", -500, None), scan(600, code, -846, from_nadir, detail))) - {"MAF, %"}
    assert {word for word in drawn if "%" in word or word in ("–", "new")} == {caption, "−50.0 %"}


def test_a_new_lesion_is_named_under_its_progression_without_any_sum():
    assert "new" in words(spec(response(60, "PD", detail="new_lesion")))


@pytest.mark.parametrize(("highest", "kind"), [(50.0, "linear"), (50.1, "log")])
def test_a_marker_has_a_log_scale_over_more_than_a_decade(highest, kind):
    low = event("MARKER", 0, label="cea", code="=", value_sum=5, value_n=1, detail="ng/mL")
    high = event("MARKER", 60, label="cea", code="=", value_sum=highest, value_n=1, detail="ng/mL")
    assert mark_of(spec(low, high), high)["scale"] == kind


def test_a_reduced_dose_is_thinner_and_a_hold_is_hatched():
    bar = event("SYSTEMIC", 0, label="drug", is_ongoing=True, line=1, event_key="treatment 1")
    hold = event("DOSE_HOLD", 30, part_of="1", ended_on=day(90), event_key="treatment 1a")
    less = event("DOSE_REDUCTION", 90, part_of="1", event_key="treatment 1b", dose_level=-1)
    drawn = {row.get("key"): row for row in rows(spec(bar, hold, less), mark="rect")}
    whole = drawn["treatment 1"]
    assert drawn["treatment 1a"]["y2"] - drawn["treatment 1a"]["y"] == whole["y2"] - whole["y"]
    assert drawn["treatment 1b"]["y2"] < whole["y2"]
    assert {"dose held (hatched)", "reduced dose (thinner)"} <= words(spec(bar, hold, less))


GOES_ON = event("SYSTEMIC", 0, label="drug", is_ongoing=True, line=1, event_key="treatment 1")


def last_known(on):
    return event("LAST_KNOWN", on, event_key="last_known")


def test_a_bar_is_certain_up_to_the_last_record_and_dashed_beyond_it():
    bar, beyond = bars(spec(GOES_ON, last_known(300), cut=600))
    first = bar["x"]
    assert [(one["x2"] - first) / 86_400_000 for one in (bar, beyond)] == [300, 600]
    assert beyond["x"] == bar["x2"]
    assert beyond["fill"] != bar["fill"]
    drawn = words(spec(GOES_ON, last_known(300), cut=600))
    assert {"?", "nothing recorded since the last contact"} <= drawn
    assert "ongoing" not in drawn


@pytest.mark.parametrize("known", [600, 601])
def test_a_bar_known_up_to_the_data_cut_has_its_arrow(known):
    drawn = spec(GOES_ON, last_known(known), cut=600)
    assert len(bars(drawn)) == 1
    assert "ongoing" in words(drawn)


def test_a_bar_that_ended_is_certain():
    ended = {**GOES_ON, "is_ongoing": False, "ended_on": day(300)}
    assert len(bars(spec(ended, last_known(200), cut=600))) == 1


def bars(drawn):
    """Rectangles of treatment: the bar itself, then what nobody knows."""
    return [row for row in rows(drawn, mark="rect") if row.get("key") == "treatment 1"]


STATES = {
    "DONE_IN_WINDOW": 20,
    "DONE_OUTSIDE_WINDOW": 60,
    "OVERDUE": 120,
    "CANNOT_BE_OBTAINED": 300,
    "DUE_NOW": 580,
    "CLOSES_SOON": 585,
    "NOT_YET_DUE": 590,
}


def test_windows_are_told_apart_by_their_state_in_the_follow_up():
    windows = [event("SCAN_WINDOW", on, code=code, ended_on=day(on + 28)) for code, on in STATES.items()]
    drawn = {row["key"]: row for row in rows(spec(*windows), mark="rect") if "key" in row}
    looks = [(drawn[w["event_key"]]["fill"], drawn[w["event_key"]]["stroke"]) for w in windows]
    theme = theme_of("light")
    done, ahead = (theme.window, theme.window), (theme.page, theme.primary)
    owed, lost = ("transparent", theme.action), ("transparent", theme.secondary)
    assert looks == [done, done, owed, lost, ahead, ahead, ahead]


def test_a_window_that_is_not_expected_is_not_drawn():
    window = event("SCAN_WINDOW", 60, code="NOT_EXPECTED", ended_on=day(90))
    assert window["event_key"] not in {row.get("key") for row in rows(spec(window), mark="rect")}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("OVERDUE", "overdue"),
        ("CANNOT_BE_OBTAINED", "cannot be obtained any more"),
        ("DUE_NOW", "due now"),
        ("CLOSES_SOON", "closes soon"),
        ("NOT_YET_DUE", "not yet due"),
    ],
)
def test_a_window_says_its_state_and_never_that_it_was_missed(code, said):
    """Nothing is missed while a patient is on study (A23)."""
    drawn = words(spec(event("DRAW_WINDOW", 300, code=code, ended_on=day(330))))
    assert said in drawn
    assert not [text for text in drawn if "missed" in text]


def test_the_newest_day_lies_on_the_axis_and_the_data_cut_has_its_line():
    canvas = canvas_of(sample(600, "DETECTED", percent=1))
    assert canvas.axis.start < day(0)
    assert canvas.axis.end > day(600)
    assert "data cut 23 Aug 2025" in words(spec())


ON_TOP = ("enrolled", "data cut", "died", "consent")


def names_on_top(part):
    """Left and right edge, and own place, of the names above the plot, in pixels of the nominal width."""
    found = {}
    for layer in layers(part):
        align = layer["mark"].get("align")
        for row in layer["data"]["values"]:
            text = str(row.get("text", ""))
            if layer["mark"]["type"] == "text" and text.startswith(ON_TOP):
                width = text_px(text, size=11)
                left = {"left": 0, "right": -width, "center": -width / 2}[align]
                found[text.split(" ")[0]] = (row["x"], left, left + width)
    return found


@pytest.mark.parametrize("course", [30, 200, 1500])
@pytest.mark.parametrize("before", [0, 1, 5, 14, 24, 60])
@pytest.mark.parametrize("end", [{}, {"died": True}, {"withdrew": True}])
def test_the_names_on_top_stand_at_their_own_lines(course, before, end):
    """Enrolment so many days before the data cut: the name of each line is nearest to it, none on another."""
    events = [event("ENROLMENT", course - before), event("LINE", 0, line=1, is_ongoing=True)]
    events += [event("DEATH", course)] if end.get("died") else []
    rows_in = [event("OBSERVED_UNTIL", course, code="WITHDREW")] if end.get("withdrew") else []
    axis = canvas_of(*events, *rows_in, cut=course).axis
    found = names_on_top(spec(*events, *rows_in, cut=course))
    assert len(found) == 2
    ends = {}
    for name, (x, left, right) in found.items():
        px = (x - axis.x(axis.start)) / (axis.x(axis.end) - axis.x(axis.start)) * axis.plot_px
        ends[name] = (px + left, px + right)
    own = {name: axis.px(day(course - before if name == "enrolled" else course)) for name in ends}
    first, second = ends.values()
    assert first[1] <= second[0] or second[1] <= first[0]
    for name, (left, right) in ends.items():
        away = {line: max(left - px, px - right, 0) for line, px in own.items()}
        assert away[name] == min(away.values())
        assert before == 0 or all(away[line] > 0 for line in away if line != name)


def test_the_axis_of_a_patient_who_died_ends_shortly_after_the_death():
    canvas = canvas_of(event("DEATH", 300), sample(0, "DETECTED", percent=1))
    assert day(300) < canvas.axis.end < day(360)


def test_an_old_marker_does_not_stretch_the_axis():
    old = event("MARKER", -2000, label="cea", code="=", value_sum=5, value_n=1)
    assert canvas_of(old).axis.start > day(-60)


def test_study_time_shows_no_date_anywhere():
    part = spec(sample(0, "DETECTED", percent=1), response(60, "SD"), time="study_time")
    text = str(part)
    assert "2024" not in text
    assert "data cut day 600" in words(part)


@pytest.mark.parametrize("span", [60, 200, 700, 1500, 4000])
def test_ticks_are_far_enough_apart_to_be_read(span):
    axis = canvas_of(sample(0, "DETECTED", percent=1), cut=span).axis
    pixels = [axis.px(tick) for tick in month_ticks(axis)]
    # Months differ by up to three days.
    assert all(b - a > DATE_GAP_PX * 0.9 for a, b in itertools.pairwise(pixels))
    assert len(day_ticks(axis)) >= 2


def test_a_log_scale_refuses_zero_and_mirrors_vega():
    scale = log_scale([0.01, 10.0], top_px=0, bottom_px=200, room=1.0)
    assert scale.px(10.0) == 0
    assert scale.px(0.01) == 200
    assert scale.px(10**-0.5) == 100
    with pytest.raises(ValueError, match="no place for 0"):
        scale.px(0)


def test_a_log_axis_can_reach_a_thousandth_of_a_per_cent():
    assert 0.001 in log_scale([0.0009, 1.0], top_px=0, bottom_px=248).ticks


def test_a_linear_scale_begins_at_zero_and_holds_the_highest_value():
    scale = linear_scale([63.0], top_px=0, bottom_px=100)
    assert scale.low == 0
    assert scale.high >= 63


def test_of_two_labels_that_would_overlap_the_lower_rank_is_left_out():
    first = Label(text="summary", px=50, py=50, colour="black", rank=0, spots=(CENTRE,))
    second = Label(text="variant", px=52, py=52, colour="red", rank=1, spots=(CENTRE,))
    placed = place([second, first], around=[], within=Box(0, 200, 0, 100))
    assert [one.label.text for one in placed] == ["summary"]


def test_labels_keep_off_marks_and_inside_their_panel():
    label = Label(text="1.58", px=50, py=50, colour="black", spots=(CENTRE,))
    assert place([label], around=[mark_box(50, 50, radius=3)], within=Box(0, 200, 0, 100)) == []
    assert place([label], around=[], within=Box(0, 55, 0, 100)) == []


def test_rows_without_the_data_cut_are_refused():
    with pytest.raises(ValueError, match="OBSERVED_UNTIL"):
        patient_timeline(frame().iloc[1:])


@pytest.mark.parametrize(
    ("is_after_local", "name", "other"),
    [(False, "RECIST 1.1", "Disease status"), (True, "Disease status", "RECIST 1.1")],
)
def test_the_strip_is_named_by_the_way_the_study_judges_response(is_after_local, name, other):
    drawn = words(spec(response(60, "PD"), is_after_local=is_after_local))
    assert name in drawn
    assert other not in drawn
