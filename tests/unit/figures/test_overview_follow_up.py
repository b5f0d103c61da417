"""Follow-up of the overview: the median, and who was last seen too long before the data cut."""

import datetime as dt

import pandas as pd
import pytest

from dashboard.figures.overview.follow_up import FollowUpRequest, derive_follow_up, follow_up_request
from dashboard.studies.load import load_study
from dashboard.tables.overview_words import FollowUpNumbers, follow_up_words, stale_words
from tests.small_study import STUDY_TOML, write_small_study

CUT_OFF = pd.Timestamp("2026-02-28")
REQUEST = FollowUpRequest(
    endpoint_id="OS", endpoint_label="Overall survival", stale_days=90, median_min_events=5
)


def followed(*patients):
    """One row per (status, days followed, days between the last day and the data cut)."""
    return pd.DataFrame(
        [
            {
                "patient_id": f"P{number}",
                "site_id": "01",
                "status": status,
                "duration_days": days,
                "entry_days": 0,
                "ended_on": CUT_OFF - pd.Timedelta(days=before),
                "standing": "alive" if status == "CENSORED" else "DIED",
            }
            for number, (status, days, before) in enumerate(patients)
        ]
    )


def test_the_median_is_the_middle_of_those_followed_to_the_end():
    # Five followed 1, 2, 3, 4 and 5 months, nobody died: half are still followed beyond 3 months.
    rows = followed(*[("CENSORED", round(30.4375 * months), 0) for months in (1, 2, 3, 4, 5)])
    found = derive_follow_up(rows, request=REQUEST, cut_off=CUT_OFF).numbers
    assert found.median == pytest.approx(3, abs=0.02)
    assert (found.n, found.n_died, found.n_followed) == (5, 0, 5)
    assert (found.shortest, found.longest) == (pytest.approx(1, abs=0.02), pytest.approx(5, abs=0.02))


def test_a_death_does_not_shorten_follow_up():
    # A death at one month is censoring here: of the five left at risk, the third ends at 4 months.
    rows = followed(("EVENT", 30, 0), *[("CENSORED", round(30.4375 * m), 0) for m in (2, 3, 4, 5, 6)])
    found = derive_follow_up(rows, request=REQUEST, cut_off=CUT_OFF).numbers
    assert found.median == pytest.approx(4, abs=0.02)
    assert (found.n_died, found.n_followed) == (1, 5)


def test_the_median_is_withheld_below_five_followed_without_event():
    rows = followed(*[("CENSORED", 100, 0)] * 4, *[("EVENT", 50, 0)] * 9)
    found = derive_follow_up(rows, request=REQUEST, cut_off=CUT_OFF).numbers
    assert found.median is None
    value, note = follow_up_words(found, median_min_events=5)
    assert value == "Median not estimable"
    assert "Fewer than 5 are followed without event" in note


def test_patients_outside_the_analysis_are_counted_apart():
    rows = followed(("NOT_AT_RISK", None, 0), *[("CENSORED", 100, 0)] * 5)
    found = derive_follow_up(rows, request=REQUEST, cut_off=CUT_OFF)
    assert (found.numbers.n, found.n_not_counted) == (5, 1)


@pytest.mark.parametrize(("days_before", "is_stale"), [(89, False), (90, False), (91, True)])
def test_more_than_90_days_before_the_data_cut_is_stale(days_before, is_stale):
    rows = followed(("CENSORED", 200, days_before), ("EVENT", 100, 400))
    stale = derive_follow_up(rows, request=REQUEST, cut_off=CUT_OFF).stale
    assert list(stale["patient_id"]) == (["P0"] if is_stale else [])


def test_the_longest_unseen_stands_first():
    rows = followed(("CENSORED", 200, 100), ("CENSORED", 200, 200), ("CENSORED", 200, 10))
    stale = derive_follow_up(rows, request=REQUEST, cut_off=CUT_OFF).stale
    assert list(stale["days_before"]) == [200, 100]


