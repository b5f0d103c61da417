"""Queries over data cuts built and published by the command: what the data answer, and what they do not."""

import shutil
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.figures.data_load.vanished_patients import vanished_patients
from dashboard.quality.run import catalogue
from dashboard.quality.versions import check_versions
from dashboard.store import build
from dashboard.store.query_facts import VANISHED_CHECK, check_version, look_up, row_values
from dashboard.store.reader import Reader
from dashboard.store.snapshot import current_snapshot
from dashboard.studies.load import load_study
from dashboard.studies.rows import definition_rows
from dashboard.workflow.database import open_workflow
from dashboard.workflow.history import Author
from dashboard.workflow.models import Role
from dashboard.workflow.queries import NewQuery, open_queries
from dashboard.workflow.query_events import Cut, Scope
from dashboard.workflow.query_list import read_queries
from dashboard.workflow.query_reconciliation import Tracked
from dashboard.workflow.query_states import Finding, State, Step
from dashboard.workflow.users import NewUser, add_users, list_users
from tests.small_study import PATIENTS, SAMPLES, TREATMENTS, VARIANTS, write_small_study

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
# The end of the treatment lies before its start: check DQ18, which leaves the row out.
WRONG = TREATMENTS.replace("2024-02-03,2024-06-01", "2024-02-03,2024-01-05")
WITHOUT = "".join(line for line in TREATMENTS.splitlines(keepends=True) if not line.startswith("S-002"))
CORRECTED = VARIANTS.replace("800.5", "900")

WITHDRAWAL = "patient_id,kind,happened_on,reason\nS-002,withdrawal_of_consent,2024-07-31,\n"


FIRST_CUT = "2024-06-30"


class Small:
    """The small study in a folder, its command and its queries."""

    def __init__(self, folder):
        self.folder = folder
        self.engine = open_workflow(f"sqlite:///{folder}/workflow.sqlite")

    def build(self, cut_off, *, disposition=None, **changed):
        study = write_small_study(self.folder, cut_off=cut_off, **changed)
        if disposition is not None:
            (study / "extracts" / cut_off / "disposition.csv").write_text(disposition, encoding="utf-8")
        result = CliRunner().invoke(app, ["build", str(study), "--cut-off", cut_off])
        assert result.exit_code == 0, result.output
        return result.output

    def roll_back(self):
        assert CliRunner().invoke(app, ["rollback", "small"]).exit_code == 0

    @property
    def snapshot(self):
        return current_snapshot(self.folder / "store", "small")

    @property
    def cut(self):
        found = self.snapshot
        return Cut(study_id="small", snapshot_id=found.snapshot_id, cut_off=found.cut_off)

    def ask(self, *asked):
        author = Author(user_id=list_users(self.engine)[0].user_id, at=NOW)
        return open_queries(self.engine, asked, "Please check.", cut=self.cut, author=author)

    def about_the_treatment(self):
        return self.datum("treatment", "S-002 | T1", column_name="ended_on", check_id="DQ18")

    def datum(self, table_name, row_key, *, column_name="", check_id=None):
        reader = Reader(self.snapshot)
        return NewQuery(
            check_id=check_id,
            check_version=check_version(self.snapshot, check_id) if check_id else None,
            table_name=table_name,
            row_key=row_key,
            column_name=column_name,
            patient_id="S-002",
            site_id="01",
            row_values=row_values(reader, table_name, row_key),
            title="Title",
            found="What was found",
        )

    def life(self, query_id):
        found = {query.query_id: query for query in read_queries(self.engine, Scope(study_id="small"))}
        return [(taken.step, taken.state, taken.finding) for taken in found[query_id].steps]

    def last(self, query_id):
        found = {query.query_id: query for query in read_queries(self.engine, Scope(study_id="small"))}
        return found[query_id].last


