"""What must not be read alone: a reported response without the calculated, a level without its variant.

Treatment starts on day 0. Scans on days -5 and 60, the target measuring 40 mm first: 50 mm is PD, 41 mm SD.
Draws on days -5 and 40 of one panel that covers the genes named here.
"""

import pytest

from dashboard.figures.patient.header import HeaderRequest, patient_header
from dashboard.tables.header_known import HeaderOptions
from dashboard.tables.header_strip import AgeLimits
from tests.builders import day
from tests.unit.figures.readers import memory_reader

CUT = day(120)
FIRST, OTHER = "PIK3CA E545K", "ESR1 D538G"
# Patient: report of the second scan, target in mm, another lesion's state there; what the cell says.
SCANS = {
    "differs": ("sd", 50, None, "SD reported, PD calculated · 50 mm"),
    "differs the other way": ("pd", 41, None, "PD reported, SD calculated · 41 mm"),
    "agrees": ("sd", 41, None, "SD reported · 41 mm"),
    "differs, not in PD": ("pr", 41, None, "PR reported · 41 mm"),
    "nothing calculated": ("sd", None, None, "SD reported"),
    "cannot be evaluated": ("pd", None, "present", "PD reported"),
    "none reported": (None, 50, None, "PD calculated, none reported · 50 mm"),
}
# Patient: the MAF in ppm of the variants of both draws; of which variants the levels are, and what is new.
DRAWS = {
    "one variant": ({FIRST: 3100}, {FIRST: 2900}, "", ""),
    "several, the same highest": ({FIRST: 3100, OTHER: 900}, {FIRST: 2900, OTHER: 2800}, "", ""),
    "another is the highest": (
        {FIRST: 3100, OTHER: 900},
        {FIRST: 1000, OTHER: 2800},
        f"now of {OTHER}, at baseline of {FIRST}",
        "",
    ),
    "new and the highest": (
        {FIRST: 3100},
        {OTHER: 1800},
        f"now of {OTHER}, at baseline of {FIRST}",
        f"new since baseline: {OTHER}",
    ),
    "new beside the highest": ({FIRST: 3100}, {FIRST: 2900, OTHER: 1800}, "", f"new since baseline: {OTHER}"),
}


def scanned(patient, reported, size, other):
    """Lesions and the report of the second scan."""
    lesion = {"patient_id": patient, "lesion_id": "a", "role": "target"}
    sizes = {} if size is None and other is None else {-5: 40, 60: size}
    lesions = [
        {**lesion, "assessed_on": day(on), "diameter_mm": str(mm)}
        for on, mm in sizes.items()
        if mm is not None
    ]
    if other is not None:
        also = {**lesion, "lesion_id": "b", "role": "non_target", "state": other}
        lesions += [{**also, "assessed_on": day(on)} for on in (-5, 60)]
    report = {
        "patient_id": patient, "assessed_on": day(60), "assessor": "treating_physician", "overall": reported,
    }  # fmt: skip
    return lesions, [] if reported is None else [report]


def drawn(patient, *samples):
    """Samples with the variants found in them."""
    known = [
        {
            "patient_id": patient, "sample_id": f"{patient} {on}", "collected_on": day(on),
            "status": "detected", "panel": "P", "assay": "A", "lod_ppm": 500,
        }
        for on in (-5, 40)
    ]  # fmt: skip
    found = [
        {
            "sample_id": sample["sample_id"], "gene": name.split()[0],
            "variant": f"p.{name.split()[1]}", "status": "detected", "maf_ppm": maf,
        }
        for sample, variants in zip(known, samples, strict=True)
        for name, maf in variants.items()
    ]  # fmt: skip
    return known, found


def read(study=None):
    names = [*SCANS, *DRAWS]
    scans = [scanned(name, *course[:3]) for name, course in SCANS.items()]
    draws = [drawn(name, *course[:2]) for name, course in DRAWS.items()]
    treated = {"kind": "systemic", "line": 1, "started_on": day(0), "agents": "drug", "is_ongoing": True}
    genes = [{"panel": "P", "gene": name.split()[0], "alteration": "sequence"} for name in (FIRST, OTHER)]
    return memory_reader(
        {
            "study": [study or {}],
            "patient": [
                {"patient_id": name, "enrolled_on": day(-10), "observed_until": CUT} for name in names
            ],
            "treatment": [{**treated, "patient_id": name, "treatment_id": name} for name in names],
            "assay_panel": [{"panel": "P", "assay": "A", "tracks": "fixed_panel"}],
            "definition_panel_gene": genes,
            "lesion": [one for lesions, _ in scans for one in lesions],
            "response": [one for _, reports in scans for one in reports],
            "ctdna_sample": [one for samples, _ in draws for one in samples],
            "variant": [one for _, found in draws for one in found],
        },
        cut_off=CUT,
    )


@pytest.fixture(scope="module")
def reader():
    known = read()
    return known


def header(reader, patient):
    return patient_header(
        reader, HeaderRequest(patient_id=patient, limits=AgeLimits(), options=HeaderOptions())
    )


def cell(reader, patient, title):
    return next(one for one in header(reader, patient).cells if one.title == title)


@pytest.mark.parametrize("patient", SCANS)
def test_the_last_scan_names_reported_and_calculated_where_one_alone_is_pd(reader, patient):
    assert cell(reader, patient, "Last scan").value == SCANS[patient][-1]


def test_where_the_calculation_counts_the_report_is_not_called_missing():
    reader = read({"progression_source": "calculated"})
    assert cell(reader, "differs", "Last scan").value == "SD reported, PD calculated · 50 mm"


@pytest.mark.parametrize("patient", DRAWS)
def test_the_last_ctdna_names_the_variants_of_its_levels_and_those_that_are_new(reader, patient):
    *_, variants, new = DRAWS[patient]
    lines = cell(reader, patient, "Last ctDNA").lines
    assert [line.text for line in lines if line.qualifies] == ([variants] if variants else [])
    assert header(reader, patient).new_variants == new


def test_the_direction_says_what_it_compares_with(reader):
    assert header(reader, "new and the highest").ctdna_direction == "little changed from baseline"
