"""follow_up of the draw at a progression: 14 days before it to 30 after, over when the next line starts."""

import pytest

from tests.builders import day
from tests.unit.marts.follow_up.courses import died, draw, drug, follow_up, left, until

AT_PROGRESSION = {
    "item": "ctdna_progression",
    "label": "Draw at progression",
    "kind": "ctdna",
    "anchor": "radiological_progression",
    "is_at_progression": True,
    "opens_days": -14,
    "closes_days": 30,
    "grace_days": 0,
    "early_days": 16,
    "late_days": 0,
    "line_scope": "line",
    "is_over_at_next_line": True,
    "is_protocol": True,
}
# Progression on day 100 (window: days 86 to 130), line 2 from day 110 on.
PD = {"assessed_on": day(100), "assessor": "treating_physician", "overall": "pd", "basis": "imaging"}
SECOND = [drug(0, 100), drug(110, line=2)]
LATE = [drug(0, 100), drug(140, line=2)]


def progressed(last, *draws, treatment=SECOND, **course):
    """Progression on day 100, observed until a study day."""
    return until(last, treatment=treatment, response=[PD], ctdna_sample=list(draws), **course)


# case: (course, state, days outside or late, day of the reason)
CASES = {
    "the day before the next line": (progressed(109), "CLOSES_SOON", None, None),
    "the day of the next line": (progressed(110), "CANNOT_BE_OBTAINED", None, day(110)),
    "the day after the next line starts": (progressed(111), "CANNOT_BE_OBTAINED", None, day(110)),
    "the next data cut": (progressed(400), "CANNOT_BE_OBTAINED", None, day(110)),
    "drawn the day before the next line": (progressed(400, draw(109)), "DONE_IN_WINDOW", 0, None),
    "drawn on the day of the next line": (progressed(400, draw(110)), "DONE_IN_WINDOW", 0, None),
    "drawn the day after": (progressed(400, draw(111)), "CANNOT_BE_OBTAINED", None, day(110)),
    "drawn 30 days before": (progressed(400, draw(70)), "DONE_OUTSIDE_WINDOW", -16, None),
    "drawn long after": (progressed(400, draw(300)), "CANNOT_BE_OBTAINED", None, day(110)),
    "line on the day of progression": (
        progressed(400, draw(101), treatment=[drug(0, 100), drug(100, line=2)]),
        "CANNOT_BE_OBTAINED",
        None,
        day(100),
    ),
    "drawn on that day": (
        progressed(400, draw(100), treatment=[drug(0, 100), drug(100, line=2)]),
        "DONE_IN_WINDOW",
        0,
        None,
    ),
    "overdue until the next line": (progressed(139, treatment=LATE), "OVERDUE", 9, None),
    "overdue and the next line starts": (
        progressed(140, treatment=LATE),
        "CANNOT_BE_OBTAINED",
        None,
        day(140),
    ),
    "drawn too late, then the next line": (
        progressed(400, draw(135), treatment=LATE),
        "CANNOT_BE_OBTAINED",
        None,
        day(135),
    ),
    "no next line": (progressed(131, treatment=[drug(0, 100)]), "OVERDUE", 1, None),
    "died before the next line": (
        progressed(400, treatment=[drug(0, 100)], contact=died(105)),
        "NOT_EXPECTED",
        None,
        day(105),
    ),
    "died in the next line": (progressed(400, contact=died(120)), "CANNOT_BE_OBTAINED", None, day(110)),
    "withdrew on the day of the next line": (
        progressed(110, disposition=left("withdrawal_of_consent", 110)),
        "NOT_EXPECTED",
        None,
        day(110),
    ),
}


def at_progression(courses, **plan):
    """Rows of the draw at progression by case."""
    found = follow_up(courses, plan=[{**AT_PROGRESSION, **plan}])
    return {name: [row for row in rows if row["item"] == "ctdna_progression"] for name, rows in found.items()}


@pytest.fixture(scope="module")
def found():
    return at_progression({name: course for name, (course, *_) in CASES.items()})


@pytest.mark.parametrize("case", CASES)
def test_the_window_of_a_progression_is_over_on_the_day_the_next_line_starts(found, case):
    (row,) = found[case]
    _, state, days, reason_on = CASES[case]
    assert (row["state"], row["days_late"] if state == "OVERDUE" else row["days_outside"]) == (state, days)
    assert row["reason_on"] == reason_on


def test_the_window_ends_with_the_line_and_the_sentence_says_so(found):
    (row,) = found["the day of the next line"]
    assert (row["opens_on"], row["closes_on"]) == (day(86), day(110))
    assert row["rule"] == "FOLLOW_UP_LINE_STARTED"
    assert not row["is_owed"]


def test_overdue_without_a_next_line_says_how_it_ends(found):
    """Closed on day 130 and nothing since: only a draw of the window, recorded later, counts for it."""
    assert found["no next line"][0]["rule"] == "FOLLOW_UP_OVERDUE_OF_WINDOW_ONLY"


def test_an_overdue_draw_that_still_counts_later_has_the_plain_sentence():
    rows = at_progression({"A": progressed(131, treatment=[drug(0, 100)])}, late_days=10)
    assert rows["A"][0]["rule"] == "FOLLOW_UP_OVERDUE"


