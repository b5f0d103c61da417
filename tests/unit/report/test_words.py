"""Words of the page, each at its boundary."""

import datetime as dt
from decimal import Decimal

import pytest

from dashboard.figures.patient.report_timeline import larger_text
from dashboard.figures.patient.report_words import (
    age_words,
    best_words,
    identity_words,
    issue_about,
    organ_words,
    other_row,
    progression_free,
    response_words,
    treatment_row,
)
from dashboard.tables.patient_safety import stop_words, toxicity_words, viral_words
from dashboard.tables.patient_timeline import Clock
from dashboard.tables.response_words import last_scan_words

ZERO = dt.date(2024, 1, 1)
CLOCK = Clock(ZERO)
DAYS = Clock(ZERO, is_study_time=True)


def day(number):
    return ZERO + dt.timedelta(days=number)


def line(**changed):
    known = {
        "line": 1,
        "regimen": "FOLFOX | maintenance",
        "started_on": day(0),
        "origin_on": day(0),
        "ended_on": day(200),
        "is_ongoing": False,
        "stop_reason": "progression",
        "next_started_on": None,
        "best_response": "PR",
        "progressed_on": None,
        "assessed_on": None,
        "n_pd": 0,
        "responses_called": None,
        "n_called": 0,
        "pd_called_on": None,
        "only_baseline_on": None,
        "unassessed_on": None,
        "accompanied_by": None,
        "may_follow": True,
        "died_on": None,
    }
    return {**known, **changed}


def test_a_line_in_one_row():
    assert treatment_row(line(progressed_on=day(195)), clock=CLOCK) == (
        "1",
        "FOLFOX; then maintenance",
        "1 Jan 2024 to 19 Jul 2024",
        "PR",
        "6.4 months, to progression",
        "progression",
    )


@pytest.mark.parametrize(
    ("best", "words"),
    [
        ("PR", "PR"),
        (None, "1 scan on the line, PD, first called 1 Jan 2024"),
        ("MISSING", "1 scan on the line, PD"),
    ],
)
def test_a_best_response_comes_before_what_was_called_at_single_scans(best, words):
    one_pd = {"responses_called": "1 PD", "n_called": 1, "pd_called_on": day(0)}
    found = best_words(line(best_response=best, **one_pd), clock=CLOCK)
    assert found.startswith(words)


@pytest.mark.parametrize(
    ("called", "n", "words"),
    [
        ("1 SD (calculated)", 1, "1 scan on the line, SD (calculated)"),
        ("1 SD, 1 SD (calculated)", 2, "2 scans on the line: 1 SD, 1 SD (calculated)"),
    ],
)
def test_a_response_nobody_reported_is_called_calculated(called, n, words):
    found = line(best_response="MISSING", responses_called=called, n_called=n)
    assert best_words(found, clock=CLOCK) == words


@pytest.mark.parametrize(("last", "words"), [(None, "no scan yet after"), (day(111), "no scan after")])
def test_a_scan_is_not_awaited_where_nothing_was_recorded_for_long(last, words):
    found = line(best_response=None, only_baseline_on=day(0), last_record_on=last)
    assert best_words(found, clock=CLOCK) == f"{words} the line baseline (1 Jan 2024)"


@pytest.mark.parametrize(
    ("baseline", "imaged", "words"),
    [
        (
            0,
            23,
            "no assessment yet after the line baseline (1 Jan 2024); "
            "imaged 24 Jan 2024, no response recorded",
        ),
        (0, None, "no scan yet after the line baseline (1 Jan 2024)"),
        (None, 23, "no assessment; imaged 24 Jan 2024, no response recorded"),
        (None, None, "no assessment"),
    ],
)
def test_an_examination_nobody_assessed_is_said_beside_the_baseline(baseline, imaged, words):
    days = (None if on is None else day(on) for on in (baseline, imaged))
    known = dict(zip(("only_baseline_on", "unassessed_on"), days, strict=True))
    assert best_words(line(best_response=None, **known), clock=CLOCK) == words


def test_a_drug_given_beside_a_line_stands_after_its_regimen():
    row = treatment_row(line(regimen="Letrozole, palbociclib", accompanied_by="goserelin"), clock=CLOCK)
    assert row[1] == "Letrozole, palbociclib + goserelin"


