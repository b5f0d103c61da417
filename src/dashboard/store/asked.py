"""What a figure rests on: the questions put to a reader while the figure is made."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any, TypeVar, TypeVarTuple

from dashboard.store.answers import Parameters

# A query and its values.
Question = tuple[str, Parameters]
R = TypeVar("R")
T = TypeVar("T")
Values = TypeVarTuple("Values")
# One or two for each cohort and page somebody looks at.
KEPT = 16
_listening: ContextVar[tuple[tuple[Any, list[Question]], ...]] = ContextVar("listening", default=())


@contextmanager
def hearing(reader: Any) -> Iterator[list[Question]]:
    """Every question put to this reader inside, each once, in the order first asked."""
    heard: list[Question] = []
    token = _listening.set((*_listening.get(), (reader, heard)))
    try:
        yield heard
    finally:
        _listening.reset(token)


def hear(reader: Any, questions: Iterable[Question]) -> None:
    """Questions put to this reader; also those of an answer that was kept from before."""
    for question in questions:
        for listened, heard in _listening.get():
            if listened == reader and question not in heard:
                heard.append(question)


def asked_once(read: Callable[[R, *Values], T]) -> Callable[[R, *Values], T]:
    """Keep the latest answers of a function of a reader and frozen values: several figures may rest on one.

    What was asked for an answer is heard at every call. Whoever takes an answer must not change it.
    """

    @lru_cache(maxsize=KEPT)
    def kept(reader: R, values: tuple[*Values]) -> tuple[T, tuple[Question, ...]]:
        with hearing(reader) as questions:
            answer = read(reader, *values)
        return answer, tuple(questions)

    @wraps(read)
    def asked(reader: R, *values: *Values) -> T:
        answer, questions = kept(reader, values)
        hear(reader, questions)
        return answer

    return asked
