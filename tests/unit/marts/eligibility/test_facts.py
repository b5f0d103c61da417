"""Each kind of fact just inside, on and just outside its bound. Enrolled on day 0, 1 January 2024."""

import datetime as dt

import pytest

from tests.builders import day, run_mart
from tests.unit.marts.eligibility.criteria import judge, reading, result

OLDEST = reading("age_years", "at_most", bound=75)
YOUNGEST = reading("age_years", "at_least", bound=18)
LIMIT = reading("measurement.anc", "at_least", bound="1.6")
NED = reading("ned_months", "at_least", bound=6)


def value(number, *, at=-5, name="anc", **more):
    return {"name": name, "value": number, "measured_on": day(at), "visit": str(at), **more}


def lesion(lesion_id, *, at=-5, organ="lung", diameter_mm=12, state="measured", **more):
    return {
        "lesion_id": lesion_id,
        "assessed_on": day(at),
        "role": "treated",
        "organ": organ,
        "diameter_mm": diameter_mm,
        "state": state,
        **more,
    }


class TestAge:
    """Completed years at consent on 1 January 2024 (clinical-decisions A31)."""

    @pytest.mark.parametrize(
        ("born_on", "expected"),
        [
            # 75 years and 364 days: the 76th birthday is tomorrow.
            (dt.date(1948, 1, 2), "PASS"),
            (dt.date(1948, 1, 1), "FAIL"),
            (dt.date(1947, 12, 31), "FAIL"),
        ],
    )
    def test_at_most_75_ends_on_the_76th_birthday(self, born_on, expected):
        assert result(OLDEST, patient={"born_on": born_on}) == expected

    @pytest.mark.parametrize(
        ("born_on", "expected"), [(dt.date(2006, 1, 1), "PASS"), (dt.date(2006, 1, 2), "FAIL")]
    )
    def test_at_least_18_begins_on_the_18th_birthday(self, born_on, expected):
        assert result(YOUNGEST, patient={"born_on": born_on}) == expected

    def test_consent_counts_not_enrolment(self):
        patient = {"born_on": dt.date(1948, 1, 1), "consented_on": dt.date(2023, 12, 31)}
        assert result(OLDEST, patient=patient) == "PASS"

    @pytest.mark.parametrize(("year", "expected"), [(1949, "PASS"), (1948, "UNKNOWN"), (1947, "FAIL")])
    def test_a_year_of_birth_alone_decides_where_both_ages_agree(self, year, expected):
        # Born in 1948, consent on 1 January 2024: 75, or 76 if born on that day.
        patient = {"born_on": dt.date(year, 12, 31), "born_on_precision": "year"}
        assert result(OLDEST, patient=patient) == expected

    def test_the_recorded_age_counts_where_the_date_of_birth_is_not_exact(self):
        patient = {"born_on": dt.date(1948, 12, 31), "born_on_precision": "year", "age_years": 75}
        assert result(OLDEST, patient=patient) == "PASS"


class TestNedInterval:
    """Calendar months from NED by imaging to the oligometastases (clinical-decisions A31)."""

    @pytest.mark.parametrize(
        ("ned_on", "found_on", "expected"),
        [
            (dt.date(2023, 3, 5), dt.date(2023, 9, 5), "PASS"),
            (dt.date(2023, 3, 5), dt.date(2023, 9, 4), "FAIL"),
            # Six months after 31 August end on the last day of February.
            (dt.date(2022, 8, 31), dt.date(2023, 2, 28), "PASS"),
            (dt.date(2022, 8, 31), dt.date(2023, 2, 27), "FAIL"),
        ],
    )
    def test_six_calendar_months(self, ned_on, found_on, expected):
        patient = {"ned_on": ned_on, "oligometastatic_on": found_on}
        assert result(NED, patient=patient) == expected

    @pytest.mark.parametrize(
        ("found_on", "expected"),
        [
            (dt.date(2023, 8, 31), "UNKNOWN"),
            (dt.date(2023, 9, 30), "PASS"),
            # Another day of the same month leaves less than a month; a day of the month before is an error.
            (dt.date(2023, 3, 1), "FAIL"),
            (dt.date(2023, 2, 28), "UNKNOWN"),
        ],
    )
    def test_a_month_of_ned_alone_may_be_a_month_earlier(self, found_on, expected):
        # "March 2023" stands as its last day.
        patient = {
            "ned_on": dt.date(2023, 3, 31),
            "ned_on_precision": "month",
            "oligometastatic_on": found_on,
        }
        assert result(NED, patient=patient) == expected

    def test_a_progression_before_the_oligometastases_ends_it(self):
        patient = {"ned_on": dt.date(2023, 1, 5), "oligometastatic_on": dt.date(2023, 9, 5)}
        response = [
            {
                "assessed_on": dt.date(2023, 7, 4),
                "assessor": "investigator",
                "overall": "pd",
                "basis": "imaging",
            }
        ]
        assert result(NED, patient=patient, response=response) == "FAIL"

    def test_the_other_clock_starts_with_the_operation(self):
        operation = {"treatment_id": "S", "kind": "surgery", "started_on": dt.date(2023, 2, 20)}
        patient = {"ned_on": dt.date(2023, 3, 5), "oligometastatic_on": dt.date(2023, 9, 4)}
        criterion = reading("ned_treatment_months", "at_least", bound=6)
        assert result(criterion, patient=patient, treatment=[operation]) == "PASS"

    @pytest.mark.parametrize("missing", ["ned_on", "oligometastatic_on"])
    def test_without_a_date_it_is_not_known(self, missing):
        patient = {"ned_on": dt.date(2023, 1, 5), "oligometastatic_on": dt.date(2023, 9, 5), missing: None}
        assert result(NED, patient=patient) == "UNKNOWN"


