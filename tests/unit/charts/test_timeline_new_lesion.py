"""New lesions on the timeline: found, followed, without a size; a row, or diameters on a scale."""

import pytest

from tests.unit.charts.timeline_events import event, mark_of, rows, spec, words

LEGEND = {
    "new lesion found",
    "new lesion found, not measured",
    "new lesion, later scan",
    "new lesion no longer seen",
}


def lesion(on, mm=None, *, name="N1", code="FOUND", **columns):
    size = {} if mm is None else {"value_sum": mm * 10, "value_n": 10}
    return event("NEW_LESION", on, **{"label": name, "code": code, "detail": "liver", **size, **columns})


def scaled(part, *events):
    return ["value" in mark_of(part, one) for one in events]


def test_one_finding_stands_in_a_row_with_name_place_and_size():
    one = lesion(60, 17)
    part = spec(one)
    assert {"New lesions", "N1 liver 17 mm"} <= words(part)
    assert scaled(part, one) == [False]


def test_without_a_new_lesion_there_is_no_row():
    assert "New lesions" not in words(spec())


@pytest.mark.parametrize(
    ("events", "is_scaled"),
    [
        # Two lesions on two days, each measured once, are told apart by their days.
        ([lesion(60, 12), lesion(120, 9, name="N2")], False),
        ([lesion(60, 12), lesion(60, 9, name="N2")], True),
        ([lesion(60, 12), lesion(120, 14, code="FOLLOWED")], True),
        # What has no size needs no scale.
        ([lesion(60, 12), lesion(60, name="N2")], False),
    ],
)
def test_diameters_stand_on_a_scale_where_there_are_several_to_tell_apart(events, is_scaled):
    assert scaled(spec(*events), events[0]) == [is_scaled]


def test_on_the_scale_a_mark_stands_at_its_diameter_and_a_line_joins_those_of_one_lesion():
    events = [
        lesion(300, 12),
        lesion(300, 6, name="N2"),
        lesion(400, 14, code="FOLLOWED"),
        lesion(400, 7, name="N2", code="FOLLOWED"),
    ]
    part = spec(*events)
    assert [mark_of(part, one)["value"] for one in events] == [12, 6, 14, 7]
    assert {"2 new, 6–12", "7–14"} <= words(part)
    ends = {(row["x"], row["x2"]) for row in rows(part, mark="rule") if row["width"] == 1 and "x2" in row}
    first, last = (mark_of(part, one)["x"] for one in (events[0], events[2]))
    assert (first, last) in ends


def test_what_has_no_diameter_has_no_value_and_a_mark_of_its_own():
    known, unknown, gone = lesion(60, 12), lesion(60, name="N2"), lesion(120, code="ABSENT")
    again = lesion(90, 14, code="FOLLOWED")
    part = spec(known, unknown, again, gone)
    assert scaled(part, known, unknown, again, gone) == [True, False, True, False]
    looks = {
        (mark["shape"], mark["fill"]) for mark in map(lambda one: mark_of(part, one), (known, unknown, gone))
    }
    assert len(looks) == 3


@pytest.mark.parametrize(
    ("events", "named"),
    [
        ([], set()),
        ([lesion(60, 12)], {"new lesion found"}),
        ([lesion(60)], {"new lesion found, not measured"}),
        ([lesion(60, 12), lesion(90, 13, code="FOLLOWED")], {"new lesion found", "new lesion, later scan"}),
        ([lesion(60, 12), lesion(90, code="ABSENT")], {"new lesion found", "new lesion no longer seen"}),
    ],
)
def test_the_legend_names_what_is_drawn_of_new_lesions(events, named):
    assert words(spec(*events)) & LEGEND == named


@pytest.mark.parametrize(
    ("one", "name", "result"),
    [
        (lesion(60, 17), "New lesion N1, liver", "17 mm (first seen)"),
        (lesion(60), "New lesion N1, liver", "first seen, no diameter recorded"),
        (lesion(60, name=None, detail=None), "New lesion", "first seen, no diameter recorded"),
        (lesion(90, 19.5, code="FOLLOWED"), "New lesion N1, liver", "19.5 mm"),
        (lesion(90, code="ABSENT"), "New lesion N1, liver", "not seen"),
    ],
)
def test_the_tooltip_says_lesion_place_and_diameter(one, name, result):
    drawn = mark_of(spec(one), one)
    assert (drawn["what"], drawn["result"]) == (name, result)
