"""Controls of the timeline: one frozen request; zoom, pan and reset keep to the course."""

import datetime as dt
from itertools import pairwise

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.ui.patient_timeline_range import inside, kept_span, step

FIRST = dt.date(2024, 1, 1)


def days(first: int, last: int) -> tuple[dt.date, dt.date]:
    return FIRST + dt.timedelta(days=first), FIRST + dt.timedelta(days=last)


WHOLE = days(0, 400)


@pytest.mark.parametrize(
    ("span", "word", "after"),
    [
        ((0, 400), "Zoom in", (100, 300)),
        ((100, 300), "Zoom out", (0, 400)),
        ((0, 400), "Zoom out", (0, 400)),
        ((100, 300), "Earlier", (0, 200)),
        ((50, 250), "Earlier", (0, 200)),
        ((0, 200), "Earlier", (0, 200)),
        ((100, 300), "Later", (200, 400)),
        ((200, 400), "Later", (200, 400)),
        ((120, 130), "Reset", (0, 400)),
    ],
)
def test_each_step_keeps_to_the_course_and_panning_keeps_the_length(span, word, after):
    assert step(days(*span), word=word, whole=WHOLE) == days(*after)


@pytest.mark.parametrize(
    ("span", "after"),
    [((-50, 500), (0, 400)), ((10, 11), (10, 24)), ((399, 400), (386, 400)), ((10, 24), (10, 24))],
)
def test_a_part_is_never_shorter_than_two_weeks(span, after):
    assert inside(days(*span), WHOLE) == days(*after)


def test_another_patient_opens_on_the_whole_course():
    kept = ("P1", days(100, 200))
    assert kept_span(kept, patient_id="P1", whole=WHOLE) == days(100, 200)
    assert kept_span(kept, patient_id="P2", whole=WHOLE) == WHOLE
    assert kept_span(None, patient_id="P1", whole=WHOLE) == WHOLE


def page() -> None:
    import streamlit as st

    from dashboard.store.reader import Reader
    from dashboard.ui.patient_timeline_controls import controls
    from tests.pages.real_snapshot import real_snapshot

    reader = Reader(real_snapshot(), None)
    patient_id = st.session_state.get("shown_patient", "P1")
    is_study_time = st.session_state.get("is_study_time", False)
    st.session_state["request"], _table = controls(
        reader, patient_id, theme="light", is_study_time=is_study_time
    )


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(page, default_timeout=30).run()


def test_the_request_opens_on_the_rule_and_the_whole_course(app):
    assert not app.exception
    request = app.session_state["request"]
    assert (request.level, request.zero, request.first, request.last) == ("rule", "rule", None, None)
    assert (request.time, request.scale, request.variants, request.other_origin) == (
        "dates",
        "log",
        True,
        True,
    )


def test_zooming_in_narrows_what_is_shown_and_reset_shows_the_whole_again(app):
    spans = []
    for _ in range(3):
        app.button(key="timeline.shown.Zoom in").click().run()
        request = app.session_state["request"]
        spans.append((request.last - request.first).days)
    assert all(after < before for before, after in pairwise(spans))
    app.button(key="timeline.shown.Reset").click().run()
    assert app.session_state["request"].first is None
    assert not app.exception


def test_day_0_and_level_are_what_the_reader_chose(app):
    app.selectbox[0].select("enrolment").run()
    app.selectbox[1].select("max").run()
    request = app.session_state["request"]
    assert (request.zero, request.level) == ("enrolment", "max")


def test_a_part_by_name_moves_the_slider(app):
    app.selectbox(key="timeline.shown.part").select("Line 1").run()
    assert app.session_state["request"].first == dt.date(2024, 2, 3)
    assert not app.exception


def test_in_study_time_no_control_shows_a_date():
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["is_study_time"] = True
    app.run()
    assert app.session_state["request"].time == "study_time"
    assert app.slider[0].value[0] < 0 < app.slider[0].value[1]
    assert not any(isinstance(value, dt.date) for slider in app.slider for value in slider.value)


def test_the_slider_counts_days_from_the_day_0_the_reader_chose():
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["is_study_time"] = True
    app.run()
    by_line = app.slider[0].value
    app.selectbox[0].select("enrolment").run()
    # Line 1 began two days after enrolment.
    assert app.slider[0].value == (by_line[0] + 2, by_line[1] + 2)


def test_moving_the_slider_shows_that_part():
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["is_study_time"] = True
    app.run()
    app.slider[0].set_range(10, 60).run()
    request = app.session_state["request"]
    assert (request.first, request.last) == (dt.date(2024, 2, 13), dt.date(2024, 4, 3))


def test_without_variants_there_is_no_interval_to_ask_for(app):
    assert "95 % interval" not in [toggle.label for toggle in app.toggle]


def test_no_widget_is_named_after_the_patient(app):
    keys = [widget.key for widget in [*app.button, *app.selectbox, *app.slider, *app.toggle] if widget.key]
    assert keys
    assert not any("P1" in key for key in keys)
