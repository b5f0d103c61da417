"""The patients of the response page: which line counts, their best responses, their assessments."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.figures.figure import footer_of
from dashboard.figures.survival.of_line import line_words
from dashboard.stats import DAYS_PER_MONTH
from dashboard.store.frame import as_days
from dashboard.store.reader import Reader
from dashboard.studies.cohort import Cohort
from dashboard.studies.endpoints import Endpoint
from dashboard.studies.schema import ResponseSetting, Study

FOLDER = Path(__file__).parent
SQL = (FOLDER / "patient.sql").read_text(encoding="utf-8")
ASSESSMENTS = (FOLDER / "assessment.sql").read_text(encoding="utf-8")
ANY_REPORT = "select 1 as n from overall_response where response is not null and not is_unassessed limit 1"


@dataclass(frozen=True, kw_only=True)
class ResponseSettings:
    """Ways of deriving the best response, None where the study has none.

    The headline, the same confirmed, the same with a longer SD, that from target lesions, and the headline
    with what is calculated from the lesions where nobody reported a response. `duration` is the
    endpoint that runs from the first response of the headline. `left_out` says who began line 1 with
    chemotherapy and is not counted in it (A14); empty where the study counts them.
    """

    headline: ResponseSetting
    confirmed: ResponseSetting | None = None
    benefit: ResponseSetting | None = None
    calculated: ResponseSetting | None = None
    else_calculated: ResponseSetting | None = None
    duration: Endpoint | None = None
    left_out: str = ""


@dataclass(frozen=True, kw_only=True)
class ResponseRequest:
    """What to count: the cohort, the line (None for that at enrolment), the ways of deriving a response.

    `has_lines` is whether there are lines of therapy to tell apart; without, none is named.
    """

    settings: ResponseSettings
    cohort: Cohort = Cohort()
    cohort_line: str = ""
    line: int | None = None
    has_lines: bool = True

    @property
    def line_words(self) -> str:
        """The line that is counted, in words; empty after local therapy and without lines."""
        return line_words(self.line) if self.has_lines and not is_after_local(self) else ""

    @property
    def parameters(self) -> dict[str, Any]:
        """Values of the placeholders of the query of patients, those of the cohort left out."""
        settings = self.settings
        return {
            "line": self.line,
            "headline": settings.headline.setting_id,
            "confirmed": settings.confirmed.setting_id if settings.confirmed else None,
            "benefit": settings.benefit.setting_id if settings.benefit else None,
            "calculated": settings.calculated.setting_id if settings.calculated else None,
            "else_calculated": settings.else_calculated.setting_id if settings.else_calculated else None,
            "duration": settings.duration.endpoint_id if settings.duration else None,
        }

    def footer(self, reader: Reader) -> str:
        """Study, data cut, snapshot, whose response it is, the line that is counted, and cohort."""
        parts = (footer_of(reader.snapshot), self.settings.headline.label, self.line_words, self.cohort_line)
        return " · ".join(part for part in parts if part)


def response_settings(study: Study) -> ResponseSettings | None:
    """The settings of a study; None where it defines none for its way of reading images."""
    mode = study.response.response_mode
    offered = [one for one in study.response_settings if one.mode == mode]
    if not offered:
        return None
    headline = next((one for one in offered if one.is_headline), offered[0])
    alike = [one for one in offered if one != headline and _asks(one) == _asks(headline)]
    unconfirmed = [one for one in alike if one.confirm_days is None]
    return ResponseSettings(
        headline=headline,
        confirmed=next((one for one in alike if one.confirm_days is not None), None),
        benefit=next((one for one in unconfirmed if one.stable_days > headline.stable_days), None),
        calculated=_from_source(offered, "calculated", headline=headline),
        else_calculated=_from_source(offered, "reported_else_calculated", headline=headline),
        duration=_duration(study, headline),
        left_out=_left_out(study),
    )


def settings_in_force(reader: Reader, settings: ResponseSettings) -> ResponseSettings:
    """The settings; where nobody in the study reported any response, those calculated from the lesions."""
    instead = settings.calculated
    if settings.headline.source != "reported" or instead is None or reader.records(ANY_REPORT):
        return settings
    return ResponseSettings(headline=instead, left_out=settings.left_out)


def is_after_local(request: ResponseRequest) -> bool:
    """Whether the study follows patients after local therapy, where no response rate is formed."""
    mode: str = request.settings.headline.mode
    return mode == "post_local_therapy"


def _from_source(
    offered: Sequence[ResponseSetting], source: str, *, headline: ResponseSetting
) -> ResponseSetting | None:
    return next((one for one in offered if one.source == source and one != headline), None)


def _asks(setting: ResponseSetting) -> tuple[Any, ...]:
    return (setting.source, setting.assessor, setting.reference)


def _duration(study: Study, headline: ResponseSetting) -> Endpoint | None:
    """The endpoint whose clock starts at the first response of the headline setting."""
    for endpoint in study.endpoints:
        starts = {(rule.milestone, rule.detail) for rule in endpoint.origin}
        if starts == {("objective_response", headline.setting_id)}:
            return endpoint
    return None


def _left_out(study: Study) -> str:
    """Words of the headline endpoint that leaves out maintenance after chemotherapy; "" where none does."""
    for endpoint in study.endpoints:
        required = {rule.milestone for rule in endpoint.require}
        if endpoint.is_headline and "class_start_without_induction" in required:
            return endpoint.require_words
    return ""


def response_patients(reader: Reader, request: ResponseRequest) -> pd.DataFrame:
    """One row per patient of the cohort at the reader's sites; see the query for the columns."""
    query = request.cohort.narrow(SQL)
    return reader.rows(query.sql, {**request.parameters, **query.values})


def response_assessments(
    reader: Reader, request: ResponseRequest, *, patients: pd.DataFrame | None = None
) -> pd.DataFrame:
    """One row per response of the line asked for: the columns of the query, `months` since the line began.

    Also `best`, the best response of the patient, and `change_percent` from the baseline of the line;
    baselines are left out. The day of the first dose belongs to the line before, as for the responses.
    `patients` are those of `response_patients` that are asked for; all of them where not given.
    """
    query = request.cohort.narrow(ASSESSMENTS)
    rows = reader.rows(query.sql, query.values)
    if patients is None:
        return in_line(rows, patients=response_patients(reader, request))
    return in_line(rows[rows["patient_id"].isin(patients["patient_id"])], patients=patients)


def in_line(rows: pd.DataFrame, *, patients: pd.DataFrame) -> pd.DataFrame:
    """The assessments after the start of the line asked for and up to the start of the next."""
    started = patients[patients["started_on"].notna()]
    columns = ["patient_id", "started_on", "next_started_on", "response"]
    joined = rows.merge(started[columns].rename(columns={"response": "best"}), on="patient_id")
    day, begin, end = (as_days(joined[name]) for name in ("assessed_on", "started_on", "next_started_on"))
    kept = (day > begin) & (end.isna() | (day <= end)) & ~joined["is_baseline"].astype(bool)
    months = (day - begin).dt.days / DAYS_PER_MONTH
    change = joined["change_from_baseline_tenth_percent"].astype("Float64") / 10
    return joined.assign(months=months, change_percent=change)[kept].reset_index(drop=True)
