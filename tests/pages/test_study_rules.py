"""Page Study rules: the definition of the chosen study in words, not in the names of its file."""

import pytest

PAGE = "pages/admin/definitions.py"
PLAN = """
[[visit_plan]]
item = "draw"
label = "Baseline blood draw"
kind = "ctdna"
anchor = "class_start"
opens_days = -28
closes_days = 7
note = "Only where [asked]."

[[criterion]]
id = "I01"
label = "Age 18 or over"
kind = "inclusion"
status = "needs_ruling"
question = "survival_clock"
readings = [{ operator = "attested" }]
"""


@pytest.fixture
def tables(installation, open_app):
    """Tables of the page, for a study with one planned draw and one criterion."""
    definition = installation.studies / "alpha" / "study.toml"
    definition.write_text(definition.read_text(encoding="utf-8") + PLAN, encoding="utf-8")
    app = open_app("investigator").switch_page(PAGE).run()
    assert not app.exception
    return [table.value.to_dict("records") for table in app.table]


def test_kind_and_origin_of_a_planned_item_are_words(tables):
    assert tables[1] == [
        {
            "Item": "Baseline blood draw",
            "Kind": "blood draw for ctDNA",
            "Counted from": "first dose of the drug class the study follows",
            "Note": r"Only where \[asked\].",
        }
    ]


def test_a_criterion_that_waits_says_for_whom(tables):
    assert tables[2] == [
        {
            "Criterion": "I01",
            "Meaning": "Age 18 or over",
            "Kind": "inclusion",
            "Status": "needs a ruling by the PI",
        }
    ]


def test_endpoints_stand_with_what_they_are_counted_per(tables):
    assert tables[0] == [{"Endpoint": "OS", "Meaning": "Overall survival", "Per": "patient"}]
