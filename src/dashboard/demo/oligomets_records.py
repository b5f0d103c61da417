"""The record of an oligometastasis patient at enrolment: history, laboratory, eligibility answers."""

from dataclasses import dataclass
from decimal import Decimal

from dashboard.demo.chance import between
from dashboard.demo.course import Drug, past_drug
from dashboard.demo.laboratory import write_blood, write_value
from dashboard.demo.parameters_oligomets import OligometsPatient
from dashboard.demo.person import Person
from dashboard.demo.workdays import ordinal, weekday, weekday_before

YEAR = 365.25
DAYS_PER_MONTH = 30.4375
ICD10 = {"rectum": "C20", "left_colon": "C18.7", "right_colon": "C18.2"}
ATTESTED = (
    "I05c",
    "I09",
    "I10b",
    "I11",
    "I12",
    "E01",
    "E03",
    "E07",
    "E08",
    "E09",
    "E10",
    "E14",
    "E15",
    "E16",
)
METASTATIC_AT_PRESENTATION = (5, 12)
LIVER_METASTASIS_BEFORE = (3, 16)
# The liver metastasis came after the primary tumour, and was known this long before it was resected.
LIVER_AFTER_PRIMARY_DAYS = 420
KNOWN_BEFORE_RESECTION_DAYS = 30


@dataclass(frozen=True)
class History:
    """Days before enrolment: primary tumour, what reached NED, the first metastasis, those of the lung."""

    diagnosed: int
    first_operated: int
    metastatic: int
    operated: int
    ned: int
    found: int


def _history(person: Person, design: OligometsPatient) -> History:
    found = weekday_before(design.enrolled.toordinal() - person.wobble(12, 25))
    ned = weekday_before(found - design.ned_months * DAYS_PER_MONTH)
    operated = weekday_before(ned - person.wobble(25, 45))
    has_liver = design.number in LIVER_METASTASIS_BEFORE
    first_operated = weekday_before(operated - LIVER_AFTER_PRIMARY_DAYS) if has_liver else operated
    diagnosed = weekday_before(first_operated - KNOWN_BEFORE_RESECTION_DAYS)
    metastatic = found
    if design.number in METASTATIC_AT_PRESENTATION:
        metastatic = diagnosed
    elif has_liver and "metastatic_date_of_the_lung" not in design.special:
        metastatic = weekday_before(operated - KNOWN_BEFORE_RESECTION_DAYS)
    return History(diagnosed, first_operated, metastatic, operated, ned, found)


def write_patient(person: Person, design: OligometsPatient) -> None:
    """Patient row with the NED date the interval is counted from, and the treatment that reached it."""
    day, history = design.enrolled.toordinal(), _history(person, design)
    born = int(day - design.age * YEAR - between(person.rng, 20, 340))
    person.write(
        "patient",
        day,
        site_id="01",
        sex="female" if design.female else "male",
        born_on=born,
        age_years=design.age,
        screened_on=weekday_before(day - 6),
        consented_on=weekday_before(day - 6),
        enrolled_on=day,
        tumour_type="colorectal",
        diagnosis=f"Adenocarcinoma of the {design.primary_site.replace('_', ' ')}",
        histology="Adenocarcinoma",
        icd10=ICD10[design.primary_site],
        stage="IVA",
        primary_diagnosed_on=history.diagnosed,
        metastatic_on=history.metastatic,
        ned_on=history.ned,
        ned_basis="surgery",
        oligometastatic_on=history.found,
    )
    _write_primary(person, design, history.first_operated)
    if design.number in LIVER_METASTASIS_BEFORE:
        _write_operation(person, history.operated, "Resection of a liver metastasis", "liver")
    if design.number % 3:
        start, end = weekday(history.operated + 35), weekday(history.operated + 150)
        drug = Drug(None, "CAPOX", "capecitabine + oxaliplatin", "planned", "adjuvant")
        last = history.found - 3 - (history.found - 4) % 7
        past_drug(person, start, min(end, last), drug, stop_reason="planned")


