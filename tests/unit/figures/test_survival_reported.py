"""Outcomes as reported: units, who is left out and which groups divide them, on patients counted by hand."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd
import pytest

from dashboard.figures.overview.baseline import baseline_request, overview_baseline
from dashboard.figures.study_guards import study_guards
from dashboard.figures.survival.curves import survival_figure
from dashboard.figures.survival.request import (
    SurvivalRequest,
    followed,
    group_variables,
    offered_endpoints,
    survival_endpoints,
    survival_rows,
)
from dashboard.figures.survival.who import SurvivalGroupsRequest, survival_groups
from dashboard.figures.survival.words import endpoint_card, x_title
from dashboard.store.build import BuildOptions, build_snapshot
from dashboard.store.reader import Reader
from dashboard.store.snapshot import current_snapshot
from dashboard.studies.load import load_study
from tests.small_study import STUDY_TOML, write_small_study

REFERENCE = Path(__file__).resolve().parents[3] / "data" / "reference"
CUT_OFF = "2024-12-31"
REPORTED = """
[[reported_endpoint]]
id = "PFS_AS_REPORTED"
outcome = "PFS"
label = "PFS, as reported"
day_zero = "first dose"
event = "progression or death"
known_groups = ["week_12"]

[[reported_endpoint]]
id = "OS_AS_REPORTED"
outcome = "OS"
label = "Overall survival, as reported"
day_zero = "first dose"
event = "death"
note = "From the publication."

[[group]]
name = "arm"
label = "Arm"

