"""Where the names of step curves stand: beside their own curve, clear of every other line.

A name is read for the curve next to it. So it stands only where, along its whole width, that is its own. The
names of more than four curves would lie too close: each then has a letter on itself. So have fewer curves
one of which has no such place.

Places are found in pixels of the narrowest plot a page gives, a window of 1024 pixels. On a wider one the
same name begins or ends at the same time and covers less of it, at the same height: what holds there holds
everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

Corner = tuple[float, float]

PLOT_WIDTH_PX = 290.0
PLOT_HEIGHT_PX = 300.0
CHARACTER_PX = 6.0
NAME_HEIGHT_PX = 15.0
# From the curve to the name beside it, the nearest first.
GAPS_PX = (5.0, 14.0)
SIDE_GAP_PX = 4.0
# A line nearer than this is avoided.
CLEAR_PX = 6.0
# So much nearer to its own curve than to any other is a name along its whole width, and never farther away.
NEARER_PX, FARTHEST_PX = 8.0, 45.0
N_PLACES = 48
MOST_NAMED = 4
# Points along a name at which its distances are taken.
N_ALONG = 24
KEY_PX = 18.0
ON_NAME, ON_LINE, OF_ANOTHER, NEAR_LINE, APART = 1000.0, 100.0, 50.0, 4.0, 0.2


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

    A name stands on the side its own curve turns away from, near it and as far to the right as it can be read
    for no other curve, named or one of `others`, and crosses no curve, none of the straight `lines` and no
    name. Where every place has a fault, the one with the least.
    """
    found, _is_clear = _places(curves, until=until, lines=lines, others=others, rises=rises)
    return found


def free_places(
    curves: Mapping[str, Sequence[Corner]],
    *,
    until: float,
    lines: Sequence[tuple[Corner, Corner]] = (),
    others: Sequence[Sequence[Corner]] = (),
    rises: bool = False,
) -> list[NamePlace]:
    """The places of `place_names`; none at all where one of the names has a fault."""
    found, is_clear = _places(curves, until=until, lines=lines, others=others, rises=rises)
    return found if is_clear else []


def _places(
    curves: Mapping[str, Sequence[Corner]],
    *,
    until: float,
    lines: Sequence[tuple[Corner, Corner]],
    others: Sequence[Sequence[Corner]],
    rises: bool,
) -> tuple[list[NamePlace], bool]:
    """The places, and whether no name has a fault."""
    scale = np.array([PLOT_WIDTH_PX / until, PLOT_HEIGHT_PX / 100.0])
    own = {name: _boxes(list(pairwise(corners)), scale) for name, corners in curves.items()}
    fixed = [_boxes(list(pairwise(corners)), scale) for corners in others]
    fixed.append(_boxes(list(lines), scale))
    found: list[NamePlace] = []
    is_clear = True
    taken = np.empty((0, 4))
    for name in sorted(curves, key=lambda one: (curves[one][-1][1], one)):
        strange = np.vstack([*(boxes for other, boxes in own.items() if other != name), *fixed])
        corners = np.array(curves[name]) * scale
        rivals = [np.array(one) * scale for one in (*_without(curves, name), *others)]
        tried = _candidates(corners, width=len(name) * CHARACTER_PX, rises=rises)
        cost = ON_NAME * _crossed(tried.boxes, taken) + ON_LINE * _crossed(tried.boxes, own[name])
        cost += _cost(tried, strange) + _cost_apart(tried.boxes, corners, rivals)
        best = int(np.argmin(cost))
        is_clear = is_clear and bool(cost[best] < OF_ANOTHER and _is_inside(tried.boxes)[best])
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
    scale = np.array([PLOT_WIDTH_PX / until, PLOT_HEIGHT_PX / 100.0])
    own = {name: _boxes(list(pairwise(corners)), scale) for name, corners in curves.items()}
    # The numbers of the time axis stand below it.
    taken = np.array([[0.0, PLOT_WIDTH_PX, 0.0, 0.0]])
    found: list[KeyPlace] = []
    # The curves with the fewest places first.
    for name in sorted(curves, key=lambda one: (curves[one][-1][0], one)):
        corners = np.array(curves[name]) * scale
        middles = _on_curve(corners)
        strange = np.vstack([*(boxes for other, boxes in own.items() if other != name), taken])
        cleared = np.minimum(_apart_px(middles, strange), 2 * KEY_PX)
        to_end = (corners[-1, 0] - middles[:, 0]) / PLOT_WIDTH_PX
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
    """Boxes of a name, and whether each begins at its curve."""

    boxes: np.ndarray
    is_left: np.ndarray


