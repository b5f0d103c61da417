"""From how many patients on a per cent is given: one limit for every page."""

import pytest

from dashboard.figures.study_guards import counts_only_below, study_guards
from dashboard.studies.load import load_study
from tests.clearance_study import clearance_snapshot, clearance_study_folder


@pytest.fixture(scope="module")
def study():
    clearance_snapshot()
    return load_study(clearance_study_folder())


@pytest.mark.parametrize(("written", "limit"), [(None, 25), (24, 25), (25, 25), (26, 26)])
def test_survival_has_the_limit_of_all_pages_which_a_study_may_raise_but_not_lower(study, written, limit):
    if written is not None:
        display = study.display.model_copy(update={"counts_only_below": written})
        study = study.model_copy(update={"display": display})
    assert counts_only_below(study) == limit
    assert study_guards(study).counts_only_below == limit
