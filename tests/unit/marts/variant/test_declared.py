"""Columns and rule codes of the marts about variants and the header are those declared."""

import re
from string import Formatter

import pytest

from dashboard.marts.build import build_marts, mart_select
from dashboard.model.tables import mart_tables
from dashboard.rules import rules
from tests.builders import mart_inputs, marts_behind

MARTS = (
    "variant_sample",
    "sample_gene",
    "acquired_variant_pair",
    "acquired_variant",
    "acquired_variant_gene",
    "line_regimen",
    "endocrine_sensitivity",
    "recorded_extent",
    "bone_only_progression",
    "header_course",
    "header_site",
    "header_fact",
    "header_lesion",
)
CODES = {
    "acquired_variant_pair": r"'(PAIR_[A-Z_]+)'",
    "acquired_variant": r"'(ACQUIRED_[A-Z_]+)'",
    "endocrine_sensitivity": r"'(ENDOCRINE_[A-Z0-9_]+)'",
}


@pytest.fixture(scope="module")
def connection():
    made = mart_inputs({})
    build_marts(made, names=marts_behind(*MARTS))
    return made


@pytest.mark.parametrize("mart", MARTS)
def test_columns_and_types_are_those_declared(connection, mart):
    found = [(row[0], row[1]) for row in connection.execute(f"describe {mart}").fetchall()]
    assert found == [(field.name, field.sql_type) for field in mart_tables()[mart].fields]


@pytest.mark.parametrize("mart", CODES)
def test_every_code_has_a_sentence_about_columns_of_its_row_and_every_sentence_a_code(mart):
    codes = set(re.findall(CODES[mart], mart_select(mart)))
    prefix = CODES[mart][2:].partition("_")[0]
    assert codes == {code for code in rules() if code.startswith(f"{prefix}_")}
    columns = {field.name for field in mart_tables()[mart].fields}
    for code in codes:
        named = {name for _, name, _, _ in Formatter().parse(rules()[code].sentence) if name}
        assert named <= columns


def test_the_days_of_a_pair_of_samples_stand_in_the_study_and_nowhere_in_words():
    sentences = [rule.sentence for code, rule in rules().items() if code.startswith("PAIR_")]
    columns = [field.description or "" for field in mart_tables()["acquired_variant_pair"].fields]
    written = [text for text in (*sentences, *columns) if re.search(r"\b\d+ days|\bday \d+", text)]
    assert len(sentences) >= 7
    assert written == []
