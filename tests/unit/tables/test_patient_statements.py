"""Statements in words: numbers, days of the study's clock, the reason and the source rows."""

import datetime as dt

import pytest

from dashboard.model.tables import mart_tables
from dashboard.rules import rules
from dashboard.tables.patient_statements import headed, statements, statements_table
from dashboard.tables.patient_timeline import Clock
from dashboard.tables.progression_words import pattern_words

CALENDAR = Clock(dt.date(2026, 1, 1))
SOURCES = ("source_file", "source_row", "other_source_file", "other_source_row")
EMPTY = {field.name: None for field in mart_tables()["patient_statement"].fields} | dict.fromkeys(SOURCES)
RISING = {
    "statement": "CTDNA_STATE",
    "rule": "STATE_PERSISTENT_RISING",
    "day_on": dt.date(2026, 1, 12),
    "other_on": dt.date(2025, 12, 9),
    "n": 3,
    "n_of": 3,
    "status": "detected",
    "other_status": "detected",
    "quantity_kind": "maf_ppm",
    "level_sum": 12_300,
    "level_n": 3,
    "other_level_sum": 800,
    "other_level_n": 1,
    "source_file": "lab.csv",
    "source_row": 7,
    "other_source_file": "lab.csv",
    "other_source_row": 4,
}


def row(**values):
    return {**EMPTY, "kind": "SAY", "place": 10, **values}


def said(*rows, clock=CALENDAR):
    return statements(list(rows), clock=clock)


def only(*rows, clock=CALENDAR):
    (one,) = said(*rows, clock=clock)
    return one


def test_a_rising_level_is_said_with_its_multiple_of_the_lowest():
    assert only(row(**RISING)).sentence == (
        "ctDNA still detected, rising: mean 0.41 % on 12 Jan 2026 "
        "(×5.1 over the lowest quantified, 0.08 % on 9 Dec 2025)."
    )


def test_in_a_study_without_dates_days_stand_in_their_place():
    one = only(row(**RISING), clock=Clock(dt.date(2026, 1, 2), is_study_time=True))
    assert one.sentence == (
        "ctDNA still detected, rising: mean 0.41 % on day 10 "
        "(×5.1 over the lowest quantified, 0.08 % on day −24)."
    )
    assert "2026" not in one.sentence + one.why


def test_a_fall_is_said_in_per_cent_of_the_baseline():
    falling = row(
        **{
            **RISING,
            "rule": "STATE_PERSISTENT_FALLING",
            "level_sum": 380,
            "level_n": 1,
            "other_level_sum": 1000,
            "reference": "BASELINE",
        }
    )
    assert only(falling).sentence == (
        "ctDNA still detected, falling: 0.038 % on 12 Jan 2026 (−62 % from 0.10 % at baseline)."
    )


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("NO_PRE_TREATMENT_ON", "first draw, day 85 of osimertinib"),
        ("NO_PRE_TREATMENT_ON_LINE", "first draw, day 85 of line 2"),
        ("NO_PRE_TREATMENT_LOCAL", "first draw, day 85 after the first local treatment"),
        ("NO_PRE_TREATMENT_OTHER_LINE", "first draw, before line 2"),
        ("NO_PRE_TREATMENT_OFF", "first draw, outside the window before treatment"),
        ("NO_PRE_TREATMENT_UNKNOWN", "first draw, no treatment date known"),
        ("SAMPLE_FAILED", "first draw"),
    ],
)
def test_where_the_first_draw_stands_in_for_a_baseline_every_number_from_it_says_so(rule, words):
    levels = {**RISING, "level_sum": 380, "level_n": 1, "other_level_sum": 1000, "reference": "FIRST_DRAW"}
    first = row(kind="UNKNOWN", statement="NO_PRE_TREATMENT", rule=rule, days=85, line=2, label="osimertinib")
    expected = {
        "STATE_PERSISTENT_FALLING": f"(−62 % from 0.10 % at {words}).",
        "STATE_PERSISTENT_STABLE": f"(0.10 % at {words}).",
        "STATE_NEWLY_DETECTED": f"(was not detected at {words}).",
        "STATE_NEWLY_DETECTED_CLEAR_AGAIN": f"not at {words}, and not detected again on 12 Jan 2026.",
    }
    for code, ending in expected.items():
        found = said(row(**{**levels, "rule": code}), first)
        assert next(one for one in found if one.rule == code).sentence.endswith(ending)
    # After a change of assay the state compares with the first draw of the new one.
    changed = {**levels, "rule": "STATE_PERSISTENT_FALLING", "reference": "FIRST_OF_ASSAY"}
    found = said(row(**changed), first)
    assert next(one for one in found if "FALLING" in one.rule).sentence.endswith(
        "at first draw of this assay)."
    )


