"""Requests ready to be copied: the texts given, what is filled in, and the language."""

import datetime as dt

import pytest

from dashboard.rules.request_texts import LANGUAGES, place_holders, request, request_key, request_texts

FILLED = {"id", "date", "opens", "drug", "label", "scan", "days", "missing", "began"}
ROW = {
    "patient_id": "S-001",
    "item": "draw_2",
    "kind": "ctdna",
    "label": "Second blood draw",
    "state": "OVERDUE",
    "is_protocol": True,
    "opens_on": dt.date(2026, 6, 5),
    "closes_on": dt.date(2026, 9, 5),
    "last_done_on": dt.date(2026, 3, 2),
    "days_without": 124,
    "missing_date": None,
    "modality": None,
    "anchor_on": dt.date(2021, 11, 22),
    "died_on": None,
}
RECORD = {**ROW, "kind": "record"}
CT = {**RECORD, "item": "response", "label": "Response to CT", "modality": "ct"}
STOPPED = {**RECORD, "item": "stop_reason", "label": "Palbociclib, letrozole"}
NEVER = {
    **ROW,
    "item": "imaging",
    "kind": "imaging",
    "label": "CT or MRI",
    "is_protocol": False,
    "last_done_on": None,
    "began": "line 1 began on 22 Nov 2021",
}
CALL = {**RECORD, "item": "vital_status", "label": "Survival status"}


@pytest.mark.parametrize("key", request_texts())
def test_every_text_uses_only_what_is_filled_in_and_the_same_in_every_language(key):
    entry = request_texts()[key]
    named = {language: place_holders(entry[language]) for language in LANGUAGES if language in entry}
    assert "en" in named
    assert all(names <= FILLED and names == named["en"] and "id" in names for names in named.values())
    assert set(entry) <= {"date", "source", *LANGUAGES}
    assert entry["date"] in ROW


def test_only_the_texts_given_in_vietnamese_and_chinese_have_them():
    translated = {key for key, entry in request_texts().items() if {"vi", "zh"} & set(entry)}
    assert translated == {"draw_2", "draw_2_due", "response", "vital_status", "stop_reason", "died"}
    # The window about to close is asked for in the native sentence of the draw, which says "before".
    for language in ("vi", "zh"):
        assert request_texts()["draw_2_due"][language] == request_texts()["draw_2"][language]
    assert all({"vi", "zh"} <= set(request_texts()[key]) for key in translated)


def test_the_second_draw_is_asked_for_in_three_languages():
    english, vietnamese, chinese = (request(ROW, language=one).text for one in LANGUAGES)
    assert english.startswith(
        "Study ID S-001: second blood draw (10 mL) was due by 5 Sep 2026. Please tell us"
    )
    assert vietnamese.startswith("Mã S-001: mẫu máu lần 2 (10 mL) cần lấy trước 05/09/2026. Xin cho biết")
    assert chinese.startswith("受试者 S-001：第二次采血（10 mL）应于 2026年9月5日 前完成。请告知采血日期")


def test_the_other_three_name_their_own_date_and_drug():
    assert request(CT, language="vi").text.startswith("S-001: CT ngày 05/06/2026 chưa có")
    assert request(CALL, language="zh").text.startswith("S-001：最后已知存活 2026年3月2日。")
    stopped = "S-001: Palbociclib, letrozole stopped 5 Jun 2026, no reason recorded (progression / toxicity"
    assert request(STOPPED).text.startswith(stopped)


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ({**ROW, "item": "draw_1"}, "ctdna"),
        ({**ROW, "item": "imaging", "kind": "imaging"}, "imaging"),
        ({**ROW, "item": "imaging", "kind": "imaging", "is_protocol": False}, "imaging_assumed"),
        ({**ROW, "item": "ctdna", "is_protocol": False}, "ctdna_assumed"),
        ({**ROW, "state": "CLOSES_SOON"}, "draw_2_due"),
        ({**ROW, "state": "CLOSES_SOON", "item": "ctdna_progression"}, "ctdna_due"),
        ({**ROW, "state": "DUE_NOW"}, "ctdna_due"),
        (NEVER, "imaging_assumed_never"),
        ({**NEVER, "last_done_on": dt.date(2026, 3, 2)}, "imaging_assumed"),
        ({**NEVER, "item": "ctdna", "kind": "ctdna"}, "ctdna_assumed_never"),
        ({**ROW, "state": "NOT_YET_DUE", "kind": "imaging", "item": "imaging"}, "imaging_due"),
        ({**CT, "modality": "pet_ct"}, "response_other"),
        ({**CT, "modality": "unknown"}, "response_other"),
        ({**ROW, "state": "CANNOT_TELL", "missing_date": "enrolment"}, "cannot_tell"),
        ({**RECORD, "state": "CANNOT_TELL", "item": "laboratory_result"}, "laboratory_result"),
        ({**RECORD, "state": "DUE_NOW", "item": "stop_reason"}, "stop_reason"),
    ],
)
def test_which_text_asks_for_an_item(row, key):
    assert request_key(row) == key
    found = request(row)
    assert found.language == "en"
    assert "{" not in found.text
    assert "None" not in found.text


@pytest.mark.parametrize("language", ["vi", "zh"])
def test_where_a_language_has_no_text_english_is_offered(language):
    found = request({**ROW, "item": "draw_1", "label": "First blood draw"}, language=language)
    assert found.language == "en"
    assert found.text.startswith("Study ID S-001: first blood draw was due by 5 Sep 2026.")


def test_a_draw_without_a_name_in_the_language_is_asked_for_in_english():
    progression = {**ROW, "item": "ctdna_progression", "label": "Blood draw at progression"}
    for state in ("OVERDUE", "CLOSES_SOON"):
        assert request({**progression, "state": state}, language="zh").language == "en"
    closing = request({**ROW, "state": "CLOSES_SOON"}, language="zh")
    assert (closing.language, "第二次采血（10 mL）应于 2026年9月5日 前完成" in closing.text) == ("zh", True)


@pytest.mark.parametrize(
    ("language", "opening"),
    [
        ("en", "S-001 (died 1 Jul 2022): CT of 5 Jun 2026"),
        ("vi", "S-001 (tử vong 01/07/2022): CT ngày 05/06/2026"),
        ("zh", "S-001（死亡 2022年7月1日）：2026年6月5日 的 CT"),
    ],
)
def test_a_request_about_a_patient_who_died_says_so(language, opening):
    died = {**CT, "died_on": dt.date(2022, 7, 1)}
    assert request(died, language=language).text.startswith(opening)


def test_what_was_never_recorded_is_counted_from_where_it_is_expected():
    text = request(NEVER).text
    assert text.startswith("Study ID S-001: no CT or MRI is recorded since line 1 began on 22 Nov 2021.")


def test_a_missing_date_is_said_in_english_in_every_language():
    found = request({**CALL, "last_done_on": None}, language="vi")
    assert (found.language, "last known alive not recorded" in found.text) == ("en", True)


def test_an_abbreviation_keeps_its_capitals():
    row = {**ROW, "item": "imaging", "kind": "imaging", "label": "CT or MRI"}
    assert request(row).text.startswith("Study ID S-001: CT or MRI was due by")


def test_a_name_that_looks_like_a_place_holder_is_left_alone():
    assert "{date}" in request({**STOPPED, "label": "{date}"}).text


def test_another_language_is_an_error():
    with pytest.raises(KeyError, match="fr"):
        request(ROW, language="fr")
