"""Response rates on tables small enough to count by hand."""

import datetime as dt
import json
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.figures.response.duration import duration_numbers
from dashboard.figures.response.patients import (
    ResponseSettings,
    in_line,
    response_settings,
    settings_in_force,
)
from dashboard.figures.response.rate_words import headline_heading, unconfirmed_words, unreported_words
from dashboard.figures.response.rates import calculated_responses, rate_rows, started
from dashboard.figures.response.swimmer import in_order, n_pages, swimmer_rows, with_status
from dashboard.stats import Guards
from dashboard.studies.load import load_study
from dashboard.studies.schema import ResponseSetting
from dashboard.tables.response import (
    ELSE_CALCULATED,
    best_response_table,
    duration_table,
    group_table,
    median_words,
    per_cent,
    rate_table,
)
from tests.builders import day
from tests.small_study import STUDY_TOML
from tests.unit.figures.readers import memory_reader

HEADLINE = ResponseSetting(id="U", label="Unconfirmed", is_headline=True)
CONFIRMED = ResponseSetting(id="C", label="Confirmed", confirm_days=28)
BENEFIT = ResponseSetting(id="B", label="Benefit", stable_days=168)
SETTINGS = ResponseSettings(headline=HEADLINE, confirmed=CONFIRMED, benefit=BENEFIT)
DAY = dt.date(2025, 1, 1)


def patients(*rows):
    """(id, measurable, headline, confirmed, benefit, day of the last scan after the response)."""
    frame = pd.DataFrame(
        rows, columns=["patient_id", "is_measurable", "response", "confirmed", "benefit", "last_scan_on"]
    )
    return frame.assign(
        started_on=DAY,
        is_measurable=frame["is_measurable"].astype("boolean"),
        else_calculated=frame["response"],
    )


# Ten patients: six measurable (two respond, one of them confirmed, one without a later scan), three not,
# one not known; one had no assessment.
TEN = patients(
    ("P01", True, "CR", "CR", "CR", DAY),
    ("P02", True, "PR", "SD", "PR", None),
    ("P03", True, "SD", "SD", "SD", DAY),
    ("P04", True, "SD", "SD", "NE", DAY),
    ("P05", True, "PD", "PD", "PD", DAY),
    ("P06", True, "NE", "NE", "NE", None),
    ("P07", False, "NON-CR/NON-PD", "NON-CR/NON-PD", "NON-CR/NON-PD", DAY),
    ("P08", False, "PR", "NON-CR/NON-PD", "PR", DAY),
    ("P09", False, "PD", "PD", "PD", DAY),
    ("P10", None, None, None, None, None),
)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, ""),
        (
            {"P10": "PR"},
            "Not counted: what is calculated from the lesions where nobody reported a response. With it "
            "1 patient would have another best response: 1 Partial response.",
        ),
        # A calculated scan may better what was reported, or be the only one.
        (
            {"P10": "SD", "P03": "PR", "P06": "SD"},
            "Not counted: what is calculated from the lesions where nobody reported a response. With it "
            "3 patients would have another best response: 1 Partial response, 2 Stable disease.",
        ),
    ],
)
def test_what_calculated_responses_would_change_is_said_beside_the_reported(changed, words):
    rows = TEN.assign(else_calculated=TEN["patient_id"].map(changed).fillna(TEN["response"]))
    assert unreported_words(rows) == words


WITH_CALCULATED = ResponseSetting(id="E", label="Else", source="reported_else_calculated")
ELSE = replace(SETTINGS, else_calculated=WITH_CALCULATED)


@pytest.mark.parametrize(("calculated", "column"), [("PR", ["3 / 6", "4 / 10", "–"]), ("SD", None)])
def test_the_rate_with_calculated_responses_stands_beside_only_where_it_differs(calculated, column):
    """P06 was reported NE; the lesions say PR, or SD, which is no objective response either."""
    rows = TEN.assign(else_calculated=TEN["response"].where(TEN["patient_id"] != "P06", calculated))
    table = rate_table(rate_rows(rows, settings=ELSE), counts_only_below=25)
    assert list(table["k / n"]) == ["2 / 6", "3 / 10", "5 / 10"]
    assert (list(table[ELSE_CALCULATED]) if ELSE_CALCULATED in table else None) == column


