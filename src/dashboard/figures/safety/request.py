"""What the safety page counts: a cohort, and all treatment, one line, one drug or local treatment."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dashboard.charts.theme import ThemeName
from dashboard.figures.figure import footer_of
from dashboard.figures.study_guards import counts_only_below
from dashboard.store.reader import Reader
from dashboard.studies.choices import PERCENT_FROM
from dashboard.studies.cohort import Cohort, Narrowed
from dashboard.studies.schema import Study
from dashboard.tables.safety import unit_words

FOLDER = Path(__file__).parent


def safety_sql(name: str) -> str:
    """The query safety_<name>.sql of this package."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class SafetyRequest:
    """`scope` is ALL, LINE, DRUG or LOCAL; `unit` the line or drug; `key_class` what the study follows."""

    cohort: Cohort
    cohort_line: str = ""
    scope: str = "ALL"
    unit: str = "ALL"
    by_class: bool = False
    n_terms: int = 15
    counts_only_below: int = PERCENT_FROM
    after_days: int = 28
    is_from_enrolment: bool = True
    is_collected_when_known: bool = False
    key_class: str | None = None
    theme: ThemeName = "light"

    @property
    def drug(self) -> str:
        """The one drug events are counted under; empty elsewhere."""
        return self.unit if self.scope == "DRUG" else ""


def safety_request(study: Study, *, cohort: Cohort, cohort_line: str = "") -> SafetyRequest:
    """The request of a study for all treatment, with its own numbers; `cohort_line` is for the footer."""
    return SafetyRequest(
        cohort=cohort,
        cohort_line=cohort_line,
        counts_only_below=counts_only_below(study),
        after_days=study.safety.adverse_event_after_days,
        is_from_enrolment=study.safety.adverse_events_from == "enrolment",
        is_collected_when_known=study.safety.is_collected_when_known,
        key_class=study.lines.key_class,
    )


def has_safety(reader: Reader) -> bool:
    """Whether the data cut was built with adverse events and where they are recorded; older ones were not."""
    if not reader.has_table("adverse_event_denominator"):
        return False
    return "is_recorded" in reader.rows("select * from adverse_event_denominator limit 0").columns


def ask(reader: Reader, request: SafetyRequest, name: str, **values: str | None) -> pd.DataFrame:
    """Rows of safety_<name>.sql for the cohort of the request."""
    found = narrowed(request, name)
    return reader.rows(found.sql, {**values, **found.values})


def narrowed(request: SafetyRequest, name: str) -> Narrowed:
    """The query for the cohort of the request."""
    return request.cohort.narrow(safety_sql(name))


def footer_words(reader: Reader, request: SafetyRequest) -> str:
    """Study, data cut, cohort and what is counted, for the foot."""
    line = request.cohort_line or f"cohort: {request.cohort.words()}"
    return f"{footer_of(reader.snapshot)} · {line} · {unit_words(request.scope, request.unit)}"
