"""Every sample patient while the screen is shared: no identifier, birth year or calendar date."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.figures.patient.header import header_request, patient_header
from dashboard.figures.patient.statements import StatementsRequest, patient_statements
from dashboard.figures.patient.timeline import (
    TimelineRequest,
    patient_timeline_figure,
    timeline_clock,
    timeline_events,
)
from dashboard.figures.patient.variants import VariantsRequest, patient_variants
from dashboard.store.reader import Reader
from dashboard.studies.load import load_study

pytestmark = pytest.mark.slow
STUDIES = Path(__file__).parents[2] / "data" / "studies"
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DATE = re.compile(
    rf"\b\d{{4}}-\d{{2}}(-\d{{2}})?\b|\b(\d{{1,2}} )?({MONTHS}) (19|20)\d\d\b|\b\d{{1,2}} ({MONTHS})\b"
)
IDENTIFIERS = """
    select patient_id as name from patient where patient_id = $patient_id
    union
    select sample_id from ctdna_sample where patient_id = $patient_id
"""


def texts(part: Any) -> Iterator[str]:
    """Every text of words, tables and drawings; the footer and the code are not on a shared screen."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, pd.DataFrame):
        yield from (str(one) for one in [*part.columns, *part.to_numpy().ravel()])
    elif isinstance(part, dict):
        for name, value in part.items():
            yield str(name)
            yield from texts(value)
    elif isinstance(part, list | tuple):
        for one in part:
            yield from texts(one)
    elif is_dataclass(part):
        for field in fields(part):
            yield from texts(getattr(part, field.name))


def shared_texts(reader: Reader, patient_id: str, study: Any) -> list[str]:
    """What the page shows of one patient while the screen is shared, keys of the drawing included."""
    drawn = patient_timeline_figure(
        reader, TimelineRequest(patient_id=patient_id, time="study_time", other_origin=True)
    )
    clock = timeline_clock(timeline_events(drawn), is_study_time=True)
    said = patient_statements(reader, StatementsRequest(patient_id=patient_id, clock=clock))
    request = VariantsRequest(patient_id=patient_id, zero=clock.zero, is_study_time=True)
    variants = patient_variants(reader, request).figure
    shown = [
        patient_header(reader, header_request(study, patient_id, hides_dates=True)),
        [drawn.spec, drawn.table, drawn.caption, drawn.alt],
        said.statements,
        [variants.table, variants.caption, variants.alt],
    ]
    return list(texts(shown))


@pytest.mark.parametrize("study_id", ["k4care", "cdk46", "pulmonary-oligomets"])
def test_nothing_on_a_shared_screen_says_who_or_when(sample_snapshot, study_id):
    reader, study = Reader(sample_snapshot(study_id)), load_study(STUDIES / study_id)
    patients = reader.records("select patient_id, birth_year from patient_summary order by patient_id")
    assert len(patients) >= 20
    for row in patients:
        found = shared_texts(reader, row["patient_id"], study)
        assert any("day " in text for text in found), row["patient_id"]
        names = [one["name"] for one in reader.records(IDENTIFIERS, {"patient_id": row["patient_id"]})]
        told = re.compile(
            "|".join([rf"\b{re.escape(name)}\b" for name in names] + [rf"\bborn {row['birth_year']}\b"])
        )
        assert [text for text in found if DATE.search(text) or told.search(text)] == [], row["patient_id"]
