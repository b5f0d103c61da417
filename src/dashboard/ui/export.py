"""Export of a page: numbers of each figure as CSV, drawings as PNG and SVG; recorded before offered."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from textwrap import shorten

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.report.figure_files import figure_png, figure_svg
from dashboard.ui.context import PageContext

PICTURE_WIDTH_PX = 1000
NOTHING_TO_SAVE = "These patients have no numbers to save."
WORDS = "Numbers and drawings with study, data cut and cohort; each export is recorded."
# As `cohort_line` writes it into every footer.
COHORT = re.compile(r"cohort: (.*) \((\d+) of (\d+) patients\)")
MOST_LETTERS = 60
# Only these are lost in a file name without telling two cohorts less apart.
TOLD_WHOLE = re.compile(r"[A-Za-z0-9 :,·()/-]*")
Exported = Figure | Callable[[], Figure | None]
KINDS = {"csv": "text/csv", "png": "image/png", "svg": "image/svg+xml"}


def export_row(context: PageContext, figures: Mapping[str, Exported], *, what: str) -> None:
    """One button; the files of the figures, by their titles, are offered once the audit trail has the export.

    `what` names the page in the audit trail and in the names of the files. A figure that the page does not
    show is made only then; one that these patients do not have is left out.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Export", icon=":material/download:"):
            asked = {title: one if isinstance(one, Figure) else one() for title, one in figures.items()}
            made = {title: figure for title, figure in asked.items() if figure is not None}
            if not made:
                st.markdown(NOTHING_TO_SAVE)
                return
            context.record_export(what, figures=list(made), footer=all_footers(made.values()))
            save_buttons(context, made, what=what)
        st.caption(WORDS)


def all_footers(figures: Iterable[Figure]) -> str:
    """Every footer once, a line each: the cohorts of what is taken out differ on a page."""
    return "\n".join(dict.fromkeys(figure.footer for figure in figures))


def save_buttons(context: PageContext, figures: Mapping[str, Figure], *, what: str) -> None:
    """A button for every file of the figures; nothing of a figure without numbers."""
    for title, figure in figures.items():
        titled = _in_a_name(f"{title} {part_of_cohort(figure.footer)}")
        name = f"{context.study.study_id}-{what}-{titled}-{context.snapshot.cut_off.isoformat()}"
        if len(figure.numbers):
            _save(f"Save {title} as CSV", figure.csv(), f"{name}.csv")
        if figure.spec:
            drawn = replace(figure, spec={**figure.spec, "width": PICTURE_WIDTH_PX})
            _save(f"Save {title} as PNG", figure_png(drawn), f"{name}.png")
            _save(f"Save {title} as SVG", figure_svg(drawn), f"{name}.svg")


def part_of_cohort(footer: str) -> str:
    """Of which patients a file is, for its name: "Sex: Female 30 of 320 patients"; "" where of all of them.

    Words of a long choice are cut at the end of a word. Where the name cannot hold them whole, four digits
    made of all of them keep "age ≥ 65" and "age < 65" two files.
    """
    found = COHORT.search(footer)
    if not found or found[2] == found[3]:
        return ""
    words = shorten(found[1], MOST_LETTERS, placeholder="").rstrip(" ·,:")
    if words != found[1] or not TOLD_WHOLE.fullmatch(words):
        words = f"{words} {hashlib.sha256(found[1].encode()).hexdigest()[:4]}".lstrip()
    return f"{words} {found[2]} of {found[3]} patients"


def _in_a_name(title: str) -> str:
    """The title as part of a file name that every system accepts."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _save(label: str, content: str | bytes, name: str) -> None:
    mime = KINDS[name.rpartition(".")[2]]
    st.download_button(label, content, file_name=name, mime=mime, on_click="ignore")
