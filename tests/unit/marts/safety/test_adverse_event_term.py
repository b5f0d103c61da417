"""Merging of terms and reports, and what was there before treatment (clinical-decisions A25c, A25d, A25g)."""

import pytest

from tests.builders import day, run_mart
from tests.unit.marts.safety.events import TWO_LINES, event, merged, safety_tables


def test_three_words_for_neutropenia_are_one_term_and_myelosuppression_stands_apart():
    events = [
        event(1, "Neutropenia", 1, 2),
        event(2, "中性粒细胞减少", 10, 11),
        event(3, "neutrophil count decreased", 20, 21),
        event(4, "骨髓抑制", 30, 31, grade=3),
    ]
    assert merged(events, "preferred_term, grade, is_gradable") == [
        ("neutrophil count decreased", 2, True),
        ("neutrophil count decreased", 2, True),
        ("neutrophil count decreased", 2, True),
        ("myelosuppression", None, False),
    ]


def test_the_term_as_written_is_looked_for_where_the_coded_one_is_not_listed():
    found = merged([event(1, "code 10029354", 1, term_as_written=" 中性粒细胞减少 ")], "preferred_term")
    assert found == [("neutrophil count decreased",)]


def test_an_unlisted_term_keeps_its_name_whatever_its_capitals_and_has_one_organ_class():
    events = [
        event(1, "Chest wall pain", 1, 2, organ_class="MUSCULOSKELETAL"),
        event(2, "CHEST WALL PAIN", 5, 6, organ_class="General disorders"),
    ]
    assert merged(events, "preferred_term, organ_class") == [("chest wall pain", "General disorders")] * 2


@pytest.mark.parametrize(("second_onset", "n_events"), [(10, 1), (11, 2)])
def test_reports_of_one_term_that_share_a_day_are_one_event(second_onset, n_events):
    events = [event(1, "nausea", 1, 10, grade=1), event(2, "nausea", second_onset, 20, grade=3)]
    found = merged(events, "grade, n_reports, started_on, ended_on")
    assert len(found) == n_events
    if n_events == 1:
        assert found == [(3, 2, day(1), day(20))]


def test_an_event_without_end_takes_in_every_later_report_of_its_term():
    events = [event(1, "nausea", 1), event(2, "nausea", 60, 61, grade=3), event(3, "rash", 60)]
    assert merged(events, "preferred_term, grade, n_reports, ended_on") == [
        ("nausea", 3, 2, None),
        ("rash", 2, 1, None),
    ]


def test_a_short_report_inside_a_long_one_does_not_end_it():
    events = [event(1, "nausea", 1, 50), event(2, "nausea", 5, 6), event(3, "nausea", 40, 60)]
    assert merged(events, "n_reports, ended_on") == [(3, day(60))]


def test_a_report_of_the_next_line_is_an_event_of_its_own():
    events = [event(1, "nausea", 90, 130, grade=1), event(2, "nausea", 115, 120, grade=2)]
    assert merged(events, "line, grade, is_counted", treatment=TWO_LINES) == [(1, 1, True), (2, 2, True)]


@pytest.mark.parametrize(
    ("baseline", "grade", "expected"),
    [
        (1, 1, (False, False, "AE_NOT_WORSE")),
        (2, 1, (False, False, "AE_NOT_WORSE")),
        (1, 2, (True, True, "AE_WORSE")),
        (1, None, (None, True, "AE_WORSE_UNKNOWN")),
        (None, 2, (None, True, "AE_WORSE_UNKNOWN")),
    ],
)
def test_an_event_present_at_the_first_dose_counts_only_if_worse(baseline, grade, expected):
    events = [event(1, "nausea", -10, None, grade=baseline), event(2, "nausea", 20, 30, grade=grade)]
    found = merged(events, "is_worse_than_baseline, is_counted, rule")
    assert found == [(True, False, "AE_BEFORE_TREATMENT"), expected]


@pytest.mark.parametrize(("ended", "is_counted"), [(-1, True), (0, False)])
def test_an_event_over_before_the_first_dose_is_no_baseline(ended, is_counted):
    events = [event(1, "nausea", -10, ended), event(2, "nausea", 20, 30)]
    assert merged(events, "is_counted")[1] == (is_counted,)


def test_relatedness_of_a_merged_event_is_the_strongest_word_of_its_reports():
    words = ("not_related", None, "not_assessable", "related")
    for number in range(1, 5):
        events = [event(place, "nausea", 1, 5, relatedness=word) for place, word in enumerate(words[:number])]
        expected = ("NOT_RELATED", "MISSING", "NOT_ASSESSABLE", "RELATED")[number - 1]
        assert merged(events, "relatedness") == [(expected,)]


@pytest.mark.parametrize(
    ("written", "version"),
    [("5.0", "5.0"), ("CTCAE v5.0", "5.0"), ("v5", "5.0"), ("4.03", "4.03"), ("", None), (None, None)],
)
def test_a_version_of_ctcae_is_one_however_it_is_written(written, version):
    assert merged([event(1, "nausea", 1, ctcae_version=written)], "lowest_version") == [(version,)]


def drugs(related_to, relatedness="related"):
    tables = safety_tables([event(1, "nausea", 1, related_to=related_to, relatedness=relatedness)])
    return run_mart("adverse_event_drug", tables, columns="agent, drug_group")


@pytest.mark.parametrize(
    ("related_to", "expected"),
    [
        ("palbociclib", [("palbociclib", "KEY_CLASS")]),
        ("Palbociclib, letrozole", [("letrozole", "ENDOCRINE"), ("palbociclib", "KEY_CLASS")]),
        ("capecitabine", [("capecitabine", "OTHER")]),
        ("study drug", [("study drug", "OTHER")]),
        (None, [("NOT_NAMED", "NOT_NAMED")]),
    ],
)
def test_an_event_is_related_to_each_drug_that_is_named(related_to, expected):
    assert drugs(related_to) == expected


@pytest.mark.parametrize("relatedness", ["not_related", "not_assessable", None])
def test_an_event_that_is_not_related_is_related_to_no_drug(relatedness):
    assert drugs("palbociclib", relatedness) == []
