"""The finer flow of the enrolment page: the same patients as the overview, divided into ten steps."""

import pandas as pd
import pytest

from dashboard.figures.enrolment.flow import enrolment_flow, enrolment_patients
from dashboard.figures.enrolment.request import enrolment_request
from dashboard.figures.overview.patients import overview_patients
from dashboard.studies.load import load_study
from dashboard.tables.enrolment_flow import (
    CONDUCT_STEPS,
    conduct_flow,
    n_pairs_with_response,
    with_conduct_steps,
)
from dashboard.tables.overview_flow import FlowNumbers, count_at, flow_rows, flow_table
from tests.builders import DAY_ZERO
from tests.small_study import write_small_study
from tests.unit.figures.readers import memory_reader
from tests.unit.figures.test_overview_flow import planted

NUMBERS = FlowNumbers(second_draw_from_day=60, pairing_days=42)


def tables():
    """The patients of the overview's test, and those whom only the finer flow tells apart."""
    found = planted()
    for patient_id in ("refused", "từ chối", "拒绝", "consented, not enrolled"):
        found.patient(patient_id, enrolled_on=None)
    found.add("disposition", "refused", kind="screen_failure", reason="Consent refused")
    found.add("disposition", "từ chối", kind="screen_failure", reason="Bệnh nhân từ chối tham gia")
    found.add("disposition", "拒绝", kind="screen_failure", reason="患者拒绝")
    # On treatment since day 0, and another panel at the second draw: two reasons, the pair comes first.
    found.patient("late and other panel")
    found.draw("late and other panel", 30)
    found.draw("late and other panel", 120, panel="L")
    for row in found.rows["patient"]:
        if row["enrolled_on"] is not None and row["patient_id"] != "no draw":
            row["consented_on"] = row["enrolled_on"]
        if row["patient_id"] == "consented, not enrolled":
            row["consented_on"] = DAY_ZERO
    return found.rows


@pytest.fixture(scope="module")
def reader():
    return memory_reader(tables())


@pytest.fixture(scope="module")
def request_of(tmp_path_factory):
    study = load_study(write_small_study(tmp_path_factory.mktemp("study")))
    lung = study.assays[0].model_copy(update={"tracked_tumour_types": ("lung", "breast")})
    return enrolment_request(study.model_copy(update={"assays": (lung,)}), is_all_sites=True)


@pytest.fixture(scope="module")
def patients(reader, request_of):
    return enrolment_patients(reader, request_of)


@pytest.mark.parametrize(
    ("patient_id", "left_at", "reason"),
    [
        ("screened, no reason", "ELIGIBLE", "SCREEN_FAILURE"),
        ("screened, ECOG", "ELIGIBLE", "SCREEN_FAILURE_REASON"),
        ("refused", "CONSENTED", "SCREEN_FAILURE_REASON"),
        ("từ chối", "CONSENTED", "SCREEN_FAILURE_REASON"),
        ("拒绝", "CONSENTED", "SCREEN_FAILURE_REASON"),
        ("screened, nothing told", "CONSENTED", "NO_CONSENT_DATE"),
        ("consented, not enrolled", "ENROLLED", "CONSENTED_ONLY"),
        ("no draw", "SAMPLE", "NO_DRAW"),
        ("left between", "SECOND", "LEFT_STUDY"),
        ("completed between", "SECOND", "COMPLETED"),
        ("second pending", "VALID_PAIR", "PENDING"),
        ("second failed", "VALID_PAIR", "FAILED"),
        ("other panel", "VALID_PAIR", "ASSAY_CHANGED"),
        ("late and other panel", "VALID_PAIR", "ASSAY_CHANGED"),
        ("first draw on treatment", "PAIR", "NO_PRE_TREATMENT"),
        ("not detected at baseline", "PAIR", "NOT_DETECTED_AT_BASELINE"),
        ("no scan", "EVALUABLE", "NO_SCAN"),
        ("stopped between", "EVALUABLE", "CHANGE_BETWEEN"),
    ],
)
def test_a_patient_leaves_at_the_step_of_the_first_reason(patients, patient_id, left_at, reason):
    row = with_conduct_steps(patients).set_index("patient_id").loc[patient_id]
    assert (row["left_at"], row["reason"]) == (left_at, reason)


def test_a_patient_of_the_last_step_leaves_nowhere(patients):
    row = with_conduct_steps(patients).set_index("patient_id").loc["second on day 60"]
    assert row[["left_at", "reason"]].isna().all()


def test_each_step_is_the_one_before_minus_its_reasons(patients):
    rows = conduct_flow(patients, numbers=NUMBERS)
    assert [row.step for row in rows if row.is_step] == list(CONDUCT_STEPS)
    assert {row.step: row.n for row in rows if row.is_step} == {
        "SCREENED": 36,
        "ELIGIBLE": 34,
        "CONSENTED": 30,
        "ENROLLED": 29,
        "SAMPLE": 23,
        "BASELINE": 21,
        "SECOND": 10,
        "VALID_PAIR": 6,
        "PAIR": 4,
        "EVALUABLE": 1,
    }
    remaining = None
    for row in rows:
        if row.is_step:
            assert remaining in (None, row.n)
            remaining = row.n
        elif not row.is_part:
            remaining -= row.n
            assert row.n > 0


def test_the_steps_of_the_overview_have_the_same_numbers_here(reader, request_of, patients):
    overview = flow_rows(overview_patients(reader), numbers=NUMBERS)
    finer = conduct_flow(patients, numbers=NUMBERS)
    for step in ("SCREENED", "ENROLLED", "SAMPLE", "BASELINE", "SECOND", "VALID_PAIR", "PAIR", "EVALUABLE"):
        assert count_at(finer, step) == count_at(overview, step)


def test_the_caption_counts_pairs_with_a_response_and_missing_consent(reader, request_of):
    figure = enrolment_flow(reader, request_of)
    # Six valid pairs: only the second on day 60 has an evaluable response.
    assert figure.caption == (
        "Of 6 valid pairs, 1 has an evaluable response, whether or not clearance can be judged. "
        "1 enrolled without a date of consent counts as consented (data issue)."
    )
    assert int(figure.rows["n_patients"].iloc[0]) == len(enrolment_patients(reader, request_of))


def test_steps_before_enrolment_have_no_share_of_the_enrolled(patients):
    many = pd.concat([patients.assign(patient_id=patients["patient_id"] + str(n)) for n in range(2)])
    table = flow_table(conduct_flow(many.reset_index(drop=True), numbers=NUMBERS), counts_only_below=25)
    table = table.set_index("Patients")
    assert list(table.loc[["Screened", "Eligible at screening", "Consented"], "Of enrolled"]) == [""] * 3
    assert table.loc["Enrolled", "Of enrolled"] == "100 %"


def test_a_flow_of_nobody_is_all_zero(patients):
    rows = conduct_flow(patients.iloc[:0], numbers=NUMBERS)
    assert [row.n for row in rows] == [0] * len(CONDUCT_STEPS)


def test_a_pair_not_detected_at_baseline_still_counts_as_a_pair_with_a_response():
    found = planted()
    found.pair("not detected first, with scan", "not_detected", "detected")
    found.scan("not detected first, with scan", 92, "sd")
    patients = overview_patients(memory_reader(found.rows))
    assert n_pairs_with_response(patients.assign(consented_on=pd.NaT)) == (2, 7)
