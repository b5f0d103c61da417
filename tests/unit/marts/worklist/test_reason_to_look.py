"""Every reason to look with a hit and a near miss at its boundary. Day 0 is 1 January 2024, a Monday."""

import pytest

from tests.builders import day, run_mart

ASSAY = {"assay": "K", "panel": "K", "quantity_kind": "maf_ppm"}
PANEL = [{"panel": "K", "assay": "K", "tracks": "fixed_panel"}]
END = 400


def as_patient(row, name):
    """The row of P as one of another patient, whose samples have other names."""
    own = {"patient_id": name} if "patient_id" in row else {}
    sample = {"sample_id": f"{name} {row['sample_id']}"} if "sample_id" in row else {}
    return {**row, **own, **sample}


def draw(at, status="detected", value=None, **values):
    """A sample of P on study day `at`; a detected one has a level in ppm."""
    number = {} if status != "detected" else {"quantity_value": value or 5000}
    return {"sample_id": f"S{at}", "patient_id": "P", "collected_on": day(at), "status": status} | (
        ASSAY | number | values
    )


def scan(at, overall, **values):
    return {
        "patient_id": "P",
        "assessed_on": day(at),
        "assessor": "treating_physician",
        "overall": overall,
        "basis": "imaging",
    } | values


def image(at):
    return {"patient_id": "P", "imaged_on": day(at), "modality": "ct"}


def line(number, start, end=None, **values):
    return {
        "patient_id": "P",
        "treatment_id": f"T{number}",
        "kind": "systemic",
        "line": number,
        "started_on": day(start),
        "ended_on": None if end is None else day(end),
        "is_ongoing": end is None,
        "agents": f"drug{number}",
        "regimen": f"drug{number}",
    } | values


def local(at):
    return line(None, at, at, treatment_id="L", kind="surgery", agents=None, regimen=None)


def tables(**given):
    """One patient on line 1 since day 0, imaged on the last observed day unless imaging is given."""
    filled = {
        "patient": [{"patient_id": "P", "enrolled_on": day(0), "observed_until": day(END)}],
        "assay_panel": PANEL,
        "treatment": [line(1, 0)],
        "imaging": [image(END)],
    }
    return filled | given


SHARED = ("assay_panel", "study", "watched_gene")


def judged(cases, columns="reason_no", study=()):
    """Rows that stand at the study's own window by case; each case is a patient, one build for all."""
    merged = {"assay_panel": PANEL, "study": list(study)}
    for case, given in cases.items():
        for table, rows in tables(**given).items():
            if table not in SHARED:
                merged.setdefault(table, []).extend(as_patient(row, str(case)) for row in rows)
    found = run_mart(
        "reason_to_look",
        merged,
        columns=f"patient_id, is_met, {columns}",
        order_by="patient_id, reason_no, occurred_on",
    )
    return {
        case: [row[2] if len(row) == 3 else row[2:] for row in found if row[0] == str(case) and row[1]]
        for case in cases
    }


def reasons(columns="reason_no", study=(), **given):
    """The same for a single case."""
    return judged({"P": given}, columns, study)["P"]


def test_a_patient_of_whom_nothing_is_to_be_said_has_no_row():
    assert reasons() == []


# 1


def test_a_progression_that_nothing_followed_is_a_reason():
    assert reasons("reason_no, n_days", response=[scan(350, "pd"), scan(380, "pd")]) == [(1, 50)]


def test_a_line_from_a_week_before_the_progression_on_answers_it():
    # The scan of day 350 may be the baseline of a line that began at most 7 days before.
    cases = {
        started: {
            "response": [scan(350, "pd")],
            "treatment": [line(1, 0, started - 1), line(2, started)],
        }
        for started in (342, 343, 350, 360)
    }
    assert judged(cases) == {342: [1], 343: [], 350: [], 360: []}


