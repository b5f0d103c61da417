"""The flow of the overview: every patient leaves once, by the first reason, and the steps add up."""

import datetime as dt
from types import SimpleNamespace

import pytest

from dashboard.figures.overview.patients import SQL, unfiltered_words
from dashboard.marts.build import build_marts
from dashboard.tables.overview_flow import FlowNumbers, flow_rows, flow_table
from tests.builders import DAY_ZERO, day, mart_inputs

NUMBERS = FlowNumbers(second_draw_from_day=60, pairing_days=42)
PLAN = {
    "item": "draw_2",
    "kind": "ctdna",
    "anchor": "enrolment",
    "opens_months": 3,
    "closes_months": 6,
    "grace_days": 30,
}


class Tables:
    """Canonical rows of patients who each leave at one place; day 0 is enrolment."""

    def __init__(self):
        self.rows = {
            "study": [{}],
            "visit_plan": [PLAN],
            "assay_panel": [{"panel": "K"}, {"panel": "L"}],
            "tracked_tumour_type": [
                {"panel": panel, "tumour_type": name} for panel in "KL" for name in ("breast", "lung")
            ],
            **{
                name: []
                for name in (
                    "patient",
                    "disposition",
                    "ctdna_sample",
                    "variant",
                    "treatment",
                    "contact",
                    "response",
                )
            },
        }

    def patient(self, patient_id, *, enrolled_on=DAY_ZERO, tumour_type="lung"):
        self.rows["patient"].append(
            {"patient_id": patient_id, "enrolled_on": enrolled_on, "tumour_type": tumour_type}
        )
        if enrolled_on is not None:
            self.add(
                "treatment", patient_id, treatment_id="T1", kind="systemic", line=1, started_on=enrolled_on
            )
            self.rows["treatment"][-1] |= {"agents": "osimertinib", "is_ongoing": True}

    def add(self, table, patient_id, **values):
        self.rows[table].append({"patient_id": patient_id, **values})

    def draw(self, patient_id, number, status="detected", *, panel="K", start=DAY_ZERO):
        sample_id = f"{patient_id} {number}"
        collected_on = start + dt.timedelta(days=number)
        self.add(
            "ctdna_sample",
            patient_id,
            sample_id=sample_id,
            collected_on=collected_on,
            status=status,
            panel=panel,
        )
        if status == "detected":
            self.rows["variant"].append(
                {
                    "sample_id": sample_id,
                    "gene": "KRAS",
                    "variant": "p.G12D",
                    "status": status,
                    "maf_ppm": 1000,
                }
            )

    def scan(self, patient_id, number, overall):
        self.add(
            "response", patient_id, assessed_on=day(number), assessor="treating_physician", overall=overall
        )

    def pair(self, patient_id, *statuses, second=90):
        self.patient(patient_id)
        for number, status in zip((0, second), statuses, strict=False):
            self.draw(patient_id, number, status)


