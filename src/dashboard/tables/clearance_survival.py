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
    "SUSPICION": "draw near progression or for suspicion of it",
    "NOT_COMPARABLE": "draw not comparable (assay or quantity changed)",
    "NOT_FOLLOWED": "without day 0 or follow-up for this outcome",
    "NOT_DETECTED_AT_BASELINE": "not detected at baseline, with or without a later draw",
    "NO_PRE_TREATMENT": "first sampled on treatment or before another line",
    "NO_BASELINE": "no valid ctDNA result",
    "NO_ORIGIN": "without a date of enrolment",
}
# Who was last seen before a draw and has none is without a draw.
SINCE_DRAW = "not followed for this outcome since the second draw"
NO_GROUPS: Mapping[str, int] = {}
NOBODY = "Nobody of this cohort is in this analysis."


def excluded_parts(
    excluded: Mapping[str, int], *, view: str, unfollowed: Mapping[str, int] = NO_GROUPS
) -> list[tuple[str, int]]:
    """Reasons in words with their patients, in the order of the sentence. Raises KeyError for a new one.

    `unfollowed`: how many were not followed since the second draw, by what it showed.
    """
    unknown = set(excluded) - set(EXCLUDED)
    if unknown:
        raise KeyError(f"reason is {sorted(unknown)}; allowed are {', '.join(EXCLUDED)}")
    draw = "draw by the landmark" if view == "landmark" else "second draw"
    by_group = ", ".join(f"{n} {name[:1].lower()}{name[1:]}" for name, n in unfollowed.items())
    since = f"{SINCE_DRAW} ({by_group})" if by_group else SINCE_DRAW
    after_draw = {"CENSORED_BEFORE_ORIGIN": since} if view == "second_draw" else {}
    return [
        (words.format(start=STARTS[view], draw=draw), excluded[reason])
        for reason, words in (EXCLUDED | after_draw).items()
        if excluded.get(reason)
    ]


def excluded_words(
    excluded: Mapping[str, int], *, view: str, unfollowed: Mapping[str, int] = NO_GROUPS
) -> str:
    """Not in this analysis: 41 had the event before a second draw, 22 no valid second draw, ..."""
    parts = [f"{n} {words}" for words, n in excluded_parts(excluded, view=view, unfollowed=unfollowed)]
    return f"Not in this analysis: {', '.join(parts)}." if parts else ""


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
    unfollowed: Mapping[str, int] = NO_GROUPS,
) -> pd.DataFrame:
    """From the cohort to the analysis: one row per reason, then the groups; the numbers add up.

    Of moving groups a patient may be in several, so that only their number together is given.
    """
    rows = [("Patients of the cohort", str(n_cohort))]
    left_out = excluded_parts(excluded, view=view, unfollowed=unfollowed)
    rows += [(words[:1].upper() + words[1:], f"−{n}") for words, n in left_out]
    n_kept = n_cohort - sum(excluded.values())
    ever = " (ever in it)" if view == "moving" else ""
    rows += [(f"{name}{ever}", str(n)) for name, n, _k in groups]
    return pd.DataFrame([*rows, ("In this analysis", str(n_kept))], columns=["Patients", "n"])


def suspicion_sentence(k: int, n: int, *, within_days: int) -> str:
    """How many second draws were made near progression or for suspicion of it (clinical-decisions A11)."""
    draws = "second draw was" if n == 1 else "second draws were"
    return f"{k} of {n} {draws} taken within {within_days} days of progression or for suspicion of it."


def model_table(ratios: Sequence[tuple[str, RatioWords]], *, limits: Mapping[str, int]) -> pd.DataFrame:
    """One row per model and group: the ratio with its interval, or why there is none."""
    table = ratio_table([one for _model, one in ratios], limits=limits)
    table.insert(0, "Model", [model for model, _one in ratios])
    return table
