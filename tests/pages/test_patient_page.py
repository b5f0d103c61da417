"""The patient page: who is shown, and how one goes to the next patient."""

from tests.pages.said import said, technical_words


def test_next_goes_on_from_the_patient_that_was_picked(open_app):
    app = open_app("oncologist")
    app.switch_page("pages/review/patient.py").run()
    picker = next(box for box in app.selectbox if "P1" in box.options)
    third, fourth = picker.options[2:4]
    picker.select(third).run()
    assert [title.value for title in app.title] == [third]
    next(button for button in app.button if button.label == "Next").click().run()
    assert [title.value for title in app.title] == [fourth]


def test_the_page_says_nothing_technical(open_app):
    app = open_app("oncologist")
    app.switch_page("pages/review/patient.py").run()
    assert not app.exception
    assert technical_words(app) == []


def test_the_page_has_the_treatments_and_tests_of_the_sheet_for_the_mdt(open_app):
    app = open_app("oncologist")
    app.switch_page("pages/review/patient.py").run()
    treatments = next(one.value for one in app.main.table if "Reason stopped" in one.value.columns)
    assert list(treatments["Line"]) == ["1"]
    assert treatments["Dates"][0].startswith("since 3 Feb 2024")
    for part in ("Last responses", "Toxicity that limits choice", "Organ function and virus"):
        assert f"**{part}**" in said(app)
