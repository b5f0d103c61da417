"""Each pick of a patient counts, one after another and between steps."""


def opened(app, patient_id):
    picker = next(box for box in app.selectbox if "P1" in box.options)
    picker.select(patient_id).run()
    assert [title.value for title in app.title] == [patient_id]
    assert next(box for box in app.selectbox if "P1" in box.options).value == patient_id


def test_three_picks_in_a_row_each_open_their_patient(open_app):
    app = open_app("oncologist")
    app.switch_page("pages/review/patient.py").run()
    for patient_id in ("P3", "P12", "P2"):
        opened(app, patient_id)
    next(button for button in app.button if button.label == "Next").click().run()
    assert [title.value for title in app.title] == ["P20"]
    opened(app, "P5")
