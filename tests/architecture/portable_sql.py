"""Checks that the text of a mart stays inside the SQL that DuckDB and Spark agree on.

Each rule has its reason in docs/architecture.md, "One set of SQL, two engines": AVG and division give
other types and values, floats differ at thresholds, LEAST and GREATEST treat NULL differently, and the
default order of NULL is not the same.
"""

from collections.abc import Callable, Iterator

import sqlglot
from sqlglot import exp
from sqlglot.dialects import DuckDB
from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, TokenType

FIRST_LINE = "-- One row per "

# Nodes that are refused wherever they stand.
FORBIDDEN: dict[type[exp.Expr], str] = {
    exp.Avg: "AVG: carry the sum and the count",
    exp.Div: "division: compare by cross-multiplication",
    exp.Qualify: "QUALIFY: number the rows in a named step and filter in the next",
    exp.ArgMax: "arg_max or max_by: number the rows by a stated order",
    exp.ArgMin: "arg_min or min_by: number the rows by a stated order",
    exp.Interval: "INTERVAL: use date + integer or add_months",
    exp.DateAdd: "date_add: use date + integer or add_months",
    exp.DateSub: "date_sub: use date_diff('day', a, b)",
    exp.DateTrunc: "date_trunc: gives another type on each engine",
    exp.TimestampTrunc: "date_trunc: gives another type on each engine",
}
# Functions that sqlglot does not know by that name but DuckDB does.
FORBIDDEN_NAMES = {
    "mean": "AVG: carry the sum and the count",
    "favg": "AVG: carry the sum and the count",
    "fsum": "a float sum",
    "divide": "division: compare by cross-multiplication",
    "datesub": "date_sub: use date_diff('day', a, b)",
    "date_sub": "date_sub: use date_diff('day', a, b)",
    "arg_max_null": "arg_max: number the rows by a stated order",
    "arg_min_null": "arg_min: number the rows by a stated order",
}
STAR_WORDS = ("replace", "except_", "rename")
# Sail reads them as its own and not as the name of a step or table.
WORDS_OF_SQL = ("over", "sample")
FLOATS = {exp.DataType.Type.FLOAT, exp.DataType.Type.DOUBLE}
DATE_NAMES = {"observed_until"}
# What gives a date when its first argument is one.
CARRIES_DATES = (
    exp.Paren,
    exp.Cast,
    exp.Coalesce,
    exp.Least,
    exp.Greatest,
    exp.Max,
    exp.Min,
    exp.Window,
    exp.Lag,
    exp.Lead,
    exp.FirstValue,
    exp.LastValue,
    exp.AddMonths,
)


def portability_problems(text: str) -> list[str]:
    """What the text of one mart does that the two engines do not agree on; empty when nothing."""
    try:
        statements = [statement for statement in sqlglot.parse(text, read="duckdb") if statement]
    except SqlglotError as error:
        return [f"does not parse: {error}"]
    if len(statements) != 1 or not isinstance(statements[0], exp.Select):
        kinds = ", ".join(type(statement).__name__ for statement in statements) or "nothing"
        return [f"holds {kinds}; one SELECT is allowed"]
    checks: tuple[Callable[[exp.Select], Iterator[str]], ...] = (
        forbidden_nodes,
        steps,
        date_arithmetic,
        sums,
        null_safe_extremes,
        output_columns,
    )
    problems = [problem for check in checks for problem in check(statements[0])]
    return [*first_line(text), *problems, *lower_case(text), *window_null_order(text)]


def source_problems(text: str, *, allowed: set[str]) -> list[str]:
    """Tables the mart reads that are neither its own steps nor in `allowed`."""
    tree = sqlglot.parse_one(text, read="duckdb")
    own_steps = {cte.alias for cte in tree.find_all(exp.CTE)}
    read = {table.name for table in tree.find_all(exp.Table) if table.name}
    return [f"reads {name}, which is no input of a mart" for name in sorted(read - own_steps - allowed)]


def first_line(text: str) -> Iterator[str]:
    if not text.startswith(FIRST_LINE):
        yield f"does not begin with '{FIRST_LINE}'"


def forbidden_nodes(tree: exp.Select) -> Iterator[str]:
    for node in tree.walk():
        if type(node) in FORBIDDEN:
            yield f"{FORBIDDEN[type(node)]}: {short(node)}"
        if isinstance(node, exp.Anonymous) and node.name.lower() in FORBIDDEN_NAMES:
            yield f"{FORBIDDEN_NAMES[node.name.lower()]}: {short(node)}"
        if isinstance(node, exp.Distinct) and node.args.get("on"):
            yield "DISTINCT ON: number the rows by a stated order"
        if isinstance(node, exp.TableAlias) and node.name.lower() in WORDS_OF_SQL:
            yield f"a step or table named with a word of SQL: {short(node)}"
        if isinstance(node, exp.Star) and any(node.args.get(word) for word in STAR_WORDS):
            yield f"a star that replaces or leaves out columns: name them: {short(node)}"


def steps(tree: exp.Select) -> Iterator[str]:
    for node in tree.find_all(exp.With):
        if node.args.get("recursive"):
            yield "a recursive step: Spark refuses it"
    for node in tree.find_all(exp.Subquery):
        if isinstance(node.parent, exp.From | exp.Join):
            yield f"an unnamed step in FROM; write it as a named CTE: {short(node)}"


