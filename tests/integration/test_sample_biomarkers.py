"""Biomarkers and the forest plot of the sample studies: what each may say, and numbers that add up."""

from pathlib import Path

import pytest

from dashboard.figures.biomarkers.genes import biomarkers_emergence, biomarkers_prevalence
from dashboard.figures.biomarkers.map import GeneMapRequest, biomarkers_map
from dashboard.figures.biomarkers.outcome import OutcomeRequest, biomarkers_outcome, primary_endpoint
from dashboard.figures.biomarkers.request import biomarker_request
from dashboard.figures.overview.baseline import baseline_variables
from dashboard.figures.study_guards import study_guards
from dashboard.figures.survival.forest import ForestRequest, survival_forest, why_no_forest
from dashboard.figures.survival.request import SurvivalRequest, followed, survival_rows
from dashboard.stats import CoxModel, fit_cox
from dashboard.store.reader import Reader
from dashboard.studies.cohort import Cohort
from dashboard.studies.load import load_study

STUDIES = Path(__file__).parents[2] / "data" / "studies"
ALL = ("cdk46", "k4care", "pulmonary-oligomets")


@pytest.fixture(scope="module")
def opened(sample_snapshot):
    """Gives reader and study of a sample study."""
    return lambda study_id: (Reader(sample_snapshot(study_id)), load_study(STUDIES / study_id))


def survival(study, name):
    return SurvivalRequest(
        endpoint=primary_endpoint(study),
        guards=study_guards(study),
        grace_days=study.lines.index_grace_days,
        stale_days=90,
        group=next(one for one in baseline_variables(study) if one.name == name),
    )


@pytest.mark.parametrize("study_id", ALL)
def test_denominators_add_up_and_the_map_draws_every_sampled_patient(opened, study_id):
    reader, study = opened(study_id)
    request = biomarker_request(study, cohort=Cohort())
    rows = biomarkers_prevalence(reader, request).rows
    assert (rows["n_assessable"] + rows["n_not_covered"] == rows["n_valid"]).all()
    found = biomarkers_map(reader, GeneMapRequest(biomarkers=request, shows_patients=True))
    assert len(found.table) == rows["n_valid"].iloc[0]
    assert len(found.table.columns) <= 22


@pytest.mark.parametrize(("study_id", "is_shown"), [*zip(ALL, (True, False, False), strict=True)])
def test_only_the_fixed_panel_shows_new_variants(opened, study_id, is_shown):
    reader, study = opened(study_id)
    figure = biomarkers_emergence(reader, biomarker_request(study, cohort=Cohort()))
    assert (figure is not None) == is_shown


def test_esr1_is_the_gene_most_often_new_on_line_1(opened):
    reader, study = opened("cdk46")
    first = biomarkers_emergence(reader, biomarker_request(study, cohort=Cohort())).rows.iloc[0]
    assert first["gene"] == "ESR1"
    assert first["n_new"] < first["n_assessable"] < first["n_progressed"]


@pytest.mark.parametrize(("study_id", "gene"), [*zip(ALL, ("PIK3CA", "TP53", "APC"), strict=True)])
def test_the_small_study_has_an_outcome_in_counts_only(opened, study_id, gene):
    reader, study = opened(study_id)
    request = OutcomeRequest(
        gene=gene, biomarkers=biomarker_request(study, cohort=Cohort()), survival=survival(study, "sex")
    )
    figure = biomarkers_outcome(reader, request)
    assert bool(figure.spec) == (study_id != "pulmonary-oligomets")
    assert "Exploratory" in figure.caption


def test_every_row_of_the_forest_is_the_cox_model_of_its_patients(opened):
    reader, study = opened("cdk46")
    request = survival(study, "visceral_disease")
    ecog = next(one for one in baseline_variables(study) if one.name == "ecog")
    forest = survival_forest(
        reader,
        ForestRequest(survival=request, compared="Not visceral", reference="Visceral", subgroups=(ecog,)),
    )
    kept = followed(survival_rows(reader, request), group=request.group)
    ecog_of = reader.rows(
        "select patient_id, cast(cast(value as integer) as varchar) as ecog from ("
        "select m.patient_id, m.value, row_number() over (partition by m.patient_id order by m.measured_on "
        "desc) as place from usable_measurement as m inner join usable_patient as p using (patient_id) inner "
        "join line_of_therapy as l on l.patient_id = m.patient_id and l.line = 1 where m.name = 'ecog' and "
        "date_diff('day', greatest(p.enrolled_on, l.started_on), m.measured_on) <= 28) where place = 1"
    ).set_index("patient_id")["ecog"]
    model = CoxModel(
        time="months",
        event="is_event",
        entry="entry_months",
        terms=("group",),
        references={"group": "Visceral"},
    )
    level = kept["patient_id"].map(ecog_of).fillna(ecog.missing)
    shown = forest.rows[forest.rows["withheld"].isna()]
    assert len(shown) >= 3
    for row in shown.to_dict("records"):
        own = kept if not row["level"] else kept[level == row["level"]]
        (term,) = fit_cox(own.assign(group=own["group"].astype(str)), model=model).terms
        expected = (term.hazard_ratio, term.lower, term.upper)
        assert (row["hazard_ratio"], row["lower"], row["upper"]) == pytest.approx(expected, abs=1e-6)


def test_the_study_of_few_has_no_forest_and_says_why(opened):
    reader, study = opened("pulmonary-oligomets")
    request = survival(study, "sex")
    kept = followed(survival_rows(reader, request), group=request.group)
    assert "too few patients for a comparison" in why_no_forest(kept, request)
    made = ForestRequest(survival=request, compared="Male", reference="Female", subgroups=())
    assert survival_forest(reader, made) is None