def test_a_local_treatment_from_the_day_of_the_progression_on_answers_it():
    cases = {
        at: {"response": [scan(350, "pd")], "treatment": [line(1, 0), local(at)]} for at in (349, 350, 351)
    }
    assert judged(cases) == {349: [1], 350: [], 351: []}


def test_a_progression_is_new_until_the_treatment_it_ended_has_long_been_stopped():
    # Limit 28 days: from then on one event has one reason, number 12.
    cases = {
        days: {"response": [scan(END - 60, "pd")], "treatment": [line(1, 0, END - days)]} for days in (28, 29)
    }
    assert judged(cases) == {28: [1], 29: [12]}


def test_a_progression_after_the_stop_is_new_and_so_is_one_on_treatment_that_goes_on():
    on_the_day, after = scan(END - 40, "pd"), scan(END - 39, "pd")
    cases = {
        "on the day": {"response": [on_the_day], "treatment": [line(1, 0, END - 40)]},
        "after": {"response": [after], "treatment": [line(1, 0, END - 40)]},
        "goes on": {"response": [on_the_day], "treatment": [line(1, 0)]},
    }
    assert judged(cases) == {"on the day": [12], "after": [1, 12], "goes on": [1]}


# 2

NEW = [draw(0, "not_detected"), draw(100)]


def test_newly_detected_ctdna_is_a_reason_without_imaging_within_six_weeks():
    cases = {at: {"ctdna_sample": NEW, "imaging": [image(at), image(390)]} for at in (99, 100, 141, 142, 143)}
    assert judged(cases) == {99: [2], 100: [], 141: [], 142: [], 143: [2]}


def test_an_assessment_after_newly_detected_ctdna_answers_it_however_late():
    # On day 42 imaging is in time, assessed or not; from day 43 on only an assessed scan answers.
    cases = {
        **{(gap, "assessed"): {"response": [scan(100 + gap, "sd")]} for gap in (-1, 0, 42, 43)},
        **{(gap, "imaged"): {"imaging": [image(100 + gap)]} for gap in (42, 43)},
        (43, "not evaluable"): {"response": [scan(143, "ne")]},
        "none": {},
    }
    given = {case: {"ctdna_sample": NEW, "imaging": [image(99)], **rest} for case, rest in cases.items()}
    found = judged(given, "reason_no, n_days, gap_days")
    assert {case: [row for row in rows if row[0] == 2] for case, rows in found.items()} == {
        (-1, "assessed"): [(2, END - 100, None)],
        (0, "assessed"): [],
        (42, "assessed"): [],
        (43, "assessed"): [],
        (42, "imaged"): [],
        (43, "imaged"): [(2, 43, 43)],
        (43, "not evaluable"): [(2, 43, 43)],
        "none": [(2, END - 100, None)],
    }


def test_newly_detected_ctdna_is_there_at_once_while_nothing_was_imaged_since():
    found = reasons(
        "reason_no, n_days", ctdna_sample=[draw(0, "not_detected"), draw(390)], imaging=[image(380)]
    )
    assert found == [(2, 10)]


def test_ctdna_that_is_not_detected_again_needs_no_imaging():
    samples = [*NEW, draw(200, "not_detected")]
    assert reasons(ctdna_sample=samples, imaging=[image(350)]) == []


def test_detection_that_a_new_line_followed_is_history():
    assert reasons(ctdna_sample=NEW, treatment=[line(1, 0, 100), line(2, 100)]) == []


# 3


def test_a_level_of_twice_the_lowest_beside_stable_disease_is_a_reason():
    cases = {
        level: {
            "ctdna_sample": [draw(0, value=4000), draw(100, value=1000), draw(200, value=level)],
            "response": [scan(210, "sd")],
        }
        for level in (1999, 2000, 2001)
    }
    assert judged(cases) == {1999: [], 2000: [3], 2001: [3]}


