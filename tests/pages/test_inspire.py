"""The pages on a real study that has durations and no dates: they open, and say what is not there."""

import json
import re
import shutil

import pytest

from tests.inspire_study import STUDY, inspire_snapshot
from tests.pages.said import said, technical_words

COHORT_PAGES = ("overview", "clearance", "response", "treatment", "biomarkers", "safety")


@pytest.fixture
def page(open_app, installation, shared_data):
    """A page of the study under the name of the study of the other page tests."""
    snapshot = inspire_snapshot(shared_data)
    for database in installation.store.rglob("store.duckdb"):
        shutil.copy(snapshot.database, database)
    for path in installation.store.rglob("manifest.json"):
        manifest = json.loads(path.read_text(encoding="utf-8")) | {"calendar": "relative"}
        path.write_text(json.dumps(manifest), encoding="utf-8")
    text = (STUDY / "study.toml").read_text(encoding="utf-8")
    named = text.replace('study_id = "inspire"', 'study_id = "alpha"').replace(
        "[study]", "[study]\nsample = true"
    )
    (installation.studies / "alpha" / "study.toml").write_text(named, encoding="utf-8")

    def opened(name, username="investigator"):
        path = name if "/" in name else f"cohort/{name}"
        return open_app(username).switch_page(f"pages/{path}.py").run(timeout=120)

    return opened


def choose(app, label, value):
    next(one for one in app.main.selectbox if one.label == label).set_value(value).run(timeout=120)
    assert not app.exception
    return app


@pytest.mark.parametrize("name", COHORT_PAGES)
def test_the_page_opens_without_error_or_technical_word(page, name):
    app = page(name)
    assert not app.exception
    assert technical_words(app) == []


def test_the_overview_counts_the_deaths_that_are_on_record(page):
    figures = {metric.label: (metric.value, metric.delta) for metric in page("overview").metric}
    assert figures["Enrolled"] == ("106", "of 106 planned")
    assert figures["Died"] == ("64", "of 106 enrolled")
    assert figures["On treatment"][0] == "0"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("clearance", "Not applicable"),
        ("safety", "No patient of this cohort has a recorded dose, so there is nothing to count events of."),
    ],
)
def test_a_page_without_its_data_says_so(page, name, sentence):
    assert sentence in said(page(name))


@pytest.mark.parametrize(
    "username", ["oncologist", "oncologist-site", "investigator", "coordinator", "admin"]
)
def test_survival_opens_for_every_role(page, username):
    app = page("survival", username)
    assert not app.exception
    assert technical_words(app) == []


def test_survival_shows_the_landmark_as_reported_and_says_that_there_are_no_dates(page):
    app = choose(page("survival"), "Endpoint", "Overall survival since cycle 3, as reported")
    words = said(app).replace("\\", "")
    assert (
        "71 of 106 patients are followed; not in this analysis: 35 without this outcome in the files."
        in words
    )
    assert "finished times and events from the files, not derived from dates" in words
    assert "The source gives times and no dates" in words
    assert "months since cycle 3 (landmark of the source)" in words
    app = choose(app, "Group by", "Change of target lesions and ctDNA at cycle 3")
    table = next(one.value for one in app.main.table if "Events" in one.value)
    assert list(table["Group"]) == ["1. LS", "2. MSER", "3. MSPP", "4. HS", "All in this analysis"]
    assert list(table["n"]) == ["32", "7", "16", "16", "71"]
    assert technical_words(app) == []


def test_no_group_known_only_at_cycle_3_is_offered_from_study_entry(page):
    app = choose(page("survival"), "Endpoint", "Progression-free survival, as reported")
    offered = next(one for one in app.main.selectbox if one.label == "Group by").options
    assert "Cohort" in offered
    assert "Change of target lesions and ctDNA at cycle 3" not in offered
    assert "ECOG" not in offered


@pytest.mark.parametrize("name", ["overview", "start/home"])
def test_nothing_is_overdue_where_no_window_can_lie_in_a_calendar(page, name):
    app = page(name, "coordinator")
    words = "\n".join([said(app), *(button.label for button in app.button)])
    assert not re.search(r"\d\W* (follow-up items? )?overdue", words)
    assert "Items owed" not in words


def test_nobody_is_said_to_be_last_seen_long_before_a_data_cut_without_date(page):
    words = said(page("survival"))
    assert "before the data cut" not in words.replace("long before the data cut is not known", "")


def test_a_file_that_was_not_read_has_no_number_of_records(page):
    app = page("admin/data", "coordinator")
    assert not app.exception
    assert technical_words(app) == []
    records = app.dataframe[0].value.set_index("File")["Records"]
    assert (records["ctDNA.columns.csv"], records["ctDNA.csv"]) == ("–", "270")
