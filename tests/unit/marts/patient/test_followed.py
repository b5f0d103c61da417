"""Who is still followed, when silence is too long, whose tumour the assays follow, who died early."""

import pytest

from tests.builders import Row, day, run_mart

ALIVE = {"contact_on": day(100), "vital_status": "alive"}
DEAD = {"contact_on": day(150), "vital_status": "dead", "died_on": day(150)}


def summary(columns: str, *, until: int = 400, **tables: list[Row]) -> tuple[object, ...]:
    """Columns of one patient enrolled on day 0 and observed until a day."""
    patient = {"patient_id": "P", "enrolled_on": day(0), "observed_until": day(until)}
    given = {"patient": [patient | tables.pop("patient", [{}])[0]]}
    for name, rows in tables.items():
        is_definition = name in ("assay_panel", "tracked_tumour_type", "drug_class")
        given[name] = rows if is_definition else [{"patient_id": "P"} | row for row in rows]
    (row,) = run_mart("patient_summary", given, columns=columns)
    return row


@pytest.mark.parametrize(
    ("contacts", "left", "expected"),
    [
        ([ALIVE], [], True),
        ([], [], True),
        ([ALIVE, DEAD], [], False),
        ([ALIVE], [("withdrawal_of_consent", 120)], False),
        ([ALIVE], [("lost_to_follow_up", 101)], False),
        ([ALIVE], [("lost_to_follow_up", 100)], False),
        # Seen again after it.
        ([ALIVE], [("lost_to_follow_up", 99)], True),
        # Lost, seen again, lost again.
        ([ALIVE], [("lost_to_follow_up", 50), ("lost_to_follow_up", 120)], False),
        # On a day nobody recorded.
        ([ALIVE], [("withdrawal_of_consent", None)], False),
        ([ALIVE], [("lost_to_follow_up", None)], False),
        ([ALIVE], [("transfer", None)], False),
        ([ALIVE], [("completed", None)], False),
        ([ALIVE], [("transfer", 101)], False),
        ([ALIVE], [("transfer", 100)], False),
        ([ALIVE], [("transfer", 99)], True),
        ([ALIVE], [("completed", 120)], False),
        ([ALIVE], [("ctdna_declined", 50)], True),
        ([ALIVE], [("protocol_deviation", 50)], True),
    ],
)
def test_followed_is_who_is_not_known_to_be_gone(contacts, left, expected):
    told = [{"kind": kind, "happened_on": None if on is None else day(on)} for kind, on in left]
    assert summary("is_followed", contact=contacts, disposition=told) == (expected,)


@pytest.mark.parametrize(("is_ongoing", "expected"), [(True, 90), (False, 180), (None, 180)])
def test_silence_is_too_long_earlier_on_treatment(is_ongoing, expected):
    course = {
        "treatment_id": "T",
        "kind": "systemic",
        "line": 1,
        "started_on": day(0),
        "agents": "osimertinib",
    }
    ends = {"is_ongoing": is_ongoing, "ended_on": None if is_ongoing else day(90)}
    drugs = [{"agent": "osimertinib", "drug_class": "egfr_tki", "opens_line": True}]
    courses = [] if is_ongoing is None else [course | ends]
    assert summary("silent_after_days", treatment=courses, drug_class=drugs) == (expected,)


@pytest.mark.parametrize(
    ("tumour_type", "panels", "expected"),
    [
        ("lung", {"K": ["lung"]}, True),
        ("prostate", {"K": ["lung"]}, False),
        ("unknown", {"K": ["lung"]}, True),
        (None, {"K": ["lung"]}, True),
        ("prostate", {"K": ["lung"], "L": ["prostate"]}, True),
        # One assay without a list follows every type.
        ("prostate", {"K": ["lung"], "L": []}, True),
        ("prostate", {}, True),
    ],
)
def test_a_type_is_not_followed_where_every_assay_lists_others(tumour_type, panels, expected):
    listed = [{"panel": panel, "tumour_type": one} for panel, types in panels.items() for one in types]
    found = summary(
        "is_type_followed",
        patient=[{"tumour_type": tumour_type}],
        assay_panel=[{"panel": panel} for panel in panels],
        tracked_tumour_type=listed,
    )
    assert found == (expected,)


@pytest.mark.parametrize(
    ("died", "until", "expected"),
    [
        (89, 400, True),
        (90, 400, True),
        (91, 400, False),
        (None, 400, False),
        # Who enrolled less than 90 days before the last day observed is not counted, dead or alive.
        (None, 90, False),
        (None, 89, None),
        (50, 89, None),
        (50, 90, True),
    ],
)
def test_an_early_death_comes_within_90_days_of_enrolment(died, until, expected):
    dead = [] if died is None else [{"contact_on": day(died), "vital_status": "dead", "died_on": day(died)}]
    assert summary("is_early_death", until=until, contact=dead) == (expected,)


def test_who_never_enrolled_has_no_early_death():
    found = summary("is_early_death", patient=[{"enrolled_on": None}], contact=[DEAD])
    assert found == (None,)
