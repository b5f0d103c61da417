"""Who the groups of a curve are: the patients followed for its endpoint, and nobody else (A42)."""

from dataclasses import dataclass

from dashboard.figures.figure import Figure
from dashboard.figures.overview.baseline import BaselineRequest, groups_figure
from dashboard.figures.registry import registered
from dashboard.figures.survival.request import SurvivalRequest, in_groups, survival_rows
from dashboard.store.reader import Reader

WHOM = "The {n} patients followed for {title}; columns for the largest groups."


@dataclass(frozen=True, kw_only=True)
class SurvivalGroupsRequest:
    """The curve, and the characteristics to show of its patients."""

    survival: SurvivalRequest
    baseline: BaselineRequest


@registered("survival_groups")
def survival_groups(reader: Reader, request: SurvivalGroupsRequest) -> Figure | None:
    """The baseline table of the groups of the curve; None without groups and where nobody is followed."""
    own = request.survival
    if own.group is None:
        return None
    rows = survival_rows(reader, own)
    at_risk = rows.loc[rows["status"] != "NOT_AT_RISK", ["patient_id", "group"]]
    if at_risk.empty:
        return None
    kept = in_groups(at_risk, group=own.group)
    # Of lesions every patient counts once.
    groups = kept.drop_duplicates("patient_id").set_index("patient_id")["group"]
    return groups_figure(
        reader,
        request.baseline,
        groups=groups,
        by=own.group,
        line=own.line if own.endpoint.per == "line" else own.endpoint.begins_on_line,
        whom=WHOM.format(n=len(groups), title=own.title),
        footer=own.footer(reader),
    )