@pytest.mark.parametrize(
    ("before_ppm", "kind", "fall", "rise"),
    [
        # LoD 0.05 %: a ratio is stated from 0.1 % on.
        (
            999,
            "maf_ppm",
            "change not quantifiable near the LoD of 0.05 %: was 0.0999 % at",
            "change not quantifiable near the LoD of 0.05 %: lowest 0.0999 %",
        ),
        (1000, "maf_ppm", "−75 % from 0.10 % at", "×0.25 over the lowest quantified, 0.10 %"),
        (1001, "maf_ppm", "−75 % from 0.10 % at", "×0.25 over the lowest quantified, 0.10 %"),
        # Another quantity has no such limit.
        (4, "score", "−75 % from 4.00", "×0.25 over the lowest quantified, 4.00"),
    ],
)
def test_a_ratio_is_said_from_twice_the_limit_of_detection_of_the_level_compared_with(
    before_ppm, kind, fall, rise
):
    numbers = {"level_sum": before_ppm / 4, "level_n": 1, "other_level_sum": before_ppm, "other_level_n": 1}
    known = {**RISING, **numbers, "quantity_kind": kind, "other_lod_ppm": 500, "reference": "BASELINE"}
    assert f"({fall}" in only(row(**{**known, "rule": "STATE_PERSISTENT_FALLING"})).sentence
    assert f"({rise}" in only(row(**known)).sentence


def test_a_sample_that_was_not_detected_is_never_a_number():
    cleared = row(
        **{
            **RISING,
            "rule": "STATE_CLEARED_ONE_SAMPLE",
            "status": "not_detected",
            "level_sum": None,
            "level_n": None,
        }
    )
    assert only(cleared).sentence == (
        "ctDNA not detected on 12 Jan 2026, one sample (unconfirmed); was 0.08 % on 9 Dec 2025."
    )


def test_a_level_in_another_quantity_has_its_own_unit():
    reported = row(
        **{**RISING, "rule": "STATE_ASSAY_CHANGED", "quantity_kind": "molecules_per_ml", "level_sum": 21}
    )
    assert "7.00 mutant molecules per mL on 12 Jan 2026" in only(reported).sentence


def test_the_reason_of_a_state_begins_with_the_rule_of_that_state():
    why = only(row(**RISING)).why
    assert why.startswith(rules()["PERSISTENT_RISING"].sentence.format(n_valid=3))


def test_the_source_rows_name_file_and_row_once():
    assert only(row(**RISING)).sources == ("lab.csv, row 7", "lab.csv, row 4")
    assert only(row(**{**RISING, "other_source_row": 7})).sources == ("lab.csv, row 7",)


CHIP = {"origin_rule": "BASIS_POSSIBLE_CHIP", "other_origin": "TP53 R282W"}
AGAIN = {
    "statement": "MOLECULAR_PROGRESSION",
    "rule": "MOLECULAR_REDETECTED",
    "day_on": dt.date(2022, 12, 5),
    "status": "below_loq",
    "code": "REDETECTED",
}
LEAD = {
    "statement": "LEAD_TIME",
    "rule": "LEAD_CTDNA_FIRST",
    "day_on": dt.date(2022, 12, 5),
    "other_on": dt.date(2022, 12, 25),
    "days": 20,
    "lower_days": 1,
    "upper_days": 30,
}


def test_a_result_that_rests_on_possible_clonal_haematopoiesis_alone_says_so_wherever_it_is_used():
    words = "Rests on possible clonal haematopoiesis alone (TP53 R282W)."
    agreement = {"statement": "AGREEMENT", "rule": "AGREEMENT_PD_UP", "day_on": dt.date(2022, 12, 5)}
    for one in (RISING, AGAIN, LEAD, agreement):
        assert only(row(**one, **CHIP)).sentence.endswith(words)
        assert words not in only(row(**one)).sentence


@pytest.mark.parametrize(
    ("state", "first_draw", "is_said"),
    [
        ("STATE_PERSISTENT_RISING", "NO_PRE_TREATMENT_ON_LINE", True),
        ("STATE_PERSISTENT_RISING", "NO_PRE_TREATMENT_OTHER_LINE", True),
        ("STATE_CLEARED_ONE_SAMPLE", "NO_PRE_TREATMENT_ON_LINE", True),
        ("STATE_PERSISTENT_RISING", "SAMPLE_FAILED", False),
        # The sentence names the first draw it compares with.
        ("STATE_PERSISTENT_FALLING", "NO_PRE_TREATMENT_ON_LINE", False),
        # The state says it itself.
        ("STATE_NEVER_DETECTED_ON_TX", "NO_PRE_TREATMENT_ON_LINE", False),
    ],
)
def test_a_state_without_a_baseline_says_so_in_its_own_line(state, first_draw, is_said):
    gap = row(kind="UNKNOWN", place=16, statement="NO_PRE_TREATMENT", rule=first_draw, days=85, line=1)
    gap |= {"day_on": dt.date(2025, 12, 9)}
    words = "No valid sample in the window before the index treatment, so no baseline."
    known = {**RISING, "rule": state, "reference": "FIRST_DRAW"}
    found = next(one for one in said(row(**known), gap) if one.kind == "SAY")
    assert found.sentence.endswith(f" {words}") is is_said
    assert (words in found.sentence) is is_said


