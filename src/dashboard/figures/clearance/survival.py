"""Survival by what later ctDNA draws showed: curves whose groups are known when the clock starts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.charts.kaplan_meier import (
    KaplanMeierData,
    KaplanMeierOptions,
    kaplan_meier_chart,
    leaves_bands_out,
)
from dashboard.charts.kaplan_meier_marks import axis_ticks
from dashboard.charts.theme import theme_of
from dashboard.figures.clearance.groups import groups_of
from dashboard.figures.clearance.material import Followed, clearance_material
from dashboard.figures.clearance.numbers import UNBIASED, after_draw_file
from dashboard.figures.clearance.request import NAIVE_WARNING, AfterDrawRequest, view_label
from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.survival.curves import CURVE_COLUMNS
from dashboard.figures.survival.medians import median_numbers
from dashboard.figures.survival.numbers import table_of
from dashboard.figures.survival.words import (
    dimming_words,
    few_patients_words,
    withheld_words,
    without_bands_words,
    without_curve_words,
)
from dashboard.stats import (
    count_at,
    count_moves_at,
    derive_dimmed,
    estimate_survival,
    simon_makuch_table,
)
from dashboard.store.asked import hear
from dashboard.store.reader import Reader
from dashboard.tables.clearance import other_origin_words
from dashboard.tables.clearance_survival import counts_sentence, excluded_words, left_words

DRAWN_COLUMNS = {**CURVE_COLUMNS, "n_moved_in": "moved_in", "n_moved_out": "moved_out"}
METHODS = {
    "second_draw": (
        "The clock starts at the second draw, the first valid one {from_day} days or more after the "
        "baseline, and the group is what it showed. Nobody is credited with time lived before. "
    ),
    "landmark": (
        "The clock starts {months} calendar months after enrolment; the group is that of the last valid draw "
        "by then. Whoever had the event, or was last seen, before is not in it. "
    ),
    "moving": (
        "Simon–Makuch curves from the baseline draw: everybody begins as not changed and moves between the "
        "groups at every draw that can be compared, whatever the draws before it showed; what happens on "
        "the day of a draw counts before the move. At a draw that cannot be compared with the baseline a "
        "patient leaves until one that can, as somebody last seen then. Hazard ratio: Cox model with the "
        "group of the moment. "
    ),
    "naive": NAIVE_WARNING + ". ",
}
KAPLAN_MEIER = (
    "Kaplan–Meier in months of 30.4375 days with 95 % log-log bands. Only patients with ctDNA detected "
    "before treatment. Groups were not assigned: no comparison of treatments."
)


@registered("clearance_survival", writes_rows=True, key=("row", "group", "months"))
def clearance_survival(
    reader: Reader, request: AfterDrawRequest, *, followed: Followed | None = None
) -> Figure:
    """The curves of one view; a group of fewer patients than the limit has counts and no curve.

    `followed` is the analysis of the request where it has been made already.
    """
    if followed is None:
        followed = groups_of(clearance_material(reader, request), request)
    hear(reader, followed.questions)
    table, spec = pd.DataFrame(), dict[str, Any]()
    drawn = without_small_groups(followed, request)
    if drawn.n:
        table, spec = _curves(drawn, request, everybody=followed)
    if request.view == "naive":
        table.insert(0, "warning", NAIVE_WARNING)
    method = METHODS[request.view].format(
        from_day=request.clearance.second_draw_from_day, months=request.landmark_months
    )
    return Figure(
        rows=table,
        spec=spec,
        table=table,
        caption=_caption(followed, request),
        method=method + KAPLAN_MEIER,
        footer=request.footer(reader),
        alt=f"{view_label(request)}. {counts_sentence(counts_by_group(followed))}",
    )


@registered("clearance_survival_numbers", writes_rows=True, key=("analysis", "group", "measure", "month"))
def clearance_survival_numbers(reader: Reader, request: AfterDrawRequest) -> Figure:
    """Every number of the three unbiased views in one file; no drawing."""
    rows = after_draw_file(reader, request)
    views = ", ".join(view_label(replace(request, view=view)) for view in UNBIASED)
    return Figure(
        rows=rows,
        spec={},
        table=rows,
        caption=f"Numbers of: {views}.",
        method=KAPLAN_MEIER,
        footer=request.footer_of_all(reader, UNBIASED),
        alt="Numbers of survival by later draws",
    )


def counts_by_group(followed: Followed) -> list[tuple[str, int, int]]:
    """Every group with its patients and events; of moving groups whoever was ever in it."""
    kept = followed.kept
    column, event = ("state", "event_observed") if "state" in kept else ("group", "is_event")
    return [
        (str(name), int(rows["patient_id"].nunique()), int(rows[event].sum()))
        for name, rows in kept.groupby(column, observed=True)
    ]


def small_groups(followed: Followed, request: AfterDrawRequest) -> dict[str, int]:
    """Groups with too few patients for a curve, and their patients."""
    least = request.clearance.least_in_group
    return {name: n for name, n, _events in counts_by_group(followed) if n < least}


def without_small_groups(followed: Followed, request: AfterDrawRequest) -> Followed:
    """The analysis as it is drawn: groups with too few patients for a curve left away."""
    kept = followed.kept
    column = "state" if "state" in kept else "group"
    drawn = kept[~kept[column].isin(list(small_groups(followed, request)))].reset_index(drop=True)
    return replace(followed, kept=drawn.assign(**{column: drawn[column].cat.remove_unused_categories()}))


def _curves(
    followed: Followed, request: AfterDrawRequest, *, everybody: Followed
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Drawn points as a table, and the drawing; `everybody` has the groups without a curve, too."""
    kept = followed.kept
    is_moving = request.view == "moving"
    table = simon_makuch_table(kept) if is_moving else table_of(kept)
    curve = derive_dimmed(estimate_survival(table), guards=request.clearance.guards)
    ticks = axis_ticks(float(kept["stop" if is_moving else "months"].max()))
    counts = _moves(everybody, kept, times=ticks) if is_moving else count_at(table, times=ticks)
    if not counts["n_not_entered"].any():
        counts = counts.drop(columns="n_not_entered")
    data = KaplanMeierData(curve=curve, counts=counts, medians=_medians(followed, request))
    options = KaplanMeierOptions(
        x_title=_x_title(request),
        y_title=f"{request.endpoint.label}, %",
        theme=request.clearance.theme,
        has_band=request.view != "naive",
    )
    return _twin(curve, counts), {
        **kaplan_meier_chart(data, options=options),
        "title": _title(request, small=small_groups(everybody, request), groups=counts_by_group(followed)),
    }


