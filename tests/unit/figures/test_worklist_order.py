"""One worklist with a hit and a near miss for each of the twelve reasons: exactly the hits, in order."""

import csv
import datetime as dt
from dataclasses import replace

import pytest

from dashboard.figures.worklist.listed import (
    StudyList,
    WorklistRequest,
    n_hidden_entries,
    n_stopped_undecided,
    shown_entries,
    study_entries,
    worklist_figure,
)
from dashboard.figures.worklist.reasons import Decided, OpenAction, Reviewed, Written
from dashboard.tables.worklist import REASONS, why
from dashboard.tables.worklist_short import short
from tests.builders import day
from tests.unit.figures.readers import memory_reader
from tests.unit.marts.worklist.test_reason_to_look import (
    END,
    GENES,
    NEW,
    RISING,
    as_patient,
    draw,
    found_variant,
    image,
    lesion,
    line,
    scan,
    tables,
)

TODAY = dt.date(2026, 3, 10)
ND = "not_detected"
# By number of the reason: a course to which it applies, and one just beside it to which none does.
HITS = {
    1: {"response": [scan(350, "pd")]},
    2: {"ctdna_sample": NEW, "imaging": [image(143), image(390)]},
    3: {"ctdna_sample": RISING, "response": [scan(242, "sd")]},
    # A decision has answered the progression: what remains is that ctDNA did not show it.
    4: {"ctdna_sample": [draw(308, ND)], "response": [scan(350, "pd")]},
    5: {"ctdna_sample": [draw(100)], "response": [scan(142, "cr")]},
    6: {"imaging": [image(END - 99)]},
    7: {"ctdna_sample": [draw(350, "failed")]},
    8: {"ctdna_sample": [draw(END - 30, "pending")]},
    9: {"ctdna_sample": [draw(0), draw(100)], "variant": [found_variant(100)]},
    10: {"lesion": [lesion(-5, 50), lesion(350, 60)], "response": [scan(350, "sd")]},
    11: {},
    12: {"treatment": [line(1, 0, END - 29)]},
}
NEAR = {
    1: {"response": [scan(350, "pd")], "treatment": [line(1, 0, 350), line(2, 351)]},
    2: {"ctdna_sample": NEW, "imaging": [image(142), image(390)]},
    3: {"ctdna_sample": RISING, "response": [scan(243, "sd")]},
    4: {"ctdna_sample": [draw(307, ND)], "response": [scan(350, "pd")]},
    5: {"ctdna_sample": [draw(100)], "response": [scan(143, "cr")]},
    6: {"imaging": [image(END - 98)]},
    7: {"ctdna_sample": [draw(350, "failed"), draw(351)]},
    8: {"ctdna_sample": [draw(END - 20, "pending")]},
    9: {"ctdna_sample": [draw(0), draw(100)], "variant": [found_variant(100, gene="TP53")]},
    10: {"lesion": [lesion(-5, 50), lesion(350, 59)], "response": [scan(350, "sd")]},
    11: {},
    12: {"treatment": [line(1, 0, END - 28)]},
}
DECIDED = [Decided(patient_id=name, decided_on=day(350)) for name in ("hit 4", "near 4")]
DUE = {"hit 11": TODAY - dt.timedelta(days=1), "near 11": TODAY}


@pytest.fixture(scope="module")
def study():
    """The 24 patients as one study; a meeting decided on two and agreed an action for two."""
    courses = {f"hit {number}": course for number, course in HITS.items()}
    courses |= {f"near {number}": course for number, course in NEAR.items()}
    given = {"assay_panel": tables()["assay_panel"], "watched_gene": GENES}
    for name, course in courses.items():
        for table, rows in tables(**course).items():
            if table != "assay_panel":
                given.setdefault(table, []).extend(as_patient(row, name) for row in rows)
    actions = [
        OpenAction(patient_id=name, due_on=due_on, action="repeat CT", owner="Dr A")
        for name, due_on in DUE.items()
    ]
    written = Written(today=TODAY, actions=actions, decisions=DECIDED)
    reader = memory_reader(given, cut_off=day(END))
    return StudyList(reader=reader, short_title="Test", written=written)


def test_the_worklist_has_exactly_the_hits_in_the_order_of_the_reasons(study):
    entries = shown_entries(study_entries(study, window_days=None), WorklistRequest(order="reason"))
    assert [(entry.patient_id, [row["reason_no"] for row in entry.reasons]) for entry in entries] == [
        (f"hit {number}", [number]) for number in range(1, 13)
    ]


def test_each_line_has_its_reason_one_sentence_and_two_dates(study):
    request = WorklistRequest(order="reason")
    table = worklist_figure([study], study_entries(study, window_days=None), request).table
    assert table["Reason"].tolist() == list(REASONS.values())
    assert table["Why it is here"].str.len().between(10, 140).all()
    assert (table["Date"] != "–").all()