def date_arithmetic(tree: exp.Select) -> Iterator[str]:
    for node in tree.find_all(exp.DateDiff):
        if node.text("unit").lower() != "day":
            yield f"date_diff in another unit than 'day': {short(node)}"
    for node in tree.find_all(exp.Sub):
        left, right = node.this, node.expression
        if (is_date(left) and not is_whole_number(right)) or is_date(right):
            yield f"date - date: use date_diff('day', a, b): {short(node)}"


def sums(tree: exp.Select) -> Iterator[str]:
    for node in tree.find_all(exp.Sum):
        holder = node.parent
        while isinstance(holder, exp.Window | exp.Filter | exp.Paren):
            holder = holder.parent
        if type(holder) is not exp.Cast:
            yield f"a sum without a cast to its type around it: {short(node)}"
        elif holder.to.this in FLOATS:
            yield f"a float sum: {short(holder)}"


def null_safe_extremes(tree: exp.Select) -> Iterator[str]:
    for node in tree.find_all(exp.Least, exp.Greatest):
        for argument in (node.this, *node.expressions):
            if not (isinstance(argument.unnest(), exp.Coalesce) or is_literal(argument)):
                yield f"{node.key} over an argument without coalesce: {short(argument)}"


def output_columns(tree: exp.Select) -> Iterator[str]:
    for place, select in enumerate(deciding_selects(tree)):
        for projection in select.expressions:
            # The first arm of a union names the columns of all.
            is_named = isinstance(projection, exp.Alias) or place > 0
            if not is_named or type(projection.unalias()) is not exp.Cast:
                yield f"an output column that is not 'cast(… as …) as name': {short(projection)}"


def deciding_selects(query: exp.Query) -> Iterator[exp.Select]:
    """The selects that decide the output: behind a bare `select * from step`, in each arm of a union."""
    if isinstance(query, exp.SetOperation):
        yield from deciding_selects(query.left)
        yield from deciding_selects(query.right)
    elif isinstance(query, exp.Select):
        step = starred_step(query)
        if step is None:
            yield query
        else:
            yield from deciding_selects(step)
    else:
        yield from deciding_selects(query.this)


def starred_step(select: exp.Select) -> exp.Query | None:
    """The named step of `select * from step`, if the select is just that."""
    origin = select.args.get("from_")
    stars_only = len(select.expressions) == 1 and type(select.expressions[0]) is exp.Star
    if (
        not stars_only
        or select.expressions[0].args.get("except_")
        or origin is None
        or select.args.get("joins")
    ):
        return None
    named = {cte.alias: cte.this for cte in select.root().find_all(exp.CTE)}
    return named.get(origin.this.name)


def lower_case(text: str) -> Iterator[str]:
    for token in tokens(text):
        written = text[token.start : token.end + 1]
        if token.token_type not in {TokenType.STRING, TokenType.NUMBER} and written != written.lower():
            yield f"line {token.line}: '{written}' is not in lower case"


def window_null_order(text: str) -> Iterator[str]:
    """sqlglot fills in a default for NULLS FIRST or LAST, so the words are looked for in the tokens."""
    found = tokens(text)
    for position, token in enumerate(found):
        if token.token_type is TokenType.ORDER_BY and is_in_window(found, position):
            for term in order_terms(found[position + 1 :]):
                words = [word.text.lower() for word in term[-2:]]
                if words not in (["nulls", "first"], ["nulls", "last"]):
                    written = text[term[0].start : term[-1].end + 1]
                    yield f"line {token.line}: a window orders by '{written}' without nulls first or last"


def is_in_window(found: list[Token], position: int) -> bool:
    """Does the bracket around this ORDER BY follow OVER, or `window name as`?"""
    depth = 0
    for index in range(position - 1, -1, -1):
        kind = found[index].token_type
        depth += (kind is TokenType.R_PAREN) - (kind is TokenType.L_PAREN)
        if depth < 0:
            before = [token.token_type for token in found[max(index - 3, 0) : index]]
            named = before[-1:] == [TokenType.ALIAS] and before[:1] in ([TokenType.WINDOW], [TokenType.COMMA])
            return before[-1:] == [TokenType.OVER] or named
    return False


def order_terms(found: list[Token]) -> list[list[Token]]:
    """The terms after ORDER BY, up to the frame clause or the closing bracket."""
    terms: list[list[Token]] = [[]]
    depth = 0
    for token in found:
        kind = token.token_type
        depth += (kind is TokenType.L_PAREN) - (kind is TokenType.R_PAREN)
        if depth < 0 or (not depth and token.text.lower() in {"rows", "range", "groups"}):
            break
        if kind is TokenType.COMMA and not depth:
            terms.append([])
        else:
            terms[-1].append(token)
    return [term for term in terms if term]


def tokens(text: str) -> list[Token]:
    return DuckDB().tokenize(text)


def is_date(node: exp.Expr) -> bool:
    while isinstance(node, CARRIES_DATES):
        node = node.this
    return isinstance(node, exp.Column) and (node.name.endswith("_on") or node.name in DATE_NAMES)


def is_whole_number(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and node.is_int


def is_literal(node: exp.Expr) -> bool:
    while isinstance(node, exp.Paren | exp.Neg | exp.Cast):
        node = node.this
    return isinstance(node, exp.Literal)


def short(node: exp.Expr) -> str:
    written = node.sql(dialect="duckdb")
    return written if len(written) <= 80 else f"{written[:77]}…"
