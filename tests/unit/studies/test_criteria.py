"""Criteria keep every reading of the protocol; a ruling needs its author and date."""

import pytest

from dashboard.studies.rows import definition_rows


def criterion(**keys):
    body = {"id": '"I01"', "label": '"Age"', "kind": '"inclusion"', **keys}
    return "\n[[criterion]]\n" + "\n".join(f"{key} = {value}" for key, value in body.items()) + "\n"


def question(**keys):
    body = {
        "id": '"size"',
        "topic": '"Size"',
        "text": '"Over 1 cm or over 1.5 cm."',
        "readings": '[{ reading = "a", meaning = "10 mm" }, { reading = "b", meaning = "15 mm" }]',
        "default": '"a"',
        **keys,
    }
    return "\n[[open_question]]\n" + "\n".join(f"{key} = {value}" for key, value in body.items()) + "\n"


TWO_READINGS = (
    '[{ reading = "a", fact = "largest_lung_lesion_mm", operator = "over", bound = 10 },'
    ' { reading = "b", fact = "largest_lung_lesion_mm", operator = "over", bound = 15 }]'
)


def test_each_reading_is_a_row_of_its_own(load):
    text = criterion(readings=TWO_READINGS, status='"needs_ruling"', question='"size"') + question()
    rows = definition_rows(load(text))["criterion"]
    assert [(row["criterion"], row["reading"], row["bound"], row["status"]) for row in rows] == [
        ("I01", "a", 10, "needs_ruling"),
        ("I01", "b", 15, "needs_ruling"),
    ]


@pytest.mark.parametrize("default", ["a", "needs_ruling"])
def test_until_there_is_a_ruling_the_default_is_in_force(load, default):
    assert load(question(default=f'"{default}"')).open_questions[0].in_force == default


def test_a_ruling_takes_the_place_of_the_default(load):
    ruled = question(status='"ruled"', ruling='"b"', ruled_by='"PI"', ruled_on="2026-01-05")
    assert load(ruled).open_questions[0].in_force == "b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (question(default='"c"'), "default: found 'c'; allowed: a, b, needs_ruling"),
        (question(status='"ruled"', ruling='"b"'), "ruled only with ruling, ruled_by and ruled_on"),
        (question(ruling='"b"', ruled_by='"PI"', ruled_on="2026-01-05"), "found 'open' beside a ruling"),
        (
            question(status='"ruled"', ruling='"c"', ruled_by='"PI"', ruled_on="2026-01-05"),
            "ruling: found 'c'; allowed: a, b",
        ),
        (
            criterion(readings='[{ fact = "shoe_size", operator = "at_least", bound = 1 }]'),
            "fact: found 'shoe_size'",
        ),
        (criterion(readings='[{ fact = "age_years", operator = "at_least" }]'), "bound: found nothing"),
        (criterion(readings='[{ operator = "attested", bound = 1 }]'), "bound: found 1"),
        (criterion(readings='[{ fact = "sex", operator = "is" }]'), "value: found nothing"),
        (criterion(readings=TWO_READINGS.replace('"b"', '"a"')), "readings: found the names ['a', 'a']"),
        (criterion(readings=TWO_READINGS, status='"needs_ruling"'), "the id of the open question"),
        (criterion(readings=TWO_READINGS, question='"size"'), "question: found 'size'"),
    ],
)
def test_a_criterion_or_question_that_cannot_be_judged_is_refused(problems, text, expected):
    found = problems(text)
    assert len(found) == 1
    assert expected in found[0]


@pytest.mark.parametrize(
    "fact", ["pathology.er", "characteristic.kras", "attestation.I05c", "sex", "metastatic_organs_now"]
)
def test_recorded_words_of_any_name_are_facts(load, fact):
    load(criterion(readings=f'[{{ fact = "{fact}", operator = "is", value = "yes" }}]'))


@pytest.mark.parametrize("fact", ["measurement.anc", "measurement_uln.alt", "pathology.er", "lung_lesions"])
def test_recorded_numbers_of_any_name_are_facts(load, fact):
    load(criterion(readings=f'[{{ fact = "{fact}", operator = "at_least", bound = 1 }}]'))


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        ('fact = "measurement.anc", operator = "is", value = "low"', "operator: found 'is'"),
        ('fact = "characteristic.kras", operator = "over", bound = 1', "operator: found 'over'"),
        ('fact = "sex", operator = "at_least", bound = 1', "operator: found 'at_least'"),
        ('fact = "sex", operator = "attested"', "fact: found 'sex'; allowed: attestation"),
    ],
)
def test_a_comparison_that_does_not_fit_the_fact_is_refused(problems, reading, expected):
    (found,) = problems(criterion(readings=f"[{{ {reading} }}]"))
    assert expected in found


def test_the_readings_of_a_criterion_are_those_of_its_question(problems):
    readings = TWO_READINGS.replace('"b"', '"c"')
    (found,) = problems(criterion(readings=readings, question='"size"') + question())
    assert "readings: found a, c; allowed: the readings of the question: a, b" in found


@pytest.mark.parametrize(
    ("more", "in_force"),
    [
        ({"default": '"needs_ruling"'}, [True, True]),
        ({"default": '"b"'}, [False, True]),
        (
            {"status": '"ruled"', "ruling": '"a"', "ruled_by": '"PI"', "ruled_on": "2026-01-05"},
            [True, False],
        ),
    ],
)
def test_the_rows_say_which_reading_is_in_force(load, more, in_force):
    text = criterion(readings=TWO_READINGS, question='"size"') + question(**more)
    assert [row["is_in_force"] for row in definition_rows(load(text))["criterion"]] == in_force


def test_a_single_reading_is_in_force_whatever_the_question_says(load):
    text = criterion(
        readings='[{ fact = "age_years", operator = "at_least", bound = 18 }]', question='"size"'
    ) + question(default='"b"')
    assert [row["is_in_force"] for row in definition_rows(load(text))["criterion"]] == [True]
