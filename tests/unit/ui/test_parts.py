"""Parts behind tabs, and the export of what no tab has shown."""

from streamlit.testing.v1 import AppTest

from dashboard.ui.export import NOTHING_TO_SAVE


def two_parts():
    import streamlit as st

    from dashboard.ui.parts import open_part

    def part(name):
        st.session_state.drawn = [*st.session_state.get("drawn", []), name]
        return {name: lambda: None}

    st.session_state.given = list(
        open_part({"First": lambda: part("first"), "Second": lambda: part("second")}, key="page.part")
    )


def one_part():
    import streamlit as st

    from dashboard.ui.parts import open_part

    open_part({"Only": lambda: st.text("drawn") and {}}, key="page.part")


def nothing_to_save():
    from dashboard.ui.export import export_row

    # Without a page nothing can be recorded, and nothing is.
    export_row(None, {"lines": lambda: None}, what="page")


def test_only_the_part_that_is_open_is_asked_and_gives_its_figures():
    app = AppTest.from_function(two_parts).run()
    assert [tab.label for tab in app.tabs] == ["First", "Second"]
    assert (app.session_state["drawn"], app.session_state["given"]) == (["first"], ["first"])
    app.session_state["page.part"] = "Second"
    app.run()
    assert (app.session_state["drawn"], app.session_state["given"]) == (["first", "second"], ["second"])


def test_a_single_part_has_no_tab():
    app = AppTest.from_function(one_part).run()
    assert not app.tabs
    assert [one.value for one in app.text] == ["drawn"]


def test_an_export_without_figures_says_so_and_records_nothing():
    app = AppTest.from_function(nothing_to_save).run()
    app.button[0].click().run()
    assert not app.exception
    assert NOTHING_TO_SAVE in [one.value for one in app.markdown]
