"""Best response per line and setting: the vectors of clinical-rules section 9E and table 3 of RECIST 1.1."""

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any

import pytest

from tests.builders import Row, day, run_mart

from .lesions import assessment, lesion, tables

UNCONFIRMED: Row = {
    "setting_id": "UNCONFIRMED",
    "mode": "recist",
    "source": "reported",
    "reference": "line_start",
    "stable_days": 42,
    "ne_severity": "least",
    "response_if_none": "MISSING",
}
CONFIRMED: Row = {**UNCONFIRMED, "setting_id": "CONFIRMED", "confirm_days": 28, "max_ne": 1, "max_sd": 0}
OVERALL = {"NON-CR/NON-PD": "non_cr_non_pd"}


def overall(code: str) -> str:
    return OVERALL.get(code, code.lower())


def response(patient_id: str, on: dt.date, code: str, **more: Any) -> Row:
    return {
        "patient_id": patient_id,
        "assessed_on": on,
        "assessor": "investigator",
        "overall": overall(code),
        **more,
    }


def best(
    sequence: Iterable[tuple[int, str]],
    *,
    setting: Row = UNCONFIRMED,
    lines: Sequence[int] = (0,),
    columns: str = "response, responded_on",
) -> list[tuple[Any, ...]]:
    """Best response of one patient whose lines start on the days given."""
    tables = {
        "patient": [{"patient_id": "P"}],
        "treatment": [
            {
                "patient_id": "P",
                "treatment_id": str(line),
                "kind": "systemic",
                "agents": f"drug{line}",
                "line": line,
                "started_on": day(start),
            }
            for line, start in enumerate(lines, start=1)
        ],
        "response": [response("P", day(on), code) for on, code in sequence],
        "response_setting": [setting],
    }
    return run_mart("best_response", tables, columns=columns, order_by="line")


# Nine patients of admiralonco, derive_param_confirmed_bor (Apache-2.0): treatment start, then assessments.
NINE: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "1": (
        "2020-01-01",
        [
            ("2020-01-01", "PR"),
            ("2020-02-01", "CR"),
            ("2020-02-16", "NE"),
            ("2020-03-01", "CR"),
            ("2020-04-01", "SD"),
        ],
    ),
    "2": (
        "2019-12-12",
        [("2020-01-01", "SD"), ("2020-02-01", "PR"), ("2020-03-01", "SD"), ("2020-03-13", "CR")],
    ),
    "3": ("2019-11-11", [("2019-11-12", "CR"), ("2019-12-02", "CR"), ("2020-01-01", "SD")]),
    "4": (
        "2019-12-30",
        [
            ("2020-01-01", "PR"),
            ("2020-03-01", "SD"),
            ("2020-04-01", "SD"),
            ("2020-05-01", "PR"),
            ("2020-05-15", "NON-CR/NON-PD"),
        ],
    ),
    "5": (
        "2020-01-01",
        [("2020-01-01", "PR"), ("2020-01-10", "SD"), ("2020-01-20", "PR"), ("2020-05-15", "NON-CR/NON-PD")],
    ),
    "6": (
        "2020-02-02",
        [
            ("2020-02-06", "PR"),
            ("2020-02-16", "CR"),
            ("2020-03-30", "PR"),
            ("2020-04-12", "PD"),
            ("2020-05-01", "CR"),
            ("2020-06-01", "CR"),
        ],
    ),
    "7": ("2020-02-02", [("2020-02-06", "PR"), ("2020-02-16", "CR"), ("2020-04-01", "NE")]),
    "8": ("2020-04-01", []),
    "9": (
        "2020-03-01",
        [("2020-03-16", "CR"), ("2020-04-01", "NE"), ("2020-04-16", "NE"), ("2020-05-01", "CR")],
    ),
}
NINE_DEFAULT = {**CONFIRMED, "reference": "randomisation", "stable_days": 28}
NINE_GENEROUS = {**NINE_DEFAULT, "max_ne": 2, "max_sd": 1, "response_if_none": "NE"}


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (NINE_DEFAULT, ["CR", "SD", "SD", "SD", "NON-CR/NON-PD", "SD", "NE", "MISSING", "SD"]),
        (NINE_GENEROUS, ["CR", "PR", "SD", "SD", "NON-CR/NON-PD", "SD", "NE", "NE", "CR"]),
    ],
    ids=["one NE, no SD between", "two NE, one SD between, none is NE"],
)
def test_the_nine_patients_of_the_published_example(setting: Row, expected: list[str]) -> None:
    date = dt.date.fromisoformat
    rows = run_mart(
        "best_response",
        {
            "patient": [
                {"patient_id": number, "randomised_on": date(start)} for number, (start, _) in NINE.items()
            ],
            "response": [
                response(number, date(on), code) for number, (_, codes) in NINE.items() for on, code in codes
            ],
            "response_setting": [setting],
        },
        columns="response",
        order_by="patient_id",
    )
    assert [row[0] for row in rows] == expected