def test_a_statement_on_something_else_has_no_such_caution():
    scan = row(statement="PROGRESSION", rule="PROGRESSION_IMAGING", day_on=dt.date(2022, 12, 5), **CHIP)
    assert "clonal" not in only(scan).sentence


@pytest.mark.parametrize(
    ("next_rule", "on_progression", "on_lead"),
    [
        ("BASIS_CONFIRMED", " Confirmed by the next sample (14 Mar 2023).", ""),
        ("BASIS_NOT_CONFIRMED", *[" Not confirmed by the next sample (14 Mar 2023)."] * 2),
        ("BASIS_NO_LATER_SAMPLE", *[" Unconfirmed: no later comparable sample."] * 2),
    ],
)
def test_a_value_below_loq_and_what_the_next_sample_says_are_named_once_each(
    next_rule, on_progression, on_lead
):
    basis = {"loq_rule": "BASIS_BELOW_LOQ", "next_rule": next_rule, "next_on": dt.date(2023, 3, 14)}
    # The level in words says it already.
    assert only(row(**AGAIN, **basis)).sentence == (
        "Molecular progression on 5 Dec 2022 (ctDNA rule, not RECIST): detected again, below LoQ."
        + on_progression
    )
    assert only(row(**LEAD, **basis)).sentence == (
        "ctDNA first: ctDNA 5 Dec 2022, imaging 25 Dec 2022. Lead time 20 days (bounds 1 to 30 days). "
        "The value lies below the limit of quantification." + on_lead
    )


@pytest.mark.parametrize(
    ("draw_rule", "words"),
    [
        ("BASIS_DRAWN_FOR_SUSPICION", " Drawn for suspected progression."),
        ("BASIS_DRAWN_AT_PROGRESSION", " Drawn at progression."),
        (None, ""),
    ],
)
def test_a_lead_time_says_that_its_blood_was_drawn_for_suspicion(draw_rule, words):
    assert only(row(**LEAD, draw_rule=draw_rule)).sentence.endswith(f"(bounds 1 to 30 days).{words}")


def test_new_variants_name_what_is_not_counted_and_why():
    new = row(
        statement="NEW_VARIANT",
        rule="NEW_VARIANTS",
        n=2,
        label="ESR1 D538G, PIK3CA E545K",
        day_on=dt.date(2022, 12, 5),
        origin_rule="NEW_LEFT_OUT_CHIP",
        other_origin="TP53 R282W",
        reference="BASELINE",
    )
    assert only(new).sentence == (
        "2 new variants since baseline: ESR1 D538G, PIK3CA E545K, the first on 5 Dec 2022. "
        "Not counted, as possible clonal haematopoiesis: TP53 R282W."
    )


def test_what_came_back_is_new_or_first_detected_stands_beside_the_state():
    basis = {
        "again_rule": "BASIS_AGAIN",
        "again": "FGFR1 amplification (other assay), PTEN R233*",
        "now_rule": "BASIS_NOW",
        "first_now": "PIK3CA E545K",
        "new_rule": "BASIS_NEW",
        "new_now": "ESR1 D538G",
    }
    assert only(row(**RISING, **basis)).sentence.endswith(
        "on 9 Dec 2025). Detected again: FGFR1 amplification (other assay), PTEN R233*. "
        "Detected now, was not detected: PIK3CA E545K. New in this sample: ESR1 D538G."
    )


@pytest.mark.parametrize(
    ("rule", "label", "words"),
    [
        ("STARTED_FOR_PROGRESSION", "since line 2 began", "no PD on imaging is recorded since line 2 began"),
        ("STARTED_FOR_PROGRESSION", "before it", "no PD on imaging is recorded before it"),
        ("STARTED_WITHOUT_RESPONSE", "since line 2 began", "no imaging response is recorded before it"),
    ],
)
def test_a_start_for_progression_says_since_when_no_progression_is_recorded(rule, label, words):
    started = row(
        kind="UNKNOWN",
        statement="STARTED_FOR_PROGRESSION",
        rule=rule,
        line=3,
        day_on=dt.date(2026, 1, 12),
        code="imaging_progression",
        label=label,
    )
    start = "Line 3 (from 12 Jan 2026), start reason recorded: imaging progression; "
    assert only(started).sentence == f"{start}{words}."


def test_a_first_result_after_the_end_of_a_line_is_no_result_of_the_line():
    gap = row(
        kind="UNKNOWN",
        statement="LINE_CTDNA",
        rule="LINE_RESULT_AFTER_END",
        line=3,
        day_on=dt.date(2025, 12, 15),
        other_on=dt.date(2025, 8, 18),
        days=1,
        label="gemcitabine",
        draw_before_days=28,
        draw_baseline_to_day=7,
    )
    assert only(gap).sentence == (
        "Line 3 (gemcitabine, from 18 Aug 2025) has no ctDNA result of its own: the first one since, of "
        "15 Dec 2025, was drawn 1 day after it ended."
    )
    assert only(gap).why.startswith(
        "A valid sample is the line's own from 28 days before its start (18 Aug 2025) to its end; up to day 7"
    )


