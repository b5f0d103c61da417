"""Local treatments by lesion, each with its own follow-up, and biopsies (clinical-decisions A5, A17).

Nothing is calculated from the diameter of a treated lesion: the marks are what the treating team says.
"""

from collections.abc import Sequence
from typing import Any

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.theme import response_symbol
from dashboard.charts.timeline_frame import Canvas, Drawing, Event, Layer
from dashboard.charts.timeline_labels import Box, Label, Spot
from dashboard.charts.timeline_points import point
from dashboard.tables.patient_timeline import local_words

LESION_PX = 32
ROW_PX = 18
TREATMENTS = ("RADIOTHERAPY", "ABLATION", "SURGERY")
SHAPES = {"RADIOTHERAPY": "diamond", "ABLATION": "circle", "SURGERY": "triangle-down", "BIOPSY": "cross"}


def local(canvas: Canvas, *, top: float) -> Drawing | None:
    """A row per treated lesion with its follow-up, then treatments without a lesion and biopsies."""
    events = canvas.of(*TREATMENTS, "BIOPSY", "LESION")
    if not events:
        return None
    lesions = sorted({str(e["lesion_id"]) for e in events if e["lesion_id"] is not None})
    rest = [e for e in events if e["lesion_id"] is None]
    is_local = any(e["kind"] != "BIOPSY" for e in events)
    notes = ["by lesion"] if lesions else []
    name = "Local therapy" if is_local else "Biopsy"
    layers = marks.panel_name(canvas, name=name, notes=notes, y=top + ROW_PX / 2)
    y = top
    for lesion in lesions:
        layers += _lesion(canvas, [e for e in events if e["lesion_id"] == lesion], top=y)
        y += LESION_PX
    found, y = _packed(canvas, rest, top=y)
    return Drawing(tuple([*layers, *found]), max(y, top + 30 if lesions else y), _used(canvas, events))


def _used(canvas: Canvas, events: Sequence[Event]) -> frozenset[str]:
    found = {f"LESION_{e['code']}" for e in events if e["kind"] == "LESION"}
    found |= {e["kind"] for e in events if e["kind"] in TREATMENTS}
    biopsies = [e for e in events if e["kind"] == "BIOPSY"]
    return frozenset(found | {"BIOPSY_GENES" if e["code"] == "GENES_TESTED" else "BIOPSY" for e in biopsies})


def lesion_look(canvas: Canvas, code: str) -> dict[str, Any]:
    """Mark of a treated lesion at a follow-up: shape and fill differ, not the colour alone."""
    theme = canvas.theme
    looks = {
        "CONTROLLED": {"shape": "circle", "size": 55, "fill": theme.page, "stroke": theme.secondary},
        "EQUIVOCAL": {"shape": "diamond", "size": 95, "fill": theme.page, "stroke": theme.progression_sum},
        "ABSENT": {"shape": "stroke", "size": 90, "fill": theme.secondary, "stroke": theme.secondary},
        "MEASURED": {"shape": "square", "size": 36, "fill": theme.page, "stroke": theme.secondary},
    }
    if code == "LOCAL_PROGRESSION":
        look = response_symbol("PD", size_px=12, theme=theme)
        return {name: look[name] for name in ("shape", "size", "fill", "stroke")}
    return looks.get(code, looks["MEASURED"])


