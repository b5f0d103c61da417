"""The same outcome under every definition of the study (clinical-decisions A8)."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from dashboard.figures.survival.medians import as_numbers
from dashboard.figures.survival.numbers import table_of
from dashboard.figures.survival.request import SurvivalRequest, in_months, survival_rows
from dashboard.stats import estimate_median
from dashboard.store.reader import Reader
from dashboard.studies.endpoints import Endpoint
from dashboard.tables.survival import GroupNumbers

COLUMNS = ["status", "duration_days", "entry_days"]


def variant_numbers(
    reader: Reader, request: SurvivalRequest, *, variants: Sequence[Endpoint]
) -> list[tuple[str, GroupNumbers | None]]:
    """Each definition with the median of all its patients together; None where nobody is followed.

    Every definition is a group of one frame, so that all of them are estimated at once.
    """
    rows = [
        survival_rows(reader, replace(request, endpoint=one, group=None))[COLUMNS].assign(group=place)
        for place, one in enumerate(variants)
    ]
    kept = in_months(pd.concat(rows, ignore_index=True))
    sizes = kept["group"].value_counts()
    found = {} if kept.empty else estimate_median(table_of(kept))
    numbers = {
        name: as_numbers(
            replace(median, group=request.everybody),
            n=int(sizes[int(name)]),
            guards=request.guards,
            competes=bool(variants[int(name)].competing),
        )
        for name, median in found.items()
    }
    return [(one.label, numbers.get(str(place))) for place, one in enumerate(variants)]
