"""Each code the treatment and response marts can write has a sentence that names real columns."""

import re
import string
import tomllib

import pytest

from dashboard.marts.build import mart_select
from dashboard.model.tables import FOLDER as MODEL
from dashboard.model.tables import mart_tables

RULES = MODEL.parent / "rules"
GROUPS = {
    "line_of_therapy": ("treatment", "LINE_"),
    "course_continuation": ("treatment", "CONTINUES_"),
    "local_course": ("treatment", "COURSE_"),
    "line_baseline": ("response", "BASELINE_"),
    "target_response": ("response", "TARGET_"),
    "overall_response": ("response", "OVERALL_"),
    "best_response": ("response", "BEST_"),
}
# The SQL joins these from the prefix and the kind.
JOINED = {"line_baseline": {"BASELINE_OWN", "BASELINE_BORROWED", "BASELINE_NONE"}}


def sentences(group: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((RULES / f"{group}.toml").read_text(encoding="utf-8"))


def codes(mart: str) -> set[str]:
    return JOINED.get(mart) or set(re.findall(rf"'({GROUPS[mart][1]}[A-Z_]+)'", mart_select(mart)))


@pytest.mark.parametrize("mart", GROUPS)
def test_each_code_has_a_sentence_and_each_sentence_a_code(mart: str) -> None:
    group, prefix = GROUPS[mart]
    assert {code for code in sentences(group) if code.startswith(prefix)} == codes(mart)


@pytest.mark.parametrize("mart", GROUPS)
def test_sentences_name_columns_of_the_mart(mart: str) -> None:
    group, prefix = GROUPS[mart]
    columns = {field.name for field in mart_tables()[mart].fields}
    for code, entry in sentences(group).items():
        if code.startswith(prefix):
            named = {name for _, name, _, _ in string.Formatter().parse(entry["sentence"]) if name}
            assert named <= columns, code
            assert entry["source"], code
