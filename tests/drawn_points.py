"""What a drawing draws, read from its specification, and the same points as its file has them."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from dashboard.studies.vocabulary import RESPONSES

Spec = Mapping[str, Any]
Records = list[dict[str, Any]]
# Names and values of the fields of a mark.
Point = tuple[tuple[str, Any], ...]
CHANNELS = ("x", "x2", "y", "y2")
LINES = ("line", "area")
CURVE = {
    "months": "time",
    "free_of_event_percent": "survival",
    "lower_percent": "lower",
    "upper_percent": "upper",
}
INCIDENCE = {
    "months": "time",
    "incidence_percent": "incidence",
    "lower_percent": "lower",
    "upper_percent": "upper",
}
FOREST = {"hazard_ratio": "ratio", "lower": "from", "upper": "to"}
MINUS = "−"
STATES = {
    "DONE": "Done",
    "PARTIAL": "Partial",
    "MISSING": "Missing",
    "REASON": "Missing, reason recorded",
    "NOT_DUE": "Not due",
    "NOT_EXPECTED": "Not expected",
}
UNASSESSED = RESPONSES["UNASSESSED"].label
RESPONSE_MONTH = re.compile(rf"(?:[A-Z/]+|{UNASSESSED}) (\d+\.\d)")
REST = "All others"
# Lines that are no data: one half and the foot of a median, a ratio of 1, no lead; and a legend beside a map.
REFERENCES = {"survival": 50, "foot": 0, "ratio": 1, "lead": 0}
BESIDE = -10
# Curves are drawn to four decimals, whole digits are in their file.
HALF_OF_LAST_DIGIT = 0.500001e-4


def drawn_marks(spec: Spec) -> Iterator[tuple[str, list[str], Records]]:
    """Of every layer that is no text: kind of mark, the fields that place it, and its records.

    The rings of letters on curves are words, too.
    """
    for layer in spec.get("layer", [spec]):
        mark = layer["mark"] if isinstance(layer["mark"], str) else layer["mark"]["type"]
        encoding = {**spec.get("encoding", {}), **layer.get("encoding", {})}
        placed = [encoding[name]["field"] for name in CHANNELS if "field" in (encoding.get(name) or {})]
        records = _records(layer, spec) or _records(spec, spec)
        if mark != "text" and placed and not any("curve_letter" in record for record in records):
            yield mark, placed, records


def _records(part: Spec, spec: Spec) -> Records:
    data = part.get("data", {})
    found: Records = data.get("values") or spec.get("datasets", {}).get(data.get("name"), [])
    return [] if found == [{}] else [mark for record in found for mark in unfolded(record)]


def unfolded(record: Mapping[str, Any]) -> Records:
    """The marks of a record as its layer unfolds it: one per entry of its lists, itself where it has none."""
    lists = {name: values for name, values in record.items() if isinstance(values, list)}
    rows = zip(*lists.values(), strict=True) if lists else [()]
    return [{**record, **dict(zip(lists, row, strict=True))} for row in rows]


def missing_points(
    spec: Spec, points: pd.DataFrame, *, within: float, without: Collection[str] = (), is_step: bool = False
) -> list[tuple[Any, ...]]:
    """Drawn points that are not among `points`, whose columns are called as the fields of the drawing.

    A mark is compared in all its fields that are columns; one placed by none of them draws no data, nor does
    a kind of mark that is left out by `without`. The corners of step curves and of their bands join two rows
    of a file, so each number of them is looked up alone.
    """
    found: list[tuple[Any, ...]] = []
    for mark, placed, records in drawn_marks(spec):
        here = [name for name in placed if name in points]
        if not here or mark in without:
            continue
        fields = [name for name in points if records and name in records[0]]
        for names in [[name] for name in here] if is_step and mark in LINES else [fields]:
            drawn = {_data_of(record, names, mark=mark) for record in records}
            found += _not_among(drawn - {()}, points, within=within)
    return found


def _data_of(record: Mapping[str, Any], names: list[str], *, mark: str) -> Point:
    """Name and value of the fields, those of a line that is no data left out."""
    own = {name: record[name] for name in names}
    is_horizon = mark == "rule" and "label" in record and "ratio" not in record
    if None in own.values() or is_horizon:
        return ()
    if mark == "rule":
        own = {name: value for name, value in own.items() if REFERENCES.get(name) != value}
    return () if BESIDE in own.values() else tuple(own.items())


def _not_among(drawn: set[Point], points: pd.DataFrame, *, within: float) -> list[tuple[Any, ...]]:
    """Points without a row whose words are the same and whose numbers are as near as `within`."""
    known: dict[tuple[str, ...], dict[tuple[str, ...], Any]] = {}
    found = []
    for one in drawn:
        names = tuple(name for name, _ in one)
        text = tuple(name for name, value in one if isinstance(value, str))
        numbers = [name for name in names if name not in text]
        if names not in known:
            rows = points[list(names)].dropna().drop_duplicates()
            parts = rows.groupby(list(text)) if text else [((), rows)]
            known[names] = {key: own[numbers].to_numpy(dtype="float64") for key, own in parts}
        near = known[names].get(tuple(value for _, value in one if isinstance(value, str)), np.empty((0, 0)))
        wanted = np.array([float(value) for _, value in one if not isinstance(value, str)])
        if not len(near) or not (np.abs(near - wanted) <= within).all(axis=1).any():
            found.append(tuple(value for _, value in one))
    return found


def _plain_number(cells: pd.Series) -> pd.Series:
    return cells.astype(str).str.replace(MINUS, "-").astype("float64")


def _curve(file: pd.DataFrame) -> pd.DataFrame:
    """Points of the curves; the foot of a median that lies between two steps is a number of its group."""
    own = file[file["row"].str.startswith("curve")]
    points = own[["group", *CURVE]].rename(columns=CURVE)
    if "measure" not in file:
        return points
    medians = file[file["measure"] == "median_months"]
    return pd.concat([points, pd.DataFrame({"group": medians["group"], "time": medians["value"]})])


def _lead(file: pd.DataFrame) -> pd.DataFrame:
    """A bound that is not known ends at the dot."""
    own = file[file["row"] == "drawn patient"]
    lead = own["lead_days"]
    bounds = {"lower": own["lower_days"].fillna(lead), "upper": own["upper_days"].fillna(lead)}
    return pd.DataFrame({"place": own["place"], "lead": lead, **bounds})


def _prevalence(file: pd.DataFrame) -> pd.DataFrame:
    """Per cent of a fixed panel; counts of an assay that follows variants; possible other origin: no bar."""
    percent = {name: 100 * file[name] for name in ("share", "lower", "upper")}
    shares = file.assign(**percent).rename(columns={"share": "shown"})
    counts = file.assign(shown=file["n_detected"], lower=0, upper=file["n_assessable"])
    none = file.assign(shown=0, lower=0, upper=0)
    return pd.concat([shares, counts, none])[["gene", "shown", "lower", "upper"]]


def _accrual(file: pd.DataFrame) -> pd.DataFrame:
    return file.assign(label=pd.to_datetime(file["month"]).dt.strftime("%b %Y")).drop(columns="month")


def _months_of_groups(file: pd.DataFrame) -> pd.DataFrame:
    """Running totals; the groups beyond the fifth, where there are more than six, are one line."""
    own = file[file["row"] == "month"]
    last = own.groupby("label", sort=False)["enrolled_total"].last()
    last = last.sort_values(ascending=False, kind="stable")
    kept = list(last.index if len(last) <= 6 else last.index[:5])
    named = own.assign(group=own["label"].where(own["label"].isin(kept), REST))
    summed = named.groupby(["group", "month"], as_index=False)["enrolled_total"].sum()
    month = pd.to_datetime(summed["month"]).dt.strftime("%b %Y")
    return pd.DataFrame({"group": summed["group"], "month": month, "total": summed["enrolled_total"]})


def _weeks(file: pd.DataFrame) -> pd.DataFrame:
    week = pd.to_datetime(file["week_on"]).map(lambda day: f"{day.day} {day:%b}")
    sides = {"opens": "n_open", "closes": "n_close"}
    return pd.concat(
        [pd.DataFrame({"week": week, "what": what, "n": file[name]}) for what, name in sides.items()]
    )


def _waterfall(file: pd.DataFrame) -> pd.DataFrame:
    change = _plain_number(file["Best change of the sum, %"])
    return pd.DataFrame({"patient": file["Patient"], "change": change})


def _spider(file: pd.DataFrame) -> pd.DataFrame:
    """Every line begins at 0 on the first day."""
    change = _plain_number(file["Change of the sum, %"])
    own = pd.DataFrame({"patient": file["Patient"], "months": file["Months"], "change": change})
    return pd.concat([own, own.drop_duplicates("patient").assign(months=0.0, change=0.0)])


def _swimmer(file: pd.DataFrame) -> pd.DataFrame:
    """Bars and thin lines; the responses are those of `swimmer_responses`."""
    line, followed = _plain_number(file["Months, bar"].replace("–", "nan")), file["Months followed"]
    bars = {"patient": file["Patient"], "line_end": line, "line": line, "followed": followed, "start": 0.0}
    return pd.DataFrame(bars)


def swimmer_responses(file: pd.DataFrame) -> pd.DataFrame:
    """Patient and month of every response in the last column of the swimmer's file."""
    cells = zip(file["Patient"], file.iloc[:, -1].astype(str), strict=True)
    rows = [(name, float(month)) for name, cell in cells for month in RESPONSE_MONTH.findall(cell)]
    return pd.DataFrame(rows, columns=["patient", "months"])


