"""The command `dashboard` as a person types it."""

import shutil
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from dashboard.cli import app, main
from dashboard.model.tables import canonical_tables, mart_tables
from dashboard.store.build import BuildError
from dashboard.store.snapshot import current_snapshot, list_snapshots
from dashboard.workflow.audit import read_events
from dashboard.workflow.database import open_workflow
from dashboard.workflow.models import AuditKind
from tests.small_study import PATIENTS, VARIANTS, write_small_study

run = CliRunner().invoke


@pytest.fixture(autouse=True)
def installation(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("DASHBOARD_STUDIES", str(tmp_path))
    monkeypatch.setenv("DASHBOARD_WORKFLOW_URL", f"sqlite:///{tmp_path}/workflow.sqlite")
    return tmp_path


def test_build_ends_with_a_summary_of_what_became_of_the_records(tmp_path):
    wrong = VARIANTS.replace("800.5", "1_000")
    # Nobody recorded a reason: of four draws, of three treatments that began and of one that ended.
    result = run(app, ["build", str(write_small_study(tmp_path, variant=wrong))])
    assert result.exit_code == 0, result.output
    lines = {" ".join(line.split()) for line in result.output.replace("│", " ").splitlines()}
    assert {"records in 17", "loaded 16", "rejected 1", "set aside by rule 0", "data issues 8"} <= lines


def test_a_build_and_a_roll_back_are_in_the_audit_trail(tmp_path):
    study = write_small_study(tmp_path)
    assert run(app, ["build", str(study)]).exit_code == 0
    write_small_study(tmp_path, cut_off="2024-07-31")
    assert run(app, ["build", str(study)]).exit_code == 0
    assert run(app, ["rollback", "small"]).exit_code == 0
    events = read_events(open_workflow(f"sqlite:///{tmp_path}/workflow.sqlite"))
    assert [(event.kind, event.detail["cut_off"]) for event in reversed(events)] == [
        (AuditKind.LOAD, "2024-06-30"),
        (AuditKind.LOAD, "2024-07-31"),
        (AuditKind.ROLL_BACK, "2024-06-30"),
    ]


def test_a_rebuild_keeps_the_layout_and_the_data_cut_that_serves(tmp_path):
    study = write_small_study(tmp_path)
    shutil.copytree(study / "extracts", study / "layouts" / "second" / "extracts")
    assert run(app, ["build", str(study), "--layout", "second"]).exit_code == 0
    write_small_study(tmp_path, cut_off="2024-07-31")
    assert run(app, ["build", str(study)]).exit_code == 0
    assert run(app, ["rollback", "small"]).exit_code == 0
    result = run(app, ["rebuild", "small"])
    assert result.exit_code == 0, result.output
    store = tmp_path / "store"
    serving = current_snapshot(store, "small")
    assert str(serving.cut_off) == "2024-06-30"
    layouts = {str(one.cut_off): one.manifest["layout"] for one in list_snapshots(store, "small")}
    assert layouts == {"2024-06-30": "second", "2024-07-31": None}


def test_a_rebuild_of_nothing_says_what_to_do(tmp_path):
    result = run(app, ["rebuild", "small"])
    assert isinstance(result.exception, BuildError)
    assert "dashboard build" in str(result.exception)


def test_check_publishes_nothing(tmp_path):
    result = run(app, ["check", str(write_small_study(tmp_path))])
    assert result.exit_code == 0, result.output
    assert "records: 17" in result.output
    assert not (tmp_path / "store").exists()


def test_check_names_each_row_that_would_not_be_loaded_and_what_nothing_reads(tmp_path):
    wrong = VARIANTS.replace("800.5", "1_000")
    study = write_small_study(tmp_path, variant=wrong)
    (study / "extracts" / "2024-06-30" / "notes_of_the_site.csv").write_text("a\n1\n", encoding="utf-8")
    result = run(app, ["check", str(study)])
    assert result.exit_code == 0, result.output
    said = result.output.splitlines()
    (rejected,) = [line for line in said if line.startswith("not loaded")]
    assert rejected.startswith("not loaded: variant.csv, row 4: maf_ppm: 1_000; allowed: a number")
    assert "not read: notes_of_the_site.csv" in said


def test_of_many_rejected_rows_check_shows_the_first_50_and_counts_the_rest(tmp_path):
    wrong = VARIANTS + "".join(f"A1,KRAS,p.G12V{n},detected,true,x\n" for n in range(51))
    said = run(app, ["check", str(write_small_study(tmp_path, variant=wrong))]).output.splitlines()
    assert sum(line.startswith("not loaded") for line in said) == 50
    assert "and 1 more; the page Data lists all after a build" in said


def test_what_stops_a_build_is_a_message_and_exit_code_1(tmp_path, monkeypatch, capsys):
    study = write_small_study(tmp_path, patient=PATIENTS.replace("patient_id,", "who,"))
    monkeypatch.setattr("sys.argv", ["dashboard", "check", str(study)])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    message = capsys.readouterr().err
    assert "patient.csv" in message
    assert "patient_id" in message
    assert "Traceback" not in message


def test_snapshots_are_listed_with_the_one_that_serves(tmp_path):
    run(app, ["build", str(write_small_study(tmp_path))])
    result = run(app, ["snapshots"])
    assert "yes" in result.output
    # Whole, although the screen of a test is narrow.
    assert current_snapshot(tmp_path / "store", "small").snapshot_id in result.output


def test_mapping_prints_one_select_per_canonical_table(tmp_path):
    result = run(app, ["mapping", str(write_small_study(tmp_path)), "--sql"])
    assert result.exit_code == 0, result.output
    statements = [part for part in result.output.split(";\n") if part.strip()]
    assert len(statements) == 5
    duckdb.connect().extract_statements(result.output)


def test_the_dictionary_has_every_table_and_column(tmp_path):
    text = run(app, ["dictionary"]).output
    path = tmp_path / "dictionary.xlsx"
    run(app, ["dictionary", "--xlsx", str(path)])
    sheets = load_workbook(path)
    for table in [*canonical_tables().values(), *mart_tables().values()]:
        assert f"### {table.name}: " in text
        column = [row[0].value for row in sheets[table.name[:31]].iter_rows(min_row=4)]
        assert column == [field.name for field in table.fields]
        for field in table.fields:
            assert f"| {field.name} |" in text
            assert field.description, f"{table.name}.{field.name} has no description"


def test_the_committed_dictionary_is_the_one_the_command_prints():
    committed = Path(__file__).parents[2] / "docs" / "data-dictionary.md"
    assert committed.read_text(encoding="utf-8") == run(app, ["dictionary"]).output


def test_an_empty_template_filled_in_loads(tmp_path):
    study = write_small_study(tmp_path)
    assert run(app, ["template", str(study)]).exit_code == 0
    template = study / "template"
    assert {path.name for path in template.glob("*.csv")} == {f"{name}.csv" for name in canonical_tables()}
    assert (template / "notes.xlsx").is_file()
    extract = study / "extracts" / "2024-06-30"
    for path in extract.glob("*.csv"):
        path.unlink()
    for path in template.glob("*.csv"):
        (extract / path.name).write_text(path.read_text(), encoding="utf-8")
    with (extract / "patient.csv").open("a", encoding="utf-8") as handle:
        columns = [field.name for field in canonical_tables()["patient"].fields]
        handle.write(
            ",".join({"patient_id": "S-009", "site_id": "01"}.get(name, "") for name in columns) + "\n"
        )
    result = run(app, ["build", str(study)])
    assert result.exit_code == 0, result.output


def test_a_user_is_added_with_a_password_that_is_asked_for(tmp_path):
    typed = "a long pass phrase\na long pass phrase\n"
    command = ["users", "add", "Anna", "Dr Anna", "clinician", "--study", "small:01"]
    assert run(app, command, input=typed).exit_code == 0
    listed = run(app, ["users", "list"]).output
    assert "anna" in listed
    assert "small: 01" in listed
    assert run(app, ["users", "disable", "anna"]).exit_code == 0
    assert "anna" not in run(app, ["users", "list"]).output
