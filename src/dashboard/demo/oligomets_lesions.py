"""Local treatment and surveillance imaging: treated lesions, new lesions, the investigator's verdict."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dashboard.demo.chance import one_of
from dashboard.demo.lesions import LOCATIONS
from dashboard.demo.parameters_oligomets import OligometsPatient, Relapse
from dashboard.demo.person import Person
from dashboard.demo.workdays import weekday

DAYS_PER_MONTH = 30.4375
# The ablated zone is larger than the tumour and shrinks; after SBRT the lesion shrinks or scars (A5).
ABLATION_ZONE_MM = 13
CONCLUSIONS = {
    "pd": "new or growing lesion",
    "equivocal": "treatment change or recurrence",
    "ned": "no recurrence",
}


@dataclass(frozen=True)
class NewLesion:
    """A lesion that was not there before local treatment: where, how large, and the day it was first seen."""

    lesion_id: str
    organ: str
    place: str
    size_mm: int
    first_seen: int


@dataclass
class Local:
    """The local treatment of one patient: lesions with their technique, and the days of the course."""

    person: Person
    design: OligometsPatient
    started: int
    places: tuple[str, ...]
    kinds: tuple[str, ...]
    ended: int = 0
    new_lesions: list[NewLesion] = field(default_factory=list)
    treated_again_on: int | None = None

    def day(self, month: float) -> int:
        """Weekday so many months after the first day of local treatment."""
        return weekday(self.started + month * DAYS_PER_MONTH)


def plan_local(person: Person, design: OligometsPatient, started: int) -> Local:
    """Places of the nodules, and the technique of each: two where the group is multiple."""
    order = [int(index) for index in person.rng.permutation(len(LOCATIONS["lung"]))]
    places = tuple(LOCATIONS["lung"][order[n % len(order)]] for n in range(len(design.sizes_mm)))
    kinds = tuple(
        ("radiotherapy" if n == 0 else "ablation") if design.group == "multiple" else design.group
        for n in range(len(design.sizes_mm))
    )
    return Local(person, design, started, places, kinds)


def treat_lesions(local: Local) -> None:
    """One row per treated lesion; all operations of a patient are one session."""
    for number, kind in enumerate(local.kinds, start=1):
        first = weekday(local.started + (0 if kind == "surgery" else 7 * (number - 1) // 2))
        last = _write_treatment(local, f"L{number}", kind, first)
        local.ended = max(local.ended, last)


def _write_treatment(local: Local, lesion_id: str, kind: str, first: int, organ: str = "lung") -> int:
    person, values, last = local.person, {}, first
    schedule = local.design.schedule or (50, 5)
    if kind == "radiotherapy":
        dose, fractions = schedule
        last = weekday(first + (fractions - 1) * 7 / 5 + 1)
        each = (Decimal(dose) / fractions).normalize()
        modality = "conventional" if fractions > 15 else "sbrt"
        values = {"total_dose_gy": Decimal(dose), "fractions": fractions, "dose_per_fraction_gy": each}
        label = f"{'Radiotherapy' if modality == 'conventional' else 'SBRT'} {dose} Gy in {fractions}"
    elif kind == "ablation":
        modality, label = "rfa", "Radiofrequency ablation"
    else:
        modality, label = (
            ("wedge", "Wedge resection") if local.design.number % 2 else ("segmentectomy", "Segmentectomy")
        )
    number = person.number("local")
    record = person.write(
        "treatment",
        first,
        treatment_id=f"LT{number}",
        kind=kind,
        intent="curative",
        regimen=label,
        started_on=first,
        ended_on=last,
        modality=modality,
        lesion_id=lesion_id,
        organ=organ,
        start_reason="planned",
        **values,
    )
    record.known_on = person.seen_on(last)
    return last


def repeat_local(local: Local, relapse_day: int) -> None:
    """Every lesion of the relapse is treated in one session: the commonest next event, never one of TTST."""
    day = weekday(relapse_day + local.person.wobble(14, 28))
    kind = "ablation" if local.design.group != "ablation" else "radiotherapy"
    if day + 20 > local.person.until:
        return
    for lesion_id in [lesion.lesion_id for lesion in local.new_lesions] or ["L1"]:
        local.treated_again_on = _write_treatment(local, lesion_id, kind, day)


def write_scan(local: Local, day: int, *, is_screening: bool = False) -> None:
    """One CT: a row for every treated and new lesion, and the investigator's overall verdict."""
    person, relapse = local.person, local.design.relapse
    relapsed = relapse is not None and day >= local.day(relapse.month)
    relapsed = relapsed and not (local.treated_again_on and day > local.treated_again_on)
    verdict = "pd" if relapsed else "equivocal" if _is_equivocal(local, day) else "ned"
    person.write(
        "imaging",
        day,
        imaged_on=day,
        modality="ct",
        regions="chest, abdomen, pelvis",
        is_cns_imaged=False,
        conclusion=f"{len(local.places)} pulmonary nodules" if is_screening else CONCLUSIONS[verdict],
    )
    visit = "screening" if is_screening else f"scan {person.number('scan')}"
    for number in range(len(local.places)):
        _write_treated(local, number + 1, day, visit=visit, relapsed=None if is_screening else relapsed)
    if is_screening:
        return
    _write_new_lesions(local, day, visit, relapsed)
    _write_verdict(local, day, visit, verdict)


