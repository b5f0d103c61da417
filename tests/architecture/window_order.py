"""Windows of a mart that take one row before another, and a query that says whether two rows are in a tie."""

from collections.abc import Iterator

import sqlglot
from sqlglot import exp

# What they give depends on the order of single rows; rank, and sums over a range, treat equal rows alike.
BY_ROW = (exp.RowNumber, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.NthValue)
WRAPPERS = (exp.IgnoreNulls, exp.RespectNulls, exp.Filter)


def tie_queries(text: str) -> Iterator[tuple[str, str]]:
    """Each window of a mart that goes row by row, and the query of its most equal rows.

    The query counts the rows that share every term of PARTITION BY and ORDER BY: 1 where the order is unique.
    """
    tree = sqlglot.parse_one(text, read="duckdb")
    for place, window in enumerate(tree.find_all(exp.Window)):
        terms = _terms(window)
        if terms:
            yield window.sql(dialect="duckdb"), _query(tree.copy(), place, terms)


def _terms(window: exp.Window) -> list[exp.Expr]:
    """Terms of PARTITION BY and ORDER BY where the window goes row by row, else nothing."""
    meant = _named(window) if window.alias else window
    function, frame, order = window.this, meant.args.get("spec"), meant.args.get("order")
    while isinstance(function, WRAPPERS):
        function = function.this
    by_row = isinstance(function, BY_ROW) or (frame is not None and frame.text("kind").upper() == "ROWS")
    if not by_row or order is None:
        return []
    return [*(meant.args.get("partition_by") or []), *(ordered.this for ordered in order.expressions)]


def _named(window: exp.Window) -> exp.Window:
    select = window.find_ancestor(exp.Select)
    named = {one.name: one for one in select.args.get("windows") or ()}
    return named[window.alias]


def _query(tree: exp.Expr, place: int, terms: list[exp.Expr]) -> str:
    window = list(tree.find_all(exp.Window))[place]
    select, step = window.find_ancestor(exp.Select), window.find_ancestor(exp.CTE)
    steps = []
    for earlier in tree.args["with_"].expressions if tree.args.get("with_") else ():
        if step is not None and earlier.alias == step.alias:
            break
        steps.append(earlier.sql(dialect="duckdb"))
    peers = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[term.copy() for term in terms])
    select.set("expressions", [exp.alias_(peers, "peers")])
    for part in ("with_", "distinct", "windows", "order"):
        select.set(part, None)
    before = f"with {', '.join(steps)} " if steps else ""
    return f"{before}select max(peers) from ({select.sql(dialect='duckdb')}) as counted"
