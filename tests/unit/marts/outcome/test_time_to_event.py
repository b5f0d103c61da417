"""The endpoint engine, one clinical situation at a time. Day 0 is 1 January 2024."""

import datetime as dt

import pytest

from tests.unit.marts.outcome.endpoints import outcomes, rule

PFS = [
    rule("origin", "line_start", line=1),
    rule("event", "radiological_progression"),
    rule("event", "death"),
    rule("censor", "adequate_assessment"),
]
OS = [rule("origin", "enrolment"), rule("event", "death"), rule("censor", "known_alive")]
START = ("P", "line_start", 0, {"line": 1})


def one(facts, rules, **options):
    rows = outcomes(facts, rules, **options)
    assert len(rows) == 1
    return rows[0]


class TestEventsAndCensoring:
    def test_the_earliest_of_progression_and_death_ends_the_time(self):
        facts = [START, ("P", "radiological_progression", 90), ("P", "death", 120)]
        assert one(facts, PFS, columns="status, cause, duration_days") == (
            "EVENT",
            "radiological_progression",
            90,
        )

    def test_death_without_progression_is_an_event(self):
        assert one([START, ("P", "death", 120)], PFS) == ("EVENT", "ENDED", 120)

    def test_without_an_event_the_last_adequate_assessment_censors(self):
        facts = [START, ("P", "adequate_assessment", 40), ("P", "adequate_assessment", 80)]
        assert one(facts, PFS) == ("CENSORED", "LAST_SEEN", 80)

    def test_without_any_assessment_the_patient_is_censored_on_day_0(self):
        assert one([START], PFS) == ("CENSORED", "NO_FOLLOW_UP", 0)

    def test_a_patient_without_origin_is_listed_not_dropped(self):
        facts = [START, ("Q", "death", 10)]
        assert outcomes(facts, PFS, columns="patient_id, origin_no, status, rule") == [
            ("P", 1, "CENSORED", "NO_FOLLOW_UP"),
            ("Q", 0, "NOT_AT_RISK", "NO_ORIGIN"),
        ]

    def test_progression_and_death_on_one_day_take_the_order_of_the_definition(self):
        facts = [START, ("P", "death", 90), ("P", "radiological_progression", 90)]
        assert one(facts, PFS, columns="cause") == ("radiological_progression",)

    @pytest.mark.parametrize(("on", "expected"), [(0, ("CENSORED", 0)), (1, ("EVENT", 1))])
    def test_a_progression_on_the_day_the_line_starts_belongs_to_what_came_before(self, on, expected):
        facts = [START, ("P", "radiological_progression", on)]
        assert one(facts, PFS, columns="status, duration_days") == expected

    @pytest.mark.parametrize(
        ("on", "expected"), [(-1, ("NOT_AT_RISK", "EVENT_BEFORE_ORIGIN")), (0, ("EVENT", "ENDED"))]
    )
    def test_a_death_before_the_origin_is_shown_as_such(self, on, expected):
        assert one([("P", "enrolment", 0), ("P", "death", on)], OS, columns="status, rule") == expected

    def test_the_first_day_is_counted_only_where_the_endpoint_says_so(self):
        facts = [START, ("P", "death", 120)]
        assert one(facts, PFS, columns="duration_days", count_first_day=True) == (121,)

    def test_the_row_names_the_source_of_its_end(self):
        facts = [START, ("P", "death", 120)]
        assert one(facts, PFS, columns="end_source_table, end_source_key") == ("death", "P | 002")

    def test_a_censored_row_names_the_assessment_that_censors(self):
        facts = [START, ("P", "adequate_assessment", 40), ("P", "adequate_assessment", 80)]
        assert one(facts, PFS, columns="cause, end_source_key") == ("adequate_assessment", "P | 003")


