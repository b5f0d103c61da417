"""Beside the ctDNA state stand the variants of the tumour that its level may not show: back again, or new.

Treatment starts on day 0; draws on days -5, 40, 90 and so on of panels that cover all genes named here, or of
an assay made for the patient, which follows the variants listed.
"""

import pytest

from tests.builders import day
from tests.unit.marts.statement.patients import draws, lines, local, scans, statements

GENES = {"ESR1": "sequence", "PIK3CA": "sequence", "TP53": "sequence", "FGFR1": "copy_number"}
PANEL = {
    "definition_panel_gene": [
        {"panel": panel, "gene": gene, "alteration": how}
        for panel in ("fixed", "later")
        for gene, how in GENES.items()
    ],
    "chip_gene": [{"gene": "TP53"}],
}
PIK3CA = {"gene": "PIK3CA", "variant": "p.H1047R", "status": "detected", "maf_ppm": 5000}
ESR1 = {"gene": "ESR1", "variant": "p.D538G", "status": "detected", "maf_ppm": 900}
AMPLIFIED = {"gene": "FGFR1", "variant": "amplification", "status": "detected", "copy_number": 6.9}
CHIP = {"gene": "TP53", "variant": "p.R282W", "status": "detected", "maf_ppm": 160000}
# What the three draws show: (first, second, third), again, new now
COURSES = {
    "nothing new": (([PIK3CA], [PIK3CA], [PIK3CA]), None, None),
    "amplification back": (([PIK3CA, AMPLIFIED], [PIK3CA], [PIK3CA, AMPLIFIED]), "FGFR1 amplification", None),
    "amplification never away": (([PIK3CA, AMPLIFIED],) * 3, None, None),
    "amplification gone": (([PIK3CA, AMPLIFIED], [PIK3CA], [PIK3CA]), None, None),
    "new now": (([PIK3CA], [PIK3CA], [PIK3CA, ESR1]), None, "ESR1 D538G"),
    "new before": (([PIK3CA], [PIK3CA, ESR1], [PIK3CA, ESR1]), None, None),
    "both": (([PIK3CA, AMPLIFIED], [PIK3CA], [PIK3CA, AMPLIFIED, ESR1]), "FGFR1 amplification", "ESR1 D538G"),
    # Back at the draw before the last one: the status stays, the last draw shows nothing more.
    "back before": (([PIK3CA, AMPLIFIED], [PIK3CA], [PIK3CA, AMPLIFIED], [PIK3CA, AMPLIFIED]), None, None),
    "back twice": (
        ([PIK3CA, ESR1], [PIK3CA], [PIK3CA, ESR1], [PIK3CA], [PIK3CA, ESR1]),
        "ESR1 D538G",
        None,
    ),
    # The state says that the whole result is back, or new.
    "all back": (([PIK3CA], [], [PIK3CA]), None, None),
    "all back before, one now": (([PIK3CA, ESR1], [], [PIK3CA], [PIK3CA, ESR1]), "ESR1 D538G", None),
    "all new": (([], [PIK3CA], [PIK3CA, ESR1]), None, None),
    "possible CHIP back": (([PIK3CA, CHIP], [PIK3CA], [PIK3CA, CHIP]), None, None),
}


def course(found):
    """One patient on one line with three draws."""
    results = ["detected" if rows else "not_detected" for rows in found]
    return {
        "treatment": lines(0),
        "ctdna_sample": draws(*zip((-5, 40, 90, 140, 190), results, strict=False)),
        "variant": [{**row, "sample_id": f"S{n}"} for n, rows in enumerate(found, start=1) for row in rows],
    }


@pytest.fixture(scope="module")
def said():
    courses = {name: course(found) for name, (found, _again, _new) in COURSES.items()}
    return statements(courses, mart="patient_statement_basis", of_study=PANEL)


@pytest.mark.parametrize("name", COURSES)
def test_what_came_back_or_is_new_is_named_beside_the_state(said, name):
    (row,) = [row for row in said[name] if row["rule"].startswith("STATE_")]
    _found, again, new = COURSES[name]
    assert (row["again"], row["new_now"]) == (again, new)
    rules = ("BASIS_AGAIN" if again else None, "BASIS_NEW" if new else None)
    assert (row["again_rule"], row["new_rule"]) == rules
    assert (row["now_rule"], row["first_now"]) == (None, None)


def basis_of(tables):
    rows = statements(
        {"P": {"treatment": lines(0), **tables}}, mart="patient_statement_basis", of_study=PANEL
    )["P"]
    (row,) = [row for row in rows if row["rule"].startswith("STATE_")]
    return row


@pytest.mark.parametrize(("earlier", "first_now"), [((), "ESR1 D538G"), (("S2",), None)])
def test_a_followed_variant_detected_for_the_first_time_is_not_called_new(earlier, first_now):
    """The assay follows PIK3CA and ESR1; ESR1 is detected on day 90, and on day 40 already or not."""
    found = [{**PIK3CA, "sample_id": name} for name in ("S1", "S2", "S3")]
    found += [
        {
            **ESR1,
            "sample_id": name,
            **({} if name in ("S3", *earlier) else {"status": "not_detected", "maf_ppm": None}),
        }
        for name in ("S1", "S2", "S3")
    ]
    samples = draws((-5, "detected"), (40, "detected"), (90, "detected"), panel="own")
    row = basis_of({"ctdna_sample": samples, "variant": found})
    assert (row["first_now"], row["new_now"], row["again"]) == (first_now, None, None)
    assert row["now_rule"] == ("BASIS_NOW" if first_now else None)


