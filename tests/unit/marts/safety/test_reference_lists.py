"""The shipped lists: terms in three languages, laboratory grades, the six levels of causality in Chinese."""

import csv

import pytest

from dashboard.extracts.reference import value_maps
from dashboard.studies.rows import REFERENCE


def rows(name):
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TERMS = {row["written"]: row for row in rows("adverse_event_terms.csv")}


@pytest.mark.parametrize(
    "written",
    ["neutropenia", "neutrophil count decreased", "中性粒细胞减少", "粒细胞缺乏", "giảm bạch cầu trung tính"],
)
def test_neutropenia_is_one_term_in_all_languages(written):
    assert TERMS[written]["preferred_term"] == "neutrophil count decreased"


def test_myelosuppression_stands_apart_and_is_the_one_term_without_grades():
    ungraded = {row["preferred_term"] for row in TERMS.values() if row["is_gradable"] == "false"}
    assert ungraded == {"myelosuppression"}
    assert TERMS["骨髓抑制"]["preferred_term"] == "myelosuppression"
    assert TERMS["febrile neutropenia"]["preferred_term"] == "febrile neutropenia"


def test_written_forms_are_unique_lower_case_and_without_blanks_round_them():
    written = [row["written"] for row in rows("adverse_event_terms.csv")]
    assert len(set(written)) == len(written)
    assert [text for text in written if text != text.lower().strip()] == []


def test_a_term_lists_itself_and_has_one_organ_class():
    by_term = {(row["preferred_term"], row["organ_class"], row["is_gradable"]) for row in TERMS.values()}
    assert len({term for term, _, _ in by_term}) == len(by_term)
    assert [term for term, _, _ in by_term if term.lower() not in TERMS] == []


def test_every_laboratory_grade_belongs_to_a_listed_term():
    named = {row["preferred_term"] for row in TERMS.values()}
    assert {row["preferred_term"] for row in rows("ctcae_laboratory.csv")} <= named


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("肯定有关", "related"),
        ("很可能有关", "related"),
        ("可能有关", "related"),
        ("可能无关", "not_related"),
        ("待评价", "not_assessable"),
        ("无法评价", "not_assessable"),
    ],
)
def test_possibly_unrelated_is_not_related_and_what_is_not_judged_is_not_assessable(written, value):
    assert value_maps()["relatedness"][written] == value
