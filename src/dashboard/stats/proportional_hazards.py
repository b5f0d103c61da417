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


def check_proportional_hazards(
    rows: CoxRows, *, maximum: Maximum, names: Sequence[str]
) -> dict[str, ChiSquaredTest]:
    """One test per column, and one of all: does adding the column times g(t) improve the model?

    `names` gives the column of each coefficient; the levels of a column are tested together. g(t) is 1 minus
    the Kaplan-Meier curve of all rows just before t. Grambsch and Therneau 1994, Biometrika 81:515, as the
    score test of R's survival since 3.0: `cox.zph(fit)` with transform "km".
    """
    terms = maximum.fitted
    late = _share_gone_before(rows, terms.time)
    information = terms.information.sum(axis=0)
    crossed = np.einsum("k,kij->ij", late, terms.information)
    squared = np.einsum("k,kij->ij", late**2, terms.information)
    score = late @ terms.residual
    # What the new terms tell beyond the fitted ones.
    beyond = squared - crossed @ np.linalg.solve(information, crossed)

    def test(chosen: np.ndarray) -> ChiSquaredTest:
        # A single event time leaves nothing to compare; the pseudo-inverse then gives 0.
        part = np.linalg.pinv(beyond[np.ix_(chosen, chosen)], rcond=1e-10, hermitian=True)
        return chi_squared_test(float(score[chosen] @ part @ score[chosen]), len(chosen))

    tests = {name: test(np.flatnonzero([name == other for other in names])) for name in dict.fromkeys(names)}
    return {**tests, ALL_TERMS: test(np.arange(len(names)))}


def _share_gone_before(rows: CoxRows, times: np.ndarray) -> np.ndarray:
    frame = pd.DataFrame({"entry": rows.entry, "time": rows.time, "event": rows.event})
    curve = estimate_survival(risk_table(frame, time="time", event="event", entry="entry"))
    survival = np.concatenate([[1.0], curve["survival"].to_numpy(dtype=float)])
    return np.asarray(1 - survival[np.searchsorted(curve["time"].to_numpy(dtype=float), times, side="left")])
