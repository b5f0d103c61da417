"""One patient worked by hand through the endpoints of the sample studies (day 0 is 1 January 2024)."""

from pathlib import Path

import pytest

from dashboard.studies.load import load_study
from dashboard.studies.rows import definition_rows
from tests.builders import day, run_mart

STUDIES = Path(__file__).parents[3] / "data" / "studies"


def outcomes(folder, tables):
    tables = {
        **definition_rows(load_study(STUDIES / folder)),
        "patient": [{"patient_id": "P1", "enrolled_on": day(10)}],
        "contact": [
            {
                "patient_id": "P1",
                "contact_on": day(700),
                "vital_status": "alive",
                "is_treatment_reviewed": True,
            }
        ],
        **tables,
    }
    rows = run_mart("time_to_event", tables, columns="endpoint_id, line, status, duration_days, entry_days")
    return {(endpoint, line): (status, days, entry) for endpoint, line, status, days, entry in rows}


def responses(assessor, *dated):
    return [
        {
            "patient_id": "P1",
            "assessed_on": day(number),
            "assessor": assessor,
            "visit": str(number),
            "overall": overall,
            "basis": "imaging",
        }
        for number, overall in dated
    ]


def line(number, agents, started, ended):
    return {
        "patient_id": "P1",
        "treatment_id": f"T{number}",
        "kind": "systemic",
        "intent": "metastatic",
        "agents": agents,
        "line": number,
        "started_on": day(started),
        "ended_on": day(ended) if ended else None,
    }


@pytest.fixture(scope="module")
def cdk46():
    # Enrolled on day 10 of line 1; PR on day 84, PD on day 300; line 2 from day 310, PD on day 420;
    # alive on day 700.
    return outcomes(
        "cdk46",
        {
            "treatment": [line(1, "letrozole + palbociclib", 0, 300), line(2, "capecitabine", 310, 420)],
            "response": responses(
                "treating_physician",
                (84, "pr"),
                (168, "pr"),
                (252, "sd"),
                (300, "pd"),
                (380, "sd"),
                (420, "pd"),
            ),
        },
    )


def test_the_clock_of_each_line_starts_with_it_and_the_patient_joins_at_enrolment(cdk46):
    assert cdk46["PFS", 1] == ("EVENT", 300, 10)
    assert cdk46["PFS_LINE2", 2] == ("EVENT", 110, 0)
    assert cdk46["TIME_TO_SECOND_PROGRESSION", 1] == ("EVENT", 420, 10)
    assert cdk46["OS", 1] == ("CENSORED", 700, 10)
    assert cdk46["PFS_PROTOCOL", None] == ("EVENT", 290, 0)


def test_next_treatment_discontinuation_and_response_duration_are_per_line(cdk46):
    assert cdk46["TTNT", 1] == ("EVENT", 310, 10)
    assert cdk46["TTNT", 2] == ("CENSORED", 390, 0)
    assert cdk46["TTD", 1] == ("EVENT", 300, 10)
    assert cdk46["DOR", 1] == ("EVENT", 216, 0)


@pytest.mark.parametrize("folder", ["cdk46", "k4care"])
@pytest.mark.parametrize(("seen", "waits"), [(419, True), (420, False), (421, False)])
def test_every_recorded_stop_counts_at_once_and_the_other_clock_waits_120_days(folder, seen, waits):
    # Line 1 from day 0, last dose on day 300, no other line; last seen 119, 120 or 121 days after it.
    contact = {
        "patient_id": "P1",
        "contact_on": day(seen),
        "vital_status": "alive",
        "is_treatment_reviewed": True,
    }
    treatment = [line(1, "letrozole + palbociclib", 0, 300)]
    found = outcomes(folder, {"treatment": treatment, "contact": [contact]})
    by_endpoint = {endpoint: row for (endpoint, _), row in found.items() if endpoint.startswith("TTD")}
    assert by_endpoint["TTD_EVERY_STOP"] == ("EVENT", 300, 10)
    assert by_endpoint["TTD"] == ("CENSORED" if waits else "EVENT", 300, 10)


