"""Milestones of a few invented patients, small enough to follow by hand. Day 0 is 1 January 2024."""

import pytest

from tests.builders import day, run_mart

PHYSICIAN = "treating_physician"


def course(no, started, ended=None, *, line, patient="P", **more):
    return {
        "patient_id": patient,
        "treatment_id": f"T{no}",
        "kind": "systemic",
        "line": line,
        "started_on": day(started),
        "ended_on": None if ended is None else day(ended),
        "regimen": "drug",
        "agents": "drug",
        **more,
    }


def scan(on, overall, *, patient="P", **more):
    return {
        "patient_id": patient,
        "assessed_on": day(on),
        "assessor": PHYSICIAN,
        "overall": overall,
        "basis": "imaging",
        **more,
    }


def contact(on, status="alive", **more):
    return {"patient_id": "P", "contact_on": day(on), "vital_status": status, **more}


def milestones(kind, *, columns="occurred_on, line, detail", patient=None, **tables):
    people = [{"patient_id": "P", **(patient or {})}]
    rows = run_mart(
        "milestone", {"patient": people, **tables}, columns=f"kind, {columns}", order_by="occurred_on, line"
    )
    return [row[1:] for row in rows if row[0] == kind]


def test_nothing_after_the_last_day_that_may_be_read_exists():
    facts = {"response": [scan(60, "sd"), scan(61, "pd")]}
    patient = {"observed_until": day(60)}
    assert milestones("radiological_progression", patient=patient, **facts) == []
    assert milestones("assessment", patient=patient, columns="occurred_on", **facts) == [(day(60),)]


def test_known_alive_is_the_latest_of_the_tables_that_count():
    facts = {"contact": [contact(50)], "visit": [{"patient_id": "P", "visit_on": day(80)}]}
    assert milestones("known_alive", columns="occurred_on, detail", **facts) == [(day(80), "visit")]
    only_contact = {**facts, "known_alive_source": [{"source_table": "contact"}]}
    assert milestones("known_alive", columns="occurred_on, detail", **only_contact) == [(day(50), "contact")]


def test_a_contact_that_finds_the_patient_lost_does_not_show_the_patient_alive():
    assert milestones("known_alive", columns="occurred_on", contact=[contact(50), contact(90, "lost")]) == [
        (day(50),)
    ]


def test_a_missed_visit_does_not_show_the_patient_alive():
    visits = [{"patient_id": "P", "visit_on": day(80), "has_occurred": False}]
    assert milestones("known_alive", visit=visits) == []


def test_the_date_of_death_stands_before_the_date_of_the_contact_that_told_it():
    facts = {"contact": [contact(120, "dead", died_on=day(100), death_cause="cancer")]}
    assert milestones("death", **facts) == [(day(100), None, "cancer")]


@pytest.mark.parametrize(("started", "expected"), [(33, 2), (34, 1)])
def test_the_index_line_is_the_last_one_started_by_enrolment_plus_28_days(started, expected):
    treatment = [course(1, -100, -10, line=1), course(2, started, line=2)]
    rows = milestones(
        "index_treatment_start", columns="line", patient={"enrolled_on": day(5)}, treatment=treatment
    )
    assert rows == [(expected,)]


def test_without_a_line_by_then_the_index_line_is_the_first_after():
    treatment = [course(1, 60, 100, line=1), course(2, 120, line=2)]
    rows = milestones(
        "index_treatment_start", columns="line", patient={"enrolled_on": day(5)}, treatment=treatment
    )
    assert rows == [(1,)]


def test_a_progression_on_the_day_line_2_starts_belongs_to_line_1():
    facts = {
        "treatment": [course(1, 0, 99, line=1), course(2, 100, line=2)],
        "response": [scan(100, "pd"), scan(200, "pd")],
    }
    assert milestones("radiological_progression", columns="occurred_on, line", **facts) == [
        (day(100), 1),
        (day(200), 2),
    ]


@pytest.mark.parametrize(("on", "line"), [(107, 1), (108, 2)])
def test_a_progression_on_the_baseline_scan_of_line_2_closed_line_1(on, line):
    facts = {
        "treatment": [course(1, 0, 99, line=1), course(2, 100, line=2)],
        "response": [scan(on, "pd")],
    }
    assert milestones("radiological_progression", columns="occurred_on, line", **facts) == [(day(on), line)]


def test_a_progression_keeps_the_last_adequate_assessment_before_it():
    facts = {
        "treatment": [course(1, 0, line=1)],
        "response": [scan(50, "pr"), scan(80, "ne"), scan(110, "pd")],
    }
    assert milestones("radiological_progression", columns="occurred_on, free_until", **facts) == [
        (day(110), day(50))
    ]


