"""A patient reviewed on an earlier data cut stays away until a record of that patient comes or changes."""

from datetime import UTC, datetime

import duckdb
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.workflow.history import Author
from dashboard.workflow.models import UserAccount
from dashboard.workflow.reviews import PatientCut, mark_reviewed

OLD, NEW = "2026-03-01-0123abcd", "2026-05-29-0123abcd"
PAGE = "pages/review/worklist.py"


@pytest.fixture
def reviewed(database):
    """Writes that a colleague reviewed a patient on a data cut."""

    def write(patient_id, snapshot_id):
        with Session(database) as session:
            wanted = select(UserAccount.id).where(UserAccount.username == "investigator")
            author = Author(user_id=session.scalars(wanted).one(), at=datetime.now(UTC))
        cut = PatientCut(study_id="alpha", patient_id=patient_id, snapshot_id=snapshot_id)
        mark_reviewed(database, cut, author=author)

    return write


@pytest.fixture
def listed(open_app):
    """Patients of the rows shown."""

    def opened():
        app = open_app("oncologist").switch_page(PAGE).run()
        assert not app.exception
        return [b.label.strip("*") for b in app.button if str(b.key).startswith("worklist.open")]

    return opened


def change(installation, sql):
    """Make the older data cut differ: what the newer one holds has come or changed since."""
    file = installation.store / "alpha" / OLD / "store.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(sql)


CORRECTED = "update variant set maf_ppm = 4100 where sample_id = 'A1'"
ARRIVED = "delete from ctdna_sample where sample_id = 'A2'"


def test_without_news_everybody_reviewed_on_the_earlier_data_cut_stays_away(listed, reviewed):
    assert {"P1", "P12"} <= set(listed())
    for name in ("P1", "P12"):
        reviewed(name, OLD)
    assert not {"P1", "P12"} & set(listed())


@pytest.mark.parametrize("sql", [CORRECTED, ARRIVED], ids=["a value was corrected", "a sample came"])
def test_news_of_one_patient_bring_back_that_patient_alone(listed, reviewed, installation, sql):
    change(installation, sql)
    for name in ("P1", "P12"):
        reviewed(name, OLD)
    names = listed()
    assert "P1" in names
    assert "P12" not in names


def test_who_comes_back_stays_away_again_after_a_review_of_the_data_cut_shown(listed, reviewed, installation):
    change(installation, CORRECTED)
    reviewed("P1", OLD)
    assert "P1" in listed()
    reviewed("P1", NEW)
    assert "P1" not in listed()


def test_changed_study_rules_alone_bring_nobody_back(listed, reviewed, installation):
    change(installation, "update ctdna_state set state = 'NOT_EVALUABLE'")
    reviewed("P1", OLD)
    assert "P1" not in listed()


def test_a_review_of_a_data_cut_that_is_no_longer_kept_cannot_hide_anybody(listed, reviewed):
    reviewed("P1", "2025-01-01-0123abcd")
    assert "P1" in listed()
