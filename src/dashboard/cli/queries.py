"""Comparing the queries of a study with the data cut that serves, after a publish or a roll-back."""

import datetime as dt

from rich.console import Console
from sqlalchemy import Engine

from dashboard.store.query_facts import look_up
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.workflow.query_events import Cut
from dashboard.workflow.query_reconciliation import reconcile


def reconcile_queries(engine: Engine, snapshot: Snapshot, *, console: Console, now: dt.datetime) -> None:
    """Compare the queries with this data cut and print what it changed."""
    cut = Cut(study_id=snapshot.study_id, snapshot_id=snapshot.snapshot_id, cut_off=snapshot.cut_off)
    reader = Reader(snapshot)
    outcome = reconcile(engine, cut, lambda tracked: look_up(reader, tracked), now=now)
    if outcome is None or not outcome.steps:
        return
    steps = ", ".join(f"{n} {step.value.replace('_', ' ')}" for step, n in sorted(outcome.steps.items()))
    console.print(f"queries of {snapshot.study_id}: {steps}", markup=False, highlight=False)