@pytest.mark.parametrize(
    ("first", "following", "at_60", "at_30"),
    [
        ("CR", "CR", "CR", "CR"),
        ("CR", "PR", "SD", "SD"),
        ("CR", "SD", "SD", "SD"),
        ("CR", "PD", "SD", "PD"),
        ("CR", "NE", "SD", "NE"),
        ("PR", "CR", "PR", "PR"),
        ("PR", "PR", "PR", "PR"),
        ("PR", "SD", "SD", "SD"),
        ("PR", "PD", "SD", "PD"),
        ("PR", "NE", "SD", "NE"),
        ("NE", "NE", "NE", "NE"),
    ],
)
def test_confirmed_best_response_follows_table_3_of_recist(
    first: str, following: str, at_60: str, at_30: str
) -> None:
    """The minimum duration of stable disease (42 days) is met at day 60 and not met at day 30."""
    late = best([(60, first), (100, following)], setting=CONFIRMED, columns="response")
    early = best([(30, first), (70, following)], setting=CONFIRMED, columns="response")
    assert (late, early) == ([(at_60,)], [(at_30,)])


@pytest.mark.parametrize(("days", "expected"), [(27, "SD"), (28, "PR"), (29, "PR")])
def test_a_response_is_confirmed_from_day_28_on(days: int, expected: str) -> None:
    assert best([(60, "PR"), (60 + days, "PR")], setting=CONFIRMED, columns="response") == [(expected,)]


def test_the_date_is_the_first_of_the_confirmed_pair() -> None:
    sequence = [(50, "PR"), (60, "NE"), (78, "PR"), (110, "CR")]
    assert best(
        sequence, setting=CONFIRMED, columns="response, responded_on, confirmed_on, n_assessments"
    ) == [("PR", day(50), day(78), 4)]


@pytest.mark.parametrize(
    ("sequence", "unconfirmed", "confirmed"),
    [
        # (best response, its date, first CR or PR); without and with confirmation after 28 days.
        ([(50, "PR"), (100, "CR")], ("CR", 100, 50), ("PR", 50, 50)),
        ([(50, "PR"), (100, "CR"), (150, "CR")], ("CR", 100, 50), ("CR", 100, 50)),
        ([(50, "PR"), (100, "SD"), (150, "PR")], ("PR", 50, 50), ("SD", 50, None)),
        ([(50, "PR"), (100, "SD"), (150, "PR"), (200, "PR")], ("PR", 50, 50), ("PR", 150, 150)),
        ([(50, "SD"), (100, "PR")], ("PR", 100, 100), ("SD", 50, None)),
        ([(50, "PR"), (100, "SD"), (150, "CR"), (200, "CR")], ("CR", 150, 50), ("CR", 150, 150)),
        ([(50, "PR"), (70, "CR"), (90, "PD")], ("CR", 70, 50), ("SD", 50, None)),
        ([(20, "PR"), (60, "PD"), (100, "CR")], ("PR", 20, 20), ("PD", 60, None)),
        ([(50, "SD"), (100, "PD"), (150, "PR")], ("SD", 50, None), ("SD", 50, None)),
        ([(50, "NE"), (100, "NE")], ("NE", 50, None), ("NE", 50, None)),
        ([], ("MISSING", None, None), ("MISSING", None, None)),
    ],
    ids=[
        "PR confirmed by CR",
        "PR, then confirmed CR",
        "SD between parts the pair",
        "a later pair confirms",
        "SD, then PR",
        "PR lost, then confirmed CR",
        "CR too soon to confirm",
        "what follows PD is no response",
        "PR after PD alone",
        "neither",
        "nothing",
    ],
)
def test_the_response_lasts_from_the_first_cr_or_pr_that_counts(sequence, unconfirmed, confirmed) -> None:
    columns = "response, responded_on, objective_response_on"
    for setting, (code, best_on, first_on) in ((UNCONFIRMED, unconfirmed), (CONFIRMED, confirmed)):
        dates = [None if on is None else day(on) for on in (best_on, first_on)]
        assert best(sequence, setting=setting, columns=columns) == [(code, *dates)]


