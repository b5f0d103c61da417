"""The same outcome under every definition of the study (clinical-decisions A8)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.survival.numbers import as_numbers, table_of
from dashboard.figures.survival.of_line import line_column
from dashboard.figures.survival.request import SurvivalRequest, in_months, survival_rows
from dashboard.stats import estimate_median
from dashboard.stats.risk_table import with_columns
from dashboard.store.reader import Reader
from dashboard.studies.endpoints import Endpoint
from dashboard.tables.survival import GroupNumbers, variants_table

COLUMNS = ["status", "duration_days", "entry_days"]
METHOD = (
    "The same patients under every definition of the study. Medians by Kaplan–Meier with 95 % log-log "
    "intervals; with fewer than {median_min_events} events they are not estimable."
)
FILE_COLUMNS = ["endpoint", "definition", "n", "events", "median_months", "lower_months", "upper_months"]


@dataclass(frozen=True, kw_only=True)
class VariantsRequest:
    """The cohort and line of `survival`, and the definitions to compare; its group plays no part."""

    survival: SurvivalRequest
    variants: tuple[Endpoint, ...]


@registered("survival_variants", writes_rows=True, key=("endpoint",))
def survival_variants(reader: Reader, request: VariantsRequest) -> Figure:
    """One row per definition: patients, events, median with its interval."""
    own = request.survival
    found = variant_numbers(reader, own, variants=request.variants)
    return Figure(
        rows=line_column(
            pd.DataFrame(list(_rows(request.variants, found)), columns=FILE_COLUMNS), own.line_words
        ),
        spec={},
        table=variants_table(found),
        caption="",
        method=METHOD.format(median_min_events=own.guards.median_min_events),
        footer=replace(own, group=None).footer(reader),
        alt="Definitions of the endpoint",
    )


def _rows(
    variants: Sequence[Endpoint], found: Sequence[tuple[str, GroupNumbers | None]]
) -> Iterator[Mapping[str, object]]:
    """Rows of the file; a median that the page withholds is empty."""
    for one, (label, numbers) in zip(variants, found, strict=True):
        row = {"endpoint": one.csv_column, "definition": label, "n": 0, "events": 0}
        if numbers is not None:
            row |= {"n": numbers.n, "events": numbers.n_event}
        if numbers is not None and numbers.is_median_shown:
            median = (numbers.median, numbers.lower, numbers.upper)
            row |= dict(zip(FILE_COLUMNS[4:], median, strict=True))
        yield row


def variant_numbers(
    reader: Reader, request: SurvivalRequest, *, variants: Sequence[Endpoint]
) -> list[tuple[str, GroupNumbers | None]]:
    """Each definition with the median of all its patients together; None where nobody is followed.

    Every definition is a group of one frame, so that all of them are estimated at once.
    """
    rows = [survival_rows(reader, replace(request, endpoint=one, group=None))[COLUMNS] for one in variants]
    places = np.arange(len(rows)).repeat([len(one) for one in rows])
    kept = in_months(with_columns(pd.concat(rows, ignore_index=True), group=places))
    found = {} if kept.empty else estimate_median(table_of(kept))
    numbers = {
        name: as_numbers(
            replace(median, group=request.everybody),
            guards=request.guards,
            competes=bool(variants[int(name)].competing),
        )
        for name, median in found.items()
    }
    return [(one.label, numbers.get(str(place))) for place, one in enumerate(variants)]
