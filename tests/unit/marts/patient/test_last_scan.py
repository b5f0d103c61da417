"""What a patient's summary says of the last scan: called and by whom, a baseline scan, not read so far."""

import pytest

from tests.builders import day, run_mart

LINES = [
    {
        "patient_id": "P",
        "treatment_id": "1",
        "kind": "systemic",
        "agents": "a",
        "line": 1,
        "started_on": day(0),
    },
    {
        "patient_id": "P",
        "treatment_id": "2",
        "kind": "systemic",
        "agents": "b",
        "line": 2,
        "started_on": day(100),
    },
]
LOCAL = {"response_mode": "post_local_therapy", "index_origin": "local_therapy"}
SURGERY = {"patient_id": "P", "treatment_id": "L", "kind": "surgery", "lesion_id": "L", "started_on": day(0)}


def lesion(on, size, *, role="target", **more):
    own = {"patient_id": "P", "lesion_id": "L", "assessed_on": day(on), "role": role, "diameter_mm": size}
    return {**own, **more}


def response(on, overall, **more):
    own = {"patient_id": "P", "assessed_on": day(on), "assessor": "investigator", "overall": overall}
    return {**own, "basis": "imaging", **more}


def imaging(*days):
    return [{"patient_id": "P", "imaged_on": day(on), "modality": "ct"} for on in days]


def summary(columns, *, treatment=LINES, **tables):
    patient = {"patient_id": "P", "enrolled_on": day(0), "observed_until": day(400)}
    given = {"patient": [patient], "treatment": treatment, **tables}
    return run_mart("patient_summary", given, columns=columns)[0]


@pytest.mark.parametrize(
    ("tables", "called"),
    [
        ({"response": [response(60, "sd")]}, ("SD", "investigator", False)),
        ({"lesion": [lesion(-5, 50), lesion(60, 50)]}, ("SD", "CALCULATED", False)),
        ({"response": [response(60, None, target="sd")]}, ("SD", "FROM_PARTS", False)),
        # The scan of day 95 is the baseline of line 2; nobody called it, after the PD of day 60.
        (
            {
                "lesion": [lesion(-5, 50), lesion(60, 70), lesion(95, 80)],
                "response": [response(60, "pd")],
            },
            (None, None, True),
        ),
    ],
)
def test_the_last_scan_has_its_response_and_whose_it_is(tables, called):
    assert summary("last_response, last_response_by, is_last_scan_baseline", **tables) == called


@pytest.mark.parametrize(("reported", "said"), [([], None), ([response(60, "ned")], "NED")])
def test_after_local_therapy_only_a_reported_status_is_one(reported, said):
    seen = [lesion(60, 20, role="treated", state="controlled")]
    tables = {"lesion": seen, "response": reported, "study": [LOCAL], "treatment": [SURGERY]}
    assert summary("last_response", **tables) == (said,)


def test_after_local_therapy_a_later_scan_without_a_status_is_the_last_one():
    seen = [lesion(on, 20, role="treated", state="controlled") for on in (60, 150)]
    tables = {"lesion": seen, "response": [response(60, "ned")], "study": [LOCAL], "treatment": [SURGERY]}
    assert summary("last_scan_on, last_response", **tables) == (day(150), None)


@pytest.mark.parametrize(
    ("imaged", "assessed", "unread", "line"),
    [
        ([60], [60], None, None),
        ([60, 70], [60], 70, None),
        ([59], [60], None, None),
        # Nothing assessed at all.
        ([50], [], 50, None),
        # Up to seven days after the first dose it is the baseline of line 2.
        ([60, 107], [60], 107, 2),
        ([60, 108], [60], 108, None),
    ],
)
def test_a_scan_after_the_last_assessment_is_not_read(imaged, assessed, unread, line):
    found = summary(
        "unread_imaging_on, unread_baseline_of_line",
        imaging=imaging(*imaged),
        response=[response(on, "sd") for on in assessed],
    )
    assert found == (None if unread is None else day(unread), line)


@pytest.mark.parametrize(("reported", "drawn"), [([], []), ([response(60, "ned")], [("RESPONSE", "NED")])])
def test_after_local_therapy_the_timeline_has_reported_statuses_alone(reported, drawn):
    tables = {
        "patient": [{"patient_id": "P", "enrolled_on": day(0), "observed_until": day(400)}],
        "study": [LOCAL],
        "treatment": [SURGERY],
        "lesion": [lesion(60, 20, role="treated", state="controlled")],
        "response": reported,
    }
    rows = run_mart("timeline_imaging", tables, columns="panel, kind, code")
    assert [row[1:] for row in rows if row[0] == "RECIST"] == drawn


NONE = "last_sum_tenth_mm, is_last_scan_without_target"


def node(on, size):
    return lesion(on, size, is_node=True)


@pytest.mark.parametrize(
    ("lesions", "expected"),
    [
        # A node under 10 mm at the baseline of the line is a normal one: its diameter is no sum of disease.
        ([node(-5, "9.9"), node(60, "6")], (None, True)),
        ([node(-5, "10"), node(60, "6")], (60, False)),
        # It has come back: disease with a sum.
        ([node(-5, "7"), node(60, "12")], (120, False)),
        # All gone at the baseline of the line.
        ([lesion(-5, "0"), lesion(60, "0")], (None, True)),
        ([lesion(-5, "1"), lesion(60, "0")], (0, False)),
    ],
)
def test_the_last_scan_of_a_line_without_target_disease_has_no_sum(lesions, expected):
    assert summary(NONE, treatment=LINES[:1], lesion=lesions, response=[response(60, "pr")]) == expected
    # Reported on the day after, of the same visit.
    seen = [{**one, "visit": "V1"} if one["assessed_on"] == day(60) else one for one in lesions]
    reported = [response(61, "pr", visit="V1")]
    assert summary(NONE, treatment=LINES[:1], lesion=seen, response=reported) == expected
    # Called from another lesion alone.
    others = [lesion(on, None, role="non_target", lesion_id="M", state="present") for on in (-5, 60)]
    assert summary(NONE, treatment=LINES[:1], lesion=[*lesions, *others]) == expected


@pytest.mark.parametrize(("size", "expected"), [("11.9", (119, False)), ("9.9", (None, True))])
def test_a_last_scan_that_is_the_baseline_of_the_next_line_is_read_as_that(size, expected):
    """A node of 7 mm at the start of line 1; day 95, after the PD, is only the baseline of line 2."""
    others = [lesion(on, None, role="non_target", lesion_id="M", state="present") for on in (-5, 60, 95)]
    tables = {"lesion": [node(-5, "7"), node(95, size), *others], "response": [response(60, "pd")]}
    assert summary(f"last_scan_baseline_of_line, {NONE}", **tables) == (2, *expected)
