"""What a ctDNA result rests on: possible clonal haematopoiesis, the limit of quantification, the next one."""

import pytest

from tests.builders import day
from tests.unit.marts.ctdna.tables import draw, line, maf, rows_of, series

ND = "not_detected"
LINE_1 = [line(1, 0)]
CHIP_GENES = [{"gene": "TP53"}, {"gene": "DNMT3A"}]
TP53 = {"gene": "TP53", "change": "p.R175H"}
PIK3CA = {"gene": "PIK3CA", "change": "p.H1047R"}


def basis(columns: str, samples: list, variants: list, covered: tuple | list = ()) -> list:
    given = {"ctdna_sample": samples, "variant": variants, "chip_gene": CHIP_GENES}
    given["definition_panel_gene"] = list(covered)
    return rows_of("ctdna_basis", columns, given, lines=LINE_1)


def progression(columns: str, samples: list, variants: list, covered: tuple | list = ()) -> object:
    """Columns of the draw of the molecular progression."""
    rows = basis(f"is_molecular_progression, {columns}", samples, variants, covered)
    (found,) = [row[1:] for row in rows if row[0]]
    return found[0] if len(found) == 1 else found


def again(*variants: dict) -> tuple[list, list]:
    """Detected, not detected, detected again in sample C with the variants given."""
    return [draw("A", 0), draw("B", 60, ND), draw("C", 120)], [maf("A", 9000, **PIK3CA), *variants]


def test_detected_again_by_possible_clonal_haematopoiesis_alone_is_said_with_its_name():
    columns = "origin_rule, other_origin, n_found, n_other_origin, rests_on_other_origin"
    assert progression(columns, *again(maf("C", 3000, **TP53))) == (
        "BASIS_POSSIBLE_CHIP", "TP53 R175H", 1, 1, True,
    )  # fmt: skip


def test_with_one_variant_of_another_kind_it_does_not_rest_on_it_alone():
    columns = "origin_rule, other_origin, n_found, n_other_origin, rests_on_other_origin"
    both = (maf("C", 3000, **TP53), maf("C", 200, **PIK3CA))
    assert progression(columns, *again(*both)) == (None, "TP53 R175H", 2, 1, False)
    # An amplification is of the tumour too, though it has no allele fraction.
    amplified = maf("C", None, "FGFR1", "amplification", status="detected", copy_number=6.2)
    assert progression("origin_rule", *again(maf("C", 3000, **TP53), amplified)) is None


@pytest.mark.parametrize(
    ("variants", "expected"),
    [
        ([maf("C", 3000, **PIK3CA)], True),
        ([maf("C", 3000, **TP53)], True),
        ([maf("A", 3000, **TP53, origin="clonal_haematopoiesis"), maf("C", 3000, **TP53)], False),
        ([maf("A", 3000, **TP53, origin="germline"), maf("C", 3000, **TP53)], False),
        (
            [
                maf("A", 3000, **TP53, origin="germline"),
                maf("C", 3000, **TP53),
                maf("C", 200, **PIK3CA),
            ],
            True,
        ),
        ([], True),
    ],
    ids=["tumour", "possible", "stated", "germline", "germline and tumour", "no variant named"],
)
def test_only_a_stated_origin_of_every_variant_takes_the_tumour_away(variants, expected):
    """An origin stated in one report is that of the variant in every sample."""
    rows = basis("sample_id, is_of_tumour", *again(*variants))
    assert [is_of_tumour for sample_id, is_of_tumour in rows if sample_id == "C"] == [expected]


def test_two_possible_ones_are_both_named():
    found = again(maf("C", 3000, **TP53), maf("C", 900, "DNMT3A", "p.R882H"))
    assert progression("origin_rule, other_origin", *found) == (
        "BASIS_POSSIBLE_CHIP", "DNMT3A R882H, TP53 R175H",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("other_first", "other_then", "expected"),
    [
        # TP53 rises from 1000 to 4000 ppm; the rule asks for twice the lowest, above the LoQ of 500 ppm.
        (1000, 1999, "BASIS_POSSIBLE_CHIP_RISE"),
        (1000, 2000, None),
        (1000, 2001, None),
        (100, 500, "BASIS_POSSIBLE_CHIP_RISE"),
        (100, 501, None),
        (None, 501, None),
    ],
)
def test_a_rise_rests_on_it_alone_unless_the_others_have_risen_by_the_rule_too(
    other_first, other_then, expected
):
    samples = [draw("A", 0, loq_ppm=500), draw("B", 90, loq_ppm=500)]
    variants = [maf("A", 1000, **TP53), maf("B", 4000, **TP53), maf("B", other_then, **PIK3CA)]
    if other_first:
        variants.append(maf("A", other_first, **PIK3CA))
    assert progression("origin_rule", samples, variants) == expected


