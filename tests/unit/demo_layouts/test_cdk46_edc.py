"""Sheets of the cdk46 workbook, on rows that can be read by eye."""

import re
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from dashboard.demo.layouts import edc_cdk46_words as words
from dashboard.demo.layouts.edc_cdk46_baseline import stained
from dashboard.demo.layouts.edc_cdk46_ctdna import ctdna_sheets
from dashboard.demo.layouts.edc_cdk46_follow_up import follow_up_sheets
from dashboard.demo.layouts.edc_cdk46_treatment import treatment_sheets
from dashboard.demo.layouts.edc_cells import Sheet, day_cell, hospital_number, number_cell, telephone
from dashboard.demo.layouts.reports import Report
from dashboard.extracts.reference import value_maps
from dashboard.model.tables import canonical_tables

DAY = date(2024, 3, 5)


def frame(table, *rows):
    names = [field.name for field in canonical_tables()[table].fields]
    return pd.DataFrame(
        [{name: row.get(name) for name in names} for row in rows], columns=names, dtype=object
    )


def follow_up(**rows):
    tables = (
        "imaging",
        "lesion",
        "response",
        "contact",
        "adverse_event",
        "measurement",
        "visit",
        "disposition",
    )
    frames = {name: frame(name, *rows.get(name, ())) for name in tables}
    return {sheet.title: sheet for sheet in follow_up_sheets(frames)}


class TestCells:
    def test_a_date_is_typed_in_four_ways(self):
        written = {day_cell(DAY, f"row {number}") for number in range(60)}
        assert written == {"2024-03-05", "2024.3.5", "2024/3/5", "2024年3月5日"}

    def test_a_date_known_to_the_month_never_shows_a_day(self):
        written = {day_cell(DAY, f"row {number}", month_only=True) for number in range(60)}
        assert written == {"2024年3月", "2024-03", "2024.3"}

    def test_a_number_is_a_number_and_nothing_is_nothing(self):
        assert [number_cell(one) for one in (Decimal("13.10"), Decimal(40), None)] == [13.1, 40, None]

    def test_invented_numbers_look_like_real_ones(self):
        assert re.fullmatch(r"ZY\d{8}", hospital_number("CDK-0001"))
        assert re.fullmatch(r"1[3-9]\d{9}", telephone("CDK-0001"))

    def test_a_value_without_a_word_is_refused(self):
        with pytest.raises(words.NoWord, match="disability"):
            words.word(words.SERIOUS, "disability", "any")

    def test_a_cell_without_a_column_is_refused(self):
        with pytest.raises(KeyError, match="地址"):
            Sheet("研究状态", "日期 原因").add("CDK-0001", {"地址": "x"})

    def test_possibly_unrelated_is_a_word_for_not_related(self):
        assert "可能无关" in words.RELATIONS["not_related"]
        relations = value_maps()["relatedness"]
        assert all(relations[one] == value for value, listed in words.RELATIONS.items() for one in listed)


def test_a_receptor_cell_holds_per_cent_and_intensity():
    rows = [
        {"patient_id": f"CDK-{number:04d}", "test": "er", "value_percent": Decimal(90), "intensity": "strong"}
        for number in range(40)
    ]
    assert {stained(row) for row in rows} == {"强阳90%", "约90%(强)", "+,90%,强", "90%强"}


class TestAdverseEvents:
    EVENT = {
        "term": "fatigue", "organ_class": "General disorders", "started_on": DAY, "is_serious": False,
        "action_taken": "dose not changed", "outcome": "recovered",
    }  # fmt: skip
    EVENTS = tuple(
        {**event, "patient_id": f"CDK-{patient:04d}", "event_id": f"AE{number}", "grade": number}
        for event in (EVENT,)
        for patient in range(60)
        for number in (1, 2)
    )

    def test_most_subjects_have_a_row_per_event_and_some_one_row_for_all(self):
        rows = follow_up(adverse_event=self.EVENTS)["不良事件"].rows
        joined = [row for row in rows if "；" in str(row["不良事件编号"])]
        assert 1 <= len(joined) <= 15
        assert len(rows) == 2 * 60 - len(joined)
        assert {row["不良事件编号"] for row in joined} == {"AE1；AE2"}

    def test_every_cell_of_a_joined_row_has_as_many_parts_as_events(self):
        rows = follow_up(adverse_event=self.EVENTS)["不良事件"].rows
        joined = next(row for row in rows if "；" in str(row["不良事件编号"]))
        assert {str(joined[name]).count("；") for name in joined if name != "受试者编号"} == {1}
        assert joined["与研究药物关系"] == "；"


