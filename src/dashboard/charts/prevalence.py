"""Alterations by gene: shares with their exact intervals, or counts of patients, the most frequent first."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts.theme import FONT, Theme, ThemeName, bar_axis, theme_of
from dashboard.tables.biomarkers import detected_words, is_chip_only
from dashboard.tables.shares import per_cent

ROW_PX = 25
LABEL_PX = 90
NO_BAR = {"k": 0, "n": 0, "shown": 0, "lower": 0, "upper": 0, "until": 0.0}


@dataclass(frozen=True, kw_only=True)
class PrevalenceOptions:
    """Theme; `is_share` draws per cent of the assessable, else patients; `is_followed` names these so."""

    theme: ThemeName = "light"
    is_share: bool = True
    is_followed: bool = False


def prevalence_chart(rows: pd.DataFrame, *, options: PrevalenceOptions) -> dict[str, Any]:
    """Vega-Lite specification of rows in order.

    They have gene, n_detected, n_assessable, n_with_ctdna, n_no_ctdna, n_possible_chip_only, n_not_covered,
    share, lower, upper; the last three as fractions. Possible clonal haematopoiesis alone: words, no bar.
    """
    theme = theme_of(options.theme)
    values = [_value(row, options=options) for row in rows.to_dict("records")]
    longest = max([1.0, *(one["until"] for one in values)])
    of = "assessable for the gene, with ctDNA in the sample"
    if options.is_followed:
        of = "whose assay follows the gene"
    title = f"per cent of the patients {of}" if options.is_share else f"patients; faint: all {of}"
    y = {
        "field": "gene",
        "type": "nominal",
        "sort": [one["gene"] for one in values],
        "title": None,
        "axis": {"ticks": False, "domain": False, "minExtent": LABEL_PX, "labelPadding": 8},
    }
    x = {
        "field": "shown",
        "type": "quantitative",
        "title": title,
        "scale": {"domain": [0, round(longest * 1.02, 3)], "nice": False},
        "axis": {"tickCount": 6, "tickMinStep": 1, "grid": True, "domain": False, "format": "d"},
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": theme.page,
        "width": "container",
        "height": {"step": ROW_PX},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"values": values},
        "encoding": {"y": y, "tooltip": _tooltip(options)},
        "layer": _layers(x, theme, is_share=options.is_share),
        "config": _config(theme),
    }


def _per_cent_words(row: dict[Any, Any]) -> str:
    share, lower, upper = (per_cent(float(row[name])) for name in ("share", "lower", "upper"))
    return f"{share} % ({lower}–{upper})"


def _value(row: dict[Any, Any], *, options: PrevalenceOptions) -> dict[str, Any]:
    # Where an assay follows known variants of the gene, one is found whenever there is ctDNA at all.
    n = int(row["n_assessable" if options.is_followed else "n_with_ctdna"])
    k, n_not = int(row["n_detected"]), int(row["n_not_covered"])
    is_share = options.is_share
    if is_chip_only(row):
        return {"gene": str(row["gene"]), "words": detected_words(row), "percent": "", **NO_BAR}
    # Among followed genes those without ctDNA are part of the n before them, else they stand beside it.
    before, whose = (", ", " of them") if options.is_followed else (" · ", "")
    without = f"{before}{row['n_no_ctdna']}{whose} without ctDNA" if row["n_no_ctdna"] else ""
    outside = f" · {n_not} not {'followed' if options.is_followed else 'covered'}" if n_not else ""
    shares = [round(100 * float(row[name]), 4) for name in ("share", "lower", "upper")] if is_share else []
    return {
        "gene": str(row["gene"]),
        "k": k,
        "n": n,
        "shown": shares[0] if is_share else k,
        "lower": shares[1] if is_share else 0,
        "upper": shares[2] if is_share else n,
        "until": shares[2] if is_share else float(n),
        "words": f"{k} of {n}{without}{outside}",
        "percent": _per_cent_words(row) if is_share else "",
    }


def _layers(x: dict[str, Any], theme: Theme, *, is_share: bool) -> list[dict[str, Any]]:
    bar = {"type": "bar", "color": theme.primary, "height": 15}
    text = {"type": "text", "align": "left", "dx": 6, "color": theme.text, "fontSize": 12}
    solid = {"mark": {**bar, "opacity": 0.75 if is_share else 1.0}, "encoding": {"x": x}}
    pale = {"mark": {**bar, "opacity": 0.2}, "encoding": {"x": {**x, "field": "upper"}}}
    interval = {
        "mark": {"type": "rule", "color": theme.text, "strokeWidth": 1.3},
        "encoding": {"x": {**x, "field": "lower"}, "x2": {"field": "upper"}},
    }
    words = {"mark": text, "encoding": {"x": {**x, "field": "until"}, "text": {"field": "words"}}}
    return [solid, interval, words] if is_share else [pale, solid, words]


def _tooltip(options: PrevalenceOptions) -> list[dict[str, str]]:
    shown = {"gene": "Gene", "words": "Detected in", **({"percent": "Share"} if options.is_share else {})}
    return [{"field": name, "title": title, "type": "nominal"} for name, title in shown.items()]


def _config(theme: Theme) -> dict[str, Any]:
    return {"font": FONT, "view": {"stroke": None}, "axis": bar_axis(theme)}
