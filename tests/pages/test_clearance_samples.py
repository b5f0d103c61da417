"""The clearance page and its figures on the three sample studies: everybody counted, every role."""

import re
import shutil
from pathlib import Path

import pytest

from dashboard.figures.clearance.groups import groups_of
from dashboard.figures.clearance.lead import clearance_lead
from dashboard.figures.clearance.material import clearance_material
from dashboard.figures.clearance.request import (
    AfterDrawRequest,
    clearance_request,
    landmark_months,
    outcomes_of,
)
from dashboard.figures.clearance.response import clearance_response, clearance_rows, response_sentences
from dashboard.store.reader import Reader
from dashboard.studies.cohort import Cohort
from dashboard.studies.load import load_study
from tests.pages.parts import every_part, open_part, part_names
from tests.pages.said import said, technical_words

ROOT = Path(__file__).parents[2]
STUDIES = ROOT / "data" / "studies"
PAGE = "pages/cohort/clearance.py"
SECOND = "After the second draw"
EVERYBODY = ("oncologist", "oncologist-site", "investigator", "coordinator", "admin")
SUM = re.compile(r"All patients: (\d+) = (.*?)\.")
P_VALUE = re.compile(r"\bp\s*[=<]\s*0")


@pytest.fixture(params=("k4care", "cdk46", "pulmonary-oligomets"))
def sample(request, sample_snapshot):
    """The name of a study, its definition, and a reader of its snapshot."""
    return request.param, load_study(STUDIES / request.param), Reader(sample_snapshot(request.param))


@pytest.fixture
def page(sample, open_app, installation):
    """The page of the sample study under the name of the study of the other page tests."""
    name, _study, reader = sample
    for database in installation.store.rglob("store.duckdb"):
        shutil.copy(reader.snapshot.database, database)
    text = (STUDIES / name / "study.toml").read_text(encoding="utf-8")
    named = text.replace(f'study_id = "{name}"', 'study_id = "alpha"')
    (installation.studies / "alpha" / "study.toml").write_text(named, encoding="utf-8")

    def opened(username):
        return open_app(username).switch_page(PAGE).run(timeout=120)

    return opened


def cohorts(reader):
    """All patients, each site, each tumour type, and the types of the first site."""
    sites = reader.rows("select distinct site_id from usable_patient order by 1")["site_id"]
    types = reader.rows("select distinct tumour_type from usable_patient order by 1")["tumour_type"]
    by_site = [Cohort(site_ids=(one,)) for one in sites]
    by_type = [Cohort(tumour_types=(one,)) for one in types]
    both = [Cohort(site_ids=(one,), tumour_types=(other,)) for one in sites[:1] for other in types]
    return [Cohort(), *by_site, *by_type, *both]


def enrolled(reader, cohort):
    query = cohort.narrow("select * from usable_patient where enrolled_on is not null /* and cohort */")
    return len(reader.rows(query.sql, query.values))


def test_the_sum_of_all_patients_is_the_cohort_whatever_the_cohort_and_scheme(sample):
    _name, study, reader = sample
    for rule in study.molecular_rules:
        for cohort in cohorts(reader):
            request = clearance_request(study, scheme=rule.scheme, cohort=cohort)
            said_sum = SUM.search(response_sentences(clearance_rows(reader, request), request)[-1])
            parts = [int(number) for number in re.findall(r"(?:^|\+ )(\d+)", said_sum[2])]
            assert int(said_sum[1]) == sum(parts) == enrolled(reader, cohort)


def test_every_analysis_and_those_left_out_are_the_cohort(sample):
    _name, study, reader = sample
    n = enrolled(reader, Cohort())
    for endpoint in outcomes_of(study):
        for view in ("second_draw", "landmark", "moving", "naive"):
            request = AfterDrawRequest(
                clearance=clearance_request(study),
                endpoint=endpoint,
                view=view,
                landmark_months=landmark_months(study),
            )
            found = groups_of(clearance_material(reader, request), request)
            assert found.n + sum(found.excluded.values()) == found.n_cohort == n


def test_nobody_has_an_event_under_a_result_that_the_last_draw_does_not_show(sample):
    """Moving groups against the draws: a result of an older assay is not carried past a newer one."""
    _name, study, reader = sample
    clear = next(rule.scheme for rule in study.molecular_rules if rule.kind == "clearance")
    levels = reader.rows(
        "select patient_id, collected_on, draw_no, status from ctdna_level where is_valid order by draw_no"
    )
    n_events = 0
    for endpoint in outcomes_of(study):
        base = clearance_request(study, scheme=clear)
        request = AfterDrawRequest(clearance=base, endpoint=endpoint, view="moving")
        material = clearance_material(reader, request)
        ends = material.patients.set_index("patient_id")["ended_on"]
        kept = groups_of(material, request).kept
        for patient_id, state in kept.loc[kept["event_observed"], ["patient_id", "state"]].itertuples(
            index=False
        ):
            own = levels[(levels["patient_id"] == patient_id) & (levels["collected_on"] < ends[patient_id])]
            is_clear = own["status"].iloc[-1] == "not_detected"
            assert is_clear == (state == "Not detected at the time"), (endpoint.endpoint_id, patient_id)
            n_events += 1
    assert n_events >= 5


def test_lead_time_counts_everybody(sample):
    _name, study, reader = sample
    figure = clearance_lead(reader, clearance_request(study))
    assert figure.rows["patients"].sum() == enrolled(reader, Cohort())


def test_the_same_figure_gives_the_same_file(sample):
    _name, study, reader = sample
    request = clearance_request(study)
    first, second = clearance_response(reader, request), clearance_response(reader, request)
    assert first.rows.equals(second.rows)


@pytest.mark.parametrize("username", EVERYBODY)
def test_every_role_sees_words_and_no_p_value(page, username):
    for app in every_part(page(username), "clearance"):
        assert not app.exception
        assert technical_words(app) == []
        assert not P_VALUE.search(said(app))
        assert "BIASED" not in said(app)


def test_every_switch_shows_words_and_no_p_value(page):
    app = open_part(page("investigator"), "clearance", SECOND)
    for place in range(len(app.main.toggle)):
        if app.main.toggle[place].label != "Table":
            app.main.toggle[place].set_value(True).run(timeout=120)
            assert not app.exception
    assert technical_words(app) == []
    assert not P_VALUE.search(said(app))
    if app.main.get("vega_lite_chart"):
        next(one for one in app.main.toggle if one.label == "Table").set_value(True).run(timeout=120)
        assert technical_words(app) == []


@pytest.mark.parametrize("sample", ["pulmonary-oligomets"], indirect=True)
def test_the_study_of_22_has_counts_and_no_ratio(page):
    app = page("investigator")
    open_part(app, "clearance", SECOND)
    next(one for one in app.main.toggle if one.label == "Hazard ratio").set_value(True).run(timeout=120)
    words, tables = "", ""
    for name in part_names(app):
        words += said(open_part(app, "clearance", name))
        tables += "".join(table.value.to_csv() for table in app.main.table)
    assert "too few patients for a comparison" in words
    assert "No curve, fewer than 5 patients: " in words
    assert "ctDNA not detected does not exclude disease here" in words
    assert "Before local therapy: detected (informative)" in words
    assert "%" not in tables
