"""What a survival figure asks for, and the patients that answer it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dashboard.charts.curve_names import MOST_NAMED
from dashboard.charts.theme import ThemeName
from dashboard.figures.figure import footer_of
from dashboard.figures.overview.baseline import baseline_variables, later_variables
from dashboard.figures.survival.of_line import line_words, titled
from dashboard.stats import DAYS_PER_MONTH, Guards
from dashboard.stats.risk_table import with_columns
from dashboard.store.reader import Reader
from dashboard.studies.cohort import Cohort
from dashboard.studies.endpoints import Endpoint
from dashboard.studies.milestones import WITHOUT_INDUCTION
from dashboard.studies.reported import ReportedEndpoint
from dashboard.studies.schema import Study
from dashboard.tables.overview_baseline import Variable, value_words

SQL = (Path(__file__).parent / "patient.sql").read_text(encoding="utf-8")
REPORTED_SQL = (Path(__file__).parent / "reported.sql").read_text(encoding="utf-8")
# The name of the groups counted together begins so: a recorded value may itself be "Other".
JOINED = "Together: "
MOST_LETTERS = 48
ALL = "All in this analysis"
OF_CLEARANCE = ("second_draw", "molecular_progression")
# Starts of the clock of which the query says why a patient has none.
REASONED = ("detected_baseline", WITHOUT_INDUCTION)


@dataclass(frozen=True, kw_only=True)
class SurvivalRequest:
    """One endpoint (or one of its variants) in one cohort, for all or by a group known when patients join.

    `line` is the line of an endpoint per line, None for that at enrolment. `grace_days` is how much later
    than joining a group may be recorded. `reference` is the group a hazard ratio is measured against.
    `has_every_band` draws the bands of many curves, too; `has_ratios` writes hazard ratios in the file of
    numbers.
    """

    endpoint: Endpoint
    guards: Guards
    grace_days: int
    stale_days: int
    group: Variable | None = None
    reference: str | None = None
    cohort: Cohort = Cohort()
    cohort_line: str = ""
    line: int | None = None
    theme: ThemeName = "light"
    has_band: bool = True
    has_every_band: bool = False
    has_censor_marks: bool = True
    has_ratios: bool = True

    @property
    def sql(self) -> str:
        """The query of the rows: derived from dates, or as the source reports them."""
        return REPORTED_SQL if isinstance(self.endpoint, ReportedEndpoint) else SQL

    @property
    def parameters(self) -> dict[str, Any]:
        """Values of the placeholders of the query, those of the cohort left out."""
        group = {
            "group_name": self.group.name if self.group else None,
            "group_source": self.group.source if self.group else None,
            "grace_days": self.grace_days,
        }
        if isinstance(self.endpoint, ReportedEndpoint):
            is_known_then = group["group_name"] in self.endpoint.known_groups
            return {"outcome": self.endpoint.outcome, **group, "is_known_then": is_known_then}
        first_day = self.endpoint.origin[0].milestone
        return {
            "endpoint": self.endpoint.endpoint_id,
            "line": self.line,
            "first_day": first_day if first_day in REASONED else None,
            **group,
        }

    @property
    def unit(self) -> str:
        """What is counted: patients, or lesions."""
        return "lesions" if self.endpoint.per == "lesion" else "patients"

    @property
    def everybody(self) -> str:
        """Name of the group of all."""
        return "All lesions in this analysis" if self.endpoint.per == "lesion" else ALL

    @property
    def line_words(self) -> str:
        """The line whose times these are, in words; empty for an endpoint that is not counted per line."""
        return line_words(self.line) if self.endpoint.per == "line" else ""

    @property
    def title(self) -> str:
        """The endpoint with the line it is counted on."""
        return titled(self.endpoint.label, self.line_words)

    @property
    def by(self) -> str:
        """What the groups are of, for instance "by CDK4/6 inhibitor of line 1"; empty without groups."""
        return "" if self.group is None else self.group.by

    @property
    def caution(self) -> str:
        """What a figure by treatment says (clinical-decisions A42); empty for other groups."""
        return "" if self.group is None else self.group.caution

    def footer(self, reader: Reader) -> str:
        """Study, data cut, snapshot, endpoint with its line, groups, cohort; for treatments the caution."""
        parts = (footer_of(reader.snapshot), self.title, self.by, self.cohort_line, self.caution)
        return " · ".join(part for part in parts if part)


def survival_endpoints(study: Study) -> tuple[Endpoint, ...]:
    """The endpoints to choose from, headlines first; variants, and clocks started by a draw, left out."""
    offered = [
        one
        for one in study.endpoints
        if one.sensitivity_of is None
        and not any(rule.is_shifted or rule.milestone in OF_CLEARANCE for rule in one.origin)
    ]
    return tuple(sorted(offered, key=lambda one: not one.is_headline))


def offered_endpoints(study: Study) -> tuple[Endpoint, ...]:
    """Those of `survival_endpoints`, then the outcomes shown as the source reports them."""
    return (*survival_endpoints(study), *study.reported_endpoints)


def group_variables(study: Study, endpoint: Endpoint) -> tuple[Variable, ...]:
    """What may divide the patients of an endpoint.

    A reported outcome has no dates, so only what needs none: columns of the patient, characteristics, and the
    groups the study states as known on the day 0 of the source.
    """
    known = [one for one in baseline_variables(study) if one.source != "number"]
    if not isinstance(endpoint, ReportedEndpoint):
        return tuple(known)
    undated = [one for one in known if one.source in ("patient", "characteristic")]
    later = [one for one in later_variables(study) if one.name in endpoint.known_groups]
    return (*undated, *later)


def variants_of(study: Study, endpoint: Endpoint) -> tuple[Endpoint, ...]:
    """The endpoint itself and its sensitivity variants, as the study lists them."""
    return (endpoint, *(one for one in study.endpoints if one.sensitivity_of == endpoint.endpoint_id))


def composite_of(study: Study, endpoint: Endpoint) -> Endpoint | None:
    """The endpoint in which what competes is an event too; None where there is none.

    Its curve may be drawn where that of the endpoint may not.
    """
    if not endpoint.competing:
        return None
    wanted = {rule.milestone for rule in (*endpoint.events, *endpoint.competing)}
    for one in study.endpoints:
        same_clock = one.origin == endpoint.origin and one.per == endpoint.per
        if same_clock and not one.competing and {rule.milestone for rule in one.events} == wanted:
            return one
    return None


def survival_rows(reader: Reader, request: SurvivalRequest) -> pd.DataFrame:
    """One row per patient of the cohort and origin: the columns of the query, and the words of `group`."""
    query = request.cohort.narrow(request.sql)
    rows = reader.rows(query.sql, {**request.parameters, **query.values})
    variable = request.group
    if variable is None:
        rows["group"] = request.everybody
        return rows
    # A missing value has the code -1, which takes the last of the words.
    codes, values = pd.factorize(rows["group_value"])
    words = [*(value_words(str(value), variable=variable) for value in values), variable.missing]
    rows["group"] = np.array(words, dtype=object)[codes]
    return rows


def followed(rows: pd.DataFrame, *, group: Variable | None = None, most: int = MOST_NAMED) -> pd.DataFrame:
    """The rows at risk at some time, with `months`, `entry_months`, `is_event`, and `group` in order.

    The frame of every estimate: months of 30.4375 days since day 0. Of more than `most` groups the smaller
    are joined: as many curves have their names beside them.
    """
    return in_groups(in_months(rows), group=group, most=most)


def in_groups(kept: pd.DataFrame, *, group: Variable | None, most: int = MOST_NAMED) -> pd.DataFrame:
    """The frame of `in_months` with `group` in order, small groups joined."""
    joined = join_small_groups(kept["group"], missing=group.missing if group else "", most=most)
    order = groups_in_order(joined, group=group)
    return with_columns(kept, group=pd.Categorical(joined, categories=order))


def in_months(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows at risk at some time, with `months`, `entry_months` and `is_event`."""
    kept = rows[rows["status"] != "NOT_AT_RISK"].reset_index(drop=True)
    return with_columns(
        kept,
        months=kept["duration_days"].to_numpy(dtype=float) / DAYS_PER_MONTH,
        entry_months=kept["entry_days"].to_numpy(dtype=float) / DAYS_PER_MONTH,
        is_event=kept["status"].to_numpy() == "EVENT",
    )


