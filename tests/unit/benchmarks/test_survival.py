"""Two engines agree only where every number does: a billionth more, or no number at all, is a difference."""

import pandas as pd
import pytest

from benchmarks import survival
from benchmarks.__main__ import _measured
from benchmarks.measure import NotMeasured
from benchmarks.survival import COLUMNS, measured, why_unequal

NONE = float("nan")


def answers(survival=0.5, lower=0.25, chi_squared=1870.0, last=(0.0, NONE, NONE)):
    """A curve of one group that falls to a half and to 0, and the test."""
    return pd.DataFrame(
        [
            ("A", 0.0, 1.0, NONE, NONE),
            ("A", 1.0, survival, lower, 0.75),
            ("A", 2.0, *last),
            ("chi", 0.0, chi_squared, 0.0, 0.0),
        ],
        columns=COLUMNS,
    )


@pytest.mark.parametrize(
    ("theirs", "what"),
    [
        ({}, None),
        ({"survival": 0.5 + 0.9e-9}, None),
        ({"survival": 0.5 + 1.1e-9}, "survival"),
        ({"lower": 0.25 + 1.1e-9}, "lower"),
        ({"lower": NONE}, "lower"),
        ({"survival": NONE}, "survival"),
        # Relative to 1,870: a billionth of it is 0.00000187.
        ({"chi_squared": 1870.0 + 1.8e-6}, None),
        ({"chi_squared": 1870.0 + 1.9e-6}, "chi-squared"),
        ({"chi_squared": NONE}, "chi-squared"),
        # There is no band around a share of 0; R gives one all the same.
        ({"last": (0.0, 0.0, 0.1)}, None),
    ],
)
def test_a_difference_is_named(theirs, what):
    why = why_unequal(answers(), answers(**theirs))
    assert (why is None) == (what is None)
    assert what is None or why.startswith(what)


def test_a_band_that_ours_leaves_out_between_0_and_1_is_a_difference():
    assert why_unequal(answers(lower=NONE), answers()).startswith("lower")
    assert why_unequal(answers(survival=NONE), answers()).startswith("survival")


def test_a_row_too_many_is_a_difference():
    more = pd.concat([answers(), pd.DataFrame([("A", 3.0, 0.0, NONE, NONE)], columns=COLUMNS)])
    assert why_unequal(more, answers()) == "other groups or times, in 4 rows of ours and 3 of theirs"
    assert why_unequal(answers(), answers().replace({"time": {2.0: 2.5}})).startswith("other groups or times")


def test_without_r_nothing_is_measured_and_that_is_a_fault(monkeypatch, tmp_path):
    monkeypatch.setattr(survival.shutil, "which", lambda name: None)
    with pytest.raises(NotMeasured, match="no Rscript here"):
        measured(tmp_path, n_patients=10, runs=1)
    (fault,) = _measured(
        "Survival", lambda: measured(tmp_path, n_patients=10, runs=1), is_recorded=True, accept=False
    )
    assert fault.startswith("NOT RUN Survival: no Rscript here")