def test_a_first_draw_on_treatment_stands_beside_progression_and_a_baseline_does_not():
    """Line 1 starts on day 0; a draw of day 7 still is a baseline. The patient page says the same."""
    cases = {at: {"ctdna_sample": [draw(at, "not_detected")], "response": [scan(40, "pd")]} for at in (7, 8)}
    assert {case: 4 in rows for case, rows in judged(cases).items()} == {7: False, 8: True}


RISING = [draw(0, value=4000), draw(100, value=1000), draw(200, value=4100)]


def test_a_rise_counts_over_the_lowest_of_the_same_line_only():
    """Line 2 starts from the draw of day 90; 1000 on line 1 is no measure for it."""
    before = [draw(0, value=4000), draw(50, value=1000), draw(90, value=8000)]
    cases = {
        level: {
            "treatment": [line(1, 0, 100), line(2, 100)],
            "ctdna_sample": [*before, draw(150, value=9000), draw(200, value=level)],
            "response": [scan(210, "sd")],
        }
        for level in (15999, 16000)
    }
    assert judged(cases) == {15999: [], 16000: [3]}


@pytest.mark.parametrize(("before", "expected"), [(71, []), (72, ["before_line"]), (73, ["before_line"])])
def test_the_last_draw_before_the_line_is_named_and_counts_from_28_days_before_it(before, expected):
    found = reasons(
        "from_status",
        treatment=[line(1, 0, 100), line(2, 100)],
        ctdna_sample=[draw(before, value=1000), draw(200, value=2000)],
        response=[scan(210, "sd")],
    )
    assert found == expected


def test_imaging_stands_beside_the_draw_up_to_42_days_away():
    days = (157, 158, 159, 241, 242, 243)
    cases = {at: {"ctdna_sample": RISING, "response": [scan(at, "sd")]} for at in days}
    assert judged(cases) == {157: [], 158: [3], 159: [3], 241: [3], 242: [3], 243: []}


def test_only_imaging_that_was_evaluated_and_is_no_progression_counts():
    given = {
        overall: {"ctdna_sample": RISING, "response": [scan(210, overall)]} for overall in ("sd", "pd", "ne")
    }
    assert judged(given) == {"sd": [3], "pd": [1], "ne": []}


def test_of_two_scans_equally_near_the_earlier_counts():
    scans = [scan(190, "sd"), scan(210, "cr")]
    found = reasons("reason_no, response", ctdna_sample=RISING, response=scans)
    assert found == [(3, "SD")]


def test_the_row_has_the_levels_before_and_now():
    found = reasons(
        "from_level_sum, to_level_sum, occurred_on, compared_on",
        ctdna_sample=RISING,
        response=[scan(210, "sd")],
    )
    assert found == [(1000, 4100, day(200), day(210))]


# 4


def test_progression_while_ctdna_is_not_detected_is_a_reason():
    cases = {
        at: {"ctdna_sample": [draw(at, "not_detected")], "response": [scan(350, "pd")]}
        for at in (307, 308, 350, 392, 393)
    }
    assert judged(cases) == {307: [1], 308: [1, 4], 350: [1, 4], 392: [1, 4], 393: [1]}


def test_a_scan_after_progression_that_nobody_called_answers_for_no_draw_and_parts_none():
    # Progression on day 300, a draw on day 340. The lesion grows on to a scan between the two, or after both.
    def grown(at, *called):
        return {
            "lesion": [lesion(-5, 50), lesion(at, 90)],
            "response": [scan(300, "pd"), *called],
            "ctdna_sample": [draw(340, "not_detected")],
        }

    cases = {(at, False): grown(at) for at in (330, 350)}
    cases |= {(at, True): grown(at, scan(at, "pd")) for at in (330, 350)}
    found = judged(cases)
    assert found == {(at, is_called): [1] if is_called else [1, 4] for at, is_called in cases}


def test_the_draw_nearest_to_the_progression_counts():
    samples = [draw(320, "not_detected"), draw(345)]
    assert 4 not in reasons(ctdna_sample=samples, response=[scan(350, "pd")])