def test_not_evaluable_is_an_assessment_but_no_adequate_one():
    facts = {"treatment": [course(1, 0, line=1)], "response": [scan(50, "sd"), scan(80, "ne")]}
    assert milestones("assessment", columns="occurred_on", **facts) == [(day(50),), (day(80),)]
    assert milestones("adequate_assessment", columns="occurred_on", **facts) == [(day(50),)]


def test_clinical_and_radiological_progression_are_two_kinds():
    facts = {
        "treatment": [course(1, 0, line=1)],
        "response": [scan(50, "pd", basis="clinical"), scan(70, "pd")],
    }
    assert milestones("clinical_progression", columns="occurred_on", **facts) == [(day(50),)]
    assert milestones("radiological_progression", columns="occurred_on", **facts) == [(day(70),)]


class TestDiscontinuation:
    @pytest.mark.parametrize(("seen", "stopped"), [(219, False), (220, True)])
    def test_120_days_without_a_dose_count_as_discontinued(self, seen, stopped):
        facts = {"treatment": [course(1, 0, 100, line=1)], "contact": [contact(seen)]}
        expected = [(day(100), 1, None)] if stopped else []
        assert milestones("line_discontinued", **facts) == expected

    @pytest.mark.parametrize("seen", [100, 219, 220])
    def test_a_recorded_stop_is_one_at_once(self, seen):
        facts = {"treatment": [course(1, 0, 100, line=1)], "contact": [contact(seen)]}
        assert milestones("line_stopped", **facts) == [(day(100), 1, None)]

    def test_a_line_that_goes_on_has_no_recorded_stop(self):
        facts = {"treatment": [course(1, 0, line=1)], "contact": [contact(700)]}
        assert milestones("line_stopped", **facts) == []

    def test_death_on_treatment_is_a_stop_on_its_day(self):
        facts = {"treatment": [course(1, 0, line=1)], "contact": [contact(130, "dead", died_on=day(130))]}
        assert milestones("line_stopped", columns="occurred_on", **facts) == [(day(130),)]

    @pytest.mark.parametrize(("ended", "expected"), [(0, [(day(0),)]), (None, [])])
    def test_a_stop_on_an_unknown_day_is_not_one_on_the_first_day(self, ended, expected):
        facts = {
            "treatment": [course(1, 0, ended, line=1, is_ongoing=False)],
            "contact": [contact(700)],
        }
        assert milestones("line_stopped", columns="occurred_on", **facts) == expected

    def test_the_next_line_ends_the_one_before(self):
        facts = {"treatment": [course(1, 0, 100, line=1, stop_reason="toxicity"), course(2, 110, line=2)]}
        assert milestones("line_discontinued", **facts) == [(day(100), 1, "toxicity")]
        assert milestones("toxicity_stop", **facts) == [(day(100), 1, "toxicity")]

    def test_death_ends_the_line_at_its_last_dose(self):
        facts = {
            "treatment": [course(1, 0, 100, line=1)],
            "contact": [contact(130, "dead", died_on=day(130))],
        }
        assert milestones("line_discontinued", columns="occurred_on", **facts) == [(day(100),)]

    def test_a_line_that_goes_on_has_not_been_discontinued(self):
        facts = {"treatment": [course(1, 0, line=1)], "contact": [contact(700)]}
        assert milestones("line_discontinued", **facts) == []


class TestVisitGap:
    @pytest.mark.parametrize(("following", "expected"), [(90, []), (91, [(day(0),)])])
    def test_a_visit_with_none_in_the_next_90_days_opens_a_gap(self, following, expected):
        visits = [{"patient_id": "P", "visit_on": day(at)} for at in (0, following)]
        patient = {"observed_until": day(following + 90)}
        rows = milestones(
            "visit_gap", columns="occurred_on", patient=patient, visit=visits, study=[{"visit_gap_days": 90}]
        )
        assert rows == expected

    def test_a_study_without_the_rule_has_no_gaps(self):
        assert milestones("visit_gap", visit=[{"patient_id": "P", "visit_on": day(0)}]) == []


