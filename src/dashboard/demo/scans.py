"""Scans: lesions measured, RECIST 1.1 applied to what was measured, and what the physician wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboard.demo.chance import happens, one_of, pick
from dashboard.demo.lesions import LOCATIONS, Lesion
from dashboard.demo.person import Person

PROGRESSION_VOLUME = 1.65  # growth of non-target disease that a reader calls unequivocal
REAL_GROWTH_VOLUME = 1.25  # less is taken for a difference between two readings
RESPONSE_VOLUME = 0.343  # −30 % of the diameters
NODE_LIMIT_MM = 10
ALL_GONE_VOLUME = 0.03
NEW_LESION_ORGANS = {"liver": 0.3, "lung": 0.22, "bone": 0.2, "lymph_node": 0.18, "brain": 0.1}


@dataclass(frozen=True)
class Reading:
    """What one scan gave: sum of diameters, whether the targets are gone, volume."""

    total_mm: int
    is_gone: bool
    volume: float


@dataclass
class Follow:
    """What the assessment of one line rests on: baseline, lowest sum, and the planned way of progression."""

    line: int
    started: int
    progression_day: int
    has_new_lesion: bool
    baseline: Reading | None = None
    lowest_mm: int = 0
    lowest_volume: float = 0.0
    visit: int = 0
    planned: int = 0

    def remember(self, reading: Reading) -> None:
        """Keep the baseline and the lowest values so far."""
        if self.baseline is None:
            self.baseline, self.lowest_mm, self.lowest_volume = reading, reading.total_mm, reading.volume
        self.lowest_mm = min(self.lowest_mm, reading.total_mm)
        self.lowest_volume = min(self.lowest_volume, reading.volume)


@dataclass
class Disease:
    """Lesions of a patient and how they are documented."""

    lesions: list[Lesion]
    modality: str = "ct"
    has_lesion_table: bool = True
    assessor: str = "treating_physician"
    new_organs: Mapping[str, float] = field(default_factory=lambda: NEW_LESION_ORGANS)

    @property
    def targets(self) -> list[Lesion]:
        """Target lesions."""
        return [lesion for lesion in self.lesions if lesion.role == "target"]


def scan(person: Person, disease: Disease, follow: Follow, day: int) -> str | None:
    """Write one scan with its lesions and response; gives the overall response, None for a baseline scan."""
    baseline = follow.baseline
    visit = "baseline" if baseline is None else f"L{follow.line} scan {follow.visit}"
    follow.visit += 1
    new = None if baseline is None else _new_lesion(person, disease, follow, day)
    reading = _measure(person, disease, day, visit)
    _write_imaging(person, disease, day)
    if baseline is None:
        follow.remember(reading)
        _note_latent(person, follow, day, None)
        return None
    parts = _judge(disease, follow, baseline, reading, has_new=new is not None)
    extra: dict[str, Any] = _progression(parts, new) if parts["overall"] == "pd" else {}
    if disease.targets:
        extra["sum_of_diameters_mm"] = reading.total_mm
    values = {"assessed_on": day, "assessor": disease.assessor, "visit": visit, "basis": "imaging"}
    record = person.write("response", day, **values, **parts, **extra)
    record.known_on += person.wobble(0, 9)
    follow.remember(reading)
    _note_latent(person, follow, day, parts["overall"])
    return parts["overall"]


def _new_lesion(person: Person, disease: Disease, follow: Follow, day: int) -> Lesion | None:
    if not follow.has_new_lesion or day < follow.progression_day:
        return None
    follow.has_new_lesion = False
    organ = pick(person.rng, disease.new_organs)
    place = one_of(person.rng, LOCATIONS[organ])
    number = f"N{person.number('new lesion')}"
    lesion = Lesion(number, organ, place, "new", float(person.wobble(8, 17)), person.burden.volume_at(day))
    disease.lesions.append(lesion)
    return lesion


def _measure(person: Person, disease: Disease, day: int, visit: str) -> Reading:
    """Read every lesion; the targets are gone where all that is left are nodes under 10 mm."""
    total, is_gone = 0, True
    for lesion in disease.lesions:
        length = lesion.measured_mm(person.burden, day, person.rng)
        values: dict[str, Any] = {"state": "present" if length > 0 else "absent"}
        if lesion.role == "target":
            total += length
            is_gone = is_gone and length < (NODE_LIMIT_MM if lesion.is_node else 1)
            values = {"diameter_mm": length, "state": "measured"}
        elif lesion.role == "new":
            values = {"diameter_mm": length, "state": "measured"}
        if disease.has_lesion_table:
            person.write(
                "lesion",
                day,
                lesion_id=lesion.lesion_id,
                assessed_on=day,
                visit=visit,
                role=lesion.role,
                organ=lesion.organ,
                location=lesion.location,
                is_node=lesion.is_node,
                **values,
            )
        if lesion.role == "new":
            lesion.role = "non_target"
    return Reading(total, is_gone, person.burden.volume_at(day))


def _write_imaging(person: Person, disease: Disease, day: int) -> None:
    cns = happens(person.rng, 0.25) or any(lesion.organ == "brain" for lesion in disease.lesions)
    person.write(
        "imaging",
        day,
        imaged_on=day,
        modality=disease.modality,
        regions="chest, abdomen, pelvis" + (", brain" if cns else ""),
        is_cns_imaged=cns,
    )


def _judge(
    disease: Disease, follow: Follow, baseline: Reading, reading: Reading, *, has_new: bool
) -> dict[str, str]:
    parts = {"new_lesion": "yes" if has_new else "no"}
    if disease.targets:
        parts["target"] = _target(follow, baseline, reading)
    if any(lesion.role == "non_target" for lesion in disease.lesions):
        gone = reading.volume < ALL_GONE_VOLUME * baseline.volume
        grown = reading.volume > PROGRESSION_VOLUME * follow.lowest_volume and not disease.targets
        parts["non_target"] = "cr" if gone else "pd" if grown else "non_cr_non_pd"
    parts["overall"] = _overall(parts)
    return parts


def _target(follow: Follow, baseline: Reading, reading: Reading) -> str:
    """RECIST 1.1 on the sums; a reader sees the whole picture, so one odd measurement decides nothing."""
    total, lowest = reading.total_mm, follow.lowest_mm
    has_grown = reading.volume > REAL_GROWTH_VOLUME * follow.lowest_volume
    if 10 * total >= 12 * lowest and total - lowest >= 5 and has_grown:
        return "pd"
    if reading.volume > RESPONSE_VOLUME * baseline.volume:
        return "sd"
    return "cr" if reading.is_gone else "pr" if 10 * total <= 7 * baseline.total_mm else "sd"


def _overall(parts: dict[str, str]) -> str:
    target, other = parts.get("target"), parts.get("non_target")
    if parts["new_lesion"] == "yes" or "pd" in (target, other):
        return "pd"
    if target is None:
        return "cr" if other == "cr" else "non_cr_non_pd"
    if target == "cr" and other == "non_cr_non_pd":
        return "pr"
    return target


def _progression(parts: dict[str, str], new: Lesion | None) -> dict[str, str]:
    if new is not None:
        pattern = "cns" if new.organ == "brain" else "new_lesion"
        return {"progression_pattern": pattern, "progression_site": new.organ}
    pattern = "growth" if parts.get("target") == "pd" else "non_target"
    return {"progression_pattern": pattern, "progression_site": "known lesions"}


def _note_latent(person: Person, follow: Follow, day: int, overall: str | None) -> None:
    """The truth behind a scan, for the tests of plausibility."""
    baseline = follow.baseline.volume if follow.baseline else 1.0
    values = {"line": follow.line, "day": day, "overall": overall, "baseline_volume": baseline}
    volume, viable = person.burden.volume_at(day), person.burden.viable_at(day)
    person.truth.latent.append({"patient_id": person.patient_id, "volume": volume, "viable": viable} | values)
