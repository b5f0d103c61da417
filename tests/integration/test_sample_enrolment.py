"""Enrolment and completeness of the sample studies: numbers that add up, on figures and on the pages."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.figures.completeness.matrix import completeness, completeness_by_item, completeness_by_site
from dashboard.figures.completeness.request import completeness_request
from dashboard.figures.enrolment.eligibility import enrolment_criteria, enrolment_readings, enrolment_verdicts
from dashboard.figures.enrolment.flow import enrolment_flow
from dashboard.figures.enrolment.groups import enrolment_groups
from dashboard.figures.enrolment.projection import enrolment_projection
from dashboard.figures.enrolment.reasons import enrolment_failures, enrolment_no_sample
from dashboard.figures.enrolment.request import enrolment_request
from dashboard.figures.enrolment.sites import enrolment_sites
from dashboard.figures.overview.patients import overview_patients
from dashboard.store.reader import Reader
from dashboard.studies.cohort import Cohort
from dashboard.studies.load import load_study
from dashboard.tables.completeness_cells import STATES
from dashboard.tables.enrolment_eligibility import reading_table
from dashboard.tables.overview_flow import FlowNumbers, count_at, flow_rows
from dashboard.ui.enrolment_eligibility import WHAT
from dashboard.ui.overview_eligibility import meanings_of
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind
from tests.demo_workflow import demo_workflow
from tests.pages.conftest import sign_in_for_test
from tests.pages.said import technical_words

ROOT = Path(__file__).parents[2]
STUDIES = ROOT / "data" / "studies"
NAMES = ("k4care", "cdk46", "pulmonary-oligomets")


@pytest.fixture(scope="module", params=NAMES)
def built(request, sample_snapshot):
    """A sample study with the reader of its last data cut."""
    return load_study(STUDIES / request.param), Reader(sample_snapshot(request.param), None)


def steps_of(rows):
    return rows[rows["kind"] == "step"].set_index("step")["n_patients"]


def test_the_flow_adds_up_and_is_that_of_the_overview(built):
    study, reader = built
    rows = enrolment_flow(reader, enrolment_request(study, is_all_sites=True)).rows
    remaining = None
    for row in rows.to_dict("records"):
        if row["kind"] == "step":
            assert remaining in (None, row["n_patients"])
            remaining = row["n_patients"]
        elif row["kind"] == "reason":
            remaining -= row["n_patients"]
    numbers = FlowNumbers(
        second_draw_from_day=study.ctdna.second_draw_from_day, pairing_days=study.ctdna.pairing_days
    )
    overview = flow_rows(overview_patients(reader), numbers=numbers)
    steps = steps_of(rows)
    for step in ("SCREENED", "ENROLLED", "SAMPLE", "BASELINE", "SECOND", "PAIR", "EVALUABLE"):
        assert steps[step] == count_at(overview, step)


def test_sites_types_and_reasons_add_up_to_the_flow(built):
    study, reader = built
    request = enrolment_request(study, is_all_sites=True)
    steps = steps_of(enrolment_flow(reader, request).rows)
    groups = enrolment_groups(reader, request).rows
    assert (groups["screened"].sum(), groups["enrolled"].sum()) == (steps["SCREENED"], steps["ENROLLED"])
    failed = enrolment_failures(reader, request).rows["n_patients"].sum()
    assert failed == steps["SCREENED"] - steps["ENROLLED"]
    without = enrolment_no_sample(reader, request).rows["n_patients"].sum()
    assert without == steps["ENROLLED"] - steps["SAMPLE"]


def test_a_projection_is_made_while_enrolment_runs_and_scores_from_five_sites_on(built):
    study, reader = built
    request = enrolment_request(study, is_all_sites=True)
    projection, sites = enrolment_projection(reader, request), enrolment_sites(reader, request)
    assert len(projection.rows) == (0 if study.study_id == "cdk46" else 1)
    assert sites.rows["score"].notna().any() == (len(study.recruitment.sites) >= 5)


def test_every_enrolled_patient_has_one_result_per_criterion(built):
    study, reader = built
    rows = enrolment_criteria(reader).rows
    results = ["n_met", "n_not_met", "n_needs_ruling", "n_not_judged", "n_ruled"]
    assert (rows[results].sum(axis="columns") == rows["n_enrolled"]).all()
    verdicts, _ = enrolment_verdicts(reader)
    enrolled = steps_of(enrolment_flow(reader, enrolment_request(study, is_all_sites=True)).rows)["ENROLLED"]
    assert int(verdicts["is_enrolled"].sum()) == enrolled == rows["n_enrolled"].max()


def test_both_readings_of_the_measurable_lesion_are_counted(built):
    study, reader = built
    table = enrolment_readings(reader).table
    lesion = table[table["Criterion"].str.startswith("I07")]
    if study.study_id != "pulmonary-oligomets":
        assert lesion.empty
        return
    assert list(lesion["Reading"]) == ["(a)", "(b)"]
    named = reading_table(enrolment_readings(reader).rows, meanings=meanings_of(study))
    assert named.loc[lesion.index, "Reading"].tolist() == [
        "(a) At least one lung nodule with a longest diameter over 10 mm.",
        "(b) At least one lung nodule with a longest diameter over 15 mm.",
    ]
    over_10, over_15 = lesion["Met"]
    assert over_10 > over_15
    assert set(lesion["Decides"]) == {over_10 - over_15}


def test_cells_add_up_and_the_missing_are_those_of_the_follow_up(built):
    study, reader = built
    request = completeness_request(study, cohort=Cohort())
    found = completeness(reader, request)
    items, sites = completeness_by_item(reader, request).rows, completeness_by_site(reader, request).rows
    columns = [f"n_cells_{code.lower()}" for code in STATES]
    assert (items[columns].sum(axis="columns") == found.n_patients).all()
    assert items[columns].sum().tolist() == sites[columns].sum().tolist()
    owed = reader.rows(
        "select distinct patient_id, item from follow_up "
        "where state in ('OVERDUE', 'CANNOT_BE_OBTAINED', 'CANNOT_TELL')"
    )
    keys = {item.key for item in found.items}
    late = {pair for pair in owed.itertuples(index=False, name=None) if pair[1] in keys}
    cells = found.cells[found.cells["state"].isin(["MISSING", "PARTIAL", "REASON"])]
    shown = {pair for pair in cells[["patient_id", "item"]].itertuples(index=False, name=None)}
    assert late <= shown
    planned = {item.item for item in study.visit_plan if item.kind != "contact"}
    assert {pair for pair in shown if pair[1] in planned} == {pair for pair in late if pair[1] in planned}


@pytest.fixture
def app(built, sample_store, tmp_path, monkeypatch):
    """The application as the investigator, with one study built."""
    study, _ = built
    url = f"sqlite:///{tmp_path / 'workflow.sqlite'}"
    monkeypatch.setenv("DASHBOARD_STORE", str(sample_store))
    monkeypatch.setenv("DASHBOARD_STUDIES", str(STUDIES))
    monkeypatch.setenv("DASHBOARD_WORKFLOW_URL", url)
    engine = demo_workflow(url, (study.study_id,))
    made = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    made.session_state["session_token"] = sign_in_for_test(engine, "investigator")
    yield made.run(), engine
    engine.dispose()


@pytest.mark.parametrize("name", ["enrolment", "completeness"])
def test_the_pages_open_and_say_nothing_technical(app, name):
    opened = app[0].switch_page(f"pages/conduct/{name}.py").run()
    assert not opened.exception
    assert technical_words(opened) == []


def test_the_list_of_eligibility_is_recorded_and_leads_to_the_patients(app):
    opened, engine = app
    opened.switch_page("pages/conduct/enrolment.py").run()
    next(button for button in opened.button if button.label == "Show the list").click().run()
    assert not opened.exception
    table = next(one.value for one in opened.main.dataframe if "Why" in one.value)
    assert len(table) > 20
    assert technical_words(opened) == []
    (exported,) = [event for event in read_events(engine) if event.kind is AuditKind.EXPORT]
    assert exported.detail["what"] == WHAT
