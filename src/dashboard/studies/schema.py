"""What study.toml may say: frozen models, one per table, with the defaults of the clinical decisions."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import Field

from dashboard.studies.choices import (
    ConductRules,
    CtdnaRules,
    Display,
    FollowUpRules,
    LineRules,
    LocalTherapyRules,
    ResponseRules,
    SafetyRules,
)
from dashboard.studies.criteria import Criterion, OpenQuestion
from dashboard.studies.endpoints import Endpoint, Strict
from dashboard.studies.reported import ReportedEndpoint

Source = Literal[
    "contact",
    "visit",
    "imaging",
    "response",
    "ctdna_sample",
    "measurement",
    "treatment",
    "adverse_event",
    "enrolment",
]
KNOWN_ALIVE_SOURCES: tuple[Source, ...] = get_args(Source)
OutsideDays = Annotated[int, Field(ge=0)] | Literal["any"]


class Registry(Strict):
    """Entry in a public registry. Its dates are plans; nothing is computed from them."""

    registry_id: str = Field(alias="id")
    planned_start: dt.date | None = None
    planned_completion: dt.date | None = None


class About(Strict):
    """[study]: what the study is."""

    study_id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    short_title: str
    full_title: str = ""
    phase: str = ""
    sponsor: str = ""
    patient_id_pattern: str = ""
    sample: bool = False
    calendar: Literal["calendar", "relative"] = "calendar"
    inference: Literal["descriptive", "confirmatory"] = "descriptive"
    index_origin: Literal["line", "local_therapy"] = "line"
    low_shedding_sites: tuple[str, ...] = ()
    known_alive_sources: tuple[Source, ...] = KNOWN_ALIVE_SOURCES
    registry: Registry | None = None


class Site(Strict):
    """One site as the data name it."""

    site_id: str
    name: str
    language: Literal["en", "vi", "zh"] = "en"


class MonthPlan(Strict):
    """Patients planned to enrol in one calendar month."""

    month: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    planned: int = Field(ge=0)


class TumourTarget(Strict):
    """Patients planned of one tumour type."""

    tumour_type: str
    target: int = Field(ge=0)


class Recruitment(Strict):
    """[recruitment]: who is to enrol, where and when."""

    opens: dt.date
    closes: dt.date | None = None
    target: int = Field(gt=0)
    sites: tuple[Site, ...] = Field(min_length=1)
    month_plan: tuple[MonthPlan, ...] = ()
    tumour_targets: tuple[TumourTarget, ...] = ()


class Assay(Strict):
    """[[assay]]: one panel and version, as named on the samples."""

    assay: str
    panel: str
    tracks: Literal["tumour_informed", "fixed_panel"]
    lod_ppm: Decimal | None = Field(default=None, gt=0)
    loq_ppm: Decimal | None = Field(default=None, gt=0)
    is_white_cell_filtered: bool = False
    sequence: tuple[str, ...] = ()
    copy_number: tuple[str, ...] = ()
    tracked_tumour_types: tuple[str, ...] = ()
    note: str = ""


class VisitItem(Strict):
    """[[visit_plan]]: one planned item; a repeated one is due every repeat_days.

    repeat_from says what the days count from: the anchor, or the last one of its kind that was done. An item
    with is_protocol = false rests on an interval the protocol does not state and is never called missed.
    early_days and late_days say how far outside the window of an item planned once one still counts, as done
    outside its window: as many days as the grace unless stated, "any" where the protocol takes every one.
    is_over_at_next_line: an item of a line counts to the day the next line starts, and is over from then on.
    """

    item: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    kind: Literal["ctdna", "imaging", "contact", "visit"]
    anchor: str
    opens_months: int | None = None
    closes_months: int | None = None
    opens_days: int | None = None
    closes_days: int | None = None
    repeat_days: int | None = Field(default=None, gt=0)
    repeat_from: Literal["anchor", "last_done"] = "anchor"
    repeat_until_months: int | None = Field(default=None, gt=0)
    window_days: int | None = Field(default=None, ge=0)
    grace_days: int = Field(default=0, ge=0)
    early_days: OutsideDays | None = None
    late_days: OutsideDays | None = None
    line_scope: Literal["patient", "line"] = "patient"
    is_over_at_next_line: bool = False
    is_protocol: bool = True
    note: str = ""


class ResponseSetting(Strict):
    """[[response_setting]]: one way to derive the best response (clinical-decisions A13)."""

    setting_id: str = Field(alias="id", pattern=r"^[A-Z][A-Z0-9_]*$")
    label: str
    mode: Literal["recist", "post_local_therapy"] = "recist"
    source: Literal["reported", "calculated", "reported_else_calculated"] = "reported"
    assessor: Literal["treating_physician", "investigator", "radiologist", "central"] | None = None
    reference: Literal["line_start", "randomisation", "enrolment", "local_therapy"] = "line_start"
    confirm_days: int | None = Field(default=None, gt=0)
    max_ne: int = Field(default=1, ge=0)
    max_sd: int = Field(default=0, ge=0)
    stable_days: int = Field(default=42, ge=0)
    ne_severity: Literal["worst", "least"] = "least"
    response_if_none: Literal["MISSING", "NE"] = "MISSING"
    is_headline: bool = False


class MolecularRule(Strict):
    """[[molecular_rule]]: one scheme of ctDNA change (clinical-rules 3.4, clinical-decisions A26)."""

    scheme: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    label: str
    kind: Literal["clearance", "fall", "categories"]
    numerator: int | None = Field(default=None, gt=0)
    denominator: int | None = Field(default=None, gt=0)
    is_inclusive: bool = True
    is_default: bool = False
    is_offered: bool = True


class GroupValue(Strict):
    """One value of a group and the words for it."""

    value: str
    label: str


class Group(Strict):
    """[[group]]: patients may be shown by this characteristic, patient column or local-treatment group.

    `is_later`: known only after the course has begun. It is no baseline characteristic, filter or group of a
    curve from the start: patients must have lived, or progressed, to have it (guarantee-time bias).
    `is_treatment`: a physician chose it (see `is_chosen`).
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    source: Literal["characteristic", "patient", "local_course", "index_line"] = "characteristic"
    values: tuple[GroupValue, ...] = ()
    is_default: bool = False
    is_later: bool = False
    is_treatment: bool = False
    note: str = ""

    @property
    def is_chosen(self) -> bool:
        """Whether a physician chose it, so that every figure by it carries the caution of A42.

        Local therapy and the drug class of the line at enrolment are so without being named as such.
        """
        is_class = (self.source, self.name) == ("index_line", "drug_class")
        return self.is_treatment or is_class or self.source == "local_course"


