"""Studies without a mistake, drawn at random: no check finds an error in them."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.marts.build import build_marts
from dashboard.quality.run import create_usable_views, run_checks
from tests.builders import KNOWN_ALIVE
from tests.unit.quality.tables import CUT_OFF, connection_with, day

VISIT_PLAN = {
    "item": "draw_2",
    "label": "Second draw",
    "kind": "ctdna",
    "anchor": "enrolment",
    "opens_months": 3,
    "closes_months": 6,
    "grace_days": 30,
    "line_scope": "patient",
    "is_protocol": True,
}
CRITERIA = [
    {"criterion": "I01", "fact": "is_consented", "operator": "is", "value": "yes"},
    {"criterion": "I02", "fact": "age_years", "operator": "at_least", "bound": 18},
]


def dated(column, number):
    return {column: day(number), f"{column}_precision": "day"}


@st.composite
def patients(draw):
    """What one patient without a mistake brings to each table."""
    start = draw(st.integers(0, 300))
    n_scans = draw(st.integers(1, 4))
    size = draw(st.integers(15, 60))
    ends = draw(st.sampled_from(["alive", "dead", "lost"]))
    level = draw(st.sampled_from([None, 700, 25_000]))
    return {
        "start": start,
        "n_scans": n_scans,
        "size": size,
        "ends": ends,
        "level": level,
        "is_progressive": draw(st.booleans()),
        "consent_before": draw(st.integers(0, 20)),
        "age": draw(st.integers(30, 74)),
    }


def records(name, one):
    """The rows of one patient by table; every scan has its lesions and its response."""
    key = {"patient_id": name}
    start, last = one["start"], one["start"] + 84 * one["n_scans"]
    born = dt.date(2023 - one["age"], 6, 15)
    scans = [start - 7, *(start + 84 * number for number in range(1, one["n_scans"] + 1))]
    sizes = [one["size"]] * len(scans)
    if one["is_progressive"]:
        sizes[-1] = 2 * one["size"]
    lesions, responses = [], []
    for number, (scan, size) in enumerate(zip(scans, sizes, strict=True)):
        lesion = {
            **key,
            **dated("assessed_on", scan),
            "visit": f"scan {number}",
            "role": "target",
            "organ": "lung",
        }
        lesions.append(
            {**lesion, "lesion_id": "T1", "diameter_mm": size, "state": "measured", "is_node": False}
        )
        if number:
            said = "pd" if size > one["size"] else "sd"
            responses.append(
                {
                    **key,
                    **dated("assessed_on", scan),
                    "assessor": "investigator",
                    "visit": f"scan {number}",
                    "target": said,
                    "overall": said,
                    "new_lesion": "no",
                    "sum_of_diameters_mm": size,
                    "basis": "imaging",
                }
            )
    return {
        "patient": [
            {
                **key,
                **dated("enrolled_on", start),
                **dated("consented_on", start - one["consent_before"]),
                **dated("primary_diagnosed_on", start - 200),
                **dated("metastatic_on", start - 100),
                "born_on": born,
                "born_on_precision": "day",
                "sex": "female",
                "observed_until": CUT_OFF,
            }
        ],
        "treatment": [
            {
                **key,
                **dated("started_on", start),
                **dated("ended_on", last + 1),
                "treatment_id": "T1",
                "kind": "systemic",
                "intent": "metastatic",
                "line": 1,
                "agents": "osimertinib",
                "stop_reason": "progression" if one["is_progressive"] else "planned",
                "start_reason": "planned",
            }
        ],
        "imaging": [{**key, **dated("imaged_on", scan), "modality": "ct"} for scan in scans],
        "lesion": lesions,
        "response": responses,
        "ctdna_sample": [_sample(name, number, start + 100 * number, one["level"]) for number in (0, 1)],
        "variant": [_variant(name, number, one["level"]) for number in (0, 1)],
        "contact": [
            {**key, **dated("contact_on", start), "vital_status": "alive"},
            {
                **key,
                **dated("contact_on", last + 30),
                "vital_status": one["ends"],
                **(dated("died_on", last + 30) | {"death_cause": "cancer"} if one["ends"] == "dead" else {}),
            },
        ],
        "adverse_event": [
            {
                **key,
                **dated("started_on", start + 5),
                **dated("ended_on", start + 9),
                "event_id": "AE1",
                "term": "rash",
                "grade": 1,
                "is_serious": False,
            }
        ],
    }


def _sample(name, number, collected, level):
    return {
        "patient_id": name,
        "sample_id": f"{name}-{number}",
        "laboratory_id": f"{name}-{number}",
        **dated("collected_on", collected),
        **dated("received_on", collected + 1),
        **dated("reported_on", collected + 9),
        "status": "detected" if level else "not_detected",
        "assay": "K",
        "panel": "K",
        "lod_ppm": 500,
    }


def _variant(name, number, level):
    return {
        "sample_id": f"{name}-{number}",
        "gene": "KRAS",
        "variant": "p.G12D",
        "status": "detected" if level else "not_detected",
        "is_tracked": True,
        "maf_ppm": level,
    }


def found_in(everybody):
    """Data issues of a study of these patients after the whole order of a build."""
    tables = {"visit_plan": [VISIT_PLAN]}
    tables["criterion"] = [
        {"reading": "", "label": "", "kind": "inclusion", "is_in_force": True, **one} for one in CRITERIA
    ]
    tables["known_alive_source"] = [{"source_table": name} for name in KNOWN_ALIVE]
    tables["drug_class"] = [
        {"agent": "osimertinib", "drug_class": "egfr_tki", "opens_line": True, "is_oral": True}
    ]
    for number, one in enumerate(everybody):
        for table, rows in records(f"P{number}", one).items():
            tables.setdefault(table, []).extend(rows)
    connection = connection_with(tables)
    run_checks(connection, stage="canonical")
    create_usable_views(connection)
    build_marts(connection)
    run_checks(connection, stage="marts")
    return connection.execute(
        "select check_id, severity, patient_id, value_text from data_issue order by all"
    ).fetchall()


@pytest.mark.slow
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(patients(), min_size=8, max_size=30))
def test_a_study_without_a_mistake_has_no_error(everybody):
    assert [issue for issue in found_in(everybody) if issue[1] == "error"] == []


def test_the_same_study_with_one_mistake_has_that_error():
    one = {
        "start": 10,
        "n_scans": 2,
        "size": 30,
        "ends": "alive",
        "level": 700,
        "is_progressive": False,
        "consent_before": -1,
        "age": 60,
    }
    errors = [issue[0] for issue in found_in([one]) if issue[1] == "error"]
    assert errors == ["DQ04"]
