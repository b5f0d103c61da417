"""The forms of the K4Care database: field of the export, canonical column, how it is written."""

from collections.abc import Mapping
from dataclasses import dataclass

YES_NO = {"true": "1", "false": "0"}
SITES = {"01": "ha_noi", "02": "tp_hcm", "03": "da_nang", "04": "can_tho"}
SEX = {"male": "1", "female": "2", "unknown": "9"}
TUMOURS = {
    "lung": "1",
    "colorectal": "2",
    "breast": "3",
    "gastric": "4",
    "liver": "5",
    "ovarian": "6",
    "other": "7",
}
DIAGNOSES = {
    "Lung adenocarcinoma": "Ung thư biểu mô tuyến phổi",
    "Colorectal adenocarcinoma": "Ung thư biểu mô tuyến đại trực tràng",
    "Breast carcinoma": "Ung thư biểu mô vú",
    "Gastric adenocarcinoma": "Ung thư biểu mô tuyến dạ dày",
    "Hepatocellular carcinoma": "Ung thư biểu mô tế bào gan",
    "Ovarian carcinoma": "Ung thư biểu mô buồng trứng",
    "Cholangiocarcinoma": "Ung thư biểu mô đường mật",
}
HISTOLOGIES = {
    "Adenocarcinoma": "Carcinôm tuyến",
    "Invasive carcinoma, no special type": "Carcinôm xâm nhập, không phải loại đặc biệt",
    "Hepatocellular carcinoma": "Carcinôm tế bào gan",
    "High-grade serous carcinoma": "Carcinôm thanh dịch độ cao",
}
STOP_REASONS = {
    "progression": "Tiến triển",
    "toxicity": "Độc tính",
    "patient_wish": "Tự ngưng",
    "financial": "Kinh tế",
    "planned": "Hoàn thành",
    "supply": "Đổi thuốc do nguồn cung",
    "death": "Tử vong",
    "other": "Khác",
    "unknown": "9",
}
RESPONSES = {"cr": "1", "pr": "2", "sd": "3", "pd": "4", "non_cr_non_pd": "5", "ned": "6", "ne": "9"}
RESPONSE_WORDS = {
    "cr": "Đáp ứng hoàn toàn",
    "pr": "Đáp ứng một phần",
    "sd": "Bệnh ổn định",
    "pd": "Bệnh tiến triển",
    "ne": "Không đánh giá được",
}
TERMS = {
    "fatigue": "mệt mỏi",
    "rash": "phát ban",
    "diarrhoea": "tiêu chảy",
    "nausea": "buồn nôn",
    "neutrophil count decreased": "giảm bạch cầu trung tính",
    "peripheral sensory neuropathy": "bệnh thần kinh ngoại biên",
}