def responses_drawn(spec: Spec) -> Spec:
    """The swimmer with its responses alone: an arrow or a death stands beside the end of its line."""
    records = [one for kind, _, marks in drawn_marks(spec) if kind == "point" for one in marks]
    responses = [one for one in records if " · " in one["mark"] or one["mark"] == UNASSESSED]
    encoding = {"x": {"field": "months"}}
    return {"layer": [{"mark": "point", "encoding": encoding, "data": {"values": responses}}]}


def _terms(file: pd.DataFrame) -> pd.DataFrame:
    """Bars from the worst grade out, without a grade last: per cent of the treated, or counts of few."""
    rows = []
    for term in file[file["level"] == "TERM"].to_dict("records"):
        name = str(term["label"])
        for side, sign, of in (("All causes", -1, ""), ("Related", 1, "related_")):
            counts = {f"Grade {grade}": int(term[f"n_{of}grade_{grade}"]) for grade in (5, 4, 3, 2, 1)}
            counts["Grade missing"] = int(term["n_related" if of else "n_any"]) - sum(counts.values())
            ends = np.cumsum([0, *counts.values()])
            for place, (grade, n) in enumerate(counts.items()):
                own = {"term": name[:1].upper() + name[1:], "side": side, "grade": grade, "n": n}
                for scale in (sign, sign * 100 / term["n_treated"]):
                    rows.append(own | {"from": scale * ends[place], "to": scale * ends[place + 1]})
    return pd.DataFrame(rows)


