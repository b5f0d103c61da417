"""Completeness on rows a clinician can check by hand: every state of every kind of item."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.charts.completeness import MOST_NAMED, MatrixOptions, completeness_chart
from dashboard.figures.completeness.matrix import (
    completeness,
    completeness_by_item,
    completeness_by_site,
    completeness_cuts,
    completeness_item,
    completeness_matrix,
)
from dashboard.figures.completeness.request import CompletenessRequest, Item, completeness_request
from dashboard.studies.cohort import Cohort
from dashboard.studies.load import load_study
from dashboard.tables.completeness_cells import STATES
from tests.builders import DAY_ZERO, day
from tests.small_study import write_small_study
from tests.unit.figures.readers import memory_reader

KEYS = (
    "draw_2",
    "vital_status",
    "stop_reason",
    "draw_reason",
    "death_cause",
    "event_grade",
    "event_relation",
    "eligibility",
    "consent",
    "characteristic.smoking",
    "patient.stage",
)
REQUEST = CompletenessRequest(
    items=tuple(Item(key, key.upper(), "Group") for key in KEYS),
    facts=(("characteristic", "smoking"), ("patient", "stage")),
    after_days=28,
    counts_only_below=25,
)
PLAN = {
    "item": "draw_2",
    "kind": "ctdna",
    "label": "Second draw",
    "anchor": "enrolment",
    "opens_days": 90,
    "closes_days": 180,
    "grace_days": 30,
    "is_protocol": True,
}
FIRST = PLAN | {"item": "draw_1", "label": "First draw", "opens_days": -28, "closes_days": 14}
# Enrolled on day 0 the second window closes on day 180, its grace on day 210; of "new" it is open.
CUT_OFF = day(400)
PEOPLE = {"drawn": "01", "overdue": "01", "not done": "01", "died": "02", "withdrew": "02", "new": "02"}


def sample(patient_id, number, status="detected", **values):
    start = day(310) if patient_id == "new" else DAY_ZERO
    return {
        "sample_id": f"{patient_id} {number}",
        "patient_id": patient_id,
        "collected_on": start + dt.timedelta(days=number),
        "status": status,
        "panel": "K",
    } | values


def tables():
    enrolled = {name: day(310) if name == "new" else DAY_ZERO for name in PEOPLE}
    return {
        "study": [{}],
        "visit_plan": [FIRST, PLAN],
        "patient": [
            {
                "patient_id": name,
                "site_id": site,
                "enrolled_on": enrolled[name],
                "consented_on": None if name == "overdue" else enrolled[name],
                "tumour_type": None if name == "new" else "lung",
                "stage": "IV" if name == "drawn" else None,
                "observed_until": CUT_OFF,
            }
            for name, site in PEOPLE.items()
        ]
        + [{"patient_id": "screened", "site_id": "01"}],
        "ctdna_sample": [
            sample("drawn", 0, reason="enrolment"),
            sample("drawn", 120),
            sample("overdue", 0, reason="unknown"),
            sample("not done", 100, "not_done", failure_reason="no vein"),
        ],
        "contact": [
            {"patient_id": "drawn", "contact_on": day(395), "vital_status": "alive"},
            {"patient_id": "overdue", "contact_on": day(100), "vital_status": "alive"},
            {"patient_id": "not done", "contact_on": day(395), "vital_status": "alive"},
            {
                "patient_id": "died",
                "contact_on": day(60),
                "vital_status": "dead",
                "died_on": day(60),
                "death_cause": "unknown",
            },
            {"patient_id": "new", "contact_on": day(395), "vital_status": "alive"},
        ],
        "disposition": [
            {"patient_id": "withdrew", "kind": "withdrawal_of_consent", "happened_on": day(80)},
            {"patient_id": "screened", "kind": "screen_failure"},
        ],
        "treatment": [
            {
                "patient_id": name,
                "treatment_id": "T1",
                "kind": "systemic",
                "line": 1,
                "agents": "osimertinib",
                "started_on": DAY_ZERO,
                "ended_on": day(50),
                "stop_reason": reason,
            }
            for name, reason in (("drawn", "toxicity"), ("overdue", None), ("not done", "unknown"))
        ],
        "adverse_event": [
            {"patient_id": "drawn", "event_id": "1", "term": "nausea", "grade": 1, "relatedness": "related"},
            {"patient_id": "drawn", "event_id": "2", "term": "rash"},
            {"patient_id": "overdue", "event_id": "1", "term": "nausea"},
        ],
        "characteristic": [
            {"patient_id": "drawn", "name": "smoking", "value": "never"},
            {"patient_id": "overdue", "name": "smoking", "value": "unknown"},
        ],
        "criterion": [
            {
                "criterion_no": 1,
                "criterion": "I01",
                "reading": "",
                "label": "Lung cancer",
                "kind": "inclusion",
                "fact": "tumour_type",
                "operator": "is",
                "value": "lung",
                "is_in_force": True,
            }
        ],
    }


@pytest.fixture(scope="module")
def reader():
    return memory_reader(tables(), cut_off=CUT_OFF)


@pytest.fixture(scope="module")
def states(reader):
    cells = completeness(reader, REQUEST).cells
    return cells.pivot(index="patient_id", columns="item", values="state")


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("draw_2", "DONE MISSING REASON NOT_EXPECTED NOT_EXPECTED NOT_DUE"),
        ("vital_status", "DONE MISSING DONE NOT_EXPECTED NOT_EXPECTED DONE"),
        ("stop_reason", "DONE MISSING REASON NOT_EXPECTED NOT_EXPECTED NOT_EXPECTED"),
        # The first draw of "drawn" has a reason, the second none; that of "overdue" says unknown.
        ("draw_reason", "PARTIAL REASON NOT_EXPECTED NOT_EXPECTED NOT_EXPECTED NOT_EXPECTED"),
        ("death_cause", "NOT_EXPECTED NOT_EXPECTED NOT_EXPECTED REASON NOT_EXPECTED NOT_EXPECTED"),
        ("event_grade", "PARTIAL MISSING NOT_EXPECTED NOT_EXPECTED NOT_EXPECTED NOT_EXPECTED"),
        ("event_relation", "PARTIAL MISSING NOT_EXPECTED NOT_EXPECTED NOT_EXPECTED NOT_EXPECTED"),
        ("eligibility", "DONE DONE DONE DONE DONE MISSING"),
        ("consent", "DONE MISSING DONE DONE DONE DONE"),
        ("characteristic.smoking", "DONE REASON MISSING MISSING MISSING MISSING"),
        ("patient.stage", "DONE MISSING MISSING MISSING MISSING MISSING"),
    ],
)
def test_every_state_of_an_item(states, item, expected):
    found = {name: states.loc[name, item] for name in PEOPLE}
    assert found == dict(zip(PEOPLE, expected.split(), strict=True))


def test_a_screening_failure_is_not_asked_for_anything(states):
    assert sorted(states.index) == sorted(PEOPLE)


def test_the_states_of_an_item_add_up_to_all_patients(reader):
    table = completeness_by_item(reader, REQUEST).table.set_index("Item")
    assert (table[list(STATES.values())].sum(axis="columns") == len(PEOPLE)).all()
    assert table.loc["DRAW_2", "Done of expected"] == "1 of 3"
    assert table.loc["DRAW_2", "Done of due"] == "1 of 3"
    assert list(table.index) == [key.upper() for key in KEYS]


def test_sites_and_items_count_the_same_cells(reader):
    items, sites = completeness_by_item(reader, REQUEST).rows, completeness_by_site(reader, REQUEST).rows
    columns = [f"n_cells_{code.lower()}" for code in STATES]
    assert items[columns].sum().tolist() == sites[columns].sum().tolist()
    assert dict(zip(sites["site_id"], sites["n_patients"], strict=True)) == {"01": 3, "02": 3}


def test_an_item_that_asks_nobody_is_left_out(reader):
    request = replace(REQUEST, items=(*REQUEST.items, Item("laboratory_result", "Result", "Records")))
    assert "Result" not in list(completeness_by_item(reader, request).table["Item"])


def test_the_overdue_draws_are_those_of_the_follow_up(reader):
    overdue = reader.rows("select patient_id from follow_up where item = 'draw_2' and state = 'OVERDUE'")
    shown = completeness_item(reader, replace(REQUEST, item="draw_2", states=("MISSING", "REASON"))).table
    assert sorted(shown["Patient"]) == sorted(overdue["patient_id"])
    said = shown.set_index("Patient")["Why"]
    assert said["not done"] == "Second draw: no vein."
    assert said["overdue"].startswith("Second draw: overdue 220 days")


def test_the_matrix_has_every_patient_with_most_missing_first(reader):
    figure = completeness_matrix(reader, REQUEST)
    assert figure.table["Patient"].iloc[0] == "overdue"
    assert len(figure.rows) == len(PEOPLE) * len(KEYS)
    assert figure.table.set_index("Patient").loc["not done", "DRAW_2"] == "Missing, reason recorded"


def test_a_cohort_counts_its_patients_only(reader):
    one_site = replace(REQUEST, cohort=Cohort(site_ids=("02",)))
    assert completeness(reader, one_site).n_patients == 3
    assert set(completeness(reader, one_site).cells["site_id"]) == {"02"}


def test_each_data_cut_has_a_column_and_its_own_numbers(reader):
    earlier = {**tables(), "patient": tables()["patient"][:2]}
    first = memory_reader(earlier, cut_off=day(300))
    table = completeness_cuts([first, reader], REQUEST).table.set_index("Item")
    assert list(table) == ["27 Oct 2024", "4 Feb 2025"]
    assert table.loc["CONSENT"].tolist() == ["1 of 2", "5 of 6"]
    assert table.loc["DEATH_CAUSE"].tolist() == ["–", "0 of 1"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("n", [20, MOST_NAMED, MOST_NAMED + 1, 320])
def test_the_heat_map_draws_every_cell_and_names_patients_while_there_is_room(reader, theme, n):
    cells = completeness(reader, REQUEST).cells
    one = cells[cells["patient_id"] == "drawn"].assign(label=lambda frame: frame["item"])
    people = tuple(f"P{number:03d}" for number in range(n))
    many = [one.assign(patient_id=name, site_id=f"{place % 2}") for place, name in enumerate(people)]
    options = MatrixOptions(patients=people, items=KEYS, by_site=True, theme=theme)
    spec = completeness_chart(pd.concat(many), options=options)
    assert len(spec["datasets"]["cells"]) == n * len(KEYS)
    assert spec["layer"][0]["encoding"]["x"]["axis"]["labels"] is (n <= MOST_NAMED)
    # Sites alternate here, so every patient but the first begins one.
    assert sum(row["is_site_start"] for row in spec["datasets"]["cells"]) == n - 1


def test_the_items_of_a_study_are_its_plan_its_records_and_its_characteristics(tmp_path):
    study = load_study(write_small_study(tmp_path))
    request = completeness_request(study, cohort=Cohort())
    keys = [item.key for item in request.items]
    assert len(set(keys)) == len(keys)
    assert {"vital_status", "response", "stop_reason", "consent", "patient.sex", "measurement.ecog"} <= set(
        keys
    )
    assert not [key for key in keys if key.startswith("index_line.") or key == "patient.site_id"]