def test_a_transfer_without_a_day_names_the_last_record():
    silence = row(
        kind="UNKNOWN",
        statement="SILENCE",
        rule="SILENCE_TRANSFERRED_UNDATED",
        day_on=dt.date(2026, 1, 12),
        days=30,
    )
    assert only(silence).sentence == (
        "Care transferred, day not recorded: nothing recorded for 30 days (last 12 Jan 2026)."
    )


@pytest.mark.parametrize(
    ("days", "words"), [(27, "27 days later"), (-1, "1 day earlier"), (0, "on the same day")]
)
def test_the_gap_to_the_scan_has_a_direction(days, words):
    pair = row(
        statement="AGREEMENT",
        rule="AGREEMENT_PD_UP",
        code="UP",
        day_on=dt.date(2026, 1, 12),
        other_on=dt.date(2026, 2, 8),
        days=days,
        response="PD",
    )
    assert only(pair).sentence == f"ctDNA and imaging agree: ctDNA on 12 Jan 2026 up, imaging PD {words}."


@pytest.mark.parametrize(
    ("line", "reference", "code", "words"),
    [
        # Of a line, whatever the state compares with; else against the first level of the state.
        (3, "BASELINE", "STABLE", "little changed within line 3"),
        (2, "BASELINE", "FALLING", "falling within line 2"),
        (None, "BASELINE", "STABLE", "little changed from baseline"),
        (None, "FIRST_DRAW", "FALLING", "falling from first draw"),
        (None, "FIRST_OF_ASSAY", "STABLE", "little changed from first draw of this assay"),
        # A rise is over a sample that is named, no reference of its own.
        (None, "BASELINE", "UP", "up"),
    ],
)
def test_a_direction_beside_imaging_says_what_it_compares_with(line, reference, code, words):
    pair = row(
        statement="AGREEMENT",
        rule="AGREEMENT_STABLE",
        code=code,
        line=line,
        reference=reference,
        day_on=dt.date(2026, 1, 12),
        days=7,
        response="SD",
    )
    assert only(pair).sentence == (
        f"ctDNA and imaging agree: ctDNA on 12 Jan 2026 {words}, imaging SD 7 days later."
    )
    past = only({**pair, "rule": "AGREEMENT_PAST_SAME"}).sentence
    assert f"(ctDNA {words}, imaging SD 7 days later)" in past


OVER = {
    "over_on": dt.date(2025, 10, 13),
    "over_status": "detected",
    "over_level_sum": 10700,
    "over_level_n": 1,
    "over_quantity_kind": "maf_ppm",
    "is_over_after_line": False,
}


@pytest.mark.parametrize(
    ("line", "over_line", "changes", "words"),
    [
        (1, 0, {}, "up from 1.07 % on 13 Oct 2025, before line 1"),
        (2, 1, {"is_over_after_line": True}, "up from 1.07 % on 13 Oct 2025, before line 2"),
        (2, 2, {}, "up from 1.07 % on 13 Oct 2025, on line 2"),
        (2, 2, {"is_over_after_line": True}, "up from 1.07 % on 13 Oct 2025, after line 2"),
        (None, 0, {}, "up from 1.07 % on 13 Oct 2025"),
        (2, 2, {"over_level_n": 2}, "up from mean 0.535 % on 13 Oct 2025, on line 2"),
        (
            2,
            2,
            {"over_status": "not_detected", "over_level_sum": None, "over_level_n": None},
            "up from not detected on 13 Oct 2025, on line 2",
        ),
    ],
)
def test_a_rise_beside_imaging_names_the_sample_it_is_over(line, over_line, changes, words):
    pair = row(statement="AGREEMENT", rule="AGREEMENT_UP_NOT_PD", code="UP", line=line, response="SD", days=7)
    given = {**pair, **OVER, "over_line": over_line, **changes, "day_on": dt.date(2026, 1, 12)}
    assert only(given).sentence == (
        f"Differ: ctDNA on 12 Jan 2026 {words}, imaging not PD but SD 7 days later."
    )


@pytest.mark.parametrize(("after", "words"), [(False, "within line 3"), (True, "since line 3 began")])
def test_a_draw_after_its_line_is_not_said_to_lie_within_it(after, words):
    pair = row(statement="AGREEMENT", rule="AGREEMENT_STABLE", code="STABLE", line=3, response="SD", days=7)
    assert f"little changed {words}, imaging SD" in only({**pair, "is_after_line": after}).sentence
    earlier = {**RISING, "days": 336, "label": "on line 1", "line": 3, "rule": "STATE_PERSISTENT_FALLING_NOW"}
    assert f"for 336 days {words}:" in only(row(**earlier, is_after_line=after)).sentence


def test_a_rise_on_a_line_without_a_start_says_that_there_is_nothing_to_compare_with():
    first = {**RISING, "label": "before line 1", "line": 1, "rule": "STATE_PERSISTENT_RISING_FIRST"}
    assert only(row(**first)).sentence == (
        "ctDNA still detected, rising (×5.1 over the lowest quantified, 0.08 % on 9 Dec 2025, before line 1)"
        "; nothing to compare with within line 1: mean 0.41 % on 12 Jan 2026."
    )