def test_a_line_that_goes_on_has_no_reason_of_stopping_and_study_days_have_no_date():
    row = treatment_row(line(is_ongoing=True, ended_on=None, best_response="MISSING"), clock=DAYS)
    assert row[2:] == ("since day 0, ongoing", "no assessment", "not assessed", "–")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "palbociclib: toxicity, 11 Feb 2024; line: progression"),
        ({"stop_reason": None}, "palbociclib: toxicity, 11 Feb 2024; line: reason not recorded"),
        ({"is_ongoing": True, "ended_on": None}, "palbociclib: toxicity, 11 Feb 2024; line goes on"),
    ],
)
def test_a_drug_stopped_for_toxicity_is_not_read_as_stopped_with_its_line(changed, words):
    stop = {"line": 1, "drugs": "palbociclib", "stopped_on": day(41), "went_on_with": "letrozole"}
    assert treatment_row(line(**changed), clock=CLOCK, stopped=[stop])[5] == words
    assert stop_words(stop, clock=CLOCK) == (
        "palbociclib stopped for toxicity 11 Feb 2024 (line 1; letrozole went on)"
    )
    whole = {**stop, "drugs": "FOLFOX", "went_on_with": None}
    assert stop_words(whole, clock=CLOCK) == "FOLFOX stopped for toxicity 11 Feb 2024 (line 1)"


def test_a_reason_of_stopping_nobody_recorded_is_said():
    row = treatment_row(line(stop_reason=None, ended_on=None), clock=CLOCK)
    assert (row[2], row[5]) == ("1 Jan 2024, end not recorded", "reason not recorded")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"progressed_on": day(61), "died_on": day(90)}, "2.0 months, to progression"),
        ({"died_on": day(61)}, "2.0 months, to death"),
        (
            {"died_on": day(300), "next_started_on": day(210), "assessed_on": day(61)},
            "over 2.0 months, no progression recorded",
        ),
        ({"progressed_on": day(-1), "assessed_on": day(61)}, "over 2.0 months, no progression recorded"),
        ({"assessed_on": day(61), "n_pd": 1}, "over 2.0 months, no new progression recorded"),
        (
            {"assessed_on": day(61), "n_pd": 2, "pd_called_on": day(-1), "died_on": day(70)},
            "not judged: PD carried from 31 Dec 2023",
        ),
        (
            {"progressed_on": day(61), "n_pd": 2, "pd_called_on": day(61)},
            "2.0 months, to progression",
        ),
        ({"progressed_on": day(0)}, "0.0 months, to progression"),
        ({"assessed_on": day(-1)}, "not assessed"),
        ({"origin_on": day(30), "progressed_on": day(91)}, "2.0 months, to progression"),
    ],
)
def test_progression_free_time(changed, words):
    assert progression_free(line(**changed), clock=CLOCK) == words


def test_a_blood_value_is_high_above_its_limit_and_low_below_it_not_at_it():
    def result(name, value, on=5):
        return {
            "name": name,
            "comparator": None,
            "value": Decimal(value),
            "unit": "U/L",
            "lower_normal": Decimal(10),
            "upper_normal": Decimal(40),
            "measured_on": day(on),
        }

    found = [
        result("alt", "40"),
        result("ast", "40.1"),
        result("anc", "10"),
        result("creatinine", "9.9", on=7),
    ]
    assert organ_words(found, clock=CLOCK, until=day(33)) == (
        "8 Jan 2024: creatinine 9.9 U/L (low, LLN 10)",
        # 28 days are not old yet.
        "6 Jan 2024: ALT 40 U/L, ANC 10 U/L, AST 40.1 U/L (high, ULN 40)",
        "Not recorded: bilirubin, platelets",
    )


def test_an_old_blood_value_stands_with_its_age():
    found = {"name": "anc", "comparator": None, "value": Decimal(2), "unit": "10⁹/L", "measured_on": day(5)}
    limits = {"lower_normal": None, "upper_normal": None}
    said = [organ_words([{**found, **limits}], clock=CLOCK, until=day(n))[0] for n in (33, 34)]
    assert said == ["6 Jan 2024: ANC 2 10⁹/L", "6 Jan 2024 (29 days old): ANC 2 10⁹/L"]


def test_a_line_of_which_nothing_was_recorded_for_long_is_not_called_ongoing():
    row = treatment_row(line(is_ongoing=True, ended_on=None, last_record_on=day(111)), clock=CLOCK)
    assert row[2] == "since 1 Jan 2024; nothing recorded after 21 Apr 2024"