def test_the_file_of_the_list_has_one_row_a_patient(study):
    request = WorklistRequest(order="reason")
    entries = study_entries(study, window_days=None)
    figure = worklist_figure([study], entries, request)
    assert len(figure.table) == len(shown_entries(entries, request)) == len(HITS)


def test_the_note_of_a_review_is_no_formula_in_the_file(study):
    note = Reviewed(
        patient_id="hit 1",
        snapshot_id="s1",
        reviewed_on=TODAY,
        reviewed_by="Dr A",
        note="=1+1",
        has_news=True,
    )
    entries = [
        replace(entry, review=note)
        for entry in study_entries(study, window_days=None)
        if entry.patient_id == "hit 1"
    ]
    text = worklist_figure([study], entries, WorklistRequest(shows_reviewed=True)).csv()
    rows = list(csv.DictReader(text.splitlines()[1:]))
    assert [(row["Patient"], row["Note"]) for row in rows] == [("hit 1", "'=1+1")]


@pytest.mark.parametrize(
    ("gene", "words"),
    [
        (
            "TP53",
            "Not detected → 0.40 % (possibly clonal haematopoiesis alone), 300 days ago; "
            "first imaging 300 days after (0 days ago), no response assessed",
        ),
        (
            "ESR1",
            "Not detected → 0.40 %, 300 days ago; "
            "first imaging 300 days after (0 days ago), no response assessed",
        ),
    ],
)
def test_a_result_that_may_not_be_tumour_says_so_in_its_line(gene, words):
    course = {
        "ctdna_sample": [draw(0, ND, assay="panel"), draw(100, assay="panel", quantity_value=None)],
        "variant": [found_variant(100, gene=gene)],
    }
    given = tables(**course) | {"chip_gene": [{"gene": "TP53"}]}
    reader = memory_reader(given, cut_off=day(END))
    entries = study_entries(
        StudyList(reader=reader, short_title="Test", written=Written(today=TODAY)), window_days=None
    )
    assert why(entries[0].reasons[0]) == words


def worklist_line(**course):
    return listed_line(tables(**course), written=Written(today=TODAY))


def listed_line(given, *, written):
    reader = memory_reader(given, cut_off=day(END))
    study = StudyList(reader=reader, short_title="Test", written=written)
    table = worklist_figure([study], study_entries(study, window_days=None), WorklistRequest()).table
    (row,) = table.to_dict("records")
    return row


# Day 356 is 22 December 2024, day 365 the 31st; the last observed day is day 400.
@pytest.mark.parametrize(
    ("precision", "others", "date", "why_words"),
    [
        (None, (), "31 Dec 2024", "PD 35 days ago, no decision recorded"),
        ("month", (), "≈ Dec 2024", "PD ≈ 35 days ago, no decision recorded"),
        ("year", (), "≈ 2024", "PD ≈ 35 days ago, no decision recorded"),
        # A scan dated to the day does not tell that it is the one that was called.
        ("month", (image(365),), "≈ Dec 2024", "PD ≈ 35 days ago, no decision recorded"),
    ],
)
def test_a_progression_known_to_the_month_is_not_written_as_a_day(precision, others, date, why_words):
    row = worklist_line(
        response=[scan(365, "pd", assessed_on_precision=precision)], imaging=[image(END), *others]
    )
    assert (row["Date"], row["Why it is here"], row["Days"]) == (date, why_words, 35)
    assert f"Progression on {date}, no other treatment" in row["Rule"]
    assert row["Compared with"] == "4 Feb 2025"


def test_every_date_of_a_row_is_written_as_far_as_it_is_known():
    failed = draw(350, "failed", collected_on_precision="month")
    stable = scan(END, "sd", assessed_on_precision="year")
    row = worklist_line(ctdna_sample=[failed], response=[stable], imaging=[])
    assert row["Why it is here"] == "Sample failed ≈ 50 days ago, no redraw recorded"
    assert [row[name] for name in ("Date", "Compared with", "Last ctDNA on", "Last scan on")] == [
        "≈ Dec 2024", "≈ 2025", "≈ Dec 2024", "≈ 2025",
    ]  # fmt: skip


def test_the_end_of_a_treatment_known_to_the_month_is_not_written_as_a_day():
    stopped = line(1, 0, END - 29)
    row = worklist_line(treatment=[{**stopped, "ended_on_precision": "month"}])
    assert (row["Date"], row["Why it is here"]) == (
        "≈ Jan 2025",
        "Treatment stopped ≈ 29 days ago, no next step recorded",
    )
    assert worklist_line(treatment=[stopped])["Date"] == "6 Jan 2025"


