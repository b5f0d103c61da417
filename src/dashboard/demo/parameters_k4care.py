"""Target parameters of the sample study k4care (clinical-decisions F, "K4Care"; tolerances in the tests).

Sources: K-Track 2025 (detection at baseline), CR 3.3 (assay), NSCLC clearance HR 0.27 shrunk for all tumours;
what has no source there is general knowledge.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TumourParameters:
    """One tumour type: ctDNA before treatment, where it spreads, how it is named, its serum marker."""

    share: float
    detected: float
    maf_median_percent: float
    maf_p10_percent: float
    maf_p90_percent: float
    female: float
    organs: Mapping[str, float]
    diagnosis: str
    histology: str
    icd10: str
    genes: Mapping[str, float]
    marker: str | None = None


@dataclass(frozen=True)
class LineParameters:
    """One line of therapy: best responses as intended, PFS (months), chance of another line after it."""

    responses: Mapping[str, float]
    pfs_median_months: float
    pfs_sigma: float
    next_line: float


@dataclass(frozen=True)
class K4CareParameters:
    """The whole study."""

    enrolled_per_month: tuple[int, ...] = (8, 10, 12, 14, 16, 18, 20, 21, 21, 20, 19, 8, 13)
    screen_failures: int = 9
    sites: Mapping[str, float] = field(
        default_factory=lambda: {"01": 0.38, "02": 0.34, "03": 0.16, "04": 0.12}
    )
    age_median: float = 60
    age_quartiles: tuple[float, float] = (51, 67)
    line_at_enrolment: Mapping[int, float] = field(default_factory=lambda: {1: 0.60, 2: 0.26, 3: 0.14})
    pre_treatment_draw: float = 0.65
    on_treatment_days_median: float = 60
    lod_ppm: int = 500
    variant_floor_ppm: int = 200
    failed_sample: float = 0.03
    turnaround_working_days: tuple[int, int] = (6, 14)
    mean_of_highest: float = 0.55
    shedding_sigma_log10: float = 0.6
    sample_sigma_log10: float = 0.15
    second_draw: Mapping[str, float] = field(
        default_factory=lambda: {"early": 0.089, "window": 0.518, "late": 0.133, "none": 0.13, "lost": 0.13}
    )
    second_draw_at_progression: float = 0.2
    doubling_days: tuple[float, float] = (24, 48)
    shedding_gain: tuple[float, float] = (0.15, 3.0)
    survival_after_progression_months: float = 3.9
    sudden_death: float = 0.10
    chemotherapy_scan_days: int = 63
    tablet_scan_days: int = 84


LINES = {
    1: LineParameters({"cr": 0.05, "pr": 0.37, "sd": 0.37, "pd": 0.21}, 11.5, 0.62, 0.50),
    2: LineParameters({"cr": 0.02, "pr": 0.20, "sd": 0.43, "pd": 0.35}, 5.6, 0.55, 0.38),
    3: LineParameters({"cr": 0.0, "pr": 0.12, "sd": 0.33, "pd": 0.55}, 2.4, 0.5, 0.25),
}
# Beside the line: targeted tablets work longer, liver cancer shorter (F: EGFR TKI 15, HCC 6 months).
PFS_FACTOR = {"egfr": 1.55, "alk": 1.7, "liver": 0.75}

TUMOURS = {
    "lung": TumourParameters(
        0.32, 0.80, 1.2, 0.1, 10, 0.40,
        {"lung": 0.4, "lymph_node": 0.25, "bone": 0.15, "liver": 0.1, "brain": 0.06, "adrenal": 0.04},
        "Lung adenocarcinoma", "Adenocarcinoma", "C34.9",
        {
            "TP53": 0.6, "EGFR": 0.4, "KRAS": 0.2, "STK11": 0.15,
            "KEAP1": 0.12, "RB1": 0.1, "PIK3CA": 0.08, "ARID1A": 0.1,
        },
        "cea",
    ),
    "colorectal": TumourParameters(
        0.24, 0.877, 6.0, 0.3, 35, 0.42,
        {"liver": 0.5, "lung": 0.25, "lymph_node": 0.15, "peritoneum": 0.1},
        "Colorectal adenocarcinoma", "Adenocarcinoma", "C18.9",
        {
            "APC": 0.75, "TP53": 0.65, "KRAS": 0.44, "PIK3CA": 0.16,
            "SMAD4": 0.14, "BRAF": 0.07, "FBXW7": 0.12, "ARID1A": 0.08,
        },
        "cea",
    ),
    "breast": TumourParameters(
        0.18, 0.733, 1.5, 0.1, 12, 1.0,
        {"bone": 0.3, "liver": 0.25, "lung": 0.2, "lymph_node": 0.2, "soft_tissue": 0.05},
        "Breast carcinoma", "Invasive carcinoma, no special type", "C50.9",
        {
            "TP53": 0.45, "PIK3CA": 0.38, "GATA3": 0.14, "CDH1": 0.12,
            "PTEN": 0.07, "AKT1": 0.05, "MAP3K1": 0.09,
        },
        "ca_15_3",
    ),
    "gastric": TumourParameters(
        0.09, 0.706, 0.9, 0.08, 8, 0.35,
        {"liver": 0.3, "lymph_node": 0.35, "peritoneum": 0.3, "ovary": 0.05},
        "Gastric adenocarcinoma", "Adenocarcinoma", "C16.9",
        {
            "TP53": 0.5, "ARID1A": 0.25, "CDH1": 0.15, "PIK3CA": 0.12,
            "KRAS": 0.09, "RHOA": 0.12, "ERBB3": 0.06,
        },
        "ca_19_9",
    ),
    "liver": TumourParameters(
        0.07, 0.917, 2.5, 0.2, 18, 0.22,
        {"liver": 0.6, "lung": 0.25, "lymph_node": 0.1, "bone": 0.05},
        "Hepatocellular carcinoma", "Hepatocellular carcinoma", "C22.0",
        {"TP53": 0.4, "CTNNB1": 0.35, "TERT": 0.5, "ARID1A": 0.12, "AXIN1": 0.1, "RB1": 0.06},
        "afp",
    ),
    "ovarian": TumourParameters(
        0.05, 0.818, 1.8, 0.1, 12, 1.0,
        {"peritoneum": 0.4, "lymph_node": 0.2, "ovary": 0.25, "liver": 0.15},
        "Ovarian carcinoma", "High-grade serous carcinoma", "C56",
        {"TP53": 0.95, "BRCA1": 0.12, "BRCA2": 0.08, "NF1": 0.08, "RB1": 0.07, "CDK12": 0.05},
        "ca_125",
    ),
    "other": TumourParameters(
        0.05, 0.0, 1.0, 0.1, 10, 0.45,
        {"liver": 0.4, "lung": 0.3, "lymph_node": 0.3},
        "Cholangiocarcinoma", "Adenocarcinoma", "C22.1",
        {"TP53": 0.4},
        "ca_19_9",
    ),
}  # fmt: skip
