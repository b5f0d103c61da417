"""ctDNA of cdk46 in SDTM: BE has the draws, BS the cell-free DNA, GF each version of each report."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from dashboard.demo.layouts.reports import Report, Row
from dashboard.demo.layouts.sdtm_domain import Domain
from dashboard.demo.layouts.texts import is_missing, plain

PPM_PER_PERCENT = Decimal(10_000)
RESULTS = {"detected": "DETECTED", "below_loq": "DETECTED BELOW LOQ", "not_detected": "NOT DETECTED"}
PENDING = "RESULT PENDING"


def ctdna_domains(reports: Sequence[Report], study: str) -> Iterator[Domain]:
    """BE, BS and GF."""
    be = Domain("BE", study, "BEREFID BETERM BESTDTC VISIT")
    bs = Domain("BS", study, "BSREFID BSTESTCD BSTEST BSORRES BSORRESU")
    latest = {report.sample["sample_id"]: report.sample for report in reports}
    for sample in latest.values():
        subject, one = sample["patient_id"], {"BEREFID": sample["sample_id"], "VISIT": sample["draw"]}
        drawn = {"BETERM": "COLLECTED", "BESTDTC": sample["collected_on"]}
        be.add(subject, one | drawn, DRAWREAS=sample["reason"])
        be.add(subject, one | {"BETERM": "RECEIVED", "BESTDTC": sample["received_on"]})
        if not is_missing(sample["cfdna_ng_per_ml"]):
            amount = {"BSORRES": sample["cfdna_ng_per_ml"], "BSORRESU": "ng/mL"}
            test = {
                "BSREFID": sample["sample_id"],
                "BSTESTCD": "CFDNA",
                "BSTEST": "Cell-free DNA per mL of plasma",
            }
            bs.add(subject, test | amount)
    yield from (be, bs, _findings(reports, study))


def _findings(reports: Sequence[Report], study: str) -> Domain:
    gf = Domain(
        "GF",
        study,
        "GFREFID GFSPID GFTESTCD GFTEST GFORRES GFORRESU GFSTRESC GFSTRESN GFSTRESU GFSTAT "
        "GFREASND GFSPEC GFSYM GFPVRID GFNAM GFMETHOD GFDTC",
    )
    for report in reports:
        sample = report.sample
        common = {
            "GFREFID": sample["sample_id"],
            "GFSPID": f"{sample['sample_id']}/{report.version}",
            "GFSPEC": "PLASMA",
            "GFNAM": sample["assay"],
            "GFMETHOD": sample["panel"],
            "GFDTC": sample["collected_on"],
        }
        limits = {"LOD": percent(sample["lod_ppm"]), "LLOQ": percent(sample["loq_ppm"])}
        whole = {"GFTESTCD": "CTDNA", "GFTEST": "Circulating tumour DNA"} | _whole_result(sample)
        gf.add(sample["patient_id"], common | whole, RPTDTC=sample["reported_on"], **limits)
        for variant in report.variants:
            gf.add(sample["patient_id"], common | _variant(variant), HGVSC=variant["hgvs_c"])
    return gf


def _whole_result(sample: Row) -> dict[str, Any]:
    if sample["status"] in RESULTS:
        return dict.fromkeys(("GFORRES", "GFSTRESC"), RESULTS[sample["status"]])
    reason = PENDING if sample["status"] == "pending" else sample["failure_reason"]
    return {"GFSTAT": "NOT DONE", "GFREASND": reason}


def _variant(variant: Row) -> dict[str, Any]:
    named = {"GFSYM": variant["gene"], "GFPVRID": variant["variant"]}
    if not is_missing(variant["copy_number"]):
        copies = dict.fromkeys(("GFORRES", "GFSTRESC", "GFSTRESN"), variant["copy_number"])
        return (
            named
            | {"GFTESTCD": "COPYNUM", "GFTEST": "Copy number", "GFORRESU": "copies", "GFSTRESU": "copies"}
            | copies
        )
    found = {"GFTESTCD": "VAF", "GFTEST": "Variant allele fraction", "GFORRESU": "%", "GFSTRESU": "%"}
    if is_missing(variant["maf_ppm"]):
        below = variant["maf_text"].removesuffix("%")
        return named | found | dict.fromkeys(("GFORRES", "GFSTRESC"), below)
    number = percent(variant["maf_ppm"])
    return named | found | dict.fromkeys(("GFORRES", "GFSTRESC", "GFSTRESN"), number)


def percent(ppm: Any) -> str:
    """Parts per million as per cent, exact.

    >>> percent(Decimal("3300.00"))
    '0.33'
    """
    return plain(Decimal(str(ppm)) / PPM_PER_PERCENT)
