"""Bars of treatment: as long as the treatment was given, and faint where nobody wrote down its end."""

import pytest

from dashboard.charts.theme import theme_of
from dashboard.charts.timeline_frame import LEFT_PX, RIGHT_PX
from tests.builders import day
from tests.property.drawn_words import words_of
from tests.unit.charts.timeline_events import event, layers, rows, spec, words, x_of

DAY_MS = 86_400_000


def drug(start=0, *, end=None, number=1, **columns):
    ended = None if end is None else day(end)
    key = f"treatment {number}"
    return event("SYSTEMIC", start, label="drug", line=1, event_key=key, ended_on=ended, **columns)


def bars(part, *, number=1):
    """First and last day of each rectangle of a treatment, and whether it is the faint one with an edge."""
    found = [row for row in rows(part, mark="rect") if row.get("key") == f"treatment {number}"]
    return [(_day(row["x"]), _day(row["x2"]), "stroke" in row) for row in found]


def _day(x):
    return (x - x_of(0)) / DAY_MS


def test_a_treatment_given_until_the_death_is_drawn_to_the_death():
    given = drug(end=400, end_basis="DEATH", is_ongoing=False)
    part = spec(event("DEATH", 400), given)
    assert bars(part) == [(0, 400, False)]
    assert not {"ongoing", "end not recorded", "?"} & words(part)


def test_a_treatment_without_a_recorded_end_is_faint_up_to_the_latest_day_it_can_have_ended():
    part = spec(drug(end=200, end_basis="NOT_RECORDED", is_ongoing=False))
    assert bars(part) == [(0, 200, True)]
    assert "end not recorded" in words(part)
    assert not {"ongoing", "?"} & words(part)


def test_where_nothing_bounds_it_a_treatment_without_a_recorded_end_is_faint_up_to_the_data_cut():
    part = spec(drug(end_basis="NOT_RECORDED", is_ongoing=False), cut=600)
    assert bars(part) == [(0, 600, True)]


def test_the_reason_of_stopping_stands_before_the_words_on_the_end():
    part = spec(drug(end=200, end_basis="NOT_RECORDED", is_ongoing=False, detail="progression"))
    assert "stopped: progression, end not recorded" in words(part)


@pytest.mark.parametrize(("first", "is_drawn"), [(299, True), (300, True), (301, False)])
def test_a_treatment_without_a_recorded_end_reaches_the_part_shown_up_to_its_latest_day(first, is_drawn):
    given = drug(end=300, end_basis="NOT_RECORDED", is_ongoing=False)
    assert bool(bars(spec(given, first=day(first)))) is is_drawn


def test_a_dose_step_without_an_end_is_drawn_though_it_began_before_the_part_shown():
    course = drug(end=400, end_basis="RECORDED", is_ongoing=False)
    step = event("DOSE_REDUCTION", 100, part_of="1", event_key="treatment 1a", dose_level=-1)
    part = spec(course, step, first=day(200))
    assert bars(part) == [(200, 400, False)]
    assert bars(part, number="1a") == [(200, 400, False)]


def test_a_question_mark_stands_behind_a_name_that_runs_on_beyond_its_bar():
    name = "a regimen of many drugs with very long names"
    short = {**drug(580, is_ongoing=True), "label": name}
    part = spec(event("LAST_KNOWN", 590, event_key="last_known"), {**short, "occurred_on": day(480)}, cut=600)
    texts = {row["text"]: row["x"] for row in rows(part, mark="text") if row.get("text") in (name, "?")}
    assert texts["?"] > texts[name]
    assert theme_of("light").text in {
        row["colour"] for row in rows(part, mark="text") if row.get("text") == "?"
    }


def struck(part, text, *on):
    """Whether a line on one of these days strikes through the one word that begins so."""
    plot = part["width"] - LEFT_PX - RIGHT_PX
    first, last = next(iter(layers(part)))["encoding"]["x"]["scale"]["domain"]
    lines = [(x_of(one) - first) / (last - first) * plot + LEFT_PX for one in on]
    (word,) = [one for one in words_of(part) if one.text.startswith(text)]
    return any(word.left < px < word.right for px in lines)


