"""Further tables of the clearance page: tumour types, first draws on treatment, agreement."""

from collections.abc import Sequence

import pandas as pd

from dashboard.tables.clearance import (
    CHANGE_BETWEEN,
    NO_IMAGING,
    WITHOUT_RESPONSE,
    Scheme,
    response_label,
    response_order,
    share_words,
)
from dashboard.tables.formats import MINUS, NOTHING, format_count
from dashboard.tables.shares import Share, per_cent

COURSES = {
    ("detected", "detected"): "Detected, then still detected",
    ("detected", "not_detected"): "Detected, then not detected",
    ("not_detected", "not_detected"): "Not detected, then still not",
    ("not_detected", "detected"): "Not detected, then detected",
    ("detected", "not_comparable"): "Detected, second draw not comparable",
    ("not_detected", "not_comparable"): "Not detected, second draw not comparable",
    ("detected", None): "Detected, no valid second draw",
    ("not_detected", None): "Not detected, no valid second draw",
}
WITHOUT_COURSE = ("not_comparable", None)
ON_TREATMENT = (
    "These patients have no valid sample from before the index treatment: whether ctDNA cleared cannot be "
    "judged, and they are in none of the changes above; whoever of them has no valid second draw, or one "
    "that is not comparable, stands in the table above with that reason."
)
# The index line, in the words of the method of the table.
INDEX_LINE = "the line in force at enrolment, else the next one"


def gap_words(gaps: pd.Series) -> str:
    """Median and range of the days from the draw to its imaging; minus is imaging before the draw."""
    known = gaps.dropna().astype(int)
    if known.empty:
        return ""
    low, middle, high = known.min(), known.median(), known.max()
    return (
        f"From draw to imaging: median {signed(middle)} days (range {signed(low)} to {signed(high)}; "
        "minus: imaging first)."
    )


def signed(days: float) -> str:
    """Days with their sign: −12, 0, +4."""
    sign = MINUS if days < 0 else "+" if days > 0 else ""
    return f"{sign}{abs(days):g}"


def tumour_type_table(paired: pd.DataFrame, *, scheme: Scheme, counts_only_below: int) -> pd.DataFrame:
    """One row per tumour type, most patients first: the good responses of every category as k of n.

    `paired` has tumour_type, category and is_good. A per cent stands only where n reaches the limit.
    """
    lines = []
    for name in paired["tumour_type"].value_counts().index:
        own = paired[paired["tumour_type"] == name]
        line = {"Tumour type": str(name), "Pairs": str(len(own))}
        for code, words in scheme.categories.items():
            line[words] = _k_of_n(own[own["category"] == code]["is_good"], counts_only_below)
        lines.append(line)
    return pd.DataFrame(lines, columns=["Tumour type", "Pairs", *scheme.categories.values()])


def _k_of_n(good: pd.Series, counts_only_below: int) -> str:
    k, n = int(good.sum()), len(good)
    if not n:
        return NOTHING
    return f"{k} of {n}" if n < counts_only_below else f"{k} of {n} ({per_cent(k / n)} %)"


def first_draw_words(rows: pd.DataFrame, *, n_patients: int) -> str:
    """How many have no pre-treatment sample, when they were first sampled, and how many before another line.

    `rows` are theirs, with baseline_timing and baseline_day_of_line; `n_patients` is everybody.
    """
    days = rows["baseline_day_of_line"].dropna().astype(int)
    when = ""
    if not days.empty:
        when = f"; first sample median day {days.median():g} of the line (range {days.min()} to {days.max()})"
    k = int((rows["baseline_timing"] == "OTHER_LINE").sum())
    other = f" First sampled before another line than the index line ({INDEX_LINE}): {k}." if k else ""
    return f"{len(rows)} of {format_count(n_patients, 'patient')}{when}. {ON_TREATMENT}{other}"


def first_draw_table(rows: pd.DataFrame, *, is_post_local: bool) -> pd.DataFrame:
    """One row per course of ctDNA from a first draw that was no baseline: counts by response.

    The four courses of two draws always stand, also with nobody in one.
    `rows` has baseline_status, second_status, response and imaging_rule of patients without a pre-treatment
    sample.
    """
    if rows.empty:
        return pd.DataFrame()
    first = rows["baseline_status"].map(_plain_status)
    second = rows["second_status"].map(_plain_status, na_action="ignore")
    order = response_order(list(rows["response"].dropna()), is_post_local=is_post_local)
    heads = {code: response_label(code) for code in order} | {NO_IMAGING: WITHOUT_RESPONSE[NO_IMAGING]}
    if (rows["imaging_rule"] == CHANGE_BETWEEN).any():
        heads[CHANGE_BETWEEN] = WITHOUT_RESPONSE[CHANGE_BETWEEN]
    near = rows["response"].fillna(rows["imaging_rule"])
    lines = []
    for (one, other), words in COURSES.items():
        same = second.isna() if other is None else second == other
        own = near[(first == one) & same]
        if own.empty and other in WITHOUT_COURSE:
            continue
        counts = {head: str(int((own == code).sum())) for code, head in heads.items()}
        shown = dict.fromkeys(counts, NOTHING) if other in WITHOUT_COURSE else counts
        lines.append({"ctDNA, first to second draw": words, **shown, "Total": str(len(own))})
    return pd.DataFrame(lines)


def first_draw_counts(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per course and response: patients; for the file. A draw or response not there is empty."""
    courses = pd.DataFrame(
        {
            "first_draw": rows["baseline_status"].map(_plain_status),
            "second_draw": rows["second_status"].map(_plain_status, na_action="ignore"),
            "response": rows["response"],
        }
    )
    return courses.groupby(list(courses), dropna=False).size().rename("patients").reset_index()


def _plain_status(status: str) -> str:
    return status if status in ("not_detected", "not_comparable") else "detected"


def agreement_table(measures: Sequence[tuple[str, str, Share]], *, counts_only_below: int) -> pd.DataFrame:
    """One row per measure: its name, k of n, per cent with exact limits, and the sentence it stands for.

    `measures` are name, sentence and share.
    """
    return pd.DataFrame(
        [
            {
                "Measure": name,
                "k of n": f"{share.k} of {share.n}",
                "%, 95 % exact": share_words(share, counts_only_below=counts_only_below) or NOTHING,
                "In words": sentence,
            }
            for name, sentence, share in measures
        ]
    )
