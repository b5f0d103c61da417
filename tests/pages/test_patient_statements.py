"""The two cards of statements: the fullest patient, an empty one, and a study without calendar dates."""

import datetime as dt
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.figures.patient.statements import StatementsRequest, patient_statements
from dashboard.store.build import BuildOptions, build_snapshot
from dashboard.store.reader import Reader
from dashboard.tables.patient_timeline import Clock
from tests.pages.said import said, technical_words
from tests.small_study import write_small_study

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"
FILES = {
    "patient": """patient_id,site_id,sex,born_on,enrolled_on,tumour_type,diagnosis
FULL,01,female,1961,2024-01-10,lung,Lung adenocarcinoma
EMPTY,02,male,1955,2024-02-01,lung,Lung adenocarcinoma
""",
    "ctdna_sample": """sample_id,patient_id,collected_on,status,assay,panel
A1,FULL,2024-01-10,detected,K,K
A2,FULL,2024-03-10,not_detected,K,K
A3,FULL,2024-05-10,detected,K,K
A4,FULL,2024-06-10,pending,K,K
""",
    "variant": """sample_id,gene,variant,status,is_tracked,maf_ppm
A1,KRAS,p.G12D,detected,true,12000
A2,KRAS,p.G12D,not_detected,true,
A3,KRAS,p.G12D,detected,true,900
""",
    "treatment": """patient_id,treatment_id,kind,line,started_on,ended_on,regimen,agents
FULL,T1,systemic,1,2024-01-12,,osimertinib,osimertinib
""",
    "contact": """patient_id,contact_on,vital_status,died_on
FULL,2024-06-20,alive,
""",
}
FURTHER = {
    "response": """patient_id,assessed_on,assessor,overall,basis
FULL,2024-03-12,treating_physician,pr,imaging
FULL,2024-05-12,treating_physician,sd,imaging
""",
    "lesion": """patient_id,lesion_id,assessed_on,role,organ,diameter_mm,state
FULL,L1,2024-01-08,target,lung,50,measured
FULL,L1,2024-03-12,target,lung,30,measured
FULL,L1,2024-05-12,target,lung,33,measured
""",
    "imaging": """patient_id,imaged_on,modality,is_cns_imaged
FULL,2024-01-08,ct,false
FULL,2024-03-12,ct,false
FULL,2024-05-12,ct,false
FULL,2024-06-01,ct,false
FULL,2024-02,bone_scan,false
""",
    "pathology": """patient_id,specimen,test,taken_on,result
FULL,lung,her2,2024-01-05,2+ ISH missing
""",
    "characteristic": """patient_id,name,value
FULL,hbv_status,unknown
""",
}
CLOCK = Clock(dt.date(2024, 1, 12))


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    folder = tmp_path_factory.mktemp("statements")
    study = write_small_study(folder, **FILES)
    for name, text in FURTHER.items():
        (study / "extracts" / "2024-06-30" / f"{name}.csv").write_text(text, encoding="utf-8")
    options = BuildOptions(store=folder / "store", reference=REFERENCE)
    return Reader(build_snapshot(study, options=options).snapshot)


def card_script(reader, patient_id, clock):
    from types import SimpleNamespace

    from dashboard.ui import patient_statements

    patient_statements.show(SimpleNamespace(reader=reader), patient_id, clock=clock)


def cards(reader, patient_id, *, clock=CLOCK):
    app = AppTest.from_function(
        card_script, kwargs={"reader": reader, "patient_id": patient_id, "clock": clock}, default_timeout=30
    )
    app.run()
    assert not app.exception
    return app


def shown(app):
    """What the cards say, without the marks of Markdown and with plain spaces."""
    return said(app).replace("\\", "").replace("**", "").replace("\N{NO-BREAK SPACE}", " ")


def sentences(reader, patient_id, kind):
    found = patient_statements(reader, StatementsRequest(patient_id=patient_id, clock=CLOCK))
    return [one.sentence for one in found.of(kind)]