def test_the_three_rates_stand_in_their_order_with_their_own_denominators():
    rows = rate_rows(started(TEN), settings=SETTINGS)
    assert [(row.label, row.share.k, row.share.n) for row in rows] == [
        ("ORR, measurable disease at line baseline", 2, 6),
        ("ORR, all who started the line", 3, 10),
        ("Clinical benefit ≥ 24 weeks, all who started the line", 5, 10),
    ]


def test_confirmed_stands_beside_with_the_responders_who_had_no_later_scan():
    measurable, everybody, benefit = rate_rows(started(TEN), settings=SETTINGS)
    assert (measurable.confirmed.k, measurable.confirmed.n, measurable.n_without_later_scan) == (1, 6, 1)
    assert (everybody.confirmed.k, everybody.confirmed.n, everybody.n_without_later_scan) == (1, 10, 1)
    assert benefit.confirmed is None


def test_who_is_not_confirmed_is_counted_and_who_of_them_had_no_later_scan():
    """P02 has none, P08 has one; P01 is confirmed, and SD and PD need no confirmation."""
    said = unconfirmed_words(started(TEN), settings=SETTINGS)
    assert said == "Not confirmed: 2 with CR or PR, of these 1 without a later scan."
    assert unconfirmed_words(started(TEN[2:7]), settings=SETTINGS) == ""
    assert unconfirmed_words(started(TEN), settings=ResponseSettings(headline=HEADLINE)) == ""


def test_intervals_are_exact():
    # binom.test(3, 10): 0.06673951 to 0.65245285.
    share = rate_rows(started(TEN), settings=SETTINGS)[1].share
    assert share.lower == pytest.approx(0.06673951, abs=1e-8)
    assert share.upper == pytest.approx(0.65245285, abs=1e-8)


def test_who_did_not_start_the_line_is_in_no_denominator():
    assert len(started(TEN.assign(started_on=[None, *[DAY] * 9]))) == 9


def test_a_group_below_the_limit_has_counts_and_no_per_cent():
    rows = rate_rows(started(TEN), settings=SETTINGS)
    table = rate_table(rows, counts_only_below=10)
    assert list(table["k / n"]) == ["2 / 6", "3 / 10", "5 / 10"]
    assert list(table["% (95 % CI)"]) == ["–", "30 % (7–65)", "50 % (19–81)"]
    assert list(table["No later scan"]) == ["1", "1", "–"]
    assert list(rate_table(rows, counts_only_below=11)["% (95 % CI)"]) == ["–", "–", "–"]


def test_nobody_is_0_of_0_without_per_cent():
    rows = rate_rows(started(TEN.iloc[:0]), settings=SETTINGS)
    assert list(rate_table(rows, counts_only_below=1)["k / n"]) == ["0 / 0"] * 3
    assert list(rate_table(rows, counts_only_below=1)["% (95 % CI)"]) == ["–"] * 3


def test_a_study_without_confirmation_has_no_such_columns():
    rows = rate_rows(started(TEN), settings=ResponseSettings(headline=HEADLINE))
    assert list(rate_table(rows, counts_only_below=10)) == ["Response rate", "k / n", "% (95 % CI)"]


@pytest.mark.parametrize(
    ("fraction", "said"), [(0.004, "0"), (0.005, "1"), (0.125, "13"), (0.124, "12"), (1.0, "100"), (0.0, "0")]
)
def test_per_cents_are_whole_and_halves_go_up(fraction, said):
    assert per_cent(fraction) == said


def test_every_patient_is_in_one_row_of_the_best_responses():
    rows = started(TEN)
    table = best_response_table([("Reported", rows["response"])], counts_only_below=25)
    counts = dict(zip(table["Best response"], table["Reported"], strict=True))
    assert counts == {
        "Complete response": "1",
        "Partial response": "2",
        "Stable disease": "2",
        "Non-CR/non-PD": "1",
        "Progressive disease": "2",
        "Not evaluable": "1",
        "No assessment": "1",
        "All": "10",
    }
    shared = best_response_table([("Reported", rows["response"])], counts_only_below=10)
    assert list(shared["Reported"])[:2] == ["1 (10 %)", "2 (20 %)"]