@pytest.mark.parametrize(
    ("tp53", "expected"), [(199, None), (200, None), (201, ("BASIS_POSSIBLE_CHIP_LEVEL", 200))]
)
def test_a_level_that_is_the_highest_maf_of_a_possible_one_names_the_highest_of_the_others(tp53, expected):
    found = again(maf("C", tp53, **TP53), maf("C", 200, **PIK3CA))
    assert progression("origin_rule, level_rule, others_maf_ppm", *found) == (
        None, *(expected or (None, None)),
    )  # fmt: skip


def test_a_variant_without_number_beside_a_rising_possible_one_has_not_risen():
    samples = [draw("A", 0), draw("B", 90)]
    variants = [maf("A", 1000, **TP53), maf("B", 4000, **TP53), maf("B", None, status="below_loq", **PIK3CA)]
    assert progression("origin_rule", samples, variants) == "BASIS_POSSIBLE_CHIP_RISE"


FGFR1 = {"gene": "FGFR1", "change": "amplification", "copy_number": 6.9, "status": "detected"}
FGFR1_COVERED = {"panel": "fixed", "gene": "FGFR1", "alteration": "copy_number"}
PIK3CA_COVERED = {"panel": "fixed", "gene": "PIK3CA", "alteration": "sequence"}


@pytest.mark.parametrize(
    ("other", "found_in", "covered", "expected"),
    [
        (FGFR1, "B", [FGFR1_COVERED], None),
        (FGFR1, "AB", [FGFR1_COVERED], "BASIS_POSSIBLE_CHIP_RISE"),
        (FGFR1, "B", [], "BASIS_POSSIBLE_CHIP_RISE"),
        # Looked for as a sequence change only.
        (FGFR1, "B", [{**FGFR1_COVERED, "alteration": "sequence"}], "BASIS_POSSIBLE_CHIP_RISE"),
        (FGFR1, "A", [FGFR1_COVERED], "BASIS_POSSIBLE_CHIP"),
        ({**FGFR1, "origin": "germline"}, "B", [FGFR1_COVERED], "BASIS_POSSIBLE_CHIP"),
        ({**PIK3CA, "status": "below_loq"}, "B", [PIK3CA_COVERED], None),
        ({**PIK3CA, "status": "below_loq"}, "AB", [PIK3CA_COVERED], "BASIS_POSSIBLE_CHIP_RISE"),
    ],
    ids=[
        "new",
        "as before",
        "not covered before",
        "covered otherwise",
        "gone",
        "stated germline",
        "below LoQ new",
        "below LoQ as before",
    ],
)
def test_a_variant_without_maf_not_found_where_the_rise_began_is_of_the_tumour(
    other, found_in, covered, expected
):
    """TP53 rises from 1000 to 4000 ppm."""
    samples = [draw("A", 0), draw("B", 90)]
    variants = [maf("A", 1000, **TP53), maf("B", 4000, **TP53)]
    variants += [maf(sample, None, **other) for sample in found_in]
    assert progression("origin_rule", samples, variants, covered) == expected


@pytest.mark.parametrize(
    ("lowest", "expected"),
    [
        # Found at the lower of the two draws before, so as before; then at the higher only, so again.
        ({"A": 2000, "B": 1000}, "BASIS_POSSIBLE_CHIP_RISE"),
        ({"A": 1000, "B": 1999}, None),
        # Of two equally low draws the later is compared with.
        ({"A": 1000, "B": 1000}, "BASIS_POSSIBLE_CHIP_RISE"),
    ],
)
def test_the_rise_is_compared_with_the_draw_of_the_lowest_level(lowest, expected):
    samples = [draw("A", 0), draw("B", 30), draw("C", 90)]
    levels = {**lowest, "C": 4000}
    variants = [maf(sample, ppm, **TP53) for sample, ppm in levels.items()]
    variants += [maf(sample, None, **FGFR1) for sample in "BC"]
    assert progression("origin_rule", samples, variants, [FGFR1_COVERED]) == expected


