"""docs/measured.md: one section per group of numbers, and the rule that none gets much worse unnoticed."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.measure import Line

WORSE_BY = 0.30
# Seconds depend on the machine and on what else it does; these are the same kind of number everywhere.
COMPARED_UNITS = ("×", "times", "GB")
TITLE = "# Measured"
ROW = re.compile(r"^\| (?P<what>.+) \| (?P<value>\S+) \| (?P<unit>.*) \| .* \|$")
HEADER = ["| what | value | unit | budget |", "| --- | ---: | --- | --- |"]


def sections(path: Path) -> dict[str, str]:
    """The text below each heading of an earlier report, by heading; none where there is no report."""
    if not path.exists():
        return {}
    _, *parts = re.split(r"^## (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {title: text.strip() for title, text in zip(parts[::2], parts[1::2], strict=True)}


def worse(lines: Sequence[Line], before: str) -> list[str]:
    """A sentence for each ratio or peak memory that is 30 % worse than in the section `before`.

    Numbers with another name, for example at another size, are not compared.
    """
    found = [ROW.match(row) for row in before.splitlines()]
    earlier = {(row["what"], row["unit"]): row["value"] for row in found if row}
    said = []
    for line in lines:
        value = earlier.get((line.what, line.unit))
        if value is None or line.unit not in COMPARED_UNITS:
            continue
        if _is_worse(line, float(value)):
            said.append(f"{line}; {value} before, allowed {WORSE_BY:.0%} worse")
    return said


def _is_worse(line: Line, before: float) -> bool:
    is_less_better = line.budget is None or line.is_at_most
    return line.value > before * (1 + WORSE_BY) if is_less_better else line.value < before * (1 - WORSE_BY)


def section(lines: Sequence[Line], *, stamp: str) -> str:
    """The text of one group: when and where it was measured, and a row per number."""
    rows = [f"| {line.what} | {line.value:.3g} | {line.unit} | {_kept(line)} |" for line in lines]
    return "\n".join([stamp, "", *HEADER, *rows])


def write(path: Path, texts: Mapping[str, str]) -> None:
    """Write the report; a group that was not measured stands as it stood."""
    parts = [f"## {title}\n\n{text}\n" for title, text in texts.items()]
    path.write_text("\n".join([f"{TITLE}\n", *parts]), encoding="utf-8")


def _kept(line: Line) -> str:
    return f"{line.said_budget}: {'kept' if line.is_kept else 'broken'}" if line.said_budget else ""
