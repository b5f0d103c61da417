"""ctDNA panel: five results told apart, not detected never at 0, no line where nothing can be compared."""

import altair as alt
import pytest

from dashboard.charts.theme import theme_of
from tests.unit.charts.timeline_events import event, mark_of, rows, sample, spec, variant, words, x_of

HIGH = sample(0, "DETECTED", percent=0.05)
LOW = sample(60, "DETECTED", percent=0.01)
ABSENT = sample(120, "NOT_DETECTED")
FAILED = sample(180, "FAILED")
PENDING = sample(240, "PENDING")
NOT_DONE = sample(300, "NOT_DONE")
FIVE = (HIGH, ABSENT, FAILED, PENDING, NOT_DONE)
SUMMARY = theme_of("light").summary


def look(part, row):
    drawn = mark_of(part, row)
    return drawn["shape"], drawn["fill"], drawn["dash"]


def summary_lines(part):
    """(first x, last x, is dashed) of every stretch of the summary line."""
    drawn = [
        row for row in rows(part, mark="rule") if row.get("colour") == SUMMARY and (row["width"] or 0) > 2.2
    ]
    return sorted((row["x"], row["x2"], bool(row["dash"])) for row in drawn)


def test_five_results_have_five_marks():
    part = spec(*FIVE)
    assert len({look(part, row) for row in FIVE}) == len(FIVE)


BELOW = sample(360, "BELOW_LOQ", loq_ppm=300)


