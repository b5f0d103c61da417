"""What is asked of a site and of a laboratory: which rows, and one language in one message."""

import pandas as pd
import pytest

from dashboard.figures.follow_up.asked import (
    asked_of_site,
    is_asked_of_site,
    language_words,
    left_out_words,
    owed_words,
    settled_words,
    site_messages,
    untranslated_words,
)

NO_TEXT = "No Vietnamese text yet; shown in English"


def line(request, state="OVERDUE", **values):
    start = {"state": state, "asked_of": "site", "site_id": "01", "language": "vi", "request": request}
    return {**start, **values}


LINES = [
    line("late"),
    line("closing", "CLOSES_SOON"),
    line("due", "DUE_NOW"),
    line("opening", "NOT_YET_DUE"),
    line("cannot tell", "CANNOT_TELL"),
    line("result", asked_of="laboratory", language="en"),
    line("result elsewhere", asked_of="laboratory", language="en", site_id="02"),
    line("result in time", "DUE_NOW", asked_of="laboratory", language="en"),
    line("elsewhere", site_id="02"),
    line("no text", language="en"),
]
ROWS = pd.DataFrame(LINES)


def test_a_site_is_asked_for_what_is_overdue_or_closing_and_its_own():
    assert asked_of_site(ROWS, site_id="01")["request"].tolist() == ["late", "closing", "no text"]
    assert asked_of_site(ROWS, site_id="02")["request"].tolist() == ["elsewhere"]
    assert asked_of_site(ROWS, site_id="03").columns.tolist() == ROWS.columns.tolist()
    assert asked_of_site(ROWS[:0], site_id="01").empty


def test_a_file_says_how_many_items_it_has_and_how_many_of_them_are_overdue_or_done():
    assert owed_words(ROWS) == "10 items of which 5 overdue"
    assert owed_words(ROWS[:1]) == "1 item of which 1 overdue"
    settled = pd.DataFrame({"state": ["DONE_OUTSIDE_WINDOW", "CANNOT_BE_OBTAINED", "CANNOT_BE_OBTAINED"]})
    assert settled_words(settled) == "3 items of which 1 done"


def test_a_message_has_one_language_and_what_has_no_translation_stands_apart():
    own = [one for one in LINES if one["site_id"] == "01"]
    native, english = site_messages(own, language="vi")
    assert (native.heading, native.n_requests, native.text) == ("Vietnamese", 2, "late\nclosing")
    assert (english.heading, english.n_requests, english.text) == (NO_TEXT, 1, "no text")


def test_in_english_there_is_one_message_and_of_nothing_there_is_none():
    lines = [line("late", language="en"), line("closing", "CLOSES_SOON", language="en")]
    assert [one.heading for one in site_messages(lines, language="en")] == ["English"]
    only_english = [one.heading for one in site_messages(lines, language="zh")]
    assert only_english == ["No Chinese text yet; shown in English"]
    assert site_messages([line("due", "DUE_NOW")], language="vi") == []


@pytest.mark.parametrize(
    ("used", "wanted", "words"),
    [
        ("vi", "vi", "Vietnamese"),
        ("en", "vi", NO_TEXT),
        ("en", "zh", "No Chinese text yet; shown in English"),
        ("en", "en", "English"),
    ],
)
def test_a_text_that_is_not_in_the_language_wanted_says_so(used, wanted, words):
    assert language_words(used=used, wanted=wanted) == words


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([("vi", "vi"), ("en", "en")], ""),
        ([("en", "vi")], "1 of 1 request in English: no Vietnamese text yet"),
        ([("en", "vi"), ("vi", "vi"), ("en", "en")], "1 of 3 requests in English: no Vietnamese text yet"),
        ([("en", "vi"), ("en", "zh")], "2 of 2 requests in English: no Chinese or Vietnamese text yet"),
    ],
)
def test_a_file_says_how_many_requests_are_in_english_for_want_of_a_text(lines, words):
    rows = pd.DataFrame([line("one", language=used, language_wanted=wanted) for used, wanted in lines])
    nothing_asked = line(None, language=None, language_wanted=None)
    assert untranslated_words(pd.concat([rows, pd.DataFrame([nothing_asked])])) == words


def test_what_the_one_text_leaves_out_is_counted():
    own = [one for one in LINES if one["site_id"] == "01"]
    assert len(own) == 8  # 3 in the text, 1 overdue at the laboratory, 4 not to be asked for yet.
    assert left_out_words(own) == "Not in it: 4 not asked for yet, 1 for the laboratory."
    assert left_out_words([line("late")]) == "Every item of the list is in it."
    assert left_out_words([line("late"), line("due", "DUE_NOW")]) == "Not in it: 1 not asked for yet."
    late_result = line("result", asked_of="laboratory")
    assert left_out_words([line("late"), late_result]) == "Not in it: 1 for the laboratory."


def test_the_message_and_the_file_of_a_site_have_the_same_count():
    own = [one for one in LINES if one["site_id"] == "01"]
    n_in_text = sum(message.n_requests for message in site_messages(own, language="vi"))
    assert n_in_text == len(asked_of_site(ROWS, site_id="01")) == sum(map(is_asked_of_site, own)) == 3
