"""Every patient of every sample study: what is drawn is in the table and back, and no text is a leftover."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.charts.timeline import plotted_keys
from dashboard.charts.timeline_frame import LEFT_PX, NARROWEST_PX, RIGHT_PX
from dashboard.figures.figure import Figure
from dashboard.figures.patient.timeline import TimelineRequest, patient_timeline_figure
from dashboard.store.reader import Reader
from tests.property.drawn_legend import not_as_drawn
from tests.property.drawn_marks import Twin, axis_of, day_said, number_said, twins
from tests.property.drawn_words import clashes, outside

ROOT = Path(__file__).parents[2]
# Values that were not turned into words.
LEFTOVERS = re.compile(r"\b(nan|inf|NaT|None|null|undefined)\b")
# Left column of the table of words (clinical-decisions A15); "open findings" would be read as radiology.
UNWANTED = re.compile(
    r"\b(findings?|snapshots?|excused|untestable|testable|emergent|immortal|bins|milestones?|marts?|quarantined?|"
    r"ghost|burden|MR50|MR90|clinical cut-off|cut-point|re-emergent|never positive|negative|positive)\b",
    re.IGNORECASE,
)
# Kinds whose marks have a scale of their own.
SCALED = frozenset({"SAMPLE", "VARIANT", "SUM", "MARKER", "SECOND_MARKER"})
# Kinds of which every event on the axis is drawn; of sums those with a number.
ALWAYS = frozenset({"SAMPLE", "RESPONSE", "SUM", "LIMIT", "NEW_LESION"})
# How far a number of ECOG may stand from its day, as a share of the time axis: 11 px of the narrowest plot.
GIVES_WAY = 11.5 / (NARROWEST_PX - LEFT_PX - RIGHT_PX)
# A key names an event within the file and is not shown.
HIDDEN = frozenset({"key", "field", "expr", "labelExpr"})


@pytest.fixture(scope="module", params=["k4care", "cdk46", "pulmonary-oligomets"])
def reader(request, sample_snapshot) -> Reader:
    """The current data cut of a sample study."""
    return Reader(sample_snapshot(request.param), None)


@pytest.fixture(scope="module")
def figures(reader) -> dict[str, Figure]:
    """The timeline of every patient by rule, with all variants."""
    patients = reader.records("select patient_id from patient_summary order by patient_id")
    request = TimelineRequest(patient_id="", other_origin=True)
    return {
        row["patient_id"]: patient_timeline_figure(reader, replace(request, patient_id=row["patient_id"]))
        for row in patients
    }


@pytest.fixture(scope="module")
def drawn(figures) -> dict[str, list[Twin]]:
    """What each timeline draws, event by event, with the rows of its table."""
    return {patient: list(twins(figure)) for patient, figure in figures.items()}


def shown(part: Any) -> Iterator[str]:
    """Every text of a specification that a reader can see."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for name, value in part.items():
            if name not in HIDDEN:
                yield from shown(value)
    elif isinstance(part, list):
        for one in part:
            yield from shown(one)


def texts(figure: Figure) -> set[str]:
    """Words of the drawing, the table, the caption, the method and the text for those who cannot see it."""
    table = figure.table.astype(str).to_numpy().ravel().tolist()
    return {*shown(figure.spec), *table, *figure.table.columns, figure.caption, figure.method, figure.alt}


