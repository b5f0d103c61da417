"""One sheet per patient whatever is known of them, and the pack of a meeting."""

import datetime as dt
import re
from base64 import b64decode
from dataclasses import replace

import pytest

from dashboard.report.mdt import (
    CANNOT_PRINT,
    MOST_EARLIER,
    MdtCase,
    MdtPack,
    MixedPack,
    RecordedDecision,
    compile_pdf,
    mdt_pack,
    mdt_page,
    pack_name,
    page_name,
    printable,
)
from dashboard.tables.header_strip import Cell, Line
from tests.pdf_text import all_bytes, has_pixels, least_type_points, pdf_facts, pdf_text, word_tops

# A drawing as wide as high with a word at its upper and one at its lower edge.
TALL = {
    "data": {"values": [{"word": "Nguyễn", "y": 10}, {"word": "部分缓解", "y": 690}]},
    "mark": "text",
    "encoding": {
        "text": {"field": "word"},
        "x": {"value": 350},
        "y": {"field": "y", "type": "quantitative", "scale": None},
    },
    "width": 700,
    "height": 700,
}
LEAST_TIMELINE_MM = 60
# A drawing without words.
EMPTY = {"mark": "rule", "data": {"values": [{"x": 1}]}, "encoding": {}, "width": 700, "height": 500}
MEETING = dt.date(2024, 7, 3)
N_STATEMENTS = 24
N_UNKNOWN = 30


def full(report, **changed):
    """More of everything than any sample patient has."""
    line = (
        "1",
        "Fluorouracil, oxaliplatin, bevacizumab",
        "4 Jan 2024 to 6 Feb 2024",
        "PR",
        "1.1 months",
        "-",
    )
    return report(
        treatments=(line,) * 12,
        responses=("21 Aug 2023: PR reported", "13 Nov 2023: PD reported"),
        toxicities=tuple(f"neuropathy number {n} grade 3, 4 Jan 2024, end not recorded" for n in range(20)),
        organs=("9 Feb 2024: creatinine 81 µmol/L, ALT 134 U/L (high, ULN 40)",) * 4,
        said=tuple(
            f"Statement {n}: with a reason that takes more than one line of its card. " * 2
            for n in range(N_STATEMENTS)
        ),
        unknown=tuple(
            f"Unknown {n}: something that nobody has recorded until now." for n in range(N_UNKNOWN)
        ),
        variants=tuple(
            (f"GENE{n} V600E", "1.0 · 4 Jan 2024", "2.0 · 5 Jan 2024", "3.0 · 6 Jan 2024", "–", "new")
            for n in range(8)
        ),
        variant_head=("Variant", "First", "Highest", "Last", "Copy number", "Status"),
        n_more_variants=5,
        issues=tuple(f"Issue {n}." for n in range(3)),
        n_issues=7,
        **changed,
    )


def test_a_page_without_anything_says_so_and_has_room_for_the_decision(report, tmp_path):
    pdf = mdt_page(MdtCase(report=report()))
    text = pdf_text(pdf, tmp_path)
    for words in (
        "Hospital patient label (affix)",
        "Study ID S-001 · F · born 1961 · Site 01",
        "Identity checked by",
        "Question for the MDT:",
        "No ctDNA result and no response to report.",
        "No result is pending, failed or overdue; no data issue.",
        "No treatment is recorded.",
        "No variant was reported for this patient.",
        "No response assessment is recorded.",
        "HBV not recorded · HCV not recorded",
        "Decision",
        "Next action",
        "Owner",
        "Signature",
        "Small study · data cut 30 Jun 2024 · snapshot 2024-06-30-0123abcd",
        "Application 0.1.0 · rules 0123456789ab · Research use",
        "Research use: not for treatment selection",
        "page 1 of 1",
    ):
        assert words in text, words


