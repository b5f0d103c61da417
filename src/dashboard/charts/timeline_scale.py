"""Scales of the panels that have one: values to pixels, the same as Vega will do it, with stated ticks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from dashboard.charts.theme import FONT, Theme

STEPS = (1, 3)
# A linear scale leaves this much room over the highest value, for its number.
LINEAR_ROOM = 1.12
TICK_GAP_PX = 13
# Between the axis and the words of its ticks, and the size of those words.
TICK_PADDING_PX = 5
TICK_TEXT_PX = 11
DECADES = range(-5, 8)


@dataclass(frozen=True)
class ValueScale:
    """A vertical scale. A log scale takes values above 0 only; not detected has its own lane."""

    kind: Literal["log", "linear"]
    low: float
    high: float
    top_px: float
    bottom_px: float
    ticks: tuple[float, ...]

    def px(self, value: float) -> float:
        """Pixel of a value; ValueError for 0 or less on a log scale."""
        if self.kind == "log":
            if value <= 0:
                raise ValueError(f"a log scale has no place for {value}; it takes values above 0")
            share = (math.log(value) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
        else:
            share = (value - self.low) / (self.high - self.low)
        return round(self.bottom_px - share * (self.bottom_px - self.top_px), 2)

    def with_ticks(self, values: Sequence[float]) -> "ValueScale":
        """The same scale with further ticks where they do not touch those there are."""
        ticks = list(self.ticks)
        for value in values:
            if all(abs(self.px(value) - self.px(tick)) >= TICK_GAP_PX for tick in ticks):
                ticks.append(float(f"{value:.6g}"))
        return replace(self, ticks=tuple(sorted(ticks)))

    def channel(self, *, theme: Theme) -> dict[str, Any]:
        """The y channel of the field `value` on this scale, with its axis at the left."""
        return {
            "field": "value",
            "type": "quantitative",
            "scale": {
                "type": self.kind,
                "domain": [self.low, self.high],
                "range": [self.bottom_px, self.top_px],
                "nice": False,
                **({} if self.kind == "log" else {"zero": False}),
            },
            "axis": value_axis(self.ticks, theme=theme),
            "title": None,
        }


def value_axis(ticks: Sequence[float], *, theme: Theme) -> dict[str, Any]:
    """An axis at the left with exactly these ticks, written as they are."""
    words = " : ".join(f"datum.value == {tick!r} ? '{tick_words(tick)}'" for tick in ticks)
    return {
        "orient": "left",
        "values": list(ticks),
        "labelExpr": f"{words} : ''" if ticks else "''",
        "labelFont": FONT,
        "labelFontSize": TICK_TEXT_PX,
        "labelColor": theme.secondary,
        "labelOverlap": False,
        "labelBound": False,
        "labelPadding": TICK_PADDING_PX,
        "domain": False,
        "ticks": False,
        "grid": False,
        "title": None,
    }


def tick_words(value: float) -> str:
    """A tick as it is written at the axis."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def log_scale(values: Sequence[float], *, top_px: float, bottom_px: float, room: float = 1.6) -> ValueScale:
    """Log scale round the values, ticks 1-3-10 where there is room, else the decades."""
    low, high = min(values) / room, max(values) * room
    if high < low * 20:
        middle = math.sqrt(low * high)
        low, high = middle / math.sqrt(20), middle * math.sqrt(20)
    steps = STEPS if (bottom_px - top_px) / math.log10(high / low) >= 44 else (1,)
    ticks = [step * 10.0**decade for decade in DECADES for step in steps]
    inside = tuple(float(f"{tick:.6g}") for tick in ticks if low <= tick <= high)
    return ValueScale("log", low, high, top_px, bottom_px, inside)


def linear_scale(values: Sequence[float], *, top_px: float, bottom_px: float, n_ticks: int = 4) -> ValueScale:
    """Linear scale from 0 to a round number above the values."""
    most = max([*values, 0.0]) * LINEAR_ROOM or 1.0
    raw = most / n_ticks
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(size * magnitude for size in (1, 2, 2.5, 4, 5, 10) if size * magnitude >= raw)
    ticks = tuple(float(f"{step * number:.6g}") for number in range(math.ceil(most / step) + 1))
    return ValueScale("linear", 0.0, ticks[-1], top_px, bottom_px, ticks)