def test_no_type_of_a_drawing_is_smaller_than_asked_and_letters_in_small_marks_go():
    axis = {"x": {"axis": {"labelFontSize": 11}}}
    spec = {
        "layer": [
            {"mark": {"type": "text", "fontSize": 8.5}, "encoding": {}},
            {"mark": {"type": "text", "fontSize": 11}, "encoding": axis},
            {"mark": {"type": "text", "fontSize": 20}, "encoding": {}},
        ]
    }
    found = larger_text(spec, least_px=14.2)["layer"]
    assert [one["mark"]["fontSize"] for one in found] == [14.2, 20]
    assert found[0]["encoding"]["x"]["axis"]["labelFontSize"] == 14.2


def test_letters_for_which_the_mark_has_no_room_in_that_size_are_left_out():
    def letters(*words, size):
        values = [{"text": word} for word in words]
        return {"mark": {"type": "text", "fontSize": size}, "data": {"values": values}, "encoding": {}}

    # Room for 1.15 times the size: 11.5 px. The name of a panel is no letter in a mark, however short.
    spec = {
        "layer": [letters(*words, size=10) for words in (("PR", "NED"), ("PR", "n. d."), ("12",), ("CEA",))]
    }
    kept = larger_text(spec, least_px=11.5)["layer"]
    assert [one["mark"]["fontSize"] for one in kept] == [11.5] * 4
    shown = [one["data"]["values"][-1]["text"] for one in larger_text(spec, least_px=11.6)["layer"]]
    assert shown == ["n. d.", "12", "CEA"]


def other(**changed):
    known = {
        "kind": "systemic",
        "intent": "adjuvant",
        "label": "Tamoxifen",
        "modality": None,
        "started_on": day(0),
        "ended_on": day(200),
        "stop_reason": None,
        "is_ongoing": False,
        "places": None,
    }
    return other_row({**known, **changed}, clock=CLOCK)


def test_adjuvant_and_local_treatment_stand_in_the_same_table():
    assert other() == ("adjuvant", "Tamoxifen", "1 Jan 2024 to 19 Jul 2024", "–", "–", "–")
    ablation = {"kind": "ablation", "label": "rfa", "modality": "rfa", "ended_on": day(0), "intent": None}
    assert other(**ablation, places="right upper lobe")[:3] == (
        "local",
        "RFA (right upper lobe)",
        "1 Jan 2024",
    )
    mastectomy = {"kind": "surgery", "label": "Mastectomy", "modality": "other", "ended_on": day(0)}
    assert other(**mastectomy, places="breast")[1] == "Mastectomy (breast)"
    assert other(**mastectomy, places="other")[1] == "Mastectomy"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("P | LAB-02 | PIK3CA | p.E545K", "LAB-02, PIK3CA, E545K"),
        ("P | 2025-04-14 | pet_ct", "2025-04-14, pet ct"),
        ("P", "this patient"),
    ],
)
def test_a_data_issue_names_its_row_in_words(key, words):
    assert issue_about({"row_key": key}, patient_id="P") == words


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "HBV not recorded · HCV not recorded"),
        ({"hbv_status": "positive"}, "HBV positive · HCV not recorded"),
        ({"viral_status": "hbv_hcv"}, "HBV positive · HCV positive"),
        ({"viral_status": "hcv", "hbv_status": "unknown"}, "HBV negative · HCV positive"),
        ({"viral_status": "none"}, "HBV negative · HCV negative"),
        ({"viral_status": "unknown"}, "HBV not recorded · HCV not recorded"),
    ],
)
def test_viral_status(answers, words):
    assert viral_words([{"name": name, "value": value} for name, value in answers.items()]) == words


def test_toxicity_with_and_without_a_grade():
    event = {
        "term": "diarrhoea",
        "grade": 3,
        "started_on": day(0),
        "ended_on": day(3),
        "related_to": "abemaciclib",
        "n_events": 2,
    }
    assert (
        toxicity_words(event, clock=CLOCK)
        == "diarrhoea grade 3, 1 Jan 2024 to 4 Jan 2024 (abemaciclib), 2 times"
    )
    unknown = {**event, "grade": None, "ended_on": None, "related_to": None, "n_events": 1}
    assert toxicity_words(unknown, clock=DAYS) == "diarrhoea grade missing, day 0, end not recorded"


REPORTED = {
    "assessed_on": day(0),
    "assessor": "treating_physician",
    "change_from_baseline_tenth_percent": None,
    "change_from_nadir_tenth_percent": None,
}


