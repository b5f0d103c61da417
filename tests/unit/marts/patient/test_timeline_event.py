"""timeline_event: planned windows and what fulfils them, thresholds ahead, markers, variants not reported."""

from typing import Any

import pytest

from tests.builders import OBSERVED_UNTIL, day, run_mart

PATIENT = {"patient_id": "P1", "enrolled_on": day(0), "tumour_type": "breast", "observed_until": day(400)}
DRAW_2 = {
    "item": "draw_2",
    "label": "draw 2",
    "kind": "ctdna",
    "anchor": "enrolment",
    "opens_days": 90,
    "closes_days": 180,
    "grace_days": 30,
    "line_scope": "patient",
}
SCANS = {
    "item": "imaging",
    "label": "scan",
    "kind": "imaging",
    "anchor": "line_start",
    "repeat_days": 84,
    "window_days": 10,
    "grace_days": 14,
    "line_scope": "line",
}


def draw(on: int, status: str = "detected", **columns: Any) -> dict[str, Any]:
    return {"patient_id": "P1", "sample_id": f"S{on}", "collected_on": day(on), "status": status, **columns}


def treatment(number: int, start: int, end: int | None = None) -> dict[str, Any]:
    ended = None if end is None else day(end)
    return {
        "patient_id": "P1",
        "treatment_id": str(number),
        "kind": "systemic",
        "regimen": f"drug {number}",
        "agents": f"drug {number}",
        "line": number,
        "started_on": day(start),
        "ended_on": ended,
        "is_ongoing": end is None,
    }


def events(kind: str, columns: str, until: int = 400, **tables: Any) -> list[tuple[Any, ...]]:
    """Columns of the events of one kind, oldest first."""
    patient = {**PATIENT, "observed_until": day(until)}
    found = run_mart(
        "timeline_event", {"patient": [patient], **tables}, columns=f"kind, occurred_on, {columns}"
    )
    return [row[2:] for row in sorted(found, key=lambda row: (row[1], str(row))) if row[0] == kind]


def window_state(*draws: dict[str, Any], until: int = 400, **tables: Any) -> str:
    (state,) = events("DRAW_WINDOW", "code", until, visit_plan=[DRAW_2], ctdna_sample=draws, **tables)[0]
    return str(state)


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (89, "NOT_YET_DUE"),
        (90, "DUE_NOW"),
        (149, "DUE_NOW"),
        (150, "CLOSES_SOON"),
        (180, "CLOSES_SOON"),
        (181, "DUE_NOW"),
        (210, "DUE_NOW"),
        (211, "OVERDUE"),
    ],
)
def test_a_window_without_a_draw_has_its_state_at_the_data_cut_and_is_overdue_only_after_the_grace(
    until, state
):
    assert window_state(until=until) == state


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (89, "DONE_OUTSIDE_WINDOW"),
        (90, "DONE_IN_WINDOW"),
        (180, "DONE_IN_WINDOW"),
        (181, "DONE_OUTSIDE_WINDOW"),
    ],
)
def test_a_single_draw_outside_its_window_counts_as_done_outside(on, state):
    assert window_state(draw(on)) == state


def test_a_planned_draw_that_was_not_done_fulfils_nothing():
    assert window_state(draw(100, "not_done")) == "OVERDUE"


def test_a_draw_after_the_data_cut_fulfils_nothing():
    assert window_state(draw(150), until=120) == "DUE_NOW"


def test_a_scan_after_the_data_cut_is_not_shown_and_fulfils_nothing():
    scan = {"patient_id": "P1", "imaged_on": day(90), "modality": "ct"}
    tables = {"visit_plan": [SCANS], "treatment": [treatment(1, 0)], "imaging": [scan]}
    assert events("SCAN", "event_key", until=80, **tables) == []
    assert ("DONE_IN_WINDOW",) not in events("SCAN_WINDOW", "code", until=80, **tables)


@pytest.mark.parametrize(
    ("died", "state"),
    # The window closes on day 180, its grace ends on day 210: up to then the draw was still due.
    [(89, "NOT_EXPECTED"), (180, "NOT_EXPECTED"), (210, "NOT_EXPECTED"), (211, "CANNOT_BE_OBTAINED")],
)
def test_nothing_is_expected_after_a_death(died, state):
    death = {"patient_id": "P1", "contact_on": day(died), "vital_status": "dead", "died_on": day(died)}
    found = events("DRAW_WINDOW", "code", visit_plan=[DRAW_2], contact=[death])
    assert found == [(state,)]


