"""Lines of a measurement, and fresh processes to take it in."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


class NotMeasured(RuntimeError):
    """What a measurement needs is not on this machine: says what, and how to get it."""


@dataclass(frozen=True)
class Line:
    """One number measured, with the budget it must keep; `budget` is None where it only informs."""

    what: str
    value: float
    unit: str
    budget: float | None = None
    is_at_most: bool = True

    @property
    def is_kept(self) -> bool:
        """Whether the budget holds."""
        if self.budget is None:
            return True
        return self.value <= self.budget if self.is_at_most else self.value >= self.budget

    @property
    def said_budget(self) -> str:
        """The budget in words; empty where there is none."""
        if self.budget is None:
            return ""
        return f"{'at most' if self.is_at_most else 'at least'} {self.budget:g}"

    def __str__(self) -> str:
        """The line as printed."""
        budget = f"  ({self.said_budget}: {'kept' if self.is_kept else 'BROKEN'})" if self.said_budget else ""
        return f"{self.what}: {self.value:.3g} {self.unit}{budget}"


def in_fresh_process(module: str, *arguments: str) -> dict[str, Any]:
    """Run `python -m module arguments` and return the JSON of its last line. Raises CalledProcessError."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result
