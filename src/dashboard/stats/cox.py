"""Cox regression, delayed entry and rows (start, stop] included. Checked against R's `coxph`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy import stats

from dashboard.stats.intervals import ChiSquaredTest, chi_squared_test, two_sided_z
from dashboard.stats.partial_likelihood import CoxRows, EventTerms, Maximum, Ties, maximise
from dashboard.stats.proportional_hazards import check_proportional_hazards
from dashboard.stats.risk_table import SurvivalInputError, time_to_event_records


@dataclass(frozen=True, kw_only=True)
class CoxModel:
    """Which columns enter a Cox model, and how.

    `terms` are columns: numbers (true and false count as 1 and 0) enter as they are, everything else as
    groups, each against the level `references` names for the column. `entry` as in `risk_table`. Patients are
    compared only within a `stratum`.
    """

    time: str
    event: str
    terms: tuple[str, ...]
    references: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    entry: str | None = None
    stratum: str | None = None
    ties: Ties = "efron"


@dataclass(frozen=True, kw_only=True)
class CoxTerm:
    """One coefficient: per unit of a number, or of `level` against `reference`."""

    column: str
    level: str | None
    reference: str | None
    coefficient: float
    standard_error: float
    hazard_ratio: float
    lower: float
    upper: float
    z: float
    p_value: float


@dataclass(frozen=True, kw_only=True)
class CoxFit:
    """A fitted Cox model.

    `n` counts the rows in it, `n_missing` those left out for a missing term, `n_never_at_risk` those whose
    delayed entry is on or after their end. Where there is no single finite solution `terms` is empty and the
    tests are None.
    """

    model: CoxModel
    n: int
    n_event: int
    n_missing: int
    n_never_at_risk: int
    terms: tuple[CoxTerm, ...]
    score_test: ChiSquaredTest | None
    likelihood_ratio_test: ChiSquaredTest | None
    proportional_hazards: Mapping[str, ChiSquaredTest]

    @property
    def is_estimable(self) -> bool:
        """Whether the data have one finite solution."""
        return bool(self.terms)


@dataclass(frozen=True, kw_only=True)
class _Column:
    """One column of the design: what a coefficient stands for."""

    name: str
    level: str | None
    reference: str | None


def fit_cox(frame: pd.DataFrame, *, model: CoxModel, confidence: float = 0.95) -> CoxFit:
    """The model fitted to the rows of `frame`, with Wald limits and the check of proportional hazards.

    R: `coxph(Surv(entry, time, event) ~ terms, ties)` and `cox.zph(fit)`. Raises SurvivalInputError for a
    grouping term without a reference, and for what `risk_table` refuses. Where nobody is in the reference the
    model is not estimable.
    """
    used = [*model.terms, *([model.stratum] if model.stratum else [])]
    complete = frame.dropna(subset=used).reset_index(drop=True)
    records = time_to_event_records(complete, time=model.time, event=model.event, entry=model.entry)
    at_risk = ((records["entry"] == 0) | (records["entry"] < records["time"])).to_numpy()
    kept = complete[at_risk].reset_index(drop=True)
    columns, covariates = _design(kept, model)
    rows = _rows(records[at_risk], covariates, kept[model.stratum] if model.stratum else None)
    maximum = maximise(rows, ties=model.ties)
    names = [column.name for column in columns]
    checks = {} if maximum is None else check_proportional_hazards(rows, maximum=maximum, names=names)
    return CoxFit(
        model=model,
        n=len(kept),
        n_event=int(rows.event.sum()),
        n_missing=len(frame) - len(complete),
        n_never_at_risk=int((~at_risk).sum()),
        terms=() if maximum is None else _terms(columns, maximum, confidence),
        score_test=None if maximum is None else _score_test(maximum.null),
        likelihood_ratio_test=None if maximum is None else _likelihood_ratio_test(maximum),
        proportional_hazards=checks,
    )


def _design(frame: pd.DataFrame, model: CoxModel) -> tuple[list[_Column], np.ndarray]:
    """The columns of the design, rows by columns: a number is one, k levels are k - 1."""
    columns: list[_Column] = []
    values: list[np.ndarray] = []
    for name in model.terms:
        if pd.api.types.is_numeric_dtype(frame[name]):
            columns.append(_Column(name=name, level=None, reference=None))
            values.append(frame[name].to_numpy(dtype=float))
            continue
        levels = frame[name].astype("category").cat.remove_unused_categories().cat.rename_categories(str)
        reference = model.references.get(name)
        if reference is None:
            found = ", ".join(levels.cat.categories) or "none"
            raise SurvivalInputError(f"{name} has no reference; name the level to compare with, of {found}")
        for level in levels.cat.categories[levels.cat.categories != reference]:
            columns.append(_Column(name=name, level=level, reference=reference))
            values.append((levels == level).to_numpy(dtype=float))
    return columns, np.column_stack(values) if values else np.empty((len(frame), 0))


def _rows(records: pd.DataFrame, covariates: np.ndarray, stratum: pd.Series | None) -> CoxRows:
    return CoxRows(
        entry=records["entry"].to_numpy(dtype=float),
        time=records["time"].to_numpy(dtype=float),
        event=records["event"].to_numpy(dtype=bool),
        covariates=covariates,
        stratum=np.zeros(len(records), dtype=int) if stratum is None else pd.factorize(stratum)[0],
    )


def _terms(columns: list[_Column], maximum: Maximum, confidence: float) -> tuple[CoxTerm, ...]:
    errors = np.sqrt(np.diag(maximum.covariance))
    width = two_sided_z(confidence)
    return tuple(
        CoxTerm(
            column=column.name,
            level=column.level,
            reference=column.reference,
            coefficient=float(coefficient),
            standard_error=float(error),
            hazard_ratio=float(np.exp(coefficient)),
            lower=float(np.exp(coefficient - width * error)),
            upper=float(np.exp(coefficient + width * error)),
            z=float(coefficient / error),
            p_value=float(2 * stats.norm.sf(abs(coefficient / error))),
        )
        for column, coefficient, error in zip(columns, maximum.coefficients, errors, strict=True)
    )


def _score_test(null: EventTerms) -> ChiSquaredTest:
    score, information = null.residual.sum(axis=0), null.information.sum(axis=0)
    return chi_squared_test(float(score @ np.linalg.solve(information, score)), len(score))


def _likelihood_ratio_test(maximum: Maximum) -> ChiSquaredTest:
    gain = maximum.fitted.log_likelihood.sum() - maximum.null.log_likelihood.sum()
    return chi_squared_test(float(2 * gain), len(maximum.coefficients))
