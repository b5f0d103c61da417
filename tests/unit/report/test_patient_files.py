"""The menu of files: each is recorded before it is made, and made only when asked for."""

import pytest
from streamlit.testing.v1 import AppTest

SCRIPT = """
import datetime as dt
from types import SimpleNamespace
import pandas as pd
import streamlit as st
from dashboard.figures.figure import Figure
from dashboard.ui import patient_files
from tests.unit.report.conftest import FOOTER, chart

log = st.session_state.setdefault("log", [])

def record_export(what, **detail):
    log.append((what, detail["patient_id"]))
    if st.session_state.get("no_audit"):
        st.info("This cannot be shown, because it could not be recorded.")
        st.stop()

def logged(name):
    def make(figure):
        log.append(name)
        return b"content"
    return make

for name in ("figure_png", "figure_svg"):
    setattr(patient_files, name, logged(name))
class LoggedFigure(Figure):
    def csv(self):
        log.append("figure_csv")
        return "content"

table = pd.DataFrame({"Name": ["a"]})
context = SimpleNamespace(
    may=lambda right: right.value == "export" and not st.session_state.get("may_not"),
    record_export=record_export,
    snapshot=SimpleNamespace(cut_off=dt.date(2024, 6, 30)),
)
figure = LoggedFigure(rows=table, spec=chart(), table=table, caption="", method="", footer=FOOTER, code="")
patient_files.show(context, "S-001", figure)
"""


@pytest.fixture
def menu():
    return AppTest.from_string(SCRIPT, default_timeout=20)


def saved(app):
    return [button.proto.label for button in app.get("download_button")]


def test_nothing_is_made_or_recorded_until_it_is_asked_for(menu):
    menu.run()
    assert [button.label for button in menu.button] == [
        "PDF for the MDT",
        "PDF, de-identified",
        "Timeline, PNG",
        "Timeline, SVG",
        "Timeline, CSV",
    ]
    assert menu.session_state["log"] == []
    assert saved(menu) == []


@pytest.mark.parametrize("kind", ["png", "svg", "csv"])
def test_a_file_is_recorded_first_then_made_and_named_by_study_id_and_date(menu, kind):
    menu.run()
    menu.button(key=f"files.timeline {kind}").click().run()
    assert menu.session_state["log"] == [(f"timeline {kind}", "S-001"), f"figure_{kind}"]
    assert saved(menu) == [f"Save S-001-2024-06-30.{kind}"]


def test_what_cannot_be_recorded_is_not_made(menu):
    menu.session_state["no_audit"] = True
    menu.run()
    menu.button(key="files.timeline csv").click().run()
    assert menu.session_state["log"] == [("timeline csv", "S-001")]
    assert saved(menu) == []


def test_a_role_that_may_take_nothing_out_sees_no_menu(menu):
    menu.session_state["may_not"] = True
    menu.run()
    assert len(menu.button) == 0
