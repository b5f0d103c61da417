"""The counts under a Kaplan-Meier figure, in line with the ticks of its time axis."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import pandas as pd

from dashboard.charts.theme import Theme

Mark = dict[str, Any]
NO_KEYS: Mapping[str, str] = {}
HEIGHT = 300
LEFT_MARGIN = 110
# From the axis down: tick labels, title, then the rows.
ROWS_BELOW_AXIS = 58
ROW_HEIGHT = 15
NAME_HEIGHT = 19
BLOCK_GAP = 6
# Groups are told apart without colour by the dash of their curve: one for each of the seven colours.
DASHES: tuple[list[int], ...] = (
    [1, 0],
    [9, 4],
    [9, 3, 2, 3],
    [3, 2],
    [16, 4],
    [9, 3, 2, 3, 2, 3],
    [2, 5],
)
SAMPLE_PX = 22
KEY_ROOM_PX = 20
ROW_WORDS = {
    "at_risk": "at risk",
    "n_not_entered": "not yet entered",
    "n_moved_in": "moved in",
    "n_moved_out": "moved out",
    "n_censored": "censored",
    "n_event": "events",
}


def layer(marks: list[Mark], mark: dict[str, Any], **encoding: Any) -> dict[str, Any]:
    """One layer with its own values."""
    return {"data": {"values": marks}, "mark": mark, "encoding": encoding}


def rows_below(
    counts: pd.DataFrame,
    *,
    theme: Theme,
    keys: Mapping[str, str] = NO_KEYS,
    uncounted: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Layers under the axis, per group: its name, then one row of numbers per count that is in the frame.

    `keys` are the letters that stand on the curves, shown before the names. `uncounted` are curves that have
    no counts of their own: their names stand above the groups, which then are no curves.
    """
    kinds = [name for name in ROW_WORDS if name in counts]
    layers: list[dict[str, Any]] = []
    depth = HEIGHT + ROWS_BELOW_AXIS
    for place, name in enumerate(uncounted):
        layers += _name_row(name, place, theme=theme, keys=keys, depth=depth)
        depth += NAME_HEIGHT
    for place, (name, rows) in enumerate(_by_group(counts, kinds).items()):
        layers += _name_row(name, None if uncounted else place, theme=theme, keys=keys, depth=depth)
        depth += NAME_HEIGHT
        for kind in kinds:
            strong = kind == "at_risk"
            shade = theme.text if strong else theme.secondary
            at = {"y": {"value": depth}}
            numbers = [{"time": row["time"], "text": str(row[kind])} for row in rows]
            layers += [
                _text([{"text": ROW_WORDS[kind]}], shade, bold=strong, align="right", x={"value": -24}, **at),
                _text(numbers, shade, bold=strong, align="center", **at),
            ]
            depth += ROW_HEIGHT
        depth += BLOCK_GAP
    return layers


def _name_row(
    name: str, place: int | None, *, theme: Theme, keys: Mapping[str, str], depth: float
) -> list[dict[str, Any]]:
    """A name, and before it a piece of the curve at this place with its letter; `place` None: no curve."""
    at = {"y": {"value": depth}}
    left = -LEFT_MARGIN
    layers: list[dict[str, Any]] = []
    if place is not None:
        layers.append(_sample(place, theme, y=at["y"]))
        left += SAMPLE_PX + 7
    if place is not None and name in keys:
        colour = {"value": theme.groups[place % len(theme.groups)]}
        key = [{"curve_letter": keys[name]}]
        layers += key_layers(key, theme=theme, color=colour, x={"value": left + 7}, **at)
        left += KEY_ROOM_PX
    return [*layers, _text([{"text": name}], theme.text, bold=True, align="left", x={"value": left}, **at)]


def key_layers(marks: list[Mark], *, theme: Theme, color: dict[str, Any], **at: Any) -> list[dict[str, Any]]:
    """The `curve_letter` of each mark in a ring of the colour of its curve."""
    ring = {"type": "point", "shape": "circle", "filled": False, "fill": theme.page, "opacity": 1}
    letter = {"type": "text", "baseline": "middle", "fontSize": 11, "fontWeight": 700, "color": theme.text}
    return [
        layer(marks, {**ring, "size": 215, "strokeWidth": 2}, stroke=color, **at),
        layer(marks, {**letter, "dy": 0.5}, text={"field": "curve_letter"}, **at),
    ]


def _sample(place: int, theme: Theme, *, y: dict[str, Any]) -> dict[str, Any]:
    """A piece of the group's curve before its name: colour and dash."""
    mark = {
        "type": "rule",
        "color": theme.groups[place % len(theme.groups)],
        "strokeDash": DASHES[place % len(DASHES)],
        "strokeWidth": 2.6,
    }
    ends = {"x": {"value": -LEFT_MARGIN}, "x2": {"value": SAMPLE_PX - LEFT_MARGIN}}
    return layer([{}], mark, **ends, y=y)


def _text(marks: list[Mark], colour: str, *, bold: bool, align: str, **encoding: Any) -> dict[str, Any]:
    mark = {
        "type": "text",
        "align": align,
        "baseline": "middle",
        "color": colour,
        "fontSize": 11.5,
        "fontWeight": 600 if bold else 400,
    }
    return layer(marks, mark, text={"field": "text"}, **encoding)


def _by_group(counts: pd.DataFrame, columns: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Per group, in their order: time and the counts of `columns`, as plain values."""
    return {
        str(name): [
            {"time": float(row["time"]), **{column: int(row[column]) for column in columns}} for row in rows
        ]
        for name, rows in groupby(counts[["group", "time", *columns]].to_dict("records"), itemgetter("group"))
    }
