"""The words of a timeline's legend, and the words that its drawn marks ask for, each from the drawing."""

from collections.abc import Iterator
from typing import Any

from dashboard.charts.timeline_treatment import ARROW
from dashboard.figures.figure import Figure
from dashboard.studies import vocabulary

# Marks that the name of their row or their own words explain.
NAMED = frozenset({"SUM", "LIMIT", "MARKER", "SECOND_MARKER", "ECOG", "EVENT", "ENROLMENT", "DEATH", "LINE"})
LEVELS = ("mean of tracked set", "highest MAF", "ctDNA level")
WITHOUT_RESULT = {"FAILED": "failed", "PENDING": "result pending", "NOT_DONE": "planned, not done"}
WINDOWS = {
    "DONE_IN_WINDOW": "planned window",
    "DONE_OUTSIDE_WINDOW": "planned window",
    "OVERDUE": "overdue",
    "CANNOT_BE_OBTAINED": "cannot be obtained any more",
    "DUE_NOW": "due now or not yet due",
    "CLOSES_SOON": "due now or not yet due",
    "NOT_YET_DUE": "due now or not yet due",
    "WITHOUT": "not done (interval not the protocol's)",
}
LESIONS = {
    "CONTROLLED": "lesion controlled",
    "EQUIVOCAL": "equivocal (treatment change?)",
    "LOCAL_PROGRESSION": "local progression",
    "ABSENT": "lesion not seen",
    "MEASURED": "lesion measured",
    "NOT_ASSESSED": "lesion not assessed",
}
NEW_LESIONS = {"FOLLOWED": "new lesion, later scan", "ABSENT": "new lesion no longer seen"}
ALONE = {
    "BASELINE": "baseline scan",
    "CLINICAL_PROGRESSION": "treatment stopped for progression, no assessment recorded",
    "RADIOTHERAPY": "radiotherapy",
    "ABLATION": "ablation",
    "SURGERY": "surgery",
    "DOSE_HOLD": "dose held (hatched)",
    "DOSE_REDUCTION": "reduced dose (thinner)",
}
UNRELIABLE = "result unreliable"
# Letters of the name of a response that tell it from the others: "progression" for "Progressive disease".
STEM = 6
Row = dict[str, Any]
Look = tuple[Any, ...]


def not_as_drawn(figure: Figure) -> tuple[set[str], set[str]] | None:
    """What the legend lacks and what it has too much; None where it names what is drawn."""
    drawn, named = words_of_marks(figure), legend_words(figure.spec)
    return None if drawn == named else (drawn - named, named - drawn)


def legend_words(spec: dict[str, Any]) -> set[str]:
    """Words of the legend; those of the level as "level", of the days after local treatments by their end."""
    texts = [
        str(layer["mark"]["text"])
        for layer in _layers(spec)
        if "text" in layer["mark"] and layer["mark"].get("align") == "left"
    ]
    known = {"level" if text in LEVELS else text for text in texts}
    return {UNRELIABLE if text.endswith(UNRELIABLE) else text for text in known}


def words_of_marks(figure: Figure) -> set[str]:
    """Words that the marks of the drawing ask for."""
    events = {row["event_key"]: row for row in figure.rows.to_dict("records")}
    beside = _words_beside(figure.spec)
    found: set[str] = set()
    for layer in _layers(figure.spec):
        for row in layer["data"]["values"]:
            if "key" in row:
                event = events[row["key"]]
                if event["kind"] == "RESPONSE":
                    found |= set(_response(event, row, beside))
                else:
                    found |= set(_words(event, row, layer["mark"]))
            elif row.get("shape") == ARROW:
                found.add("ongoing")
    return found


def legend_marks(spec: dict[str, Any]) -> list[Row]:
    """Marks and words of the legend, which stand at fixed places and hold no row."""
    return [layer["mark"] for layer in _layers(spec) if layer["data"]["values"] == [{}]]


