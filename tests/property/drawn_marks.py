"""What a timeline draws of each event, next to the row of the table that stands for it."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from dashboard.charts.timeline import plotted_keys
from dashboard.figures.figure import Figure

EPOCH = dt.date(1970, 1, 1)
DAY_MS = 86_400_000
NUMBER = re.compile(r"[<>]?(\d+(?:\.(\d+))?)(?: |$)")
DATE = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4}")


class Mark(NamedTuple):
    """One mark of an event: its days, its value on the scale of its panel, the ends of that scale."""

    first: dt.date
    last: dt.date | None
    value: float | None
    scale: tuple[float, float] | None
    y: float | None


class Twin(NamedTuple):
    """An event with all its marks, its row of the table, and the limit it is drawn at without a number."""

    kind: str
    loq_percent: float
    marks: list[Mark]
    said: dict[str, str]


def twins(figure: Figure) -> Iterator[Twin]:
    """Every plotted event of a timeline on dates; the table has them in the order of day and key."""
    keys = plotted_keys(figure.spec)
    rows = figure.rows[figure.rows["event_key"].isin(keys)].sort_values(["occurred_on", "event_key"])
    marks: dict[str, list[Mark]] = {}
    for key, mark in _marks(figure.spec):
        marks.setdefault(key, []).append(mark)
    table = figure.table.to_dict("records")
    for row, said in zip(rows.itertuples(), table, strict=True):
        yield Twin(row.kind, float(row.loq_ppm or "nan") / 10_000, marks[row.event_key], said)


def axis_of(figure: Figure) -> tuple[dt.date, dt.date]:
    """Ends of the time axis, the same on every layer."""
    ends = {tuple(x["scale"]["domain"]) for x in _time_channels(figure.spec)}
    assert len(ends) == 1
    first, last = ends.pop()
    return _day(first), _day(last)


def day_said(text: str) -> dt.date | None:
    """The date in a cell of the table; of a month its last day, which stands in its place."""
    if text.startswith("≈ "):
        month = dt.datetime.strptime(text, "≈ %b %Y").date()
        return (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    found = DATE.search(text)
    return None if found is None else dt.datetime.strptime(found.group(), "%d %b %Y").date()


def number_said(text: str) -> tuple[float, float] | None:
    """The number that a result begins with, and half of its last digit; None for a result in words."""
    found = NUMBER.match(text)
    return None if found is None else (float(found[1]), 0.5 * 10.0 ** -len(found[2] or ""))


def _layers(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for layer in spec["layer"]:
        if "layer" in layer:
            yield from _layers(layer)
        else:
            yield layer


def _time_channels(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (x for layer in _layers(spec) if "scale" in (x := layer["encoding"].get("x", {})))


def _marks(spec: dict[str, Any]) -> Iterator[tuple[str, Mark]]:
    for layer in _layers(spec):
        y = layer["encoding"].get("y", {})
        ends = y["scale"]["domain"] if y.get("scale") else None
        for row in layer["data"]["values"]:
            if "key" in row:
                last = _day(row["x2"]) if "x2" in row else None
                value = row["value"] if y.get("field") == "value" else None
                yield row["key"], Mark(_day(row["x"]), last, value, ends and tuple(ends), row.get("y"))


def _day(x: float) -> dt.date:
    return EPOCH + dt.timedelta(days=round(x / DAY_MS))
