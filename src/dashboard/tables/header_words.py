"""Words for receptors, drivers, endocrine sensitivity and local treatments in the header of a patient."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dashboard.studies import vocabulary
from dashboard.tables.formats import format_tenth_mm

Row = Mapping[str, Any]
STAININGS = {"er": "ER", "pr": "PR", "ki67": "Ki-67", "pdl1_tps": "PD-L1", "pdl1_cps": "PD-L1 CPS"}
RECEPTORS = ("er", "pr", "her2", "ki67")
HER2 = {
    "0": "HER2 0",
    "1+": "HER2 1+",
    "2+ ISH-": "HER2 2+, ISH−",
    "2+ ISH+": "HER2 2+, ISH+ (positive)",
    "2+ ISH missing": "HER2 2+, ISH missing (equivocal)",
    "3+": "HER2 3+ (positive)",
}
HER2_LOW = ("1+", "2+ ISH-")
BRCA = ("brca1", "brca2")
GERMLINE = ("germline", "blood", "white cells", "saliva", "normal tissue")
MSI = {"mss": "MSS", "msi_high": "MSI-H", "msi_low": "MSI-L"}
# In their own order, with their tissue, or of another test.
NAMED_APART = (*RECEPTORS, *BRCA, "histology", "her2_ish")
LOBES = {
    "right upper lobe": "RUL",
    "right middle lobe": "RML",
    "right lower lobe": "RLL",
    "left upper lobe": "LUL",
    "left lower lobe": "LLL",
}
RESISTANCE = {
    "PRIMARY_RESISTANCE": "primary endocrine resistance",
    "SECONDARY_RESISTANCE": "secondary endocrine resistance",
    "SENSITIVE_OR_NAIVE": "endocrine sensitive",
    "UNKNOWN": "endocrine sensitivity not known",
}
ON_LINE = "progression after {line} months of {which}"
ENDOCRINE = {
    "ENDOCRINE_RELAPSE_WITHIN_2_YEARS": "relapse on adjuvant {drug} after {start} months",
    "ENDOCRINE_RELAPSE_AFTER_2_YEARS": "relapse on adjuvant {drug} after {start} months",
    "ENDOCRINE_RELAPSE_WITHIN_12_MONTHS": "relapse {end} months after end of adjuvant {drug}",
    "ENDOCRINE_LATE_RELAPSE": "relapse {end} months after end of adjuvant {drug}",
    "ENDOCRINE_PROGRESSION_BEFORE_6_MONTHS": ON_LINE,
    "ENDOCRINE_PROGRESSION_FROM_6_MONTHS": ON_LINE,
    "ENDOCRINE_NO_PROGRESSION": "no progression on earlier endocrine therapy",
    "ENDOCRINE_NO_RELAPSE_DATE": "date of relapse after adjuvant {drug} missing",
    "ENDOCRINE_NO_END_DATE": "end of adjuvant {drug} missing",
}
MOST_LESIONS = 5


@dataclass(frozen=True)
class BedWindow:
    """The protocol's window of the biologically effective dose, Gy (clinical-decisions A32)."""

    from_gy: Decimal
    to_gy: Decimal

    def words(self) -> str:
        """For instance "protocol 72–100 Gy"."""
        return f"protocol {_gy(self.from_gy)}–{_gy(self.to_gy)} Gy"


def pathology_words(tests: Sequence[Row], *, is_breast: bool) -> str:
    """Receptors and drivers in one line: receptors, what was found, then wild types together."""
    known = {row["name"]: row for row in tests}
    parts = [_staining(known[name], is_breast=is_breast) for name in RECEPTORS if name in known]
    others = [row for name, row in sorted(known.items()) if name not in NAMED_APART]
    wild = [row["name"].upper() for row in others if row["code"] == "wild type"]
    parts += [_staining(row, is_breast=is_breast) for row in others if row["code"] != "wild type"]
    if wild:
        parts.append(f"{', '.join(wild)} wild type")
    return ", ".join(parts)


def brca_words(tests: Sequence[Row], *, followed: Sequence[Row]) -> str:
    """What was tested of BRCA1, BRCA2 and the germline, where a test of either is recorded.

    For instance "BRCA1 wild type (tumour); BRCA2: no report of its own, S1982fs in ctDNA":
    wild type of one gene says nothing of the other.
    """
    known = {row["name"]: row for row in tests if row["name"] in BRCA}
    if not known:
        return ""
    in_ctdna = {str(row["name"]).lower(): row for row in followed}
    parts = [_brca_gene(gene, known.get(gene), in_ctdna.get(gene)) for gene in BRCA]
    has_germline = any(_is_germline(row) for row in known.values())
    return "; ".join([*parts, *([] if has_germline else ["germline: not recorded"])])


