"""What the investigator answered, what the PI ruled, and what the readings of one text say together."""

import pytest

from tests.builders import OBSERVED_UNTIL, day, run_mart
from tests.unit.marts.eligibility.criteria import answer, judge, reading, result

ASKED = reading("attestation", "attested")
CEA = reading("measurement.cea", "under", bound=50)


def cea(number):
    return [{"name": "cea", "value": number, "measured_on": day(-5), "visit": "screening"}]


def two(**more):
    """Largest lung lesion over 10 mm (a) and over 15 mm (b)."""
    return [
        reading("largest_lung_lesion_mm", "over", bound=bound, reading=name, question="size", **more)
        for name, bound in (("a", 10), ("b", 15))
    ]


def nodule(diameter_mm):
    return [
        {
            "lesion_id": "L1",
            "assessed_on": day(-5),
            "role": "treated",
            "organ": "lung",
            "diameter_mm": diameter_mm,
        }
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [("yes", "PASS"), ("no", "FAIL"), ("unknown", "UNKNOWN"), ("ruled_eligible", "RULED")],
)
def test_what_only_the_investigator_knows(said, expected):
    assert result(ASKED, attestation=[answer(said)]) == expected


def test_an_answer_never_given_is_not_known():
    assert result(ASKED) == "UNKNOWN"


def test_the_last_answer_counts():
    assert result(ASKED, attestation=[answer("no", at=-9), answer("yes", at=-3)]) == "PASS"


def test_an_answer_after_the_last_day_read_does_not_count():
    late = answer("yes") | {"attested_on": OBSERVED_UNTIL.replace(month=3, day=1)}
    assert result(ASKED, attestation=[late]) == "UNKNOWN"


@pytest.mark.parametrize(
    ("sex", "expected"), [("male", "PASS"), ("female", "UNKNOWN"), ("unknown", "UNKNOWN")]
)
def test_a_criterion_for_women_is_met_by_men(sex, expected):
    assert result({**ASKED, "applies_to": "female"}, patient={"sex": sex}) == expected


@pytest.mark.parametrize(("said", "expected"), [("yes", "PASS"), ("no", "FAIL"), ("unknown", "UNKNOWN")])
def test_an_answer_counts_where_the_data_cannot_say(said, expected):
    found = judge(CEA, attestation=[answer(said)], columns="result, rule")
    rules = {"PASS": "CRITERION_PASS_BY_ANSWER", "FAIL": "CRITERION_FAIL_BY_ANSWER"}
    assert found == [(expected, rules.get(expected, "CRITERION_UNKNOWN"))]


@pytest.mark.parametrize(
    ("number", "said", "expected"),
    [
        (52, "yes", ("FAIL", True, "CRITERION_FAIL_AGAINST_ANSWER")),
        (3, "no", ("PASS", True, "CRITERION_PASS_AGAINST_ANSWER")),
        (52, "no", ("FAIL", False, "CRITERION_FAIL_NUMBER")),
        (3, "yes", ("PASS", False, "CRITERION_PASS_NUMBER")),
        (3, "unknown", ("PASS", False, "CRITERION_PASS_NUMBER")),
    ],
)
def test_the_data_win_over_the_answer_and_the_row_says_so(number, said, expected):
    found = judge(
        CEA, measurement=cea(number), attestation=[answer(said)], columns="result, is_contradicted, rule"
    )
    assert found == [expected]


@pytest.mark.parametrize(("said", "is_met"), [("ruled_eligible", True), ("ruled_not_eligible", False)])
def test_a_ruling_about_the_patient_stands_over_the_data_and_over_later_answers(said, is_met):
    found = judge(
        CEA,
        measurement=cea(52),
        attestation=[answer(said, at=-9), answer("no", at=-3)],
        columns="result, is_met, data_result, source_table, source_key",
    )
    assert found == [("RULED", is_met, "FAIL", "attestation", f"P | I01 | {day(-9)}")]


def test_each_result_names_its_row():
    found = judge(CEA, measurement=cea(3), columns="source_table, source_key")
    assert found == [("measurement", f"P | cea | {day(-5)} | screening")]


@pytest.mark.parametrize(
    ("mm", "each", "together"),
    [
        ("15.1", ["PASS", "PASS"], "PASS"),
        (15, ["PASS", "FAIL"], "NEEDS_RULING"),
        ("10.1", ["PASS", "FAIL"], "NEEDS_RULING"),
        (10, ["FAIL", "FAIL"], "FAIL"),
        (None, ["UNKNOWN", "UNKNOWN"], "UNKNOWN"),
    ],
)
def test_readings_that_differ_wait_for_the_pi(mm, each, together):
    found = judge(two(), lesion=nodule(mm), columns="result, result_in_force")
    assert found == [(one, together) for one in each]


def test_once_ruled_only_the_reading_in_force_counts():
    a, b = two()
    found = judge(
        [a, {**b, "is_in_force": False}], lesion=nodule(12), columns="reading, result, result_in_force"
    )
    assert found == [("a", "PASS", "PASS"), ("b", "FAIL", "PASS")]


