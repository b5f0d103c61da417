"""Words of the patient page: values, header strip, what a draw says."""

from decimal import Decimal
from typing import Any

import pytest

from dashboard.rules import rules
from dashboard.studies.vocabulary import CTDNA_ORIGINS
from dashboard.tables.formats import (
    format_date,
    format_percent,
    format_ppm,
    format_signed_percent,
    format_tenth_mm,
)
from dashboard.tables.header_strip import AgeLimits, header_cells
from dashboard.tables.patient_timeline import Clock, change_words, describe, timeline_table
from tests.builders import day
from tests.unit.charts.timeline_events import event, sample, variant

CLOCK = Clock(day(0))
SUMMARY: dict[str, Any] = {
    "observed_until": day(400),
    "diagnosis": "Colorectal adenocarcinoma",
    "stage": "IVB",
    "sex": "female",
    "birth_year": 1968,
    "current_line": 1,
    "current_regimen": "FOLFOX + bevacizumab",
    "line_started_on": day(165),
    "is_line_ongoing": True,
    "ecog": 1,
    "ecog_on": day(383),
    "previous_ecog": 0,
    "last_scan_on": day(368),
    "last_response": "SD",
    "last_sum_tenth_mm": 670,
    "last_change_from_nadir_tenth_percent": 155,
    "last_draw_on": day(256),
    "last_draw_status": "detected",
    "last_level_sum": 4900,
    "last_level_n": 3,
    "last_lod_ppm": 500,
    "is_previous_comparable": True,
    "previous_draw_on": day(151),
    "previous_draw_status": "detected",
    "previous_level_sum": 293000,
    "previous_level_n": 3,
    "previous_lod_ppm": 500,
    "vital_status": "alive",
    "last_seen_on": day(383),
}


def cell(title: str, **changes: Any) -> tuple[str, list[str]]:
    cells = header_cells({**SUMMARY, **changes}, limits=AgeLimits())
    found = next(one for one in cells if one.title == title)
    return found.value, [line.text for line in found.lines]


def test_every_rule_on_an_origin_that_may_not_be_tumour_has_words_for_the_header():
    prefixes = ("BASIS_POSSIBLE_CHIP", "BASIS_OTHER_ORIGIN")
    assert {name for name in rules() if name.startswith(prefixes)} == set(CTDNA_ORIGINS)


@pytest.mark.parametrize(
    ("rule", "words"),
    [(None, []), ("BASIS_POSSIBLE_CHIP", ["possibly clonal haematopoiesis alone"]), ("BASIS_BELOW_LOQ", [])],
)
def test_a_ctdna_result_that_may_not_be_tumour_says_so_in_the_header(rule, words):
    plain = cell("Last ctDNA")[1]
    assert cell("Last ctDNA", last_origin_rule=rule)[1] == plain + words


@pytest.mark.parametrize(
    ("ppm", "text"),
    [
        (124000, "12.40"),
        (3100, "0.31"),
        (1633.333, "0.163"),
        (500, "0.05"),
        (49, "0.0049"),
        (10, "0.001"),
        (None, "–"),
    ],
)
def test_an_allele_fraction_keeps_its_figures_down_to_a_thousandth_of_a_per_cent(ppm, text):
    assert format_ppm(ppm) == text


def test_nothing_is_written_in_powers_of_ten():
    assert format_percent(0.00001) == "0.00001"


@pytest.mark.parametrize(
    ("value", "text"), [(-32.56, "−32.6"), (15.5, "+15.5"), (0.0, "0.0"), (-0.04, "0.0")]
)
def test_a_change_has_its_sign_and_no_negative_zero(value, text):
    assert format_signed_percent(value, decimals=1) == text


@pytest.mark.parametrize(("tenths", "text"), [(670, "67"), (675, "67.5"), (None, "–")])
def test_a_sum_shows_a_decimal_only_where_it_has_one(tenths, text):
    assert format_tenth_mm(tenths) == text


def test_the_strip_has_its_six_cells_in_order():
    titles = [one.title for one in header_cells(SUMMARY, limits=AgeLimits())]
    assert titles == ["Diagnosis", "Current line", "ECOG", "Last scan", "Last ctDNA", "Status"]


