"""The queries shown with a figure, run on the file of the data cut, and what stands at the foot of a file."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from dashboard.figures.clearance.groups import groups_of
from dashboard.figures.clearance.material import clearance_material
from dashboard.figures.clearance.survival import clearance_survival
from dashboard.figures.figure import Figure, footer_of
from dashboard.figures.making import UnknownFigure, make_figure
from dashboard.report.figure_files import figure_png, figure_svg
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.tables.formats import format_date
from tests.figure_options import LUNG, OPTIONS

Case = tuple[str, str, dict[str, Any]]
CASES = [(name, study, options) for name, cases in OPTIONS.items() for study, options in cases]
# The third study has one site in its data, so a reader of this site sees all of it.
OF_SITE = [(case, ("01",)) for case in CASES if case[1] != LUNG]
FIRST_CASES = [(name, *cases[0]) for name, cases in OPTIONS.items()]
CASES_OF_SITES = [(case, None) for case in CASES if case in FIRST_CASES or case[1] == LUNG] + OF_SITE
_numbers = count()


@dataclass(frozen=True)
class WatchedReader(Reader):
    """Keeps what reaches the data; by its number no answer to another reader is taken for its own."""

    asked: list[tuple[str, Any]] = field(default_factory=list, compare=False)
    number: int = field(default_factory=lambda: next(_numbers))

    def _kept(self, answers: Any, sql: str, parameters: Any, **more: Any) -> Any:
        self.asked.append((sql, parameters))
        return super()._kept(answers, sql, parameters, **more)


@dataclass(frozen=True)
class Made:
    """A figure, None where there is nothing to show, and what its reader was asked for it."""

    figure: Figure | None
    asked: list[tuple[str, Any]]


@pytest.fixture(scope="module")
def made(sample_snapshot: Callable[[str], Snapshot]) -> Callable[[Case, tuple[str, ...] | None], Made]:
    """Makes the figure of a case for a reader of these sites, once for all tests."""
    kept: dict[str, Made] = {}

    def make(case: Case, sites: tuple[str, ...] | None = None) -> Made:
        name, study, options = case
        if (key := repr((case, sites))) not in kept:
            reader = WatchedReader(sample_snapshot(study), sites)
            try:
                figure = make_figure(reader, name, options)
            except UnknownFigure:
                figure = None
            kept[key] = Made(figure and figure.without_rows(), reader.asked)
        return kept[key]

    return make


@pytest.fixture(scope="module")
def run_text(
    sample_snapshot: Callable[[str], Snapshot],
) -> Iterator[Callable[[str, str], list[pd.DataFrame]]]:
    """Runs shown Python as it stands, beside the file of a study, and gives the frames in their order.

    The file is opened once; a cursor has its own temporary views, as a connection of its own would.
    """
    connect_to_file = duckdb.connect
    opened = cache(lambda study: connect_to_file(str(sample_snapshot(study).database), read_only=True))

    def run(text: str, study: str) -> list[pd.DataFrame]:
        def connect(file: str, *, read_only: bool) -> duckdb.DuckDBPyConnection:
            assert (file, read_only) == ("store.duckdb", True)
            return opened(study).cursor()

        found: dict[str, Any] = {}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(duckdb, "connect", connect)
            exec(text, found)
        return [value for name, value in found.items() if name.startswith("rows")]

    yield run
    for study in {case[1] for case in CASES}:
        opened(study).close()


def lines_of(frames: Sequence[pd.DataFrame]) -> set[tuple[str, ...]]:
    """Each frame as its lines without their order, which a query without `order by` does not promise."""
    return {tuple(sorted(frame.to_csv(index=False).splitlines())) for frame in frames}


def id_of(case: Case, sites: tuple[str, ...] | None) -> str:
    return "-".join([*case[:2], *(sites or ("all",))])


@pytest.mark.parametrize(("case", "sites"), CASES_OF_SITES, ids=[id_of(*one) for one in CASES_OF_SITES])
def test_the_queries_shown_give_all_rows_the_figure_was_made_of_and_no_other(
    case: Case,
    sites: tuple[str, ...] | None,
    sample_snapshot: Callable[[str], Snapshot],
    made: Callable[[Case, tuple[str, ...] | None], Made],
    run_text: Callable[[str, str], list[pd.DataFrame]],
) -> None:
    found, reader = made(case, sites), Reader(sample_snapshot(case[1]), sites)
    assert found.asked
    if found.figure is None:
        assert sites is not None, "one site may have too little to show, all together may not"
        return
    shown = run_text(found.figure.code, case[1])
    assert lines_of(shown) == lines_of([reader.rows(*one) for one in found.asked])


@pytest.mark.parametrize("name", ["completeness_by_item", "treatment_regimens"])
def test_queries_whose_answer_was_kept_for_another_figure_are_shown_too(
    name: str, sample_snapshot: Callable[[str], Snapshot]
) -> None:
    reader = WatchedReader(sample_snapshot("k4care"))
    first, second = make_figure(reader, name, {}), make_figure(reader, name, {})
    assert second.code == first.code
    assert "# Query 2 of " in first.code


def test_a_reader_of_one_site_is_shown_queries_for_its_patients_alone(
    sample_snapshot: Callable[[str], Snapshot], run_text: Callable[[str, str], list[pd.DataFrame]]
) -> None:
    snapshot = sample_snapshot("k4care")
    own = Reader(snapshot).rows("select patient_id from patient where site_id = '01'")["patient_id"]
    whole, limited = [
        run_text(make_figure(Reader(snapshot, sites), "survival", {"endpoint": "PFS"}).code, "k4care")[0]
        for sites in (None, ("01",))
    ]
    assert set(limited["patient_id"]) == set(whole["patient_id"]) & set(own)
    assert 0 < len(limited) < len(whole)


def test_a_reader_of_no_site_is_shown_queries_without_rows(
    sample_snapshot: Callable[[str], Snapshot], run_text: Callable[[str, str], list[pd.DataFrame]]
) -> None:
    figure = make_figure(Reader(sample_snapshot("k4care"), ()), "response_best", {})
    assert [len(rows) for rows in run_text(figure.code, "k4care")] == [0]


def test_several_queries_are_numbered_and_one_is_shown_as_it_is(
    sample_snapshot: Callable[[str], Snapshot],
) -> None:
    reader = Reader(sample_snapshot("k4care"))
    two = make_figure(reader, "clearance_survival", {"endpoint": "PFS"}).code
    assert two.index("# Query 1 of 2\n") < two.index("rows_1 = ") < two.index("# Query 2 of 2\n")
    assert two.index("# Query 2 of 2\n") < two.index("rows_2 = ")
    one = make_figure(reader, "follow_up_weeks", {}).code
    assert "# Query" not in one
    assert "\nrows = connection.execute(sql, {}).df()\n" in one


def test_an_analysis_made_before_its_figure_has_its_queries_with_it(
    sample_snapshot: Callable[[str], Snapshot],
) -> None:
    reader = Reader(sample_snapshot("k4care"))
    figure = make_figure(reader, "clearance_survival", {"endpoint": "PFS"})
    assert figure.origin is not None
    request = figure.origin.request
    followed = groups_of(clearance_material(reader, request), request)
    assert clearance_survival(reader, request, followed=followed).code == figure.code


def test_a_query_asked_again_with_other_values_is_written_once(
    sample_snapshot: Callable[[str], Snapshot],
) -> None:
    code = make_figure(Reader(sample_snapshot("cdk46")), "treatment_times", {}).code
    texts, answers = code.count('"""\n') // 2, code.count(" = connection.execute(sql_")
    assert 1 < texts < answers
    assert f"# Query {answers} of {answers}\n" in code


