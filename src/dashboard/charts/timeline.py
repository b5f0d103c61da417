"""The patient timeline: one picture with all panels on one time axis, newest data never cut off.

Layers of one view, not stacked charts: each panel has its own vertical scale with a fixed range of pixels, so
bands, hairlines and the data cut run through all panels, and the width follows the page without clipping.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.charts import timeline_axis as axis
from dashboard.charts import timeline_ctdna as ctdna
from dashboard.charts import timeline_imaging as imaging
from dashboard.charts import timeline_lanes as lanes
from dashboard.charts import timeline_lod as lod
from dashboard.charts import timeline_marks as marks
from dashboard.charts.theme import FONT
from dashboard.charts.timeline_adverse import adverse_events
from dashboard.charts.timeline_ctdna_labels import label_layers
from dashboard.charts.timeline_frame import (
    Canvas,
    Drawing,
    Layer,
    TimelineOptions,
    event_rows,
    make_canvas,
)
from dashboard.charts.timeline_legend import legend
from dashboard.charts.timeline_level import WORDS as LEVEL_WORDS
from dashboard.charts.timeline_lines import quiet_words
from dashboard.charts.timeline_local import local
from dashboard.charts.timeline_lod_labels import divider_layers
from dashboard.charts.timeline_marked import marked_days
from dashboard.charts.timeline_marker import ecog, tumour_markers
from dashboard.charts.timeline_new_lesion import new_lesions
from dashboard.charts.timeline_planned import planned
from dashboard.charts.timeline_responses import small_marks
from dashboard.charts.timeline_sum import target_sum
from dashboard.charts.timeline_treatment import treatment
from dashboard.charts.timeline_windows import window_layers
from dashboard.tables.patient_timeline import is_allele_fraction

TOP_PX = 18
SCALE_TOP_PX = TOP_PX + 46
GAP_PX = 14
SMALL_GAP_PX = 8
DEFAULTS = TimelineOptions()
NO_SAMPLE, NO_RESULT = "No ctDNA sample recorded", "No ctDNA result yet"
EMPTY_WORDS = {
    "FAILED": "No ctDNA result: every sample failed",
    "NOT_DONE": "No ctDNA result: no draw was made",
}
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def patient_timeline(events: pd.DataFrame, *, options: TimelineOptions = DEFAULTS) -> Layer:
    """Vega-Lite specification of one patient's timeline_event rows; plotted rows carry event_key as `key`.

    Raises ValueError where the rows lack the data cut (kind OBSERVED_UNTIL), which every patient has.
    """
    rows = event_rows(events)
    if not any(row["kind"] == "OBSERVED_UNTIL" for row in rows):
        raise ValueError("timeline events have no row OBSERVED_UNTIL; every patient of the mart has one")
    canvas = make_canvas(rows, options=options)
    plot = ctdna.plan(canvas, top=SCALE_TOP_PX)
    lanes_bottom = plot.lane_top + ctdna.LANE_PX + 2 + lanes.NO_RESULT_PX
    lower, lesions_bottom, bottom, used = _lower_panels(canvas, top=lanes_bottom + GAP_PX)
    back = [
        *axis.bands(canvas, top=TOP_PX, bottom=bottom),
        *marked_days(canvas, top=TOP_PX, bottom=bottom),
        *small_marks(canvas, y=TOP_PX + 30, bottom=lesions_bottom),
    ]
    front = [
        *lanes.lane_layers(plot),
        *marks.grid(canvas, [plot.scale.px(tick) for tick in plot.scale.ticks]),
        *window_layers(plot),
        *axis.through_lines(canvas, top=TOP_PX, bottom=bottom),
        *_ctdna_layers(plot),
        *lower,
        *axis.line_names(canvas, y=TOP_PX + 8),
        *label_layers(plot),
        *axis.second_row(canvas, bottom=bottom),
    ]
    days_px = marks.note_step_px(canvas) if canvas.axis.is_dates else 0
    under = legend(canvas, plot, used=used, top=bottom + 44 + days_px)
    return _specification([*back, *front, *under], canvas, height=bottom)


def _ctdna_layers(plot: ctdna.Plot) -> list[Any]:
    canvas = plot.canvas
    unit = "MAF, %" if all(is_allele_fraction(d.event) for d in plot.draws) else ctdna.unit_words(plot)
    notes = [unit, f"{plot.scale.kind} scale"]
    chosen = LEVEL_WORDS[canvas.options.level]
    notes += [chosen, "(your choice)"] if chosen else []
    name = marks.panel_name(canvas, name="ctDNA", notes=notes, y=plot.scale.top_px + 4)
    layers = [*name, *_empty_words(plot), *lod.lod_layers(plot)[0]]
    layers += [*divider_layers(plot), *ctdna.variant_layers(plot), *ctdna.summary_layers(plot)]
    return [*layers, *ctdna.point_layer(plot), *lanes.lane_marks(plot), *lanes.no_result_lane(plot)]


def _empty_words(plot: ctdna.Plot) -> list[Layer]:
    if plot.draws:
        return []
    canvas = plot.canvas
    codes = {e["code"] for e in canvas.of("SAMPLE")}
    text = EMPTY_WORDS.get(codes.pop(), NO_RESULT) if len(codes) == 1 else NO_RESULT if codes else NO_SAMPLE
    return quiet_words(canvas, text, y=(plot.scale.top_px + plot.lane_top) / 2, size=12.5)


def _lower_panels(canvas: Canvas, *, top: float) -> tuple[list[Any], float, float, frozenset[str]]:
    """Layers of what is under the two lanes, bottom of the lesions, bottom of all, marks that occur."""
    strip = imaging.strip(canvas, top=top)
    sums = target_sum(canvas, top=strip.bottom + GAP_PX)
    found = new_lesions(canvas, top=sums.bottom + SMALL_GAP_PX)
    lesions = [sums] if found is None else [sums, found]
    lesions_bottom = lesions[-1].bottom
    markers = tumour_markers(canvas, top=lesions_bottom + GAP_PX)
    status = ecog(canvas, top=markers[-1].bottom + GAP_PX)
    events = adverse_events(canvas, top=status.bottom + SMALL_GAP_PX)
    bars = treatment(canvas, top=events.bottom + SMALL_GAP_PX + 4)
    panels: list[Drawing] = [strip, *lesions, *markers, status, events, bars]
    extra = local(canvas, top=bars.bottom + SMALL_GAP_PX)
    if extra is not None:
        panels.append(extra)
    panels.append(planned(canvas, top=panels[-1].bottom + SMALL_GAP_PX + 2))
    layers = [layer for panel in panels for layer in panel.layers]
    used = frozenset(word for panel in panels for word in panel.used)
    used |= {event["kind"] for event in canvas.reaching("UNRELIABLE")}
    return layers, lesions_bottom, panels[-1].bottom + 6, used


def _specification(layers: list[Layer], canvas: Canvas, *, height: float) -> Layer:
    return {
        "$schema": SCHEMA,
        "layer": layers,
        "resolve": {"scale": {"y": "independent"}},
        "width": canvas.options.width_px,
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 2, "right": 2, "top": 4, "bottom": 6},
        "background": canvas.theme.page,
        "config": {
            # The page describes the picture as a whole; marks without words would be read out one by one.
            "mark": {"aria": False},
            "font": FONT,
            "view": {"stroke": None},
            "text": {"font": FONT, "color": canvas.theme.text},
        },
    }


def plotted_keys(spec: Mapping[str, Any]) -> set[str]:
    """Keys of all events that the spec draws, for the table twin."""
    found: set[str] = set()
    stack: list[Any] = [spec]
    while stack:
        part = stack.pop()
        if isinstance(part, Mapping):
            if isinstance(part.get("key"), str):
                found.add(part["key"])
            stack.extend(part.values())
        elif isinstance(part, list):
            stack.extend(part)
    return found