@pytest.mark.parametrize("code", ["NOT_DETECTED", "DETECTED"])
def test_a_result_without_a_direction_compares_with_nothing(code):
    pair = row(statement="AGREEMENT", rule="AGREEMENT_PAST_NOT_STATED", code=code, line=3, response="SD")
    words = {"NOT_DETECTED": "not detected", "DETECTED": "detected"}[code]
    assert f": ctDNA {words}, imaging SD" in only(pair).sentence


def test_lower_at_each_draw_is_no_fall_by_half_and_has_other_words():
    earlier = {**RISING, "days": 336, "label": "on line 1", "line": 3}
    over = "rising (×5.1 over the lowest quantified, 0.08 % on 9 Dec 2025, on line 1)"
    level = "mean 0.41 % on 12 Jan 2026."
    now = only(row(**{**earlier, "rule": "STATE_PERSISTENT_FALLING_NOW"})).sentence
    head = f"ctDNA still detected, {over}; lower at each draw for 336 days within line 3:"
    # The word of the state stands in bold, first.
    assert headed(now) == (head, level)
    stays = only(row(**{**earlier, "rule": "STATE_PERSISTENT_RISING_EARLIER"}, rising_factor=2)).sentence
    assert headed(stays) == (f"ctDNA still detected, {over}; below ×2 within line 3:", level)
    # Just under twice the limit of detection of the lowest there is no ratio.
    near = only(row(**{**earlier, "rule": "STATE_PERSISTENT_FALLING_NOW"}, other_lod_ppm=401)).sentence
    assert near.startswith(
        "ctDNA still detected, rising (change not quantifiable near the LoD of 0.0401 %: "
        "lowest 0.08 % on 9 Dec 2025, on line 1);"
    )


@pytest.mark.parametrize(
    ("n", "total_ppm", "kind", "words"),
    [
        # The level of one variant is no mean; that of two is, also below the LoD of the assay.
        (1, 185, "maf_ppm", "detected again, 0.0185 %."),
        (2, 370, "maf_ppm", "detected again, mean 0.0185 %."),
        # Another quantity and a result without a number are none.
        (2, 8, "score", "detected again, 4.00 score."),
        (2, None, "maf_ppm", "detected again, below LoQ."),
    ],
)
def test_the_level_of_several_variants_is_called_a_mean(n, total_ppm, kind, words):
    again = {
        **RISING,
        "statement": "MOLECULAR_PROGRESSION",
        "rule": "MOLECULAR_REDETECTED",
        "level_sum": total_ppm,
        "level_n": n,
        "quantity_kind": kind,
        "status": "detected" if total_ppm else "below_loq",
    }
    assert only(row(**again)).sentence.startswith(
        f"Molecular progression on 12 Jan 2026 (ctDNA rule, not RECIST): {words}"
    )


@pytest.mark.parametrize(
    ("lower", "upper", "words"),
    [
        (56, 329, "bounds 56 to 329 days"),
        (0, 166, "bounds 0 to 166 days"),
        (56, None, "at least 56 days, upper bound open"),
    ],
)
def test_a_lead_time_is_said_with_its_bounds(lower, upper, words):
    lead = row(
        statement="LEAD_TIME",
        rule="LEAD_CTDNA_FIRST",
        day_on=dt.date(2024, 10, 14),
        other_on=dt.date(2025, 3, 17),
        days=154,
        lower_days=lower,
        upper_days=upper,
        n=4,
    )
    assert only(lead).sentence == (
        f"ctDNA first: ctDNA 14 Oct 2024, imaging 17 Mar 2025. Lead time 154 days ({words})."
    )


@pytest.mark.parametrize(
    ("line", "lower", "why", "words"),
    [
        (3, -1, "", "bounds −1 to 329 days"),
        (
            3,
            None,
            ", before it no scan without progression since line 3 began",
            "at most 329 days, lower bound open",
        ),
        (
            None,
            None,
            ", before it no scan without progression since the first local treatment",
            "at most 329 days, lower bound open",
        ),
    ],
)
def test_what_came_first_is_not_certain_and_an_open_bound_says_why(line, lower, why, words):
    lead = row(
        statement="LEAD_TIME",
        rule="LEAD_CTDNA_FIRST_NOT_CERTAIN",
        day_on=dt.date(2024, 10, 14),
        other_on=dt.date(2025, 3, 17),
        days=154,
        line=line,
        lower_days=lower,
        upper_days=329,
    )
    assert only(lead).sentence == (
        f"Which came first is not certain: ctDNA 14 Oct 2024, imaging 17 Mar 2025{why}. "
        f"Lead time 154 days ({words})."
    )


