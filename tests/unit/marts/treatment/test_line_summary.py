"""What was given on a line, what its scans were called, and since when nothing is known of it.

Line 1 begins on day 0; its baseline scan is on day 5; the last observed day is day 300.
"""

import pytest

from tests.builders import day, run_mart

LINE = {"patient_id": "P", "line": 1, "regimen": "A", "started_on": day(0), "source_key": "T1"}
GOES_ON = LINE | {"is_ongoing": True}
BASELINE = {"patient_id": "P", "line": 1, "baseline_on": day(5), "named_on": day(5)}
PATIENT = {"patient_id": "P", "enrolled_on": day(0), "observed_until": day(300)}
SUMMARY = {"patient_id": "P", "observed_until": day(300), "vital_status": "alive", "last_seen_on": day(299)}


def found(columns, **given):
    (row,) = summaries(columns, **given)
    return row[0] if len(row) == 1 else row


def summaries(columns, **given):
    tables = {
        "line_of_therapy": [GOES_ON],
        "patient_summary": [SUMMARY],
        "line_baseline": [BASELINE],
        "overall_response": [],
        "milestone": [],
        "treatment_episode": [],
        "patient": [PATIENT],
        **given,
    }
    return run_mart("line_summary", tables, columns=columns)


def given(label, on, **more):
    return {"patient_id": "P", "line": 1, "kind": "systemic", "label": label, "started_on": day(on), **more}


def scan(on, response, *, basis="imaging", called=None):
    first = None if called is None else day(called)
    return {
        "patient_id": "P",
        "line": 1,
        "assessed_on": day(on),
        "response": response,
        "basis": basis,
        "first_called_on": first,
    }


def test_drugs_stand_in_the_order_of_their_first_doses_and_together_where_begun_on_one_day():
    episodes = [
        given("palbociclib", 0),
        given("letrozole", 0),
        given("abemaciclib", 40),
        given("letrozole", 80),
        given("a dose step", 10, part_of="T1"),
        given("ablation", 20, kind="ablation"),
    ]
    assert found("given_in_order", treatment_episode=episodes) == "letrozole + palbociclib | abemaciclib"


def test_without_a_named_drug_the_regimen_stands_as_written():
    assert found("given_in_order", treatment_episode=[given(None, 0)]) == "A"


def test_scans_are_counted_after_the_baseline_in_the_order_first_called():
    scans = [scan(5, "PD"), scan(6, "SD"), scan(60, "PR"), scan(120, "PR"), scan(180, "PD"), scan(200, None)]
    assert found("responses_called, n_called, pd_called_on, n_pd", overall_response=scans) == (
        "1 SD, 2 PR, 1 PD",
        4,
        day(180),
        2,
    )


def test_what_nobody_reported_is_called_calculated():
    calculated = scan(120, "SD") | {"is_unassessed": True}
    assert found("responses_called, n_called", overall_response=[calculated]) == ("1 SD (calculated)", 1)
    both = [scan(60, "SD"), calculated]
    assert found("responses_called, n_called", overall_response=both) == ("1 SD, 1 SD (calculated)", 2)


def test_a_progression_that_is_only_repeated_was_called_when_it_was_first():
    assert found("pd_called_on", overall_response=[scan(180, "PD", called=100)]) == day(100)


# Whether the scan after the line is only the baseline of the next one is told by overall_response.
def test_the_unreported_baseline_scan_of_the_next_line_answers_for_no_line():
    next_baseline = scan(200, "NE") | {"is_baseline_only": True}
    columns = "responses_called, n_called, only_baseline_on"
    assert found(columns, overall_response=[next_baseline]) == (None, 0, day(5))
    assert found(columns, overall_response=[scan(90, "SD"), next_baseline]) == ("1 SD", 1, None)
    assert found(columns, overall_response=[scan(200, "NE")]) == ("1 NE", 1, None)


def test_a_clinical_progression_is_no_scan():
    clinical = [scan(180, "PD", basis="clinical")]
    assert found("responses_called, n_called, n_pd", overall_response=clinical) == (None, 0, 1)


# Line 2 began on day 0, line 3 on day 100 for progression. Up to day 7 of a line PD closes the line before.
@pytest.mark.parametrize(
    ("on", "lacks_pd"),
    [(-1, True), (0, True), (7, True), (8, False), (100, False), (107, False), (108, True)],
)
@pytest.mark.parametrize("reason", ["imaging_progression", "imaging_and_ctdna"])
def test_pd_that_led_to_a_line_is_that_of_the_line_before(on, lacks_pd, reason):
    lines = [LINE | {"line": 2}, GOES_ON | {"line": 3, "started_on": day(100), "start_reason": reason}]
    tables = {"line_of_therapy": lines, "overall_response": [scan(on, "PD")]}
    rows = summaries("line, lacks_pd_before", **tables)
    # Of line 2, without one before it and without a recorded reason, nothing is said.
    assert rows == [(2, None), (3, lacks_pd)]


