"""What the enrolment page counts, as plain values of the study definition."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from dashboard.charts.theme import ThemeName
from dashboard.figures.overview.accrual import AccrualRequest, accrual_request
from dashboard.figures.study_guards import counts_only_below
from dashboard.studies import vocabulary
from dashboard.studies.schema import Study

FOLDER = Path(__file__).parent


def enrolment_sql(name: str) -> str:
    """The query enrolment_<name>.sql of this package."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class EnrolmentRequest:
    """Recruitment of a study and the words of its sites.

    `site_names` are pairs of site id and name in the order of the study; `tumour_targets` pairs of tumour
    type and planned number, empty where the protocol plans none. `accrual` is the request of the overview.
    """

    accrual: AccrualRequest
    closes: dt.date | None
    is_all_sites: bool
    second_draw_from_day: int
    pairing_days: int
    site_names: tuple[tuple[str, str], ...]
    tumour_targets: tuple[tuple[str, int], ...]
    counts_only_below: int
    group: str = "site_id"
    rate_months: int = 6
    fewest_months: int = 3
    fewest_sites: int = 5
    fewest_patients: int = 3
    fewest_days: int = 30
    early_death_days: int = 90
    theme: ThemeName = "light"

    @property
    def target(self) -> int:
        """Patients planned in all."""
        return self.accrual.target


def enrolment_request(study: Study, *, is_all_sites: bool, theme: ThemeName = "light") -> EnrolmentRequest:
    """The request of a study; `is_all_sites` where nothing is left out, so that the plan can be compared."""
    recruitment = study.recruitment
    return EnrolmentRequest(
        accrual=accrual_request(recruitment, is_all_sites=is_all_sites, view="total", theme=theme),
        closes=recruitment.closes,
        is_all_sites=is_all_sites,
        second_draw_from_day=study.ctdna.second_draw_from_day,
        pairing_days=study.ctdna.pairing_days,
        site_names=tuple((site.site_id, site.name) for site in recruitment.sites),
        tumour_targets=tuple((one.tumour_type, one.target) for one in recruitment.tumour_targets),
        counts_only_below=counts_only_below(study),
        fewest_sites=study.conduct.site_score_min_sites,
        fewest_patients=study.conduct.site_score_min_patients,
        fewest_days=study.conduct.site_score_min_days,
        early_death_days=study.follow_up.early_death_days,
        theme=theme,
    )


def group_words(group: str, value: str, *, site_names: tuple[tuple[str, str], ...]) -> str:
    """A site or a tumour type in words."""
    if group == "tumour_type":
        return dict(vocabulary.TUMOUR_TYPES).get(value, value) if value else "Not recorded"
    name = dict(site_names).get(value, value)
    return name if value in name else f"{value}, {name}"
