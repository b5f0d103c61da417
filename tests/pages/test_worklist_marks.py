"""From a row of the worklist to the timeline: the days of the row are marked there, and only from there."""

from tests.pages.said import said

WORKLIST, PATIENT = "pages/review/worklist.py", "pages/review/patient.py"
MARKED = "Marked through all panels, as on the worklist: "


def marked(app):
    """The days that the caption of the timeline calls marked; none where it has no such sentence."""
    _before, _word, after = said(app).partition(MARKED)
    return after.partition(".")[0]


def opened(app, patient_id):
    """The patient's page after a click on the patient's row; the click itself leads there for one run."""
    key = f"worklist.open.alpha.{patient_id}"
    next(button for button in app.button if button.key == key).click().run()
    assert not app.exception
    return app.switch_page(PATIENT).run()


def test_the_row_opens_the_timeline_with_its_days_marked(open_app):
    app = open_app("oncologist").switch_page(WORKLIST).run()
    opened(app, "P1")
    # No imaging is on record: the days count from the start of the line to the data cut.
    assert [title.value for title in app.title] == ["P1"]
    assert marked(app) == "3 Feb 2024 and 30 Jun 2024"


def test_the_next_patient_of_the_list_has_the_days_of_its_own_row(open_app):
    app = open_app("oncologist").switch_page(WORKLIST).run()
    opened(app, "P1")
    next(button for button in app.button if button.label == "Next").click().run()
    assert [title.value for title in app.title] == ["P12"]
    assert marked(app) == "3 Feb 2024 and 30 Jun 2024"


def test_a_patient_who_was_not_opened_from_the_list_has_none(open_app):
    app = open_app("oncologist").switch_page(PATIENT).run()
    assert not app.exception
    assert marked(app) == ""


def test_a_shared_screen_marks_the_same_days_without_a_date(open_app):
    app = open_app("oncologist").switch_page(WORKLIST).run()
    opened(app, "P1")
    next(one for one in app.sidebar.toggle if one.label == "Screen share").set_value(True).run()
    assert marked(app) == "day 0 and day 148"
