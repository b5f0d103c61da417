"""Six patients whose ctDNA was detected at baseline, and the endpoint of a sample study that follows them."""

from pathlib import Path

from dashboard.studies.load import load_study
from dashboard.studies.rows import definition_rows
from tests.builders import day, run_mart

STUDIES = Path(__file__).resolve().parents[4] / "data" / "studies"
ENDPOINT = "TIME_TO_CLEARANCE"
# Patient: draws after the baseline (day, status), day of PD, last contact (day, alive or dead).
PATIENTS = {
    "cleared on day 60": ([(60, "not_detected")], None, (200, "alive")),
    "detected, PD on day 100": ([(60, "detected")], 100, (200, "alive")),
    "detected, last seen on day 200": ([(60, "detected")], None, (200, "alive")),
    "no second sample, last seen on day 200": ([], None, (200, "alive")),
    "no second sample, died on day 150": ([], None, (150, "dead")),
    "second sample failed, last seen on day 200": ([(60, "failed")], None, (200, "alive")),
}


def sample(patient_id, at, status):
    return {
        "sample_id": f"{patient_id} {at}",
        "patient_id": patient_id,
        "collected_on": day(at),
        "status": status,
        "panel": "K",
        "assay": "K",
        "quantity_kind": "maf_ppm" if status == "detected" else None,
        "quantity_value": 5000 if status == "detected" else None,
    }


def facts(patients):
    """Tables of these patients, all of them on line 1 from day 1."""
    found = {"patient": [], "treatment": [], "ctdna_sample": [], "response": [], "contact": []}
    for one, (draws, progressed, (seen, status)) in patients.items():
        found["patient"].append({"patient_id": one, "enrolled_on": day(0)})
        found["treatment"].append(
            {
                "patient_id": one,
                "treatment_id": "T1",
                "kind": "systemic",
                "line": 1,
                "started_on": day(1),
                "agents": "osimertinib",
                "regimen": "osimertinib",
            }
        )
        found["ctdna_sample"] += [sample(one, *draw) for draw in [(0, "detected"), *draws]]
        if progressed is not None:
            found["response"].append(
                {
                    "patient_id": one,
                    "assessed_on": day(progressed),
                    "assessor": "treating_physician",
                    "overall": "pd",
                    "basis": "imaging",
                }
            )
        died_on = day(seen) if status == "dead" else None
        found["contact"].append(
            {"patient_id": one, "contact_on": day(seen), "vital_status": status, "died_on": died_on}
        )
    return found


def tables(study_id, patients):
    """Tables of these patients with the endpoint as the study defines it."""
    defined = definition_rows(load_study(STUDIES / study_id))
    own = {
        name: [row for row in defined[name] if row["endpoint_id"] == ENDPOINT]
        for name in ("endpoint", "endpoint_rule")
    }
    panels = [{"panel": "K", "assay": "K", "tracks": "tumour_informed"}]
    return {**facts(patients), **own, "assay_panel": panels}


def times(study_id, patients):
    """Patient, status and days of that endpoint."""
    return run_mart("time_to_event", tables(study_id, patients), columns="patient_id, status, duration_days")
