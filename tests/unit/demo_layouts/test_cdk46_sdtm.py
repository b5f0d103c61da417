"""SDTM domains of cdk46, on rows that can be read by eye."""

import gzip
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from dashboard.demo.layouts.partial_dates import is_day_unknown, iso_date
from dashboard.demo.layouts.reports import Report
from dashboard.demo.layouts.sdtm_cdk46_ctdna import ctdna_domains
from dashboard.demo.layouts.sdtm_cdk46_treatment import treatment_domains
from dashboard.demo.layouts.sdtm_cdk46_tumour import tumour_domains
from dashboard.demo.layouts.sdtm_domain import Domain
from dashboard.model.tables import canonical_tables

DAY = date(2024, 3, 5)


def frame(table, *rows):
    names = [field.name for field in canonical_tables()[table].fields]
    return pd.DataFrame(
        [{name: row.get(name) for name in names} for row in rows], columns=names, dtype=object
    )


class TestDomain:
    def test_rows_are_numbered_within_the_subject(self):
        domain = Domain("AE", "CDK46", "AETERM")
        for subject in ("CDK-0001", "CDK-0002", "CDK-0001"):
            domain.add(subject, {"AETERM": "fatigue"})
        assert [row["AESEQ"] for row in domain.rows] == ["1", "1", "2"]

    def test_a_qualifier_points_at_its_row_and_an_empty_one_is_not_written(self):
        domain = Domain("AE", "CDK46", "AETERM")
        domain.add("CDK-0001", {"AETERM": "fatigue"}, AERELTO=None)
        domain.add("CDK-0001", {"AETERM": "nausea"}, AERELTO="palbociclib")
        assert [(one["IDVAR"], one["IDVARVAL"], one["QNAM"], one["QVAL"]) for one in domain.supplements] == [
            ("AESEQ", "2", "AERELTO", "palbociclib")
        ]

    def test_a_variable_the_domain_does_not_have_is_refused(self, tmp_path):
        domain = Domain("AE", "CDK46", "AETERM")
        domain.add("CDK-0001", {"AETREM": "fatigue"})
        with pytest.raises(ValueError, match="AETREM"):
            domain.write(tmp_path)

    def test_a_large_domain_is_compressed_without_a_time_of_writing(self, tmp_path):
        domain = Domain("LB", "CDK46", "LBTESTCD")
        domain.add("CDK-0001", {"LBTESTCD": "NEUT"})
        domain.write(tmp_path)
        packed = (tmp_path / "lb.csv.gz").read_bytes()
        assert packed[4:8] == bytes(4)  # RFC 1952: MTIME
        assert gzip.decompress(packed).decode() == (
            "STUDYID,DOMAIN,USUBJID,LBSEQ,LBTESTCD\nCDK46,LB,CDK-0001,1,NEUT\n"
        )


class TestPartialDates:
    def test_a_date_known_to_the_month_loses_its_day(self):
        assert iso_date(DAY, month_only=True) == "2024-03"
        assert iso_date(DAY, month_only=False) == "2024-03-05"

    def test_about_one_in_six_patients_has_one_and_always_the_same(self):
        unknown = [one for one in range(600) if is_day_unknown(f"CDK-{one:04d}", "diagnosis")]
        assert 70 <= len(unknown) <= 130
        assert unknown == [one for one in range(600) if is_day_unknown(f"CDK-{one:04d}", "diagnosis")]


def test_a_hold_is_a_dose_of_0_and_a_reduction_the_dose_taken():
    step = {"patient_id": "CDK-0001", "part_of": "RX2", "agents": "palbociclib", "started_on": DAY}
    rows = (
        step | {"treatment_id": "D1", "kind": "dose_hold", "start_reason": "toxicity_of_previous"},
        step
        | {"treatment_id": "D2", "kind": "dose_reduction", "dose": 100, "dose_unit": "mg", "dose_level": -1},
    )
    frames = {"treatment": frame("treatment", *rows), "imaging": frame("imaging")}
    _, ex, _ = treatment_domains(frames, "CDK46")
    assert [(row["EXSPID"], row["EXDOSE"], row["EXDOSU"], row["EXADJ"]) for row in ex.rows] == [
        ("D1", "0", "mg", "ADVERSE EVENT"),
        ("D2", "100", "mg", "OTHER"),
    ]
    assert [(one["IDVARVAL"], one["QNAM"], one["QVAL"]) for one in ex.supplements] == [
        ("1", "COURSE", "RX2"),
        ("2", "COURSE", "RX2"),
        ("2", "DOSELEV", "-1"),
    ]


