"""The sample study pulmonary-oligomets: local therapy of lung metastases, surveillance by CT and ctDNA."""

from dataclasses import replace
from decimal import Decimal

from dashboard.demo.anti_egfr import replace_anti_egfr
from dashboard.demo.burden import Burden
from dashboard.demo.chance import between, days_between, one_of, stream
from dashboard.demo.course import Drug, end_by_death, start_drug, write_death, write_visit
from dashboard.demo.oligomets_lesions import Local, plan_local, repeat_local, treat_lesions, write_scan
from dashboard.demo.oligomets_records import (
    DAYS_PER_MONTH,
    write_cea,
    write_characteristics,
    write_patient,
    write_screen_failure,
    write_screening,
)
from dashboard.demo.parameters_k4care import TUMOURS
from dashboard.demo.parameters_oligomets import (
    DOUBLING_DAYS,
    FIRST_FOLLOW_UP_DAYS,
    INTERVAL_DAYS,
    INTERVAL_SCATTER_DAYS,
    LOD_PPM,
    PATIENTS,
    SCREEN_FAILURES,
    TURNAROUND_WORKING_DAYS,
    OligometsPatient,
)
from dashboard.demo.person import Person
from dashboard.demo.plasma import Assay, Draw, Shedding, Tumour, draw_tracked, tracked_variants
from dashboard.demo.truth import StudyTruth
from dashboard.demo.workdays import ordinal, weekday, weekday_before

STUDY_ID = "pulmonary-oligomets"
STUDY_NUMBER = 3
STUDY_END = ordinal(2026, 12, 31)
SYSTEMIC_WORKS_DAYS = 40
WEEKEND_DAYS = 2
ASSAY = Assay(
    "CRC personalised ctDNA",
    "CRC personalised ctDNA",
    LOD_PPM,
    None,
    100,
    0.04,
    TURNAROUND_WORKING_DAYS,
    "CRC",
)
# The same variants on a second version with a lower limit: a change between the two starts a new series.
SECOND_ASSAY = replace(ASSAY, panel="CRC personalised ctDNA v2", lod_ppm=100, variant_floor_ppm=60)
SYSTEMIC = (
    ("FOLFOX, bevacizumab", "bevacizumab + fluorouracil + leucovorin + oxaliplatin"),
    ("FOLFIRI, bevacizumab", "bevacizumab + fluorouracil + irinotecan + leucovorin"),
    ("FOLFIRI, cetuximab", "cetuximab + fluorouracil + irinotecan + leucovorin"),
)


def generate_oligomets(seed: int) -> StudyTruth:
    """The finished study: 22 patients and three screening failures."""
    truth = StudyTruth(STUDY_ID, seed)
    for design in PATIENTS:
        _write_patient_course(truth, design)
    rng = stream(seed, STUDY_NUMBER)
    for number, reason in enumerate(SCREEN_FAILURES):
        day = weekday(ordinal(2024, 9, 2) + 190 * number + days_between(rng, 0, 30))
        person = Person(truth, rng, f"OLI-{len(PATIENTS) + 1 + number:03d}", "01", day, day, Burden(day))
        write_screen_failure(person, day, reason)
    replace_anti_egfr(truth)
    return truth


def _write_patient_course(truth: StudyTruth, design: OligometsPatient) -> None:
    rng = stream(truth.seed, STUDY_NUMBER, design.number)
    enrolled = design.enrolled.toordinal()
    person = Person(
        truth, rng, f"OLI-{design.number:03d}", "01", enrolled, STUDY_END, Burden(enrolled), entry_days=3
    )
    for name in design.special:
        truth.plant(name, person.patient_id)
    if len(design.sizes_mm) > 1:
        truth.plant("several_lesions_in_one_cell", person.patient_id)
    write_patient(person, design)
    write_characteristics(person, design)
    screened = weekday_before(enrolled - 5)
    write_screening(person, design, screened)
    local = plan_local(person, design, weekday(enrolled + days_between(rng, 3, 9)))
    write_scan(local, screened, is_screening=True)
    treat_lesions(local)
    if design.death_month is not None:
        end_by_death(person, local.day(design.death_month))
    days = _follow_up_days(local)
    _write_surveillance(local, days)
    _write_draws(local, days)
    _write_systemic(local)
    _write_events(local)


def _follow_up_days(local: Local) -> list[int]:
    """First scan 5 ± 1 weeks after local therapy, then 90 ± 14 days after the last; one on the relapse."""
    person, relapse = local.person, local.design.relapse
    days = [weekday(local.ended + person.wobble(*FIRST_FOLLOW_UP_DAYS))]
    if relapse is not None:
        seen = local.day(relapse.month)
        count = max(round((seen - days[0]) / INTERVAL_DAYS), 1)
        step = (seen - days[0]) / count
        room = INTERVAL_SCATTER_DAYS - abs(step - INTERVAL_DAYS) - WEEKEND_DAYS
        jitter = max(min(int(room), 4), 0)
        days += [weekday(days[0] + step * n + person.wobble(-jitter, jitter)) for n in range(1, count)]
        days.append(seen)
    while days[-1] < person.until:
        scatter = person.wobble(-INTERVAL_SCATTER_DAYS, INTERVAL_SCATTER_DAYS - WEEKEND_DAYS)
        days.append(weekday(days[-1] + INTERVAL_DAYS + scatter))
    return [day for day in days if day <= person.until]


