"""From how many patients on a per cent is given: one limit for every page."""

import pytest
from pydantic import ValidationError

from dashboard.figures.study_guards import counts_only_below, study_guards
from dashboard.studies.choices import Display
from dashboard.studies.load import load_study
from tests.clearance_study import clearance_snapshot, clearance_study_folder


@pytest.fixture(scope="module")
def study():
    clearance_snapshot()
    return load_study(clearance_study_folder())


@pytest.mark.parametrize(("written", "limit"), [(None, 25), (25, 25), (26, 26)])
def test_survival_has_the_limit_of_all_pages_which_a_study_may_raise(study, written, limit):
    if written is not None:
        display = study.display.model_copy(update={"counts_only_below": written})
        study = study.model_copy(update={"display": display})
    assert counts_only_below(study) == limit
    assert study_guards(study).counts_only_below == limit


def test_a_study_may_not_lower_it():
    with pytest.raises(ValidationError, match="counts_only_below"):
        Display(counts_only_below=24)
    assert Display(counts_only_below=25).counts_only_below == 25
