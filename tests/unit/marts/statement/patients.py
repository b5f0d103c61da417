"""Small patients for the marts of statements: each test states one course, one build holds them all."""

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.marts.build import build_marts
from tests.builders import day, mart_inputs, marts_behind

Row = Mapping[str, Any]
Course = Mapping[str, list[Row]]
OWN = {"panel": "own", "assay": "K", "tracks": "tumour_informed"}
FIXED = {"panel": "fixed", "assay": "F", "tracks": "fixed_panel"}
# Windows from day 120 to 150 after enrolment and again 135 days later.
PLAN = [
    {
        "item": "draw_2",
        "label": "Second draw",
        "kind": "ctdna",
        "anchor": "enrolment",
        "repeat_days": 135,
        "window_days": 15,
        "grace_days": 10,
        "line_scope": "patient",
    },
    {
        "item": "imaging",
        "label": "CT",
        "kind": "imaging",
        "anchor": "enrolment",
        "repeat_days": 135,
        "window_days": 15,
        "grace_days": 10,
        "line_scope": "patient",
    },
]
COVERED = [{"panel": "fixed", "gene": gene, "alteration": "sequence"} for gene in ("ESR1", "PIK3CA")]


def draws(*results: tuple[int, float | str], panel: str = "fixed", **values: Any) -> list[Row]:
    """Samples from (study day, level in ppm or a status)."""
    return [
        {
            "sample_id": f"S{number}",
            "collected_on": day(at),
            "status": result if isinstance(result, str) else "detected",
            "panel": panel,
            "quantity_kind": None if isinstance(result, str) else "maf_ppm",
            "quantity_value": None if isinstance(result, str) else result,
            **values,
        }
        for number, (at, result) in enumerate(results, start=1)
    ]


def scans(*results: tuple[int, str], **values: Any) -> list[Row]:
    """Responses of the treating physician from (study day, overall response)."""
    return [
        {
            "assessed_on": day(at),
            "assessor": "treating_physician",
            "overall": overall,
            "basis": "imaging",
            **values,
        }
        for at, overall in results
    ]


def images(*days: int, modality: str = "ct", **values: Any) -> list[Row]:
    """Examinations on the study days."""
    return [{"imaged_on": day(at), "modality": modality, "is_cns_imaged": False, **values} for at in days]


def lines(*starts: int, ended: int | None = None, **values: Any) -> list[Row]:
    """Lines of systemic treatment, one drug each, from the study days on which they start."""
    return [
        {
            "treatment_id": f"T{number}",
            "kind": "systemic",
            "line": number,
            "started_on": day(at),
            "ended_on": None if ended is None else day(ended),
            "is_ongoing": ended is None and number == len(starts),
            "agents": f"drug{number}",
            "regimen": f"drug{number}",
            **values,
        }
        for number, at in enumerate(starts, start=1)
    ]


def local(*days: int, kind: str = "ablation", **values: Any) -> list[Row]:
    """Local treatments of one day each."""
    return [
        {"treatment_id": f"L{at}", "kind": kind, "started_on": day(at), "ended_on": day(at), **values}
        for at in days
    ]


def targets(*sums: tuple[int, float | None], lesion: str = "L1") -> list[Row]:
    """One target lesion measured on the study days; None where it was not assessed."""
    return [
        {
            "lesion_id": lesion,
            "assessed_on": day(at),
            "role": "target",
            "organ": "liver",
            "diameter_mm": size,
            "state": "measured" if size is not None else "not_assessed",
        }
        for at, size in sums
    ]


def alive(at: int) -> list[Row]:
    """A contact on which the patient was alive."""
    return [{"contact_on": day(at), "vital_status": "alive"}]


def statements(
    courses: Mapping[str, Course],
    *,
    mart: str = "patient_statement",
    settings: Row | None = None,
    low_shedding: bool = False,
    of_study: Course | None = None,
) -> dict[str, list[dict[str, Any]]]:
    """Rows of a mart by patient, after one build that holds every course.

    `settings` are columns of study, `of_study` other tables that are of no patient.
    """
    tables: dict[str, list[Row]] = {
        "assay_panel": [OWN, FIXED],
        "definition_panel_gene": COVERED,
        "visit_plan": PLAN,
        "study": [settings or {}],
        "low_shedding_site": [{"site": "lung"}] if low_shedding else [],
        **(of_study or {}),
    }
    for patient_id, course in courses.items():
        for name, rows in {"patient": [{}], **course}.items():
            tables.setdefault(name, []).extend(_of(patient_id, name, rows))
    connection = mart_inputs(tables)
    build_marts(connection, names=marts_behind(mart))
    cursor = connection.execute(f"select * from {mart} order by all")
    names = [column[0] for column in cursor.description]
    found: dict[str, list[dict[str, Any]]] = {patient_id: [] for patient_id in courses}
    for values in cursor.fetchall():
        row = dict(zip(names, values, strict=True))
        found[row["patient_id"]].append(row)
    return found


def _of(patient_id: str, table: str, rows: Iterable[Row]) -> list[Row]:
    own = []
    for row in rows:
        made = {"patient_id": patient_id, **row}
        if table == "patient":
            made = {"enrolled_on": day(0), "observed_until": day(200), **made}
        if "sample_id" in row:
            made["sample_id"] = f"{patient_id} {row['sample_id']}"
        if table == "variant":
            del made["patient_id"]
        own.append(made)
    return own
