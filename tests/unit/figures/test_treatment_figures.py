"""Figures of the treatment page on eleven patients that can be counted by hand (tests/treatment_study.py)."""

import json
import re
from dataclasses import replace

import pytest
import vl_convert

from dashboard.figures.overview.patients import overview_patients
from dashboard.figures.response.patients import ResponseRequest, ResponseSettings
from dashboard.figures.response.swimmer import SwimmerRequest, response_swimmer
from dashboard.figures.survival.next_line import next_line_sentence
from dashboard.figures.treatment.cases import treatment_cases
from dashboard.figures.treatment.lines import line_rows, treatment_lines, treatment_regimens
from dashboard.figures.treatment.local import (
    LESIONS,
    local_control_curve,
    n_below,
    treatment_doses,
    treatment_lesions,
    treatment_local_groups,
)
from dashboard.figures.treatment.outcomes import (
    lines_on_record,
    outcome_curves,
    outcome_figure,
    treatment_outcomes,
)
from dashboard.figures.treatment.pathways import treatment_pathways
from dashboard.figures.treatment.request import line_endpoints, treatment_request
from dashboard.figures.treatment.second_line import (
    treatment_second_line,
    treatment_second_line_baseline,
)
from dashboard.figures.treatment.stopped_drugs import treatment_stopped_drugs
from dashboard.stats import Guards
from dashboard.store.reader import Reader
from dashboard.studies.cohort import Cohort
from dashboard.studies.load import load_study
from dashboard.studies.schema import ResponseSetting
from dashboard.tables.csv_file import csv_text
from tests.treatment_study import treatment_snapshot, treatment_study_folder

BARE = re.compile(r"\bpfs_?[12]\b", re.IGNORECASE)
TABLES = [
    treatment_lines,
    treatment_regimens,
    treatment_cases,
    treatment_outcomes,
    treatment_pathways,
    treatment_second_line,
    treatment_second_line_baseline,
    treatment_local_groups,
    treatment_doses,
    treatment_lesions,
]
CAUTION = "Treatment was chosen by the physician; groups differ (see table). Not a comparison of efficacy."
BY_TREATMENT = (treatment_second_line, treatment_second_line_baseline)
NAMED = (treatment_regimens, treatment_pathways)
LINE_2 = "PFS on line 2 (from start of line 2), by drug class in line 2"
AS_OF = (
    "visceral disease as at enrolment; months on CDK4/6 inhibitor in line 1 as at the start of line 2; ECOG "
    "as at the start of line 2 (the last on record up to that day, however old, else the first in the 28 "
    "days after it); endocrine sensitivity before the drugs the study follows"
)


@pytest.fixture(scope="module")
def study():
    treatment_snapshot()
    return load_study(treatment_study_folder())


@pytest.fixture(scope="module")
def reader():
    return Reader(treatment_snapshot())


@pytest.fixture(scope="module")
def request_(study):
    return treatment_request(study, cohort=Cohort())


def counts(figure, line):
    own = figure.rows[figure.rows["line"] == line]
    return dict(zip(own["measure"], own["n"], strict=True))


def test_lines_are_counted_with_reasons_of_stopping_and_what_came_after(reader, request_):
    figure = treatment_lines(reader, request_)
    first = counts(figure, 1)
    assert (first["started"], first["ongoing"], first["stopped"]) == (10, 5, 4)
    assert (first["not_followed"], first["transferred"]) == (1, 1)
    assert (first["stopped_progression"], first["stopped_toxicity"]) == (3, 1)
    assert (first["next_line"], first["died"], first["not_recorded"]) == (2, 1, 1)
    second = counts(figure, 2)
    assert (second["started"], second["stopped_progression"], second["stopped_death"]) == (2, 1, 1)
    assert counts(figure, 3)["ongoing"] == counts(figure, 3)["started"] == 1
    assert figure.caption.startswith(
        "10 of 11 patients have a line of systemic therapy on record. On treatment at the data cut, each "
        "counted in the last line: 6 (line 1 5, line 3 1). Overview counts these patients"
    )


