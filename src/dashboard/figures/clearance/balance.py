"""Are patients with ctDNA like those without? Standardised differences of what is known at enrolment."""

from dataclasses import dataclass

import pandas as pd

from dashboard.charts.standardised_difference import standardised_difference_chart
from dashboard.figures.clearance.request import ClearanceRequest, ask
from dashboard.figures.clearance.response import clearance_rows
from dashboard.figures.figure import Figure
from dashboard.figures.overview.baseline import SQL as BASELINE_SQL
from dashboard.figures.registry import registered
from dashboard.stats import BalanceGroups, describe_balance
from dashboard.store.reader import Reader
from dashboard.tables.clearance import PAIRED
from dashboard.tables.clearance_balance import balance_sentence, balance_table
from dashboard.tables.overview_baseline import Variable, value_words

WITH, WITHOUT = "with", "without"
METHOD = (
    "Standardised mean difference of what is known at enrolment: difference of the means or shares over the "
    "root of their mean variance (Austin 2009; several categories: Yang and Dalton 2012, without a sign). "
    "Not recorded counts as a category. It does not grow with the number of patients; no p values."
)


@dataclass(frozen=True, kw_only=True)
class BalanceRequest:
    """Which patients are compared with the rest: any ctDNA result, or `is_paired` with imaging too."""

    clearance: ClearanceRequest
    variables: tuple[Variable, ...]
    after_days: int
    is_paired: bool = False

    @property
    def words(self) -> tuple[str, str]:
        """Both groups in words."""
        if self.is_paired:
            return "in the comparison with response", "not in it"
        return "with a ctDNA result", "without"


@registered("clearance_balance", writes_rows=True, key=("characteristic",))
def clearance_balance(reader: Reader, request: BalanceRequest) -> Figure:
    """Table and dots of the differences; neither where one of the groups has too few patients."""
    query = request.clearance.cohort.narrow(BASELINE_SQL)
    facts = reader.rows(query.sql, {"after_days": request.after_days, **query.values})
    is_with = _is_with(reader, request)
    n = (int(is_with.sum()), int((~is_with).sum()))
    found, table = pd.DataFrame(), pd.DataFrame()
    if min(n) >= request.clearance.least_compared:
        found = _differences(facts, is_with, request)
    if len(found):
        table = balance_table(found, limit=request.clearance.balance_percent / 100)
    return Figure(
        rows=found,
        spec=_drawing(found, request),
        table=table,
        caption=balance_sentence(found, n=n, words=request.words, limits=_limits(request)),
        method=METHOD,
        footer=request.clearance.footer(reader),
        alt=f"Standardised differences of patients {request.words[0]} and {request.words[1]}",
    )


def _limits(request: BalanceRequest) -> tuple[int, int]:
    return request.clearance.least_compared, request.clearance.balance_percent


def _is_with(reader: Reader, request: BalanceRequest) -> pd.Series:
    """Whether each patient, by id, is in the first group."""
    if request.is_paired:
        rows = clearance_rows(reader, request.clearance)
        return rows.set_index("patient_id")["place"] == PAIRED
    rows = ask(reader, request.clearance, "tested")
    return rows.set_index("patient_id")["has_result"].astype(bool)


def _differences(facts: pd.DataFrame, is_with: pd.Series, request: BalanceRequest) -> pd.DataFrame:
    """One row per characteristic: n known of both groups, the difference, whether it is large."""
    frame = pd.DataFrame({"group": is_with.map({True: WITH, False: WITHOUT})})
    by_name = dict(list(facts.groupby(["source", "name"], sort=False)))
    for variable in request.variables:
        own = by_name.get((variable.source, variable.name), facts.iloc[:0])
        values = own.drop_duplicates("patient_id").set_index("patient_id")["value"].reindex(frame.index)
        if variable.source == "number":
            frame[variable.label] = pd.to_numeric(values).astype("float64")
        else:
            frame[variable.label] = _words(values, variable)
    labels = [one.label for one in request.variables if frame[one.label].nunique(dropna=False) > 1]
    return describe_balance(
        frame,
        groups=BalanceGroups(column="group", first=WITH, second=WITHOUT),
        characteristics=labels,
        limit_percent=request.clearance.balance_percent,
    )


def _words(values: pd.Series, variable: Variable) -> pd.Series:
    words = {value: value_words(str(value), variable=variable) for value in values.dropna().unique()}
    named = values.map(words)
    return named.where(named != variable.missing)


def _drawing(found: pd.DataFrame, request: BalanceRequest) -> dict[str, object]:
    if found.empty:
        return {}
    return standardised_difference_chart(
        found, limit=request.clearance.balance_percent / 100, theme_name=request.clearance.theme
    )
