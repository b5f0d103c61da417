"""The variant table: courses, results, reasons, and nothing drawn from nothing."""

from typing import Any

import pytest

from dashboard.tables.patient_timeline import Clock
from dashboard.tables.variants import course_words, result_table, variant_table
from tests.builders import day

CLOCK = Clock(day(0))
COURSE: dict[str, Any] = {
    "gene": "ESR1",
    "variant": "p.D538G",
    "hgvs_c": "c.1613A>G",
    "status": "NEW",
    "rule": "VARIANT_NEW",
    "is_tracked": False,
    "is_copy_number": False,
    "n_covered": 2,
    "n_samples": 3,
    "baseline_on": day(0),
    "reference": "BASELINE",
    "latest_on": day(90),
    "latest_outcome": "FOUND",
    "last_detected_on": day(90),
    "first_detected_on": day(90),
    "first_status": "detected",
    "first_maf_ppm": 4000,
    "first_draw_no": 3,
    "highest_maf_ppm": 4000,
    "highest_maf_on": day(90),
    "highest_maf_draw_no": 3,
    "last_maf_ppm": 4000,
    "last_maf_on": day(90),
    "copy_number_latest": None,
    "chip_rule": None,
    "germline_rule": None,
}


def course(**changes: Any) -> dict[str, Any]:
    return {**COURSE, **changes}


def point(
    draw_no: int, maf_ppm: float | None = None, outcome: str = "FOUND", **changes: Any
) -> dict[str, Any]:
    return {
        "gene": "ESR1",
        "variant": "p.D538G",
        "hgvs_c": "c.1613A>G",
        "draw_no": draw_no,
        "collected_on": day(30 * draw_no),
        "panel": "v1",
        "series_no": 1,
        "outcome": outcome,
        "status": "detected" if outcome == "FOUND" else None,
        "maf_ppm": maf_ppm,
        "copy_number": None,
        "is_copy_number": False,
        "source_file": "variant.csv" if outcome == "FOUND" else None,
        "source_row": draw_no + 1 if outcome == "FOUND" else None,
        **changes,
    }


def cell(column: str, *points: dict[str, Any], **changes: Any) -> str:
    return str(variant_table([course(**changes)], clock=CLOCK, samples=points)[column][0])


def test_new_variants_come_first_and_then_the_highest():
    rows = [
        course(gene="TP53", status="STILL", highest_maf_ppm=50_000),
        course(gene="PIK3CA", status="STILL", highest_maf_ppm=90_000),
        course(),
    ]
    table = variant_table(rows, clock=CLOCK)
    assert list(table["Gene"]) == ["ESR1", "PIK3CA", "TP53"]
    assert list(table["Status"]) == ["new since baseline", "still detected", "still detected"]


@pytest.mark.parametrize(("n_samples", "words"), [(1, "one sample"), (2, "no sample since baseline")])
def test_without_a_sample_after_the_baseline_the_status_says_what_there_is(n_samples, words):
    one = {"status": "NOT_ASSESSABLE", "rule": "VARIANT_ONE_SAMPLE", "n_samples": n_samples}
    assert cell("Status", **one) == words


def test_a_row_names_the_change_and_its_numbers_with_their_dates():
    row = variant_table([course()], clock=CLOCK).iloc[0]
    assert (row["Protein change"], row["Coding change"], row["Followed"]) == ("p.D538G", "c.1613A>G", "no")
    assert (row["First, %"], row["Last, %"]) == ("0.40 · 31 Mar 2024", "0.40 · 31 Mar 2024")
    assert row["Samples covering it"] == "2 of 3"
    assert row["Why"] == (
        "New since baseline: covered and not detected on 1 Jan 2024, detected on 31 Mar 2024"
    )


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("NEW", "new since baseline"),
        ("STILL", "still detected"),
        ("NO_LONGER", "no longer detected"),
        ("NOT_COVERED", "not covered"),
        ("NOT_ASSESSABLE", "not assessable"),
        ("NEVER", "followed, never detected"),
    ],
)
def test_the_course_has_the_words_of_the_field(status, words):
    assert cell("Status", status=status) == words


