"""Words and table of lead time: every category of clinical-decisions A6 is counted, none dropped."""

import math

import pandas as pd

from dashboard.tables.clearance_more import signed

INFORMATIVE = "informative patients"
INFORMATIVE_COLUMN = "Informative (ctDNA detected before treatment)"
OPEN_COLUMN = "Of these not certain (by the bounds)"
SCHEDULE = "Draws and scans are months apart: the sign of the days follows their schedule."
# By rule of the table lead_time; the first five and the last are always shown.
CATEGORIES: dict[str, str] = {
    "LEAD_CTDNA_FIRST": "ctDNA first",
    "LEAD_CTDNA_FIRST_SO_FAR": "ctDNA first so far, imaging without progression since",
    "LEAD_CTDNA_FIRST_NO_SCAN": "ctDNA first, no imaging since",
    "LEAD_SAME_DAY": "Same day",
    "LEAD_IMAGING_FIRST": "Imaging first",
    "LEAD_IMAGING_ONLY": "Imaging first, ctDNA without progression so far",
    "LEAD_TREATED_ON_CTDNA": "Treated on ctDNA alone: lead time not observable",
    "LEAD_NEVER_DETECTED": "Not informative (never detected)",
    "LEAD_NO_DRAW": "Lead time not known (progression without a sample since the start)",
    "LEAD_ONE_RESULT": "Not assessable (one ctDNA result, before the progression)",
    "LEAD_NOT_COMPARABLE": "Not assessable (no ctDNA result that could have shown a rise)",
    "LEAD_NO_RESULT": "Not informative (no ctDNA result)",
    "LEAD_NO_ORIGIN": "Not informative (no start of treatment on record)",
    "LEAD_NO_EVENT": "No event yet",
}
ALWAYS = (
    "LEAD_CTDNA_FIRST",
    "LEAD_SAME_DAY",
    "LEAD_IMAGING_FIRST",
    "LEAD_TREATED_ON_CTDNA",
    "LEAD_NEVER_DETECTED",
    "LEAD_NO_EVENT",
)


def lead_table(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per category: informative patients, all, and of all those whose bounds leave the order open.

    Each adds up. Raises ValueError for a new rule. A row named not informative has none of the informative.
    """
    unknown = set(rows["rule"]) - set(CATEGORIES)
    if unknown:
        raise ValueError(f"rule is {sorted(unknown)}; allowed are {', '.join(CATEGORIES)}")
    informative, is_open = rows["is_informative"].astype(bool), _is_open(rows)
    lines = [
        (words, *(int((which & (rows["rule"] == rule)).sum()) for which in (informative, True, is_open)))
        for rule, words in CATEGORIES.items()
        if rule in ALWAYS or (rows["rule"] == rule).any()
    ]
    lines.append(("All", int(informative.sum()), len(rows), int(is_open.sum())))
    columns = ["What came first", INFORMATIVE_COLUMN, "All patients", OPEN_COLUMN]
    return pd.DataFrame(lines, columns=columns).astype(str)


def lead_sentence(known: pd.DataFrame, *, n: int, of_whom: str, from_assessable: int) -> str:
    """Lead time of the assessable patients in one sentence; below the limit only how many there are.

    `known` has one row per assessable patient: lead_days, lower_days, upper_days, is_certain.
    """
    days = known["lead_days"]
    assessable = f"Lead time is assessable in {len(days)} of {n} {of_whom}"
    if len(days) < from_assessable:
        return f"{assessable}: fewer than {from_assessable}, so only counts are given."
    first, same, later = ((days > 0).sum(), (days == 0).sum(), (days < 0).sum())
    return (
        f"{assessable}: ctDNA first in {first}, same day in {same}, imaging first in {later} "
        f"(not certain by the bounds: {int(_is_open(known).sum())}); median {signed(days.median())} days "
        f"({_bounds_words(known)}; range {signed(days.min())} to {signed(days.max())}; minus: imaging first, "
        f"never left out). {SCHEDULE}"
    )


def _is_open(rows: pd.DataFrame) -> pd.Series:
    """Where the bounds do not tell what came first; a category without an order has no such question."""
    return ~rows["is_certain"].astype("boolean").fillna(True)


def _bounds_words(known: pd.DataFrame) -> str:
    """Medians of the lower and of the upper bounds: between them lies the median of the true times.

    A bound that is not known may be as far away as there is, so it counts as the least or the greatest.
    """
    lower, upper = (
        known[name].astype("float64").fillna(outermost).median()
        for name, outermost in (("lower_days", -math.inf), ("upper_days", math.inf))
    )
    return f"lower bound {_bound_words(lower)}, upper {_bound_words(upper)}"


def _bound_words(days: float) -> str:
    return signed(days) if math.isfinite(days) else "not known"


def beyond_words(days: pd.Series) -> str:
    """Which lead times lie beyond the axis of the drawing, in days; empty where none does."""
    if days.empty:
        return ""
    named = ", ".join(f"{signed(one)} days" for one in days)
    who = f"{len(days)} {'lead time lies' if len(days) == 1 else 'lead times lie'}"
    return (
        f"{who} beyond the axis ({named}): at its edge an arrow, in the numbers above and the file as it is."
    )


def caution_sentence(rows: pd.DataFrame, *, from_assessable: int) -> str:
    """How many molecular progressions may not be of the tumour or rest on one value, and the median without.

    Empty where there are none; `rows` are those of the figure's headline.
    """
    origin, single = (
        rows[name].astype(bool) for name in ("rests_on_other_origin", "rests_on_one_value_below_loq")
    )
    if not (origin | single).any():
        return ""
    assessable = rows["lead_days"].notna()
    days = rows.loc[assessable & ~(origin | single), "lead_days"].astype(int)
    n_left_out = int((assessable & (origin | single)).sum())
    changed = int(rows["is_after_change"].astype(bool).sum())
    apart = f", {changed} of them with treatment changed before the next sample" if changed else ""
    counts = (
        f"Of {int(rows['has_molecular_progression'].astype(bool).sum())} molecular progressions, resting on "
        f"possible clonal haematopoiesis alone: {int(origin.sum())}, on one value below the limit of "
        f"quantification: {int(single.sum())}{apart} (on both: {int((origin & single).sum())}); "
        f"among the assessable: {n_left_out}"
    )
    if not n_left_out or len(days) < from_assessable:
        return f"{counts}."
    return f"{counts}, median without them {signed(days.median())} days."
