"""The upright lines through all panels, as boxes that words keep off, and words in place of a panel."""

from dashboard.charts import timeline_labels as labels
from dashboard.charts.timeline_frame import Canvas, Layer
from dashboard.charts.timeline_labels import Box, Label, Spot
from dashboard.charts.timeline_scale import TICK_PADDING_PX, TICK_TEXT_PX, ValueScale, tick_words

HALF_PX = 2.0
FIRST_PX = 8.0


def upright_px(canvas: Canvas) -> list[float]:
    """Pixels of enrolment and of the death or data cut, else of the last record, from the left."""
    axis = canvas.axis
    days = [e["occurred_on"] for e in canvas.of("ENROLMENT")]
    days += [day for day in (axis.last, axis.silent_since) if day is not None and axis.holds(day)]
    return sorted(axis.px(day) for day in days)


def upright_boxes(canvas: Canvas, *, top: float, bottom: float) -> list[Box]:
    """Room that the upright lines take between two heights."""
    return [Box(px - HALF_PX, px + HALF_PX, top, bottom) for px in upright_px(canvas)]


def tick_boxes(scale: ValueScale) -> list[Box]:
    """Room that the words of a scale's ticks take left of the plot."""
    half, right = TICK_TEXT_PX * 0.6, -float(TICK_PADDING_PX)
    return [
        Box(right - labels.text_px(tick_words(tick), size=TICK_TEXT_PX), right, y - half, y + half)
        for tick, y in ((tick, scale.px(tick)) for tick in scale.ticks)
    ]


def quiet_words(canvas: Canvas, text: str, *, y: float, size: float = 11) -> list[Layer]:
    """Words in place of marks, at the left of the plot; beside a line where it would strike them through."""
    axis = canvas.axis
    places = [FIRST_PX, *(px + FIRST_PX - HALF_PX for px in upright_px(canvas))]
    label = Label(
        text=text,
        px=0,
        py=y,
        colour=canvas.theme.secondary,
        size=size,
        is_bold=False,
        must_stand=True,
        spots=[Spot(px, 0, "left") for px in places],
    )
    placed = labels.place(
        [label],
        around=(),
        within=Box(0, axis.px(min(axis.last, axis.end)), y - 12, y + 12),
        least_px=canvas.options.least_text_px,
        lines=upright_boxes(canvas, top=y - 12, bottom=y + 12),
    )
    return labels.draw(canvas, placed)
