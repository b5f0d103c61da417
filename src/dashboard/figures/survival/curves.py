"""Kaplan-Meier figure of one endpoint: curves with their band, rows at risk, and what holds for them."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from dashboard.charts.kaplan_meier import KaplanMeierData, KaplanMeierOptions, kaplan_meier_chart
from dashboard.charts.kaplan_meier_marks import axis_ticks
from dashboard.charts.theme import theme_of
from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.survival.numbers import survival_numbers, table_of
from dashboard.figures.survival.request import SurvivalRequest, followed, survival_rows
from dashboard.figures.survival.words import (
    dimming_words,
    flow_words,
    known_later_words,
    withheld_words,
    x_title,
)
from dashboard.stats import count_at, derive_dimmed, estimate_survival
from dashboard.store.reader import Reader
from dashboard.studies.reported import ReportedEndpoint
from dashboard.tables.formats import format_date
from dashboard.tables.survival import GroupNumbers

METHOD = (
    "{label}. Kaplan–Meier in months of 30.4375 days; band and intervals are 95 % log-log, medians invert "
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


@registered("survival", key=("row", "group", "months"))
def survival_figure(
    reader: Reader,
    request: SurvivalRequest,
    *,
    previous: Reader | None = None,
    numbers: list[GroupNumbers] | None = None,
) -> Figure | None:
    """The curve of one endpoint; None where nobody is followed.

    `previous` reads an earlier data cut, whose curve is drawn in grey behind. `numbers` are those of
    `survival_numbers` where they are at hand. Where another event competes, the curve would say too much:
    see `survival_incidence`.
    """
    rows = survival_rows(reader, request)
    kept = followed(rows, group=request.group)
    if kept.empty:
        return None
    table = table_of(kept)
    curve = derive_dimmed(estimate_survival(table), guards=request.guards)
    ticks = axis_ticks(longest_shown(kept, request))
    counts = count_at(table, times=ticks)
    numbers = survival_numbers(kept, request=request) if numbers is None else numbers
    before = None if previous is None else _previous_curve(previous, request)
    return Figure(
        rows=rows,
        spec=_drawing(request, _data(curve, counts, numbers, before), previous=previous),
        table=_twin(curve, counts),
        caption=_caption(rows, kept, request),
        method=_method(request),
        footer=request.footer(reader),
        alt=_alt(numbers, request),
    )


def longest_shown(kept: pd.DataFrame, request: SurvivalRequest) -> float:
    """How far the axis goes, in months: to the data, for overall survival no further than the study says."""
    longest = float(kept["months"].max())
    shown = request.endpoint.shown_months
    return longest if shown is None else min(longest, float(shown))


def curve_data(
    kept: pd.DataFrame, numbers: list[GroupNumbers], *, request: SurvivalRequest
) -> KaplanMeierData:
    """What a Kaplan-Meier drawing takes of patients who are followed: curve, counts, shown medians."""
    table = table_of(kept)
    curve = derive_dimmed(estimate_survival(table), guards=request.guards)
    return _data(curve, count_at(table, times=axis_ticks(longest_shown(kept, request))), numbers, None)


def drawn_and_numbers(data: KaplanMeierData, measures: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """One row per point of the curves, per count under the axis, and per number of a group; for the file.

    `row` says which; `months` is the time of each. `measures` are those of `GroupNumbers`.
    """
    numbers = pd.DataFrame(list(measures), columns=NUMBER_COLUMNS)
    numbers = numbers.rename(columns={"month": "months"}).astype({"months": "float64", "n": "Int64"})
    points = _twin(data.curve, data.counts)
    return pd.concat([points, numbers.assign(row="number of the group")], ignore_index=True)


def _data(
    curve: pd.DataFrame, counts: pd.DataFrame, numbers: list[GroupNumbers], before: pd.DataFrame | None
) -> KaplanMeierData:
    drawn = counts if counts["n_not_entered"].any() else counts.drop(columns="n_not_entered")
    names = set(curve["group"].astype(str))
    medians = {
        one.group: one.median
        for one in numbers
        if one.group in names and one.is_median_shown and one.median is not None
    }
    return KaplanMeierData(curve=curve, counts=drawn, medians=medians, previous=before)


def _drawing(
    request: SurvivalRequest, data: KaplanMeierData, *, previous: Reader | None
) -> dict[str, object]:
    endpoint = request.endpoint
    horizon = endpoint.horizon_months
    spec = kaplan_meier_chart(
        data,
        options=KaplanMeierOptions(
            x_title=x_title(endpoint),
            y_title=f"{endpoint.label}, %",
            theme=request.theme,
            has_band=request.has_band,
            has_censor_marks=request.has_censor_marks,
            horizon=None if horizon is None else float(horizon),
            horizon_label=f"protocol horizon {horizon} months",
            previous_label=_cut_words(previous),
        ),
    )
    return {**spec, "title": note_on_drawing(request)}


def _cut_words(previous: Reader | None) -> str:
    return "" if previous is None else f"data cut of {format_date(previous.snapshot.cut_off)}"


def note_on_drawing(request: SurvivalRequest, *, before: Sequence[str] = ()) -> dict[str, object]:
    """What is dimmed and what withheld, above the drawing, so that it travels with the picture."""
    lines = [*before, dimming_words(request.guards.dim_share_percent, _limits(request))]
    if not request.endpoint.competing:
        lines += withheld_words(request.guards, has_ratio=request.group is not None)
    return {
        "text": lines,
        "anchor": "end",
        "fontSize": 11,
        "fontWeight": "normal",
        "color": theme_of(request.theme).secondary,
        "offset": 4,
    }


def _limits(request: SurvivalRequest) -> tuple[int, int]:
    return request.guards.dim_at_risk_min, request.guards.dim_at_risk_max


def _previous_curve(reader: Reader, request: SurvivalRequest) -> pd.DataFrame | None:
    kept = followed(survival_rows(reader, request), group=request.group)
    return None if kept.empty else estimate_survival(table_of(kept))[["group", "time", "survival"]]


def _twin(curve: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Points of the curves, then the counts under the axis; percentages of the group."""
    points = curve.assign(
        row="curve: at this time",
        **{column: 100 * curve[column] for column in ("survival", "lower", "upper")},
    )
    under = counts.assign(row="under the axis: before this time")
    both = pd.concat([points.astype({"group": str}), under.astype({"group": str})], ignore_index=True)
    named = both.reindex(columns=["row", *CURVE_COLUMNS]).rename(columns=CURVE_COLUMNS)
    whole = {"at_risk": "Int64", "events": "Int64", "censored": "Int64", "not_yet_entered": "Int64"}
    return named.astype(whole)


def _caption(rows: pd.DataFrame, kept: pd.DataFrame, request: SurvivalRequest) -> str:
    excluded = rows.loc[rows["status"] == "NOT_AT_RISK", "rule"].value_counts().to_dict()
    delayed = int((kept["entry_days"] > 0).sum())
    said = [
        flow_words(
            (len(rows), len(kept), int(kept["is_event"].sum())),
            {str(rule): int(n) for rule, n in excluded.items()},
            unit=request.unit,
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
        label=request.endpoint.label,
        entry=entry,
        median_min_events=request.guards.median_min_events,
        group=group if request.group else "",
    ).strip()


def _alt(numbers: list[GroupNumbers], request: SurvivalRequest) -> str:
    said = "; ".join(f"{one.group}: {one.n_event} events in {one.n}" for one in numbers)
    return f"{request.endpoint.label}. {said}. Every number is in the table."
