"""The MDT page of sample patients: one sheet, exact values, and de-identified nothing that identifies."""

import re
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest

from dashboard.figures.figure import loaded_words
from dashboard.figures.patient.background import LINES, headline_setting
from dashboard.figures.patient.header import TOXICITY
from dashboard.figures.patient.report import ReportRequest, patient_report
from dashboard.figures.patient.report_words import best_words, progression_free
from dashboard.figures.patient.timeline import PatientNotFound
from dashboard.quality.run import catalogue
from dashboard.report.mdt import MdtCase, mdt_page, page_name
from dashboard.store.reader import Reader
from dashboard.studies.load import load_study
from dashboard.tables.data_load_issues import CheckWords
from dashboard.tables.patient_timeline import Clock
from tests.pdf_text import all_bytes, has_pixels, least_type_points, pdf_facts, pdf_text

pytestmark = pytest.mark.slow
DATA = Path(__file__).parents[2] / "data"
CHECKS = {one.check_id: CheckWords(one.title, one.message, one.why_it_matters) for one in catalogue()}
# What makes a page unusual, as a condition on patient_summary; one patient of each that a study has.
KINDS = {
    "no ctDNA": "n_samples = 0",
    "no imaging": "last_scan_on is null",
    "only failed samples": "n_samples > 0 and n_valid_samples = 0",
    "dead before the first draw": "vital_status = 'dead' and n_samples = 0",
    "withdrawn": "vital_status = 'withdrawn'",
    "never treated": "current_line is null",
    "most samples": "n_samples = (select max(n_samples) from patient_summary)",
    "most lines": "current_line = (select max(current_line) from patient_summary)",
    "most treatments": "patient_id = (select max_by(patient_id, n) from "
    "(select patient_id, count(*) as n from treatment_episode where part_of is null group by patient_id))",
    "most data issues": "patient_id = (select max_by(patient_id, n) from "
    "(select patient_id, count(*) as n from data_issue group by patient_id))",
    "most statements": "patient_id = (select max_by(patient_id, n) from "
    "(select patient_id, count(*) as n from patient_statement group by patient_id))",
}
# Terms of the sample studies that stand on the page at any grade and on any line (clinical-decisions A16).
ALWAYS_LIMITING = {
    "peripheral sensory neuropathy",
    "electrocardiogram QT prolonged",
    "interstitial lung disease",
    "pneumonitis",
}
# Nothing on a sheet is set smaller, the timeline included.
LEAST_TYPE = 5.5
STUDIES = ("k4care", "cdk46", "pulmonary-oligomets")
DATE = re.compile(
    r"\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b|(?<!day )(?<![-−])\b(19|20)\d\d\b|"
    r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}\b"
)


@pytest.fixture(scope="module")
def reader(sample_snapshot):
    """A reader of each sample study at its last data cut."""
    return cache(lambda study_id: Reader(sample_snapshot(study_id)))


def page(reader, patient_id, *, is_deidentified=False):
    study = load_study(DATA / "studies" / reader.snapshot.study_id)
    request = ReportRequest(
        patient_id=patient_id, study=study, checks=CHECKS, is_deidentified=is_deidentified
    )
    report = patient_report(reader, request)
    return report, mdt_page(MdtCase(report=report))


def patients(reader):
    """Kind and patient, the first of each kind."""
    sql = "select min(patient_id) as patient_id from patient_summary where enrolled_on is not null and "
    found = {kind: reader.records(sql + condition)[0]["patient_id"] for kind, condition in KINDS.items()}
    return {kind: patient_id for kind, patient_id in found.items() if patient_id is not None}


@pytest.mark.parametrize("study_id", STUDIES)
def test_every_kind_of_patient_has_one_tagged_page_that_keeps_every_statement(reader, study_id, tmp_path):
    found = patients(reader(study_id))
    assert len(found) >= {"k4care": 10, "cdk46": 9, "pulmonary-oligomets": 4}[study_id], found
    for kind, patient_id in found.items():
        report, pdf = page(reader(study_id), patient_id)
        facts, text = pdf_facts(pdf, tmp_path), pdf_text(pdf, tmp_path)
        assert (facts["Pages"], facts["Tagged"]) == ("1", "yes"), (kind, patient_id)
        said = (*report.said, *report.unknown, *report.issues, *report.variant_notes, *report.responses)
        for words in (report.identity, *said, report.footer, report.viral, "Signature"):
            assert " ".join(words.split()) in text, (kind, patient_id, words)
        assert not re.search(r"\b(nan|inf|NaT|None)\b", text), (kind, patient_id)
        assert not has_pixels(pdf), (kind, patient_id)
        assert least_type_points(pdf, tmp_path) >= LEAST_TYPE, (kind, patient_id)
        response = "Disease status" if study_id == "pulmonary-oligomets" else "RECIST 1.1"
        for panel in ("ctDNA MAF, %", response, "Target sum", "ECOG", "Treatment", "Planned"):
            assert panel in text, (kind, patient_id, panel)
        assert "page 1 of 1" in text


