"""The worklist of the sample studies: every reason has somebody, and the window counts."""

import datetime as dt
from pathlib import Path

import pytest

from dashboard.figures.worklist.listed import (
    StudyList,
    WorklistRequest,
    reason_counts,
    study_entries,
    worklist_figure,
)
from dashboard.figures.worklist.reasons import OpenAction, Written
from dashboard.store.reader import Reader

pytestmark = pytest.mark.slow
DATA = Path(__file__).resolve().parents[2] / "data"
STUDIES = ("k4care", "cdk46", "pulmonary-oligomets")
TODAY = dt.date(2026, 3, 10)
WINDOWED = (2, 3, 4, 5)


@pytest.fixture(scope="module")
def studies(sample_snapshot) -> list[StudyList]:
    """The three studies; two patients have an action that is overdue (only people can write those)."""
    found = []
    for name in STUDIES:
        reader = Reader(sample_snapshot(name))
        patients = reader.records("select patient_id from reason_to_look_patient order by patient_id limit 2")
        late = [
            OpenAction(patient_id=row["patient_id"], due_on=dt.date(2026, 3, 9), action="CT", owner="Dr A")
            for row in patients
        ]
        found.append(StudyList(reader=reader, short_title=name, written=Written(today=TODAY, actions=late)))
    return found


def listed(studies, window_days=None):
    return [entry for study in studies for entry in study_entries(study, window_days=window_days)]


def test_every_reason_has_at_least_two_patients(studies):
    counts = reason_counts(listed(studies))
    assert list(counts) == list(range(1, 13))
    assert {number: n for number, n in counts.items() if n < 2} == {}


def test_the_studys_own_window_of_42_days_is_the_same_as_asking_for_it(studies):
    assert reason_counts(listed(studies, 42)) == reason_counts(listed(studies))


def test_another_window_judges_only_the_reasons_that_pair_again(studies):
    narrow, wide = (reason_counts(listed(studies, days)) for days in (14, 84))
    assert {n: count for n, count in narrow.items() if n not in WINDOWED} == {
        n: count for n, count in wide.items() if n not in WINDOWED
    }
    # An assessed scan after the draw answers reason 2 whatever the window (docs/decisions 0025).
    assert narrow[2] >= wide[2]
    assert all(narrow[n] <= wide[n] for n in (3, 4, 5))
    assert narrow[3] < wide[3]


def test_within_the_window_the_worklist_and_the_patients_page_pair_the_same_scan(studies):
    """A12 has one answer: no pair of the list is parted on the page, or paired with another scan."""
    for study in studies:
        within = study.reader.records(
            "select listed.sample_id, listed.response_key as on_the_list, asked.response_key as on_the_page "
            "from reason_to_look_pair as listed join imaging_answer as asked "
            "on listed.sample_id = asked.sample_id and asked.kind = 'DRAW' where listed.is_met"
        )
        assert within
        assert [row for row in within if row["on_the_list"] != row["on_the_page"]] == []


def test_every_line_says_what_it_is_in_words(studies):
    figure = worklist_figure(studies, listed(studies), WorklistRequest())
    text = figure.table.drop(columns=["No.", "Days"]).astype(str).to_csv(index=False)
    assert len(figure.table) == len(listed(studies)) > 100
    for word in ("nan", "NaT", "None", "{", "order imaging", "recommend", "negative", "positive"):
        assert word not in text, word


def test_a_sample_without_a_result_stands_with_the_day_it_was_drawn(studies):
    table = worklist_figure(studies, listed(studies), WorklistRequest()).table.set_index("Patient")
    failed = table.loc["K4C-0072"]
    assert (failed["Last ctDNA"], failed["Last ctDNA on"]) == ("failed", "20 Aug 2025")
    has_sample = table["Last ctDNA"] != "–"
    assert (has_sample == (table["Last ctDNA on"] != "–")).all()