class TestWhoIsFollowed:
    def test_a_patient_who_was_screened_and_not_enrolled_is_listed_and_not_at_risk(self):
        facts = [START, ("P", "death", 120)]
        assert one(facts, PFS, enrolled=False) == ("NOT_AT_RISK", "NOT_ENROLLED", None)

    def test_the_progression_of_an_earlier_line_is_no_event_from_a_draw_or_an_enrolment_on(self):
        """A baseline draw 10 days before the index line 2; line 1 progressed 2 days before it."""
        rules = [
            rule("origin", "detected_baseline"),
            rule("event", "ctdna_clear"),
            rule("competing", "radiological_progression"),
            rule("censor", "valid_sample"),
        ]
        facts = [
            ("P", "detected_baseline", -10),
            ("P", "radiological_progression", -2, {"line": 1}),
            ("P", "index_treatment_start", 0, {"line": 2}),
            ("P", "ctdna_clear", 90),
        ]
        assert one(facts, rules) == ("EVENT", "ENDED", 100)


class TestCompetingEvents:
    TTST = [
        rule("origin", "local_course_start"),
        rule("event", "systemic_start"),
        rule("competing", "death"),
        rule("censor", "systemic_status_known"),
    ]
    ORIGIN = ("P", "local_course_start", 0)

    def test_death_without_systemic_therapy_competes(self):
        assert one([self.ORIGIN, ("P", "death", 200)], self.TTST) == ("COMPETING", "ENDED", 200)

    def test_on_one_day_the_event_counts_before_the_competing_one(self):
        facts = [self.ORIGIN, ("P", "death", 200), ("P", "systemic_start", 200)]
        assert one(facts, self.TTST) == ("EVENT", "ENDED", 200)

    def test_clearance_and_progression_on_one_day_count_as_clearance(self):
        rules = [
            rule("origin", "detected_baseline"),
            rule("event", "ctdna_clear"),
            rule("competing", "radiological_progression"),
            rule("censor", "valid_sample"),
        ]
        facts = [
            ("P", "detected_baseline", 0),
            ("P", "radiological_progression", 84),
            ("P", "ctdna_clear", 84),
        ]
        assert one(facts, rules) == ("EVENT", "ENDED", 84)


class TestStops:
    FDA = [
        rule("origin", "line_start", line=1),
        rule("event", "radiological_progression"),
        rule("stop", "line_start", line_match="later"),
        rule("censor", "adequate_assessment"),
    ]
    NEXT = ("P", "line_start", 100, {"line": 2})

    @pytest.mark.parametrize(
        ("on", "expected"), [(99, ("EVENT", 99)), (100, ("EVENT", 100)), (101, ("CENSORED", 60))]
    )
    def test_an_event_on_the_stop_day_counts_and_one_after_it_does_not(self, on, expected):
        facts = [START, self.NEXT, ("P", "adequate_assessment", 60), ("P", "radiological_progression", on)]
        assert one(facts, self.FDA, columns="status, duration_days") == expected

    def test_an_assessment_on_the_stop_day_may_censor(self):
        facts = [START, self.NEXT, ("P", "adequate_assessment", 100), ("P", "adequate_assessment", 101)]
        assert one(facts, self.FDA) == ("CENSORED", "STOPPED", 100)

    @pytest.mark.parametrize(("on", "expected"), [(160, "EVENT"), (161, "CENSORED")])
    def test_a_death_counts_within_its_days_of_grace_after_the_stop(self, on, expected):
        rules = [*self.FDA[:1], rule("event", "death", grace_days=60), *self.FDA[2:]]
        facts = [START, self.NEXT, ("P", "adequate_assessment", 60), ("P", "death", on)]
        assert one(facts, rules, columns="status") == (expected,)


