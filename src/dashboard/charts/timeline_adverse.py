"""Severe and serious adverse events, and admissions to hospital."""

from collections.abc import Sequence

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_frame import Canvas, Drawing, Event
from dashboard.charts.timeline_labels import Box, Label, Spot
from dashboard.charts.timeline_points import collapsed, point

ROW_PX = 20
# Names of neighbouring rows stand apart at any size of type.
ROW_OF_TYPE = 1.25
BOX_PX = 18
NAME_PX = 11.5
MOST_ROWS = 3


def adverse_events(canvas: Canvas, *, top: float) -> Drawing:
    """Adverse events of grade 3 and more in boxes with the grade; serious ones filled. Rows as needed."""
    events = canvas.of("EVENT", "SERIOUS_EVENT")
    name = "AE grade ≥ 3"
    if not events:
        return collapsed(canvas, name=name, words="Nothing recorded", top=top)
    places = _placed(canvas, events)
    theme = canvas.theme
    boxes, grades, wanted, around = [], [], [], []
    cut_px = canvas.axis.px(min(canvas.axis.last, canvas.axis.end))
    least_px = canvas.options.least_text_px
    row_px, size = max(ROW_PX, ROW_OF_TYPE * least_px), max(NAME_PX, least_px)
    of_row = _rows_of(places, size=size)
    for (event, px), row in zip(places, of_row, strict=True):
        y = top + row_px * (row + 0.5)
        look, ink = _look(canvas, event)
        boxes.append(point(canvas, event, y=y, **look))
        grade = "?" if event["grade"] is None else str(event["grade"])
        grades.append({"x": boxes[-1]["x"], "y": y + 0.5, "text": grade, "colour": ink})
        around.append(labels.mark_box(px, y, radius=8))
        spots = (Spot(12, 0, "left"), Spot(-12, 0, "right"))
        wanted.append(
            Label(
                text=str(event["label"]),
                px=px,
                py=y,
                colour=theme.text,
                size=NAME_PX,
                is_bold=False,
                spots=spots,
            )
        )
    n_rows = 1 + max(of_row)
    around.append(Box(cut_px - 1, cut_px + 1, top, top + row_px * n_rows))
    within = Box(0, canvas.axis.plot_px, top - 4, top + row_px * n_rows + 4)
    layers = marks.panel_name(canvas, name=name, y=top + row_px / 2)
    layers += marks.symbols(canvas, boxes, strokeWidth=1.2)
    layers += marks.texts(canvas, grades, fontWeight=700)
    layers += labels.draw(canvas, labels.place(wanted, around=around, within=within, least_px=least_px))
    used = frozenset(_code(e) for e in events if e["kind"] == "SERIOUS_EVENT")
    return Drawing(tuple(layers), top + row_px * n_rows, used)


def _code(event: Event) -> str:
    return "ADMITTED" if event["code"] == "hospitalisation" else "SERIOUS"


def _look(canvas: Canvas, event: Event) -> tuple[dict[str, object], str]:
    """Mark and colour of the grade: open box; serious a filled box; an admission a filled diamond."""
    theme = canvas.theme
    if event["kind"] != "SERIOUS_EVENT":
        return {"shape": "square", "size": 200, "fill": theme.page, "stroke": theme.text}, theme.text
    shape, size = ("diamond", 330) if _code(event) == "ADMITTED" else ("square", 200)
    return {"shape": shape, "size": size, "fill": theme.text, "stroke": theme.text}, theme.page


def _placed(canvas: Canvas, events: Sequence[Event]) -> list[tuple[Event, float]]:
    return [(event, canvas.axis.px(event["occurred_on"])) for event in events]


def _rows_of(places: Sequence[tuple[Event, float]], *, size: float) -> list[int]:
    """Row of each box: the first of three in which the name before it has ended, else no box touches it."""
    boxes, names = [-100.0] * MOST_ROWS, [-100.0] * MOST_ROWS
    rows = []
    for event, px in places:
        free = [n for n in range(MOST_ROWS) if px - BOX_PX / 2 >= names[n]]
        apart = [n for n in range(MOST_ROWS) if px - BOX_PX >= boxes[n]]
        row = next(iter([*free, *apart]), MOST_ROWS - 1)
        boxes[row] = px
        names[row] = px + BOX_PX + labels.text_px(str(event["label"]), size=size)
        rows.append(row)
    return rows