@pytest.mark.parametrize("study_id", STUDIES)
def test_deidentified_there_is_no_date_year_of_birth_or_site_anywhere(reader, study_id, tmp_path):
    sites = {site.name for site in load_study(DATA / "studies" / study_id).recruitment.sites}
    for kind, patient_id in patients(reader(study_id)).items():
        report, pdf = page(reader(study_id), patient_id, is_deidentified=True)
        facts = pdf_facts(pdf, tmp_path)
        text = pdf_text(pdf, tmp_path)
        found = DATE.search(text)
        assert found is None, (kind, patient_id, text[max(0, found.start() - 60) : found.end() + 20])
        assert facts["Pages"] == "1"
        assert "CreationDate" not in facts
        everything = all_bytes(pdf).decode("latin-1")
        assert report.cut_off.isoformat() not in everything
        assert not [name for name in sites if name in text or name in everything]
        assert "Site 0" not in text
        assert "born" not in text
        assert not re.search(r"\bDQ\d\d", text)
        assert not DATE.search(page_name(report))


def test_the_page_of_the_patient_with_41_samples_has_the_exact_values(reader, tmp_path):
    report, pdf = page(reader("cdk46"), "CDK-0021")
    text = pdf_text(pdf, tmp_path)
    snapshot_id, rules = (reader("cdk46").snapshot.manifest[name] for name in ("snapshot_id", "rules"))
    assert len(report.timeline.rows.query("kind == 'SAMPLE' and panel == 'CTDNA'")) >= 38
    for words in (
        "Study ID CDK-0021 · F · born 1966 · Site 06",
        "Palbociclib, fulvestrant",
        "25 Oct 2021 to 20 Nov 2023",
        "24.6 months, to progression",
        "CDH1 R63*",
        "Last, 18 Jul 2025",
        "13 Nov 2023: PD reported by treating physician, −18.4 % from baseline, +29.2 % from nadir; PD",
        "16 Dec 2025 (74 days old): creatinine 81 µmol/L, ALT 34 U/L, haemoglobin 121 g/L",
        "Not recorded: bilirubin, platelets",
        "HBV negative · HCV not recorded",
        f"data cut 28 Feb 2026 · snapshot {snapshot_id}",
        *loaded_words(reader("cdk46").snapshot),
        f"Application {version('ctdna-dashboard')} · rules {rules} · Research use",
    ):
        assert words in text, words


def test_progression_free_months_are_those_of_the_endpoint_wherever_it_has_an_event_on_the_line(reader):
    cut = reader("cdk46")
    sql = """
        select event.patient_id, milestone.line, event.duration_days
        from time_to_event as event
        inner join milestone
            on event.patient_id = milestone.patient_id and event.ended_on = milestone.occurred_on
            and milestone.kind in ('radiological_progression', 'clinical_progression')
            and milestone.line = case event.endpoint_id when 'PFS' then 1 else 2 end
        where event.status = 'EVENT' and event.endpoint_id in ('PFS', 'PFS_LINE2')
        group by all
    """
    compared = cut.records(sql)
    assert sorted({row["line"] for row in compared}) == [1, 2]
    assert len(compared) > 200
    for row in compared:
        found = cut.records(LINES, {"patient_id": row["patient_id"], "setting": None})
        words = progression_free(
            next(line for line in found if line["line"] == row["line"]), clock=Clock(cut.snapshot.cut_off)
        )
        assert words == f"{row['duration_days'] / 30.4375:.1f} months, to progression", row


@pytest.mark.parametrize(
    ("study_id", "terms"),
    [
        ("k4care", {"peripheral sensory neuropathy"}),
        ("cdk46", {"electrocardiogram QT prolonged", "interstitial lung disease"}),
        ("pulmonary-oligomets", {"pneumonitis"}),
    ],
)
def test_limiting_toxicity_is_grade_3_on_the_latest_line_and_qt_lung_and_nerves_at_any_grade(
    reader, study_id, terms
):
    """Of every patient, against the events themselves; `terms` are those of the study that always count."""
    cut = reader(study_id)
    events = cut.records(
        "select event.patient_id, term, grade, event.started_on, line.started_on as line_on "
        "from usable_adverse_event as event left join (select patient_id, max(started_on) as started_on "
        "from line_of_therapy group by all) as line using (patient_id)"
    )
    assert {event["term"] for event in events} & ALWAYS_LIMITING == terms
    expected = {event["patient_id"]: set() for event in events}
    for event in events:
        is_late = event["line_on"] is None or event["started_on"] >= event["line_on"]
        if event["term"] in terms or ((event["grade"] or 0) >= 3 and is_late):
            expected[event["patient_id"]].add(event["term"])
    for patient_id, found in expected.items():
        shown = [row["term"] for row in cut.records(TOXICITY, {"patient_id": patient_id})]
        assert len(shown) == len(set(shown)), patient_id
        assert set(shown) == found, patient_id


