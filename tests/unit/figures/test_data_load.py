"""The page Data in words and tables: balance, what a reader of some sites may see, records as received."""

import datetime as dt
import json

import pandas as pd
import pytest

from dashboard.figures.data_load.load_rows import data_load
from dashboard.figures.figure import footer_of
from dashboard.quality.run import catalogue
from dashboard.store.build import BuildOptions, build_snapshot
from dashboard.store.raw_record import RecordNotFound, patients_named, raw_record, source_of
from dashboard.store.reader import Reader
from dashboard.tables.data_load import (
    balance,
    cuts_table,
    encoding_words,
    files_table,
    identifying_words,
    received_words,
    rejected_counts,
    rejected_table,
    set_aside_table,
    set_aside_words,
    unlinked_table,
    unmapped_table,
)
from dashboard.tables.data_load_issues import (
    CheckWords,
    by_check,
    checks_table,
    first_of_systematic,
    issue_words,
    issues_table,
    key_words,
    n_blocking,
    systematic_words,
    to_check,
)
from dashboard.tables.overview_words import surveillance_words
from tests.built_once import REFERENCE
from tests.small_study import SAMPLES, TREATMENTS, write_small_study

LEDGER = ["source_file", "canonical_table", "n_records", "n_loaded", "n_rejected", "n_set_aside", "n_rows"]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    """The small study with one status nobody knows, one treatment that ends too early, one line cut short."""
    folder = tmp_path_factory.mktemp("load")
    study = write_small_study(
        folder,
        ctdna_sample=SAMPLES + "B2,S-002,2024-05-01,perhaps,K,K\n" + "B3,S-002\n",
        treatment=TREATMENTS + "S-003,T2,systemic,1,2024-03-07,2024-03-01,letrozole,letrozole\n",
    )
    return build_snapshot(study, options=BuildOptions(store=folder / "store", reference=REFERENCE)).snapshot


def ledger(*lines):
    return pd.DataFrame([dict(zip(LEDGER, line, strict=True)) for line in lines])


def test_a_balanced_ledger_says_so_with_its_numbers():
    found = balance(
        ledger(
            ("a.csv", "", 10, 7, 1, 2, 7), ("a.csv", "patient", 10, 7, 1, 2, 7), ("b.csv", "", 5, 5, 0, 0, 5)
        )
    )
    assert (
        found.words
        == "Every record is accounted for: 15 in = 12 loaded + 1 not loaded + 2 set aside by a rule."
    )


def test_a_file_or_a_table_that_does_not_add_up_is_named():
    found = balance(
        ledger(
            ("a.csv", "", 10, 10, 0, 0, 9), ("a.csv", "patient", 10, 9, 0, 0, 9), ("b.csv", "", 5, 5, 1, 0, 5)
        )
    )
    assert found.wrong_files == ("a.csv", "b.csv")
    assert found.words == "The counts do not balance in: a.csv, b.csv"


def test_the_load_of_a_real_build_balances(snapshot):
    load = data_load(Reader(snapshot))
    found = balance(load.ledger)
    assert found.wrong_files == ()
    assert (found.n_records, found.n_rejected) == (
        snapshot.manifest["n_records"],
        snapshot.manifest["n_rejected"],
    )
    assert set(load.rejected["source_file"]) == {"ctdna_sample.csv"}


def test_a_reader_of_some_sites_gets_counts_and_no_row_that_nobody_can_place(snapshot):
    load = data_load(Reader(snapshot, ("01",)))
    assert load.rejected.empty
    assert load.set_aside.empty
    assert load.unlinked.empty
    assert balance(load.ledger).n_rejected == 2
    # The treatment with the wrong end is at site 02; what is overdue stands at both.
    assert set(load.issues["check_id"]) == {"DQ72"}
    assert set(data_load(Reader(snapshot, ("02",))).issues["check_id"]) == {"DQ18", "DQ72"}


def test_a_record_is_given_as_it_was_received(snapshot):
    assert raw_record(snapshot, "ctdna_sample.csv", 6) == {
        "sample_id": "B2",
        "patient_id": "S-002",
        "collected_on": "2024-05-01",
        "status": "perhaps",
        "assay": "K",
        "panel": "K",
    }
    assert raw_record(snapshot, "variant.csv", 3)["maf_ppm"] is None


@pytest.mark.parametrize(
    ("file", "row"), [("ctdna_sample.csv", 1), ("ctdna_sample.csv", 99), ("none.csv", 2)]
)
def test_a_record_that_is_not_there_is_an_error_that_names_it(snapshot, file, row):
    with pytest.raises(RecordNotFound, match=f"no record of {file}, row {row}"):
        raw_record(snapshot, file, row)