[[group]]
name = "week_12"
label = "Response in week 12"
is_later = true
"""
IDS = [f"R{number:02d}" for number in range(1, 10)]
PATIENTS = "patient_id,site_id,sex,born_on,enrolled_on,tumour_type,diagnosis\n" + "".join(
    f"{one},{'01' if place < 5 else '02'},{'female' if place % 2 else 'male'},1960,2024-01-01,lung,Lung\n"
    for place, one in enumerate(IDS)
)
# R08 has no time, R09 no outcome at all.
OUTCOMES = """patient_id,outcome,time_value,time_unit,days_per_month,event_observed
R01,PFS,0,month,,true
R02,PFS,91.3125,day,,true
R03,PFS,8,week,,false
R04,PFS,4,month,,true
R05,PFS,2,month,30.5,true
R06,PFS,1,year,,false
R07,PFS,-1,month,,true
R08,PFS,,month,,true
R01,OS,5,month,,false
"""
MONTHS = {"R01": 0.0, "R02": 3.0, "R03": 56 / 30.4375, "R04": 4.0, "R05": 61 / 30.4375, "R06": 12.0}
# Enrolled on 1 Jan 2024: 15 Jan is day 14.
ARMS = """patient_id,name,value,recorded_on
R01,arm,a,
R02,arm,a,2024-01-15
R03,arm,b,2024-01-16
R04,week_12,yes,2024-03-25
"""


@cache
def study_folder():
    folder = Path(mkdtemp(prefix="reported-tests-"))
    study = write_small_study(folder, cut_off=CUT_OFF, patient=PATIENTS)
    (study / "study.toml").write_text(STUDY_TOML + REPORTED, encoding="utf-8")
    extract = study / "extracts" / CUT_OFF
    for path in extract.glob("*.csv"):
        if path.name != "patient.csv":
            header = path.read_text(encoding="utf-8").splitlines()[0]
            path.write_text(header + "\n", encoding="utf-8")
    (extract / "reported_outcome.csv").write_text(OUTCOMES, encoding="utf-8")
    (extract / "characteristic.csv").write_text(ARMS, encoding="utf-8")
    build_snapshot(study, options=BuildOptions(store=folder / "store", reference=REFERENCE))
    return study


@pytest.fixture(scope="module")
def study():
    return load_study(study_folder())


@pytest.fixture(scope="module")
def reader(study):
    return Reader(current_snapshot(study_folder().parent / "store", study.study_id))


def asked(study, endpoint="PFS_AS_REPORTED", group=None):
    found = next(one for one in offered_endpoints(study) if one.endpoint_id == endpoint)
    return SurvivalRequest(
        endpoint=found,
        guards=study_guards(study),
        grace_days=14,
        stale_days=90,
        group=next((one for one in group_variables(study, found) if one.name == group), None),
    )


def test_days_weeks_months_of_the_source_and_years_become_months_of_30_4375_days(study, reader):
    kept = followed(survival_rows(reader, asked(study))).set_index("patient_id")
    assert kept["months"].to_dict() == pytest.approx(MONTHS, abs=1e-12)
    assert kept["is_event"].to_dict() == {
        "R01": True, "R02": True, "R03": False, "R04": True, "R05": True, "R06": False
    }  # fmt: skip


def test_no_time_a_time_before_day_0_and_no_outcome_are_left_out_by_name(study, reader):
    rows = survival_rows(reader, asked(study)).set_index("patient_id")
    left_out = rows[rows["status"] == "NOT_AT_RISK"]["rule"].to_dict()
    assert left_out == {"R07": "NO_TIME_REPORTED", "R08": "NO_TIME_REPORTED", "R09": "NOT_REPORTED"}
    caption = survival_figure(reader, asked(study)).caption
    assert caption.startswith(
        "6 of 9 patients are followed; not in this analysis: 1 without this outcome in "
    )
    assert "the files, 2 without a usable time or event in the files. 4 events." in caption


def test_a_reader_of_one_site_has_its_patients_alone(study, reader):
    rows = survival_rows(Reader(reader.snapshot, ("02",)), asked(study))
    assert list(rows["patient_id"]) == ["R06", "R07", "R08", "R09"]


def test_a_characteristic_counts_without_a_date_or_with_one_up_to_the_days_of_grace(study, reader):
    rows = survival_rows(reader, asked(study, group="arm")).set_index("patient_id")
    assert rows["group"].to_dict() == {
        "R01": "a", "R02": "a", **dict.fromkeys(IDS[2:], "Not recorded")
    }  # fmt: skip
    assert rows.index[rows["is_known_later"]].to_list() == ["R03"]


def test_a_later_group_is_used_only_where_the_study_states_it_as_known_on_day_0(study, reader):
    rows = survival_rows(reader, asked(study, group="week_12")).set_index("patient_id")
    assert (rows.loc["R04", "group"], rows["is_known_later"].any()) == ("yes", False)
    offered = {one.endpoint_id: one for one in offered_endpoints(study)}
    names = {
        key: {variable.name for variable in group_variables(study, endpoint)}
        for key, endpoint in offered.items()
    }
    assert "week_12" in names["PFS_AS_REPORTED"]
    assert "week_12" not in names["OS_AS_REPORTED"] | names["OS"]
    assert {"ecog", "line"} <= names["OS"]
    assert not {"ecog", "line", "age"} & (names["PFS_AS_REPORTED"] | names["OS_AS_REPORTED"])


def test_who_the_groups_are_is_shown_of_a_later_group_by_treatment_too(study, reader):
    own = asked(study, group="week_12")
    own = replace(own, group=replace(own.group, is_treatment=True))
    rows = survival_rows(reader, own)
    left_out = set(rows.loc[rows["status"] == "NOT_AT_RISK", "patient_id"])
    figure = survival_groups(reader, SurvivalGroupsRequest(survival=own, baseline=baseline_request(study)))
    # Of the nine R04 alone has a value; who is not followed is in no column.
    n = 9 - len(left_out)
    assert left_out
    assert "R04" not in left_out
    assert list(figure.table.columns)[2:] == [
        f"All, n = {n}", "yes, n = 1", f"Not recorded, n = {n - 1}"
    ]  # fmt: skip
    assert figure.caption.startswith(f"The {n} patients followed for {own.endpoint.label};")
    assert not left_out & set(figure.rows["patient_id"])
    assert own.group.label not in set(figure.table["Characteristic"])
    assert figure.csv().splitlines()[0].count(own.group.caution) == 1


def test_the_baseline_table_in_columns_by_another_characteristic_has_no_caution(study, reader):
    figure = overview_baseline(reader, baseline_request(study, by="Sex"))
    assert len(figure.table.columns) == 5
    assert "comparison" not in figure.footer


def test_reported_outcomes_come_after_the_derived_ones_and_in_no_derived_list(study, reader):
    assert [one.endpoint_id for one in offered_endpoints(study)] == [
        "OS", "PFS_AS_REPORTED", "OS_AS_REPORTED"
    ]  # fmt: skip
    assert [one.endpoint_id for one in survival_endpoints(study)] == ["OS"]
    assert reader.records("select distinct endpoint_id from time_to_event") == [{"endpoint_id": "OS"}]


def test_the_card_the_axis_and_the_method_say_whose_numbers_they_are(study, reader):
    request = asked(study, "OS_AS_REPORTED")
    card = dict(
        endpoint_card(request.endpoint, n={"cohort": 9, "followed": 1, "delayed": 0}, cut_off="today")
    )
    assert card["Source"] == "finished times and events from the files, not derived from dates"
    assert (card["Day 0"], card["Event"], card["Note"]) == ("first dose", "death", "From the publication.")
    assert x_title(request.endpoint, has_joined_late=True) == "months since first dose"
    figure = survival_figure(reader, request)
    assert "those the source reports; nothing is derived from dates" in figure.method
    assert "reported_outcome" in figure.code
    assert "time_to_event" not in figure.code


def test_the_curve_is_that_of_the_reported_times(study, reader):
    table = survival_figure(reader, asked(study)).table
    events = table[table["row"].str.startswith("curve") & (table["events"] > 0)]
    # 6 at risk: 5/6; then a censoring; 4 at risk: 3/4 of it, 2/3 of it, 1/2 of it.
    expected = pd.Series([500 / 6, 500 / 8, 500 / 12, 500 / 24])
    assert events["free_of_event_percent"].to_list() == pytest.approx(expected.to_list(), abs=1e-9)