def test_a_response_reported_and_calculated():
    row = {
        "assessed_on": day(0),
        "assessor": "treating_physician",
        "reported": "PR",
        "calculated": "SD",
        "change_from_baseline_tenth_percent": -298,
        "change_from_nadir_tenth_percent": None,
    }
    assert (
        response_words(row, clock=CLOCK)
        == "1 Jan 2024: PR reported by treating physician, −29.8 % from baseline; SD calculated"
    )
    row = {**row, "change_from_nadir_tenth_percent": 208}
    assert ", −29.8 % from baseline, +20.8 % from nadir; SD calculated" in response_words(row, clock=CLOCK)
    for without in (-298, 0, -10):
        same = {**row, "change_from_nadir_tenth_percent": without}
        assert "nadir" not in response_words(same, clock=CLOCK)
    again = {**row, "reported": "PD", "first_called_on": day(-30), "change_from_nadir_tenth_percent": None}
    assert response_words(again, clock=CLOCK).endswith("; the same progression, first called 2 Dec 2023")
    row = {
        **row,
        "change_from_nadir_tenth_percent": None,
        "reported": None,
        "assessor": "CALCULATED",
        "calculated": None,
        "change_from_baseline_tenth_percent": None,
    }
    assert response_words(row, clock=CLOCK) == "1 Jan 2024: no response reported; not calculated"
    calculated = {**row, "calculated": "SD", "change_from_baseline_tenth_percent": -40}
    assert response_words(calculated, clock=CLOCK) == (
        "1 Jan 2024: SD calculated, −4.0 % from baseline; none reported"
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_from_parts": True}, "; CR from the treating physician's own parts, no baseline sum"),
        ({"is_from_parts": True, "baseline_tenth_mm": 720}, "; CR from the treating physician's own parts"),
        ({"is_from_parts": False}, "; CR calculated"),
    ],
)
def test_parts_of_a_report_joined_are_no_calculation_of_their_own(changes, words):
    row = {
        **REPORTED,
        "reported": "CR",
        "calculated": "CR",
        "baseline_tenth_mm": None,
        **changes,
    }
    assert response_words(row, clock=CLOCK) == f"1 Jan 2024: CR reported by treating physician{words}"


@pytest.mark.parametrize(
    ("line", "total", "words"),
    [
        (3, 900, "baseline scan of line 3, sum 90 mm"),
        (2, None, "baseline scan of line 2"),
        (0, None, "baseline scan before local treatment"),
    ],
)
def test_a_baseline_scan_is_no_response(line, total, words):
    row = {**REPORTED, "is_baseline_only": True, "baseline_of_line": line, "sum_tenth_mm": total}
    assert response_words(row, clock=CLOCK) == f"1 Jan 2024: {words}"


@pytest.mark.parametrize(
    ("reported", "calculated", "words"),
    [
        ("PD", "PD", "PD reported by treating physician"),
        ("EQUIVOCAL", "NED", "EQUIVOCAL reported by treating physician; the recorded lesions read NED"),
        (None, "PD", "PD by the lesions recorded, no status reported"),
        (None, None, "no status reported"),
    ],
)
def test_after_local_therapy_nothing_is_called_calculated(reported, calculated, words):
    """What nobody reported is said as in the header: by the lesions, where they say anything."""
    by = "treating_physician" if reported else "RECORDED_LESIONS" if calculated else None
    known = {"response_mode": "post_local_therapy", "response": reported or calculated, "response_by": by}
    row = {**REPORTED, "reported": reported, "calculated": calculated, **known}
    assert response_words(row, clock=CLOCK) == f"1 Jan 2024: {words}"
    if not reported:
        header = {"last_scan_on": day(0), "last_response": calculated, "last_response_by": by}
        assert last_scan_words(header) == words


def test_identity_has_the_year_of_birth_and_deidentified_neither_that_nor_the_site():
    summary = {"patient_id": "S-1", "sex": "female", "birth_year": 1961, "site_id": "03"}
    assert (
        identity_words(summary, is_deidentified=False, clock=CLOCK)
        == "Study ID S-1 · F · born 1961 · Site 03"
    )
    assert identity_words(summary, is_deidentified=True, clock=DAYS) == "Study ID S-1 · F"


def test_identity_of_a_patient_who_died_says_when():
    summary = {"patient_id": "S-1", "sex": "female", "birth_year": 1961, "site_id": "03", "died_on": day(90)}
    assert identity_words(summary, is_deidentified=False, clock=CLOCK).endswith("Site 03 · died 31 Mar 2024")
    assert identity_words(summary, is_deidentified=True, clock=DAYS) == "Study ID S-1 · F · died day 90"


@pytest.mark.parametrize(
    ("age", "words"),
    [(89, "F, 89 at enrolment"), (90, "F, over 89 at enrolment"), (None, "F, age not recorded")],
)
def test_an_age_above_89_is_not_said(age, words):
    assert age_words({"sex": "female", "age_years": age}) == words
