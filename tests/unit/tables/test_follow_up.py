"""Follow-up in words: states, windows, owners and the tables of counts."""

import datetime as dt

import pandas as pd
import pytest

from dashboard.tables.follow_up import (
    about_words,
    began_words,
    changes_table,
    check_link_words,
    departed_note,
    departed_words,
    died_words,
    item_name,
    look_first_words,
    owner_words,
    site_table,
    state_table,
    state_words,
    why,
    why_words,
    window_words,
)

ROW = {
    "item": "draw_2",
    "kind": "ctdna",
    "label": "Second blood draw",
    "owner": "site",
    "site_id": "01",
    "state": "OVERDUE",
    "opens_on": dt.date(2026, 6, 5),
    "closes_on": dt.date(2026, 9, 5),
    "grace_until": dt.date(2026, 10, 5),
    "observed_until": dt.date(2026, 10, 6),
    "days_late": 31,
    "missing_date": None,
    "modality": None,
    "rule": "FOLLOW_UP_OVERDUE",
}
CT = {**ROW, "item": "response", "kind": "record", "label": "Response to CT", "modality": "ct"}


def on(day, state):
    return {**ROW, "state": state, "observed_until": day, "days_late": None}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (ROW, "Overdue 31 days"),
        ({**ROW, "days_late": 1}, "Overdue 1 day"),
        (on(dt.date(2026, 6, 4), "NOT_YET_DUE"), "Not yet due (opens 5 Jun 2026)"),
        (on(dt.date(2026, 6, 5), "DUE_NOW"), "Due now (closes 5 Sep 2026)"),
        (on(dt.date(2026, 8, 15), "CLOSES_SOON"), "Closes in 21 days"),
        (on(dt.date(2026, 9, 4), "CLOSES_SOON"), "Closes in 1 day"),
        (on(dt.date(2026, 9, 5), "CLOSES_SOON"), "Closes today"),
        (on(dt.date(2026, 9, 6), "DUE_NOW"), "Due now (closed 5 Sep 2026, grace until 5 Oct 2026)"),
        ({**on(None, "CANNOT_TELL"), "closes_on": None, "missing_date": "enrolment"},
         "Cannot tell (enrolment missing)"),
        ({**ROW, "state": "DONE_OUTSIDE_WINDOW", "days_outside": 12}, "Done outside window (+12 d)"),
        ({**ROW, "state": "DONE_OUTSIDE_WINDOW", "days_outside": -3}, "Done outside window (−3 d)"),
        ({**ROW, "state": "CANNOT_BE_OBTAINED"}, "Cannot be obtained any more"),
        ({**ROW, "state": "CANNOT_BE_OBTAINED", "reason": "DIED", "reason_on": dt.date(2026, 9, 8)},
         "Cannot be obtained any more (died 8 Sep 2026)"),
        ({**ROW, "state": "CANNOT_BE_OBTAINED", "reason": "WITHDREW", "reason_on": dt.date(2026, 9, 8)},
         "Cannot be obtained any more (withdrew consent 8 Sep 2026)"),
    ],
)  # fmt: skip
def test_the_state_is_said_in_the_words_of_the_plan(row, words):
    assert state_words(row) == words


def test_a_window_has_two_days_and_a_record_one():
    assert window_words(ROW) == "5 Jun – 5 Sep 2026"
    over_new_year = {**ROW, "opens_on": dt.date(2025, 12, 10), "closes_on": dt.date(2026, 3, 10)}
    assert window_words(over_new_year) == "10 Dec 2025 – 10 Mar 2026"
    assert window_words(CT) == "by 5 Sep 2026"
    assert window_words({**ROW, "closes_on": None}) == "–"


def test_a_record_says_what_is_missing_and_of_what():
    assert (item_name(CT), about_words(CT)) == ("Response after imaging", "CT of 5 Jun 2026")
    assert (item_name(ROW), about_words(ROW)) == ("Second blood draw", "")
    stopped = {**CT, "item": "stop_reason", "label": "palbociclib"}
    assert about_words(stopped) == "Palbociclib of 5 Jun 2026"


def test_the_rule_stands_beside_its_item_without_repeating_it():
    assert why(ROW) == f"Second blood draw: {why_words(ROW)[0].lower()}{why_words(ROW)[1:]}"
    expected = "Overdue 31 days; its window was 5 Jun 2026 to 5 Sep 2026, with grace until 5 Oct 2026."
    assert why_words(ROW) == expected
    response = {**CT, "rule": "FOLLOW_UP_RESPONSE"}
    assert why_words(response) == "Imaging of 5 Jun 2026 has no response assessment; due by 5 Sep 2026."


def test_grace_is_named_only_where_there_is_some():
    without = {**ROW, "grace_until": ROW["closes_on"]}
    assert why_words(without) == "Overdue 31 days; its window was 5 Jun 2026 to 5 Sep 2026."
    assert "with grace until 6 Sep 2026" in why_words({**ROW, "grace_until": dt.date(2026, 9, 6)})


