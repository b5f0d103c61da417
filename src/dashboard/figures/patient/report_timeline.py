"""The timeline as the one-page report prints it: the same drawing, in a size that can be read on a sheet."""

from dataclasses import replace
from typing import Any, Literal

from dashboard.charts.timeline import patient_timeline
from dashboard.figures.figure import Figure
from dashboard.figures.patient.timeline import TimelineRequest, patient_timeline_figure, timeline_options
from dashboard.store.reader import Reader
from dashboard.studies import vocabulary

# Width over height of the picture on the page, and what the legend adds to the height of the panels.
# Smallest type on the sheet and the width between its margins, in points.
LEAST_POINTS, PAGE_POINTS = 7.4, 527
LETTERS_PX, LETTERS_GROW = 8.5, 1.15
# Of a response, and of a result that is pending.
LETTERS = frozenset({*(mark.letters for mark in vocabulary.RESPONSES.values() if mark.letters), "P"})
PAGE_ASPECT, LEGEND_PX, NARROWEST_PX, PANEL_PX = 1.5, 71, 772, 150
# Four or more treated lesions make the panels taller than this, and their treatments leave less of the sheet.
TALL_PX, TALL_ASPECT = 750, 1.7


def page_timeline(reader: Reader, patient_id: str, *, is_study_time: bool) -> Figure:
    """The timeline of the patient page, drawn as wide as its height asks for on the width of a sheet."""
    time: Literal["study_time", "dates"] = "study_time" if is_study_time else "dates"
    request = TimelineRequest(patient_id=patient_id, time=time, other_origin=True)
    figure = patient_timeline_figure(reader, request)
    plain = replace(timeline_options(reader, request), panel_px=PANEL_PX)
    height = float(patient_timeline(figure.rows, options=plain)["height"])
    aspect = PAGE_ASPECT if height <= TALL_PX else TALL_ASPECT
    width = round((height + LEGEND_PX) * aspect)
    width = max(NARROWEST_PX, width)
    least_px = LEAST_POINTS * width / PAGE_POINTS
    options = replace(plain, width_px=width, least_text_px=least_px)
    return replace(
        figure, spec=larger_text(patient_timeline(figure.rows, options=options), least_px=least_px)
    )


def larger_text(spec: dict[str, Any], *, least_px: float) -> dict[str, Any]:
    """The drawing with no type smaller than this: on a sheet it is drawn smaller than on the screen.

    Letters inside a mark that has no room for them in that size are left out; shape and colour say the same,
    and so does the legend.
    """

    def is_left_out(part: Any) -> bool:
        if not _is_text(part):
            return False
        size = part["mark"]["fontSize"]
        return size <= LETTERS_PX or (_is_letters(part) and LETTERS_GROW * size < least_px)

    def raised(name: str, part: Any) -> Any:
        if name.lower().endswith("fontsize"):
            return max(float(part), round(least_px, 1))
        if isinstance(part, dict):
            return {inner: raised(inner, value) for inner, value in part.items()}
        if isinstance(part, list):
            return [raised("", one) for one in part if not is_left_out(one)]
        return part

    return dict(raised("", spec))


def _is_text(part: Any) -> bool:
    mark = part.get("mark") if isinstance(part, dict) else None
    return isinstance(mark, dict) and mark.get("type") == "text"


def _is_letters(part: Any) -> bool:
    """Whether these are letters inside marks: "PR", "PD", "NED"."""
    if not _is_text(part):
        return False
    words = [str(row.get("text", "")) for row in part.get("data", {}).get("values", [])]
    return bool(words) and LETTERS.issuperset(words)