@pytest.mark.parametrize(
    ("scans", "expected"),
    [
        ([(50, "PD")], (None, None)),
        ([(50, "PD"), (90, "NED")], ("NED", 90)),
        ([(50, "PD"), (107, "NED")], ("NED", 107)),
        ([(50, "PD"), (108, "NED")], (None, None)),
        ([(50, "PD"), (90, "SD"), (95, "PD")], (None, None)),
        # Two assessors of one day: PD is what the line was begun for.
        ([(50, "PD"), (95, "SD"), (95, "PD")], (None, None)),
        # Without any PD it is said that there is none.
        ([(90, "SD")], (None, None)),
    ],
)
@pytest.mark.parametrize("reason", ["imaging_progression", "ctdna_detection"])
def test_a_later_response_than_the_pd_that_led_to_a_line_is_named(scans, expected, reason):
    lines = [LINE | {"line": 2}, GOES_ON | {"line": 3, "started_on": day(100), "start_reason": reason}]
    tables = {"line_of_therapy": lines, "overall_response": [scan(*one) for one in scans]}
    rows = summaries("line, response_since_pd, response_since_pd_on", **tables)
    response, on = expected if reason == "imaging_progression" else (None, None)
    assert (3, response, None if on is None else day(on)) in rows


@pytest.mark.parametrize(("is_unassessed", "expected"), [(True, None), (False, "SD")])
def test_what_is_calculated_after_the_progression_speaks_against_no_reason(is_unassessed, expected):
    later = scan(90, "SD") | {"is_after_progression": True, "is_unassessed": is_unassessed}
    line = GOES_ON | {"started_on": day(100), "start_reason": "imaging_progression"}
    scans = [scan(50, "PD"), later]
    assert found("response_since_pd", line_of_therapy=[line], overall_response=scans) == expected


@pytest.mark.parametrize("on", [-300, 0, 7])
def test_without_a_line_before_it_pd_at_any_time_led_to_the_line(on):
    line = GOES_ON | {"start_reason": "imaging_progression"}
    assert found("lacks_pd_before", line_of_therapy=[line], overall_response=[scan(on, "PD")]) is False
    assert found("lacks_pd_before", line_of_therapy=[line], overall_response=[scan(8, "PD")]) is True


def test_a_line_begun_for_another_reason_lacks_no_pd():
    line = GOES_ON | {"start_reason": "ctdna_detection"}
    assert found("lacks_pd_before", line_of_therapy=[line]) is False


@pytest.mark.parametrize(
    ("called", "lacks_response"),
    [
        ([], True),
        ([scan(-1, "SD")], False),
        ([scan(7, "SD")], False),
        ([scan(8, "SD")], True),
        ([scan(-1, "SD", basis="clinical")], True),
        ([scan(-1, None)], True),
        # A baseline scan is no response, not even one not evaluable, unless PD was called on it.
        ([scan(-1, "NE") | {"is_baseline": True}], True),
        ([scan(-1, "NE") | {"is_baseline_only": True}], True),
        ([scan(-1, "PD") | {"is_baseline": True}], False),
    ],
)
def test_a_line_without_any_response_on_imaging_before_it_says_so(called, lacks_response):
    assert found("lacks_response_before", overall_response=called) is lacks_response


def imaging(*days):
    return [{"patient_id": "P", "imaged_on": day(on), "modality": "ct"} for on in days]


@pytest.mark.parametrize(
    ("imaged", "expected"),
    [
        ([], (5, None)),
        ([5], (5, None)),
        ([6], (5, 6)),
        ([6, 119], (5, 119)),
        # The next line begins on day 120; what is imaged from then on is of that line.
        ([6, 120], (5, 6)),
        ([120], (5, None)),
    ],
)
def test_a_baseline_nothing_was_assessed_after_is_said_with_the_last_examination_of_the_line(
    imaged, expected
):
    line = LINE | {"next_started_on": day(120), "ended_on": day(118)}
    rows = found("only_baseline_on, unassessed_on", line_of_therapy=[line], imaging=imaging(*imaged))
    assert rows == tuple(None if on is None else day(on) for on in expected)


def test_where_a_scan_was_assessed_no_other_is_said_to_be_without_a_response():
    columns = "only_baseline_on, unassessed_on"
    assert found(columns, overall_response=[scan(60, "SD")], imaging=imaging(60, 90)) == (None, None)


def test_a_baseline_is_named_by_its_sum_also_where_a_later_examination_has_none():
    """The scan of the PD on day -26 has the sum, that of day -3 no response: one baseline, one date."""
    baseline = {"patient_id": "P", "line": 1, "baseline_on": day(-3), "named_on": day(-26)}
    rows = found("only_baseline_on, unassessed_on", line_baseline=[baseline], imaging=imaging(-26, -3))
    assert rows == (day(-26), day(-3))