@pytest.mark.parametrize(
    ("declined", "state"),
    [
        (None, "NOT_EXPECTED"),
        (day(89), "NOT_EXPECTED"),
        (day(90), "NOT_EXPECTED"),
        (day(210), "NOT_EXPECTED"),
        (day(211), "CANNOT_BE_OBTAINED"),
    ],
)
def test_no_draw_is_expected_after_ctdna_was_declined_but_scans_are(declined, state):
    refusal = {"patient_id": "P1", "kind": "ctdna_declined", "happened_on": declined}
    tables = {"visit_plan": [DRAW_2, SCANS], "treatment": [treatment(1, 0)], "disposition": [refusal]}
    assert events("DRAW_WINDOW", "code", **tables) == [(state,)]
    assert ("OVERDUE",) in events("SCAN_WINDOW", "code", **tables)


def test_nothing_is_expected_before_enrolment():
    tables = {"visit_plan": [SCANS], "treatment": [treatment(1, -200)]}
    found = events("SCAN_WINDOW", "occurred_on, code", until=0, **tables)
    # Due on days -116, -32 and 52; the window round day -32 closed ten days later.
    assert [((occurred_on - day(0)).days, code) for occurred_on, code in found] == [
        (-126, "NOT_EXPECTED"),
        (-42, "NOT_EXPECTED"),
        (42, "NOT_YET_DUE"),
    ]


def test_calendar_months_count_for_a_window_in_months():
    plan = {**DRAW_2, "opens_days": None, "closes_days": None, "opens_months": 3, "closes_months": 6}
    (found,) = events("DRAW_WINDOW", "occurred_on, ended_on", visit_plan=[plan])
    # Enrolled on 1 January 2024.
    assert [str(date) for date in found] == ["2024-04-01", "2024-07-01"]


def test_repeated_windows_begin_anew_with_each_line_and_end_with_the_next_to_come():
    tables = {"visit_plan": [SCANS], "treatment": [treatment(1, 0, 195), treatment(2, 200)]}
    found = events("SCAN_WINDOW", "occurred_on, line, code", until=300, **tables)
    days = [((occurred_on - day(0)).days, code) for occurred_on, _line, code in found]
    assert days == [
        (74, "CANNOT_BE_OBTAINED"),
        (158, "CANNOT_BE_OBTAINED"),
        (274, "DUE_NOW"),
        (358, "NOT_YET_DUE"),
    ]


def test_a_draw_outside_every_window_is_marked_so():
    found = events("DRAW", "code", visit_plan=[DRAW_2], ctdna_sample=[draw(100), draw(300)])
    assert found == [("IN_WINDOW",), ("OUTSIDE_WINDOW",)]


def lesion(on: int, mm: int) -> dict[str, Any]:
    row = {"patient_id": "P1", "lesion_id": "L1", "assessed_on": day(on), "role": "target"}
    return {**row, "diameter_mm": mm, "state": "measured"}


LIMIT = "line, occurred_on, ended_on, nadir_tenth_mm, pd_from_tenth_mm"


@pytest.mark.parametrize(
    ("nadir_mm", "threshold_mm"),
    # 20 % above 58 is 69.6, so 70; below 25 mm the 5 mm decide; at 25 both say 30; over 0 any diameter is PD.
    [(58, 70), (60, 72), (26, 32), (25, 30), (24, 29), (10, 15), (0, 1)],
)
def test_the_sum_that_would_be_progression_next_is_whole_millimetres_above_the_nadir(nadir_mm, threshold_mm):
    lesions = [lesion(-10, 86), lesion(60, nadir_mm)]
    found = events("LIMIT", LIMIT, lesion=lesions, treatment=[treatment(1, 0)])
    # From the day of that nadir on; up to then PD would have been called over the baseline.
    assert found == [
        (1, day(-10), day(60), 860, 1040),
        (1, day(60), None, nadir_mm * 10, threshold_mm * 10),
    ]