def _write_primary(person: Person, design: OligometsPatient, operated: int) -> None:
    label = "Resection of the primary tumour"
    if design.number in METASTATIC_AT_PRESENTATION:
        label += " and of its metastasis"
    _write_operation(person, operated, label, "rectum" if design.primary_site == "rectum" else "colon")


def _write_operation(person: Person, operated: int, label: str, organ: str) -> None:
    person.write(
        "treatment",
        operated,
        treatment_id=f"SX{person.number('surgery')}",
        kind="surgery",
        intent="curative",
        regimen=label,
        started_on=operated,
        ended_on=operated,
        modality="other",
        organ=organ,
    )


def write_characteristics(person: Person, design: OligometsPatient) -> None:
    """Groups and readings of eligibility."""
    day, n = design.enrolled.toordinal(), len(design.sizes_mm)
    values = {
        "primary_site": design.primary_site,
        "kras": "wild_type" if design.kras in ("wild_type", "Q61K") else "mutated",
        "msi": "msi_high" if design.number == 15 else "mss",
        "metastatic_at_presentation": "yes" if design.number in METASTATIC_AT_PRESENTATION else "no",
        "liver_metastasis_before": "yes" if design.number in LIVER_METASTASIS_BEFORE else "no",
        "nodules": str(n),
        "laterality": "bilateral" if n > 1 and design.number % 2 else "unilateral",
        "smoking": "former" if design.number % 4 == 0 else "never",
    }
    for name, value in values.items():
        person.write("characteristic", day, name=name, value=value, recorded_on=day)
    tests = {
        "kras": design.kras.replace("_", " ") if design.kras != "Q61K" else "wild type",
        "nras": "wild type",
        "braf": "wild type",
    }
    tests |= {"nras": "Q61K"} if design.kras == "Q61K" else {}
    tests["msi"] = values["msi"]
    taken = weekday_before(day - 400)
    for test, result in tests.items():
        person.write("pathology", day, specimen="primary", taken_on=taken, test=test, result=result)


def write_screening(person: Person, design: OligometsPatient, day: int) -> None:
    """Blood values, marker and performance status at screening, and the answers of the investigator."""
    write_blood(
        person, day, "screening", names=("alt", "ast", "bilirubin", "creatinine", "haemoglobin", "platelets")
    )
    write_value(
        person,
        day,
        "screening",
        name="anc",
        value=1.6 if design.number == 13 else between(person.rng, 2.1, 5.2),
    )
    write_cea(person, day, "screening", design.cea)
    ecog = Decimal(1 if design.number % 3 == 0 else 0)
    person.write("measurement", day, name="ecog", measured_on=day, visit="screening", value=ecog)
    for criterion in ATTESTED:
        answer = "yes"
        if criterion == "E03" and design.group == "ablation":
            answer = "no"
        elif criterion == "I12" and design.number == 13:
            answer = "unknown"
        elif criterion == "E01" and design.number in METASTATIC_AT_PRESENTATION:
            answer = "ruled_eligible" if design.number == 5 else "no"
        person.write("attestation", day, criterion=criterion, attested_on=day, answer=answer)


def write_cea(person: Person, day: int, visit: str, value: float) -> None:
    """CEA; very low values only below the limit of the method."""
    is_low = value < 0.5
    shown = Decimal("0.5") if is_low else Decimal(str(round(value, 1)))
    person.write(
        "measurement",
        day,
        name="cea",
        measured_on=day,
        visit=visit,
        value=shown,
        unit="ng/mL",
        upper_normal=Decimal("5.0"),
        **({"comparator": "<"} if is_low else {}),
    )


def write_screen_failure(person: Person, screened: int, reason: str) -> None:
    """Somebody screened and not enrolled, with the reason."""
    person.write(
        "patient",
        screened,
        site_id="01",
        sex="male",
        born_on=ordinal(1962, 5, 4) + person.wobble(-2500, 2500),
        screened_on=screened,
        tumour_type="colorectal",
        diagnosis="Colorectal adenocarcinoma",
        icd10="C18.9",
    )
    person.write("disposition", screened, kind="screen_failure", happened_on=screened, reason=reason)
