"""Enrolment against the plan: counted by calendar month, compared up to the last full month."""

import datetime as dt

import pandas as pd
import pytest

from dashboard.charts.accrual import AccrualOptions, accrual_chart
from dashboard.charts.theme import theme_of
from dashboard.figures.overview.accrual import (
    AccrualRequest,
    accrual_caption,
    accrual_months,
    accrual_request,
)
from dashboard.studies.schema import MonthPlan, Recruitment, Site
from dashboard.tables.overview_accrual import accrual_table

PLAN = tuple((dt.date(2025, month, 1), planned) for month, planned in ((1, 5), (2, 10), (3, 10), (4, 5)))
REQUEST = AccrualRequest(opens=dt.date(2025, 1, 6), target=30, plan=PLAN)
ENROLLED = pd.DataFrame({"month": [dt.date(2025, 1, 1), dt.date(2025, 3, 1)], "enrolled": [4, 12]})
CUT_OFF = dt.date(2025, 3, 31)


def months(request=REQUEST, cut_off=CUT_OFF, rows=ENROLLED):
    return accrual_months(rows, request=request, cut_off=cut_off)


def test_a_month_without_enrolment_counts_0_and_one_after_the_data_cut_nothing():
    found = months()
    assert [f"{month:%b}" for month in found["month"]] == ["Jan", "Feb", "Mar", "Apr"]
    assert list(found["enrolled"].astype(object).where(found["enrolled"].notna(), None)) == [4, 0, 12, None]
    assert list(found["enrolled_total"].dropna()) == [4, 4, 16]
    assert list(found["planned_total"]) == [5, 15, 25, 30]


@pytest.mark.parametrize(
    ("cut_off", "compared"),
    [
        (dt.date(2025, 3, 30), "By the end of Feb 2025: 4 enrolled, 15 planned (11 fewer than planned)."),
        (dt.date(2025, 3, 31), "By the end of Mar 2025: 16 enrolled, 25 planned (9 fewer than planned)."),
        (dt.date(2025, 4, 1), "By the end of Mar 2025: 16 enrolled, 25 planned (9 fewer than planned)."),
    ],
)
def test_the_comparison_ends_with_the_last_full_month(cut_off, compared):
    said = accrual_caption(months(cut_off=cut_off), request=REQUEST, cut_off=cut_off)
    assert said == f"16 enrolled by {cut_off.day} {cut_off:%b %Y}, 30 planned in all. {compared}"


def test_equal_and_more_are_said():
    def caption(n):
        rows = pd.DataFrame({"month": [dt.date(2025, 1, 1)], "enrolled": [n]})
        cut_off = dt.date(2025, 1, 31)
        return accrual_caption(months(rows=rows, cut_off=cut_off), request=REQUEST, cut_off=cut_off)

    assert caption(5).endswith("(as planned).")
    assert caption(6).endswith("(1 more than planned).")


def test_without_a_plan_only_enrolment_is_shown():
    request = AccrualRequest(opens=dt.date(2025, 1, 6), target=30)
    found = months(request)
    assert len(found) == 3
    assert accrual_caption(found, request=request, cut_off=CUT_OFF) == "16 enrolled by 31 Mar 2025."
    assert list(accrual_table(found, has_plan=False)) == ["Month", "Enrolled", "Enrolled in all"]


def test_nobody_enrolled_is_zero_in_every_month():
    found = months(rows=ENROLLED.iloc[:0])
    assert list(found["enrolled"].dropna()) == [0, 0, 0]


def test_the_table_is_what_the_chart_shows():
    table = accrual_table(months(), has_plan=True)
    assert list(table["Enrolled"]) == ["4", "0", "12", "–"]
    assert list(table["Planned in all"]) == ["5", "15", "25", "30"]


def test_a_part_of_the_sites_is_not_compared_with_the_plan_of_all():
    recruitment = Recruitment(
        opens=dt.date(2025, 1, 6),
        target=30,
        sites=(Site(site_id="01", name="North"),),
        month_plan=(MonthPlan(month="2025-02", planned=10), MonthPlan(month="2025-01", planned=5)),
    )
    own = accrual_request(recruitment, is_all_sites=False, view="total", theme="light")
    every = accrual_request(recruitment, is_all_sites=True, view="total", theme="light")
    assert own.plan == ()
    assert every.plan == ((dt.date(2025, 1, 1), 5), (dt.date(2025, 2, 1), 10))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", ["total", "month"])
def test_the_chart_has_every_month_and_the_colours_of_its_theme(view, theme):
    spec = accrual_chart(months(), options=AccrualOptions(view=view, theme=theme))
    rows = spec["data"]["values"]
    assert [row["label"] for row in rows] == ["Jan 2025", "Feb 2025", "Mar 2025", "Apr 2025"]
    assert [row["enrolled"] for row in rows] == [4, 0, 12, None]
    assert spec["config"]["background"] == theme_of(theme).page
    assert spec["autosize"]["type"] == "fit-x"


def test_a_long_study_names_some_months_only():
    request = AccrualRequest(opens=dt.date(2021, 6, 1), target=300)
    found = months(request, cut_off=dt.date(2026, 2, 28))
    spec = accrual_chart(found, options=AccrualOptions(has_plan=False))
    named = spec["layer"][0]["encoding"]["x"]["axis"]["values"]
    assert len(found) == 57
    assert len(named) <= 7
    assert named[0] == "Jun 2021"
