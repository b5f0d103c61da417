"""The pages on a real study that has durations and no dates: they open, and say what is not there."""

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
    text = (STUDY / "study.toml").read_text(encoding="utf-8")
    named = text.replace('study_id = "inspire"', 'study_id = "alpha"').replace(
        "[study]", "[study]\nsample = true"
    )
    (installation.studies / "alpha" / "study.toml").write_text(named, encoding="utf-8")

    def opened(name, username="investigator"):
        return open_app(username).switch_page(f"pages/cohort/{name}.py").run(timeout=120)

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
    assert list(table["Group"]) == ["1. LS", "2. MSER", "3. MSPP", "4. HS", "All patients"]
    assert list(table["n"]) == ["32", "7", "16", "16", "71"]
    assert technical_words(app) == []


def test_no_group_known_only_at_cycle_3_is_offered_from_study_entry(page):
    app = choose(page("survival"), "Endpoint", "Progression-free survival, as reported")
    offered = next(one for one in app.main.selectbox if one.label == "Group by").options
    assert "Cohort" in offered
    assert "Change of target lesions and ctDNA at cycle 3" not in offered
    assert "ECOG" not in offered