def test_one_value_below_loq_that_is_not_detected_again_is_said():
    results = ((0, 9000), (60, ND), (120, "below_loq"), (180, ND))
    columns = "loq_rule, next_rule, next_on, rests_on_one_value_below_loq"
    found = series(*results)
    assert progression(columns, found["ctdna_sample"], found["variant"]) == (
        "BASIS_BELOW_LOQ", "BASIS_NOT_CONFIRMED", day(180), True,
    )  # fmt: skip


@pytest.mark.parametrize("then", ["below_loq", 900])
def test_a_value_below_loq_with_the_next_sample_detected_is_not_one_value(then):
    found = series((0, 9000), (60, ND), (120, "below_loq"), (180, then))
    columns = "loq_rule, next_rule, next_on, rests_on_one_value_below_loq"
    assert progression(columns, found["ctdna_sample"], found["variant"]) == (
        "BASIS_BELOW_LOQ", "BASIS_CONFIRMED", day(180), False,
    )  # fmt: skip


@pytest.mark.parametrize("later", [[], [draw("S4", 180, "failed")], [draw("S4", 180, panel="v2")]])
def test_without_a_later_result_of_the_same_assay_one_value_below_loq_stands_alone(later):
    found = series((0, 9000), (60, ND), (120, "below_loq"))
    samples = [*found["ctdna_sample"], *later]
    columns = "next_rule, next_on, rests_on_one_value_below_loq"
    assert progression(columns, samples, found["variant"]) == ("BASIS_NO_LATER_SAMPLE", None, True)


@pytest.mark.parametrize(
    ("ppm", "expected"), [(499, "BASIS_BELOW_LOQ"), (500, None), (501, None)], ids=["below", "at", "above"]
)
def test_a_value_exactly_at_the_limit_is_not_below_it(ppm, expected):
    samples = [draw("A", 0, loq_ppm=500), draw("B", 60, ND, loq_ppm=500), draw("C", 120, loq_ppm=500)]
    variants = [maf("A", 9000), maf("C", ppm)]
    assert progression("loq_rule", samples, variants) == expected


@pytest.mark.parametrize(
    ("ppm", "expected"), [(199, "BASIS_BELOW_LOD"), (200, None), (201, None)], ids=["below", "at", "above"]
)
def test_without_a_limit_of_quantification_a_value_below_the_limit_of_detection_is_said(ppm, expected):
    samples = [draw("A", 0, lod_ppm=200), draw("B", 60, ND, lod_ppm=200), draw("C", 120, lod_ppm=200)]
    assert progression("loq_rule", samples, [maf("A", 9000), maf("C", ppm)]) == expected


def test_a_mean_is_below_the_limit_only_where_its_highest_variant_is():
    followed = {"assay": "bespoke", "panel": "followed", "loq_ppm": 500}
    samples = [draw("A", 0, **followed), draw("B", 60, ND, **followed), draw("C", 120, **followed)]
    first = [maf("A", 9000), maf("A", 9000, "APC")]
    # The mean is 250 and 249.5 ppm; the highest variant is at and below the limit.
    assert progression("loq_rule", samples, [*first, maf("C", 500), maf("C", None, "APC")]) is None
    assert (
        progression("loq_rule", samples, [*first, maf("C", 499), maf("C", None, "APC")]) == "BASIS_BELOW_LOQ"
    )


def test_a_rise_is_confirmed_by_a_next_sample_that_has_risen_too():
    def next_rule(last):
        found = series((0, 1000), (60, 2000), (120, last))
        return progression("next_rule", found["ctdna_sample"], found["variant"])

    assert [next_rule(last) for last in (1999, 2000, "below_loq", ND)] == [
        "BASIS_NOT_CONFIRMED",
        "BASIS_CONFIRMED",
        "BASIS_NOT_CONFIRMED",
        "BASIS_NOT_CONFIRMED",
    ]