def _moves(everybody: Followed, drawn: pd.DataFrame, *, times: Sequence[float]) -> pd.DataFrame:
    """The counts of the drawn groups: who moved to a group without a curve moved out and is not censored."""
    counts = count_moves_at(everybody.kept, times=times)
    return counts[counts["group"].isin(list(drawn["state"].cat.categories))].reset_index(drop=True)


def _medians(followed: Followed, request: AfterDrawRequest) -> dict[str, float]:
    if request.view not in ("second_draw", "landmark"):
        return {}
    return {
        one.group: one.median
        for one in median_numbers(followed.kept, guards=request.clearance.guards)
        if one.is_median_shown and one.median is not None
    }


def _x_title(request: AfterDrawRequest) -> str:
    return {
        "second_draw": "months since the second draw",
        "landmark": f"months since month {request.landmark_months} after enrolment",
        "moving": "months since the baseline draw",
        "naive": "months since the baseline draw",
    }[request.view]


def _title(
    request: AfterDrawRequest, *, small: Mapping[str, int], groups: Sequence[tuple[str, int, int]]
) -> dict[str, Any]:
    """Dimming, limits, small groups, what has no curve or no band; of the biased curve its warning.

    `groups` are those drawn, with their patients and events.
    """
    guards, theme = request.clearance.guards, theme_of(request.clearance.theme)
    quiet = {"anchor": "end", "fontSize": 11, "fontWeight": "normal", "offset": 4}
    if request.view == "naive":
        first, _, second = NAIVE_WARNING.partition(", and ")
        return {**quiet, "text": [f"{first},", second], "fontWeight": "bold", "color": theme.attention}
    dimmed = dimming_words(guards.dim_share_percent, (guards.dim_at_risk_min, guards.dim_at_risk_max))
    words = [dimmed, *withheld_words(guards, has_ratio=True)]
    without = without_curve_words(small, least=request.clearance.least_in_group)
    bands = without_bands_words(len(groups)) if leaves_bands_out(len(groups)) else ""
    few = few_patients_words(groups, below=guards.dim_at_risk_max)
    text = [*words, *few, *(line for line in (without, bands) if line)]
    return {**quiet, "text": text, "color": theme.secondary}


def _twin(curve: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Points of the curves, then the counts under the axis; percentages of the group."""
    percent = {column: 100 * curve[column] for column in ("survival", "lower", "upper")}
    points = curve.assign(row="curve: at this time", **percent)
    under = counts.assign(row="under the axis: before this time")
    both = pd.concat([points.astype({"group": str}), under.astype({"group": str})], ignore_index=True)
    columns = [name for name in DRAWN_COLUMNS if name in both]
    named = both.reindex(columns=["row", *columns]).rename(columns=DRAWN_COLUMNS)
    whole = ("at_risk", "events", "censored", "not_yet_entered", "moved_in", "moved_out")
    return named.astype({name: "Int64" for name in whole if name in named})


def _caption(followed: Followed, request: AfterDrawRequest) -> str:
    said = [
        f"{NAIVE_WARNING}." if request.view == "naive" else "",
        counts_sentence(counts_by_group(followed)),
        without_curve_words(small_groups(followed, request), least=request.clearance.least_in_group),
        excluded_words(followed.excluded, view=request.view, by_group=followed.by_group),
        left_words(*followed.left),
        other_origin_words(followed.n_other_origin, of=f"{followed.n} followed"),
    ]
    return " ".join(part for part in said if part)
