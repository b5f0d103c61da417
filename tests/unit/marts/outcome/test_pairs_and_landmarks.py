"""Which scan answers for a draw, and which ctDNA state holds at a landmark. Day 0 is 1 January 2024."""

import datetime as dt

import pytest

from tests.builders import day, run_mart

PANEL = [{"panel": "K", "assay": "K", "tracks": "tumour_informed"}]


def draws(*results):
    """ctDNA samples of patient P from (study day, status)."""
    return [
        {
            "sample_id": f"S{number}",
            "patient_id": "P",
            "collected_on": day(at),
            "status": status,
            "panel": "K",
            "assay": "K",
            "quantity_kind": "maf_ppm" if status == "detected" else None,
            "quantity_value": 5000 if status == "detected" else None,
        }
        for number, (at, status) in enumerate(results, start=1)
    ]


def scans(*results):
    return [
        {
            "patient_id": "P",
            "assessed_on": day(at),
            "assessor": "treating_physician",
            "overall": overall,
            "basis": "imaging",
        }
        for at, overall in results
    ]


def lines(*starts):
    return [
        {
            "patient_id": "P",
            "treatment_id": f"T{number}",
            "kind": "systemic",
            "line": number,
            "started_on": day(at),
            "agents": f"drug{number}",
            "regimen": f"drug{number}",
        }
        for number, at in enumerate(starts, start=1)
    ]


def growing(*sizes):
    """One target lesion of P in mm on study days, with no response reported for it."""
    return [
        {
            "patient_id": "P",
            "lesion_id": "L1",
            "assessed_on": day(at),
            "role": "target",
            "organ": "liver",
            "diameter_mm": size,
            "state": "measured",
        }
        for at, size in sizes
    ]


def facts(*, samples, responses=(), starts=(0,), **tables):
    return {
        "patient": [{"patient_id": "P", "enrolled_on": day(0)}],
        "assay_panel": PANEL,
        "ctdna_sample": draws(*samples),
        "response": scans(*responses),
        "treatment": lines(*starts),
        **tables,
    }


def pairs(*, columns="sample_id, gap_days, response", **given):
    return run_mart("ctdna_imaging_pair", facts(**given), columns=columns)


