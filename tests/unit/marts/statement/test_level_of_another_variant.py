"""The highest MAF of two samples may be that of two variants: then no number says what a change of it means.

Treatment starts on day 0; draws on days -5, 40 and 90 of one panel that covers the genes named here.
"""

import pytest

from tests.unit.marts.statement.patients import draws, lines, statements

PANEL = {
    "definition_panel_gene": [
        {"panel": "fixed", "gene": gene, "alteration": "sequence"}
        for gene in ("ESR1", "PIK3CA", "TP53", "GATA3")
    ],
    "chip_gene": [{"gene": "TP53"}],
}
FIRST, OTHER, THIRD, CHIP = "PIK3CA H1047R", "ESR1 D538G", "GATA3 P408fs", "TP53 R282W"
TO_BASELINE, TO_A_DAY = "BASIS_LEVEL_VARIANT_REFERENCE", "BASIS_LEVEL_VARIANT"


def basis(*samples):
    """The row of the state; each sample is the MAF in ppm of its variants by their names."""
    found = [
        {
            "sample_id": f"S{n}",
            "gene": name.split()[0],
            "variant": f"p.{name.split()[1]}",
            "status": "detected",
            "maf_ppm": maf,
        }
        for n, variants in enumerate(samples, start=1)
        for name, maf in variants.items()
    ]
    drawn = draws(*((at, "detected") for at, _ in zip((-5, 40, 90), samples, strict=False)))
    course = {"treatment": lines(0), "ctdna_sample": drawn, "variant": found}
    rows = statements({"P": course}, mart="patient_statement_basis", of_study=PANEL)["P"]
    (row,) = [row for row in rows if row["rule"].startswith("STATE_")]
    return row


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        # The same variant is the highest in both, whatever else is found.
        (({FIRST: 5000, OTHER: 900}, {FIRST: 4900, OTHER: 4800}), (None, FIRST, FIRST)),
        # One below the other, as high, above it: as high is still that of the baseline too.
        (({FIRST: 5000}, {FIRST: 4900, OTHER: 4899}), (None, FIRST, FIRST)),
        (({FIRST: 5000}, {FIRST: 4900, OTHER: 4900}), (None, f"{OTHER} and {FIRST}", FIRST)),
        (({FIRST: 5000}, {FIRST: 4900, OTHER: 4901}), (TO_BASELINE, OTHER, FIRST)),
        (({FIRST: 5000, OTHER: 5000}, {OTHER: 4900}), (None, OTHER, f"{OTHER} and {FIRST}")),
        # Of several as high one is enough.
        (
            ({FIRST: 5000, OTHER: 5000}, {THIRD: 4900, OTHER: 4900}),
            (None, f"{OTHER} and {THIRD}", f"{OTHER} and {FIRST}"),
        ),
        (
            ({FIRST: 5000, THIRD: 5000}, {FIRST: 4900, OTHER: 4900, THIRD: 4900}),
            (None, f"{OTHER} and {THIRD} and {FIRST}", f"{THIRD} and {FIRST}"),
        ),
        # Fallen as little changed compares with the baseline, risen with the lowest before.
        (({FIRST: 5000}, {OTHER: 1000}), (TO_BASELINE, OTHER, FIRST)),
        (({FIRST: 5000}, {FIRST: 2000}, {OTHER: 9000}), (TO_A_DAY, OTHER, FIRST)),
        # Where the highest may not be of the tumour, that is said instead.
        (({FIRST: 5000}, {FIRST: 4800, CHIP: 5100}), (None, CHIP, FIRST)),
    ],
)
def test_a_level_that_was_that_of_another_variant_says_so(samples, expected):
    row = basis(*samples)
    assert (row["variant_rule"], row["level_variant"], row["other_level_variant"]) == expected