def test_the_source_of_a_row_is_given_to_who_may_see_the_row(snapshot):
    issue = data_load(Reader(snapshot)).issues.iloc[0]
    assert source_of(Reader(snapshot), issue["table_name"], issue["row_key"]) == ("treatment.csv", 5)
    assert source_of(Reader(snapshot, ("01",)), issue["table_name"], issue["row_key"]) is None
    with pytest.raises(KeyError):
        source_of(Reader(snapshot), 'patient"; drop table patient', "x")


def test_a_record_names_patients_by_study_or_sample_identifier(snapshot):
    reader = Reader(snapshot)
    assert patients_named(reader, {"a": "S-002", "b": None, "c": "x"}) == ["S-002"]
    assert patients_named(reader, {"sample": "A1 ", "patient": "S-003"}) == ["S-001", "S-003"]
    assert patients_named(reader, {"sample": "C9"}) == []
    assert patients_named(Reader(snapshot, ("02",)), {"sample": "A1"}) == []


def test_every_rejected_row_is_words(snapshot):
    table = rejected_table(data_load(Reader(snapshot)).rejected)
    assert not table.isna().to_numpy().any()
    row = table[table["Found"] == "perhaps"].iloc[0]
    assert (row["Row"], row["Table"], row["Column"]) == ("6", "ctDNA sample", "status")


def test_a_missing_value_and_a_line_cut_short_are_said():
    rejected = pd.DataFrame(
        [
            {"source_file": "a.csv", "source_row": 4, "canonical_table": "patient", "column_name": "site_id",
             "value": None, "allowed": "a value", "message": "site_id is missing", "row_text": None},
            {"source_file": "a.csv", "source_row": 5, "canonical_table": "", "column_name": None,
             "value": None, "allowed": None, "message": "2 cells, the header has 8", "row_text": "P1,02"},
        ]
    )  # fmt: skip
    table = rejected_table(rejected)
    assert list(table["Found"]) == ["missing", "P1,02"]
    assert list(table["Allowed"]) == ["a value", "2 cells, the header has 8"]
    counted = rejected_counts(rejected)
    assert list(counted["Rows"]) == [1, 1]
    assert "P1,02" not in counted.to_csv()


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ({"extracted_at": "2026-03-04"}, "extract received 4 Mar 2026, 4 days after the data cut"),
        ({"extracted_at": "2026-03-01"}, "extract received 1 Mar 2026, 1 day after the data cut"),
        ({"extracted_at": "2026-02-28"}, "extract received 28 Feb 2026"),
        ({"extracted_at": None}, "extract date not recorded"),
        ({"extracted_at": "soon"}, "extract date not recorded"),
        ({}, "extract date not recorded"),
    ],
)  # fmt: skip
def test_when_the_extract_came(manifest, said):
    assert received_words({"cut_off": "2026-02-28", **manifest}) == said


def test_data_cuts_are_listed_with_the_one_that_serves():
    manifest = {
        "cut_off": "2026-02-28",
        "extracted_at": "2026-03-04",
        "built_at": "2026-03-05T07:40:12+00:00",
    }
    table = cuts_table([{**manifest, "n_records": 10, "is_current": True, "is_shown": False}])
    assert table.iloc[0].to_dict() == {
        "Data cut": "28 Feb 2026",
        "Serves": "current",
        "On this page": "",
        "Extract received": "4 Mar 2026",
        "Records in": "10",
        "Loaded": "–",
        "Not loaded": "–",
        "Set aside": "–",
        "Data issues": "–",
        "Layout": "study's own",
        "Built": "5 Mar 2026, 07:40 UTC",
    }


def test_files_say_how_they_were_read_and_what_was_dropped():
    files = pd.DataFrame(
        [
            {"source_file": "a.csv", "encoding": "gb18030", "n_records": 3, "feeds": "patient",
             "dropped_columns": "姓名", "n_unmapped": 2, "unmapped": "x, y", "notes": None,
             "sha256": "ab" * 32},
            {"source_file": "b.xlsx#1", "encoding": None, "n_records": 0, "feeds": None,
             "dropped_columns": None, "n_unmapped": 1, "unmapped": "y", "notes": None, "sha256": "cd" * 32},
        ]
    )  # fmt: skip
    table = files_table(files)
    assert list(table["Encoding"]) == ["GB18030", "workbook"]
    assert list(table["Feeds"]) == ["patient", "nothing"]
    assert list(table["Not kept, identify people"]) == ["姓名", "none"]
    assert "Notes" not in table
    assert unmapped_table(files).to_dict("list") == {
        "Column": ["x", "y"],
        "Files": [1, 2],
        "First file": ["a.csv", "a.csv"],
    }
    assert encoding_words("utf-8-sig") == "UTF-8"
    assert list(table["Records"]) == [3, 0]
    not_read = files.assign(n_records=pd.array([3, None], dtype="Int64"))
    assert list(files_table(not_read)["Records"]) == ["3", "–"]


