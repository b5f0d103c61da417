"""Collection of garbage: what every page stands on need not be looked through again and again."""

import gc
import sys
from functools import cache


def set_modules_apart() -> None:
    """Exempt what is loaded by now from later collections, once for each time a page brought new modules.

    A full collection walks through the libraries of statistics and drawing: several times the work of a
    redraw, in one of some ten redraws.
    """
    _set_apart(len(sys.modules))


@cache
def _set_apart(n_modules: int) -> None:
    # Garbage first: what is frozen is never freed.
    gc.collect()
    gc.freeze()
