"""The header of a patient from the rows: its last two ctDNA results are the last two with a result."""

from dataclasses import replace

import pytest

from dashboard.figures.patient.header import HeaderRequest, patient_header
from dashboard.tables.header_known import HeaderOptions
from dashboard.tables.header_strip import AgeLimits
from tests.builders import day
from tests.unit.figures.readers import memory_reader

CUT = day(120)
# Day, status, assay, LoD in ppm, MAF in ppm of the one variant.
FIRST = (0, "detected", "F", 500, 20000)
BEFORE = (30, "detected", "F", 1000, 8000)
FAILED = (60, "failed", "F", None, None)
LAST = (90, "detected", "F", 500, 2000)
# Patient: the samples.
COURSES = {
    "failed between": (FIRST, BEFORE, FAILED, LAST),
    "under twice the LoD": (FIRST, (30, "detected", "F", 1000, 1999), LAST),
    "at twice the LoD": (FIRST, (30, "detected", "F", 1000, 2000), LAST),
    "other assay": (FIRST, BEFORE, (90, "detected", "G", 500, 2000)),
    "below LoQ": (FIRST, BEFORE, (90, "below_loq", "F", 500, None)),
    "not detected": (FIRST, BEFORE, (90, "not_detected", "F", 500, None)),
    "one sample": (LAST,),
}


def rows(patient, course):
    """The samples of a patient and the variants found in them."""
    samples, variants = [], []
    for number, (drawn, status, assay, lod, maf) in enumerate(course):
        name = f"{patient} {number}"
        known = {"patient_id": patient, "collected_on": day(drawn), "status": status, "lod_ppm": lod}
        samples.append({"sample_id": name, "assay": assay, "panel": assay, **known})
        if maf is not None:
            found = {"gene": "KRAS", "variant": "p.G12D", "status": "detected", "maf_ppm": maf}
            variants.append({"sample_id": name, **found})
    return samples, variants


@pytest.fixture(scope="module")
def reader():
    made = [rows(patient, course) for patient, course in COURSES.items()]
    panels = [{"panel": name, "assay": name, "tracks": "fixed_panel"} for name in ("F", "G")]
    patients = [{"patient_id": name, "enrolled_on": day(0), "observed_until": CUT} for name in COURSES]
    tables = {
        "patient": patients,
        "assay_panel": panels,
        "ctdna_sample": [one for samples, _ in made for one in samples],
        "variant": [one for _, variants in made for one in variants],
    }
    known = memory_reader(tables, cut_off=CUT)
    return known


@pytest.mark.parametrize(
    ("patient", "value", "lines"),
    [
        ("failed between", "0.20 %", ["−75.0 % from 0.80 % on 31 Jan 2024", "LoD 0.05 %, earlier 0.1 %"]),
        (
            "under twice the LoD",
            "0.20 %",
            ["was 0.20 % on 31 Jan 2024, change not quantifiable near the LoD", "LoD 0.05 %, earlier 0.1 %"],
        ),
        ("at twice the LoD", "0.20 %", ["0.0 % from 0.20 % on 31 Jan 2024", "LoD 0.05 %, earlier 0.1 %"]),
        (
            "other assay",
            "0.20 %",
            ["LoD 0.05 %", "earlier assay: 0.80 % on 31 Jan 2024, LoD 0.1 % (not comparable)"],
        ),
        (
            "below LoQ",
            "detected, below LoQ",
            ["was 0.80 % on 31 Jan 2024, change not quantifiable", "LoD 0.05 %, earlier 0.1 %"],
        ),
        ("not detected", "not detected", ["was 0.80 % on 31 Jan 2024", "LoD 0.05 %, earlier 0.1 %"]),
        ("one sample", "0.20 %", ["LoD 0.05 %"]),
    ],
)
def test_the_last_two_results_stand_with_their_days_limits_and_change(reader, patient, value, lines):
    request = HeaderRequest(patient_id=patient, limits=AgeLimits(), options=HeaderOptions())
    header = patient_header(reader, request)
    cell = next(one for one in header.cells if one.title == "Last ctDNA")
    assert cell.value == value
    assert cell.lines[0].text == "31 Mar 2024 · 30 days"
    counts = ("1 variant found", "0 of 1 variant")
    assert [line.text for line in cell.lines[1:] if not line.text.startswith(counts)] == lines


