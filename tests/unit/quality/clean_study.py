"""Patients without a mistake, drawn at random, and the tables of a study made of them."""

import datetime as dt
import re
from functools import cache

from hypothesis import strategies as st

from dashboard.marts.build import ORDER, build_marts
from dashboard.quality.run import catalogue, create_usable_views, run_checks
from tests.builders import KNOWN_ALIVE, marts_behind
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
    {"criterion": "I03", "fact": "her2_status", "operator": "is", "value": "0 | 1+ | 2+ ISH-"},
    {"criterion": "I04", "fact": "characteristic.hormone_receptor", "operator": "is", "value": "positive"},
    {"criterion": "I05", "fact": "ned_months", "operator": "at_least", "bound": 6},
    {"criterion": "I06", "fact": "measurement.ecog", "operator": "at_most", "bound": 2},
]
GENES = {"KRAS": "p.G12D", "TP53": "p.R175H", "APC": "p.R876*", "BRAF": "p.V600E"}
# Near what DQ70 looks for, and nothing that names a person.
TEXTS = (
    "MRI of the head, no new lesion",
    "BN ổn định",
    "seen on 12 March, see the report of the hospital",
    "肺部病灶稳定",
    "giảm bạch cầu trung tính",
)
SIZES = {"sd": 1.0, "pd": 2.0, "pr": 0.5, "cr": 0.0}


@st.composite
def patients(draw):
    """What one patient without a mistake brings to each table."""
    return {
        "start": draw(st.integers(0, 300)),
        "n_scans": draw(st.integers(1, 4)),
        "size": draw(st.integers(16, 60)),
        "course": draw(st.sampled_from(sorted(SIZES))),
        "has_others": draw(st.booleans()),
        "has_new_lesion": draw(st.booleans()),
        "ends": draw(st.sampled_from(["alive", "dead", "lost"])),
        "level": draw(st.sampled_from([None, 700, 25_000])),
        "consent_before": draw(st.integers(0, 20)),
        "age": draw(st.integers(30, 74)),
        "ecog": draw(st.integers(0, 2)),
        "her2": draw(st.sampled_from(["0", "1+", "2+ ISH-"])),
        "event": draw(st.sampled_from(["mild", "serious", "fatal"])),
        "fractions": draw(st.sampled_from([None, 3, 5, 8])),
        "text": draw(st.sampled_from(TEXTS)),
    }


def with_everything(number):
    """Of eight in a row some bring something to every check; every second one dies."""
    return {
        "start": 10 * number,
        "n_scans": 3,
        "size": 30,
        "course": ("cr", "pr", "pd", "sd")[number % 4],
        "has_others": True,
        "has_new_lesion": True,
        "ends": "dead" if number % 2 else "alive",
        "level": None if number % 8 == 7 else 25_000,
        "consent_before": 0,
        "age": 60,
        "ecog": 2,
        "her2": "2+ ISH-",
        "event": "fatal" if number % 2 else "serious",
        "fractions": 5,
        "text": TEXTS[number % len(TEXTS)],
    }


def dated(column, number):
    return {column: day(number), f"{column}_precision": "day"}


def records(name, one):
    """The rows of one patient by table; every scan has its lesions and its response."""
    key = {"patient_id": name}
    start, last = one["start"], one["start"] + 84 * one["n_scans"]
    scans = [start - 7, *(start + 84 * number for number in range(1, one["n_scans"] + 1))]
    tables = {
        "patient": [key | _person(one, start)],
        "treatment": [key | row for row in _treatments(one, start, last)],
        "imaging": [
            {**key, **dated("imaged_on", scan), "modality": "ct", "conclusion": one["text"]} for scan in scans
        ],
        "lesion": [],
        "response": [],
        "ctdna_sample": [_sample(name, number, start + 50 * number, one["level"]) for number in range(3)],
        "variant": [row for number in range(3) for row in _variants(name, number, one["level"])],
        "contact": [key | row for row in _contacts(one, start, last)],
        "adverse_event": [key | row for row in _events(one, start, last)],
        "pathology": [
            {
                **key,
                **dated("taken_on", start - 30),
                "specimen": "metastasis",
                "test": "her2",
                "result": one["her2"],
            }
        ],
        "characteristic": [{**key, "name": "hormone_receptor", "value": "positive"}],
        "measurement": [key | row for row in _scores(one, start, last)],
        "visit": [{**key, **dated("visit_on", start), "visit": "V1", "has_occurred": True}],
        "disposition": [],
        "reported_outcome": [{**key, "outcome": "TTST", "event_observed": True}] if one["fractions"] else [],
    }
    for number, scan in enumerate(scans):
        lesions, response = _assessed(one, number, scan, is_last=scan == scans[-1])
        tables["lesion"] += [key | row for row in lesions]
        tables["response"] += [key | response] if number else []
    if one["ends"] == "lost":
        left = {"kind": "lost_to_follow_up", "reason": one["text"]}
        tables["disposition"] = [{**key, **dated("happened_on", last + 30), **left}]
    return tables


