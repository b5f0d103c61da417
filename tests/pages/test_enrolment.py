"""The enrolment page on a built snapshot: it agrees with the overview, obeys sites, records what it lists."""

import pytest

from dashboard.ui.enrolment import OLD_DATA_CUT
from dashboard.ui.enrolment_eligibility import NO_CRITERIA
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind
from tests.pages.said import said, technical_words

PAGE = "pages/conduct/enrolment.py"
OVERVIEW = "pages/cohort/overview.py"
EVERYBODY = ("oncologist", "oncologist-site", "investigator", "coordinator", "admin")


@pytest.fixture
def enrolment(open_app):
    def opened(username):
        app = open_app(username)
        return app.switch_page(PAGE).run()

    return opened


def flow(app):
    return {row["Patients"]: row["n"] for row in app.table[0].value.to_dict("records")}


def exports(database):
    return [event for event in read_events(database) if event.kind is AuditKind.EXPORT]


def press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    return app


@pytest.mark.parametrize("username", EVERYBODY)
def test_no_technical_word_is_on_the_page(enrolment, username):
    app = enrolment(username)
    assert not app.exception
    assert technical_words(app) == []


def test_the_flow_has_the_numbers_of_the_overview(enrolment, open_app):
    here = flow(enrolment("investigator"))
    overview = flow(open_app("investigator").switch_page(OVERVIEW).run())
    shared = {label: n for label, n in overview.items() if label.startswith("**")}
    assert len(shared) == 8
    assert {label: here[label] for label in shared} == shared
    assert here["**Screened**"] == "**21**"
    assert here["**Enrolled**"] == "**20**"


def test_the_enrolment_card_is_the_one_of_the_overview(enrolment, open_app):
    here, overview = enrolment("investigator"), open_app("investigator").switch_page(OVERVIEW).run()
    own = [caption.value for caption in here.caption if "enrolled by" in caption.value]
    assert own == [caption.value for caption in overview.caption if "enrolled by" in caption.value]
    assert len(own) == 1


def test_a_valid_pair_and_clearance_are_named_apart(enrolment):
    words = said(enrolment("investigator"))
    assert "**valid pair** is two valid samples of one assay" in words
    assert "**Clearance can be judged** only where" in words


def test_enrolment_complete_is_said_in_place_of_a_projection(enrolment):
    assert "No projection: the planned 20 are enrolled (20)." in said(enrolment("investigator"))


def test_a_reader_of_one_site_counts_that_site_and_gets_no_projection(enrolment):
    app = enrolment("oncologist-site")
    assert flow(app)["**Enrolled**"] == "**11**"
    assert "No projection: the planned number is for all sites together." in said(app)
    assert "South" not in said(app)


def test_two_sites_get_counts_and_no_score(enrolment):
    assert "they need at least 5 sites, this study has 2 sites" in said(enrolment("investigator"))


def test_a_study_without_criteria_says_so(enrolment):
    app = enrolment("investigator")
    assert NO_CRITERIA in said(app)
    assert "Show the list" not in [button.label for button in app.button]


@pytest.mark.parametrize(
    ("chosen", "words"),
    [("No ctDNA", "enrolled have no blood draw"), ("Deviations", "No protocol deviation is recorded.")],
)
def test_other_reasons_can_be_chosen(enrolment, chosen, words):
    app = enrolment("coordinator")
    next(one for one in app.segmented_control if chosen in one.options).set_value(chosen).run()
    assert not app.exception
    assert words in said(app)


def test_the_export_is_recorded_before_a_file_is_offered(enrolment, database):
    app = press(enrolment("coordinator"), "Export")
    assert not app.exception
    assert [event.detail["what"] for event in exports(database)] == ["enrolment"]
    assert app.get("download_button")


def test_a_data_cut_from_before_says_that_it_must_be_built_again(enrolment, monkeypatch):
    monkeypatch.setattr("dashboard.ui.enrolment.has_follow_up", lambda reader: False)
    assert OLD_DATA_CUT in said(enrolment("investigator"))
