"""Collection of garbage: what every page stands on need not be looked through again and again."""

import gc
import sys
from functools import cache


def set_modules_apart() -> None:
    """Exempt what is loaded by now from later collections, once for each time a page brought new modules.

    A full collection walks through the libraries of statistics and drawing: about the work of one or two
    redraws, in one of five to ten.
    """
    _set_apart(len(sys.modules))


@cache
def _set_apart(n_modules: int) -> None:
    # Garbage first: what is frozen is never freed.
    gc.collect()
    gc.freeze()
