"""The manifest of a data cut: one is shared by every session, so nobody can change it."""

from collections.abc import Iterator, Mapping
from typing import Any


class Manifest(Mapping[str, Any]):
    """What a build wrote about itself, to be read only: mappings in it are manifests, lists are tuples.

    Unlike a mappingproxy it can be pickled, which a figure that is kept needs.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self._values = {name: _fixed(value) for name, value in (values or {}).items()}

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Manifest({self._values!r})"


def _fixed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Manifest(value)
    return tuple(_fixed(one) for one in value) if isinstance(value, list) else value
