"""Checks a file's imports against the table in layers.py."""

from tests.architecture.layers import DOORS, LAYERS, Layer
from tests.architecture.source import PACKAGE, Source, imported_names, is_standard


def import_problems(source: Source) -> list[str]:
    """One message per import that the file's row of the table does not name."""
    row = LAYERS.get(source.layer)
    if row is None:
        return [f"{source.path}:1 package '{source.layer}' has no row in the import table"]
    problems = []
    for node, name in imported_names(source):
        if not is_allowed(name, source=source, row=row):
            problems.append(source.says(node, f"'{source.layer or PACKAGE}' may not import {name}"))
    return problems


def is_allowed(name: str, *, source: Source, row: Layer) -> bool:
    if is_standard(name):
        return True
    root, _, inside = name.partition(".")
    if root != PACKAGE:
        return root in row.third_party | DOORS.get(source.path, frozenset())
    own = row.own | {"errors"}
    if source.layer not in {"", "pages", "app"}:
        own |= {source.layer}
    return any(inside == entry or inside.startswith(f"{entry}.") for entry in own)