AFTER_LOCAL = {
    "study_id": "test",
    "index_origin": "local_therapy",
    "response_mode": "post_local_therapy",
    "response_assessor": "treating_physician",
}


def test_a_progression_only_called_again_on_treatment_is_not_new_but_stands_beside_ctdna_not_detected():
    # Ablation on day 0, line 1 from day 110. PD of day 100 started it and is called again on day 300.
    site = {"progression_pattern": "extrathoracic", "progression_site": "liver"}
    before = scan(100, "pd", **site)
    cases = {
        "again": [before, scan(300, "pd", **site)],
        "elsewhere": [before, scan(300, "pd", progression_pattern="extrathoracic", progression_site="bone")],
        "better": [before, scan(300, "ned")],
    }
    given = {
        name: {
            "treatment": [local(0), line(1, 110)],
            "response": scans,
            "ctdna_sample": [draw(300, "not_detected")],
        }
        for name, scans in cases.items()
    }
    given["detected"] = {**given["again"], "ctdna_sample": [draw(300)]}
    given["detected since"] = {**given["again"], "ctdna_sample": [draw(300, "not_detected"), draw(390)]}
    given["far"] = {**given["again"], "ctdna_sample": [draw(343, "not_detected")]}
    found = judged(given, "reason_no, first_called_on", study=[AFTER_LOCAL])
    assert found == {
        "again": [(4, day(100))],
        "elsewhere": [(1, None), (4, None)],
        "better": [],
        "detected": [],
        "detected since": [],
        "far": [],
    }


def test_a_status_called_the_day_after_a_line_began_stands_beside_the_draw_of_that_day():
    # Local treatment on day 0, line 1 from day 380; no evidence of disease, and ctDNA is twice that of the
    # draw 28 days before the line.
    def on(at, overall="ned"):
        return {
            "treatment": [local(0), line(1, 380)],
            "response": [scan(200, "ned"), scan(at, overall)],
            "ctdna_sample": [draw(-5, value=1000), draw(352, value=1000), draw(at, value=2000)],
        }

    # On the day the line began both say what was before it.
    cases = {380: on(380), 381: on(381), 388: on(388), "pd": on(381, "pd")}
    found = judged(cases, study=[AFTER_LOCAL])
    assert found == {380: [], 381: [3, 5], 388: [3, 5], "pd": []}
    assert judged({381: on(381, "cr"), 388: on(388, "cr")}) == {381: [], 388: [3, 5]}


def test_what_is_to_be_checked_is_named():
    flags = ["is_bone_only", "is_lung_only", "is_peritoneum_only", "is_cns_progression", "is_local_only"]
    seen = {"patient_id": "P", "lesion_id": "L1", "assessed_on": day(350), "role": "non_target"}
    cases = {
        flag: {
            "ctdna_sample": [draw(350, "not_detected")],
            "response": [scan(350, "pd", progression_pattern=pattern)],
            "lesion": [seen | {"state": "unequivocal_progression", "organ": organ}],
        }
        for flag, organ, pattern in zip(
            flags,
            ["bone", "lung", "peritoneum", "liver", "liver"],
            [None, None, None, "cns", "in_field"],
            strict=True,
        )
    }
    found = judged(cases, f"reason_no, {', '.join(flags)}")
    named = {
        flag: [(row[0], [name for name, value in zip(flags, row[1:], strict=True) if value]) for row in rows]
        for flag, rows in found.items()
    }
    assert named == {flag: [(1, []), (4, [flag])] for flag in flags}