def test_the_strip_counts_ages_to_the_data_cut():
    assert cell("Current line") == ("Line 1 · day 235", ["FOLFOX + bevacizumab", "since 14 Jun 2024"])
    assert cell("Last scan") == ("SD reported · 67 mm", ["3 Jan 2025 · 32 days", "+15.5 % from nadir"])
    assert cell("Last ctDNA") == (
        "0.163 %",
        ["13 Sep 2024 · 144 days", "−98.3 % from 9.77 % on 31 May 2024", "LoD 0.05 % (both)", "mean MAF"],
    )


@pytest.mark.parametrize(
    ("switched", "lines"),
    [
        (165, ["dalpiciclib + fulvestrant", "since 14 Jun 2024"]),
        (166, ["dalpiciclib + fulvestrant since 15 Jun 2024", "line since 14 Jun 2024"]),
    ],
)
def test_drugs_switched_within_the_line_have_their_own_first_day(switched, lines):
    found = cell(
        "Current line", current_regimen="dalpiciclib + fulvestrant", regimen_started_on=day(switched)
    )
    assert found == ("Line 1 · day 235", lines)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("imaging_progression", "since 14 Jun 2024, start reason recorded: imaging progression"),
        ("imaging_and_ctdna", "since 14 Jun 2024, start reason recorded: imaging and ctDNA"),
        ("ctdna_detection", "since 14 Jun 2024, start reason recorded: ctDNA detection alone"),
        ("planned", "since 14 Jun 2024"),
        ("unknown", "since 14 Jun 2024"),
        (None, "since 14 Jun 2024"),
    ],
)
def test_the_line_says_on_what_it_was_started(reason, words):
    assert cell("Current line", line_start_reason=reason)[1][-1] == words


def test_a_line_that_ended_says_it_too():
    ended = {"is_line_ongoing": False, "line_ended_on": day(300), "line_start_reason": "imaging_progression"}
    found = cell("Last line", **ended)[1]
    why = "start reason recorded: imaging progression"
    assert found == ["FOLFOX + bevacizumab", why, "ended 27 Oct 2024 · 100 days"]


@pytest.mark.parametrize(
    ("line", "lacks", "end"),
    [
        (1, True, ", no PD recorded before it"),
        (2, True, ", no PD recorded since line 1 began"),
        (3, True, ", no PD recorded since line 2 began"),
        (3, False, ": imaging progression"),
    ],
)
def test_a_line_begun_for_a_progression_that_is_not_in_the_data_says_so(line, lacks, end):
    line = {"current_line": line, "line_start_reason": "imaging_progression", "line_lacks_pd_before": lacks}
    assert cell("Current line", **line)[1][-1].endswith(end)


def test_a_line_begun_for_a_progression_after_which_another_response_was_called_says_which():
    line = {"line_start_reason": "imaging_progression", "line_response_since_pd": "NED"}
    said = cell("Current line", **line, line_response_since_pd_on=day(160))[1][-1]
    assert said.endswith(": imaging progression, last response at its start NED of 9 Jun 2024")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("imaging_progression", "start reason recorded: imaging progression, ongoing"),
        ("planned", "start reason recorded: planned, ongoing"),
        ("unknown", "ongoing"),
    ],
)
def test_a_treatment_says_in_the_table_and_the_tooltip_on_what_it_was_started(reason, words):
    row = event("SYSTEMIC", 0, label="FOLFIRI", code=reason, is_ongoing=True)
    assert describe(row, clock=CLOCK)["result"] == words


SILENT = {
    "line_started_on": day(0),
    "last_seen_on": day(111),
    "observed_until": day(352),
    "vital_status": "alive",
    "silent_days": 241,
}


def test_the_day_of_a_line_stops_at_the_last_contact_where_nothing_is_recorded_since():
    value, lines = cell("Current line", **SILENT)
    assert value == "Line 1 · day 111"
    assert lines[0] == "at last contact 21 Apr 2024 (nothing recorded since, 241 days)"


@pytest.mark.parametrize(
    ("seen", "silent_days", "value"),
    [
        # Whether the silence is too long, the mart patient_silence says.
        (262, None, "Line 1 · day 352"),
        (261, 91, "Line 1 · day 261"),
        (0, 352, "Line 1 · day 0"),
        # Last heard of before the line began.
        (-1, 353, "Line 1 · day 352"),
    ],
)
def test_the_day_of_a_line_stops_only_where_the_silence_is_too_long(seen, silent_days, value):
    changed = {**SILENT, "last_seen_on": day(seen), "silent_days": silent_days}
    assert cell("Current line", **changed)[0] == value


