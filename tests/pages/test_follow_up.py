"""The follow-up page: one number on home, overview, list and file; requests; rights; words."""

import datetime as dt
import io
import re

import pytest
import streamlit as st
from openpyxl import load_workbook

from dashboard.store.snapshot import read_snapshot
from dashboard.studies.load import load_study
from dashboard.ui.cards import plain
from dashboard.ui.follow_up import NO_DATES, OLD_DATA_CUT, age_words
from dashboard.ui.follow_up_rows import NOTHING_FOUND, ONE_SITE
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind
from tests.pages.said import said, technical_words

PAGE = "pages/conduct/follow_up.py"
READERS = ("oncologist", "oncologist-site", "investigator", "coordinator")
OVERDUE = "Overdue follow-up"


@pytest.fixture
def follow_up(open_app):
    def opened(username):
        app = open_app(username)
        return app.switch_page(PAGE).run()

    return opened


def metrics(app):
    return {metric.label: metric.value for metric in app.main.metric}


def patients(app):
    """Patients of the rows shown."""
    return [button.label.strip("*") for button in app.button if str(button.key).startswith("follow_up.open")]


def view(app, name):
    return app.segmented_control(key="follow_up.view.alpha").set_value(name).run()


def one_text(app):
    """The requests of one site as one text; None where there is none."""
    return next((one for one in app.main.expander if one.label.startswith("One text to ")), None)


def rows_shown(app):
    """How many rows the list has, on all its pages."""
    found = [re.search(r"Rows \d+ to \d+ of (\d+)", caption.value) for caption in app.main.caption]
    return int(next((match.group(1) for match in found if match), 0))


@pytest.mark.parametrize("username", READERS)
def test_whoever_may_open_patients_may_chase_them(follow_up, username):
    app = follow_up(username)
    assert not app.exception
    assert app.title[0].value == "Follow-up"
    assert technical_words(app) == []
    assert patients(app)


def test_an_administrator_may_not(open_app):
    assert "not available to you" in open_app("admin", PAGE).info[0].value


@pytest.fixture
def offered(monkeypatch):
    """Content of every file the page offers, by its name."""
    found = {}

    def keep(_label, data, *, file_name, **_options):
        found[file_name] = data

    monkeypatch.setattr("streamlit.download_button", keep)
    return found


def press(app, key):
    return next(button for button in app.button if button.key == key).click().run()


@pytest.mark.parametrize("username", READERS)
def test_the_number_is_the_same_on_home_overview_list_and_file(open_app, offered, username):
    app = open_app(username)
    at_home = number_at_home(app)
    app.switch_page("pages/cohort/overview.py").run()
    on_overview = next(m.value for m in app.main.markdown if " overdue, in " in m.value)
    app.switch_page(PAGE).run()
    on_page = metrics(app)[OVERDUE]
    press(app, "follow_up.export")
    listed = rows_shown(view(app, "Overdue"))
    in_csv = [line for name, text in offered.items() if name.endswith(".csv") for line in text.splitlines()]
    n_in_csv = sum(",OVERDUE," in line for line in in_csv)
    whole = next(data for name, data in offered.items() if name.endswith(".xlsx"))
    assert int(at_home) == int(on_page) == listed == n_in_csv == n_overdue(whole) > 0
    assert on_overview.startswith(f"**{at_home}** overdue")


def number_at_home(app):
    """The count in the line of the home page; who is not led to the page reads it as text."""
    lines = [*(button.label for button in app.main.button), *(text.value for text in app.main.markdown)]
    return next(line for line in lines if line.endswith("follow-up items overdue")).split("**")[1]


def n_overdue(content):
    sheet = load_workbook(io.BytesIO(content))["Follow-up"]
    place = [cell.value for cell in sheet[1]].index("State") + 1
    return sum(str(sheet.cell(row, place).value).startswith("Overdue") for row in range(2, sheet.max_row + 1))


