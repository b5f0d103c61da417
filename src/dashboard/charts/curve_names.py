"""Where the names of step curves stand: beside their own curve, clear of every other line.

The names of more than four curves could be read for those of others: each then has a letter on itself. So
have fewer curves whose names would lie on a line, which the rim of a name hides.

Places are found in pixels of the narrowest plot a page gives, a window of 1024 pixels; on a wider one the
same name covers less time, so that what is clear there is clear everywhere. Where nothing is clear there,
they are those of the plot in a window of 1280 pixels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

Corner = tuple[float, float]

PLOT_WIDTHS_PX = (290.0, 440.0)
PLOT_HEIGHT_PX = 300.0
CHARACTER_PX = 6.0
NAME_HEIGHT_PX = 15.0
# From the curve to the name beside it, the nearest first.
GAPS_PX = (5.0, 14.0)
SIDE_GAP_PX = 4.0
# Nearer than this a name could be read as that of another curve.
CLEAR_PX = 6.0
N_PLACES = 48
MOST_NAMED = 4
KEY_PX = 18.0
ON_NAME, ON_LINE, NEAR_LINE, FAR_GAP = 1000.0, 100.0, 4.0, 2.0


@dataclass(frozen=True)
class NamePlace:
    """A name at a time and a level in per cent (the middle of its height), beginning or ending there."""

    name: str
    time: float
    level: float
    align: Literal["left", "right"]


def place_names(
    curves: Mapping[str, Sequence[Corner]],
    *,
    until: float,
    lines: Sequence[tuple[Corner, Corner]] = (),
    others: Sequence[Sequence[Corner]] = (),
    rises: bool = False,
) -> list[NamePlace]:
    """One place per curve, given by its corners (time, level in per cent); `rises` where curves go up.

    A name stands on the side its own curve turns away from, as far to the right as it crosses nothing:
    neither a curve, named or one of `others`, nor one of the straight `lines`, nor a name. Where every place
    crosses something, the one that crosses least.
    """
    found, _is_clear = _tried_places(curves, until=until, lines=lines, others=others, rises=rises)
    return found


def free_places(
    curves: Mapping[str, Sequence[Corner]],
    *,
    until: float,
    lines: Sequence[tuple[Corner, Corner]] = (),
    others: Sequence[Sequence[Corner]] = (),
) -> list[NamePlace]:
    """The places of `place_names`; none at all where one of the names would lie on a line or a name."""
    found, is_clear = _tried_places(curves, until=until, lines=lines, others=others, rises=False)
    return found if is_clear else []


def _tried_places(
    curves: Mapping[str, Sequence[Corner]],
    *,
    until: float,
    lines: Sequence[tuple[Corner, Corner]],
    others: Sequence[Sequence[Corner]],
    rises: bool,
) -> tuple[list[NamePlace], bool]:
    """The places on the narrowest plot on which all are clear, else on the widest; whether they are."""
    found: list[NamePlace] = []
    is_clear = False
    for width_px in PLOT_WIDTHS_PX:
        found, is_clear = _places(
            curves, until=until, lines=lines, others=others, rises=rises, width_px=width_px
        )
        if is_clear:
            break
    return found, is_clear


def _places(
    curves: Mapping[str, Sequence[Corner]],
    *,
    until: float,
    lines: Sequence[tuple[Corner, Corner]],
    others: Sequence[Sequence[Corner]],
    rises: bool,
    width_px: float,
) -> tuple[list[NamePlace], bool]:
    """The places in a plot of this width, and whether every name crosses nothing."""
    scale = np.array([width_px / until, PLOT_HEIGHT_PX / 100.0])
    own = {name: _boxes(list(pairwise(corners)), scale) for name, corners in curves.items()}
    fixed = [_boxes(list(pairwise(corners)), scale) for corners in others]
    fixed.append(_boxes(list(lines), scale))
    found: list[NamePlace] = []
    is_clear = True
    taken = np.empty((0, 4))
    for name in sorted(curves, key=lambda one: (curves[one][-1][1], one)):
        strange = np.vstack([*(boxes for other, boxes in own.items() if other != name), *fixed])
        corners = np.array(curves[name]) * scale
        tried = _candidates(corners, width=len(name) * CHARACTER_PX, rises=rises, width_px=width_px)
        cost = ON_NAME * _crossed(tried.boxes, taken) + ON_LINE * _crossed(tried.boxes, own[name])
        cost += _cost(tried, strange, width_px=width_px)
        best = int(np.argmin(cost))
        is_clear = is_clear and bool(cost[best] < ON_LINE and _is_inside(tried.boxes, width_px)[best])
        box = tried.boxes[best]
        taken = np.vstack([taken, box])
        align: Literal["left", "right"] = "left" if tried.is_left[best] else "right"
        edge = box[0] if align == "left" else box[1]
        found.append(NamePlace(name, float(edge / scale[0]), float((box[2] + box[3]) / 2 / scale[1]), align))
    return found, is_clear


@dataclass(frozen=True)
class KeyPlace:
    """A letter on the curve of this name: its middle at a time and a level in per cent."""

    name: str
    key: str
    time: float
    level: float


def keys_of(names: Sequence[str]) -> dict[str, str]:
    """A letter for each name, in order."""
    return {name: chr(ord("A") + place) for place, name in enumerate(names)}


def place_keys(
    curves: Mapping[str, Sequence[Corner]], *, keys: Mapping[str, str], until: float
) -> list[KeyPlace]:
    """One place per curve, on the curve: the level stretch farthest from every other curve and letter.

    Of places equally clear the one nearest to the end of the curve. Found on the narrowest plot.
    """
    scale = np.array([PLOT_WIDTHS_PX[0] / until, PLOT_HEIGHT_PX / 100.0])
    own = {name: _boxes(list(pairwise(corners)), scale) for name, corners in curves.items()}
    # The numbers of the time axis stand below it.
    taken = np.array([[0.0, PLOT_WIDTHS_PX[0], 0.0, 0.0]])
    found: list[KeyPlace] = []
    # The curves with the fewest places first.
    for name in sorted(curves, key=lambda one: (curves[one][-1][0], one)):
        corners = np.array(curves[name]) * scale
        middles = _on_curve(corners)
        strange = np.vstack([*(boxes for other, boxes in own.items() if other != name), taken])
        cleared = np.minimum(_apart_px(middles, strange), 2 * KEY_PX)
        to_end = (corners[-1, 0] - middles[:, 0]) / PLOT_WIDTHS_PX[0]
        x, y = middles[int(np.argmax(cleared - to_end))]
        taken = np.vstack([taken, _around(x, y)])
        found.append(KeyPlace(name, keys[name], float(x / scale[0]), float(y / scale[1])))
    return found


def _on_curve(corners: np.ndarray) -> np.ndarray:
    """Points in pixels along the level stretches of a curve, its end among them."""
    places = [
        np.column_stack([np.linspace(a[0], b[0], 9), np.full(9, a[1])])
        for a, b in pairwise(corners)
        if a[1] == b[1]
    ]
    return np.vstack([*places, corners[-1:]])


def _around(x: float, y: float) -> np.ndarray:
    half = KEY_PX / 2
    return np.array([x - half, x + half, y - half, y + half])


def _apart_px(points: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """How far each point is from the nearest box."""
    x, y = points[:, None, 0], points[:, None, 1]
    aside = np.maximum(0, np.maximum(boxes[:, 0] - x, x - boxes[:, 1]))
    over = np.maximum(0, np.maximum(boxes[:, 2] - y, y - boxes[:, 3]))
    nearest: np.ndarray = np.hypot(aside, over).min(axis=1)
    return nearest


@dataclass(frozen=True)
class _Tried:
    """Boxes of a name, whether each begins at its curve, and how many gaps it is away."""

    boxes: np.ndarray
    is_left: np.ndarray
    gaps: np.ndarray


def _cost(tried: _Tried, strange: np.ndarray, *, width_px: float) -> np.ndarray:
    """What speaks against each place: lines of others on it or near it, distance, being far to the left."""
    left_of_end = (width_px - tried.boxes[:, 1]) / width_px
    near = np.minimum(_crossed(_wider(tried.boxes), strange), 1)
    cost: np.ndarray = (
        ON_LINE * _crossed(tried.boxes, strange) + NEAR_LINE * near + FAR_GAP * tried.gaps + left_of_end
    )
    return cost


def _boxes(segments: Sequence[tuple[Corner, Corner]], scale: np.ndarray) -> np.ndarray:
    """Left, right, bottom and top of straight segments in pixels, one row each."""
    if not segments:
        return np.empty((0, 4))
    ends = np.array(segments, dtype=float) * scale
    low, high = ends.min(axis=1), ends.max(axis=1)
    return np.column_stack([low[:, 0], high[:, 0], low[:, 1], high[:, 1]])


def _candidates(corners: np.ndarray, *, width: float, rises: bool, width_px: float) -> _Tried:
    """Places of a name along its curve, those inside the plot where there are any.

    A falling curve leaves room above it to the right and below it to the left, a rising one the reverse.
    """
    times = np.linspace(corners[0, 0], corners[-1, 0], N_PLACES)
    levels = corners[np.searchsorted(corners[:, 0], times, side="right") - 1, 1]
    boxes, is_left, gaps = [], [], []
    for far, gap in enumerate(GAPS_PX):
        for above in (True, False):
            left = above != rises
            begin = times + SIDE_GAP_PX if left else times - SIDE_GAP_PX - width
            bottom = levels + gap if above else levels - gap - NAME_HEIGHT_PX
            boxes.append(np.column_stack([begin, begin + width, bottom, bottom + NAME_HEIGHT_PX]))
            is_left.append(np.full(len(times), left))
            gaps.append(np.full(len(times), far))
    found = _Tried(np.vstack(boxes), np.concatenate(is_left), np.concatenate(gaps))
    kept = _is_inside(found.boxes, width_px)
    return _Tried(found.boxes[kept], found.is_left[kept], found.gaps[kept]) if kept.any() else found


def _is_inside(boxes: np.ndarray, width_px: float) -> np.ndarray:
    inside: np.ndarray = (
        (boxes[:, 0] >= 0) & (boxes[:, 1] <= width_px) & (boxes[:, 2] >= 0) & (boxes[:, 3] <= PLOT_HEIGHT_PX)
    )
    return inside


def _wider(boxes: np.ndarray) -> np.ndarray:
    return boxes + np.array([-CLEAR_PX, CLEAR_PX, -CLEAR_PX, CLEAR_PX])


def _crossed(boxes: np.ndarray, obstacles: np.ndarray) -> np.ndarray:
    """How many of the obstacles each box touches."""
    if not len(obstacles):
        return np.zeros(len(boxes))
    apart = (
        (boxes[:, None, 0] > obstacles[None, :, 1])
        | (boxes[:, None, 1] < obstacles[None, :, 0])
        | (boxes[:, None, 2] > obstacles[None, :, 3])
        | (boxes[:, None, 3] < obstacles[None, :, 2])
    )
    crossed: np.ndarray = (~apart).sum(axis=1)
    return crossed
