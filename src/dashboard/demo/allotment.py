"""Values allotted group by group, so that every group meets its own target."""

from collections.abc import Callable, Sequence
from typing import Any

from numpy.random import Generator


def within(
    rng: Generator, groups: Sequence[Any], allot: Callable[[Generator, Any, int], list[Any]]
) -> list[Any]:
    """One value per member; `allot` gives the values of one group from stream, group and size."""
    result: list[Any] = [None] * len(groups)
    for group in sorted(set(groups)):
        places = [index for index, other in enumerate(groups) if other == group]
        for place, value in zip(places, allot(rng, group, len(places)), strict=True):
            result[place] = value
    return result