def test_the_page_is_one_tagged_a4_sheet_of_pdf_ua(report, tmp_path):
    pdf = mdt_page(MdtCase(report=report()))
    facts = pdf_facts(pdf, tmp_path)
    assert (facts["Pages"], facts["Tagged"]) == ("1", "yes")
    assert facts["Page size"].endswith("(A4)")
    assert facts["Title"] == "S-001, MDT page"
    assert "<pdfuaid:part>1</pdfuaid:part>" in all_bytes(pdf).decode("latin-1")


def test_what_does_not_fit_is_cut_to_one_sheet_but_never_the_unknowns_or_the_timeline(report, tmp_path):
    made = full(report)
    made = replace(made, timeline=replace(made.timeline, spec=TALL))
    pdf = mdt_page(MdtCase(report=made, question="Which line next?"))
    text = pdf_text(pdf, tmp_path)
    assert pdf_facts(pdf, tmp_path)["Pages"] == "1"
    assert [n for n in range(N_UNKNOWN) if f"Unknown {n}:" not in text] == []
    assert [n for n in range(3) if f"Issue {n}." not in text] == []
    assert "7 data issues, the first 3 (all: see the patient page):" in text
    # The timeline is lines and type, and keeps its height: between its two words lie 680 of 710 pixels.
    assert not has_pixels(pdf)
    tops = word_tops(pdf, tmp_path)
    assert (tops["部分缓解"] - tops["Nguyễn"]) * 710 / 680 >= LEAST_TIMELINE_MM
    n_shown = len(set(re.findall(r"Statement \d+:", text)))
    assert 0 < n_shown < N_STATEMENTS
    assert f"+ {N_STATEMENTS - n_shown} more, see the patient page" in text
    assert re.search(r"\d earlier, see the patient page", text)
    assert "Signature" in text


def test_a_picture_of_pixels_would_be_noticed(tmp_path):
    pixel = b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
    )
    (tmp_path / "pixel.png").write_bytes(pixel)
    template = tmp_path / "page.typ"
    template.write_text('#set document(title: "t")\n#image("pixel.png", alt: "a pixel")\n', encoding="utf-8")
    assert has_pixels(compile_pdf(template, inputs={}))


def test_no_type_beside_the_timeline_is_smaller_than_six_and_a_half_points(report, tmp_path):
    for made in (report(), full(report)):
        plain = replace(made, timeline=replace(made.timeline, spec=EMPTY))
        assert least_type_points(mdt_page(MdtCase(report=plain)), tmp_path) >= 6.45


def test_with_room_all_eight_variants_stand_and_the_rest_is_counted(report, tmp_path):
    known = full(report)
    some = report(variant_head=known.variant_head, variants=known.variants, n_more_variants=5)
    text = pdf_text(mdt_page(MdtCase(report=some)), tmp_path)
    assert [n for n in range(8) if f"GENE{n} V600E" not in text] == []
    assert "+ 5 more, see the patient page" in text


def test_vietnamese_and_chinese_survive_and_a_character_we_cannot_print_is_owned_up_to(report, tmp_path):
    case = MdtCase(report=report(), question="Nguyễn Thị Ước: 癌症, 复查 CT? 𠮷")
    text = pdf_text(mdt_page(case), tmp_path)
    assert f"Nguyễn Thị Ước: 癌症, 复查 CT? {CANNOT_PRINT}" in text
    assert f"{CANNOT_PRINT} stands for a character that this file cannot print." in text


def test_only_characters_we_lack_are_replaced():
    assert printable("ĐĂÂÊÔƠƯ ▽ ≥ 10⁹/L µ → − 达尔西利") == "ĐĂÂÊÔƠƯ ▽ ≥ 10⁹/L µ → − 达尔西利"
    assert printable("a\N{HANGUL SYLLABLE GA}b") == f"a{CANNOT_PRINT}b"


def test_markup_in_a_text_is_printed_as_it_is(report, tmp_path):
    case = MdtCase(report=report(), question='#panic("x") *bold* $x^2$ "quoted" \\')
    assert '#panic("x") *bold* $x^2$ "quoted" \\' in pdf_text(mdt_page(case), tmp_path)