class TestMissedAssessments:
    GAPS = [{"from_day": 0, "to_day": 335, "max_gap_days": 182}, {"from_day": 336, "max_gap_days": 266}]

    @pytest.mark.parametrize(
        ("on", "expected"),
        [
            (82 + 181, ("EVENT", "ENDED", 263)),
            (82 + 182, ("EVENT", "ENDED", 264)),
            (82 + 183, ("CENSORED", "MISSED_ASSESSMENTS", 82)),
        ],
    )
    def test_a_progression_after_too_long_a_gap_is_censored_at_the_last_assessment(self, on, expected):
        facts = [START, ("P", "adequate_assessment", 82), ("P", "radiological_progression", on)]
        assert one(facts, PFS, gaps=self.GAPS) == expected

    @pytest.mark.parametrize(("last", "expected"), [(335, "MISSED_ASSESSMENTS"), (336, "ENDED")])
    def test_the_longer_gap_is_in_force_from_its_first_day(self, last, expected):
        facts = [START, ("P", "adequate_assessment", last), ("P", "radiological_progression", last + 266)]
        assert one(facts, PFS, gaps=self.GAPS, columns="rule") == (expected,)

    def test_a_gap_followed_by_a_new_assessment_is_forgiven(self):
        facts = [
            START,
            ("P", "adequate_assessment", 60),
            ("P", "adequate_assessment", 300),
            ("P", "radiological_progression", 360),
        ]
        assert one(facts, PFS, gaps=self.GAPS) == ("EVENT", "ENDED", 360)

    def test_an_assessment_on_the_day_of_progression_does_not_close_the_gap(self):
        facts = [START, ("P", "adequate_assessment", 260), ("P", "radiological_progression", 260)]
        assert one(facts, PFS, gaps=self.GAPS) == ("CENSORED", "MISSED_ASSESSMENTS", 0)


class TestRequirement:
    BASELINE = rule("require", "baseline_assessment", from_day=-28, to_day=7)

    @pytest.mark.parametrize(("on", "met"), [(-29, False), (-28, True), (7, True), (8, False)])
    def test_without_a_baseline_scan_the_patient_is_censored_on_day_0(self, on, met):
        facts = [START, ("P", "baseline_assessment", on), ("P", "radiological_progression", 90)]
        expected = ("EVENT", "ENDED", 90) if met else ("CENSORED", "NO_BASELINE", 0)
        assert one(facts, [*PFS, self.BASELINE], if_required_missing="censor_at_origin") == expected

    def test_or_is_left_out_where_the_endpoint_says_exclude(self):
        facts = [START, ("P", "radiological_progression", 90)]
        assert one(facts, [*PFS, self.BASELINE], if_required_missing="exclude") == (
            "NOT_AT_RISK",
            "REQUIREMENT_MISSING",
            None,
        )


class TestDelayedEntry:
    ENTRY = [*PFS, rule("entry", "enrolment")]

    @pytest.mark.parametrize(
        ("ends", "expected"),
        [
            (59, ("NOT_AT_RISK", "ENDED_BEFORE_ENTRY", None)),
            (60, ("NOT_AT_RISK", "ENDED_BEFORE_ENTRY", None)),
            (61, ("EVENT", "ENDED", 60)),
        ],
    )
    def test_only_who_is_still_event_free_at_enrolment_joins_the_curve(self, ends, expected):
        facts = [START, ("P", "enrolment", 60), ("P", "radiological_progression", ends)]
        assert one(facts, self.ENTRY, columns="status, rule, entry_days") == expected

    def test_enrolment_before_the_line_is_no_delayed_entry(self):
        facts = [START, ("P", "enrolment", -20), ("P", "radiological_progression", 50)]
        assert one(facts, self.ENTRY, columns="status, entry_days, entry_on") == ("EVENT", 0, None)


class TestLandmark:
    LANDMARK = [
        rule("origin", "enrolment", plus_months=6),
        rule("event", "death"),
        rule("censor", "known_alive"),
    ]
    # 1 January 2024 plus 6 calendar months is 1 July 2024, day 182.

    @pytest.mark.parametrize(
        ("died", "expected"),
        [
            (181, ("NOT_AT_RISK", "EVENT_BEFORE_ORIGIN", None)),
            (182, ("NOT_AT_RISK", "EVENT_BEFORE_ORIGIN", None)),
            (183, ("EVENT", "ENDED", 1)),
        ],
    )
    def test_an_event_on_the_landmark_day_excludes(self, died, expected):
        assert one([("P", "enrolment", 0), ("P", "death", died)], self.LANDMARK) == expected

    def test_a_progression_before_the_landmark_excludes(self):
        rules = [self.LANDMARK[0], rule("event", "radiological_progression"), self.LANDMARK[2]]
        facts = [("P", "enrolment", 0), ("P", "radiological_progression", 100), ("P", "known_alive", 400)]
        assert one(facts, rules) == ("NOT_AT_RISK", "EVENT_BEFORE_ORIGIN", None)

    @pytest.mark.parametrize(("seen", "expected"), [(181, "CENSORED_BEFORE_ORIGIN"), (182, "LAST_SEEN")])
    def test_who_is_lost_before_the_landmark_is_not_at_risk(self, seen, expected):
        facts = [("P", "enrolment", 0), ("P", "known_alive", seen)]
        assert one(facts, self.LANDMARK, columns="rule") == (expected,)

    def test_six_months_after_the_last_of_august_is_the_last_of_february(self):
        facts = [("P", "enrolment", dt.date(2025, 8, 31)), ("P", "known_alive", dt.date(2026, 2, 28))]
        assert one(facts, self.LANDMARK, columns="origin_on, rule") == (dt.date(2026, 2, 28), "LAST_SEEN")