def test_set_aside_rules_are_words():
    assert set_aside_words("unlinked_laboratory_id") == "laboratory ID not linked to a patient"
    assert set_aside_words("amended + control_sample") == (
        "earlier version of a laboratory report; the latest is loaded, control sample"
    )
    rows = pd.DataFrame(
        [{"source_file": "a.csv", "rules": "no_value", "n_records": 1, "first_row": 7, "last_row": 7}]
    )
    assert list(set_aside_table(rows)["Rows"]) == ["7"]


def test_a_result_without_a_patient_has_what_helps_to_match_it():
    rows = pd.DataFrame(
        [{"laboratory_id": "LAB-1", "collected_on": dt.date(2025, 6, 11), "sex": None, "birth_year": "1963",
          "source_file": "r.xlsx", "source_row": 18}]
    )  # fmt: skip
    assert unlinked_table(rows).iloc[0].to_dict() == {
        "Laboratory ID": "LAB-1",
        "Collected": "11 Jun 2025",
        "Sex, as written": "not recorded",
        "Year of birth": "1963",
        "File": "r.xlsx",
        "Row": "18",
    }


ISSUE = {
    "check_id": "DQ08",
    "severity": "error",
    "issue_group": "blocks_primary",
    "is_systematic": False,
    "excludes": "row",
    "table_name": "contact",
    "row_key": "P1 | 2026-03-05",
    "column_name": "contact_on",
    "patient_id": "P1",
    "value_text": "2026-03-05",
}
CHECKS = {
    "DQ08": CheckWords("Date after the data cut", "{column_name} of {row_key} is {value_text}.", "Because.")
}


def test_a_data_issue_is_a_sentence_with_dates_in_words():
    assert issue_words(ISSUE, checks=CHECKS) == "contact on of P1, 5 Mar 2026 is 5 Mar 2026."
    assert key_words("P1 | her2 | 2022-07-26") == "P1, her2, 26 Jul 2022"
    assert key_words("P1 | 2022-07-26", name_day=lambda _day: "day 9") == "P1, day 9"
    in_days = issue_words(
        ISSUE, checks=CHECKS, name_day=lambda day: f"day {(day - dt.date(2026, 3, 1)).days}"
    )
    assert in_days == "contact on of P1, day 4 is day 4."


def test_an_allele_fraction_kept_in_parts_per_million_is_read_in_per_cent():
    known = {one.check_id: CheckWords(one.title, one.message, one.why_it_matters) for one in catalogue()}

    def said(check_id, value_text):
        issue = {**ISSUE, "check_id": check_id, "row_key": "S1", "value_text": value_text}
        return issue_words(issue, checks=known)

    assert said("DQ31", "1200000.000") == "S1: 120.00 % is more than 100 %."
    assert said("DQ32", "5.000") == "S1: not detected, yet 0.0005 % is recorded."
    assert said("DQ33", "29.000 | 500.000").startswith("S1: highest 0.0029 %, limit 0.05 %")


def test_what_was_written_into_a_sentence_is_not_reckoned_again():
    old = {**ISSUE, "check_id": "DQ33", "row_key": "S1", "value_text": "highest 29 ppm, limit 500 ppm"}
    message = CheckWords("", "{row_key}: highest {values[0]:ppm}, limit {values[1]:ppm}.", "")
    for checks in ({}, {"DQ33": message}):
        assert issue_words(old, checks=checks) == "S1: highest 29 ppm, limit 500 ppm"
    name = {**ISSUE, "row_key": "S1", "value_text": "gas 5 ppm"}
    free = CheckWords("", "{row_key}: {value_text}.", "")
    assert issue_words(name, checks={str(ISSUE["check_id"]): free}) == "S1: gas 5 ppm."


def test_a_data_issue_without_patient_or_known_check_is_still_words():
    bare = {**ISSUE, "check_id": "DQ99", "patient_id": None, "value_text": None}
    row = issues_table(pd.DataFrame([bare]), checks=CHECKS).iloc[0]
    assert (row["Check"], row["Patient"]) == ("DQ99", "none")
    assert row["What was found"] == "P1, 5 Mar 2026: not recorded"


def many(check_id, group, n, *, systematic=False):
    return [
        {
            **ISSUE,
            "check_id": check_id,
            "issue_group": group,
            "is_systematic": systematic,
            "patient_id": f"P{place}",
        }
        for place in range(n)
    ]


ISSUES = pd.DataFrame(
    [
        *many("DQ08", "blocks_primary", 2),
        *many("DQ31B", "blocks_primary", 7, systematic=True),
        *many("DQ22", "please_check", 3),
        *many("DQ40", "please_check", 9, systematic=True),
        *many("DQ42", "for_information", 4),
    ]
)


