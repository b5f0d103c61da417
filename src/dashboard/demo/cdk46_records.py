"""The record of a CDK4/6 patient at enrolment: identity, receptors, adjuvant history, groups."""

from decimal import Decimal

from dashboard.demo.cdk46_plan import Cdk46Plan
from dashboard.demo.chance import between, happens, one_of, pick
from dashboard.demo.course import Drug, past_drug
from dashboard.demo.person import Person
from dashboard.demo.workdays import ordinal, weekday

YEAR = 365.25
ORGANS = {
    "bone_only": {"bone": 1.0},
    "liver": {"liver": 0.5, "bone": 0.25, "lung": 0.1, "lymph_node": 0.15},
    "other_visceral": {"lung": 0.45, "pleura": 0.1, "bone": 0.25, "lymph_node": 0.2},
    "not_visceral": {"lymph_node": 0.5, "soft_tissue": 0.25, "bone": 0.25},
}
VISCERA = ("liver", "lung", "pleura", "brain")
NEW_ORGANS = {
    "bone_only": {"bone": 0.45, "liver": 0.35, "lymph_node": 0.2},
    "liver": {"liver": 0.5, "bone": 0.25, "lung": 0.15, "brain": 0.1},
    "other_visceral": {"liver": 0.35, "lung": 0.25, "bone": 0.25, "brain": 0.15},
    "not_visceral": {"lymph_node": 0.35, "liver": 0.3, "bone": 0.35},
}


def write_patient(person: Person, plan: Cdk46Plan, started: int) -> None:
    """Patient row and adjuvant treatment; consent at enrolment."""
    rng, day = person.rng, plan.enrolled_on
    metastatic = weekday(min(started, day) - person.wobble(12, 40))
    diagnosed = metastatic if plan.is_de_novo else weekday(metastatic - _disease_free_days(person, plan))
    born = int(day - plan.age * YEAR - between(rng, 10, 350))
    person.write(
        "patient",
        day,
        site_id=plan.site_id,
        sex="female",
        born_on=born,
        age_years=int((day - born) / YEAR),
        screened_on=day,
        consented_on=day,
        enrolled_on=day,
        tumour_type="breast",
        diagnosis="HR+/HER2- metastatic breast cancer",
        histology=pick(rng, {"Invasive ductal carcinoma": 0.88, "Invasive lobular carcinoma": 0.12}),
        icd10="C50.9",
        stage="IV",
        primary_diagnosed_on=diagnosed,
        metastatic_on=metastatic,
    )
    if not plan.is_de_novo:
        _write_adjuvant(person, plan, diagnosed, metastatic)


def _disease_free_days(person: Person, plan: Cdk46Plan) -> int:
    years = {"primary_resistance": (0.9, 2.3), "secondary_resistance": (2.9, 6.2), "sensitive": (6.8, 12)}
    return int(between(person.rng, *years[plan.sensitivity]) * YEAR)


