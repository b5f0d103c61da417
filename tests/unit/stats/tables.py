"""Tiny time-to-event frames for the tests of this folder."""

from collections.abc import Sequence

import pandas as pd

from dashboard.stats import risk_table


def table(
    times: Sequence[float],
    events: Sequence[int] | None = None,
    *,
    groups: Sequence[str] | None = None,
    entries: Sequence[float | None] | None = None,
) -> pd.DataFrame:
    """The risk table of these patients; all have the event unless `events` says otherwise."""
    frame = pd.DataFrame(
        {
            "time": list(times),
            "event_observed": [True] * len(times) if events is None else [event == 1 for event in events],
            "arm": groups if groups is not None else ["all"] * len(times),
            "entry": pd.Series(entries if entries is not None else [0] * len(times), dtype=float),
        }
    )
    return risk_table(frame, time="time", event="event_observed", group="arm", entry="entry")


def one_to(n: int) -> list[float]:
    """Times 1 to n, everyone with the event."""
    return [float(time) for time in range(1, n + 1)]
