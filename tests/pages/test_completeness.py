"""The completeness page on a built snapshot: counts for everybody, patients only for who may open them."""

import pytest

from dashboard.tables.completeness_cells import STATES
from dashboard.ui.completeness import OLD_DATA_CUT
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind
from tests.pages.said import said, technical_words

PAGE = "pages/conduct/completeness.py"
EVERYBODY = ("oncologist", "oncologist-site", "investigator", "coordinator", "admin")


@pytest.fixture
def completeness(open_app):
    def opened(username):
        app = open_app(username)
        return app.switch_page(PAGE).run()

    return opened


def table_of(app, column):
    return next(one.value for one in app.main.dataframe if column in one.value)


@pytest.mark.parametrize("username", EVERYBODY)
def test_no_technical_word_is_on_the_page(completeness, username):
    app = completeness(username)
    assert not app.exception
    assert technical_words(app) == []


def test_the_states_of_every_item_add_up_to_the_enrolled(completeness):
    table = table_of(completeness("coordinator"), "Group")
    assert (table[list(STATES.values())].sum(axis="columns") == 20).all()
    found = table.set_index("Item")
    assert found.loc["Sex", "Done of expected"] == "20 of 20"
    assert found.loc["Date of consent", "Missing"] == 20


def test_the_key_figures_are_the_sums_of_the_table(completeness):
    app = completeness("investigator")
    table = table_of(app, "Group")
    shown = [int(metric.value) for metric in app.metric]
    assert shown == [int(table[name].sum()) for name in STATES.values()]
    expected = sum(shown[:4])
    assert [metric.delta for metric in app.metric][:4] == [f"of {expected} expected"] * 4


def test_an_administrator_sees_counts_and_no_patient(completeness):
    app = completeness("admin")
    assert "Single patients are not shown to your role." in said(app)
    assert "P12" not in said(app)
    assert [button.label for button in app.button if button.label == "Open this patient"] == []


def test_a_reader_of_one_site_sees_the_patients_of_that_site(completeness):
    words = said(completeness("oncologist-site"))
    assert '"P1"' in words
    assert '"P12"' not in words
    assert "South" not in words


def test_whoever_counts_all_sites_still_sees_own_patients_only(completeness, limit_to_site):
    limit_to_site("investigator", "01")
    app = completeness("investigator")
    next(one for one in app.segmented_control if one.label == "Sites").set_value("All sites").run()
    assert not app.exception
    assert "South" in table_of(app, "Patients").to_csv()
    assert "Patients of your sites only." in said(app)
    assert '"P12"' not in said(app)


def test_an_item_leads_to_its_patients_and_to_the_patient_page(completeness):
    app = completeness("coordinator")
    chosen = next(box for box in app.main.selectbox if box.label == "Item")
    assert "missing or partial)" in chosen.options[0]
    chosen.set_value("consent").run()
    table = table_of(app, "Why")
    assert len(table) == 20
    assert set(table["Why"]) == {"Date of consent: not recorded."}
    next(box for box in app.main.selectbox if box.label == "Patient").set_value("P7").run()
    next(button for button in app.button if button.label == "Open this patient").click().run()
    assert [title.value for title in app.title] == ["P7"]


def test_states_can_be_chosen_and_an_empty_list_says_so(completeness):
    app = completeness("coordinator")
    next(box for box in app.main.selectbox if box.label == "Item").set_value("patient.sex").run()
    assert "No patient in these states." in said(app)
    next(box for box in app.main.multiselect if box.label == "States").set_value(["DONE"]).run()
    assert len(table_of(app, "Why")) == 20


def test_the_matrix_can_be_read_as_a_table(completeness):
    app = completeness("coordinator")
    app.main.toggle(key="completeness.table").set_value(True).run()
    table = table_of(app, "Sex")
    assert len(table) == 20
    assert set(table["Sex"]) == {"Done"}


def test_two_data_cuts_stand_side_by_side(completeness):
    table = table_of(completeness("coordinator"), "29 May 2026")
    assert list(table)[1:] == ["1 Mar 2026", "29 May 2026"]
    assert table.iloc[0]["Item"] == "All items"


def test_the_export_is_recorded_before_a_file_is_offered(completeness, database):
    app = completeness("coordinator")
    next(button for button in app.button if button.label == "Export").click().run()
    assert not app.exception
    events = [event for event in read_events(database) if event.kind is AuditKind.EXPORT]
    assert [event.detail["what"] for event in events] == ["completeness"]
    assert app.get("download_button")


def test_a_data_cut_from_before_says_that_it_must_be_built_again(completeness, monkeypatch):
    monkeypatch.setattr("dashboard.ui.completeness.has_follow_up", lambda reader: False)
    assert OLD_DATA_CUT in said(completeness("investigator"))