def test_a_deidentified_page_has_no_label_box_and_leaves_the_free_text_out(report, tmp_path):
    known = report(is_deidentified=True, identity="Study ID S-001 · F", cut="day 170")
    text = pdf_text(mdt_page(MdtCase(report=known, question="Seen on 3 May 2024?")), tmp_path)
    assert "De-identified: study days only" in text
    assert "affix" not in text
    assert "3 May" not in text


def test_file_names_have_the_study_id_and_the_date_and_nothing_else(report):
    assert page_name(report()) == "S-001-2024-06-30.pdf"
    assert page_name(report(is_deidentified=True)) == "S-001-study-days.pdf"


def test_a_pack_has_contents_one_page_a_case_in_agenda_order_and_names_its_cut(report, tmp_path):
    cases = tuple(
        MdtCase(report=report(patient_id=f"S-{n:03d}"), question=f"Question {n}?" if n % 2 else "")
        for n in (3, 1, 2)
    )
    told = []
    pack = MdtPack(title="Thoracic MDT", held_on=MEETING, cases=cases)
    pdf = mdt_pack(pack, progress=lambda done, n: told.append((done, n)))
    text = pdf_text(pdf, tmp_path)
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert pdf_facts(pdf, tmp_path)["Pages"] == "4"
    assert text.startswith("Thoracic MDT, 3 Jul 2024 3 cases · data cut: 30 Jun 2024")
    contents = text[: text.index("page 1 of 4")]
    assert contents.index("S-003") < contents.index("S-001") < contents.index("S-002")
    assert "No question was written down." in contents
    assert contents.count("value · value") == 3
    assert "Thoracic MDT, 3 Jul 2024 · case 2 of 3" in text
    assert "page 4 of 4" in text
    assert pack_name(pack) == "mdt-pack-2024-07-03.pdf"


def test_a_pack_of_one_case_says_case(report, tmp_path):
    pdf = mdt_pack(MdtPack(title="MDT", held_on=MEETING, cases=(MdtCase(report=report()),)))
    assert pdf_text(pdf, tmp_path).startswith("MDT, 3 Jul 2024 1 case · data cut: 30 Jun 2024")


def test_a_deidentified_pack_says_that_the_questions_are_left_out_and_names_no_day(report, tmp_path):
    case = MdtCase(report=report(is_deidentified=True, cut="day 170", footer="S"), question="On 3 May 2024?")
    pack = MdtPack(title="MDT of Dr A", held_on=MEETING, cases=(case,))
    text = pdf_text(mdt_pack(pack), tmp_path)
    assert text.startswith("MDT pack 1 case · de-identified: study days only")
    assert "Left out." in text
    assert "No question was written down." not in text
    assert "2024" not in text
    assert pack_name(pack) == "mdt-pack-study-days.pdf"


def test_cases_of_two_data_cuts_are_refused(report):
    cases = (MdtCase(report=report()), MdtCase(report=report(footer="Small study · data cut 31 Jul 2024")))
    with pytest.raises(MixedPack, match="31 Jul 2024"):
        mdt_pack(MdtPack(title="MDT", held_on=MEETING, cases=cases))


def test_a_pack_without_cases_is_refused():
    with pytest.raises(ValueError, match="at least one case"):
        mdt_pack(MdtPack(title="MDT", held_on=MEETING, cases=()))


def test_a_page_without_variants_gives_the_reason_of_this_patient(report, tmp_path):
    pdf = mdt_page(MdtCase(report=report(no_variant="No ctDNA sample of this patient has a result.")))
    text = pdf_text(pdf, tmp_path)
    assert "No ctDNA sample of this patient has a result." in text
    assert "No variant was reported" not in text


DECIDED = RecordedDecision(
    text="Stop everolimus; chemotherapy.",
    next_action="CT-guided biopsy",
    owner="Dr Lê",
    due="12 Jul 2024",
    recorded="Recorded by Dr Bo, 3 Jul 2024",
)


