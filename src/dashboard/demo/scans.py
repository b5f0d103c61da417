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
GROWTH_MM = 5
ALL_GONE_VOLUME = 0.03
STATES = {"cr": "absent", "pd": "unequivocal_progression"}  # of non-target lesions, by their response
NEW_LESION_ORGANS = {"liver": 0.3, "lung": 0.22, "bone": 0.2, "lymph_node": 0.18, "brain": 0.1}


@dataclass(frozen=True)
class Reading:
    """What one scan gave: diameters by lesion, those of the targets in sum, what is left of them, volume."""

    lengths_mm: Mapping[str, int]
    total_mm: int
    is_gone: bool
    has_solid_target: bool
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
    is_complete: bool = False
    smallest_mm: dict[str, int] = field(default_factory=dict)

    def remember(self, reading: Reading) -> None:
        """Keep the baseline and the lowest values so far."""
        if self.baseline is None:
            self.baseline, self.lowest_mm, self.lowest_volume = reading, reading.total_mm, reading.volume
        for lesion_id, length in reading.lengths_mm.items():
            self.smallest_mm[lesion_id] = min(length, self.smallest_mm.get(lesion_id, length))
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
    reading = _measure(person, disease, follow, day)
    parts = {} if baseline is None else _judge(disease, follow, baseline, reading, has_new=new is not None)
    _write_lesions(person, disease, day, visit=visit, reading=reading, others=parts.get("non_target"))
    _write_imaging(person, disease, day)
    if baseline is not None:
        extra: dict[str, Any] = _progression(parts, new) if parts["overall"] == "pd" else {}
        if disease.targets:
            extra["sum_of_diameters_mm"] = reading.total_mm
        values = {"assessed_on": day, "assessor": disease.assessor, "visit": visit, "basis": "imaging"}
        record = person.write("response", day, **values, **parts, **extra)
        record.known_on += person.wobble(0, 9)
    follow.remember(reading)
    follow.is_complete = follow.is_complete or parts.get("overall") == "cr"
    _note_latent(person, follow, day, parts.get("overall"))
    return parts.get("overall")


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


def _measure(person: Person, disease: Disease, follow: Follow, day: int) -> Reading:
    """Read every lesion; the targets are gone where all that is left are nodes under 10 mm."""
    volume = person.burden.volume_at(day)
    lengths = {one.lesion_id: one.measured_mm(person.burden, day, person.rng) for one in disease.lesions}
    target_ids = [lesion.lesion_id for lesion in disease.targets]
    if follow.baseline is not None and volume <= REAL_GROWTH_VOLUME * follow.lowest_volume:
        lengths = _beside_earlier_scans(follow, lengths, target_ids)
    targets = [(lengths[lesion.lesion_id], lesion.is_node) for lesion in disease.targets]
    has_solid_target = any(length > 0 and not is_node for length, is_node in targets)
    has_node_target = any(length >= NODE_LIMIT_MM and is_node for length, is_node in targets)
    total = sum(length for length, _ in targets)
    return Reading(lengths, total, not (has_solid_target or has_node_target), has_solid_target, volume)


def _beside_earlier_scans(follow: Follow, read: dict[str, int], target_ids: list[str]) -> dict[str, int]:
    """Lengths read without real growth: what has gone stays away, and no sum is a progression."""
    smallest = follow.smallest_mm
    lengths = {one: 0 if smallest.get(one) == 0 else length for one, length in read.items()}
    if not _is_growth(sum(lengths[one] for one in target_ids), follow.lowest_mm):
        return lengths
    return {one: min(length, smallest.get(one, length) + 1) for one, length in lengths.items()}


def _is_growth(total_mm: int, lowest_mm: int) -> bool:
    return 10 * total_mm >= 12 * lowest_mm and total_mm - lowest_mm >= GROWTH_MM


def _write_lesions(
    person: Person, disease: Disease, day: int, *, visit: str, reading: Reading, others: str | None
) -> None:
    """One row per lesion; non-target lesions stand as the reader judged them together."""
    for lesion in disease.lesions:
        values: dict[str, Any] = {"state": STATES.get(others or "", "present")}
        if lesion.role != "non_target":
            values = {"diameter_mm": reading.lengths_mm[lesion.lesion_id], "state": "measured"}
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
        stays_away = follow.is_complete and not grown
        parts["non_target"] = "cr" if gone or stays_away else "pd" if grown else "non_cr_non_pd"
    parts["overall"] = _overall(parts)
    return parts


def _target(follow: Follow, baseline: Reading, reading: Reading) -> str:
    """RECIST 1.1 on the sums; a reader sees the whole picture, so one odd measurement decides nothing."""
    total, lowest = reading.total_mm, follow.lowest_mm
    if follow.is_complete and reading.has_solid_target:
        return "pd"
    has_grown = reading.volume > REAL_GROWTH_VOLUME * follow.lowest_volume
    if _is_growth(total, lowest) and has_grown:
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
