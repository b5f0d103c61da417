"""The MDT page of a patient as PDF, and the pack of a meeting: one sheet each (clinical-decisions A16)."""

import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst

from dashboard.figures.patient.report import RESEARCH_USE, PatientReport
from dashboard.figures.patient.report_timeline import LEAST_POINTS
from dashboard.report.figure_files import FONTS, drawing, size_of
from dashboard.tables.formats import format_date
from dashboard.tables.header_strip import Cell
from dashboard.tables.patient_statements import headed

FOLDER = Path(__file__).parent
TEMPLATE = FOLDER / "mdt.typ"
CANNOT_PRINT = "\N{WHITE SQUARE}"
CANNOT_PRINT_NOTE = f"{CANNOT_PRINT} stands for a character that this file cannot print."
SPACES = re.compile(r"\s+")
LEFT_OUT = "A decision is recorded; it is left out of a de-identified page."
# Characters that fill one line of the sheet beside the heading and the words that follow a cut.
MOST_EARLIER = 130
# Beside everything else a longer decision would not leave the sheet one page.
MOST_DECISION = {"text": 450, "next_action": 150, "owner": 60, "due": 60, "recorded": 120}
ELSEWHERE = "see the patient page"


@dataclass(frozen=True, kw_only=True)
class RecordedDecision:
    """The decision on a case as recorded, in words; `due` and `recorded` name no day where none may stand."""

    text: str
    next_action: str = ""
    owner: str = ""
    due: str = ""
    recorded: str = ""


@dataclass(frozen=True, kw_only=True)
class MdtCase:
    """One patient with the question to be answered; without one the page has a ruled line for it.

    `decision`: what is recorded on this case; without it the page has ruled room for the meeting to write.
    `earlier`: the last decision of another meeting, as a heading and its text, of which one line is shown.
    """

    report: PatientReport
    question: str = ""
    decision: RecordedDecision | None = None
    earlier: tuple[str, str] = ("", "")


@dataclass(frozen=True, kw_only=True)
class MdtPack:
    """The cases of a meeting in the order of its agenda."""

    title: str
    held_on: dt.date
    cases: tuple[MdtCase, ...]


class MixedPack(ValueError):
    """Cases of one pack come from different data cuts, or only some are de-identified."""


def mdt_page(case: MdtCase) -> bytes:
    """One A4 page, PDF/UA-1, with selectable text."""
    report = case.report
    content = {
        "title": f"{report.patient_id}, MDT page",
        "footer": report.footer,
        "versions": report.versions,
        "purpose": RESEARCH_USE,
        "cut": report.cut,
        "contents": False,
        "deidentified": report.is_deidentified,
        "cases": [_case(case, above=report.study)],
    }
    return _compiled(content)


def mdt_pack(pack: MdtPack, *, progress: Callable[[int, int], None] | None = None) -> bytes:
    """Contents, then one page per case. `progress` is told how many of how many cases are drawn.

    A pack names one data cut: raises MixedPack for cases of several, and ValueError for a pack without cases.
    """
    first = _one_cut([case.report for case in pack.cases])
    n, drawn = len(pack.cases), []
    for place, case in enumerate(pack.cases, start=1):
        drawn.append(_case(case, above=f"{_meeting(pack, first)} · case {place} of {n}"))
        if progress is not None:
            progress(place, n)
    content = {
        "title": _meeting(pack, first),
        "footer": first.footer,
        "versions": first.versions,
        "purpose": RESEARCH_USE,
        "cut": "" if first.is_deidentified else format_date(first.cut_off),
        "contents": True,
        "deidentified": first.is_deidentified,
        "cases": drawn,
    }
    return _compiled(content)


def page_name(report: PatientReport) -> str:
    """Study id and date of the data cut, nothing else; de-identified without the date."""
    if report.is_deidentified:
        return f"{report.patient_id}-study-days.pdf"
    return f"{report.patient_id}-{report.cut_off.isoformat()}.pdf"


def pack_name(pack: MdtPack) -> str:
    """Date of the meeting; de-identified only that it is a pack."""
    is_deidentified = any(case.report.is_deidentified for case in pack.cases)
    return "mdt-pack-study-days.pdf" if is_deidentified else f"mdt-pack-{pack.held_on.isoformat()}.pdf"


def _meeting(pack: MdtPack, report: PatientReport) -> str:
    """Title with the date; a de-identified pack has neither, for a title may hold a date or a name."""
    return "MDT pack" if report.is_deidentified else f"{pack.title}, {format_date(pack.held_on)}"


