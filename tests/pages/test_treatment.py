"""The treatment page on eleven patients, and on each of the three sample studies."""

import re
import shutil
from pathlib import Path
from unittest.mock import Mock

import pytest

from dashboard.figures.treatment.second_line import GROUP
from dashboard.ui import treatment_cards
from dashboard.ui.treatment_cards import NO_LINE, NO_SECOND_LINE, NO_TIMES
from dashboard.ui.treatment_local_cards import NO_LOCAL
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind
from tests.pages.parts import every_part, open_part, part_names
from tests.pages.said import TECHNICAL, said, technical_words
from tests.treatment_study import study_text, treatment_snapshot

PAGE = "pages/cohort/treatment.py"
STUDIES = Path(__file__).parents[2] / "data" / "studies"
EVERYBODY = ("oncologist", "oncologist-site", "investigator", "coordinator", "admin")
P_VALUE = re.compile(r"\bp\s*[=<]\s*0")
BARE = re.compile(r"\bPFS[12]\b")
LINE_2 = "PFS on line 2 (from start of line 2)"


def put_in_place(installation, snapshot, text):
    for database in installation.store.rglob("store.duckdb"):
        shutil.copy(snapshot.database, database)
    study = installation.studies / "alpha" / "study.toml"
    study.write_text(re.sub(r'study_id = "[^"]+"', 'study_id = "alpha"', text, count=1), encoding="utf-8")


@pytest.fixture
def page(open_app, installation):
    """The page as a user sees it, with the eleven patients in place of the usual ones."""
    put_in_place(installation, treatment_snapshot(), study_text())

    def opened(username):
        return open_app(username).switch_page(PAGE).run()

    return opened


@pytest.mark.parametrize("username", EVERYBODY)
def test_no_technical_word_and_no_patient_is_on_the_page(page, username):
    for app in every_part(page(username), "treatment"):
        assert not app.exception
        assert technical_words(app) == []
        assert not re.search(r"\bT(0\d|1[01])\b", said(app))


def test_a_part_that_is_closed_computes_nothing(page, monkeypatch):
    made = {name: Mock(wraps=make) for name, make in treatment_cards.FIGURES.items()}
    monkeypatch.setattr(treatment_cards, "FIGURES", made)
    app = page("investigator")
    assert part_names(app) == ["Lines", "Times", "Line 2", "Pathways", "Cases", "Local therapy"]
    assert {name for name, make in made.items() if make.called} == {"lines", "regimens"}
    open_part(app, "treatment", "Pathways")
    assert {name for name, make in made.items() if make.called} == {"lines", "regimens", "pathways"}


def test_lines_cases_times_and_local_therapy_are_on_the_page(page):
    words = "\n".join(said(app) for app in every_part(page("investigator"), "treatment"))
    assert "10 of 11 patients have a line of systemic therapy on record." in words
    assert "Capecitabine + docetaxel, then palbociclib + letrozole" in words
    assert "1 of 4 with progression on a line" in words
    assert "Of 4 with progression on line 1: 2 started line 2" in words
    assert "Local progression in 1 of 3 treated lesions" in words
    assert "Diameter change after ablation or SBRT is not RECIST." in words


def test_drugs_stopped_while_the_line_went_on_are_listed_on_request_and_that_is_recorded(page, database):
    app = page("investigator")
    next(one for one in app.main.button if one.label == "Show the list").click().run()
    assert not app.exception
    assert "1 patient with a drug stopped for toxicity while the line went on." in said(app)
    assert any("T08" in frame.value.to_csv() for frame in app.main.dataframe)
    listed = [one for one in read_events(database) if "drugs stopped for toxicity" in str(one.detail)]
    assert len(listed) == 1
    assert "Show the list" not in [one.label for one in page("admin").main.button]


def test_line_2_by_treatment_stands_with_its_caution(page):
    app = open_part(page("investigator"), "treatment", "Line 2")
    assert GROUP.caution in [one.value for one in app.warning]
    assert "Hazard" not in said(app)


def test_a_dose_below_the_window_is_a_warning_and_one_above_is_none(page):
    app = open_part(page("investigator"), "treatment", "Local therapy")
    warnings = [one.value for one in app.warning]
    assert "1 radiation treatment lies below the protocol window." in warnings
    assert not any("above" in one for one in warnings)


def test_lines_can_be_named_by_class(page):
    app = page("investigator")
    control = next(one for one in app.main.get("button_group") if one.label == "Name treatment by")
    control.set_value("Drug classes").run()
    assert not app.exception
    assert "Chemotherapy, then CDK4/6 inhibitor + endocrine therapy" in said(app)


def test_the_chosen_names_hold_for_the_files_whatever_part_is_open(page, monkeypatch):
    made = {name: Mock(wraps=make) for name, make in treatment_cards.FIGURES.items()}
    monkeypatch.setattr(treatment_cards, "FIGURES", made)
    app = page("coordinator")
    control = next(one for one in app.main.get("button_group") if one.label == "Name treatment by")
    control.set_value("Drug classes").run()
    open_part(app, "treatment", "Times")
    next(button for button in app.button if button.label == "Export").click().run()
    assert not app.exception
    (_, request), _ = made["pathways"].call_args
    assert request.by_class