# Patient: adverse events (term, grade, first and last day), hepatitis answers.
SAFETY = {
    "grade 1": ([("pneumonitis", 1, 5, 20)], {}),
    "grade 2": ([("pneumonitis", 2, 5, 20)], {}),
    "open": ([("Interstitial lung disease", 3, 5, None)], {"hbv_status": "positive"}),
    "grade missing": ([("pneumonitis", None, 5, 20)], {"hbv_status": "unknown"}),
    "other": ([("diarrhoea", 3, 5, 20)], {"viral_status": "hcv"}),
}
SAID = {
    "grade 1": "",
    "grade 2": "Pneumonitis grade 2, 6 Jan 2024 to 21 Jan 2024",
    "open": "Interstitial lung disease grade 3, 6 Jan 2024, end not recorded"
    " · HBV positive · HCV not recorded",
    "grade missing": "Pneumonitis grade missing, 6 Jan 2024 to 21 Jan 2024",
    "other": "HBV negative · HCV positive",
}


@pytest.fixture(scope="module")
def with_safety():
    events = [
        {
            "patient_id": patient, "event_id": f"{patient} {n}", "term": term, "grade": grade,
            "started_on": day(start), "ended_on": None if end is None else day(end),
        }
        for patient, (known, _) in SAFETY.items()
        for n, (term, grade, start, end) in enumerate(known)
    ]  # fmt: skip
    answers = [
        {"patient_id": patient, "name": name, "value": value}
        for patient, (_, known) in SAFETY.items()
        for name, value in known.items()
    ]
    patients = [{"patient_id": name, "enrolled_on": day(0), "observed_until": CUT} for name in SAFETY]
    known = memory_reader(
        {"patient": patients, "adverse_event": events, "characteristic": answers}, cut_off=CUT
    )
    return known


@pytest.mark.parametrize("patient", SAFETY)
def test_lung_toxicity_from_grade_2_on_and_viral_status_stand_in_the_header(with_safety, patient):
    request = HeaderRequest(
        patient_id=patient, limits=AgeLimits(), options=HeaderOptions(), stands_alone=True
    )
    lines = {line.label: line.text for line in patient_header(with_safety, request).lines}
    assert lines.get("Safety", "") == SAID[patient]
    # Beside the tables of the MDT sheet they would stand twice.
    beside = patient_header(with_safety, replace(request, stands_alone=False))
    assert "Safety" not in [line.label for line in beside.lines]


def test_in_study_time_lung_toxicity_has_no_date(with_safety):
    options = HeaderOptions(is_study_time=True)
    request = HeaderRequest(patient_id="grade 2", limits=AgeLimits(), options=options, stands_alone=True)
    assert "Pneumonitis grade 2" in [line.text for line in patient_header(with_safety, request).lines]


# Patient: whether on treatment, and the day of the last contact; the last day observed is day 300.
HEARD = {
    "on, 90 days": (True, 210),
    "on, 91 days": (True, 209),
    "off, 180 days": (False, 120),
    "off, 181 days": (False, 119),
}


@pytest.fixture(scope="module")
def with_contacts():
    treated = {"kind": "systemic", "line": 1, "started_on": day(0), "agents": "drug", "regimen": "drug"}
    known = memory_reader(
        {
            "patient": [
                {"patient_id": name, "enrolled_on": day(0), "observed_until": day(300)} for name in HEARD
            ],
            "contact": [
                {"patient_id": name, "contact_on": day(seen), "vital_status": "alive"}
                for name, (_, seen) in HEARD.items()
            ],
            "treatment": [
                {**treated, "patient_id": name, "treatment_id": name, "ended_on": None if is_on else day(50)}
                for name, (is_on, _) in HEARD.items()
            ],
        },
        cut_off=day(300),
    )
    return known


@pytest.mark.parametrize(
    ("patient", "is_late"),
    [("on, 90 days", False), ("on, 91 days", True), ("off, 180 days", False), ("off, 181 days", True)],
)
def test_the_last_contact_stands_out_from_the_limit_on_or_off_treatment(with_contacts, patient, is_late):
    request = HeaderRequest(patient_id=patient, limits=AgeLimits(), options=HeaderOptions())
    status = next(one for one in patient_header(with_contacts, request).cells if one.title == "Status")
    assert status.lines[0].is_late is is_late