def _cost(tried: _Tried, strange: np.ndarray) -> np.ndarray:
    """What speaks against each place: lines of others on it or near it, being far to the left."""
    left_of_end = 1 - tried.boxes[:, 1] / PLOT_WIDTH_PX
    near = np.minimum(_crossed(_wider(tried.boxes), strange), 1)
    cost: np.ndarray = ON_LINE * _crossed(tried.boxes, strange) + NEAR_LINE * near + left_of_end
    return cost


def _cost_apart(boxes: np.ndarray, own: np.ndarray, rivals: Sequence[np.ndarray]) -> np.ndarray:
    """What speaks against each place: that it could be read for another curve, and being far from its own."""
    along = np.linspace(boxes[:, 0], boxes[:, 1], N_ALONG, axis=1)
    apart = np.where(along <= own[-1, 0], _level_apart(boxes, along, own), np.inf)
    others = np.full(along.shape, np.inf)
    for rival in rivals:
        # Past its end a curve is as far as that end: a name there is read as the name of the end.
        past = np.maximum(0, along - rival[-1, 0])
        others = np.minimum(others, np.hypot(past, _level_apart(boxes, along, rival)))
    is_own = (apart + NEARER_PX <= others) & (apart <= FARTHEST_PX)
    far = np.minimum(apart, FARTHEST_PX).mean(axis=1)
    cost: np.ndarray = OF_ANOTHER * ~is_own.all(axis=1) + APART * far
    return cost


def _level_apart(boxes: np.ndarray, along: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """How far up or down the curve is from each box at these times."""
    levels = _levels_at(corners, along)
    apart: np.ndarray = np.maximum(0, np.maximum(boxes[:, 2, None] - levels, levels - boxes[:, 3, None]))
    return apart


def _levels_at(corners: np.ndarray, times: np.ndarray) -> np.ndarray:
    place = np.searchsorted(corners[:, 0], times, side="right") - 1
    levels: np.ndarray = corners[np.maximum(place, 0), 1]
    return levels


def _without(curves: Mapping[str, Sequence[Corner]], name: str) -> list[Sequence[Corner]]:
    return [corners for other, corners in curves.items() if other != name]


def _boxes(segments: Sequence[tuple[Corner, Corner]], scale: np.ndarray) -> np.ndarray:
    """Left, right, bottom and top of straight segments in pixels, one row each."""
    if not segments:
        return np.empty((0, 4))
    ends = np.array(segments, dtype=float) * scale
    low, high = ends.min(axis=1), ends.max(axis=1)
    return np.column_stack([low[:, 0], high[:, 0], low[:, 1], high[:, 1]])


def _candidates(corners: np.ndarray, *, width: float, rises: bool) -> _Tried:
    """Places of a name along its curve, those inside the plot where there are any.

    A falling curve leaves room above it to the right and below it to the left, a rising one the reverse.
    """
    times = np.linspace(corners[0, 0], corners[-1, 0], N_PLACES)
    levels = _levels_at(corners, times)
    boxes, is_left = [], []
    for gap in GAPS_PX:
        for above in (True, False):
            left = above != rises
            begin = times + SIDE_GAP_PX if left else times - SIDE_GAP_PX - width
            bottom = levels + gap if above else levels - gap - NAME_HEIGHT_PX
            boxes.append(np.column_stack([begin, begin + width, bottom, bottom + NAME_HEIGHT_PX]))
            is_left.append(np.full(len(times), left))
    found = _Tried(np.vstack(boxes), np.concatenate(is_left))
    kept = _is_inside(found.boxes)
    return _Tried(found.boxes[kept], found.is_left[kept]) if kept.any() else found


def _is_inside(boxes: np.ndarray) -> np.ndarray:
    inside: np.ndarray = (
        (boxes[:, 0] >= 0)
        & (boxes[:, 1] <= PLOT_WIDTH_PX)
        & (boxes[:, 2] >= 0)
        & (boxes[:, 3] <= PLOT_HEIGHT_PX)
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
