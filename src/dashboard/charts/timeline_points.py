"""Rows of plotted events, and the few looks that several panels share."""

from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_frame import Canvas, Drawing, Event
from dashboard.charts.timeline_lines import quiet_words
from dashboard.tables.patient_timeline import describe

CROSS = "M-0.75,-0.75L0.75,0.75M0.75,-0.75L-0.75,0.75"
# Dashes and dots, as no other edge: in greyscale the colour does not tell it from a bar or a window.
UNRELIABLE_DASH = (5.0, 2.0, 1.0, 2.0)
# What was done outside its window: hollow with a stroke through it, as no other mark is.
STRUCK = {
    "circle": "M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0ZM-1.3,1.3L1.3,-1.3",
    "square": "M-0.9,-0.9L0.9,-0.9L0.9,0.9L-0.9,0.9ZM-1.3,1.3L1.3,-1.3",
}


def point(canvas: Canvas, event: Event, **fields: object) -> dict[str, object]:
    """Row of one plotted event: place in time, key of the table twin, words of the tooltip."""
    return {
        "x": canvas.axis.x(event["occurred_on"]),
        "key": event["event_key"],
        **describe(event, clock=canvas.clock),
        **fields,
    }


# Planned windows in which nothing was done, by the state of the follow-up.
NOT_DONE = frozenset({"OVERDUE", "CANNOT_BE_OBTAINED"})
# Windows that are not drawn.
LEFT_OUT = frozenset({"NOT_EXPECTED", "CANNOT_TELL"})


def not_done_look(canvas: Canvas) -> dict[str, object]:
    """A dashed empty box."""
    return {"shape": "square", "size": 150, "fill": "transparent", "stroke": canvas.theme.secondary}


def collapsed(canvas: Canvas, *, name: str, words: str, top: float) -> Drawing:
    """One line in place of a panel without data."""
    layers = [*marks.panel_name(canvas, name=name, y=top + 8), *quiet_words(canvas, words, y=top + 8)]
    return Drawing(tuple(layers), top + 16)
