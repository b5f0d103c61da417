"""The worklist page: who stands on it, one click to the patient, two to mark as reviewed."""

from types import SimpleNamespace

import pytest

from dashboard.rules import rules
from dashboard.ui import worklist_rows
from dashboard.workflow.choices import pairing_window_days
from dashboard.workflow.reviews import latest_reviews
from tests.pages.real_snapshot import real_snapshot
from tests.pages.said import technical_words

PAGE = "pages/review/worklist.py"
LOOK = [code for code, rule in rules().items() if code.startswith("LOOK_") and rule.group == "worklist"]


@pytest.fixture
def worklist(open_app):
    app = open_app("oncologist")
    return app.switch_page(PAGE).run()


def opened(app):
    """Patients of the rows shown."""
    return [button.label.strip("*") for button in app.button if str(button.key).startswith("worklist.open")]


def press(app, start):
    return next(button for button in app.button if str(button.key).startswith(start)).click().run()


def test_the_patients_on_treatment_without_imaging_stand_on_it(worklist):
    assert not worklist.exception
    # P2 died on 10 Jun 2024; P13's treatment ended before it began, so nothing is known of it.
    assert {"P1", "P12"} <= set(opened(worklist))
    assert "P2" not in opened(worklist)


def test_each_line_has_the_source_of_its_rule_and_the_version_of_the_rules(worklist):
    ruled = [one.value.replace("\\", "") for one in worklist.caption if one.value.startswith("Rule")]
    version = real_snapshot().manifest["rules"]
    assert len(ruled) == len(opened(worklist)) > 0
    assert set(ruled) == {f"Rule: clinical-decisions A33, number 6 · rules {version}"}


@pytest.mark.parametrize(("number", "code"), list(enumerate(LOOK, start=1)))
def test_every_reason_to_look_names_its_rule(number, code):
    entry = SimpleNamespace(reasons=[{"reason_no": number, "rule": code}])
    assert f"A33, number {number}" in worklist_rows._source(entry, {"No.": number})


def test_one_click_opens_the_patient(worklist):
    press(worklist, "worklist.open.alpha.P12")
    assert [title.value for title in worklist.title] == ["P12"]


def test_a_reviewed_patient_stays_away_and_can_be_put_back(worklist, database):
    before = opened(worklist)
    press(worklist, "worklist.save.alpha.P12")
    assert latest_reviews(database, "alpha").keys() == {"P12"}
    assert opened(worklist) == [name for name in before if name != "P12"]
    worklist.toggle(key="worklist.reviewed").set_value(True).run()
    assert "P12" in opened(worklist)
    press(worklist, "worklist.back.alpha.P12")
    assert latest_reviews(database, "alpha") == {}


def test_when_everybody_is_reviewed_the_zero_is_stated(worklist):
    n = len(opened(worklist))
    for name in opened(worklist):
        press(worklist, f"worklist.save.alpha.{name}")
    said = worklist.info[-1].value
    assert said.startswith("Nothing new")
    assert said.endswith(f"{n} reviewed rows hidden.")


def test_a_search_without_a_hit_says_so_and_one_of_a_reviewed_row_that_it_is_hidden(worklist):
    assert len(opened(worklist)) == 2
    worklist.text_input(key="worklist.search").set_value("zz").run()
    assert worklist.info[-1].value == "Nothing matches “zz”. Without the search: 2 rows."
    worklist.text_input(key="worklist.search").set_value("P12").run()
    press(worklist, "worklist.save.alpha.P12")
    assert worklist.info[-1].value == (
        "Nothing matches “P12”. Without the search: 1 row. 1 reviewed row that matches is hidden."
    )


def test_the_pairing_window_is_shown_and_kept(worklist, database):
    window = worklist.slider(key="worklist.window")
    assert (window.value, window.min, window.max) == (42, 14, 84)
    window.set_value(60).run()
    kept = [pairing_window_days(database, "alpha", user_id=user_id) for user_id in range(1, 9)]
    assert [days for days in kept if days is not None] == [60]


def test_a_user_of_one_site_sees_no_patient_of_another(open_app, limit_to_site):
    limit_to_site("oncologist-site", "01")
    app = open_app("oncologist-site")
    app.switch_page(PAGE).run()
    assert "P1" in opened(app)
    assert "P12" not in opened(app)


def test_the_page_says_nothing_technical(worklist):
    assert technical_words(worklist) == []