@pytest.mark.parametrize(("silent_days", "is_late"), [(None, False), (91, True)])
def test_the_last_contact_stands_out_where_the_silence_is_too_long(silent_days, is_late):
    cells = header_cells({**SUMMARY, "silent_days": silent_days}, limits=AgeLimits())
    assert cells[5].lines[0].is_late is is_late


@pytest.mark.parametrize(("scan", "says"), [(165, True), (166, False)])
def test_a_scan_up_to_the_start_of_the_line_says_that_it_is_older(scan, says):
    assert ("before line 1 began" in cell("Last scan", last_scan_on=day(scan))[1]) is says


@pytest.mark.parametrize(("imaged", "says"), [(None, False), (369, True)])
def test_imaging_after_the_last_assessment_is_said_to_have_no_response(imaged, says):
    """The response in bold may be out of date: a later scan was not assessed (patient_summary says which)."""
    unread = day(imaged) if says else None
    lines = cell("Last scan", last_scan_on=day(368), unread_imaging_on=unread)[1]
    assert ("31 days, no response recorded" in str(lines)) is says
    assert ("imaged again" in str(lines)) is says


def test_imaging_without_any_assessment_is_not_called_no_scan():
    unread = {"last_scan_on": None, "unread_imaging_on": day(369)}
    assert cell("Last scan", **unread) == (
        "No response recorded",
        ["imaged 4 Jan 2025 · 31 days, no response recorded"],
    )
    # A baseline scan needs no response: the cell names it.
    words = "4 Jan 2025 · 31 days, no measurement recorded"
    for line, said in {1: "baseline scan of line 1", 0: "baseline scan before local treatment"}.items():
        assert cell("Last scan", **unread, unread_baseline_of_line=line) == (said, [words])
    later = cell("Last scan", last_scan_on=day(368), unread_imaging_on=day(369), unread_baseline_of_line=2)
    assert f"baseline scan of line 2, {words}" in later[1]
    assert cell("Last scan", last_scan_on=None) == ("No scan recorded", [])


def test_the_result_of_an_earlier_assay_stays_in_sight_and_is_not_compared():
    found = cell("Last ctDNA", is_previous_comparable=False, previous_draw_on=day(200))[1]
    assert found[1:] == [
        "LoD 0.05 %",
        "mean MAF",
        "earlier assay: 9.77 % on 19 Jul 2024, LoD 0.05 % (not comparable)",
    ]


def test_ecog_is_a_whole_number_whatever_the_store_keeps():
    assert cell("ECOG", ecog=Decimal("1.0000"), previous_ecog=Decimal("0.0000")) == (
        "1",
        ["18 Jan 2025 · 17 days", "was 0"],
    )


@pytest.mark.parametrize(("age", "is_late"), [(98, False), (99, True)])
def test_an_age_stands_out_beyond_the_limit_of_the_study(age, is_late):
    cells = header_cells({**SUMMARY, "last_scan_on": day(400 - age)}, limits=AgeLimits(imaging_days=98))
    assert cells[3].lines[0].is_late is is_late


def test_a_level_on_another_assay_is_not_set_beside_the_last_one():
    assert cell("Last ctDNA", is_previous_comparable=False)[1][1] == "LoD 0.05 %"


def test_ages_of_a_patient_who_died_end_with_the_death_and_never_stand_out():
    cells = header_cells({**SUMMARY, "died_on": day(390), "departure": "DIED"}, limits=AgeLimits())
    assert cells[5].value == "Died"
    assert "134 days" in cells[4].lines[0].text
    assert not cells[4].lines[0].is_late


def test_care_that_was_transferred_is_said_with_its_day():
    gone = {"departure": "TRANSFERRED", "departed_on": day(300)}
    value, lines = cell("Status", vital_status="alive", last_seen_on=day(290), **gone)
    assert value == "Transferred to other care"
    assert lines[0] == format_date(day(300))
    assert cell("Status", vital_status="alive", departure=None)[0] == "Alive"
    assert cell("Status", vital_status="dead", died_on=day(390), departure="DIED")[0] == "Died"