@pytest.mark.parametrize(
    ("lower", "upper", "words"),
    [
        # A lead time of 40 to 3 days before is a delay of 3 to 40.
        (-40, -3, "bounds 3 to 40 days"),
        (None, -3, "at least 3 days, upper bound open"),
    ],
)
def test_imaging_first_is_said_in_days_later_with_its_bounds_the_same_way(lower, upper, words):
    lead = row(
        statement="LEAD_TIME",
        rule="LEAD_IMAGING_FIRST",
        day_on=dt.date(2025, 3, 27),
        other_on=dt.date(2025, 3, 17),
        days=-10,
        lower_days=lower,
        upper_days=upper,
        n=4,
    )
    assert only(lead).sentence == (
        f"Imaging first: imaging 17 Mar 2025, ctDNA 27 Mar 2025, 10 days later ({words})."
    )
    uncertain = {**lead, "rule": "LEAD_IMAGING_FIRST_NOT_CERTAIN", "line": 1, "upper_days": 20}
    why = ", before it no scan without progression since line 1 began" if lower is None else ""
    # 20 days after is a delay of 20 before.
    bounds = "bounds −20 to 40 days" if lower else "at least −20 days, upper bound open"
    assert only(uncertain).sentence == (
        f"Which came first is not certain: imaging 17 Mar 2025{why}, ctDNA 27 Mar 2025, "
        f"10 days later ({bounds})."
    )


def test_a_progression_on_imaging_after_the_last_sample_is_not_certain_to_be_the_first():
    lead = row(
        statement="LEAD_TIME",
        rule="LEAD_IMAGING_ONLY_NOT_CERTAIN",
        day_on=dt.date(2025, 3, 7),
        other_on=dt.date(2025, 3, 17),
        upper_days=10,
        new_rule="BASIS_NEW_NO_PROGRESSION",
        new_now="ESR1 D538G",
    )
    assert only(lead).sentence == (
        "Which came first is not certain: imaging 17 Mar 2025; ctDNA has shown no progression up to "
        "7 Mar 2025, 10 days before. New ESR1 D538G in that sample is no progression by this rule."
    )


@pytest.mark.parametrize(
    ("variant_rule", "words"),
    [
        ("BASIS_LEVEL_VARIANT_REFERENCE", "at baseline it was that of PIK3CA E545K."),
        ("BASIS_LEVEL_VARIANT", "on 18 Mar 2024 it was that of PIK3CA E545K."),
        (None, None),
    ],
)
def test_a_level_that_is_now_that_of_another_variant_says_so(variant_rule, words):
    state = row(
        statement="CTDNA_STATE",
        rule="STATE_PERSISTENT_STABLE",
        reference="BASELINE",
        other_on=dt.date(2024, 3, 18),
        variant_rule=variant_rule,
        level_variant="ESR1 D538G",
        other_level_variant="PIK3CA E545K",
    )
    said = only(state).sentence
    assert said.endswith(f" The level is that of ESR1 D538G; {words}") == (words is not None)
    assert ("ESR1" in said) == (words is not None)


def test_the_response_trace_has_change_rise_and_the_millimetres_to_progression():
    trace = row(
        statement="TRACE",
        rule="TRACE_OVER_NADIR",
        day_on=dt.date(2026, 4, 27),
        line=1,
        response="SD",
        sum_tenth_mm=670,
        baseline_tenth_mm=860,
        nadir_tenth_mm=580,
        pd_from_tenth_mm=700,
    )
    assert only(trace).sentence == (
        "Target sum 67 mm on 27 Apr 2026: −22.1 % from the baseline of 86 mm, +9 mm (+15.5 %) over the "
        "nadir of 58 mm; PD from 70 mm (3 mm more)."
    )


def test_over_a_nadir_of_0_there_is_no_per_cent():
    trace = row(
        statement="TRACE",
        rule="TRACE_PD",
        day_on=dt.date(2026, 4, 27),
        sum_tenth_mm=80,
        baseline_tenth_mm=300,
        nadir_tenth_mm=0,
        pd_from_tenth_mm=10,
    )
    assert only(trace).sentence == (
        "Target sum 8 mm on 27 Apr 2026: +8 mm over the nadir of 0 mm, PD by measurement (baseline 30 mm)."
    )


def test_notes_follow_the_statement_they_belong_to_in_their_order():
    pair = {
        "statement": "AGREEMENT",
        "day_on": dt.date(2026, 1, 12),
        "other_on": dt.date(2026, 1, 12),
        "days": 0,
    }
    notes = [
        row(
            kind="NOTE",
            place=43,
            rule="NOTE_BONE",
            is_recorded=True,
            source_file="rs.csv",
            source_row=3,
            **pair,
        ),
        row(kind="NOTE", place=41, rule="NOTE_CNS", is_recorded=False, **pair),
    ]
    one = only(row(place=40, rule="AGREEMENT_PD_NOT_DETECTED", **pair), *notes)
    assert [(note.text, note.is_recorded, note.source) for note in one.notes] == [
        ("CNS only", False, ""),
        ("bone only", True, "rs.csv, row 3"),
    ]


