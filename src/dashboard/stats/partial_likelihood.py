"""The partial likelihood of the Cox model, event by event: the one engine behind fit, score test and check.

Rows may carry a delayed entry, so patients whose state changes are followed as several rows (start, stop].
Checked against R's `coxph`.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

Ties = Literal["efron", "breslow"]
# Newton's steps of a finite maximum end in about six; where a group has no event they never end.
MAX_STEPS = 30
MAX_HALVINGS = 20
# In standard deviations of the covariate.
STEP_TOLERANCE = 1e-10
# Log hazards of two patients further apart than this (a ratio of 5e8) have no finite maximum behind them, and
# the weights of the lower one are lost when late entries are taken off the sums.
MAX_PREDICTOR_RANGE = 20.0


@dataclass(frozen=True, kw_only=True)
class CoxRows:
    """One entry per row: at risk when `entry` < t <= `time`; `covariates` is rows by terms.

    An entry of 0 is a start: such a row is at risk at time 0 itself, as in `risk_table`.
    """

    entry: np.ndarray
    time: np.ndarray
    event: np.ndarray
    covariates: np.ndarray
    stratum: np.ndarray


@dataclass(frozen=True, kw_only=True)
class EventTerms:
    """One entry per event: its time, log likelihood, Schoenfeld residual and information."""

    time: np.ndarray
    log_likelihood: np.ndarray
    residual: np.ndarray
    information: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Maximum:
    """Where the partial likelihood is greatest, beside the terms with all coefficients 0."""

    coefficients: np.ndarray
    covariance: np.ndarray
    null: EventTerms
    fitted: EventTerms


def event_terms(rows: CoxRows, *, coefficients: np.ndarray, ties: Ties) -> EventTerms:
    """The contribution of every event of every stratum, at these coefficients.

    Tied events: by Efron each sees those tied with it as partly gone, by Breslow as all still there.
    """
    parts = [
        _stratum_terms(rows, rows.stratum == stratum, coefficients, ties)
        for stratum in np.unique(rows.stratum[rows.event])
    ]
    return EventTerms(
        time=np.concatenate([part.time for part in parts]),
        log_likelihood=np.concatenate([part.log_likelihood for part in parts]),
        residual=np.concatenate([part.residual for part in parts]),
        information=np.concatenate([part.information for part in parts]),
    )


def maximise(rows: CoxRows, *, ties: Ties) -> Maximum | None:
    """The coefficients by Newton's method from 0; None where there is no single finite maximum.

    So it is without events, where a term is constant or a sum of others among those at risk, and where one
    level of a term has no event, or all of them.
    """
    if not rows.event.any() or not rows.covariates.shape[1]:
        return None
    scale = rows.covariates.std(axis=0)
    if not (scale > 0).all():
        return None
    coefficients = np.zeros(len(scale))
    null = found = event_terms(rows, coefficients=coefficients, ties=ties)
    for _ in range(MAX_STEPS):
        step = _newton_step(found, scale)
        if step is None:
            return None
        if np.abs(step * scale).max() < STEP_TOLERANCE:
            covariance = np.linalg.inv(found.information.sum(axis=0))
            return Maximum(coefficients=coefficients, covariance=covariance, null=null, fitted=found)
        step, found = _uphill(rows, coefficients, step, found, ties)
        coefficients = coefficients + step
    return None


def _newton_step(terms: EventTerms, scale: np.ndarray) -> np.ndarray | None:
    """The step to take, None where the likelihood is flat in some direction."""
    information = terms.information.sum(axis=0) / np.outer(scale, scale)
    if np.linalg.matrix_rank(information, tol=1e-9 * len(terms.time), hermitian=True) < len(scale):
        return None
    return np.asarray(np.linalg.solve(information, terms.residual.sum(axis=0) / scale) / scale)


def _uphill(
    rows: CoxRows, coefficients: np.ndarray, step: np.ndarray, found: EventTerms, ties: Ties
) -> tuple[np.ndarray, EventTerms]:
    """The step, halved until the likelihood does not fall, and the terms there."""
    before = found.log_likelihood.sum()
    # Rounding alone moves a sum of this size in its last bits.
    slack = 1e-12 * abs(before)
    for _ in range(MAX_HALVINGS):
        if np.ptp(rows.covariates @ (coefficients + step)) <= MAX_PREDICTOR_RANGE:
            there = event_terms(rows, coefficients=coefficients + step, ties=ties)
            if there.log_likelihood.sum() >= before - slack:
                return step, there
        step = step / 2
    return np.zeros_like(step), found


def _stratum_terms(rows: CoxRows, within: np.ndarray, coefficients: np.ndarray, ties: Ties) -> EventTerms:
    time, event = rows.time[within], rows.event[within]
    # The mean cancels out of every term; without it the information loses digits.
    covariates = rows.covariates[within] - rows.covariates[within].mean(axis=0)
    predictor = covariates @ coefficients
    moments = _moments(covariates, np.exp(predictor - predictor.max()))
    order = np.argsort(time[event], kind="stable")
    at = time[event][order]
    risk = _sum_from(time, moments, at) - _sum_from(rows.entry[within], moments, at, delayed_only=True)
    if ties == "efron":
        risk = risk - _tied_share(at, moments[event][order])
    n_terms = covariates.shape[1]
    mean = risk[:, 1 : 1 + n_terms] / risk[:, :1]
    square = (risk[:, 1 + n_terms :] / risk[:, :1]).reshape(-1, n_terms, n_terms)
    return EventTerms(
        time=at,
        log_likelihood=predictor[event][order] - predictor.max() - np.log(risk[:, 0]),
        residual=covariates[event][order] - mean,
        information=square - mean[:, :, np.newaxis] * mean[:, np.newaxis, :],
    )


def _moments(covariates: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Per row: the weight, the weighted covariates and their weighted products."""
    products = (covariates[:, :, np.newaxis] * covariates[:, np.newaxis, :]).reshape(len(weight), -1)
    return np.asarray(weight[:, np.newaxis] * np.column_stack([np.ones(len(weight)), covariates, products]))


def _sum_from(
    position: np.ndarray, moments: np.ndarray, at: np.ndarray, *, delayed_only: bool = False
) -> np.ndarray:
    """Per asked time, the sum over the rows whose position is on or after it."""
    if delayed_only:
        position, moments = position[position > 0], moments[position > 0]
    order = np.argsort(position, kind="stable")
    totals = np.zeros((len(position) + 1, moments.shape[1]))
    totals[:-1] = moments[order][::-1].cumsum(axis=0)[::-1]
    return np.asarray(totals[np.searchsorted(position[order], at, side="left")])


def _tied_share(at: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """Efron: of d events tied, the one in place l = 0 ... d-1 sees l/d of their sum as gone."""
    _, first, tie, n_tied = np.unique(at, return_index=True, return_inverse=True, return_counts=True)
    total = np.add.reduceat(moments, first, axis=0)
    place = np.arange(len(at)) - first[tie]
    return np.asarray((place / n_tied[tie])[:, np.newaxis] * total[tie])
