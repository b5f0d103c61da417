"""What is wrong with a study definition, one problem at a time."""

import types
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

SHOWN_CHARACTERS = 80


@dataclass(frozen=True)
class Problem:
    """One problem: where it stands, what was found there, and what is allowed."""

    table: str
    key: str
    found: str
    allowed: str

    def __str__(self) -> str:
        place = f"{self.table}, {self.key}" if self.key else self.table
        return f"{place}: found {self.found}; allowed: {self.allowed}"


def shown(value: Any) -> str:
    """A value as the message prints it, cut where it is long."""
    text = "nothing" if value is None else repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


def listed(names: Iterable[str]) -> str:
    """Names in the order given, joined by commas."""
    return ", ".join(names)


def shape_problems(error: ValidationError, *, table: str, model: type[BaseModel]) -> list[Problem]:
    """One problem per wrong key, type or value that the model found."""
    items = error.errors(include_url=False)
    places = [item["loc"] for item in items]
    # pydantic calls a list too short as well where each of its items is wrong.
    outer = {place[:length] for place in places for length in range(1, len(place))}
    told = [item for item in items if item["type"] != "too_short" or item["loc"] not in outer]
    return [_shape_problem(item, table=table, model=model) for item in told]


def _shape_problem(item: Any, *, table: str, model: type[BaseModel]) -> Problem:
    place = item["loc"]
    key = _key(place)
    if item["type"] == "missing":
        return Problem(table, key, "nothing", "this key is required")
    if item["type"] == "extra_forbidden":
        keys = _allowed_keys(model, place[:-1])
        return Problem(table, key, "a key that is not known here", f"the keys {keys}")
    if item["type"] == "too_short":
        return Problem(table, key, "an empty list", "at least one")
    if item["type"] in ("literal_error", "enum"):
        return Problem(table, key, shown(item["input"]), item["ctx"]["expected"].replace("'", ""))
    return Problem(table, key, shown(item["input"]), item["msg"].removeprefix("Value error, "))


def _key(place: Iterable[str | int]) -> str:
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _allowed_keys(model: type[BaseModel], place: Iterable[str | int]) -> str:
    for part in place:
        if isinstance(part, str):
            inner = _inner_model(_annotation(model, part))
            if inner is None:
                return "of the documentation"
            model = inner
    return listed(field.alias or name for name, field in model.model_fields.items())


def _annotation(model: type[BaseModel], key: str) -> Any:
    for name, field in model.model_fields.items():
        if key in (name, field.alias):
            return field.annotation
    return None


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, Union, types.UnionType):
        for part in get_args(annotation):
            inner = _inner_model(part)
            if inner is not None:
                return inner
    return None
