"""Words of the MDT page."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dashboard.figures.patient.header import PatientHeader
from dashboard.tables.header_strip import Cell, Line
from dashboard.ui.mdt_words import (
    action_words,
    ctdna_state_words,
    earlier_words,
    header_line,
    place_words,
    recorded_decision,
)
from dashboard.workflow.actions import Course, Statement
from dashboard.workflow.decisions import Decision
from dashboard.workflow.entries import ActionOutcome
from dashboard.workflow.meetings import Case, Meeting


def test_a_case_names_the_regimen_and_why_the_line_began():
    cells = [
        Cell("Diagnosis", "Lung adenocarcinoma", (Line("Stage IV"),)),
        Cell(
            "Current line",
            "Line 2 · day 30",
            (Line("Docetaxel"), Line("since 2 May 2025, started on PD")),
        ),
        Cell("ECOG", "1", (Line("2 May 2025"), Line("was 0"))),
        Cell(
            "Last scan",
            "PD reported",
            (Line("by investigator"), Line("3 May 2025"), Line("+40 % from nadir")),
        ),
        Cell(
            "Last ctDNA",
            "not detected",
            (Line("1 May 2025"), Line("LoD 0.05 %"), Line("9 May 2025, pending", qualifies=True)),
        ),
    ]
    assert header_line(PatientHeader(tuple(cells), ())) == (
        "Lung adenocarcinoma · Current line: Line 2 · day 30, Docetaxel, since 2 May 2025, started on PD"
        " · ECOG: 1, 2 May 2025 · Last scan: PD reported, by investigator, 3 May 2025, +40 % from nadir"
        " · Last ctDNA: not detected, 1 May 2025, 9 May 2025, pending"
    )


@pytest.mark.parametrize(
    ("state", "direction", "words"),
    [
        ("NEWLY_DETECTED", "", "newly detected"),
        ("PERSISTENT", "falling from baseline", "still detected, falling from baseline"),
        (
            "PERSISTENT",
            "rising over the lowest of line 1 (×3) · below ×2 within line 2",
            "still detected, rising over the lowest of line 1 (×3), below ×2 within line 2",
        ),
        ("PERSISTENT", "", "still detected"),
        ("NOT_EVALUABLE", "", "course cannot be judged"),
        ("NEVER_DETECTED_ON_TX", "", "no pre-treatment sample"),
        ("NO_SAMPLE", "", ""),
        (None, "", ""),
    ],
)
def test_the_last_ctdna_of_a_case_has_its_state(state, direction, words):
    assert ctdna_state_words({"ctdna_state": state}, direction=direction) == words
    origin = "possibly clonal haematopoiesis alone"
    cell = Cell(
        "Last ctDNA", "0.06 %", (Line("1 May 2025"), Line("LoD 0.05 %"), Line(origin, qualifies=True))
    )
    line = header_line(PatientHeader((Cell("Diagnosis", "Lung", ()), cell), ()), ctdna_state=words)
    said = f", {words}" if words else ""
    assert line == f"Lung · Last ctDNA: 0.06 %{said}, 1 May 2025, {origin}"


def test_the_last_ctdna_of_a_case_names_the_variants_of_its_levels_and_what_is_new():
    both = "now of ESR1 D538G, at baseline of PIK3CA E545K"
    cell = Cell("Last ctDNA", "0.18 %", (Line("1 May 2025"), Line(both, qualifies=True)))
    header = PatientHeader(
        (Cell("Diagnosis", "Breast", ()), cell, Cell("Status", "Alive", ())),
        (),
        new_variants="new since baseline: ESR1 D538G",
    )
    assert header_line(header, ctdna_state="still detected") == (
        f"Breast · Last ctDNA: 0.18 %, still detected, 1 May 2025, {both}, new since baseline: ESR1 D538G"
        " · Status: Alive"
    )


DECISION = Decision(
    decision_id=7, case_id=1, version=2, text="Third line", next_action="Biopsy", owner="Dr Lê",
    due_on=date(2026, 6, 12), snapshot_id="s", saved_by="Dr Bo", saved_at=datetime(2026, 6, 4, 9, tzinfo=UTC),
)  # fmt: skip


def course(*outcomes, decision=DECISION):
    meeting = Meeting(meeting_id=1, version=1, study_id="s", held_on=date(2026, 6, 3), title="Lung MDT")
    case = Case(
        case_id=1, version=1, meeting_id=1, study_id="s", patient_id="P", snapshot_id="s", agenda_order=1,
        question="",
    )  # fmt: skip
    said = tuple(
        Statement(
            decision_id=7, version=1, outcome=outcome, why_not=why, stated_by="Dr Bo",
            stated_at=datetime(2026, 6, 5, tzinfo=UTC),
        )
        for outcome, why in outcomes
    )  # fmt: skip
    return Course(meeting, case, (decision,), said)


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ((), "open"),
        (((ActionOutcome.CARRIED_OUT, ""),), "yes"),
        (((ActionOutcome.NOT_YET, "no slot"),), "not yet (no slot)"),
        (((ActionOutcome.DROPPED, "refused"),), "no, no longer planned (refused)"),
    ],
)
def test_the_action_of_a_decision_says_whether_it_was_carried_out(outcomes, words):
    line = action_words(course(*outcomes), names_days=True)
    assert line == f"Next action: Biopsy · owner Dr Lê · due 12 Jun 2026 · carried out: {words}"
    assert earlier_words(course(*outcomes), names_days=True) == (
        "Decision of 3 Jun 2026:",
        f"Third line · Biopsy, carried out: {words}",
    )


def test_a_decision_without_an_action_says_so():
    bare = course(decision=replace(DECISION, next_action="", owner="", due_on=None))
    assert action_words(bare, names_days=True) == "No next action"
    assert earlier_words(bare, names_days=True) == ("Decision of 3 Jun 2026:", "Third line")


@pytest.mark.parametrize(
    ("names_days", "due", "recorded", "place"),
    [
        (True, "12 Jun 2026", "Recorded by Dr Bo, 4 Jun 2026, version 2", "3 Jun 2026 · Lung MDT"),
        (False, "", "Recorded by Dr Bo, version 2", "Lung MDT"),
    ],
)
def test_where_no_calendar_date_may_stand_a_decision_names_none(names_days, due, recorded, place):
    found = recorded_decision(course(), names_days=names_days)
    assert (found.text, found.next_action, found.owner) == ("Third line", "Biopsy", "Dr Lê")
    assert (found.due, found.recorded) == (due, recorded)
    assert place_words(course(), names_days=names_days) == place
    assert ("2026" in action_words(course(), names_days=names_days)) == names_days
    assert ("2026" in earlier_words(course(), names_days=names_days)[0]) == names_days
