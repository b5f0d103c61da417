"""Every code of the ctDNA marts has a sentence and a case, and every sentence is about columns of its row."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import dashboard
from dashboard.marts.build import build_marts, mart_select
from dashboard.model.tables import mart_tables
from dashboard.rules import MISSING, sentence
from tests.builders import day
from tests.unit.marts.ctdna.tables import CTDNA_MARTS, build, draw, inputs, line, maf, series

ND = "not_detected"
RULES = tomllib.loads((Path(dashboard.__file__).parent / "rules" / "ctdna.toml").read_text(encoding="utf-8"))
RULE_COLUMNS = {
    "ctdna_level": ("rule", "series_rule", "baseline_rule"),
    "ctdna_state": ("rule",),
    "molecular_response": ("rule",),
    "variant_course": ("rule", "chip_rule", "germline_rule"),
    "ctdna_basis": ("origin_rule", "level_rule", "loq_rule", "next_rule"),
}
# Values that are not rules: their meaning stands in the description of their column.
TIMINGS = {"PRE_TREATMENT", "ON_TREATMENT", "OFF_TREATMENT", "OTHER_LINE", "UNKNOWN"}
METRICS = {"MEAN", "MAX", "REPORTED"}
STATES = {
    "NOT_EVALUABLE",
    "BASELINE_ONLY",
    "CLEARED_UNCONFIRMED",
    "PERSISTENT",
    "RISING",
    "FALLING",
    "STABLE",
}
CATEGORIES = {"CLEARED", "NOT_CLEARED", "NOT_DETECTED", "FALL", "NO_FALL", "RISE", "WITHIN"}
COURSES = {"NEW", "NOW", "STILL", "AGAIN", "NO_LONGER", "NEVER", "NOT_COVERED", "NOT_ASSESSABLE"}
COURSES |= {"FOUND", "ABSENT"}
REFERENCES = {"BASELINE", "FIRST_DRAW", "FIRST_OF_ASSAY"}
ORIGINS = {"GERMLINE", "STATED", "POSSIBLE", "TUMOUR"}
VALUES = TIMINGS | METRICS | STATES | CATEGORIES | COURSES | REFERENCES | ORIGINS
SCHEMES = [
    {"scheme": "CLEAR", "kind": "clearance"},
    {"scheme": "FALL", "kind": "fall", "numerator": 1, "denominator": 2},
    {"scheme": "FOUR", "kind": "categories", "numerator": 1, "denominator": 2},
]
SCORE = {"quantity_kind": "score", "quantity_value": 2}
FOLLOWED = {"assay": "bespoke", "panel": "followed"}
NEW_PANEL = {"ctdna_sample": [draw("A", 0), draw("B", 60, ND, panel="v2"), draw("C", 90, ND, panel="v2")]}
CHIP = {"chip_gene": [{"gene": "TP53"}]}
GERMLINE_ELSEWHERE = [maf("C", 490_000, "BRCA2", origin="germline"), maf("C", 1000)]
TWO_VARIANTS = [maf("A", 500, "APC"), maf("B", 500, "APC"), maf("A", 9000), maf("B", 10)]


def _pair(*variants: dict, samples: tuple[dict, dict] = (draw("A", 0), draw("B", 90))) -> dict[str, list]:
    return {"ctdna_sample": list(samples), "variant": list(variants)}


COVERED = {"definition_panel_gene": [{"panel": "fixed", "gene": "KRAS", "alteration": "sequence"}]}
FOLLOWED_PAIR = (draw("A", 0, **FOLLOWED), draw("B", 90, **FOLLOWED))

# Chosen beside the ctDNA marts, where the line of a draw and its reason are at hand.
ELSEWHERE = {
    "PERSISTENT_RISING_EARLIER": "tables/patient_statements.py",
    "BASIS_AGAIN": "marts/patient/patient_statement_basis.sql",
    "BASIS_LEVEL_VARIANT": "marts/patient/patient_statement_basis.sql",
    "BASIS_LEVEL_VARIANT_REFERENCE": "marts/patient/patient_statement_basis.sql",
    "BASIS_NEW_NO_PROGRESSION": "marts/patient/patient_statement_basis.sql",
    "BASIS_NOW": "marts/patient/patient_statement_basis.sql",
    "BASIS_NEW": "marts/patient/patient_statement_basis.sql",
    "BASIS_DRAWN_FOR_SUSPICION": "marts/patient/patient_statement_basis.sql",
    "BASIS_DRAWN_AT_PROGRESSION": "marts/patient/patient_statement_basis.sql",
}
CASES: dict[str, dict[str, Any]] = {
    "NO_SAMPLE": {},
    "NO_VALID_RESULT_YET": series((0, "failed")),
    "OUTWEIGHED_SAME_DAY": series((0, 100), (60, 100), (60, ND)),
    "NO_NEW_RESULT": series((0, 100), (60, "failed")),
    "ASSAY_CHANGED": NEW_PANEL,
    "QUANTITY_CHANGED": {"ctdna_sample": [draw("A", 0), draw("B", 60, **SCORE)], "variant": [maf("A", 100)]},
    "TRACKED_SET_CHANGED": _pair(maf("A", 100), maf("B", 100, "APC"), samples=FOLLOWED_PAIR),
    "BASELINE_ONLY_DETECTED": series((0, 100)),
    "BASELINE_ONLY_NOT_DETECTED": series((0, ND)),
    "NEVER_DETECTED": series((0, ND), (60, ND)),
    "NEVER_DETECTED_ON_TX": series((60, ND), (90, ND)),
    "NOT_DETECTED_SINCE_CHANGE": NEW_PANEL,
    "NEWLY_DETECTED": series((0, ND), (60, 100)),
    "NEWLY_DETECTED_CLEAR_AGAIN": series((0, ND), (60, 100), (90, ND)),
    "CLEARED_ONE_SAMPLE": series((0, 100), (60, ND)),
    "CLEARED_SHORT_RUN": series((0, 100), (60, ND), (70, ND)),
    "CLEARED_SUSTAINED": series((0, 100), (60, ND), (90, ND)),
    "REDETECTED": series((0, 100), (60, ND), (90, 100)),
    "PERSISTENT_FALLING": series((0, 100), (60, 50)),
    "PERSISTENT_STABLE": series((0, 100), (60, 90)),
    "PERSISTENT_RISING": series((0, 100), (60, 200)),
    "PERSISTENT_NO_RATIO": series((0, 100), (60, "below_loq")),
    "LEVEL_MEAN": _pair(maf("A", 100), samples=FOLLOWED_PAIR),
    "LEVEL_MAX": series((0, 100)),
    "LEVEL_REPORTED": {"ctdna_sample": [draw("A", 0, **SCORE)]},
    "LEVEL_NOT_DETECTED": series((0, ND)),
    "LEVEL_OTHER_ORIGIN": _pair(maf("A", 490_000, origin="germline")),
    "LEVEL_BELOW_LOQ": series((0, "below_loq")),
    "LEVEL_NO_NUMBER": {"ctdna_sample": [draw("A", 0)]},
    "LEVEL_NO_RESULT": series((0, "pending")),
    "FIRST_SERIES": series((0, 100)),
    "BASELINE_PRE_TREATMENT": series((0, 100)),
    "BASELINE_FIRST_VALID": series((60, 100)),
    "RESPONSE_NO_RESULT": series((0, 100), (60, "failed")),
    "RESPONSE_BASELINE_ON_TX": series((60, 100), (90, ND)),
    "RESPONSE_SERIES_CHANGED": NEW_PANEL,
    "RESPONSE_NEVER_DETECTED": series((0, ND), (60, ND)),
    "RESPONSE_BASELINE_NOT_DETECTED": series((0, ND), (60, 100)),
    "RESPONSE_NOW_NOT_DETECTED": series((0, 100), (60, ND)),
    "RESPONSE_NO_RATIO": series((0, 100), (60, "below_loq")),
    "CLEARANCE_MET": series((0, 100), (60, ND)),
    "CLEARANCE_NOT_MET": series((0, 100), (60, 100)),
    "FALL_MET": series((0, 100), (60, 50)),
    "FALL_NOT_MET": series((0, 100), (60, 51)),
    "RISE_MET": series((0, 100), (60, 150)),
    "WITHIN_BOUNDS": series((0, 100), (60, 149)),
    "VARIANT_NEW": {**series((0, ND), (60, 100)), **COVERED},
    "VARIANT_STILL": series((0, 100), (60, 100)),
    "VARIANT_AGAIN": {**series((0, 100), (60, ND), (120, 100)), **COVERED},
    "VARIANT_NO_LONGER": {**series((0, 100), (60, ND)), **COVERED},
    "VARIANT_NEVER_DETECTED": _pair(maf("A", None), maf("B", None), samples=FOLLOWED_PAIR),
    "VARIANT_NOT_COVERED_BASELINE": series((0, ND), (60, 100)),
    "VARIANT_NOT_COVERED_LATEST": series((0, 100), (60, ND)),
    "VARIANT_NOW": _pair(maf("A", None), maf("B", 100), samples=FOLLOWED_PAIR),
    "VARIANT_TUMOUR_INFORMED": _pair(maf("A", 100, "APC"), maf("B", 100), samples=FOLLOWED_PAIR),
    "VARIANT_ONE_SAMPLE": series((0, 100)),
    "CHIP_STATED": _pair(maf("A", 100, origin="clonal_haematopoiesis")),
    "CHIP_MAF_UNCHANGED": _pair(*TWO_VARIANTS),
    "CHIP_GENE_MAF_UNCHANGED": {**_pair(*TWO_VARIANTS), "chip_gene": [{"gene": "APC"}]},
    "CHIP_GENE": {**_pair(maf("A", 100, "TP53")), "chip_gene": [{"gene": "TP53"}]},
    "GERMLINE_STATED": _pair(maf("A", 490_000, origin="germline")),
    "BASIS_POSSIBLE_CHIP": {**_pair(maf("A", 100, "TP53")), **CHIP},
    "BASIS_POSSIBLE_CHIP_RISE": {
        **_pair(maf("A", 100, "TP53"), maf("A", 90), maf("B", 200, "TP53"), maf("B", 90)),
        **CHIP,
    },
    "BASIS_OTHER_ORIGIN": {
        "ctdna_sample": [draw("A", 0), draw("C", 60)],
        "variant": [maf("A", 490_000, "BRCA2"), *GERMLINE_ELSEWHERE],
    },
    "BASIS_OTHER_ORIGIN_RISE": {
        "ctdna_sample": [draw("A", 0), draw("B", 60), draw("C", 90)],
        "variant": [
            maf("A", 10, "BRCA2"),
            maf("A", 100),
            maf("B", 490_000, "BRCA2"),
            maf("B", 100),
            *GERMLINE_ELSEWHERE,
        ],
    },
    "BASIS_POSSIBLE_CHIP_LEVEL": {**_pair(maf("A", 200, "TP53"), maf("A", 100)), **CHIP},
    "BASIS_OTHER_ORIGIN_LEVEL": {
        "ctdna_sample": [draw("A", 0), draw("C", 60)],
        "variant": [maf("A", 490_000, "BRCA2"), maf("A", 500), *GERMLINE_ELSEWHERE],
    },
    "BASIS_POSSIBLE_CHIP_LEVEL_ALONE": {
        **_pair(maf("A", 200, "TP53"), maf("A", None, status="below_loq")),
        **CHIP,
    },
    "BASIS_OTHER_ORIGIN_LEVEL_ALONE": {
        "ctdna_sample": [draw("A", 0), draw("C", 60)],
        "variant": [maf("A", 490_000, "BRCA2"), maf("A", None, status="below_loq"), *GERMLINE_ELSEWHERE],
    },
    "BASIS_BELOW_LOQ": series((0, "below_loq")),
    "BASIS_BELOW_LOD": {"ctdna_sample": [draw("A", 0, lod_ppm=500)], "variant": [maf("A", 499)]},
    "BASIS_CONFIRMED": series((0, 100), (60, 100)),
    "BASIS_NOT_CONFIRMED": series((10, 100), (60, ND)),
    # Line 1 begins on day 0, a local treatment on day 300.
    "BASIS_TREATMENT_CHANGED": series((-20, 100), (-10, 200), (60, 100)),
    "BASIS_TREATMENT_CHANGED_CLEAR": series((-20, 100), (60, ND)),
    "BASIS_LOCAL_TREATMENT": series((200, 100), (290, 200), (310, 100)),
    "BASIS_LOCAL_TREATMENT_CLEAR": series((290, 100), (310, ND)),
    "BASIS_NO_LATER_SAMPLE": series((0, 100)),
}

LOCAL = {"patient_id": "P1", "course": 1, "started_on": day(300), "ended_on": day(300)}


def emitted(code: str) -> list[dict[str, Any]]:
    """Rows of any ctDNA mart that carry the code."""
    rows: list[dict[str, Any]] = []
    with inputs(
        {**CASES[code], "molecular_rule": SCHEMES}, lines=[line(1, 0)], local_courses=[LOCAL]
    ) as connection:
        build_marts(connection, names=CTDNA_MARTS)
        for mart, columns in RULE_COLUMNS.items():
            names = [field.name for field in mart_tables()[mart].fields]
            for values in connection.execute(f"select {', '.join(names)} from {mart}").fetchall():
                row = dict(zip(names, values, strict=True))
                rows += [row for column in columns if row[column] == code]
    return rows


def test_every_rule_has_a_case():
    assert set(CASES) | set(ELSEWHERE) == set(RULES)


@pytest.mark.parametrize(("code", "file"), ELSEWHERE.items())
def test_a_rule_chosen_elsewhere_is_named_there_and_has_a_source(code, file):
    assert code in (Path(dashboard.__file__).parent / file).read_text(encoding="utf-8")
    assert RULES[code]["source"]


def test_every_code_in_the_marts_has_a_rule_or_is_a_described_value():
    codes = {code for mart in CTDNA_MARTS for code in re.findall(r"'([A-Z][A-Z_]+)'", mart_select(mart))}
    assert codes - VALUES - set(RULES) == set()


@pytest.mark.parametrize("code", CASES)
def test_the_case_emits_the_code_and_the_sentence_reads_from_its_row(code):
    rows = emitted(code)
    assert rows
    for row in rows:
        words = sentence(code, row)
        assert MISSING not in words
        assert "{" not in words
    assert RULES[code]["source"]


@pytest.mark.parametrize("mart", CTDNA_MARTS)
def test_columns_and_types_are_those_declared(mart):
    with inputs({}) as connection:
        build(connection, mart)
        found = [(row[0], row[1]) for row in connection.execute(f"describe {mart}").fetchall()]
    assert found == [(field.name, field.sql_type) for field in mart_tables()[mart].fields]