class TestLeadTime:
    LEAD = [
        rule("anchor", "index_treatment_start"),
        rule("origin", "molecular_progression"),
        rule("event", "radiological_progression", from_day=0),
        rule("competing", "death"),
        rule("censor", "adequate_assessment"),
    ]

    @pytest.mark.parametrize(
        ("imaging", "expected"),
        [
            (199, ("NOT_AT_RISK", "EVENT_BEFORE_ORIGIN", None)),
            (200, ("EVENT", "ENDED", 0)),
            (201, ("EVENT", "ENDED", 1)),
        ],
    )
    def test_imaging_first_is_not_a_negative_lead_time_and_the_same_day_is_0(self, imaging, expected):
        facts = [
            ("P", "index_treatment_start", 0),
            ("P", "molecular_progression", 200),
            ("P", "radiological_progression", imaging),
        ]
        assert one(facts, self.LEAD) == expected

    def test_no_progression_on_imaging_yet_is_censored_at_the_last_scan(self):
        facts = [
            ("P", "index_treatment_start", 0),
            ("P", "molecular_progression", 200),
            ("P", "adequate_assessment", 260),
        ]
        assert one(facts, self.LEAD) == ("CENSORED", "LAST_SEEN", 60)


class TestLines:
    def test_each_line_has_its_own_row_and_its_own_progression(self):
        rules = [
            rule("origin", "line_start"),
            rule("event", "radiological_progression", line_match="same"),
            rule("censor", "adequate_assessment"),
        ]
        facts = [
            ("P", "line_start", 0, {"line": 1}),
            ("P", "line_start", 100, {"line": 2}),
            ("P", "radiological_progression", 95, {"line": 1}),
            ("P", "radiological_progression", 300, {"line": 2}),
        ]
        assert outcomes(facts, rules, per="line", columns="line, status, duration_days") == [
            (1, "EVENT", 95),
            (2, "EVENT", 200),
        ]

    def test_a_progression_that_closed_line_1_is_no_event_of_line_2(self):
        rules = [rule("origin", "line_start"), *PFS[1:]]
        facts = [
            ("P", "line_start", 0, {"line": 1}),
            ("P", "line_start", 100, {"line": 2}),
            ("P", "radiological_progression", 103, {"line": 1}),
            ("P", "adequate_assessment", 180, {"line": 2}),
        ]
        assert outcomes(facts, rules, per="line", columns="line, status, duration_days") == [
            (1, "EVENT", 103),
            (2, "CENSORED", 80),
        ]

    def test_the_number_of_a_local_course_is_no_line_of_therapy(self):
        rules = [rule("origin", "local_course_start"), *PFS[1:]]
        facts = [
            ("P", "local_course_start", 0, {"line": 1}),
            ("P", "radiological_progression", 103, {"line": 0}),
        ]
        assert one(facts, rules) == ("EVENT", "ENDED", 103)

    def test_second_progression_counts_from_line_1_and_needs_a_later_line(self):
        rules = [
            rule("origin", "line_start", line=1),
            rule("event", "radiological_progression", line_match="later"),
            rule("event", "death"),
            rule("censor", "adequate_assessment"),
        ]
        facts = [
            START,
            ("P", "radiological_progression", 95, {"line": 1}),
            ("P", "radiological_progression", 300, {"line": 2}),
        ]
        assert one(facts, rules) == ("EVENT", "ENDED", 300)

    @pytest.mark.parametrize(("match", "expected"), [("next", 100), ("later", 100), ("any", 100)])
    def test_time_to_next_treatment_ends_at_the_next_line(self, match, expected):
        rules = [
            rule("origin", "line_start", line=1),
            rule("event", "line_start", line_match=match),
            rule("censor", "known_alive"),
        ]
        facts = [START, ("P", "line_start", 100, {"line": 2}), ("P", "line_start", 200, {"line": 3})]
        assert one(facts, rules, columns="duration_days") == (expected,)

    def test_next_means_the_next_line_on_record_though_a_number_is_missing(self):
        rules = [
            rule("origin", "line_start", line=1),
            rule("event", "line_start", line_match="next"),
            rule("censor", "known_alive"),
        ]
        facts = [START, ("P", "line_start", 200, {"line": 3}), ("P", "line_start", 240, {"line": 4})]
        assert one(facts, rules) == ("EVENT", "ENDED", 200)


