"""The chase list of the sample studies: one number everywhere, nobody who withdrew, every request filled."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.demo.studies import planted
from dashboard.figures.completeness.matrix import completeness_by_item
from dashboard.figures.completeness.request import completeness_request
from dashboard.figures.follow_up.asked import asked_of_site, site_messages
from dashboard.figures.follow_up.chase_list import chase_counts, chase_list
from dashboard.figures.follow_up.request import ChaseRequest, chase_request, count_unlinked, listed_rows
from dashboard.figures.follow_up.tables import chase_by_site, chase_by_state, chase_weeks, departures
from dashboard.rules.request_texts import LANGUAGES
from dashboard.store.reader import Reader
from dashboard.store.snapshot import current_snapshot
from dashboard.studies.cohort import Cohort
from dashboard.studies.load import load_study
from dashboard.tables.follow_up import CHECK_LINK, SETTLED
from tests.demo_workflow import demo_workflow
from tests.pages.conftest import sign_in_for_test
from tests.pages.said import technical_words

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
STUDIES = ("k4care", "cdk46", "pulmonary-oligomets")
READERS = ("oncologist", "oncologist-site", "investigator", "coordinator")
LEFT = "select patient_id from usable_disposition where kind = 'withdrawal_of_consent'"
GONE = "select patient_id from milestone where kind = 'death' union select patient_id from usable_disposition"
DIED = "select patient_id, died_on from patient_summary where died_on is not null"
PLANNED = ("ctdna", "imaging")


@pytest.fixture(scope="module")
def store(sample_snapshot, sample_store) -> Path:
    """A store with the current data cut of each sample study."""
    for name in STUDIES:
        sample_snapshot(name)
    return sample_store


@pytest.fixture(scope="module", params=STUDIES)
def sample(request, store):
    """Reader and request of one study."""
    return Reader(current_snapshot(store, request.param)), chase_request(
        load_study(DATA / "studies" / request.param)
    )


def test_list_tables_and_counts_have_the_same_number_of_overdue_items(sample):
    reader, request = sample
    figure = chase_list(reader, request)
    overdue = int((figure.rows["state"] == "OVERDUE").sum())
    counts = chase_counts(listed_rows(reader), request)
    states = chase_by_state(reader, request)
    assert overdue == counts.n_overdue > 0
    assert overdue == chase_by_site(reader, request).rows["n_overdue"].sum() == states.table["Overdue"].sum()
    owed = counts.n_overdue + counts.n_closes_soon + counts.n_due_now
    assert owed == len(figure.rows) == states.table[["Overdue", "Closing", "Due now"]].to_numpy().sum()


def test_what_was_due_is_counted_alike_on_follow_up_and_completeness(sample):
    """Windows and records of every item: done, overdue and lost together are those expected so far."""
    reader, request = sample
    study = load_study(DATA / "studies" / reader.snapshot.study_id)
    found = completeness_by_item(reader, completeness_request(study, cohort=Cohort())).rows.set_index("item")
    due = chase_by_site(reader, request).rows.groupby("item")["n_expected"].sum()
    items = due.index.intersection(found.index)
    assert len(items) > 6
    assert due[items].to_dict() == found.loc[items, "n_records_expected"].to_dict()


def test_what_is_done_outside_or_lost_is_listed_as_often_as_it_is_counted(sample):
    reader, request = sample
    states = chase_by_state(reader, request).table
    for view, column in (
        ("DONE_OUTSIDE_WINDOW", "Done outside"),
        ("CANNOT_BE_OBTAINED", "Cannot be obtained"),
    ):
        rows = chase_list(reader, replace(request, view=view)).rows
        assert len(rows) == states[column].sum()
        assert rows["request"].isna().all()
        assert not rows["rule_words"].str.contains("not recorded for not|None|NaT").any()


def test_the_sites_add_up_to_the_whole(sample):
    reader, request = sample
    sites = [site for site, _ in request.site_names]
    own = [chase_counts(listed_rows(Reader(reader.snapshot, (site,))), request).n_overdue for site in sites]
    assert sum(own) == chase_counts(listed_rows(reader), request).n_overdue


def test_whoever_withdrew_is_on_no_list_and_nobody_who_died_or_left_is_asked_to_come(sample):
    reader, _ = sample
    withdrew = {row["patient_id"] for row in reader.records(LEFT)}
    departed = {row["patient_id"] for row in reader.records(GONE)}
    rows = listed_rows(reader)
    assert {row["patient_id"] for row in rows if row["state"] not in SETTLED} & withdrew == set()
    asked = {
        row["patient_id"] for row in rows if row["kind"] in PLANNED and row["state"] in ("OVERDUE", "DUE_NOW")
    }
    declined_draws_only = {
        row["patient_id"]
        for row in reader.records("select patient_id from usable_disposition where kind = 'ctdna_declined'")
    }
    assert asked & (departed - declined_draws_only) == set()
    assert departures(reader).get("WITHDREW", 0) == len(withdrew)


@pytest.mark.parametrize("language", ["", *LANGUAGES])
def test_every_request_is_filled_and_says_whom_it_is_about(sample, language):
    reader, request = sample
    for view in ("OWED", "NOT_YET_DUE", "CANNOT_TELL"):
        asked = ChaseRequest(view=view, language=language, site_languages=request.site_languages)
        rows = chase_list(reader, asked).rows
        for line in rows.to_dict("records"):
            assert line["patient_id"] in line["request"]
            assert re.search(r"[{}]|None|NaT|nan\b", line["request"] + line["rule_words"]) is None
            assert line["language"] in ("en", language or line["language"])


def test_nothing_is_called_missed_where_the_protocol_states_no_interval(sample):
    reader, _ = sample
    assumed = [row for row in listed_rows(reader) if row["state"] == "OVERDUE" and not row["is_protocol"]]
    assert {row["rule"] for row in assumed} <= {"FOLLOW_UP_OVERDUE_ASSUMED"}
    rows = chase_list(reader, ChaseRequest()).rows
    assert not rows["rule_words"].str.contains("missed|recommend|positive|negative").any()


def test_a_patient_who_died_is_called_dead_in_the_row_and_in_the_request(sample):
    reader, request = sample
    died = {row["patient_id"]: row["died_on"] for row in reader.records(DIED)}
    rows = chase_list(reader, request).rows.to_dict("records")
    assert {row["patient_id"]: row["died_on"] for row in rows if row["died_on"]} == {
        row["patient_id"]: died[row["patient_id"]] for row in rows if row["patient_id"] in died
    }
    for row in rows:
        says_so = re.search(r"\((died|tử vong) |（死亡 ", row["request"]) is not None
        assert says_so == (row["patient_id"] in died) == (row["died_words"] != "")


def test_message_and_file_of_a_site_agree_and_a_message_has_one_language(sample):
    reader, request = sample
    rows = chase_list(reader, request).rows
    for site_id, language in request.site_languages:
        own = rows[rows["site_id"] == site_id].to_dict("records")
        messages = site_messages(own, language=language)
        in_file = asked_of_site(rows, site_id=site_id)
        assert sum(message.n_requests for message in messages) == len(in_file)
        assert [line for message in messages for line in message.text.splitlines()] == [
            *in_file.loc[in_file["language"] == language, "request"],
            *in_file.loc[in_file["language"] != language, "request"],
        ]
        assert set(in_file["state"]) <= {"OVERDUE", "CLOSES_SOON"}
        assert "Laboratory" not in set(in_file["owner"])
    late = rows[(rows["owner"] == "Laboratory") & rows["state"].isin(["OVERDUE", "CLOSES_SOON"])]
    for_laboratory = chase_list(reader, replace(request, view="LABORATORY")).rows
    assert list(late["patient_id"]) == list(for_laboratory["patient_id"])


def test_results_without_a_patient_are_named_at_draws_to_readers_of_all_sites_only(sample):
    reader, request = sample
    n = reader.records("select count(*) as n from unlinked_result")[0]["n"]
    assert count_unlinked(reader) == n
    rows = chase_list(reader, request).rows
    led = rows[rows["look_first"] != ""]
    assert (len(led) > 0) == (n > 0)
    assert led["look_first"].str.startswith(f"{n} laboratory result").all()
    assert led["item_name"].str.contains("draw").all()
    one_site = Reader(reader.snapshot, (request.site_names[0][0],))
    assert count_unlinked(one_site) == 0
    assert (chase_list(one_site, request).rows["look_first"] == "").all()


def test_a_draw_that_a_result_without_a_patient_fits_asks_to_check_the_link_and_links_nothing(sample):
    reader, request = sample
    figure = chase_list(reader, request)
    fits = figure.rows["check_link"] != ""
    expected = ["K4C-0034", "K4C-0096"] if reader.snapshot.study_id == "k4care" else []
    assert sorted(figure.rows.loc[fits, "patient_id"]) == expected
    assert (figure.rows["request"].str.contains(CHECK_LINK) == fits).all()
    assert (figure.table["Why"].str.contains(CHECK_LINK) == fits).all()
    assert (figure.rows.loc[fits, "item"] == "draw_1").all()
    one_site = Reader(reader.snapshot, (request.site_names[0][0],))
    assert (chase_list(one_site, request).rows["check_link"] == "").all()


def test_no_sentence_says_that_the_last_was_not_recorded_or_names_grace_of_no_days(sample):
    reader, request = sample
    for row in chase_list(reader, request).rows.to_dict("records"):
        if row["item"] != "vital_status":
            assert "last not recorded" not in row["rule_words"]
            assert "(last: not recorded)" not in row["request"]
        if row["grace_until"] == row["closes_on"]:
            assert "with grace" not in row["rule_words"]


def test_windows_of_the_weeks_ahead_lie_after_the_data_cut(sample):
    reader, request = sample
    rows = chase_weeks(reader, request).rows
    assert rows["n_open"].sum() > 0
    assert rows["n_close"].sum() > 0
    assert (rows["week_on"].iloc[0] - reader.snapshot.cut_off).days in range(-6, 1)


AT_PROGRESSION = """
select
    planned.window_key || ' ' || planned.patient_id as progression, follow_up.state,
    count(*) filter (
        abs(date_diff('day', planned.anchor_on, done.done_on)) <= 30
        and baseline.done_on is distinct from done.done_on
    ) > 0 as is_drawn