def _balance(file: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"difference": file["difference"]})


def _forest(file: pd.DataFrame) -> pd.DataFrame:
    return file[list(FOREST)].rename(columns=FOREST)


def _gene_map(file: pd.DataFrame) -> pd.DataFrame:
    """The cell of a gene and a patient begins at the patient's place."""
    return pd.DataFrame({"gene": file["gene"], "from": file["place"] + 0.06, "to": file["place"] + 0.94})


def _completeness(file: pd.DataFrame) -> pd.DataFrame:
    expected = file[["n_done", "n_missing", "n_reason"]].sum(axis=1)
    records = file["n_done"].astype(str) + " of " + expected.astype(str)
    return pd.DataFrame(
        {"patient": file["patient_id"], "state": file["state"].map(STATES), "records": records}
    )


def _incidence(file: pd.DataFrame) -> pd.DataFrame:
    own = file[["what_happened", *INCIDENCE]]
    return own.rename(columns={**INCIDENCE, "what_happened": "cause"})


STEPS = (_curve, _incidence)
# By figure: its points from its file, and how far the drawing rounds what the file has.
POINTS: dict[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], float]] = {
    "survival": (_curve, HALF_OF_LAST_DIGIT),
    "survival_incidence": (_incidence, 1e-6),
    "survival_forest": (_forest, 1e-6),
    "treatment_second_line": (_curve, HALF_OF_LAST_DIGIT),
    "biomarkers_outcome": (_curve, HALF_OF_LAST_DIGIT),
    "clearance_survival": (_curve, HALF_OF_LAST_DIGIT),
    "clearance_lead": (_lead, 0),
    "clearance_balance": (_balance, 0.0005),
    "biomarkers_prevalence": (_prevalence, 0.0001),
    "biomarkers_map": (_gene_map, 1e-6),
    "overview_accrual": (_accrual, 0),
    "enrolment_groups": (_months_of_groups, 0),
    "follow_up_weeks": (_weeks, 0),
    "safety_terms": (_terms, 1e-5),
    "response_waterfall": (_waterfall, 0.05),
    "response_spider": (_spider, 0.0501),
    "response_swimmer": (_swimmer, 0.0551),
    "completeness_matrix": (_completeness, 0),
}
