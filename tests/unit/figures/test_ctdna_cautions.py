"""What a ctDNA result rests on is said on the patient page and counted beside the lead times.

Day 0 is 1 January 2024, the first dose. PIK3CA is of the tumour; TP53 is on the study's list of genes of
clonal haematopoiesis, without a white-cell result. The limit of quantification is 500 ppm (0.05 %).
"""

import re
from pathlib import Path

import pytest

from dashboard.figures.clearance.lead import clearance_lead, lead_rows
from dashboard.figures.clearance.request import clearance_request
from dashboard.figures.patient.statements import SOURCES, StatementsRequest, patient_statements
from dashboard.studies.load import load_study
from dashboard.tables.patient_timeline import Clock
from tests.builders import day
from tests.unit.figures.readers import memory_reader

STUDY = Path(__file__).resolve().parents[3] / "data" / "studies" / "cdk46"
CHANGES = {"PIK3CA": "p.H1047R", "TP53": "p.R175H"}
ND: dict[str, float | None] = {}
# Draws on days 0, 60, 120, 180: MAF in ppm by gene, None below LoQ; an empty draw is not detected.
COURSES = {
    "chip": [{"PIK3CA": 9000}, ND, {"TP53": 3000}, {"TP53": 3000}],
    "both": [{"PIK3CA": 9000}, ND, {"TP53": 3000, "PIK3CA": 700}, {"PIK3CA": 900}],
    "once": [{"PIK3CA": 9000}, ND, {"PIK3CA": None}, ND],
    "again": [{"PIK3CA": 9000}, ND, {"PIK3CA": None}, {"PIK3CA": None}],
    "at": [{"PIK3CA": 9000}, ND, {"PIK3CA": 500}, ND],
    "under": [{"PIK3CA": 9000}, ND, {"PIK3CA": 499}, ND],
    "risen": [{"PIK3CA": 900, "TP53": 1000}, {"PIK3CA": 900, "TP53": 4000}],
}


def sample(patient, number, found):
    detected = any(found.values())
    return {
        "sample_id": f"{patient}{number}",
        "patient_id": patient,
        "collected_on": day(60 * number),
        "status": "detected" if detected else "below_loq" if found else "not_detected",
        "assay": "F",
        "panel": "F",
        "loq_ppm": 500,
        # Of the first sample just over, of the second under half of the first level of "risen" (1000 ppm).
        "lod_ppm": 501 if number == 0 else 400,
    }


def tables():
    """Patients of COURSES on one line with a scan on day 30 and progression on day 200."""
    drawn = [(name, number, found) for name, course in COURSES.items() for number, found in enumerate(course)]
    return {
        "patient": [{"patient_id": name, "enrolled_on": day(0)} for name in COURSES],
        "assay_panel": [{"panel": "F", "assay": "F", "tracks": "fixed_panel"}],
        "definition_panel_gene": [
            {"panel": "F", "gene": gene, "alteration": "sequence"} for gene in CHANGES
        ],
        "chip_gene": [{"gene": "TP53"}],
        "ctdna_sample": [sample(*one) for one in drawn],
        "variant": [
            {
                "sample_id": f"{name}{number}",
                "gene": gene,
                "variant": CHANGES[gene],
                "status": "below_loq" if ppm is None else "detected",
                "maf_ppm": ppm,
            }
            for name, number, found in drawn
            for gene, ppm in found.items()
        ],
        "treatment": [
            {"patient_id": name, "treatment_id": "T1", "kind": "systemic", "line": 1, "started_on": day(0),
             "is_ongoing": True, "agents": "letrozole", "regimen": "letrozole"}
            for name in COURSES
        ],
        "response": [
            {"patient_id": name, "assessed_on": day(at), "assessor": "treating_physician", "overall": overall,
             "basis": "imaging"}
            for name in COURSES
            for at, overall in ((30, "sd"), (200, "pd"))
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def reader():
    found = memory_reader(tables())
    for name in re.findall(r"source_file, source_row from (\w+)", SOURCES):
        found.connection.execute(f"create view {name} as select * from usable_{name}")
    found.connection.execute(
        "create or replace table data_issue (patient_id varchar, table_name varchar, row_key varchar, "
        "issue_group varchar, is_systematic boolean)"
    )
    return found


def said(reader, patient):
    """Sentences on molecular progression and lead time of a patient, as the page has them."""
    request = StatementsRequest(patient_id=patient, clock=Clock(day(0)))
    rows = {one.rule.split("_")[0]: one.sentence for one in patient_statements(reader, request).statements}
    return rows["MOLECULAR"], rows["LEAD"]


CHIP = "Rests on possible clonal haematopoiesis alone (TP53 R175H)."
BELOW = "The value lies below the limit of quantification."


@pytest.mark.parametrize(
    ("patient", "on_progression", "on_lead"),
    [
        ("chip", f"0.30 %. {CHIP} Confirmed by the next sample (29 Jun 2024).", f"{CHIP}"),
        (
            "both",
            "The highest MAF is that of possible clonal haematopoiesis (TP53 R175H); the other variants "
            "reach 0.07 %. Confirmed by the next sample (29 Jun 2024).",
            "",
        ),
        (
            "once",
            "detected again, below LoQ. Not confirmed by the next sample (29 Jun 2024).",
            f"{BELOW} Not confirmed by the next sample (29 Jun 2024).",
        ),
        ("again", "below LoQ. Confirmed by the next sample (29 Jun 2024).", f"{BELOW}"),
        (
            "at",
            "again, 0.05 %. Not confirmed by the next sample (29 Jun 2024).",
            "",
        ),
        (
            "risen",
            "Of the variants with a MAF only possible clonal haematopoiesis has risen (TP53 R175H). "
            "Unconfirmed: no later comparable sample.",
            "Of the variants with a MAF only possible clonal haematopoiesis has risen (TP53 R175H).",
        ),
    ],
)
def test_molecular_progression_and_lead_time_say_what_they_rest_on(reader, patient, on_progression, on_lead):
    progression, lead = said(reader, patient)
    assert progression.endswith(on_progression)
    # The first bracket is that of the bounds.
    assert lead.partition(").")[2].strip() == on_lead


def test_the_state_takes_the_limit_of_detection_of_the_sample_it_compares_with(reader):
    request = StatementsRequest(patient_id="risen", clock=Clock(day(0)))
    (state,) = [one for one in patient_statements(reader, request).statements if one.rule.startswith("STATE")]
    assert "(change not quantifiable near the LoD of 0.0501 %: lowest 0.10 % on 1 Jan 2024)" in state.sentence


def test_the_lead_time_figure_counts_them_and_leaves_none_out(reader):
    request = clearance_request(load_study(STUDY))
    rows = lead_rows(reader, request).set_index("patient_id")
    flagged = rows.index[rows["rests_on_other_origin"]].tolist()
    single = rows.index[rows["rests_on_one_value_below_loq"]].tolist()
    assert (flagged, single) == (["chip", "risen"], ["once", "under"])
    figure = clearance_lead(reader, request)
    assert figure.caption.endswith(
        "Of 7 molecular progressions, resting on possible clonal haematopoiesis alone: 2, on one value below "
        "the limit of quantification: 2 (on both: 0); among the assessable: 4."
    )
    assert figure.rows["patients"].sum() == 7
    assert figure.rows["other_origin_alone_patients"].sum() == 2
    assert figure.rows["one_value_below_loq_patients"].sum() == 2
