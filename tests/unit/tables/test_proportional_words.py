"""What is said of the check whether one hazard ratio holds at all times."""

import pytest

from dashboard.tables.survival import RatioWords, proportional_words


def ratio(departs):
    return RatioWords(
        group="Cleared",
        reference="Still detected",
        n_event=6,
        n_event_reference=9,
        estimate=0.5,
        lower=0.2,
        upper=1.1,
        p_value=None,
        departs=departs,
        withheld=None,
    )


@pytest.mark.parametrize(
    ("departs", "words"),
    [
        ([], ""),
        ([None], ""),
        ([False, None], "Proportional hazards: no departure seen (approximate check)."),
        ([False, True], "Proportional hazards: the ratio changes over time (approximate check)."),
    ],
)
def test_the_check_is_said_where_one_was_made_and_one_departure_is_enough(departs, words):
    assert proportional_words([ratio(one) for one in departs]) == words
