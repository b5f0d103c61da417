"""Which file of an extract is which: matched with mapping.toml, read, and shown under its short name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import duckdb

from dashboard.extracts.formats.redcap import redcap_select
from dashboard.extracts.formats.sdtm import domain_columns, domain_of, domain_select, empty_domain
from dashboard.extracts.mapping import FileRule, StudyMapping
from dashboard.extracts.problems import ExtractError, Problem
from dashboard.extracts.read import read_source
from dashboard.extracts.source import FileOptions, SourceTable
from dashboard.extracts.values import named, quoted
from dashboard.extracts.workbook import forget_workbooks
from dashboard.model.tables import canonical_tables

NOT_DATA = (".md", ".toml", ".pdf", ".docx", ".json", ".log")


@dataclass(frozen=True)
class ReadFile:
    """One table of text with the rule it was read by."""

    rule: FileRule
    table: SourceTable

    @property
    def raw(self) -> str:
        """The raw table as SQL."""
        return f"raw.{named(self.table.raw_table)}"


@dataclass(frozen=True)
class ReadFiles:
    """Every file that was read, and the names of those that nothing asks for."""

    files: tuple[ReadFile, ...] = ()
    unmapped: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def of(self, name: str) -> list[ReadFile]:
        """The files behind one short name."""
        return [one for one in self.files if one.rule.name == name]


def stem_of(path: Path) -> str:
    """File name without .gz and its suffix: lb.csv.gz is lb."""
    return Path(path.name.removesuffix(".gz")).stem


def read_files(
    folder: Path, mapping: StudyMapping, *, identifying: frozenset[str], connection: duckdb.DuckDBPyConnection
) -> ReadFiles:
    """Read every file the mapping asks for. Raises ExtractError with the problems of all files."""
    read: list[ReadFile] = []
    unmapped: list[str] = []
    found: list[Problem] = []
    for path in _data_files(folder):
        rules = list(_rules_for(path, mapping))
        if not rules:
            unmapped.append(path.name)
        for rule in rules:
            try:
                tables = read_source(
                    path, options=rule.options, identifying=identifying, connection=connection
                )
            except ExtractError as error:
                found += error.problems
            else:
                read += [ReadFile(rule, table) for table in tables]
        forget_workbooks()
    asked = {rule.name for rule in mapping.files if not any(one.rule.name == rule.name for one in read)}
    absent = [rule for rule in mapping.files if rule.name in asked]
    if not found:
        found += [Problem("mapping.toml", "no such file in the extract", value=rule.file) for rule in absent]
    if found:
        raise ExtractError(found)
    return ReadFiles(tuple(read), tuple(unmapped), tuple(dict.fromkeys(one.rule.name for one in read)))


def _data_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith(".") and path.suffix.lower() not in NOT_DATA:
            yield path


def _rules_for(path: Path, mapping: StudyMapping) -> Iterator[FileRule]:
    """The rules that ask for a file; where none names it, what its own name says."""
    listed = [rule for rule in mapping.files if fnmatch(path.name.lower(), rule.file.lower())]
    if listed:
        yield from listed
        return
    stem = stem_of(path).lower()
    options = FileOptions(missing_values=mapping.missing)
    taken = {rule.name for rule in mapping.files}
    domain = domain_of(stem)
    if mapping.format == "sdtm" and domain and domain not in taken:
        yield FileRule(name=domain, file=path.name, format="sdtm", options=options)
    elif mapping.format == "native" and stem in canonical_tables() and stem not in taken:
        yield FileRule(name=stem, file=path.name, format="native", options=options)


def create_views(connection: duckdb.DuckDBPyConnection, read: ReadFiles) -> None:
    """One view per short name in the schema `source`: raw text with source_file; every SDTM domain."""
    connection.execute("create schema if not exists source")
    for name in read.names:
        _view(connection, name, [_select(one) for one in read.of(name)])
    if any(one.rule.format == "sdtm" for one in read.files):
        for domain in domain_columns():
            if domain not in read.names:
                _view(
                    connection,
                    domain,
                    [f"select cast(null as varchar) as source_file, * from ({empty_domain(domain)})"],
                )


def _select(one: ReadFile) -> str:
    body = f"select * from {one.raw}"
    if one.rule.format == "redcap":
        body = redcap_select(one.raw, one.table.columns)
    elif one.rule.format == "sdtm":
        body = domain_select(one.rule.name, one.raw, one.table.columns)
        if one.rule.set_aside:
            body = f"select * from ({body}) where false"
    return f"select {quoted(one.table.source_file)} as source_file, * from ({body})"


def _view(connection: duckdb.DuckDBPyConnection, name: str, selects: Sequence[str]) -> None:
    connection.execute(
        f"create or replace view source.{named(name)} as {' union all by name '.join(selects)}"
    )
