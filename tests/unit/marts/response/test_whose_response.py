"""Whose a response is: reported, calculated, joined from reported parts; a baseline scan is none."""

import pytest

from tests.builders import day, run_mart

from .lesions import assessment, lesion, tables

PARTS = {"target": "cr", "non_target": "cr", "new_lesion": "no"}
RECORDED = "RECORDED_LESIONS"
MEASURED = [lesion(-5, "50"), lesion(60, "30")]


def overall(*, columns, lines=(0,), **given):
    found = run_mart(
        "overall_response",
        tables(lines=lines, **given),
        columns=f"assessed_on, {columns}",
        order_by="assessed_on, assessor",
    )
    return found[-1][1:]


def sums(overall, *, at, target=None, baseline=50):
    """A sum of day -5 and one of day 60 in mm, with what is reported of day 60."""
    parts = {} if target is None else {"target": target, "new_lesion": "no"}
    return [
        assessment(-5, "ne", sum_of_diameters_mm=baseline),
        assessment(60, overall, sum_of_diameters_mm=at, **parts),
    ]


@pytest.mark.parametrize(
    ("given", "calculated", "is_from_parts", "by"),
    [
        # The parts of a report joined again: no check of it, without two sums to compare.
        ({"response": [assessment(60, "cr", **PARTS)]}, "CR", True, "investigator"),
        (
            {
                "response": [
                    assessment(-5, "ne", sum_of_diameters_mm=50),
                    assessment(60, "cr", **PARTS),
                ]
            },
            "CR",
            True,
            "investigator",
        ),
        ({"response": sums("cr", target="cr", at=0, baseline=None)}, "CR", True, "investigator"),
        # A sum compared with the one at the baseline, 50 mm: from 60 mm on progression, to 35 mm a response.
        ({"response": sums("cr", target="cr", at=0)}, "CR", False, "investigator"),
        ({"response": sums("pr", target="pr", at=35)}, "PR", False, "investigator"),
        ({"response": sums("pr", target="pr", at=36)}, "SD", False, "investigator"),
        ({"response": sums("sd", target="sd", at=59)}, "SD", False, "investigator"),
        ({"response": sums("sd", target="sd", at=60)}, "PD", False, "investigator"),
        ({"response": sums(None, target="sd", at=59)}, "SD", False, "CALCULATED"),
        # Small nodes may be left of a complete response, or not all was seen: as reported, until it grew.
        ({"response": sums("cr", target="cr", at=18)}, "CR", True, "investigator"),
        ({"response": sums("ne", target="ne", at=36)}, "NE", True, "investigator"),
        ({"response": sums("ne", target="ne", at=60)}, "PD", False, "investigator"),
        # Nothing is said of the target, or of other lesions: only growth tells.
        ({"response": sums("sd", at=59)}, None, False, "investigator"),
        ({"response": sums("sd", at=60)}, "PD", False, "investigator"),
        # A sum nobody the study counts has reported.
        (
            {"response": sums("sd", target="sd", at=60), "study": [{"response_assessor": "central"}]},
            "SD",
            True,
            None,
        ),
        ({"response": [assessment(60, **PARTS)]}, "CR", True, "FROM_PARTS"),
        # A lesion measured: a check of its own.
        ({"lesion": MEASURED, "response": [assessment(60, "pr", **PARTS)]}, "PR", False, "investigator"),
        ({"lesion": MEASURED}, "PR", False, "CALCULATED"),
        # A response without parts has nothing to join.
        ({"response": [assessment(60, "pr")]}, None, False, "investigator"),
    ],
)
def test_a_response_says_whose_it_is(given, calculated, is_from_parts, by):
    assert overall(columns="calculated, is_from_parts, response_by", **given) == (
        calculated,
        is_from_parts,
        by,
    )