def test_a_systematic_check_counts_once_and_information_never():
    assert n_blocking(by_check(ISSUES)) == 2 + 1
    assert to_check(ISSUES)["check_id"].value_counts().to_dict() == {
        "DQ08": 2,
        "DQ22": 3,
        "DQ31B": 1,
        "DQ40": 1,
    }
    assert n_blocking(by_check(ISSUES.iloc[:0])) == 0


def test_what_the_follow_up_page_counts_is_not_counted_again():
    assert n_blocking(by_check(ISSUES), chased={"DQ08"}) == 1
    counted = to_check(ISSUES, chased={"DQ08", "DQ22", "DQ42"})
    assert counted["check_id"].value_counts().to_dict() == {"DQ31B": 1, "DQ40": 1}


def test_checks_stand_by_group_with_one_row_for_a_systematic_one():
    table = checks_table(by_check(ISSUES), titles={"DQ08": "Date after the data cut"}, n_patients=30)
    assert list(table["Group"]) == [
        "Blocks the primary result",
        "Blocks the primary result",
        "Please check",
        "Please check",
        "For information",
    ]
    assert list(table["Check"])[1] == "Date after the data cut (DQ08)"
    assert list(table["Data issues"]) == [1, 2, 1, 3, 4]
    assert list(table["Patients"]) == ["7 of 30", "2 of 30", "9 of 30", "3 of 30", "4 of 30"]
    assert table["Remark"].iloc[0] == "systematic: 7 patients, by the mapping or by the plan of the study"


def test_patients_are_of_those_the_check_can_find_something_of():
    table = checks_table(by_check(ISSUES), titles={}, n_patients=30, n_applies_to={"DQ40": 12})
    assert list(table["Patients"]) == ["7 of 30", "2 of 30", "9 of 12", "3 of 30", "4 of 30"]
    assert systematic_words(9, n_applies_to=12) == (
        "systematic: 9 patients of the 12 it can apply to, by the mapping or by the plan of the study"
    )


def test_the_row_of_a_systematic_check_says_for_how_many_it_stands():
    found = pd.DataFrame([{**ISSUE, "is_systematic": True}, {**ISSUE, "is_systematic": False}])
    many, single = issues_table(found, checks=CHECKS, n_patients={"DQ08": 87}).to_dict("records")
    assert many["Patient"] == "87 patients"
    said = "systematic: 87 patients, by the mapping or by the plan of the study; the first: "
    assert many["What was found"].startswith(said)
    # The same check may find a single row in another table.
    assert single["Patient"] == ISSUE["patient_id"]
    assert not single["What was found"].startswith("systematic")


@pytest.mark.parametrize("order", [[True, True, False], [False, True, True]])
def test_a_single_row_of_a_check_that_is_systematic_elsewhere_stays(order):
    found = pd.DataFrame([{**ISSUE, "is_systematic": one} for one in order])
    assert first_of_systematic(found)["is_systematic"].tolist() in ([True, False], [False, True])


def test_before_local_therapy_detected_not_detected_and_not_sampled_add_up():
    patients = pd.DataFrame(
        [
            {"enrolled_on": dt.date(2025, 1, 1), "baseline_timing": timing, "baseline_status": status}
            for timing, status in [
                ("PRE_TREATMENT", "detected"),
                ("PRE_TREATMENT", "below_loq"),
                ("PRE_TREATMENT", "not_detected"),
                ("ON_TREATMENT", "detected"),
                (None, None),
            ]
        ]
        + [{"enrolled_on": None, "baseline_timing": None, "baseline_status": None}]
    )
    assert [words.split("**")[1] for words in surveillance_words(patients)] == ["2 of 5", "1 of 5", "2 of 5"]


def test_the_manifest_of_a_build_has_what_the_page_shows(snapshot):
    written = json.loads((snapshot.path / "manifest.json").read_text())
    assert {
        "n_records",
        "n_loaded",
        "n_rejected",
        "n_set_aside",
        "n_data_issues",
        "extracted_at",
        "built_at",
    } <= set(written)


def test_the_manifest_of_a_build_names_the_study_as_its_figures_do_elsewhere(snapshot):
    written = json.loads((snapshot.path / "manifest.json").read_text())
    assert written["study_title"] == "Small study"
    assert footer_of(snapshot).startswith("Small study · data cut ")


@pytest.mark.parametrize(
    ("n_dropped", "said"),
    [
        (0, "No file has a column that identifies people."),
        (1, "1 of 3 files has columns that identify people; they were dropped at reading"),
        (2, "2 of 3 files have columns that identify people; they were dropped at reading"),
    ],
)
def test_files_with_columns_that_identify_people_are_counted(n_dropped, said):
    assert identifying_words(n_dropped, n_files=3).startswith(said)