def test_a_confirmed_response_never_begins_before_the_unconfirmed_one() -> None:
    """100 patients with up to eight scans each, of the same seed every time."""
    choice = random.Random(1)
    codes = ("CR", "PR", "SD", "NE", "NON-CR/NON-PD", "PD")
    days = [sorted(choice.sample(range(10, 400, 10), choice.randint(0, 8))) for _ in range(100)]
    scans = {f"{n:03}": [(on, choice.choice(codes)) for on in own] for n, own in enumerate(days)}
    rows = run_mart(
        "best_response",
        {
            "patient": [{"patient_id": patient_id, "randomised_on": day(0)} for patient_id in scans],
            "response": [response(key, day(on), code) for key, own in scans.items() for on, code in own],
            "response_setting": [UNCONFIRMED, CONFIRMED],
        },
        columns="patient_id, setting_id, objective_response_on, responded_on",
    )
    found = {(patient_id, setting): dates for patient_id, setting, *dates in rows}
    n_later = 0
    for patient_id, own in scans.items():
        counted = list(takewhile(lambda scan: scan[1] != "PD", own))
        first_on, best_on = found[patient_id, "UNCONFIRMED"]
        confirmed_on, confirmed_best_on = found[patient_id, "CONFIRMED"]
        assert first_on == next((day(on) for on, code in counted if code in ("CR", "PR")), None)
        assert first_on is None or first_on <= best_on
        if confirmed_on is not None:
            assert first_on <= confirmed_on <= confirmed_best_on
            n_later += first_on < confirmed_on
    assert n_later > 0


def test_the_first_cr_or_pr_leads_to_its_own_source_row() -> None:
    """PR on day 60 by 30 after 50 mm, which nobody reported; on day 120 the treating team reports CR."""
    given = tables(
        lesion=[lesion(-5, "50"), lesion(60, "30")],
        response=[assessment(120, "cr")],
        response_setting=[{**UNCONFIRMED, "source": "reported_else_calculated"}],
    )
    columns = "response, responded_on, source_table, objective_response_on, objective_response_source_table"
    found = run_mart("best_response", given, columns=columns)
    assert found == [("CR", day(120), "response", day(60), "lesion")]
    first, key = run_mart("best_response", given, columns="objective_response_source_key, source_key")[0]
    assert first is not None
    assert first != key


@pytest.mark.parametrize(
    ("following", "last_scan"),
    [((), None), ((61,), 61), ((61, 120), 120), ((61, 200), 200), ((61, 201), 61), ((201,), None)],
)
def test_the_last_scan_after_the_response_is_one_up_to_the_start_of_the_next_line(
    following, last_scan
) -> None:
    """The response is that of day 60; line 2 begins on day 200."""
    sequence = [(60, "PR"), *((on, "PR") for on in following)]
    first, _ = best(sequence, lines=(0, 200), columns="responded_on, last_scan_on")
    assert first == (day(60), last_scan and day(last_scan))


@pytest.mark.parametrize(("n_ne", "expected"), [(0, "CR"), (1, "CR"), (2, "SD")])
def test_at_most_one_ne_between_the_pair(n_ne: int, expected: str) -> None:
    between = [(60 + 7 * place, "NE") for place in range(1, n_ne + 1)]
    sequence = [(60, "CR"), *between, (95, "CR")]
    assert best(sequence, setting=CONFIRMED, columns="response") == [(expected,)]


@pytest.mark.parametrize(("max_sd", "n_sd", "expected"), [(0, 1, "SD"), (1, 1, "PR"), (1, 2, "SD")])
def test_stable_assessments_between_a_pair_of_partial_responses(
    max_sd: int, n_sd: int, expected: str
) -> None:
    between = [(60 + 7 * place, "SD") for place in range(1, n_sd + 1)]
    sequence = [(60, "PR"), *between, (95, "PR")]
    assert best(sequence, setting={**CONFIRMED, "max_sd": max_sd}, columns="response") == [(expected,)]


def test_a_pr_after_a_cr_confirms_nothing() -> None:
    assert best([(60, "PR"), (70, "CR"), (95, "PR")], setting=CONFIRMED, columns="response") == [("SD",)]
    assert best([(60, "PR"), (70, "PR"), (95, "CR")], setting=CONFIRMED, columns="response") == [("PR",)]


@pytest.mark.parametrize(("on", "expected"), [(41, "NE"), (42, "SD"), (43, "SD")])
def test_stable_disease_counts_from_day_42(on: int, expected: str) -> None:
    assert best([(on, "SD")]) == [(expected, day(on))]


@pytest.mark.parametrize(("on", "expected"), [(41, "NE"), (42, "NON-CR/NON-PD"), (43, "NON-CR/NON-PD")])
def test_non_cr_non_pd_counts_from_day_42(on: int, expected: str) -> None:
    assert best([(on, "NON-CR/NON-PD")]) == [(expected, day(on))]