@pytest.mark.parametrize("folder", ["cdk46", "k4care"])
def test_a_response_before_enrolment_counts_from_enrolment_on(folder):
    # Line from day 0, first PR on day 84, PD on day 300; only the day of enrolment differs.
    enrolled = {"after": 83, "on": 84, "before": 85, "day before the end": 299, "end": 300}
    given = {
        **definition_rows(load_study(STUDIES / folder)),
        "patient": [{"patient_id": name, "enrolled_on": day(number)} for name, number in enrolled.items()],
        "treatment": [
            {**line(1, "letrozole + palbociclib", 0, 300), "patient_id": name} for name in enrolled
        ],
        "response": [
            {**row, "patient_id": name}
            for name in enrolled
            for row in responses("treating_physician", (84, "pr"), (168, "pr"), (300, "pd"))
        ],
    }
    rows = run_mart(
        "time_to_event", given, columns="patient_id, endpoint_id, rule, duration_days, entry_days"
    )
    assert {name: rest for name, endpoint, *rest in rows if endpoint == "DOR"} == {
        "after": ["ENDED", 216, 0],
        "on": ["ENDED", 216, 0],
        "before": ["ENDED", 216, 1],
        "day before the end": ["ENDED", 216, 215],
        "end": ["ENDED_BEFORE_ENTRY", None, None],
    }


def test_pfs_as_worded_counts_new_lesions_alone_and_death_competes():
    # PD on day 100: with a new lesion; grown alone and dead on day 200; grown alone, new lesion on day 150.
    def scan(name, number, new_lesion):
        row = {**responses("treating_physician", (number, "pd"))[0], "patient_id": name}
        return {**row, "new_lesion": new_lesion}

    names = ("new", "dead", "later", "grown")
    given = {
        **definition_rows(load_study(STUDIES / "k4care")),
        "patient": [{"patient_id": name, "enrolled_on": day(10)} for name in names],
        "treatment": [{**line(1, "osimertinib", 0, None), "patient_id": name} for name in names],
        "response": [
            scan("new", 100, "yes"),
            scan("dead", 100, "no"),
            scan("later", 100, "no"),
            scan("later", 150, "yes"),
            scan("grown", 100, "no"),
        ],
        "contact": [
            {"patient_id": "dead", "contact_on": day(200), "vital_status": "dead", "died_on": day(200)}
        ],
    }
    rows = run_mart("time_to_event", given, columns="patient_id, endpoint_id, status, duration_days")
    assert {name: rest for name, endpoint, *rest in rows if endpoint == "PFS_PROTOCOL"} == {
        "new": ["EVENT", 100],
        "dead": ["COMPETING", 200],
        "later": ["EVENT", 150],
        "grown": ["CENSORED", 100],
    }


@pytest.fixture(scope="module")
def oligomets():
    # SBRT on days 20 to 25, NED on days 60 and 150, PD on day 390, systemic therapy from day 400;
    # alive on day 700.
    return outcomes(
        "pulmonary-oligomets",
        {
            "treatment": [
                {
                    "patient_id": "P1",
                    "treatment_id": "L1",
                    "kind": "radiotherapy",
                    "modality": "sbrt",
                    "lesion_id": "A",
                    "started_on": day(20),
                    "ended_on": day(25),
                },
                line(1, "capecitabine", 400, None),
            ],
            "response": responses("investigator", (60, "ned"), (150, "ned"), (390, "pd")),
        },
    )


def test_time_to_systemic_therapy_starts_on_the_first_day_of_local_therapy(oligomets):
    assert oligomets["TTST", 1] == ("EVENT", 380, 0)
    assert oligomets["TTST_FROM_COURSE_END", 1] == ("EVENT", 375, 0)
    assert oligomets["STFS", 1] == ("EVENT", 380, 0)
    assert oligomets["OS", 1] == ("CENSORED", 680, 0)


def test_progression_after_a_gap_of_more_than_208_days_counts_in_pfs_and_not_in_fda_a(oligomets):
    assert oligomets["PFS", 1] == ("EVENT", 370, 0)
    assert oligomets["PFS_FDA_A", 1] == ("CENSORED", 130, 0)
