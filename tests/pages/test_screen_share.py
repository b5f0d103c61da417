"""While the screen is shared nothing on the page says who the patient is, or when."""

import re

import pytest

from tests.pages.said import said

MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DATE = re.compile(rf"\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b(?:\d{{1,2}} )?(?:{MONTHS}) \d{{4}}\b")
BIRTH_YEAR = "1960"


def everything(app) -> str:
    """What the page and the sidebar say, with labels, options and help."""
    parts = [said(app), *(element.value for element in app.sidebar.markdown)]
    for kind in ("selectbox", "button", "toggle"):
        for widget in getattr(app, kind):
            parts += [str(widget.label), str(getattr(widget, "help", "")), *getattr(widget, "options", [])]
    return "\n".join(parts)


def shared(app):
    toggle = next(one for one in app.sidebar.toggle if one.label == "Screen share")
    toggle.set_value(True).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("patient_id", ["P1", "P2", "P12"])
def test_no_id_birth_year_or_date_is_on_the_patient_page(open_app, patient_id):
    app = open_app("oncologist")
    app.switch_page("pages/review/patient.py").run()
    picker = next(box for box in app.selectbox if "P1" in box.options)
    picker.select(patient_id).run()
    before = everything(app)
    assert patient_id in before
    assert BIRTH_YEAR in before
    assert DATE.search(before)
    text = everything(shared(app))
    assert [title.value for title in app.title] == ["Patient"]
    assert DATE.findall(text) == []
    assert not re.search(rf"\b{patient_id}\b", text)
    # Of a list in the order of ids the place says who it is.
    assert re.search(r"\b\d+ of \d+\b", before)
    assert not any(re.fullmatch(r"\d+ of \d+.*", one.value) for one in app.main.caption)
    assert BIRTH_YEAR not in text
    assert "day " in text


def test_the_next_patient_is_a_step_away_and_the_choice_survives(open_app):
    app = open_app("oncologist")
    app.switch_page("pages/review/patient.py").run()
    shared(app)
    next(button for button in app.button if button.label == "Next").click().run()
    toggle = next(one for one in app.sidebar.toggle if one.label == "Screen share")
    toggle.set_value(False).run()
    assert [title.value for title in app.title] == ["P10"]


@pytest.mark.parametrize(
    "page", ["review/worklist.py", "review/mdt.py", "cohort/overview.py", "start/home.py"]
)
def test_other_pages_are_hidden(open_app, page):
    app = open_app("oncologist")
    app.switch_page(f"pages/{page}").run()
    shared(app)
    text = everything(app)
    assert "hidden while you share your screen" in text
    assert DATE.findall(text) == []
