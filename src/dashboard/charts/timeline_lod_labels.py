"""Words at the limits of detection and at changes of assay, and the dividers of those changes."""

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_ctdna import Plot
from dashboard.charts.timeline_frame import Layer
from dashboard.charts.timeline_labels import Box, Label, Spot
from dashboard.charts.timeline_lines import upright_boxes
from dashboard.charts.timeline_lod import assay_changes, lod_layers

STEP_PX = 15
MARGIN_PX = 5
NOT_ACROSS = "not comparable across"


def lines_to_avoid(plot: Plot, *, within: Box) -> list[Box]:
    """Upright lines and dividers, which words keep off where they can."""
    dividers = [plot.canvas.axis.px(day) for day, _words in assay_changes(plot)]
    boxes = [Box(px - 2, px + 2, within.top, within.bottom) for px in dividers]
    return [*boxes, *upright_boxes(plot.canvas, top=within.top, bottom=within.bottom)]


def lod_labels(plot: Plot) -> list[Label]:
    """At its own stretch of the line, above or below: from the left, the only one from the right."""
    _layers, stretches = lod_layers(plot)
    found = []
    for one in stretches:
        width = labels.name_px(one.short)
        n_steps = max(0, int((one.last_px - one.first_px - width - MARGIN_PX) // STEP_PX))
        steps = [MARGIN_PX + STEP_PX * n for n in range(n_steps + 1)]
        across = [Spot(dx, dy, "left") for dx in steps for dy in (-8, 9)]
        edge = one.last_px - 4 - one.first_px
        back = [Spot(edge - step + MARGIN_PX, dy, "right") for step in steps for dy in (-8, 9)]
        found.append(
            Label(
                text=one.words,
                short=one.short,
                px=one.first_px,
                py=one.y,
                colour=plot.canvas.theme.secondary,
                rank=6,
                size=11,
                is_bold=False,
                spots=back if len(stretches) == 1 else across,
            )
        )
    return found


def divider_labels(plot: Plot) -> list[Label]:
    """Both names of the assay at each change, and that nothing is compared across it."""
    found = []
    top = plot.scale.top_px
    for day, words in assay_changes(plot):
        px = plot.canvas.axis.px(day)
        for text, dy in ((words, 11.0), (NOT_ACROSS, 25.5)):
            spots = (Spot(5, 0, "left"), Spot(-5, 0, "right"))
            found.append(
                Label(
                    text=text,
                    short="not comparable" if text == NOT_ACROSS else "",
                    px=px,
                    py=top + dy,
                    colour=plot.canvas.theme.text,
                    rank=1,
                    size=11,
                    is_bold=False,
                    spots=spots,
                )
            )
    return found


def divider_layers(plot: Plot) -> list[Layer]:
    """Dotted vertical line at every change of assay or panel, through the panel and its two lanes."""
    canvas = plot.canvas
    rows = [
        {
            "x": canvas.axis.x(day),
            "x2": canvas.axis.x(day),
            "y": plot.scale.top_px + 2,
            "y2": plot.lane_top + 52,
            "colour": canvas.theme.text,
        }
        for day, _words in assay_changes(plot)
    ]
    return marks.rules(canvas, rows, dash=(1.5, 2), width=1.4)
