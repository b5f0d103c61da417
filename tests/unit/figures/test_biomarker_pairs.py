"""What two samples of a patient show of a gene, on rows that can be counted by hand."""

import pandas as pd

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
    assert (found["n_new"], found["n_other_origin_only"]) == (3, 1)
    assert found["new_variants"] == "p.D538G (2), p.R1H (1), p.Y537S (1)"


def test_a_gene_without_an_assessable_pair_keeps_its_row():
    rows = PAIRS[PAIRS["patient_id"] == "I"]
    found = emergence_counts(rows, alteration="sequence").to_dict("records")[0]
    assert (found["n_assessable"], found["n_new"], found["n_not_covered"]) == (0, 0, 1)
    assert found["new_variants"] == ""