def test_what_was_never_recorded_says_since_when_it_is_expected():
    never = {
        **ROW,
        "item": "imaging",
        "label": "CT or MRI",
        "rule": "FOLLOW_UP_OVERDUE_ASSUMED",
        "of_line": 1,
        "anchor": "line_start",
        "anchor_on": dt.date(2021, 11, 22),
        "last_done_on": None,
        "days_without": 1559,
    }
    words = why_words(never)
    assert words.startswith("Nothing recorded since line 1 began on 22 Nov 2021 (1559 days to the last day")
    assert "not recorded" not in words
    assert words.endswith("day observed). The interval is assumed, the protocol states none.")
    later = why_words({**never, "last_done_on": dt.date(2026, 3, 2), "days_without": 7})
    assert later.startswith("Not recorded for 7 days (last 2 Mar 2026).")
    assert began_words({**never, "anchor": "local_course_end"}) == "local therapy ended on 22 Nov 2021"
    assert began_words({**never, "anchor": "enrolment"}) == "enrolment on 22 Nov 2021"
    assert began_words({**never, "anchor_on": None}) == ""


@pytest.mark.parametrize(
    ("enrolled_on", "is_said"),
    [(dt.date(2021, 11, 21), False), (dt.date(2021, 11, 22), False), (dt.date(2021, 11, 23), True)],
)
def test_who_was_enrolled_after_the_line_began_is_expected_from_enrolment_on(enrolled_on, is_said):
    never = {
        **ROW,
        "label": "CT or MRI",
        "rule": "FOLLOW_UP_OVERDUE_ASSUMED",
        "of_line": 1,
        "anchor": "line_start",
        "anchor_on": dt.date(2021, 11, 22),
        "enrolled_on": enrolled_on,
        "last_done_on": None,
        "days_without": 1559,
    }
    words = why_words(never)
    assert ("; expected from enrolment (23 Nov 2021) on. The interval" in words) is is_said
    assert words.startswith("Nothing recorded since line 1 began on 22 Nov 2021 (1559 days")


def test_a_patient_who_died_has_the_day_beside_the_number():
    assert died_words({**ROW, "died_on": dt.date(2022, 7, 1)}) == "died 1 Jul 2022"
    assert died_words({**ROW, "died_on": None}) == died_words(ROW) == ""


def test_a_draw_that_is_missing_leads_to_results_without_a_patient_first():
    three = "3 laboratory results are not linked to a patient: look there first for a missing blood draw."
    assert look_first_words(ROW, n_unlinked=3) == three
    in_grace = on(dt.date(2026, 9, 6), "DUE_NOW")
    assert look_first_words(in_grace, n_unlinked=3) == three
    one = look_first_words(ROW, n_unlinked=1)
    assert one == "1 laboratory result is not linked to a patient: look there first for a missing blood draw."
    assert look_first_words(ROW, n_unlinked=0) == ""
    assert look_first_words(on(dt.date(2026, 9, 5), "CLOSES_SOON"), n_unlinked=3) == ""
    no_window = {**on(dt.date(2026, 9, 6), "CANNOT_TELL"), "closes_on": None}
    assert look_first_words(no_window, n_unlinked=3) == ""
    assert look_first_words(CT, n_unlinked=3) == ""


def test_a_draw_that_a_result_without_a_patient_fits_says_to_check_the_link_first():
    said = "A laboratory result not linked to anybody fits this patient; check the link first."
    assert check_link_words({**ROW, "has_fit": True}) == said
    assert check_link_words({**ROW, "has_fit": False}) == check_link_words(ROW) == ""


def test_the_owner_is_the_site_or_the_laboratory():
    assert owner_words(ROW, {"01": "North"}) == "North"
    assert owner_words(ROW, {}) == "Site 01"
    assert owner_words({**ROW, "site_id": None}, {}) == "No site"
    assert owner_words({**ROW, "owner": "laboratory"}, {"01": "North"}) == "Laboratory"


def test_overdue_of_expected_by_site_and_together():
    counts = pd.DataFrame(
        [("Draw", "01", 1, 5), ("Draw", "02", 2, 3), ("Scan", "01", 0, 4)],
        columns=["item_name", "site_id", "n_overdue", "n_expected"],
    )
    assert site_table(counts, names={"01": "North"}).to_dict("records") == [
        {"Item": "Draw", "North": "1 of 5", "Site 02": "2 of 3", "All": "3 of 8"},
        {"Item": "Scan", "North": "0 of 4", "Site 02": "–", "All": "0 of 4"},
    ]
    assert list(site_table(counts[:1], names={}).columns) == ["Item", "Site 01"]


def test_every_item_stands_in_one_column_and_the_columns_add_up():
    counts = pd.DataFrame(
        [("Scan", "DONE_IN_WINDOW", 4), ("Draw", "OVERDUE", 2), ("Draw", "NOT_EXPECTED", 3)],
        columns=["item_name", "state", "n_items"],
    )
    table = state_table(counts)
    assert table["Item"].tolist() == ["Draw", "Scan"]
    assert table.loc[0, ["Overdue", "Not expected", "Done in window", "All"]].tolist() == [2, 3, 0, 5]
    assert (table.drop(columns=["Item", "All"]).sum(axis=1) == table["All"]).all()


def test_the_first_data_cut_has_nothing_to_compare_with():
    table = changes_table([(dt.date(2025, 8, 31), 3, None, None), (dt.date(2025, 11, 30), 5, 4, 2)])
    assert table.iloc[0].tolist() == ["31 Aug 2025", 3, "–", "–", "–"]
    assert table.iloc[1].tolist() == ["30 Nov 2025", 5, "4", "1", "2"]


def test_why_patients_are_off_the_list():
    departed = {"DIED": 16, "LOST": 5, "WITHDREW": 2}
    assert departed_words(departed) == "died 16, lost to follow-up 5, withdrew consent 2"
    assert departed_note(departed) == "died 16, other 7"
    assert departed_words({}) == "nobody"
