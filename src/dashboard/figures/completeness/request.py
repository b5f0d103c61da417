"""What the completeness page counts: items of a study, from its visit plan, its groups and fixed facts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dashboard.charts.theme import ThemeName
from dashboard.figures.overview.baseline import DERIVED, baseline_variables
from dashboard.figures.study_guards import counts_only_below
from dashboard.studies.cohort import Cohort
from dashboard.studies.schema import Study
from dashboard.tables.completeness_cells import Item
from dashboard.tables.overview_baseline import Variable

SQL = (Path(__file__).parent / "matrix.sql").read_text(encoding="utf-8")
Order = Literal["missing", "site"]
# Derived from other records or told by the site itself, so nobody is asked for them.
NOT_ASKED = ("index_line", "local_course")
ASSUMED = {True: " (interval assumed)", False: " (window assumed)"}

RECORDS = {
    "response": "Response after imaging",
    "ctdna_result": "ctDNA result",
    "laboratory_result": "Laboratory id with a result",
    "draw_reason": "Reason for the draw",
    "start_reason": "Reason treatment started",
    "stop_reason": "Reason treatment stopped",
    "sae_outcome": "Outcome of serious events",
    "event_grade": "Grade of adverse events",
    "event_relation": "Relation of adverse events",
    "death_cause": "Cause of death",
}
STATUS_ITEM = "vital_status"


@dataclass(frozen=True, kw_only=True)
class CompletenessRequest:
    """Items in the order shown; `facts` are (source, name) of the baseline characteristics among them."""

    items: tuple[Item, ...]
    facts: tuple[tuple[str, str], ...]
    cohort: Cohort = Cohort()
    cohort_line: str = ""
    after_days: int
    counts_only_below: int
    site_names: tuple[tuple[str, str], ...] = ()
    order: Order = "missing"
    item: str | None = None
    states: tuple[str, ...] = ()
    theme: ThemeName = "light"
    is_study_time: bool = False

    def label(self, key: str) -> str:
        """The name of an item."""
        return next((one.label for one in self.items if one.key == key), key)


def completeness_request(
    study: Study, *, cohort: Cohort, cohort_line: str = "", theme: ThemeName = "light"
) -> CompletenessRequest:
    """The request of a study, everything else as the page opens."""
    return CompletenessRequest(
        items=(*_plan_items(study), *_record_items(), *_fact_items(study)),
        facts=tuple((one.source, one.name) for one in _asked_of_everybody(study)),
        cohort=cohort,
        cohort_line=cohort_line,
        after_days=study.follow_up.laboratory_screening_days,
        counts_only_below=counts_only_below(study),
        site_names=tuple((site.site_id, site.name) for site in study.recruitment.sites),
        theme=theme,
        is_study_time=study.calendar == "relative",
    )


def _asked_of_everybody(study: Study) -> list[Variable]:
    return [
        one
        for one in baseline_variables(study)
        if one.source not in NOT_ASKED and one not in DERIVED and one.name != "site_id"
    ]


def _plan_items(study: Study) -> list[Item]:
    """Planned draws and scans, and the survival status."""
    planned = [
        Item(
            one.item,
            one.label if one.is_protocol else f"{one.label}{ASSUMED[one.repeat_days is not None]}",
            "Visit plan",
        )
        for one in study.visit_plan
        if one.kind in ("ctdna", "imaging")
    ]
    return [*planned, Item(STATUS_ITEM, "Survival status up to date", "Visit plan")]


def _record_items() -> list[Item]:
    return [Item(key, label, "Records") for key, label in RECORDS.items()]


def _fact_items(study: Study) -> list[Item]:
    """Consent, eligibility and the characteristics the study asks of everybody."""
    own = [Item(f"{one.source}.{one.name}", one.label, "At enrolment") for one in _asked_of_everybody(study)]
    return [
        Item("consent", "Date of consent", "At enrolment"),
        Item("eligibility", "Eligibility criteria answered", "At enrolment"),
        *own,
    ]
