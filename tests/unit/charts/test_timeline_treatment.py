"""Bars of treatment: as long as the treatment was given, and faint where nobody wrote down its end."""

import pytest

from dashboard.charts.theme import theme_of
from tests.builders import day
from tests.unit.charts.timeline_events import event, rows, spec, words, x_of

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
    assert "stopped: PD, end not recorded" in words(part)


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
