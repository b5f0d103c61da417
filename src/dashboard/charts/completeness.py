"""Heat map of completeness: items down, patients across, so that the names of items can be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts.theme import FONT, Theme, ThemeName, theme_of
from dashboard.tables.completeness_cells import STATES

ROW_PX = 21
LABEL_PX = 300
# Below so many patients their ids and a letter in each cell have room.
MOST_NAMED = 40
LETTERS = {"PARTIAL": "◐", "MISSING": "✕", "REASON": "R"}
# By what asks for action: missing stands out most, done is quiet, not expected is the page.
SHADES: Mapping[str, Mapping[str, str]] = {
    "light": {
        "DONE": "#C9D9EC",
        "PARTIAL": "#E9A23B",
        "MISSING": "#A3260F",
        "REASON": "#8C6BB1",
        "NOT_DUE": "#DFE4EA",
        "NOT_EXPECTED": "#FFFFFF",
    },
    "dark": {
        "DONE": "#2F4A68",
        "PARTIAL": "#D98E1F",
        "MISSING": "#FF8A6B",
        "REASON": "#A98BD6",
        "NOT_DUE": "#252F3B",
        "NOT_EXPECTED": "#0F141B",
    },
}


@dataclass(frozen=True, kw_only=True)
class MatrixOptions:
    """Patients from left to right, items from top to bottom; `by_site` divides the patients by site."""

    patients: tuple[str, ...]
    items: tuple[str, ...]
    by_site: bool = False
    theme: ThemeName = "light"


def completeness_chart(cells: pd.DataFrame, *, options: MatrixOptions) -> dict[str, Any]:
    """Vega-Lite specification of one row per patient and item: patient_id, site_id, label, state, counts."""
    theme = theme_of(options.theme)
    drawn = _drawn(cells, options)
    has_names = len(options.patients) <= MOST_NAMED
    x, y = _x(options, has_names=has_names), _y(options)
    squares = (
        alt.Chart()
        .mark_rect(stroke=theme.page, strokeWidth=1.0 if has_names else 0.0)
        .encode(x=x, y=y, color=_colour(options), tooltip=_tooltip())
    )
    layers = [squares]
    if has_names:
        letters = (
            alt.Chart().transform_filter("isValid(datum.letter)").mark_text(fontSize=11, color=theme.page)
        )
        layers.append(letters.encode(x=x, y=y, text="letter:N"))
    layers += _site_layers(options, theme)
    chart = alt.LayerChart(layer=layers, height=ROW_PX * len(options.items), width="container")
    spec: dict[str, Any] = _themed(chart, theme).to_dict(validate=False)
    # A layer left to the data of the whole gets an empty set of its own.
    spec["layer"] = [{**layer, "data": {"name": "cells"}} for layer in spec["layer"]]
    autosize = {"type": "fit-x", "contains": "padding"}
    kept = {key: part for key, part in spec.items() if key != "data"}
    return kept | {"datasets": {"cells": drawn}, "autosize": autosize}


def _site_layers(options: MatrixOptions, theme: Theme) -> list[alt.Chart]:
    """A line where a site begins and, where patients stand by site, the names of the sites."""
    x = alt.X("patient:N", sort=list(options.patients), bandPosition=0)
    line = (
        alt.Chart()
        .transform_filter("datum.is_site_start")
        .mark_rule(strokeWidth=1.6, color=theme.text)
        .encode(x=x)
    )
    if not options.by_site:
        return [line]
    names = (
        alt.Chart()
        .transform_filter("isValid(datum.site_name)")
        .mark_text(align="left", dx=2, fontSize=11.5, color=theme.secondary)
        .encode(x=x, y=alt.value(-8), text="site_name:N")
    )
    return [line, names]


def _drawn(cells: pd.DataFrame, options: MatrixOptions) -> list[dict[str, Any]]:
    """The cells as drawn; the first patient of each site carries its name, and but for the first the line."""
    sites = cells.drop_duplicates("patient_id").set_index("patient_id")["site_id"].to_dict()
    pairs = zip(options.patients, options.patients[1:], strict=False)
    starts = {later for earlier, later in pairs if options.by_site and sites[earlier] != sites[later]}
    first = options.items[0] if options.items else ""
    named = {*starts, *options.patients[:1]} if options.by_site else set()
    return [
        {
            "patient": row["patient_id"],
            "site": row["site_id"],
            "item": row["label"],
            "state": STATES[row["state"]],
            "letter": LETTERS.get(row["state"]),
            "records": f"{row['n_done']} of {row['n_done'] + row['n_missing'] + row['n_reason']}",
            "is_site_start": row["patient_id"] in starts and row["label"] == first,
            "site_name": f"Site {row['site_id']}"
            if row["patient_id"] in named and row["label"] == first
            else None,
        }
        for row in cells.to_dict("records")
    ]


def _x(options: MatrixOptions, *, has_names: bool) -> alt.X:
    title = "patients, most missing first" + (", divided by site" if options.by_site else "")
    axis = alt.Axis(
        labels=has_names, labelAngle=-90 if has_names else 0, ticks=False, domain=False, grid=False
    )
    scale = alt.Scale(paddingInner=0, paddingOuter=0)
    return alt.X("patient:N", sort=list(options.patients), title=title, axis=axis, scale=scale)


def _y(options: MatrixOptions) -> alt.Y:
    axis = alt.Axis(labelLimit=LABEL_PX, ticks=False, domain=False, grid=False, labelPadding=8)
    scale = alt.Scale(paddingInner=0.12, paddingOuter=0)
    return alt.Y("item:N", sort=list(options.items), title=None, axis=axis, scale=scale)


def _colour(options: MatrixOptions) -> alt.Color:
    shades = SHADES[options.theme]
    scale = alt.Scale(domain=list(STATES.values()), range=[shades[code] for code in STATES])
    edge = theme_of(options.theme).border
    legend = alt.Legend(
        orient="top", direction="horizontal", symbolType="square", symbolStrokeColor=edge, columns=len(STATES)
    )
    return alt.Color("state:N", title=None, scale=scale, legend=legend)


def _tooltip() -> list[alt.Tooltip]:
    shown = {"patient": "Patient", "site": "Site", "item": "Item", "state": "State", "records": "Done of due"}
    return [alt.Tooltip(f"{name}:N", title=title) for name, title in shown.items()]


def _themed(chart: alt.LayerChart, theme: Theme) -> alt.LayerChart:
    return (
        chart.configure(background=theme.page, font=FONT)
        .configure_view(stroke=theme.border)
        .configure_axis(
            labelColor=theme.text, titleColor=theme.secondary, labelFontSize=12, titleFontWeight="normal"
        )
        .configure_legend(labelColor=theme.text, labelFontSize=12)
    )