from follow_up
inner join planned_window as planned using (patient_id, window_key)
left join follow_up_done as done on planned.patient_id = done.patient_id and planned.kind = done.kind
left join follow_up as baseline
    on planned.patient_id = baseline.patient_id and baseline.item = 'ctdna_baseline'
where follow_up.item = 'ctdna_progression' and follow_up.state <> 'NOT_EXPECTED'
group by all
"""


def test_a_draw_at_progression_stands_as_done_within_thirty_days_of_it_and_else_is_on_a_list(store):
    reader = Reader(current_snapshot(store, "cdk46"))
    rows = reader.records(AT_PROGRESSION)
    done = {row["progression"] for row in rows if row["state"].startswith("DONE")}
    assert done == {row["progression"] for row in rows if row["is_drawn"]} != set()
    listed = reader.records(
        "select column_name || ' ' || patient_id as progression from data_issue where check_id like 'DQ58%'"
    )
    assert {row["progression"] for row in listed} == {row["progression"] for row in rows} - done


OVER_AT_NEXT_LINE = """
select follow_up.state, follow_up.reason_on, planned.next_line_on
from follow_up
inner join planned_window as planned using (patient_id, window_key)
where follow_up.item = 'ctdna_progression' and planned.next_line_on is not null and follow_up.done_on is null
"""


def test_a_draw_at_progression_is_not_asked_for_once_the_next_line_has_started(store):
    rows = Reader(current_snapshot(store, "cdk46")).records(OVER_AT_NEXT_LINE)
    assert {row["state"] for row in rows} == {"CANNOT_BE_OBTAINED", "NOT_EXPECTED"}
    lost = [row for row in rows if row["state"] == "CANNOT_BE_OBTAINED"]
    assert all(row["reason_on"] <= row["next_line_on"] for row in lost)


def test_the_draw_given_at_enrolment_is_that_of_the_baseline_and_not_of_a_later_progression(store):
    rows = Reader(current_snapshot(store, "cdk46")).records(
        "select item, line, state, cast(done_on as varchar) as done_on from follow_up "
        "where patient_id = 'CDK-0195' and item in ('ctdna_baseline', 'ctdna_progression')"
    )
    found = {(row["item"], row["line"]): (row["state"], row["done_on"]) for row in rows}
    assert found["ctdna_baseline", None] == ("DONE_OUTSIDE_WINDOW", "2024-01-30")
    assert found["ctdna_progression", 1] == ("CANNOT_BE_OBTAINED", None)


@pytest.mark.parametrize(
    ("patient", "state", "reason"),
    [("K4C-0059", "NOT_EXPECTED", "DIED"), ("K4C-0026", "CANNOT_BE_OBTAINED", "DIED")],
    ids=["in the grace", "after it"],
)
def test_a_death_in_the_grace_of_the_second_draw_lifts_it_and_one_after_it_does_not(
    store, patient, state, reason
):
    (row,) = Reader(current_snapshot(store, "k4care")).records(
        f"select state, reason from follow_up where item = 'draw_2' and patient_id = '{patient}'"
    )
    assert (row["state"], row["reason"]) == (state, reason)


AMENDED = """
select follow_up.state, follow_up.days_outside, follow_up.rule, follow_up.reason_on, sample.reported_on
from follow_up
inner join usable_ctdna_sample as sample on follow_up.source_key = sample.row_key
where follow_up.item = 'ctdna_result' and sample.report_version > 1
"""


@pytest.mark.parametrize("study", ["k4care", "cdk46"])
def test_no_result_is_late_because_the_laboratory_amended_it(store, study):
    rows = Reader(current_snapshot(store, study)).records(AMENDED)
    assert {(row["state"], row["days_outside"], row["rule"]) for row in rows} == {
        ("DONE_IN_WINDOW", 0, "FOLLOW_UP_AMENDED")
    }
    assert all(row["reason_on"] == row["reported_on"] for row in rows)


def test_who_gave_no_baseline_draw_does_not_stand_as_having_given_one(store):
    reader = Reader(current_snapshot(store, "cdk46"))
    states = {
        row["patient_id"]: row["state"]
        for row in reader.records("select patient_id, state from follow_up where item = 'ctdna_baseline'")
    }
    without = planted("cdk46")["no_baseline_draw"]
    assert {states[patient] for patient in without} <= {"CANNOT_BE_OBTAINED", "NOT_EXPECTED"}


@pytest.fixture
def open_page(store, tmp_path, monkeypatch):
    """The application on the sample studies, as somebody signed in sees it."""
    url = f"sqlite:///{tmp_path / 'workflow.sqlite'}"
    monkeypatch.setenv("DASHBOARD_STORE", str(store))
    monkeypatch.setenv("DASHBOARD_STUDIES", str(DATA / "studies"))
    monkeypatch.setenv("DASHBOARD_WORKFLOW_URL", url)
    engine = demo_workflow(url, STUDIES)

    def opened(username: str, study_id: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.session_state["session_token"] = sign_in_for_test(engine, username)
        app.session_state["study_id"] = study_id
        return app.run()

    yield opened
    engine.dispose()


@pytest.mark.parametrize("username", READERS)
@pytest.mark.parametrize("study_id", STUDIES)
def test_the_page_opens_in_every_study_for_every_reader(open_page, study_id, username):
    app = open_page(username, study_id)
    needs = [one.label for one in app.main.button if "follow-up item" in one.label]
    at_home = [label.split("**")[1] for label in needs if label.endswith("overdue")]
    closing_at_home = [label.split("**")[1] for label in needs if label.endswith("closing within 30 days")]
    app.switch_page("pages/conduct/follow_up.py").run()
    assert not app.exception
    assert technical_words(app) == []
    (on_page,) = [metric.value for metric in app.main.metric if metric.label == "Overdue follow-up"]
    assert len(at_home) == len(STUDIES)
    assert on_page in at_home
    (closing,) = [metric.value for metric in app.main.metric if metric.label == "Close in 30 days"]
    assert closing in closing_at_home
    captions = " ".join(caption.value for caption in app.main.caption)
    assert "sample study, fixed data cut" in captions
    assert "days old" not in captions
