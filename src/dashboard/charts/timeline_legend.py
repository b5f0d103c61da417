"""Legend of the patient timeline: the marks that occur, all of them and no other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dashboard.charts import timeline_lanes as lanes
from dashboard.charts import timeline_marks as marks
from dashboard.charts.theme import FONT, Theme, response_letters, response_symbol
from dashboard.charts.timeline_ctdna import Plot
from dashboard.charts.timeline_frame import LEFT_PX, Canvas, Layer
from dashboard.charts.timeline_labels import text_px
from dashboard.charts.timeline_lesion import SHAPES, STATES, lesion_look
from dashboard.charts.timeline_new_lesion import new_lesion_look
from dashboard.charts.timeline_points import CROSS, STRUCK, UNRELIABLE_DASH
from dashboard.charts.timeline_treatment import ARROW
from dashboard.studies import vocabulary

ROW_PX = 21
SYMBOL_PX = 22
ITEM_GAP_PX = 14
# Middle of the first mark from the left edge of the picture.
FIRST_PX = 12.0
TEXT_PX = 11.5
CLEAR = "transparent"
DASHED = (2.5, 2.0)
UPRIGHT = "M0,-1L0,1"
# A bar, as the squares of the plan are not.
BAR = "M-1.5,-0.7L1.5,-0.7L1.5,0.7L-1.5,0.7Z"
RESPONSE_WORDS = {
    "CR": "complete",
    "PR": "partial",
    "SD": "stable",
    "NON-CR/NON-PD": "non-CR/non-PD",
    "NE": "not evaluable",
    "PD": "progression",
    "NED": "no evidence of disease",
    "EQUIVOCAL": "equivocal",
}


@dataclass(frozen=True)
class Item:
    """One mark with its words; `line` is the width of a line through the mark, 0 without one."""

    text: str
    shape: str
    size: float
    fill: str
    stroke: str
    width: float = 1.2
    dash: tuple[float, ...] = ()
    letters: str = ""
    ink: str = ""
    line: float = 0

    def room_px(self, least_text_px: float) -> float:
        """Width the item takes in a row."""
        return SYMBOL_PX + text_px(self.text, size=max(TEXT_PX, least_text_px)) + ITEM_GAP_PX


def legend(canvas: Canvas, plot: Plot, *, used: frozenset[str], top: float) -> list[Layer]:
    """Layers of the legend, from `top` down."""
    layers: list[Layer] = []
    y = top
    present = plot.used() | lanes.used(plot) | used
    first = [item for name, item in _marks(canvas, level=_level_words(plot)).items() if name in present]
    for items in ([*first, *_unreliable(canvas)], _responses(canvas.theme, present)):
        least_px = canvas.options.least_text_px
        for row in _wrapped(items, width=canvas.options.width_px - FIRST_PX, least_text_px=least_px):
            layers += _row(canvas, row, y=y)
            y += ROW_PX
    return layers


def _level_words(plot: Plot) -> str:
    metrics = {d.event["level_metric"] for d in plot.draws} - {None}
    return {"MEAN": "mean of tracked set", "MAX": "highest MAF"}.get(
        metrics.pop() if len(metrics) == 1 else "", "ctDNA level"
    )


def _marks(canvas: Canvas, *, level: str) -> dict[str, Item]:
    """Every mark but the responses, in the order of the legend."""
    theme = canvas.theme
    ink, page, grey, variant = theme.summary, theme.page, theme.secondary, theme.variants[2]
    other = theme.other_origin
    bar, edge = theme.bar_fill[0], theme.bar_edge[0]
    not_done = Item("planned, not done", "square", 150, CLEAR, grey, dash=DASHED)
    window = Item("planned window", "square", 160, theme.window, theme.window)
    ahead = Item("due now or not yet due", "square", 130, page, theme.primary, width=1.6)
    items = {
        "DETECTED": Item(level, "circle", 75, ink, ink, line=2.8),
        "ONE_VARIANT": Item("one variant", "circle", 26, variant, variant, line=1.3),
        "OTHER_ORIGIN": Item("possible CHIP or germline", "circle", 26, other, other, line=1.3),
        "INTERVAL": Item("95 % interval", UPRIGHT, 200, variant, variant),
        "BELOW_LOQ": Item("below LoQ", "circle", 75, page, ink, width=2),
        "NOT_DETECTED": Item("not detected", "triangle-down", 110, page, ink, width=2),
        "FAILED": Item("failed", CROSS, 110, CLEAR, grey, width=2.2),
        "PENDING": Item("result pending", "circle", 200, page, theme.text, dash=(1.5, 2.0), letters="P"),
        "NOT_DONE": not_done,
        "ONGOING": Item("ongoing", ARROW, 150, edge, edge),
        "UNCERTAIN": Item("nothing recorded since the last contact", BAR, 120, page, grey, dash=DASHED),
        "END_NOT_RECORDED": Item("end not recorded", BAR, 120, page, grey, dash=DASHED),
        "DOSE_HOLD": Item("dose held (hatched)", BAR, 120, page, edge, dash=(1.0, 1.5)),
        "DOSE_REDUCTION": Item("reduced dose (thinner)", "stroke", 200, bar, bar, width=5),
        "SERIOUS": Item("serious event", "square", 120, theme.text, theme.text),
        "ADMITTED": Item("admitted to hospital", "diamond", 150, theme.text, theme.text),
        **_new_lesions(canvas),
        **_local_marks(canvas),
        "WINDOW_DONE_IN_WINDOW": window,
        "WINDOW_OVERDUE": Item("overdue", "square", 130, CLEAR, theme.action, width=1.4, dash=DASHED),
        "WINDOW_CANNOT_BE_OBTAINED": Item(
            "cannot be obtained any more", "square", 130, CLEAR, grey, width=1.4, dash=(5.0, 3.0)
        ),
        "WINDOW_WITHOUT": Item(
            "not done (interval not the protocol's)", "square", 130, CLEAR, grey, width=0.8, dash=(1.0, 2.0)
        ),
        "DRAW_OUTSIDE_WINDOW": Item("draw outside a window", STRUCK["circle"], 58, page, ink, width=1.5),
        "SCAN_OUTSIDE_WINDOW": Item("scan outside a window", STRUCK["square"], 58, page, ink, width=1.5),
        "WINDOW_NOT_YET_DUE": ahead,
    }
    # Several codes share a mark; the first that occurs brings it.
    same = {"WINDOW_DONE_OUTSIDE_WINDOW": window, "WINDOW_DUE_NOW": ahead, "WINDOW_CLOSES_SOON": ahead}
    return items | same


def _new_lesions(canvas: Canvas) -> dict[str, Item]:
    """Marks of the row of new lesions."""
    words = {
        "FOUND": "new lesion found",
        "UNSIZED": "new lesion found, not measured",
        "FOLLOWED": "new lesion, later scan",
        "ABSENT": "new lesion no longer seen",
    }
    return {f"NEW_LESION_{code}": Item(text, **new_lesion_look(canvas, code)) for code, text in words.items()}


def _local_marks(canvas: Canvas) -> dict[str, Item]:
    """Marks of the row of local treatments."""
    theme = canvas.theme
    grey, page = theme.secondary, theme.page
    letters = {"EQUIVOCAL": "?"}
    found = {
        f"LESION_{code}": Item(text, **lesion_look(canvas, code), width=1.4, letters=letters.get(code, ""))
        for code, text in STATES.items()
    }
    names = {"RADIOTHERAPY": "radiotherapy", "ABLATION": "ablation", "SURGERY": "surgery"}
    treated = {kind: Item(text, SHAPES[kind], 90, theme.text, page) for kind, text in names.items()}
    biopsy = Item("biopsy", SHAPES["BIOPSY"], 90, page, grey)
    genes = replace(biopsy, text="biopsy, genes tested", fill=grey)
    return {**treated, **found, "BIOPSY": biopsy, "BIOPSY_GENES": genes}


def _unreliable(canvas: Canvas) -> list[Item]:
    """The shaded days after local treatments, with their number (clinical-decisions A17)."""
    after = {"SURGERY": "surgery", "ABLATION": "ablation", "RADIOTHERAPY": "radiotherapy"}
    days: dict[int, list[str]] = {}
    for event in canvas.reaching("UNRELIABLE"):
        names = days.setdefault((event["ended_on"] - event["occurred_on"]).days, [])
        name = "SBRT" if event["modality"] == "sbrt" else after.get(event["code"])
        names += [name] if name is not None and name not in names else []
    shade, edge = canvas.theme.unreliable, canvas.theme.attention
    return [
        Item(
            f"≤ {n} days after {' or '.join(names)}: cfDNA from trauma, result unreliable",
            "square",
            160,
            shade,
            edge,
            width=1,
            dash=UNRELIABLE_DASH,
        )
        for n, names in sorted(days.items())
    ]


def _responses(theme: Theme, present: Iterable[str]) -> list[Item]:
    found = set(present)
    items = [Item("baseline scan", "square", 90, theme.page, theme.text)] if "BASELINE" in found else []
    for code, words in RESPONSE_WORDS.items():
        if code in found and code in vocabulary.RESPONSES:
            items.append(_response(code, words, theme=theme))
    progression = _response("PD", "clinical progression", theme=theme)
    if "CNS" in found:
        items.append(Item("in the central nervous system", "circle", 210, CLEAR, theme.action, width=1.6))
    if "STOPPED" in found:
        stopped = "treatment stopped for progression, no assessment recorded"
        items.append(replace(progression, text=stopped, fill=theme.page, letters="", width=2.5))
    if "CLINICAL" in found:
        items.append(replace(progression, fill=theme.page, width=2, ink=theme.text))
    if "AFTER_PROGRESSION" in found:
        words = "after progression, same treatment"
        items.append(Item(words, "square", 150, theme.lane, theme.secondary, width=1))
    return items


def _response(code: str, words: str, *, theme: Theme) -> Item:
    look = response_symbol(code, size_px=16, theme=theme)
    letters, ink = response_letters(code, theme=theme)
    place = (look["shape"], look["size"], look["fill"], look["stroke"])
    return Item(words, *place, width=look["edge_width"], letters=letters, ink=ink)


def _wrapped(items: Sequence[Item], *, width: float, least_text_px: float) -> list[list[Item]]:
    rows: list[list[Item]] = []
    used = width + 1
    for item in dict.fromkeys(items):
        room_px = item.room_px(least_text_px)
        if used + room_px > width:
            rows.append([])
            used = 0
        rows[-1].append(item)
        used += room_px
    return rows


def _row(canvas: Canvas, items: Sequence[Item], *, y: float) -> list[Layer]:
    layers: list[Layer] = []
    left = FIRST_PX - LEFT_PX * canvas.axis.text_scale
    for item in items:
        layers += _item(canvas, item, left=left, y=y)
        left += item.room_px(canvas.options.least_text_px)
    return layers


def _item(canvas: Canvas, item: Item, *, left: float, y: float) -> list[Layer]:
    """One item at fixed pixels: line, mark, letters, words."""
    layers: list[Layer] = []
    centre = {"x": {"value": left}, "y": {"value": y}}
    if item.line:
        ends = {"x": {"value": left - 9}, "x2": {"value": left + 9}, "y": {"value": y}}
        rule = {"type": "rule", "strokeWidth": item.line, "color": item.stroke}
        layers.append(marks.layer([{}], mark=rule, encoding=ends))
    look = {"shape": item.shape, "size": item.size, "fill": item.fill, "stroke": item.stroke}
    style = {"type": "point", "opacity": 1, "strokeWidth": item.width, "strokeDash": list(item.dash)}
    layers.append(marks.layer([{}], mark={**style, **look}, encoding=centre))
    text = {"type": "text", "baseline": "middle", "font": FONT}
    if item.letters:
        drop = 1.4 if item.shape == "triangle-up" else 0.5
        word = {**text, "text": item.letters, "fontSize": 8.5, "fontWeight": 700, "dy": drop}
        layers.append(
            marks.layer([{}], mark={**word, "color": item.ink or canvas.theme.text}, encoding=centre)
        )
    words = {**text, "text": item.text, "fontSize": TEXT_PX, "align": "left", "color": canvas.theme.text}
    place = {"x": {"value": left + 13}, "y": {"value": y}}
    return [*layers, marks.layer([{}], mark=words, encoding=place)]