class TestMeasurement:
    @pytest.mark.parametrize(
        ("number", "expected"), [("1.61", "PASS"), ("1.6", "PASS"), ("1.5999", "FAIL"), ("1.55", "FAIL")]
    )
    def test_neutrophils_of_1_55_do_not_pass(self, number, expected):
        assert result(LIMIT, measurement=[value(number)]) == expected

    @pytest.mark.parametrize(("number", "expected"), [("49.9", "PASS"), ("50", "FAIL"), ("52", "FAIL")])
    def test_cea_under_50(self, number, expected):
        criterion = reading("measurement.cea", "under", bound=50)
        assert result(criterion, measurement=[value(number, name="cea")]) == expected

    @pytest.mark.parametrize(
        ("comparator", "number", "expected"),
        [("<", 50, "UNKNOWN"), ("<", "49.9", "PASS"), (">", "49.9", "UNKNOWN"), (">", 50, "FAIL")],
    )
    def test_beyond_a_limit_of_the_method_it_counts_where_every_value_there_does(
        self, comparator, number, expected
    ):
        criterion = reading("measurement.cea", "under", bound=50)
        assert result(criterion, measurement=[value(number, name="cea", comparator=comparator)]) == expected

    @pytest.mark.parametrize(
        ("at", "expected"), [(-28, "PASS"), (-29, "UNKNOWN"), (0, "PASS"), (1, "UNKNOWN")]
    )
    def test_a_screening_value_is_from_the_28_days_up_to_enrolment(self, at, expected):
        assert result(LIMIT, measurement=[value(3, at=at)]) == expected

    def test_the_last_value_before_enrolment_counts(self):
        assert result(LIMIT, measurement=[value(3, at=-9), value("1.5", at=-2)]) == "FAIL"

    @pytest.mark.parametrize(("number", "expected"), [("120", "PASS"), ("120.1", "FAIL")])
    def test_three_times_the_upper_limit_of_normal(self, number, expected):
        criterion = reading("measurement_uln.alt", "at_most", bound=3)
        values = [value(number, name="alt", upper_normal=40)]
        ((found, said),) = judge(criterion, measurement=values, columns="result, found")
        assert found == expected
        assert said == f"{number} (upper limit of normal 40)"

    def test_without_an_upper_limit_it_is_not_known(self):
        criterion = reading("measurement_uln.alt", "at_most", bound=3)
        assert result(criterion, measurement=[value(30, name="alt")]) == "UNKNOWN"