def test_categories_nobody_has_are_0_and_the_rare_ones_are_left_out():
    table = best_response_table([("Reported", pd.Series(["SD"]))], counts_only_below=25)
    assert "Non-CR/non-PD" not in list(table["Best response"])
    assert dict(zip(table["Best response"], table["Reported"], strict=True))["Not evaluable"] == "0"


def test_calculated_responses_are_those_of_the_assessable_and_say_of_how_many():
    rows = pd.DataFrame({"calculated": ["PR", "NE", "SD", "MISSING", None, "PD"]})
    heading, values = calculated_responses(rows)
    assert (heading, list(values)) == ("Calculated (3 of 6 assessable)", ["PR", "SD", "PD"])


@pytest.mark.parametrize("values", [[], ["NE", "MISSING", None], ["NED"]])
def test_without_a_calculated_response_there_is_no_column_of_them(values):
    assert calculated_responses(pd.DataFrame({"calculated": values})) is None


def test_groups_say_their_n_and_add_up_to_all():
    rows = started(TEN)
    halves = [("A", rows[:6]), ("B", rows[6:]), ("All", rows)]
    table = group_table(
        [(name, rate_rows(part, settings=SETTINGS)) for name, part in halves], counts_only_below=10
    )
    assert list(table["Patients"]) == ["6", "4", "10"]
    assert list(table["ORR, all"]) == ["2 / 6", "1 / 4", "3 / 10, 30 % (7–65)"]


def durations(*rows):
    """(days, ended?) of each responder."""
    return pd.DataFrame(
        {
            "duration_days": [days for days, _ in rows],
            "entry_days": 0,
            "duration_status": ["EVENT" if ended else "CENSORED" for _, ended in rows],
        }
    )


def test_a_median_needs_five_who_ended():
    # Ends after 1, 2, 3, 4 (and 5) months of ten responders, the others followed for 5.
    month = 30.4375

    def numbers(n_ended):
        ended = [(month * place, True) for place in range(1, n_ended + 1)]
        rows = durations(*ended, *[(month * 5, False)] * (10 - n_ended))
        return duration_numbers(rows, guards=Guards(small_analysis_below=10))

    assert (numbers(4).n, numbers(4).n_event, numbers(4).is_median_shown) == (10, 4, False)
    assert numbers(5).is_median_shown
    said = duration_table(numbers(4), median_min_events=5).set_index("Duration of response")["Value"]
    assert said["Median, months (95 % CI)"] == "not estimable (fewer than 5 ended)"


@pytest.mark.parametrize(
    ("least", "words"), [(10, "5.5 (1.0–not reached)"), (11, "not estimable (no upper limit)")]
)
def test_a_median_of_few_responders_needs_an_upper_limit(least, words):
    # Five of ten ended after 1 to 5 months, the others are followed for 6.
    month = 30.4375
    rows = durations(*[(month * place, True) for place in range(1, 6)], *[(month * 6, False)] * 5)
    numbers = duration_numbers(rows, guards=Guards(small_analysis_below=least))
    assert median_words(numbers, median_min_events=5) == words


def test_a_response_before_enrolment_counts_from_enrolment_on():
    # One responded on joining, one joined 31 days after the response; the third had ended by then.
    rows = durations((100, True), (100, False), (None, False))
    rows["entry_days"] = [0, 31, None]
    rows["duration_status"] = ["EVENT", "CENSORED", "NOT_AT_RISK"]
    numbers = duration_numbers(rows, guards=Guards())
    assert (numbers.n, numbers.n_delayed, numbers.n_left_out) == (2, 1, 1)


def test_a_share_is_shown_from_five_still_followed_on():
    # 9 of 10 still in response at 6 months (one ended at 3), of whom 5 or 4 are followed beyond it.
    def at_six(n_followed, counts_only_below=10):
        rows = [(91, True), *[(100, False)] * (9 - n_followed), *[(200, False)] * n_followed]
        return duration_numbers(durations(*rows), guards=Guards(counts_only_below=counts_only_below)).at[0]

    month, share, lower, upper, at_risk = at_six(5)
    assert (month, at_risk) == (6, 5)
    assert share == pytest.approx(0.9, abs=1e-12)
    assert 0 < lower < 0.9 < upper < 1
    assert at_six(4) == (6, None, None, None, 4)
    # Ten responders are too few for a per cent where the limit is eleven.
    assert at_six(5, counts_only_below=11) == (6, None, None, None, 5)


