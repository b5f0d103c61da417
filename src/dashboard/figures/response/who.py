"""Who the groups of the response rates are: the patients counted in them, and nobody else (A42)."""

from dataclasses import dataclass

import pandas as pd

from dashboard.figures.figure import Figure
from dashboard.figures.overview.baseline import BaselineRequest, groups_figure
from dashboard.figures.registry import registered
from dashboard.figures.response.patients import is_after_local
from dashboard.figures.response.rates import RatesRequest, grouped, in_group_order
from dashboard.figures.survival.of_line import with_line
from dashboard.store.reader import Reader

WHOM = "The {n} patients counted in the rates, who started the line; columns for the largest groups."
AFTER_LOCAL = "The {n} patients counted after local therapy; columns for the largest groups."


@dataclass(frozen=True, kw_only=True)
class ResponseGroupsRequest:
    """The rates by group, and the characteristics to show of their patients."""

    rates: RatesRequest
    baseline: BaselineRequest


@registered("response_groups")
def response_groups(reader: Reader, request: ResponseGroupsRequest) -> Figure:
    """The baseline table of the groups of the rates."""
    own = request.rates.response
    _, rows, group = grouped(reader, request.rates)
    order = in_group_order(rows["group"], group=group)
    words = AFTER_LOCAL if is_after_local(own) else WHOM
    return (
        groups_figure(
            reader,
            request.baseline,
            groups=rows.set_index("patient_id")["group"].astype(pd.CategoricalDtype(order)),
            by=group,
            line=own.line,
            whom=with_line(words.format(n=len(rows)), own.line_words),
            footer=own.footer(reader),
        )
        .with_note(group.by)
        .with_note(group.caution)
    )