def test_there_is_one_file_per_site_and_they_add_up(follow_up, offered, database):
    app = follow_up("coordinator")
    assert offered == {}
    press(app, "follow_up.export")
    stem = "alpha-follow-up-2026-05-29"
    assert list(offered) == [
        f"{stem}-all-sites.xlsx",
        f"{stem}-site-01.xlsx",
        f"{stem}-site-02.xlsx",
        f"{stem}.csv",
    ]
    whole, north, south = (n_overdue(offered[name]) for name in list(offered)[:3])
    assert whole == north + south
    assert min(north, south) > 0
    exports = [event for event in read_events(database) if event.kind is AuditKind.EXPORT]
    assert [event.detail["what"] for event in exports] == ["follow-up"]


def test_a_reader_of_one_site_sees_and_takes_out_that_site_only(open_app, offered, limit_to_site):
    limit_to_site("oncologist-site", "01")
    app = open_app("oncologist-site").switch_page(PAGE).run()
    press(app, "follow_up.export")
    assert [name for name in offered if name.endswith(".xlsx")] == ["alpha-follow-up-2026-05-29-site-01.xlsx"]
    everything = said(app) + offered["alpha-follow-up-2026-05-29.csv"]
    assert "P12" not in everything
    assert "P1," in everything


def test_one_click_opens_the_patient(follow_up):
    app = follow_up("coordinator")
    patient = patients(app)[0]
    next(button for button in app.button if str(button.key).startswith("follow_up.open.0.")).click().run()
    assert [title.value for title in app.title] == [patient]


def test_the_first_request_is_ready_to_be_copied(follow_up):
    app = follow_up("coordinator")
    first = app.main.code[0].value
    assert first.startswith(patients(app)[0]) or first.startswith(f"Study ID {patients(app)[0]}")
    assert "{" not in first


def test_requests_are_written_in_the_language_chosen(follow_up):
    app = follow_up("coordinator")
    view(app, "Overdue")
    app.pills(key="follow_up.item.alpha").set_value("Reason for stopping").run()
    english = app.main.code[0].value
    app.selectbox(key="follow_up.language.alpha").select("zh").run()
    chinese = app.main.code[0].value
    assert "stopped 1 Jun 2024, no reason recorded" in english
    assert "2024年6月1日 停药，未填原因" in chinese


def test_requests_of_one_site_come_as_one_text_and_never_of_two(follow_up):
    app = follow_up("coordinator")
    assert ONE_SITE in said(app)
    app.selectbox(key="follow_up.site.alpha").select("02").run()
    assert ONE_SITE not in said(app)
    assert one_text(app) is not None
    together = next(block.value for block in app.main.code if "\n" in block.value and "P12" in block.value)
    assert re.search(r"\bP([0-9]|1[01])\b", together) is None


@pytest.mark.parametrize("site", ["01", "02"])
def test_the_one_text_and_the_file_of_a_site_ask_for_the_same_number(follow_up, offered, site):
    app = follow_up("coordinator")
    app.selectbox(key="follow_up.site.alpha").select(site).run()
    label = one_text(app).label
    press(app, "follow_up.export")
    content = offered[f"alpha-follow-up-2026-05-29-site-{site}.xlsx"]
    n_in_file = load_workbook(io.BytesIO(content))["Follow-up"].max_row - 1
    assert f": {n_in_file} of these {rows_shown(app)} items overdue or closing" in label


def test_what_has_no_translation_stands_in_a_text_of_its_own(follow_up):
    app = follow_up("coordinator")
    app.selectbox(key="follow_up.site.alpha").select("01").run()
    app.selectbox(key="follow_up.language.alpha").select("zh").run()
    said_of = [
        text.value for text in app.main.markdown if text.value.startswith(("**Chinese**", "**No Chinese"))
    ]
    assert [words.split("**")[1] for words in said_of] == ["Chinese", "No Chinese text yet; shown in English"]
    chinese, english = [block.value for block in one_text(app).code]
    assert all(re.search(r"[\u4e00-\u9fff]", line) for line in chinese.splitlines())
    assert re.search(r"[\u4e00-\u9fff]", english) is None


