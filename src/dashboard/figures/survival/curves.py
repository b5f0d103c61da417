"""Kaplan-Meier figure of one endpoint: curves with their band, rows at risk, and what holds for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from dashboard.charts.kaplan_meier import (
    KaplanMeierData,
    KaplanMeierOptions,
    kaplan_meier_chart,
    leaves_bands_out,
)
from dashboard.charts.kaplan_meier_marks import axis_ticks
from dashboard.charts.theme import theme_of
from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.survival.numbers import Measured, measure_survival, table_of
from dashboard.figures.survival.of_line import line_column
from dashboard.figures.survival.request import (
    SurvivalRequest,
    followed,
    in_groups,
    in_months,
    joined_words,
    survival_rows,
)
from dashboard.figures.survival.words import (
    dimming_words,
    few_patients_words,
    flow_words,
    known_later_words,
    many_curves_words,
    withheld_words,
    without_bands_words,
    without_curve_words,
    x_title,
)
from dashboard.stats import Guards, count_at, derive_dimmed, estimate_survival
from dashboard.stats.risk_table import with_columns
from dashboard.store.reader import Reader
from dashboard.studies.reported import ReportedEndpoint
from dashboard.tables.formats import format_date
from dashboard.tables.survival import GroupNumbers

METHOD = (
    "{label}. Kaplan–Meier in months of 30.4375 days; bands and intervals are 95 % log-log, medians invert "
    "the band. {entry}Whoever has not had the event is censored; counts under the axis are those before the "
    "month shown. Medians with fewer than {median_min_events} events are not estimable; shares are not shown "
    "where the curve is dimmed. {group}"
)
ENTRY = "Patients count as at risk only from the day they join (delayed entry). "
GROUP = (
    "Groups are as known when a patient joins, at most {days} days later. They were not assigned: "
    "no comparison."
)
AS_REPORTED = "Times and events are those the source reports; nothing is derived from dates. "
REPORTED_GROUP = "Groups are as known on day 0 of the source. They were not assigned: no comparison."
NUMBER_COLUMNS = ["group", "measure", "month", "n", "events", "value", "lower", "upper"]
CURVE_COLUMNS = {
    "group": "group",
    "time": "months",
    "at_risk": "at_risk",
    "n_event": "events",
    "n_censored": "censored",
    "n_not_entered": "not_yet_entered",
    "survival": "free_of_event_percent",
    "lower": "lower_percent",
    "upper": "upper_percent",
    "is_dimmed": "is_dimmed",
}
COUNTED = ("at_risk", "n_event", "n_censored", "n_not_entered")
SHARES = ("survival", "lower", "upper")


@registered("survival", key=("row", "group", "months"))
def survival_figure(
    reader: Reader,
    request: SurvivalRequest,
    *,
    previous: Reader | None = None,
    measured: Measured | None = None,
) -> Figure | None:
    """The curve of one endpoint; None where nobody is followed.

    `previous` reads an earlier data cut, whose curve is drawn in grey behind. `measured` is that of
    `measure_survival` where it is at hand. Where another event competes, the curve would say too much:
    see `survival_incidence`.
    """
    rows = survival_rows(reader, request)
    kept = in_months(rows)
    if kept.empty:
        return None
    if measured is None:
        measured = measure_survival(in_groups(kept, group=request.group), request=request)
    data = curve_data(kept, measured, request=request)
    small = small_groups(measured, guards=request.guards)
    joined = joined_words(kept["group"], measured.curve["group"].cat.categories)
    said = [_caption(rows, kept, request), joined, _without_words(small, request)]
    if previous is not None:
        data = replace(data, previous=_previous_curve(previous, request, without=small))
    return Figure(
        rows=rows,
        spec={} if data.curve.empty else _drawing(request, data, previous=previous, small=small),
        table=line_column(_twin(data.curve, data.counts), request.line_words),
        caption=" ".join(words for words in said if words),
        method=_method(request),
        footer=request.footer(reader),
        alt=_alt(measured.numbers, request),
    )


def longest_shown(kept: pd.DataFrame, request: SurvivalRequest) -> float:
    """How far the axis goes, in months: to the data, for overall survival no further than the study says."""
    longest = float(kept["months"].max())
    shown = request.endpoint.shown_months
    return longest if shown is None else min(longest, float(shown))


def curve_data(kept: pd.DataFrame, measured: Measured, *, request: SurvivalRequest) -> KaplanMeierData:
    """What a Kaplan-Meier drawing takes of patients who are followed: curve, counts, shown medians.

    The `small_groups` are left away; where all are small the curve is empty.
    """
    curve = derive_dimmed(measured.curve, guards=request.guards)
    curve = curve[~curve["group"].isin(list(small_groups(measured, guards=request.guards)))]
    curve = with_columns(curve, group=curve["group"].cat.remove_unused_categories())
    counts = count_at(curve, times=axis_ticks(longest_shown(kept, request)))
    drawn = counts if counts["n_not_entered"].any() else counts.drop(columns="n_not_entered")
    names = set(curve["group"].cat.categories)
    medians = {
        one.group: one.median
        for one in measured.numbers
        if one.group in names and one.is_median_shown and one.median is not None
    }
    return KaplanMeierData(curve=curve, counts=drawn, medians=medians)


def has_joined_late(counts: pd.DataFrame) -> bool:
    """Whether anybody under the axis entered after day 0; only then the counts have a row for it."""
    return "n_not_entered" in counts


def n_curves(numbers: Sequence[GroupNumbers], *, guards: Guards) -> int:
    """How many groups are drawn, of numbers that end with those of all together."""
    return sum(one.n >= guards.dim_at_risk_min for one in numbers[:-1])


def small_groups(measured: Measured, *, guards: Guards) -> dict[str, int]:
    """Groups without a curve and their patients: so few that it would be dimmed from its beginning (A29)."""
    names = set(measured.curve["group"].cat.categories)
    return {
        one.group: one.n for one in measured.numbers if one.group in names and one.n < guards.dim_at_risk_min
    }


def drawn_and_numbers(data: KaplanMeierData, measures: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """One row per point of the curves, per count under the axis, and per number of a group; for the file.

    `row` says which; `months` is the time of each. `measures` are those of `GroupNumbers`.
    """
    numbers = pd.DataFrame(list(measures), columns=NUMBER_COLUMNS)
    numbers = numbers.rename(columns={"month": "months"}).astype({"months": "float64", "n": "Int64"})
    points = _twin(data.curve, data.counts)
    return pd.concat([points, numbers.assign(row="number of the group")], ignore_index=True)


def _drawing(
    request: SurvivalRequest, data: KaplanMeierData, *, previous: Reader | None, small: Mapping[str, int]
) -> dict[str, object]:
    endpoint, horizon = request.endpoint, request.endpoint.horizon_months
    spec = kaplan_meier_chart(
        data,
        options=KaplanMeierOptions(
            x_title=x_title(endpoint, has_joined_late=has_joined_late(data.counts), line=request.line_words),
            y_title=f"{endpoint.label}, %",
            theme=request.theme,
            has_band=request.has_band,
            has_every_band=request.has_every_band,
            has_censor_marks=request.has_censor_marks,
            horizon=None if horizon is None else float(horizon),
            horizon_label=f"protocol horizon {horizon} months",
            previous_label=_cut_words(previous),
        ),
    )
    return {**spec, "title": note_on_drawing(request, small=small, drawn=data.curve)}


def _cut_words(previous: Reader | None) -> str:
    return "" if previous is None else f"data cut of {format_date(previous.snapshot.cut_off)}"


def note_on_drawing(
    request: SurvivalRequest,
    *,
    before: Sequence[str] = (),
    small: Mapping[str, int] | None = None,
    drawn: pd.DataFrame | None = None,
) -> dict[str, object]:
    """What is dimmed, withheld and left away, above the drawing: it travels with the picture.

    A caution for groups by treatment stands in the footer of the picture and above the drawing of a page.
    `drawn` are the Kaplan-Meier curves of the drawing; without it there is one curve of another kind.
    """
    groups = [] if drawn is None else drawn_groups(drawn)
    guards = request.guards
    dimmed = dimming_words(guards.dim_share_percent, (guards.dim_at_risk_min, guards.dim_at_risk_max))
    lines = [*before, dimmed]
    if not request.endpoint.competing:
        lines += withheld_words(guards, has_ratio=request.group is not None)
    lines += few_patients_words(groups, below=guards.dim_at_risk_max, unit=request.unit)
    lines += [_without_words(small, request)] if small else []
    if request.has_band and not request.has_every_band and leaves_bands_out(len(groups)):
        lines.append(without_bands_words(len(groups)))
    lines += [many] if (many := many_curves_words(len(groups))) else []
    return {
        "text": lines,
        "anchor": "end",
        "fontSize": 11,
        "fontWeight": "normal",
        "color": theme_of(request.theme).secondary,
        "offset": 4,
    }


def drawn_groups(curve: pd.DataFrame) -> list[tuple[str, int, int]]:
    """Name, n and events of each curve."""
    counted = curve.groupby("group", observed=True)[["n_entered", "n_event"]].sum()
    return [(str(name), int(n), int(k)) for name, n, k in counted.itertuples()]


def _without_words(small: Mapping[str, int], request: SurvivalRequest) -> str:
    return without_curve_words(small, least=request.guards.dim_at_risk_min, unit=request.unit)


def _previous_curve(
    reader: Reader, request: SurvivalRequest, *, without: Mapping[str, int]
) -> pd.DataFrame | None:
    kept = followed(survival_rows(reader, request), group=request.group)
    kept = kept[~kept["group"].isin(list(without))]
    return None if kept.empty else estimate_survival(table_of(kept))[["group", "time", "survival"]]


def _twin(curve: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Points of the curves, then the counts under the axis; percentages of the group."""
    parts = (curve, counts)
    rows = np.array(["curve: at this time", "under the axis: before this time"], dtype=object)
    columns: dict[str, Any] = {
        "group": np.concatenate([part["group"].astype(str).to_numpy(dtype=object) for part in parts]),
        "time": np.concatenate([part["time"].to_numpy(dtype=float) for part in parts]),
        **{name: pd.array(_numbers(parts, name), dtype="Int64") for name in COUNTED},
        **{name: pd.array(100 * _numbers(parts, name), dtype="Float64") for name in SHARES},
        "is_dimmed": [*curve["is_dimmed"].tolist(), *[np.nan] * len(counts)],
    }
    named = {title: columns[name] for name, title in CURVE_COLUMNS.items()}
    return pd.DataFrame({"row": rows.repeat([len(curve), len(counts)]), **named}, copy=False)


