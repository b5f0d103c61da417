"""Lines begun before enrolment: who failed early on them could not enrol, which can raise every rate."""

from collections.abc import Callable

import pandas as pd

from dashboard.store.frame import as_days
from dashboard.tables.response import RateRow


def before_enrolment_words(followed: pd.DataFrame, rates: Callable[[pd.DataFrame], list[RateRow]]) -> str:
    """How many began the line before the day they enrolled, and the rates of both parts; "" where nobody did.

    `followed` has started_on and enrolled_on of the patients who are counted in the line.
    """
    is_before = as_days(followed["started_on"]) < as_days(followed["enrolled_on"])
    if not is_before.any():
        return ""
    said = (
        f"{int(is_before.sum())} of {len(followed)} began the line before they enrolled: who progressed or "
        "died early on it could not enrol, which can raise the rates."
    )
    if is_before.all():
        return said
    # The first rate is that of measurable disease; the others are of all who started the line.
    pairs = zip(rates(followed[is_before])[1:], rates(followed[~is_before])[1:], strict=True)
    parts = (f"{one.short} {_of(one)} begun before, {_of(other)} from enrolment on" for one, other in pairs)
    return f"{said} {'; '.join(parts)}."


def _of(row: RateRow) -> str:
    return f"{row.share.k} of {row.share.n}"