class TestLesions:
    @pytest.mark.parametrize(("n", "expected"), [(5, "PASS"), (6, "FAIL")])
    def test_at_most_five_lung_lesions(self, n, expected):
        lesions = [lesion(f"L{number}") for number in range(n)]
        assert result(reading("lung_lesions", "at_most", bound=5), lesion=lesions) == expected

    def test_a_sixth_that_may_be_none_leaves_it_open(self):
        lesions = [lesion(f"L{number}") for number in range(5)] + [lesion("L5", state="equivocal")]
        ((found, said),) = judge(
            reading("lung_lesions", "at_most", bound=5), lesion=lesions, columns="result, found"
        )
        assert (found, said) == ("UNKNOWN", "5 to 6")

    @pytest.mark.parametrize(("mm", "expected"), [("10.1", "PASS"), ("10", "FAIL")])
    def test_a_diameter_over_10_mm(self, mm, expected):
        lesions = [
            lesion("L1", diameter_mm=mm),
            lesion("L2", diameter_mm=4),
            lesion("L3", organ="liver", diameter_mm=30),
        ]
        assert result(reading("largest_lung_lesion_mm", "over", bound=10), lesion=lesions) == expected

    def test_a_lesion_without_a_diameter_may_be_the_largest(self):
        lesions = [lesion("L1", diameter_mm=9), lesion("L2", diameter_mm=None)]
        assert result(reading("largest_lung_lesion_mm", "over", bound=10), lesion=lesions) == "UNKNOWN"

    def test_the_last_examination_up_to_enrolment_counts(self):
        lesions = [
            lesion("L1", at=-40, diameter_mm=20),
            lesion("L1", diameter_mm=9),
            lesion("L1", at=1, diameter_mm=30),
        ]
        assert result(reading("largest_lung_lesion_mm", "over", bound=10), lesion=lesions) == "FAIL"

    def test_lesions_of_one_visit_seen_on_two_days_count_together(self):
        lesions = [
            lesion("L1", at=-7, visit="V"),
            lesion("L2", at=-5, visit="V"),
            lesion("L3", at=-40, visit="U"),
        ]
        ((found,),) = judge(reading("lung_lesions", "at_most", bound=5), lesion=lesions, columns="found")
        assert found == "2"

    @pytest.mark.parametrize(
        ("other", "expected"),
        [
            ({"organ": "lung"}, "PASS"),
            ({"organ": "liver"}, "FAIL"),
            ({"organ": "lung", "is_node": True}, "FAIL"),
            ({"organ": "liver", "state": "absent"}, "PASS"),
            ({"organ": "liver", "state": "equivocal"}, "UNKNOWN"),
            ({"organ": None}, "UNKNOWN"),
        ],
    )
    def test_only_the_lung(self, other, expected):
        lesions = [lesion("L1"), lesion("L2", **other)]
        assert result(reading("metastatic_organs_now", "is", value="lung"), lesion=lesions) == expected

    def test_no_lung_lesion_any_more_is_counted_as_none(self):
        lesions = [lesion("L1", state="absent", diameter_mm=0)]
        assert result(reading("lung_lesions", "at_least", bound=1), lesion=lesions) == "FAIL"

    def test_without_an_examination_it_is_not_known(self):
        assert result(reading("lung_lesions", "at_most", bound=5)) == "UNKNOWN"


class TestTreatmentBefore:
    @pytest.mark.parametrize(("line", "at", "expected"), [(1, -1, "PASS"), (2, -1, "FAIL"), (2, 0, "PASS")])
    def test_at_most_one_line_before_enrolment(self, line, at, expected):
        course = {
            "treatment_id": "T",
            "kind": "systemic",
            "intent": "metastatic",
            "agents": "capecitabine",
            "line": line,
            "started_on": day(at),
        }
        criterion = reading("lines_before_enrolment", "at_most", bound=1)
        assert result(criterion, treatment=[course]) == expected

    def test_adjuvant_treatment_is_no_line(self):
        course = {
            "treatment_id": "T",
            "kind": "systemic",
            "intent": "adjuvant",
            "agents": "capecitabine",
            "started_on": day(-300),
        }
        ((found,),) = judge(
            reading("lines_before_enrolment", "at_most", bound=1), treatment=[course], columns="found"
        )
        assert found == "0"

    @pytest.mark.parametrize(
        ("fact", "operator", "wanted"),
        [
            ("lines_before_enrolment", "at_most", {"bound": 1}),
            ("lung_radiotherapy_before", "is", {"value": "no"}),
            ("days_since_major_surgery", "over", {"bound": 30}),
        ],
    )
    def test_without_any_treatment_record_nothing_is_assumed(self, fact, operator, wanted):
        assert result(reading(fact, operator, **wanted)) == "UNKNOWN"

    @pytest.mark.parametrize(
        ("organ", "at", "expected"),
        [("lung", -1, "FAIL"), ("lung", 0, "PASS"), ("bone", -1, "PASS"), (None, -1, "UNKNOWN")],
    )
    def test_radiotherapy_of_the_lung_before_enrolment(self, organ, at, expected):
        course = {"treatment_id": "T", "kind": "radiotherapy", "organ": organ, "started_on": day(at)}
        criterion = reading("lung_radiotherapy_before", "is", value="no")
        assert result(criterion, treatment=[course]) == expected

    @pytest.mark.parametrize(
        ("kind", "organ", "at", "expected"),
        [
            ("surgery", "colon", -31, "PASS"),
            ("surgery", "colon", -30, "FAIL"),
            ("surgery", "lung", 0, "PASS"),
            ("surgery", "lymph_node", -30, "UNKNOWN"),
            ("ablation", "liver", -30, "PASS"),
        ],
    )
    def test_more_than_30_days_after_an_operation(self, kind, organ, at, expected):
        course = {"treatment_id": "T", "kind": kind, "organ": organ, "started_on": day(at)}
        criterion = reading("days_since_major_surgery", "over", bound=30)
        assert result(criterion, treatment=[course]) == expected


