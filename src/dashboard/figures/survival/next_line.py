"""Who reached a later line at all: the sentence that belongs beside every time from its start."""

from pathlib import Path

from dashboard.figures.survival.request import SurvivalRequest
from dashboard.store.reader import Reader

SQL = (Path(__file__).parent / "next_line.sql").read_text(encoding="utf-8")


def next_line_sentence(reader: Reader, request: SurvivalRequest) -> str:
    """Of those with progression on the line before: started it, died before, none recorded (A9).

    Empty for an endpoint that does not start with line 2 or a later one.
    """
    lines = {rule.absolute_line for rule in request.endpoint.origin if rule.milestone == "line_start"}
    line = request.line if request.endpoint.per == "line" else next(iter(lines), None)
    if line is None or line < 2 or not lines:
        return ""
    query = request.cohort.narrow(SQL)
    rows = reader.rows(query.sql, {"line": line, **query.values})
    followed = rows["what_followed"]
    started, died, none = (int((followed == one).sum()) for one in ("NEXT_LINE", "DIED", "NOT_RECORDED"))
    return (
        f"Of {len(rows)} with progression on line {line - 1}: {started} started line {line}, "
        f"{died} died before it, {none} {'has' if none == 1 else 'have'} no line {line} recorded."
    )
