"""The line a time or a response is counted on stands on axis, card, title, head and rows of every file."""

from dataclasses import replace

import pytest

from dashboard.figures.overview.baseline import baseline_request, baseline_variables
from dashboard.figures.response.duration import DurationRequest, response_duration
from dashboard.figures.response.lesions import LesionRequest, response_spider, response_waterfall
from dashboard.figures.response.patients import ResponseRequest, response_settings
from dashboard.figures.response.rates import RatesRequest, best_responses, response_by_group, response_rates
from dashboard.figures.response.swimmer import SwimmerRequest, response_swimmer
from dashboard.figures.response.who import ResponseGroupsRequest, response_groups
from dashboard.figures.study_guards import study_guards
from dashboard.figures.survival.curves import survival_figure
from dashboard.figures.survival.file import survival_numbers_figure
from dashboard.figures.survival.of_line import line_words, on_line, titled, with_line
from dashboard.figures.survival.request import SurvivalRequest
from dashboard.figures.survival.variants import VariantsRequest, survival_variants
from dashboard.figures.survival.words import endpoint_card, x_title
from dashboard.store.reader import Reader
from dashboard.studies.load import load_study
from tests.response_study import response_snapshot, response_study
from tests.unit.marts.outcome.clearing import STUDIES

LINES = [(1, "line 1"), (2, "line 2"), (None, "line at enrolment")]


@pytest.fixture(scope="module")
def reader():
    return Reader(response_snapshot())


@pytest.fixture(scope="module")
def study():
    return response_study()


def survival(study, endpoint="DOR", **more):
    guards = replace(study_guards(study), dim_at_risk_min=1)
    return SurvivalRequest(
        endpoint=study.endpoint(endpoint), guards=guards, grace_days=0, stale_days=0, **more
    )


def head(figure):
    return figure.csv().partition("\n")[0]


@pytest.mark.parametrize(
    ("words", "line", "said"),
    [
        ("months since start of the line", "line 2", "months since start of line 2"),
        ("start of the line", "line at enrolment", "start of the line at enrolment"),
        ("start of the line at enrolment", "line 2", "start of the line at enrolment on line 2"),
        ("first event of the lineage", "line 2", "first event of the lineage on line 2"),
        ("months since first response", "line 2", "months since first response on line 2"),
        ("first response", "line at enrolment", "first response on the line at enrolment"),
        ("months since first response", "", "months since first response"),
    ],
)  # fmt: skip
def test_words_name_the_line(words, line, said):
    assert on_line(words, line) == said
    assert with_line("Nobody died.", line) == "Nobody died."


def test_a_title_has_its_line_behind_it():
    assert [titled("numbers", line_words(one)) for one in (2, None)] == [
        "numbers, line 2", "numbers, line at enrolment"
    ]  # fmt: skip
    assert titled("numbers", "") == "numbers"


@pytest.mark.parametrize(("line", "said"), LINES)
@pytest.mark.parametrize(
    ("endpoint", "axis"),
    [
        ("TTNT", "months since start of {}"),
        ("TTD", "months since start of {}"),
        ("DOR", "months since first response on {}"),
    ],
)
def test_axis_card_and_title_name_the_line(line, said, endpoint, axis):
    asked = survival(load_study(STUDIES / "cdk46"), endpoint, line=line)
    the = f"the {said}" if line is None else said
    title = x_title(asked.endpoint, has_joined_late=False, line=asked.line_words)
    assert title == axis.format(the)
    numbers = {"cohort": 320, "followed": 126, "delayed": 0}
    card = dict(endpoint_card(asked.endpoint, n=numbers, cut_off="28 Feb 2026", line=asked.line_words))
    assert card["Population"] == f"126 of 320 in the cohort, counted on {the}"
    assert card["Day 0"].endswith(the)
    assert asked.title == f"{asked.endpoint.label}, {said}"


def test_an_endpoint_of_the_patient_names_no_line():
    asked = survival(load_study(STUDIES / "cdk46"), "OS", line=2)
    assert (asked.line_words, asked.title) == ("", asked.endpoint.label)