class TestLesions:
    RULES = [
        rule("origin", "local_treatment_start"),
        rule("event", "local_progression"),
        rule("competing", "death"),
        rule("censor", "assessment"),
    ]

    def test_local_control_of_a_retreated_lesion_starts_at_its_first_session(self):
        facts = [
            ("P", "local_treatment_start", 0, {"lesion_id": "L1"}),
            ("P", "local_treatment_start", 200, {"lesion_id": "L1"}),
            ("P", "local_treatment_start", 10, {"lesion_id": "L2"}),
            ("P", "local_progression", 180, {"lesion_id": "L1"}),
            ("P", "assessment", 300),
        ]
        assert outcomes(facts, self.RULES, per="lesion", columns="lesion_id, status, duration_days") == [
            ("L1", "EVENT", 180),
            ("L2", "CENSORED", 290),
        ]

    def test_pick_last_would_restart_the_clock(self):
        rules = [rule("origin", "local_treatment_start", pick="last"), *self.RULES[1:]]
        facts = [
            ("P", "local_treatment_start", 0, {"lesion_id": "L1"}),
            ("P", "local_treatment_start", 200, {"lesion_id": "L1"}),
            ("P", "assessment", 300),
        ]
        assert outcomes(facts, rules, per="lesion") == [("CENSORED", "LAST_SEEN", 100)]


class TestHorizon:
    @pytest.mark.parametrize(
        ("died", "expected"),
        [
            # 1 Jan 2022 plus 36 calendar months is 1 Jan 2025, day 1,096; in days it would be 1,095.75.
            (dt.date(2025, 1, 1), ("EVENT", "ENDED", 1096)),
            (dt.date(2025, 1, 2), ("CENSORED", "HORIZON", 1096)),
        ],
    )
    def test_a_horizon_that_censors_uses_calendar_months(self, died, expected):
        facts = [("P", "enrolment", dt.date(2022, 1, 1)), ("P", "death", died)]
        assert one(facts, OS, horizon_months=36, censor_at_horizon=True) == expected

    def test_a_horizon_is_only_a_mark_unless_the_study_says_otherwise(self):
        facts = [("P", "enrolment", dt.date(2022, 1, 1)), ("P", "death", dt.date(2025, 1, 2))]
        assert one(facts, OS, horizon_months=36) == ("EVENT", "ENDED", 1097)


class TestOrigins:
    def test_the_earliest_of_several_kinds_is_day_0(self):
        rules = [rule("origin", "line_start", line=1), rule("origin", "class_start"), *PFS[1:]]
        facts = [("P", "class_start", 30), START, ("P", "death", 100)]
        assert one(facts, rules, columns="duration_days") == (100,)

    def test_a_detail_narrows_the_milestone(self):
        rules = [rule("origin", "objective_response", detail="PHYSICIAN"), *PFS[1:]]
        facts = [
            ("P", "objective_response", 50, {"detail": "CONFIRMED"}),
            ("P", "objective_response", 40, {"detail": "PHYSICIAN"}),
            ("P", "death", 100),
        ]
        assert one(facts, rules, columns="duration_days") == (60,)

    def test_the_interval_of_an_event_keeps_its_lower_bound(self):
        facts = [START, ("P", "radiological_progression", 90, {"free_until": dt.date(2024, 2, 10)})]
        assert one(facts, PFS, columns="free_until, ended_on") == (dt.date(2024, 2, 10), dt.date(2024, 3, 31))
