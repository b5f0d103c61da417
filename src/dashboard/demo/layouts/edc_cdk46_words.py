"""Chinese words of the cdk46 workbook, several for one thing where sites write it differently."""

from collections.abc import Mapping

from dashboard.demo.layouts.texts import chosen

Words = Mapping[str, tuple[str, ...]]

# Brand, generic, English and short names as sites mix them; drug_synonyms.csv reads them back.
DRUGS: Words = {
    "palbociclib": ("爱博新", "哌柏西利", "palbociclib", "Palbo"),
    "abemaciclib": ("唯择", "阿贝西利"),
    "ribociclib": ("凯丽隆", "瑞波西利"),
    "dalpiciclib": ("艾瑞康", "达尔西利"),
    "letrozole": ("来曲唑", "芙瑞", "弗隆"),
    "anastrozole": ("阿那曲唑", "瑞宁得"),
    "exemestane": ("依西美坦", "阿诺新"),
    "fulvestrant": ("氟维司群", "芙仕得"),
    "tamoxifen": ("他莫昔芬", "三苯氧胺"),
    "goserelin": ("戈舍瑞林", "诺雷得"),
    "everolimus": ("依维莫司",),
    "alpelisib": ("阿培利司",),
    "tucidinostat": ("西达本胺", "爱谱沙"),
    "capecitabine": ("卡培他滨", "希罗达"),
    "docetaxel": ("多西他赛", "多西紫杉醇"),
    "paclitaxel": ("紫杉醇",),
    "vinorelbine": ("长春瑞滨", "诺维本"),
    "eribulin": ("艾立布林",),
    "gemcitabine": ("吉西他滨", "健择"),
    "utidelone": ("优替德隆", "优替帝"),
    "trastuzumab deruxtecan": ("德曲妥珠单抗", "优赫得", "DS-8201"),
}
CDK46_INHIBITORS = ("palbociclib", "abemaciclib", "ribociclib", "dalpiciclib")
ENDOCRINE = ("letrozole", "anastrozole", "exemestane", "fulvestrant", "tamoxifen")
INTENTS: Words = {
    "metastatic": ("解救治疗",),
    "maintenance": ("维持治疗",),
    "adjuvant": ("辅助治疗",),
    "supportive": ("支持治疗",),
    "curative": ("根治性",),
    "palliative": ("姑息性",),
}
START_REASONS: Words = {
    "planned": ("计划内",),
    "imaging_progression": ("影像进展", "影像学进展"),
    "ctdna_detection": ("ctDNA阳性", "ctDNA检出"),
    "toxicity_of_previous": ("不良反应换药",),
    "unknown": ("不详",),
}
STOP_REASONS: Words = {
    "progression": ("进展", "疾病进展", "PD"),
    "toxicity": ("不良反应", "毒性"),
    "planned": ("计划完成", "完成治疗"),
    "patient_wish": ("自行停药",),
    "financial": ("经济原因",),
    "supply": ("断药", "药物供应"),
    "other": ("其他",),
}
SEXES: Words = {"female": ("女",), "male": ("男",)}
MENOPAUSE: Words = {
    "premenopausal": ("绝经前",),
    "perimenopausal": ("围绝经期",),
    "postmenopausal": ("绝经后",),
}
SENSITIVITY: Words = {
    "sensitive": ("敏感/未治",),
    "secondary_resistance": ("继发性耐药",),
    "primary_resistance": ("原发性耐药",),
}
PARTNERS: Words = {"aromatase_inhibitor": ("AI", "芳香化酶抑制剂"), "fulvestrant": ("氟维司群",)}
SECOND_LINES: Words = {
    "chemotherapy": ("化疗",),
    "endocrine": ("内分泌单药",),
    "endocrine_targeted": ("内分泌+靶向",),
    "cdk46_switch": ("换用CDK4/6抑制剂",),
    "other": ("ADC/其他",),
}
YES_NO: Words = {"yes": ("是",), "no": ("否",)}
RECEPTORS: Words = {"positive": ("阳性",), "negative": ("阴性",)}
DIAGNOSES: Words = {
    "HR+/HER2- metastatic breast cancer": ("HR+/HER2-转移性乳腺癌",),
    "Breast cancer": ("乳腺癌",),
}
HISTOLOGY: Words = {
    "Invasive ductal carcinoma": ("浸润性导管癌",),
    "Invasive lobular carcinoma": ("浸润性小叶癌",),
}
SPECIMENS: Words = {"primary": ("原发灶",), "metastasis": ("转移灶",)}
INTENSITIES: Words = {"strong": ("强",), "moderate": ("中",)}
OVERALL: Words = {
    "cr": ("CR", "完全缓解"),
    "pr": ("PR", "部分缓解"),
    "sd": ("SD", "SD(缩小)", "SD（偏大）", "稳定", "疾病稳定"),
    "pd": ("PD", "疾病进展", "进展"),
    "non_cr_non_pd": ("非CR/非PD", "Non-CR/Non-PD"),
}
RESPONSES: Words = {
    "cr": ("CR",),
    "pr": ("PR",),
    "sd": ("SD",),
    "pd": ("PD",),
    "non_cr_non_pd": ("非CR/非PD",),
}
PATTERNS: Words = {
    "growth": ("原有病灶增大",),
    "new_lesion": ("新发病灶",),
    "non_target": ("非靶病灶进展",),
    "cns": ("中枢神经系统进展",),
    "other": ("其他",),
}
ORGANS: Words = {
    "bone": ("骨",),
    "liver": ("肝",),
    "lung": ("肺",),
    "lymph_node": ("淋巴结",),
    "pleura": ("胸膜",),
    "soft_tissue": ("软组织",),
    "brain": ("脑",),
    "adrenal": ("肾上腺",),
    "breast": ("乳腺",),
}
SITES_OF_PROGRESSION: Words = {
    **ORGANS,
    "known lesions": ("原有病灶",),
    "clinical deterioration": ("临床恶化",),
}
ROLES: Words = {"target": ("靶病灶",), "non_target": ("非靶病灶",), "new": ("新病灶",)}
STATES: Words = {
    "measured": ("可测量",),
    "present": ("存在",),
    "absent": ("消失",),
    "unequivocal_progression": ("明确进展",),
}
REGIONS: Words = {
    "chest, abdomen, pelvis": ("胸部、腹部、盆腔",),
    "chest, abdomen, pelvis, brain": ("胸部、腹部、盆腔、头颅",),
}
MODALITIES: Words = {"ct": ("CT", "增强CT"), "mri": ("MRI",)}
VITAL: Words = {"alive": ("存活", "健在"), "dead": ("死亡", "已故"), "lost": ("失访",)}
DEATHS: Words = {
    "cancer": ("肿瘤进展",),
    "treatment": ("治疗相关",),
    "other": ("其他",),
    "unknown": ("不详",),
}
TERMS: Words = {
    "neutrophil count decreased": ("中性粒细胞减少", "中性粒细胞计数降低"),
    "fatigue": ("疲乏",),
    "diarrhoea": ("腹泻",),
    "alopecia": ("脱发",),
    "nausea": ("恶心",),
    "anaemia": ("贫血",),
    "arthralgia": ("关节痛",),
    "blood creatinine increased": ("肌酐升高",),
    "alanine aminotransferase increased": ("ALT升高", "谷丙转氨酶升高"),
    "venous thromboembolism": ("静脉血栓栓塞",),
    "interstitial lung disease": ("间质性肺病",),
    "electrocardiogram QT prolonged": ("QT间期延长",),
}
ORGAN_CLASSES: Words = {
    "Investigations": ("各类检查",),
    "Gastrointestinal disorders": ("胃肠系统疾病",),
    "General disorders": ("全身性疾病",),
    "Skin and subcutaneous tissue disorders": ("皮肤及皮下组织类疾病",),
    "Blood and lymphatic system disorders": ("血液及淋巴系统疾病",),
    "Musculoskeletal disorders": ("肌肉骨骼疾病",),
    "Vascular disorders": ("血管疾病",),
    "Respiratory disorders": ("呼吸系统疾病",),
}
# Six levels of causality (clinical-decisions A25a): "possibly unrelated" is not related.
RELATIONS: Words = {
    "related": ("肯定有关", "很可能有关", "可能有关"),
    "not_related": ("可能无关", "无关"),
    "not_assessable": ("待评价", "无法评价"),
}
ACTIONS: Words = {
    "dose not changed": ("剂量不变",),
    "drug interrupted": ("暂停用药",),
    "dose reduced": ("减量",),
    "drug withdrawn": ("永久停药",),
}
OUTCOMES: Words = {"recovered": ("痊愈",), "recovering": ("好转",)}
SERIOUS: Words = {"hospitalisation": ("住院",)}
DISPOSITIONS: Words = {
    "screen_failure": ("筛选失败",),
    "withdrawal_of_consent": ("撤回知情同意",),
    "lost_to_follow_up": ("失访",),
    "transfer": ("转院",),
    "ctdna_declined": ("未参加ctDNA亚组",),
}
DISPOSITION_REASONS: Words = {
    "not in the ctDNA subset": ("未入ctDNA亚组",),
    "not reached by telephone": ("电话无法联系",),
    "HER2 positive": ("HER2阳性",),
    "consent refused": ("拒绝签署知情同意",),
    "no CDK4/6 inhibitor planned": ("不计划使用CDK4/6抑制剂",),
    "care moved to another hospital": ("转至外院治疗",),
    "patient's decision": ("患者决定",),
}
DRAW_REASONS: Words = {
    "enrolment": ("入组",),
    "planned_follow_up": ("计划随访",),
    "suspected_progression": ("怀疑进展",),
    "at_progression": ("进展时",),
}
FAILURES: Words = {"haemolysis": ("溶血",), "low input": ("cfDNA量不足",), "library failed": ("建库失败",)}
SAMPLE_RESULTS: Words = {
    "detected": ("检出", "阳性"),
    "below_loq": ("低于定量下限",),
    "not_detected": ("未检出", "阴性"),
    "failed": ("不合格", "质控不合格"),
    "pending": ("待回报",),
}
# A gene written by an old or wrong symbol here and there (data/reference/gene_aliases.csv).
GENES: Words = {"PIK3CA": ("PIK3CA", "PIK3CA", "PI3KCA"), "TP53": ("TP53", "TP53", "P53")}
LOCATIONS: Words = {
    "right upper lobe": ("右肺上叶",),
    "right lower lobe": ("右肺下叶",),
    "left upper lobe": ("左肺上叶",),
    "left lower lobe": ("左肺下叶",),
    "right middle lobe": ("右肺中叶",),
    "segment II": ("肝S2段",),
    "segment IV": ("肝S4段",),
    "segment VI": ("肝S6段",),
    "segment VII": ("肝S7段",),
    "segment VIII": ("肝S8段",),
    "mediastinal": ("纵隔",),
    "retroperitoneal": ("腹膜后",),
    "left supraclavicular": ("左锁骨上",),
    "right axillary": ("右腋窝",),
    "porta hepatis": ("肝门区",),
    "thoracic spine": ("胸椎",),
    "lumbar spine": ("腰椎",),
    "pelvis": ("骨盆",),
    "right femur": ("右股骨",),
    "ribs": ("肋骨",),
    "left pleura": ("左侧胸膜",),
    "right pleura": ("右侧胸膜",),
    "chest wall": ("胸壁",),
    "abdominal wall": ("腹壁",),
    "left frontal lobe": ("左额叶",),
    "right parietal lobe": ("右顶叶",),
    "cerebellum": ("小脑",),
}
REGIMENS: Words = {"Mastectomy": ("乳房切除术",), "SBRT of one lesion": ("单病灶SBRT",)}


class NoWord(ValueError):
    """The truth holds a value that the workbook has no word for."""


def word(words: Words, value: str, key: str) -> str:
    """One of the ways this value is written, by the key alone. Raises NoWord naming an unknown value."""
    if value not in words:
        raise NoWord(f"{value!r} is none of {', '.join(words)}")
    return chosen(key, words[value])