@pytest.mark.parametrize(
    ("started", "expected"),
    [
        # Detected again on day 120, not detected on day 180; a draw on the first day says what was before it.
        (119, ("BASIS_NOT_CONFIRMED", None)),
        (120, ("BASIS_{}_CLEAR", day(120))),
        (179, ("BASIS_{}_CLEAR", day(179))),
        (180, ("BASIS_NOT_CONFIRMED", None)),
    ],
)
@pytest.mark.parametrize("treatment", ["TREATMENT_CHANGED", "LOCAL_TREATMENT"])
def test_a_treatment_begun_before_the_next_sample_leaves_nothing_to_confirm(treatment, started, expected):
    found = {
        "patient": [{"patient_id": "P1", "enrolled_on": day(0)}],
        **series((0, 9000), (60, ND), (120, 900), (180, ND)),
    }
    local = [{"patient_id": "P1", "course": 1, "started_on": day(started), "ended_on": day(started)}]
    is_local = treatment == "LOCAL_TREATMENT"
    rows = rows_of(
        "ctdna_basis",
        "is_molecular_progression, next_rule, changed_on",
        found,
        lines=LINE_1 if is_local else [line(1, -30, started - 1), line(2, started)],
        local_courses=local if is_local else [],
    )
    (own,) = [row[1:] for row in rows if row[0]]
    assert own == (expected[0].format(treatment), expected[1])


@pytest.mark.parametrize(
    ("last", "expected"),
    [(1999, "BASIS_TREATMENT_CHANGED"), (2000, "BASIS_CONFIRMED"), (ND, "BASIS_TREATMENT_CHANGED_CLEAR")],
)
def test_a_rise_that_goes_on_under_the_new_treatment_is_confirmed(last, expected):
    found = series((10, 1000), (60, 2000), (120, last))
    rows = rows_of(
        "ctdna_basis", "is_molecular_progression, next_rule", found, lines=[line(1, 0, 60), line(2, 90)]
    )
    assert [row[1] for row in rows if row[0]] == [expected]


def test_a_draw_below_loq_is_no_rise_and_one_exactly_at_the_limit_is_none():
    def direction(ppm):
        samples = [draw("A", 0, loq_ppm=500), draw("B", 90, loq_ppm=500)]
        given = {"ctdna_sample": samples, "variant": [maf("A", 100), maf("B", ppm)]}
        return rows_of("ctdna_state", "direction", given, lines=LINE_1)[-1]

    assert [direction(ppm) for ppm in (499, 500, 501)] == ["STABLE", "STABLE", "RISING"]


def test_a_sample_without_ctdna_or_without_variants_has_no_caution():
    found = series((0, 9000), (60, ND))
    assert basis("sample_id", found["ctdna_sample"], found["variant"]) == ["S1"]
    assert basis("n_found, origin_rule, loq_rule", [draw("A", 0)], []) == [(0, None, None)]


@pytest.mark.parametrize("origin", ["germline", "clonal_haematopoiesis"])
def test_what_the_laboratory_states_to_be_of_other_origin_is_no_progression(origin):
    samples, variants = again(maf("C", 3000, origin=origin, **TP53))
    given = {"ctdna_sample": samples, "variant": variants, "chip_gene": CHIP_GENES}
    columns = "status, state, is_molecular_progression"
    assert rows_of("ctdna_state", columns, given, lines=LINE_1)[-1] == (ND, "CLEARED_SUSTAINED", False)
    assert basis("sample_id", samples, variants) == ["A"]
    # Beside one of the tumour it is left out and the sample counts.
    assert progression("n_found, origin_rule", samples, [*variants, maf("C", 100)]) == (1, None)


def test_a_quantity_reported_for_the_whole_sample_is_ctdna_whatever_the_variants():
    stated = maf("A", 490_000, origin="germline", **TP53)
    reported = draw("A", 0, quantity_kind="score", quantity_value=2)
    tables = {"ctdna_sample": [reported], "variant": [stated]}
    assert rows_of("ctdna_level", "status, rule", tables) == [("detected", "LEVEL_REPORTED")]
    tables = {"ctdna_sample": [draw("A", 0)], "variant": [stated]}
    assert rows_of("ctdna_level", "status, rule", tables) == [(ND, "LEVEL_OTHER_ORIGIN")]
