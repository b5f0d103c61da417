"""The filter of the page travels with every figure: in its footer, in its file and in its picture."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from dashboard.figures.options import request_of
from dashboard.figures.registry import registry
from dashboard.report.figure_files import figure_svg
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.studies.load import load_study
from tests.figure_options import OPTIONS

STUDIES = Path(__file__).parents[2] / "data" / "studies"
WORDS = "cohort: Marked (3 of 7 patients)"
# Of all patients known to the study, before any filter: recruitment, eligibility, what is owed, and the flow.
WHOLE_STUDY = ("enrolment_", "follow_up_", "overview_accrual", "overview_flow")
CASES = [(name, cases[0]) for name, cases in sorted(OPTIONS.items()) if not name.startswith(WHOLE_STUDY)]


def marked(request: Any) -> Any:
    """The request with the words of a cohort wherever it and its parts carry some."""
    changed = {
        one.name: marked(getattr(request, one.name))
        for one in fields(request)
        if one.init and is_dataclass(getattr(request, one.name))
    }
    names = {one.name for one in fields(request) if one.init}
    own = {"cohort_line": WORDS} if "cohort_line" in names else {}
    return replace(request, **changed, **own) if changed or own else request


@pytest.mark.parametrize(("name", "case"), CASES, ids=[name for name, _ in CASES])
def test_the_cohort_stands_in_footer_file_and_picture(
    name: str, case: tuple[str, dict[str, Any]], sample_snapshot: Callable[[str], Snapshot]
) -> None:
    study_id, options = case
    figure_of = registry()[name]
    assert figure_of.request is not None
    request = marked(request_of(figure_of.request, options, study=load_study(STUDIES / study_id)))
    figure = figure_of.make(Reader(sample_snapshot(study_id)), request)
    assert figure is not None
    assert WORDS in figure.footer
    assert WORDS in figure.csv().partition("\n")[0]
    if figure.spec:
        assert WORDS in figure_svg(figure).decode("utf-8")
