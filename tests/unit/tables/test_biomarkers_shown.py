"""What the page shows of the tables by gene: every number that cannot be read off another one."""

import pandas as pd
import pytest

from dashboard.tables.biomarkers_shown import shown_by_gene

COPIES = pd.DataFrame(
    {
        "Gene": ["FGFR1"],
        "Amplified": [9],
        "Of assessed with ctDNA": [62],
        "Assessed, no ctDNA in the sample": [21],
        "Not assessed": [0],
        "Copy number": ["CN 5.7–9.1"],
        "Deleted": [0],
        "Neither, ctDNA found": [53],
    }
)
NEW = pd.DataFrame(
    {
        "Gene": ["ESR1", "TP53"],
        "New since baseline": ["9 of 27", "2 of 27, all possible clonal haematopoiesis, not counted"],
        "Of assessable pairs": [27, 27],
        "Share new (95 % CI)": ["33 % (17–54)", "–"],
        "Still detected": [0, 1],
        "No longer detected": [0, 2],
        "Not covered": [0, 0],
        "No ctDNA: cannot exclude": [4, 4],
        "Not assessable": [124, 124],
        "More than one new": [2, 0],
        "New variants (patients)": ["p.D538G (6)", "–"],
        "Detected in neither": [18, 13],
        "Detected earlier, not at baseline": [0, 0],
        "Possible other origin only": [0, 11],
    }
)
GENES = pd.DataFrame(
    {
        "Gene": ["PIK3CA", "TP53"],
        "Detected": ["26 of 62", "21 of 62, all possible clonal haematopoiesis, not counted"],
        "With ctDNA in the sample": [62, 62],
        "Several variants": [0, 0],
        "Not detected, ctDNA found": [36, 41],
    }
)


def test_a_count_stands_with_its_denominator():
    assert shown_by_gene(COPIES).iloc[0].to_dict() == {
        "Gene": "FGFR1",
        "Amplified, of assessed with ctDNA": "9 of 62",
        "Assessed, no ctDNA in the sample": "21",
        "Not assessed": "0",
        "Copy number": "CN 5.7–9.1",
        "Deleted": "0",
    }


def test_which_variants_are_new_stands_with_how_many_and_what_is_said_below_is_left_out():
    assert list(shown_by_gene(NEW)) == [
        "Gene",
        "New since baseline, of assessable pairs",
        "New variants (patients)",
        "Share new (95 % CI)",
        "Still detected",
        "No longer detected",
        "Not covered",
        "More than one new",
        "Detected in neither",
        "Possible other origin only",
    ]
    shown = shown_by_gene(NEW)["New since baseline, of assessable pairs"]
    assert list(shown) == ["9 of 27", "2 of 27, all possible clonal haematopoiesis, not counted"]


@pytest.mark.parametrize(
    ("denominator", "words"),
    [
        ("With ctDNA in the sample", "of assessable with ctDNA"),
        ("Followed in", "of all followed"),
    ],
)
def test_the_heading_of_a_count_names_its_denominator(denominator, words):
    table = GENES.rename(columns={"With ctDNA in the sample": denominator})
    assert shown_by_gene(table).to_dict("list") == {
        "Gene": ["PIK3CA", "TP53"],
        f"Detected, {words}": ["26 of 62", "21 of 62, all possible clonal haematopoiesis, not counted"],
    }


def test_a_rare_kind_is_shown_as_soon_as_one_gene_has_it():
    assert "Several variants" in shown_by_gene(GENES.assign(**{"Several variants": [0, 1]}))
