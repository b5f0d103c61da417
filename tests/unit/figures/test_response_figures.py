"""The figures of the response page on a built snapshot of six patients."""

import json
from dataclasses import replace

import duckdb
import pandas as pd
import pytest

from dashboard.figures.overview.baseline import baseline_variables
from dashboard.figures.response import duration, lesions, swimmer
from dashboard.figures.response.duration import DurationRequest, response_duration
from dashboard.figures.response.lesions import LesionRequest, response_spider, response_waterfall
from dashboard.figures.response.patients import ResponseRequest, response_patients, response_settings
from dashboard.figures.response.rates import (
    RatesRequest,
    best_responses,
    response_by_group,
    response_rates,
    started,
)
from dashboard.figures.response.swimmer import SwimmerRequest, response_swimmer
from dashboard.figures.study_guards import study_guards
from dashboard.store.reader import Reader
from dashboard.studies.cohort import Cohort
from tests.response_study import response_snapshot, response_study


@pytest.fixture(scope="module")
def reader():
    return Reader(response_snapshot())


@pytest.fixture(scope="module")
def study():
    return response_study()


@pytest.fixture(scope="module")
def request_(study):
    return ResponseRequest(
        settings=response_settings(study), cohort_line="cohort: All enrolled (6 of 6 patients)"
    )


@pytest.fixture(scope="module")
def rates(study, request_):
    group = next(one for one in baseline_variables(study) if one.name == "tumour_type")
    return RatesRequest(response=request_, counts_only_below=10, group=group)


def test_the_rates_of_the_six_patients(reader, rates):
    figure = response_rates(reader, rates)
    assert list(figure.table["k / n"]) == ["2 / 4", "2 / 5", "2 / 5"]
    assert list(figure.table["Confirmed, k / n"]) == ["1 / 4", "1 / 5", "–"]
    assert list(figure.table["No later scan"]) == ["1", "1", "–"]
    assert "6 patients: 5 started the line at enrolment, 1 did not." in figure.caption
    assert "4 measurable, 0 not measurable, 1 not known." in figure.caption
    assert "Not assessed: 1 of 5, in every denominator as not responding." in figure.caption
    assert figure.footer.endswith("cohort: All enrolled (6 of 6 patients)")


def test_best_responses_add_up_to_those_who_started(reader, rates):
    table = best_responses(reader, rates).table
    counts = {row["Best response"]: row["Reported"] for row in table.to_dict("records")}
    assert counts.pop("All") == "5"
    assert sum(int(count) for count in counts.values()) == 5
    assert (counts["Partial response"], counts["No assessment"]) == ("2", "1")


def test_groups_add_up_to_all(reader, rates):
    table = response_by_group(reader, rates).table
    assert table.set_index("Group")["ORR, all"].to_dict() == {
        "Lung": "2 / 3",
        "Breast": "0 / 2",
        "All": "2 / 5",
    }


def test_a_cohort_and_the_sites_of_a_reader_narrow_every_number(reader, rates):
    lung = replace(rates, response=replace(rates.response, cohort=Cohort(tumour_types=("lung",))))
    assert list(response_rates(reader, lung).table["k / n"]) == ["2 / 2", "2 / 3", "2 / 3"]
    south = Reader(reader.snapshot, ("02",))
    assert list(response_rates(south, lung).table["k / n"]) == ["0 / 0", "0 / 1", "0 / 1"]
    assert "'lung'" in response_rates(reader, lung).code


def test_a_line_nobody_began_counts_nobody(reader, rates):
    second = replace(rates, response=replace(rates.response, line=2))
    assert list(response_rates(reader, second).table["k / n"]) == ["0 / 0"] * 3


def test_the_code_of_a_figure_gives_its_rows(reader, rates):
    lung = replace(rates, response=replace(rates.response, cohort=Cohort(tumour_types=("lung",))))
    figure = response_rates(reader, lung)
    text = figure.code.replace('"store.duckdb"', repr(str(reader.snapshot.database)))
    found: dict[str, object] = {"duckdb": duckdb}
    exec(text, found)
    assert list(found["rows"]["patient_id"]) == list(figure.rows["patient_id"]) == ["R1", "R2", "R5", "R6"]


def test_the_waterfall_shows_who_has_sums_and_says_of_how_many(reader, request_):
    figure = response_waterfall(reader, LesionRequest(response=request_))
    assert figure.caption.startswith("4 of 5 patients who started the line")
    assert figure.table.set_index("Patient")["Best change of the sum, %"].to_dict() == {
        "R3": "0.0",
        "R4": "0.0",
        "R2": "−37.5",
        "R1": "−50.0",
    }


def test_the_spider_begins_at_0_and_has_every_sum(reader, request_):
    figure = response_spider(reader, LesionRequest(response=request_))
    points = figure.spec["datasets"]["points"]
    assert [(one["months"], one["change"]) for one in points if one["patient"] == "R1"] == [
        (0.0, 0.0),
        (1.97, -40.0),
        (3.98, -50.0),
    ]
    assert len(figure.table) == 6


def test_nobody_with_sums_gives_no_waterfall(reader, request_):
    nobody = replace(request_, cohort=Cohort(tumour_types=("lung",), patient_values=(("sex", ("male",)),)))
    without = replace(nobody, line=2)
    assert response_waterfall(reader, LesionRequest(response=without)) is None


def test_a_file_of_one_page_of_the_swimmer_says_which(reader, request_, monkeypatch):
    whole = response_swimmer(reader, SwimmerRequest(response=request_))
    assert "longest first" not in whole.footer
    monkeypatch.setattr("dashboard.figures.response.swimmer.ROWS_PER_PAGE", 2)
    last = response_swimmer(reader, SwimmerRequest(response=request_, page=3))
    assert last.csv().splitlines()[0].endswith("patients 5 to 5 of 5, longest first")
    best = response_swimmer(reader, SwimmerRequest(response=request_, order="response"))
    assert best.csv().splitlines()[0].endswith("patients 1 to 2 of 5, best first")


