"""Source files as the architecture tests see them: where a file lies and what its text parses to."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "dashboard"


@dataclass(frozen=True)
class Source:
    """One Python file. `path` is relative to the checkout; the text may also be a test's snippet."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.path)

    @property
    def is_page(self) -> bool:
        return self.path.startswith("pages/")

    @property
    def is_app(self) -> bool:
        return self.path == "app.py"

    @property
    def parts(self) -> tuple[str, ...]:
        """Dotted place below `dashboard` (`("stats", "survival")`); empty for the package itself."""
        inside = PurePosixPath(self.path).with_suffix("").parts[2:]
        return inside[:-1] if inside and inside[-1] == "__init__" else inside

    @property
    def layer(self) -> str:
        """Name of the row of the import table this file belongs to."""
        if self.is_page:
            return "pages"
        if self.is_app:
            return "app"
        return self.parts[0] if self.parts else ""

    def says(self, node: ast.AST, what: str) -> str:
        """A message that names file and line."""
        return f"{self.path}:{getattr(node, 'lineno', 1)} {what}"


def python_files() -> Iterator[Source]:
    """Every file of the product that exists so far: package, pages, frame."""
    found = [*(ROOT / "src" / PACKAGE).rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]
    for file in sorted(found):
        if file.is_file():
            yield Source(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))


def mart_files() -> list[Path]:
    return sorted((ROOT / "src" / PACKAGE / "marts").rglob("*.sql"))


def imported_names(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Each import as an absolute dotted name, those through importlib and those for types included."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = absolute_origin(source, node)
            yield from ((node, f"{origin}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and is_import_call(node):
            yield node, node.args[0].value  # type: ignore[attr-defined]


def absolute_origin(source: Source, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    is_package = source.path.endswith("__init__.py")
    package = (PACKAGE, *source.parts) if is_package else (PACKAGE, *source.parts[:-1])
    base = package[: len(package) - (node.level - 1)]
    return ".".join([*base, *([node.module] if node.module else [])])


def is_import_call(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    first = node.args[0] if node.args else None
    return (
        name in {"import_module", "__import__"}
        and isinstance(first, ast.Constant)
        and isinstance(first.value, str)
    )


def is_standard(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names
