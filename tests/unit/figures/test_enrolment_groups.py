"""Enrolment by site and tumour type, reasons and signs: small tables that add up."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest

from dashboard.charts.enrolment_groups import GroupOptions, enrolment_groups_chart
from dashboard.figures.enrolment.groups import enrolment_groups, group_months
from dashboard.figures.enrolment.reasons import (
    enrolment_deviations,
    enrolment_failures,
    enrolment_no_sample,
)
from dashboard.figures.enrolment.sites import enrolment_sites, indicator_rows
from dashboard.tables.enrolment_sites import score_words
from tests.builders import OBSERVED_UNTIL
from tests.unit.figures.readers import memory_reader
from tests.unit.figures.test_enrolment_projection import request_of

CUT_OFF = dt.date(2026, 2, 28)
REQUEST = replace(
    request_of(opens=dt.date(2025, 1, 1)), site_names=(("01", "North"), ("02", "South"), ("03", "East"))
)


def patient(patient_id, site_id, enrolled_on, tumour_type="lung"):
    return {
        "patient_id": patient_id,
        "site_id": site_id,
        "tumour_type": tumour_type,
        "enrolled_on": enrolled_on,
        "consented_on": enrolled_on,
    }


PATIENTS = [
    patient("A", "01", dt.date(2025, 6, 1)),
    patient("B", "01", dt.date(2025, 11, 28)),
    patient("C", "01", dt.date(2025, 11, 29), "breast"),
    patient("D", "02", dt.date(2026, 2, 28), None),
    patient("E", "02", None),
    patient("F", "02", None),
]
TABLES = {
    "study": [{}],
    "patient": PATIENTS,
    "disposition": [
        {"patient_id": "E", "kind": "screen_failure", "reason": "ECOG 3"},
        {"patient_id": "F", "kind": "screen_failure"},
        {"patient_id": "A", "kind": "ctdna_declined", "reason": "not in the subset"},
        {"patient_id": "B", "kind": "protocol_deviation", "reason": "late visit", "happened_on": CUT_OFF},
        {"patient_id": "B", "kind": "protocol_deviation", "reason": "late visit"},
        {"patient_id": "B", "kind": "withdrawal_of_consent", "happened_on": CUT_OFF},
    ],
}


@pytest.fixture(scope="module")
def reader():
    made = memory_reader(TABLES, cut_off=CUT_OFF)
    made.connection.execute(
        "insert into data_issue (check_id, patient_id) values ('DQ04', 'C'), ('DQ04', 'E'), ('DQ99', 'A')"
    )
    return made


def test_by_site_every_site_of_the_study_has_a_row_and_the_last_row_is_the_sum(reader):
    figure = enrolment_groups(reader, REQUEST)
    table = figure.table.set_index("Site")
    assert list(table.index) == ["01, North", "02, South", "03, East", "All"]
    assert list(table["Screened"]) == [3, 3, 0, 6]
    assert list(table["Failed screening"]) == [0, 2, 0, 2]
    assert list(table["Enrolled"]) == [3, 1, 0, 4]
    # Three months before 28 Feb 2026 is 28 Nov 2025: the day itself is no longer counted.
    assert list(table["Last 3 months"]) == [1, 1, 0, 2]
    assert table.loc["03, East", ["Per month", "First", "Last"]].tolist() == ["–"] * 3
    assert "Planned" not in table


def test_by_tumour_type_the_largest_comes_first_and_a_missing_type_is_named(reader):
    table = enrolment_groups(reader, replace(REQUEST, group="tumour_type")).table.set_index("Tumour type")
    assert list(table.index) == ["Lung", "Not recorded", "Breast", "All"]
    assert table.loc["All", "Enrolled"] == 4


def test_a_planned_number_per_tumour_type_is_shown_also_where_nobody_is_enrolled(reader):
    request = replace(REQUEST, group="tumour_type", tumour_targets=(("lung", 5), ("gastric", 2)))
    table = enrolment_groups(reader, request).table.set_index("Tumour type")
    assert table.loc[["Lung", "Gastric", "All"], "Planned"].tolist() == ["5", "2", "7"]
    assert table.loc["Gastric", "Enrolled"] == 0


def test_per_month_counts_from_the_first_patient_of_the_site(reader):
    rows = enrolment_groups(reader, REQUEST).rows
    rows = rows[rows["row"] == "group"].set_index("value")
    # From 1 Jun 2025 to 28 Feb 2026 are 273 days.
    assert rows.loc["01", "enrolled_per_month"] == pytest.approx(3 / (273 / 30.4375), abs=1e-4)


def test_running_totals_end_with_the_number_enrolled(reader):
    figure = enrolment_groups(reader, REQUEST)
    frame = reader.rows("select * from usable_patient")
    groups = figure.rows[figure.rows["row"] == "group"]
    months = group_months(frame, groups, request=REQUEST, cut_off=CUT_OFF)
    last = months[months["month"] == dt.date(2026, 2, 1)].set_index("label")["enrolled_total"]
    assert last.to_dict() == {"01, North": 3, "02, South": 1}
    # The file has the same points.
    file = figure.rows[figure.rows["row"] == "month"].groupby("label")["enrolled_total"].last()
    assert file.to_dict() == last.to_dict()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_eight_groups_are_five_lines_and_all_others_together(theme):
    months = pd.DataFrame(
        [
            {"month": dt.date(2026, month, 1), "label": f"S{n}", "enrolled": n, "enrolled_total": n * month}
            for n in range(1, 9)
            for month in (1, 2)
        ]
    )
    spec = enrolment_groups_chart(months, options=GroupOptions(theme=theme))
    rows = spec["layer"][0]["data"]["values"]
    ends = {row["group"]: row["total"] for row in rows if row["is_last"]}
    assert ends == {"S8": 16, "S7": 14, "S6": 12, "S5": 10, "S4": 8, "All others": 12}
    places = sorted(row["name_at"] for row in rows if row["is_last"])
    assert min(later - earlier for earlier, later in pairwise(places)) > 1.0


def test_screening_failures_by_reason_and_site_add_up(reader):
    table = enrolment_failures(reader, REQUEST).table
    assert table.to_dict("records") == [
        {"Reason": "ECOG 3", "All": 1},
        {"Reason": "reason not recorded", "All": 1},
        {"Reason": "All", "All": 2},
    ]


def test_reasons_for_no_blood_draw_add_up_to_those_who_leave_the_flow_there(reader):
    figure = enrolment_no_sample(reader, REQUEST)
    assert figure.table.to_dict("records") == [
        {"Reason": "no draw recorded", "Patients": 2},
        {"Reason": "No ctDNA sampling: not in the subset", "Patients": 1},
        {"Reason": "withdrew consent before it", "Patients": 1},
        {"Reason": "All", "Patients": 4},
    ]
    assert figure.caption == "4 of 4 enrolled have no blood draw for ctDNA."


def test_recorded_deviations_count_patients_and_signs_count_the_enrolled_only(reader):
    figure = enrolment_deviations(reader)
    assert figure.caption == "2 protocol deviations of 1 patient are recorded."
    assert list(figure.table.itertuples(index=False, name=None)) == [
        ("Recorded", "late visit", 1),
        ("By the data", "enrolled, an eligibility criterion not met by the data", 0),
        ("By the data", "enrolled, date of consent missing", 0),
        ("By the data", "consent after enrolment or the first sample", 1),
        ("By the data", "enrolled outside the recruitment period", 0),
    ]


def test_below_five_sites_there_are_counts_and_no_score(reader):
    figure = enrolment_sites(reader, REQUEST)
    assert figure.rows["score"].isna().all()
    assert figure.caption == "No scores: they need at least 5 sites, this study has 2 sites. Counts only."
    table = figure.table.set_index("Site")
    assert table.loc["02, South", "Failed screening"] == "2 of 3"
    assert table.loc["01, North", "Left the study"] == "1 of 3"


def enrolled(patient_id, followed_days, died_after=None):
    """A patient enrolled so many days before the last day observed, and the contact that tells of a death."""
    enrolled_on = OBSERVED_UNTIL - dt.timedelta(days=followed_days)
    died_on = None if died_after is None else enrolled_on + dt.timedelta(days=died_after)
    contact = {"patient_id": patient_id, "contact_on": died_on, "vital_status": "dead", "died_on": died_on}
    return patient(patient_id, "01", enrolled_on), [] if died_on is None else [contact]


def test_deaths_draws_and_criteria_of_a_site_are_counted_of_whom_they_can_be_told():
    told = [
        enrolled("died on day 90", 400, 90),
        enrolled("died on day 91", 400, 91),
        enrolled("alive for 90 days", 90),
        # Not followed for 90 days: no denominator.
        enrolled("alive for 89 days", 89),
        enrolled("died early, of late", 89, 10),
    ]
    draw = {"item": "draw", "label": "Draw", "kind": "ctdna", "anchor": "enrolment", "is_protocol": True}
    male = {"criterion_no": 1, "criterion": "I01", "reading": "", "label": "Male", "kind": "inclusion"}
    rule = {"fact": "sex", "operator": "is", "value": "male", "status": "active", "is_in_force": True}
    reader = memory_reader(
        {
            "patient": [
                {**one, "sex": "female" if one["patient_id"] == "alive for 89 days" else "male"}
                for one, _ in told
            ],
            "contact": [contact for _, contacts in told for contact in contacts],
            # Due from day 0 to 89: on day 89 it is still due, and of who died before it is not expected.
            "visit_plan": [{**draw, "opens_days": 0, "closes_days": 89, "line_scope": "patient"}],
            "ctdna_sample": [
                {
                    "sample_id": "S1",
                    "patient_id": "died on day 91",
                    "collected_on": told[1][0]["enrolled_on"],
                    "status": "detected",
                }
            ],
            "criterion": [male | rule],
        }
    )
    counts = enrolment_sites(reader, REQUEST).rows.set_index("indicator")[["events", "size"]]
    assert counts.loc["Early death"].tolist() == [1, 3]
    # Missing: who died on day 90 and who is alive for 90 days; done: who died on day 91.
    assert counts.loc["Draw missing"].tolist() == [2, 3]
    assert counts.loc["Not eligible"].tolist() == [1, 5]


@pytest.mark.parametrize(
    ("followed_days", "done", "counted"),
    [
        # Due up to day 89, with a grace up to day 99.
        (88, True, None),
        (89, True, None),
        (99, True, None),
        (100, True, [0, 1]),
        (99, False, None),
        (100, False, [1, 1]),
    ],
)
def test_a_draw_counts_once_its_window_and_grace_are_over_done_or_not(followed_days, done, counted):
    one, _ = enrolled("P", followed_days)
    draw = {"item": "draw", "label": "Draw", "kind": "ctdna", "anchor": "enrolment", "is_protocol": True}
    sample = {"sample_id": "S1", "patient_id": "P", "collected_on": one["enrolled_on"], "status": "detected"}
    tables = {
        "study": [{}],
        "patient": [one],
        "visit_plan": [
            {**draw, "opens_days": 0, "closes_days": 89, "grace_days": 10, "line_scope": "patient"}
        ],
        "ctdna_sample": [sample] if done else [],
    }
    found = enrolment_sites(memory_reader(tables), REQUEST).rows.set_index("indicator")
    here = found.loc["Draw missing", ["events", "size"]].tolist() if "Draw missing" in found.index else None
    assert here == counted


@pytest.mark.parametrize(("on", "n_left"), [(99, 0), (100, 1), (400, 1), (401, 0), (None, 1)])
def test_who_was_lost_and_seen_again_or_leaves_after_the_data_cut_has_not_left(on, n_left):
    """Seen on day 100; the data end on day 400."""
    one, _ = enrolled("P", 400)
    begun = one["enrolled_on"]
    gone = None if on is None else begun + dt.timedelta(days=on)
    tables = {
        "study": [{}],
        "patient": [one],
        "contact": [
            {"patient_id": "P", "contact_on": begun + dt.timedelta(days=100), "vital_status": "alive"}
        ],
        "disposition": [{"patient_id": "P", "kind": "lost_to_follow_up", "happened_on": gone}],
    }
    found = enrolment_sites(memory_reader(tables), REQUEST).rows.set_index("indicator")
    assert found.loc["Left the study", ["events", "size"]].tolist() == [n_left, 1]


@pytest.mark.parametrize(("on", "n_left"), [(-1, 0), (0, 1), (400, 1), (401, 0), (None, 0)])
def test_a_screening_failure_from_the_day_of_enrolment_on_is_leaving_the_study(on, n_left):
    """The data end on day 400; before enrolment, or without a day, it is of an earlier screening."""
    one, _ = enrolled("P", 400)
    failed = None if on is None else one["enrolled_on"] + dt.timedelta(days=on)
    tables = {
        "study": [{}],
        "patient": [one],
        "disposition": [{"patient_id": "P", "kind": "screen_failure", "happened_on": failed}],
    }
    found = enrolment_sites(memory_reader(tables), REQUEST).rows.set_index("indicator")
    assert found.loc["Left the study", ["events", "size"]].tolist() == [n_left, 1]


def five_sites():
    return pd.DataFrame(
        {
            "site_id": ["1", "2", "3", "4", "5"],
            "n_screened": [100, 100, 100, 100, 2],
            "n_failed": [10, 10, 10, 30, 0],
            "n_enrolled": [90, 90, 90, 70, 0],
            "n_left": [0] * 5,
            "n_overdue": [0] * 5,
            "n_draw_missing": [0] * 5,
            "n_draw_due": [0] * 5,
            "n_ineligible": [0] * 5,
            "n_judged": [0] * 5,
            "n_early_deaths": [0] * 5,
            "n_followed": [0] * 5,
            "n_events": [0] * 5,
            "n_serious": [0] * 5,
            "n_days": [0] * 5,
        }
    )


def test_from_five_sites_on_a_site_that_differs_has_a_score_and_a_tiny_one_has_none():
    rows = indicator_rows(five_sites(), request=REQUEST, is_scored=True)
    failed = rows[rows["indicator"] == "Failed screening"].set_index("site_id")
    # p = 60 / 402; raw scores -1.38 three times, 4.24, -0.59; their mean square is 4.81.
    assert failed.loc["4", "score"] == pytest.approx(1.934, abs=0.005)
    assert pd.isna(failed.loc["5", "score"])
    # Rates need days: without any there is no row, and nobody enrolled at site 5 is no denominator.
    assert set(rows["indicator"]) == {"Failed screening", "Left the study", "Overdue"}
    assert "5" not in set(rows[rows["indicator"] == "Left the study"]["site_id"])


@pytest.mark.parametrize(("fewest", "scored"), [(2, True), (3, False)])
def test_the_study_says_from_how_many_patients_on_a_site_has_a_score(fewest, scored):
    """Site 5 screened two patients."""
    request = replace(REQUEST, fewest_patients=fewest)
    rows = indicator_rows(five_sites(), request=request, is_scored=True)
    failed = rows[rows["indicator"] == "Failed screening"].set_index("site_id")
    assert pd.notna(failed.loc["5", "score"]) == scored


@pytest.mark.parametrize(
    ("score", "words"),
    [(None, ""), (2.0, ""), (2.01, " ▲ +2.0"), (-2.5, " ▼ −2.5"), (3.0, " ▲ +3.0"), (3.01, " ▲▲ +3.0")],
)
def test_scores_are_marked_beyond_two_and_twice_beyond_three(score, words):
    assert score_words(score) == words