@pytest.mark.parametrize(("on", "expected"), [(41, "NE"), (42, "SD"), (43, "SD")])
def test_an_unconfirmed_response_counts_as_stable_from_day_42(on: int, expected: str) -> None:
    assert best([(on, "CR")], setting=CONFIRMED) == [(expected, day(on))]


def test_without_confirmation_a_response_counts_on_any_day() -> None:
    assert best([(20, "PR"), (60, "SD")]) == [("PR", day(20))]


def test_early_progression_after_early_stable_disease_is_pd() -> None:
    assert best([(21, "SD"), (40, "PD")]) == [("PD", day(40))]


def test_nothing_after_the_first_progression_counts() -> None:
    assert best([(60, "SD"), (100, "PD"), (140, "CR")], columns="response, n_assessments") == [("SD", 2)]


def test_a_partial_response_in_line_2_counts_although_line_1_ended_with_progression() -> None:
    """Clinical-decisions A1; the scan of day 100 belongs to line 1 although line 2 starts that day."""
    sequence = [(60, "SD"), (100, "PD"), (160, "PR")]
    assert best(sequence, lines=[0, 100], columns="line, response, responded_on") == [
        (1, "SD", day(60)),
        (2, "PR", day(160)),
    ]


@pytest.mark.parametrize(("on", "expected"), [(100, "PD"), (101, "MISSING")])
def test_progression_on_the_day_line_2_starts_is_of_line_1(on: int, expected: str) -> None:
    assert best([(on, "PD")], lines=[0, 100], columns="response")[0] == (expected,)


@pytest.mark.parametrize(
    ("on", "expected"),
    [(107, ("MISSING", None)), (108, ("PR", day(108)))],
    ids=["baseline", "after baseline"],
)
def test_the_baseline_scan_of_a_line_is_no_response_of_it(on: int, expected: tuple[Any, ...]) -> None:
    """A scan up to 7 days after the start of line 2 is its baseline, the next day's is a response."""
    rows = best([(60, "SD"), (99, "PD"), (on, "PR")], lines=[0, 100])
    assert rows[1] == expected


@pytest.mark.parametrize(
    ("reported", "expected"),
    [([], ("MISSING", 0)), ([(95, "ne")], ("NE", 1)), ([(95, "pd")], ("PD", 1))],
    ids=["nobody called it", "called NE", "called PD"],
)
def test_the_baseline_scan_of_line_2_is_no_assessment_of_line_1_unless_called(
    reported: list[tuple[int, str]], expected: tuple[str, int]
) -> None:
    """Line 1 from day 0, line 2 from day 100; the only scan, on day 95, is what line 2 is measured from."""
    given = tables(
        lines=(0, 100),
        lesion=[lesion(95, "50")],
        response=[assessment(on, code) for on, code in reported],
        response_setting=[UNCONFIRMED],
    )
    found = run_mart("best_response", given, columns="response, n_assessments", order_by="line")
    assert found[0] == expected


@pytest.mark.parametrize(
    ("lesions", "expected"),
    [([], "MISSING"), ([lesion(-5, "50"), lesion(60, "30")], "PR")],
    ids=["parts alone", "lesions"],
)
def test_what_only_joins_the_reported_parts_is_no_calculated_best_response(
    lesions: list[Row], expected: str
) -> None:
    """The treating team reports CR by its parts: without a lesion there is nothing to calculate from."""
    given = tables(
        lesion=lesions,
        response=[assessment(60, "cr", target="cr", non_target="cr", new_lesion="no")],
        response_setting=[{**UNCONFIRMED, "source": "calculated"}],
    )
    assert run_mart("best_response", given, columns="response") == [(expected,)]


@pytest.mark.parametrize(
    ("source", "reported", "expected"),
    [
        ("reported", [assessment(60, "pr")], ("PR", "response")),
        ("reported", [], ("MISSING", "response")),
        ("reported_else_calculated", [assessment(60, "sd")], ("SD", "response")),
        ("reported_else_calculated", [], ("PR", "lesion")),
        ("calculated", [assessment(60, "sd")], ("PR", "response")),
    ],
)
def test_a_scan_nobody_assessed_counts_only_where_the_setting_says_so_and_leads_to_its_lesions(
    source: str, reported: list[Row], expected: tuple[str, str]
) -> None:
    """PR on day 60 by 30 after 50 mm: of the lesions where nobody reported it, else of the report."""
    given = tables(
        lesion=[lesion(-5, "50"), lesion(60, "30")],
        response=reported,
        response_setting=[{**UNCONFIRMED, "source": source}],
    )
    given["study"] = [{"response_assessor": "investigator"}]
    assert run_mart("best_response", given, columns="response, source_table") == [expected]