def _write_adjuvant(person: Person, plan: Cdk46Plan, diagnosed: int, metastatic: int) -> None:
    """Operation and adjuvant endocrine therapy whose dates give the endocrine sensitivity (A14)."""
    operated = weekday(diagnosed + person.wobble(10, 40))
    person.write(
        "treatment",
        operated,
        treatment_id=f"SX{person.number('surgery')}",
        kind="surgery",
        intent="curative",
        regimen="Mastectomy",
        started_on=operated,
        ended_on=operated,
        modality="other",
        organ="breast",
    )
    start = weekday(operated + person.wobble(60, 160))
    end = weekday(min(start + 5 * YEAR, metastatic - (400 if plan.sensitivity == "sensitive" else 10)))
    agent = one_of(person.rng, ("tamoxifen", "letrozole", "anastrozole"))
    if plan.sensitivity != "sensitive":
        agent = one_of(person.rng, ("letrozole", "tamoxifen"))
    if "adjuvant_cdk46" in plan.special:
        both = Drug(None, "Abemaciclib, letrozole", "abemaciclib + letrozole", "planned", "adjuvant")
        middle = weekday(start + min(700, (end - start) // 2))
        past_drug(person, start, middle, both, stop_reason="planned")
        start, agent = weekday(middle + 1), "letrozole"
    reason = "planned" if end < metastatic - 300 else "progression"
    past_drug(
        person, start, end, Drug(None, agent.capitalize(), agent, "planned", "adjuvant"), stop_reason=reason
    )


def write_groups(person: Person, plan: Cdk46Plan) -> None:
    """Characteristics by which the study groups its patients."""
    values = {
        "menopausal_status": plan.menopausal_status,
        "endocrine_sensitivity": plan.sensitivity,
        "visceral_disease": "yes" if plan.pattern in ("liver", "other_visceral") else "no",
        "bone_only": "yes" if plan.pattern == "bone_only" else "no",
        "liver_metastases": "yes" if plan.pattern == "liver" else "no",
        "de_novo": "yes" if plan.is_de_novo else "no",
        "measurable_disease": "yes" if plan.is_measurable else "no",
        "cdk46_inhibitor": plan.inhibitor,
        "endocrine_partner": plan.partner,
        "hormone_receptor": "positive",
        "metastatic_sites": str(pick(person.rng, {1: 0.4, 2: 0.36, 3: 0.24})),
        "hbv_status": pick(person.rng, {"negative": 0.93, "positive": 0.07}),
    }
    if plan.pattern == "bone_only":
        values["metastatic_sites"] = "1"
    for name, value in values.items():
        person.write("characteristic", plan.enrolled_on, name=name, value=value, recorded_on=plan.enrolled_on)


def write_receptors(person: Person, plan: Cdk46Plan) -> None:
    """Receptors of the metastasis or the primary."""
    rng, taken = person.rng, weekday(plan.enrolled_on - person.wobble(15, 60) - max(plan.days_on_drug, 0))
    specimen = one_of(rng, ("primary", "metastasis"))

    def write(test: str, result: str, percent: int | None = None, intensity: str | None = None) -> None:
        values = {"value_percent": Decimal(percent)} if percent is not None else {}
        person.write(
            "pathology",
            plan.enrolled_on,
            specimen=specimen,
            taken_on=taken,
            test=test,
            result=result,
            **values,
            **({"intensity": intensity} if intensity else {}),
        )

    pr = one_of(rng, (0, 5, 20, 40, 60, 80))
    her2 = (
        "2+ ISH missing"
        if "her2_2_without_ish" in plan.special
        else pick(rng, {"0": 0.4, "1+": 0.38, "2+ ISH-": 0.22})
    )
    write("er", "positive", one_of(rng, (60, 70, 80, 90, 95)), one_of(rng, ("strong", "moderate")))
    write("pr", "positive" if pr else "negative", pr)
    write("her2", her2)
    write("ki67", "reported", one_of(rng, (5, 10, 15, 20, 25, 30, 40, 50)))


def write_screen_failure(person: Person, number: int, screened: int) -> None:
    """Somebody screened and not enrolled, with the reason."""
    person.write(
        "patient",
        screened,
        site_id=person.site_id,
        sex="female",
        born_on=ordinal(1968, 1, 1) + person.wobble(-4000, 4000),
        screened_on=screened,
        tumour_type="breast",
        diagnosis="Breast cancer",
        icd10="C50.9",
    )
    reasons = ("HER2 positive", "no CDK4/6 inhibitor planned", "consent refused")
    person.write(
        "disposition", screened, kind="screen_failure", happened_on=screened, reason=reasons[number % 3]
    )


def endocrine_agent(person: Person, plan: Cdk46Plan) -> str:
    """Drug of the endocrine partner."""
    if plan.partner == "fulvestrant":
        return "fulvestrant"
    if happens(person.rng, 0.75):
        return "letrozole"
    return one_of(person.rng, ("anastrozole", "exemestane"))
