"""The data dictionary: what each table and column means, as Markdown and as a workbook."""

import json
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from dashboard.model.package import extract_package
from dashboard.model.tables import Field, Table, canonical_tables, mart_tables

HEADER = ("column", "type", "unit", "required", "allowed values", "meaning")
WIDTHS = (26, 16, 16, 10, 46, 90)
HEADER_FILL = PatternFill("solid", fgColor="DCE8F5")


def _allowed(field: Field) -> str:
    if field.allowed:
        return ", ".join(field.allowed)
    bounds = [
        f"at least {field.minimum:g}" if field.minimum is not None else "",
        f"at most {field.maximum:g}" if field.maximum is not None else "",
    ]
    return ", ".join(bound for bound in bounds if bound)


def _type(field: Field) -> str:
    if field.type == "number" and field.decimal:
        return f"number, {field.decimal[1]} decimals"
    return "date, may be partial" if field.is_partial else field.type


def field_row(table: Table, field: Field) -> tuple[str, ...]:
    """One field as the cells of HEADER; a key column counts as required."""
    required = "yes" if field.is_required or field.name in table.key else ""
    return (field.name, _type(field), field.unit or "", required, _allowed(field), field.description)


def _markdown_table(table: Table) -> str:
    lines = [f"### {table.name}: {table.title}", "", table.description, ""]
    lines += [f"Natural key: {', '.join(table.key)}.", ""]
    lines += ["| " + " | ".join(HEADER) + " |", "|" + " --- |" * len(HEADER)]
    lines += [
        "| " + " | ".join(cell.replace("|", "\\|") for cell in field_row(table, field)) + " |"
        for field in table.fields
    ]
    return "\n".join([*lines, ""])


def dictionary_markdown() -> str:
    """The whole dictionary as one Markdown text."""
    parts = [
        "# Data dictionary",
        "",
        "Made by `dashboard dictionary` from the data packages in `src/dashboard/model`.",
        "",
        "## Canonical tables",
        "",
        "What every study's extract becomes. A date that may be partial has a second column, "
        "`<name>_precision` (day, month or year). Every row also has `row_key` (its natural key as text), "
        "`source_file`, `source_row` and `n_copies` (identical rows that were folded into it).",
        "",
    ]
    parts += [_markdown_table(table) for table in canonical_tables().values()]
    parts += ["## Derived tables", "", "What the rules make of the canonical tables.", ""]
    parts += [_markdown_table(table) for table in mart_tables().values()]
    return "\n".join(parts)


def write_dictionary_workbook(path: Path) -> None:
    """Write the dictionary as a workbook, one sheet per table."""
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    for table in [*canonical_tables().values(), *mart_tables().values()]:
        sheet = book.create_sheet(table.name[:31])
        sheet.append([f"{table.title}. {table.description}"])
        sheet.append([])
        sheet.append(list(HEADER))
        for field in table.fields:
            sheet.append(list(field_row(table, field)))
        _dress(sheet, header_row=3)
    book.save(path)


def _dress(sheet: Worksheet, *, header_row: int) -> None:
    for cell in sheet[header_row]:
        cell.font = Font(bold=True)
        cell.fill = HEADER_FILL
    for column, width in zip("ABCDEF", WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    for row in sheet.iter_rows(min_row=header_row):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = f"A{header_row + 1}"


def write_template(folder: Path) -> list[Path]:
    """Write an empty extract: a CSV with its header per canonical table, a workbook of notes, a Data Package.

    Files that are there already are left alone; returns the paths written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table in canonical_tables().values():
        path = folder / f"{table.name}.csv"
        if not path.exists():
            path.write_text(",".join(field.name for field in table.fields) + "\n", encoding="utf-8")
            written.append(path)
    notes = folder / "notes.xlsx"
    if not notes.exists():
        write_dictionary_workbook(notes)
        written.append(notes)
    package = folder / "datapackage.json"
    if not package.exists():
        text = json.dumps(extract_package(), indent=1, ensure_ascii=False)
        package.write_text(text + "\n", encoding="utf-8")
        written.append(package)
    return written
