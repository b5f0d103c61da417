"""The last two ctDNA results in the header: levels, the change between them, their limits of detection."""

from collections.abc import Mapping
from typing import Any

from dashboard.studies import vocabulary
from dashboard.tables import ctdna_change
from dashboard.tables.formats import NOTHING, format_count, format_date, format_days
from dashboard.tables.patient_timeline_ctdna import (
    Event,
    is_allele_fraction,
    is_mean,
    level_words,
    said_level,
    sample_event,
)

Summary = Mapping[str, Any]
PPM_PER_PERCENT = 10_000
NOT_STATED = "not stated"
# Where the level of another variant is that of the sample named beside it.
LEVELS_OF = {"LOWEST": "at the lowest", "PREVIOUS": "in the sample before"}


def level(summary: Summary, which: str) -> str:
    """Result of the `last` or `previous` valid sample: level with unit, or what stands in its place."""
    return level_words(_sample(summary, which))


def level_in_list(summary: Summary, which: str) -> str:
    """The same where nothing beside it says what the level is: of several variants "mean 0.0185 %"."""
    return said_level(_sample(summary, which))


def last_two_results(summary: Summary) -> str:
    """The last ctDNA result, after the one before it where the two can be compared; a dash without any.

    An arrow between the levels of different variants says so.
    """
    if summary.get("last_draw_on") is None:
        states = {"pending": summary.get("pending_draw_on"), "failed": summary.get("failed_draw_on")}
        return next((words for words, drawn_on in states.items() if drawn_on is not None), NOTHING)
    shown = ("previous", "last") if summary.get("is_previous_comparable") else ("last",)
    different = " (different variants)" if summary.get("is_of_different_variants") else ""
    return " → ".join(level_in_list(summary, which) for which in shown) + different


def change_percent(summary: Summary) -> float | None:
    """Change of the level from the sample before, in per cent of that; None where no ratio may be stated.

    Both samples need a number of one series and one metric (clinical-decisions A3: not detected and below LoQ
    have none), and the earlier one lies clear of its LoD.
    """
    is_fraction = is_allele_fraction({"quantity_kind": _kind(summary, "previous")})
    return _change_percent(summary, lod_ppm=summary.get("previous_lod_ppm") if is_fraction else None)


def _change_percent(summary: Summary, *, lod_ppm: float | None) -> float | None:
    if not summary.get("is_previous_comparable"):
        return None
    if summary.get("last_level_metric") != summary.get("previous_level_metric"):
        return None
    before, now = _level(summary, "previous"), _level(summary, "last")
    return ctdna_change.change_percent(before, now, lod_ppm=lod_ppm)


def compared_words(summary: Summary, *, is_study_time: bool) -> str:
    """For instance "−98.3 % from 9.77 % on 12 Jun 2024"; without a ratio what the sample before showed.

    Nothing where there is none of the same series.
    """
    if not summary.get("is_previous_comparable"):
        return ""
    before = f"{level(summary, 'previous')}{_when(summary, is_study_time=is_study_time)}"
    percent = change_percent(summary)
    if percent is not None:
        return f"{ctdna_change.percent_words(percent)} from {before}"
    statuses = [summary.get(f"{which}_draw_status") for which in ("previous", "last")]
    if "not_detected" in statuses:
        return f"was {before}"
    # Two numbers without a ratio: the limit of detection is why.
    near = "" if _change_percent(summary, lod_ppm=None) is None else " near the LoD"
    return f"was {before}, change not quantifiable{near}"


def earlier_words(summary: Summary, *, is_study_time: bool) -> str:
    """The result before the last where it is of another assay: kept in sight, never compared."""
    if summary.get("previous_draw_on") is None or summary.get("is_previous_comparable"):
        return ""
    lod = limit(summary, "previous")
    known = "" if lod == NOT_STATED else f", LoD {lod}"
    when = _when(summary, is_study_time=is_study_time)
    return f"earlier assay: {level(summary, 'previous')}{when}{known} (not comparable)"


def lod_words(summary: Summary) -> str:
    """LoD of both samples of a series, for instance "LoD 0.05 % (both)"; of the last where it is alone."""
    last, before = limit(summary, "last"), limit(summary, "previous")
    if not summary.get("is_previous_comparable"):
        return f"LoD {last}" if last != NOT_STATED else ""
    if last == before:
        return f"LoD {last} (both)" if last != NOT_STATED else ""
    return f"LoD {last}, earlier {before}"


def limit(summary: Summary, which: str) -> str:
    """Limit of detection of the `last` or `previous` sample with its unit, or that it is not stated."""
    lod_ppm = summary.get(f"{which}_lod_ppm")
    return NOT_STATED if lod_ppm is None else f"{float(lod_ppm) / PPM_PER_PERCENT:g} %"


