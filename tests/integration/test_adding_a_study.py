"""docs/adding-a-study.md followed to the letter, from an empty folder to the study in a user's picker."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.store.reader import Reader
from dashboard.store.snapshot import current_snapshot
from tests.pages.said import said

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "adding-a-study.md"
PASSWORD = "a long password 1"
EXTRACT = 'cut_off = 2026-02-28\nextracted_at = "2026-03-01"\ncalendar = "calendar"\n'
# Every table the guide's study needs to show a patient; columns as `dashboard template` writes them.
FILES = {
    "patient.csv": "patient_id,site_id,enrolled_on,sex\nMY-1,01,2025-02-01,female\nMY-2,01,2025-03-01,male\n",
    "treatment.csv": "patient_id,treatment_id,kind,intent,agents,line,started_on\n"
    "MY-1,T1,systemic,metastatic,osimertinib,1,2025-02-03\n",
    "ctdna_sample.csv": "sample_id,patient_id,collected_on,status,assay\n"
    "S1,MY-1,2025-02-01,detected,My assay\nS2,MY-1,2025-05-20,not_detected,My assay\n",
    "variant.csv": "sample_id,gene,variant,status,maf_ppm\nS1,KRAS,p.G12D,detected,8300\n",
}


@pytest.fixture
def studies(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("DASHBOARD_STUDIES", str(tmp_path / "studies"))
    monkeypatch.setenv("DASHBOARD_WORKFLOW_URL", f"sqlite:///{tmp_path}/workflow.sqlite")
    return tmp_path / "studies"


def typed(*words):
    result = CliRunner().invoke(app, list(words), input=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    return result.output


def words_after_sign_in(username):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    name, password = app.text_input
    name.input(username)
    password.input(PASSWORD)
    app.button[0].click()
    app.run()
    assert not app.exception
    return said(app)


def test_the_guide_followed_step_by_step_puts_the_study_into_the_picker(studies):
    folder = studies / "my-study"
    folder.mkdir(parents=True)
    (block,) = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (folder / "study.toml").write_text(block, encoding="utf-8")
    typed("template", str(folder))
    extract = folder / "extracts" / "2026-02-28"
    extract.mkdir(parents=True)
    (extract / "extract.toml").write_text(EXTRACT, encoding="utf-8")
    for name, text in FILES.items():
        columns = (folder / "template" / name).read_text(encoding="utf-8-sig").strip().split(",")
        assert set(text.split("\n")[0].split(",")) <= set(columns)
        (extract / name).write_text(text, encoding="utf-8")
    checked = typed("check", str(folder))
    assert "not loaded" not in checked
    assert "not read" not in checked
    typed("build", str(folder))
    snapshot = current_snapshot(studies.parent / "store", "my-study")
    typed("users", "add", "doctor", "A Doctor", "clinician", "--study", "my-study:02")
    typed("users", "grant", "doctor", "my-study")
    assert "My study" in words_after_sign_in("doctor")
    found = Reader(snapshot).records(
        "select patient_id, ctdna_state from patient_summary order by patient_id"
    )
    assert [tuple(row.values()) for row in found] == [
        ("MY-1", "CLEARED_UNCONFIRMED"),
        ("MY-2", "NO_SAMPLE"),
    ]
