"""The days that a row of the worklist compares, brought out through all panels."""

from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_frame import Canvas, Layer

HALF_PX = 6
HEAD_PX = 90


def marked_days(canvas: Canvas, *, top: float, bottom: float) -> list[Layer]:
    """A tinted strip between two edges under a pointer at each marked day that lies on the axis."""
    axis, theme = canvas.axis, canvas.theme
    days = [day for day in canvas.options.marked if axis.holds(day)]
    spans = [
        {
            "x": axis.x_at(axis.px(day) - HALF_PX),
            "x2": axis.x_at(axis.px(day) + HALF_PX),
            "y": top,
            "y2": bottom,
        }
        for day in days
    ]
    edges = [
        {**span, "x": span[side], "x2": span[side], "colour": theme.primary}
        for span in spans
        for side in ("x", "x2")
    ]
    look = {"shape": "triangle-down", "size": HEAD_PX, "fill": theme.primary, "stroke": theme.primary}
    heads = [{"x": axis.x(day), "y": top - 4, **look} for day in days]
    return [
        *marks.rectangles(canvas, [{**span, "fill": theme.primary} for span in spans], opacity=0.14),
        *marks.rules(canvas, edges),
        *marks.symbols(canvas, heads),
    ]
