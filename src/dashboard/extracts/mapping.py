"""mapping.toml and extract.toml: which file feeds which canonical table, column by column."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from dashboard.extracts.problems import ExtractError, Problem
from dashboard.extracts.source import FileOptions

FORMATS = ("native", "table", "redcap", "sdtm")
DATE_FORMATS = ("ymd", "dmy", "mdy", "excel", "datetime")
OPTION_NAMES = {one.name for one in fields(FileOptions)} - {"missing_values"}
Part = TypeVar("Part")


@dataclass(frozen=True)
class ColumnRule:
    """How the values of one canonical column are found in a record."""

    column: str | None = None
    constant: str | None = None
    map: Mapping[str, str] | str | None = None
    otherwise: str | None = None
    unit: str | None = None
    decimal: str = "."
    thousands: str | None = None
    percent_sign: bool = False
    rounded: bool = False
    date_format: str | None = None
    partial: str = "last"
    days_per_month: str | None = None
    part: str | None = None
    missing: tuple[str, ...] = ()
    number: str | None = None
    below: str | None = None
    words: Mapping[str, str] | str | None = None
    is_as_written: bool = False


@dataclass(frozen=True)
class SetAside:
    """A named rule for records that are left out on purpose, and the SQL condition they meet."""

    rule: str
    where: str


@dataclass(frozen=True)
class Unpivot:
    """Columns that become rows: column of the file to the name the rows get (`unpivot_name`)."""

    columns: Mapping[str, str]
    keep_empty: bool = False


@dataclass(frozen=True)
class Match:
    """Columns of a laboratory file that are compared with the patient it is linked to."""

    sex: str | None = None
    birth_year: str | None = None


@dataclass(frozen=True)
class Source:
    """One source of one canonical table: columns over one short name, or a SELECT over several.

    `defaults` hold for those columns a SELECT delivers and `columns` does not name.
    """

    table: str
    files: tuple[str, ...]
    columns: Mapping[str, ColumnRule] = field(default_factory=dict)
    select: str | None = None
    defaults: Mapping[str, ColumnRule] = field(default_factory=dict)
    set_aside: tuple[SetAside, ...] = ()
    otherwise: str = "not_selected"
    unpivot: Unpivot | None = None
    match: Match | None = None
    version: str | None = None
    place: str = "mapping.toml"


@dataclass(frozen=True)
class FileRule:
    """One short name: the file (name or pattern) behind it and how it is read."""

    name: str
    file: str
    format: str = "native"
    options: FileOptions = FileOptions()
    set_aside: str | None = None


@dataclass(frozen=True)
class StudyMapping:
    """mapping.toml as a whole. `format` is that of files it does not name."""

    format: str = "native"
    files: tuple[FileRule, ...] = ()
    sources: tuple[Source, ...] = ()
    maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    columns: Mapping[str, Mapping[str, ColumnRule]] = field(default_factory=dict)


@dataclass(frozen=True)
class Extract:
    """extract.toml: the data cut."""

    cut_off: dt.date
    extracted_at: str
    calendar: str = "calendar"
    days_per_month: str = "30.4375"


def read_mapping(folder: Path) -> StudyMapping:
    """mapping.toml of a study or layout folder; a native mapping where there is none.

    Raises ExtractError with every unknown or wrong entry.
    """
    path = folder / "mapping.toml"
    if not path.is_file():
        return StudyMapping()
    raw = _toml(path)
    found: list[Problem] = []
    mapping = StudyMapping(
        format=raw.pop("format", "native"),
        maps=raw.pop("maps", {}),
        # Before `missing` leaves `raw`: the codes of the whole study hold in each file.
        files=tuple(_file(name, body, raw=raw, found=found) for name, body in raw.pop("files", {}).items()),
        missing=tuple(raw.pop("missing", ())),
        columns={
            table: _columns(columns, f"mapping.toml, [columns.{table}]", found)
            for table, columns in raw.pop("columns", {}).items()
        },
        sources=tuple(
            _source(body, place=f"mapping.toml, [[table]] {number}", folder=folder, found=found)
            for number, body in enumerate(raw.pop("table", []), start=1)
        ),
    )
    found += [Problem("mapping.toml", f"unknown entry {key}") for key in raw]
    if mapping.format not in FORMATS:
        found.append(
            Problem("mapping.toml", "unknown format", value=mapping.format, allowed=", ".join(FORMATS))
        )
    if found:
        raise ExtractError(found)
    return mapping


def read_extract(folder: Path) -> Extract:
    """extract.toml of an extract folder. A missing file or cut-off raises ExtractError."""
    path = folder / "extract.toml"
    if not path.is_file():
        raise ExtractError(
            [Problem("extract.toml", "is missing; it states cut_off, extracted_at and calendar")]
        )
    raw = _toml(path)
    found: list[Problem] = []
    if not isinstance(raw.get("cut_off"), dt.date):
        found.append(Problem("extract.toml", "cut_off is missing", allowed="a date, cut_off = 2026-03-31"))
    if raw.get("calendar", "calendar") not in ("calendar", "relative"):
        found.append(Problem("extract.toml", "calendar", value=raw["calendar"], allowed="calendar, relative"))
    extract = _build(
        Extract, {**raw, "extracted_at": str(raw.get("extracted_at", ""))}, "extract.toml", found
    )
    if found or extract is None:
        raise ExtractError(found)
    return extract


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ExtractError([Problem(path.name, f"is no TOML: {error}")]) from error


def _build(kind: type[Part], raw: Mapping[str, Any], place: str, found: list[Problem]) -> Part | None:
    """A dataclass from a TOML table; lists become tuples, an unknown key or a missing one a problem."""
    names = {one.name for one in fields(kind)}  # type: ignore[arg-type]  # every `kind` here is a dataclass
    unknown = sorted(set(raw) - names)
    if unknown:
        found.append(Problem(place, f"unknown key {', '.join(unknown)}", allowed=", ".join(sorted(names))))
        return None
    try:
        return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()})
    except TypeError as error:
        found.append(Problem(place, str(error)))
        return None


def _file(name: str, body: dict[str, Any], *, raw: dict[str, Any], found: list[Problem]) -> FileRule:
    place = f"mapping.toml, [files.{name}]"
    options = {key: body.pop(key) for key in list(body) if key in OPTION_NAMES}
    missing = (*raw.get("missing", ()), *body.pop("missing", ()))
    read = _build(FileOptions, {**options, "missing_values": missing}, place, found)
    rule = _build(
        FileRule, {"format": "table", **body, "name": name, "options": read or FileOptions()}, place, found
    )
    if rule is not None and rule.format not in FORMATS:
        found.append(Problem(place, "unknown format", value=rule.format, allowed=", ".join(FORMATS)))
    return rule or FileRule(name=name, file=name)


def _source(body: dict[str, Any], *, place: str, folder: Path, found: list[Problem]) -> Source:
    files = body.pop("from", ())
    select = body.pop("select", None)
    if select is not None:
        path = folder / select
        select = path.read_text(encoding="utf-8") if path.is_file() else None
        if select is None:
            found.append(Problem(place, f"no SELECT file {path.name} beside mapping.toml"))
    unpivot, match = body.pop("unpivot", None), body.pop("match", None)
    rules = [_build(SetAside, one, place, found) for one in body.pop("set_aside", ())]
    parts: dict[str, Any] = {
        "files": (files,) if isinstance(files, str) else tuple(files),
        "columns": _columns(body.pop("columns", {}), place, found),
        "set_aside": [*(rule for rule in rules if rule), *_instrument(body)],
        "unpivot": _build(Unpivot, unpivot, place, found) if unpivot else None,
        "match": _build(Match, match, place, found) if match else None,
    }
    table = body.pop("name", "")
    built = _build(Source, {**body, **parts, "table": table, "select": select, "place": place}, place, found)
    return built or Source(table=table, files=())


def _instrument(body: dict[str, Any]) -> list[SetAside]:
    """REDCap: `instrument` and `event` of a [[table]] leave the other records of the export aside."""
    rules = []
    if "instrument" in body:
        text = _quoted(body.pop("instrument"))
        rules.append(SetAside("other_instrument", f"coalesce(redcap_repeat_instrument, '') <> {text}"))
    if "event" in body:
        events = body.pop("event")
        names = ", ".join(_quoted(one) for one in ([events] if isinstance(events, str) else events))
        rules.append(SetAside("other_event", f"coalesce(redcap_event_name, '') not in ({names})"))
    return rules


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _columns(raw: Mapping[str, Any], place: str, found: list[Problem]) -> dict[str, ColumnRule]:
    rules = {}
    for name, value in raw.items():
        body: dict[str, Any] = {"column": value} if isinstance(value, str) else dict(value)
        where = f"{place}, {name}"
        for key in ("map", "words"):
            if isinstance(body.get(key), dict):
                body[key] = {str(word): str(text) for word, text in body[key].items()}
        rule = _build(ColumnRule, body, where, found)
        if rule is None:
            continue
        if (rule.column is None) == (rule.constant is None):
            found.append(Problem(where, "needs exactly one of column and constant"))
        if rule.date_format not in (None, *DATE_FORMATS):
            allowed = ", ".join(DATE_FORMATS)
            found.append(Problem(where, "unknown date_format", value=rule.date_format, allowed=allowed))
        rules[name] = rule
    return rules