def _is_equivocal(local: Local, day: int) -> bool:
    return "equivocal" in local.design.special and 75 < day - local.started < 150


def _write_treated(local: Local, number: int, day: int, *, visit: str, relapsed: bool | None) -> None:
    """One treated lesion on one scan; `relapsed` is None at screening."""
    place, size = local.places[number - 1], local.design.sizes_mm[number - 1]
    person, kind, relapse = local.person, local.kinds[number - 1], local.design.relapse
    values: dict[str, Any] = {"diameter_mm": size, "state": "measured"}
    if relapsed is not None:
        values = {"diameter_mm": _diameter_after(local, kind, size, day), "state": "controlled"}
        if number == 1 and _is_equivocal(local, day):
            values["state"] = "equivocal"
        if number == 1 and relapse is not None and relapse.pattern == "in_field" and relapsed:
            values = {"diameter_mm": size + 9, "state": "local_progression", "basis": "ct_growth"}
        if kind == "surgery" and values["state"] == "controlled":
            values = {"diameter_mm": 0, "state": "absent"}
    person.write(
        "lesion",
        day,
        lesion_id=f"L{number}",
        assessed_on=day,
        visit=visit,
        role="treated",
        organ="lung",
        location=place,
        is_node=False,
        **values,
    )


def _diameter_after(local: Local, kind: str, size: int, day: int) -> int:
    months = (day - local.started) / DAYS_PER_MONTH
    if kind == "ablation":
        return round(size + ABLATION_ZONE_MM * max(0.15, 1 - months / 12))
    return max(round(size * max(0.35, 1 - 0.08 * months)), 3)


def _write_new_lesions(local: Local, day: int, visit: str, relapsed: bool) -> None:
    person, relapse = local.person, local.design.relapse
    if relapse is None or relapse.pattern == "in_field" or not (relapsed or local.new_lesions):
        return
    if not local.new_lesions:
        count = {"new_lung_over_5": 6, "new_lung_up_to_5": 2}.get(relapse.pattern, 1)
        local.new_lesions = [_new_lesion(local, relapse, n + 1, day) for n in range(count)]
    for lesion in local.new_lesions:
        role = "new" if lesion.first_seen == day else "non_target" if relapsed else "treated"
        grown = (day - lesion.first_seen) // 40 if relapsed else 2
        person.write(
            "lesion",
            day,
            lesion_id=lesion.lesion_id,
            assessed_on=day,
            visit=visit,
            role=role,
            organ=lesion.organ,
            location=lesion.place,
            is_node=lesion.organ == "lymph_node",
            diameter_mm=lesion.size_mm + grown,
            state="measured" if relapsed else "controlled",
        )


def _new_lesion(local: Local, relapse: Relapse, number: int, day: int) -> NewLesion:
    """The place is drawn once: a lesion keeps it on every later scan."""
    rng = local.person.rng
    organ = {"liver": "liver", "retroperitoneal nodes": "lymph_node"}.get(relapse.site, "lung")
    place = relapse.site if organ != "lung" else one_of(rng, LOCATIONS["lung"])
    return NewLesion(f"N{number}", organ, place, local.person.wobble(6, 12), day)


def _write_verdict(local: Local, day: int, visit: str, verdict: str) -> None:
    person, relapse = local.person, local.design.relapse
    extra: dict[str, Any] = {"new_lesion": "no"}
    if verdict == "pd" and relapse is not None:
        is_new = any(lesion.first_seen == day for lesion in local.new_lesions)
        extra = {
            "new_lesion": "yes" if is_new else "no",
            "progression_pattern": relapse.pattern,
            "progression_site": relapse.site,
        }
    record = person.write(
        "response",
        day,
        assessed_on=day,
        assessor="investigator",
        visit=visit,
        overall=verdict,
        basis="imaging",
        **extra,
    )
    record.known_on += person.wobble(0, 8)
