"""Who is named in the sample studies by check, overdue item and reason to look: planted, and others why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from dashboard.demo.studies import planted, planted_edits
from dashboard.store.reader import Reader

pytestmark = pytest.mark.slow
STUDIES = ("k4care", "cdk46", "pulmonary-oligomets")


@pytest.fixture(scope="module")
def readers(sample_snapshot) -> dict[str, Reader]:
    return {name: Reader(sample_snapshot(name)) for name in STUDIES}


def patients(reader, check_id):
    rows = reader.records(
        "select distinct patient_id from data_issue where check_id = $check_id", {"check_id": check_id}
    )
    return {row["patient_id"] for row in rows}


@dataclass(frozen=True)
class Found:
    """Whom a check finds: who is planted under these names, and who else, by the reason."""

    study: str
    where: str
    planted: tuple[str, ...]
    others: Mapping[str, set[str]] = field(default_factory=dict)

    @property
    def patients(self) -> set[str]:
        """Everybody."""
        named = {patient for name in self.planted for patient in planted(self.study)[name]}
        assert not any(named & others for others in self.others.values())
        return named.union(*self.others.values())


def corrected_to_progression(study):
    """Patients with a partial response corrected to progression between two data cuts, as planted."""
    edits = planted_edits(study)
    return {edit.row_key[0] for edit in edits if edit.kind == "corrected_response" and edit.new == "pd"}


CORRECTED = "a partial response was corrected to progression; scans, targets and drugs stayed as they were"
LAST_FAILED = "the assay failed at its own rate, and it was the last draw"
SCAN_MISSED = "a scan was missed at the rate of the sample study, and none followed"
BY_CHECK = (
    Found("k4care", "DQ01", (), {"two rows under one identifier that differ": {"K4C-0299"}}),
    Found("k4care", "DQ14", ("everything_on_one_day",)),
    Found(
        "k4care",
        "DQ23",
        ("same_line_after_progression",),
        {CORRECTED: {"K4C-0060", "K4C-0071"}},
    ),
    Found(
        "k4care",
        "DQ28",
        ("no_imaging",),
        {"enrolled after the progression of line 1, whose scans lie before the study": {"K4C-0185"}},
    ),
    Found("k4care", "DQ29", ("response_differs",), {CORRECTED: {"K4C-0071"}}),
    Found(
        "k4care",
        "DQ39",
        ("failed_without_redraw", "only_failed_samples"),
        {LAST_FAILED: {"K4C-0042", "K4C-0050", "K4C-0099", "K4C-0137", "K4C-0140", "K4C-0153"}},
    ),
    Found("k4care", "DQ59", ("no_ctdna",)),
    Found("cdk46", "DQ14", ("everything_on_one_day",)),
    Found("cdk46", "DQ23", ("same_line_after_progression",), {CORRECTED: {"CDK-0040", "CDK-0177"}}),
    Found(
        "cdk46",
        "DQ28",
        ("no_imaging", "add_on_day_60", "add_on_day_95", "chemotherapy_then_maintenance"),
    ),
    Found(
        "cdk46",
        "DQ29",
        ("response_differs",),
        {
            CORRECTED: {"CDK-0040", "CDK-0177"},
            "the sum is 32 % below its baseline, the volume not yet a partial response": {"CDK-0096"},
        },
    ),
    Found(
        "cdk46",
        "DQ39",
        ("failed_without_redraw", "only_failed_samples"),
        {LAST_FAILED: {"CDK-0071", "CDK-0079", "CDK-0089", "CDK-0091", "CDK-0210"}},
    ),
    Found("cdk46", "DQ56", ("her2_2_without_ish",)),
    Found("pulmonary-oligomets", "DQ17B", ("metastatic_date_of_the_lung",)),
    Found("pulmonary-oligomets", "DQ39", ("failed_sample",)),
    Found(
        "pulmonary-oligomets",
        "DQ59",
        ("ineligible_cea",),
        {"the largest nodule is 8 to 10 mm": {"OLI-004", "OLI-006", "OLI-010", "OLI-015"}},
    ),
    Found("pulmonary-oligomets", "DQ64", ("ineligible_ned_interval",)),
)
SCANS_NOT_DONE = ("scan_overdue", "no_imaging", "newly_detected_no_scan", "everything_on_one_day")
BY_OVERDUE_ITEM = (
    Found("k4care", "CT or MRI", SCANS_NOT_DONE, {SCAN_MISSED: {"K4C-0083"}}),
    Found("k4care", "ctDNA result", ("pending_long",)),
    Found(
        "cdk46",
        "CT or MRI",
        SCANS_NOT_DONE,
        {
            SCAN_MISSED: {
                *("CDK-0125", "CDK-0134", "CDK-0154", "CDK-0161", "CDK-0179", "CDK-0253", "CDK-0276")
            }
        },
    ),
    Found("cdk46", "ctDNA result", ("pending_long",)),
)
BY_REASON_TO_LOOK = (
    Found("k4care", "DETECTED_IN_RESPONSE", ("detected_in_complete_response",)),
    Found("k4care", "RESPONSE_DIFFERS", ("response_differs",)),
    Found("k4care", "RESULT_PENDING", ("pending_long",)),
    Found(
        "k4care",
        "PD_NOT_DETECTED",
        ("progression_not_detected",),
        {"never detected, and progressing": {"K4C-0049", "K4C-0165"}},
    ),
    Found(
        "k4care",
        "RISING_NOT_PD",
        ("rising_without_progression",),
        {
            "the first sample is in the file of fractions and reads a hundred times too low": {"K4C-0023"},
            "the level rises ten weeks ahead of the progression": {"K4C-0121"},
        },
    ),
    Found(
        "k4care",
        "DETECTED_NO_IMAGING",
        ("newly_detected_no_scan",),
    ),
    Found(
        "cdk46",
        "DETECTED_IN_RESPONSE",
        ("detected_in_complete_response",),
    ),
    Found(
        "cdk46",
        "DETECTED_NO_IMAGING",
        ("newly_detected_no_scan",),
    ),
    Found("cdk46", "RESPONSE_DIFFERS", ("response_differs",)),
    Found("cdk46", "RESULT_PENDING", ("pending_long",)),
)


def by_study_and_place(one):
    return f"{one.study}-{one.where}"


@pytest.mark.parametrize("expected", BY_CHECK, ids=by_study_and_place)
def test_planted_patients_and_nobody_without_a_reason_are_found(readers, expected):
    assert patients(readers[expected.study], expected.where) == expected.patients


@pytest.mark.parametrize("expected", BY_OVERDUE_ITEM, ids=by_study_and_place)
def test_scans_and_results_are_overdue_of_the_planted_and_nobody_without_a_reason(readers, expected):
    rows = readers[expected.study].records(
        "select patient_id from data_issue where check_id = 'DQ72' and starts_with(value_text, $item)",
        {"item": expected.where},
    )
    assert {row["patient_id"] for row in rows} == expected.patients


@pytest.mark.parametrize("expected", BY_REASON_TO_LOOK, ids=by_study_and_place)
def test_planted_patients_and_nobody_without_a_reason_are_on_the_worklist(readers, expected):
    rows = readers[expected.study].records(
        "select patient_id from reason_to_look where is_met and reason = $reason", {"reason": expected.where}
    )
    assert {row["patient_id"] for row in rows} == expected.patients


@pytest.mark.parametrize("study", ["k4care", "cdk46"])
def test_corrected_responses_are_those_of_the_planted_edits(study):
    named = [one.others.get(CORRECTED, set()) for one in BY_CHECK if one.study == study]
    assert set().union(*named) == corrected_to_progression(study)


@pytest.mark.parametrize("study", ["k4care", "cdk46"])
def test_at_the_planted_progressions_ctdna_is_not_detected(readers, study):
    """Whether the worklist says so rests on the treatment: after a new line it is over."""
    rows = readers[study].records(
        "select distinct draw.patient_id from ctdna_level as draw "
        "join overall_response as scan on draw.patient_id = scan.patient_id "
        "and abs(date_diff('day', draw.collected_on, scan.assessed_on)) <= 14 "
        "where draw.status = 'not_detected' and scan.response = 'PD'"
    )
    assert set(planted(study)["progression_not_detected"]) <= {row["patient_id"] for row in rows}


def test_after_a_new_line_a_progression_without_ctdna_is_no_reason_to_look(readers):
    """Two of the three planted began line 2 before the data cut."""
    listed = readers["cdk46"].records(
        "select patient_id from reason_to_look where is_met and reason = 'PD_NOT_DETECTED'"
    )
    (left,) = {row["patient_id"] for row in listed}
    others = set(planted("cdk46")["progression_not_detected"]) - {left}
    begun = readers["cdk46"].records(
        "select patient_id from line_of_therapy "
        "where line = 2 and patient_id in (select unnest($ids::varchar[]))",
        {"ids": sorted({left, *others})},
    )
    assert {row["patient_id"] for row in begun} == others


def test_planted_rises_are_on_the_worklist_among_those_of_the_course(readers):
    """The levels of this study follow each patient's disease, so others rise as well."""
    rows = readers["cdk46"].records(
        "select patient_id from reason_to_look where is_met and reason = 'RISING_NOT_PD'"
    )
    assert set(planted("cdk46")["rising_without_progression"]) <= {row["patient_id"] for row in rows}


@pytest.mark.parametrize(("study", "n"), [("k4care", 3), ("cdk46", 3)])
def test_a_sum_that_grows_and_is_called_stable_differs(readers, study, n):
    rows = readers[study].records(
        "select patient_id from data_issue where check_id = 'DQ29' "
        "and value_text = 'SD reported, PD by the target lesions'"
    )
    assert sorted(row["patient_id"] for row in rows) == planted(study)["response_differs"]
    assert len(rows) == n


def test_without_a_baseline_draw_there_is_none_to_be_had_any_more(readers):
    """Of one of the three the window had closed before enrolment, so none is expected."""
    rows = readers["cdk46"].records(
        "select patient_id, state, reason from follow_up where item = 'ctdna_baseline'"
    )
    lost = {row["patient_id"] for row in rows if row["state"] == "CANNOT_BE_OBTAINED"}
    (early,) = set(planted("cdk46")["no_baseline_draw"]) - lost
    assert lost == set(planted("cdk46")["no_baseline_draw"]) - {early}
    (expected,) = [row for row in rows if row["patient_id"] == early]
    assert (expected["state"], expected["reason"]) == ("NOT_EXPECTED", "BEFORE_ENROLMENT")
