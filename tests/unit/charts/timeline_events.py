"""Hand-made rows of timeline_event, and ways to look into the specification drawn from them."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from dashboard.charts.timeline import patient_timeline
from dashboard.charts.timeline_frame import TimelineOptions
from tests.builders import day

MODEL = Path(__file__).resolve().parents[3] / "src" / "dashboard" / "model" / "marts" / "patient.yaml"
COLUMNS = [
    field["name"]
    for resource in yaml.safe_load(MODEL.read_text(encoding="utf-8"))["resources"]
    if resource["name"] == "timeline_event"
    for field in resource["schema"]["fields"]
]
PANELS = {
    "SAMPLE": "CTDNA",
    "VARIANT": "CTDNA",
    "RESPONSE": "RECIST",
    "BASELINE": "RECIST",
    "SUM": "TARGET_SUM",
    "LIMIT": "TARGET_SUM",
    "MARKER": "MARKER",
    "ECOG": "ECOG",
    "EVENT": "ADVERSE_EVENT",
    "SERIOUS_EVENT": "ADVERSE_EVENT",
    "SYSTEMIC": "TREATMENT",
    "DOSE_HOLD": "TREATMENT",
    "DOSE_REDUCTION": "TREATMENT",
    "DRAW_WINDOW": "PLANNED",
    "SCAN_WINDOW": "PLANNED",
    "DRAW": "PLANNED",
    "SCAN": "PLANNED",
}
VALID = {"DETECTED", "BELOW_LOQ", "NOT_DETECTED"}
CUT = 600


def event(kind: str, on: int, **columns: Any) -> dict[str, Any]:
    """An event on study day `on`; its key names kind, day and label."""
    key = f"{kind} {on} {columns.get('label') or ''}".strip()
    row = {"patient_id": "P1", "panel": PANELS.get(kind, "MARK"), "kind": kind, "event_key": key}
    return {name: None for name in COLUMNS} | row | {"occurred_on": day(on)} | columns


def sample(on: int, code: str, *, percent: float | None = None, **columns: Any) -> dict[str, Any]:
    """A draw; `percent` is its level."""
    level = {} if percent is None else {"value_sum": percent * 10_000, "value_n": 1, "level_metric": "MAX"}
    common = {"sample_id": f"S{on}", "series_no": 1, "assay": "capture", "assay_panel": "v1", "lod_ppm": 100}
    panel = "CTDNA" if code in VALID else "NO_RESULT"
    return event("SAMPLE", on, **{"code": code, "panel": panel, **common, **level, **columns})


def variant(on: int, name: str, *, percent: float | None = None, **columns: Any) -> dict[str, Any]:
    """A variant in the draw of day `on`; not detected without `percent`."""
    gene, _, change = name.partition(" ")
    level = {} if percent is None else {"value_sum": percent * 10_000, "value_n": 1}
    code = "NOT_DETECTED" if percent is None else "DETECTED"
    common = {"label": name, "gene": gene, "variant": change, "sample_id": f"S{on}", "is_other_origin": False}
    return event("VARIANT", on, **{"code": code, "lod_ppm": 100, **common, **level, **columns})


def frame(*events: Mapping[str, Any], cut: int = CUT) -> pd.DataFrame:
    """Events of one patient with the data cut, which every patient has, and line 1 from day 0."""
    line = event("LINE", 0, line=1, is_ongoing=True)
    return pd.DataFrame([event("OBSERVED_UNTIL", cut), line, *events], columns=COLUMNS, dtype=object)


def spec(*events: Mapping[str, Any], cut: int = CUT, **options: Any) -> dict[str, Any]:
    """Specification of the timeline of these events."""
    return patient_timeline(frame(*events, cut=cut), options=TimelineOptions(**options))


def layers(part: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every single layer, those inside groups too."""
    for layer in part["layer"]:
        if "layer" in layer:
            yield from layers(layer)
        else:
            yield layer


def rows(part: Mapping[str, Any], *, mark: str) -> list[dict[str, Any]]:
    """Rows of all layers of one mark, each with the fields of its encoding that matter."""
    found = []
    for layer in layers(part):
        if layer["mark"]["type"] == mark:
            scale = layer["encoding"].get("y", {}).get("scale") or {}
            extra = {"dash": tuple(layer["mark"].get("strokeDash", ())), "scale": scale.get("type")}
            found += [
                row | extra | {"width": layer["mark"].get("strokeWidth")} for row in layer["data"]["values"]
            ]
    return found


def mark_of(part: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """The one mark that carries the key of this event."""
    found = [drawn for drawn in rows(part, mark="point") if drawn.get("key") == row["event_key"]]
    assert len(found) == 1, f"{row['event_key']} is drawn {len(found)} times"
    return found[0]


def words(part: Mapping[str, Any]) -> set[str]:
    """Every text drawn, the legend's too."""
    drawn = {row["text"] for row in rows(part, mark="text") if "text" in row}
    return drawn | {str(layer["mark"]["text"]) for layer in layers(part) if "text" in layer["mark"]}


def x_of(on: int) -> int:
    """Value of a study day on the axis of dates."""
    return (day(on) - dt.date(1970, 1, 1)).days * 86_400_000
