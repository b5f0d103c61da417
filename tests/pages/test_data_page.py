"""The data page on a built snapshot: the load balances, problems have file and row, roles are obeyed."""

import json

import pytest

from dashboard.ui.data_rows import NOT_BY_SITE
from tests.pages.real_snapshot import real_snapshot
from tests.pages.said import said, technical_words

PAGE = "pages/admin/data.py"
PARTS = ("files", "ledger", "rejected", "set_aside", "unlinked", "issues", "cuts")


@pytest.fixture
def data_page(open_app):
    def opened(username, part="files"):
        app = open_app(username).switch_page(PAGE).run()
        if part != "files":
            app.segmented_control(key="data.part").set_value(part).run()
        return app

    return opened


@pytest.mark.parametrize("username", ["coordinator", "admin"])
@pytest.mark.parametrize("part", PARTS)
def test_no_technical_word_is_on_the_page(data_page, username, part):
    app = data_page(username, part)
    assert not app.exception
    assert technical_words(app) == []


def test_the_load_balances_and_says_so(data_page):
    app = data_page("coordinator")
    assert [one.value for one in app.success] == [
        "Every record is accounted for: 37 in = 36 loaded + 1 not loaded + 0 set aside by a rule."
    ]
    assert {metric.label: metric.value for metric in app.metric} == {
        "Records in": "37",
        "Loaded": "36",
        "Not loaded": "1",
        "Set aside by a rule": "0",
        "Results not linked": "0",
        "Data issues": "1",
    }


def test_files_with_the_columns_no_rule_names(data_page):
    app = data_page("coordinator")
    files, unmapped = app.dataframe[0].value, app.dataframe[1].value
    assert list(files["File"]) == [
        "contact.csv",
        "ctdna_sample.csv",
        "patient.csv",
        "treatment.csv",
        "variant.csv",
    ]
    assert set(files["Encoding"]) == {"UTF-8"}
    assert list(unmapped["Column"]) == ["note"]


def test_a_row_not_loaded_stands_with_file_row_value_and_what_is_allowed(data_page):
    row = data_page("coordinator", "rejected").dataframe[0].value.iloc[0]
    assert (row["File"], row["Row"], row["Column"], row["Found"]) == (
        "ctdna_sample.csv",
        "6",
        "status",
        "perhaps",
    )
    assert "not_detected" in row["Allowed"]


def test_an_administrator_sees_the_reasons_and_no_value(data_page):
    app = data_page("admin", "rejected")
    assert list(app.dataframe[0].value["Rows"]) == [1]
    assert "perhaps" not in said(app)


def test_a_data_issue_stands_with_its_patient_and_a_date_in_words(data_page):
    app = data_page("coordinator", "issues")
    issue = app.dataframe[1].value.iloc[0]
    assert issue["Patient"] == "P13"
    assert "started 3 Feb 2024, ended 5 Jan 2024" in issue["What was found"]


def test_an_administrator_sees_data_issues_by_check_and_no_patient(data_page):
    app = data_page("admin", "issues")
    assert list(app.dataframe[0].value["Data issues"]) == [1]
    assert "P13" not in said(app)


def test_zero_is_said(data_page):
    assert "No record was set aside in this data cut." in said(data_page("coordinator", "set_aside"))
    assert "Every laboratory result is linked to a patient." in said(data_page("coordinator", "unlinked"))


def test_a_coordinator_of_one_site_sees_how_many_rows_were_not_loaded_and_none_of_them(
    data_page, limit_to_site
):
    limit_to_site("coordinator", "01")
    app = data_page("coordinator", "rejected")
    assert next(metric.value for metric in app.metric if metric.label == "Not loaded") == "1"
    assert next(metric.value for metric in app.metric if metric.label == "Results not linked") == "not shown"
    assert NOT_BY_SITE in said(app)
    assert not app.dataframe
    assert "perhaps" not in said(app)
    assert "No data issue" in said(data_page("coordinator", "issues"))  # the one there is, is at site 02


def test_the_ledger_has_each_file_and_the_table_it_feeds(data_page):
    ledger = data_page("coordinator", "ledger").dataframe[0].value
    samples = ledger[ledger["File"] == "ctdna_sample.csv"]
    assert list(samples["Feeds"]) == ["whole file", "ctDNA sample"]
    assert list(samples["Not loaded"]) == [1, 1]


def test_data_cuts_say_which_one_serves(data_page):
    cuts = data_page("coordinator", "cuts").dataframe[0].value
    assert list(cuts["Data cut"]) == ["29 May 2026", "1 Mar 2026"]
    assert list(cuts["Serves"]) == ["current", ""]
    assert list(cuts["On this page"]) == ["yes", ""]


def test_a_data_cut_with_a_bare_manifest_is_listed_with_dashes(data_page, installation):
    for path in installation.store.rglob("manifest.json"):
        kept = {"study_id", "snapshot_id", "cut_off", "built_at"}
        bare = {name: value for name, value in json.loads(path.read_text()).items() if name in kept}
        path.write_text(json.dumps(bare))
    app = data_page("coordinator", "cuts")
    assert set(app.dataframe[0].value["Records in"]) == {"–"}
    assert technical_words(app) == []


def test_the_raw_files_lie_beside_the_snapshot():
    assert list((real_snapshot().path / "raw").glob("*.parquet"))