def test_who_was_transferred_is_on_treatment_on_no_page(reader, request_):
    # T11: no stop on record, last seen on 20 May, in other care since 1 June.
    overview = overview_patients(reader)
    on_treatment = overview.loc[overview["is_on_treatment"].astype(bool), "patient_id"]
    assert list(on_treatment) == ["T01", "T03", "T05", "T06", "T07", "T08"]
    lines = line_rows(reader, request_)
    goes_on = lines.loc[lines["is_ongoing"].astype(bool)].set_index("patient_id")["line"]
    assert goes_on.to_dict() == {"T01": 3, "T03": 1, "T05": 1, "T06": 1, "T07": 1, "T08": 1}
    assert lines.loc[lines["is_transferred"].astype(bool), "patient_id"].tolist() == ["T11"]
    settings = ResponseSettings(headline=ResponseSetting(id="BEST", label="Best response"))
    swimmer = response_swimmer(reader, SwimmerRequest(response=ResponseRequest(settings=settings, line=1)))
    bars = swimmer.rows.set_index("patient")
    assert sorted(bars.index[bars["is_ongoing"]]) == ["T03", "T05", "T06", "T07", "T08"]
    assert list(bars.index[bars["is_on_later_line"]]) == ["T01"]
    assert list(bars.index[bars["is_transferred"]]) == ["T11"]
    assert "1 transferred to other care before it ended" in swimmer.caption


def test_a_drug_stopped_for_toxicity_is_listed_only_where_the_line_went_on_without_it(reader, request_):
    # T04 stopped everything; of T08 letrozole was given on, with another inhibitor.
    figure = treatment_stopped_drugs(reader, request_)
    assert figure.table.to_numpy().tolist() == [
        ["T08", 1, "palbociclib", "1 Apr 2024", "dalpiciclib + letrozole"]
    ]
    assert counts(treatment_lines(reader, request_), 1)["drug_stopped"] == 1
    assert counts(treatment_lines(reader, request_), 2)["drug_stopped"] == 0


def test_a_median_time_on_treatment_needs_its_events(reader, request_):
    few = treatment_lines(reader, request_).table.set_index("Measure")
    assert (
        few.loc["Median time on treatment with the line, months (95 % CI)", "Line 1"]
        == "not estimable (4 events)"
    )
    # Stops on days 60 (T04), 90 (T02), 120 (T01) and 125 (T10); five go on beyond a year, T11 to 140.
    guards = Guards(median_min_events=4, small_analysis_below=1)
    enough = treatment_lines(reader, replace(request_, guards=guards)).table.set_index("Measure")
    assert enough.loc["Median time on treatment with the line, months (95 % CI)", "Line 1"].startswith(
        "not reached (2.0"
    )


def test_regimens_have_generic_names_in_the_order_given(reader, request_):
    rows = treatment_regimens(reader, request_).rows
    first = rows[rows["line"] == 1]
    assert dict(zip(first["regimen"], first["n"], strict=True)) == {
        "Palbociclib + letrozole": 7,
        "Palbociclib + fulvestrant": 1,
        "Capecitabine + docetaxel, then palbociclib + letrozole": 1,
        "Palbociclib + letrozole, then dalpiciclib + letrozole": 1,
    }


def test_by_class_a_switch_within_the_class_is_no_sequence(reader, request_):
    rows = treatment_regimens(reader, replace(request_, by_class=True)).rows
    first = rows[rows["line"] == 1]
    assert dict(zip(first["regimen"], first["n"], strict=True)) == {
        "CDK4/6 inhibitor + endocrine therapy": 9,
        "Chemotherapy, then CDK4/6 inhibitor + endocrine therapy": 1,
    }


def test_each_case_of_the_line_rules_is_counted_with_both_sides_of_90_days(reader, request_):
    figure = treatment_cases(reader, request_)
    found = {row["case"]: (row["n"], row["of_n"]) for row in figure.rows.to_dict("records")}
    assert found == {
        "class_added": (2, 10),
        "needs_ruling": (1, 10),
        "induction_maintenance": (1, 10),
        "ctdna_guided_switch": (0, 10),
        "switch_in_class": (1, 10),
        "beyond_progression": (1, 4),
        "recorded_disagrees": (0, 10),
    }
    assert "Within 90 days: 1; later: 1." in figure.table.iloc[0]["What it means here"]