@dataclass(frozen=True)
class Item:
    """One field: `kind` is text, date, month (a date that may lack its day), year, number or code.

    A canonical value that `codes` does not hold stays as it is: the mapping passes it on.
    """

    field: str
    column: str
    kind: str = "text"
    codes: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Form:
    """One form and its canonical table; with `field_of` each name is written into its own field."""

    name: str
    table: str
    items: tuple[Item, ...]
    field_of: Mapping[str, str] | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields of the form in the order of the export."""
        return (*(item.field for item in self.items), *(self.field_of or {}).values())


PATIENT = Form(
    "hanh_chinh",
    "patient",
    (
        Item("ngay_sang_loc", "screened_on", "date"),
        Item("ngay_dong_y", "consented_on", "date"),
        Item("ngay_tuyen_chon", "enrolled_on", "date"),
        Item("nam_sinh", "born_on", "year"),
        Item("tuoi", "age_years"),
        Item("gioi_tinh", "sex", "code", SEX),
        Item("chan_doan", "diagnosis", "code", DIAGNOSES),
        Item("chan_doan_icd", "icd10"),
        Item("loai_ut", "tumour_type", "code", TUMOURS),
        Item("giai_doan", "stage"),
        Item("gpb", "histology", "code", HISTOLOGIES),
        Item("ngay_chan_doan", "primary_diagnosed_on", "month"),
        Item("ngay_di_can", "metastatic_on", "date"),
    ),
)
MEASURES = {
    "ecog": "ecog",
    "cea": "cea",
    "ca_15_3": "ca153",
    "ca_19_9": "ca199",
    "ca_125": "ca125",
    "afp": "afp",
    "anc": "bctt",
    "alt": "alt",
    "ast": "ast",
    "bilirubin": "bilirubin",
    "creatinine": "creatinin",
    "platelets": "tieu_cau",
    "haemoglobin": "hb",
}
REPEATED = (
    Form(
        "giai_phau_benh",
        "pathology",
        (
            Item("gpb_benh_pham", "specimen", "code", {"primary": "u nguyên phát", "metastasis": "di căn"}),
            Item("gpb_ngay", "taken_on", "date"),
            Item("gpb_xet_nghiem", "test"),
            Item("gpb_ket_qua", "result"),
            Item("gpb_phan_tram", "value_percent", "number"),
        ),
    ),
    Form(
        "dieu_tri",
        "treatment",
        (
            Item("ma_dt", "treatment_id"),
            Item(
                "loai_dt",
                "kind",
                "code",
                {"systemic": "1", "surgery": "2", "radiotherapy": "3", "ablation": "4"},
            ),
            Item("muc_dich", "intent"),
            Item("phac_do", "regimen"),
            Item("thuoc", "agents"),
            Item("thuoc_ghi", "agents_as_written"),
            Item("duong_dt", "line"),
            Item("ngay_bd_dt", "started_on", "date"),
            Item("ngay_kt_dt", "ended_on", "date"),
            Item("dang_dt", "is_ongoing", "code", YES_NO),
            Item("ly_do_bd", "start_reason"),
            Item("ly_do_ngung", "stop_reason", "code", STOP_REASONS),
            Item("ky_thuat", "modality"),
            Item("co_quan", "organ"),
        ),
    ),
    Form(
        "hinh_anh",
        "imaging",
        (
            Item("ngay_chup", "imaged_on", "date"),
            Item("loai_chup", "modality", "code", {"ct": "1", "mri": "2", "pet_ct": "3", "bone_scan": "4"}),
            Item("vung_chup", "regions"),
            Item("co_chup_nao", "is_cns_imaged", "code", YES_NO),
        ),
    ),
    Form(
        "ton_thuong",
        "lesion",
        (
            Item("ma_tt", "lesion_id"),
            Item("ngay_do", "assessed_on", "date"),
            Item("lan_do", "visit"),
            Item("loai_tt", "role", "code", {"target": "1", "non_target": "2", "new": "3", "treated": "4"}),
            Item("tt_co_quan", "organ"),
            Item("tt_vi_tri", "location"),
            Item("la_hach", "is_node", "code", YES_NO),
            Item("duong_kinh_mm", "diameter_mm", "number"),
            Item("tt_tinh_trang", "state"),
        ),
    ),
    Form(
        "danh_gia",
        "response",
        (
            Item("ngay_ct", "assessed_on", "date"),
            Item("lan_dg", "visit"),
            Item(
                "nguoi_dg",
                "assessor",
                "code",
                {"treating_physician": "1", "radiologist": "2", "central": "3"},
            ),
            Item("recist", "overall", "code", RESPONSES),
            Item("danh_gia_bs", "overall", "code", RESPONSE_WORDS),
            Item("tt_dich", "target", "code", RESPONSES),
            Item("tt_khong_dich", "non_target", "code", RESPONSES),
            Item("tt_moi", "new_lesion", "code", {"no": "0", "yes": "1", "equivocal": "9"}),
            Item("co_so_dg", "basis", "code", {"imaging": "1", "clinical": "2"}),
            Item("tong_dk_mm", "sum_of_diameters_mm", "number"),
            Item("kieu_tien_trien", "progression_pattern"),
            Item("vi_tri_tien_trien", "progression_site"),
        ),
    ),
    Form(
        "xet_nghiem",
        "measurement",
        (Item("ngay_xn", "measured_on", "date"), Item("xn_lan_kham", "visit")),
        MEASURES,
    ),
    Form(
        "bien_co",
        "adverse_event",
        (
            Item("ma_bc", "event_id"),
            Item("ten_bc", "term", "code", TERMS),
            Item("he_co_quan", "organ_class"),
            Item("do_ctcae", "grade"),
            Item("ctcae", "ctcae_version"),
            Item("ngay_bd_bc", "started_on", "date"),
            Item("ngay_kt_bc", "ended_on", "date"),
            Item("sae", "is_serious", "code", YES_NO),
            Item("sae_ly_do", "serious_criterion"),
            Item(
                "lien_quan",
                "relatedness",
                "code",
                {"related": "1", "not_related": "2", "not_assessable": "9"},
            ),
            Item("ket_cuc", "outcome"),
        ),
    ),
    Form(
        "tham_kham",
        "visit",
        (
            Item("ngay_kham", "visit_on", "date"),
            Item("lan_kham", "visit"),
            Item("da_kham", "has_occurred", "code", YES_NO),
            Item("da_hoi_thuoc", "is_treatment_reviewed", "code", YES_NO),
        ),
    ),
    Form(
        "lien_lac",
        "contact",
        (
            Item("ngay_lien_lac_cuoi", "contact_on", "date"),
            Item(
                "tinh_trang", "vital_status", "code", {"alive": "1", "dead": "2", "lost": "3", "unknown": "9"}
            ),
            Item("ngay_tv", "died_on", "date"),
            Item(
                "nguyen_nhan_tv",
                "death_cause",
                "code",
                {"cancer": "1", "treatment": "2", "other": "3", "unknown": "9"},
            ),
            Item("ll_hoi_thuoc", "is_treatment_reviewed", "code", YES_NO),
        ),
    ),
    Form(
        "ket_thuc",
        "disposition",
        (
            Item("kt_loai", "kind"),
            Item("kt_ngay", "happened_on", "date"),
            Item("kt_ly_do", "reason"),
        ),
    ),
)
