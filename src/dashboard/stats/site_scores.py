"""How far the count of a site lies from that of all sites together: the normal-approximation score of gsm."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

ScoreKind = Literal["share", "rate"]


@dataclass(frozen=True, kw_only=True)
class SiteScores:
    """`overall` value, `factor` of over-dispersion, one score per site; None for too small a site."""

    overall: float
    factor: float
    scores: tuple[float | None, ...]


def site_scores(
    events: Sequence[int], sizes: Sequence[float], *, kind: ScoreKind, smallest: float
) -> SiteScores:
    """Scores z of sites: difference from the overall value over its standard error at the size of the site.

    A share (`kind` share) has the variance p (1 - p) / n, a rate λ / T; both are multiplied by the mean of
    the squared scores (over-dispersion; Spiegelhalter 2005, Statistics in Medicine 24:1185). A site smaller
    than `smallest` counts for the overall value and the factor but gets no score. Method: package gsm,
    Analyze_NormalApprox and the article KRIMethod (after Zink 2018, TIRS 52:560). All scores are 0 where
    nobody or everybody has the event. Raises ValueError for no size, or lists of unequal length.
    """
    if not sizes or len(events) != len(sizes) or min(sizes) <= 0:
        raise ValueError(f"sizes are {list(sizes)} for {len(events)} sites; allowed is one above 0 for each")
    overall = sum(events) / sum(sizes)
    spread = overall * (1 - overall) if kind == "share" else overall
    raw = [
        (k / n - overall) / math.sqrt(spread / n) if spread > 0 else 0.0
        for k, n in zip(events, sizes, strict=True)
    ]
    factor = sum(score**2 for score in raw) / len(raw)
    scores = [score / math.sqrt(factor) if factor > 0 else 0.0 for score in raw]
    shown = [score if n >= smallest else None for score, n in zip(scores, sizes, strict=True)]
    return SiteScores(overall=overall, factor=factor, scores=tuple(shown))