class TestPairs:
    @pytest.mark.parametrize("gap", [-43, 43])
    def test_a_scan_43_days_away_does_not_answer_for_the_draw(self, gap):
        assert pairs(samples=[(100, "detected")], responses=[(100 + gap, "sd")]) == []

    @pytest.mark.parametrize(
        ("gap", "narrow"), [(-42, False), (-29, False), (-28, True), (28, True), (29, False), (42, False)]
    )
    def test_within_42_days_it_does_and_within_28_in_the_sensitivity_too(self, gap, narrow):
        rows = pairs(
            samples=[(100, "detected")],
            responses=[(100 + gap, "sd")],
            columns="gap_days, is_within_sensitivity",
        )
        assert rows == [(gap, narrow)]

    def test_the_nearest_scan_wins(self):
        rows = pairs(samples=[(100, "detected")], responses=[(80, "pr"), (110, "sd")])
        assert rows == [("S1", 10, "SD")]

    def test_of_two_equally_near_the_earlier_one_answers(self):
        rows = pairs(samples=[(100, "detected")], responses=[(90, "pr"), (110, "sd")])
        assert rows == [("S1", -10, "PR")]

    def test_a_response_after_a_new_line_never_answers_for_a_draw_before_it(self):
        assert pairs(samples=[(100, "detected")], responses=[(120, "sd")], starts=(0, 110)) == []

    def test_a_draw_on_the_day_the_new_line_starts_belongs_to_the_line_before(self):
        rows = pairs(samples=[(110, "detected")], responses=[(105, "pd")], starts=(0, 110))
        assert rows == [("S1", -5, "PD")]

    @pytest.mark.parametrize(("progressed", "paired"), [(100, True), (105, False), (110, True)])
    def test_a_clinical_progression_strictly_between_the_dates_parts_them(self, progressed, paired):
        given = facts(samples=[(100, "detected")], responses=[(110, "sd")])
        clinical = {**scans((progressed, "pd"))[0], "basis": "clinical", "assessor": "radiologist"}
        given["response"] = [*given["response"], clinical]
        assert bool(run_mart("ctdna_imaging_pair", given)) is paired

    def test_a_local_treatment_between_the_dates_parts_them(self):
        local = {"patient_id": "P", "treatment_id": "R", "kind": "radiotherapy", "started_on": day(105)}
        given = facts(samples=[(100, "detected")], responses=[(110, "sd")])
        given["treatment"] = [*given["treatment"], local]
        assert run_mart("ctdna_imaging_pair", given) == []

    @pytest.mark.parametrize(
        ("ended", "paired"), [(99, True), (100, True), (101, False), (109, False), (110, True), (111, True)]
    )
    def test_the_end_of_the_line_strictly_between_the_dates_parts_them(self, ended, paired):
        for drawn, scanned in ((100, 110), (110, 100)):
            given = facts(samples=[(drawn, "detected")], responses=[(scanned, "sd")])
            given["treatment"] = [{**given["treatment"][0], "ended_on": day(ended)}]
            assert bool(run_mart("ctdna_imaging_pair", given)) is paired

    @pytest.mark.parametrize(
        ("called", "paired"),
        [
            # The lesion grows on after the PD of day 90: nobody called the scan of day 105.
            ([(90, "pd")], [("S1", -10, "PD")]),
            ([(90, "pd"), (105, "pd")], [("S1", 5, "PD")]),
            ([(90, "pd"), (105, "sd")], [("S1", 5, "SD")]),
            # Nor does it part a draw from a scan that was called.
            ([(50, "pd"), (110, "sd")], [("S1", 10, "SD")]),
            # Nobody called anything: the calculation counts on its first day of progression.
            ([], [("S1", 5, "PD")]),
        ],
    )
    def test_a_scan_after_progression_that_nobody_called_answers_for_no_draw(self, called, paired):
        grown = growing((-5, 50), (105, 90))
        assert pairs(samples=[(100, "detected")], responses=called, lesion=grown) == paired

    def test_a_failed_sample_has_no_pair(self):
        assert pairs(samples=[(100, "failed")], responses=[(100, "sd")]) == []

    def test_one_scan_may_answer_for_two_draws(self):
        rows = pairs(samples=[(95, "detected"), (105, "not_detected")], responses=[(100, "sd")])
        assert rows == [("S1", 5, "SD"), ("S2", -5, "SD")]

    @pytest.mark.parametrize(
        ("drawn", "paired"),
        [
            (57, None),
            (58, ("S1", 42, "PD")),
            (99, ("S1", 1, "PD")),
            (100, ("S1", 0, "PD")),
            (101, ("S1", -1, "PD")),
            (114, ("S1", -14, "PD")),
            (115, ("S1", -15, "PD")),
            (142, ("S1", -42, "PD")),
            (143, None),
        ],
    )
    def test_a_progression_that_is_one_of_the_two_dates_is_not_between_them(self, drawn, paired):
        # docs/decisions 0023: the PD of day 100 answers for a draw on either side of it.
        assert pairs(samples=[(drawn, "detected")], responses=[(100, "pd")]) == ([paired] if paired else [])

    def test_a_response_before_a_progression_never_answers_for_a_draw_after_it(self):
        clinical = {**scans((95, "pd"))[0], "basis": "clinical"}
        given = facts(samples=[(100, "detected")])
        given["response"] = [*scans((90, "sd")), clinical]
        assert run_mart("ctdna_imaging_pair", given) == []