def detected_of(summary: Summary) -> str:
    """For instance "3 of 4 variants"; nothing where the whole sample is not detected or has no count.

    Where only what was found is listed, as of a panel, "2 variants found": it is no share of what is known.
    """
    n = summary.get("last_n_variants")
    if not n or summary.get("last_draw_status") == "not_detected":
        return ""
    n_found = summary.get("last_n_detected") or 0
    if n_found == n and not is_mean(_sample(summary, "last")):
        return f"{format_count(n, 'variant')} found"
    return f"{n_found} of {format_count(n, 'variant')}"


def mean_words(summary: Summary) -> str:
    """That the levels of the cell are means of several variants, which may lie below the LoD beside them."""
    is_compared = bool(summary.get("is_previous_comparable"))
    shown = ("last", "previous") if is_compared else ("last",)
    return "mean MAF" if any(is_mean(_sample(summary, which)) for which in shown) else ""


def direction(summary: Summary) -> str:
    """Falling, rising or little changed while still detected, and compared with what.

    Of a rise over the lowest of an earlier line the state first, then what runs now (docs/decisions 0020).
    """
    code = str(summary.get("ctdna_direction"))
    words = vocabulary.CTDNA_DIRECTIONS.get(code)
    if words is None:
        return ""
    if code == "RISING" and summary.get("ctdna_line_course", "UP") != "UP":
        days, lowest = summary.get("ctdna_falling_days"), summary.get("ctdna_lowest_line")
        where = f"of line {lowest}" if lowest else "before line 1"
        below = f"below ×{summary['rising_factor']}"
        now = f"lower at each draw for {format_days(days)}" if days else below
        risen = f"{words.short} {_over_lowest(summary)} {where}{_times(summary)}"
        if summary["ctdna_line_course"] == "DETECTED":
            now = "nothing to compare with"
        began = "since line {} began" if summary.get("ctdna_is_after_line") else "within line {}"
        return f"{risen} · {now} {began.format(summary['ctdna_line'])}"
    if code == "RISING":
        return f"{words.short} {_over_lowest(summary)}"
    first = vocabulary.CTDNA_REFERENCES[summary["ctdna_reference"]]
    return f"{words.short} from {first}"


def variant_words(summary: Summary) -> str:
    """For instance "now of ESR1 D538G, at baseline of PIK3CA E545K"; nothing where both levels are of one."""
    now, before = summary.get("last_level_variant"), summary.get("other_level_variant")
    if now is None or before is None:
        return ""
    code = str(summary["other_level_of"])
    where = LEVELS_OF.get(code) or f"at {vocabulary.CTDNA_REFERENCES[code]}"
    return f"now of {now}, {where} of {before}"


def new_variant_words(summary: Summary) -> str:
    """What the patient page calls new, for instance "new since baseline: ESR1 D538G"; else nothing."""
    names = summary.get("new_variants")
    return f"new since {vocabulary.CTDNA_REFERENCES[summary['new_since']]}: {names}" if names else ""


def _over_lowest(summary: Summary) -> str:
    """A level from which no ratio may be stated is not called quantified."""
    return "over the lowest quantified" if _times(summary) else "over the lowest"


def _times(summary: Summary) -> str:
    """The multiple over the lowest level in brackets; nothing where no ratio may be stated."""
    is_fraction = is_allele_fraction({"quantity_kind": _kind(summary, "last")})
    lowest = ctdna_change.Level(summary.get("ctdna_lowest_level_sum"), summary.get("ctdna_lowest_level_n"))
    percent = ctdna_change.change_percent(
        lowest,
        _level(summary, "last"),
        lod_ppm=summary.get("ctdna_lowest_lod_ppm") if is_fraction else None,
    )
    return "" if percent is None else f" ({ctdna_change.times_words(percent)})"


def _sample(summary: Summary, which: str) -> Event:
    status = summary.get(f"{which}_draw_status")
    return sample_event(summary, f"{which}_", status=status, quantity_kind=_kind(summary, which))


def _kind(summary: Summary, which: str) -> str | None:
    return summary.get(f"{which}_quantity_kind", summary.get("last_quantity_kind"))


def _level(summary: Summary, which: str) -> ctdna_change.Level:
    return ctdna_change.Level(summary.get(f"{which}_level_sum"), summary.get(f"{which}_level_n"))


def _when(summary: Summary, *, is_study_time: bool) -> str:
    """Day of the sample before; in study time how much earlier it was."""
    day = summary.get("previous_draw_on")
    if day is None:
        return ""
    if not is_study_time:
        return f" on {format_date(day)}"
    return f", {format_days((summary['last_draw_on'] - day).days)} earlier"