def test_a_patient_at_a_site_not_granted_is_not_found(reader):
    cut = Reader(reader("k4care").snapshot, ("01",))
    other = reader("k4care").records("select min(patient_id) as id from patient where site_id <> '01'")
    study = load_study(DATA / "studies" / "k4care")
    with pytest.raises(PatientNotFound):
        patient_report(cut, ReportRequest(patient_id=other[0]["id"], study=study, checks=CHECKS))


def test_a_start_recorded_to_the_month_is_never_printed_as_a_day(reader, tmp_path):
    """CDK-0132: tamoxifen from December 2018, held as the last day of the month."""
    held = reader("cdk46").records(
        "select started_on, started_on_precision from usable_treatment "
        "where patient_id = 'CDK-0132' and intent = 'adjuvant' and kind = 'systemic'"
    )
    assert [(row["started_on"].isoformat(), row["started_on_precision"]) for row in held] == [
        ("2018-12-31", "month")
    ]
    _, pdf = page(reader("cdk46"), "CDK-0132")
    text = pdf_text(pdf, tmp_path)
    assert "≈ Dec 2018 to 28 Nov 2022" in text
    assert "31 Dec 2018" not in text
    _, pdf = page(reader("cdk46"), "CDK-0132", is_deidentified=True)
    assert "≈ day −1472 to day −44" in pdf_text(pdf, tmp_path)


def test_the_drugs_of_a_line_stand_in_the_order_in_which_they_were_given(reader):
    """Against the treatments themselves: on line 1 of CDK-0059 palbociclib came before dalpiciclib."""
    cut = reader("cdk46")
    found = cut.records(
        "select patient_id, line, label, min(started_on) as started_on from treatment_episode "
        "where kind = 'systemic' and line is not null and part_of is null group by all order by all"
    )
    lines = {}
    for row in found:
        lines.setdefault((row["patient_id"], row["line"]), []).append((row["started_on"], row["label"]))
    several = {key: sorted(given) for key, given in lines.items() if len({day for day, _ in given}) > 1}
    assert len(several) > 20
    assert ("CDK-0059", 1) in several
    for (patient_id, number), given in several.items():
        rows = cut.records(LINES, {"patient_id": patient_id, "setting": None})
        regimen = next(row["regimen"] for row in rows if row["line"] == number)
        places = [regimen.split(" | ").index(label) for _day, label in given]
        assert places == sorted(places), (patient_id, regimen)


def test_a_line_that_went_on_when_consent_was_withdrawn_is_not_called_ongoing(reader, tmp_path):
    """CDK-0126: last seen on 21 Aug 2023, consent withdrawn on 24 Aug 2023."""
    report, pdf = page(reader("cdk46"), "CDK-0126")
    assert report.treatments[-1][:3] == (
        "1",
        "Palbociclib, letrozole",
        "since 20 Jun 2022; nothing recorded after 21 Aug 2023",
    )
    assert "28 Feb 2026; consent withdrawn, data up to 24 Aug 2023" in pdf_text(pdf, tmp_path)


def test_a_possible_clonal_haematopoiesis_stands_with_its_reason(reader, tmp_path):
    _, pdf = page(reader("cdk46"), "CDK-0034")
    text = pdf_text(pdf, tmp_path)
    assert (
        "TP53 R282W: possible clonal haematopoiesis (by its gene alone, TP53; no matched white-cell result)"
        in text
    )
    assert "Copy number: FGFR1 amplified (CN 6.9) · 5 Dec 2025, detected again" in text


def test_pd_read_on_a_line_that_progressed_before_it_is_not_called_no_progression(reader, tmp_path):
    """OLI-001: progression on 7 Apr 2025 after local treatment, first line from 1 May 2025, PD seen again."""
    report, pdf = page(reader("pulmonary-oligomets"), "OLI-001")
    assert report.treatments[-1][3] == "2 scans on the line, both PD, first called 7 Apr 2025"
    assert "not judged: PD carried from 7 Apr 2025" in pdf_text(pdf, tmp_path)