class TestWhyNothingAnswers:
    def rules(self, **given):
        return run_mart("imaging_answer", facts(**given), columns="kind, asked_on, response, rule")

    def answer(self, *, ended=None, **given):
        made = facts(samples=[(100, "detected")], **given)
        made["treatment"][0]["ended_on"] = None if ended is None else day(ended)
        return run_mart("imaging_answer", made, columns="response, rule")

    @pytest.mark.parametrize(
        ("ended", "expected"),
        [
            (95, ("SD", "PAIRED")),
            (96, (None, "CHANGE_BETWEEN")),
            (99, (None, "CHANGE_BETWEEN")),
            (100, ("SD", "PAIRED")),
        ],
    )
    def test_a_response_before_the_stop_does_not_answer_for_a_draw_after_it(self, ended, expected):
        # SD on day 95, the draw on day 100: a stop on one of these days is not between them.
        assert self.answer(responses=[(95, "sd")], ended=ended) == [expected]

    @pytest.mark.parametrize("ended", [95, 96, 99, 100, None])
    def test_the_stop_that_follows_a_progression_does_not_part_it_from_the_draw(self, ended):
        # docs/decisions 0023: PD on day 95, stopped for it, the draw on day 100 before any other treatment.
        assert self.answer(responses=[(95, "pd")], ended=ended) == [("PD", "PAIRED")]

    @pytest.mark.parametrize(
        ("started", "expected"),
        [(98, (None, "CHANGE_BETWEEN")), (99, (None, "CHANGE_BETWEEN")), (100, ("PD", "PAIRED"))],
    )
    def test_the_next_treatment_does(self, started, expected):
        # PD on day 95, stopped on day 97, the draw on day 100; on the day it starts blood is taken before it.
        next_line = lines(0, started)[1]
        given = facts(samples=[(100, "detected")], responses=[(95, "pd")])
        given["treatment"] = [{**given["treatment"][0], "ended_on": day(97)}, next_line]
        assert run_mart("imaging_answer", given, columns="response, rule") == [expected]

    def test_a_stop_before_the_progression_was_seen_does(self):
        # The draw on day 90, stopped on day 92, PD on day 100: the scan is of the time without the drug.
        made = facts(samples=[(90, "detected")], responses=[(100, "pd")])
        made["treatment"][0]["ended_on"] = day(92)
        assert run_mart("imaging_answer", made, columns="response, rule") == [(None, "CHANGE_BETWEEN")]

    @pytest.mark.parametrize(
        ("scanned", "rule"),
        [
            (57, "NO_IMAGING"),
            (58, "CHANGE_BETWEEN"),
            (110, "PAIRED"),
            (142, "PAIRED"),
            (143, "NO_IMAGING"),
        ],
    )
    def test_beyond_the_window_there_is_no_imaging_at_all(self, scanned, rule):
        # Treatment stopped on day 90: a scan of day 58 is 42 days away, on the other side of it.
        assert self.answer(responses=[(scanned, "sd")], ended=90)[0][1] == rule

    @pytest.mark.parametrize(("started", "rule"), [(99, "CHANGE_BETWEEN"), (120, "PAIRED")])
    def test_a_scan_of_another_line_is_on_the_other_side(self, started, rule):
        rows = self.rules(samples=[(100, "detected")], responses=[(95, "sd")], starts=(0, started))
        assert rows == [("DRAW", day(100), "SD" if rule == "PAIRED" else None, rule)]

    def test_only_the_scan_on_this_side_answers(self):
        assert self.answer(responses=[(88, "pr"), (110, "sd")], ended=90) == [("SD", "PAIRED")]