@pytest.mark.parametrize(
    ("scans", "treated", "limits"),
    [
        # Only its baseline: the nadir is the baseline.
        ([(-10, 50)], [(0, None)], [(1, -10, None, 50, 60)]),
        # A higher sum leaves the nadir; 20 % above 50 is 60.
        ([(-10, 50), (60, 59)], [(0, None)], [(1, -10, None, 50, 60)]),
        # The scan of the PD, 28 days before line 2, is its baseline; line 1 keeps its own limits up to there.
        ([(-10, 50), (60, 61)], [(0, 80), (88, None)], [(1, -10, 88, 50, 60), (2, 60, None, 61, 74)]),
        # 29 days before it is borrowed, and so a limit of line 2 from its start only.
        ([(-10, 50), (60, 61)], [(0, 80), (89, None)], [(1, -10, 89, 50, 60), (2, 89, None, 61, 74)]),
        # Every new nadir has its own limits, up to the next one or the next line.
        (
            [(-10, 100), (60, 65), (120, 72), (180, 60)],
            [(0, 180), (250, None)],
            [(1, -10, 60, 100, 120), (1, 60, 180, 65, 78), (1, 180, 250, 60, 72), (2, 250, None, 60, 72)],
        ),
        # A nadir on the day line 2 begins belongs to line 1, of which nothing is left then.
        ([(-10, 50), (88, 40)], [(0, 80), (88, None)], [(1, -10, 88, 50, 60), (2, 88, None, 40, 48)]),
        # Without any sum there is no limit.
        ([], [(0, None)], []),
    ],
)
def test_every_line_with_a_baseline_sum_has_its_limits(scans, treated, limits):
    treatments = [treatment(number + 1, *days) for number, days in enumerate(treated)]
    lesions = [lesion(*scan) for scan in scans]
    found = events("LIMIT", LIMIT, lesion=lesions, treatment=treatments)
    expected = [
        (line, day(first), None if last is None else day(last), nadir * 10, high * 10)
        for line, first, last, nadir, high in limits
    ]
    assert found == expected


def test_each_limit_of_a_line_has_a_key_of_its_own():
    lesions = [lesion(-10, 100), lesion(60, 65), lesion(180, 60)]
    keys = events("LIMIT", "event_key", lesion=lesions, treatment=[treatment(1, 0)])
    assert keys == [(f"limit line 1 {day(on)}",) for on in (-10, 60, 180)]


@pytest.mark.parametrize(
    ("second_mm", "new_lesion", "from_nadir"),
    # Nadir 50 mm: 60 mm is PD by the sum, 59 mm is not, and then a new lesion makes it.
    [(60, "no", 200), (60, "yes", 200), (59, "yes", None)],
)
def test_a_progression_counts_from_the_nadir_only_where_the_sum_made_it(second_mm, new_lesion, from_nadir):
    called = {"patient_id": "P1", "assessed_on": day(60), "overall": "pd", "new_lesion": new_lesion}
    found = events(
        "RESPONSE",
        "code, change_from_nadir_tenth_percent",
        lesion=[lesion(-10, 50), lesion(60, second_mm)],
        treatment=[treatment(1, 0)],
        response=[called],
    )
    assert found == [("PD", from_nadir)]


def marker(name: str, on: int, value: float = 5) -> dict[str, Any]:
    return {"patient_id": "P1", "name": name, "measured_on": day(on), "value": value, "visit": name}


def test_the_main_marker_is_that_of_the_tumour_type():
    found = events(
        "MARKER", "label", measurement=[marker("cea", 0), marker("ca_15_3", 0), marker("ca_15_3", 30)]
    )
    assert found == [("ca_15_3",), ("ca_15_3",)]


def test_where_the_usual_marker_is_absent_the_next_one_stands_in():
    assert events("MARKER", "label", measurement=[marker("cea", 0), marker("psa", 5)]) == [("cea",)]


@pytest.mark.parametrize(
    ("grade", "serious", "count"), [(2, None, 0), (3, None, 1), (1, True, 1), (None, None, 0)]
)
def test_adverse_events_from_grade_3_and_serious_ones_are_shown(grade, serious, count):
    row = {"patient_id": "P1", "event_id": "1", "term": "nausea", "grade": grade, "is_serious": serious}
    kind = "SERIOUS_EVENT" if serious else "EVENT"
    assert len(events(kind, "grade", adverse_event=[{**row, "started_on": day(5)}])) == count


FIXED = {"panel": "v1", "assay": "capture", "tracks": "fixed_panel"}
ESR1 = {"sample_id": "S60", "gene": "ESR1", "variant": "p.D538G", "status": "detected", "maf_ppm": 3100}
PIK3CA = {"sample_id": "S0", "gene": "PIK3CA", "variant": "p.H1047R", "status": "detected", "maf_ppm": 42000}


def variant_codes(*covered: str) -> list[tuple[Any, ...]]:
    genes = [{"panel": "v1", "gene": gene, "alteration": "sequence"} for gene in covered]
    tables = {
        "ctdna_sample": [draw(0, panel="v1", assay="capture"), draw(60, panel="v1", assay="capture")],
        "variant": [PIK3CA, ESR1],
        "assay_panel": [FIXED],
        "definition_panel_gene": genes,
    }
    return events("VARIANT", "sample_id, gene, code", **tables)


def test_a_covered_gene_that_is_not_reported_is_not_detected():
    assert ("S0", "ESR1", "NOT_DETECTED") in variant_codes("ESR1", "PIK3CA")


def test_a_gene_that_is_not_covered_has_no_row_rather_than_not_detected():
    assert ("S0", "ESR1", "NOT_DETECTED") not in variant_codes("PIK3CA")


