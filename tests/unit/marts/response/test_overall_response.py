"""Overall response: tables 1 and 2 of RECIST 1.1, what is reported against what is calculated, and A1, A5."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.builders import Row, day, run_mart

from .lesions import assessment, lesion, tables

LOCAL: Row = {"response_mode": "post_local_therapy", "index_origin": "local_therapy"}


def overall(
    *responses: Row, columns: str = "response", lines: Sequence[int] = (0,), **given: Any
) -> list[Any]:
    rows = run_mart(
        "overall_response",
        tables(lines=lines, response=responses, **given),
        columns=columns,
        order_by="assessed_on, assessor",
    )
    return [row[0] if len(row) == 1 else row for row in rows]


TABLE_1 = [
    ("pd", "cr", "no", "PD"),
    ("pd", None, None, "PD"),
    ("ne", "pd", "no", "PD"),
    ("sd", "pd", "no", "PD"),
    ("cr", "pd", "no", "PD"),
    ("cr", "cr", "yes", "PD"),
    ("ne", "ne", "yes", "PD"),
    ("cr", "cr", "no", "CR"),
    ("cr", None, "no", "CR"),
    ("cr", "non_cr_non_pd", "no", "PR"),
    ("cr", "ne", "no", "PR"),
    ("pr", "non_cr_non_pd", "no", "PR"),
    ("pr", "cr", "no", "PR"),
    ("pr", "ne", "no", "PR"),
    ("pr", None, None, "PR"),
    ("sd", "non_cr_non_pd", "no", "SD"),
    ("sd", "ne", "no", "SD"),
    ("ne", "non_cr_non_pd", "no", "NE"),
    ("ne", "cr", "no", "NE"),
    ("sd", "cr", "equivocal", "SD"),
]
TABLE_2 = [
    (None, "cr", "no", "CR"),
    (None, "non_cr_non_pd", "no", "NON-CR/NON-PD"),
    (None, "ne", "no", "NE"),
    (None, "pd", "no", "PD"),
    (None, "cr", "yes", "PD"),
    (None, "non_cr_non_pd", "equivocal", "NON-CR/NON-PD"),
]


@pytest.mark.parametrize(("target", "non_target", "new_lesion", "expected"), TABLE_1 + TABLE_2)
def test_tables_1_and_2_of_recist(
    target: str | None, non_target: str | None, new_lesion: str | None, expected: str
) -> None:
    components = {"target": target, "non_target": non_target, "new_lesion": new_lesion}
    assert overall(assessment(60, **components)) == [expected]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"state": "absent"}, "CR"),
        ({"state": "present"}, "NON-CR/NON-PD"),
        ({"state": "not_assessed"}, "NE"),
        ({"state": "unequivocal_progression"}, "PD"),
        ({"diameter_mm": "9.9", "is_node": True}, "CR"),
        ({"diameter_mm": "10", "is_node": True}, "NON-CR/NON-PD"),
    ],
)
def test_non_target_lesions_alone(state: dict[str, Any], expected: str) -> None:
    lesions = [
        lesion(-5, role="non_target", state="present"),
        {**lesion(60, role="non_target"), **state},
    ]
    assert overall(lesion=lesions)[-1] == expected


def test_a_new_lesion_in_the_lesion_table_is_progression() -> None:
    lesions = [lesion(-5, "40"), lesion(60, "20"), lesion(60, name="n", role="new", state="present")]
    assert overall(lesion=lesions, columns="calculated, progression_pattern, rule")[-1] == (
        "PD",
        "new_lesion",
        "OVERALL_PD_NEW_LESION",
    )


def test_an_assessment_names_where_its_new_lesions_lie() -> None:
    lesions = [
        lesion(0, "30"),
        lesion(60, "30"),
        lesion(60, "11", name="N1", role="new", organ="liver", location="segment IV"),
        lesion(60, "12", name="N3", role="new", organ="liver", location="segment IV"),
        lesion(60, "15", name="N2", role="new", organ="lymph_node", location="right axillary", is_node=True),
        lesion(60, "9", name="N4", role="new", organ="lung", location="left upper lobe", state="equivocal"),
        # Followed on: new no more.
        lesion(120, "30"),
        lesion(120, "12", name="N1", role="non_target", organ="liver", location="segment IV"),
    ]
    rows = overall(lesion=lesions, columns="assessed_on, new_sites")
    sites = "liver, segment IV (N1, N3); right axillary lymph node (N2)"
    assert rows == [(day(0), None), (day(60), sites), (day(120), None)]


def test_targets_not_looked_at_are_not_evaluable() -> None:
    lesions = [
        lesion(-5, "40"),
        lesion(-5, name="b", role="non_target", state="present"),
        lesion(60, name="b", role="non_target", state="present"),
    ]
    assert overall(lesion=lesions)[-1] == "NE"


def test_what_is_reported_counts_and_the_calculation_stands_beside_it() -> None:
    lesions = [lesion(-5, "40"), lesion(60, "50")]
    columns = "reported, calculated, response, source, differs_in_pd"
    rows = overall(assessment(60, "sd"), lesion=lesions, columns=columns)
    assert rows[-1] == ("SD", "PD", "SD", "REPORTED", True)


def test_a_study_may_let_the_calculation_count() -> None:
    lesions = [lesion(-5, "40"), lesion(60, "50")]
    rows = overall(
        assessment(60, "sd"),
        assessment(120, "sd"),
        lesion=lesions,
        study=[{"progression_source": "calculated"}],
        columns="response, source",
    )
    assert rows[1:] == [("PD", "CALCULATED"), ("SD", "REPORTED")]


def test_where_nothing_is_reported_the_calculation_counts() -> None:
    rows = overall(
        lesion=[lesion(-5, "40"), lesion(60, "50")], columns="response, source, assessor, is_baseline"
    )
    assert rows == [(None, None, "CALCULATED", True), ("PD", "CALCULATED", "CALCULATED", False)]


def test_lesions_of_the_visit_belong_to_its_report_although_the_dates_differ() -> None:
    lesions = [lesion(-5, "40", visit="s"), lesion(58, "20", visit="week 8")]
    rows = overall(
        assessment(60, "pr", visit="week 8"),
        lesion=lesions,
        columns="assessed_on, reported, calculated, change_from_baseline_tenth_percent",
    )
    assert rows[1:] == [(day(60), "PR", "PR", -500)]


@pytest.mark.parametrize(
    ("first", "second", "worse"),
    [
        ("pd", "non_cr_non_pd", "PD"),
        ("non_cr_non_pd", "sd", "NON-CR/NON-PD"),
        ("sd", "pr", "SD"),
        ("pr", "cr", "PR"),
        ("cr", "ne", "CR"),
        ("pd", "ne", "PD"),
    ],
)
def test_several_records_of_one_assessor_on_one_date_count_as_the_worst(
    first: str, second: str, worse: str
) -> None:
    assert overall(assessment(60, first, visit="a"), assessment(60, second, visit="b")) == [worse]
    assert overall(assessment(60, second, visit="a"), assessment(60, first, visit="b")) == [worse]


def test_only_the_assessor_of_the_study_counts() -> None:
    rows = overall(
        assessment(60, "sd"),
        {**assessment(60, "pd"), "assessor": "radiologist"},
        study=[{"response_assessor": "investigator"}],
        columns="assessor, reported, response, rule",
    )
    assert rows == [
        ("investigator", "SD", "SD", "OVERALL_REPORTED"),
        ("radiologist", "PD", None, "OVERALL_OTHER_ASSESSOR"),
    ]


def test_an_equivocal_new_lesion_later_confirmed_dates_its_first_appearance() -> None:
    rows = overall(
        assessment(60, "sd", new_lesion="equivocal"),
        assessment(120, "sd", new_lesion="no"),
        assessment(180, "sd", new_lesion="equivocal"),
        assessment(240, "pd", new_lesion="yes"),
        columns="response, new_lesion_since_on",
    )
    assert rows == [("SD", None), ("SD", None), ("SD", None), ("PD", day(180))]


def test_the_first_appearance_of_the_lesion_itself_counts_too() -> None:
    lesions = [
        lesion(-5, "40"),
        lesion(60, "40"),
        lesion(60, name="n", role="new", state="equivocal"),
        lesion(120, "40"),
        lesion(120, name="n", role="new", state="present"),
    ]
    rows = overall(lesion=lesions, columns="response, new_lesion_since_on")
    assert rows[1:] == [("SD", None), ("PD", day(60))]


def test_only_assessments_after_progression_and_before_the_next_line_are_grey() -> None:
    """Clinical-decisions A1; the PR of line 2 counts."""
    rows = overall(
        assessment(60, "sd"),
        assessment(100, "pd"),
        assessment(150, "sd"),
        assessment(260, "pr"),
        lines=[0, 200],
        columns="line, response, is_after_progression",
    )
    assert rows == [(1, "SD", False), (1, "PD", False), (1, "SD", True), (2, "PR", False)]


def test_treatment_beyond_progression_keeps_the_event_and_greys_what_follows() -> None:
    rows = overall(
        assessment(100, "pd"),
        assessment(160, "sd"),
        assessment(220, "pr"),
        columns="response, is_after_progression",
    )
    assert rows == [("PD", False), ("SD", True), ("PR", True)]


def test_the_scan_of_the_day_a_line_starts_belongs_to_the_line_before() -> None:
    rows = overall(assessment(100, "pd"), assessment(101, "sd"), lines=[0, 100], columns="line")
    assert rows == [1, 2]


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (assessment(60, "sd"), True),
        (assessment(60, "pd"), True),
        (assessment(60, "ne"), False),
        (assessment(60, "sd", basis="clinical"), False),
        (assessment(7, "sd"), False),
        (assessment(8, "sd"), True),
        (assessment(-1, "sd"), False),
    ],
    ids=["SD", "PD", "NE", "clinical", "baseline of day 7", "day 8", "before treatment"],
)
def test_an_adequate_assessment_is_imaging_after_the_baseline_and_evaluable(
    response: Row, expected: bool
) -> None:
    assert overall(response, columns="is_adequate") == [expected]


@pytest.mark.parametrize(
    ("diameters", "from_baseline", "from_nadir"),
    [
        (("90", "63"), -300, -300),
        (("60", "42", "42.1"), -298, 2),
        (("80", "70", "89"), 113, 271),
        (("40", "0", "1"), -975, None),
    ],
)
def test_changes_in_tenths_of_a_per_cent(
    diameters: tuple[str, ...], from_baseline: int, from_nadir: int | None
) -> None:
    """89 against 80 mm is 11.25 %, shown as 11.3; over a nadir of 0 there is no percentage."""
    lesions = [lesion(-5 + 60 * place, mm) for place, mm in enumerate(diameters)]
    columns = "change_from_baseline_tenth_percent, change_from_nadir_tenth_percent"
    assert overall(lesion=lesions, columns=columns)[-1] == (from_baseline, from_nadir)


CONTROLLED = ("treated", "controlled")
# Lesions with their states, what is on record of new lesions, the response.
AFTER_LOCAL = [
    ([CONTROLLED], "no", "NED"),
    # Nobody said whether a new lesion was seen: the scan shows neither disease nor its absence.
    ([CONTROLLED], None, None),
    ([("treated", "equivocal")], None, "EQUIVOCAL"),
    ([("treated", "local_progression")], None, "PD"),
    ([CONTROLLED, ("new", "present")], None, "PD"),
    ([CONTROLLED, ("new", "equivocal")], None, "EQUIVOCAL"),
]


@pytest.mark.parametrize(("states", "new_lesion", "expected"), AFTER_LOCAL)
def test_after_local_therapy_the_investigator_judges_the_treated_lesion(
    states: list[tuple[str, str]], new_lesion: str | None, expected: str | None
) -> None:
    """The treated lesion grows from 20 to 40 mm in every case: its diameter decides nothing (A5)."""
    given = tables(
        lesion=[
            lesion(-5, "20"),
            *[
                lesion(60, "40" if role == "treated" else None, name=role, role=role, state=state)
                for role, state in states
            ],
        ],
        response=[assessment(60, new_lesion=new_lesion)],
        study=[LOCAL],
    )
    given["treatment"] = [
        {"patient_id": "P", "treatment_id": "x", "kind": "ablation", "lesion_id": "a", "started_on": day(0)}
    ]
    rows = run_mart("overall_response", given, columns="line, response, is_adequate", order_by="assessed_on")
    assert rows[-1] == (None, expected, expected is not None)


def with_line(*responses: Row, study: Row = LOCAL, lesions: Sequence[Row] = ()) -> list[Any]:
    """Assessments of a patient with an ablation on day 0 and systemic treatment from day 100."""
    given = tables(lines=(100,), response=responses, lesion=lesions, study=[study])
    ablation = {"patient_id": "P", "treatment_id": "x", "kind": "ablation", "started_on": day(0)}
    given["treatment"] = [ablation, *given["treatment"]]
    columns = "response, is_baseline, is_adequate"
    return run_mart("overall_response", given, columns=columns, order_by="assessed_on")[-1]


@pytest.mark.parametrize(
    ("on", "status", "study", "expected"),
    [
        (101, "ned", LOCAL, ("NED", False, True)),
        # A progression there closed what came before the line.
        (101, "pd", LOCAL, ("PD", True, False)),
        # Before the local treatment nothing has been treated: any scan is the baseline.
        (-1, "ned", LOCAL, ("NED", True, False)),
        # A response by RECIST compares with the baseline and cannot stand on it.
        (107, "sd", {}, ("SD", True, False)),
        (108, "sd", {}, ("SD", False, True)),
    ],
)
def test_after_local_therapy_a_status_called_soon_after_a_line_began_stands(
    on: int, status: str, study: Row, expected: tuple[str, bool, bool]
) -> None:
    earlier = [assessment(60, "ned")] if on > 60 and study else []
    assert with_line(*earlier, assessment(on, status), study=study) == expected


@pytest.mark.parametrize(
    ("before", "first_called", "differs"),
    [("pd", day(90), False), ("ned", None, True)],
)
def test_a_progression_that_is_only_called_again_is_not_set_against_the_calculation(
    before: str, first_called: Any, differs: bool
) -> None:
    """A liver lesion neither gone nor grown: calculated NON-CR/NON-PD on day 190, reported PD."""
    site = {"progression_site": "liver", "progression_pattern": "extrathoracic"}
    given = tables(
        lines=(100,),
        lesion=[lesion(on, "12", name="n", role="non_target", organ="liver") for on in (90, 190)],
        response=[assessment(90, before, **(site if before == "pd" else {})), assessment(190, "pd", **site)],
        study=[LOCAL],
    )
    ablation = {"patient_id": "P", "treatment_id": "x", "kind": "ablation", "started_on": day(0)}
    given["treatment"] = [ablation, *given["treatment"]]
    columns = "reported, calculated, first_called_on, differs_in_pd"
    rows = run_mart("overall_response", given, columns=columns, order_by="assessed_on")
    assert rows[-1] == ("PD", "NON-CR/NON-PD", first_called, differs)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("new_lesion", True),
        ("new_lung_up_to_5", True),
        ("new_lung_over_5", True),
        ("extrathoracic", True),
        ("cns", True),
        ("growth", False),
        ("non_target", False),
        ("in_field", False),
        ("other", False),
        (None, False),
    ],
)
@pytest.mark.parametrize("site", ["liver", "", None])
def test_a_progression_by_a_new_lesion_names_its_site(pattern, expected, site) -> None:
    given = assessment(90, "pd", progression_pattern=pattern, progression_site=site)
    assert overall(given, columns="is_at_new_site, names_new_site") == [(expected, expected and bool(site))]


@pytest.mark.parametrize(
    ("status", "new_lesion", "expected"),
    [("pd", "yes", True), ("pd", "no", False), ("pd", "equivocal", False), ("sd", "yes", False)],
)
def test_without_a_pattern_a_reported_new_lesion_tells(status, new_lesion, expected) -> None:
    given = assessment(90, status, new_lesion=new_lesion, progression_site="liver")
    assert overall(given, columns="names_new_site") == [expected]


def test_a_site_is_told_by_a_report_of_pd_alone_and_by_any_assessor() -> None:
    site = {"progression_site": "liver", "progression_pattern": "new_lesion"}
    central = {**assessment(60, "pd", **site), "assessor": "central"}
    stable = assessment(90, "sd", **site)
    study = [{"response_assessor": "investigator"}]
    columns = "response, names_new_site"
    assert overall(central, stable, columns=columns, study=study) == [(None, True), ("SD", False)]


def test_nothing_after_the_last_observed_day_is_read() -> None:
    assert overall(assessment(789, "sd"), assessment(790, "pd")) == ["SD"]


@pytest.mark.parametrize(
    ("non_target", "calculated"),
    [("present", "NON-CR/NON-PD"), ("unequivocal_progression", "PD"), (None, None)],
)
def test_without_target_disease_at_the_baseline_the_other_lesions_alone_tell(
    non_target: str | None, calculated: str | None
) -> None:
    """A node of 7 mm; the treating team reports PR, by its target part too."""
    others = [
        lesion(on, name="N", role="non_target", state=state)
        for on, state in ((-5, "present"), (60, non_target))
    ]
    given = tables(
        lesion=[
            *(lesion(on, mm, is_node=True) for on, mm in ((-5, "7"), (60, "9"))),
            *(others if non_target else []),
        ],
        response=[assessment(60, "pr", target="pr")],
    )
    columns = "reported, calculated, target, change_from_baseline_tenth_percent"
    rows = run_mart("overall_response", given, columns=columns, order_by="assessed_on")
    assert rows[-1] == ("PR", calculated, None, None)


@pytest.mark.parametrize(
    ("baseline_mm", "later_mm", "percents"),
    # From a node of 7 mm, no disease, 12 mm is PD and no growth by 71 %; from 10 mm 15 mm is +50 %.
    [("7", "12", (None, None)), ("10", "15", (500, 500))],
)
def test_a_target_seen_again_after_a_line_began_without_is_no_growth_in_per_cent(
    baseline_mm: str, later_mm: str, percents: tuple[int | None, int | None]
) -> None:
    given = tables(lesion=[lesion(on, mm, is_node=True) for on, mm in ((-5, baseline_mm), (60, later_mm))])
    columns = "calculated, change_from_baseline_tenth_percent, change_from_nadir_tenth_percent"
    rows = run_mart("overall_response", given, columns=columns, order_by="assessed_on")
    assert rows[-1] == ("PD", *percents)