def test_a_node_is_measured_by_its_short_axis_and_a_lesion_is_identified_once():
    seen = {"patient_id": "CDK-0001", "assessed_on": DAY, "visit": "baseline", "location": "right axillary"}
    node = seen | {
        "lesion_id": "T1",
        "role": "target",
        "organ": "lymph_node",
        "is_node": True,
        "diameter_mm": 18,
    }
    bone = seen | {
        "lesion_id": "NT1",
        "role": "non_target",
        "organ": "bone",
        "is_node": False,
        "state": "present",
    }
    later = node | {"assessed_on": date(2024, 6, 5), "visit": "L1 scan 1", "diameter_mm": 12}
    frames = {"lesion": frame("lesion", node, bone, later), "response": frame("response")}
    tu, tr, _ = tumour_domains(frames, "CDK46")
    assert [(row["TULNKID"], row["TULOC"]) for row in tu.rows] == [("NT1", "BONE"), ("T1", "LYMPH NODE")]
    assert [(row["TRLNKID"], row["TRTESTCD"], row["TRSTRESC"]) for row in tr.rows] == [
        ("T1", "SAXIS", "18"),
        ("NT1", "TUMSTATE", "PRESENT"),
        ("T1", "SAXIS", "12"),
    ]


class TestCtdna:
    SAMPLE = {name: None for name in ("failure_reason", "cfdna_ng_per_ml", "received_on")} | {
        "sample_id": "BC-1", "patient_id": "CDK-0001", "draw": "baseline", "collected_on": DAY,
        "reported_on": DAY, "reason": "enrolment", "status": "detected", "assay": "Breast ctDNA panel",
        "panel": "Breast ctDNA panel v1", "lod_ppm": Decimal(1000), "loq_ppm": Decimal(2000),
        "report_version": 1,
    }  # fmt: skip
    VARIANT = {
        "gene": "ESR1",
        "variant": "p.D538G",
        "hgvs_c": "c.1613A>G",
        "maf_ppm": None,
        "copy_number": None,
    }

    def findings(self, sample, *variants):
        *_, gf = ctdna_domains([Report(sample, variants)], "CDK46")
        return [
            (row["GFTESTCD"], row.get("GFORRES"), row.get("GFSTRESN"), row.get("GFREASND")) for row in gf.rows
        ]

    def test_a_fraction_is_exact_a_result_below_the_limit_has_no_number_and_copies_are_their_own_test(self):
        rows = self.findings(
            self.SAMPLE,
            self.VARIANT | {"maf_ppm": Decimal("3300.00"), "maf_text": "0.33%"},
            self.VARIANT | {"maf_text": "<0.2%"},
            self.VARIANT | {"gene": "FGFR1", "copy_number": Decimal("6.1"), "maf_text": "CN=6.1"},
        )
        assert rows == [
            ("CTDNA", "DETECTED", None, None),
            ("VAF", "0.33", "0.33", None),
            ("VAF", "<0.2", None, None),
            ("COPYNUM", "6.1", "6.1", None),
        ]

    @pytest.mark.parametrize(
        ("status", "reason", "written"),
        [("pending", None, "RESULT PENDING"), ("failed", "haemolysis", "haemolysis")],
    )
    def test_a_sample_without_result_is_not_done_with_the_reason(self, status, reason, written):
        sample = self.SAMPLE | {"status": status, "failure_reason": reason}
        assert self.findings(sample) == [("CTDNA", None, None, written)]
