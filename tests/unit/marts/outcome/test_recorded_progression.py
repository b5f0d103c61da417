"""Progression recorded by the treating team (clinical-decisions A8) and the line it closes (A1)."""

from typing import Any

import pytest

from tests.builders import Row, day, run_mart

PFS = {"event": ("radiological_progression", "clinical_progression", "death")}
RADIOLOGICAL_ONLY = {"event": ("radiological_progression", "death")}


def course(no: int, started: int, ended: int | None, *, line: int, stop: str | None = None) -> Row:
    return {
        "patient_id": "P",
        "treatment_id": f"T{no}",
        "kind": "systemic",
        "line": line,
        "started_on": day(started),
        "ended_on": None if ended is None else day(ended),
        "agents": f"drug {no}",
        "stop_reason": stop,
    }


def scan(on: int, overall: str = "pd", basis: str = "imaging") -> Row:
    return {
        "patient_id": "P",
        "assessed_on": day(on),
        "assessor": "treating_physician",
        "overall": overall,
        "basis": basis,
    }


def progressions(kind: str, columns: str = "occurred_on, line", **tables: Any) -> list[tuple[Any, ...]]:
    given = {"patient": [{"patient_id": "P"}], **tables}
    found = run_mart("milestone", given, columns=f"kind, {columns}", order_by="occurred_on, line")
    return [row[1:] for row in found if row[0] == kind]


class TestStoppedForProgression:
    def test_a_stop_for_progression_without_an_assessment_is_clinical_progression_on_that_day(self) -> None:
        columns = "occurred_on, line, detail, source_table, source_key"
        facts = {"treatment": [course(1, 0, 100, line=1, stop="progression")]}
        assert progressions("clinical_progression", columns, **facts) == [
            (day(100), 1, "treatment_stop", "treatment", "P | T1")
        ]
        assert progressions("radiological_progression", **facts) == []

    @pytest.mark.parametrize("stop", ["toxicity", "completed", None])
    def test_another_reason_to_stop_is_none(self, stop: str | None) -> None:
        facts = {"treatment": [course(1, 0, 100, line=1, stop=stop)]}
        assert progressions("clinical_progression", **facts) == []

    @pytest.mark.parametrize(
        ("on", "explained"), [(8, True), (100, True), (110, True), (219, True), (220, False)]
    )
    def test_a_progression_of_the_same_line_up_to_120_days_after_the_stop_explains_it(
        self, on: int, explained: bool
    ) -> None:
        facts = {
            "treatment": [course(1, 0, 100, line=1, stop="progression")],
            "response": [scan(on)],
        }
        assert progressions("clinical_progression", **facts) == ([] if explained else [(day(100), 1)])
        assert progressions("radiological_progression", **facts) == [(day(on), 1)]

    @pytest.mark.parametrize(("on", "explained"), [(117, True), (118, False)])
    def test_from_day_8_of_the_next_line_on_a_progression_is_of_that_line(
        self, on: int, explained: bool
    ) -> None:
        facts = {
            "treatment": [course(1, 0, 100, line=1, stop="progression"), course(2, 110, None, line=2)],
            "response": [scan(on)],
        }
        assert progressions("clinical_progression", **facts) == ([] if explained else [(day(100), 1)])

    def test_a_stable_scan_explains_nothing(self) -> None:
        facts = {
            "treatment": [course(1, 0, 100, line=1, stop="progression")],
            "response": [scan(95, "sd")],
        }
        assert progressions("clinical_progression", **facts) == [(day(100), 1)]

    def test_an_assessment_without_imaging_explains_the_stop_and_keeps_its_own_day(self) -> None:
        facts = {
            "treatment": [course(1, 0, 100, line=1, stop="progression")],
            "response": [scan(98, basis="clinical")],
        }
        assert progressions("clinical_progression", "occurred_on, source_table", **facts) == [
            (day(98), "response")
        ]

    def test_drugs_of_one_line_stopped_on_one_day_are_one_progression(self) -> None:
        stopped = [course(no, 0, 100, line=1, stop="progression") for no in (1, 2)]
        assert progressions("clinical_progression", "occurred_on, source_key", treatment=stopped) == [
            (day(100), "P | T1")
        ]

    @pytest.mark.parametrize(
        ("rules", "expected"), [(PFS, ("EVENT", 100)), (RADIOLOGICAL_ONLY, ("CENSORED", 90))]
    )
    def test_it_ends_pfs_but_not_the_radiological_variant(
        self, rules: dict[str, tuple[str, ...]], expected: tuple[str, int]
    ) -> None:
        rows = [
            {"role": "origin", "milestone": "line_start"},
            *({"role": "event", "milestone": kind, "from_day": 1} for kind in rules["event"]),
            {"role": "censor", "milestone": "adequate_assessment", "from_day": 0},
        ]
        given = {
            "patient": [{"patient_id": "P", "enrolled_on": day(0)}],
            "treatment": [course(1, 0, 100, line=1, stop="progression")],
            "response": [scan(90, "sd")],
            "endpoint": [{"endpoint_id": "E", "per": "line"}],
            "endpoint_rule": [
                {"endpoint_id": "E", "rule_no": no, **row} for no, row in enumerate(rows, start=1)
            ],
        }
        assert run_mart("time_to_event", given, columns="status, duration_days") == [expected]


class TestFirstDaysOfALine:
    """Up to 7 days after a line began a progression closed the line before (clinical-decisions A1)."""

    @staticmethod
    def both(on: int) -> tuple[list[Any], list[Any]]:
        """Line of the progression as the milestone says, and the progression of each line."""
        given = {
            "patient": [{"patient_id": "P"}],
            "treatment": [course(1, 0, 100, line=1), course(2, 110, 300, line=2)],
            "response": [scan(on)],
            "drug_class": [],
        }
        said = run_mart("milestone", given, columns="kind, line")
        held = run_mart("line_of_therapy", given, columns="line, progressed_on")
        return (
            [line for kind, line in said if kind == "radiological_progression" and line],
            [line for line, progressed_on in held if progressed_on is not None],
        )

    @pytest.mark.parametrize(
        ("on", "line"),
        [(7, []), (8, [1]), (110, [1]), (111, [1]), (117, [1]), (118, [2])],
    )
    def test_line_and_milestone_say_the_same(self, on: int, line: list[int]) -> None:
        assert self.both(on) == (line, line)

    @pytest.mark.parametrize(
        ("on", "rule"),
        [
            (7, "LINE_NEW_DRUG"),
            (8, "LINE_AFTER_PROGRESSION"),
            (117, "LINE_AFTER_PROGRESSION"),
            (118, "LINE_NEW_DRUG"),
        ],
    )
    def test_a_derived_line_follows_a_progression_only_where_the_line_before_has_one(
        self, on: int, rule: str
    ) -> None:
        courses = [
            {**course(no, started, ended, line=no), "line": None}
            for no, started, ended in ((1, 0, 100), (2, 110, 300))
        ]
        given = {
            "patient": [{"patient_id": "P"}],
            "treatment": courses,
            "response": [scan(on)],
            "drug_class": [
                {"agent": f"drug {no}", "drug_class": "chemotherapy", "opens_line": True} for no in (1, 2)
            ],
        }
        found = run_mart("line_of_therapy", given, columns="rule", order_by="line")
        assert found == [("LINE_FIRST",), (rule,)]