def _one_cut(reports: Sequence[PatientReport]) -> PatientReport:
    if not reports:
        raise ValueError("a pack needs at least one case; it has none")
    feet = {report.footer for report in reports}
    if len(feet) > 1:
        raise MixedPack(f"a pack has one study and data cut; found {sorted(feet)}")
    return reports[0]


def _case(case: MdtCase, *, above: str) -> dict[str, Any]:
    report = case.report
    picture = drawing(report.timeline)
    width, height = size_of(picture)
    # A question is free text: it may name a date or a person.
    question = "" if report.is_deidentified else case.question
    return {
        "above": above,
        "patient_id": report.patient_id,
        "identity": report.identity,
        "about": _about(report.cells),
        "cut": report.cut,
        "question": SPACES.sub(" ", question).strip(),
        "decision": _decision(case),
        "earlier": _earlier(case),
        "cells": [_cell(cell) for cell in report.cells],
        "lines": [{"label": one.label, "text": one.text, "late": one.is_late} for one in report.lines],
        "said": [
            {"head": text, "rest": ""} if text in report.warnings else _sentence(text) for text in report.said
        ],
        "unknown": [_sentence(text) for text in report.unknown],
        "issues": report.issues,
        "n_issues": report.n_issues,
        "treatments": report.treatments,
        "responses": report.responses,
        "toxicities": report.toxicities,
        "organs": report.organs,
        "viral": report.viral,
        "variant_head": report.variant_head,
        "variants": report.variants,
        "more_variants": report.n_more_variants,
        "variant_notes": [_sentence(text) for text in report.variant_notes],
        "no_variant": report.no_variant,
        "timeline": picture,
        "timeline_width": width,
        "timeline_height": height,
        "timeline_points": LEAST_POINTS,
        "alt": report.timeline.alt,
        "note": report.timeline_note,
    }


def _about(cells: Sequence[Cell]) -> str:
    """Diagnosis and line for the contents; of a patient not seen for long, when the line was last known."""
    diagnosis, line = cells[:2]
    late = " ".join(one.text for one in line.lines if one.is_late)
    return f"{diagnosis.value} · {line.value}{f' {late}' if late else ''}"


def _decision(case: MdtCase) -> dict[str, str] | None:
    """The recorded decision; de-identified only that there is one, for it is free text and names people."""
    if case.decision is None:
        return None
    said = RecordedDecision(text=LEFT_OUT) if case.report.is_deidentified else case.decision
    return {name: _cut(text, most=MOST_DECISION[name]) for name, text in asdict(said).items()}


def _earlier(case: MdtCase) -> dict[str, str] | None:
    head, said = case.earlier
    if not head or case.report.is_deidentified:
        return None
    return {"head": head, "text": _cut(said, most=MOST_EARLIER)}


def _cut(text: str, *, most: int) -> str:
    """The text in one paragraph; a longer one cut, which is said."""
    said = SPACES.sub(" ", text).strip()
    return said if len(said) <= most else f"{said[:most].rstrip()} … ({ELSEWHERE})"


def _cell(cell: Any) -> dict[str, Any]:
    lines = [{"text": line.text, "late": line.is_late} for line in cell.lines]
    return {"title": cell.title, "value": cell.value, "lines": lines}


def _sentence(text: str) -> dict[str, str]:
    """The words before a colon stand in bold, as on the patient page."""
    head, rest = headed(text)
    return {"head": head, "rest": rest}


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _characters() -> frozenset[str]:
    return frozenset((FONTS / "characters.txt").read_text(encoding="utf-8")) | {"\t"}


def printable(text: str) -> str:
    """The text with □ for every character our fonts lack; PDF/UA allows no other gap."""
    missing = set(text) - _characters()
    return text.translate({ord(one): CANNOT_PRINT for one in missing}) if missing else text


def _compiled(content: dict[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False)
    shown = printable(text)
    if shown != text:
        shown = json.dumps({**json.loads(shown), "purpose": f"{content['purpose']} · {CANNOT_PRINT_NOTE}"})
    return compile_pdf(TEMPLATE, inputs={"data": shown})


def compile_pdf(template: Path, *, inputs: dict[str, str]) -> bytes:
    """PDF/UA-1 of a template with our fonts and no others."""
    return typst.compile(
        template,
        root=template.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="ua-1",
        sys_inputs=inputs,
    )
