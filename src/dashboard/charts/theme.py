"""Colours, shapes and type of every chart, in the light and the dark theme.

What a colour means stands in studies.vocabulary; this module makes one object per theme of it and adds the
few colours that carry no clinical meaning. Colours are never alone: a response has a shape and letters.
"""

from dataclasses import dataclass
from typing import Any, Literal

from dashboard.studies import vocabulary
from dashboard.studies.vocabulary import Shade

ThemeName = Literal["light", "dark"]
FONT = '"Source Sans", "Source Sans Pro", "Source Sans 3", sans-serif'

LANE = Shade("#F1F3F7", "#1A222D")
TARGET_SUM = Shade("#3B4A5E", "#C3CCD8")
PROGRESSION_SUM = Shade("#B04E00", "#E8843A")
# Shortly after surgery or ablation: cell-free DNA from trauma (clinical-decisions A17).
UNRELIABLE = Shade("#FFF3D6", "#33270D")


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Colours of one theme, by meaning."""

    name: ThemeName
    page: str
    text: str
    secondary: str
    border: str
    grid: str
    lane: str
    primary: str
    window: str
    action: str
    attention: str
    summary: str
    target_sum: str
    progression_sum: str
    unreliable: str
    line_band: tuple[str, ...]
    bar_fill: tuple[str, ...]
    bar_edge: tuple[str, ...]
    variants: tuple[str, ...]
    groups: tuple[str, ...]
    other_origin: str
    marker: str


def theme_of(name: ThemeName) -> Theme:
    """The theme of this name."""

    def one(shade: Shade) -> str:
        return shade.dark if name == "dark" else shade.light

    def several(shades: tuple[Shade, ...]) -> tuple[str, ...]:
        return tuple(one(shade) for shade in shades)

    words = vocabulary.THEME
    return Theme(
        name=name,
        page=one(words["page"]),
        text=one(words["text"]),
        secondary=one(words["secondary_text"]),
        border=one(words["border"]),
        grid=one(words["grid"]),
        lane=one(LANE),
        primary=one(words["primary"]),
        window=one(words["window_fill"]),
        action=one(words["action_text"]),
        attention=one(words["attention_text"]),
        summary=one(vocabulary.CTDNA_LINE),
        target_sum=one(TARGET_SUM),
        progression_sum=one(PROGRESSION_SUM),
        unreliable=one(UNRELIABLE),
        line_band=several(vocabulary.TREATMENT_BANDS),
        bar_fill=several(vocabulary.TREATMENT_FILLS),
        bar_edge=several(vocabulary.TREATMENT_EDGES),
        variants=several(vocabulary.VARIANTS),
        groups=several(vocabulary.GROUPS),
        other_origin=one(vocabulary.POSSIBLY_NOT_TUMOUR),
        marker=one(vocabulary.TUMOUR_MARKER),
    )


def count_axis(theme: Theme) -> dict[str, Any]:
    """Axes of a chart of counts or changes over time: quiet words, a grid."""
    return {
        **_axis(theme, label_px=11.5, title_px=11.5),
        "labelColor": theme.secondary,
        "titleColor": theme.secondary,
        "domainColor": theme.border,
    }


def curve_axis(theme: Theme) -> dict[str, Any]:
    """Axes of a chart of steps: the title as dark as the words, the numbers quiet, a grid."""
    return {
        **_axis(theme, label_px=11.5, title_px=12),
        "labelColor": theme.secondary,
        "titleColor": theme.text,
        "domainColor": theme.border,
    }


def bar_axis(theme: Theme) -> dict[str, Any]:
    """Axes of bars with names: the names as dark as the words, a grid."""
    return {
        **_axis(theme, label_px=12, title_px=12),
        "labelColor": theme.text,
        "titleColor": theme.secondary,
    }


def _axis(theme: Theme, *, label_px: float, title_px: float) -> dict[str, Any]:
    return {
        "labelFontSize": label_px,
        "titleFontSize": title_px,
        "titleFontWeight": "normal",
        "gridColor": theme.grid,
        "tickColor": theme.border,
    }


def line_place(line: int | None) -> int:
    """Which of the three line colours a line of therapy takes; the fourth line begins again."""
    return ((line or 1) - 1) % 3


STAR = (
    "M0,-1L0.294,-0.405L0.951,-0.309L0.476,0.155L0.588,0.809L0,0.5"
    "L-0.588,0.809L-0.476,0.155L-0.951,-0.309L-0.294,-0.405Z"
)
SHAPES = {"star": STAR}
# Area of a symbol relative to the square of its nominal size, so that all look equally large.
AREAS = {"circle": 0.82, "diamond": 1.5, "square": 0.7, "triangle-up": 1.45, "star": 1.0, "cross": 0.8}


def response_symbol(code: str, *, size_px: float, theme: Theme) -> dict[str, Any]:
    """Shape, area, fill and edge of a response at a nominal size; without a fill it has that of the page."""
    mark = vocabulary.RESPONSES.get(code, vocabulary.RESPONSES["MISSING"])
    fill = mark.fill or theme.page
    return {
        "shape": SHAPES.get(mark.shape, mark.shape),
        "size": round(AREAS[mark.shape] * size_px * size_px),
        "fill": fill,
        "stroke": mark.edge or fill,
        "edge_width": mark.edge_width or 0.6,
    }


def response_letters(code: str, *, theme: Theme) -> tuple[str, str]:
    """Letters inside the mark and their colour; nothing where the letters do not fit."""
    mark = vocabulary.RESPONSES.get(code, vocabulary.RESPONSES["MISSING"])
    letters = mark.letters if mark.letters and len(mark.letters) == 2 else ""
    return letters, mark.letter_colour or theme.text