@pytest.mark.parametrize(("panel", "words"), [("fixed", ""), ("later", " (other assay)")])
def test_what_reaches_over_a_change_of_panel_says_so(panel, words):
    """PIK3CA is found throughout; on day 90, by the same panel or another, FGFR1 is back and ESR1 new."""
    samples = draws((-5, "detected"), (40, "detected"), (90, "detected"))
    samples[2]["panel"] = panel
    names = {"S1": [PIK3CA, AMPLIFIED], "S2": [PIK3CA], "S3": [PIK3CA, AMPLIFIED, ESR1]}
    tables = {
        "ctdna_sample": samples,
        "variant": [{**row, "sample_id": name} for name, rows in names.items() for row in rows],
    }
    row = basis_of(tables)
    assert (row["again"], row["new_now"]) == (f"FGFR1 amplification{words}", f"ESR1 D538G{words}")
    said = statements({"P": {"treatment": lines(0), **tables}}, of_study=PANEL)["P"]
    assert [row["label"] for row in said if row["rule"] == "NEW_VARIANT"] == [f"ESR1 D538G{words}"]


LATER = {"treatment_id": "T2", "start_reason": "ctdna_detection", "line": None}


def test_a_treatment_begun_on_ctdna_alone_is_named_with_its_day():
    """Two courses begun on ctDNA; the statement is of the first of them, by its own name."""
    treatment = [
        *lines(0, started_on_precision="day"),
        *[{**lines(at)[0], **LATER, "treatment_id": name, "agents": name, "regimen": name}
          for at, name in ((120, "abemaciclib"), (100, "fulvestrant"))],
    ]  # fmt: skip
    course = {"treatment": treatment, "ctdna_sample": draws((-5, 5000), (40, "not_detected"), (80, 900))}
    rows = statements({"P": course})["P"]
    (row,) = [row for row in rows if row["statement"] == "LEAD_TIME"]
    assert (row["rule"], str(row["label"]).lower()) == ("LEAD_TREATED_ON_CTDNA", "fulvestrant")


@pytest.mark.parametrize(("drawn", "is_said"), [(71, True), (72, False), (108, False)])
def test_where_local_treatment_is_the_baseline_a_line_only_lacks_a_result_of_its_own(drawn, is_said):
    """The line begins on day 100; a draw counts for it from 28 days before, and no draw is its baseline."""
    after_local = {
        "index_origin": "local_therapy",
        "response_mode": "post_local_therapy",
        "draw_baseline_to_day": 0,
    }
    treatment = [*local(0), *lines(100)]
    course = {
        "treatment": treatment,
        "ctdna_sample": draws((-5, 900), (drawn, 900)),
        "response": scans((60, "ned")),
    }
    rules = {row["rule"] for row in statements({"P": course}, settings=after_local)["P"]}
    assert ("LINE_NO_RESULT" in rules) is is_said
    assert "LINE_NO_BASELINE" not in rules


@pytest.mark.parametrize(
    ("drawn", "rule", "days"),
    [
        ((149,), "LINE_NO_BASELINE", 49),
        ((150,), "LINE_NO_BASELINE", 50),
        ((151,), "LINE_RESULT_AFTER_END", 1),
        ((150, 151), "LINE_NO_BASELINE", 50),
        ((72, 151), None, None),
    ],
)
def test_a_draw_after_the_end_of_the_line_is_none_of_it(drawn, rule, days):
    """Line 2 from day 100 to day 150; a draw is its baseline from day 72 to day 107."""
    treatment = [lines(0)[0] | {"is_ongoing": False, "ended_on": day(90)}, lines(0, 100, ended=150)[1]]
    course = {"treatment": treatment, "ctdna_sample": draws((-5, 900), *((on, 900) for on in drawn))}
    rows = [row for row in statements({"P": course})["P"] if row["statement"] == "LINE_CTDNA"]
    assert [(row["rule"], row["days"]) for row in rows] == ([] if rule is None else [(rule, days)])


def test_a_draw_in_the_window_of_a_line_that_had_ended_by_then_is_its_baseline_all_the_same():
    """Line 2 from day 100 to day 103; the draws of day 107 and of day 108."""
    treatment = [lines(0)[0] | {"is_ongoing": False, "ended_on": day(90)}, lines(0, 100, ended=103)[1]]
    courses = {
        str(on): {"treatment": treatment, "ctdna_sample": draws((-5, 900), (on, 900))} for on in (107, 108)
    }
    said = {
        name: [row["rule"] for row in rows if row["statement"] == "LINE_CTDNA"]
        for name, rows in statements(courses).items()
    }
    assert said == {"107": [], "108": ["LINE_RESULT_AFTER_END"]}