def _numbers(parts: Sequence[pd.DataFrame], name: str) -> np.ndarray:
    """A column of one frame after the other; NaN where null and where a frame has no such column."""
    found = [
        part[name].to_numpy(dtype=float, na_value=np.nan) if name in part else np.full(len(part), np.nan)
        for part in parts
    ]
    return np.concatenate(found)


def _caption(rows: pd.DataFrame, kept: pd.DataFrame, request: SurvivalRequest) -> str:
    excluded = rows.loc[rows["status"] == "NOT_AT_RISK", "rule"].value_counts().to_dict()
    delayed = int((kept["entry_days"] > 0).sum())
    said = [
        flow_words(
            (len(rows), len(kept), int(kept["is_event"].sum())),
            {str(rule): int(n) for rule, n in excluded.items()},
            unit=request.unit,
            endpoint=request.endpoint,
        ),
        f"{delayed} joined after day 0." if delayed else "",
        known_later_words(int(rows["is_known_later"].sum()), request.group.label if request.group else ""),
    ]
    return " ".join(part for part in said if part)


def _method(request: SurvivalRequest) -> str:
    is_reported = isinstance(request.endpoint, ReportedEndpoint)
    entry = AS_REPORTED if is_reported else ENTRY if request.endpoint.entry else ""
    group = REPORTED_GROUP if is_reported else GROUP.format(days=request.grace_days)
    return METHOD.format(
        label=request.title,
        entry=entry,
        median_min_events=request.guards.median_min_events,
        group=group if request.group else "",
    ).strip()


def _alt(numbers: list[GroupNumbers], request: SurvivalRequest) -> str:
    said = "; ".join(f"{one.group}: {one.n_event} events in {one.n}" for one in numbers)
    return f"{request.title}. {said}. Every number is in the table."
