"""Lesions of a patient and what is read off a scan: whole millimetres with a reader's error."""

from dataclasses import dataclass

from numpy.random import Generator

from dashboard.demo.burden import Burden
from dashboard.demo.chance import between, days_between, one_of, pick

READER_ERROR_MM = 1.2
SMALLEST_MEASURED_MM = 6
NODE_NORMAL_MM = 6
LOCATIONS = {
    "lung": (
        "right upper lobe",
        "right lower lobe",
        "left upper lobe",
        "left lower lobe",
        "right middle lobe",
    ),
    "liver": ("segment II", "segment IV", "segment VI", "segment VII", "segment VIII"),
    "lymph_node": (
        "mediastinal",
        "retroperitoneal",
        "left supraclavicular",
        "right axillary",
        "porta hepatis",
    ),
    "bone": ("thoracic spine", "lumbar spine", "pelvis", "ribs", "right femur"),
    "brain": ("left frontal lobe", "right parietal lobe", "cerebellum"),
    "peritoneum": ("omentum", "pelvic peritoneum", "right paracolic gutter"),
    "breast": ("left breast", "right breast"),
    "pleura": ("right pleura", "left pleura"),
    "adrenal": ("left adrenal", "right adrenal"),
    "soft_tissue": ("chest wall", "abdominal wall"),
    "ovary": ("left ovary", "right ovary"),
    "stomach": ("antrum", "gastric body"),
    "pancreas": ("head", "body"),
    "colon": ("sigmoid colon", "caecum", "rectum"),
}
NEVER_TARGET = ("bone", "pleura", "brain", "peritoneum", "stomach", "colon")


@dataclass
class Lesion:
    """A lesion; `first_mm` was measured when the patient's volume was `first_volume`."""

    lesion_id: str
    organ: str
    location: str
    role: str
    first_mm: float
    first_volume: float
    sensitivity: float = 1.0

    @property
    def is_node(self) -> bool:
        """True for a lymph node."""
        return self.organ == "lymph_node"

    def true_mm(self, burden: Burden, day: int) -> float:
        """Diameter without error."""
        ratio = burden.volume_at(day) / self.first_volume
        free = self.first_mm - (NODE_NORMAL_MM if self.is_node else 0)
        grown = free * float(ratio ** (self.sensitivity / 3))
        return grown + (NODE_NORMAL_MM if self.is_node else 0)

    def measured_mm(self, burden: Burden, day: int, rng: Generator) -> int:
        """Diameter as read off a scan; 0 where the lesion has gone."""
        length = round(self.true_mm(burden, day) + READER_ERROR_MM * float(rng.standard_normal()))
        floor = NODE_NORMAL_MM - 1 if self.is_node else SMALLEST_MEASURED_MM
        if length < floor:
            return floor if self.is_node else 0
        return length


def target_lesions(rng: Generator, organs: dict[str, float], total_mm: float, volume: float) -> list[Lesion]:
    """Two to four targets, at most two an organ, whose diameters add up to about `total_mm`."""
    count = pick(rng, {1: 0.14, 2: 0.36, 3: 0.32, 4: 0.18})
    count = max(1, min(count, int(total_mm // 16)))
    measurable = {organ: share for organ, share in organs.items() if organ not in NEVER_TARGET}
    weights = [between(rng, 0.7, 1.3) for _ in range(count)]
    lesions: list[Lesion] = []
    for number, weight in enumerate(weights, start=1):
        organ = _organ_with_room(rng, measurable, lesions)
        smallest = 15.0 if organ == "lymph_node" else 10.0
        length = max(round(total_mm * weight / sum(weights)), smallest)
        sensitivity = between(rng, 0.85, 1.15)
        place = one_of(rng, LOCATIONS[organ])
        lesions.append(Lesion(f"T{number}", organ, place, "target", length, volume, sensitivity))
    return lesions


def _organ_with_room(rng: Generator, organs: dict[str, float], lesions: list[Lesion]) -> str:
    taken = [lesion.organ for lesion in lesions]
    free = {organ: share for organ, share in organs.items() if taken.count(organ) < 2}
    return pick(rng, free or {"soft_tissue": 1.0, "adrenal": 1.0, "lung": 0.2})


def other_lesions(rng: Generator, organs: dict[str, float], count: int, volume: float) -> list[Lesion]:
    """Non-target lesions, followed as present or absent."""
    lesions = []
    for number in range(1, count + 1):
        organ = pick(rng, organs)
        length = float(days_between(rng, 6, 14))
        place = one_of(rng, LOCATIONS[organ])
        lesions.append(Lesion(f"NT{number}", organ, place, "non_target", length, volume))
    return lesions