def test_nobody_in_response_is_said_in_numbers():
    table = duration_table(duration_numbers(durations(), guards=Guards()), median_min_events=5)
    assert list(table["Value"])[:3] == ["0", "0", "0"]
    assert not table["Value"].str.contains("nan|None").any()


def assessment(day, change=None, *, is_baseline=False):
    return {
        "patient_id": "P1",
        "assessed_on": pd.Timestamp(DAY) + pd.Timedelta(days=day),
        "is_baseline": is_baseline,
        "change_from_baseline_tenth_percent": change,
    }


def test_an_assessment_belongs_to_a_line_after_its_start_and_up_to_the_next():
    rows = pd.DataFrame(
        [assessment(day) for day in (-1, 0, 1, 99, 100, 101)] + [assessment(50, is_baseline=True)]
    )
    line = pd.DataFrame(
        {
            "patient_id": ["P1"],
            "started_on": [pd.Timestamp(DAY)],
            "next_started_on": [pd.Timestamp(DAY) + pd.Timedelta(days=100)],
            "response": ["SD"],
        }
    )
    found = in_line(rows, patients=line)
    assert [(day - pd.Timestamp(DAY)).days for day in found["assessed_on"]] == [1, 99, 100]
    assert found["months"].iloc[1] == pytest.approx(99 / 30.4375, abs=1e-12)


def course(patient, **changed):
    return {
        "patient_id": patient,
        "line": 1,
        "started_on": pd.Timestamp(DAY),
        "next_started_on": None,
        "ended_on": None,
        "is_ongoing": True,
        "is_later_ongoing": False,
        "is_followed": True,
        "departure": None,
        "died_on": None,
        "last_seen_on": pd.Timestamp(DAY) + pd.Timedelta(days=300),
        "response": "SD",
        **changed,
    }


def swimmers(*rows):
    return swimmer_rows(pd.DataFrame(rows)).set_index("patient")


def on(day):
    return pd.Timestamp(DAY) + pd.Timedelta(days=day)


def test_a_line_that_runs_ends_where_the_patient_was_last_seen_and_has_an_arrow():
    rows = swimmers(
        course("RUNS"),
        course("ENDED", is_ongoing=False, ended_on=on(120)),
        course("DIED", is_ongoing=False, ended_on=on(250), is_followed=False, died_on=on(270)),
        course("DIED_ON", is_followed=False, died_on=on(270)),
    )
    days = (rows["line_months"] * 30.4375).round().astype(int)
    assert days.to_dict() == {"RUNS": 300, "ENDED": 120, "DIED": 250, "DIED_ON": 270}
    assert (rows["followed_months"] * 30.4375).round().to_dict() == {
        "RUNS": 300,
        "ENDED": 300,
        "DIED": 270,
        "DIED_ON": 270,
    }
    assert rows["is_ongoing"].to_dict() == {"RUNS": True, "ENDED": False, "DIED": False, "DIED_ON": False}


def test_after_local_therapy_the_bar_ends_with_the_first_systemic_therapy():
    rows = swimmers(
        course("FREE", line=0, is_ongoing=None),
        course("TREATED", line=0, is_ongoing=None, next_started_on=on(90)),
    )
    assert (rows["line_months"] * 30.4375).round().to_dict() == {"FREE": 300, "TREATED": 90}
    assert rows["is_ongoing"].to_dict() == {"FREE": True, "TREATED": False}


