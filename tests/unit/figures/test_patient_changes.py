"""What changed for one patient, in the words a reader sees."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest

from dashboard.figures.patient.changes import ChangesRequest, patient_changes_figure
from dashboard.tables.change_counts import change_count_table
from dashboard.tables.patient_timeline import Clock
from tests.unit.store.data_cuts import P1, P2, data_cut

DRAWN = dt.date(2026, 2, 20)
SAMPLE = {"sample_id": "A1", "patient_id": "P1", "collected_on": DRAWN, "status": "detected"}
L858R = {
    "sample_id": "A1",
    "gene": "EGFR",
    "variant": "p.L858R",
    "status": "detected",
    "maf_ppm": Decimal(4100),
    "maf_text": "0,41",
}
R175H = {"sample_id": "A1", "gene": "TP53", "variant": "p.R175H", "status": "not_detected"}
CT = {"patient_id": "P1", "imaged_on": dt.date(2026, 1, 12), "modality": "ct"}
RESPONSE = {
    "patient_id": "P1",
    "assessed_on": dt.date(2026, 1, 12),
    "assessor": "treating_physician",
    "overall": "pr",
}
TREATMENT = {
    "patient_id": "P1",
    "treatment_id": "T1",
    "kind": "systemic",
    "line": 1,
    "regimen": "osimertinib",
    "started_on": dt.date(2025, 3, 4),
    "is_ongoing": True,
}
DATES = Clock(dt.date(2025, 3, 4))
STUDY_DAYS = Clock(dt.date(2025, 3, 4), is_study_time=True)


@pytest.fixture
def told(tmp_path):
    """Kind and text of the lines of P1 between two sets of rows, and the figure behind them."""

    def lines(old, new, *, clock=DATES):
        before, after = data_cut(tmp_path, "2026-02-28", old), data_cut(tmp_path, "2026-05-31", new)
        found = patient_changes_figure(before, after, ChangesRequest(patient_id="P1", clock=clock))
        lines.figure = found.figure
        return [(line.kind, line.text) for line in found.lines]

    return lines


def test_a_corrected_allele_fraction_names_the_draw_the_variant_and_both_values(told):
    rows = {"ctdna_sample": [SAMPLE], "variant": [L858R]}
    corrected = {**L858R, "maf_ppm": Decimal(1400), "maf_text": "0,14"}
    assert told(rows, {**rows, "variant": [corrected]}) == [
        ("corrected", "Result of 20 Feb 2026: MAF of EGFR p.L858R 0.14 % (was 0.41 %)")
    ]
    table = told.figure.table
    assert table.to_dict("records") == [
        {
            "What changed": "Corrected",
            "About": "Result of 20 Feb 2026",
            "Value": "MAF of EGFR p.L858R",
            "Before": "0.41 %",
            "Now": "0.14 %",
        }
    ]


def test_an_amended_report_says_so(told):
    old = {"ctdna_sample": [{**SAMPLE, "report_version": 1}], "variant": [L858R]}
    new = {
        "ctdna_sample": [{**SAMPLE, "report_version": 2, "reported_on": dt.date(2026, 3, 9)}],
        "variant": [{**L858R, "maf_ppm": Decimal(1400)}],
    }
    text = (
        "Result of 20 Feb 2026, amended by laboratory on 9 Mar 2026: MAF of EGFR p.L858R 0.14 % (was 0.41 %)"
    )
    assert told(old, new) == [("corrected", text)]


def test_a_new_sample_gives_its_result(told):
    assert told({}, {"ctdna_sample": [SAMPLE], "variant": [L858R, R175H]}) == [
        ("new", "Result of 20 Feb 2026: detected; 1 of 2 variants, highest MAF 0.41 % (EGFR p.L858R)")
    ]


AMPLIFIED = {
    **L858R,
    "gene": "FGFR1",
    "variant": "amplification",
    "maf_ppm": None,
    "maf_text": None,
    "copy_number": Decimal("6.9"),
}
STATED = {**L858R, "gene": "DNMT3A", "variant": "p.R882H", "origin": "clonal_haematopoiesis"}


@pytest.mark.parametrize(
    ("other", "words"),
    [(AMPLIFIED, "FGFR1 amplification"), (STATED, "1 stated not to be of the tumour")],
    ids=["copy number", "stated origin"],
)
def test_what_is_no_part_of_the_level_stands_beside_the_count_of_the_header(told, other, words):
    counted = "Result of 20 Feb 2026: detected; 1 variant found, highest MAF 0.41 % (EGFR p.L858R)"
    rows = {"ctdna_sample": [SAMPLE], "variant": [L858R, other]}
    assert told({}, rows) == [("new", f"{counted}, {words}")]


def test_a_result_that_came_in_says_what_it_was(told):
    pending = {"ctdna_sample": [{**SAMPLE, "status": "pending"}]}
    text = "result detected (was result pending), 1 variant found, highest MAF 0.41 % (EGFR p.L858R)"
    lines = told(pending, {"ctdna_sample": [SAMPLE], "variant": [L858R]})
    assert lines == [("new", f"Result of 20 Feb 2026: {text}")]


def test_a_new_scan_gives_its_call(told):
    assert told({}, {"imaging": [CT], "response": [RESPONSE]}) == [
        ("new", "CT of 12 Jan 2026: PR (treating physician)")
    ]


def test_a_moved_scan_gives_both_days(told):
    other = {**CT, "imaged_on": dt.date(2026, 1, 13)}
    assert told({"imaging": [CT]}, {"imaging": [other]}) == [
        ("moved", "CT: date 13 Jan 2026 (was 12 Jan 2026)")
    ]


def test_a_vanished_scan_gives_what_it_said(told):
    assert told({"imaging": [CT], "response": [RESPONSE]}, {}) == [
        ("vanished", "CT of 12 Jan 2026: PR (treating physician)")
    ]


def test_a_death_and_the_end_of_a_treatment_are_new(told):
    died = dt.date(2026, 4, 2)
    new = {
        "treatment": [
            {**TREATMENT, "ended_on": dt.date(2026, 3, 1), "is_ongoing": False, "stop_reason": "progression"}
        ],
        "contact": [
            {
                "patient_id": "P1",
                "contact_on": died,
                "vital_status": "dead",
                "died_on": died,
                "death_cause": "cancer",
            }
        ],
    }
    assert told({"treatment": [TREATMENT]}, new) == [
        ("new", "Death of 2 Apr 2026: cancer"),
        ("new", "Line 1: osimertinib from 4 Mar 2025: end 1 Mar 2026, stop reason progression"),
    ]


def test_a_visit_gives_performance_status_and_markers_first(told):
    day = dt.date(2026, 3, 20)
    values = [("alt", 30), ("anc", 3), ("bilirubin", 9), ("cea", 5), ("ecog", 1)]
    new = {
        "visit": [{"patient_id": "P1", "visit_on": day, "visit": "month 12"}],
        "measurement": [
            {"patient_id": "P1", "name": name, "measured_on": day, "value": Decimal(value), "unit": None}
            for name, value in values
        ],
    }
    assert told({}, new) == [
        ("new", "Visit of 20 Mar 2026: month 12; ECOG 1, CEA 5, ALT 30, ANC 3, 1 more value")
    ]


def test_a_study_without_calendar_dates_names_days_only(told):
    lines = told({}, {"ctdna_sample": [SAMPLE], "imaging": [CT]}, clock=STUDY_DAYS)
    assert [text for _, text in lines] == ["Result of day 353: detected", "CT of day 314"]
    assert "2026" not in told.figure.table.to_csv()


def test_of_a_date_without_day_only_what_is_known_is_said(told):
    rough = {**CT, "imaged_on_precision": "month"}
    assert told({}, {"imaging": [rough]}) == [("new", "CT of ≈ Jan 2026")]


def test_lines_stand_by_kind_and_within_a_kind_the_newest_first(told):
    days = [dt.date(2026, 3, 1), dt.date(2026, 5, 1), dt.date(2026, 4, 1)]
    lines = told(
        {"imaging": [CT], "ctdna_sample": [SAMPLE]},
        {
            "imaging": [{**CT, "imaged_on": day} for day in days],
            "ctdna_sample": [{**SAMPLE, "assay": "K"}],
        },
    )
    assert [kind for kind, _ in lines] == ["new", "new", "new", "new", "vanished"]
    assert [text[:14] for _, text in lines[:3]] == ["CT of 1 May 20", "CT of 1 Apr 20", "CT of 1 Mar 20"]


def test_nothing_changed_gives_no_line_and_an_empty_table(told):
    rows = {"ctdna_sample": [SAMPLE], "variant": [L858R]}
    assert told(rows, rows) == []
    assert told.figure.table.empty
    assert told.figure.rows.empty


def test_a_patient_who_is_new_has_one_line(told):
    new = {"patient": [{**P1, "enrolled_on": dt.date(2026, 3, 3)}, P2], "imaging": [CT]}
    assert told({"patient": [P2]}, new) == [
        ("new", "The patient is new in this data cut: enrolled 3 Mar 2026")
    ]


def test_a_characteristic_of_a_line_has_its_number_apart(told):
    row = {"patient_id": "P1", "name": "line2_regimen", "value": "chemotherapy"}
    assert told({}, {"characteristic": [row]}) == [("new", "Line 2 regimen: chemotherapy")]


def test_every_column_of_every_table_can_be_said(told):
    """A row of every table that says nothing but its key, new, gone and changed."""
    day = dt.date(2026, 1, 1)
    rows = {
        "characteristic": {"patient_id": "P1", "name": "menopausal_status", "value": "post"},
        "pathology": {"patient_id": "P1", "specimen": "primary", "test": "er", "taken_on": day},
        "treatment": {"patient_id": "P1", "treatment_id": "T9", "kind": "ablation", "started_on": day},
        "sample_link": {"laboratory_id": "L9", "patient_id": "P1"},
        "lesion": {"patient_id": "P1", "lesion_id": "T1", "assessed_on": day, "role": "target"},
        "measurement": {"patient_id": "P1", "name": "cea", "measured_on": day, "visit": "v"},
        "adverse_event": {"patient_id": "P1", "event_id": "AE1", "term": "neutropenia"},
        "contact": {"patient_id": "P1", "contact_on": day, "vital_status": "lost"},
        "disposition": {"patient_id": "P1", "kind": "transfer", "happened_on": day},
        "attestation": {"patient_id": "P1", "criterion": "E01", "attested_on": day, "answer": "yes"},
        "reported_outcome": {"patient_id": "P1", "outcome": "PFS"},
    }
    lines = told({}, {name: [row] for name, row in rows.items()})
    words = " | ".join(text for _, text in lines)
    assert len(lines) == len(rows)
    for technical in ("None", "nan", "NaT", "_"):
        assert technical not in words


def test_the_counts_add_up_and_stand_in_the_order_of_the_tables():
    counts = [
        type("Count", (), {"table": table, "kind": kind, "n_rows": n})()
        for table, kind, n in [("imaging", "new", 3), ("variant", "corrected", 1), ("imaging", "moved", 2)]
    ]
    table = change_count_table(
        counts, titles={"variant": "Variants", "imaging": "Imaging", "visit": "Visits"}
    )
    expected = pd.DataFrame(
        [("Variants", 0, 1, 0, 0), ("Imaging", 3, 0, 2, 0), ("All", 3, 1, 2, 0)],
        columns=["Table", "New", "Corrected", "Moved", "No longer in the data"],
    )
    pd.testing.assert_frame_equal(table, expected)
    assert change_count_table([], titles={"visit": "Visits"}).empty