def plotted_rows(part: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Key and row of every plotted event."""
    if isinstance(part, dict):
        if isinstance(part.get("key"), str):
            yield part["key"], part
        for value in part.values():
            yield from plotted_rows(value)
    elif isinstance(part, list):
        for one in part:
            yield from plotted_rows(one)


def test_no_text_is_a_leftover_of_a_missing_value(figures):
    found = {(p, t) for p, figure in figures.items() for t in texts(figure) if LEFTOVERS.search(t)}
    assert found == set()


def test_no_text_has_a_word_that_a_clinician_would_misread(figures):
    found = {(p, t) for p, figure in figures.items() for t in texts(figure) if UNWANTED.search(t)}
    assert found == set()


def test_every_plotted_event_is_one_row_of_the_table_and_every_row_is_plotted(figures):
    for patient, figure in figures.items():
        assert len(figure.table) == len(plotted_keys(figure.spec)), patient


def test_the_legend_names_the_marks_drawn_all_and_no_other(figures):
    found = {patient: words for patient, figure in figures.items() if (words := not_as_drawn(figure))}
    assert found == {}


def test_tooltip_and_table_say_the_same_of_every_event(figures):
    for patient, figure in figures.items():
        said = {
            key: (row["what"], row["date"], row["result"])
            for key, row in plotted_rows(figure.spec)
            if "what" in row
        }
        columns = ["Event", "Date", "Result"]
        table = Counter(tuple(row) for row in figure.table[columns].itertuples(index=False))
        assert not Counter(said.values()) - table, patient


def test_every_result_and_every_assessment_on_the_axis_is_drawn(figures):
    for patient, figure in figures.items():
        rows = figure.rows
        wanted = rows[rows["kind"].isin(ALWAYS) & rows["occurred_on"].notna()]
        wanted = wanted[(wanted["kind"] != "SUM") | wanted["value_sum"].notna()]
        assert set(wanted["event_key"]) <= plotted_keys(figure.spec), patient


def test_every_line_with_a_baseline_sum_has_its_limits_drawn_also_with_its_baseline_alone(reader, figures):
    lines = reader.records("select patient_id, line from line_baseline where has_target and line > 0")
    wanted = {(row["patient_id"], f"limit line {row['line']}") for row in lines}
    # The key of a limit ends with the day from which its nadir is in force.
    drawn = {
        (patient, key.rsplit(" ", 1)[0])
        for patient, figure in figures.items()
        for key in plotted_keys(figure.spec)
    }
    assert wanted <= drawn


def test_no_measured_sum_that_is_no_progression_touches_the_dashes_of_its_day(reader, figures):
    """The limit drawn on the day of a scan is the one that judged it: only a sum that is PD reaches it."""
    judged = reader.records(
        "select patient_id, assessed_on, line, sum_tenth_mm, response from target_response "
        "where is_complete and nadir_tenth_mm > 0 and response is not null and line > 0 "
        "and rule <> 'TARGET_PD_FROM_NONE'"
    )
    for one in judged:
        rows = figures[one["patient_id"]].rows
        limits = rows[(rows["kind"] == "LIMIT") & (rows["line"] == one["line"])]
        day = pd.Timestamp(one["assessed_on"])
        before = pd.to_datetime(limits["occurred_on"]) < day
        until = pd.to_datetime(limits["ended_on"])
        (limit,) = limits[before & (until.isna() | (day <= until))]["pd_from_tenth_mm"]
        # The dashes lie at whole millimetres: a sum may be PD up to 1 mm under them.
        if one["response"] == "PD":
            assert one["sum_tenth_mm"] > limit - 10, one
        else:
            assert one["sum_tenth_mm"] < limit, one


def test_no_measured_diameter_is_without_a_place(reader, figures):
    """It stands with its lesion, or is counted in the sum of its day."""
    counted = reader.records("select patient_id, source_key from target_measurement where is_counted")
    placed = {(row["patient_id"], row["source_key"]) for row in counted}
    for patient, figure in figures.items():
        rows = figure.rows[figure.rows["event_key"].isin(plotted_keys(figure.spec))]
        lesions = rows[rows["kind"].isin({"LESION", "NEW_LESION"})]
        placed |= {(patient, key) for key in lesions["source_key"]}
    measured = reader.records(
        "select patient_id, source_key from lesion_finding where diameter_tenth_mm is not null"
    )
    assert {(row["patient_id"], row["source_key"]) for row in measured} <= placed


def test_every_mark_stands_on_the_date_that_the_table_says(figures, drawn):
    kinds = {*ALWAYS, "MARKER", "SECOND_MARKER", "ECOG", "DEATH", "ENROLMENT", "BIOPSY"}
    for patient, events in drawn.items():
        start, end = axis_of(figures[patient])
        for one in events:
            if one.kind in kinds:
                days, said = {mark.first for mark in one.marks}, day_said(one.said["Date"])
                if one.kind == "ECOG" and days != {said}:
                    # A change gives way to the next one by the width of a number, to the left.
                    (day,) = days
                    assert 0 < (said - day).days <= (end - start).days * GIVES_WAY, (patient, one.said)
                    continue
                assert days == {said}, (patient, one.said)


def test_every_mark_on_a_scale_stands_at_the_number_that_the_table_says(drawn):
    for patient, events in drawn.items():
        for one in events:
            where = (patient, one.said)
            # A single new lesion has its diameter beside it, several stand on a scale.
            is_apart = one.kind == "NEW_LESION" and any(mark.value is not None for mark in one.marks)
            number = number_said(one.said["Result"]) if one.kind in SCALED or is_apart else None
            if number is None and one.said["Result"] == "detected, below LoQ":
                # No number of its own: hollow at the limit.
                number = (one.loq_percent, 1e-9)
            values = {mark.value for mark in one.marks}
            if number is None:
                assert values == {None}, where
                continue
            (value,) = values
            assert value == pytest.approx(number[0], abs=number[1] * 1.001), where
            assert all(mark.scale[0] <= value <= mark.scale[1] for mark in one.marks), where


def test_samples_without_ctdna_stand_in_one_lane(drawn):
    for patient, events in drawn.items():
        clear = [t for t in events if t.kind == "SAMPLE" and t.said["Result"] == "not detected"]
        heights = {mark.y for one in clear for mark in one.marks}
        assert len(heights) == min(1, len(clear)), patient


def test_every_bar_of_treatment_is_as_long_as_the_table_says(figures, drawn):
    for patient, figure in figures.items():
        start, end = axis_of(figure)
        cut = figure.rows.loc[figure.rows["kind"] == "OBSERVED_UNTIL", "occurred_on"].iloc[0].date()
        bars = [one for one in drawn[patient] if one.kind == "SYSTEMIC"]
        for _kind, _limit, marks, said in bars:
            where, until = (patient, said), said.get("Until", "")
            goes_on = until == "" or until.startswith("last record")
            assert ("ongoing" in said["Result"]) == goes_on, where
            last = cut if goes_on or day_said(until) is None else day_said(until)
            assert min(mark.first for mark in marks) == max(day_said(said["Date"]), start), where
            assert max(mark.last for mark in marks) == min(last, end), where
            if until.startswith("last record") and len(marks) > 1:
                # The bar itself, then the part of which nothing is known.
                assert marks[0].last == max(day_said(until), start), where


def test_no_two_words_of_a_drawing_lie_on_each_other_and_none_leaves_it(figures):
    lying = {patient: found for patient, figure in figures.items() if (found := clashes(figure.spec))}
    leaving = {patient: found for patient, figure in figures.items() if (found := outside(figure.spec))}
    assert (lying, leaving) == ({}, {})


def test_every_specification_is_plain_json(figures):
    for figure in figures.values():
        json.dumps(figure.spec, allow_nan=False)


def test_no_label_needs_more_than_the_narrowest_page(figures):
    widths = {figure.spec["width"] for figure in figures.values()}
    assert widths == {652}


@pytest.mark.parametrize(
    "choice", [{"level": "max"}, {"level": "variants"}, {"zero": "enrolment"}, {"scale": "linear"}]
)
def test_every_choice_of_the_reader_stands_for_every_tenth_patient(reader, figures, choice):
    for patient in sorted(figures)[::10]:
        figure = patient_timeline_figure(reader, TimelineRequest(patient_id=patient, **choice))
        assert len(figure.table) == len(plotted_keys(figure.spec))
        assert not any(LEFTOVERS.search(text) for text in texts(figure))
