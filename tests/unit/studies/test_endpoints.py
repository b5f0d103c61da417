"""An endpoint says what the engine reads, no more and no less; what it would ignore is refused."""

import pytest

from dashboard.studies.rows import definition_rows, endpoint_rule_rows

PFS = """
[[endpoint]]
id = "PFS"
label = "PFS"
origin = "line_start"
events = ["radiological_progression", "death"]
censor = ["adequate_assessment"]
"""


def changed(**keys):
    """The block with these keys in place of its own, or added."""
    lines = [line for line in PFS.strip().splitlines() if line.split(" =")[0] not in keys]
    return "\n".join(["", *lines, *(f"{key} = {value}" for key, value in keys.items()), ""])


def rules(load, **keys):
    return endpoint_rule_rows(load(changed(**keys)).endpoints[0])


def from_days(rows):
    return [(row["role"], row["milestone"], row["from_day"]) for row in rows]


def test_defaults_of_from_day_are_written_and_a_death_has_none(load):
    rows = rules(load, competing='["clinical_progression", "death"]', stop='["local_treatment_start"]')
    assert from_days(rows) == [
        ("origin", "line_start", None),
        ("event", "radiological_progression", 1),
        ("event", "death", None),
        ("competing", "clinical_progression", 1),
        ("competing", "death", None),
        ("stop", "local_treatment_start", 1),
        ("censor", "adequate_assessment", 0),
    ]


def test_an_explicit_from_day_of_0_stays(load):
    rows = rules(load, events='[{ milestone = "radiological_progression", from_day = 0 }, "death"]')
    assert from_days(rows)[1] == ("event", "radiological_progression", 0)


def test_a_name_a_table_and_a_list_of_both_mean_the_same(load):
    one = rules(load, origin='"line_start"')
    assert one == rules(load, origin='{ milestone = "line_start" }')
    assert one == rules(load, origin='["line_start"]')


def test_an_absolute_line_and_a_relative_line_are_told_apart(load):
    rows = rules(
        load,
        origin='{ milestone = "line_start", line = 1 }',
        events='[{ milestone = "line_start", line = "next" }, "death"]',
    )
    assert [(row["line"], row["line_match"]) for row in rows[:3]] == [
        (1, "any"),
        (None, "next"),
        (None, "any"),
    ]


@pytest.mark.parametrize(
    ("origin", "line"),
    [
        ('{ milestone = "line_start", line = 2 }', 2),
        ('{ milestone = "line_start", line = 1 }', 1),
        ('"line_start"', None),
        ('"enrolment"', None),
        ('[{ milestone = "line_start", line = 1 }, { milestone = "line_start", line = 2 }]', None),
        ('[{ milestone = "line_start", line = 2 }, "enrolment"]', None),
    ],
)
def test_an_endpoint_begins_on_a_line_where_its_start_is_its_only_day_0(load, origin, line):
    study = load(changed(origin=origin))
    assert {one.begins_on_line for one in study.endpoints} == {line}


def test_a_constant_gap_is_one_open_row_and_a_list_closes_each_interval(load):
    study = load(changed(max_gap_days="196"))
    gaps = definition_rows(study)["endpoint_gap"]
    assert [(g["from_day"], g["to_day"], g["max_gap_days"]) for g in gaps] == [(0, None, 196)]
    study = load(changed(max_gap_days="[{ from_day = 0, days = 182 }, { from_day = 336, days = 266 }]"))
    gaps = definition_rows(study)["endpoint_gap"]
    assert [(g["from_day"], g["to_day"], g["max_gap_days"]) for g in gaps] == [
        (0, 335, 182),
        (336, None, 266),
    ]


def test_an_anchor_and_a_landmark_both_count_from_before_the_origin(load):
    def has_anchor(**keys):
        return definition_rows(load(changed(**keys)))["endpoint"][0]["has_anchor"]

    assert not has_anchor()
    assert has_anchor(anchor='"enrolment"')
    assert has_anchor(origin='{ milestone = "enrolment", plus_months = 6 }')