def test_a_departure_on_a_day_nobody_recorded_is_said_without_a_day():
    value, lines = cell("Status", vital_status="alive", departure="LEFT_STUDY", last_seen_on=day(390))
    assert (value, lines[0].startswith("last seen ")) == ("Left the study", True)


def test_who_withdrew_consent_has_the_day_and_ages_up_to_it():
    gone = {"departure": "WITHDREW", "departed_on": day(400), "withdrew_on": day(400)}
    value, lines = cell("Status", vital_status="withdrawn", last_seen_on=day(390), **gone)
    assert (value, lines[0]) == ("Withdrew consent", format_date(day(400)))
    left = {**SUMMARY, "vital_status": "withdrawn", **gone}
    cells = header_cells(left, limits=AgeLimits(), is_study_time=True)
    words = " ".join(line.text for one in cells for line in one.lines)
    assert "before the withdrawal of consent" in words
    assert "data cut" not in words


def test_a_strip_in_study_time_shows_no_date():
    cells = header_cells(SUMMARY, limits=AgeLimits(), is_study_time=True)
    assert not any(year in line.text for one in cells for line in one.lines for year in ("2024", "2025"))


def test_nobody_who_died_has_a_current_line():
    empty = {"observed_until": day(0)}
    titles = [
        [one.title for one in header_cells(summary, limits=AgeLimits()) if one.value == "No line recorded"]
        for summary in (empty, {**empty, "died_on": day(-1)})
    ]
    assert titles == [["Current line"], ["Last line"]]


def test_a_patient_without_anything_has_words_in_every_cell():
    cells = header_cells({"observed_until": day(0)}, limits=AgeLimits())
    assert [one.value for one in cells] == [
        "Not recorded",
        "No line recorded",
        "Not recorded",
        "No scan recorded",
        "No sample",
        "Not known",
    ]


def test_a_draw_is_described_with_limit_assay_reason_treatment_and_source():
    row = sample(
        84,
        "DETECTED",
        percent=0.163,
        reason="at_progression",
        day_of_line=84,
        line_in_force=1,
        is_on_treatment=True,
        days_since_previous=34,
        source_file="lab.xlsx",
        source_row=7,
        label="draw 2",
    )
    assert describe(row, clock=CLOCK) == {
        "what": "ctDNA, draw 2",
        "date": "25 Mar 2024",
        "result": "0.163 %",
        "lod": "0.01 %",
        "assay": "v1",
        "since": "34 days",
        "reason": "at progression",
        "treatment": "on line 1, day 84",
        "source": "lab.xlsx, row 7",
    }


@pytest.mark.parametrize(("code", "text"), [("PR", "−32.6"), ("PD", "+20.0*")])
def test_progression_counts_from_the_nadir_and_is_marked(code, text):
    changes = {"change_from_baseline_tenth_percent": -326, "change_from_nadir_tenth_percent": 200}
    assert change_words(event("RESPONSE", 0, code=code, **changes)) == text


def test_a_progression_that_the_sum_did_not_make_has_no_change_anywhere():
    """A new lesion under a sum of −32.6 %: the per cent would read as the reason for the PD."""
    called = event("RESPONSE", 0, code="PD", detail="new_lesion", change_from_baseline_tenth_percent=-326)
    assert change_words(called) == "–"
    assert "%" not in describe(called, clock=CLOCK)["result"]


def test_the_table_twin_never_shows_a_missing_value_as_nan():
    rows = [sample(0, "NOT_DETECTED"), variant(0, "KRAS p.G12D"), event("ECOG", 0, code="1")]
    table = timeline_table(rows, clock=CLOCK)
    assert len(table) == 3
    assert not any(word in table.to_csv() for word in ("nan", "None", "NaT"))


@pytest.mark.parametrize(
    ("ended", "value", "words"),
    [
        (99, "Line 1, ended", "ended 9 Apr 2024 · 1 day"),
        (100, "Line 1, until death", "since 1 Jan 2024"),
    ],
)
def test_a_line_that_ends_with_the_death_ran_until_death(ended, value, words):
    line = {
        "current_line": 1,
        "line_started_on": day(0),
        "line_ended_on": day(ended),
        "is_line_ongoing": False,
    }
    known = {"died_on": day(100), "observed_until": day(400), **line}
    cell = next(one for one in header_cells(known, limits=AgeLimits()) if one.title == "Last line")
    assert (cell.value, cell.lines[-1].text) == (value, words)


