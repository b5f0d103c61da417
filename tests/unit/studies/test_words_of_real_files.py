"""Words and units of Vietnamese and Chinese files and what they become (clinical-decisions A30, A37, D)."""

import csv
from decimal import Decimal

import pytest

from dashboard.extracts.decode import normalised
from dashboard.studies.rows import REFERENCE

WORDS = {
    "response": {
        "cr": "đáp ứng hoàn toàn|完全缓解",
        "pr": "đáp ứng một phần|部分缓解",
        "sd": "bệnh ổn định|giữ nguyên|稳定|疾病稳定|SD(缩小)|SD（偏大）|大致同前",
        "pd": "bệnh tiến triển|tiến triển|进展|疾病进展|PD(新发骨)",
        "ne": "không đánh giá được|KĐG|无法评价|未评价|NE",
        "": "新发|PR→SD|SD/PD",
    },
    "new_lesion": {"yes": "新发"},
    "ctdna_status": {
        "not_detected": "không phát hiện|KPH|âm tính|未检出|阴性",
        "detected": "dương tính|phát hiện|检出|阳性",
        "failed": "mẫu không đạt|不合格|质控不合格",
        "pending": "chưa có kết quả|Chưa có KQ|待回报",
    },
    "vital_status": {
        "alive": "còn sống|Sống|存活",
        "dead": "tử vong|死亡|已故",
        "lost": "mất liên lạc|mất dấu|失访",
    },
    "stop_reason": {
        "progression": "tiến triển|进展|疾病进展|PD",
        "toxicity": "độc tính|不良反应|毒性",
        "patient_wish": "tự ngưng|自行停药",
        "financial": "kinh tế|经济原因",
    },
    "relatedness": {
        "related": "肯定有关|很可能有关|可能有关",
        "not_related": "可能无关|无关",
        "not_assessable": "待评价|无法评价",
    },
    "her2": {"2+ ISH missing": "2+", "1+": "1+(阴性)"},
}
EVERY_WORD = [
    (domain, word, value)
    for domain, values in WORDS.items()
    for value, words in values.items()
    for word in words.split("|")
]


def read(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("domain", "word", "value"), EVERY_WORD)
def test_a_word_of_a_real_file_has_its_value(domain: str, word: str, value: str) -> None:
    known = {
        normalised(row["written"]).lower(): row["value"]
        for row in read("value_maps.csv")
        if row["domain"] == domain
    }
    assert known[normalised(word).lower()] == value


@pytest.mark.parametrize(
    ("quantity", "written", "unit", "factor"),
    [
        ("cea", "ng/mL", "ng/mL", "1"),
        ("cea", "µg/L", "ng/mL", "1"),
        ("ca_15_3", "U/mL", "U/mL", "1"),
        ("ca_15_3", "kU/L", "U/mL", "1"),
        ("anc", "10⁹/L", "10⁹/L", "1"),
        ("anc", "G/L", "10⁹/L", "1"),
        ("anc", "10³/µL", "10⁹/L", "1"),
        ("creatinine", "mg/dL", "µmol/L", "88.4"),
        ("bilirubin", "mg/dL", "µmol/L", "17.1"),
        ("lesion_diameter", "cm", "mm", "10"),
        ("cfdna", "ng/mL plasma", "ng/mL plasma", "1"),
        # Per microlitre of eluate is another quantity: refused without the plasma volume.
        ("cfdna", "ng/µL", "", ""),
    ],
)
def test_a_unit_of_a_real_file_has_its_factor(quantity: str, written: str, unit: str, factor: str) -> None:
    (row,) = (
        one
        for one in read("unit_conversions.csv")
        if (one["quantity"], one["written_unit"]) == (quantity, written)
    )
    assert row["unit"] == unit
    assert row["factor"] == factor or Decimal(row["factor"]) == Decimal(factor)


@pytest.mark.parametrize(
    ("written", "agent"),
    [
        ("爱博新", "palbociclib"),
        ("哌柏西利", "palbociclib"),
        ("Palbo", "palbociclib"),
        ("唯择", "abemaciclib"),
        ("阿贝西利", "abemaciclib"),
        ("凯丽隆", "ribociclib"),
        ("瑞波西利", "ribociclib"),
        ("艾瑞康", "dalpiciclib"),
        ("达尔西利", "dalpiciclib"),
        ("来罗西利", "lerociclib"),
        ("泰瑞西利", "tibremciclib"),
        ("库莫西利", "culmerciclib"),
        ("西达本胺", "tucidinostat"),
        ("chidamide", "tucidinostat"),
    ],
)
def test_a_drug_by_its_chinese_or_trade_name_is_the_generic_one(written: str, agent: str) -> None:
    synonyms = {normalised(row["written"]).lower(): row["agent"] for row in read("drug_synonyms.csv")}
    assert synonyms[normalised(written).lower()] == agent
    classes = {row["agent"]: row["drug_class"] for row in read("drug_classes.csv")}
    assert agent in classes
    assert (classes[agent] == "cdk46_inhibitor") == (agent != "tucidinostat")


@pytest.mark.parametrize(
    ("written", "gene"), [("PI3KCA", "PIK3CA"), ("HER2", "ERBB2"), ("p53", "TP53"), ("MLL2", "KMT2D")]
)
def test_a_gene_by_its_other_name_is_the_symbol_in_use(written: str, gene: str) -> None:
    aliases = {row["written"].lower(): row["gene"] for row in read("gene_aliases.csv")}
    assert aliases[written.lower()] == gene
