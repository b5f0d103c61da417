"""Treatment of the sample studies: the numbers agree with each other and with the plan of the data."""

from pathlib import Path

import pytest

from dashboard.figures.survival.incidence import headline_sentence
from dashboard.figures.treatment.cases import treatment_cases
from dashboard.figures.treatment.lines import treatment_lines, treatment_regimens
from dashboard.figures.treatment.local import (
    local_control_curve,
    treatment_doses,
    treatment_lesions,
    treatment_local_groups,
)
from dashboard.figures.treatment.outcomes import survival_request, treatment_outcomes
from dashboard.figures.treatment.pathways import treatment_pathways
from dashboard.figures.treatment.request import enrolled_patients, treatment_request
from dashboard.figures.treatment.second_line import treatment_second_line, treatment_second_line_baseline
from dashboard.store.reader import Reader
from dashboard.studies.cohort import Cohort
from dashboard.studies.load import load_study

STUDIES = Path(__file__).parents[2] / "data" / "studies"
ALL = ("cdk46", "k4care", "pulmonary-oligomets")


@pytest.fixture
def asked(sample_snapshot):
    def of(study_id):
        study = load_study(STUDIES / study_id)
        return study, Reader(sample_snapshot(study_id)), treatment_request(study, cohort=Cohort())

    return of


def measures(figure, line):
    own = figure.rows[figure.rows["line"] == line]
    return dict(zip(own["measure"], own["n"], strict=True))


@pytest.mark.parametrize("study_id", ALL)
def test_lines_regimens_and_ways_count_the_same_patients(asked, study_id):
    _, reader, request = asked(study_id)
    lines = treatment_lines(reader, request)
    first = measures(lines, 1)
    assert first["ongoing"] + first["not_followed"] + first["stopped"] == first["started"]
    assert sum(n for name, n in first.items() if name.startswith("stopped_")) == first["stopped"]
    regimens = treatment_regimens(reader, request).rows
    assert regimens.loc[regimens["line"] == 1, "n"].sum() == first["started"]
    ways = treatment_pathways(reader, request).rows
    started = ways[~ways["line_1"].str.startswith("Line 1 not")]
    assert started["n"].sum() == first["started"]
    for name, words in (("died", "Died, no line 2"), ("not_recorded", "No line 2 recorded")):
        assert started.loc[started["line_2"] == words, "n"].sum() == first[name]


def test_time_on_treatment_is_time_to_discontinuation_of_the_study(asked):
    _, reader, request = asked("cdk46")
    times = treatment_outcomes(reader, request).rows
    own = times[times["outcome"] == "ttd"].set_index("line")
    table = treatment_lines(reader, request).table.set_index("Measure")
    for line in own.index:
        median = table.loc["Median time on treatment with the line, months (95 % CI)", f"Line {line}"]
        assert median.startswith(f"{own.loc[line, 'median_months']:.1f} (")
        assert table.loc["Followed on the line after joining the study", f"Line {line}"] == str(
            own.loc[line, "n_followed"]
        )


def test_the_planted_cases_of_the_line_rules_are_counted(asked):
    _, reader, request = asked("cdk46")
    found = treatment_cases(reader, request).rows.set_index("case")["n"]
    # Planted: an add-on on day 60 and one on day 95, each in two patients; eight with chemotherapy first.
    assert found["class_added"] == 4
    assert found["needs_ruling"] == 2
    assert found["induction_maintenance"] == 8
    assert found["beyond_progression"] >= 5
    assert found["ctdna_guided_switch"] >= 1
    assert found["switch_in_class"] >= 1


def test_line_2_by_treatment_describes_everybody_of_its_curve(asked):
    _, reader, request = asked("cdk46")
    curve = treatment_second_line(reader, request)
    groups = treatment_second_line_baseline(reader, request)
    n = int(curve.rows.loc[curve.rows["group"] == "All in this analysis", "n"].iloc[0])
    named = [column for column in groups.table.columns if ", n = " in column]
    assert sum(int(column.rpartition("= ")[2]) for column in named) == n
    assert set(groups.rows["name"]) == {
        "ecog",
        "endocrine_sensitivity",
        "months_on_key_drugs_line_1",
        "visceral_disease",
    }


def test_times_by_line_at_enrolment_put_each_patient_in_one_row(asked):
    _, reader, request = asked("k4care")
    rows = treatment_outcomes(reader, request).rows
    for _, own in rows.groupby("outcome"):
        assert own["n_followed"].sum() <= own["n_cohort"].iloc[0]
        assert list(own["line"]) == sorted(own["line"])
    assert treatment_second_line(reader, request) is None


def test_surgery_of_the_primary_tumour_is_left_out_where_disease_came_later(asked):
    _, reader, request = asked("cdk46")
    groups = treatment_local_groups(reader, request).rows
    assert list(groups["group_code"]) == ["RADIOTHERAPY"]


def test_every_patient_of_study_3_is_in_one_group_of_local_therapy(asked):
    study, reader, request = asked("pulmonary-oligomets")
    groups = treatment_local_groups(reader, request).rows
    n = enrolled_patients(reader, request)
    assert groups["n_patients"].sum() == n
    assert set(groups["group_code"]) == {"RADIOTHERAPY", "ABLATION", "SURGERY", "MULTIPLE"}
    sentence = headline_sentence(
        reader, survival_request(request, request.to_systemic, line=None), study=study
    )
    assert f"{groups['n_repeat'].sum()} of {n} had repeat local therapy" in sentence


def test_study_3_counts_lesions_and_draws_no_curve_of_two_events(asked):
    _, reader, request = asked("pulmonary-oligomets")
    rows = treatment_lesions(reader, request).rows.set_index("kind")
    assert rows.drop("all")["n_lesions"].sum() == rows.loc["all", "n_lesions"]
    assert rows.loc["all", "n_progressed"] < 5
    assert local_control_curve(reader, request)[0] is None
    doses = treatment_doses(reader, request).rows
    assert set(doses["window"]) == {"below", "within", "above"}
    table = treatment_lines(reader, request).table.set_index("Measure")
    assert "%" not in "".join(table.iloc[:-1].to_numpy().ravel())