@pytest.mark.parametrize(("precision", "words"), [(None, "4 Feb 2025"), ("month", "≈ Feb 2025")])
def test_an_overdue_action_stands_beside_the_last_imaging_as_far_as_that_is_known(precision, words):
    given = tables(imaging=[{**image(END), "imaged_on_precision": precision}])
    actions = [
        OpenAction(patient_id="P", due_on=TODAY - dt.timedelta(days=1), action="repeat CT", owner="Dr A")
    ]
    row = listed_line(given, written=Written(today=TODAY, actions=actions))
    assert (row["No."], row["Date"], row["Compared with"]) == (11, "9 Mar 2026", words)


def test_the_last_result_of_a_list_has_the_date_of_the_draw_it_speaks_of():
    # The pending draw is known to the year, the failed one to the month, the valid one to the day.
    pending = draw(END - 40, "pending", collected_on_precision="year")
    failed = draw(END - 20, "failed", collected_on_precision="month")
    found = [
        worklist_line(ctdna_sample=samples)
        for samples in ([pending, failed], [failed], [pending, failed, draw(END - 50)])
    ]
    assert [(row["Last ctDNA"], row["Last ctDNA on"]) for row in found] == [
        ("pending", "≈ 2024"), ("failed", "≈ Jan 2025"), ("0.50 %", "16 Dec 2024"),
    ]  # fmt: skip


# Treatment stopped 40 days before the last observed day, the progression on the day named.
@pytest.mark.parametrize(
    ("before_stop", "numbers", "n_also", "words"),
    [
        (1, [12], 1, "; PD 41 days ago, no decision recorded"),
        (0, [12], 1, "; PD 40 days ago, no decision recorded"),
        # After the stop it stands under number 1 itself.
        (-1, [1, 12], 0, ""),
        (None, [12], 0, ""),
    ],
)
def test_a_progression_without_a_decision_before_a_stop_is_said_and_counted_under_it(
    before_stop, numbers, n_also, words
):
    response = [] if before_stop is None else [scan(END - 40 - before_stop, "pd")]
    reader = memory_reader(tables(treatment=[line(1, 0, END - 40)], response=response), cut_off=day(END))
    study = StudyList(reader=reader, short_title="Test", written=Written(today=TODAY))
    (entry,) = found = study_entries(study, window_days=None)
    assert [row["reason_no"] for row in entry.reasons] == numbers
    assert n_stopped_undecided(found) == n_also
    assert why(entry.reasons[-1]) == f"Treatment stopped 40 days ago, no next step recorded{words}"


# Stopped 40 days ago after a PD of the day named, and a draw that failed since: that reason comes first.
@pytest.mark.parametrize(
    ("progressed", "words", "in_short"),
    [
        (END - 41, "; PD 41 days ago, no decision recorded", "; PD, no decision"),
        (None, "", ""),
    ],
)
def test_a_progression_without_a_decision_is_said_whatever_comes_first(progressed, words, in_short):
    response = [] if progressed is None else [scan(progressed, "pd")]
    course = tables(
        treatment=[line(1, 0, END - 40)], response=response, ctdna_sample=[draw(END - 10, "failed")]
    )
    study = StudyList(
        reader=memory_reader(course, cut_off=day(END)), short_title="Test", written=Written(today=TODAY)
    )
    (entry,) = found = study_entries(study, window_days=None)
    assert [row["reason_no"] for row in entry.reasons] == [7, 12]
    (listed,) = worklist_figure([study], found, WorklistRequest()).table.to_dict("records")
    assert listed["Why it is here"] == f"Sample failed 10 days ago, no redraw recorded{words}"
    assert short(entry.reasons[0], beside=entry.reasons) == f"10 days ago{in_short}"
    assert short(entry.reasons[1], beside=entry.reasons).count("PD") == bool(words)


def test_a_progression_of_a_stop_known_to_the_month_is_counted_about():
    response = [scan(END - 50, "pd", assessed_on_precision="month")]
    row = worklist_line(treatment=[line(1, 0, END - 40)], response=response)
    assert row["Why it is here"].endswith("; PD ≈ 50 days ago, no decision recorded")


@pytest.mark.parametrize(("is_shown", "expected"), [(False, 1), (True, 1)])
def test_the_reviewed_rows_of_a_search_are_counted_whether_shown_or_not(study, is_shown, expected):
    review = Reviewed(patient_id="", snapshot_id="s1", reviewed_on=TODAY, reviewed_by="Dr A")
    entries = [
        replace(entry, review=review, is_hidden=entry.patient_id in ("hit 1", "hit 6"))
        for entry in study_entries(study, window_days=None)
    ]
    assert n_hidden_entries(entries, WorklistRequest(search="hit 6", shows_reviewed=is_shown)) == expected
