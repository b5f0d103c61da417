"""The five cases of clinical-decisions A14, each on both sides of 90 days."""

import pytest

from tests.builders import Row, day, run_mart

from .courses import course, lines, starts, tables

SIDES = [89, 90, 91]


@pytest.mark.parametrize(("added", "needs_ruling"), [(89, False), (90, False), (91, True)])
def test_case_1_class_added_to_running_endocrine_therapy(added: int, needs_ruling: bool) -> None:
    """One line on both sides; line start and first dose of the class are kept; over 90 days ask the PI."""
    columns = "line, started_on, class_started_on, agents, needs_ruling, add_on_after_days"
    assert lines(course("letrozole", 0, 400), course("palbociclib", added, 400), columns=columns) == [
        (1, day(0), day(added), "letrozole + palbociclib", needs_ruling, added)
    ]


def test_case_1_holds_where_the_file_restarts_the_endocrine_drug_with_the_class() -> None:
    columns = "line, started_on, class_started_on, needs_ruling"
    courses = [course("letrozole", 0, 59), course("letrozole + palbociclib", 60, 400)]
    assert lines(*courses, columns=columns) == [(1, day(0), day(60), False)]


@pytest.mark.parametrize(
    ("courses", "last"),
    [
        # Stopped for toxicity on day 40, letrozole alone to day 400.
        ([course("letrozole + palbociclib", 0, 40), course("letrozole", 41, 400)], 40),
        ([course("letrozole", 0, 400), course("palbociclib", 0, 40)], 40),
        # Both to the end of the line; the class held and given again.
        ([course("letrozole + palbociclib", 0, 400)], 400),
        ([course("letrozole + palbociclib", 0, 40), course("letrozole + palbociclib", 81, 400)], 400),
        # No end on record: the line's.
        ([course("letrozole", 0, 400), course("palbociclib", 0, None)], None),
        ([course("letrozole", 0, 400)], "none"),
    ],
)
def test_the_class_ends_where_its_partner_goes_on_alone(courses: list[Row], last: int | str | None) -> None:
    (row,) = lines(*courses, columns="class_last_dose_on, last_dose_on, class_started_on, key_days")
    if last == "none":
        assert row[0] is row[2] is row[3] is None
    else:
        assert row[0] == (row[1] if last is None else day(last))
        assert row[3] == (row[0] - row[2]).days


@pytest.mark.parametrize("added", SIDES)
def test_case_1_with_progression_before_the_class_is_two_lines(added: int) -> None:
    courses = [course("letrozole", 0, 400), course("palbociclib", added, 400)]
    assert starts(*courses, progressions=[80]) == [0, added]


@pytest.mark.parametrize(("gap", "expected"), [(89, [0]), (90, [0]), (91, [0, 191])])
def test_case_2_induction_chemotherapy_then_maintenance(gap: int, expected: list[int]) -> None:
    courses = [course("capecitabine + paclitaxel", 0, 100), course("letrozole + palbociclib", 100 + gap, 400)]
    assert starts(*courses) == expected
    flags = [row[0] for row in lines(*courses, columns="is_induction_maintenance")]
    assert flags == ([True] if expected == [0] else [False, False])


def test_only_maintenance_on_line_1_keeps_a_patient_out_of_the_primary_set() -> None:
    """The same course is line 1, or line 2 after a progression on a first chemotherapy."""
    columns = "line, is_induction_maintenance, is_after_induction"
    maintained = [course("capecitabine + paclitaxel", 200, 300), course("letrozole + palbociclib", 350, 600)]
    assert lines(*maintained, columns=columns) == [(1, True, True)]
    before = course("eribulin", 0, 150)
    assert lines(before, *maintained, columns=columns, progressions=[160]) == [
        (1, False, False),
        (2, True, False),
    ]


@pytest.mark.parametrize(("gap", "counted"), [(89, []), (90, []), (91, [(day(191), 2)])])
def test_case_2_is_no_first_line_of_the_class(gap: int, counted: list[tuple[object, int]]) -> None:
    """From 91 days on the class begins a line of its own, which counts; up to 90 it is maintenance."""
    courses = [course("capecitabine + paclitaxel", 0, 100), course("letrozole + palbociclib", 100 + gap, 400)]
    rows = run_mart("milestone", tables(courses), columns="kind, occurred_on, line")
    maintained = [row[1:] for row in rows if row[0] == "class_start_without_induction" and row[1] > day(0)]
    assert maintained == counted
    assert (day(100 + gap), 2 if counted else 1) in [row[1:] for row in rows if row[0] == "class_start"]


