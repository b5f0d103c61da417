"""Small patients for the follow-up marts: each case states one course, one build holds them all."""

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.marts.build import build_marts
from tests.builders import day, mart_inputs, marts_behind

Row = dict[str, Any]
Course = Mapping[str, list[Row]]
UNTIL = 400
DRAW_2: Row = {
    "item": "draw_2",
    "label": "Second draw",
    "kind": "ctdna",
    "anchor": "enrolment",
    "opens_days": 90,
    "closes_days": 180,
    "grace_days": 30,
    "line_scope": "patient",
    "is_protocol": True,
}
SCANS: Row = {
    "item": "imaging",
    "label": "CT",
    "kind": "imaging",
    "anchor": "enrolment",
    "repeat_days": 90,
    "repeat_from": "last_done",
    "window_days": 14,
    "line_scope": "patient",
    "is_protocol": True,
}


def draw(on: int, status: str = "detected", **values: Any) -> Row:
    """A blood draw on a study day."""
    return {"sample_id": f"S{on}", "collected_on": day(on), "status": status, "reason": "other", **values}


def scans(*days: int, modality: str = "mri") -> list[Row]:
    """Examinations on the study days; an MRI asks for no response of its own."""
    return [{"imaged_on": day(on), "modality": modality} for on in days]


def left(kind: str, on: int | None) -> list[Row]:
    """A disposition on a study day."""
    return [{"kind": kind, "happened_on": None if on is None else day(on)}]


def died(on: int) -> list[Row]:
    """A contact that tells of the death."""
    return [{"contact_on": day(on), "vital_status": "dead", "died_on": day(on)}]


def alive(on: int) -> list[Row]:
    """A contact on which the patient was alive."""
    return [{"contact_on": day(on), "vital_status": "alive"}]


def drug(start: int, end: int | None = None, *, line: int = 1, **values: Any) -> Row:
    """A systemic course; ongoing without an end."""
    return {
        "treatment_id": f"T{line}",
        "kind": "systemic",
        "line": line,
        "started_on": day(start),
        "ended_on": None if end is None else day(end),
        "is_ongoing": end is None,
        "agents": f"drug{line}",
        "regimen": f"drug{line}",
        "start_reason": "planned",
        **values,
    }


def until(last: int, **course: list[Row]) -> Course:
    """A course observed until a study day."""
    return {"patient": [{"observed_until": day(last)}], **course}


def follow_up(
    courses: Mapping[str, Course],
    *,
    plan: Iterable[Row],
    mart: str = "follow_up",
    query: str = "",
    **definition: list[Row],
) -> dict[str, list[Row]]:
    """Rows of a mart by case, oldest window first, or of a query on it, after one build of every course."""
    tables: dict[str, list[Row]] = {"visit_plan": list(plan), **definition}
    for name, course in courses.items():
        start = {"patient_id": name, "enrolled_on": day(0), "observed_until": day(UNTIL)}
        given = course.get("patient", [{}])[0]
        tables.setdefault("patient", []).append({**start, **given})
        for table, rows in course.items():
            if table != "patient":
                tables.setdefault(table, []).extend(own(row, name) for row in rows)
    connection = mart_inputs(tables)
    build_marts(connection, names=marts_behind(mart))
    cursor = connection.execute(query or f"select * from {mart} order by all")
    columns = [column[0] for column in cursor.description]
    found: dict[str, list[Row]] = {name: [] for name in courses}
    for values in cursor.fetchall():
        row = dict(zip(columns, values, strict=True))
        found[row["patient_id"]].append(row)
    return found


def own(row: Row, name: str) -> Row:
    """The row as the patient's own."""
    mine = {key: f"{name} {row[key]}" for key in ("sample_id", "laboratory_id") if key in row}
    return {**row, **mine, "patient_id": name}