def test_not_detected_while_disease_was_visible_names_the_scan_and_the_draw(reader):
    sentence = (
        "ctDNA was never detected in this patient, also not while disease was visible on imaging "
        "({}). A result of not detected does not exclude recurrence here."
    )
    cut = reader("pulmonary-oligomets")
    report, _ = page(cut, "OLI-002")
    assert report.warnings == (sentence.format("CT 12 Jul 2024, draw 19 Jul 2024"),)
    hidden, _ = page(cut, "OLI-002", is_deidentified=True)
    assert hidden.warnings == (sentence.format("CT day −10, draw day −3"),)


@pytest.mark.parametrize(
    ("patient_id", "called", "free", "since"),
    [
        (
            "OLI-003",
            "2 scans on the line, both PD, first called 1 Sep 2025",
            "not judged: PD carried from 1 Sep 2025",
            "since 18 Sep 2025, start reason recorded: imaging progression",
        ),
        (
            "OLI-005",
            "no scan yet after the line baseline (2 Jan 2026)",
            "not assessed",
            "since 1 Jan 2026, start reason recorded: imaging and ctDNA, "
            "last response at its start NED of 2 Jan 2026",
        ),
    ],
)
def test_a_line_after_local_treatment_says_what_was_called_on_it_and_why_it_was_started(
    reader, patient_id, called, free, since
):
    report, _ = page(reader("pulmonary-oligomets"), patient_id)
    assert report.treatments[-1][3:5] == (called, free)
    assert report.cells[1].lines[-1].text == since


def test_no_line_of_which_scans_were_called_says_that_there_was_no_assessment(reader):
    cut = reader("pulmonary-oligomets")
    called = cut.records(
        "select distinct patient_id from overall_response where line > 0 and response is not null"
    )
    assert len(called) == 7
    for one in called:
        (row,) = cut.records(LINES, {"patient_id": one["patient_id"], "setting": None})
        assert "no assessment" not in best_words(row, clock=Clock(cut.snapshot.cut_off))


@pytest.mark.parametrize(
    ("patient_id", "line", "words"),
    [
        ("K4C-0027", 1, "no assessment; imaged 19 May 2025, no response recorded"),
        ("K4C-0008", 1, "no assessment; imaged 11 Dec 2024, no response recorded"),
        ("K4C-0013", 1, "no assessment; imaged 23 Apr 2025, no response recorded"),
        ("K4C-0015", 2, "no assessment; imaged 24 Feb 2025, no response recorded"),
        ("K4C-0165", 2, "no assessment; imaged 21 Nov 2025, no response recorded"),
    ],
)
def test_the_baseline_scan_of_the_next_line_is_no_scan_on_the_line(reader, patient_id, line, words):
    report, _ = page(reader("k4care"), patient_id)
    assert next(row[3] for row in report.treatments if row[0] == str(line)) == words


@pytest.mark.parametrize("study_id", STUDIES)
def test_a_scan_on_the_line_lies_in_it_and_answers_for_it(reader, study_id):
    """A day counts with a response on record, or with lesions from which no line is measured (A1)."""
    cut = reader(study_id)
    answers = cut.records("""
        select line.patient_id, line.line, count(distinct seen.seen_on) as n
        from line_of_therapy as line
        inner join (
            select patient_id, assessed_on as seen_on from usable_response
            union all
            select patient_id, assessed_on from usable_lesion
            where not exists (
                select 1 from line_baseline as measured
                where measured.patient_id = usable_lesion.patient_id
                and usable_lesion.assessed_on in (measured.baseline_on, measured.measured_on)
            )
        ) as seen on line.patient_id = seen.patient_id and seen.seen_on > line.started_on
            and seen.seen_on <= coalesce(line.next_started_on + 7, seen.seen_on)
        group by all
    """)
    most = {(row["patient_id"], row["line"]): row["n"] for row in answers}
    setting = headline_setting(load_study(DATA / "studies" / study_id))
    clock, claimed = Clock(cut.snapshot.cut_off), 0
    for one in cut.records("select distinct patient_id from line_of_therapy order by patient_id"):
        for row in cut.records(LINES, {"patient_id": one["patient_id"], "setting": setting}):
            found = re.match(r"(\d+) scans? on the line", best_words(row, clock=clock))
            if found is not None:
                claimed += 1
                assert int(found[1]) <= most.get((one["patient_id"], row["line"]), 0), row
    # Every line of the CDK4/6 sample has a best response or no scan with one.
    assert claimed > 0 or study_id == "cdk46"
