"""What the clearance page asks for: a cohort and a scheme of ctDNA change; for survival an outcome too."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from dashboard.charts.theme import ThemeName
from dashboard.figures.figure import footer_of
from dashboard.figures.study_guards import counts_only_below, study_guards
from dashboard.figures.survival.request import composite_of, survival_endpoints
from dashboard.stats import Guards
from dashboard.store.reader import Reader
from dashboard.studies.choices import PERCENT_FROM
from dashboard.studies.cohort import Cohort
from dashboard.studies.endpoints import Endpoint
from dashboard.studies.schema import MolecularRule, Study
from dashboard.tables.clearance import Scheme

FOLDER = Path(__file__).parent
LANDMARK_MONTHS = 6
EVERYBODY = Cohort()
View = Literal["second_draw", "landmark", "moving", "naive"]

NAIVE_WARNING = (
    "BIASED, not a result: the groups are known only later, and whoever cleared had to stay free of the "
    "event until then (guarantee-time bias)"
)


@dataclass(frozen=True, kw_only=True)
class ClearanceRequest:
    """One scheme in one cohort; the numbers are those of the study.

    `is_post_local`: status after local therapy stands in for response. `is_low_shedding`: ctDNA not detected
    reassures nobody here (clinical-decisions A4). `least_compared`: fewest patients of a group described at
    enrolment.
    """

    scheme: Scheme
    guards: Guards
    cohort: Cohort = Cohort()
    cohort_line: str = ""
    counts_only_below: int = PERCENT_FROM
    least_compared: int = 10
    pairing_days: int = 42
    sensitivity_days: int = 28
    second_draw_from_day: int = 60
    balance_percent: int = 20
    is_post_local: bool = False
    is_low_shedding: bool = False
    theme: ThemeName = "light"

    @property
    def least_in_group(self) -> int:
        """Fewest patients of a group with a curve: with fewer it would be dimmed throughout (A29)."""
        return self.guards.dim_at_risk_min

    def footer(self, reader: Reader) -> str:
        """Study, data cut, snapshot, scheme and cohort."""
        line = self.cohort_line or f"cohort: {self.cohort.words()}"
        return f"{footer_of(reader.snapshot)} · {self.scheme.label} · {line}"


@dataclass(frozen=True, kw_only=True)
class AfterDrawRequest:
    """One outcome by what later draws showed.

    `view`: the clock starts at the second draw, at a landmark, or patients move between groups at every draw;
    "naive" is the biased comparison that only an explicit switch may show. `landmark_months` are calendar
    months after enrolment. `leaves_out_suspicion`: without second draws near progression or for suspicion of
    it (A11).
    """

    clearance: ClearanceRequest
    endpoint: Endpoint
    view: View = "second_draw"
    landmark_months: int = LANDMARK_MONTHS
    leaves_out_suspicion: bool = False

    def footer(self, reader: Reader) -> str:
        """Origin of the numbers, with the outcome and what is left out."""
        words = self.footer_of_all(reader, (self.view,))
        return f"{NAIVE_WARNING} · {words}" if self.view == "naive" else words

    def footer_of_all(self, reader: Reader, views: Sequence[View]) -> str:
        """The same of the numbers of several views in one file."""
        left_out = " · without draws near progression" if self.leaves_out_suspicion else ""
        labels = " and ".join(view_label(replace(self, view=view)) for view in views)
        return f"{self.clearance.footer(reader)} · {labels}{left_out}"


def view_label(request: AfterDrawRequest) -> str:
    """The outcome with its clock, as a title."""
    clocks = {
        "second_draw": "after the second draw",
        "landmark": f"from month {request.landmark_months} (landmark)",
        "moving": "with patients moving between groups",
        "naive": "by whether ever cleared (biased)",
    }
    return f"{request.endpoint.label}, {clocks[request.view]}"


def offered_schemes(study: Study) -> tuple[MolecularRule, ...]:
    """The schemes to choose from, the default first; four categories only where the study enables them."""
    offered = [rule for rule in study.molecular_rules if rule.is_offered]
    return tuple(sorted(offered, key=lambda rule: not rule.is_default))


def scheme_of(rule: MolecularRule) -> Scheme:
    """A scheme as tables need it: the percentage of the fall in place of the fraction."""
    share = 1 - (rule.numerator or 0) / (rule.denominator or 1)
    percent = 0 if rule.kind == "clearance" else round(100 * share)
    return Scheme(code=rule.scheme, label=rule.label, kind=rule.kind, percent=percent)


def clearance_request(
    study: Study,
    *,
    scheme: str | None = None,
    cohort: Cohort = EVERYBODY,
    cohort_line: str = "",
    theme: ThemeName = "light",
) -> ClearanceRequest:
    """The request of a study; without a scheme its default. Raises ValueError for one it does not define."""
    rules = {rule.scheme: rule for rule in study.molecular_rules}
    offered = offered_schemes(study)
    code = scheme or (offered[0].scheme if offered else "")
    if code not in rules:
        raise ValueError(f"scheme is {code!r}; allowed are {', '.join(rules) or 'none: the study has none'}")
    return ClearanceRequest(
        scheme=scheme_of(rules[code]),
        guards=study_guards(study),
        cohort=cohort,
        cohort_line=cohort_line,
        counts_only_below=counts_only_below(study),
        pairing_days=study.ctdna.pairing_days,
        sensitivity_days=study.ctdna.pairing_sensitivity_days,
        second_draw_from_day=study.ctdna.second_draw_from_day,
        balance_percent=study.display.balance_smd_percent,
        is_post_local=study.response.response_mode == "post_local_therapy",
        is_low_shedding=bool(study.about.low_shedding_sites),
        theme=theme,
    )


def outcomes_of(study: Study) -> tuple[Endpoint, ...]:
    """Outcomes that may be followed from a later draw: headlines of the whole patient, none competing.

    Where something competes, the endpoint that counts both stands in; an outcome of a later line has another
    clock and is left out.
    """
    found: dict[str, Endpoint] = {}
    for headline in survival_endpoints(study):
        one = composite_of(study, headline) or headline
        lines = [rule.absolute_line or 1 for rule in one.origin]
        if headline.is_headline and one.per == "patient" and not one.competing and max(lines) < 2:
            found[one.endpoint_id] = one
    return tuple(found.values())


def landmark_months(study: Study) -> int:
    """Calendar months of the study's own landmark after enrolment, else 6 (clinical-decisions A10)."""
    own = [
        rule.plus_months
        for endpoint in study.endpoints
        for rule in endpoint.origin
        if rule.plus_months and rule.milestone == "enrolment"
    ]
    return own[0] if own else LANDMARK_MONTHS


def has_clearance(reader: Reader) -> bool:
    """Whether the data cut was built with ctDNA changes; older ones have to be built again."""
    return reader.has_table("molecular_response")


def ask(reader: Reader, request: ClearanceRequest, name: str, **values: Any) -> pd.DataFrame:
    """Rows of clearance_<name>.sql for the cohort."""
    sql = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    query = request.cohort.narrow(sql)
    return reader.rows(query.sql, {**values, **query.values})