def test_a_study_without_a_key_class_has_no_case_of_it(reader, request_):
    rows = treatment_cases(reader, replace(request_, key_class=None)).rows
    assert list(rows["case"]) == ["switch_in_class", "beyond_progression", "recorded_disagrees"]


def test_times_from_a_line_leave_out_survival_to_death_alone(study):
    assert [one.endpoint_id for one in line_endpoints(study)] == ["PFS", "PFS_LINE2", "TTD"]


def test_times_from_a_line_are_one_table_with_who_reached_the_next_line(reader, request_):
    figure = treatment_outcomes(reader, request_)
    numbers = [
        (row["outcome"], row["line"], row["n_followed"], row["n_events"])
        for row in figure.rows.to_dict("records")
    ]
    assert numbers == [
        ("pfs_line1", 1, 10, 4),
        ("pfs_line2", 2, 2, 2),
        ("ttd", 1, 10, 4),
        ("ttd", 2, 2, 2),
        ("ttd", 3, 1, 0),
    ]
    assert (
        "Of 4 with progression on line 1: 2 started line 2, 1 died before it, 1 has no line 2 recorded."
    ) in figure.caption
    assert figure.table["Followed"].tolist()[1] == "2 of 11"


def test_progression_on_a_line_is_one_number_in_the_table_and_in_the_sentence(reader, request_):
    progressed = counts(treatment_lines(reader, request_), 1)["progressed"]
    assert f"Of {progressed} with progression on line 1:" in treatment_outcomes(reader, request_).caption


def test_the_sentence_is_that_of_the_survival_page(reader, request_, study):
    curves = {one.title: one for one in outcome_curves(request_, lines=[1, 2, 3])}
    own = curves["PFS on line 2 (from start of line 2)"].request
    assert next_line_sentence(reader, own) in treatment_outcomes(reader, request_).caption


def test_every_time_has_a_curve(reader, request_):
    curves = outcome_curves(request_, lines=lines_on_record(reader, request_))
    assert len(curves) == 5
    assert all(outcome_figure(reader, curve) is not None for curve in curves)


def test_every_patient_with_a_line_is_in_one_way(reader, request_):
    figure = treatment_pathways(reader, request_)
    ways = {
        tuple(row[name] for name in ("line_1", "line_2", "line_3", "after_line_3")): row["n"]
        for row in figure.rows.to_dict("records")
    }
    inhibitor = "Palbociclib + letrozole"
    assert sum(ways.values()) == 10
    assert ways[(inhibitor, "Line 1 goes on", "", "")] == 3
    assert ways[(inhibitor, "Not followed after line 1", "", "")] == 1
    assert ways[(inhibitor, "Capecitabine", "Eribulin", "Line 3 goes on")] == 1
    assert ways[(inhibitor, "Capecitabine", "Died, no line 3", "")] == 1
    assert ways[(inhibitor, "Died, no line 2", "", "")] == 1
    assert ways[("Palbociclib + fulvestrant", "No line 2 recorded", "", "")] == 1


def from_one_patient(request):
    """The same with a curve from one patient on."""
    return replace(request, guards=replace(request.guards, dim_at_risk_min=1))


def test_line_2_by_treatment_never_comes_without_its_caution(reader, request_):
    assert treatment_second_line(reader, request_).spec == {}
    curve = treatment_second_line(reader, from_one_patient(request_))
    # Once in the picture, at its foot, and once on the page, above the drawing.
    assert CAUTION not in curve.spec["title"]["text"]
    assert CAUTION in curve.alt
    for made in (curve, treatment_second_line_baseline(reader, request_)):
        assert made.csv().splitlines()[0].count(CAUTION) == 1
    assert curve.table["Drug class in line 2"].tolist() == ["Chemotherapy"]
    assert "hazard" not in csv_text(curve.rows, provenance="").lower()