def test_the_values_of_a_visit_stand_in_one_row():
    value = {"patient_id": "CDK-0001", "measured_on": DAY, "visit": "visit 1"}
    rows = (value | {"name": "anc", "value": Decimal("1.77")}, value | {"name": "ecog", "value": Decimal(1)})
    (row,) = follow_up(measurement=rows)["实验室检查"].rows
    assert (row["中性粒细胞(10^9/L)"], row["ECOG"]) == (1.77, 1)


def test_drugs_stand_in_the_column_of_their_kind_in_the_order_of_the_regimen():
    course = {
        "patient_id": "CDK-0001",
        "kind": "systemic",
        "intent": "metastatic",
        "started_on": DAY,
        "is_ongoing": True,
    }
    rows = (
        course | {"treatment_id": "RX1", "line": 1, "agents_as_written": "Ribociclib, letrozole"},
        course | {"treatment_id": "RX2", "line": 3, "agents_as_written": "Everolimus, exemestane"},
    )
    sheets = {sheet.title: sheet.rows for sheet in treatment_sheets({"treatment": frame("treatment", *rows)})}
    (first,), (third,) = sheets["一线治疗"], sheets["三线及后续治疗"]
    assert first["CDK4/6抑制剂名称"] in words.DRUGS["ribociclib"]
    assert first["内分泌药物"] in words.DRUGS["letrozole"]
    assert first["其他药物"] == ""
    assert (third["线数"], third["其他药物"], third["CDK4/6抑制剂名称"]) == (3, "依维莫司", "")


class TestCtdna:
    SAMPLE = {name: None for name in ("failure_reason", "cfdna_ng_per_ml", "received_on", "reported_on")} | {
        "patient_id": "CDK-0001", "draw": "baseline", "collected_on": DAY, "reason": "enrolment",
        "assay": "Breast ctDNA panel", "panel": "Breast ctDNA panel v1", "lod_ppm": Decimal(1000),
        "loq_ppm": Decimal(2000), "report_version": 1,
    }  # fmt: skip

    def rows(self, number, status, *variants):
        sample = self.SAMPLE | {"sample_id": f"BC-{number}", "status": status}
        found = tuple(
            {"sample_id": sample["sample_id"], "gene": "ESR1", "copy_number": None, "hgvs_c": "c.1A>G"} | one
            for one in variants
        )
        sheet, _ = ctdna_sheets([Report(sample, found)], frame("panel_gene"))
        return [(row.get("基因"), row.get("突变"), row["丰度(%)"]) for row in sheet.rows]

    def test_several_esr1_variants_stand_in_one_cell_at_some_samples(self):
        both = (
            {"variant": "p.D538G", "maf_ppm": Decimal("13900.00")},
            {"variant": "p.Y537S", "maf_ppm": Decimal("2600.00")},
        )
        written = [self.rows(number, "detected", *both) for number in range(40)]
        assert {len(rows) for rows in written} == {1, 2}
        together = {rows[0][1:] for rows in written if len(rows) == 1}
        assert ("ESR1 D538G/Y537S", "1.39%/0.26%") in together

    @pytest.mark.parametrize(
        ("status", "listed"),
        [("not_detected", {"未检出", "阴性"}), ("failed", {"不合格", "质控不合格"}), ("pending", {"待回报"})],
    )
    def test_a_sample_without_variant_has_one_row_that_says_so(self, status, listed):
        assert {self.rows(number, status)[0] for number in range(40)} == {
            (None, None, word) for word in listed
        }

    def test_an_amplification_shows_its_copies(self):
        row = {"gene": "FGFR1", "variant": "amplification", "copy_number": Decimal("6.1"), "hgvs_c": None}
        assert self.rows(1, "detected", row) == [("FGFR1", "扩增", "扩增(CN=6.1)")]
