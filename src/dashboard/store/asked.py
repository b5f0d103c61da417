"""What a figure rests on: the questions put to a reader while the figure is made."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from dashboard.store.answers import Parameters

# A query and its values.
Question = tuple[str, Parameters]
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
