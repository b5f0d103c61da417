"""Counts, days and months as words."""

import pytest

from dashboard import stats
from dashboard.tables import formats


@pytest.mark.parametrize(
    ("n", "words"), [(0, "0 patients"), (1, "1 patient"), (2, "2 patients"), (-1, "-1 patient")]
)
def test_one_thing_is_written_without_the_plural(n, words):
    assert formats.format_count(n, "patient") == words


@pytest.mark.parametrize(("days", "words"), [(None, "–"), (0, "0 days"), (1, "1 day"), (34, "34 days")])
def test_a_number_of_days_not_known_is_a_dash(days, words):
    assert formats.format_days(days) == words


@pytest.mark.parametrize(("days", "words"), [(0, "0.0 months"), (30, "1.0 months"), (365, "12.0 months")])
def test_months_have_one_decimal(days, words):
    assert formats.format_months(days) == words


def test_a_month_of_the_estimates_is_as_long_as_a_month_in_words():
    assert formats.DAYS_PER_MONTH == stats.DAYS_PER_MONTH == 30.4375


@pytest.mark.parametrize(
    ("ppm", "shown"), [(27949, "2.79"), (27950, "2.80"), (1465, "0.147"), (20450, "2.05"), (10650, "1.07")]
)
def test_an_exact_half_of_an_allele_fraction_is_rounded_up(ppm, shown):
    assert formats.format_ppm(ppm) == shown


@pytest.mark.parametrize(
    ("percent", "shown"), [(0.45, "+0.5"), (0.25, "+0.3"), (-0.25, "−0.3"), (0.04, "0.0")]
)
def test_an_exact_half_of_a_change_is_rounded_away_from_zero(percent, shown):
    assert formats.format_signed_percent(percent, decimals=1) == shown
