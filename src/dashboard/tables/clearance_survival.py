"""Words about survival by later draws: who is compared, who is not and why, which draws are suspect."""

from collections.abc import Mapping, Sequence

import pandas as pd

from dashboard.tables.formats import format_count
from dashboard.tables.survival import RatioWords, events_words, ratio_table

STARTS = {
    "second_draw": "a second draw",
    "landmark": "the landmark",
    "moving": "joining",
    "naive": "the baseline draw",
}
# In the order of the sentence (clinical-decisions A10); {start} is the start of the clock.
EXCLUDED: dict[str, str] = {
    "EVENT_BEFORE_ORIGIN": "had the event before {start}",
    "CENSORED_BEFORE_ORIGIN": "last seen for this outcome before {start}",
    "NO_VALID_DRAW": "no valid {draw}",
    "NO_RATIO": "no ratio (a value below quantification, or another quantity)",
    "SUSPICION": "draw shortly before or after a progression, or for suspicion of it",
    "NOT_COMPARABLE": "draw not comparable (assay or quantity changed)",
    "NOT_FOLLOWED": "without day 0 or follow-up for this outcome",
    "NOT_DETECTED_AT_BASELINE": "not detected at baseline, with or without a later draw",
    "NO_PRE_TREATMENT": "first sampled on treatment or before another line",
    "NO_BASELINE": "all samples failed or pending",
    "NO_SAMPLE": "no ctDNA sample",
    "NO_ORIGIN": "without a date of enrolment",
}
# Who was last seen before a draw and has none is without a draw.
SINCE_DRAW = "not followed for this outcome since the second draw"
NO_GROUPS: Mapping[str, Mapping[str, int]] = {}
# One draw and several, by view.
DRAWS = {
    "second_draw": ("second draw", "second draws"),
    "landmark": ("draw by the landmark", "draws by the landmark"),
    "moving": ("later draw", "later draws"),
}
NOBODY = "Nobody of this cohort is in this analysis."


def excluded_parts(
    excluded: Mapping[str, int], *, view: str, by_group: Mapping[str, Mapping[str, int]] = NO_GROUPS
) -> list[tuple[str, int]]:
    """Reasons in words with their patients, in the order of the sentence. Raises KeyError for a new one.

    `by_group`: of a reason, its patients by what their draw showed.
    """
    unknown = set(excluded) - set(EXCLUDED)
    if unknown:
        raise KeyError(f"reason is {sorted(unknown)}; allowed are {', '.join(EXCLUDED)}")
    draw = "draw by the landmark" if view == "landmark" else "second draw"
    since = {"CENSORED_BEFORE_ORIGIN": SINCE_DRAW} if view == "second_draw" else {}
    return [
        (
            words.format(start=STARTS[view], draw=draw) + _shown_words(by_group.get(reason, {})),
            excluded[reason],
        )
        for reason, words in (EXCLUDED | since).items()
        if excluded.get(reason)
    ]


def _shown_words(groups: Mapping[str, int]) -> str:
    """What the draws of a reason showed, for instance " (1 cleared, 4 still detected)"; empty for none."""
    named = ", ".join(f"{n} {_lower(name)}" for name, n in groups.items())
    return f" ({named})" if named else ""


def _lower(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}"


def excluded_words(
    excluded: Mapping[str, int], *, view: str, by_group: Mapping[str, Mapping[str, int]] = NO_GROUPS
) -> str:
    """Not in this analysis: 41 had the event before a second draw, 22 no valid second draw, ..."""
    parts = [f"{n} {words}" for words, n in excluded_parts(excluded, view=view, by_group=by_group)]
    return f"Not in this analysis: {', '.join(parts)}." if parts else ""


def left_words(n: int, n_events: int) -> str:
    """Of moving groups: how many left at a draw that tells nothing of them, and what is not counted."""
    if not n:
        return ""
    after = f"; {n_events} had the event after it, which is not counted" if n_events else ""
    return (
        f"{n} left at a draw that cannot be compared with the baseline (assay or quantity changed, or no "
        f"ratio){after}."
    )


def counts_sentence(groups: Sequence[tuple[str, int, int]]) -> str:
    """Cleared: 6 patients, 2 events. Still detected: 23 patients, 9 events."""
    said = [f"{name}: {format_count(n, 'patient')}, {events_words(k)}." for name, n, k in groups]
    return " ".join(said) or NOBODY


def flow_table(
    n_cohort: int,
    excluded: Mapping[str, int],
    *,
    groups: Sequence[tuple[str, int, int]],
    view: str,
    by_group: Mapping[str, Mapping[str, int]] = NO_GROUPS,
) -> pd.DataFrame:
    """From the cohort to the analysis: one row per reason, then the groups; the numbers add up.

    Of moving groups a patient may be in several, so that only their number together is given.
    """
    rows = [("Patients of the cohort", str(n_cohort))]
    left_out = excluded_parts(excluded, view=view, by_group=by_group)
    rows += [(words[:1].upper() + words[1:], f"−{n}") for words, n in left_out]
    n_kept = n_cohort - sum(excluded.values())
    ever = " (ever in it)" if view == "moving" else ""
    rows += [(f"{name}{ever}", str(n)) for name, n, _k in groups]
    return pd.DataFrame([*rows, ("In this analysis", str(n_kept))], columns=["Patients", "n"])


def suspicion_sentence(
    groups: Mapping[str, tuple[int, int]], *, view: str, within_days: int, is_left_out: bool
) -> str:
    """How many draws were made near progression or for suspicion of it, by what they showed (A11).

    `groups` has both numbers, near and all, before any is left out; `is_left_out` says what the switch does.
    """
    k, n = (sum(numbers) for numbers in zip(*groups.values(), strict=True)) if groups else (0, 0)
    near = f"taken within {within_days} days before or after a progression, or for suspicion of it"
    draws = DRAWS[view][n != 1]
    were = "was" if n == 1 else "were"
    if not k:
        return f"0 of {n} {draws} {were} {near}: leaving them out changes nothing." if n else ""
    of_groups = ", ".join(
        f"{near_it} of {all_of} {_lower(name)}" for name, (near_it, all_of) in groups.items()
    )
    said = f"{k} of {n} {draws} {were} {near}: {of_groups}."
    if not is_left_out:
        return said
    rest = "" if view == "moving" else f"; {n - k} {'is' if n - k == 1 else 'are'} in this analysis"
    stay = " Without them patients stay in the group of the draw before." if view == "moving" else ""
    return f"{said} Left out here{rest}.{stay}"


def model_table(ratios: Sequence[tuple[str, RatioWords]], *, limits: Mapping[str, int]) -> pd.DataFrame:
    """One row per model and group: the ratio with its interval, or why there is none."""
    table = ratio_table([one for _model, one in ratios], limits=limits)
    table.insert(0, "Model", [model for model, _one in ratios])
    return table