# Line 1 from day 0, line 2 from day 100: up to day 107 a scan is the baseline of line 2, on day 108 no more.
@pytest.mark.parametrize(
    ("last", "reported", "line", "is_only"),
    [
        # PD at day 60, nobody calls the scan before line 2.
        ((100, "80"), [(60, "pd")], 2, True),
        ((107, "80"), [(60, "pd")], 2, True),
        ((108, "80"), [(60, "pd")], None, False),
        # From 28 days before its own; an earlier one is borrowed.
        ((72, "80"), [(60, "pd")], 2, True),
        ((71, "80"), [(60, "pd")], 2, True),
        # Reported, it is a response to line 1 and the baseline of line 2.
        ((100, "80"), [(60, "pd"), (100, "pd")], 2, False),
        # The first to show that the sum grew: what is calculated of line 1 stands.
        ((100, "80"), [(60, "sd")], 2, False),
        ((100, "50"), [(60, "sd")], 2, False),
        # Not evaluable of line 1: the baseline of line 2 alone.
        ((100, None), [(60, "sd")], 2, True),
    ],
)
def test_a_baseline_scan_that_nobody_called_is_no_response(last, reported, line, is_only):
    on, size = last
    seen = lesion(on, size, state="measured" if size else "not_assessed")
    # Another lesion makes the scan one on which something was seen.
    also = lesion(on, name="b", role="non_target", state="present")
    lesions = [lesion(-5, "50"), lesion(60, "50"), seen, also]
    responses = [assessment(at, called) for at, called in reported]
    found = overall(
        columns="baseline_of_line, is_baseline_only", lines=(0, 100), lesion=lesions, response=responses
    )
    assert found == (line, is_only)


def test_the_scan_before_the_first_line_is_its_baseline():
    found = overall(columns="baseline_of_line, is_baseline_only, response", lesion=[lesion(-5, "50")])
    assert found == (1, True, None)


def treated(state):
    return [lesion(60, "20", role="treated", state=state)]


@pytest.mark.parametrize(
    ("given", "said", "by", "is_called"),
    [
        ({"response": [assessment(60, "sd")]}, "SD", "investigator", True),
        (
            {"lesion": treated("local_progression"), "response": [assessment(60, "pd")]},
            "PD",
            "investigator",
            True,
        ),
        # Recorded as such by the investigator: nothing is calculated.
        ({"lesion": treated("local_progression")}, "PD", RECORDED, True),
        ({"lesion": treated("equivocal")}, "EQUIVOCAL", RECORDED, True),
        ({"lesion": [*treated("controlled"), lesion(60, "12", name="b", role="new")]}, "PD", RECORDED, True),
        (
            {"lesion": treated("controlled"), "response": [assessment(60, new_lesion="no")]},
            "NED",
            RECORDED,
            True,
        ),
        # That no new lesion was seen is not on record.
        ({"lesion": treated("controlled")}, None, None, False),
        # Read from other lesions by the tables.
        (
            {"lesion": [lesion(60, name="b", role="non_target", state="present")]},
            "NON-CR/NON-PD",
            "CALCULATED",
            False,
        ),
    ],
)
def test_after_local_therapy_only_what_was_reported_or_recorded_is_said(given, said, by, is_called):
    local = {"response_mode": "post_local_therapy", "index_origin": "local_therapy"}
    surgery = {
        "patient_id": "P",
        "treatment_id": "L",
        "kind": "surgery",
        "lesion_id": "a",
        "started_on": day(0),
    }
    given = {**tables(lines=(), **given), "treatment": [surgery], "study": [local]}
    (found,) = run_mart("overall_response", given, columns="response, response_by, is_called")
    assert found == (said, by, is_called)


@pytest.mark.parametrize(
    ("given", "is_called"), [({"lesion": MEASURED}, True), ({"response": [assessment(60)]}, False)]
)
def test_on_a_line_every_response_is_said(given, is_called):
    assert overall(columns="is_called", **given) == (is_called,)