def test_a_recorded_decision_stands_in_the_box_and_without_one_there_is_room_to_write(report, tmp_path):
    text = pdf_text(mdt_page(MdtCase(report=report(), decision=DECIDED)), tmp_path)
    assert "Decision Stop everolimus; chemotherapy. Next action CT-guided biopsy" in text
    for said in ("Owner Dr Lê Due 12 Jul 2024", "Recorded by Dr Bo, 3 Jul 2024", "Date", "Signature"):
        assert text.count(said) == 1
    empty = pdf_text(mdt_page(MdtCase(report=report())), tmp_path)
    assert [empty.count(word) for word in ("Decision", "Next action", "Owner", "Recorded by")] == [1, 1, 1, 0]


def test_a_decision_without_an_action_has_no_place_for_one(report, tmp_path):
    bare = RecordedDecision(text="Continue.", recorded="Recorded by Dr Bo")
    text = pdf_text(mdt_page(MdtCase(report=report(), decision=bare)), tmp_path)
    assert "Decision Continue. Recorded by Dr Bo Date" in text
    assert "Next action" not in text


@pytest.mark.parametrize(("more", "is_cut"), [(0, False), (1, True)])
def test_an_earlier_decision_is_one_line_above_the_box(report, tmp_path, more, is_cut):
    said = "a" * (MOST_EARLIER + more)
    case = MdtCase(report=report(), earlier=("Decision of 3 May 2024:", said))
    text = pdf_text(mdt_page(case), tmp_path)
    shown = f"{'a' * MOST_EARLIER} … (see the patient page)" if is_cut else said
    assert f"Decision of 3 May 2024: {shown} Decision Next action" in text


def test_decisions_leave_the_fullest_page_one_sheet_with_its_timeline(report, tmp_path):
    made = full(report)
    made = replace(made, timeline=replace(made.timeline, spec=TALL))
    long = RecordedDecision(
        text="Stop now. " * 400, next_action="Biopsy. " * 400, owner="Dr Lê " * 30, due="12 Jul 2024",
        recorded="Recorded by Dr Bo, 3 Jul 2024, version 2",
    )  # fmt: skip
    case = MdtCase(
        report=made, question="Which?", decision=long, earlier=("Decision of 3 May 2024:", "Stop. " * 400)
    )
    pdf = mdt_page(case)
    text = pdf_text(pdf, tmp_path)
    assert pdf_facts(pdf, tmp_path)["Pages"] == "1"
    assert text.count("… (see the patient page)") == 4
    assert [n for n in range(N_UNKNOWN) if f"Unknown {n}:" not in text] == []
    tops = word_tops(pdf, tmp_path)
    assert (tops["部分缓解"] - tops["Nguyễn"]) * 710 / 680 >= LEAST_TIMELINE_MM


def test_a_deidentified_page_says_that_there_is_a_decision_and_nothing_of_it(report, tmp_path):
    known = report(is_deidentified=True, identity="Study ID S-001 · F", cut="day 170", footer="S")
    case = MdtCase(report=known, decision=DECIDED, earlier=("Decision of 3 May 2024:", "Stop."))
    text = pdf_text(mdt_page(case), tmp_path)
    assert "Decision A decision is recorded; it is left out of a de-identified page." in text
    assert [word for word in ("everolimus", "Dr", "2024", "biopsy", "Stop") if word in text] == []


def test_the_contents_say_when_a_line_was_last_known_of_who_has_not_been_seen_for_long(report, tmp_path):
    """ "Line 1 · day 0" alone reads as if it began today."""
    late = Line("at last contact 17 Jul 2023 (nothing recorded since, 957 days)", is_late=True)
    cells = (Cell("Diagnosis", "breast", ()), Cell("Current line", "Line 1 · day 0", (late, Line("drug"))))
    pack = MdtPack(title="MDT", held_on=MEETING, cases=(MdtCase(report=report(cells=cells)),))
    contents = pdf_text(mdt_pack(pack), tmp_path).partition("page 1 of")[0]
    assert (
        "breast · Line 1 · day 0 at last contact 17 Jul 2023 (nothing recorded since, 957 days)"
        in " ".join(contents.split())
    )
