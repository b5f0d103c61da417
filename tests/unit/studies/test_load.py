"""study.toml is read strictly, and every problem is printed with what is allowed."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from dashboard.errors import StudyDefinitionError
from dashboard.studies.load import load_study

STUDIES = Path(__file__).parents[3] / "data" / "studies"

OS = """
[[endpoint]]
id = "OS"
label = "Overall survival"
origin = "enrolment"
events = ["death"]
censor = ["known_alive"]
"""


@pytest.mark.parametrize(
    ("folder", "n_sites", "prefix"),
    [("k4care", 4, "K4C-0001"), ("cdk46", 6, "CDK-0001"), ("pulmonary-oligomets", 1, "OLI-001")],
)
def test_each_sample_study_loads_and_is_marked_as_sample(folder, n_sites, prefix):
    study = load_study(STUDIES / folder)
    assert study.study_id == folder
    assert study.sample
    assert study.inference == "descriptive"
    assert len(study.recruitment.sites) == n_sites
    assert re.fullmatch(study.about.patient_id_pattern, prefix)


def test_when_a_query_is_late_and_a_site_is_scored_has_the_defaults_of_the_rules():
    assert load_study(STUDIES / "k4care").conduct.model_dump() == {
        "query_answer_days": 14,
        "query_late_days": 30,
        "site_score_min_sites": 5,
        "site_score_min_patients": 3,
        "site_score_min_days": 30,
    }


def test_every_open_question_names_things_that_exist():
    for folder in ("k4care", "cdk46", "pulmonary-oligomets"):
        study = load_study(STUDIES / folder)
        known = {endpoint.endpoint_id for endpoint in study.endpoints}
        known |= {item.item for item in study.visit_plan} | {c.criterion for c in study.criteria}
        known |= {s.setting_id for s in study.response_settings} | {r.scheme for r in study.molecular_rules}
        named = {name for question in study.open_questions for name in question.affects}
        assert named <= known


def test_defaults_are_those_of_the_clinical_decisions(load):
    study = load("")
    assert (study.ctdna.pairing_days, study.ctdna.pairing_sensitivity_days) == (42, 28)
    assert (study.ctdna.draw_baseline_from_day, study.ctdna.draw_baseline_to_day) == (-28, 7)
    assert (
        study.display.dim_share_percent,
        study.display.dim_at_risk_min,
        study.display.dim_at_risk_max,
    ) == (10, 5, 10)
    assert (study.display.hazard_ratio_min_events, study.display.share_min_cell) == (10, 5)
    assert study.calendar == "calendar"
    assert not study.sample


def test_decimals_are_exact(load):
    study = load("[local_therapy]\nalpha_beta_gy = 10.1\n")
    assert study.local_therapy.alpha_beta_gy == Decimal("10.1")


def test_a_folder_without_definition_is_refused_by_name(tmp_path):
    with pytest.raises(StudyDefinitionError, match=r"study\.toml: found no such file"):
        load_study(tmp_path)


def test_text_that_is_not_toml_is_refused_with_its_line(load):
    with pytest.raises(StudyDefinitionError, match=r"not valid TOML.*line 1[0-9]"):
        load("[study\n")


def test_a_file_that_is_not_utf8_is_refused(tmp_path):
    (tmp_path / "study.toml").write_bytes("title = '研究'".encode("gb18030"))
    with pytest.raises(StudyDefinitionError, match="not UTF-8"):
        load_study(tmp_path)


def test_every_problem_is_printed_at_once(problems):
    found = problems(
        "[nonsense]\na = 1\n[ctdna]\npairing_dayz = 42\n"
        '[[assay]]\nassay = "A"\npanel = "P"\ntracks = "bespoke"\n' + OS.replace('"death"', '"deth"')
    )
    assert len(found) == 4
    assert found[0].startswith("[nonsense]: found a table that is not known; allowed: study, recruitment")
    assert found[1].startswith(
        "[ctdna], pairing_dayz: found a key that is not known here; allowed: the keys draw_"
    )
    assert found[2] == "[[assay]] P, tracks: found 'bespoke'; allowed: tumour_informed or fixed_panel"
    assert found[3].startswith(
        "[[endpoint]] OS, events: found the milestone 'deth'; allowed: adequate_assessment"
    )


def test_a_missing_table_and_a_missing_key_are_named(problems):
    assert problems("", head='[study]\nstudy_id = "small"\ntitle = "Small"\n') == [
        "[study], short_title: found nothing; allowed: this key is required",
        "[recruitment]: found nothing; allowed: this table is required",
    ]


def test_a_wrong_key_inside_an_inner_table_lists_the_keys_of_that_table(problems):
    (found,) = problems(OS.replace('["death"]', '[{ milestone = "death", form_day = 1 }]'))
    assert found.startswith(
        "[[endpoint]] OS, events[0].form_day: found a key that is not known here; allowed: the keys"
    )
    assert "from_day" in found


def test_a_table_written_once_instead_of_as_a_list_is_refused(problems):
    assert problems(OS.replace("[[endpoint]]", "[endpoint]"))[0] == (
        "[endpoint]: found a single table; allowed: a list of tables, [[endpoint]]"
    )


def test_an_empty_list_of_events_is_refused(problems):
    assert problems(OS.replace('["death"]', "[]")) == [
        "[[endpoint]] OS, events: found an empty list; allowed: at least one"
    ]


def test_the_same_id_twice_is_refused(problems):
    assert "[[endpoint]] OS, id: found 'OS' a second time; allowed: each id once" in problems(OS + OS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "closes = 2024-12-31",
            "[recruitment], closes: found 2024-12-31; allowed: a date from 2025-01-01 on",
        ),
        (
            'month_plan = [{ month = "2025-01", planned = 9 }]',
            "[recruitment], month_plan: found 9 planned in all; allowed: the target 10",
        ),
        (
            'month_plan = [{ month = "2025-02", planned = 5 }, { month = "2025-01", planned = 5 }]',
            "[recruitment], month_plan: found 2025-02, 2025-01; allowed: each month once, in order",
        ),
    ],
)
def test_recruitment_that_does_not_add_up_is_refused(problems, text, expected):
    assert problems(text) == [expected]


VISIT = '\n[[visit_plan]]\nitem = "scan"\nlabel = "CT"\nkind = "imaging"\nanchor = "enrolment"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "found no window, or more than one"),
        ("opens_months = 3\n", "found no window, or more than one"),
        (
            "opens_months = 3\ncloses_months = 6\nopens_days = 1\ncloses_days = 2\n",
            "found no window, or more than one",
        ),
        ("opens_months = 6\ncloses_months = 3\n", "closes_months: found 3; allowed: at least 6"),
        ("repeat_days = 84\n", "window_days: found nothing; allowed: window_days together with repeat_days"),
        (
            'opens_days = 0\ncloses_days = 5\nrepeat_from = "last_done"\n',
            "repeat_from: found 'last_done'; allowed: repeat_from together with repeat_days",
        ),
        ("repeat_days = 84\nwindow_days = 42\n", "window_days: found 42; allowed: under half of repeat_days"),
        (
            'repeat_days = 84\nwindow_days = 14\nline_scope = "line"\n',
            "allowed: a milestone that carries a line",
        ),
    ],
)
def test_a_visit_without_one_clear_window_is_refused(problems, text, expected):
    (found,) = problems(VISIT + text)
    assert expected in found


def test_a_repeated_visit_counts_from_its_anchor_unless_it_says_otherwise(load):
    repeated = VISIT + "repeat_days = 84\nwindow_days = 41\n"
    assert load(repeated).visit_plan[0].repeat_from == "anchor"
    assert load(repeated + 'repeat_from = "last_done"\n').visit_plan[0].repeat_from == "last_done"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "opens_days = 0\ncloses_days = 5\ngrace_days = 14\nlate_days = 13\n",
            "late_days: found 13; allowed: at least grace_days 14",
        ),
        (
            "repeat_days = 84\nwindow_days = 14\nearly_days = 3\n",
            "early_days: found 3; allowed: no early_days together with repeat_days",
        ),
        (
            "opens_days = 0\ncloses_days = 5\nis_over_at_next_line = true\n",
            "is_over_at_next_line: found true; allowed: is_over_at_next_line of an item planned once, "
            'together with line_scope = "line"',
        ),
    ],
)
def test_days_outside_a_window_that_say_nothing_are_refused(problems, text, expected):
    (found,) = problems(VISIT + text)
    assert expected in found


def test_a_visit_whose_window_opens_and_closes_on_one_day_is_accepted(load):
    assert load(VISIT + "opens_days = 0\ncloses_days = 0\n").visit_plan[0].closes_days == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'kind = "fall"\n',
            "numerator: found nothing; allowed: numerator and denominator, because kind is fall",
        ),
        ('kind = "clearance"\nnumerator = 1\ndenominator = 2\n', "numerator: found 1; allowed: no numbers"),
    ],
)
def test_a_scheme_of_ctdna_change_needs_its_numbers_and_only_those(problems, text, expected):
    (found,) = problems(f'\n[[molecular_rule]]\nscheme = "X"\nlabel = "x"\n{text}')
    assert expected in found


def test_a_fixed_panel_without_genes_is_refused_and_a_tumour_informed_one_is_not(load, problems):
    text = '\n[[assay]]\nassay = "A"\npanel = "P"\ntracks = "{}"\n'
    assert "the genes a fixed panel covers" in problems(text.format("fixed_panel"))[0]
    assert load(text.format("tumour_informed")).assays[0].sequence == ()


def test_a_limit_of_quantification_below_the_limit_of_detection_is_refused(problems):
    text = (
        '\n[[assay]]\nassay = "A"\npanel = "P"\ntracks = "tumour_informed"\nlod_ppm = 500\nloq_ppm = 499.9\n'
    )
    assert problems(text) == ["[[assay]] P, loq_ppm: found 499.9; allowed: at least lod_ppm 500"]


def test_two_default_schemes_are_refused(problems):
    rule = '\n[[molecular_rule]]\nscheme = "{}"\nlabel = "x"\nkind = "clearance"\nis_default = true\n'
    assert problems(rule.format("A") + rule.format("B")) == [
        "[[molecular_rule]], is_default: found A, B; allowed: at most one"
    ]


@pytest.mark.parametrize(
    ("source", "assessor", "is_refused"),
    [
        ("reported_else_calculated", "central", True),
        ("reported_else_calculated", "investigator", False),
        ("reported", "central", False),
    ],
)
def test_what_is_calculated_stands_in_for_the_assessor_of_the_study_alone(
    load, problems, source, assessor, is_refused
):
    text = '[response]\nresponse_assessor = "investigator"\n'
    text += f'\n[[response_setting]]\nid = "X"\nlabel = "x"\nsource = "{source}"\nassessor = "{assessor}"\n'
    if not is_refused:
        assert load(text).response_settings[0].assessor == assessor
        return
    assert problems(text) == [
        "[[response_setting]] X, assessor: found 'central'; allowed: the response_assessor of [response], "
        "for whom alone the calculation stands in"
    ]


def test_dimming_limits_the_wrong_way_round_are_refused(problems):
    assert "dim_at_risk_min not over" in problems("[display]\ndim_at_risk_min = 11\n")[0]
