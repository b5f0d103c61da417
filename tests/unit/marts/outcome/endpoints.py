"""Builds time_to_event from milestones alone: a test states dated facts and an endpoint."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.marts.build import build_marts
from dashboard.model.tables import mart_tables
from tests.builders import day, mart_inputs

Fact = tuple[str, str, int] | tuple[str, str, int, Mapping[str, Any]]
# What the loader writes where the TOML is silent (docs/endpoints.md, defaults).
FROM_DAY = {"event": 1, "competing": 1, "stop": 1, "censor": 0}
TERMINAL = ("death",)


def rule(role: str, milestone: str, **options: Any) -> dict[str, Any]:
    """One rule row with the loader's default days."""
    default = None if milestone in TERMINAL else FROM_DAY.get(role)
    return {"role": role, "milestone": milestone, "from_day": default, **options}


def outcomes(
    facts: Sequence[Fact],
    rules: Sequence[Mapping[str, Any]],
    *,
    gaps: Sequence[Mapping[str, Any]] = (),
    columns: str = "status, rule, duration_days",
    enrolled: bool = True,
    **endpoint: Any,
) -> list[tuple[Any, ...]]:
    """Rows of time_to_event, one per patient and origin. Fact: (patient, kind, study day[, more])."""
    patients = sorted({fact[0] for fact in facts})
    connection = mart_inputs(
        {
            "patient": [
                {"patient_id": patient, "enrolled_on": day(0) if enrolled else None} for patient in patients
            ],
            "endpoint": [{"endpoint_id": "E", "per": "patient", **endpoint}],
            "endpoint_rule": [
                {"endpoint_id": "E", "rule_no": no, **row} for no, row in enumerate(rules, start=1)
            ],
            "endpoint_gap": [{"endpoint_id": "E", **row} for row in gaps],
        }
    )
    fields = ", ".join(f"{field.name} {field.sql_type}" for field in mart_tables()["milestone"].fields)
    connection.execute(f"create table milestone ({fields})")
    for number, (patient, kind, on, *more) in enumerate(facts, start=1):
        row = {
            "patient_id": patient,
            "kind": kind,
            "occurred_on": on if isinstance(on, dt.date) else day(on),
            "source_table": kind,
            "source_key": f"{patient} | {number:03d}",
            **(more[0] if more else {}),
        }
        names = ", ".join(row)
        marks = ", ".join("?" for _ in row)
        connection.execute(f"insert into milestone ({names}) values ({marks})", list(row.values()))
    build_marts(connection, names=("endpoint_unit", "endpoint_ending", "time_to_event"))
    return connection.execute(
        f"select {columns} from time_to_event order by patient_id, origin_no"
    ).fetchall()