def test_case_2_after_progression_is_the_next_line() -> None:
    courses = [course("paclitaxel", 0, 100), course("letrozole + palbociclib", 110, 400)]
    assert starts(*courses, progressions=[100]) == [0, 110]


@pytest.mark.parametrize("gap", SIDES)
@pytest.mark.parametrize("intent", ["adjuvant", "neoadjuvant"])
def test_case_3_adjuvant_treatment_is_never_a_line(gap: int, intent: str) -> None:
    """Also not where the same drugs go on in the metastatic setting."""
    courses = [
        course("letrozole + palbociclib", 0, 100, intent=intent),
        course("letrozole + palbociclib", 100 + gap, 600),
    ]
    assert lines(*courses, columns="line, started_on, rule") == [(1, day(100 + gap), "LINE_FIRST")]


@pytest.mark.parametrize("hold", SIDES)
def test_case_4_local_therapy_for_oligoprogression_keeps_the_line(hold: int) -> None:
    """Progression on day 200, stereotactic radiotherapy on day 210, the same drugs again after a pause."""
    courses = [course("letrozole + palbociclib", 0, 205), course("letrozole + palbociclib", 205 + hold, 600)]
    local: Row = {"patient_id": "P", "treatment_id": "sbrt", "kind": "radiotherapy", "started_on": day(210)}
    given = tables([*courses, local], progressions=[200])
    rows = run_mart(
        "line_of_therapy", given, columns="line, started_on, progressed_on, treated_beyond_progression"
    )
    assert rows == [(1, day(0), day(200), True)]


@pytest.mark.parametrize(("last_dose", "expected"), [(227, False), (228, False), (229, True)])
def test_doses_more_than_28_days_after_progression_are_treatment_beyond_it(
    last_dose: int, expected: bool
) -> None:
    rows = lines(
        course("letrozole + palbociclib", 0, last_dose),
        progressions=[200],
        columns="treated_beyond_progression",
    )
    assert rows == [(expected,)]


@pytest.mark.parametrize(("gap", "expected"), [(89, [0]), (90, [0]), (91, [0, 191])])
def test_case_5_switch_within_the_class_without_progression(gap: int, expected: list[int]) -> None:
    courses = [
        course("letrozole + palbociclib", 0, 100, stop_reason="toxicity"),
        course("dalpiciclib + letrozole", 100 + gap, 400),
    ]
    assert starts(*courses) == expected
    assert starts(*courses, progressions=[95]) == [0, 100 + gap]


@pytest.mark.parametrize(("gap", "expected"), [(89, [0]), (90, [0]), (91, [0, 191])])
def test_case_5_holds_where_each_drug_has_a_row_of_its_own(gap: int, expected: list[int]) -> None:
    courses = [
        course("letrozole", 0, 400),
        course("palbociclib", 0, 100),
        course("dalpiciclib", 100 + gap, 400),
    ]
    assert starts(*courses) == expected


@pytest.mark.parametrize(
    ("gap", "expected"), [(89, [(1, True)]), (90, [(1, True)]), (91, [(1, False), (2, False)])]
)
def test_case_5_partner_changed_for_a_rising_esr1_mutation(
    gap: int, expected: list[tuple[int, bool]]
) -> None:
    courses = [
        course("letrozole + palbociclib", 0, 100),
        course("fulvestrant + palbociclib", 100 + gap, 500, start_reason="ctdna_detection"),
    ]
    assert lines(*courses, columns="line, is_esr1_guided_switch") == expected


def test_a_partner_changed_for_another_reason_is_the_same_line_without_the_flag() -> None:
    courses = [course("letrozole + palbociclib", 0, 100), course("fulvestrant + palbociclib", 101, 500)]
    assert lines(*courses, columns="line, is_esr1_guided_switch") == [(1, False)]


def test_the_class_stopped_and_endocrine_therapy_continued_is_the_same_line() -> None:
    assert starts(course("letrozole + palbociclib", 0, 100), course("letrozole", 101, 500)) == [0]
