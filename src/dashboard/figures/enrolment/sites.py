"""Indicators of conduct by site: counts always, scores by the method of gsm only from five sites on (A43)."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.figures.enrolment.request import EnrolmentRequest, enrolment_sql, group_words
from dashboard.figures.figure import Figure, footer_of
from dashboard.figures.registry import registered
from dashboard.stats.rates import DAYS_PER_YEAR
from dashboard.stats.site_scores import ScoreKind, site_scores
from dashboard.store.reader import Reader
from dashboard.tables.enrolment_sites import indicator_table, score_caption

METHOD = (
    "Score: the difference of a site from all sites together in standard errors at its size, by "
    "the normal approximation to the binomial (shares) or Poisson distribution (rates), the variance "
    "multiplied by the mean squared score (over-dispersion). Method and limits of the package gsm "
    "(Analyze_NormalApprox; after Zink 2018 and Spiegelhalter 2005): marked beyond ± 2, twice beyond ± 3; "
    "no score with fewer than {patients} patients or {days} days. A score says that a "
    "site differs, not why. Left the study: consent withdrawn, lost to follow-up, transferred, left, or "
    "failed screening once enrolled. Overdue: patients with anything overdue on the page Follow-up. Draw "
    "missing: patients with a draw of the protocol that is overdue or cannot be obtained any more, of those "
    "with one whose window and grace are over. Not eligible: patients enrolled who fail a criterion in "
    "force. Early death: within {early_death_days} days of enrolment, of patients enrolled at least as long "
    "before the last day observed. Events: reports with an onset from enrolment to the last contact."
)


@dataclass(frozen=True)
class Indicator:
    """What is counted, of what, and how it is scored."""

    label: str
    events: str
    size: str
    kind: ScoreKind


INDICATORS = (
    Indicator("Failed screening", "n_failed", "n_screened", "share"),
    Indicator("Left the study", "n_left", "n_enrolled", "share"),
    Indicator("Overdue", "n_overdue", "n_enrolled", "share"),
    Indicator("Draw missing", "n_draw_missing", "n_draw_due", "share"),
    Indicator("Not eligible", "n_ineligible", "n_judged", "share"),
    Indicator("Early death", "n_early_deaths", "n_followed", "share"),
    Indicator("Adverse events", "n_events", "n_days", "rate"),
    Indicator("Serious events", "n_serious", "n_days", "rate"),
)


@registered("enrolment_sites", writes_rows=True, key=("indicator", "site_id"))
def enrolment_sites(reader: Reader, request: EnrolmentRequest) -> Figure:
    """One row per indicator and site: events, size, value, overall, score (empty below five sites)."""
    sites = reader.rows(enrolment_sql("site"))
    is_scored = request.is_all_sites and len(sites) >= request.fewest_sites
    rows = indicator_rows(sites, request=request, is_scored=is_scored)
    return Figure(
        rows=rows,
        spec={},
        table=indicator_table(rows, is_scored=is_scored),
        caption=score_caption(
            len(sites), fewest=request.fewest_sites, is_all_sites=request.is_all_sites, is_scored=is_scored
        ),
        method=METHOD.format(
            patients=request.fewest_patients,
            days=request.fewest_days,
            early_death_days=request.early_death_days,
        ),
        footer=footer_of(reader.snapshot),
        alt="Indicators of conduct by site",
    )


def indicator_rows(sites: pd.DataFrame, *, request: EnrolmentRequest, is_scored: bool) -> pd.DataFrame:
    """One row per indicator and site with somebody to count; rates are per patient-year."""
    rows: list[dict[str, Any]] = []
    for one in INDICATORS:
        counted = sites[sites[one.size] > 0]
        if counted.empty:
            continue
        events, sizes = counted[one.events].astype(int).tolist(), counted[one.size].astype(int).tolist()
        smallest = request.fewest_patients if one.kind == "share" else request.fewest_days
        found = site_scores(events, sizes, kind=one.kind, smallest=smallest)
        per = 1.0 if one.kind == "share" else DAYS_PER_YEAR
        rows += [
            {
                "indicator": one.label,
                "kind": one.kind,
                "site_id": site_id,
                "site": group_words("site_id", str(site_id), site_names=request.site_names),
                "events": k,
                "size": n,
                "value": per * k / n,
                "overall": per * found.overall,
                "score": score if is_scored else None,
            }
            for site_id, k, n, score in zip(counted["site_id"], events, sizes, found.scores, strict=True)
        ]
    return pd.DataFrame(rows)
