"""Target parameters of the sample study cdk46 (clinical-decisions F, "CDK4/6"; tolerances in the tests).

Sources: DAWNA-2, MONARCH 3, MONALEESA-2, PALOMA-2 (toxicity, dose), Torrisi 2026 and ESME 2025 (treatment
after CDK4/6 inhibitors), postMONARCH, PADA-1 and Fribbens (ESR1), K-Track (detection), npj Breast Cancer 2025
(PI3K pathway); what has no source there is general knowledge.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class InhibitorParameters:
    """One CDK4/6 inhibitor: share, toxicity by worst grade (any, 3, 4), dose, and its usual dose in mg."""

    share: float
    neutropenia: tuple[float, float, float]
    diarrhoea: tuple[float, float, float]
    liver_grade_3: float
    embolism: float
    lung_disease: float
    qtc: float
    creatinine: float
    reduced: float
    stopped_for_toxicity: float
    doses_mg: tuple[int, int, int]


@dataclass(frozen=True)
class NextLineParameters:
    """One way of treating after progression: share, PFS (months), regimens as (label, drugs)."""

    share: float
    pfs_median_months: float
    regimens: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cdk46Parameters:
    """The whole study."""

    patients: int = 320
    screen_failures: int = 7
    prevalent: float = 0.40
    months_on_drug_median: float = 5.0
    age_median: float = 54
    age_quartiles: tuple[float, float] = (47, 63)
    de_novo: float = 0.32
    metastatic_pattern: Mapping[str, float] = field(
        default_factory=lambda: {
            "bone_only": 0.22,
            "liver": 0.22,
            "other_visceral": 0.30,
            "not_visceral": 0.26,
        }
    )
    measurable: float = 0.72
    sensitivity: Mapping[str, float] = field(
        default_factory=lambda: {"sensitive": 0.58, "secondary_resistance": 0.30, "primary_resistance": 0.12}
    )
    fulvestrant: Mapping[str, float] = field(
        default_factory=lambda: {"sensitive": 0.16, "secondary_resistance": 0.5, "primary_resistance": 0.65}
    )
    pfs_months: Mapping[str, float] = field(
        default_factory=lambda: {"aromatase_inhibitor": 37.0, "fulvestrant": 21.5}
    )
    pfs_liver: float = 0.55
    pfs_primary_resistance: float = 0.4
    pfs_shape: float = 1.0
    next_line: float = 0.84
    third_line: float = 0.62
    survival_after_last_line_months: float = 12.5
    survival_without_line_2_months: float = 8.0
    in_ctdna_subset: float = 0.45
    shedders: float = 0.81
    maf_median_percent: float = 1.4
    maf_sigma_log10: float = 0.75
    sample_sigma_log10: float = 0.15
    shedding_gain: tuple[float, float] = (1.5, 7.0)
    doubling_days: tuple[float, float] = (22, 56)
    draw_interval_days: int = 112
    failed_sample: float = 0.03
    turnaround_working_days: tuple[int, int] = (6, 14)
    esr1_at_progression: Mapping[str, float] = field(
        default_factory=lambda: {"aromatase_inhibitor": 0.37, "fulvestrant": 0.07}
    )
    esr1_at_baseline: Mapping[str, float] = field(
        default_factory=lambda: {"sensitive": 0.01, "secondary_resistance": 0.08, "primary_resistance": 0.05}
    )
    esr1_polyclonal: float = 0.40
    esr1_maf_at_progression_percent: tuple[float, float] = (1.5, 0.65)
    esr1_doubling_days: tuple[float, float] = (45, 110)
    truncal: Mapping[str, float] = field(
        default_factory=lambda: {
            "PIK3CA": 0.40,
            "TP53": 0.27,
            "PTEN": 0.06,
            "GATA3": 0.14,
            "CDH1": 0.1,
            "AKT1": 0.05,
        }
    )
    fgfr1_amplified: float = 0.11
    acquired: Mapping[str, float] = field(
        default_factory=lambda: {"PIK3CA": 0.04, "TP53": 0.06, "PTEN": 0.03, "RB1": 0.05}
    )
    fgfr1_acquired: float = 0.03
    grade_missing: float = 0.04
    relation_missing: float = 0.03
    scan_days: int = 84


ESR1_HOTSPOTS = {
    "p.D538G": 0.40,
    "p.Y537S": 0.30,
    "p.Y537N": 0.07,
    "p.Y537C": 0.05,
    "p.E380Q": 0.12,
    "p.L536H": 0.06,
}

INHIBITORS = {
    "palbociclib": InhibitorParameters(
        0.45, (0.78, 0.50, 0.09), (0.28, 0.06, 0.01), 0.02, 0.01, 0.01, 0.0, 0.02, 0.35, 0.05, (125, 100, 75)
    ),
    "dalpiciclib": InhibitorParameters(
        0.22, (0.90, 0.62, 0.20), (0.22, 0.05, 0.01), 0.02, 0.01, 0.01, 0.0, 0.02, 0.30, 0.04, (150, 125, 100)
    ),
    "abemaciclib": InhibitorParameters(
        0.22, (0.44, 0.22, 0.02), (0.80, 0.30, 0.09), 0.06, 0.06, 0.05, 0.0, 0.20, 0.43, 0.12, (150, 100, 50)
    ),
    "ribociclib": InhibitorParameters(
        0.11,
        (0.72, 0.48, 0.09),
        (0.35, 0.08, 0.02),
        0.09,
        0.01,
        0.01,
        0.03,
        0.03,
        0.42,
        0.08,
        (600, 400, 200),
    ),
}

NEXT_LINES = {
    "chemotherapy": NextLineParameters(
        0.42, 4.8,
        (
            ("Capecitabine", "capecitabine"),
            ("Paclitaxel", "paclitaxel"),
            ("Vinorelbine", "vinorelbine"),
            ("Eribulin", "eribulin"),
        ),
    ),
    "endocrine": NextLineParameters(
        0.18, 2.6, (("Fulvestrant", "fulvestrant"), ("Exemestane", "exemestane"))
    ),
    "endocrine_targeted": NextLineParameters(
        0.20, 4.4,
        (
            ("Everolimus, exemestane", "everolimus + exemestane"),
            ("Alpelisib, fulvestrant", "alpelisib + fulvestrant"),
            ("Tucidinostat, exemestane", "exemestane + tucidinostat"),
        ),
    ),
    "cdk46_switch": NextLineParameters(
        0.15, 5.4,
        (
            ("Abemaciclib, fulvestrant", "abemaciclib + fulvestrant"),
            ("Dalpiciclib, fulvestrant", "dalpiciclib + fulvestrant"),
        ),
    ),
    "other": NextLineParameters(0.05, 8.0, (("Trastuzumab deruxtecan", "trastuzumab deruxtecan"),)),
}  # fmt: skip
THIRD_LINE = NextLineParameters(
    1.0, 4.2, (("Gemcitabine", "gemcitabine"), ("Vinorelbine", "vinorelbine"), ("Utidelone", "utidelone"))
)
