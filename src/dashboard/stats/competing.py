"""Cumulative incidence where other causes compete (Aalen-Johansen).

Checked against R's multi-state `survfit`.
"""

import numpy as np
import pandas as pd

from dashboard.stats.intervals import two_sided_z
from dashboard.stats.risk_table import derive_at_risk, risk_table

COMPETING_COLUMNS = ("group", "cause", "time", "n_event", "n_competing", "n_censored", "n_entered")
# Cause of a table in which nothing happened and no causes are named beforehand.
ANY_CAUSE = "any"
ESTIMATES = ("incidence", "standard_error", "lower", "upper")


def competing_risk_table(
    frame: pd.DataFrame, *, time: str, cause: str, group: str | None = None, entry: str | None = None
) -> pd.DataFrame:
    """One row per group, cause and distinct time: n_event, n_competing, n_censored, n_entered.

    `n_event` counts the cause of the row, `n_competing` all others. `cause` names the column with what
    happened first, missing where the patient is censored. A categorical column names its causes beforehand:
    each has its rows, with 0 where it never happened. Where nothing happened and none is named, the rows
    are those of the cause "any". Everything else, and what is refused, as `risk_table`.
    """
    happened = frame[cause].astype("category")

    def counts(observed: pd.Series) -> pd.DataFrame:
        known = frame.assign(event_observed=observed)
        return risk_table(known, time=time, event="event_observed", group=group, entry=entry)

    every_cause = counts(happened.notna())
    parts = []
    for name in happened.cat.categories:
        own = counts(happened == name)
        n_competing = every_cause["n_event"] - own["n_event"]
        parts.append(
            own.assign(cause=str(name), n_competing=n_competing, n_censored=every_cause["n_censored"])
        )
    if not parts:
        parts = [every_cause.assign(cause=ANY_CAUSE, n_competing=0)]
    return pd.concat(parts, ignore_index=True).reindex(columns=list(COMPETING_COLUMNS))


def estimate_cumulative_incidence(table: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """One row per group, cause and distinct time: the table plus at_risk, incidence, error and limits.

    `table` is a `competing_risk_table`; the columns added are at_risk, incidence, standard_error, lower and
    upper. Events tied in time are shared by their counts; nothing is drawn at random. The standard error is
    the Greenwood-type one of multinomial steps, equal to R's; the limits are R's (`conf.type = "log"`), null
    while the incidence is 0. R: `survfit(Surv(time, factor) ~ group)`.
    """
    two_sided_z(confidence)
    blocks = [
        _estimate_block(rows, confidence)
        for _, rows in table.groupby(["group", "cause"], observed=True, sort=False)
    ]
    columns = [*COMPETING_COLUMNS, "at_risk", *ESTIMATES]
    return pd.concat(blocks, ignore_index=True)[columns] if blocks else pd.DataFrame(columns=columns)


def _estimate_block(rows: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """One group and one cause."""
    leaving = rows.assign(n_event=rows["n_event"] + rows["n_competing"])
    at_risk = derive_at_risk(leaving)["at_risk"].to_numpy(dtype=float)
    block = rows.sort_values("time", ignore_index=True)
    own = block["n_event"].to_numpy(dtype=float)
    every = own + block["n_competing"].to_numpy(dtype=float)
    incidence, variance = _aalen_johansen(np.maximum(at_risk, 1), own, every)
    error = np.sqrt(variance)
    begun = incidence > 0
    spread = np.exp(two_sided_z(confidence) * np.where(begun, error, 0) / np.where(begun, incidence, 1))
    return block.assign(
        at_risk=at_risk.astype(int),
        incidence=incidence,
        standard_error=error,
        lower=np.where(begun, incidence / spread, np.nan),
        upper=np.where(begun, np.minimum(incidence * spread, 1), np.nan),
    ).astype(dict.fromkeys(ESTIMATES, "Float64"))


def _aalen_johansen(at_risk: np.ndarray, own: np.ndarray, every: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Incidence and its variance after each time.

    With F the incidence, S the survival just before s, and d of n at risk having any event, d1 this one:
    the sum over s <= t of (F(t) - F(s))² d/(n(n-d)) + S² d1(n-d1)/n³ - 2 (F(t) - F(s)) S d1/n².
    """
    staying = np.cumprod(1 - every / at_risk)
    before = np.concatenate([[1.0], staying[:-1]])
    incidence = np.cumsum(before * own / at_risk)
    surviving = at_risk - every
    # Where all at risk had an event the incidence rises no more and the first term is 0.
    any_event = np.where(surviving > 0, every / (at_risk * np.maximum(surviving, 1)), 0.0)
    this_event = before**2 * own * (at_risk - own) / at_risk**3
    both = before * own / at_risk**2
    variance = (
        incidence**2 * np.cumsum(any_event)
        - 2 * incidence * np.cumsum(incidence * any_event + both)
        + np.cumsum(incidence**2 * any_event + this_event + 2 * incidence * both)
    )
    return incidence, np.maximum(variance, 0.0)