@pytest.mark.parametrize(
    ("part", "is_offered"),
    [("Lines", True), ("Pathways", True), ("Times", False), ("Line 2", False), ("Cases", False)],
)
def test_the_names_are_chosen_only_where_the_choice_changes_something(page, part, is_offered):
    app = open_part(page("investigator"), "treatment", part)
    labels = [one.label for one in app.main.get("button_group")]
    assert ("Name treatment by" in labels) is is_offered


def test_every_curve_can_be_chosen_and_seen_as_a_table(page):
    app = open_part(page("investigator"), "treatment", "Times")
    choice = next(one for one in app.main.selectbox if one.label == "Curve")
    assert len(choice.options) == 5
    for title in choice.options:
        next(one for one in app.main.selectbox if one.label == "Curve").set_value(title).run()
        assert not app.exception
    for toggle in [one for one in app.main.toggle if one.label == "Table"]:
        toggle.set_value(True)
    app.run()
    assert not app.exception
    assert technical_words(app) == []


def test_a_reader_of_one_site_counts_that_site(page):
    app = page("oncologist-site")
    assert "5 of 5 patients have a line of systemic therapy on record." in said(app)


def test_the_export_is_recorded_before_a_file_is_offered(page, database):
    app = page("coordinator")
    next(button for button in app.button if button.label == "Export").click().run()
    assert not app.exception
    exports = [event for event in read_events(database) if event.kind is AuditKind.EXPORT]
    assert [event.detail["what"] for event in exports] == ["treatment"]
    labels = {button.label for button in app.get("download_button")}
    assert {
        "Save lines as CSV",
        "Save pathways, named by drugs as PNG",
        "Save times as CSV",
        "Save doses as CSV",
    } <= labels


def saved(app):
    """What can be saved once the export was asked for."""
    next(button for button in app.button if button.label == "Export").click().run()
    assert not app.exception
    return {button.label for button in app.get("download_button")}


def test_a_file_is_named_with_what_treatment_is_named_by(page):
    app = page("coordinator")
    by_drug = saved(app)
    control = next(one for one in app.main.get("button_group") if one.label == "Name treatment by")
    control.set_value("Drug classes").run()
    by_class = saved(app)
    for name in ("regimens", "pathways"):
        assert {one for one in by_drug if name in one and "CSV" in one} == {
            f"Save {name}, named by drugs as CSV"
        }
        assert {one for one in by_class if name in one and "CSV" in one} == {
            f"Save {name}, named by drug classes as CSV"
        }
    assert "Save lines as CSV" in by_drug & by_class


def test_line_2_is_titled_and_saved_with_its_time_and_its_groups(page):
    app = open_part(page("coordinator"), "treatment", "Line 2")
    title = f"{LINE_2}, by drug class in line 2"
    assert title in [one.value for one in app.main.header]
    labels = saved(app)
    assert {f"Save {title} as CSV", f"Save {title}, baseline as CSV"} <= labels
    assert not [one for one in labels if "line-2" in one]


def test_without_a_time_from_line_2_its_groups_are_shown_and_saved_alone(open_app, installation):
    """The study of the eleven patients without its PFS on line 2."""
    first, _, after = study_text().partition('[[endpoint]]\nid = "PFS_LINE2"')
    put_in_place(installation, treatment_snapshot(), first + after.partition("\n\n")[2])
    app = open_part(open_app("coordinator").switch_page(PAGE).run(), "treatment", "Line 2")
    assert "2 started line 2; the study defines no time" in said(app)
    labels = {one for one in saved(app) if "line 2" in one}
    assert labels == {"Save Started line 2, by drug class in line 2, baseline as CSV"}


def test_a_curve_is_saved_with_the_time_it_is_of(page):
    app = open_part(page("coordinator"), "treatment", "Times")
    chosen = next(one for one in app.main.selectbox if one.label == "Curve").value
    assert f"Save curve, {chosen} as CSV" in saved(app)


def test_without_lines_from_the_study_the_page_says_what_is_not_applicable(open_app, installation):
    app = open_app("investigator").switch_page(PAGE).run()
    words = "\n".join(said(one) for one in every_part(app, "treatment"))
    assert NO_TIMES in words
    assert NO_SECOND_LINE in words
    assert NO_LOCAL in words
    assert NO_LINE not in words


SAID = {
    "cdk46": (GROUP.caution, "Time to second progression, PFS2 (from start of line 1)"),
    "k4care": ("89 started line 2; the study defines no time", GROUP.caution, "line 1 at enrolment"),
    "pulmonary-oligomets": (NO_TIMES, NO_SECOND_LINE, "Systemic therapy started in"),
}


@pytest.mark.parametrize("study_id", SAID)
def test_the_page_of_each_sample_study(open_app, installation, sample_snapshot, study_id):
    text = (STUDIES / study_id / "study.toml").read_text(encoding="utf-8")
    put_in_place(installation, sample_snapshot(study_id), text)
    app = open_app("investigator").switch_page(PAGE).run(timeout=60)
    assert not app.exception
    words = "\n".join(said(one) for one in every_part(app, "treatment"))
    assert not TECHNICAL.search(words)
    for expected in SAID[study_id]:
        assert expected in words
    assert not P_VALUE.search(words)
    assert not BARE.search(words.replace("Time to second progression, PFS2 (from start of line 1)", ""))