def test_the_swimmer_has_a_row_for_each_and_the_arrow_in_its_legend(reader, request_):
    figure = response_swimmer(reader, SwimmerRequest(response=request_))
    ended = figure.table.set_index("Patient")["At the end"].to_dict()
    assert ended == {"R1": "ongoing", "R2": "ongoing", "R3": "–", "R4": "ongoing", "R5": "ongoing"}
    marks = figure.spec["layer"][-1]["encoding"]
    assert marks["shape"]["scale"]["domain"][-5:] == [
        "Still on this line when last seen",
        "Died",
        "Grey: after progression, same treatment",
        "Bar: time on treatment; colour, letters: best response",
        "Thin line: followed after the bar",
    ]
    titles = {marks["shape"]["title"], *(marks[channel]["title"] for channel in ("fill", "stroke"))}
    assert len(titles) == 1, "one legend needs one title"
    assert figure.caption == "5 patients: 4 of 5 still on this line when last seen, 0 died."


SEEN = pd.DataFrame(
    {
        "patient_id": "R1",
        "months": [1.0, 2.0, 3.0],
        "response": ["NE", "SD", "NE"],
        "is_unassessed": [False, True, True],
        "is_after_progression": [False, False, False],
    }
)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("reported", "NE 1.0, SD 2.0, Scan nobody assessed 3.0"),
        ("reported_else_calculated", "NE 1.0, SD 2.0, Scan nobody assessed 3.0"),
        ("calculated", "NE 1.0, SD 2.0, NE 3.0"),
    ],
)
def test_a_scan_that_nobody_assessed_is_not_called_ne(reader, request_, monkeypatch, source, said):
    monkeypatch.setattr(swimmer, "response_assessments", lambda *_, **__: SEEN)
    headline = request_.settings.headline.model_copy(update={"source": source})
    asked = replace(request_, settings=replace(request_.settings, headline=headline))
    figure = response_swimmer(reader, SwimmerRequest(response=asked))
    told = figure.table.set_index("Patient").iloc[:, -1]
    assert told["R1"] == said
    drawn = json.dumps(figure.spec, ensure_ascii=False)
    has_own_mark = "Scan nobody assessed" in drawn
    assert has_own_mark == (swimmer.UNASSESSED_WORDS in figure.method) == (source != "calculated")
    assert "NE · Not evaluable" in drawn


@pytest.mark.parametrize(
    ("best", "change", "is_said"),
    [("CR", -68.0, True), ("CR", -100.0, False), ("PR", -68.0, False)],
)
def test_a_complete_response_above_100_per_cent_is_explained(best, change, is_said):
    bars = pd.DataFrame({"patient": ["A"], "best": [best], "change_percent": [change]})
    assert lesions.has_complete_above(bars) is is_said


def test_duration_of_response_counts_responders(reader, study, request_):
    figure = response_duration(reader, DurationRequest(response=request_, guards=study_guards(study)))
    value = figure.table.set_index("Duration of response")["Value"]
    assert value["Responders followed"] == "2"
    assert value["Median, months (95 % CI)"] == "not estimable (fewer than 5 ended)"
    assert "outside the response rates" not in figure.caption


def test_a_responder_who_enrolled_for_a_later_line_is_followed_and_said_to_be_outside_the_rates(
    monkeypatch, reader, study, request_
):
    patients = response_patients(reader, request_)
    later = patients.assign(is_for_later_line=patients["patient_id"] == "R1")
    monkeypatch.setattr(duration, "response_patients", lambda *_: later)
    figure = response_duration(reader, DurationRequest(response=request_, guards=study_guards(study)))
    assert figure.caption.startswith("2 responders: ")
    assert " 1 of them stands outside the response rates." in figure.caption


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("line", [None, 1, 2])
def test_no_drawing_has_a_number_json_does_not_know(reader, request_, theme, line):
    asked = replace(request_, line=line)
    lesions = LesionRequest(response=asked, theme=theme)
    figures = [
        response_waterfall(reader, lesions),
        response_spider(reader, lesions),
        response_swimmer(reader, SwimmerRequest(response=asked, theme=theme)),
    ]
    for figure in figures:
        if figure is not None:
            text = json.dumps(figure.spec, allow_nan=False)
            assert "NaT" not in text
            drawn = [
                value for rows in figure.spec["datasets"].values() for row in rows for value in row.values()
            ]
            assert "nan" not in drawn
            assert None not in drawn


@pytest.mark.parametrize(("left_out", "is_said"), [("with maintenance", True), ("", False)])
def test_a_drawing_of_patients_says_how_many_the_rates_leave_out(
    reader, request_, monkeypatch, left_out, is_said
):
    """One of the five began with chemotherapy: counted here, outside the rates where the study says so."""

    def begun(patients):
        return started(patients).assign(is_after_induction=lambda rows: rows["patient_id"] == "R1")

    for module in (lesions, swimmer):
        monkeypatch.setattr(module, "started", begun)
    asked = replace(request_, settings=replace(request_.settings, left_out=left_out))
    drawn = [
        response_waterfall(reader, LesionRequest(response=asked)),
        response_spider(reader, LesionRequest(response=asked)),
        response_swimmer(reader, SwimmerRequest(response=asked)),
    ]
    words = "1 of the 5 stands outside the response rates."
    assert [one.caption.endswith(words) for one in drawn] == [is_said] * 3