def test_the_table_has_one_row_per_statement_in_the_order_of_the_cards():
    pending = row(
        kind="UNKNOWN",
        statement="RESULT_PENDING",
        rule="RESULT_PENDING",
        day_on=dt.date(2026, 2, 20),
        days=6,
        n=15,
    )
    table = statements_table(said(row(**RISING), pending))
    assert list(table["Card"]) == ["What the data say", "What we do not know"]
    assert table["Sentence"][1] == "ctDNA of 20 Feb 2026 pending (6 working days)."


def test_a_treatment_is_named_by_its_last_regimen():
    first = row(
        kind="UNKNOWN",
        statement="NO_PRE_TREATMENT",
        rule="NO_PRE_TREATMENT_ON",
        day_on=dt.date(2026, 2, 20),
        days=85,
        label="gefitinib | osimertinib",
    )
    assert only(first).sentence == (
        "First draw on day 85 of osimertinib: no pre-treatment sample, clearance cannot be judged."
    )


ADVICE = (
    "should",
    "recommend",
    "consider",
    "must ",
    "advise",
    "order a",
    "order im",
    "switch to",
    "stop ",
    "start a",
)
AVOIDED = (
    "negative result",
    "positive",
    "findings",
    "emergent",
    "snapshot",
    "re-emergent",
    "testable ",
    "burden",
)


@pytest.mark.parametrize("code", [code for code, rule in rules().items() if rule.group == "statement"])
def test_no_sentence_advises_or_uses_a_word_the_clinic_does_not(code):
    text = rules()[code].sentence.lower()
    assert [word for word in (*ADVICE, *AVOIDED) if word in text] == []


@pytest.mark.parametrize(
    ("code", "site", "target", "non_target", "is_new", "words"),
    [
        ("new_lesion", "liver", "SD", None, True, "new lesion: liver"),
        ("new_lesion", "lymph_node", "PD", "PD", True,
         "new lesion: lymph node; target lesions grew too; non-target lesions grew too"),
        ("growth", "known lesions", "PD", None, False, "growth of known lesions"),
        ("growth", None, "PD", None, True, "growth of known lesions; new lesion too"),
        ("non_target", None, None, "PD", False, "non-target lesions"),
        ("cns", "brain", "SD", None, True, "central nervous system, new lesion: brain"),
        (None, "bone", None, None, None, "bone"),
    ],
)  # fmt: skip
def test_a_progression_names_where_and_how(code, site, target, non_target, is_new, words):
    row = {"statement": "PROGRESSION", "code": code, "label": site, "response": target}
    assert pattern_words({**row, "other_response": non_target, "is_recorded": is_new}) == words


@pytest.mark.parametrize(
    ("code", "site", "new_sites", "words"),
    [
        ("new_lesion", "liver", "liver, segment IV (N1)", "new lesion: liver, segment IV (N1)"),
        ("extrathoracic", "liver", "liver (N1)", "outside the chest, new lesion: liver (N1)"),
        ("new_lung_up_to_5", "lung", "lung, left lower lobe (N1, N2)",
         "new lung lesions, 5 or fewer: left lower lobe (N1, N2)"),
        ("growth", None, "bone, ribs (N1)", "growth of known lesions; new lesion too: bone, ribs (N1)"),
        (None, None, "bone, ribs (N1)", "new lesion: bone, ribs (N1)"),
        # A new lesion without a record of its own: what the response says.
        ("extrathoracic", "liver", None, "outside the chest, new lesion: liver"),
        ("new_lesion", None, None, "new lesion"),
    ],
)  # fmt: skip
def test_a_progression_names_the_new_lesions_and_where_they_lie(code, site, new_sites, words):
    row = {"code": code, "label": site, "new_sites": new_sites, "response": "SD", "other_response": None}
    assert pattern_words({**row, "is_recorded": True}) == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"rule": "RESPONSE_PD_REPORTED_FIRST", "response": "PD", "other_response": "PR"},
            "PD reported by treating physician on 11 May 2022 (PR calculated), calculated on 11 Aug 2022.",
        ),
        (
            {"rule": "RESPONSE_PD_CALCULATED_FIRST", "response": "SD", "other_response": "PD"},
            "PD calculated on 11 May 2022 (SD reported by treating physician), reported on 11 Aug 2022.",
        ),
        # After local therapy nothing is calculated of a patient (clinical-decisions A5).
        (
            {
                "statement": "RESPONSE_AFTER_LOCAL",
                "rule": "RESPONSE_PD_CALCULATED_FIRST",
                "response": "NED",
                "other_response": "PD",
            },
            "the recorded lesions read PD on 11 May 2022 (NED reported by treating physician), "
            "reported on 11 Aug 2022.",
        ),
    ],
)
def test_a_difference_in_the_date_of_progression_names_both_days(changes, words):
    days = {"day_on": dt.date(2022, 5, 11), "other_on": dt.date(2022, 8, 11)}
    known = {"statement": "RESPONSE", "response_by": "treating_physician", "code": "CALCULATED"}
    said = only(row(**{**known, **days, **changes})).sentence
    assert said == f"Date of progression differs: {words}"


