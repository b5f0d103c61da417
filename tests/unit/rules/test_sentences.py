"""Sentences of the rules: numbers in, words out, never a technical value."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from dashboard import rules as rules_package
from dashboard.rules import MISSING, Rule, is_missing, outline, rules, sentence

NOTHING = [None, float("nan"), float("inf"), np.nan, pd.NaT, pd.NA, Decimal("NaN"), "", "  "]


@pytest.fixture
def one_rule(monkeypatch):
    """Replaces the rules by a single one, R, with the sentence given."""

    def put(text):
        monkeypatch.setattr(rules_package, "rules", lambda: {"R": Rule(text, "test")})

    return put


def test_every_file_of_the_folder_is_loaded_and_knows_its_group():
    found = rules()
    assert found["LINE_FIRST"].group == "treatment"
    assert found["TARGET_PD"].group == "response"
    assert {rule.group for rule in found.values()} == {
        path.stem for path in rules_package.FOLDER.glob("*.toml")
    }


def test_every_rule_has_a_sentence_and_a_source():
    assert [
        code for code, rule in rules().items() if not rule.sentence.strip() or not rule.source.strip()
    ] == []


def test_no_code_stands_in_two_files():
    files = [path.read_text(encoding="utf-8") for path in rules_package.FOLDER.glob("*.toml")]
    codes = [line for text in files for line in text.splitlines() if line.startswith("[")]
    assert len(codes) == len(set(codes)) == len(rules())


def test_every_sentence_can_be_written_without_any_number():
    for code in rules():
        text = sentence(code, {})
        assert text, code
        assert "{" not in text, code


@pytest.mark.parametrize("value", NOTHING)
def test_a_missing_value_is_said_in_words(one_rule, value):
    one_rule("Draw of {collected_on}.")
    assert is_missing(value)
    assert sentence("R", {"collected_on": value}) == f"Draw of {MISSING}."


def test_a_missing_number_is_said_in_words_even_where_a_format_is_asked_for(one_rule):
    one_rule("Sum {sum_mm:.1f} mm.")
    assert sentence("R", {"sum_mm": None}) == f"Sum {MISSING} mm."
    assert sentence("R", {}) == f"Sum {MISSING} mm."


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (dt.date(2026, 2, 12), "12 Feb 2026"),
        (pd.Timestamp("2026-02-12"), "12 Feb 2026"),
        (0, "0"),
        (np.int64(34), "34"),
        (34.0, "34"),
        (Decimal("12000.000"), "12000"),
        (Decimal("800.500"), "800.5"),
        (Decimal("1E+2"), "100"),
        (100, "100"),
        (True, "yes"),
        (np.float64(0.25), "0.25"),
        ("radiological_progression", "radiological progression"),
        ("NOT_DETECTED", "not detected"),
        ("NON-CR/NON-PD", "NON-CR/NON-PD"),
        ("PR", "PR"),
        ("letrozole + palbociclib", "letrozole + palbociclib"),
    ],
)
def test_values_are_written_for_people(one_rule, value, shown):
    one_rule("{x}")
    assert sentence("R", {"x": value}) == shown


def test_a_format_in_the_sentence_is_kept(one_rule):
    one_rule("{x:.1f} mm")
    assert sentence("R", {"x": Decimal("12.34")}) == "12.3 mm"


def test_dates_follow_the_calendar_of_the_study(one_rule):
    one_rule("since {started_on}")
    day_zero = dt.date(2000, 1, 1)
    row = {"started_on": dt.date(2000, 1, 31)}
    assert sentence("R", row, name_day=lambda day: f"day {(day - day_zero).days}") == "since day 30"


def test_braces_in_a_value_are_left_alone(one_rule):
    one_rule("regimen {x}")
    assert sentence("R", {"x": "{y}"}) == "regimen {y}"


def test_a_code_without_an_entry_says_so():
    assert sentence("NO_SUCH_RULE", {}) == "Rule NO_SUCH_RULE: no explanation on record."


def test_the_outline_names_the_numbers():
    assert (
        outline("BASELINE_BORROWED")
        == "Baseline borrowed from the last assessment of the line before (‹named on›)."
    )
    with pytest.raises(KeyError, match="NO_SUCH_RULE"):
        outline("NO_SUCH_RULE")


def test_lengths_and_fractions_are_written_in_the_units_people_read(one_rule):
    one_rule("{sum_mm} mm, {maf_percent} %")
    assert sentence("R", {"sum_tenth_mm": 455, "maf_ppm": Decimal("800.500")}) == "45.5 mm, 0.08005 %"
    assert sentence("R", {"sum_tenth_mm": None}) == f"{MISSING} mm, {MISSING} %"
    assert sentence("R", {"sum_mm": 7, "sum_tenth_mm": 455}).startswith("7 mm")


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (1, "1 day, 1 working day, 1 sample, day 1 of line 1"),
        (11, "11 days, 11 working days, 11 samples, day 11 of line 1"),
        (Decimal("0.1"), "0.1 days, 0.1 working days, 0.1 samples, day 0.1 of line 1"),
    ],
)
def test_a_count_of_one_has_no_plural(one_rule, n, said):
    one_rule("{n} days, {n} working days, {n} samples, day {n} of line 1")
    assert sentence("R", {"n": n}) == said
