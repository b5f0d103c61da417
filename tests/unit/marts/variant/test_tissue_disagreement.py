"""Tissue report and ctDNA assay on the same gene, by hand."""

from typing import Any

import pytest

from tests.builders import Row, day, run_mart

PANELS = [
    {"panel": "own", "assay": "K", "tracks": "tumour_informed"},
    {"panel": "fixed", "assay": "F", "tracks": "fixed_panel"},
]
COVERED = [{"panel": "fixed", "gene": "KRAS", "alteration": "sequence"}]


def sample(name: str, on: int, panel: str, status: str) -> Row:
    return {"patient_id": "P", "sample_id": name, "collected_on": day(on), "status": status, "panel": panel}


def found(result: str, *draws: tuple[Row, str | None], variant: str = "p.G12D") -> list[tuple[Any, ...]]:
    """Rows for one tissue report and draws, each with the status of the variant (None: not reported)."""
    report = {
        "patient_id": "P",
        "specimen": "primary",
        "taken_on": day(-30),
        "test": "kras",
        "result": result,
    }
    called = [
        {
            "sample_id": drawn["sample_id"],
            "gene": "KRAS",
            "variant": variant,
            "status": status,
            "maf_ppm": 900,
        }
        for drawn, status in draws
        if status is not None
    ]
    tables = {
        "patient": [{"patient_id": "P", "enrolled_on": day(0), "observed_until": day(400)}],
        "treatment": [
            {
                "patient_id": "P",
                "treatment_id": "T",
                "kind": "systemic",
                "line": 1,
                "started_on": day(0),
                "agents": "drug",
                "is_ongoing": True,
            }
        ],
        "assay_panel": PANELS,
        "definition_panel_gene": COVERED,
        "pathology": [report],
        "ctdna_sample": [drawn for drawn, _status in draws],
        "variant": called,
    }
    return run_mart("tissue_disagreement", tables, columns="gene, tissue_result, variants, n_detected")


FOLLOWED = (sample("S1", -5, "own", "not_detected"), "not_detected")


def test_wild_type_beside_a_followed_variant_disagrees_though_it_was_never_detected():
    assert found("wild type", FOLLOWED) == [("KRAS", "wild type", "G12D", 0)]


@pytest.mark.parametrize(("result", "n"), [("G12D", 0), ("G13D", 1), ("positive", 0)])
def test_another_variant_of_the_gene_disagrees_and_the_same_one_does_not(result, n):
    assert len(found(result, FOLLOWED)) == n


def test_a_variant_of_a_fixed_panel_disagrees_where_the_baseline_sample_had_it():
    baseline = (sample("S1", -5, "fixed", "detected"), "detected")
    assert found("wild type", baseline) == [("KRAS", "wild type", "G12D", 1)]


def test_a_variant_first_seen_later_may_have_come_since():
    draws = [
        (sample("S1", -5, "fixed", "not_detected"), None),
        (sample("S2", 60, "fixed", "detected"), "detected"),
    ]
    assert found("wild type", *draws) == []
