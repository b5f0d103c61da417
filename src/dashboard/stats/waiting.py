"""How long a constant rate takes to bring so many more events, with an exact prediction interval."""

from dataclasses import dataclass

from scipy import stats


@dataclass(frozen=True, kw_only=True)
class WaitingResult:
    """Days until `more` further events: expected, and the limits of the prediction interval."""

    more: int
    expected: float
    lower: float
    upper: float


def waiting_interval(events: int, days: float, *, more: int, confidence: float = 0.95) -> WaitingResult:
    """Days from now until `more` further events, after `events` in the last `days` days.

    Events come as a Poisson process whose rate does not change; its uncertainty is part of the interval. The
    limits are the conditional ones of Nelson 1970, IEEE Transactions on Reliability R-19:42 (of the first
    `events` and the next `more` events a binomial share falls into the past), here written for the waiting
    time: the ratio of two such times is F with 2 `more` and 2 `events` degrees of freedom. As for every exact
    interval of counts the true coverage is at least the nominal one. Raises ValueError for fewer than one
    event, no time, nothing to wait for, or a confidence outside (0, 1).
    """
    if events < 1 or days <= 0 or more < 1:
        raise ValueError(
            f"events is {events}, days is {days} and more is {more}; allowed is at least 1 event in more "
            "than 0 days, and at least 1 more"
        )
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; allowed is a fraction between 0 and 1, such as 0.95")
    tail = (1 - confidence) / 2
    lower = float(stats.f.ppf(tail, 2 * more, 2 * (events + 1))) * more / (events + 1)
    upper = float(stats.f.isf(tail, 2 * more, 2 * events)) * more / events
    return WaitingResult(more=more, expected=days * more / events, lower=days * lower, upper=days * upper)
