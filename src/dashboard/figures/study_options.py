"""What a request takes from its study: no option as long as it is what the study says."""

from collections.abc import Callable, Mapping
from typing import Any

from dashboard.figures.biomarkers.request import BiomarkerRequest, biomarker_request
from dashboard.figures.clearance.balance import BalanceRequest
from dashboard.figures.clearance.request import (
    AfterDrawRequest,
    ClearanceRequest,
    clearance_request,
    landmark_months,
    offered_schemes,
    scheme_of,
)
from dashboard.figures.completeness.request import CompletenessRequest, completeness_request
from dashboard.figures.enrolment.request import EnrolmentRequest, enrolment_request
from dashboard.figures.follow_up.request import ChaseRequest, chase_request
from dashboard.figures.overview.accrual import AccrualRequest, accrual_request
from dashboard.figures.overview.baseline import (
    BaselineRequest,
    baseline_request,
    baseline_variables,
    later_variables,
)
from dashboard.figures.overview.flow import FlowRequest, flow_request
from dashboard.figures.response.duration import DurationRequest
from dashboard.figures.response.patients import ResponseRequest, response_settings
from dashboard.figures.response.rates import RatesRequest
from dashboard.figures.safety.request import SafetyRequest, safety_request
from dashboard.figures.study_guards import counts_only_below, study_guards
from dashboard.figures.survival.forest import ForestRequest
from dashboard.figures.survival.request import SurvivalRequest
from dashboard.figures.treatment.outcomes import AT_ENROLMENT
from dashboard.figures.treatment.request import TreatmentRequest, treatment_request
from dashboard.studies.cohort import Cohort
from dashboard.studies.endpoints import Endpoint
from dashboard.studies.schema import Study
from dashboard.tables.clearance import Scheme
from dashboard.tables.overview_baseline import Variable

Values = Mapping[str, Any]
EVERYBODY = Cohort()


def _clearance(study: Study) -> Values:
    return vars(clearance_request(study)) if offered_schemes(study) else {}


def _survival(study: Study) -> Values:
    return {
        "guards": study_guards(study),
        "grace_days": study.lines.index_grace_days,
        "stale_days": study.follow_up.contact_stale_on_treatment_days,
    }


def _rates(study: Study) -> Values:
    return {"counts_only_below": counts_only_below(study)}


def _balance(study: Study) -> Values:
    days = study.follow_up.laboratory_screening_days
    return {"variables": baseline_variables(study), "after_days": days}


def _forest(study: Study) -> Values:
    return {"subgroups": tuple(one for one in baseline_variables(study) if one.source != "number")}


def _accrual(study: Study) -> Values:
    return vars(accrual_request(study.recruitment, is_all_sites=True, view="total", theme="light"))


OF_STUDY: Mapping[type, Callable[[Study], Values]] = {
    AccrualRequest: _accrual,
    AfterDrawRequest: lambda study: {"landmark_months": landmark_months(study)},
    BalanceRequest: _balance,
    BaselineRequest: lambda study: vars(baseline_request(study)),
    BiomarkerRequest: lambda study: vars(biomarker_request(study, cohort=EVERYBODY)),
    ChaseRequest: lambda study: vars(chase_request(study)),
    ClearanceRequest: _clearance,
    CompletenessRequest: lambda study: vars(completeness_request(study, cohort=EVERYBODY)),
    DurationRequest: lambda study: {"guards": study_guards(study)},
    EnrolmentRequest: lambda study: vars(enrolment_request(study, is_all_sites=True)),
    FlowRequest: lambda study: vars(flow_request(study)),
    ForestRequest: _forest,
    RatesRequest: _rates,
    ResponseRequest: lambda study: {"settings": response_settings(study)},
    SafetyRequest: lambda study: vars(safety_request(study, cohort=EVERYBODY)),
    SurvivalRequest: _survival,
    TreatmentRequest: lambda study: vars(treatment_request(study, cohort=EVERYBODY)),
}


def _characteristics(study: Study) -> Mapping[str, Variable]:
    known = (AT_ENROLMENT, *baseline_variables(study), *later_variables(study))
    return {one.name: one for one in known}


def _endpoints(study: Study) -> Mapping[str, Endpoint]:
    return {one.endpoint_id: one for one in (*study.endpoints, *study.reported_endpoints)}


# What is written as its name, with what a person calls it in an error.
NAMED: Mapping[type, tuple[str, Callable[[Study], Mapping[str, Any]]]] = {
    Endpoint: ("endpoint", _endpoints),
    Variable: ("characteristic", _characteristics),
    Scheme: ("scheme", lambda study: {one.scheme: scheme_of(one) for one in study.molecular_rules}),
}


def name_of(value: Any) -> str | None:
    """The name of an endpoint, characteristic or scheme; None for anything else."""
    if isinstance(value, Endpoint):
        return value.endpoint_id
    if isinstance(value, Variable):
        return value.name
    return value.code if isinstance(value, Scheme) else None