def test_the_fullest_patient_has_every_line_the_important_first(reader):
    assert sentences(reader, "FULL", "SAY") == [
        "ctDNA detected again after clearance: 0.09 % on 10 May 2024 (was not detected on 10 Mar 2024).",
        "Molecular progression on 10 May 2024 (ctDNA rule, not RECIST): detected again, 0.09 %. "
        "Unconfirmed: no later comparable sample.",
        "ctDNA first so far: ctDNA 10 May 2024, still no progression on imaging 2 days later.",
        "Differ: ctDNA on 10 May 2024 up from not detected on 10 Mar 2024, on line 1, imaging not PD but SD "
        "by treating physician 2 days later.",
        "Target sum 33 mm on 12 May 2024: −34.0 % from the baseline of 50 mm, +3 mm (+10.0 %) over the nadir "
        "of 30 mm; PD from 36 mm (3 mm more).",
        "SD reported by treating physician, PR calculated on 12 May 2024.",
    ]
    assert sentences(reader, "FULL", "UNKNOWN") == [
        "ctDNA of 10 Jun 2024 pending (14 working days).",
        "Imaging of 1 Jun 2024 has no response assessment.",
        "CNS: not imaged.",
        "HER2 2+ without ISH result.",
        "HBV status missing.",
        "New variants: not assessable. This assay follows the variants found in this patient's tumour and "
        "cannot show new resistance mutations.",
        "One date is known to the month or year only (imaging).",
        "1 data issue.",
    ]


def test_six_lines_stand_open_and_the_rest_one_click_away(reader):
    app = cards(reader, "FULL")
    assert [card.value for card in app.header] == ["What the data say", "What we do not know"]
    assert [expander.label for expander in app.expander] == ["2 more"]
    for sentence in sentences(reader, "FULL", "SAY") + sentences(reader, "FULL", "UNKNOWN"):
        assert sentence in shown(app)
    assert technical_words(app) == []


def test_each_line_has_its_reason_its_rows_and_its_rule(reader):
    found = patient_statements(reader, StatementsRequest(patient_id="FULL", clock=CLOCK))
    assert found.statements[0].sources == ("ctdna_sample.csv, row 4", "ctdna_sample.csv, row 3")
    for one in found.statements:
        assert one.sources, one.rule
        assert one.why, one.rule
        assert one.rule_source, one.rule
    text = shown(cards(reader, "FULL"))
    assert "Source rows: ctdna_sample.csv, row 4; ctdna_sample.csv, row 3" in text
    version = reader.snapshot.manifest["rules"]
    assert len(version) == 12
    ruled = [line for line in text.splitlines() if line.startswith("Rule: ")]
    wanted = [f"Rule: {one.rule_source} · rules {version}" for one in found.statements]
    assert sorted(ruled) == sorted(wanted)


def test_an_empty_patient_says_so(reader):
    app = cards(reader, "EMPTY")
    text = shown(app)
    assert "No ctDNA result and no response to report." in text
    for sentence in ("No ctDNA sample.", "No imaging in the data.", "HBV status missing."):
        assert sentence in text
    assert technical_words(app) == []


def test_a_study_without_dates_shows_days_only(reader):
    text = said(cards(reader, "FULL", clock=Clock(dt.date(2024, 1, 12), is_study_time=True)))
    assert "on day 119" in text
    assert "2024" not in text


def test_a_reader_limited_to_another_site_says_nothing_of_the_patient(reader):
    other = Reader(reader.snapshot, ("02",))
    found = patient_statements(other, StatementsRequest(patient_id="FULL", clock=CLOCK))
    assert found.statements == ()
    assert list(found.figure.table["Sentence"]) == []


def test_the_figure_carries_data_cut_code_and_one_row_per_line(reader):
    found = patient_statements(reader, StatementsRequest(patient_id="FULL", clock=CLOCK))
    assert len(found.figure.table) == len(found.statements)
    assert "data cut 30 Jun 2024" in found.figure.footer
    assert "patient_statement" in found.figure.code