def _lesion(canvas: Canvas, events: Sequence[Event], *, top: float) -> list[Layer]:
    """One lesion: words above, treatment and follow-ups on a line below."""
    axis, theme, y = canvas.axis, canvas.theme, top + 23
    treated = [e for e in events if e["kind"] in TREATMENTS]
    seen = [e for e in events if e["kind"] == "LESION"]
    ends = [e["occurred_on"] for e in [*treated, *seen]]
    line = {"x": axis.x(min(ends)), "x2": axis.x(max(ends)), "y": y, "y2": y, "colour": theme.border}
    solid = [point(canvas, e, y=y, **_treatment_look(canvas, e)) for e in treated]
    follow = [point(canvas, e, y=y, **lesion_look(canvas, str(e["code"]))) for e in seen]
    queries = [
        {"x": axis.x(e["occurred_on"]), "y": y + 0.5, "text": "?", "colour": theme.text}
        for e in seen
        if e["code"] == "EQUIVOCAL"
    ]
    px = axis.px(treated[0]["occurred_on"] if treated else min(ends))
    spots = (Spot(-4, 0, "left"), Spot(4, 0, "right"))
    words = labels.small(_words(events, treated), at=(px, top + 8), colour=theme.text, spots=spots)
    within = Box(-8, axis.plot_px + 8, top - 2, top + LESION_PX)
    return [
        *marks.rules(canvas, [line], width=1.5),
        *marks.symbols(canvas, follow, strokeWidth=1.4),
        *marks.symbols(canvas, solid, strokeWidth=1.2),
        *marks.texts(canvas, queries, size=9, fontWeight=700),
        *labels.draw(
            canvas,
            labels.place([_standing(words)], around=(), within=within, least_px=canvas.options.least_text_px),
        ),
    ]


def _standing(label: Label) -> Label:
    return Label(**{**label.__dict__, "must_stand": True})


def _words(events: Sequence[Event], treated: Sequence[Event]) -> str:
    """Lesion, place and what was done, for instance L1 left upper lobe: SBRT 50 Gy/5."""
    first = events[0]
    place = next((e["organ"] for e in events if e["kind"] == "LESION" and e["organ"]), first["organ"])
    name = f"{first['lesion_id']} {place}" if place else str(first["lesion_id"])
    done = "; ".join(local_words({**e, "organ": None}) for e in treated)
    return f"{name}: {done}" if done else name


def _treatment_look(canvas: Canvas, event: Event) -> dict[str, Any]:
    colour = canvas.theme.text
    return {"shape": SHAPES[event["kind"]], "size": 90, "fill": colour, "stroke": canvas.theme.page}


def _packed(canvas: Canvas, events: Sequence[Event], *, top: float) -> tuple[list[Layer], float]:
    """Marks with their words, in up to three rows; the bottom of the last row."""
    axis, theme = canvas.axis, canvas.theme
    rows, names = [], []
    ends = [-100.0] * 3
    for event in events:
        px, words = axis.px(event["occurred_on"]), _name(event)
        width = labels.name_px(words) + 6
        is_left = px + width > axis.plot_px + 100
        row = next((n for n, end in enumerate(ends) if px - (width if is_left else 8) >= end), 2)
        y = top + ROW_PX * (row + 0.5)
        rows.append(point(canvas, event, y=y, **_single_look(canvas, event)))
        spot = Spot(-10, 0, "right") if is_left else Spot(10, 0, "left")
        names.append(_standing(labels.small(words, at=(px, y), colour=theme.text, spots=(spot,))))
        ends[row] = px + (10 if is_left else 10 + width)
    within = Box(-100, axis.plot_px + 110, top - 20, top + 80)
    placed = labels.place(names, around=(), within=within, least_px=canvas.options.least_text_px)
    n_rows = sum(end > -100 for end in ends)
    layers = [*marks.symbols(canvas, rows, strokeWidth=1.3), *labels.draw(canvas, placed)]
    return layers, top + ROW_PX * n_rows


def _single_look(canvas: Canvas, event: Event) -> dict[str, Any]:
    theme = canvas.theme
    is_open = event["kind"] == "BIOPSY" and event["code"] != "GENES_TESTED"
    fill = theme.page if is_open else theme.secondary
    return {"shape": SHAPES[event["kind"]], "size": 90, "fill": fill, "stroke": theme.secondary}


def _name(event: Event) -> str:
    if event["kind"] != "BIOPSY":
        return local_words(event)
    words = f"biopsy, {event['label']}" if event["label"] else "biopsy"
    return f"{words}, genes tested" if event["code"] == "GENES_TESTED" else words
