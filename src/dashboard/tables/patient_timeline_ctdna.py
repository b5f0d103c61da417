"""Words for a draw and for a variant in it: level, limits, input, molecules, days since a local treatment."""

import math
from collections.abc import Mapping
from typing import Any

from dashboard.studies import vocabulary
from dashboard.tables.formats import NOTHING, format_days, format_figures, format_percent, format_ppm

Event = Mapping[str, Any]
UNITS = {
    "molecules_per_ml": "mutant molecules per mL",
    "tumour_fraction": "tumour fraction",
    "score": "score",
}
# Haploid genomes in 1 ng of DNA at 3.3 pg each (clinical-rules 3.1).
GENOMES_PER_NG = 303
# About what 10 mL of blood give; the files state cell-free DNA per mL of plasma, not the input of the assay.
PLASMA_ML = 4
# With no mutant molecule among n the upper 95 % bound is 3 / n.
RULE_OF_THREE = 3
Z_95 = 1.959964


def sample_event(row: Event, prefix: str, *, status: str | None, quantity_kind: str | None) -> Event:
    """A sample of another mart as an event of the timeline; `prefix` is that of its level columns."""
    return {
        "kind": "SAMPLE",
        "code": str(status or "").upper(),
        "value_sum": row.get(f"{prefix}level_sum"),
        "value_n": row.get(f"{prefix}level_n"),
        "quantity_kind": quantity_kind,
    }


def level_value(event: Event) -> float | None:
    """What a sample or variant is drawn at: per cent for allele fractions, else the quantity as it is."""
    if event["value_sum"] is None or not event["value_n"]:
        return None
    value = float(event["value_sum"]) / int(event["value_n"])
    return value / 10_000 if event["kind"] == "VARIANT" or is_allele_fraction(event) else value


def is_allele_fraction(event: Event) -> bool:
    """Whether the level of a sample is an allele fraction, so that the variants share its scale."""
    return (event["quantity_kind"] or "maf_ppm") == "maf_ppm"


def level_words(event: Event) -> str:
    """Result of a sample or a variant: the value with its unit, or what stands in its place."""
    value = level_value(event)
    words = vocabulary.CTDNA_STATUSES.get(str(event["code"]).lower(), NOTHING)
    if value is None:
        return words if event["code"] != "DETECTED" else "detected, no number"
    if event["kind"] == "VARIANT" or is_allele_fraction(event):
        return f"{format_percent(value)} %"
    return f"{format_figures(value)} {UNITS.get(event['quantity_kind'], '')}".strip()


def is_mean(event: Event) -> bool:
    """Whether a level is the mean of several variants, which may lie below the assay's LoD (A3)."""
    return level_value(event) is not None and is_allele_fraction(event) and int(event["value_n"]) > 1


def said_level(event: Event) -> str:
    """Result of a sample in a sentence: of several variants "mean 0.0185 %"."""
    return f"{'mean ' if is_mean(event) else ''}{level_words(event)}"


def sample_result(event: Event) -> str:
    """Result in a table: of several variants with their number, of a sample with what the file adds."""
    if event["kind"] != "SAMPLE":
        return level_words(event)
    mean = f" (mean of {event['value_n']} variants)" if is_mean(event) else ""
    return level_words(event) + mean + (f" ({event['detail']})" if event["detail"] else "")


def variant_name(event: Event) -> str:
    """Gene and protein change without the p. of HGVS."""
    return f"{event['gene']} {str(event['variant']).removeprefix('p.')}"


def sample_words(event: Event) -> dict[str, str]:
    """What belongs to a draw, by the keys of the table; a key without anything to say is left out."""
    panel = event["assay_panel"] or event["assay"] or NOTHING
    words = {
        "lod": NOTHING if event["lod_ppm"] is None else f"{format_ppm(event['lod_ppm'])} %",
        "assay": panel,
        "reason": vocabulary.DRAW_REASONS.get(event["reason"] or "unknown", NOTHING),
    }
    more = {
        "interval": interval_words(event),
        "input": input_words(event),
        "local": since_local_words(event),
    }
    return words | {name: text for name, text in more.items() if text}


def input_limit_percent(event: Event) -> float | None:
    """Allele fraction in per cent that the input allowed to detect: 3 / (genome equivalents × variants).

    The variants are the tracked set of a tumour-informed assay, else one. None without an input. Source:
    clinical-decisions A18.
    """
    if event["cfdna_ng_per_ml"] is None or float(event["cfdna_ng_per_ml"]) <= 0:
        return None
    genomes = float(event["cfdna_ng_per_ml"]) * PLASMA_ML * GENOMES_PER_NG
    n_variants = max(1, int(event["n_variants"] or 1)) if event["tracks"] == "tumour_informed" else 1
    return 100 * RULE_OF_THREE / (genomes * n_variants)


def input_words(event: Event) -> str:
    """What the input allowed to detect, and a warning where that is above the limit of the assay."""
    limit = input_limit_percent(event)
    if limit is None:
        return ""
    words = (
        f"input allowed detection of about {format_figures(limit, digits=2)} % "
        f"(3 / (genome equivalents × tracked variants), {PLASMA_ML} mL plasma assumed)"
    )
    is_low = event["lod_ppm"] is not None and limit > float(event["lod_ppm"]) / 10_000
    return words + ("; low input: sensitivity below the assay's LoD" if is_low else "")


def interval_percent(event: Event) -> tuple[float, float] | None:
    """Wilson's 95 % interval of an allele fraction in per cent; None without molecule counts."""
    if event["total_molecules"] is None or event["alt_molecules"] is None or event["total_molecules"] <= 0:
        return None
    n, share = int(event["total_molecules"]), int(event["alt_molecules"]) / int(event["total_molecules"])
    centre = (share + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    half = Z_95 * math.sqrt(share * (1 - share) / n + Z_95**2 / (4 * n * n)) / (1 + Z_95**2 / n)
    return 100 * max(0.0, centre - half), 100 * min(1.0, centre + half)


def interval_words(event: Event) -> str:
    """The interval with its molecules, for instance 0.05 to 0.44 % (4 of 2600 molecules)."""
    found = interval_percent(event)
    if found is None:
        return ""
    low, high = (format_percent(one) for one in found)
    return f"{low} to {high} % ({event['alt_molecules']} of {event['total_molecules']} molecules)"


def since_local_words(event: Event) -> str:
    """Days since the last surgery, ablation or radiotherapy, and whether the result is unreliable for it."""
    if event["days_since_local"] is None:
        return ""
    words = format_days(event["days_since_local"])
    return f"{words}: cell-free DNA from trauma, result unreliable" if event["is_unreliable"] else words
