"""Checks on size, documentation and exceptions."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.architecture.layers import (
    APP_LINES,
    DOCUMENTED,
    FUNCTION_BODY_LINES,
    MART_LINES,
    MODULE_LINES,
    PAGE_LINES,
)
from tests.architecture.source import Source

Function = ast.FunctionDef | ast.AsyncFunctionDef
BROAD = {"Exception", "BaseException"}


def place_problems(source: Source) -> list[str]:
    """A .py directly in pages/ is served by Streamlit without app.py, so without sign-in."""
    if source.is_page and len(PurePosixPath(source.path).parts) == 2:
        return [f"{source.path}:1 lies directly in pages/; put it into a subfolder"]
    return []


def length_problems(source: Source) -> list[str]:
    """Files longer than their kind may be, and function bodies longer than 50 lines."""
    allowed = PAGE_LINES if source.is_page else APP_LINES if source.is_app else MODULE_LINES
    n_lines = len(source.text.splitlines())
    problems = [f"{source.path}:1 has {n_lines} lines; {allowed} are allowed"] if n_lines > allowed else []
    for function in functions(source.tree):
        length = body_lines(function)
        if length > FUNCTION_BODY_LINES:
            what = f"{function.name} has a body of {length} lines; {FUNCTION_BODY_LINES} are allowed"
            problems.append(source.says(function, what))
    return problems


def mart_length_problems(name: str, text: str) -> list[str]:
    """A mart longer than one screenful of steps is several marts."""
    n_lines = len(text.splitlines())
    return [f"{name}:1 has {n_lines} lines; {MART_LINES} are allowed"] if n_lines > MART_LINES else []


def except_problems(source: Source) -> list[str]:
    """Bare and broad except clauses, and contextlib.suppress of the same."""
    problems = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or BROAD & set(names_in(node.type))):
            problems.append(source.says(node, "catches everything; name the exception"))
        if isinstance(node, ast.Call) and called(node) == "suppress" and BROAD & set(names_in(node)):
            problems.append(source.says(node, "suppresses everything; name the exception"))
    return problems


def annotation_problems(source: Source) -> list[str]:
    """Functions without a stated return type, in the packages that promise them all."""
    if source.layer not in DOCUMENTED:
        return []
    return [
        source.says(function, f"{function.name} states no return type")
        for function in functions(source.tree)
        if function.returns is None
    ]


def docstring_problems(source: Source) -> list[str]:
    """Public modules, classes, functions and methods without a docstring, in the same packages."""
    if source.layer not in DOCUMENTED:
        return []
    problems = []
    if source.text.strip() and ast.get_docstring(source.tree) is None:
        problems.append(f"{source.path}:1 module has no docstring")
    for node in public_definitions(source.tree):
        if ast.get_docstring(node) is None:
            problems.append(source.says(node, f"{node.name} has no docstring"))
    return problems


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def body_lines(function: Function) -> int:
    """Lines of the body, docstring left out."""
    statements = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1 if statements else 0


def public_definitions(node: ast.Module | ast.ClassDef) -> Iterator[Function | ast.ClassDef]:
    """Definitions with a public name, inside public classes too; never those inside a function."""
    for child in node.body:
        if isinstance(child, Function | ast.ClassDef) and not child.name.startswith("_"):
            yield child
            if isinstance(child, ast.ClassDef):
                yield from public_definitions(child)


def names_in(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