def test_a_horizon_is_a_mark_unless_it_is_told_to_censor(load):
    row = definition_rows(load(changed(horizon_months="36")))["endpoint"][0]
    assert (row["horizon_months"], row["censor_at_horizon"]) == (36, False)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (
            {"origin": '"line_begin"'},
            "origin: found the milestone 'line_begin'; allowed: adequate_assessment",
        ),
        (
            {"event": '["death"]'},
            "event: found a key that is not known here; allowed: the keys id, label, per",
        ),
        (
            {"censor": '[{ milestone = "adequate_assessment", from_day = 0 }]'},
            "from_day: found 0; allowed: from_day only on require, event, competing, stop",
        ),
        (
            {"censor": '[{ milestone = "adequate_assessment", to_day = 90 }]'},
            "to_day: found 90; allowed: to_day only on require, event, competing, stop",
        ),
        (
            {"censor": '[{ milestone = "adequate_assessment", line = "next" }]'},
            "found 'next'; allowed: any or same",
        ),
        (
            {"censor": '[{ milestone = "adequate_assessment", line = "later" }]'},
            "found 'later'; allowed: any or same",
        ),
        (
            {"anchor": '"consent"', "origin": '{ milestone = "enrolment", plus_months = 6 }'},
            "anchor: found an anchor beside a shifted origin",
        ),
        (
            {"origin": '[{ milestone = "enrolment", plus_months = 6 }, "consent"]'},
            "origin: found 2 different shifts",
        ),
        (
            {"per": '"line"', "origin": '"enrolment"'},
            "origin: found 'enrolment' with per = \"line\"; allowed: adequate_assessment",
        ),
        (
            {"per": '"lesion"', "origin": '"local_course_start"'},
            "allowed: local_progression, local_treatment_end, local_treatment_start",
        ),
        (
            {"origin": '"enrolment"', "events": '[{ milestone = "line_start", line = "later" }]'},
            "found 'later'; allowed: no relative line: the origin carries no line",
        ),
        ({"events": '[{ milestone = "death", line = 2 }]'}, "found 2; allowed: no line: death carries none"),
        (
            {"origin": '{ milestone = "line_start", line = "next" }'},
            "found 'next'; allowed: a line number here",
        ),
        (
            {"events": '[{ milestone = "death", pick = "last" }]'},
            "allowed: pick only on origin, anchor, entry",
        ),
        ({"events": '[{ milestone = "death", plus_days = 3 }]'}, "allowed: plus_days only on origin"),
        (
            {"stop": '[{ milestone = "line_start", line = "later", grace_days = 30 }]'},
            "allowed: grace_days only on event, competing",
        ),
        (
            {"require": '"baseline_assessment"'},
            "if_required_missing: found nothing; allowed: censor_at_origin or",
        ),
        ({"if_required_missing": '"exclude"'}, "found 'exclude'; allowed: only together with require"),
        ({"censor_at_horizon": "true"}, "found true; allowed: only together with horizon_months"),
        ({"max_gap_days": "[{ from_day = 1, days = 182 }]"}, "max_gap_days: found from_day [1]"),
        (
            {"max_gap_days": "[{ from_day = 0, days = 182 }, { from_day = 0, days = 266 }]"},
            "max_gap_days: found from_day [0, 0]",
        ),
        (
            {"stop": '["withdrawal"]', "censor": '["known_alive"]'},
            "found known_alive alone beside a stop; allowed: withdrawal also in censor",
        ),
        (
            {"events": '[{ milestone = "radiological_progression", from_day = 5, to_day = 4 }]'},
            "found from_day 5 after to_day 4",
        ),
        ({"sensitivity_of": '"PFS_X"'}, "sensitivity_of: found 'PFS_X'; allowed: PFS"),
        ({"events": '["objective_response"]'}, "objective_response.detail: found nothing; allowed:"),
        ({"per": '"cycle"'}, "per: found 'cycle'; allowed: patient, line or lesion"),
    ],
)
def test_what_the_engine_would_ignore_or_misread_is_refused(problems, keys, expected):
    found = problems(changed(**keys))
    assert len(found) == 1
    assert expected in found[0]


def test_from_day_equal_to_to_day_is_accepted(load):
    rows = rules(load, events='[{ milestone = "radiological_progression", from_day = 5, to_day = 5 }]')
    assert (rows[1]["from_day"], rows[1]["to_day"]) == (5, 5)
