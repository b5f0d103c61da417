"""The sample studies by name: generate one, list what was planted in it and edited between data cuts."""

from collections.abc import Callable
from datetime import date
from functools import cache

from dashboard.demo.cdk46 import generate_cdk46
from dashboard.demo.chance import stream
from dashboard.demo.changes import plant_edits
from dashboard.demo.k4care import generate_k4care
from dashboard.demo.oligomets import generate_oligomets
from dashboard.demo.truth import PlantedEdit, StudyTruth

SEED = 20250301
# Fixed, so that windows of the protocol are open in the sample studies (A24).
CUT_OFFS = (date(2025, 8, 31), date(2025, 11, 30), date(2026, 2, 28))
EDITS_STREAM = 99
_GENERATORS: dict[str, Callable[[int], StudyTruth]] = {
    "k4care": generate_k4care,
    "cdk46": generate_cdk46,
    "pulmonary-oligomets": generate_oligomets,
}
STUDY_IDS = tuple(_GENERATORS)


def generate(study_id: str, *, seed: int = SEED) -> StudyTruth:
    """The finished sample study with every planted item and edit; the same seed gives the same study.

    Raises KeyError naming the sample studies for any other study_id.
    """
    if study_id not in _GENERATORS:
        raise KeyError(f"study_id {study_id!r}: the sample studies are {', '.join(STUDY_IDS)}")
    truth = _GENERATORS[study_id](seed)
    plant_edits(truth, stream(seed, EDITS_STREAM, STUDY_IDS.index(study_id)), CUT_OFFS)
    return truth


@cache
def _finished(study_id: str, seed: int) -> StudyTruth:
    return generate(study_id, seed=seed)


def planted(study_id: str, *, seed: int = SEED) -> dict[str, list[str]]:
    """Planted items by name with the patients (or samples) they lie with."""
    return {name: list(items) for name, items in sorted(_finished(study_id, seed).planted.items())}


def planted_edits(study_id: str, *, seed: int = SEED) -> list[PlantedEdit]:
    """Edits between the data cuts, one per row and changed column."""
    return list(_finished(study_id, seed).edits)
