"""The 22 patients of the sample study pulmonary-oligomets (clinical-decisions F, "Oligomets").

With 22 patients every target is a count, so each patient is written down: the mix of groups, nodules,
relapses and ctDNA courses meets the targets, and every category of lead time (A6) is there. Sources: Fonck
2018 (nodules, repeat local therapy, systemic-free time), lung SABR meta-analysis (local control), Lee 2021
and METABEAM (detection before local therapy), Li 2019 (BED); the filling of the lead-time categories is the
sample study's own. Months count from the first day of the first local treatment.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Relapse:
    """First progression seen on imaging."""

    month: float
    pattern: str
    site: str = "lung"
    is_repeated_locally: bool = False


@dataclass(frozen=True)
class Systemic:
    """First systemic therapy after local treatment, and why."""

    month: float
    reason: str


@dataclass(frozen=True)
class Plasma:
    """ctDNA: level before local therapy (ppm), cleared at week 5, month from which it is detected (again)."""

    before_ppm: float | None = None
    is_cleared_at_week_5: bool = True
    detected_from_month: float | None = None


@dataclass(frozen=True)
class OligometsPatient:
    """One patient as designed."""

    number: int
    enrolled: date
    group: str
    female: bool
    age: int
    primary_site: str
    kras: str
    ned_months: float
    cea: float
    sizes_mm: tuple[int, ...]
    schedule: tuple[int, int] | None
    plasma: Plasma
    relapse: Relapse | None = None
    systemic: Systemic | None = None
    death_month: float | None = None
    special: frozenset[str] = frozenset()


LOD_PPM = 200
DOUBLING_DAYS = 55
FIRST_FOLLOW_UP_DAYS = (28, 42)
INTERVAL_DAYS = 90
INTERVAL_SCATTER_DAYS = 14
TURNAROUND_WORKING_DAYS = (6, 14)
SCREEN_FAILURES = ("six lung lesions", "liver metastasis", "ECOG 3")

NEVER = Plasma()
_RT, _RFA, _OP, _BOTH = "radiotherapy", "ablation", "surgery", "multiple"
_IMAGING, _BOTH_REASONS = "imaging_progression", "imaging_and_ctdna"


def _special(*names: str) -> frozenset[str]:
    return frozenset(names)


PATIENTS: tuple[OligometsPatient, ...] = (
    OligometsPatient(
        1, date(2024, 6, 26), _RT, False, 63, "rectum", "G12D", 11.2, 6.1, (14, 9), (50, 5),
        Plasma(900, True, 5.4),
        Relapse(9.2, "new_lung_over_5"),
        Systemic(10, _BOTH_REASONS), 23.5,
        _special("ctdna_first")),
    OligometsPatient(
        2, date(2024, 7, 17), _RT, True, 58, "rectum", "wild_type", 15.5, 2.4, (12,), (48, 4),
        NEVER, Relapse(4.5, "new_lung_up_to_5", is_repeated_locally=True), Systemic(17, _IMAGING)),
    OligometsPatient(
        3, date(2024, 8, 14), _RT, False, 66, "left_colon", "G12V", 20.3, 4.4, (17,), (60, 8),
        Plasma(2100, True, 8.4),
        Relapse(12.4, "extrathoracic", "liver"),
        Systemic(13, _IMAGING), None,
        _special("ctdna_first", "metastatic_date_of_the_lung")),
    OligometsPatient(
        4, date(2024, 9, 4), _RFA, True, 55, "rectum", "wild_type", 13.1, 1.9, (9, 8), None,
        NEVER,
        Relapse(11.1, "extrathoracic", "retroperitoneal nodes"),
        Systemic(11.6, _IMAGING), None,
        _special("equivocal", "severe_toxicity")),
    OligometsPatient(
        5, date(2024, 9, 25), _RT, False, 70, "right_colon", "G13D", 9.4, 12.6, (21, 13, 8), (50, 5),
        Plasma(6000, False, 0.9),
        Relapse(7.1, "new_lung_up_to_5", is_repeated_locally=True),
        Systemic(15, _BOTH_REASONS), None,
        _special("ctdna_first")),
    OligometsPatient(
        6, date(2024, 10, 23), _RT, False, 61, "rectum", "wild_type", 24.8, 2.8, (10,), (48, 4),
        NEVER, Relapse(8.1, "new_lung_up_to_5", is_repeated_locally=True), Systemic(22, _IMAGING)),
    OligometsPatient(
        7, date(2024, 11, 13), _OP, True, 49, "left_colon", "G12D", 18.0, 3.6, (16,), None,
        Plasma(600, True, 10.6),
        Relapse(8.0, "in_field", is_repeated_locally=True),
        Systemic(19, _IMAGING), None,
        _special("imaging_first", "draw_soon_after_surgery")),
    OligometsPatient(
        8, date(2024, 12, 11), _RFA, False, 73, "rectum", "wild_type", 32.5, 2.2, (11,), None,
        NEVER,
        Relapse(10.2, "in_field", is_repeated_locally=True), None, 13.2,
        _special("died_without_systemic")),
    OligometsPatient(
        9, date(2025, 1, 8), _RT, False, 57, "rectum", "G12C", 12.2, 7.9, (19, 11), (60, 5),
        Plasma(900, True, 5.4), None,
        Systemic(9.4, "ctdna_detection"), None,
        _special("treated_on_ctdna_alone", "equivocal")),
    OligometsPatient(
        10, date(2025, 2, 12), _RT, True, 64, "right_colon", "wild_type", 8.6, 3.3, (8,), (50, 5),
        Plasma(None, True, 5.4),
        Relapse(9.3, "new_lung_over_5"),
        Systemic(10.2, _BOTH_REASONS), None,
        _special("newly_detected")),
    OligometsPatient(
        11, date(2025, 3, 5), _OP, False, 60, "left_colon", "G12D", 16.4, 5.8, (22, 12), None,
        Plasma(800, True, 8.0),
        Relapse(9.0, "new_lung_over_5"),
        Systemic(9.9, _BOTH_REASONS), None,
        _special("same_day")),
    OligometsPatient(
        12, date(2025, 3, 26), _RT, False, 67, "rectum", "wild_type", 7.4, 9.5, (13, 10, 7), (50, 25),
        NEVER, Relapse(5.9, "new_lung_over_5"), Systemic(7.1, _IMAGING)),
    OligometsPatient(
        13, date(2025, 4, 23), _OP, True, 52, "rectum", "G12V", 21.7, 2.9, (28,), None,
        Plasma(400, False, None), None, None, None, _special("no_event_yet")),
    OligometsPatient(
        14, date(2025, 5, 21), _RT, False, 62, "left_colon", "wild_type", 14.2, 3.1, (11, 6), (40, 5),
        NEVER,
        Relapse(13.4, "new_lung_up_to_5", is_repeated_locally=True),
        Systemic(15.4, _IMAGING), None,
        _special("equivocal")),
    OligometsPatient(
        15, date(2025, 6, 18), _RFA, True, 59, "right_colon", "Q61K", 17.3, 1.4, (9,), None,
        NEVER, Relapse(13.0, "new_lung_over_5"), Systemic(14.0, _IMAGING)),
    OligometsPatient(
        16, date(2025, 7, 16), _RT, False, 65, "rectum", "G12D", 10.8, 4.9, (12, 9, 8, 7), (50, 5),
        NEVER, Relapse(9.6, "in_field", is_repeated_locally=True), Systemic(16.1, "preference")),
    OligometsPatient(
        17, date(2025, 8, 13), _OP, False, 54, "left_colon", "wild_type", 46.0, 3.4, (15,), None,
        NEVER, None, None, None, _special("draw_soon_after_surgery", "second_panel")),
    OligometsPatient(
        18, date(2025, 9, 17), _RT, True, 71, "rectum", "G12V", 5.9, 3.7, (11,), (48, 4),
        NEVER, None, None, None, _special("ineligible_ned_interval")),
    OligometsPatient(
        19, date(2025, 10, 22), _BOTH, False, 75, "rectum", "wild_type", 26.1, 2.6, (13, 9), (50, 5),
        NEVER, None, None, None, _special("failed_sample", "kras_differs_from_tissue")),
    OligometsPatient(
        20, date(2025, 12, 10), _RFA, False, 42, "right_colon", "G12D", 13.9, 52.0, (10,), None,
        NEVER, None, None, None, _special("ineligible_cea")),
    OligometsPatient(
        21, date(2026, 3, 11), _RT, True, 63, "left_colon", "wild_type", 15.0, 3.0, (5,), (60, 8), NEVER),
    OligometsPatient(
        22, date(2026, 4, 15), _OP, True, 56, "rectum", "G13D", 19.2, 8.8, (18, 14, 9, 8, 6), None, NEVER),
)  # fmt: skip