def test_without_any_assessment_the_setting_names_the_value() -> None:
    assert best([], columns="response, rule") == [("MISSING", "BEST_MISSING")]
    assert best([], setting={**UNCONFIRMED, "response_if_none": "NE"}, columns="response") == [("NE",)]


@pytest.mark.parametrize(("severity", "expected"), [("least", "PR"), ("worst", "NE")])
def test_a_setting_ranks_ne_among_the_records_of_one_date(severity: str, expected: str) -> None:
    rows = [response("P", day(60), "NE", visit="a"), response("P", day(60), "PR", visit="b")]
    tables = {
        "patient": [{"patient_id": "P", "randomised_on": day(0)}],
        "response": rows,
        "response_setting": [{**UNCONFIRMED, "ne_severity": severity}],
    }
    assert run_mart("best_response", tables, columns="response") == [(expected,)]


def test_without_a_minimum_of_days_stable_disease_always_counts() -> None:
    assert best([(10, "SD")], setting={**UNCONFIRMED, "stable_days": None}) == [("SD", day(10))]


def test_clinical_benefit_is_a_setting_of_168_days() -> None:
    benefit = {**UNCONFIRMED, "stable_days": 168}
    assert best([(167, "SD")], setting=benefit) == [("NE", day(167))]
    assert best([(168, "SD")], setting=benefit) == [("SD", day(168))]


@pytest.mark.parametrize(("on", "expected"), [(61, "NE"), (62, "SD")])
def test_days_count_from_enrolment_where_the_setting_says_so(on: int, expected: str) -> None:
    """Enrolled on day 20 of line 1: day 62 is 42 days after enrolment."""
    tables = {
        "patient": [{"patient_id": "P", "enrolled_on": day(20)}],
        "treatment": [
            {"patient_id": "P", "treatment_id": "1", "kind": "systemic", "line": 1, "started_on": day(0)}
        ],
        "response": [response("P", day(on), "SD")],
        "response_setting": [{**UNCONFIRMED, "reference": "enrolment"}],
    }
    assert run_mart("best_response", tables, columns="response") == [(expected,)]


def test_a_setting_for_another_assessor_reads_that_assessor() -> None:
    tables = {
        "study": [{"response_assessor": "investigator"}],
        "patient": [{"patient_id": "P", "randomised_on": day(0)}],
        "response": [
            response("P", day(60), "SD"),
            {**response("P", day(60), "PR"), "assessor": "central"},
        ],
        "response_setting": [UNCONFIRMED, {**UNCONFIRMED, "setting_id": "CENTRAL", "assessor": "central"}],
    }
    rows = run_mart("best_response", tables, columns="setting_id, response", order_by="setting_id")
    assert rows == [("CENTRAL", "PR"), ("UNCONFIRMED", "SD")]


def test_after_local_therapy_no_evidence_of_disease_is_best() -> None:
    """Line 0 runs from the first local treatment to the first systemic line."""
    tables = {
        "study": [{"response_mode": "post_local_therapy", "index_origin": "local_therapy"}],
        "patient": [{"patient_id": "P"}],
        "treatment": [
            {
                "patient_id": "P",
                "treatment_id": "a",
                "kind": "ablation",
                "lesion_id": "1",
                "started_on": day(0),
            }
        ],
        "response": [response("P", day(60), "NED"), response("P", day(120), "EQUIVOCAL")],
        "response_setting": [{**UNCONFIRMED, "mode": "post_local_therapy", "reference": "local_therapy"}],
    }
    assert run_mart("best_response", tables, columns="line, response, responded_on") == [(0, "NED", day(60))]


@pytest.mark.parametrize("on", [10, 35, 41, 42])
def test_no_evidence_of_disease_after_local_therapy_counts_from_the_first_scan(on) -> None:
    """The 42 days are those of stable disease."""
    local = {
        "patient_id": "P",
        "treatment_id": "a",
        "kind": "ablation",
        "lesion_id": "1",
        "started_on": day(0),
    }
    tables = {
        "study": [{"response_mode": "post_local_therapy", "index_origin": "local_therapy"}],
        "patient": [{"patient_id": "P"}],
        "treatment": [local],
        "response": [response("P", day(on), "NED")],
        "response_setting": [
            {**UNCONFIRMED, "mode": "post_local_therapy", "reference": "local_therapy", "stable_days": 42}
        ],
    }
    assert run_mart("best_response", tables, columns="response, rule") == [("NED", "BEST_NED")]
