"""What the header names beside the summary: the draw before the last, what a rise is over, a long silence."""

import pytest

from tests.builders import Row, day, run_mart


def beside(columns: str, **given: list[Row]) -> tuple:
    """The row of patient P; of the marts behind it only the rows named are there."""
    empty: dict[str, list[Row]] = {
        name: []
        for name in (
            "ctdna_level", "ctdna_line_level", "ctdna_state", "ctdna_basis", "line_of_therapy",
            "patient_silence", "patient_statement", "patient_statement_basis",
        )
    }  # fmt: skip
    tables = {**empty, "patient_summary": [{"patient_id": "P"}], **given}
    (row,) = run_mart("header_summary", tables, columns=columns)
    return row


def draw(number: int, *, is_valid: bool = True, lod_ppm: int = 500) -> Row:
    return {
        "patient_id": "P",
        "sample_id": f"S{number}",
        "draw_no": number,
        "is_valid": is_valid,
        "quantity_kind": "maf_ppm",
        "level_metric": "MEAN" if number == 1 else "MAX",
        "lod_ppm": lod_ppm,
    }


def test_a_failed_sample_is_not_the_draw_before_the_last():
    levels = [draw(1, lod_ppm=1000), draw(2, is_valid=False), draw(3)]
    columns = "last_level_metric, previous_level_metric, previous_lod_ppm"
    assert beside(columns, ctdna_level=levels) == ("MAX", "MEAN", 1000)
    assert beside(columns, ctdna_level=levels[:1]) == ("MEAN", None, None)
    assert beside(columns, ctdna_level=[]) == (None, None, None)


@pytest.mark.parametrize(
    ("direction", "expected"), [("RISING", (400, 2, 500)), ("FALLING", (None, None, None))]
)
def test_only_a_rise_is_over_something(direction, expected):
    key = {"patient_id": "P", "kind": "SAY", "rule": "STATE_PERSISTENT"}
    said = {**key, "statement": "CTDNA_STATE", "other_level_sum": 400, "other_level_n": 2}
    found = beside(
        "ctdna_lowest_level_sum, ctdna_lowest_level_n, ctdna_lowest_lod_ppm",
        patient_summary=[{"patient_id": "P", "ctdna_direction": direction}],
        patient_statement=[said],
        patient_statement_basis=[{**key, "other_lod_ppm": 500}],
    )
    assert found == expected


@pytest.mark.parametrize(
    ("rule", "direction", "expected"),
    [
        ("BASIS_LEVEL_VARIANT_REFERENCE", "FALLING", ("ESR1 D538G", "PIK3CA E545K", "BASELINE")),
        ("BASIS_LEVEL_VARIANT", "RISING", ("ESR1 D538G", "PIK3CA E545K", "LOWEST")),
        ("BASIS_LEVEL_VARIANT", None, ("ESR1 D538G", "PIK3CA E545K", "PREVIOUS")),
        (None, "FALLING", (None, None, None)),
    ],
)
def test_two_levels_of_different_variants_are_named_with_the_sample_of_the_other(rule, direction, expected):
    key = {"patient_id": "P", "kind": "SAY", "rule": "STATE_PERSISTENT"}
    named = {"level_variant": "ESR1 D538G", "other_level_variant": "PIK3CA E545K", "variant_rule": rule}
    found = beside(
        "last_level_variant, other_level_variant, other_level_of",
        patient_summary=[{"patient_id": "P", "ctdna_direction": direction}],
        ctdna_state=[{"patient_id": "P", "is_latest": True, "reference": "BASELINE"}],
        patient_statement=[{**key, "statement": "CTDNA_STATE"}],
        patient_statement_basis=[{**key, **named}],
    )
    assert found == expected


@pytest.mark.parametrize(("is_silent", "expected"), [(True, 91), (False, None)])
def test_a_silence_is_named_only_where_it_is_too_long(is_silent, expected):
    silence = {"patient_id": "P", "n_days": 91, "is_silent": is_silent, "known_on": day(0)}
    assert beside("silent_days", patient_silence=[silence]) == (expected,)


def test_statements_of_what_is_not_known_are_counted():
    said = [
        {"patient_id": "P", "kind": kind, "rule": f"R{number}", "statement": f"R{number}"}
        for number, kind in enumerate(("UNKNOWN", "SAY", "UNKNOWN", "NOTE"))
    ]
    assert beside("n_not_known", patient_statement=said) == (2,)
    assert beside("n_not_known", patient_statement=[]) == (0,)


def test_the_reason_is_that_of_the_latest_line():
    lines = [
        {"patient_id": "P", "line": line, "start_reason": why}
        for line, why in ((1, "first"), (2, "progression"))
    ]
    summary = [{"patient_id": "P", "current_line": 2}]
    assert beside("line_start_reason", line_of_therapy=lines, patient_summary=summary) == ("progression",)