def test_without_calendar_dates_nobody_can_be_called_stale():
    request = FollowUpRequest(
        endpoint_id="OS", endpoint_label="OS", stale_days=90, median_min_events=5, is_study_time=True
    )
    assert derive_follow_up(followed(("CENSORED", 200, 900)), request=request, cut_off=CUT_OFF).stale is None


def test_nobody_followed_is_said():
    found = derive_follow_up(followed(("EVENT", 20, 0)).iloc[:0], request=REQUEST, cut_off=CUT_OFF)
    assert follow_up_words(found.numbers, median_min_events=5)[0] == "No follow-up yet"
    assert found.stale.empty


def numbers(**more):
    values = {
        "n": 20,
        "n_died": 5,
        "n_followed": 15,
        "median": 11.84,
        "lower": 9.0,
        "upper": None,
        "shortest": 2.1,
        "longest": 19.4,
    }
    return FollowUpNumbers(**{**values, **more})


def test_the_sentence_has_interval_and_range():
    value, note = follow_up_words(numbers(), median_min_events=5)
    assert value == "11.8 months"
    assert note == (
        "95 % CI 9.0 – not reached, reverse Kaplan–Meier. "
        "20 patients: 5 died, 15 without event when last seen; range 2.1–19.4 months."
    )


def test_who_is_no_longer_followed_is_counted_by_why():
    rows = followed(*[("CENSORED", 200, 0)] * 6, ("EVENT", 100, 0))
    rows["standing"] = ["alive", "TRANSFERRED", "TRANSFERRED", "LOST", "WITHDREW", "LEFT_STUDY", "DIED"]
    found = derive_follow_up(rows, request=REQUEST, cut_off=CUT_OFF).numbers
    assert found.left == {"WITHDREW": 1, "LOST": 1, "TRANSFERRED": 2, "LEFT_STUDY": 1}
    note = follow_up_words(found, median_min_events=5)[1]
    assert (
        "1 died, 6 without event when last seen (no longer followed: 1 withdrew consent, "
        "1 lost to follow-up, 2 transferred to other care, 1 left the study); range" in note
    )


def test_a_median_not_reached_is_said_in_words():
    assert follow_up_words(numbers(median=None), median_min_events=5)[0] == "Median not reached"


@pytest.mark.parametrize(
    ("n_stale", "n_followed", "said"),
    [
        (0, 170, "0 of 170 were last seen more than 90 days before the data cut."),
        (1, 170, "1 of 170 was last seen more than 90 days before the data cut."),
        (6, 170, "6 of 170 were last seen more than 90 days before the data cut."),
        (0, 0, "Nobody is followed without event."),
    ],
)
def test_stale_follow_up_is_counted_in_words(n_stale, n_followed, said):
    assert stale_words(n_stale, n_followed=n_followed, days=90) == said


LANDMARK = """
[[endpoint]]
id = "A_LANDMARK"
label = "Survival from month 6"
origin = { milestone = "enrolment", plus_months = 6 }
events = ["death"]
censor = ["known_alive"]
"""


def test_the_clock_is_overall_survival_and_never_a_landmark(tmp_path):
    folder = write_small_study(tmp_path)
    path = folder / "study.toml"
    path.write_text(STUDY_TOML.replace("[[endpoint]]", LANDMARK + "\n[[endpoint]]"), encoding="utf-8")
    assert follow_up_request(load_study(folder)).endpoint_id == "OS"
    path.write_text(STUDY_TOML.partition("[[endpoint]]")[0] + LANDMARK, encoding="utf-8")
    assert follow_up_request(load_study(folder)) is None


def test_stale_is_counted_to_the_data_cut_and_never_to_today():
    rows = followed(("CENSORED", 200, 10))
    assert rows.loc[0, "ended_on"].date() == dt.date(2026, 2, 18)
    assert derive_follow_up(rows, request=REQUEST, cut_off=CUT_OFF).stale.empty
