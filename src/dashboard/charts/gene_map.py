"""Patients by genes (oncoprint): marks by height and colour, not covered hatched, not sampled empty."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts.theme import FONT, Theme, ThemeName, theme_of

ROW_PX = 22
GROUND_PX = 18
LABEL_PX = 80
CELL = ("patient", "place", "gene", "ground", "marks", "words")
# Place to the right of the patients for the counts, as a share of all patients.
COUNT_SHARE = 0.09
# Name in the data to the words of the legend and the height of the mark; taller ones lie behind.
MARKS = {
    "CTDNA": ("ctDNA detected", 8),
    "COPY_NUMBER": ("Amplification or deletion", 18),
    "SNV": ("SNV", 11),
    "OTHER": ("Indel or other", 5),
    "POSSIBLE_CHIP": ("Possible other origin", 8),
}
GROUNDS = {"COVERED": "Not detected", "NOT_COVERED": "Not covered"}
# Slanting lines of one row over the whole width.
MOST_LINES = 160
HATCHED = "M-0.9,0.9L0.9,-0.9M-0.9,-0.9L0.9,-0.9L0.9,0.9L-0.9,0.9Z"


@dataclass(frozen=True, kw_only=True)
class GeneMapOptions:
    """Theme, the genes from top to bottom, how many patients there are, and the words behind each row.

    `note` stands under the drawing.
    """

    genes: tuple[str, ...]
    n_patients: int
    counts: tuple[str, ...]
    note: str = ""
    theme: ThemeName = "light"


def gene_map_chart(cells: pd.DataFrame, *, options: GeneMapOptions) -> dict[str, Any]:
    """Vega-Lite specification of cells with patient, place, gene, ground, marks (a tuple) and words."""
    theme = theme_of(options.theme)
    rows = [_cell(row) for row in zip(*(cells[name].tolist() for name in CELL), strict=True)]
    x, y = _x(options), _y(options.genes)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": theme.page,
        **({"title": _note(options, theme)} if options.note else {}),
        "width": "container",
        "height": {"step": ROW_PX},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "encoding": {"y": y},
        "layer": [
            *_grounds(rows, x, y, theme=theme, n_patients=options.n_patients),
            *_found(rows, x, theme),
            _pointed(rows, x),
            _counts(options, x, theme),
            _legend(rows, x, theme),
        ],
        "config": _config(theme),
    }


def _x(options: GeneMapOptions) -> dict[str, Any]:
    """Patients side by side, with room for the counts behind the last."""
    scale = {"domain": [0, options.n_patients * (1 + COUNT_SHARE)], "nice": False, "zero": False}
    return {"field": "from", "type": "quantitative", "scale": scale, "axis": None}


def _note(options: GeneMapOptions, theme: Theme) -> dict[str, Any]:
    return {
        "text": options.note,
        "orient": "bottom",
        "anchor": "end",
        "fontSize": 11,
        "fontWeight": "normal",
        "color": theme.secondary,
    }


def _grounds(
    rows: list[dict[str, Any]], x: dict[str, Any], y: dict[str, Any], *, theme: Theme, n_patients: int
) -> list[dict[str, Any]]:
    """What lies behind the marks: grey where the gene is covered, hatched where it is not."""
    covered, not_covered = (
        [row for row in rows if row["ground"] == ground] for ground in ("COVERED", "NOT_COVERED")
    )
    n_lines = max(1, MOST_LINES // max(1, n_patients))
    return [
        _bars(covered, x, colour=theme.grid, height=GROUND_PX),
        _hatched(not_covered, x, y, theme=theme, n_lines=n_lines),
    ]


def _found(rows: list[dict[str, Any]], x: dict[str, Any], theme: Theme) -> list[dict[str, Any]]:
    """One layer per kind of alteration, taller marks behind lower ones."""
    return [
        _bars([row for row in rows if kind in row["marks"]], x, colour=colour, height=MARKS[kind][1])
        for kind, colour in _colours(theme).items()
    ]


def _colours(theme: Theme) -> dict[str, str]:
    return {
        "CTDNA": theme.secondary,
        "COPY_NUMBER": theme.groups[2],
        "SNV": theme.groups[0],
        "OTHER": theme.groups[1],
        "POSSIBLE_CHIP": theme.other_origin,
    }


def _cell(row: tuple[Any, ...]) -> dict[str, Any]:
    patient, place, gene, ground, marks, words = row
    return {
        "patient": str(patient),
        "gene": str(gene),
        "words": str(words),
        "ground": str(ground),
        "marks": list(marks),
        "from": place + 0.06,
        "to": place + 0.94,
    }


def _y(genes: Sequence[str]) -> dict[str, Any]:
    axis = {"ticks": False, "domain": False, "grid": False, "minExtent": LABEL_PX, "labelPadding": 8}
    return {"field": "gene", "type": "nominal", "sort": list(genes), "title": None, "axis": axis}


def _bars(rows: list[dict[str, Any]], x: dict[str, Any], *, colour: str, height: int) -> dict[str, Any]:
    values = [{name: row[name] for name in ("gene", "from", "to")} for row in rows]
    return {
        "data": {"values": values},
        "mark": {"type": "bar", "height": height, "color": colour, "opacity": 1},
        "encoding": {"x": x, "x2": {"field": "to"}},
    }


def _hatched(
    rows: list[dict[str, Any]], x: dict[str, Any], y: dict[str, Any], *, theme: Theme, n_lines: int
) -> dict[str, Any]:
    """Slanting lines in each cell, fewer where cells are narrow: side by side they are a hatching."""
    values = [
        {"gene": row["gene"], "from": row["from"] + step * part, "to": row["from"] + step * (part + 1)}
        for row in rows
        for step in ((row["to"] - row["from"]) / n_lines,)
        for part in range(n_lines)
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "rule", "color": theme.other_origin, "strokeWidth": 0.9},
        "encoding": {
            "x": x,
            "x2": {"field": "to"},
            "y": {**y, "bandPosition": 0.86},
            "y2": {"field": "gene", "bandPosition": 0.14},
        },
    }


def _pointed(rows: list[dict[str, Any]], x: dict[str, Any]) -> dict[str, Any]:
    """Invisible cells that carry the tooltips, the empty ones too."""
    shown = {"patient": "Patient", "gene": "Gene", "words": "Result"}
    values = [{name: row[name] for name in ("patient", "gene", "words", "from", "to")} for row in rows]
    return {
        "data": {"values": values},
        "mark": {"type": "bar", "height": GROUND_PX, "opacity": 0},
        "encoding": {
            "x": x,
            "x2": {"field": "to"},
            "tooltip": [{"field": name, "title": title, "type": "nominal"} for name, title in shown.items()],
        },
    }


def _counts(options: GeneMapOptions, x: dict[str, Any], theme: Theme) -> dict[str, Any]:
    values = [
        {"gene": gene, "from": options.n_patients, "text": text}
        for gene, text in zip(options.genes, options.counts, strict=True)
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 11.5, "color": theme.text},
        "encoding": {"x": x, "text": {"field": "text"}},
    }


def _legend(rows: list[dict[str, Any]], x: dict[str, Any], theme: Theme) -> dict[str, Any]:
    """Points outside the drawing, for a legend of what is drawn."""
    present = {kind for row in rows for kind in row["marks"]}
    entries = [
        (MARKS[kind][0], _flat(MARKS[kind][1] / GROUND_PX), colour, colour)
        for kind, colour in _colours(theme).items()
        if kind in present
    ]
    grounds = {row["ground"] for row in rows}
    ground_marks = {
        "COVERED": (_flat(1.0), theme.grid, theme.grid),
        "NOT_COVERED": (HATCHED, theme.page, theme.other_origin),
    }
    entries += [(GROUNDS[one], *ground_marks[one]) for one in GROUNDS if one in grounds]
    names = [entry[0] for entry in entries]

    def by_mark(place: int) -> dict[str, Any]:
        scale = {"domain": names, "range": [entry[place] for entry in entries]}
        legend = {"orient": "top", "direction": "horizontal", "columns": len(names), "symbolSize": 90}
        return {"field": "mark", "type": "nominal", "title": None, "scale": scale, "legend": legend}

    outside = [{"mark": name, "from": -10, "gene": rows[0]["gene"] if rows else ""} for name in names]
    return {
        "data": {"values": outside},
        "mark": {"type": "point", "clip": True, "opacity": 1, "strokeWidth": 1},
        "encoding": {"x": x, "shape": by_mark(1), "fill": by_mark(2), "stroke": by_mark(3)},
    }


def _flat(share: float) -> str:
    """A box of the full width and this share of the height."""
    half = round(0.9 * share, 3)
    return f"M-0.9,{-half}L0.9,{-half}L0.9,{half}L-0.9,{half}Z"


def _config(theme: Theme) -> dict[str, Any]:
    axis = {"labelColor": theme.text, "labelFontSize": 12}
    legend = {"labelColor": theme.text, "labelFontSize": 12, "labelLimit": 260}
    return {"font": FONT, "view": {"stroke": None}, "axis": axis, "legend": legend}
