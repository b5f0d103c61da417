"""Where the words of a timeline stand, in pixels, from its specification and the widths of our own font."""

import math
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from PIL import ImageFont

from dashboard.charts.timeline_frame import LEFT_PX, RIGHT_PX
from dashboard.report.figure_files import FONTS

BOLD = frozenset({"bold", 600, 700})
# Height of capitals over and under the middle of a line, as shares of the type size.
OVER, UNDER = 0.42, 0.35


class Word(NamedTuple):
    """A text with its box; x counts from the left edge of the picture."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


@cache
def _font(is_bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"DashboardSans-{'Bold' if is_bold else 'Regular'}.ttf"), 100)


@cache
def _width(text: str, is_bold: bool) -> float:
    return _font(is_bold).getlength(text) / 100


def words_of(spec: dict[str, Any]) -> list[Word]:
    """Every word drawn once, halo and type together, the words of ticks too, on a plot of the nominal width.

    Vega fits the plot to what stands beside it; places in time then move with it, by a few per cent.
    """
    plot = spec["width"] - LEFT_PX - RIGHT_PX
    drawn = {one._replace(left=one.left + LEFT_PX, right=one.right + LEFT_PX) for one in _drawn(spec, plot)}
    return sorted(drawn)


def clashes(spec: dict[str, Any], *, wide_px: float = 2, high_px: float = 2.5) -> list[tuple[str, str]]:
    """Pairs of different words that lie on each other by more than so many pixels."""
    words = sorted(words_of(spec), key=lambda word: word.top)
    found = []
    for place, one in enumerate(words):
        for other in words[place + 1 :]:
            if other.top > one.bottom - high_px:
                break
            across = min(one.right, other.right) - max(one.left, other.left)
            if across > wide_px and one.text != other.text:
                found.append((one.text, other.text))
    return found


def outside(spec: dict[str, Any]) -> list[str]:
    """Words that leave the picture at the left or the right."""
    return [one.text for one in words_of(spec) if one.left < -1 or one.right > spec["width"] + 1]


def _drawn(spec: dict[str, Any], plot: float) -> Iterator[Word]:
    for layer in spec["layer"]:
        if "layer" in layer:
            yield from _drawn(layer, plot)
            continue
        if layer["mark"]["type"] == "text":
            yield from _texts(layer, plot)
        axis = layer["encoding"].get("y", {}).get("axis")
        if axis:
            yield from _ticks(layer["encoding"]["y"], axis)


def _texts(layer: dict[str, Any], plot: float) -> Iterator[Word]:
    mark, encoding = layer["mark"], layer["encoding"]
    for row in layer["data"]["values"]:
        text = str(row.get("text", mark.get("text", ""))).strip()
        if not text:
            continue
        x = _place(encoding["x"], row, plot) + mark.get("dx", 0)
        y = (row["y"] if "y" in row else encoding["y"]["value"]) + mark.get("dy", 0)
        yield _word(text, x, y, size=mark["fontSize"], align=mark.get("align", "center"), mark=mark)


def _place(channel: dict[str, Any], row: dict[str, Any], plot: float) -> float:
    if "value" in channel:
        return plot if channel["value"] == "width" else float(channel["value"])
    first, last = channel["scale"]["domain"]
    return (row[channel["field"]] - first) / (last - first) * plot


def _ticks(channel: dict[str, Any], axis: dict[str, Any]) -> Iterator[Word]:
    """Words of a value axis, right-aligned beside the plot."""
    scale = channel["scale"]
    change = math.log if scale["type"] == "log" else float
    low, high = (change(end) for end in scale["domain"])
    bottom, top = scale["range"]
    for tick in axis["values"]:
        y = bottom + (change(tick) - low) / (high - low) * (top - bottom)
        text = f"{tick:.6f}".rstrip("0").rstrip(".")
        yield _word(text, -axis["labelPadding"], y, size=axis["labelFontSize"], align="right", mark={})


def _word(text: str, x: float, y: float, *, size: float, align: str, mark: dict[str, Any]) -> Word:
    width = _width(text, mark.get("fontWeight") in BOLD) * size
    left = x - {"left": 0.0, "center": width / 2, "right": width}[align]
    return Word(text, round(left, 1), round(left + width, 1), y - OVER * size, y + UNDER * size)