class TestWithoutValidSecondDraw:
    # Six calendar months after 1 January 2024 is day 182, and 30 days of grace end on day 212.
    PLAN = [
        {"item": "draw_1", "kind": "ctdna", "anchor": "enrolment", "opens_days": 0, "closes_days": 0},
        {
            "item": "draw_2",
            "kind": "ctdna",
            "anchor": "enrolment",
            "opens_months": 3,
            "closes_months": 6,
            "grace_days": 30,
        },
    ]

    def asked(self, *samples, plan=PLAN, cut=None, **more):
        given = facts(samples=samples, responses=[(100, "sd"), (180, "pr")], visit_plan=plan, **more)
        if cut is not None:
            given["patient"][0]["observed_until"] = day(cut)
        rows = run_mart("imaging_answer", given, columns="kind, asked_on, response, rule")
        return [row for row in rows if row[0] != "DRAW"]

    def test_the_day_of_a_second_draw_without_a_result_asks(self):
        rows = self.asked((0, "detected"), (90, "failed"))
        assert rows == [("SECOND_DRAW", day(90), "SD", "PAIRED")]

    def test_with_a_valid_second_draw_nothing_else_asks(self):
        assert self.asked((0, "detected"), (90, "failed"), (120, "detected")) == []

    # Drawn on day 59 it is no second draw, and none is owed any more (A23: outside its window it is done).
    @pytest.mark.parametrize(("second", "kinds"), [(59, []), (60, ["SECOND_DRAW"])])
    def test_a_draw_too_early_to_be_the_second_does_not_ask(self, second, kinds):
        assert [row[0] for row in self.asked((0, "detected"), (second, "failed"))] == kinds

    def test_where_the_second_draw_was_missed_the_last_day_of_its_window_asks(self):
        assert self.asked((0, "detected")) == [("DUE", day(182), "PR", "PAIRED")]

    @pytest.mark.parametrize(
        ("cut", "asks"), [(181, False), (182, False), (183, False), (212, False), (213, True)]
    )
    def test_within_the_grace_it_still_may_come(self, cut, asks):
        assert bool(self.asked((0, "detected"), cut=cut)) is asks

    @pytest.mark.parametrize("kind", ["death", "withdrawal_of_consent"])
    @pytest.mark.parametrize(("left", "asks"), [(150, False), (182, False), (212, False), (213, True)])
    def test_who_died_or_withdrew_before_it_was_missed_owed_no_draw(self, kind, left, asks):
        if kind == "death":
            told = {"contact_on": day(left), "vital_status": "dead", "died_on": day(left)}
            more = {"contact": [{"patient_id": "P", **told}]}
        else:
            more = {"disposition": [{"patient_id": "P", "kind": kind, "happened_on": day(left)}]}
        assert bool(self.asked((0, "detected"), **more)) is asks

    def test_a_study_that_plans_no_second_draw_asks_for_nothing(self):
        assert self.asked((0, "detected"), plan=[]) == []


class TestLandmarkGroups:
    ENDPOINT = {
        "endpoint": [{"endpoint_id": "OS_LM6", "per": "patient"}, {"endpoint_id": "OS", "per": "patient"}],
        "endpoint_rule": [
            {
                "endpoint_id": "OS_LM6",
                "rule_no": 1,
                "role": "origin",
                "milestone": "enrolment",
                "plus_months": 6,
            },
            {"endpoint_id": "OS", "rule_no": 1, "role": "origin", "milestone": "enrolment"},
        ],
    }

    def groups(self, *samples):
        given = facts(samples=samples, **self.ENDPOINT)
        return run_mart("landmark_group", given, columns="endpoint_id, landmark_on, sample_id, state")

    # 6 calendar months after 1 January 2024 is 1 July 2024, day 182.
    @pytest.mark.parametrize(
        ("second", "state"),
        [(181, "CLEARED_UNCONFIRMED"), (182, "CLEARED_UNCONFIRMED"), (183, "BASELINE_ONLY")],
    )
    def test_only_draws_up_to_the_landmark_decide_the_group(self, second, state):
        rows = self.groups((0, "detected"), (second, "not_detected"))
        assert [(row[1], row[3]) for row in rows] == [(dt.date(2024, 7, 1), state)]

    def test_a_clearance_shown_sustained_later_is_unconfirmed_at_the_landmark(self):
        rows = self.groups((0, "detected"), (170, "not_detected"), (240, "not_detected"))
        assert rows[0][2:] == ("S2", "CLEARED_UNCONFIRMED")

    def test_a_patient_without_a_valid_draw_has_a_group_of_its_own(self):
        assert self.groups((100, "failed"))[0][2:] == (None, "NO_SAMPLE")


class TestStateIntervals:
    def intervals(self, *samples):
        return run_mart(
            "state_interval",
            facts(samples=samples),
            columns="interval_no, started_on, stopped_on, is_cleared, has_ever_cleared",
        )

    def test_the_state_holds_from_its_draw_to_the_next(self):
        assert self.intervals((0, "detected"), (100, "not_detected"), (200, "detected")) == [
            (1, day(0), day(100), False, False),
            (2, day(100), day(200), True, True),
            (3, day(200), None, False, True),
        ]

    def test_two_draws_on_one_day_leave_no_stretch_of_no_length(self):
        rows = self.intervals((0, "detected"), (0, "detected"), (100, "not_detected"))
        assert [(row[1], row[2]) for row in rows] == [(day(0), day(100)), (day(100), None)]

    def test_a_failed_draw_does_not_end_a_stretch(self):
        rows = self.intervals((0, "detected"), (50, "failed"), (100, "not_detected"))
        assert [row[1] for row in rows] == [day(0), day(100)]
