"""One word and one mark per meaning, wherever the value comes from."""

import re

import pytest

from dashboard.model.tables import canonical_tables
from dashboard.studies import vocabulary
from dashboard.studies.vocabulary import CTDNA_DIRECTIONS, CTDNA_STATES, RESPONSES, fill


@pytest.mark.parametrize(
    ("words", "table", "column"),
    [
        (vocabulary.TUMOUR_TYPES, "patient", "tumour_type"),
        (vocabulary.CTDNA_STATUSES, "ctdna_sample", "status"),
        (vocabulary.CTDNA_MARKS, "ctdna_sample", "status"),
        (vocabulary.DRAW_REASONS, "ctdna_sample", "reason"),
        (vocabulary.START_REASONS, "treatment", "start_reason"),
        (vocabulary.STOP_REASONS, "treatment", "stop_reason"),
        (vocabulary.MODALITIES, "treatment", "modality"),
        (vocabulary.VITAL_STATUSES, "contact", "vital_status"),
        (vocabulary.DEATH_CAUSES, "contact", "death_cause"),
        (vocabulary.PATTERNS, "response", "progression_pattern"),
    ],
)
def test_every_value_of_the_model_has_its_words(words, table, column):
    assert set(words) == set(canonical_tables()[table].field(column).allowed)


def test_every_overall_response_has_a_mark():
    allowed = canonical_tables()["response"].field("overall").allowed
    codes = {value.upper().replace("NON_CR_NON_PD", "NON-CR/NON-PD") for value in allowed}
    assert codes <= set(RESPONSES)


def test_states_are_worded_as_the_clinical_decisions_say():
    assert fill(CTDNA_STATES["NEVER_DETECTED"].sentence, n_samples=3) == "never detected (3 samples)"
    assert fill(CTDNA_STATES["CLEARED_SUSTAINED"].sentence, n_run=2, run_days=28) == (
        "not detected in 2 consecutive samples over 28 days"
    )
    assert fill(CTDNA_DIRECTIONS["FALLING"].sentence, percent=62) == "still detected, falling (−62 %)"
    assert (
        fill(CTDNA_DIRECTIONS["RISING"].sentence, factor="3.1") == "still detected, rising (×3.1 over lowest)"
    )
    assert fill(CTDNA_STATES["BASELINE_ONLY"].sentence, status="detected") == "one result so far (detected)"


def test_no_two_responses_share_shape_fill_and_letters():
    marks = [(mark.shape, mark.fill, mark.letters) for mark in RESPONSES.values() if mark.letters]
    assert len(set(marks)) == len(marks)


def test_no_word_that_clinicians_misread_stands_on_screen():
    texts = [*vocabulary.WORDS.values(), *vocabulary.VARIANT_COURSES.values()]
    texts += [state.sentence for state in CTDNA_STATES.values()]
    misread = re.compile(r"finding|snapshot|excused|testable|emergent|ghost|burden|quarantine|positive")
    assert [text for text in texts if misread.search(text.lower())] == []