@pytest.mark.parametrize(("outcome", "words"), [("ABSENT", "not detected"), ("NOT_COVERED", "not covered")])
def test_the_last_result_is_that_of_the_latest_sample_and_never_a_zero(outcome, words):
    assert cell("Last, %", latest_outcome=outcome) == f"{words} · 31 Mar 2024"


def test_a_latest_sample_below_loq_does_not_show_an_older_number_as_the_last():
    below = point(3, None, status="below_loq")
    assert cell("Last, %", point(2, 4000), below) == "below LoQ · 31 Mar 2024"


def test_two_samples_give_an_arrow_and_two_numbers():
    assert cell("Course", point(1, 9000), point(2, 10_000)) == "0.90 % → 1.00 %"
    assert cell("Course", point(1, outcome="ABSENT"), point(2, 4000)) == "not detected → 0.40 %"
    assert cell("Course", point(1, 9000)) == "0.90 %"


def test_more_samples_give_one_sign_each_on_the_log_scale_of_the_patient():
    points = [
        point(1, 100),
        point(2, 1000),
        point(3, 10_000),
        point(4, outcome="ABSENT"),
        point(5, outcome="NOT_COVERED"),
        point(6, None, status="below_loq"),
        point(7),
    ]
    assert cell("Course", *points) == "▁▅█▽·○●"


def test_one_level_alone_stands_in_the_middle():
    points = [point(1, 100), point(2, 100), point(3, outcome="ABSENT")]
    assert cell("Course", *points) == "▄▄▽"


def test_forty_samples_are_forty_signs():
    points = [point(number, 100 * number) for number in range(1, 41)]
    words = course_words(points, span=(2.0, 3.6))
    assert len(words) == 40


@pytest.mark.parametrize(
    ("variant", "outcome", "copy_number", "words"),
    [
        ("amplification", "FOUND", 6.2, "amplified (CN 6.2) · 31 Mar 2024"),
        ("amplification", "FOUND", None, "amplified · 31 Mar 2024"),
        ("amplification", "ABSENT", 6.2, "not amplified · 31 Mar 2024"),
        ("amplification", "NOT_COVERED", 6.2, "not assessed · 31 Mar 2024"),
        ("deletion", "FOUND", 0.4, "deleted (CN 0.4) · 31 Mar 2024"),
    ],
)
def test_copy_number_has_its_own_column_and_no_allele_fraction(variant, outcome, copy_number, words):
    changes = {
        "variant": variant,
        "is_copy_number": True,
        "latest_outcome": outcome,
        "copy_number_latest": copy_number,
        "first_maf_ppm": None,
        "highest_maf_ppm": None,
    }
    assert cell("Copy number", **changes) == words
    assert cell("Last, %", **changes) == cell("Highest, %", **changes) == "–"


def test_another_origin_is_possible_only_with_its_reason():
    assert cell("Possible other origin") == "–"
    numbers = {"chip_baseline_maf_ppm": 9000, "chip_later_maf_ppm": 10_000, "others_fall_percent": 95}
    assert cell("Possible other origin", gene="TP53", chip_rule="CHIP_GENE_MAF_UNCHANGED", **numbers) == (
        "Possible clonal haematopoiesis (gene TP53, no matched white-cell result; MAF unchanged "
        "0.9 → 1 % while the other variants fell 95 %)"
    )
    assert cell("Possible other origin", germline_rule="GERMLINE_STATED") == (
        "Possible germline variant (origin stated by the laboratory)"
    )


def test_every_result_names_its_source_row_or_why_there_is_none():
    points = [point(3, 4000), point(1, outcome="ABSENT"), point(2, outcome="NOT_COVERED")]
    table = result_table([course()], clock=CLOCK, samples=points)
    assert list(table["Draw"]) == ["1", "2", "3"]
    assert list(table["Result"]) == ["not detected", "not covered", "0.40 %"]
    assert list(table["Source"]) == ["no row: covered by the assay", "–", "variant.csv, row 4"]
    assert cell("Source of the last result", *points) == "variant.csv, row 4"