class TestRecord:
    @pytest.mark.parametrize(
        ("consented_on", "expected"), [(day(0), "PASS"), (day(1), "FAIL"), (None, "UNKNOWN")]
    )
    def test_consent_on_or_before_enrolment(self, consented_on, expected):
        criterion = reading("is_consented", "is", value="yes")
        assert result(criterion, patient={"consented_on": consented_on}) == expected

    @pytest.mark.parametrize(("at", "expected"), [(0, "PASS"), (1, "FAIL"), (None, "UNKNOWN")])
    def test_metastatic_on_or_before_enrolment(self, at, expected):
        patient = {"metastatic_on": None if at is None else day(at)}
        assert result(reading("is_metastatic", "is", value="yes"), patient=patient) == expected

    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("0", "PASS"),
            ("1+", "PASS"),
            ("2+ ISH-", "PASS"),
            ("2+ ISH+", "FAIL"),
            ("3+", "FAIL"),
            ("2+ ISH missing", "NEEDS_RULING"),
            ("2+", "NEEDS_RULING"),
            (None, "UNKNOWN"),
        ],
    )
    def test_her2_of_2_without_ish_waits_for_the_pi(self, written, expected):
        criterion = reading("her2_status", "is", value="0 | 1+ | 2+ ISH-", equivocal="2+ ISH missing")
        tests = [{"specimen": "primary", "test": "her2", "taken_on": day(-90), "result": written}]
        assert result(criterion, pathology=tests) == expected

    @pytest.mark.parametrize(
        ("written", "expected"), [("yes", "FAIL"), ("no", "PASS"), ("unknown", "UNKNOWN")]
    )
    def test_a_characteristic(self, written, expected):
        criterion = reading("characteristic.kras", "is_not", value="yes | perhaps")
        assert result(criterion, characteristic=[{"name": "kras", "value": written}]) == expected

    @pytest.mark.parametrize(
        ("agents", "expected"),
        [("letrozole + palbociclib", "PASS"), ("letrozole", "FAIL"), (None, "UNKNOWN")],
    )
    def test_a_drug_of_the_key_class_in_the_first_line(self, agents, expected):
        classes = [
            {"agent": "palbociclib", "drug_class": "cdk46_inhibitor", "opens_line": True},
            {"agent": "letrozole", "drug_class": "endocrine", "opens_line": True},
        ]
        course = {"treatment_id": "T", "kind": "systemic", "line": 1, "started_on": day(0), "agents": agents}
        rows = run_mart(
            "eligibility_criterion",
            {
                "study": [{"key_class": "cdk46_inhibitor"}],
                "drug_class": classes,
                "patient": [{"patient_id": "P", "enrolled_on": day(0)}],
                "criterion": [reading("has_key_class", "is", value="yes")],
                "treatment": [{"patient_id": "P", **course}] if agents else [],
            },
            columns="result",
        )
        assert rows == [(expected,)]

    @pytest.mark.parametrize(
        ("samples", "declined", "expected"),
        [(1, 0, "PASS"), (0, 1, "FAIL"), (0, 0, "UNKNOWN"), (1, 1, "PASS")],
    )
    def test_the_assay_was_done(self, samples, declined, expected):
        found = result(
            reading("is_assay_done", "is", value="yes"),
            ctdna_sample=[{"sample_id": "S", "collected_on": day(0), "status": "pending"}] * samples,
            disposition=[{"kind": "ctdna_declined"}] * declined,
        )
        assert found == expected
