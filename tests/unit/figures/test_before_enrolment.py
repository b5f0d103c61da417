"""Response rates of who began a line before enrolment, beside those of the others."""

import pandas as pd
import pytest

from dashboard.figures.response.before_enrolment import before_enrolment_words
from dashboard.tables.response import RateRow
from dashboard.tables.shares import Share
from tests.builders import day


def rates(rows):
    """A rate of measurable disease, which is left out, and one of all."""
    share = Share(k=int(rows["has_response"].sum()), n=len(rows), lower=0.0, upper=1.0)
    return [RateRow(label=short, short=short, share=share) for short in ("ORR, measurable", "ORR, all")]


def lines(*started):
    """Patients enrolled on day 0 who began the line on these days; every other one responded."""
    return pd.DataFrame(
        {
            "started_on": [day(number) for number in started],
            "enrolled_on": day(0),
            "has_response": [place % 2 == 0 for place in range(len(started))],
        }
    )


@pytest.mark.parametrize(("last", "n_before"), [(-1, 3), (0, 2), (1, 2)])
def test_the_day_of_enrolment_is_not_before_it(last, n_before):
    said = before_enrolment_words(lines(-100, -30, last, 5), rates)
    assert said.startswith(f"{n_before} of 4 began the line before they enrolled")


def test_both_parts_have_their_rate_of_all_who_started():
    said = before_enrolment_words(lines(-100, -30, -10, 5, 7), rates)
    assert said.endswith("ORR, all 2 of 3 begun before, 1 of 2 from enrolment on.")


def test_nobody_before_needs_no_words_and_everybody_no_split():
    assert before_enrolment_words(lines(0, 3), rates) == ""
    assert "ORR" not in before_enrolment_words(lines(-3, -2), rates)
