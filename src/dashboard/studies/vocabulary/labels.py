"""Labels of values and of derived codes, as they stand on screen."""

WORDS: dict[str, str] = {
    "data_issue": "Data issue",
    "snapshot": "Data cut",
    "maf": "MAF (%)",
    "maf_help": "Mutant (variant) allele fraction, also written VAF; not minor allele frequency.",
    "ctdna_level": "ctDNA level",
    "previous_cut": "Previous data cut",
    "guarantee_time": (
        "Guarantee-time bias: patients must stay alive and progression-free long enough to clear."
    ),
    "balance": "Are patients with ctDNA like those without?",
    "reasons_to_look": "Reasons to look",
    "threshold": "Threshold",
    "rules_page": "Study rules",
    "low_shedding": (
        "ctDNA was never detected in this patient, also not while disease was visible on CT. "
        "A negative result does not exclude recurrence here."
    ),
    "tumour_informed": (
        "This assay follows the variants found in this patient's tumour. "
        "It cannot show new resistance mutations."
    ),
    "not_recist": "Diameter change after ablation or SBRT is not RECIST.",
    "no_comparison": (
        "Treatment was chosen by the physician; groups differ (see table). Not a comparison of efficacy."
    ),
    "lb_recist": "LB-RECIST (Gouda 2024) has no agreed thresholds; we do not report it.",
}
TUMOUR_TYPES: dict[str, str] = {
    "lung": "Lung",
    "colorectal": "Colorectal",
    "breast": "Breast",
    "gastric": "Gastric",
    "liver": "Liver",
    "ovarian": "Ovarian",
    "head_and_neck": "Head and neck",
    "pancreatic": "Pancreatic",
    "prostate": "Prostate",
    "brain": "Brain",
    "other": "Other",
    "unknown": "Not recorded",
}
# Tumour markers of the timeline, by tumour type (clinical-decisions A17), highest priority first.
TUMOUR_MARKERS: dict[str, tuple[str, ...]] = {
    "lung": ("cea", "cyfra_21_1"),
    "colorectal": ("cea", "ca_19_9"),
    "breast": ("ca_15_3", "cea"),
    "gastric": ("cea", "ca_19_9"),
    "liver": ("afp", "pivka_ii"),
    "ovarian": ("ca_125",),
    "pancreatic": ("ca_19_9",),
    "prostate": ("psa",),
}
DRUG_CLASSES: dict[str, str] = {
    "cdk46_inhibitor": "CDK4/6 inhibitor",
    "endocrine": "Endocrine therapy",
    "chemotherapy": "Chemotherapy",
    "pi3k_akt_mtor_inhibitor": "PI3K, AKT or mTOR inhibitor",
    "hdac_inhibitor": "HDAC inhibitor",
    "her2_antibody": "HER2 antibody",
    "her2_tki": "HER2 inhibitor",
    "antibody_drug_conjugate": "Antibody-drug conjugate",
    "parp_inhibitor": "PARP inhibitor",
    "egfr_tki": "EGFR inhibitor",
    "egfr_antibody": "EGFR antibody",
    "alk_ros1_tki": "ALK, ROS1 or NTRK inhibitor",
    "met_ret_tki": "MET or RET inhibitor",
    "kras_inhibitor": "KRAS inhibitor",
    "braf_mek_inhibitor": "BRAF or MEK inhibitor",
    "fgfr_inhibitor": "FGFR inhibitor",
    "idh_inhibitor": "IDH inhibitor",
    "checkpoint_inhibitor": "Immune checkpoint inhibitor",
    "antiangiogenic_antibody": "Antiangiogenic antibody",
    "antiangiogenic_tki": "Antiangiogenic inhibitor",
    "claudin_antibody": "Claudin antibody",
    "androgen_pathway": "Androgen-pathway inhibitor",
    "other_targeted": "Other targeted drug",
    "supportive": "Supportive drug",
}
START_REASONS: dict[str, str] = {
    "imaging_progression": "imaging progression",
    "ctdna_detection": "ctDNA detection alone",
    "rising_marker": "rising marker alone",
    "imaging_and_ctdna": "imaging and ctDNA",
    "planned": "planned",
    "preference": "patient's or physician's preference",
    "toxicity_of_previous": "toxicity of the previous treatment",
    "unknown": "reason not recorded",
}
# On the drawing and in the header, where there is more to it than the plan. They are words of the record: no
# progression need be in the data.
START_REASONS_SAID: dict[str, str] = {
    code: words for code, words in START_REASONS.items() if code not in ("planned", "unknown")
}
STOP_REASONS: dict[str, str] = {
    "progression": "progression",
    "toxicity": "toxicity",
    "patient_wish": "patient's wish",
    "financial": "cost",
    "planned": "as planned",
    "supply": "supply or reimbursement",
    "death": "death",
    "other": "other reason",
    "unknown": "reason not recorded",
}
LOCAL_GROUPS: dict[str, str] = {
    "RADIOTHERAPY": "Radiotherapy",
    "ABLATION": "Ablation",
    "SURGERY": "Surgery",
    "MULTIPLE": "More than one modality",
}
MODALITIES: dict[str, str] = {
    "sbrt": "SBRT",
    "conventional": "Radiotherapy",
    "hypofractionated": "Hypofractionated radiotherapy",
    "rfa": "RFA",
    "mwa": "Microwave ablation",
    "wedge": "Wedge resection",
    "segmentectomy": "Segmentectomy",
    "lobectomy": "Lobectomy",
    "other": "Other local treatment",
}
# Why the study no longer follows a patient, in the order counted; the words follow a number or a name.
DEPARTURES: dict[str, str] = {
    "DIED": "died",
    "WITHDREW": "withdrew consent",
    "LOST": "lost to follow-up",
    "TRANSFERRED": "transferred to other care",
    "LEFT_STUDY": "left the study",
    "COMPLETED": "completed the study",
    "FAILED_SCREENING": "failed screening",
}
VITAL_STATUSES: dict[str, str] = {
    "alive": "alive",
    "dead": DEPARTURES["DIED"],
    "lost": DEPARTURES["LOST"],
    "unknown": "not known",
}
DEATH_CAUSES: dict[str, str] = {
    "cancer": "cancer",
    "treatment": "treatment",
    "other": "other cause",
    "unknown": "cause not known",
}
VARIANT_COURSES: dict[str, str] = {
    "NEW": "new since baseline",
    "STILL": "still detected",
    "AGAIN": "detected again",
    "NOW": "detected now, was not detected",
    "NO_LONGER": "no longer detected",
    "NOT_COVERED": "not covered",
    "NOT_ASSESSABLE": "not assessable",
}
ENDPOINT_STATUSES: dict[str, str] = {
    "EVENT": "event",
    "COMPETING": "competing event",
    "CENSORED": "censored",
    "NOT_AT_RISK": "not in this analysis",
}
CENSORING_RULES: dict[str, str] = {
    "ENDED": "event",
    "LAST_SEEN": "no event by the last follow-up",
    "STOPPED": "followed until another treatment started",
    "MISSED_ASSESSMENTS": "event after missed assessments",
    "NO_BASELINE": "no baseline assessment",
    "NO_FOLLOW_UP": "no follow-up yet",
    "HORIZON": "followed to the horizon",
    "NO_ORIGIN": "does not have the starting event",
    "EVENT_BEFORE_ORIGIN": "event before the start of the clock",
    "CENSORED_BEFORE_ORIGIN": "follow-up ended before the start of the clock",
    "ENDED_BEFORE_ENTRY": "ended before joining the study",
    "REQUIREMENT_MISSING": "required assessment missing",
}
FOLLOW_UP_STATES: dict[str, str] = {
    "DONE_IN_WINDOW": "Done in window",
    "DONE_OUTSIDE_WINDOW": "Done outside window ({days:+d} d)",
    "NOT_YET_DUE": "Not yet due (opens {opens})",
    "DUE_NOW": "Due now (closes {closes})",
    "CLOSES_SOON": "Closes in {days} days",
    "IN_GRACE": "Due now (closed {closes}, grace until {grace_until})",
    "OVERDUE": "Overdue {days} days",
    "CANNOT_BE_OBTAINED": "Cannot be obtained any more",
    "NOT_EXPECTED": "Not expected ({reason} {on})",
    "CANNOT_TELL": "Cannot tell ({missing} missing)",
}
ELIGIBILITY: dict[str, str] = {
    "PASS": "met",
    "FAIL": "not met",
    "UNKNOWN": "data missing",
    "NEEDS_RULING": "needs a ruling by the PI",
}
LEAD_TIME_CATEGORIES: dict[str, str] = {
    "CTDNA_FIRST": "ctDNA first",
    "IMAGING_FIRST": "imaging first",
    "SAME_DAY": "same day",
    "TREATED_ON_CTDNA_ALONE": "treated on ctDNA alone: lead time not observable",
    "NOT_INFORMATIVE": "not informative (never detected)",
    "NO_EVENT_YET": "no event yet",
}
