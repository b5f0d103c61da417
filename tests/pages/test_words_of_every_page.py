"""No page of a sample study shows a leftover of a missing value or a word that a clinician would misread.

Every page for every role that may see it, and the patient page of every patient.
"""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.access.roles import may
from dashboard.store.reader import Reader
from dashboard.ui import state
from dashboard.ui.frame import PAGES
from dashboard.workflow.models import Role
from tests.pages.parts import every_part
from tests.pages.sample_pages import (
    ROOT,
    SAMPLE_STUDIES,
    all_texts,
    drawn_texts,
    sample_app,
    sample_workflow,
    table_texts,
    unwanted,
)

pytestmark = pytest.mark.slow
USERS = {
    Role.CLINICIAN: "oncologist",
    Role.INVESTIGATOR: "investigator",
    Role.COORDINATOR: "coordinator",
    Role.ADMINISTRATOR: "admin",
}
PATIENT_PAGE = "pages/review/patient.py"
PARTS = 4


@pytest.fixture
def signed_in(tmp_path, monkeypatch, sample_store, sample_snapshot):
    """Opens the application for a user with a sample study chosen."""
    url = f"sqlite:///{tmp_path / 'workflow.sqlite'}"
    monkeypatch.setenv("DASHBOARD_STORE", str(sample_store))
    monkeypatch.setenv("DASHBOARD_STUDIES", str(ROOT / "data" / "studies"))
    monkeypatch.setenv("DASHBOARD_WORKFLOW_URL", url)
    engine = sample_workflow(url)

    def opened(username: str, study_id: str) -> AppTest:
        for one in SAMPLE_STUDIES:
            sample_snapshot(one)
        return sample_app(engine, username, study_id=study_id)

    yield opened
    engine.dispose()


@pytest.mark.parametrize("study_id", SAMPLE_STUDIES)
@pytest.mark.parametrize("role", USERS, ids=str)
def test_no_page_of_a_role_shows_a_leftover_or_a_word_that_is_misread(signed_in, role, study_id):
    app = signed_in(USERS[role], study_id)
    for spec in PAGES:
        if may(role, spec.permission):
            app.switch_page(spec.path).run()
            for one in every_part(app, spec.url_path):
                assert not one.exception, spec.title
                texts = list(all_texts(one))
                assert [title.value for title in one.title], spec.title
                assert len(texts) > 20, spec.title
                assert unwanted(texts) == set(), spec.title


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("study_id", SAMPLE_STUDIES)
def test_no_patient_page_shows_a_leftover_or_a_word_that_is_misread(
    signed_in, sample_snapshot, study_id, part
):
    reader = Reader(sample_snapshot(study_id))
    patients = reader.records(
        "select patient_id from patient_summary where enrolled_on is not null order by patient_id"
    )
    app = signed_in("oncologist", study_id).switch_page(PATIENT_PAGE)
    for row in patients[part::PARTS]:
        app.session_state[state.PATIENT] = (study_id, row["patient_id"])
        app.run()
        assert not app.exception, row["patient_id"]
        assert [title.value for title in app.title] == [row["patient_id"]]
        assert unwanted(all_texts(app)) == set(), row["patient_id"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Median nan months", "nan"),
        ("between NaT and 3 May", "NaT"),
        ("None (12)", "None"),
        ("value <NA>", "<NA>"),
        ("2 open findings", "findings"),
        ("snapshot of 28 Feb 2026", "snapshot"),
        ("12 rejected rows", "rejected"),
        ("Medians and milestones", "milestones"),
        ("emergent variant", "emergent"),
        ("k of n testable", "testable"),
        ("ctDNA was negative", "ctDNA was negative"),
        ("a positive sample", "positive sample"),
    ],
)
def test_words_of_that_kind_are_noticed(text, word):
    assert {found for found, _text in unwanted([text])} == {word}


@pytest.mark.parametrize(
    "text",
    [
        "data cut 28 Feb 2026 · snapshot 2026-02-28-0123abcd",
        "snapshot `2026-02-28-0123abcd`",
        "HER2 negative",
        "HBV positive",
        "still detected, no longer detected",
        "lost to follow-up",
    ],
)
def test_words_of_the_clinic_are_left_alone(text):
    assert unwanted([text]) == set()


@pytest.mark.parametrize("cell", [None, float("nan"), pd.NaT, pd.NA])
def test_a_cell_without_a_value_is_a_leftover_as_streamlit_shows_it(cell):
    table = pd.DataFrame({"Last scan": ["4 Jan 2026", cell]}, dtype=object)
    assert unwanted(table_texts(table)) == {("None", "None")}
    assert unwanted(table_texts(table.head(1))) == set()


def test_words_of_a_tooltip_are_among_the_texts_of_a_drawing_and_names_of_columns_are_not():
    spec = {"data": {"values": [{"what": "Draw", "key": "A1"}]}, "encoding": {"x": {"field": "what"}}}
    assert list(drawn_texts(spec)) == ["Draw"]
