"""Results kept by what was asked, for every session: the one way a page keeps a figure or rows.

Arguments are frozen values and are compared as such. Streamlit alone would write each of them out at every
call, a study definition and a snapshot's manifest included, which costs more than most figures.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from itertools import count
from typing import Any, ParamSpec, TypeVar, cast

import streamlit as st

P = ParamSpec("P")
T = TypeVar("T")
MOST_QUESTIONS = 10_000
_numbers = count()


def remembered(*, entries: int, spinner: str | bool = False) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the latest results of a function of values that never change; each caller gets a copy of its own.

    Values are what has a hash, and mappings, sequences and dataclasses of such. `spinner` is what the page
    says while a result is computed. The function raises TypeError for any other argument.
    """

    def keep(make: Callable[P, T]) -> Callable[P, T]:
        def computed(number: int, _given: tuple[tuple[Any, ...], dict[str, Any]]) -> T:
            arguments, named = _given
            return make(*arguments, **named)

        # By these Streamlit tells the results of one function from those of another.
        computed.__module__, computed.__qualname__ = make.__module__, make.__qualname__
        stored = st.cache_data(max_entries=entries, show_spinner=spinner)(computed)

        def asked(*arguments: P.args, **named: P.kwargs) -> T:
            number = _number(comparable((arguments, tuple(sorted(named.items())))))
            return stored(number, (arguments, named))

        asked.__name__, asked.__doc__ = make.__name__, make.__doc__
        return asked

    return keep


@lru_cache(maxsize=MOST_QUESTIONS)
def _number(question: Hashable) -> int:
    """The same number for equal questions; one that was forgotten gets a new number."""
    return next(_numbers)


def comparable(value: Any) -> Hashable:
    """The value itself where it has a hash, else its parts, in their order, in tuples."""
    try:
        hash(value)
    except TypeError:
        return (type(value), *_parts(value))
    return cast("Hashable", value)


def _parts(value: Any) -> Iterable[Hashable]:
    if isinstance(value, Mapping):
        return (comparable(pair) for pair in value.items())
    if isinstance(value, list | tuple):
        return (comparable(one) for one in value)
    if is_dataclass(value):
        return (comparable(getattr(value, field.name)) for field in fields(value) if field.compare)
    raise TypeError(f"a result cannot be kept by a {type(value).__name__}; give values that never change")
