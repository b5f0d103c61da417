"""Kaplan-Meier with band and log-rank test of two groups: ours against lifelines and R, same rows and answers.

As a child process, `python -m benchmarks.survival ENGINE FOLDER` times one engine and writes its answers.
CPU seconds, because all three compute in one thread.
"""

import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test

from benchmarks.measure import ROOT, Line, NotMeasured, in_fresh_process
from dashboard.stats import estimate_survival, log_rank, risk_table

# How many times faster than each.
BUDGETS = {"lifelines": 15, "R": 100}
# Absolute for shares of 0 to 1, relative for the chi-squared of the log-rank test.
TOLERANCE = 1e-9
ROWS, COLUMNS = "survival-rows.csv", ["group", "time", "survival", "lower", "upper"]
CHI_SQUARED = "chi"


class UnequalAnswers(AssertionError):
    """Two implementations disagree, so their times mean nothing."""


def measured(folder: Path, *, n_patients: int, runs: int) -> list[Line]:
    """Median CPU seconds of each engine, taken in turn in fresh processes, and how many times ours is faster.

    Raises NotMeasured where R is missing, UnequalAnswers where an engine disagrees with ours.
    """
    if shutil.which("Rscript") is None:
        raise NotMeasured("no Rscript here (Debian: apt-get install r-base-core r-cran-survival)")
    _write_rows(folder / ROWS, n_patients=n_patients)
    engines = ["ours", *BUDGETS]
    taken: dict[str, list[float]] = {engine: [] for engine in engines}
    for _ in range(runs):
        for engine in engines:
            taken[engine].append(_run(engine, folder))
    for engine in BUDGETS:
        _compare(folder, engine)
    seconds = {engine: statistics.median(found) for engine, found in taken.items()}
    what = f"Kaplan–Meier, band and log-rank of {n_patients:,} patients"
    lines = [Line(f"{what}, {engine}", found, "CPU-s") for engine, found in seconds.items()]
    for engine, budget in BUDGETS.items():
        times = seconds[engine] / seconds["ours"]
        lines.append(Line(f"times faster than {engine}", times, "×", budget, is_at_most=False))
    return lines


def _write_rows(path: Path, *, n_patients: int) -> None:
    """Patients of two groups followed for up to 2,000 days, about two in three with the event."""
    chance = np.random.default_rng(1)
    group = np.where(chance.random(n_patients) < 0.5, "A", "B")
    survived = chance.exponential(np.where(group == "A", 900, 1000))
    followed = chance.integers(200, 2000, n_patients)
    days = np.minimum(np.ceil(survived), followed).astype(int)
    rows = {"days": days, "event": (survived <= followed).astype(int), "group": group}
    pd.DataFrame(rows).to_csv(path, index=False)


def _run(engine: str, folder: Path) -> float:
    if engine != "R":
        return float(in_fresh_process("benchmarks.survival", engine, str(folder))["seconds"])
    command = [
        "Rscript",
        str(ROOT / "benchmarks" / "survival.R"),
        str(folder / ROWS),
        str(_answers(folder, "R")),
    ]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def _answers(folder: Path, engine: str) -> Path:
    return folder / f"survival-{engine}.csv"


def _ours(rows: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    table = risk_table(rows, time="days", event="event", group="group")
    return estimate_survival(table), float(log_rank(table).chi_squared or 0)


def _lifelines(rows: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    parts = []
    for name, part in rows.groupby("group", observed=True):
        fitted = KaplanMeierFitter().fit(part["days"], part["event"])
        band = fitted.confidence_interval_survival_function_
        parts.append(
            pd.DataFrame(
                {
                    "group": name,
                    "time": fitted.timeline,
                    "survival": fitted.survival_function_.iloc[:, 0].to_numpy(),
                    "lower": band.iloc[:, 0].to_numpy(),
                    "upper": band.iloc[:, 1].to_numpy(),
                }
            )
        )
    first, second = (rows[rows["group"] == name] for name in ("A", "B"))
    test = logrank_test(first["days"], second["days"], first["event"], second["event"])
    return pd.concat(parts), float(test.test_statistic)


def _compare(folder: Path, engine: str) -> None:
    ours, theirs = (pd.read_csv(_answers(folder, one)) for one in ("ours", engine))
    why = why_unequal(ours, theirs)
    if why is not None:
        raise UnequalAnswers(f"{engine}: {why}")


def why_unequal(ours: pd.DataFrame, theirs: pd.DataFrame) -> str | None:
    """What differs between two answers, rows of COLUMNS; None where nothing does.

    A limit that ours leaves out is not compared, which it may be only where the share is 0 or 1.
    """
    ours, theirs = _in_order(ours), _in_order(theirs)
    if ours["group"].tolist() != theirs["group"].tolist() or not np.allclose(
        ours["time"], theirs["time"], rtol=0, atol=TOLERANCE
    ):
        return f"other groups or times, in {len(ours)} rows of ours and {len(theirs)} of theirs"
    is_test = (ours["group"] == CHI_SQUARED).to_numpy()
    tested = [float(one.loc[is_test, "survival"].iloc[0]) for one in (ours, theirs)]
    if not np.isclose(tested[0], tested[1], rtol=TOLERANCE, atol=0):
        return f"chi-squared is {tested[0]:.12g} and {tested[1]:.12g}"
    inside = ours["survival"].between(0, 1, inclusive="neither").to_numpy()
    for column in ("survival", "lower", "upper"):
        own, other = ours[column].to_numpy(), theirs[column].to_numpy()
        compared = ~is_test & (inside | ~np.isnan(own) | (column == "survival"))
        apart = np.abs(own - other)[compared]
        # Not a number is no agreement.
        if not (apart <= TOLERANCE).all():
            return f"{column} differs by up to {apart.max():g}"
    return None


def _in_order(answers: pd.DataFrame) -> pd.DataFrame:
    """The answers in order; time 0 is left out, where ours and lifelines begin a curve and R does not."""
    kept = answers[(answers["time"] > 0) | (answers["group"] == CHI_SQUARED)]
    return kept.sort_values(["group", "time"], ignore_index=True)


ENGINES: Mapping[str, Callable[[pd.DataFrame], tuple[pd.DataFrame, float]]] = {
    "ours": _ours,
    "lifelines": _lifelines,
}


def main(engine: str, folder: Path) -> None:
    """Time one engine, write its answers, print the seconds as JSON."""
    rows = pd.read_csv(folder / ROWS).astype({"group": "category", "event": bool})
    # The first call of any of them loads what it needs.
    ENGINES[engine](rows.head(1000))
    began = time.process_time()
    curve, chi_squared = ENGINES[engine](rows)
    seconds = time.process_time() - began
    test = {"group": CHI_SQUARED, "time": 0.0, "survival": chi_squared, "lower": 0.0, "upper": 0.0}
    answers = pd.concat([curve[COLUMNS].astype({"group": str}), pd.DataFrame([test])])
    answers.to_csv(_answers(folder, engine), index=False, float_format="%.15g")
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
