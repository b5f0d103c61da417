"""Placing of labels: never over each other or a mark; what finds no place is left out."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_frame import Canvas, Layer

Align = Literal["left", "center", "right"]
# Widths of characters in Source Sans by groups of like width, in units of the type size; a little generous.
WIDTHS = (
    ("ijlI.,:;'|!’", 0.27),
    (" ", 0.21),
    ("0123456789", 0.505),
    ("frt()[]-–/·*", 0.36),
    ("sczJLEFTSPZ", 0.53),
    ("wGOQDNHU+−<>≤≥=→×CVXAKRYB&", 0.66),
    ("mMW%@", 0.85),
)
OTHER_WIDTH = 0.56
WIDTH_OF = {character: width for characters, width in WIDTHS for character in characters}
BOLD = 1.05


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether the two overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True)
class Spot:
    """A place to try, relative to the point that is labelled."""

    dx: float
    dy: float
    align: Align


CENTRE = Spot(0, 0, "center")
ABOVE = Spot(0, -13, "center")
BELOW = Spot(0, 13, "center")
RIGHT = Spot(9, 0, "left")
LEFT = Spot(-9, 0, "right")
RIGHT_UP = Spot(9, -9, "left")
RIGHT_DOWN = Spot(9, 9, "left")
LEFT_UP = Spot(-9, -9, "right")
LEFT_DOWN = Spot(-9, 9, "right")
AROUND = (RIGHT, LEFT, ABOVE, BELOW, RIGHT_UP, LEFT_UP, RIGHT_DOWN, LEFT_DOWN)


@dataclass(frozen=True, kw_only=True)
class Label:
    """A text for a point, with a shorter one for want of room.

    Rank 0 is placed first; a label that must stand takes its first spot at worst.
    """

    text: str
    px: float
    py: float
    colour: str
    rank: int = 1
    size: float = 11.5
    is_bold: bool = True
    must_stand: bool = False
    spots: Sequence[Spot] = AROUND
    short: str = ""


def small(
    text: str, *, at: tuple[float, float], colour: str, spots: Sequence[Spot] = (CENTRE,), rank: int = 1
) -> Label:
    """Small print for the point `at` (x and y in pixels)."""
    return Label(text=text, px=at[0], py=at[1], colour=colour, rank=rank, size=11, is_bold=False, spots=spots)


@dataclass(frozen=True)
class Placed:
    """A label where it will stand."""

    label: Label
    spot: Spot
    box: Box


def text_box(label: Label, spot: Spot) -> Box:
    """Room a label takes at one spot."""
    width = text_px(label.text, size=label.size, is_bold=label.is_bold) + 3
    x = label.px + spot.dx
    left = x if spot.align == "left" else x - width if spot.align == "right" else x - width / 2
    y = label.py + spot.dy
    return Box(left, left + width, y - label.size * 0.6, y + label.size * 0.6)


def text_px(text: str, *, size: float, is_bold: bool = False) -> float:
    """Width of words in pixels, a little generous."""
    width = sum(WIDTH_OF.get(character, OTHER_WIDTH) for character in text)
    return width * size * (BOLD if is_bold else 1)


def name_px(text: str, *, size: float = 11) -> float:
    """Width of small print in pixels, a little generous, with a margin at each side."""
    return text_px(text, size=size) + 8


def mark_box(px: float, py: float, *, radius: float) -> Box:
    """Room a mark takes."""
    return Box(px - radius, px + radius, py - radius, py + radius)


def place(
    labels: Iterable[Label],
    *,
    around: Iterable[Box],
    within: Box,
    least_px: float = 0,
    lines: Sequence[Box] = (),
) -> list[Placed]:
    """Labels that found room inside `within`, by rank, then in the order given; no type under `least_px`.

    `around` is never touched; `lines` are kept off only where another spot allows it.
    """
    taken = list(around)
    placed: list[Placed] = []
    for one in sorted(labels, key=lambda one: one.rank):
        # A larger type stands that much farther above or below and needs that much more room than the panel
        # has; a spot beside its point stays beside it.
        more = 0.6 * max(0, least_px - one.size)
        spots = [
            replace(spot, dy=spot.dy + math.copysign(more, spot.dy) * (abs(spot.dy) > 1))
            for spot in one.spots
        ]
        label = replace(one, size=max(one.size, least_px), spots=spots)
        room = replace(within, top=within.top - more, bottom=within.bottom + more)
        found = (
            _first_free(label, taken=[*taken, *lines], within=room)
            or _first_free(label, taken=taken, within=room)
            or _at_worst(label)
        )
        if found is not None:
            placed.append(found)
            taken.append(found.box)
    return placed


def _first_free(label: Label, *, taken: Sequence[Box], within: Box) -> Placed | None:
    for text in filter(None, (label.text, label.short)):
        one = replace(label, text=text)
        for spot in label.spots:
            box = text_box(one, spot)
            is_inside = (
                within.left <= box.left
                and box.right <= within.right
                and within.top <= box.top
                and box.bottom <= within.bottom
            )
            if is_inside and not any(box.meets(other) for other in taken):
                return Placed(one, spot, box)
    return None


def _at_worst(label: Label) -> Placed | None:
    if not (label.must_stand and label.spots):
        return None
    one = replace(label, text=label.short or label.text)
    return Placed(one, label.spots[0], text_box(one, label.spots[0]))


def draw(canvas: Canvas, placed: Sequence[Placed]) -> list[Layer]:
    """The labels with a halo in the page colour."""
    layers: list[Layer] = []
    styles = sorted({(one.label.size, one.label.is_bold, one.spot.align) for one in placed})
    for size, is_bold, align in styles:
        rows = [
            {
                "x": canvas.axis.x_at(one.label.px + one.spot.dx),
                "y": round(one.label.py + one.spot.dy, 1),
                "text": one.label.text,
                "colour": one.label.colour,
            }
            for one in placed
            if (one.label.size, one.label.is_bold, one.spot.align) == (size, is_bold, align)
        ]
        weight = 700 if is_bold else 400
        layers += marks.texts(canvas, rows, size=size, halo=True, align=align, fontWeight=weight)
    return layers
