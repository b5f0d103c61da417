"""Small layers the panels are made of, as parts of a Vega-Lite specification.

Rows carry `x` (and `x2`) from the axis and `y` (and `y2`) in pixels. Where a panel has a scale of its own
(ctDNA level, target sum, marker) its points carry the value and share that scale; everything else is placed
by pixel, so bands and hairlines run through all panels. Plain dictionaries: Altair's objects take a second
for a picture this rich, these a hundredth of it; a test checks the whole against Altair's schema.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboard.charts.theme import FONT
from dashboard.charts.timeline_frame import Canvas, Layer, Row
from dashboard.charts.timeline_ticks import time_axis
from dashboard.tables.formats import NOTHING
from dashboard.tables.patient_timeline import COLUMNS

LEFT = 116
TOOLTIPS = {**COLUMNS, "what": "What"}


def x_channel(canvas: Canvas) -> dict[str, Any]:
    """The shared time axis; the same on every layer, because a layer without it would take it away."""
    axis = canvas.axis
    # A linear scale of milliseconds or days, not a temporal one: the reader's time zone must not move a date.
    scale = {"type": "linear", "domain": [axis.x(axis.start), axis.x(axis.end)], "nice": False, "zero": False}
    return {"field": "x", "type": "quantitative", "scale": scale, "axis": time_axis(canvas), "title": None}


Y_PIXEL: dict[str, Any] = {"field": "y", "type": "quantitative", "scale": None, "axis": None}


def own(channel: str) -> dict[str, Any]:
    """A colour, shape or size that stands in the row as it is."""
    return {"field": channel, "type": "quantitative" if channel == "size" else "nominal", "scale": None}


def layer(rows: Iterable[Row], *, mark: Mapping[str, Any], encoding: Mapping[str, Any]) -> Layer:
    """One layer with its rows inside."""
    return {"data": {"values": [dict(row) for row in rows]}, "mark": dict(mark), "encoding": dict(encoding)}


def tooltip(rows: Sequence[Row]) -> dict[str, Any]:
    """Tooltip of the words that any of these rows has; nothing for rows without words.

    A word that a row lacks is filled with a dash: Vega would write "undefined".
    """
    if "what" not in rows[0]:
        return {}
    names = [name for name in TOOLTIPS if any(name in row for row in rows)]
    for row in rows:
        row.update({name: NOTHING for name in names if name not in row})
    return {"tooltip": [{"field": name, "type": "nominal", "title": TOOLTIPS[name]} for name in names]}


def rules(
    canvas: Canvas, rows: Sequence[Row], *, dash: Sequence[float] = (), width: float = 1
) -> list[Layer]:
    """Straight lines from (x, y) to (x2, y2); `colour` per row."""
    if not rows:
        return []
    mark = {"type": "rule", "strokeWidth": width, "strokeDash": list(dash), "strokeCap": "butt"}
    encoding = {"x": x_channel(canvas), "x2": {"field": "x2"}, "y": Y_PIXEL, "y2": {"field": "y2"}}
    return [layer(rows, mark=mark, encoding={**encoding, "color": own("colour")})]


def rectangles(canvas: Canvas, rows: Sequence[Row], **mark: Any) -> list[Layer]:
    """Rectangles from (x, y) to (x2, y2); `fill` per row, `stroke` where the rows have one."""
    if not rows:
        return []
    encoding = {"x": x_channel(canvas), "x2": {"field": "x2"}, "y": Y_PIXEL, "y2": {"field": "y2"}}
    encoding |= {"fill": own("fill"), **tooltip(rows)}
    if "stroke" in rows[0]:
        encoding["stroke"] = own("stroke")
    return [layer(rows, mark={"type": "rect", **mark}, encoding=encoding)]


def symbols(
    canvas: Canvas, rows: Sequence[Row], *, y: Mapping[str, Any] = Y_PIXEL, **mark: Any
) -> list[Layer]:
    """Marks at (x, y) with `shape`, `size`, `fill` and `stroke` per row; with `y` on a panel's own scale."""
    if not rows:
        return []
    look = {name: own(name) for name in ("shape", "size", "fill", "stroke")}
    style = {"type": "point", "opacity": 1, "strokeWidth": 1.4, **mark}
    encoding = {"x": x_channel(canvas), "y": dict(y), **look, **tooltip(rows)}
    return [layer(rows, mark=style, encoding=encoding)]


def texts(
    canvas: Canvas, rows: Sequence[Row], *, size: float = 11, halo: bool = False, **mark: Any
) -> list[Layer]:
    """Words at (x, y); `colour` per row; with a halo in the page colour under them."""
    if not rows:
        return []
    style = {"type": "text", "fontSize": size, "font": FONT, "baseline": "middle", "align": "center", **mark}
    place = {
        "x": x_channel(canvas),
        "y": Y_PIXEL,
        "text": {"field": "text", "type": "nominal"},
        **tooltip(rows),
    }
    page = canvas.theme.page
    rim = {**style, "stroke": page, "strokeWidth": 3.5, "strokeJoin": "round", "color": page}
    over = layer(rows, mark=style, encoding={**place, "color": own("colour")})
    return [layer(rows, mark=rim, encoding=place), over] if halo else [over]


def margin_texts(
    canvas: Canvas, rows: Sequence[Row], *, side: str = "left", size: float = 11, **mark: Any
) -> list[Layer]:
    """Words beside the plot, `dx` pixels from its left or right edge per row."""
    layers = []
    for dx in sorted({row["dx"] for row in rows}):
        style = {
            "type": "text",
            "fontSize": size,
            "font": FONT,
            "baseline": "middle",
            "align": "left",
            **mark,
        }
        is_right = side == "right"
        encoding = {
            "x": {"value": "width" if is_right else dx},
            "y": Y_PIXEL,
            "text": {"field": "text", "type": "nominal"},
            "color": own("colour"),
        }
        rows_here = [row for row in rows if row["dx"] == dx]
        layers.append(layer(rows_here, mark={**style, "dx": dx if is_right else 0}, encoding=encoding))
    return layers


def grid(canvas: Canvas, pixels: Iterable[float]) -> list[Layer]:
    """Horizontal grid lines, over the bands and under everything else."""
    axis = canvas.axis
    ends = {"x": axis.x(axis.start), "x2": axis.x(axis.end), "colour": canvas.theme.grid}
    return rules(canvas, [{**ends, "y": y, "y2": y} for y in pixels])


def note_step_px(canvas: Canvas) -> float:
    """From the name of a panel to the small print below it, and from line to line of that."""
    return max(14, 1.1 * canvas.options.least_text_px)


def panel_name(canvas: Canvas, *, name: str, notes: Sequence[str] = (), y: float) -> list[Layer]:
    """Name of a panel at the left, with its unit or source in small print below."""
    theme = canvas.theme
    step = note_step_px(canvas)
    left = round(-LEFT * canvas.axis.text_scale)
    head = [{"text": name, "y": y, "dx": left, "colour": theme.text}]
    small = [
        {"text": note, "y": y + step * number, "dx": left, "colour": theme.secondary}
        for number, note in enumerate(notes, start=1)
    ]
    return [*margin_texts(canvas, head, size=12.5, fontWeight=600), *margin_texts(canvas, small)]