def _write_surveillance(local: Local, days: list[int]) -> None:
    person, design = local.person, local.design
    write_visit(person, weekday_before(local.design.enrolled.toordinal()), "enrolment")
    relapse_day = local.day(design.relapse.month) if design.relapse else None
    stop = local.day(design.systemic.month) + 200 if design.systemic else STUDY_END
    for number, day in enumerate(days, start=1):
        name = f"follow-up {number}"
        write_visit(person, day, name, is_reviewed=number % 7 != 0)
        if day <= stop:
            write_scan(local, day)
        if day == relapse_day and design.relapse and design.relapse.is_repeated_locally:
            repeat_local(local, day)
        late = relapse_day is not None and day >= relapse_day
        write_cea(
            person, day, name, design.cea * (0.7 if not late else 1.4) * between(person.rng, 0.75, 1.25)
        )
        ecog = (0 if number < 8 else 1) + (2 if person.died_on and day > person.died_on - 100 else 0)
        person.write("measurement", day, name="ecog", measured_on=day, visit=name, value=Decimal(ecog))
    write_death(person, {"cancer": 1.0} if design.systemic else {"other": 1.0})


def _write_draws(local: Local, scans: list[int]) -> None:
    """Before local therapy, at week 5, then with the scans; the level follows the design of the patient."""
    person, design, rng = local.person, local.design, local.person.rng
    tumour = Tumour(TUMOURS["colorectal"].genes, _tissue(design))
    variants = tracked_variants(rng, tumour, count=days_between(rng, 4, 8), mean_of_highest=0.55)
    before = weekday_before(local.started - person.wobble(1, 6))
    days = [(before, "before local therapy", "enrolment")]
    for number, day in enumerate(scans):
        shown = weekday(local.ended + 23 + design.number % 3) if _is_early_draw(local, number) else day
        days.append((shown, "week 5" if number == 0 else f"follow-up {number + 1}", "planned_follow_up"))
    for number, (day, label, reason) in enumerate(days):
        failed = "failed_sample" in design.special and number == 1
        second = "second_panel" in design.special and number >= 3
        level = _level_ppm(local, day)
        shedding = Shedding(variants, level / person.burden.plasma_at(day))
        draw_tracked(person, SECOND_ASSAY if second else ASSAY, shedding, Draw(day, label, reason, failed))


def _tissue(design: OligometsPatient) -> dict[str, str | None]:
    """KRAS, NRAS and BRAF of the primary tumour; in the planted patient the assay follows another KRAS."""
    gene = "NRAS" if design.kras == "Q61K" else "KRAS"
    found = {gene: f"p.{design.kras}"} if design.kras != "wild_type" else {}
    planted = {"KRAS": "p.G13D"} if "kras_differs_from_tissue" in design.special else {}
    return {"KRAS": None, "NRAS": None, "BRAF": None} | found | planted


def _is_early_draw(local: Local, number: int) -> bool:
    return number == 0 and "draw_soon_after_surgery" in local.design.special


def _level_ppm(local: Local, day: int) -> float:
    """Level of the disease before and soon after treatment, then of the residual disease that grows."""
    plasma = local.design.plasma
    since = (day - local.started) / DAYS_PER_MONTH
    level = 20.0
    if plasma.before_ppm is not None and since <= 0:
        level = plasma.before_ppm
    elif plasma.before_ppm is not None and since < 3 and not plasma.is_cleared_at_week_5:
        level = max(0.55 * plasma.before_ppm, 1.35 * LOD_PPM)
    if plasma.detected_from_month is not None and since >= plasma.detected_from_month:
        grown = 1.3 * LOD_PPM * 2 ** ((since - plasma.detected_from_month) * DAYS_PER_MONTH / DOUBLING_DAYS)
        level = max(level, min(grown, 60_000.0))
    systemic = local.design.systemic
    is_treated = systemic is not None and day > local.day(systemic.month) + SYSTEMIC_WORKS_DAYS
    return level * 0.02 if is_treated else level


def _write_systemic(local: Local) -> None:
    person, systemic = local.person, local.design.systemic
    if systemic is None or local.day(systemic.month) > person.until:
        return
    day = local.day(systemic.month)
    label, agents = one_of(person.rng, SYSTEMIC)
    treatment = start_drug(person, day, Drug(1, label, agents, systemic.reason))
    end = weekday_before(min(day + 190, person.until))
    if end > day and end < STUDY_END - 10:
        treatment.revise(person.seen_on(end), ended_on=end, is_ongoing=False, stop_reason="planned")


def _write_events(local: Local) -> None:
    person, design = local.person, local.design
    events = {
        "radiotherapy": ("pneumonitis", "Respiratory disorders", 1 + design.number % 2, 60),
        "ablation": ("pneumothorax", "Respiratory disorders", 1, 0),
        "surgery": ("chest wall pain", "Musculoskeletal and connective tissue disorders", 1, 3),
        "multiple": ("cough", "Respiratory disorders", 1, 20),
    }
    term, organ_class, grade, after = events[design.group]
    is_severe = "severe_toxicity" in design.special
    if design.number % 5 == 2 and not is_severe:
        return
    day = weekday(local.started + after)
    serious = (
        {"is_serious": True, "serious_criterion": "hospitalisation"} if is_severe else {"is_serious": False}
    )
    person.write(
        "adverse_event",
        day,
        event_id="AE1",
        term=term,
        term_as_written=term,
        organ_class=organ_class,
        grade=3 if is_severe else grade,
        ctcae_version="5.0",
        started_on=day,
        ended_on=weekday(day + 12),
        relatedness="related",
        outcome="recovered",
        **serious,
    ).known_on += 20