def _brca_gene(gene: str, test: Row | None, followed: Row | None) -> str:
    said = f"{gene.upper()}: no report of its own"
    if test is not None:
        where = "germline" if _is_germline(test) else "tumour"
        said = f"{gene.upper()} {test['code'] or 'not recorded'} ({where})"
    if followed is None:
        return said
    return f"{said}, {followed['code']} {'in ctDNA' if followed['value'] else 'followed in ctDNA'}"


def _is_germline(test: Row) -> bool:
    return str(test["detail"] or "").replace("_", " ").lower() in GERMLINE


def _staining(row: Row, *, is_breast: bool) -> str:
    name, code = str(row["name"]), str(row["code"] or "not recorded")
    if name == "her2":
        low = " (low)" if is_breast and code in HER2_LOW else ""
        return HER2.get(code, f"HER2 {code}") + low
    if name == "msi":
        return MSI.get(code, f"MSI {code}")
    if name in STAININGS and row["value"] is not None:
        intensity = f" ({row['detail']})" if row["detail"] else ""
        return f"{STAININGS[name]} {float(row['value']):g} %{intensity}"
    return f"{STAININGS.get(name, name.upper())} {code}"


def endocrine_words(row: Row) -> str:
    """For instance "relapse 9 months after end of adjuvant letrozole (secondary endocrine resistance)"."""
    if row["rule"] == "ENDOCRINE_NAIVE":
        return "no endocrine therapy before (endocrine naive)"
    drug = str(row["adjuvant_regimen"] or "endocrine therapy")
    about = "≈ " if row["is_approximate"] else ""
    words = ENDOCRINE[row["rule"]].format(
        drug=drug[:1].lower() + drug[1:],
        start=f"{about}{row['months_from_start']}",
        end=f"{about}{row['months_after_end']}",
        line=f"{about}{row['months_on_line']}",
        which=_therapy(row.get("endocrine_line")),
    )
    return f"{words} ({RESISTANCE[row['sensitivity']]})"


def _therapy(line: int | None) -> str:
    return "first-line endocrine therapy" if line in (None, 1) else f"endocrine therapy on line {line}"


def lesion_words(lesions: Sequence[Row], *, window: BedWindow | None) -> str:
    """Locally treated lesions, for instance "RUL 12 mm SBRT 50 Gy/5, BED10 100; LLL 9 mm RFA"."""
    shown = lesions[:MOST_LESIONS]
    parts = [_lesion(row, window) for row in shown]
    with_dose = [place for place, row in enumerate(shown) if row["bed10_centigray"] is not None]
    if window is not None and with_dose:
        # Behind the last dose, so that it is not read as one of an ablation.
        parts[with_dose[-1]] += f" ({window.words()})"
    if len(lesions) > MOST_LESIONS:
        parts.append(f"+ {len(lesions) - MOST_LESIONS} more")
    return "; ".join(parts)


def is_below(lesions: Sequence[Row], *, window: BedWindow | None) -> bool:
    """Whether a dose lies below the protocol's window; one above it is information, never a warning."""
    return window is not None and any(
        row["bed10_centigray"] is not None and row["bed10_centigray"] < window.from_gy * 100
        for row in lesions
    )


def _lesion(row: Row, window: BedWindow | None) -> str:
    place = LOBES.get(str(row["location"]), str(row["location"] or row["organ"] or row["lesion_id"]))
    size = "" if row["diameter_tenth_mm"] is None else f" {format_tenth_mm(row['diameter_tenth_mm'])} mm"
    how = vocabulary.MODALITIES.get(row["modality"] or "other", "Other local treatment")
    dose = ""
    if row["total_dose_gy"] is not None and row["fractions"]:
        dose = f" {_gy(row['total_dose_gy'])} Gy/{row['fractions']}"
    return f"{place}{size} {how}{dose}{_bed(row['bed10_centigray'], window)}"


def _bed(centigray: int | None, window: BedWindow | None) -> str:
    if centigray is None:
        return ""
    words = f", BED10 {_gy(Decimal(centigray) / 100)}"
    if window is not None and centigray > window.to_gy * 100:
        return f"{words} (above the window, often clinically intended)"
    return f"{words} (below the window)" if window is not None and centigray < window.from_gy * 100 else words


def _gy(dose: Decimal) -> str:
    return f"{float(dose):g}"


def cause_words(cause: str | None) -> str:
    """Cause of a death as recorded, for instance "cause: cancer"; nothing where there is none."""
    words = vocabulary.DEATH_CAUSES.get(cause or "", "")
    return words if "cause" in words or not words else f"cause: {words}"