def test_a_request_without_a_text_in_the_language_chosen_says_so_beside_it(follow_up):
    app = follow_up("coordinator")
    view(app, "Overdue")
    app.selectbox(key="follow_up.language.alpha").select("vi").run()
    blocks = [block.value for block in app.main.code]
    noted = [one.value for one in app.main.caption if one.value.startswith(("Vietnamese. ", "No Vietnamese"))]
    n_own = sum(one.startswith("Vietnamese. ") for one in noted)
    assert 0 < n_own < len(noted)
    assert n_own == sum(block.startswith("P") and "Please" not in block for block in blocks)


def test_results_without_a_patient_are_said_once_and_lead_to_where_they_are_linked(follow_up, monkeypatch):
    words = "2 laboratory results are not linked to a patient: look there first for a missing blood draw."
    monkeypatch.setattr(
        "dashboard.figures.follow_up.chase_list.look_first_words", lambda row, *, n_unlinked: words
    )
    st.cache_data.clear()
    app = follow_up("coordinator")
    assert len(patients(app)) > 1
    as_shown = f":orange[{plain(words)}]"
    assert [one.label for one in app.button if "not linked" in one.label] == [as_shown]
    assert "not linked" not in said(app)
    press(app, "follow_up.unlinked")
    assert app.title[0].value == "Data"
    assert app.segmented_control(key="data.part").value == "unlinked"
    without_data = follow_up("oncologist")
    assert [one.value for one in without_data.main.markdown if "not linked" in one.value] == [as_shown]
    assert not any("not linked" in one.label for one in without_data.button)
    st.cache_data.clear()


def test_what_is_due_now_is_not_in_the_one_text(follow_up):
    app = follow_up("coordinator")
    app.selectbox(key="follow_up.site.alpha").select("01").run()
    view(app, "Opening")
    assert one_text(app) is None


def test_choices_that_leave_nothing_say_so(follow_up):
    app = view(follow_up("coordinator"), "Due now")
    assert NOTHING_FOUND in said(app)


def test_an_item_that_another_site_does_not_have_is_let_go(follow_up):
    app = follow_up("coordinator")
    app.pills(key="follow_up.item.alpha").set_value("Reason for stopping").run()
    assert set(patients(app)) == {"P2"}
    app.selectbox(key="follow_up.site.alpha").select("02").run()
    assert not app.exception
    assert "P12" in patients(app)


def test_two_data_cuts_are_compared_and_the_first_has_nothing_before_it(follow_up):
    app = follow_up("coordinator")
    table = next(table.value for table in app.main.table if "No longer overdue" in table.value.columns)
    assert table["Data cut"].tolist() == ["1 Mar 2026", "29 May 2026"]
    assert table["New"].tolist() == ["–", "0"]


def test_the_page_says_on_which_day_it_judges(follow_up):
    caption = follow_up("coordinator").caption[0].value
    assert "judged on the last day observed, 29 May 2026 at the latest, never by today" in caption
    assert "sample study, fixed data cut" in caption


def test_an_old_extract_says_its_age_and_a_sample_study_does_not(installation):
    snapshot = read_snapshot(next((installation.store / "alpha").glob("2026-05-29*")))
    study = load_study(installation.studies / "alpha")
    about = study.about.model_copy(update={"sample": False})
    real = study.model_copy(update={"about": about})
    words = age_words(real, snapshot, today=dt.date(2026, 6, 8))
    assert words == "the extract is 10 days old, its data cut 10 days"
    assert age_words(study, snapshot, today=dt.date(2026, 6, 8)) == "sample study, fixed data cut"


def test_a_data_cut_from_before_says_that_it_must_be_built_again(follow_up, monkeypatch):
    monkeypatch.setattr("dashboard.ui.follow_up.rows_of", lambda reader: None)
    assert OLD_DATA_CUT in said(follow_up("coordinator"))


def test_a_study_without_calendar_dates_says_that_it_does_not_apply(follow_up, installation):
    path = installation.studies / "alpha" / "study.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[study]", '[study]\ncalendar = "relative"', 1), encoding="utf-8")
    app = follow_up("coordinator")
    assert not app.exception
    assert NO_DATES in said(app)