def test_without_a_baseline_an_examination_of_the_line_is_said_all_the_same():
    columns = "only_baseline_on, unassessed_on"
    assert found(columns, line_baseline=[], imaging=imaging(-1)) == (None, None)
    assert found(columns, line_baseline=[], imaging=imaging(0)) == (None, day(0))


# Line 1 from day 0 to day 118.
@pytest.mark.parametrize(
    ("first", "last", "drugs"),
    [
        (-90, -1, None),
        (-90, 0, "goserelin"),
        (118, 200, "goserelin"),
        (119, 200, None),
        (-90, None, "goserelin"),
        (119, None, None),
    ],
)
def test_a_gnrh_analogue_given_during_the_line_is_seen_beside_its_regimen(first, last, drugs):
    line = LINE | {"ended_on": day(118), "next_started_on": day(120)}
    until = {"until_on": None if last is None else day(last), "is_ongoing": last is None}
    course = given("Goserelin", first, agents="goserelin", drug_class="supportive", **until) | {"line": None}
    tables = {"line_of_therapy": [line], "treatment_episode": [given("A", 0, agents="a"), course]}
    classes = [{"agent": "goserelin", "substitution_group": "gnrh", "opens_line": False}]
    columns = "given_in_order, accompanied_by"
    assert found(columns, **tables, drug_class=classes) == ("A", drugs)


def test_the_drug_beside_the_line_rests_on_its_own_row_of_treatment():
    course = given("Goserelin", 0, agents="goserelin", drug_class="supportive", is_ongoing=True)
    course |= {"line": None, "source_key": "goserelin row"}
    tables = {"line_of_therapy": [LINE | {"source_key": "line row"}], "treatment_episode": [course]}
    classes = [{"agent": "goserelin", "substitution_group": "gnrh", "opens_line": False}]
    given_tables = {"patient": [PATIENT], "drug_class": classes, **tables}
    rows = run_mart("accompanying_drug", given_tables, columns="drugs, source_table, source_key")
    assert rows == [("goserelin", "treatment", "goserelin row")]


def test_other_supportive_drugs_are_not_named_with_a_line():
    course = given("Denosumab", 0, agents="denosumab", is_ongoing=True) | {"line": None}
    classes = [{"agent": "denosumab", "substitution_group": None, "opens_line": False}]
    assert found("accompanied_by", treatment_episode=[course], drug_class=classes) is None


@pytest.mark.parametrize(("on", "assessed"), [(5, None), (6, 6)])
def test_the_baseline_scan_is_no_assessment_of_the_line(on, assessed):
    milestones = [{"patient_id": "P", "line": 1, "kind": "adequate_assessment", "occurred_on": day(on)}]
    expected = None if assessed is None else day(assessed)
    assert found("assessed_on", milestone=milestones) == expected


def test_the_day_of_progression_is_that_of_the_line():
    days = [{"patient_id": "P", "line": line, "progressed_on": day(on)} for line, on in ((1, 80), (2, 200))]
    assert found("progressed_on", line_progression=days) == day(80)


@pytest.mark.parametrize(
    ("line", "of_patient", "is_silent", "last_record"),
    [
        (GOES_ON, {"last_seen_on": day(210)}, False, None),
        (GOES_ON, {"last_seen_on": day(209)}, True, 209),
        (GOES_ON, {"last_seen_on": day(299), "is_withdrawn": True}, None, 299),
        (GOES_ON, {"last_seen_on": day(100), "died_on": day(290)}, None, None),
        (LINE | {"is_ongoing": False}, {"last_seen_on": day(100)}, True, None),
    ],
    ids=["not silent", "silent", "withdrew", "died", "line ended"],
)
def test_an_ongoing_line_of_a_silent_patient_says_the_last_contact(line, of_patient, is_silent, last_record):
    expected = None if last_record is None else day(last_record)
    silence = [] if is_silent is None else [{"patient_id": "P", "is_silent": is_silent}]
    tables = {"patient_summary": [SUMMARY | of_patient], "patient_silence": silence}
    assert found("last_record_on", line_of_therapy=[line], **tables) == expected


@pytest.mark.parametrize(
    ("is_ongoing", "is_followed", "may_follow"),
    [(True, True, True), (True, False, False), (False, True, False), (None, True, False)],
)
def test_a_scan_may_follow_while_the_line_goes_on_and_the_patient_is_followed(
    is_ongoing, is_followed, may_follow
):
    line, summary = LINE | {"is_ongoing": is_ongoing}, SUMMARY | {"is_followed": is_followed}
    assert found("may_follow", line_of_therapy=[line], patient_summary=[summary]) is may_follow