@pytest.mark.parametrize(
    ("ended", "enrolled", "stands"),
    [
        (400, 380, "stopped: progression"),
        # Through the words: they stand beyond it.
        (300, 330, "stopped: progression"),
        # Through them, with no room beyond for the data cut: in the bar, behind the name.
        (500, 530, "drug · stopped: progression"),
    ],
)
def test_the_reason_of_stopping_is_not_struck_through_by_enrolment(ended, enrolled, stands):
    given = drug(end=ended, end_basis="RECORDED", is_ongoing=False, detail="progression")
    part = spec(event("ENROLMENT", enrolled), given)
    assert stands in words(part)
    assert not struck(part, stands, enrolled, 600)


def test_a_reason_without_room_behind_its_bar_stands_inside_its_end():
    """Ten days before the data cut, and the line of enrolment runs where it would stand behind the name."""
    given = drug(end=590, end_basis="RECORDED", is_ongoing=False, detail="progression")
    part = spec(event("ENROLMENT", 60), given, cut=600)
    (word,) = [row for row in rows(part, mark="text") if row.get("text") == "stopped: progression"]
    assert x_of(300) < word["x"] < x_of(590)
    assert not struck(part, "stopped: progression", 60, 600)


def test_a_reason_without_any_room_is_in_the_tooltip_of_its_bar():
    given = drug(end=5, end_basis="RECORDED", is_ongoing=False, detail="progression", code="rising_marker")
    packed = [{**drug(end=600, number=2, is_ongoing=True), "occurred_on": day(6)}]
    part = spec(event("ENROLMENT", 4), given, *packed, cut=600)
    (bar,) = [row for row in rows(part, mark="rect") if row.get("key") == "treatment 1"]
    assert "start reason recorded: rising marker alone, stopped: progression" in str(bar)


@pytest.mark.parametrize("enrolled", [395, 380, 350])
def test_the_reason_of_beginning_is_not_struck_through_by_enrolment(enrolled):
    given = {**drug(end=590, is_ongoing=False, code="imaging_progression"), "occurred_on": day(400)}
    part = spec(event("ENROLMENT", enrolled), given)
    assert not struck(part, "start: ", enrolled)


@pytest.mark.parametrize("ended", [300, 450])
def test_wherever_enrolment_lies_no_line_strikes_through_why_a_long_treatment_was_stopped(ended):
    """Behind the bar, beyond the line or in the bar: on every tenth day one of them is free."""
    given = drug(end=ended, end_basis="RECORDED", is_ongoing=False, detail="progression")
    struck_on = []
    for enrolled in range(5, 600, 10):
        part = spec(event("ENROLMENT", enrolled), given)
        # For want of room the reason alone.
        (text,) = {one for one in words(part) if one.endswith("progression")}
        struck_on += [enrolled] if struck(part, text, enrolled, 600) else []
    assert struck_on == []


def test_in_large_type_a_reason_stands_behind_its_bar_between_the_bars_of_other_rows():
    """On a sheet: type as high as a bar, so that a word set lower than its bar touches the one below."""
    given = drug(end=200, end_basis="RECORDED", is_ongoing=False, detail="toxicity")
    after = drug(205, end=420, number=2, end_basis="RECORDED", is_ongoing=False, detail="progression")
    beside = drug(number=3, is_ongoing=True)
    part = spec(after, given, beside, least_text_px=17, width_px=1000)
    tops = {row["key"]: row["y"] for row in rows(part, mark="rect") if "key" in row}
    (word,) = [row for row in rows(part, mark="text") if row.get("text") == "stopped: toxicity"]
    assert word["y"] == pytest.approx(tops["treatment 1"] + 9.5, abs=0.5)


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("toxicity", "palbociclib, fulvestrant · toxicity"),
        ("progression", "palbociclib, fulvestrant"),
    ],
)
def test_names_give_way_to_a_stop_for_toxicity(detail, said):
    """Five bars are packed in rows: the name of a short bar would stand where the reason does."""
    recorded = {"end_basis": "RECORDED", "is_ongoing": False}
    first = {**drug(0, end=200, detail=detail, **recorded), "label": "palbociclib, fulvestrant"}
    second = {**drug(440, end=520, number=2, **recorded), "label": "gemcitabine"}
    part = spec(first, second, *(drug(0, number=n, is_ongoing=True) for n in (3, 4, 5)), cut=750)
    assert {text for text in words(part) if text.startswith("palbociclib")} == {said}
    (name,) = [row["x"] for row in rows(part, mark="text") if row.get("text") == "gemcitabine"]
    assert (name > x_of(440)) is (detail == "toxicity")
