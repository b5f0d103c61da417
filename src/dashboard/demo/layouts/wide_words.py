"""Words of the oligometastasis workbook: canonical value to the Chinese text of the file."""

SEX = {"male": "男", "female": "女"}
DIAGNOSES = {
    "Adenocarcinoma of the rectum": "直肠腺癌",
    "Adenocarcinoma of the left colon": "左半结肠腺癌",
    "Adenocarcinoma of the right colon": "右半结肠腺癌",
    "Colorectal adenocarcinoma": "结直肠腺癌",
}
HISTOLOGIES = {"Adenocarcinoma": "腺癌"}
NED_BASES = {
    "surgery": "手术",
    "ablation": "消融",
    "radiotherapy": "放疗",
    "endoscopic_resection": "内镜切除",
}
PRIMARY_SITES = {"rectum": "直肠", "left_colon": "左半结肠", "right_colon": "右半结肠"}
YES_NO = {"yes": "是", "no": "否", "true": "是", "false": "否"}
LATERALITY = {"unilateral": "单侧", "bilateral": "双侧"}
SMOKING = {"never": "从不", "former": "曾经", "current": "目前"}
GENES = {"wild type": "野生型"}
MICROSATELLITES = {"mss": "MSS", "msi_high": "MSI-H"}
PLACES = {
    "left upper lobe": "左上",
    "left lower lobe": "左下",
    "right upper lobe": "右上",
    "right middle lobe": "右中",
    "right lower lobe": "右下",
}
TECHNIQUES = {
    "sbrt": "SBRT",
    "conventional": "常规放疗",
    "rfa": "RFA",
    "wedge": "楔形切除",
    "segmentectomy": "肺段切除",
}
# What the label of a local treatment is in the truth, by technique; dose and fractions follow for radiation.
LABELS = {
    "sbrt": "SBRT",
    "conventional": "Radiotherapy",
    "rfa": "Radiofrequency ablation",
    "wedge": "Wedge resection",
    "segmentectomy": "Segmentectomy",
}
START_REASONS = {
    "imaging_progression": "影像进展",
    "ctdna_detection": "ctDNA阳性",
    "imaging_and_ctdna": "影像进展+ctDNA阳性",
    "rising_marker": "肿瘤标志物升高",
    "preference": "患者意愿",
    "planned": "计划",
}
PATTERNS = {
    "in_field": "局部复发",
    "new_lung_up_to_5": "肺内新发≤5个",
    "new_lung_over_5": "肺内新发>5个",
    "extrathoracic": "胸外转移",
}
SITES = {"lung": "肺", "liver": "肝", "retroperitoneal nodes": "腹膜后淋巴结"}
# Conclusion of the examination and verdict in one text; what has no words here stands in the sheet 影像.
CONCLUSIONS = {
    ("no recurrence", "ned"): ("未见复发", "较前相仿，未见复发"),
    ("treatment change or recurrence", "equivocal"): ("考虑炎性改变",),
}
STATUS = {"detected": "阳性", "not_detected": "阴性", "failed": "不合格", "pending": "待回报"}
VITAL = {"alive": "存活", "dead": "死亡", "lost": "失访"}
DEATH_CAUSES = {"cancer": "肿瘤", "treatment": "治疗相关", "other": "其他", "unknown": "不详"}
ANSWERS = {
    "yes": "是",
    "no": "否",
    "unknown": "不详",
    "ruled_eligible": "裁定合格",
    "ruled_not_eligible": "裁定不合格",
}