def planted() -> Tables:
    tables = Tables()
    for patient_id in ("screened, no reason", "screened, ECOG", "screened, nothing told"):
        tables.patient(patient_id, enrolled_on=None)
    tables.add("disposition", "screened, no reason", kind="screen_failure")
    tables.add("disposition", "screened, ECOG", kind="screen_failure", reason="ECOG 3")
    for patient_id in ("no draw", "declined", "died at once", "withdrew at once", "not done"):
        tables.patient(patient_id)
    tables.patient("other tumour", tumour_type="prostate")
    tables.add("disposition", "declined", kind="ctdna_declined", happened_on=day(1))
    tables.add("disposition", "withdrew at once", kind="withdrawal_of_consent", happened_on=day(5))
    tables.draw("not done", 0, "not_done")
    tables.pair("baseline pending", "pending")
    tables.pair("baseline failed", "failed")
    for patient_id in (
        "died between",
        "withdrew between",
        "lost between",
        "transferred between",
        "left between",
        "completed between",
        "no second",
    ):
        tables.pair(patient_id, "detected")
    tables.add("disposition", "withdrew between", kind="withdrawal_of_consent", happened_on=day(40))
    tables.add("disposition", "lost between", kind="lost_to_follow_up", happened_on=day(40))
    tables.add("disposition", "transferred between", kind="transfer", happened_on=day(40))
    tables.add("disposition", "left between", kind="left_study", happened_on=day(40))
    tables.add("disposition", "completed between", kind="completed")
    tables.patient("transferred, came back")
    tables.draw("transferred, came back", 0)
    tables.draw("transferred, came back", 50)
    tables.add("disposition", "transferred, came back", kind="transfer", happened_on=day(40))
    for patient_id in ("died at once", "died between"):
        tables.add("contact", patient_id, contact_on=day(40), died_on=day(40), vital_status="dead")
    tables.pair("second on day 59", "detected", "not_detected", second=59)
    # The data cut is 28 Feb 2026: six calendar months and 30 days after 29 Jul 2025.
    for patient_id, enrolled_on in (
        ("window open to the last day", dt.date(2025, 7, 29)),
        ("window closed by a day", dt.date(2025, 7, 28)),
    ):
        tables.patient(patient_id, enrolled_on=enrolled_on)
        tables.draw(patient_id, 0, start=enrolled_on)
    tables.pair("second pending", "detected", "pending")
    tables.pair("second failed", "detected", "failed")
    tables.pair("not detected at baseline", "not_detected", "detected")
    tables.patient("first draw on treatment")
    tables.draw("first draw on treatment", 30)
    tables.draw("first draw on treatment", 120)
    tables.patient("other panel")
    tables.draw("other panel", 0)
    tables.draw("other panel", 90, panel="L")
    tables.pair("no scan", "detected", "not_detected")
    tables.pair("stopped between", "detected", "not_detected")
    tables.rows["treatment"][-1] |= {"is_ongoing": False, "ended_on": day(95)}
    tables.scan("stopped between", 100, "sd")
    tables.pair("scan not evaluable", "detected", "not_detected")
    tables.scan("scan not evaluable", 92, "ne")
    tables.pair("second on day 60", "detected", "not_detected", second=60)
    tables.scan("second on day 60", 70, "pr")
    return tables


@pytest.fixture(scope="module")
def patients():
    connection = mart_inputs(planted().rows)
    build_marts(connection)
    found = connection.execute(SQL).df()
    connection.close()
    return found


@pytest.mark.parametrize(
    ("patient_id", "left_at", "reason"),
    [
        ("screened, no reason", "ENROLLED", "SCREEN_FAILURE"),
        ("screened, ECOG", "ENROLLED", "SCREEN_FAILURE_REASON"),
        ("screened, nothing told", "ENROLLED", "NO_ENROLMENT_DATE"),
        ("declined", "SAMPLE", "DECLINED"),
        ("other tumour", "SAMPLE", "TYPE_NOT_FOLLOWED"),
        ("died at once", "SAMPLE", "DIED"),
        ("withdrew at once", "SAMPLE", "WITHDREW"),
        ("not done", "SAMPLE", "DRAW_NOT_DONE"),
        ("no draw", "SAMPLE", "NO_DRAW"),
        ("baseline pending", "BASELINE", "PENDING"),
        ("baseline failed", "BASELINE", "FAILED"),
        ("died between", "SECOND", "DIED"),
        ("withdrew between", "SECOND", "WITHDREW"),
        ("lost between", "SECOND", "LOST"),
        ("transferred between", "SECOND", "TRANSFERRED"),
        ("left between", "SECOND", "LEFT_STUDY"),
        ("completed between", "SECOND", "COMPLETED"),
        ("transferred, came back", "SECOND", "ONLY_EARLY"),
        ("second on day 59", "SECOND", "ONLY_EARLY"),
        ("window open to the last day", "SECOND", "WINDOW_OPEN"),
        ("window closed by a day", "SECOND", "NO_DRAW"),
        ("no second", "SECOND", "NO_DRAW"),
        ("second pending", "VALID_PAIR", "PENDING"),
        ("second failed", "VALID_PAIR", "FAILED"),
        ("first draw on treatment", "PAIR", "NO_PRE_TREATMENT"),
        ("other panel", "VALID_PAIR", "ASSAY_CHANGED"),
        ("not detected at baseline", "PAIR", "NOT_DETECTED_AT_BASELINE"),
        ("no scan", "EVALUABLE", "NO_SCAN"),
        ("stopped between", "EVALUABLE", "CHANGE_BETWEEN"),
        ("scan not evaluable", "EVALUABLE", "NOT_EVALUABLE"),
    ],
)
def test_a_patient_leaves_by_the_first_reason_that_applies(patients, patient_id, left_at, reason):
    row = patients.set_index("patient_id").loc[patient_id]
    assert (row["left_at"], row["reason"]) == (left_at, reason)


