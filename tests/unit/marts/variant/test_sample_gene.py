"""Which genes the assay of a sample looks at."""

from .pairs import found, sample, variant

EVERY_GENE_OF_BIG = [("ESR1", "sequence"), ("FGFR1", "copy_number"), ("PIK3CA", "sequence")]


def genes(*samples, variants=()):
    return found("sample_gene", "sample_id, gene, alteration", samples=samples, variants=variants)


def test_a_fixed_panel_looks_at_its_genes_whatever_it_finds():
    variants = [variant("S1"), variant("S1", gene="TP53")]
    rows = genes(sample("S1", 0), sample("S2", 90, panel="small"), variants=variants)
    assert rows == [*(("S1", *gene) for gene in EVERY_GENE_OF_BIG), ("S2", "PIK3CA", "sequence")]


def test_a_tumour_informed_assay_looks_at_the_genes_it_follows_in_the_patient():
    variants = [
        variant("S1"),
        variant("S1", gene="FGFR1", variant="amplification", maf_ppm=None, copy_number=6),
    ]
    informed = {"panel": "followed", "assay": "bespoke"}
    # Nothing found and nothing listed: both are looked for. Found without its own row: not covered.
    silent, short = sample("S2", 90, "not_detected", **informed), sample("S3", 180, **informed)
    rows = genes(
        sample("S1", 0, **informed), silent, short, variants=[*variants, variant("S3", gene="PIK3CA")]
    )
    followed = [("ESR1", "sequence"), ("FGFR1", "copy_number")]
    assert rows == [
        *(("S1", *gene) for gene in followed),
        *(("S2", *gene) for gene in (*followed, ("PIK3CA", "sequence"))),
        ("S3", "PIK3CA", "sequence"),
    ]


def test_a_sample_without_a_valid_result_looks_at_nothing():
    assert genes(sample("S1", 0, "failed"), sample("S2", 10, "pending")) == []


def test_a_panel_without_a_list_of_genes_says_nothing():
    assert genes(sample("S1", 0, panel="other"), variants=[variant("S1")]) == []
