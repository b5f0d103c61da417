"""Lines, progressions and samples of one patient P, for the marts about acquired variants."""

from collections.abc import Iterable
from typing import Any

from tests.builders import Row, day, run_mart

BIG = {"panel": "big", "assay": "capture", "tracks": "fixed_panel"}
SMALL = {"panel": "small", "assay": "capture", "tracks": "fixed_panel"}
FOLLOWED = {"panel": "followed", "assay": "bespoke", "tracks": "tumour_informed"}
GENES = [
    {"panel": panel, "gene": gene, "alteration": alteration}
    for panel, gene, alteration in (
        ("big", "ESR1", "sequence"),
        ("big", "PIK3CA", "sequence"),
        ("big", "FGFR1", "copy_number"),
        ("small", "PIK3CA", "sequence"),
    )
]


def sample(name: str, on: int, status: str = "detected", **more: Any) -> Row:
    return {
        "patient_id": "P",
        "sample_id": name,
        "collected_on": day(on),
        "status": status,
        "assay": "capture",
        "panel": "big",
        **more,
    }


def variant(sample_id: str, ppm: float | None = 500, gene: str = "ESR1", **more: Any) -> Row:
    return {
        "sample_id": sample_id,
        "gene": gene,
        "variant": "p.D538G" if gene == "ESR1" else "p.X1Y",
        "status": "detected",
        "maf_ppm": ppm,
        **more,
    }


def line(number: int, start: int, end: int | None = None) -> Row:
    return {
        "patient_id": "P",
        "treatment_id": f"T{number}",
        "kind": "systemic",
        "intent": "metastatic",
        "line": number,
        "agents": "letrozole",
        "started_on": day(start),
        "ended_on": None if end is None else day(end),
    }


def progression(on: int, **more: Any) -> Row:
    return {
        "patient_id": "P",
        "assessed_on": day(on),
        "assessor": "treating_physician",
        "overall": "pd",
        "basis": "imaging",
        **more,
    }


def found(
    mart: str,
    columns: str,
    *,
    samples: Iterable[Row],
    variants: Iterable[Row] = (),
    lines: Iterable[Row] = (),
    progressions: Iterable[Row] = (),
    panel_genes: Iterable[Row] = GENES,
) -> list[tuple[Any, ...]]:
    """Rows of the mart; without lines and progressions, line 1 from day 0 with progression on day 300."""
    tables = {
        "patient": [{"patient_id": "P", "enrolled_on": day(0)}],
        "treatment": list(lines) or [line(1, 0)],
        "response": list(progressions) or [progression(300)],
        "ctdna_sample": samples,
        "variant": variants,
        "assay_panel": [BIG, SMALL, FOLLOWED],
        "definition_panel_gene": panel_genes,
    }
    return run_mart(mart, tables, columns=columns)
