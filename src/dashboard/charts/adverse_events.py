"""Most frequent adverse events by worst grade: all causes to the left, related ones to the right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts.theme import FONT, Theme, ThemeName, bar_axis, theme_of
from dashboard.tables.shares import per_cent

ROW_PX = 27
BAR_PX = 17
LABEL_PX = 260
ALL_CAUSES, RELATED = "All causes", "Related"
UNGRADED = "Grade missing"
LEGEND = "Worst grade"
GRADES = (1, 2, 3, 4, 5)
# From the palest for grade 1 to the darkest; in the dark the other way round, so that worse stands out more.
SHADES: Mapping[str, tuple[str, ...]] = {
    "light": ("#D3E0EF", "#9DBBDD", "#5B8DC4", "#2A5D9C", "#12305C"),
    "dark": ("#24405C", "#33638F", "#4C8CC4", "#8DBDE8", "#E1EEFB"),
}


@dataclass(frozen=True, kw_only=True)
class AdverseEventOptions:
    """Theme, and how many patients make the whole; `is_share` draws per cent, else patients."""

    n_treated: int
    theme: ThemeName = "light"
    is_share: bool = True


def adverse_event_chart(counts: pd.DataFrame, *, options: AdverseEventOptions) -> dict[str, Any]:
    """Vega-Lite specification of the terms of `safety_counts.term_counts`, in their order.

    The worst grade lies next to the middle, so that its length is read from one line. Numbers at the ends
    are all patients with the event on that side.
    """
    drawn = [row for record in counts.to_dict("records") for row in _bars(record, options=options)]
    terms = [_capital(str(label)) for label in counts["label"]]
    widest = max((abs(row["to"]) for row in drawn), default=1.0)
    own: dict[str, Any] = {"terms": terms, "domain": [-1.2 * widest, 1.2 * widest], "title": _title(options)}
    frame = _frame(options.theme)
    # A layer left to the data of the whole gets an empty set of its own and with it a row named undefined.
    layers = [
        {**layer, "encoding": _with_own(layer["encoding"], **own), "data": {"values": drawn}}
        for layer in frame["layer"]
    ]
    return {**frame, "layer": layers, "height": ROW_PX * len(terms)}


@lru_cache(maxsize=4)
def _frame(theme_name: ThemeName) -> dict[str, Any]:
    """The drawing without what belongs to one cohort: made once per theme, and never changed."""
    theme = theme_of(theme_name)
    scale = alt.Scale(domain=[-1, 1], nice=False)
    x, y = _x(scale=scale), _y()
    bars = (
        alt.Chart()
        .mark_bar(height=BAR_PX, strokeWidth=0.8)
        .encode(x=x, x2="to:Q", y=y, fill=_fill(theme), stroke=_edge(theme), tooltip=_tooltip())
    )
    ends = alt.Chart().transform_filter("datum.is_last").mark_text(color=theme.text, fontSize=12)
    labels = [
        ends.transform_filter(f"datum.side == '{side}'")
        .mark_text(align=align, dx=dx, color=theme.text, fontSize=12)
        .encode(x=alt.X("to:Q", scale=scale), y=y, text="total:N")
        for side, align, dx in ((ALL_CAUSES, "right", -5), (RELATED, "left", 5))
    ]
    middle = alt.Chart().mark_rule(color=theme.text, strokeWidth=1).encode(x=alt.datum(0))
    chart = alt.LayerChart(layer=[bars, middle, *labels], height=0, width="container")
    spec: dict[str, Any] = _themed(chart, theme).to_dict(validate=False)
    autosize = {"type": "fit-x", "contains": "padding"}
    return {key: part for key, part in spec.items() if key != "data"} | {"autosize": autosize}


def _with_own(
    encoding: dict[str, Any], *, terms: list[str], domain: list[float], title: str
) -> dict[str, Any]:
    """The channels of a layer with the terms, the width and the title of one cohort."""
    x, y = encoding["x"], encoding.get("y")
    if "scale" in x:
        x = {**x, "scale": {**x["scale"], "domain": domain}}
    if "title" in x:
        x = {**x, "title": title}
    return {**encoding, "x": x, **({"y": {**y, "sort": terms}} if y else {})}


def _bars(record: Mapping[Any, Any], *, options: AdverseEventOptions) -> Iterator[dict[str, Any]]:
    """One row per side and worst grade with the ends of its bar; empty bars are left out."""
    whole = 100 / options.n_treated if options.is_share and options.n_treated else 1.0
    for side, sign, total in ((ALL_CAUSES, -1, "n_any"), (RELATED, 1, "n_related")):
        parts = [(grade, n) for grade, n in _parts(record, side=side) if n]
        reached = 0.0
        for place, (grade, n) in enumerate(parts, start=1):
            start, reached = reached, reached + n * whole
            yield {
                "term": _capital(str(record["label"])),
                "side": side,
                "grade": grade,
                "n": n,
                "from": round(sign * start, 6) or 0.0,
                "to": round(sign * reached, 6),
                "is_last": place == len(parts),
                "total": _total(int(record[total]), options=options),
            }


def _parts(record: Mapping[Any, Any], *, side: str) -> list[tuple[str, int]]:
    """Patients by worst grade from the middle outwards; what CTCAE does not grade stands with the missing."""
    related = side == RELATED
    name = "n_related_grade_{}" if related else "n_grade_{}"
    graded = [(f"Grade {grade}", int(record[name.format(grade)])) for grade in reversed(GRADES)]
    total = int(record["n_related" if related else "n_any"])
    return [*graded, (UNGRADED, total - sum(n for _, n in graded))]


def _total(n: int, *, options: AdverseEventOptions) -> str:
    if not options.is_share:
        return str(n)
    percent = 100 * n / options.n_treated
    return "< 1 %" if percent < 1 else f"{per_cent(percent / 100)} %"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _title(options: AdverseEventOptions) -> str:
    unit = f"per cent of {options.n_treated} patients" if options.is_share else "patients"
    return f"◀ all causes   ·   {unit}   ·   related ▶"


def _x(*, scale: alt.Scale) -> alt.X:
    return alt.X(
        "from:Q",
        scale=scale,
        title="",
        axis=alt.Axis(labelExpr="abs(datum.value)", tickCount=9, tickMinStep=1, grid=True, domain=False),
    )


def _y() -> alt.Y:
    axis = alt.Axis(labelLimit=LABEL_PX, ticks=False, domain=False, grid=False, labelPadding=8)
    return alt.Y("term:N", sort=[], title=None, axis=axis)


def _fill(theme: Theme) -> alt.Fill:
    """The worse the deeper, also without colour; what has no grade is hollow."""
    return alt.Fill(
        "grade:N", title=LEGEND, scale=_scale([*SHADES[theme.name], theme.page]), legend=_legend()
    )


def _edge(theme: Theme) -> alt.Stroke:
    edges = [theme.page] * len(GRADES)
    return alt.Stroke("grade:N", title=LEGEND, scale=_scale([*edges, theme.secondary]), legend=_legend())


def _scale(colours: list[str]) -> alt.Scale:
    return alt.Scale(domain=[*(f"Grade {grade}" for grade in GRADES), UNGRADED], range=colours)


def _legend() -> alt.Legend:
    return alt.Legend(orient="top", direction="horizontal", symbolType="square", columns=4)


def _tooltip() -> list[alt.Tooltip]:
    shown = {"term": "Adverse event", "side": "Counted", "grade": "Worst grade"}
    return [
        *[alt.Tooltip(f"{name}:N", title=title) for name, title in shown.items()],
        alt.Tooltip("n:Q", title="Patients"),
    ]


def _themed(chart: alt.LayerChart, theme: Theme) -> alt.LayerChart:
    return (
        chart.configure(background=theme.page, font=FONT)
        .configure_view(stroke=None)
        .configure_axis(**bar_axis(theme))
        .configure_legend(labelColor=theme.text, titleColor=theme.secondary, titleFontWeight="normal")
    )