def test_what_leaving_made_impossible_says_why():
    ways = {
        "DIED": {"contact": died(131)},
        "WITHDREW": {"disposition": left("withdrawal_of_consent", 131)},
        "TRANSFERRED": {"disposition": left("transfer", 131)},
    }
    found = at_progression(
        {why: progressed(400, treatment=[drug(0, 100)], **way) for why, way in ways.items()}
    )
    for why, (row,) in found.items():
        assert (row["state"], row["reason"], row["reason_on"]) == ("CANNOT_BE_OBTAINED", why, day(131))


def test_what_the_next_line_made_impossible_has_no_reason_of_leaving(found):
    assert [found[name][0]["reason"] for name in ("the next data cut", "died in the next line")] == [
        None,
        None,
    ]


def test_a_draw_belongs_to_its_own_progression_where_the_next_one_follows_within_the_window():
    """Line 2 from day 110 on progresses on day 120: the draw of day 112 is that of the second progression."""
    courses = {"A": progressed(400, draw(112))}
    courses["A"]["response"].append({**PD, "assessed_on": day(120)})
    first, second = sorted(at_progression(courses)["A"], key=lambda row: row["line"])
    assert (first["state"], first["reason_on"]) == ("CANNOT_BE_OBTAINED", day(110))
    assert (second["state"], second["done_on"]) == ("DONE_IN_WINDOW", day(112))


def test_an_item_whose_plan_does_not_say_so_goes_on_into_the_next_line():
    courses = {"open": progressed(115), "drawn": progressed(400, draw(111))}
    rows = at_progression(courses, is_over_at_next_line=False)
    assert [rows[name][0]["state"] for name in courses] == ["CLOSES_SOON", "DONE_IN_WINDOW"]
    assert rows["open"][0]["closes_on"] == day(130)


BASELINE = {
    **AT_PROGRESSION,
    "item": "ctdna_baseline",
    "label": "Draw at baseline",
    "anchor": "line_start",
    "is_at_progression": False,
    "opens_days": -28,
    "closes_days": 7,
    "early_days": 30,
    "late_days": 30,
    "line_scope": "patient",
    "is_over_at_next_line": False,
}
# Line 1 from day -200 on, enrolled on day 0.
# case: (day of progression, draws, day at baseline, day at progression).
ENROLLED_LATE = {
    "drawn before the window of the progression": (24, (0,), 0, None),
    "drawn in the window of the progression": (14, (0,), 0, None),
    "drawn again at the progression": (14, (0, 10), 0, 10),
    "drawn at the baseline too": (14, (-200, 0), -200, 0),
    "drawn the day after enrolment": (14, (1,), None, 1),
}


def test_the_draw_of_enrolment_is_that_of_the_baseline_before_it_is_that_of_a_progression():
    courses = {
        name: until(
            400,
            treatment=[drug(-200, on)],
            response=[{**PD, "assessed_on": day(on)}],
            ctdna_sample=[draw(one) for one in draws],
        )
        for name, (on, draws, *_) in ENROLLED_LATE.items()
    }
    rows = follow_up(courses, plan=[BASELINE, AT_PROGRESSION])
    for name, (_, _, at_baseline, at_the_progression) in ENROLLED_LATE.items():
        done = {row["item"]: row["done_on"] for row in rows[name] if row["kind"] == "ctdna"}
        expected = {"ctdna_baseline": at_baseline, "ctdna_progression": at_the_progression}
        assert (name, done) == (name, {item: on if on is None else day(on) for item, on in expected.items()})


# Line 1 from day -200 on, its only line; enrolled and drawn on day 0.
# day of progression (its window closes 30 days later): (state, day of the draw)
CLOSED_BEFORE = {
    -29: ("DONE_IN_WINDOW", 0),
    -30: ("DONE_IN_WINDOW", 0),
    -31: ("NOT_EXPECTED", None),
    -90: ("NOT_EXPECTED", None),
}


def test_the_draw_of_enrolment_is_not_that_of_a_progression_whose_window_had_closed():
    courses = {
        str(on): until(
            60, treatment=[drug(-200)], response=[{**PD, "assessed_on": day(on)}], ctdna_sample=[draw(0)]
        )
        for on in CLOSED_BEFORE
    }
    found = at_progression(courses)
    for on, (state, done) in CLOSED_BEFORE.items():
        (row,) = found[str(on)]
        reason = "BEFORE_ENROLMENT" if done is None else None
        expected = (state, None if done is None else day(done), reason)
        assert (on, row["state"], row["done_on"], row["reason"]) == (on, *expected)


def test_a_next_line_leaves_no_grace_to_die_in():
    courses = {
        "died in the grace": progressed(400, treatment=[drug(0, 100)], contact=died(135)),
        "died in the next line": progressed(400, contact=died(120)),
    }
    rows = at_progression(courses, grace_days=10, late_days=10)
    assert [rows[name][0]["state"] for name in courses] == ["NOT_EXPECTED", "CANNOT_BE_OBTAINED"]
