"""The numbers of the survival page as one file: medians, shares at months, ratios and log-rank by group."""

from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.survival.numbers import numbers_file
from dashboard.figures.survival.request import SurvivalRequest, followed, survival_rows
from dashboard.store.reader import Reader

METHOD = (
    "{label}. Medians, shares free of the event at months and restricted means by Kaplan–Meier with 95 % "
    "log-log intervals; {ratios}log-rank over the groups. What the page withholds is empty."
)
RATIOS = "hazard ratios by Cox (Efron), not adjusted; "


@registered("survival_numbers", writes_rows=True, key=("group", "measure", "month"))
def survival_numbers_figure(reader: Reader, request: SurvivalRequest) -> Figure:
    """One row per group, measure and month; no row but the head where nobody is followed."""
    kept = followed(survival_rows(reader, request), group=request.group)
    numbers = numbers_file(kept, request=request)
    return Figure(
        rows=numbers,
        spec={},
        table=numbers,
        caption="",
        method=METHOD.format(label=request.title, ratios=RATIOS if request.has_ratios else ""),
        footer=request.footer(reader),
        alt=f"Numbers of {request.title}",
    )