def test_progression_called_again_on_a_line_stands_with_the_first():
    again = row(
        statement="PROGRESSION",
        rule="PROGRESSION_AGAIN",
        day_on=dt.date(2022, 8, 11),
        other_on=dt.date(2022, 5, 11),
        code="growth",
        response_by="radiologist",
    )
    first = "Progression on imaging 11 May 2022, PD again on 11 Aug 2022 (radiologist): growth"
    assert only(again).sentence.startswith(first)


@pytest.mark.parametrize(
    ("by", "beside_ctdna", "progression"),
    [
        ("treating_physician", "imaging PD by treating physician", "2022 (treating physician): "),
        ("CALCULATED", "imaging PD by calculation", "2022 (calculated): "),
        ("FROM_PARTS", "imaging PD from the parts reported", "2022 (from the parts reported): "),
        ("investigator", "imaging PD by investigator", "2022 (investigator): "),
        # Local progression of a treated lesion is the investigator's, never calculated (A5).
        (
            "RECORDED_LESIONS",
            "imaging PD by the lesions recorded",
            "2022 (recorded lesions): ",
        ),
    ],
)
def test_a_response_in_a_sentence_says_whose_it_is(by, beside_ctdna, progression):
    days = {"day_on": dt.date(2022, 8, 11), "response_by": by}
    pair = row(statement="AGREEMENT", rule="AGREEMENT_PD_UP", code="UP", response="PD", days=7, **days)
    assert beside_ctdna in only(pair).sentence
    seen = row(statement="PROGRESSION", rule="PROGRESSION_IMAGING", code="growth", **days)
    assert progression in only(seen).sentence


@pytest.mark.parametrize(
    ("is_recorded", "code", "words"),
    [
        (True, "CTDNA_FIRST", " ctDNA detected before local treatment: informative."),
        (False, "CTDNA_FIRST", " ctDNA not detected before local treatment: not informative."),
        (True, "NO_EVENT_YET", " ctDNA detected before local treatment: informative."),
        # Says so itself; and on a line nothing is said of it.
        (False, "NOT_INFORMATIVE", ""),
        (None, "CTDNA_FIRST", ""),
    ],
)
def test_a_lead_time_says_whether_it_is_informative(is_recorded, code, words):
    lead = row(statement="LEAD_TIME", rule="LEAD_NO_EVENT", code=code, is_recorded=is_recorded)
    assert only(lead).sentence == f"Neither ctDNA nor imaging has shown progression so far.{words}"


@pytest.mark.parametrize("code", ["NO_EVENT_YET", "NOT_INFORMATIVE"])
def test_a_lead_time_without_a_sample_before_says_that_it_is_not_known(code):
    lead = row(
        statement="LEAD_TIME", rule="LEAD_NO_EVENT", code=code, is_recorded=None, other_status="not_sampled"
    )
    unknown = " No ctDNA result before local treatment: whether ctDNA is informative is not known."
    said = "Neither ctDNA nor imaging has shown progression so far."
    assert only(lead).sentence == said + (unknown if code == "NO_EVENT_YET" else "")


def test_parts_joined_are_called_so():
    parts = row(
        kind="UNKNOWN",
        statement="RESPONSE_PARTS",
        rule="RESPONSE_PARTS_NO_SUM",
        day_on=dt.date(2025, 12, 17),
        line=2,
        code="FROM_PARTS",
        response_by="treating_physician",
        other_response="CR",
    )
    assert only(parts).sentence == (
        "CR of 17 Dec 2025 calculated from the treating physician's own parts only: "
        "no target sum at the baseline of line 2."
    )


def test_an_old_result_says_that_no_draw_is_due():
    old = row(
        kind="UNKNOWN", statement="CTDNA_OLD", rule="CTDNA_OLD", day_on=dt.date(2022, 11, 10), days=1206
    )
    assert only(old).sentence == (
        "Last ctDNA result 10 Nov 2022, 1206 days before the data cut; no draw is due by the visit plan."
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("CNS: not imaged.", ("CNS:", "not imaged.")),
        ("Sum 67 mm (nadir 58): stable: yes", ("Sum 67 mm (nadir 58):", "stable: yes")),
        ("Same day (bounds −78 to 78 days: order not certain).", None),
        ("Ratio 1:2.", None),
        ("", None),
    ],
)
def test_the_head_of_a_sentence_ends_at_its_first_colon_outside_brackets(text, parts):
    assert headed(text) == (parts or ("", text))


@pytest.mark.parametrize(
    ("lower", "upper", "words"),
    [
        (-60, 111, " (bounds −60 to 111 days)"),
        (
            None,
            111,
            ", before it no scan without progression since line 2 began (at most 111 days, lower bound open)",
        ),
    ],
)
def test_progression_on_one_day_is_said_with_its_bounds(lower, upper, words):
    lead = row(
        statement="LEAD_TIME",
        rule="LEAD_SAME_DAY_NOT_CERTAIN",
        day_on=dt.date(2025, 8, 4),
        line=2,
        lower_days=lower,
        upper_days=upper,
    )
    assert only(lead).sentence == (
        f"ctDNA and imaging showed progression on the same day, 4 Aug 2025{words}: "
        "which came first is not certain."
    )