@pytest.mark.parametrize(("line", "said"), [LINES[0], LINES[2]])
def test_every_file_of_survival_names_the_line_in_its_head_and_its_rows(study, reader, line, said):
    asked = survival(study, line=line)
    files = [
        survival_figure(reader, asked),
        survival_numbers_figure(reader, asked),
        survival_variants(reader, VariantsRequest(survival=asked, variants=(asked.endpoint,))),
    ]
    for file in files:
        assert f" · Duration of response, {said}" in head(file)
        assert set(file.numbers["line"]) == {said}
    the = f"the {said}" if line is None else said
    assert f"first CR or PR on {the}" in str(files[0].spec)


def test_files_of_an_endpoint_of_the_patient_have_no_column_of_the_line(study, reader):
    asked = survival(study, study.endpoints[0].endpoint_id)
    assert asked.endpoint.per == "patient"
    assert "line" not in survival_figure(reader, asked).numbers
    assert "line" not in survival_numbers_figure(reader, asked).numbers


def files_of(study, reader, response):
    group = next(one for one in baseline_variables(study) if one.name == "tumour_type")
    rates = RatesRequest(response=response, counts_only_below=10, group=group)
    lesions = LesionRequest(response=response)
    found = [
        response_rates(reader, rates),
        response_by_group(reader, rates),
        best_responses(reader, rates),
        response_duration(reader, DurationRequest(response=response, guards=study_guards(study))),
        response_swimmer(reader, SwimmerRequest(response=response)),
        response_groups(reader, ResponseGroupsRequest(rates=rates, baseline=baseline_request(study))),
        response_waterfall(reader, lesions),
        response_spider(reader, lesions),
    ]
    return [one for one in found if one is not None]


@pytest.mark.parametrize(("line", "said"), [LINES[0], LINES[2]])
def test_every_file_of_response_names_the_line(study, reader, line, said):
    response = ResponseRequest(settings=response_settings(study), cohort_line="cohort: all", line=line)
    files = files_of(study, reader, response)
    assert len(files) >= 6
    assert all(f" · {said} · cohort: all" in head(one) for one in files)
    assert all(f" · {response.settings.headline.label} · " in head(one) for one in files)
    the = f"the {said}" if line is None else said
    assert f"months from start of {the}" in str(files[4].spec)


def test_every_file_of_groups_names_what_they_are_of(study, reader):
    """A drug of line 1 as the group of a figure of line 2 would else read as the drug of line 2."""
    group = next(one for one in baseline_variables(study) if one.name == "tumour_type")
    by = f" · by {group.label} · cohort: all"
    asked = survival(study, line=1, group=group, cohort_line="cohort: all")
    assert all(
        by in head(one) for one in (survival_figure(reader, asked), survival_numbers_figure(reader, asked))
    )
    assert by.rpartition(" · ")[0] not in head(survival_figure(reader, replace(asked, group=None)))
    response = ResponseRequest(settings=response_settings(study), cohort_line="cohort: all", line=2)
    rates = RatesRequest(response=response, counts_only_below=10, group=group)
    groups = response_groups(reader, ResponseGroupsRequest(rates=rates, baseline=baseline_request(study)))
    for one in (response_by_group(reader, rates), groups):
        assert f" · by {group.label}" in head(one)
    assert f"Groups: {group.label}." in groups.caption


def test_a_study_without_lines_and_one_after_local_therapy_name_none(study, reader):
    response = ResponseRequest(settings=response_settings(study), cohort_line="cohort: all", has_lines=False)
    assert all("line" not in head(one) for one in files_of(study, reader, response))
    lung = response_settings(load_study(STUDIES / "pulmonary-oligomets"))
    assert ResponseRequest(settings=lung).line_words == ""


def test_who_the_groups_are_counts_who_started_the_line_alone(study, reader):
    response = ResponseRequest(settings=response_settings(study), line=1)
    group = next(one for one in baseline_variables(study) if one.name == "tumour_type")
    rates = RatesRequest(response=response, counts_only_below=10, group=replace(group, is_treatment=True))
    figure = response_groups(reader, ResponseGroupsRequest(rates=rates, baseline=baseline_request(study)))
    # R6 is enrolled and started no line.
    assert list(figure.table.columns)[2:] == ["All, n = 5", "Lung, n = 3", "Breast, n = 2"]
    assert figure.caption.startswith("The 5 patients counted in the rates, who started line 1;")
    assert ": ECOG at the start of line 1, all else at enrolment" in head(figure)
    assert "Tumour type" not in " ".join(figure.table["Characteristic"])
