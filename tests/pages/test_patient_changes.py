"""What changed, as the patient page shows it: since the previous data cut, and since the last review."""

import datetime as dt
from datetime import date
from pathlib import Path

import duckdb
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from streamlit.testing.v1 import AppTest

from dashboard.store.snapshot import Snapshot
from dashboard.tables.patient_changes import ChangeLine, ValueWords
from dashboard.ui.patient_changes import line_markdown, previous_cut, review_notice
from dashboard.workflow.models import AuditEvent
from tests.pages.conftest import sign_in_for_test
from tests.pages.said import said, technical_words

OLD, NEW = "2026-03-01-0123abcd", "2026-05-29-0123abcd"
SCRIPT = """
import datetime as dt
from dashboard.ui.context import Permission, require
from dashboard.ui import patient_changes

context = require(Permission.PATIENT)
patient_changes.show(context, "P1", reviewed_snapshot={reviewed!r}, reviewed_on=dt.date(2026, 3, 12))
"""


@pytest.fixture
def card(installation, database):
    """The card of P1 alone; in the older data cut one allele fraction was another."""
    file = installation.store / "alpha" / OLD / "store.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("update variant set maf_ppm = 4100 where sample_id = 'A1'")

    def shown(reviewed: str | None = None) -> AppTest:
        app = AppTest.from_string(SCRIPT.format(reviewed=reviewed), default_timeout=30)
        app.session_state["session_token"] = sign_in_for_test(database, "oncologist")
        app.run()
        assert not app.exception
        return app

    return shown


def test_a_corrected_value_stands_beside_the_old_one_struck_through(card):
    words = said(card())
    assert "Since the previous data cut (1 Mar 2026)" in words
    assert "**Corrected** · 1" in words
    assert "- Result of 1 Feb 2024: MAF of KRAS p.G12D ~~0.41 %~~ **1.20 %**" in words
    assert "You have not reviewed this patient yet." in words


def test_since_the_last_review_is_what_opens_and_the_previous_data_cut_one_click_away(card):
    app = card(OLD)
    (since,) = app.get("button_group")
    names = [option.content for option in since.proto.options]
    assert names == [
        "Since you last reviewed (12 Mar 2026, data cut 1 Mar 2026)",
        "Since the previous data cut (1 Mar 2026)",
    ]
    assert "~~0.41 %~~" in said(app)


def test_a_reviewed_data_cut_that_is_no_longer_kept_is_said(card):
    words = said(card("2025-11-30-aaaaaaaaaaaa"))
    assert "The data you reviewed (data cut 30 Nov 2025) are no longer kept" in words
    assert "Corrected" not in words


def test_a_review_of_the_data_cut_shown_leaves_nothing_new(card):
    words = said(card(NEW))
    assert "Nothing new: this is the data cut on which you last reviewed this patient." in words
    assert "Corrected" not in words


def test_the_earlier_data_cut_is_in_the_audit_trail_too(card, database):
    card()
    with Session(database) as session:
        opened = session.scalars(select(AuditEvent).where(AuditEvent.patient_id == "P1")).all()
    assert [(event.kind, event.snapshot_id) for event in opened] == [("patient_opened", OLD)]


def test_the_card_says_nothing_technical(card):
    assert technical_words(card()) == []
    assert technical_words(card(OLD)) == []


def cut(day: str, name: str = "a") -> Snapshot:
    return Snapshot("alpha", f"{day}-{name}", date.fromisoformat(day), Path("none"))


def test_the_previous_data_cut_is_the_latest_build_of_an_earlier_day():
    cuts = [cut("2026-05-29"), cut("2026-05-29", "old"), cut("2026-03-01"), cut("2026-03-01", "old")]
    assert previous_cut(cuts, shown=cuts[0]) == cuts[2]
    assert previous_cut(cuts, shown=cuts[2]) is None


def test_a_review_of_a_later_data_cut_is_not_compared_backwards():
    notice = review_notice(cut("2026-05-29"), "2026-05-29-a", shown=cut("2026-03-01"))
    assert notice == "You last reviewed a later data cut (29 May 2026) than the one shown."
    assert review_notice(cut("2026-03-01"), "2026-03-01-a", shown=cut("2026-05-29")) == ""


@pytest.mark.parametrize(
    ("line", "markdown"),
    [
        (ChangeLine("new", "CT of 1 May 2026", "PD"), "CT of 1 May 2026: PD"),
        (ChangeLine("vanished", "CT of 1 May 2026", "PD"), "~~CT of 1 May 2026: PD~~"),
        (ChangeLine("vanished", "CT of 1 May 2026"), "~~CT of 1 May 2026~~"),
        (ChangeLine("new", "L1", values=(ValueWords("end", "", "2 May"),)), "L1: end **2 May**"),
        (
            ChangeLine("new", "AE1", values=(ValueWords("outcome", "recovering", "recovered"),)),
            "AE1: outcome **recovered** (was recovering)",
        ),
        (
            ChangeLine("moved", "CT", values=(ValueWords("date", "1 May", "2 May"),)),
            "CT: date ~~1 May~~ **2 May**",
        ),
        (ChangeLine("new", "a*b_c", day=dt.date(2026, 1, 1)), "a\\*b\\_c"),
    ],
)
def test_lines_in_markdown(line, markdown):
    assert line_markdown(line) == markdown


def test_the_data_page_counts_the_records_that_changed(card, open_app):
    app = open_app("coordinator")
    app.switch_page("pages/admin/data.py").run()
    app.button_group(key="data.part").set_value("cuts").run()
    assert "Changes since the previous data cut" in said(app)
    tables = [table.value for table in app.main.dataframe if "Corrected" in table.value]
    assert [table.to_dict("records") for table in tables] == [
        [
            {"Table": "Variants", "New": 0, "Corrected": 1, "Moved": 0, "No longer in the data": 0},
            {"Table": "All", "New": 0, "Corrected": 1, "Moved": 0, "No longer in the data": 0},
        ]
    ]
