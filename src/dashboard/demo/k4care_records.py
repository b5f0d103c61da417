"""The record of a K4Care patient at enrolment: identity, history, pathology, earlier lines."""

from decimal import Decimal
from itertools import pairwise

from dashboard.demo.alterations import KNOWN
from dashboard.demo.chance import between, happens, one_of, pick
from dashboard.demo.course import Drug, past_drug
from dashboard.demo.k4care_plan import K4CarePlan
from dashboard.demo.parameters_k4care import TUMOURS
from dashboard.demo.person import Person
from dashboard.demo.regimens import ADJUVANT, regimen
from dashboard.demo.workdays import ordinal, weekday, weekday_before

YEAR = 365.25
SEQUENCED = ("EGFR", "KRAS", "BRAF", "BRCA1")
PATHOGENIC = "pathogenic variant"


def write_patient(person: Person, plan: K4CarePlan, first_line_on: int) -> None:
    """Patient row; consent lies on or some days before enrolment."""
    kind, rng = TUMOURS[plan.tumour], person.rng
    metastatic = weekday(first_line_on - person.wobble(14, 45))
    is_recurrent = happens(rng, 0.3)
    days_before = person.wobble(300, 1600) if is_recurrent else 0
    consented = plan.enrolled_on - (plan.enrolled_on - 1) % 7 if happens(rng, 0.3) else plan.enrolled_on
    metastatic = min(metastatic, weekday_before(consented))  # metastatic cancer is what the study enrols
    diagnosed = weekday(metastatic - days_before)
    born = int(plan.enrolled_on - plan.age * YEAR - between(rng, 10, 350))
    person.write(
        "patient",
        plan.enrolled_on,
        site_id=plan.site_id,
        sex="female" if plan.female else "male",
        born_on=born,
        age_years=int((consented - born) / YEAR),
        screened_on=consented,
        consented_on=consented,
        enrolled_on=plan.enrolled_on,
        tumour_type=plan.tumour,
        diagnosis=kind.diagnosis,
        histology=kind.histology,
        icd10=kind.icd10,
        stage=one_of(rng, ("IV", "IVA", "IVB")),
        primary_diagnosed_on=diagnosed,
        metastatic_on=metastatic,
    )
    if is_recurrent:
        _write_curative_treatment(person, plan, diagnosed, metastatic)


def _write_curative_treatment(person: Person, plan: K4CarePlan, diagnosed: int, metastatic: int) -> None:
    operated = weekday(diagnosed + person.wobble(10, 40))
    person.write(
        "treatment",
        plan.enrolled_on,
        treatment_id=f"SX{person.number('surgery')}",
        kind="surgery",
        intent="curative",
        regimen="Resection of the primary tumour",
        started_on=operated,
        ended_on=operated,
        modality="other",
        organ=plan.tumour,
    )
    after = ADJUVANT.get(plan.tumour)
    if after is not None:
        start = weekday(operated + person.wobble(28, 50))
        end = weekday(min(start + 170, metastatic - 30))
        if end > start:
            drug = Drug(None, after.label, after.agents, "planned", "adjuvant")
            past_drug(person, start, end, drug, stop_reason="planned")


def write_history(person: Person, plan: K4CarePlan) -> None:
    """Characteristics asked at enrolment; a few are not recorded."""
    rng, day = person.rng, plan.enrolled_on
    hepatitis = {"none": 0.7, "hbv": 0.16, "hcv": 0.03, "hbv_hcv": 0.01, "unknown": 0.1}
    if plan.tumour == "liver":
        hepatitis = {"none": 0.18, "hbv": 0.62, "hcv": 0.12, "hbv_hcv": 0.03, "unknown": 0.05}
    smoking = (
        {"never": 0.86, "former": 0.1, "current": 0.04}
        if plan.female
        else {"never": 0.3, "former": 0.4, "current": 0.3}
    )
    values = {
        "viral_status": pick(rng, hepatitis),
        "family_history": pick(rng, {"no": 0.74, "yes": 0.16, "unknown": 0.1}),
        "previous_cancer": pick(rng, {"no": 0.96, "yes": 0.04}),
        "smoking": pick(rng, smoking),
        "hypertension": pick(rng, {"no": 0.72, "yes": 0.28}),
        "diabetes": pick(rng, {"no": 0.84, "yes": 0.16}),
    }
    hbv = {"hbv": "positive", "hbv_hcv": "positive", "none": "negative", "hcv": "negative"}.get(
        values["viral_status"]
    )
    if hbv is not None:
        values["hbv_status"] = hbv
    for name, value in values.items():
        person.write("characteristic", day, name=name, value=value, recorded_on=day)


