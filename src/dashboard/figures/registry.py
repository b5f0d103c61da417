"""Figures by name, so that each can be made again from a snapshot and the options of its request.

Named is every figure of a reader, or of a reader and a request. Without a name stay figures that read more
than one snapshot (items owed with what is new since the data cut before, completeness over data cuts), the
worklist, which reads several studies, and the figures of one patient.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar, cast, get_type_hints

from dashboard import figures
from dashboard.figures.figure import Figure, Origin, code_of
from dashboard.store.asked import hearing
from dashboard.store.reader import Reader

P = ParamSpec("P")
F = TypeVar("F", bound=Figure | None)
_REGISTERED: dict[str, "Registered"] = {}


@dataclass(frozen=True)
class Registered:
    """One figure: the function that makes it and the class of its request, None for one without options."""

    make: Callable[..., Figure | None]
    request: type | None


def registered(
    name: str, *, writes_rows: bool = False, key: tuple[str, ...] = ()
) -> Callable[[Callable[P, F]], Callable[P, F]]:
    """Give a function `(reader, request) -> Figure` a name by which the figure can be made again.

    Its figures know their `origin` and have the `code` of every question asked of the reader. `writes_rows`
    and `key` are those of `Figure`.
    """

    def register(make: Callable[P, F]) -> Callable[P, F]:
        @wraps(make)
        def made(*args: P.args, **more: P.kwargs) -> F:
            reader = cast("Reader", args[0])
            with hearing(reader) as questions:
                figure = make(*args, **more)
            if figure is None:
                return figure
            origin = Origin(name, reader, args[1] if len(args) > 1 else None)
            code = code_of(reader, *questions)
            return cast("F", replace(figure, origin=origin, code=code, writes_rows=writes_rows, key=key))

        _REGISTERED[name] = Registered(made, _request_of(make))
        return made

    return register


def _request_of(make: Callable[..., Any]) -> type | None:
    """The class of the second argument, which is the request."""
    names = [one.name for one in signature(make).parameters.values() if one.kind is not one.KEYWORD_ONLY]
    kind: type | None = get_type_hints(make)[names[1]] if len(names) > 1 else None
    return kind


@cache
def registry() -> Mapping[str, Registered]:
    """Every figure by its name."""
    for module in pkgutil.walk_packages(figures.__path__, f"{figures.__name__}."):
        importlib.import_module(module.name)
    return dict(_REGISTERED)