def _layers(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for layer in spec["layer"]:
        if "layer" in layer:
            yield from _layers(layer)
        else:
            yield layer


def _words(event: Row, row: Row, mark: Row) -> Iterator[str]:
    kind, code = event["kind"], event["code"]
    if kind in NAMED:
        return
    if kind in ALONE:
        yield ALONE[kind]
    elif kind in ("SAMPLE", "VARIANT"):
        yield from _ctdna(event, row)
    elif kind == "SERIOUS_EVENT":
        yield "admitted to hospital" if code == "hospitalisation" else "serious event"
    elif kind == "SYSTEMIC":
        if mark.get("strokeDash"):
            is_open = event["end_basis"] == "NOT_RECORDED"
            yield "end not recorded" if is_open else "nothing recorded since the last contact"
    else:
        yield from _imaging_and_plan(event, row, mark)


def _look(mark: Row) -> Look:
    return mark["shape"], mark["fill"], mark["stroke"]


def _words_beside(spec: dict[str, Any]) -> dict[Look, str]:
    """Words of the legend by the mark they stand beside."""
    found: dict[Look, str] = {}
    look: Look = ()
    for mark in legend_marks(spec):
        if mark["type"] == "point" and "shape" in mark:
            look = _look(mark)
        elif "text" in mark and mark.get("align") == "left" and look:
            found[look] = str(mark["text"])
    return found


def _response(event: Row, row: Row, beside: dict[Look, str]) -> Iterator[str]:
    """The words beside the same mark, where they are those of the response."""
    code, is_after = event["code"], event["is_after_progression"] is True
    if event["basis"] == "clinical":
        yield "clinical progression"
    else:
        # After progression a mark keeps its shape only.
        shown = slice(1 if is_after else 3)
        words = {text for look, text in beside.items() if look[shown] == _look(row)[shown]}
        name = vocabulary.RESPONSES[code].label
        named = [text for text in words if text[:STEM].lower() == name[:STEM].lower()]
        yield named[0] if named else f"{name} beside the mark it is drawn with"
    if code == "PD" and event["detail"] == "cns":
        yield "in the central nervous system"
    if is_after:
        yield "after progression, same treatment"


def _ctdna(event: Row, row: Row) -> Iterator[str]:
    is_hollow = row["shape"] == "circle" and row["fill"] != row["stroke"] and event["value_sum"] is None
    if event["code"] in WITHOUT_RESULT:
        yield WITHOUT_RESULT[event["code"]]
    elif row["shape"] == "triangle-down":
        yield "not detected"
    elif is_hollow or event["value_sum"] != event["value_sum"]:
        yield "below LoQ"
    elif event["kind"] == "SAMPLE":
        yield "level"
    if event["kind"] == "VARIANT" and row["shape"] == "circle":
        yield "possible CHIP or germline" if event["is_other_origin"] else "one variant"


def _imaging_and_plan(event: Row, row: Row, mark: Row) -> Iterator[str]:
    kind, code = event["kind"], event["code"]
    if kind == "LESION":
        # A state without a mark of its own is drawn as measured.
        yield LESIONS.get(code, LESIONS["MEASURED"])
    elif kind == "NEW_LESION":
        has_size = event["value_sum"] == event["value_sum"] and event["value_sum"] is not None
        found = "new lesion found" if has_size else "new lesion found, not measured"
        yield NEW_LESIONS.get(code, found)
    elif kind == "BIOPSY":
        yield "biopsy, genes tested" if code == "GENES_TESTED" else "biopsy"
    elif kind in ("DRAW_WINDOW", "SCAN_WINDOW"):
        yield WINDOWS[code] if mark["type"] == "rect" else "planned, not done"
    elif kind in ("DRAW", "SCAN"):
        if row["shape"].startswith("M"):
            yield f"{kind.lower()} outside a window"
    elif kind == "UNRELIABLE":
        yield UNRELIABLE
    else:
        raise AssertionError(f"{kind} {code} is drawn and the legend has no rule for it")
