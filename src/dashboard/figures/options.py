"""A figure's request as plain options, so that it can be written down and asked for again from a snapshot.

What follows from the study alone (its limits, its numbers of days) is left out and taken from the study of
the snapshot; endpoints, characteristics and schemes are named; a colour theme changes no number.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from dashboard.errors import DashboardError
from dashboard.figures.response.patients import ResponseSettings
from dashboard.figures.study_options import NAMED, OF_STUDY, name_of
from dashboard.studies.cohort import Cohort, cohort_of
from dashboard.studies.schema import Study

# A theme changes no number; the ways of deriving a response are always the snapshot's own.
LEFT_OUT = ("theme",)
KINDS_LEFT_OUT = (ResponseSettings,)


class UnknownOption(DashboardError):
    """An option of a figure that the figure or its study does not know: says which, and what is allowed."""


def options_of(request: Any, *, study: Study) -> dict[str, Any]:
    """The options of a request that differ from what the study and the request itself give by default."""
    kind = type(request)
    usual = _usual(kind, study)
    written = {}
    for field in _options(kind):
        value = getattr(request, field.name)
        if field.name in usual and value == usual[field.name]:
            continue
        said = _written(value, study=study)
        # A request within the request that says nothing of its own is left out too.
        if said != {} or field.name in usual:
            written[field.name] = said
    return written


def request_of(kind: type, options: Mapping[str, Any], *, study: Study) -> Any:
    """The request with these options in this study. Raises UnknownOption."""
    known = [field.name for field in _options(kind)]
    for name in options:
        if name not in known:
            raise UnknownOption(f"Option {name} is not known; known are {', '.join(known)}")
    values = _usual(kind, study)
    kinds = _kinds(kind)
    for field in _options(kind):
        nested = _member(kinds[field.name])
        if field.name in options:
            values[field.name] = _read(options[field.name], kind=nested, study=study)
        elif field.name not in values and _is_request(nested):
            values[field.name] = request_of(nested, {}, study=study)
    missing = [field.name for field in _options(kind) if field.name not in values]
    if missing:
        raise UnknownOption(f"Option {missing[0]} has to be given; known are {', '.join(known)}")
    return kind(**values)


@cache
def _kinds(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _options(kind: type) -> list[Field[Any]]:
    kinds = _kinds(kind)
    return [
        field
        for field in fields(kind)
        if field.name not in LEFT_OUT and kinds[field.name] not in KINDS_LEFT_OUT
    ]


def _usual(kind: type, study: Study) -> dict[str, Any]:
    """What the fields are without any option; those that have to be given are missing."""
    own = {field.name: _default(field) for field in fields(kind)}
    of_study = OF_STUDY[kind](study) if kind in OF_STUDY else {}
    return {name: value for name, value in {**own, **of_study}.items() if value is not MISSING}


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _written(value: Any, *, study: Study) -> Any:
    name = name_of(value)
    if name is not None:
        return name
    if isinstance(value, Cohort):
        said = {name: _written(part, study=study) for name, part in value.definition().items()}
        return {name: part for name, part in said.items() if part not in ([], None)}
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_written(one, study=study) for one in value]
    return options_of(value, study=study) if is_dataclass(value) else value


def _read(value: Any, *, kind: Any, study: Study) -> Any:
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return tuple(_read(one, kind=_member(kind), study=study) for one in value)
    if kind is Cohort:
        return cohort_of({**Cohort().definition(), **value})
    if kind in NAMED:
        return _named(value, kind=kind, study=study)
    if kind is dt.date and isinstance(value, str):
        return dt.date.fromisoformat(value)
    return request_of(kind, value, study=study) if _is_request(kind) else value


def _named(name: Any, *, kind: type, study: Study) -> Any:
    what, listed = NAMED[kind]
    known = listed(study)
    if name not in known:
        raise UnknownOption(f"The study has no {what} {name!r}; it has {', '.join(known)}")
    return known[name]


def _member(kind: Any) -> Any:
    """The type behind `X | None` and `tuple[X, ...]`."""
    if get_origin(kind) in (None, Callable):
        return kind
    inner = [one for one in get_args(kind) if one is not type(None) and one is not Ellipsis]
    return _member(inner[0]) if inner and not isinstance(inner[0], str) else kind


def _is_request(kind: Any) -> bool:
    return isinstance(kind, type) and is_dataclass(kind) and kind is not Cohort and kind not in NAMED
