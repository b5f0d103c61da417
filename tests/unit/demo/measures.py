"""Numbers read off a generated study, with plain Python so that they do not rest on the code they check."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from dashboard.demo.truth import StudyTruth, to_frames

DAYS_PER_MONTH = 30.4375
BEST_FIRST = ("cr", "pr", "sd", "non_cr_non_pd", "pd")
VALID = ("detected", "below_loq", "not_detected")
PAIRING_DAYS = 42
Times = Sequence[tuple[float, bool, float]]


class Study:
    """A generated study with its frames and the tables most tests need."""

    def __init__(self, truth: StudyTruth) -> None:
        self.truth = truth
        self.frames = to_frames(truth)
        patients = self.frames["patient"]
        self.patients = patients[patients["enrolled_on"].notna()].set_index("patient_id")
        self.latent = pd.DataFrame(truth.latent)
        contact = self.frames["contact"]
        self.died: Mapping[str, dt.date] = dict(
            contact[contact["vital_status"] == "dead"][["patient_id", "died_on"]].itertuples(index=False)
        )
        self.last_contact = contact.groupby("patient_id")["contact_on"].max()
        sample = self.frames["ctdna_sample"]
        self.samples = sample[sample["report_version"] == 1]
        variant = self.frames["variant"]
        found = variant[variant["maf_ppm"].notna()]
        self.highest_ppm = found.groupby("sample_id")["maf_ppm"].max().astype(float)

    def characteristic(self, name: str) -> pd.Series:
        """Value by patient."""
        rows = self.frames["characteristic"]
        return rows[rows["name"] == name].set_index("patient_id")["value"]

    def line_starts(self) -> pd.Series:
        """First day of each recorded line, by (patient_id, line)."""
        rows = self.frames["treatment"]
        rows = rows[(rows["kind"] == "systemic") & rows["line"].notna()]
        return rows.groupby(["patient_id", "line"])["started_on"].min()

    def assessments(self, line: int, patient_id: str) -> list[tuple[int, str]]:
        """Day and overall response of the scans of one line, up to its first progression."""
        rows = self.latent[
            (self.latent["patient_id"] == patient_id)
            & (self.latent["line"] == line)
            & self.latent["overall"].notna()
        ]
        result: list[tuple[int, str]] = []
        for day, overall in sorted(zip(rows["day"], rows["overall"], strict=True)):
            result.append((day, overall))
            if overall == "pd":
                break
        return result

    def progression_free(self, starts: Mapping[str, dt.date], line: int, *, missed_days: int = 200) -> Times:
        """Days, event and delayed entry (enrolment) of each patient who started a line."""
        rows: list[tuple[float, bool, float]] = []
        for patient_id, start in starts.items():
            scans, first = self.assessments(line, patient_id), start.toordinal()
            last = max([day for day, _ in scans], default=first)
            died = self.died.get(patient_id)
            entry = max(self.patients["enrolled_on"][patient_id].toordinal() - first, -1)
            if scans and scans[-1][1] == "pd":
                rows.append((max(last - first, 1), True, entry))
            elif died is not None and died.toordinal() - last < missed_days:
                rows.append((max(died.toordinal() - first, 1), True, entry))
            else:
                rows.append((max(last - first, 1), False, entry))
        return rows

    def paired_response(self, patient_id: str, drawn: dt.date) -> str | None:
        """Response of the scan nearest to a draw, at most 42 days away."""
        rows = self.frames["response"]
        rows = rows[(rows["patient_id"] == patient_id) & (rows["basis"] == "imaging")]
        near = [
            (abs((on - drawn).days), str(overall))
            for on, overall in zip(rows["assessed_on"], rows["overall"], strict=True)
        ]
        gap, overall = min(near, default=(PAIRING_DAYS + 1, ""))
        return overall if gap <= PAIRING_DAYS else None


def survival(times: Times) -> list[tuple[float, float]]:
    """Kaplan-Meier with delayed entry: (day, survival) at each event."""
    curve, at = [], 1.0
    for day in sorted({t for t, event, _ in times if event}):
        at_risk = sum(1 for t, _, entry in times if entry < day <= t)
        events = sum(1 for t, event, _ in times if event and t == day)
        at *= 1 - events / at_risk
        curve.append((day, at))
    return curve


def median_months(times: Times) -> float:
    """First time at which the curve is at or under a half; infinite if it never is."""
    return next((day / DAYS_PER_MONTH for day, at in survival(times) if at <= 0.5), np.inf)


def share_at(times: Times, day: float) -> float:
    """Survival on a day."""
    return next((at for when, at in reversed(survival(times)) if when <= day), 1.0)


def share(values: Iterable[Any]) -> float:
    """Share of true values."""
    listed = [bool(value) for value in values]
    return sum(listed) / len(listed)


def best(responses: Iterable[str]) -> str | None:
    """Best response of a line."""
    return min(responses, key=BEST_FIRST.index, default=None)
