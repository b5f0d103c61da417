"""Random canonical records with every edge a mart may meet: ties, boundary days, missing values, odd orders.

Not a plausible study: a field of situations, to ask two engines the same question.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

EPOCH = dt.date(2022, 1, 3)
LAST_DAY = 1500
# Days on which windows of the definitions open and close, so that ties and boundaries are common.
EDGES = np.array([-29, -28, -1, 0, 1, 7, 8, 27, 28, 29, 41, 42, 43, 60, 90, 91, 120, 168, 180, 181, 182, 366])
AGENTS = (
    "letrozole",
    "letrozole + palbociclib",
    "dalpiciclib + letrozole",
    "fulvestrant",
    "fulvestrant + palbociclib",
    "capecitabine",
    "denosumab",
    "goserelin",
    "osimertinib",
    "fluorouracil + oxaliplatin",
    "Unnamed-1",
    "unnamed-1 + letrozole",
    "unnamed-2 + unnamed-3",
    None,
)
START_REASONS = (
    "imaging_progression",
    "ctdna_detection",
    "rising_marker",
    "imaging_and_ctdna",
    "planned",
    None,
    None,
)
OVERALL = ("cr", "pr", "sd", "sd", "pd", "ne", "non_cr_non_pd", "ned", "equivocal", None)
# Scans two days apart share a visit label: the lesions of one visit may be seen on two days.
SCAN_DAYS = (-20, 0, 5, 7, 60, 66, 120, 180, 182, 300)
LESION_ROLES = {"L1": "target", "L2": "target", "L3": "non_target", "L4": "new", "L5": "treated"}
LESION_STATES = (
    *("measured",) * 6,
    "absent",
    "too_small",
    "present",
    "not_assessed",
    "unequivocal_progression",
    "equivocal",
    "local_progression",
    None,
)


class Field:
    """A seeded source of columns for `n` rows."""

    def __init__(self, rng: np.random.Generator, patients: np.ndarray) -> None:
        self.rng = rng
        self.patients = patients

    def choice(self, options: Iterable[Any], n: int) -> list[Any]:
        options = list(options)
        return [options[place] for place in self.rng.integers(0, len(options), n)]

    def days(self, n: int, *, missing: float = 0.0) -> list[dt.date | None]:
        near_edge = self.rng.choice(EDGES, n) + 84 * self.rng.integers(0, 6, n)
        anywhere = self.rng.integers(-30, LAST_DAY, n)
        numbers = np.where(self.rng.random(n) < 0.6, near_edge, anywhere)
        gone = self.rng.random(n) < missing
        return [
            None if lost else EPOCH + dt.timedelta(days=int(day))
            for day, lost in zip(numbers, gone, strict=True)
        ]

    def numbers(self, low: int, high: int, n: int, *, missing: float = 0.0) -> list[int | None]:
        values = self.rng.integers(low, high, n)
        gone = self.rng.random(n) < missing
        return [None if lost else int(value) for value, lost in zip(values, gone, strict=True)]

    def rows(self, per_patient: float) -> list[str]:
        counts = self.rng.poisson(per_patient, len(self.patients))
        return list(np.repeat(self.patients, counts))


def _patient(field: Field) -> dict[str, list[Any]]:
    n = len(field.patients)
    enrolled = field.choice([EPOCH + dt.timedelta(days=int(edge)) for edge in EDGES] + [None], n)
    return {
        "patient_id": list(field.patients),
        "site_id": field.choice(["01", "02", "03"], n),
        "sex": field.choice(["female", "male"], n),
        "born_on": [dt.date(1960, 1, 1)] * n,
        "tumour_type": field.choice(["lung", "breast", "colorectal"], n),
        "enrolled_on": enrolled,
        "consented_on": enrolled,
        "randomised_on": enrolled,
        "observed_until": [EPOCH + dt.timedelta(days=d) for d in field.numbers(200, LAST_DAY, n)],
    }


def _treatment(field: Field) -> dict[str, list[Any]]:
    patients = field.rows(4)
    n = len(patients)
    started = field.days(n)
    lengths = field.numbers(0, 300, n, missing=0.25)
    ended = [
        None if length is None else start + dt.timedelta(days=length)
        for start, length in zip(started, lengths, strict=True)
    ]
    open_ends = field.choice([True, True, False, None], n)
    kinds = field.choice(["systemic"] * 6 + ["radiotherapy", "ablation", "surgery", "dose_hold"], n)
    return {
        "patient_id": patients,
        "treatment_id": [f"T{number:06d}" for number in range(n)],
        "kind": kinds,
        "intent": field.choice(
            ["metastatic"] * 5 + ["adjuvant", "supportive", "curative", "maintenance", None], n
        ),
        "line": field.choice([1, 1, 2, 3, None, None, None], n),
        "agents": field.choice(AGENTS, n),
        "regimen": field.choice(["A", "B", None], n),
        "started_on": started,
        "ended_on": ended,
        "is_ongoing": [state if end is None else False for end, state in zip(ended, open_ends, strict=True)],
        "start_reason": field.choice(START_REASONS, n),
        "stop_reason": field.choice(["progression", "toxicity", "planned", None], n),
        "lesion_id": field.choice(["L1", "L2", None], n),
        "modality": field.choice(["sbrt", "conventional", "rfa", "wedge", None], n),
        "fractions": field.numbers(1, 30, n, missing=0.3),
        "dose_per_fraction_gy": field.choice([2, 8, 10, 12, None], n),
        "total_dose_gy": field.choice([40, 48, 50, 60, None], n),
    }


def _ctdna_sample(field: Field) -> dict[str, list[Any]]:
    patients = field.rows(5)
    n = len(patients)
    is_reported = field.rng.random(n) < 0.5
    kinds = field.choice(["maf_ppm", "molecules_per_ml"], n)
    values = field.choice([0, 3.5, 7000, 14000], n)
    return {
        "sample_id": [f"S{number:06d}" for number in range(n)],
        "patient_id": patients,
        "collected_on": field.days(n),
        "status": field.choice(
            ["detected"] * 4 + ["not_detected"] * 3 + ["below_loq", "failed", "pending"], n
        ),
        "assay": ["K"] * n,
        "panel": field.choice(["Breast ctDNA panel v1"] * 5 + ["Breast ctDNA panel v2", "K-4CARE", None], n),
        "lod_ppm": field.choice([500, 1000, None], n),
        "quantity_kind": [
            kind if reported else None for kind, reported in zip(kinds, is_reported, strict=True)
        ],
        "quantity_value": [
            value if reported else None for value, reported in zip(values, is_reported, strict=True)
        ],
        "reason": field.choice(["planned_follow_up", "suspected_progression", None], n),
    }


def _variant(samples: dict[str, list[Any]], field: Field) -> dict[str, list[Any]]:
    sets = [["ESR1", "PIK3CA", "TP53", "DNMT3A"], ["ESR1", "PIK3CA", "TP53", "DNMT3A"], ["ESR1", "TP53"], []]
    chosen = field.choice(sets, len(samples["sample_id"]))
    keys = [
        (sample, gene) for sample, genes in zip(samples["sample_id"], chosen, strict=True) for gene in genes
    ]
    n = len(keys)
    status = field.choice(["detected", "detected", "not_detected", "below_loq"], n)
    ppm = field.choice([500, 800, 1000, 1600, 2000, 4000.5, 12000.125], n)
    return {
        "sample_id": [sample for sample, _ in keys],
        "gene": [gene for _, gene in keys],
        "variant": ["p.X1Y"] * n,
        "status": status,
        "is_tracked": field.choice([True] * 20 + [False, None], n),
        "maf_ppm": [value if state == "detected" else None for value, state in zip(ppm, status, strict=True)],
        "origin": field.choice(["tumour"] * 10 + ["clonal_haematopoiesis", "germline", None, None], n),
    }


def _response(field: Field) -> dict[str, list[Any]]:
    patients = field.rows(7)
    n = len(patients)
    return {
        "patient_id": patients,
        "assessed_on": field.days(n),
        "assessor": field.choice(["treating_physician", "treating_physician", "radiologist"], n),
        "visit": [f"V{number:06d}" for number in range(n)],
        "overall": field.choice(OVERALL, n),
        "target": field.choice(["cr", "pr", "sd", "pd", None], n),
        "sum_of_diameters_mm": field.choice([None, None, 0, 15, 20, 24.5, 30, 55], n),
        "non_target": field.choice(["cr", "non_cr_non_pd", "pd", "ne", None], n),
        "new_lesion": field.choice(["no", "no", "yes", "equivocal", None], n),
        "basis": field.choice(["imaging", "imaging", "imaging", "clinical", None], n),
    }


def _lesion(field: Field) -> dict[str, list[Any]]:
    patients = field.rows(10)
    n = len(patients)
    lesions = field.choice(["L1", "L2", "L3", "L4", "L5"], n)
    roles = [LESION_ROLES[lesion] for lesion in lesions]
    changes = field.choice([None] * 6 + ["target", "non_target", "new", "treated"], n)
    visits = field.numbers(0, len(SCAN_DAYS), n)
    unlabelled = field.rng.random(n) < 0.4
    return {
        "patient_id": patients,
        "lesion_id": lesions,
        "assessed_on": [EPOCH + dt.timedelta(days=SCAN_DAYS[place]) for place in visits],
        "visit": [
            None if hidden else f"V{place // 2}" for place, hidden in zip(visits, unlabelled, strict=True)
        ],
        "role": [role if change is None else change for role, change in zip(roles, changes, strict=True)],
        "is_node": field.choice([True, False, False], n),
        "diameter_mm": field.choice([0, 5, 9.9, 10, 12, 14.5, 20, 24, 30, None], n),
        "state": field.choice(LESION_STATES, n),
    }


def _measurement(field: Field) -> dict[str, list[Any]]:
    patients = field.rows(3)
    n = len(patients)
    return {
        "patient_id": patients,
        "name": field.choice(["cea", "ca_15_3", "ecog"], n),
        "measured_on": field.days(n),
        "visit": [f"V{number:06d}" for number in range(n)],
        "value": field.choice([0, 1, 2, 3.5, None], n),
    }


def _contact(field: Field) -> dict[str, list[Any]]:
    patients = field.rows(2)
    n = len(patients)
    status = field.choice(["alive"] * 4 + ["dead", "lost"], n)
    days = field.days(n)
    return {
        "patient_id": patients,
        "contact_on": days,
        "vital_status": status,
        "died_on": [day if state == "dead" else None for day, state in zip(days, status, strict=True)],
        "is_treatment_reviewed": field.choice([True, False, None], n),
    }


def _others(field: Field) -> dict[str, dict[str, list[Any]]]:
    visits, events, scans, leaving = field.rows(3), field.rows(1), field.rows(3), field.rows(0.1)
    return {
        "visit": {
            "patient_id": visits,
            "visit_on": field.days(len(visits)),
            "visit": [f"V{number:06d}" for number in range(len(visits))],
            "has_occurred": field.choice([True, True, False, None], len(visits)),
            "is_treatment_reviewed": field.choice([True, False, None], len(visits)),
        },
        "adverse_event": {
            "patient_id": events,
            "event_id": [f"E{number:06d}" for number in range(len(events))],
            "term": field.choice(["neutropenia", "diarrhoea"], len(events)),
            "grade": field.numbers(1, 6, len(events), missing=0.1),
            "started_on": field.days(len(events), missing=0.1),
            "ended_on": field.days(len(events), missing=0.5),
            "is_serious": field.choice([True, False, None], len(events)),
        },
        "imaging": {
            "patient_id": scans,
            "imaged_on": field.days(len(scans)),
            "modality": field.choice(["ct", "mri", "pet_ct"], len(scans)),
        },
        "disposition": {
            "patient_id": leaving,
            "kind": field.choice(["withdrawal_of_consent", "lost_to_follow_up", "transfer"], len(leaving)),
            "happened_on": field.days(len(leaving)),
        },
    }


def _screening(patient: dict[str, list[Any]], field: Field) -> dict[str, dict[str, list[Any]]]:
    """What eligibility reads: history of each patient, answers of the investigator, pathology.

    Changes `patient` in place; organs of lesions and treatments are left to `random_tables`.
    """
    n = len(field.patients)
    enrolled = [day or EPOCH for day in patient["enrolled_on"]]
    before = [
        day - dt.timedelta(days=length) for day, length in zip(enrolled, field.numbers(1, 60, n), strict=True)
    ]
    patient["born_on"] = [dt.date(born, 2, 28 if born % 4 else 29) for born in field.numbers(1944, 2010, n)]
    precisions = ["day", "day", "day", "month", "year", None]
    patient["born_on_precision"] = field.choice(precisions, n)
    patient["age_years"] = field.numbers(15, 80, n, missing=0.5)
    patient["screened_on"] = before
    patient["oligometastatic_on"] = [
        day if keep else None for day, keep in zip(before, field.choice([1, 1, 1, 0], n), strict=True)
    ]
    patient["oligometastatic_on_precision"] = field.choice(precisions, n)
    patient["ned_on"] = [
        day - dt.timedelta(days=length)
        for day, length in zip(before, field.choice([-1, 150, *range(178, 188), 900], n), strict=True)
    ]
    patient["ned_on_precision"] = field.choice(precisions, n)
    patient["ned_basis"] = field.choice(["surgery", "ablation", "systemic", "unknown", None], n)
    patient["metastatic_on"] = field.choice([EPOCH, EPOCH + dt.timedelta(days=9), None], n)
    patients = field.rows(8)
    answers = {
        "patient_id": patients,
        "criterion": field.choice(["I03", "I05c", "I07", "I09", "I12", "E01", "E03", "E07"], len(patients)),
        "attested_on": field.choice([EPOCH, EPOCH + dt.timedelta(days=400), None], len(patients)),
        "answer": field.choice(
            ["yes"] * 6 + ["no", "no", "unknown", "ruled_eligible", "ruled_not_eligible"], len(patients)
        ),
    }
    tested = field.rows(2)
    pathology = {
        "patient_id": tested,
        "specimen": field.choice(["primary", "metastasis"], len(tested)),
        "taken_on": field.days(len(tested), missing=0.2),
        "test": field.choice(["her2", "er"], len(tested)),
        "result": field.choice(["0", "2+", "2+ ISH-", "2+ ISH missing", "3+", None], len(tested)),
    }
    # Tissue reports on genes that the assays have too; without a draw of chance, so that all else stays.
    for place, one in enumerate(field.patients[::3]):
        result = ("wild type", "H1047R", "positive")[place % 3]
        added = {
            "patient_id": one,
            "specimen": "gene report",
            "taken_on": EPOCH,
            "test": "pik3ca",
            "result": result,
        }
        for name, value in added.items():
            pathology[name].append(value)
    named = field.rows(2)
    characteristic = {
        "patient_id": named,
        "name": field.choice(
            ["metastatic_at_presentation", "liver_metastasis_before", "hormone_receptor"], len(named)
        ),
        "value": field.choice(["yes", "no", "positive", "unknown"], len(named)),
    }
    # The recorded extent of disease, likewise without a draw of chance.
    for place, one in enumerate(field.patients):
        name = ("visceral_disease", "bone_only")[place % 2]
        for column, value in {"patient_id": one, "name": name, "value": ("yes", "no")[place % 3 % 2]}.items():
            characteristic[column].append(value)
    return {"attestation": answers, "pathology": pathology, "characteristic": characteristic}


def _screening_values(patient: dict[str, list[Any]], field: Field) -> dict[str, list[Any]]:
    """Blood values and ECOG on the days round the screening window, on and beside the bounds."""
    names = ("anc", "alt", "ast", "bilirubin", "creatinine", "cea", "ecog")
    keys = [
        (one, day or EPOCH, name)
        for one, day in zip(patient["patient_id"], patient["enrolled_on"], strict=True)
        for name in names
    ]
    n = len(keys)
    days = [
        day - dt.timedelta(days=age)
        for (_, day, _), age in zip(keys, field.choice([-1, 0, 5, 28, 29], n), strict=True)
    ]
    return {
        "patient_id": [one for one, _, _ in keys],
        "name": [name for _, _, name in keys],
        "measured_on": days,
        "visit": ["screening"] * n,
        "comparator": field.choice(["<", ">", None, None, None], n),
        "value": field.choice([0.5, 1.55, 1.6, 2, 3, 49.9, 50, 60, 60.1, None], n),
        "upper_normal": field.choice([20, 30, 40, 0, None], n),
    }


def _panel_gene() -> dict[str, list[Any]]:
    """One panel covers a gene more than the other: what is covered at both differs."""
    covered = [
        *(("Breast ctDNA panel v1", gene) for gene in ("ESR1", "PIK3CA", "TP53")),
        *(("Breast ctDNA panel v2", gene) for gene in ("ESR1", "PIK3CA", "TP53", "DNMT3A")),
    ]
    return {
        "panel": [panel for panel, _ in covered],
        "gene": [gene for _, gene in covered],
        "alteration": ["sequence"] * len(covered),
    }


def _safety(tables: dict[str, Any], field: Field) -> None:
    """What adverse events are judged by beside grade and dates; changes the tables in place."""
    events = tables["adverse_event"]
    n = len(events["patient_id"])
    events["term"] = field.choice(
        ["neutropenia", "Neutrophil count decreased", "骨髓抑制", "diarrhoea", "Chest wall pain"], n
    )
    events["term_as_written"] = field.choice(["中性粒细胞减少", None, None, None], n)
    events["organ_class"] = field.choice(["Investigations", "GENERAL DISORDERS", None], n)
    events["ctcae_version"] = field.choice(["5.0", "CTCAE v4.03", "5", None], n)
    events["started_on_precision"] = field.choice(["day", "day", "month", None], n)
    events["relatedness"] = field.choice(["related", "related", "not_related", "not_assessable", None], n)
    events["related_to"] = field.choice(
        ["palbociclib", "Palbociclib, letrozole", "capecitabine", "unnamed-1", None], n
    )
    values = tables["measurement"]
    values["lower_normal"] = field.choice([1.6, 0, None, 2], len(values["patient_id"]))
    values["unit"] = field.choice(["10⁹/L", "10⁹/L", "U/L", None], len(values["patient_id"]))


def random_tables(*, n_patients: int, seed: int) -> dict[str, pd.DataFrame]:
    """Canonical tables of `n_patients` random patients, by name; the same seed gives the same records."""
    patients = np.array([f"P{number:05d}" for number in range(n_patients)])
    field = Field(np.random.default_rng(seed), patients)
    samples = _ctdna_sample(field)
    makers: dict[str, Callable[[Field], dict[str, list[Any]]]] = {
        "patient": _patient,
        "treatment": _treatment,
        "response": _response,
        "lesion": _lesion,
        "measurement": _measurement,
        "contact": _contact,
    }
    tables = {name: make(field) for name, make in makers.items()}
    tables |= {"ctdna_sample": samples, "variant": _variant(samples, field), **_others(field)}
    # Drawn apart, so that what eligibility needs changes no other record.
    apart = Field(np.random.default_rng(seed + 1), patients)
    tables |= _screening(tables["patient"], apart)
    for name in ("lesion", "treatment"):
        n = len(tables[name]["patient_id"])
        tables[name]["organ"] = apart.choice(["lung", "lung", "lung", "liver", "lymph_node", None], n)
    screened = _screening_values(tables["patient"], apart)
    earlier = tables["measurement"]
    nothing = [None] * len(earlier["patient_id"])
    tables["measurement"] = {
        name: [*earlier.get(name, nothing), *values] for name, values in screened.items()
    }
    tables["panel_gene"] = _panel_gene()
    _safety(tables, Field(np.random.default_rng(seed + 2), patients))
    return {name: pd.DataFrame(columns) for name, columns in tables.items()}
