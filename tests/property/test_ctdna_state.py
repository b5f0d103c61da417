"""Properties of the ctDNA state on random series: 20 tables of 500 series, each with all its beginnings."""

import datetime as dt
from collections.abc import Iterator, Sequence
from random import Random

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.marts.build import build_marts
from tests.builders import day
from tests.unit.marts.ctdna.tables import CTDNA_MARTS, inputs, line

N_TABLES = 20
N_SERIES = 500
NEW_PANEL_SHARE = 0.15
GAP_DAYS = (7, 14, 28, 29)
RESULTS = ("not_detected", "not_detected", "failed", "below_loq", 50, 100, 200, 400)
LOQ_PPM = 100
SUSTAINED_DAYS = 28
STATES = {
    "NOT_EVALUABLE", "BASELINE_ONLY", "NEVER_DETECTED", "NEVER_DETECTED_ON_TX", "NEWLY_DETECTED",
    "CLEARED_UNCONFIRMED", "CLEARED_SUSTAINED", "REDETECTED", "PERSISTENT",
}  # fmt: skip

# One draw: day, panel, result (a status, or the level in ppm).
Draw = tuple[int, str, str | int]
Series = list[Draw]


def random_series(random: Random) -> Series:
    """One to eight draws, the first one before treatment (day -10) or on it (day 8)."""
    on, version = random.choice((-10, 8)), 1
    series: Series = []
    for _ in range(random.randint(1, 8)):
        series.append((on, f"v{version}", random.choice(RESULTS)))
        on += random.choice(GAP_DAYS)
        version += random.random() < NEW_PANEL_SHARE
    return series


def samples(patient: str, series: Series) -> list[dict[str, object]]:
    return [
        {
            "sample_id": f"{patient}/{number}",
            "patient_id": patient,
            "collected_on": day(on),
            "assay": "capture",
            "panel": panel,
            "status": "detected" if isinstance(result, int) else result,
            "quantity_kind": "maf_ppm",
            "quantity_value": float(result) if isinstance(result, int) else None,
            "row_key": f"{patient}/{number}",
        }
        for number, (on, panel, result) in enumerate(series, start=1)
    ]


def states_of(
    connection: duckdb.DuckDBPyConnection, rows: Sequence[dict[str, object]]
) -> dict[str, tuple[str, str]]:
    """State and direction of each sample; the states of a sample are never two."""
    frame = pd.DataFrame(rows)
    patients = pd.DataFrame({"patient_id": sorted(set(frame["patient_id"]))}).assign(
        site_id="01", enrolled_on=day(0), observed_until=dt.date(2026, 2, 28)
    )
    lines = pd.DataFrame([line(1, 0, patient=patient) for patient in patients["patient_id"]])
    for table, content in (
        ("usable_ctdna_sample", frame),
        ("usable_patient", patients),
        ("line_of_therapy", lines[["patient_id", "line", "started_on", "is_ongoing"]]),
    ):
        connection.execute(f"delete from {table}")
        connection.register("given_rows", content)
        connection.execute(f"insert into {table} by name select * from given_rows")
    build_marts(connection, names=CTDNA_MARTS[: CTDNA_MARTS.index("ctdna_state") + 1])
    found = connection.execute("select sample_id, state, direction from ctdna_state").fetchall()
    assert len(found) == len(rows) == len({sample for sample, _, _ in found})
    return {sample: (state, direction) for sample, state, direction in found}


def expected_state(series: Series) -> tuple[str, str | None]:
    """A3 read once more, for the last draw of a series."""
    valid = [draw for draw in series if draw[2] != "failed"]
    if not valid:
        return "NOT_EVALUABLE", None
    same = [draw for draw in valid if draw[1] == valid[-1][1]]
    if len(same) == 1:
        return ("BASELINE_ONLY" if len(valid) == 1 else "NOT_EVALUABLE"), None
    clear = [result == "not_detected" for _, _, result in same]
    if clear[0] and not all(clear):
        return "NEWLY_DETECTED", None
    if clear[0]:
        return ("NEVER_DETECTED" if same[0][0] <= 7 else "NEVER_DETECTED_ON_TX"), None
    if clear[-1]:
        last_detected = max(number for number, is_clear in enumerate(clear) if not is_clear)
        span = same[-1][0] - same[last_detected + 1][0]
        return ("CLEARED_SUSTAINED" if span >= SUSTAINED_DAYS else "CLEARED_UNCONFIRMED"), None
    return ("REDETECTED", None) if any(clear) else ("PERSISTENT", expected_direction(same))


def expected_direction(same: Series) -> str | None:
    level, baseline = same[-1][2], same[0][2]
    if not isinstance(level, int):
        return None
    # The pre-treatment window ends on day 7: the last sample in it is the baseline.
    for on, _, result in same:
        baseline = result if on <= 7 else baseline
    lowest = min(result for _, _, result in same if isinstance(result, int))
    if level >= 2 * lowest and level > LOQ_PPM:
        return "RISING"
    if not isinstance(baseline, int):
        return None
    return "FALLING" if 2 * level <= baseline else "STABLE"


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    panels = [
        {"panel": f"v{version}", "assay": "capture", "tracks": "fixed_panel", "loq_ppm": LOQ_PPM}
        for version in range(1, 10)
    ]
    with inputs({"assay_panel": panels}) as opened:
        yield opened


@pytest.mark.slow
@settings(max_examples=N_TABLES, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1))
def test_every_draw_has_one_state_that_neither_later_draws_nor_the_order_of_rows_change(connection, seed):
    random = Random(seed)
    table = [random_series(random) for _ in range(N_SERIES)]
    rows = [
        row
        for number, series in enumerate(table)
        for length in range(1, len(series) + 1)
        for row in samples(f"{number}:{length}", series[:length])
    ]
    found = states_of(connection, rows)
    assert {state for state, _ in found.values()} <= STATES
    for number, series in enumerate(table):
        for draw_no in range(1, len(series) + 1):
            ends_here = found[f"{number}:{draw_no}/{draw_no}"]
            later = {found[f"{number}:{length}/{draw_no}"] for length in range(draw_no, len(series) + 1)}
            assert later == {ends_here}, (series, draw_no)
            assert ends_here == expected_state(series[:draw_no]), (series, draw_no)
    random.shuffle(rows)
    assert states_of(connection, rows) == found
