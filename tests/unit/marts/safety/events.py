"""Small tables of adverse events: one line of palbociclib from day 0, last dose on day 100."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tests.builders import Row, day, run_mart

SYNONYMS = [
    ("neutrophil count decreased", "neutrophil count decreased", "Investigations", True),
    ("neutropenia", "neutrophil count decreased", "Investigations", True),
    ("中性粒细胞减少", "neutrophil count decreased", "Investigations", True),
    ("骨髓抑制", "myelosuppression", "Blood and lymphatic system disorders", False),
]
DRUGS = [
    {"agent": "palbociclib", "drug_class": "cdk46_inhibitor", "opens_line": True, "is_oral": True},
    {"agent": "letrozole", "drug_class": "endocrine", "opens_line": True, "is_oral": True},
    {"agent": "capecitabine", "drug_class": "chemotherapy", "opens_line": True, "is_oral": True},
]


def course(number: int, agents: str, first: int, last: int | None, *, line: int = 1) -> dict[str, Any]:
    return {
        "patient_id": "P1",
        "treatment_id": f"T{number}",
        "kind": "systemic",
        "intent": "metastatic",
        "line": line,
        "agents": agents,
        "regimen": agents,
        "started_on": day(first),
        "ended_on": None if last is None else day(last),
        "row_key": f"P1 | T{number}",
    }


LINE_1 = [course(1, "letrozole + palbociclib", 0, 100)]
TWO_LINES = [*LINE_1, course(2, "capecitabine", 110, None, line=2)]


def event(number: int, term: str, onset: int | None, end: int | None = None, **values: Any) -> dict[str, Any]:
    """One report; grade 2 and related where nothing else is said."""
    return {
        "patient_id": "P1",
        "event_id": f"E{number}",
        "term": term,
        "term_as_written": term,
        "grade": 2,
        "ctcae_version": "5.0",
        "started_on": None if onset is None else day(onset),
        "ended_on": None if end is None else day(end),
        "is_serious": False,
        "relatedness": "related",
        "row_key": f"P1 | E{number}",
        **values,
    }


def safety_tables(
    events: list[Row], *, treatment: list[Row] | None = None, **others: Any
) -> Mapping[str, list[Row]]:
    """Tables of patient P1, and of P2 who was never treated."""
    synonyms = [
        {"written": written, "preferred_term": term, "organ_class": organ, "is_gradable": is_gradable}
        for written, term, organ, is_gradable in SYNONYMS
    ]
    return {
        "patient": [{"patient_id": "P1"}, {"patient_id": "P2"}],
        "treatment": LINE_1 if treatment is None else treatment,
        "adverse_event": events,
        "adverse_event_synonym": synonyms,
        "drug_class": DRUGS,
        "study": [{"key_class": "cdk46_inhibitor"}],
        **others,
    }


def merged(events: list[Row], columns: str, **options: Any) -> list[tuple[Any, ...]]:
    return run_mart(
        "adverse_event_term", safety_tables(events, **options), columns=columns, order_by="event_key"
    )


def worst(events: list[Row], columns: str, scope: str, **options: Any) -> list[tuple[Any, ...]]:
    rows = run_mart(
        "adverse_event_worst",
        safety_tables(events, **options),
        columns=f"scope, unit, {columns}",
        order_by="unit, preferred_term",
    )
    return [row[1:] for row in rows if row[0] == scope]


def died_on(number: int) -> dict[str, Any]:
    when: dt.date = day(number)
    return {"patient_id": "P1", "contact_on": when, "vital_status": "dead", "died_on": when}