def join_small_groups(groups: pd.Series, *, missing: str, most: int = MOST_NAMED) -> pd.Series:
    """The largest groups under their names, the rest as one that names them; not recorded stays by itself."""
    sizes = groups.value_counts()
    room = most - int(missing in sizes)
    sizes = sizes.drop(missing, errors="ignore")
    if len(sizes) <= room:
        return groups
    large = set(sizes.index[: room - 1]) | {missing}
    return groups.where(groups.isin(large), _joined_name([str(name) for name in sizes.index[room - 1 :]]))


def _joined_name(names: Sequence[str]) -> str:
    listed = ", ".join(sorted(names))
    return f"{JOINED}{listed if len(listed) <= MOST_LETTERS else f'{len(names)} smaller groups'}"


def joined_words(groups: pd.Series, names: Iterable[str]) -> str:
    """What was counted together, for instance "Together: Gastric 16, Liver 14."; else nothing.

    `groups` are those of the patients as recorded, `names` those after `join_small_groups`.
    """
    kept = set(names)
    if not any(name.startswith(JOINED) for name in kept):
        return ""
    sizes = groups[~groups.isin(kept)].value_counts()
    named = sorted(sizes.items(), key=lambda one: (-one[1], str(one[0])))
    return f"{JOINED}{', '.join(f'{name} {n}' for name, n in named)}."


def groups_in_order(groups: pd.Series, *, group: Variable | None) -> list[str]:
    """Groups in the order of the study's words, then by size; the joined rest and not recorded last."""
    found = [str(name) for name in groups.value_counts().index]
    missing = group.missing if group else ""
    is_ordered = group is not None and group.name not in ("tumour_type", "drug_class")
    listed: Mapping[str, str] = group.words if group is not None and is_ordered else {}
    known = [words for words in dict.fromkeys(listed.values()) if words in found]
    together = next((name for name in found if name.startswith(JOINED)), "")
    last = [name for name in (together, missing) if name in found]
    rest = [name for name in found if name not in known and name not in last]
    return [*(name for name in known if name not in last), *rest, *last]