def test_an_answer_contradicts_no_reading_where_another_agrees_with_it():
    found = judge(two(), lesion=nodule(12), attestation=[answer("no")], columns="is_contradicted")
    assert found == [(False,), (False,)]


def test_a_reading_may_rest_on_the_answer_to_another_criterion():
    readings = [
        reading("attestation", "attested", reading="a", question="dose"),
        reading("attestation.I05c", "attested", reading="b", question="dose"),
    ]
    answers = [answer("no"), answer("yes", "I05c")]
    assert judge(readings, attestation=answers, columns="result, is_contradicted") == [
        ("FAIL", False),
        ("PASS", False),
    ]


@pytest.mark.parametrize(
    ("value", "written", "expected"),
    [
        ("yes", "yes", "NEEDS_RULING"),
        ("yes", "no", "PASS"),
        ("yes", "unknown", "UNKNOWN"),
        (None, "no", "NEEDS_RULING"),
    ],
)
def test_what_only_the_pi_decides(value, written, expected):
    criterion = reading("characteristic.liver", "ruling", value=value)
    assert result(criterion, characteristic=[{"name": "liver", "value": written}]) == expected


def verdicts(mm, number, *, said="yes", ruled=()):
    """Verdict by reading set."""
    columns = "question || reading, verdict, first_failed, n_unknown"
    return reading_sets(mm, number, said=said, ruled=ruled, columns=columns)


def reading_sets(mm, number, *, columns, said="yes", ruled=()):
    """Columns by reading set (the first) of a patient with a lesion, a CEA value and an answer."""
    criteria = [*two(), {**CEA, "criterion": "E06", "criterion_no": 2}]
    criteria.append({**ASKED, "criterion": "E07", "criterion_no": 3})
    tables = {
        "patient": [{"patient_id": "P", "enrolled_on": day(0)}],
        "criterion": criteria,
        "lesion": [{"patient_id": "P", **row} for row in nodule(mm)],
        "measurement": [{"patient_id": "P", **row} for row in cea(number)],
        "attestation": [{"patient_id": "P", **row} for row in (answer(said, "E07"), *ruled)],
    }
    rows = run_mart("eligibility", tables, columns=columns)
    return {name: row for name, *row in rows}


def test_the_reading_sets_show_what_each_ruling_would_decide():
    assert verdicts(12, 3) == {
        "": ["NEEDS_RULING", None, 0],
        "sizea": ["ELIGIBLE", None, 0],
        "sizeb": ["NOT_ELIGIBLE", "I01", 0],
    }


def test_a_criterion_that_fails_decides_and_the_first_is_named():
    assert verdicts(12, 52)[""] == ["NOT_ELIGIBLE", "E06", 0]
    assert verdicts(9, 52)[""] == ["NOT_ELIGIBLE", "I01", 0]


def test_what_is_not_known_is_never_eligible():
    assert verdicts(20, 3, said="unknown") == {
        "": ["UNKNOWN", None, 1],
        "sizea": ["UNKNOWN", None, 1],
        "sizeb": ["UNKNOWN", None, 1],
    }


def test_a_ruling_about_the_patient_decides_every_reading_set():
    found = verdicts(12, 3, ruled=[answer("ruled_not_eligible")])
    assert {row[0] for row in found.values()} == {"NOT_ELIGIBLE"}


@pytest.mark.parametrize(
    ("mm", "number", "said", "ruled", "expected"),
    [
        # I01 in two readings, E06 by its number, E07 by its answer: met, not met, waiting, not judged, ruled.
        (20, 3, "yes", None, (3, 0, 0, 0, 0)),
        (9, 52, "yes", None, (1, 2, 0, 0, 0)),
        (12, 3, "unknown", None, (1, 0, 1, 1, 0)),
        (12, 52, "unknown", "ruled_not_eligible", (0, 1, 0, 1, 1)),
        (9, 3, "yes", "ruled_not_eligible", (2, 0, 0, 0, 1)),
        (9, 3, "yes", "ruled_eligible", (2, 0, 0, 0, 1)),
    ],
)
def test_each_criterion_stands_in_one_count_and_a_ruling_in_its_own(mm, number, said, ruled, expected):
    counts = "n_met, n_failed, n_needs_ruling, n_unknown, n_ruled, n_criteria"
    given = [answer(ruled)] if ruled else []
    found = reading_sets(mm, number, said=said, ruled=given, columns=f"question || reading, {counts}")
    *parts, n_criteria = found[""]
    assert tuple(parts) == expected
    assert sum(parts) == n_criteria == 3


def test_a_ruling_that_a_patient_is_not_eligible_decides_though_no_criterion_counts_as_not_met():
    found = reading_sets(
        20,
        3,
        ruled=[answer("ruled_not_eligible")],
        columns="question || reading, verdict, n_failed, first_failed, rule",
    )
    assert found[""] == ["NOT_ELIGIBLE", 0, "I01", "ELIGIBILITY_FAILED"]