def test_a_second_draw_on_day_60_with_a_scan_reaches_the_end(patients):
    row = patients.set_index("patient_id").loc["second on day 60"]
    assert row[["left_at", "reason"]].isna().all()


def test_every_planted_patient_is_there_once(patients):
    assert sorted(patients["patient_id"]) == sorted(row["patient_id"] for row in planted().rows["patient"])


def test_each_step_is_the_one_before_minus_the_reasons_between(patients):
    rows = flow_rows(patients, numbers=NUMBERS)
    steps = {row.step: row.n for row in rows if row.is_step}
    assert steps == {
        "SCREENED": 31,
        "ENROLLED": 28,
        "SAMPLE": 22,
        "BASELINE": 20,
        "SECOND": 9,
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


def test_baselines_are_divided_by_when_they_were_drawn_and_nobody_leaves(patients):
    def parts(some):
        return [(row.step, row.label, row.n) for row in flow_rows(some, numbers=NUMBERS) if row.is_part]

    assert parts(patients) == [
        ("BASELINE", "drawn before the index treatment", 19),
        ("BASELINE", "first valid draw on treatment or later", 1),
    ]
    assert parts(patients[patients["patient_id"] != "first draw on treatment"]) == []


def test_reasons_are_in_words_with_the_numbers_of_the_study(patients):
    labels = [row.label for row in flow_rows(patients, numbers=NUMBERS)]
    assert "not enrolled: ECOG 3" in labels
    assert "drawn again, but less than 60 days later" in labels
    assert "no assessed imaging within ± 42 days of the second draw" in labels
    other_side = "imaging within ± 42 days only on the other side of a progression or change of treatment"
    assert other_side in labels
    assert not [label for label in labels if "{" in label or "_" in label]


def test_most_frequent_reasons_stand_first(patients):
    second = [row for row in flow_rows(patients, numbers=NUMBERS) if row.step == "SECOND" and not row.is_step]
    early = "drawn again, but less than 60 days later"
    assert [(row.label, row.n) for row in second[:2]] == [(early, 2), ("no draw recorded", 2)]


def test_a_flow_of_nobody_is_all_zero(patients):
    rows = flow_rows(patients.iloc[:0], numbers=NUMBERS)
    assert [row.n for row in rows] == [0] * 8
    assert list(flow_table(rows, counts_only_below=25)["n"]) == ["0"] * 8


def test_few_patients_are_counted_without_per_cent(patients):
    rows = flow_rows(patients, numbers=NUMBERS)
    assert "Of enrolled" in flow_table(rows, counts_only_below=28)
    assert "Of enrolled" not in flow_table(rows, counts_only_below=29)


def test_eligibility_divides_the_enrolled_and_takes_nobody_away():
    tables = planted()
    tables.rows["criterion"] = [
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
    ]
    connection = mart_inputs(tables.rows)
    build_marts(connection)
    patients = connection.execute(SQL).df()
    n_enrolled = int(patients["enrolled_on"].notna().sum())
    rows = flow_rows(patients, numbers=NUMBERS)
    parts = [(row.label, row.n) for row in rows if row.is_part and row.step == "ENROLLED"]
    assert parts == [
        ("all criteria met, by the data or a ruling", n_enrolled - 1),
        ("a criterion not met by the data", 1),
    ]
    steps = [row.n for row in rows if row.is_step]
    without = [row.n for row in flow_rows(patients.assign(verdict=None), numbers=NUMBERS) if row.is_step]
    assert steps == without
    table = flow_table(rows, counts_only_below=25).set_index("Patients")
    assert table.loc["a criterion not met by the data", "n"] == "1"


@pytest.mark.parametrize(
    ("sites", "words"),
    [
        (None, "all patients, filter not applied"),
        (("01", "02"), "all patients at sites 01, 02, filter not applied"),
    ],
)
def test_a_file_no_filter_narrows_says_whom_it_counts(sites, words):
    assert unfiltered_words(SimpleNamespace(sites=sites)) == words
