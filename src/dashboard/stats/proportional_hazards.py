"""Is the hazard ratio the same at all times? Checked against R's `cox.zph`."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.stats.intervals import ChiSquaredTest, chi_squared_test
from dashboard.stats.partial_likelihood import CoxRows, Maximum
from dashboard.stats.risk_table import risk_table
from dashboard.stats.survival import estimate_survival

# Name of the joint test of all columns. R: GLOBAL.
ALL_TERMS = "all terms"
SPREAD_TOLERANCE = 1e-10


def check_proportional_hazards(
    rows: CoxRows, *, maximum: Maximum, names: Sequence[str]
) -> dict[str, ChiSquaredTest]:
    """One test per column, and one of all: does adding the column times g(t) improve the model?

    `names` gives the column of each coefficient; the levels of a column are tested together. g(t) is 1 minus
    the Kaplan-Meier curve of all rows just before t. Grambsch and Therneau 1994, Biometrika 81:515, as the
    score test of R's survival since 3.0: `cox.zph(fit)` with transform "km".
    """
    terms = maximum.fitted
    gone = _share_gone_before(rows, terms.time)
    # The test is the same on every linear scale of g; from 0 to 1 rounding is told from few events of many.
    late = (gone - gone.min()) / (np.ptp(gone) or 1.0)
    information = terms.information.sum(axis=0)
    crossed = np.einsum("k,kij->ij", late, terms.information)
    squared = np.einsum("k,kij->ij", late**2, terms.information)
    score = late @ terms.residual
    # What the new terms tell beyond the fitted ones.
    beyond = squared - crossed @ np.linalg.solve(information, crossed)

    scale = np.sqrt(np.diag(information))
    spread, apart = beyond / np.outer(scale, scale), score / scale

    def test(chosen: np.ndarray) -> ChiSquaredTest:
        return chi_squared_test(_distance(apart[chosen], spread[np.ix_(chosen, chosen)]), len(chosen))

    tests = {name: test(np.flatnonzero([name == other for other in names])) for name in dict.fromkeys(names)}
    return {**tests, ALL_TERMS: test(np.arange(len(names)))}


def _distance(apart: np.ndarray, spread: np.ndarray) -> float:
    """Squared distance in units of `spread`, leaving out directions in which there is none.

    g(t) runs from 0 to 1, so what is below the tolerance is rounding: such as where a single event time
    tells of the term and nothing is left to compare.
    """
    sizes, directions = np.linalg.eigh(spread)
    along = directions.T @ apart
    told = sizes > SPREAD_TOLERANCE
    return float((along[told] ** 2 / sizes[told]).sum())


def _share_gone_before(rows: CoxRows, times: np.ndarray) -> np.ndarray:
    frame = pd.DataFrame({"entry": rows.entry, "time": rows.time, "event": rows.event})
    curve = estimate_survival(risk_table(frame, time="time", event="event", entry="entry"))
    survival = np.concatenate([[1.0], curve["survival"].to_numpy(dtype=float)])
    return np.asarray(1 - survival[np.searchsorted(curve["time"].to_numpy(dtype=float), times, side="left")])
