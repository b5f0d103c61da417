"""The lines under the cells of the header, in the words of clinical-decisions C."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from dashboard.tables.header_facts import header_lines, working_days
from dashboard.tables.header_known import HeaderOptions, Known
from dashboard.tables.header_words import (
    BedWindow,
    brca_words,
    endocrine_words,
    lesion_words,
    pathology_words,
)
from tests.builders import day

SUMMARY = {"tumour_type": "lung", "stage": "IV", "current_line": 1, "observed_until": day(400)}
WINDOW = BedWindow(Decimal(72), Decimal(100))
OPTIONS = HeaderOptions(
    headline=("PHYSICIAN", "Best response, treating physician, unconfirmed"),
    confirmed="CONFIRMED",
    key_class="cdk46_inhibitor",
    window=WINDOW,
)


def fact(
    kind: str, name: str, code: str | None = None, value: float | None = None, **more: Any
) -> dict[str, Any]:
    empty = {"detail": None, "upper_normal": None, "occurred_on": day(380)}
    row = {**empty, "kind": kind, "name": name, "code": code, "value": value, **more}
    return {"last_on": row["occurred_on"] if kind == "SITE" else None, **row}


def said(*facts: dict[str, Any], options: HeaderOptions = OPTIONS, **known: Any) -> dict[str, str]:
    summary = {**SUMMARY, **known.pop("summary", {})}
    lines = header_lines(Known(summary=summary, facts=facts, **known), options=options)
    return {line.label: line.text for line in lines}


def lesion(bed10_centigray: int | None = 10_000, **changes: Any) -> dict[str, Any]:
    return {
        "lesion_id": "L1",
        "organ": "lung",
        "location": "right upper lobe",
        "diameter_tenth_mm": 120,
        "modality": "sbrt",
        "total_dose_gy": Decimal("50.00"),
        "fractions": 5,
        "bed10_centigray": bed10_centigray,
        **changes,
    }


def endocrine(rule: str, sensitivity: str, **numbers: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("months_from_start", "months_after_end", "months_on_line"))
    return {
        **empty,
        "rule": rule,
        "sensitivity": sensitivity,
        "adjuvant_regimen": "Letrozole",
        "is_approximate": False,
        **numbers,
    }


def test_a_lung_patient_reads_as_in_the_clinical_text():
    found = said(
        fact("METASTATIC", "metastatic", occurred_on=day(400)),
        fact("SITE", "lung"),
        fact("SITE", "bone"),
        fact("PATHOLOGY", "egfr", "L858R"),
        fact("PATHOLOGY", "pdl1_tps", "positive", 20),
        fact("BEST_RESPONSE", "PHYSICIAN", "PR", 1),
    )
    assert found == {
        "Disease": "Stage IV since Feb 2025 (bone, lung) · CNS: not imaged · EGFR L858R, PD-L1 20 %",
        "Course": "Best response on line 1: PR (treating physician, unconfirmed) · "
        "no progression recorded on line 1",
    }


def test_a_site_seen_after_the_stage_was_set_has_its_own_date():
    found = said(
        fact("METASTATIC", "metastatic", occurred_on=day(0)),
        fact("SITE", "lung", occurred_on=day(30)),
        fact("SITE", "lymph_node", occurred_on=day(31)),
        fact("SITE", "liver", occurred_on=day(247)),
        fact("SITE", "bone", occurred_on=day(31)),
    )
    assert found["Disease"].startswith(
        "Stage IV since Jan 2024 (lung) · also: bone, lymph node (seen 1 Feb 2024); liver (seen 4 Sep 2024)"
    )


def test_a_site_seen_again_has_its_first_and_its_last_day():
    found = said(
        fact("SITE", "liver", occurred_on=day(30), last_on=day(60)),
        fact("SITE", "lung", occurred_on=day(30), last_on=day(60)),
        fact("SITE", "bone", occurred_on=day(30), last_on=day(30)),
    )
    assert found["Disease"].startswith(
        "Stage IV · sites: bone (seen 31 Jan 2024); liver, lung (seen 31 Jan 2024, last 1 Mar 2024) · CNS"
    )
    hidden = said(
        fact("SITE", "liver", occurred_on=day(30), last_on=day(60)),
        options=replace(OPTIONS, is_study_time=True),
    )
    assert hidden["Disease"].startswith("Stage IV · sites: liver · CNS")


def test_a_site_that_is_gone_stays_a_site_of_its_time_and_has_its_last_day():
    found = said(
        fact("METASTATIC", "metastatic", occurred_on=day(0)),
        fact("SITE", "lung", "NOW", occurred_on=day(30), last_on=day(90)),
        fact("SITE", "liver", "GONE", occurred_on=day(30), last_on=day(30)),
        fact("SITE", "bone", "GONE", occurred_on=day(30), last_on=day(60)),
        fact("SITE", "brain", "TREATED", occurred_on=day(30), last_on=day(30)),
        fact("SITE", "pleura", "GONE", occurred_on=day(60), last_on=day(61)),
        fact("SITE", "adrenal", "TREATED", occurred_on=day(60), last_on=day(60)),
    )
    assert found["Disease"].startswith(
        "Stage IV since Jan 2024 (bone, brain, liver, lung) · also: adrenal, treated (seen 1 Mar 2024) · "
        "no longer seen: liver (last 31 Jan 2024); bone (last 1 Mar 2024); "
        "pleura (seen 1 Mar 2024, last 2 Mar 2024) · CNS"
    )


def test_a_node_of_normal_size_is_named_apart_and_other_sites_that_are_missing_too():
    found = said(
        fact("METASTATIC", "metastatic", occurred_on=day(0)),
        fact("SITE", "lymph_node", "NORMAL", occurred_on=day(30), last_on=day(60)),
        fact("SITE", "pleura", "GONE", occurred_on=day(30), last_on=day(61)),
    )
    assert found["Disease"].startswith(
        "Stage IV since Jan 2024 (lymph node, pleura) · now under 10 mm: lymph node (enlarged 1 Mar 2024) · "
        "no longer seen: pleura (last 2 Mar 2024) · CNS"
    )
    named = said(fact("SITE", "liver", "NAMED", occurred_on=day(30)), fact("MISSING", "other_sites"))
    assert named["Disease"].startswith(
        "Stage IV · sites: liver (seen 31 Jan 2024) · other sites not recorded · CNS"
    )


def test_sites_without_a_date_of_the_stage_stand_with_their_own():
    found = said(fact("SITE", "lung", occurred_on=day(30)))
    assert found["Disease"].startswith("Stage IV · sites: lung (seen 31 Jan 2024) · CNS")


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "Tissue report KRAS wild type (30 Jan 2024), assay follows KRAS G12D"),
        (2, "Tissue report KRAS wild type (30 Jan 2024), ctDNA shows KRAS G12D"),
    ],
)
def test_reports_that_disagree_are_marked(n, words):
    mark = fact("TISSUE_DISAGREES", "KRAS", "wild type", n, detail="G12D", occurred_on=day(29))
    assert said(mark)["Reports disagree"] == words
    assert "Reports disagree" not in said()


SHOWED, AFTER = "the scan that showed progression", "a scan after the one that showed progression"


@pytest.mark.parametrize(
    ("kind", "code", "last_scan", "words"),
    [
        ("own", "PROGRESSION", 368, f": {SHOWED}"),
        ("own", "AFTER_PROGRESSION", 368, f": {AFTER}"),
        ("own", None, 368, None),
        ("own", "PROGRESSION", 369, None),
        ("borrowed", "PROGRESSION", 369, f" borrowed from {SHOWED}"),
        ("borrowed", "AFTER_PROGRESSION", 368, f" borrowed from {AFTER}"),
        ("borrowed", None, 368, " borrowed from the scan before it"),
    ],
)
def test_a_line_measured_from_a_scan_of_the_line_before_says_which(kind, code, last_scan, words):
    """A baseline of its own is named until a later scan is compared with it; a borrowed one always."""
    baseline = fact("LINE_BASELINE", kind, code, value=880, occurred_on=day(368))
    found = said(baseline, summary={"current_line": 2, "last_scan_on": day(last_scan)})["Course"]
    assert ("aseline of line 2" in found) is (words is not None)
    assert words is None or f"aseline of line 2{words} (3 Jan 2025)" in found


@pytest.mark.parametrize(
    ("best", "confirmed", "words"),
    [
        ("PR", "PR", "PR (treating physician, confirmed 9 Apr 2024)"),
        ("CR", "CR", "CR (treating physician, confirmed 9 Apr 2024)"),
        ("PR", None, "PR (treating physician, unconfirmed)"),
        ("CR", "PR", "CR (treating physician, unconfirmed)"),
        ("SD", None, "SD (treating physician)"),
        ("PD", None, "PD (treating physician)"),
        ("NON-CR/NON-PD", None, "NON-CR/NON-PD (treating physician)"),
        ("NE", None, "NE (treating physician)"),
    ],
)
def test_only_a_complete_or_partial_response_is_confirmed_or_not(best, confirmed, words):
    facts = [fact("BEST_RESPONSE", "PHYSICIAN", best, 1)]
    if confirmed:
        facts.append(fact("CONFIRMED_RESPONSE", "CONFIRMED", confirmed, 1, occurred_on=day(99)))
    assert said(*facts)["Course"].startswith(f"Best response on line 1: {words} ·")


def test_a_study_that_asks_for_no_confirmation_calls_no_response_unconfirmed():
    options = replace(OPTIONS, confirmed=None)
    words = said(fact("BEST_RESPONSE", "PHYSICIAN", "PR", 1), options=options)["Course"]
    assert words.startswith("Best response on line 1: PR (treating physician, confirmation not asked for) ·")


@pytest.mark.parametrize(
    ("summary", "words"),
    [
        ({"is_followed": True, "is_line_ongoing": True}, "no assessment yet"),
        ({"is_followed": True, "is_line_ongoing": False}, "no assessment"),
        ({"is_followed": False, "is_line_ongoing": None}, "no assessment"),
        ({"is_followed": False, "is_line_ongoing": True}, "no assessment"),
    ],
)
def test_no_assessment_is_awaited_after_death_or_the_end_of_the_line(summary, words):
    found = said(fact("BEST_RESPONSE", "PHYSICIAN", "MISSING", 1), summary=summary)["Course"]
    assert found.split(" · ")[0] == f"Best response on line 1: {words}"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Adjuvant CAPOX (8 Mar 2023 to 3 Jul 2023)"),
        ({"label": "Letrozole"}, "Adjuvant letrozole (8 Mar 2023 to 3 Jul 2023)"),
        ({"label": "S-1", "ended_on": None}, "Adjuvant S-1 (8 Mar 2023, end not recorded)"),
        ({"intent": None, "ended_on": None, "is_ongoing": True}, "Other CAPOX (since 8 Mar 2023)"),
    ],
)
def test_systemic_treatment_that_is_no_line_is_listed_without_a_number(changes, words):
    course = {
        "intent": "adjuvant",
        "label": "CAPOX",
        "started_on": dt.date(2023, 3, 8),
        "ended_on": dt.date(2023, 7, 3),
        "is_ongoing": False,
    }
    assert said(outside=[{**course, **changes}])["Treatment outside lines"] == words
    study_time = replace(OPTIONS, is_study_time=True)
    assert "2023" not in said(outside=[course], options=study_time)["Treatment outside lines"]
    started = course["started_on"]
    about = said(outside=[course], partial={("treatment", started): "month"})["Treatment outside lines"]
    assert f"(≈ {started:%b %Y} to " in about
    assert said(outside=[course], partial={("response", started): "month"}) == said(outside=[course])


@pytest.mark.parametrize(
    ("line", "words"), [(1, "first-line endocrine therapy"), (2, "endocrine therapy on line 2")]
)
def test_only_the_first_line_is_called_first_line(line, words):
    row = endocrine(
        "ENDOCRINE_PROGRESSION_BEFORE_6_MONTHS", "PRIMARY_RESISTANCE", months_on_line=5, endocrine_line=line
    )
    assert endocrine_words(row) == f"progression after 5 months of {words} (primary endocrine resistance)"


@pytest.mark.parametrize(
    ("code", "words"),
    [("YES", "CNS: yes"), ("NO", "CNS: no (imaged 15 Jan 2025)"), (None, "CNS: not imaged")],
)
def test_cns_is_yes_no_or_not_imaged(code, words):
    facts = [] if code is None else [fact("CNS", "cns", code)]
    assert words in said(*facts)["Disease"]


def test_receptors_come_first_with_low_her2_named_in_breast_cancer_only():
    tests = [
        fact("PATHOLOGY", "ki67", "reported", 25),
        fact("PATHOLOGY", "her2", "1+"),
        fact("PATHOLOGY", "pr", "positive", 20),
        fact("PATHOLOGY", "er", "positive", 90, detail="strong"),
    ]
    assert pathology_words(tests, is_breast=True) == "ER 90 % (strong), PR 20 %, HER2 1+ (low), Ki-67 25 %"
    assert "HER2 1+," in pathology_words(tests, is_breast=False)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("0", "HER2 0"),
        ("1+", "HER2 1+ (low)"),
        ("2+ ISH-", "HER2 2+, ISH− (low)"),
        ("2+ ISH+", "HER2 2+, ISH+ (positive)"),
        ("2+ ISH missing", "HER2 2+, ISH missing (equivocal)"),
        ("3+", "HER2 3+ (positive)"),
    ],
)
def test_every_her2_value_has_its_words(code, words):
    assert pathology_words([fact("PATHOLOGY", "her2", code)], is_breast=True) == words


def test_wild_types_stand_together_after_what_was_found():
    tests = [
        fact("PATHOLOGY", "braf", "wild type"),
        fact("PATHOLOGY", "kras", "G12D"),
        fact("PATHOLOGY", "nras", "wild type"),
        fact("PATHOLOGY", "msi", "mss"),
    ]
    assert pathology_words(tests, is_breast=False) == "KRAS G12D, MSS, BRAF, NRAS wild type"


def test_breast_cancer_adds_menopause_resistance_extent_and_months_on_the_drug():
    resistance = endocrine("ENDOCRINE_RELAPSE_WITHIN_12_MONTHS", "SECONDARY_RESISTANCE", months_after_end=9)
    found = said(
        fact("CHARACTERISTIC", "menopausal_status", "premenopausal"),
        fact("SUPPORTIVE", "goserelin"),
        fact("SUPPORTIVE", "denosumab"),
        fact("CHARACTERISTIC", "visceral_disease", "yes"),
        fact("CHARACTERISTIC", "bone_only", "no"),
        fact("KEY_CLASS", "ongoing", None, 590.5),
        fact("MARKER", "ca_15_3", None, 34, detail="U/mL", upper_normal=25),
        fact("MARKER", "cea", None, 3, detail="ng/mL"),
        endocrine=resistance,
        summary={"tumour_type": "breast"},
    )
    assert found["Disease"].endswith(
        "premenopausal + goserelin · relapse 9 months after end of adjuvant letrozole "
        "(secondary endocrine resistance) · visceral at study start (as recorded)"
    )
    assert found["Course"].endswith("CDK4/6 inhibitor 19.4 months · CA 15-3 34 U/mL (ULN 25), 15 Jan 2025")


def test_an_approximate_interval_says_so_and_a_missing_date_is_not_guessed():
    near = endocrine("ENDOCRINE_LATE_RELAPSE", "SENSITIVE_OR_NAIVE", months_after_end=13, is_approximate=True)
    assert (
        endocrine_words(near) == "relapse ≈ 13 months after end of adjuvant letrozole (endocrine sensitive)"
    )
    missing = endocrine("ENDOCRINE_NO_END_DATE", "UNKNOWN")
    assert endocrine_words(missing) == "end of adjuvant letrozole missing (endocrine sensitivity not known)"


@pytest.mark.parametrize(
    ("name", "end"),
    [("running", " so far"), ("ended", " until systemic therapy started"), ("died", " until death")],
)
def test_the_time_without_systemic_therapy_says_how_it_ended(name, end):
    assert (
        said(fact("SYSTEMIC_FREE", name, None, 402))["Local treatment"] == f"Systemic-free 13.2 months{end}"
    )


def test_oligometastases_read_as_in_the_clinical_text():
    second = lesion(None, lesion_id="L2", location="left lower lobe", diameter_tenth_mm=90, modality="rfa",
                    total_dose_gy=None, fractions=None)  # fmt: skip
    found = said(
        fact("NED", "ned", "surgery", 11, occurred_on=day(246)),
        fact("FIRST_CTDNA", "PRE_TREATMENT", "not_detected"),
        fact("SYSTEMIC_FREE", "running", None, 180),
        lesions=[lesion(), second],
    )
    assert found["Disease"].endswith("NED from 3 Sep 2024, disease-free interval 11 months")
    assert found["Course"] == "No progression recorded after local therapy"
    assert found["Local treatment"] == (
        "2 nodules treated: RUL 12 mm SBRT 50 Gy/5, BED10 100 (protocol 72–100 Gy); LLL 9 mm RFA · "
        "not detected before treatment: ctDNA not informative · systemic-free 5.9 months so far"
    )


@pytest.mark.parametrize(
    ("metastatic", "ruling", "words"),
    [
        (
            day(380),
            None,
            "Stage IV · liver metastasis resected 20 Feb 2024 · oligometastatic disease since Jan 2025",
        ),
        # Metastatic before: each has its own month.
        (
            day(300),
            "NEEDS_RULING",
            "Stage IV since Oct 2024 · liver metastasis resected 20 Feb 2024 (eligibility needs a ruling) · "
            "oligometastatic disease since Jan 2025",
        ),
    ],
)
def test_oligometastases_have_their_own_date_beside_a_metastasis_treated_before(metastatic, ruling, words):
    found = said(
        fact("METASTATIC", "metastatic", occurred_on=metastatic),
        fact("OLIGOMETASTATIC", "oligometastatic", occurred_on=day(380)),
        fact("TREATED_BEFORE", "liver", ruling, detail="surgery", occurred_on=day(50)),
        fact("SITE", "lung", value=1, occurred_on=day(380)),
    )
    assert found["Disease"].startswith(f"{words} (lung) · CNS")


@pytest.mark.parametrize(
    ("stage", "words"),
    [("IV", "Stage IV since Oct 2024 · "), (None, "Stage not recorded · metastatic since Oct 2024 · ")],
)
def test_a_stage_nobody_recorded_has_no_date(stage, words):
    found = said(
        fact("METASTATIC", "metastatic", occurred_on=day(300)),
        fact("OLIGOMETASTATIC", "oligometastatic", occurred_on=day(380)),
        summary={"stage": stage},
    )
    assert found["Disease"].startswith(f"{words}oligometastatic disease since Jan 2025")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("not_detected", "not detected before treatment: ctDNA not informative"),
        ("detected", "detected before treatment: ctDNA informative"),
        ("below_loq", "detected before treatment: ctDNA informative"),
    ],
)
def test_local_treatment_says_whether_ctdna_is_informative(status, words):
    free = fact("SYSTEMIC_FREE", "running", None, 180)
    found = said(fact("FIRST_CTDNA", "PRE_TREATMENT", status), free, lesions=[lesion()])
    assert f" · {words} · systemic-free" in found["Local treatment"]
    none = said(free, lesions=[lesion()])
    assert "informative" not in none["Local treatment"]


@pytest.mark.parametrize(
    ("centigray", "words", "is_late"),
    [
        (7199, "BED10 71.99 (below the window)", True),
        (7200, "BED10 72 (protocol", False),
        (10_000, "BED10 100 (protocol", False),
        (10_001, "BED10 100.01 (above the window, often clinically intended)", False),
    ],
)
def test_a_dose_above_the_window_is_information_and_one_below_stands_out(centigray, words, is_late):
    known = Known(summary=SUMMARY, facts=(), lesions=[lesion(centigray)])
    line = next(one for one in header_lines(known, options=OPTIONS) if one.label == "Local treatment")
    assert words in line.text
    assert line.is_late is is_late


def test_more_than_five_lesions_are_counted():
    assert lesion_words([lesion()] * 7, window=None).endswith("; + 2 more")


def test_what_is_not_known_is_said_with_its_days():
    summary = {"pending_draw_on": day(392), "n_data_issues": 2}  # Monday 27 Jan to Tuesday 4 Feb 2025
    assert said(fact("MISSING", "hbv_status"), summary=summary)["Not known"] == (
        "ctDNA of 27 Jan 2025 pending (6 working days) · HBV status missing · 2 data issues"
    )


def test_working_days_leave_out_the_weekend():
    assert working_days(day(4), day(7)) == 1  # Friday to Monday
    assert working_days(day(4), day(6)) == 0


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("dose_hold", None, "held since 15 Jan 2025"), ("dose_reduction", -1, "reduced dose (level −1)")],
)
def test_a_dose_held_or_reduced_now_is_named(name, value, words):
    assert words in said(fact("DOSE", name, None, value))["Course"]


def test_a_patient_without_anything_has_only_what_is_missing_and_study_time_has_no_date():
    nothing = said(summary={"stage": None, "current_line": None})
    assert nothing == {"Disease": "Stage not recorded · CNS: not imaged"}
    options = HeaderOptions(is_study_time=True)
    found = said(
        fact("METASTATIC", "metastatic"), fact("CNS", "cns", "NO"),
        fact("PROGRESSION", "clinical_progression"), options=options, summary={"pending_draw_on": day(390)},
    )  # fmt: skip
    assert not any(year in text for text in found.values() for year in ("2024", "2025"))


def test_the_first_progression_says_what_made_it():
    made = {
        "assessed_on": day(380),
        "code": "new_lesion",
        "label": "liver",
        "new_sites": "liver, segment IV (N1)",
    }
    other = {"assessed_on": day(390), "code": "growth", "label": None, "new_sites": None}
    rest = {"response": "SD", "other_response": None, "is_recorded": True, "response_by": "investigator"}
    found = said(
        fact("PROGRESSION", "radiological_progression", occurred_on=day(380)),
        progressions=[made | rest, other | rest],
    )
    assert found["Course"] == (
        "Radiological progression on line 1, 15 Jan 2025 (investigator): new lesion: liver, segment IV (N1)"
    )


def test_visceral_disease_without_a_visceral_lesion_says_what_is_recorded():
    answer = fact("CHARACTERISTIC", "visceral_disease", "yes", detail="NO_VISCERAL_LESION")
    words = "recorded as visceral at study start, but no visceral lesion is recorded"
    assert said(answer, summary={"tumour_type": "breast"})["Disease"].endswith(words)


@pytest.mark.parametrize(
    ("tests", "followed", "words"),
    [
        # Wild type of one gene beside a variant of the other.
        (
            [("brca1", "wild type", "primary")],
            [("BRCA2", "S1982fs", 2)],
            "BRCA1 wild type (tumour); BRCA2: no report of its own, S1982fs in ctDNA; germline: not recorded",
        ),
        (
            [("brca1", "wild type", "primary")],
            [("BRCA2", "S1982fs", 0)],
            "BRCA1 wild type (tumour); BRCA2: no report of its own, S1982fs followed in ctDNA; "
            "germline: not recorded",
        ),
        (
            [("brca1", "wild type", "germline"), ("brca2", "pathogenic", None)],
            [],
            "BRCA1 wild type (germline); BRCA2 pathogenic (tumour)",
        ),
        # Nothing tested in tissue: the variants of the assay stand in their own table.
        ([], [("BRCA2", "S1982fs", 2)], ""),
    ],
)
def test_a_brca_result_says_which_gene_was_tested_and_in_what(tests, followed, words):
    results = [fact("PATHOLOGY", gene, result, detail=specimen) for gene, result, specimen in tests]
    variants = [fact("FOLLOWED", gene, variant, n) for gene, variant, n in followed]
    assert brca_words(results, followed=variants) == words
    assert pathology_words(results, is_breast=False) == ""


@pytest.mark.parametrize(
    ("summary", "words"),
    [
        ({}, None),
        ({"n_data_issues": 1}, "1 data issue"),
        (
            {"n_data_issues": 2, "is_withdrawn": True},
            "2 data issues (none to be asked about: consent withdrawn)",
        ),
        # The data issues are one point of the card.
        ({"n_data_issues": 2, "n_not_known": 1}, "2 data issues · 1 more under “What we do not know”"),
        ({"n_not_known": 3}, "3 points under “What we do not know”"),
    ],
)
def test_the_line_of_what_is_not_known_counts_the_card_below(summary, words):
    assert said(summary=summary).get("Not known") == words


@pytest.mark.parametrize(
    ("n", "liver", "words"),
    [
        ("3", "yes", "Stage IV · 3 metastatic sites, liver metastases, as recorded at study start"),
        ("1", "no", "Stage IV · 1 metastatic site, as recorded at study start"),
    ],
)
def test_sites_recorded_without_a_lesion_are_said(n, liver, words):
    answers = (
        fact("CHARACTERISTIC", "metastatic_sites", n),
        fact("CHARACTERISTIC", "liver_metastases", liver),
    )
    assert said(*answers)["Disease"].startswith(words)
    assert "recorded" not in said(*answers, fact("SITE", "bone"))["Disease"]
    assert said(*answers, fact("MISSING", "sites"))["Disease"].startswith(words)


def test_sites_of_metastatic_disease_that_nobody_recorded_are_said_not_to_be():
    words = "sites not recorded"
    assert said(fact("MISSING", "sites"))["Disease"].startswith(f"Stage IV · {words}")
    assert words not in said(fact("MISSING", "sites"), fact("SITE", "bone"))["Disease"]
    assert words not in said()["Disease"]


@pytest.mark.parametrize(
    ("seen", "name", "why", "words"),
    [
        (399, "ongoing", None, "CDK4/6 inhibitor 10.0 months (to last contact, 3 Feb 2025)"),
        (400, "ongoing", None, "CDK4/6 inhibitor 10.0 months"),
        (399, "ended", None, "CDK4/6 inhibitor 10.0 months (ended)"),
        (399, "ended", "unknown", "CDK4/6 inhibitor 10.0 months (ended)"),
        (399, "ended", "toxicity", "CDK4/6 inhibitor 10.0 months (ended: toxicity)"),
    ],
)
def test_time_on_a_drug_class_says_up_to_when_it_is_counted_and_why_it_ended(seen, name, why, words):
    taken = fact("KEY_CLASS", name, why, value=304.4)
    course = said(taken, summary={"last_seen_on": day(seen)})["Course"]
    assert course.endswith(f" · {words}")
