"""What two samples of a patient show of a gene, on rows that can be counted by hand."""

import pandas as pd

from dashboard.figures.biomarkers.genes import with_shares
from dashboard.tables.biomarkers import emergence_table
from dashboard.tables.biomarkers_counts import emergence_counts


def pair(patient, variant=None, status=None, origin=None, *, rule="PAIR_ASSESSABLE", is_assessable=True):
    return {
        "patient_id": patient,
        "rule": rule,
        "gene": "ESR1",
        "alteration": "sequence",
        "is_assessable": is_assessable,
        "variant": variant,
        "status": status,
        "origin": origin,
    }


PAIRS = pd.DataFrame(
    [
        # New counts before anything else the patient has.
        pair("A", "p.D538G", "ACQUIRED", "TUMOUR"),
        pair("A", "p.Y537S", "ACQUIRED", "TUMOUR"),
        pair("A", "p.E380Q", "PRESENT_AT_BOTH", "TUMOUR"),
        pair("B", "p.D538G", "ACQUIRED", "TUMOUR"),
        pair("C", "p.D538G", "PRESENT_AT_BOTH", "TUMOUR"),
        pair("C", "p.E380Q", "NO_LONGER", "TUMOUR"),
        pair("D", "p.D538G", "NO_LONGER", "TUMOUR"),
        pair("E", "p.D538G", "SEEN_BEFORE", "TUMOUR"),
        # Possible clonal haematopoiesis is the tumour's only where it is counted.
        pair("F", "p.R1H", "ACQUIRED", "POSSIBLE"),
        pair("G", "p.R2H", "ACQUIRED", "STATED"),
        pair("H"),
        pair("I", "p.D538G", "ACQUIRED", "TUMOUR", is_assessable=False),
    ]
)


def counted(**options):
    return emergence_counts(PAIRS, alteration="sequence", **options).to_dict("records")[0]


def test_each_patient_counts_once_by_what_comes_first():
    found = counted()
    names = ("n_new", "n_still", "n_no_longer", "n_seen_before", "n_other_origin_only", "n_neither")
    assert [found[name] for name in names] == [2, 1, 1, 1, 2, 1]
    assert (found["n_assessable"], found["n_not_covered"], found["n_progressed"]) == (8, 1, 9)
    assert found["n_several_new"] == 1
    assert found["new_variants"] == "p.D538G (2), p.Y537S (1)"


def test_a_possible_other_origin_is_new_where_it_is_counted():
    found = counted(counts_possible_chip=True)
    assert (found["n_new"], found["n_other_origin_only"], found["n_new_possible_chip_only"]) == (3, 1, 0)
    assert found["new_variants"] == "p.D538G (2), p.R1H (1), p.Y537S (1)"


def shown(rows, **options):
    counts = with_shares(emergence_counts(rows, alteration="sequence", **options), "n_new", of="n_assessable")
    row = emergence_table(counts, counts_only_below=1).to_dict("records")[0]
    return row["New since baseline"], row["Share new (95 % CI)"]


def test_a_gene_new_in_possible_clonal_haematopoiesis_alone_has_neither_a_zero_nor_an_interval():
    uncounted = PAIRS[PAIRS["patient_id"].isin(["F", "H"])]
    assert shown(uncounted) == ("1 of 2, all possible clonal haematopoiesis, not counted", "–")
    assert shown(uncounted, counts_possible_chip=True) == ("1 of 2", "50 % (1–99)")
    assert shown(PAIRS[PAIRS["patient_id"].isin(["G", "H"])]) == ("0 of 2", "0 % (0–84)")


def test_who_has_a_new_variant_of_the_tumour_too_is_not_of_possible_origin_only():
    both = pd.concat([PAIRS, pd.DataFrame([pair("B", "p.R1H", "ACQUIRED", "POSSIBLE")])])
    found = emergence_counts(both, alteration="sequence").to_dict("records")[0]
    assert (found["n_new"], found["n_new_possible_chip_only"]) == (2, 1)
    assert shown(both)[0] == "2 of 8"


def test_a_gene_without_an_assessable_pair_keeps_its_row():
    rows = PAIRS[PAIRS["patient_id"] == "I"]
    found = emergence_counts(rows, alteration="sequence").to_dict("records")[0]
    assert (found["n_assessable"], found["n_new"], found["n_not_covered"]) == (0, 0, 1)
    assert found["new_variants"] == ""
