"""Medians of groups alone, where a page shows no other number of the survival page."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from dashboard.figures.survival.numbers import as_numbers, table_of
from dashboard.stats import Guards, estimate_median
from dashboard.tables.survival import GroupNumbers

TIMES = ["months", "entry_months", "is_event"]


def median_numbers(kept: pd.DataFrame, *, guards: Guards, competes: bool = False) -> list[GroupNumbers]:
    """One entry per group in their order: patients, events, median; shares at months are left out.

    `kept` has one row per patient as `followed` gives it: months, entry_months, is_event, group. Where
    another event `competes` no median is shown.
    """
    return several_medians([kept], guards=guards, competes=[competes])[0]


def several_medians(
    analyses: Sequence[pd.DataFrame], *, guards: Guards, competes: Sequence[bool]
) -> list[list[GroupNumbers]]:
    """The same for several analyses: every group of each is a group of one frame, estimated at once."""
    names = [(place, str(name)) for place, one in enumerate(analyses) for name in one["group"].cat.categories]
    sizes = [len(one["group"].cat.categories) for one in analyses]
    first = np.cumsum([0, *sizes])[:-1]
    own_codes = [one["group"].cat.codes.to_numpy(dtype=int) for one in analyses]
    codes = [own + start for own, start in zip(own_codes, first, strict=True)]
    found: list[list[GroupNumbers]] = [[] for _ in analyses]
    if not sum(map(len, analyses)):
        return found
    rows = pd.concat([one[TIMES] for one in analyses if len(one)], ignore_index=True)
    groups = pd.Categorical.from_codes(np.concatenate(codes).tolist(), categories=pd.RangeIndex(len(names)))
    for number, median in estimate_median(table_of(rows.assign(group=groups))).items():
        place, name = names[int(number)]
        own = replace(median, group=name)
        found[place].append(as_numbers(own, guards=guards, competes=competes[place]))
    return found
