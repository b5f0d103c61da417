"""The canonical tables as a Data Package that any Frictionless tool can check files against."""

from typing import Any

from dashboard.model.tables import Field, Table, canonical_tables

# Years, months and days: what a date that may be partial looks like in the native layout.
PARTIAL_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"


def extract_package() -> dict[str, Any]:
    """Descriptor of an extract in the native layout, one CSV file per canonical table.

    It says what Table Schema can say (type, required, allowed values, bounds, natural key); `dashboard check`
    says more.
    """
    tables = canonical_tables().values()
    return {
        "name": "ctdna-extract",
        "title": "Extract in the native layout",
        "profile": "data-package",
        "resources": [_resource(table) for table in tables],
    }


def _resource(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "description": table.description,
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": {"fields": [_field(field) for field in table.fields], "primaryKey": list(table.key)},
    }


def _field(field: Field) -> dict[str, Any]:
    limits = {
        "required": field.is_required or None,
        "enum": list(field.allowed) or None,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "pattern": PARTIAL_DATE if field.is_partial else None,
    }
    unit = f" Unit: {field.unit}." if field.unit else ""
    return {
        "name": field.name,
        "type": "string" if field.is_partial else field.type,
        "description": field.description + unit,
        "constraints": {name: limit for name, limit in limits.items() if limit is not None},
    }
