"""Waterfall and spider of the patients whose sum of diameters was measured before and after."""

from dataclasses import dataclass, replace

import pandas as pd

from dashboard.charts.spider import SpiderOptions, spider_chart
from dashboard.charts.theme import ThemeName
from dashboard.charts.waterfall import WaterfallOptions, waterfall_chart
from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.response.counted import outside_rates_words
from dashboard.figures.response.patients import (
    ResponseRequest,
    response_assessments,
    response_patients,
)
from dashboard.figures.response.rates import started
from dashboard.figures.survival.of_line import with_line
from dashboard.store.reader import Reader
from dashboard.tables.formats import format_count
from dashboard.tables.response_patients import spider_table, waterfall_table

METHOD = (
    "Change of the sum of target diameters from the baseline of the line, complete sums only, up to "
    "the first progression or the next line. Colour: best response as reported, which also counts new "
    "lesions and non-target disease, so that it may differ from the height. Dashes: −30 % and +20 %; "
    "progression is judged from the smallest sum, not from the baseline."
)

# RECIST 1.1: complete response asks of a target lymph node a short axis under 10 mm, not its absence.
COMPLETE_WITH_NODES = (
    "A CR can end above −100 %: lymph nodes under 10 mm in short axis count as normal, yet stay in the sum."
)


@dataclass(frozen=True, kw_only=True)
class LesionRequest:
    """Patients to draw, and the theme."""

    response: ResponseRequest
    theme: ThemeName = "light"


def lesion_changes(reader: Reader, request: ResponseRequest) -> pd.DataFrame:
    """One row per complete sum after the baseline, up to the first progression.

    Columns patient, months, change_percent, best.
    """
    rows = response_assessments(reader, request)
    kept = rows["change_percent"].notna() & ~rows["is_after_progression"].fillna(value=False).astype(bool)
    columns = ["patient", "months", "change_percent", "best"]
    return rows.rename(columns={"patient_id": "patient"}).loc[kept, columns].reset_index(drop=True)


@registered("response_waterfall")
def response_waterfall(reader: Reader, request: LesionRequest) -> Figure | None:
    """The best change of each patient; None where no sum was measured twice."""
    rows = lesion_changes(reader, request.response)
    if rows.empty:
        return None
    bars = rows.loc[rows.groupby("patient")["change_percent"].idxmin()]
    return _figure(
        reader,
        request,
        rows=rows,
        spec=waterfall_chart(bars, options=WaterfallOptions(theme=request.theme)),
        table=waterfall_table(bars),
        caution=COMPLETE_WITH_NODES if has_complete_above(bars) else "",
    )


@registered("response_spider")
def response_spider(reader: Reader, request: LesionRequest) -> Figure | None:
    """Every change of each patient over time; None where no sum was measured twice."""
    rows = lesion_changes(reader, request.response)
    if rows.empty:
        return None
    return _figure(
        reader,
        request,
        rows=rows,
        spec=spider_chart(rows, options=_options(request)),
        table=spider_table(rows),
    )


def has_complete_above(bars: pd.DataFrame) -> bool:
    """Whether a best response of CR is drawn with a sum that is not 0."""
    return bool(((bars["best"] == "CR") & (bars["change_percent"] > -100)).any())


def _options(request: LesionRequest) -> SpiderOptions:
    usual = SpiderOptions(theme=request.theme)
    return replace(usual, origin=with_line(usual.origin, request.response.line_words))


def _figure(
    reader: Reader,
    request: LesionRequest,
    *,
    rows: pd.DataFrame,
    spec: dict[str, object],
    table: pd.DataFrame,
    caution: str = "",
) -> Figure:
    begun = started(response_patients(reader, request.response))
    n, k = len(begun), rows["patient"].nunique()
    said = (
        f"{k} of {format_count(n, 'patient')} who started the line {'has' if k == 1 else 'have'} a sum at "
        "baseline and at least one after it."
    )
    left_out = request.response.settings.left_out
    outside = outside_rates_words(begun, left_out=left_out, whom=f"the {n}")
    return Figure(
        rows=rows,
        spec=spec,
        table=table,
        caption=with_line(
            " ".join(part for part in (said, outside, caution) if part), request.response.line_words
        ),
        method=METHOD,
        footer=request.response.footer(reader),
        alt=f"Change of the sum of diameters of {format_count(k, 'patient')}. Every number is in the table.",
    )
