"""Confidence limits and tests shared by the time-to-event estimates."""

from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True, kw_only=True)
class ChiSquaredTest:
    """A chi-squared statistic, its degrees of freedom and p value."""

    chi_squared: float
    degrees_of_freedom: int
    p_value: float


def chi_squared_test(statistic: float, degrees_of_freedom: int) -> ChiSquaredTest:
    """The statistic with its p value."""
    return ChiSquaredTest(
        chi_squared=statistic,
        degrees_of_freedom=degrees_of_freedom,
        p_value=float(stats.chi2.sf(statistic, degrees_of_freedom)),
    )


def two_sided_z(confidence: float) -> float:
    """The normal quantile of a two-sided interval: 1.96 for 0.95. Raises ValueError outside (0, 1)."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; allowed is a fraction between 0 and 1, such as 0.95")
    return float(stats.norm.ppf((1 + confidence) / 2))


def log_log_band(
    survival: np.ndarray, *, log_variance: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limit, NaN where survival is 0 or 1 and the limits are undefined.

    `log_variance` is Greenwood's sum, the variance of log survival. R: `conf.type = "log-log"`; R's own
    default is "log".
    """
    inside = (survival > 0) & (survival < 1)
    level = np.where(inside, survival, 0.5)
    spread = two_sided_z(confidence) * np.sqrt(np.where(inside, log_variance, 0.0)) / -np.log(level)
    lower = np.where(inside, level ** np.exp(spread), np.nan)
    upper = np.where(inside, level ** np.exp(-spread), np.nan)
    return lower, upper