def test_study_time_has_no_dates():
    clock = Clock(day(0), is_study_time=True)
    points = [point(1, outcome="ABSENT"), point(3, 4000)]
    table = variant_table([course()], clock=clock, samples=points)
    assert "2024" not in table.to_csv() + result_table([course()], clock=clock, samples=points).to_csv()
    assert table["Last, %"][0] == "0.40 · day 90"


def test_a_patient_without_variants_has_an_empty_table():
    assert variant_table([], clock=CLOCK).empty
    assert result_table([], clock=CLOCK, samples=[]).empty


def test_without_a_sample_before_treatment_a_variant_is_new_since_the_first_draw():
    assert cell("Status", reference="FIRST_DRAW") == "new since first draw"
    one = {"status": "NOT_ASSESSABLE", "rule": "VARIANT_ONE_SAMPLE", "n_samples": 2}
    assert cell("Status", reference="FIRST_DRAW", **one) == "no sample since first draw"


def of_two_series(**changes: Any) -> list[dict[str, Any]]:
    """Three samples, the last by another assay."""
    other = {"series_no": 2, "panel": "v2", **changes}
    return [point(1, 1000), point(2, 100_000), point(3, 4000, **other)]


def test_a_change_of_assay_breaks_the_course_and_names_older_numbers_as_such():
    points = of_two_series()
    first = {"first_maf_ppm": 1000, "first_detected_on": day(30), "first_draw_no": 1}
    highest = {"highest_maf_ppm": 100_000, "highest_maf_on": day(60), "highest_maf_draw_no": 2}
    cells = variant_table([course(**first, **highest)], clock=CLOCK, samples=points)
    assert cells["Course"][0] == "▁█‖▃"
    assert cells["First, %"][0] == "0.10 · 31 Jan 2024 (earlier assay)"
    assert cells["Highest, %"][0] == "10.00 · 1 Mar 2024 (earlier assay)"
    assert cells["Last, %"][0] == "0.40 · 31 Mar 2024"


def test_within_one_series_nothing_is_broken():
    points = of_two_series(series_no=1)
    assert course_words(points, span=(3, 5)) == "▁█▃"
    assert "earlier" not in cell("First, %", *points, first_detected_on=day(30), first_draw_no=1)


@pytest.mark.parametrize(
    ("status", "ppm", "words"),
    [
        ("below_loq", None, "below LoQ · 31 Jan 2024"),
        ("detected", None, "detected, no number · 31 Jan 2024"),
        ("detected", 900, "0.09 · 31 Jan 2024"),
        # Never detected.
        (None, None, "–"),
    ],
)
def test_the_first_detection_stands_with_its_day_also_without_a_number(status, ppm, words):
    first = {"first_status": status, "first_maf_ppm": ppm, "first_draw_no": 1}
    assert cell("First, %", **first, first_detected_on=day(30) if status else None) == words


@pytest.mark.parametrize(("draw_no", "is_earlier"), [(2, True), (3, False)])
def test_of_two_assays_on_one_day_the_draw_tells_which_one_a_maf_is_of(draw_no, is_earlier):
    points = of_two_series(collected_on=day(60))
    highest = {"highest_maf_ppm": 100_000, "highest_maf_on": day(60), "highest_maf_draw_no": draw_no}
    assert ("earlier" in cell("Highest, %", *points, **highest)) == is_earlier


def test_two_results_of_two_assays_have_no_arrow_between_them():
    assert course_words(of_two_series()[1:], span=(3, 5)) == "10.00 % ‖ 0.40 %"
    assert course_words(of_two_series()[:2], span=(3, 5)) == "0.10 % → 10.00 %"


def test_every_result_says_where_it_is_not_comparable_with_the_one_before():
    other = {"gene": "PIK3CA", "variant": "p.H1047R"}
    courses = [course(), course(**other, highest_maf_ppm=1000)]
    samples = [*of_two_series(), *(one | other for one in of_two_series())]
    table = result_table(courses, clock=CLOCK, samples=samples)
    assert list(table["Panel"]) == ["v1", "v1", "v2, level not comparable with the samples before"] * 2
