"""Small tables of lesions and assessments for the tests of this folder."""

from collections.abc import Sequence
from typing import Any

from tests.builders import Row, day


def lesion(
    on: int, diameter_mm: str | None = None, *, name: str = "a", role: str = "target", **more: Any
) -> Row:
    """One lesion of the patient P on a study day."""
    return {
        "patient_id": "P",
        "lesion_id": name,
        "assessed_on": day(on),
        "role": role,
        "diameter_mm": diameter_mm,
        **more,
    }


def assessment(on: int, overall: str | None = None, **more: Any) -> Row:
    return {"patient_id": "P", "assessed_on": day(on), "assessor": "investigator", "overall": overall, **more}


def tables(
    *, lines: Sequence[int] = (0,), lesion: Sequence[Row] = (), response: Sequence[Row] = (), **more: Any
) -> dict[str, Any]:
    """Tables of one patient whose lines start on the days given."""
    return {
        "patient": [{"patient_id": "P"}],
        "treatment": [
            {
                "patient_id": "P",
                "treatment_id": str(line),
                "kind": "systemic",
                "agents": f"drug{line}",
                "line": line,
                "started_on": day(start),
            }
            for line, start in enumerate(lines, start=1)
        ],
        "lesion": lesion,
        "response": response,
        **more,
    }
