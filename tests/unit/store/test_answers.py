"""Answers kept by their question: asked once, told apart by every value, never shared by reference."""

from dashboard.store.answers import ENTRIES, MOST_CELLS, Answers, question_of
from dashboard.store.reader import Reader
from tests.pages.real_snapshot import real_snapshot

COUNT = "select count(*) as n from patient where site_id = $site"


def asked(answers, question, made, value):
    def ask():
        made.append(question)
        return value

    return answers.take(question, ask)


def test_a_question_is_asked_once():
    answers, made = Answers(len), []
    assert [asked(answers, "q", made, [1]) for _ in range(3)] == [[1]] * 3
    assert made == ["q"]


def test_the_question_asked_longest_ago_is_forgotten_first():
    answers, made = Answers(len), []
    for number in range(ENTRIES + 1):
        asked(answers, number, made, [])
    asked(answers, ENTRIES, made, [])
    asked(answers, 0, made, [])
    assert made == [*range(ENTRIES + 1), 0]


def test_a_very_large_answer_is_not_kept():
    answers, made = Answers(lambda size: size), []
    for size in (MOST_CELLS, MOST_CELLS, MOST_CELLS + 1, MOST_CELLS + 1):
        asked(answers, size, made, size)
    assert made == [MOST_CELLS, MOST_CELLS + 1, MOST_CELLS + 1]


def test_questions_differ_by_text_name_value_and_type():
    given = [
        ("a", {"x": 1}),
        ("b", {"x": 1}),
        ("a", {"y": 1}),
        ("a", {"x": 2}),
        ("a", {"x": True}),
        ("a", {"x": [1, 2]}),
        ("a", None),
    ]
    assert len({question_of(*one) for one in given}) == len(given)
    assert question_of("a", {"x": [1, 2]}) == question_of("a", {"x": [1, 2]})


def test_a_value_that_cannot_be_compared_is_no_question_to_keep():
    assert question_of("a", {"x": {"y": []}}) is None


def test_what_a_caller_does_to_its_rows_reaches_nobody_else():
    reader = Reader(real_snapshot())
    query = "select patient_id from patient order by patient_id limit 2"
    first = reader.rows(query)
    before = first["patient_id"].tolist()
    first.loc[0, "patient_id"] = "changed"
    records = reader.records(query)
    records[0]["patient_id"] = "changed"
    assert reader.rows(query)["patient_id"].tolist() == before
    assert [row["patient_id"] for row in reader.records(query)] == before


def test_readers_of_other_sites_get_their_own_answers():
    snapshot = real_snapshot()
    whole = Reader(snapshot).records(COUNT, {"site": "01"})
    assert whole[0]["n"] > 0
    assert Reader(snapshot, ("02",)).records(COUNT, {"site": "01"}) == [{"n": 0}]
    assert Reader(snapshot, ("01",)).records(COUNT, {"site": "01"}) == whole
