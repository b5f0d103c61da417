"""On the drawings of the sample studies every name of a curve is nearest to its own, on every page width."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dashboard.charts.curve_names import CHARACTER_PX, NAME_HEIGHT_PX
from dashboard.charts.kaplan_meier_rows import HEIGHT
from dashboard.figures.options import request_of
from dashboard.figures.registry import registry
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.studies.load import load_study
from tests.drawn_points import unfolded
from tests.figure_options import OPTIONS

STUDIES = Path(__file__).parents[2] / "data" / "studies"
FIGURES = (
    "survival",
    "survival_incidence",
    "clearance_survival",
    "treatment_second_line",
    "biomarkers_outcome",
)
BREAST, LUNG = "cdk46", "pulmonary-oligomets"
MORE = [
    ("survival", BREAST, {"endpoint": "PFS_LINE2", "group": "cdk46_inhibitor"}),
    ("survival", BREAST, {"endpoint": "PFS_LINE2", "group": "ecog"}),
    ("survival", BREAST, {"endpoint": "TTNT", "group": "bone_only", "line": 2}),
    ("survival", BREAST, {"endpoint": "OS", "group": "metastatic_sites"}),
    ("survival", BREAST, {"endpoint": "OS", "group": "visceral_disease"}),
    ("survival", LUNG, {"endpoint": "OS", "group": "kras"}),
    ("survival_incidence", BREAST, {"endpoint": "TIME_TO_CLEARANCE"}),
    ("survival_incidence", LUNG, {"endpoint": "LOCAL_CONTROL"}),
]
CASES = [(figure, study, options) for figure in FIGURES for study, options in OPTIONS[figure]] + MORE
WIDTHS_PX = (290, 440, 612, 900)
NEARER_PX = 8
Corners = Sequence[tuple[float, float]]


def step_curves(spec: Mapping[str, Any], *, name: str, level: str) -> dict[str, list[tuple[float, float]]]:
    """Of every named curve its corners, in time; that of an earlier data cut is left away."""
    curves: dict[str, list[tuple[float, float]]] = {}
    layer = next(
        one for one in spec["layer"] if one["mark"]["type"] == "line" and "strokeDash" in one["encoding"]
    )
    for record in layer["data"]["values"]:
        for mark in unfolded(record):
            curves.setdefault(mark[name], []).append((mark["time"], mark[level]))
    return curves


def level_at(corners: Corners, time: float) -> float:
    """The level of a curve at a time; infinite where it has ended."""
    if time > corners[-1][0]:
        return float("inf")
    return [level for start, level in corners if start <= time][-1]


def px_apart(level: float, middle: float) -> float:
    return max(0.0, abs(level - middle) * HEIGHT / 100 - NAME_HEIGHT_PX / 2)


def names_read_for_another(spec: Mapping[str, Any], *, width_px: float) -> tuple[int, list[str]]:
    """How many names stand on the drawing, and those somewhere not clearly nearest to their own curve."""
    field = spec["encoding"]["y"]["field"]
    name = "cause" if field == "incidence" else "group"
    curves = step_curves(spec, name=name, level=field)
    until = spec["encoding"]["x"]["scale"]["domain"][1]
    named = {
        (mark[name], mark["time"], mark[field], layer["mark"]["align"])
        for layer in spec["layer"]
        if layer["mark"]["type"] == "text" and layer["mark"].get("fontWeight") == 600
        for mark in layer["data"]["values"]
        if name in mark and "curve_letter" not in mark
    }
    wrong = []
    for own, time, middle, align in named:
        covered = len(own) * CHARACTER_PX * until / width_px
        begin = time if align == "left" else time - covered
        for at in np.linspace(begin, begin + covered, 60):
            apart = {key: px_apart(level_at(corners, at), middle) for key, corners in curves.items()}
            nearest_other = min((px for key, px in apart.items() if key != own), default=np.inf)
            # Half a pixel for a fall between two of the points at which the places were tried.
            if not apart[own] + NEARER_PX - 0.5 <= nearest_other or np.isinf(apart[own]):
                wrong.append(own)
    return len(named), sorted(set(wrong))


@pytest.mark.parametrize(("figure", "study_id", "options"), CASES)
def test_every_name_is_nearest_to_its_own_curve(
    figure: str, study_id: str, options: dict[str, Any], sample_snapshot: Callable[[str], Snapshot]
) -> None:
    figure_of = registry()[figure]
    assert figure_of.request is not None
    request = request_of(figure_of.request, options, study=load_study(STUDIES / study_id))
    made = figure_of.make(Reader(sample_snapshot(study_id)), request)
    assert made is not None
    for width_px in WIDTHS_PX if made.spec else ():
        assert names_read_for_another(made.spec, width_px=width_px)[1] == []


def test_curves_that_run_apart_have_names_and_not_letters(
    sample_snapshot: Callable[[str], Snapshot],
) -> None:
    figure_of = registry()["survival"]
    assert figure_of.request is not None
    options = {"endpoint": "OS", "group": "visceral_disease"}
    request = request_of(figure_of.request, options, study=load_study(STUDIES / BREAST))
    made = figure_of.make(Reader(sample_snapshot(BREAST)), request)
    assert made is not None
    assert names_read_for_another(made.spec, width_px=440)[0] == 2