def test_a_response_called_on_the_baseline_scan_is_not_hidden_by_it():
    known = {"last_sum_tenth_mm": 470, "last_change_from_nadir_tenth_percent": 611}
    baseline = {"is_last_scan_baseline": True, "last_scan_baseline_of_line": 2}
    # Its change is one of the line before: nothing of it is said.
    assert cell("Last scan", last_response=None, **baseline, **known) == (
        "baseline scan of line 2 · 47 mm",
        ["3 Jan 2025 · 32 days"],
    )
    assert cell("Last scan", last_response="PD", last_response_by="investigator", **baseline, **known) == (
        "PD reported, baseline scan of line 2 · 47 mm",
        ["by investigator", "3 Jan 2025 · 32 days", "+61.1 % from nadir"],
    )


@pytest.mark.parametrize(
    ("response", "by", "value", "first"),
    [
        ("PD", "treating_physician", "PD reported", "by treating physician"),
        ("SD", "CALCULATED", "SD calculated, none reported", "3 Jan 2025 · 32 days"),
        ("CR", "FROM_PARTS", "CR from the parts reported, no sum", "3 Jan 2025 · 32 days"),
        # Local progression of a treated lesion is the investigator's and never calculated; a scan without a
        # report and without any such lesion has no status (clinical-decisions A5).
        (
            "PD",
            "RECORDED_LESIONS",
            "PD by the lesions recorded, no status reported",
            "3 Jan 2025 · 32 days",
        ),
        (None, None, "no status reported", "3 Jan 2025 · 32 days"),
    ],
)
def test_the_last_scan_says_whose_its_response_is(response, by, value, first):
    found = cell("Last scan", last_response=response, last_response_by=by, last_sum_tenth_mm=None)
    assert (found[0], found[1][0]) == (value, first)


@pytest.mark.parametrize(
    ("tenth_mm", "value"),
    [(None, "SD from the parts reported, no sum"), (0, "SD from the parts reported · 0 mm")],
)
def test_a_sum_that_is_recorded_is_not_said_to_be_missing(tenth_mm, value):
    called = {"last_response": "SD", "last_response_by": "FROM_PARTS"}
    assert cell("Last scan", **called, last_sum_tenth_mm=tenth_mm)[0] == value


@pytest.mark.parametrize(
    ("called", "value", "first"),
    [
        (
            {"last_response": "PR", "last_response_by": "treating_physician"},
            "PR reported",
            "by treating physician",
        ),
        # A sum of 0 was reported: it is not missing.
        (
            {"last_response": "CR", "last_response_by": "FROM_PARTS"},
            "CR from the parts reported",
            "3 Jan 2025 · 32 days",
        ),
    ],
)
def test_a_scan_of_a_line_without_target_disease_says_so_instead_of_millimetres(called, value, first):
    nothing = {"last_sum_tenth_mm": None, "last_change_from_nadir_tenth_percent": None}
    found, lines = cell("Last scan", **called, **nothing, is_last_scan_without_target=True)
    assert (found, lines[0], lines[-1]) == (value, first, "no target disease in this line")


def test_a_scan_before_the_line_that_goes_on_says_nothing_of_this_line():
    known = {"last_sum_tenth_mm": None, "line_started_on": day(380), "is_last_scan_without_target": True}
    lines = cell("Last scan", **known)[1]
    assert "before line 1 began" in lines
    assert "no target disease in this line" not in lines


def test_a_progression_called_again_says_in_the_header_since_when():
    lines = cell("Last scan", last_response="PD", last_response_first_called_on=day(200))[1]
    assert lines[1] == "the same progression, first called 19 Jul 2024 · 200 days"


@pytest.mark.parametrize(("cause", "more"), [("cancer", ["cause: cancer"]), (None, [])])
def test_the_status_of_a_patient_who_died_has_the_cause_where_it_is_recorded(cause, more):
    dead = {"departure": "DIED", "died_on": day(390), "death_cause": cause}
    assert cell("Status", **dead) == ("Died", ["25 Jan 2025", *more])
