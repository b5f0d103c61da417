"""Answers of a snapshot kept for a while: several parts of a page ask for the same rows.

A snapshot never changes, so an answer stays right; only the latest and not the very large ones are kept.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Parameters = Mapping[str, Any] | Sequence[Any] | None
ENTRIES = 24
MOST_CELLS = 400_000


class Answers(Generic[T]):
    """The latest answers by question; safe for several threads. Whoever takes one must copy it."""

    def __init__(self, size: Callable[[T], int]) -> None:
        self._size = size
        self._found: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, question: Hashable, ask: Callable[[], T]) -> T:
        """The answer kept, else that of `ask`."""
        with self._lock:
            if question in self._found:
                self._found.move_to_end(question)
                return self._found[question]
        answer = ask()
        if self._size(answer) <= MOST_CELLS:
            with self._lock:
                self._found[question] = answer
                while len(self._found) > ENTRIES:
                    self._found.popitem(last=False)
        return answer


def question_of(sql: str, parameters: Parameters) -> Hashable | None:
    """What tells one query from another; None where a value cannot be compared and nothing is kept."""
    named = parameters.items() if isinstance(parameters, Mapping) else enumerate(parameters or ())
    values = tuple((name, type(value), _as_value(value)) for name, value in named)
    try:
        hash(values)
    except TypeError:
        return None
    return sql, values


def _as_value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