def test_the_groups_of_line_2_are_described_with_what_was_known_then(reader, request_):
    table = treatment_second_line_baseline(reader, request_).table
    assert list(table.columns) == ["Characteristic", "Value", "Chemotherapy, n = 2"]
    cells = dict(zip(table["Value"], table["Chemotherapy, n = 2"], strict=True))
    # 1 Jan to 30 Apr is 120 days, to 5 May 125: 3.9 and 4.1 months. ECOG of T10: 2 days after the start.
    assert cells["Range"] == "3.9–4.1"
    assert (cells["Yes"], cells["No"], cells["1"], cells["2"]) == ("1", "1", "1", "1")
    assert cells["Sensitive or naive"] == "2"


def test_an_ecog_later_than_the_days_of_screening_is_not_known_then(reader, request_):
    table = treatment_second_line_baseline(reader, replace(request_, ecog_after_days=1)).table
    cells = dict(zip(table["Value"], table["Chemotherapy, n = 2"], strict=True))
    assert "2" not in cells
    assert cells["Not recorded"] == "1"


@pytest.fixture
def without_time(request_):
    """The request of a study that measures no time from the start of line 2."""
    return replace(request_, endpoints=request_.endpoints[:1])


def test_a_study_without_a_time_from_line_2_describes_all_who_started_it(reader, request_, without_time):
    assert treatment_second_line(reader, without_time) is None
    groups = treatment_second_line_baseline(reader, without_time)
    assert groups.table.equals(treatment_second_line_baseline(reader, request_).table)
    assert groups.caption.startswith(
        "2 started line 2; the study defines no time from the start of line 2, so no curve is drawn."
    )
    assert groups.method.startswith("All who started line 2.")
    assert "Started line 2, by drug class in line 2" in groups.csv().partition("\n")[0]


def test_of_nobody_in_line_2_there_is_no_table(reader, without_time):
    # T07 to T11, of whom T10 alone began line 2, and two who did not.
    alone = replace(without_time, cohort=Cohort(site_ids=("02",)))
    assert treatment_second_line_baseline(reader, alone).caption.startswith("1 started line 2;")
    nobody = replace(without_time, cohort=Cohort(tumour_types=("lung",)))
    assert treatment_second_line_baseline(reader, nobody) is None


def test_the_groups_of_line_2_say_as_of_when_each_characteristic_is(reader, request_):
    groups = treatment_second_line_baseline(reader, request_)
    assert groups.caption == f"{AS_OF[:1].upper()}{AS_OF[1:]}."
    assert AS_OF in groups.csv().partition("\n")[0]


def test_the_months_before_line_2_are_named_for_what_they_count(reader, request_):
    def names(request):
        return set(treatment_second_line_baseline(reader, request).rows["name"])

    others = {"ecog", "visceral_disease"}
    assert names(request_) == {"months_on_key_drugs_line_1", "endocrine_sensitivity", *others}
    # Without a class sensitivity is judged over every line: nothing that was known when line 2 began.
    assert names(replace(request_, key_class=None)) == {"months_on_line_1", *others}


def test_treatment_of_the_primary_tumour_is_no_local_therapy_of_metastases(reader, request_):
    figure = treatment_local_groups(reader, request_)
    groups = figure.rows.set_index("group_code")
    assert groups["n_patients"].to_dict() == {"RADIOTHERAPY": 1, "MULTIPLE": 1}
    assert groups["n_repeat"].to_dict() == {"RADIOTHERAPY": 0, "MULTIPLE": 1}
    assert figure.table["Patients"].tolist() == ["1", "1", "9"]
    assert "left out: 1 session." in figure.method


def test_doses_stand_against_the_window_and_only_those_below_are_a_warning(reader, request_):
    figure = treatment_doses(reader, request_)
    # 5 x 10 Gy: 50 x (1 + 10 / 10) = 100; 5 x 7 Gy: 35 x (1 + 7 / 10) = 59.5.
    assert figure.rows["bed10_centigray"].tolist() == [10000, 5950]
    assert figure.rows["window"].tolist() == ["within", "below"]
    assert n_below(figure.rows) == 1
    assert "BED10, protocol 72–100 Gy: of 2 radiation treatments 1 below, 0 above" in figure.caption


