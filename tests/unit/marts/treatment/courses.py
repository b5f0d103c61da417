"""Small tables of systemic treatment for the tests of this folder."""

from collections.abc import Sequence
from typing import Any

from tests.builders import Row, day, run_mart

KEY_CLASS = "cdk46_inhibitor"
DRUGS: list[Row] = [
    {
        "agent": agent,
        "drug_class": drug_class,
        "opens_line": opens,
        "is_oral": oral,
        "substitution_group": group,
    }
    for agent, drug_class, opens, oral, group in [
        ("palbociclib", KEY_CLASS, True, True, None),
        ("dalpiciclib", KEY_CLASS, True, True, None),
        ("letrozole", "endocrine", True, True, None),
        ("fulvestrant", "endocrine", True, False, None),
        ("everolimus", "mtor_inhibitor", True, True, None),
        ("paclitaxel", "chemotherapy", True, False, "taxane"),
        ("nab-paclitaxel", "chemotherapy", True, False, "taxane"),
        ("capecitabine", "chemotherapy", True, True, None),
        ("carboplatin", "chemotherapy", True, False, "platinum"),
        ("cisplatin", "chemotherapy", True, False, "platinum"),
        ("denosumab", "supportive", False, False, None),
        ("goserelin", "supportive", False, False, None),
    ]
]


def course(agents: str, start: int, end: int | None = None, **more: Any) -> Row:
    """Systemic course of the patient P; days count from study day 0."""
    return {
        "patient_id": "P",
        "treatment_id": f"{agents} {start:04d}",
        "kind": "systemic",
        "intent": "metastatic",
        "agents": agents,
        "regimen": agents,
        "started_on": day(start),
        "ended_on": None if end is None else day(end),
        **more,
    }


def progression(on: int) -> Row:
    return {"patient_id": "P", "assessed_on": day(on), "assessor": "investigator", "overall": "pd"}


def tables(
    courses: Sequence[Row], *, progressions: Sequence[int] = (), study: Row | None = None
) -> dict[str, Any]:
    return {
        "study": [{"key_class": KEY_CLASS, **(study or {})}],
        "patient": [{"patient_id": "P"}],
        "treatment": courses,
        "response": [progression(on) for on in progressions],
        "drug_class": DRUGS,
    }


def lines(
    *courses: Row, progressions: Sequence[int] = (), columns: str = "line, started_on, agents", **study: Any
) -> list[tuple[Any, ...]]:
    """Lines of therapy of the patient P."""
    given = tables(courses, progressions=progressions, study=study)
    return run_mart("line_of_therapy", given, columns=columns, order_by="line")


def starts(*courses: Row, progressions: Sequence[int] = ()) -> list[int]:
    """Study day on which each line starts."""
    rows = lines(*courses, progressions=progressions, columns="started_on")
    return [(started_on - day(0)).days for (started_on,) in rows]
