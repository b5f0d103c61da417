"""The tables of the model, read from the data packages beside this file."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
# The same safe loader in C where the library has it: about seven times as fast for every process that starts.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PROVENANCE = ("row_key", "source_file", "source_row", "n_copies")
SQL_TYPES = {
    "string": "VARCHAR",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "date": "DATE",
    "boolean": "BOOLEAN",
}


@dataclass(frozen=True)
class Field:
    """One column: name, declared type, unit, allowed values, description."""

    name: str
    type: str
    description: str
    unit: str | None = None
    decimal: tuple[int, int] | None = None
    is_partial: bool = False
    is_required: bool = False
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    @property
    def sql_type(self) -> str:
        """Declared SQL type, for instance DECIMAL(10,3)."""
        if self.type == "number":
            digits, scale = self.decimal or (18, 6)
            return f"DECIMAL({digits},{scale})"
        return SQL_TYPES[self.type]


@dataclass(frozen=True)
class Table:
    """One table of the model with its natural key."""

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    is_required: bool = False

    def field(self, name: str) -> Field:
        """The field of this name; KeyError names the table and the field."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.name}.{name}")


def _field(raw: dict[str, Any]) -> Field:
    constraints = raw.get("constraints", {})
    decimal = raw.get("decimal")
    return Field(
        name=raw["name"],
        type=raw["type"],
        description=raw.get("description", ""),
        unit=raw.get("unit"),
        decimal=(decimal[0], decimal[1]) if decimal else None,
        is_partial=raw.get("partial", False),
        is_required=constraints.get("required", False),
        allowed=tuple(constraints.get("enum", ())),
        minimum=constraints.get("minimum"),
        maximum=constraints.get("maximum"),
    )


def _tables(path: Path) -> dict[str, Table]:
    package = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    return {
        raw["name"]: Table(
            name=raw["name"],
            title=raw["title"],
            description=raw["description"],
            fields=tuple(_field(field) for field in raw["schema"]["fields"]),
            key=tuple(raw["schema"].get("primaryKey", ())),
            is_required=raw.get("required_table", False),
        )
        for raw in package["resources"]
    }


@cache
def canonical_tables() -> dict[str, Table]:
    """Canonical tables by name, in the order of the data package."""
    return _tables(FOLDER / "datapackage.yaml")


@cache
def definition_tables() -> dict[str, Table]:
    """Tables of the study definition by name."""
    return _tables(FOLDER / "definition.yaml")


@cache
def mart_tables() -> dict[str, Table]:
    """Marts by name, from the packages in marts/."""
    tables: dict[str, Table] = {}
    for path in sorted((FOLDER / "marts").glob("*.yaml")):
        tables |= _tables(path)
    return tables


def stored_columns(table: Table) -> list[tuple[str, str]]:
    """Name and SQL type of each column a canonical table has in the store.

    Besides the declared fields: a precision beside each date that may be partial, `observed_until` on patient
    (design.md section 3), and the provenance of every row.
    """
    columns: list[tuple[str, str]] = []
    for field in table.fields:
        columns.append((field.name, field.sql_type))
        if field.is_partial:
            columns.append((f"{field.name}_precision", "VARCHAR"))
    if table.name == "patient":
        columns.append(("observed_until", "DATE"))
    return [
        *columns,
        ("row_key", "VARCHAR"),
        ("source_file", "VARCHAR"),
        ("source_row", "BIGINT"),
        ("n_copies", "INTEGER"),
    ]
