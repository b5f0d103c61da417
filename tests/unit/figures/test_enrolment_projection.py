"""When the planned number is reached: by hand, and every reason not to say it."""

import datetime as dt

import pandas as pd
import pytest

from dashboard.figures.enrolment.projection import projection, rate_window
from dashboard.figures.enrolment.request import EnrolmentRequest
from dashboard.figures.overview.accrual import AccrualRequest, accrual_months

OPENS = dt.date(2025, 3, 1)
CUT_OFF = dt.date(2026, 2, 28)
# The plan of the first sample study, taken as what happened: 181 patients in twelve months.
PLAN = (8, 10, 12, 14, 15, 16, 17, 18, 19, 20, 20, 12)


def request_of(*, target=200, opens=OPENS, closes=None, is_all_sites=True):
    return EnrolmentRequest(
        accrual=AccrualRequest(opens=opens, target=target),
        closes=closes,
        is_all_sites=is_all_sites,
        second_draw_from_day=60,
        pairing_days=42,
        site_names=(),
        tumour_targets=(),
        counts_only_below=25,
    )


def projected(counts, request=None, *, cut_off=CUT_OFF):
    request = request or request_of()
    first = pd.Period(request.accrual.opens, "M")
    rows = pd.DataFrame(
        {"month": [(first + n).to_timestamp().date() for n in range(len(counts))], "enrolled": counts}
    )
    months = accrual_months(rows, request=request.accrual, cut_off=cut_off)
    return projection(months, request=request, cut_off=cut_off), months


def test_a_steady_study_finishes_on_the_day_of_the_rule_of_three():
    # 106 in the 181 days from September to February, 19 to come: 19 * 181 / 106 = 32.4 days after 28 Feb.
    (rows, caption), _ = projected(PLAN)
    row = rows.iloc[0]
    assert (row["window_enrolled"], row["window_days"]) == (106, 181)
    assert row["expected_on"] == dt.date(2026, 4, 2)
    assert row["lower_on"] < row["expected_on"] < row["upper_on"]
    assert "last 6 full months (106 enrolled)" in caption
    assert "2 Apr 2026" in caption


def test_a_month_that_is_not_over_is_no_part_of_the_rate():
    (rows, _), _ = projected(PLAN, cut_off=dt.date(2026, 2, 27))
    assert rows.iloc[0]["window_enrolled"] == 16 + 17 + 18 + 19 + 20 + 20
    assert rows.iloc[0]["window_last"] == dt.date(2026, 1, 31)


def test_a_study_that_opened_in_the_middle_of_a_month_counts_from_the_next():
    (rows, _), months = projected((9, 4, 4, 4), request_of(opens=dt.date(2025, 11, 2)))
    assert rows.iloc[0]["window_first"] == dt.date(2025, 12, 1)
    window = rate_window(months, request=request_of(opens=dt.date(2025, 11, 1)), cut_off=CUT_OFF)
    assert window.first == dt.date(2025, 11, 1)


@pytest.mark.parametrize(("opens", "is_said"), [(dt.date(2025, 12, 1), True), (dt.date(2025, 12, 2), False)])
def test_three_full_months_are_needed(opens, is_said):
    (rows, caption), _ = projected((5, 5, 5), request_of(opens=opens))
    assert (len(rows) == 1) is is_said
    assert is_said or caption == "No projection yet: 2 full months of enrolment, 3 are needed."


@pytest.mark.parametrize(
    ("request_", "caption"),
    [
        (request_of(target=181), "No projection: the planned 181 are enrolled (181)."),
        (
            request_of(closes=dt.date(2026, 2, 27)),
            "No projection: enrolment closed on 27 Feb 2026 with 181.",
        ),
        (request_of(is_all_sites=False), "No projection: the planned number is for all sites together."),
    ],
)
def test_where_nothing_is_projected_the_reason_is_said(request_, caption):
    (rows, said), _ = projected(PLAN, request_)
    assert rows.empty
    assert said == caption


def test_one_patient_short_of_the_plan_and_the_closing_day_itself_are_still_projected():
    request = request_of(target=182, closes=CUT_OFF)
    (rows, caption), _ = projected(PLAN, request)
    assert len(rows) == 1
    assert "28 Feb 2026, lies before the whole interval" in caption


def test_nobody_in_the_window_is_no_rate():
    (rows, caption), _ = projected((4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    assert rows.empty
    assert caption == "No projection: nobody enrolled since 1 Sep 2025."


@pytest.mark.parametrize(
    ("closes", "words"),
    [
        (dt.date(2026, 3, 2), "before the whole interval"),
        (dt.date(2026, 4, 2), "inside the interval"),
        (dt.date(2027, 1, 1), "after the whole interval"),
    ],
)
def test_the_planned_closing_day_is_compared_with_the_interval(closes, words):
    (_, caption), _ = projected(PLAN, request_of(closes=closes))
    assert f"lies {words}." in caption


def test_a_limit_beyond_ten_years_is_not_a_date():
    (rows, caption), _ = projected((0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), request_of(target=60))
    assert rows.iloc[0]["upper_on"] is None
    assert "to more than ten years away" in caption