def driver(person: Person, plan: K4CarePlan) -> str | None:
    """Actionable driver of a lung carcinoma: decides the drugs of line 1."""
    if plan.tumour != "lung":
        return None
    return {"egfr": "egfr", "alk": "alk"}.get(pick(person.rng, {"egfr": 0.42, "alk": 0.06, "none": 0.52}))


def write_pathology(person: Person, plan: K4CarePlan, has_driver: str | None) -> None:
    """Tissue results by tumour type."""
    rng = person.rng
    taken = weekday(plan.enrolled_on - person.wobble(20, 120))

    def write(test: str, result: str, percent: float | None = None) -> None:
        amount = {} if percent is None else {"value_percent": Decimal(str(percent))}
        person.write(
            "pathology",
            plan.enrolled_on,
            specimen="primary",
            taken_on=taken,
            test=test,
            result=result,
            **amount,
        )

    if plan.tumour == "lung":
        write("egfr", "L858R" if has_driver == "egfr" else "wild type")
        write("alk", "positive" if has_driver == "alk" else "negative")
        tps = one_of(rng, (0, 0, 1, 5, 10, 20, 40, 60, 80))
        write("pdl1_tps", "positive" if tps else "negative", tps)
    elif plan.tumour == "colorectal":
        write("kras", pick(rng, {"wild type": 0.56, "G12D": 0.18, "G12V": 0.12, "G13D": 0.14}))
        write("braf", pick(rng, {"wild type": 0.93, "V600E": 0.07}))
        write("msi", pick(rng, {"mss": 0.95, "msi_high": 0.05}))
    elif plan.tumour == "breast":
        er = one_of(rng, (0, 60, 80, 90, 95))
        write("er", "positive" if er else "negative", er)
        write("pr", "positive" if er > 60 else "negative", er // 2)
        write("her2", pick(rng, {"0": 0.35, "1+": 0.3, "2+ ISH-": 0.15, "3+": 0.2}))
        write("ki67", "reported", one_of(rng, (10, 15, 20, 25, 30, 40)))
    elif plan.tumour in ("gastric", "ovarian"):
        test, results = {
            "gastric": ("her2", {"0": 0.5, "1+": 0.25, "2+ ISH-": 0.1, "3+": 0.15}),
            "ovarian": ("brca1", {"wild type": 0.88, PATHOGENIC: 0.12}),
        }[plan.tumour]
        write(test, pick(rng, results))


def tissue_variants(person: Person) -> dict[str, str | None]:
    """What the tumour tissue showed of the genes tested in it, None for wild type."""
    results = {r.values["test"]: r.values["result"] for r in person.records if r.table == "pathology"}
    shown = {gene: results[gene.lower()] for gene in SEQUENCED if gene.lower() in results}
    return {
        gene: None if text == "wild type" else KNOWN[gene][0][0] if text == PATHOGENIC else f"p.{text}"
        for gene, text in shown.items()
    }


def write_earlier_lines(person: Person, plan: K4CarePlan, disease: str, started: int) -> int:
    """Lines before the one at enrolment; gives the start of the first line."""
    starts = [started]
    for _ in range(plan.line - 1):
        starts.append(weekday(starts[-1] - person.wobble(100, 330)))
    starts.reverse()
    for line, (start, following) in enumerate(pairwise(starts), start=1):
        kind = regimen(person.rng, disease=disease, line=line)
        drug = Drug(line, kind.label, kind.agents, "planned" if line == 1 else "imaging_progression")
        past_drug(person, start, weekday(following - person.wobble(14, 30)), drug, stop_reason="progression")
    return starts[0]


def write_screen_failure(person: Person, number: int, screened: int) -> None:
    """Somebody screened and not enrolled, with the reason."""
    rng = person.rng
    tumour = pick(rng, {name: kind.share for name, kind in TUMOURS.items()})
    kind = TUMOURS[tumour]
    born = ordinal(1965, 1, 1) + person.wobble(-4000, 4000)
    person.write(
        "patient",
        screened,
        site_id=person.site_id,
        sex="female" if happens(rng, 0.48) else "male",
        born_on=born,
        screened_on=screened,
        tumour_type=tumour,
        diagnosis=kind.diagnosis,
        histology=kind.histology,
        icd10=kind.icd10,
    )
    reasons = ("no metastatic disease", "consent refused", "no tumour tissue for testing")
    person.write(
        "disposition", screened, kind="screen_failure", happened_on=screened, reason=reasons[number % 3]
    )
