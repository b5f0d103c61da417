"""Every point that a figure draws stands in its file: numbers of the specification, looked up in the CSV."""

import io
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from dashboard.figures.figure import Figure
from dashboard.figures.making import make_figure
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from tests.drawn_points import POINTS, STEPS, drawn_marks, missing_points, responses_drawn, swimmer_responses
from tests.figure_options import OPTIONS

# A flow is drawn by its geometry; its counts have their own test.
BY_GEOMETRY = frozenset({"treatment_pathways"})
# The hatching of cells that are not covered.
WITHOUT = {"biomarkers_map": ("rule",)}
CASES = [(name, study, options) for name, cases in OPTIONS.items() for study, options in cases]
DRAWN = [case for case in CASES if case[0] in POINTS]
JOINED = ("Other regimens", "Other classes")
Made = Callable[[str, str, dict[str, Any]], Figure]


@pytest.fixture(scope="module")
def made(sample_snapshot: Callable[[str], Snapshot]) -> Made:
    kept: dict[str, Figure] = {}

    def figure_of(name: str, study: str, options: dict[str, Any]) -> Figure:
        key = f"{name} {study} {options}"
        if key not in kept:
            kept[key] = make_figure(Reader(sample_snapshot(study)), name, options)
        return kept[key]

    return figure_of


def file_of(figure: Figure) -> pd.DataFrame:
    """The file as whoever opens it reads it; the first line says where it comes from."""
    return pd.read_csv(io.StringIO(figure.csv()), skiprows=1)


def test_every_figure_with_a_drawing_is_compared_with_its_file(made: Made) -> None:
    drawn = {name for name, study, options in CASES if made(name, study, options).spec}
    assert drawn == set(POINTS) | BY_GEOMETRY


@pytest.mark.parametrize("case", DRAWN, ids=[f"{name}-{study}" for name, study, _ in DRAWN])
def test_every_drawn_point_is_in_the_file(case: tuple[str, str, dict[str, Any]], made: Made) -> None:
    name, study, options = case
    figure = made(name, study, options)
    if not figure.spec:
        return
    points_of, within = POINTS[name]
    points = points_of(file_of(figure))
    assert any(set(placed) & set(points) for _, placed, _ in drawn_marks(figure.spec))
    is_step, without = points_of in STEPS, WITHOUT.get(name, ())
    assert missing_points(figure.spec, points, within=within, without=without, is_step=is_step) == []
    if name == "response_swimmer":
        responses = swimmer_responses(file_of(figure))
        assert missing_points(responses_drawn(figure.spec), responses, within=within) == []


@pytest.mark.parametrize(("study", "options"), OPTIONS["treatment_pathways"])
def test_every_count_of_a_flow_is_a_sum_of_its_file(study: str, options: dict[str, Any], made: Made) -> None:
    figure = made("treatment_pathways", study, options)
    file = file_of(figure)
    records = [one for _, _, records in drawn_marks(figure.spec) for one in records if "name" in one]
    named = [one for one in records if one["name"] not in JOINED]
    assert named
    for one in named:
        columns = list(file.columns[:-1])
        level = one["kind"].rpartition(" ")[2]
        where = [columns[int(level)]] if level.isdigit() else columns
        assert one["n"] == sum(int(file.loc[file[column] == one["name"], "n"].sum()) for column in where)


@pytest.mark.parametrize("name", ["survival", "clearance_lead", "response_spider", "enrolment_groups"])
def test_a_file_without_one_of_the_points_is_found_out(name: str, made: Made) -> None:
    figure = made(name, *OPTIONS[name][0])
    points_of, within = POINTS[name]
    points = points_of(file_of(figure)).drop_duplicates()
    gone = points.dropna().index[len(points.dropna()) // 2]
    assert missing_points(figure.spec, points.drop(index=gone), within=within, is_step=points_of in STEPS)
