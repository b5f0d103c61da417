"""What the dates of each reason to look are known to: draws to the month, scans to the year."""

import pytest

from tests.builders import day, run_mart
from tests.unit.marts.worklist.test_reason_to_look import (
    AFTER_LOCAL,
    END,
    GENES,
    NEW,
    PANEL,
    RISING,
    SHARED,
    as_patient,
    draw,
    found_variant,
    image,
    lesion,
    line,
    local,
    reasons,
    scan,
    tables,
)

DATES = {
    "ctdna_sample": ("collected_on",),
    "imaging": ("imaged_on",),
    "response": ("assessed_on",),
    "lesion": ("assessed_on",),
    "treatment": ("started_on", "ended_on"),
}
DRAW, SCAN, TREATMENT = "month", "year", "month"
COURSES = {
    1: {"response": [scan(350, "pd")]},
    2: {"ctdna_sample": NEW, "imaging": [image(143), image(390)]},
    3: {"ctdna_sample": RISING, "response": [scan(210, "sd")]},
    4: {"ctdna_sample": [draw(308, "not_detected")], "response": [scan(350, "pd")]},
    5: {"ctdna_sample": [draw(100)], "response": [scan(142, "cr")]},
    6: {"imaging": [image(END - 99)]},
    7: {"ctdna_sample": [draw(350, "failed")]},
    # Blood was drawn on the last observed day too, which is a whole day all the same.
    8: {"ctdna_sample": [draw(END - 30, "pending"), draw(END, "not_detected")]},
    9: {"ctdna_sample": [draw(0), draw(100)], "variant": [found_variant(100)]},
    10: {"lesion": [lesion(-5, 50), lesion(350, 60)], "response": [scan(350, "sd")]},
    12: {"treatment": [line(1, 0, END - 29)]},
}


SCANS = dict.fromkeys(("imaging", "response", "lesion"), SCAN)


def known_to(given, **precisions):
    """The rows of one patient, the dates of each table recorded to the precision given."""

    def recorded(table, row):
        return {**row, **{f"{name}_precision": precisions.get(table) for name in DATES.get(table, ())}}

    return {table: [recorded(table, row) for row in rows] for table, rows in tables(**given).items()}


def dates(cases, columns="occurred_precision, compared_precision"):
    """What the dates are known to by case, which names the reason and its rows; one build for all."""
    merged = {"assay_panel": PANEL, "watched_gene": GENES}
    for case, (_, given) in cases.items():
        for table in given.keys() - SHARED:
            merged.setdefault(table, []).extend(as_patient(row, case) for row in given[table])
    found = run_mart("reason_to_look", merged, columns=f"patient_id, reason_no, {columns}")
    rows = {case: [row[2:] for row in found if row[:2] == (case, cases[case][0])] for case in cases}
    assert all(len(one) == 1 for one in rows.values()), rows
    return {case: one[0] for case, one in rows.items()}


def test_draws_are_known_as_draws_and_scans_as_scans():
    cases = {
        f"{number}": (number, known_to(given, ctdna_sample=DRAW, **SCANS))
        for number, given in COURSES.items()
    }
    assert dates(cases) == {
        "1": (SCAN, SCAN),
        "2": (DRAW, SCAN),
        "3": (DRAW, SCAN),
        "4": (SCAN, DRAW),
        "5": (DRAW, SCAN),
        "6": (SCAN, None),
        "7": (DRAW, SCAN),
        "8": (DRAW, None),
        "9": (DRAW, DRAW),
        "10": (SCAN, SCAN),
        "12": (None, None),
    }


def test_whole_days_are_whole_days():
    cases = {f"{number}": (number, known_to(given)) for number, given in COURSES.items()}
    assert set(dates(cases).values()) == {(None, None)}


def test_the_start_and_the_end_of_a_treatment_are_known_as_a_treatment_is():
    # Without any imaging the days are counted from the start of the line.
    cases = {
        "stopped": (12, COURSES[12]),
        "never imaged": (6, {"imaging": []}),
        "imaged": (6, COURSES[6]),
        "progression": (1, COURSES[1]),
    }
    known = {name: (number, known_to(given, treatment=TREATMENT)) for name, (number, given) in cases.items()}
    assert dates(known) == {
        "stopped": (TREATMENT, None),
        "never imaged": (TREATMENT, None),
        "imaged": (None, None),
        "progression": (None, None),
    }


def test_draw_and_scan_of_one_day_are_each_known_as_recorded():
    given = {"ctdna_sample": [draw(350)], "response": [scan(350, "cr")]}
    cases = {"draw": (5, known_to(given, ctdna_sample=DRAW)), "scan": (5, known_to(given, response=SCAN))}
    assert dates(cases) == {"draw": (DRAW, None), "scan": (None, SCAN)}


def test_the_last_imaging_is_known_as_recorded():
    # Progression on day 350, imaged again on day 400.
    cases = {
        "progression": (1, known_to(COURSES[1], response=SCAN)),
        "imaging": (1, known_to(COURSES[1], imaging=SCAN)),
    }
    assert dates(cases, "last_imaging_precision") == {"progression": (None,), "imaging": (SCAN,)}


@pytest.mark.parametrize(("precision", "known"), [("month", "month"), ("day", None)])
def test_the_first_day_of_a_progression_called_again_is_known_as_recorded(precision, known):
    site = {"progression_pattern": "extrathoracic", "progression_site": "liver"}
    first = scan(100, "pd", assessed_on_precision=precision, **site)
    found = reasons(
        "reason_no, first_called_on, first_called_precision, occurred_precision",
        study=[AFTER_LOCAL],
        treatment=[local(0), line(1, 110)],
        response=[first, scan(300, "pd", **site)],
        ctdna_sample=[draw(300, "not_detected")],
    )
    assert found == [(4, day(100), known, None)]