def _person(one, start):
    return {
        **dated("enrolled_on", start),
        **dated("consented_on", start - one["consent_before"]),
        **dated("primary_diagnosed_on", start - 500),
        **dated("metastatic_on", start - 100),
        **dated("ned_on", start - 290),
        **dated("oligometastatic_on", start - 100),
        "ned_basis": "surgery",
        "born_on": dt.date(2023 - one["age"], 6, 15),
        "born_on_precision": "day",
        "sex": "female",
        "observed_until": CUT_OFF,
    }


def _treatments(one, start, last):
    is_dead = one["ends"] == "dead" and one["course"] != "pd"
    why = "progression" if one["course"] == "pd" else "death" if is_dead else "planned"
    yield {
        **dated("started_on", start),
        **dated("ended_on", last + 1),
        "treatment_id": "T1",
        "kind": "systemic",
        "intent": "metastatic",
        "line": 1,
        "agents": "osimertinib",
        "stop_reason": why,
        "start_reason": "planned",
    }
    if one["fractions"]:
        yield {
            **dated("started_on", start - 6),
            **dated("ended_on", start - 6 + one["fractions"]),
            "treatment_id": "LT1",
            "kind": "radiotherapy",
            "modality": "sbrt",
            "lesion_id": "L1",
            "total_dose_gy": 10 * one["fractions"],
            "fractions": one["fractions"],
            "dose_per_fraction_gy": 10,
        }


def _assessed(one, number, scan, *, is_last):
    """Lesions of one scan, and the response they give."""
    changes = number > 0 and (one["course"] != "pd" or is_last)
    said = one["course"] if changes else "sd"
    size = round(one["size"] * (SIZES[said] if number else 1))
    has_new = said == "pd" and one["has_new_lesion"]
    others = {"cr": "cr"}.get(said, "non_cr_non_pd") if one["has_others"] else None
    place = {**dated("assessed_on", scan), "visit": f"scan {number}"}
    target = {"lesion_id": "T1", "role": "target", "organ": "lung", "diameter_mm": size, "state": "measured"}
    lesions = [{**place, **target, "is_node": False, "location": one["text"]}]
    if others:
        state = "absent" if others == "cr" else "present"
        lesions.append({**place, "lesion_id": "NT1", "role": "non_target", "organ": "bone", "state": state})
    if one["fractions"]:
        lesions.append({**place, "lesion_id": "L1", "role": "treated", "organ": "lung", "state": "present"})
    if has_new:
        lesions.append({**place, "lesion_id": "N1", "role": "new", "organ": "liver", "state": "present"})
    response = {
        **place,
        "assessor": "investigator",
        "target": said,
        "non_target": others,
        "overall": said,
        "new_lesion": "yes" if has_new else "no",
        "sum_of_diameters_mm": size,
        "as_written": one["text"],
        "basis": "imaging",
    }
    return lesions, response


def _contacts(one, start, last):
    yield {**dated("contact_on", start), "vital_status": "alive"}
    death = dated("died_on", last + 30) | {"death_cause": "cancer", "death_cause_as_written": one["text"]}
    yield {
        **dated("contact_on", last + 30),
        "vital_status": one["ends"],
        **(death if one["ends"] == "dead" else {}),
    }


def _events(one, start, last):
    mild = {**dated("started_on", start + 5), **dated("ended_on", start + 9), "event_id": "AE1", "grade": 1}
    yield {**mild, "term": "rash", "term_as_written": one["text"], "is_serious": False}
    is_fatal = one["event"] == "fatal" and one["ends"] == "dead"
    criterion = "death" if is_fatal else "hospitalisation"
    if one["event"] != "mild":
        serious = {
            "event_id": "AE2",
            "term": "pneumonitis",
            "is_serious": True,
            "serious_criterion": criterion,
        }
        yield {**dated("started_on", last), **serious, "grade": 5 if is_fatal else 3}


def _scores(one, start, last):
    yield {**dated("measured_on", start - 2), "name": "ecog", "value": one["ecog"], "visit": "screening"}
    if one["ends"] == "dead":
        yield {**dated("measured_on", last + 30), "name": "ecog", "value": 5, "visit": "last"}


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


def _variants(name, number, level):
    """Two files in turn: what a file holds is judged against the others."""
    for place, (gene, change) in enumerate(GENES.items()):
        yield {
            "sample_id": f"{name}-{number}",
            "gene": gene,
            "variant": change,
            "status": "detected" if level else "not_detected",
            "is_tracked": True,
            "maf_ppm": level,
            "source_file": f"variants_{(number + place) % 2}.csv",
        }


def study_of(everybody, *, index_origin):
    """Connection to a study of these patients after a build of what the checks read."""
    tables = {"visit_plan": [VISIT_PLAN]}
    tables["study"] = [{"index_origin": index_origin, "key_class": "egfr_tki"}]
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
    build_marts(connection, names=_marts_of_checks())
    run_checks(connection, stage="marts")
    return connection


@cache
def _marts_of_checks():
    texts = " ".join(f"{check.sql} {check.applies_to}" for check in catalogue())
    return marts_behind(*(set(re.findall(r"\w+", texts)) & set(ORDER)))