def luminance(colour):
    """Relative luminance (WCAG 2) of #rrggbb."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_results_are_told_apart_without_any_colour(theme):
    # By shape, by whether the mark is filled or hollow, and by its edge; no two share all three.
    part = spec(*FIVE, BELOW, theme=theme)
    page = theme_of(theme).page
    looks = set()
    for row in (*FIVE, BELOW):
        drawn = mark_of(part, row)
        looks.add((drawn["shape"], drawn["fill"] in {page, "transparent"}, drawn["dash"]))
    assert len(looks) == len(FIVE) + 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_of_the_marks_stand_out_from_the_page_in_greyscale(theme):
    # 3 to 1 is what WCAG 2.2 asks of graphical objects (1.4.11).
    part = spec(*FIVE, BELOW, theme=theme)
    page = luminance(theme_of(theme).page)
    for row in (*FIVE, BELOW):
        drawn = mark_of(part, row)
        colour = drawn["fill"] if drawn["stroke"] == theme_of(theme).page else drawn["stroke"]
        low, high = sorted((luminance(colour), page))
        assert (high + 0.05) / (low + 0.05) >= 3, row["code"]


def test_two_low_levels_stand_at_different_heights():
    part = spec(HIGH, LOW)
    assert mark_of(part, HIGH)["value"] == pytest.approx(0.05, abs=1e-12)
    assert mark_of(part, LOW)["value"] == pytest.approx(0.01, abs=1e-12)


@pytest.mark.parametrize("scale", ["log", "linear"])
def test_not_detected_is_a_hollow_triangle_in_its_lane_and_never_a_value(scale):
    part = spec(HIGH, ABSENT, scale=scale)
    drawn = mark_of(part, ABSENT)
    assert (drawn["shape"], drawn["fill"]) == ("triangle-down", theme_of("light").page)
    assert "value" not in drawn
    assert drawn["y"] == mark_of(spec(ABSENT, scale="log"), ABSENT)["y"]


@pytest.mark.parametrize("scale", ["log", "linear"])
def test_no_point_of_any_panel_lies_at_zero_on_a_log_scale(scale):
    part = spec(*FIVE, variant(0, "KRAS p.G12D"), variant(0, "TP53 p.R175H", percent=0.04), scale=scale)
    assert all(row["value"] > 0 for row in rows(part, mark="point") if row["scale"] == "log")


def test_the_lane_lies_below_every_value_on_the_scale():
    part = spec(LOW, ABSENT)
    below = [row["y2"] for row in rows(part, mark="rule") if row.get("colour") == SUMMARY and row["dash"]]
    assert below == [mark_of(part, ABSENT)["y"]]


def test_a_line_is_solid_between_values_and_dashed_to_not_detected():
    part = spec(HIGH, LOW, ABSENT)
    assert summary_lines(part) == [(x_of(0), x_of(60), False), (x_of(60), x_of(120), True)]


@pytest.mark.parametrize("code", ["FAILED", "PENDING", "NOT_DONE"])
def test_no_line_crosses_a_draw_without_a_result(code):
    assert summary_lines(spec(HIGH, sample(30, code), LOW)) == []


@pytest.mark.parametrize("code", ["OVERDUE", "CANNOT_BE_OBTAINED"])
def test_no_line_crosses_a_planned_draw_that_was_not_done(code):
    window = {"code": code, "ended_on": sample(50, "FAILED")["occurred_on"]}
    assert summary_lines(spec(HIGH, event("DRAW_WINDOW", 20, **window), LOW)) == []


def test_a_window_that_was_done_breaks_no_line():
    window = {"code": "DONE_IN_WINDOW", "ended_on": sample(50, "FAILED")["occurred_on"]}
    assert len(summary_lines(spec(HIGH, event("DRAW_WINDOW", 20, **window), LOW))) == 1


@pytest.mark.parametrize("change", [{"series_no": 2}, {"assay": "bespoke"}, {"assay_panel": "v2"}])
def test_no_line_crosses_a_change_of_assay_and_the_divider_says_so(change):
    part = spec(HIGH, sample(60, "DETECTED", percent=0.5, **change))
    assert summary_lines(part) == []
    assert "not comparable across" in words(part)


def test_no_change_in_per_cent_is_written_across_a_change_of_assay():
    part = spec(HIGH, sample(60, "DETECTED", percent=0.5, assay_panel="v2"))
    assert not any("% in" in text for text in words(part))


def test_below_the_limit_of_quantification_is_hollow_at_that_limit():
    row = sample(0, "BELOW_LOQ", loq_ppm=300)
    drawn = mark_of(spec(row), row)
    assert (drawn["value"], drawn["fill"]) == (0.03, theme_of("light").page)


def test_a_variant_line_is_not_drawn_over_a_draw_that_did_not_look_for_it():
    seen = [variant(0, "KRAS p.G12D", percent=1), variant(120, "KRAS p.G12D", percent=2)]
    part = spec(HIGH, LOW, sample(120, "DETECTED", percent=2), *seen)
    colour = theme_of("light").variants[0]
    assert [row for row in rows(part, mark="rule") if row.get("colour") == colour] == []


def test_a_variant_that_may_not_be_of_the_tumour_is_hidden_until_asked_for_and_then_grey():
    row = variant(0, "DNMT3A p.R882H", percent=1, is_other_origin=True)
    assert row["event_key"] not in {drawn.get("key") for drawn in rows(spec(HIGH, row), mark="point")}
    assert mark_of(spec(HIGH, row, other_origin=True), row)["fill"] == theme_of("light").other_origin


def test_variants_can_be_switched_off():
    row = variant(0, "KRAS p.G12D", percent=1)
    assert row["event_key"] not in {
        drawn.get("key") for drawn in rows(spec(HIGH, row, variants=False), mark="point")
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_take_their_colours_from_the_vocabulary(theme):
    part = spec(HIGH, LOW, variant(0, "KRAS p.G12D", percent=1), theme=theme)
    colours = theme_of(theme)
    assert mark_of(part, HIGH)["fill"] == colours.summary
    assert mark_of(part, variant(0, "KRAS p.G12D"))["fill"] == colours.variants[0]
    assert part["background"] == colours.page


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        (sample(0, "DETECTED", percent=1), sample(90, "DETECTED", percent=0.25), "−75.0 % in 90 days"),
        (sample(0, "DETECTED", percent=1), sample(90, "NOT_DETECTED"), "no longer detected, 90 days"),
        (sample(0, "NOT_DETECTED"), sample(90, "DETECTED", percent=1), "newly detected after 90 days"),
        # The LoD is 0.01 %: a baseline of twice that counts, anything below does not.
        (sample(0, "DETECTED", percent=0.02), sample(90, "DETECTED", percent=0.04), "+100.0 % in 90 days"),
        (
            sample(0, "DETECTED", percent=0.019),
            sample(90, "DETECTED", percent=0.04),
            "change not quantifiable, 90 days",
        ),
    ],
)
def test_two_draws_say_the_change_in_words(first, second, text):
    assert text in words(spec(first, second))


def test_a_specification_with_every_kind_of_row_is_valid_vega_lite():
    rest = [
        event("RESPONSE", 40, code="PD", basis="imaging", label="treating_physician"),
        event("SUM", 40, value_sum=400, value_n=10, line=1),
        event("LIMIT", 40, line=1, pd_from_tenth_mm=480, nadir_tenth_mm=400),
        event("MARKER", 10, label="cea", code="=", value_sum=5, value_n=1, detail="ng/mL", upper_normal=5),
        event("ECOG", 10, code="1", value_sum=1, value_n=1),
        event("EVENT", 10, label="nausea", grade=3),
        event("SYSTEMIC", 0, label="drug", is_ongoing=True, line=1),
    ]
    alt.LayerChart.from_dict(spec(*FIVE, variant(0, "KRAS p.G12D", percent=1), *rest))


@pytest.mark.parametrize("n_draws", [2, 4])
def test_a_variant_below_the_limit_of_quantification_has_no_number(n_draws):
    draws = [sample(60 * n, "DETECTED", percent=2) for n in range(n_draws)]
    seen = [variant(60 * n, "KRAS p.G12D", percent=2) for n in range(n_draws)]
    last = {**variant(60 * (n_draws - 1), "ESR1 p.L536H", code="BELOW_LOQ"), "loq_ppm": 1000}
    said = words(spec(*draws, *seen, last))
    assert [text for text in said if text.startswith("ESR1")] == ["ESR1 L536H < LoQ"]


def test_each_sample_without_ctdna_has_a_short_tick_at_its_own_limit_above_it():
    low = sample(100, "NOT_DETECTED", lod_ppm=100)
    high = sample(300, "NOT_DETECTED", lod_ppm=1000)
    part = spec(sample(0, "DETECTED", percent=1), low, high)
    ink = theme_of("light").text
    flat = [row for row in rows(part, mark="rule") if "y2" in row and row["y"] == row["y2"]]
    ticks = {
        on: [row for row in flat if row.get("colour") == ink and row["x"] < x_of(on) < row["x2"]]
        for on in (0, 100, 300)
    }
    assert [len(found) for found in ticks.values()] == [0, 1, 1]
    (first,), (second,) = ticks[100], ticks[300]
    assert all((one["x2"] - one["x"]) < 20 * 86_400_000 for one in (first, second))
    # Each on the dashed line of its own limit, the higher limit higher, both above the mark in its lane.
    dashed = {row["y"] for row in flat if row["dash"] == (4, 3)}
    assert {first["y"], second["y"]} <= dashed
    assert second["y"] < first["y"] < mark_of(part, low)["y"]
    assert (mark_of(part, low)["lod"], mark_of(part, high)["lod"]) == ("0.01 %", "0.10 %")