def test_disease_recorded_as_bone_only_is_to_be_checked_until_a_site_elsewhere_is_seen():
    def elsewhere(at):
        return {
            "ctdna_sample": [draw(350, "not_detected")],
            "response": [scan(350, "pd")],
            "characteristic": [{"patient_id": "P", "name": "bone_only", "value": "yes"}],
            "lesion": [
                {
                    "patient_id": "P",
                    "lesion_id": "N1",
                    "assessed_on": day(at),
                    "role": "new",
                    "organ": "liver",
                }
            ],
        }

    found = judged({at: elsewhere(at) for at in (349, 350, 351)}, "reason_no, is_bone_only")
    assert {at: rows[-1] for at, rows in found.items()} == {349: (4, False), 350: (4, False), 351: (4, True)}


# 5


def test_detected_ctdna_beside_a_complete_response_is_a_reason():
    cases = {
        f"{overall} {at}": {"ctdna_sample": [draw(100)], "response": [scan(at, overall)]}
        for overall, at in [("cr", 57), ("cr", 58), ("cr", 142), ("cr", 143), ("ned", 110), ("pr", 110)]
    }
    expected = {"cr 57": [], "cr 58": [5], "cr 142": [5], "cr 143": [], "ned 110": [5], "pr 110": []}
    assert judged(cases) == expected


def test_ctdna_not_detected_beside_a_complete_response_is_none():
    assert reasons(ctdna_sample=[draw(100, "not_detected")], response=[scan(110, "cr")]) == []


# 6


def test_no_imaging_for_more_than_14_weeks_on_treatment():
    cases = {days: {"imaging": [image(END - days)]} for days in (97, 98, 99)}
    assert judged(cases) == {97: [], 98: [], 99: [6]}


def test_a_study_with_its_own_interval_has_its_own_limit():
    cases = {days: {"imaging": [image(END - days)]} for days in (103, 104, 105)}
    own = [{"study_id": "test", "imaging_overdue_days": 104}]
    assert judged(cases, study=own) == {103: [], 104: [], 105: [6]}


def test_without_any_imaging_the_days_count_from_the_start_of_the_line():
    cases = {start: {"imaging": [], "treatment": [line(1, start)]} for start in (301, 302, 303)}
    assert judged(cases) == {301: [6], 302: [], 303: []}


def test_off_treatment_no_imaging_is_looked_for():
    assert reasons(imaging=[image(100)], treatment=[line(1, 0, 390)]) == []


def test_after_local_treatment_imaging_is_looked_for_without_a_line():
    own = [{"study_id": "test", "index_origin": "local_therapy"}]
    assert reasons(imaging=[image(301)], treatment=[local(0)], study=own) == [6]


# 7


def test_a_failed_sample_without_another_is_a_reason():
    samples = [draw(300), draw(350, "failed", failure_reason="low input")]
    assert reasons("reason_no, n_days, detail", ctdna_sample=samples) == [(7, 50, "low input")]


def test_blood_drawn_again_answers_a_failed_sample():
    cases = {
        f"{status} {at}": {"ctdna_sample": [draw(350, "failed"), draw(at, status)]}
        for at, status in [(349, "detected"), (351, "detected"), (390, "pending"), (351, "not_done")]
    }
    expected = {"detected 349": [7], "detected 351": [], "pending 390": [], "not_done 351": [7]}
    assert judged(cases) == expected


def test_a_redraw_of_the_same_day_answers_it_too():
    samples = [draw(350, "failed"), draw(350, "detected", sample_id="A")]
    assert reasons(ctdna_sample=samples) == []


# 8: day 399 is a Monday, day 397 a Saturday.


def test_a_result_is_late_after_15_working_days():
    # Day 364 is a Monday, 15 working days later Monday 385; from Friday 368 to Sunday 370 it is Friday 389.
    expected = {
        (364, 382): [],
        (364, 385): [],
        (364, 386): [(8, 16)],
        (368, 389): [],
        (368, 391): [],
        (368, 392): [(8, 16)],
        (369, 391): [],
        (370, 392): [(8, 16)],
    }
    cases = {
        (drawn, until): {
            "patient": [{"patient_id": "P", "enrolled_on": day(0), "observed_until": day(until)}],
            "ctdna_sample": [draw(drawn, "pending")],
            "imaging": [image(until)],
        }
        for drawn, until in expected
    }
    assert judged(cases, "reason_no, n_days") == expected