@pytest.fixture(scope="module")
def foot(sample_snapshot: Callable[[str], Snapshot]) -> Callable[[str], list[str]]:
    """What must stand at the foot: data cut, when loaded, and the hash of the files, from the manifest."""

    def parts(study: str) -> list[str]:
        snapshot = sample_snapshot(study)
        built = dt.datetime.fromisoformat(snapshot.manifest["built_at"])
        return [
            f"data cut {format_date(snapshot.cut_off)}",
            f"loaded {format_date(built.date())} {built:%H:%M} UTC",
            f"files {snapshot.manifest['files'][:8]}",
        ]

    return parts


def missing_from(text: str, parts: Sequence[str]) -> list[str]:
    return [part for part in parts if part not in text]


@pytest.mark.parametrize("case", FIRST_CASES, ids=[case[0] for case in FIRST_CASES])
def test_figure_csv_svg_and_png_say_data_cut_moment_of_loading_and_files(
    case: Case,
    made: Callable[[Case], Made],
    foot: Callable[[str], list[str]],
) -> None:
    parts, figure = foot(case[1]), made(case).figure
    assert figure is not None
    assert missing_from(figure.footer, parts) == []
    assert missing_from(figure.csv().splitlines()[0], parts) == []
    if figure.spec:
        said, drawn = (figure_svg(figure).decode("utf-8").split(mark)[-1] for mark in ("<desc>", "<rect "))
        assert missing_from(said.split("</desc>")[0], parts) == []
        assert missing_from(drawn, parts) == []
        assert missing_from(figure_png(figure, scale=0.2).decode("utf-8", errors="ignore"), parts) == []


def test_the_foot_of_a_data_cut_built_before_files_were_counted_says_what_it_knows() -> None:
    before = Snapshot("small", "2024-06-30-0", dt.date(2024, 6, 30), Path("nowhere"), manifest={})
    assert footer_of(before) == "small · data cut 30 Jun 2024 · snapshot 2024-06-30-0"