def test_local_control_counts_a_lesion_once_under_its_first_treatment(reader, request_):
    rows = treatment_lesions(reader, request_).rows.set_index("kind")
    assert rows["n_lesions"].to_dict() == {"radiotherapy": 2, "ablation": 1, "all": 3}
    assert rows["n_progressed"].to_dict() == {"radiotherapy": 1, "ablation": 0, "all": 1}
    assert rows["n_equivocal"].to_dict() == {"radiotherapy": 0, "ablation": 1, "all": 1}
    assert rows.loc["all", "n_patients"] == 2


def test_a_curve_of_local_control_needs_its_events(reader, request_):
    assert local_control_curve(reader, request_) == (
        None,
        "No curve: 1 event (progression in the treated field), fewer than 5.",
    )
    figure, why_not = local_control_curve(reader, replace(request_, guards=Guards(median_min_events=1)))
    assert figure is not None
    assert why_not == ""
    assert local_control_curve(reader, replace(request_, local_control=None)) == (None, LESIONS)


@pytest.mark.parametrize("make", TABLES)
def test_no_file_names_a_patient_or_pfs_by_a_bare_number(reader, request_, make):
    figure = make(reader, request_)
    text = csv_text(figure.rows, provenance=figure.footer)
    assert not re.search(r"\bT(0\d|1[01])\b", text)
    assert not BARE.search(text.split("\n", 1)[1])
    assert "data cut 31 Dec 2024" in figure.footer


def differs_by(make):
    """What the footer says beside the cohort."""
    if make in BY_TREATMENT:
        return [LINE_2] if make is treatment_second_line else [LINE_2, AS_OF]
    return ["named by drugs"] if make in NAMED else []


@pytest.mark.parametrize("make", NAMED)
def test_a_file_says_in_its_head_what_treatment_is_named_by(reader, request_, make):
    heads = [
        make(reader, replace(request_, by_class=by_class)).csv().partition("\n")[0]
        for by_class in (False, True)
    ]
    assert ["named by drug classes" in head for head in heads] == [False, True]
    assert ["named by drugs" in head for head in heads] == [True, False]


def test_the_files_of_line_2_say_in_their_head_which_time_and_which_groups(reader, request_):
    curve = treatment_second_line(reader, from_one_patient(request_))
    for made in (curve, treatment_second_line_baseline(reader, request_)):
        assert LINE_2 in made.csv().partition("\n")[0]
    assert f"{LINE_2}, %" in json.dumps(curve.spec)


@pytest.mark.parametrize("make", TABLES)
def test_a_cohort_is_counted_alone(reader, request_, make):
    one_site = replace(request_, cohort=Cohort(site_ids=("01",)))
    figure = make(reader, one_site)
    cautions = [CAUTION] if make in BY_TREATMENT else []
    assert figure.footer.endswith(" · ".join(["", "cohort: Site 01", *differs_by(make), *cautions]))
    if make is treatment_lines:
        assert figure.caption.startswith("5 of 5 patients have a line of systemic therapy on record.")


@pytest.mark.parametrize("make", [treatment_pathways, treatment_second_line])
def test_the_drawings_draw_in_both_themes(reader, request_, make):
    for theme in ("light", "dark"):
        spec = make(reader, replace(from_one_patient(request_), theme=theme)).spec | {"width": 800}
        assert vl_convert.vegalite_to_svg(json.dumps(spec), allowed_base_urls=[]).startswith("<svg")


@pytest.mark.parametrize("make", TABLES)
def test_a_cohort_without_treatment_has_no_number(reader, request_, make):
    nobody = replace(request_, cohort=Cohort(tumour_types=("lung",)))
    figure = make(reader, nobody)
    if figure is None or figure.rows.empty:
        return
    counted = [name for name in ("n", "n_followed", "n_patients") if name in figure.rows]
    assert counted
    assert figure.rows[counted].to_numpy().sum() == 0
