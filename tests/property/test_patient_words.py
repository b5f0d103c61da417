"""Every patient of every sample study: header, cards and worklist say the same of one fact."""

import datetime as dt

import pytest

from dashboard.figures.patient.background import BackgroundRequest, patient_background
from dashboard.figures.patient.header import header_request, patient_header
from dashboard.figures.patient.statements import StatementsRequest, patient_statements
from dashboard.store.reader import Reader
from dashboard.studies.load import load_study
from dashboard.tables.formats import format_date
from dashboard.tables.patient_timeline import Clock
from tests.property.test_patient_texts import ROOT

CLOCK = Clock(dt.date(2024, 1, 1))


@pytest.fixture(scope="module", params=["k4care", "cdk46", "pulmonary-oligomets"])
def reader(request, sample_snapshot) -> Reader:
    """The current data cut of a sample study."""
    return Reader(sample_snapshot(request.param), None)


@pytest.fixture(scope="module")
def study(reader):
    return load_study(ROOT / "data" / "studies" / reader.snapshot.study_id)


def patients(reader, condition, *, joined=""):
    found = reader.records(
        f"select distinct summary.patient_id from patient_summary as summary {joined} "
        f"where {condition} order by 1"
    )
    return [row["patient_id"] for row in found]


def sentences(reader, patient_id, kind):
    said = patient_statements(reader, StatementsRequest(patient_id=patient_id, clock=CLOCK))
    return [one.sentence for one in said.of(kind)]


def cell(reader, study, patient_id, title):
    header = patient_header(reader, header_request(study, patient_id))
    return next(one for one in header.cells if one.title == title)


def test_imaging_nobody_has_assessed_is_in_the_header_and_among_what_is_not_known(reader, study):
    unread = {
        row["patient_id"]: row["unread_imaging_on"]
        for row in reader.records(
            "select patient_id, unread_imaging_on from patient_summary where unread_imaging_on is not null"
        )
    }
    for patient_id, day in unread.items():
        lines = [line.text for line in cell(reader, study, patient_id, "Last scan").lines]
        assert [text for text in lines if "recorded" in text and format_date(day) in text], patient_id
        said = sentences(reader, patient_id, "UNKNOWN")
        assert [
            text
            for text in said
            if "scan" in text.lower() or "imaging" in text.lower()
            if format_date(day) in text
        ]
    later = patients(reader, "said.rule like 'IMAGING_UNREAD%'",
                     joined="inner join patient_statement as said using (patient_id)")  # fmt: skip
    assert set(later) <= set(unread)
    assert later or reader.snapshot.study_id != "k4care"


def test_who_stands_on_the_worklist_without_imaging_has_the_sentence(reader):
    listed = patients(reader, "reason_no = 6", joined="inner join reason_to_look using (patient_id)")
    assert listed
    for patient_id in listed:
        assert [text for text in sentences(reader, patient_id, "UNKNOWN") if text.startswith("No imaging")]


def test_a_rise_is_called_one_first_whatever_runs_on_the_present_line(reader, study):
    rising = patients(reader, "ctdna_direction = 'RISING'")
    for patient_id in rising:
        state = next(text for text in sentences(reader, patient_id, "SAY") if text.startswith("ctDNA still"))
        assert state.startswith("ctDNA still detected, rising"), patient_id
        how = [line.text for line in cell(reader, study, patient_id, "Last ctDNA").lines]
        assert [text for text in how if "rising over the lowest" in text], patient_id
    assert rising or reader.snapshot.study_id == "pulmonary-oligomets"


def test_the_latest_line_that_stopped_for_a_progression_nobody_assessed_is_named(reader):
    stopped = reader.records(
        "select m.patient_id, max(m.line) as line from milestone as m "
        "inner join usable_patient as p on m.patient_id = p.patient_id "
        "where m.detail = 'treatment_stop' and m.occurred_on >= p.enrolled_on group by m.patient_id"
    )
    for row in stopped:
        said = sentences(reader, row["patient_id"], "SAY")
        assert [text for text in said if text.startswith(f"Line {row['line']} stopped for progression")]
    assert stopped or reader.snapshot.study_id != "k4care"


def test_parts_of_a_report_joined_are_never_said_to_agree_with_it(reader):
    joined = "inner join overall_response as response using (patient_id)"
    condition = "response.is_from_parts and not response.is_baseline"
    found = patients(reader, condition, joined=joined)
    for patient_id in found:
        days = reader.records(
            "select assessed_on from overall_response where patient_id = $patient_id and is_from_parts",
            {"patient_id": patient_id},
        )
        agreeing = [
            text for text in sentences(reader, patient_id, "SAY") if "calculated response agree" in text
        ]
        assert not [text for text in agreeing for row in days if format_date(row["assessed_on"]) in text]
    assert found or reader.snapshot.study_id != "k4care"


def test_after_local_therapy_nothing_is_called_calculated_and_every_patient_has_a_lead_time(sample_snapshot):
    reader = Reader(sample_snapshot("pulmonary-oligomets"), None)
    study = load_study(ROOT / "data" / "studies" / "pulmonary-oligomets")
    treated = patients(reader, "summary.first_local_on is not null")
    assert treated
    for patient_id in treated:
        words = patient_background(
            reader, BackgroundRequest(patient_id=patient_id, clock=CLOCK, setting=None)
        ).responses
        last = cell(reader, study, patient_id, "Last scan")
        said = [*words, last.value, *sentences(reader, patient_id, "SAY")]
        assert not [text for text in said if "calculat" in text], patient_id
        lead = reader.records(
            "select rule from patient_statement where patient_id = $patient_id and statement = 'LEAD_TIME'",
            {"patient_id": patient_id},
        )
        assert len(lead) == 1, patient_id
