"""Laboratory reports as they were sent: each version of a report with the values it stated at the time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from dashboard.demo.truth import StudyTruth, extract_at, rows_of

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Report:
    """One version of the report of one sample: the canonical sample row and its variant rows."""

    sample: Row
    variants: tuple[Row, ...]

    @property
    def version(self) -> int:
        """Version of the report, from 1."""
        return int(self.sample.get("report_version") or 1)


def reports_at(truth: StudyTruth, cut_off: date) -> list[Report]:
    """One report per version of a sample that an extract of this data cut holds.

    An amended report changes the variants of the sample from the day it was sent; the version before it
    keeps the values of the day before.
    """
    frames = extract_at(truth, cut_off)
    samples = rows_of(frames["ctdna_sample"])
    variants = {cut_off: _by_sample(frames["variant"])}
    amended_on = {
        (row["sample_id"], (row.get("report_version") or 1) - 1): row["reported_on"] for row in samples
    }
    reports = []
    for row in samples:
        later = amended_on.get((row["sample_id"], row.get("report_version") or 1))
        day = later - timedelta(days=1) if later else cut_off
        if day not in variants:
            variants[day] = _by_sample(extract_at(truth, day)["variant"])
        reports.append(Report(row, tuple(variants[day].get(row["sample_id"], ()))))
    return reports


def _by_sample(frame: pd.DataFrame) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for row in rows_of(frame):
        rows.setdefault(row["sample_id"], []).append(row)
    return rows