def test_after_local_therapy_the_bar_has_the_progression_else_the_last_status():
    rows = pd.DataFrame({"patient": ["A", "B", "C", "D"], "best": ["NED", "NED", "NED", "NE"]})
    seen = [
        # Without disease again after repeat local therapy: progressed all the same.
        *(("A", month, status) for month, status in ((1, "NED"), (6, "PD"), (9, "NED"))),
        *(("B", month, status) for month, status in ((6, "EQUIVOCAL"), (1, "NED"))),
        ("C", 1, "NED"),
    ]
    marks = pd.DataFrame(seen, columns=["patient", "months", "response"])
    assert with_status(rows, marks=marks)["best"].tolist() == ["PD", "EQUIVOCAL", "NED", "NE"]
    # A scan nobody assessed is no status.
    later = pd.concat([marks, marks.iloc[[-1]].assign(months=9, response="UNASSESSED")])
    assert with_status(rows, marks=later)["best"].tolist() == ["PD", "EQUIVOCAL", "NED", "NE"]


def test_the_swimmer_is_sorted_by_length_or_by_best_response():
    rows = swimmers(
        course("A", is_ongoing=False, ended_on=on(100), response="PD"),
        course("B", is_ongoing=False, ended_on=on(200), response="SD"),
        course("C", is_ongoing=False, ended_on=on(50), response="PR"),
        course("D", is_ongoing=False, ended_on=None, response="PR"),
    ).reset_index()
    assert list(in_order(rows, order="time")["patient"]) == ["B", "A", "C", "D"]
    assert list(in_order(rows, order="response")["patient"]) == ["C", "D", "B", "A"]


@pytest.mark.parametrize(("n", "pages"), [(0, 1), (1, 1), (40, 1), (41, 2), (80, 2), (81, 3)])
def test_a_page_of_the_swimmer_has_forty_rows(n, pages):
    assert n_pages(n) == pages


CALCULATED = ResponseSetting(id="CALC", label="Calculated from target lesions", source="calculated")
LESION = {"patient_id": "P", "lesion_id": "L1", "role": "target", "organ": "liver", "is_node": False}
MEASURED = [{**LESION, "assessed_on": day(at), "diameter_mm": mm} for at, mm in ((-5, 50), (60, 30))]
REPORT = {"patient_id": "P", "assessed_on": day(60), "assessor": "investigator", "basis": "imaging"}


@pytest.mark.parametrize(
    ("reports", "lesions", "heading"),
    [
        ([], MEASURED, "Calculated"),
        ([{**REPORT, "overall": "sd"}], MEASURED, "Reported"),
        ([{**REPORT, "target": "pr", "non_target": "cr", "new_lesion": "no"}], [], "Reported"),
    ],
)
def test_where_nobody_in_the_study_reported_a_response_the_calculated_is_the_headline(
    reports, lesions, heading
):
    line = {"patient_id": "P", "treatment_id": "T", "kind": "systemic", "line": 1, "started_on": day(0)}
    given = {
        "study": [{"response_assessor": "investigator"}],
        "patient": [{"patient_id": "P", "enrolled_on": day(0), "observed_until": day(200)}],
        "treatment": [{**line, "is_ongoing": True, "agents": "drug", "regimen": "drug"}],
        "lesion": lesions,
        "response": reports,
    }
    asked = replace(SETTINGS, calculated=CALCULATED)
    found = settings_in_force(memory_reader(given), asked)
    assert headline_heading(found) == heading
    assert found == (asked if reports else ResponseSettings(headline=CALCULATED))


def test_the_settings_of_a_study_follow_its_definition_and_no_name(load_text):
    settings = [
        {"id": "ANY", "label": "a", "stable_days": 42},
        {"id": "LONG", "label": "c", "stable_days": 168},
        {"id": "TWICE", "label": "d", "confirm_days": 28},
        {"id": "CENTRAL", "label": "e", "assessor": "central", "confirm_days": 28},
        {"id": "SUMS", "label": "f", "source": "calculated"},
        {"id": "MAIN", "label": "b", "is_headline": True},
    ]
    found = response_settings(load_text(settings))
    assert found.headline.setting_id == "MAIN"
    assert found.confirmed.setting_id == "TWICE"
    assert found.benefit.setting_id == "LONG"
    assert found.calculated.setting_id == "SUMS"
    assert found.duration is None


@pytest.fixture
def load_text(tmp_path):
    """A study with these response settings."""

    def loaded(settings):
        blocks = "".join(
            "[[response_setting]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in one.items())
            for one in settings
        )
        (tmp_path / "study.toml").write_text(STUDY_TOML + blocks, encoding="utf-8")
        return load_study(tmp_path)

    return loaded
