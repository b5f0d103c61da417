"""Every figure by a treatment that a physician chose says so, on the drawing and in its files (A42)."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.figures.overview.baseline import baseline_variables
from dashboard.figures.study_guards import study_guards
from dashboard.figures.survival.curves import survival_figure
from dashboard.figures.survival.file import survival_numbers_figure
from dashboard.figures.survival.request import SurvivalRequest
from dashboard.figures.survival.variants import VariantsRequest, survival_variants
from dashboard.report.figure_files import figure_svg
from dashboard.store.reader import Reader
from dashboard.studies import vocabulary
from dashboard.studies.load import load_study
from dashboard.ui.group_baseline import note_of
from tests.survival_study import survival_snapshot, survival_study_folder

STUDIES = Path(__file__).parents[3] / "data" / "studies"
CAUTION = vocabulary.WORDS["no_comparison"]


@pytest.fixture(scope="module")
def reader():
    return Reader(survival_snapshot())


def asked(*, is_treatment):
    survival_snapshot()
    study = load_study(survival_study_folder())
    sex = next(one for one in baseline_variables(study) if one.name == "sex")
    return SurvivalRequest(
        endpoint=study.endpoint("OS_LINE1"),
        guards=study_guards(study),
        grace_days=28,
        stale_days=20,
        group=replace(sex, is_treatment=is_treatment),
    )


@pytest.mark.parametrize("is_treatment", [True, False])
def test_curves_by_treatment_say_that_they_are_no_comparison_of_efficacy(reader, is_treatment):
    request = asked(is_treatment=is_treatment)
    figure = survival_figure(reader, request)
    # Once in the picture: at its foot. The page has it above the drawing.
    picture = figure_svg(figure).decode()
    shown = picture.partition("</desc>")[2]
    assert CAUTION not in figure.spec["title"]["text"]
    words = " ".join(re.findall(r">([^<>]+)<", shown)).replace("\N{NO-BREAK SPACE}", " ")
    assert words.count("Not a comparison of efficacy") == int(is_treatment)
    for made in (figure, survival_numbers_figure(reader, request)):
        assert (CAUTION in made.csv().splitlines()[0]) == is_treatment


def test_the_definitions_of_an_endpoint_are_of_all_together_and_carry_no_such_caution(reader):
    request = asked(is_treatment=True)
    figure = survival_variants(reader, VariantsRequest(survival=request, variants=(request.endpoint,)))
    assert CAUTION not in figure.csv()


@pytest.mark.parametrize(
    ("study", "treatments"),
    [
        ("cdk46", ["CDK4/6 inhibitor of line 1", "Endocrine partner of line 1"]),
        ("k4care", ["Treatment class at enrolment"]),
        ("pulmonary-oligomets", ["Local therapy"]),
    ],
)
def test_the_treatments_among_the_groups_of_a_study(study, treatments):
    variables = baseline_variables(load_study(STUDIES / study))
    assert [one.label for one in variables if one.is_treatment] == treatments


@pytest.mark.parametrize("is_treatment", [True, False])
def test_a_figure_with_the_caution_has_no_second_one_from_the_study(is_treatment):
    study = load_study(STUDIES / "pulmonary-oligomets")
    group = next(one for one in baseline_variables(study) if one.label == "Local therapy")
    said = note_of(study, replace(group, is_treatment=is_treatment))
    assert said == ("" if is_treatment else "Not a comparison: the modality was chosen for the lesion.")