class Drug(Strict):
    """[[drug]]: a drug the reference list lacks, or one this study classes otherwise."""

    agent: str
    drug_class: str
    opens_line: bool = True
    is_oral: bool = False
    substitution_group: str | None = None


class Identifying(Strict):
    """[identifying]: columns of this study's files that are dropped at reading."""

    columns: tuple[str, ...] = ()


class Study(Strict):
    """A study definition: study.toml as a whole."""

    about: About = Field(alias="study")
    recruitment: Recruitment
    ctdna: CtdnaRules = CtdnaRules()
    response: ResponseRules = ResponseRules()
    lines: LineRules = LineRules()
    follow_up: FollowUpRules = FollowUpRules()
    local_therapy: LocalTherapyRules = LocalTherapyRules()
    safety: SafetyRules = SafetyRules()
    conduct: ConductRules = ConductRules()
    display: Display = Display()
    identifying: Identifying = Identifying()
    assays: tuple[Assay, ...] = Field(default=(), alias="assay")
    visit_plan: tuple[VisitItem, ...] = ()
    endpoints: tuple[Endpoint, ...] = Field(default=(), alias="endpoint")
    reported_endpoints: tuple[ReportedEndpoint, ...] = Field(default=(), alias="reported_endpoint")
    response_settings: tuple[ResponseSetting, ...] = Field(default=(), alias="response_setting")
    molecular_rules: tuple[MolecularRule, ...] = Field(default=(), alias="molecular_rule")
    criteria: tuple[Criterion, ...] = Field(default=(), alias="criterion")
    open_questions: tuple[OpenQuestion, ...] = Field(default=(), alias="open_question")
    groups: tuple[Group, ...] = Field(default=(), alias="group")
    drugs: tuple[Drug, ...] = Field(default=(), alias="drug")

    @property
    def study_id(self) -> str:
        """Name of the study in folders, addresses and tables."""
        return self.about.study_id

    @property
    def title(self) -> str:
        """Title for pages and the study picker."""
        return self.about.title

    @property
    def short_title(self) -> str:
        """Title where space is short."""
        return self.about.short_title

    @property
    def sample(self) -> bool:
        """True for synthetic data."""
        return self.about.sample

    @property
    def calendar(self) -> str:
        """calendar, or relative where the extract has days from day 0 only."""
        return self.about.calendar

    @property
    def inference(self) -> str:
        """descriptive (no p values anywhere) or confirmatory."""
        return self.about.inference

    def endpoint(self, endpoint_id: str) -> Endpoint:
        """The endpoint of this id; KeyError names it."""
        for endpoint in self.endpoints:
            if endpoint.endpoint_id == endpoint_id:
                return endpoint
        raise KeyError(endpoint_id)