# 9

GENES = [{"gene": "ESR1"}]


def found_variant(at, gene="ESR1", **values):
    return {
        "sample_id": f"S{at}",
        "gene": gene,
        "variant": "p.D538G",
        "status": "detected",
        "is_tracked": False,
        "maf_ppm": 4000,
    } | values


@pytest.mark.parametrize(
    ("variant", "is_new"),
    [
        (found_variant(100), True),
        (found_variant(0), False),
        (found_variant(100, gene="TP53"), None),
        (found_variant(100, is_tracked=True), None),
        (found_variant(100, origin="germline"), None),
        (found_variant(100, status="not_detected", maf_ppm=None), None),
    ],
)
def test_a_watched_gene_is_named_and_whether_it_is_new_since_baseline(variant, is_new):
    found = run_mart(
        "reason_to_look",
        tables(ctdna_sample=[draw(0), draw(100)], variant=[variant], watched_gene=GENES),
        columns="detail, is_met",
    )
    assert found == ([] if is_new is None else [("ESR1 p.D538G", is_new)])


# 10


def lesion(at, diameter):
    return {
        "patient_id": "P",
        "lesion_id": "L1",
        "assessed_on": day(at),
        "role": "target",
        "organ": "liver",
        "diameter_mm": diameter,
        "state": "measured",
    }


def test_a_reported_response_that_the_sum_contradicts_is_a_reason():
    # From 50 mm progression begins at 60 mm (20 % and 5 mm).
    cases = {
        mm: {"lesion": [lesion(-5, 50), lesion(350, mm)], "response": [scan(350, "sd")]}
        for mm in (59, 60, 61)
    }
    assert judged(cases) == {59: [], 60: [10], 61: [10]}


def test_a_later_assessment_that_agrees_settles_it():
    lesions = [lesion(-5, 50), lesion(300, 60), lesion(350, 50)]
    assert 10 not in reasons(lesion=lesions, response=[scan(300, "sd"), scan(350, "sd")])


# 12


def test_treatment_stopped_for_more_than_28_days_without_a_next_step():
    cases = {days: {"treatment": [line(1, 0, END - days)]} for days in (27, 28, 29)}
    assert judged(cases) == {27: [], 28: [], 29: [12]}


def test_a_local_treatment_from_the_day_it_stopped_on_is_a_next_step():
    cases = {at: {"treatment": [line(1, 0, 300), local(at)]} for at in (299, 300, 301)}
    assert judged(cases) == {299: [12], 300: [], 301: []}


# Who never appears


def test_who_died_withdrew_or_left_never_appears():
    def left(kind, at):
        return {"disposition": [{"patient_id": "P", "kind": kind, "happened_on": at and day(at)}]}

    dead = {"patient_id": "P", "contact_on": day(390), "vital_status": "dead", "died_on": day(390)}
    cases = {
        "on study": {},
        "died": {"contact": [dead]},
        "withdrew": left("withdrawal_of_consent", 390),
        "lost": left("lost_to_follow_up", END),
        "transferred, no date": left("transfer", None),
        "left": left("left_study", END),
        "leaves tomorrow": left("left_study", END + 1),
        "never enrolled": {"patient": [{"patient_id": "P", "enrolled_on": None, "observed_until": day(END)}]},
    }
    stopped = {name: {"treatment": [line(1, 0, 300)]} | given for name, given in cases.items()}
    listed = {name for name, found in judged(stopped).items() if found == [12]}
    assert listed == {"on study", "leaves tomorrow"}


def test_nothing_after_the_last_observed_day_counts():
    later = {"imaging": [image(250), image(END + 1)]}
    assert reasons(**later) == [6]
