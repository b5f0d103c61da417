"""What stops a build: every problem of every file, told at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.errors import DashboardError


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an extract: where, what was found, what is allowed."""

    file: str
    message: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    allowed: str | None = None

    def __str__(self) -> str:
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            place.append(f"column {self.column}")
        found = "" if self.value is None else f" Found: {self.value!r}."
        allowed = "" if self.allowed is None else f" Allowed: {self.allowed}."
        return f"{', '.join(place)}: {self.message}{found}{allowed}"


class ExtractError(DashboardError):
    """An extract cannot be read or lacks what it must have. Carries every `Problem` found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