class TestCtdna:
    PANEL = [{"panel": "K", "assay": "K", "tracks": "tumour_informed"}]

    def series(self, *results):
        samples, variants = [], []
        for number, (at, detected) in enumerate(results, start=1):
            key = f"S{number}"
            status = "detected" if detected else "not_detected"
            samples.append(
                {
                    "sample_id": key,
                    "patient_id": "P",
                    "collected_on": day(at),
                    "status": status,
                    "panel": "K",
                    "assay": "K",
                }
            )
            variants.append(
                {
                    "sample_id": key,
                    "gene": "KRAS",
                    "variant": "p.G12D",
                    "status": status,
                    "is_tracked": True,
                    "maf_ppm": 5000 if detected else None,
                }
            )
        return {
            "ctdna_sample": samples,
            "variant": variants,
            "assay_panel": self.PANEL,
            "treatment": [course(1, 0, line=1)],
        }

    def test_clearance_is_dated_at_the_first_clear_draw_and_bounded_by_the_last_detected(self):
        facts = self.series((0, True), (50, True), (100, False), (128, False))
        assert milestones("ctdna_clear", columns="occurred_on, detail, free_until", **facts) == [
            (day(100), "SUSTAINED", day(50))
        ]

    def test_one_clear_draw_is_unconfirmed(self):
        facts = self.series((0, True), (100, False))
        assert milestones("ctdna_clear", columns="occurred_on, detail", **facts) == [
            (day(100), "UNCONFIRMED")
        ]

    def test_a_relapse_follows_a_clear_draw(self):
        facts = self.series((0, True), (100, False), (160, True), (200, True))
        assert milestones("ctdna_relapse", columns="occurred_on, free_until", **facts) == [
            (day(160), day(100))
        ]

    def test_never_detected_then_detected_is_molecular_progression_but_no_clearance(self):
        facts = self.series((0, False), (100, True), (160, False))
        assert milestones("molecular_progression", columns="occurred_on", **facts) == [(day(100),)]
        assert milestones("ctdna_clear", **facts) == []
        assert milestones("detected_baseline", **facts) == []

    def test_each_clearance_of_a_patient_is_an_occurrence_of_its_own(self):
        facts = self.series((0, True), (100, False), (160, True), (220, False))
        assert milestones("ctdna_clear", columns="occurred_on", **facts) == [(day(100),), (day(220),)]


def test_every_occurrence_has_one_row():
    facts = {
        "treatment": [course(1, 0, 100, line=1), course(2, 120, line=2)],
        "response": [scan(50, "pr"), scan(100, "pd")],
        "contact": [contact(50), contact(300)],
    }
    keys = "patient_id, kind, source_table, source_key, detail, line, occurred_on"
    rows = run_mart(
        "milestone", {"patient": [{"patient_id": "P", "enrolled_on": day(0)}], **facts}, columns=keys
    )
    assert len(rows) == len(set(rows))


class TestWhatMayBeRead:
    def test_a_death_after_the_withdrawal_of_consent_discontinues_nothing(self):
        facts = {"treatment": [course(1, 0, 50, line=1)], "contact": [contact(150, "dead", died_on=day(150))]}
        assert milestones("line_discontinued", patient={"observed_until": day(100)}, **facts) == []

    def test_nothing_after_the_death_shows_the_patient_alive(self):
        facts = {"contact": [contact(90), contact(100, "dead", died_on=day(100)), contact(150)]}
        assert milestones("known_alive", columns="occurred_on", **facts) == [(day(90),)]

    def test_an_open_course_is_known_to_go_on_until_the_patient_was_last_seen(self):
        facts = {"treatment": [course(1, 0, line=1)], "contact": [contact(110)]}
        assert milestones("on_treatment", columns="occurred_on", **facts) == [(day(110),)]


class TestSystemicStart:
    @pytest.mark.parametrize(
        ("change", "n"), [({}, 1), ({"intent": "supportive"}, 0), ({"part_of": "T0"}, 0)]
    )
    def test_supportive_drugs_and_dose_steps_are_no_systemic_therapy(self, change, n):
        facts = {"treatment": [course(1, 0, line=None, **change)]}
        assert len(milestones("systemic_start", **facts)) == n


class TestClinicalProgression:
    @pytest.mark.parametrize(("on", "line"), [(107, 1), (108, 3)])
    def test_one_in_the_first_week_of_a_line_closed_the_line_before_though_numbers_have_a_gap(self, on, line):
        facts = {
            "treatment": [course(1, 0, 99, line=1), course(3, 100, line=3)],
            "response": [scan(on, "pd", basis="clinical")],
        }
        assert milestones("clinical_progression", columns="occurred_on, line", **facts) == [(day(on), line)]


class TestCtdnaOnsets(TestCtdna):
    def test_a_rise_between_two_draws_before_treatment_is_no_molecular_progression(self):
        facts = self.series((-20, False), (-2, True), (60, False), (150, True))
        assert milestones("molecular_progression", columns="occurred_on", **facts) == [(day(150),)]

    @pytest.mark.parametrize(("at", "detail"), [(-28, "PRE_TREATMENT"), (30, "ON_TREATMENT")])
    def test_a_detected_baseline_says_whether_it_came_before_treatment(self, at, detail):
        facts = self.series((at, True))
        patient = {"enrolled_on": day(0)}
        assert milestones("detected_baseline", columns="detail", patient=patient, **facts) == [(detail,)]

    @pytest.mark.parametrize(("at", "found"), [(59, []), (60, [(day(60),)])])
    def test_the_second_draw_needs_60_days_and_no_scheme(self, at, found):
        facts = self.series((0, True), (at, False))
        assert milestones("second_draw", columns="occurred_on", **facts) == found