def test_not_detected_has_no_value_and_never_zero():
    sample = draw(0, "not_detected", lod_ppm=500)
    assert events("SAMPLE", "value_sum, value_n, lod_ppm", ctdna_sample=[sample]) == [(None, None, 500)]


def test_an_event_names_its_file_and_row():
    assert events("SAMPLE", "source_file, source_row", ctdna_sample=[draw(0)]) == [("ctdna_sample.csv", 2)]


def test_days_since_the_draw_before_and_the_day_on_treatment_are_counted():
    tables = {"ctdna_sample": [draw(10), draw(45)], "treatment": [treatment(1, 0, 40)]}
    found = events("SAMPLE", "days_since_previous, day_of_line, line_in_force, is_on_treatment", **tables)
    assert found == [(None, 10, 1, True), (35, 45, 1, False)]


def test_every_event_has_one_row():
    tables = {
        "patient": [{**PATIENT, "observed_until": OBSERVED_UNTIL}],
        "treatment": [treatment(1, 0, 195), treatment(2, 200)],
        "ctdna_sample": [draw(0), draw(100), draw(100, sample_id="S100b")],
        "visit_plan": [DRAW_2, SCANS],
    }
    keys = run_mart("timeline_event", tables, columns="patient_id, kind, event_key")
    assert len(keys) == len(set(keys)) > 10


def test_a_not_detected_sample_outweighed_by_another_of_its_day_is_still_shown_as_a_result() -> None:
    samples = [draw(10, "failed"), draw(20), {**draw(20, "not_detected"), "sample_id": "S20b"}]
    assert events("SAMPLE", "sample_id, panel, code", ctdna_sample=samples) == [
        ("S10", "NO_RESULT", "FAILED"),
        ("S20", "CTDNA", "DETECTED"),
        ("S20b", "CTDNA", "NOT_DETECTED"),
    ]


def test_a_stop_for_progression_without_an_assessment_is_marked_with_its_source() -> None:
    stopped = [{**treatment(1, 0, 100), "stop_reason": "progression"}]
    columns = "occurred_on, detail, source_table, source_key"
    assert events("CLINICAL_PROGRESSION", columns, treatment=stopped) == [
        (day(100), "treatment_stop", "treatment", "P1 | 1")
    ]


def test_an_unreported_scan_not_evaluable_before_the_next_line_is_the_baseline_of_that_line() -> None:
    """Line 1 has no scan of its own: day 100 says nothing of it, and is the baseline of line 2."""
    tables = {"treatment": [treatment(1, 0, 90), treatment(2, 110)], "lesion": [lesion(100, 40)]}
    assert events("BASELINE", "occurred_on, code", **tables) == [(day(100), None)]
    assert events("RESPONSE", "code", **tables) == []


def test_the_scan_that_shows_progression_stays_one_although_the_next_line_borrows_it() -> None:
    """40 mm, then 60 mm on day 60 (PD); a later scan before line 2 is that line's baseline."""
    first = [lesion(-5, 40), lesion(60, 60)]
    lines = [treatment(1, 0, 65), treatment(2, 90)]
    assert events("RESPONSE", "occurred_on, code", treatment=lines, lesion=first) == [(day(60), "PD")]
    both = [*first, lesion(80, 66)]
    assert events("RESPONSE", "occurred_on, code", treatment=lines, lesion=both) == [(day(60), "PD")]
    assert events("BASELINE", "occurred_on", treatment=lines, lesion=both) == [(day(-5),), (day(80),)]


def test_a_reported_response_stays_one_although_the_next_line_begins_with_its_scan() -> None:
    report = {"patient_id": "P1", "assessed_on": day(100), "assessor": "treating_physician", "overall": "ne"}
    tables = {"treatment": [treatment(1, 0, 90), treatment(2, 110)], "lesion": [lesion(100, 40)]}
    assert events("RESPONSE", "occurred_on, code", response=[report], **tables) == [(day(100), "NE")]


def test_only_a_day_recorded_to_the_month_or_year_is_marked_so() -> None:
    """The second course begins on the day that stands for the month of the first one's end."""
    first = {**treatment(1, 0, 60), "ended_on_precision": "month", "started_on_precision": "day"}
    second = {**treatment(2, 60), "started_on_precision": "year"}
    columns = "occurred_on, occurred_on_precision, ended_on_precision"
    assert events("SYSTEMIC", columns, treatment=[first, second]) == [
        (day(0), None, "month"),
        (day(60), "year", None),
    ]
    exact = {**second, "started_on_precision": "day"}
    assert events("SYSTEMIC", columns, treatment=[first, exact])[1] == (day(60), None, None)