def settings(folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE", str(folder / "store"))
    monkeypatch.setenv("DASHBOARD_STUDIES", str(folder))
    monkeypatch.setenv("DASHBOARD_WORKFLOW_URL", f"sqlite:///{folder}/workflow.sqlite")


@pytest.fixture(scope="module")
def first_built(tmp_path_factory):
    """The folder after the first data cut, with the wrong treatment; most tests begin with a copy of it."""
    folder = tmp_path_factory.mktemp("first") / "copied"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as monkeypatch:
        settings(folder, monkeypatch)
        made = Small(folder)
        person = NewUser(username="ada", display_name="Dr Ada", password_hash="x", role=Role.COORDINATOR)
        add_users(made.engine, [person], now=NOW)
        made.build(FIRST_CUT, treatment=WRONG)
        # The last connection that closes writes the log into the file.
        made.engine.dispose()
    return folder


@pytest.fixture
def small(first_built, tmp_path, monkeypatch):
    shutil.copytree(first_built, tmp_path, dirs_exist_ok=True)
    settings(tmp_path, monkeypatch)
    made = Small(tmp_path)
    yield made
    made.engine.dispose()


def test_a_query_over_five_data_cuts(small, monkeypatch):
    query_id, value, other, whole = small.ask(
        small.about_the_treatment(),
        *(
            small.datum("variant", "B1 | TP53 | p.R175H", column_name=name)
            for name in ("maf_ppm", "gene", "")
        ),
    )
    assert "1 answered by data" in small.build("2024-07-31")
    assert small.last(query_id).detail["changes"] == {"ended_on": ["2024-01-05", "2024-06-01"]}
    assert "2 answered by data, 1 returned" in small.build("2024-08-31", treatment=WRONG, variant=CORRECTED)
    assert small.last(value).detail["changes"] == {"maf_ppm": ["800.500", "900.000"]}
    assert [small.last(one).finding for one in (value, other, whole)] == [
        Finding.GONE,
        Finding.PRESENT,
        Finding.GONE,
    ]
    assert "1 row vanished" in small.build("2024-09-30", treatment=WITHOUT, variant=CORRECTED)
    small.roll_back()
    real = build.check_versions
    monkeypatch.setattr(build, "check_versions", lambda rows: real(rows) | {"DQ18": "another"})
    assert "1 not rechecked" in small.build("2024-10-31", variant=CORRECTED)
    assert small.life(query_id) == [
        (Step.OPENED, State.OPEN, Finding.PRESENT),
        (Step.ANSWERED_BY_DATA, State.ANSWERED, Finding.GONE),
        (Step.RETURNED, State.REOPENED, Finding.PRESENT),
        (Step.ROW_VANISHED, State.REOPENED, Finding.ROW_VANISHED),
        (Step.SERVED_AGAIN, State.REOPENED, Finding.PRESENT),
        (Step.NOT_RECHECKED, State.REOPENED, Finding.NOT_RECHECKED),
    ]
    assert "queries of" not in small.build(
        "2024-10-31", variant=CORRECTED
    )  # published again: nothing is compared twice


@pytest.mark.parametrize(
    ("cut_off", "expected"),
    [
        ("2024-07-30", (Step.ANSWERED_BY_DATA, State.ANSWERED, Finding.GONE)),  # the day before
        ("2024-07-31", (Step.CONSENT_WITHDRAWN, State.CLOSED, Finding.NOT_RECHECKED)),
        ("2024-08-01", (Step.CONSENT_WITHDRAWN, State.CLOSED, Finding.NOT_RECHECKED)),
    ],
)
def test_nothing_is_answered_by_the_data_from_the_day_of_a_withdrawal_on(small, cut_off, expected):
    (query_id,) = small.ask(small.about_the_treatment())
    small.build(cut_off, disposition=WITHDRAWAL)
    assert small.life(query_id)[-1] == expected
    if expected[0] is Step.CONSENT_WITHDRAWN:
        assert small.last(query_id).detail["withdrew_on"] == "2024-07-31"
    small.roll_back()
    assert small.life(query_id)[-1] == (Step.SERVED_AGAIN, State.OPEN, Finding.PRESENT)


def only_of_the_first(text):
    """The rows of a file without those of patient S-002."""
    return "".join(line for line in text.splitlines(keepends=True) if "S-002" not in line)


def test_a_patient_who_leaves_the_extract_is_one_data_issue_and_answers_no_query(small):
    before = Reader(small.snapshot)
    first, second = small.ask(
        small.about_the_treatment(), small.datum("ctdna_sample", "B1", column_name="collected_on")
    )
    gone = {
        "patient": only_of_the_first(PATIENTS),
        "ctdna_sample": only_of_the_first(SAMPLES),
        "treatment": only_of_the_first(WRONG),
    }
    assert "2 patient vanished" in small.build("2024-07-31", **gone)
    for query_id in (first, second):
        assert small.life(query_id)[1:] == [(Step.PATIENT_VANISHED, State.OPEN, Finding.ROW_VANISHED)]
    (issue,) = vanished_patients(Reader(small.snapshot), [before])
    assert (issue["patient_id"], issue["found"]) == (
        "S-002",
        "S-002 was in the data cut of 30 Jun 2024 and is not in this one.",
    )
    kept = ("check_id", "severity", "table_name", "row_key", "patient_id", "site_id", "title", "found")
    asked = NewQuery(check_version=VANISHED_CHECK, **{name: issue[name] for name in kept})
    (about_the_patient,) = small.ask(asked)
    small.build("2024-08-31", treatment=WRONG)
    assert small.life(about_the_patient)[1:] == [(Step.ANSWERED_BY_DATA, State.ANSWERED, Finding.GONE)]
    assert small.life(first)[2:] == [(Step.RETURNED, State.OPEN, Finding.PRESENT)]
    assert vanished_patients(Reader(small.snapshot), [before]) == []


def test_a_patient_who_withdrew_consent_and_left_the_extract_is_no_data_issue(small):
    small.build("2024-07-31", disposition=WITHDRAWAL)
    before = Reader(small.snapshot)
    small.build("2024-08-31", patient=only_of_the_first(PATIENTS), treatment=only_of_the_first(TREATMENTS))
    assert vanished_patients(Reader(small.snapshot), [before]) == []


def test_a_row_that_another_check_leaves_out_is_not_answered(small):
    """DQ28 reads what is usable, and the wrong end takes the row away from it."""
    asked = [
        Tracked(
            query_id=number,
            check_id=check_id,
            table_name="treatment",
            row_key="S-002 | T1",
            column_name="started_on",
            patient_id="S-002",
            is_systematic=False,
            row_values=None,
        )
        for number, check_id in enumerate(("DQ28", "DQ18"))
    ]
    facts = look_up(Reader(small.snapshot), asked)
    assert (facts[0].is_found, facts[0].row) == (False, "excluded")
    assert facts[1].row == "there"  # a check that runs before anything is left out sees every row


def test_a_threshold_of_the_study_changes_the_checks_that_read_it_and_no_others(tmp_path):
    study = write_small_study(tmp_path) / "study.toml"
    before = check_versions(definition_rows(load_study(study.parent)))
    study.write_text(study.read_text().replace("lod_ppm = 500", "lod_ppm = 400"), encoding="utf-8")
    after = check_versions(definition_rows(load_study(study.parent)))
    changed = {check_id for check_id in before if before[check_id] != after[check_id]}
    assert "DQ42" in changed  # it reads the limits of the assays
    assert "DQ18" not in changed
    assert len(before) == len(after) == len(catalogue())
