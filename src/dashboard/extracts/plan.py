"""From mapping and files to the list of SELECTs of one load."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import duckdb

from dashboard.extracts.compile import Surroundings, compile_source, complete_rules, record_sql
from dashboard.extracts.direct import CAREFUL, direct_sql
from dashboard.extracts.files import ReadFiles
from dashboard.extracts.formats.native import native_source
from dashboard.extracts.formats.sdtm import sdtm_sources
from dashboard.extracts.ledger import Feed
from dashboard.extracts.mapping import Extract, Source, StudyMapping
from dashboard.extracts.problems import ExtractError, Problem
from dashboard.extracts.reference import value_maps
from dashboard.extracts.values import missing_to_null, named
from dashboard.model.tables import Table, canonical_tables

# What a SELECT may mean by a column: a bare word, or any text in double quotes ("VAF (%)").
WORDS = re.compile(r"\w+")
QUOTED = re.compile(r'"([^"]+)"')


@dataclass(frozen=True)
class Direct:
    """The same in two parts: `sql` takes plain records of a file with `columns`, `careful_sql` the others."""

    sql: str
    careful_sql: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One SELECT of the load with the source it came from. `direct`: a cheaper way to the same rows."""

    source: Source
    sql: str
    feeds: tuple[Feed, ...]
    direct: Direct | None = None


def plan_load(
    connection: duckdb.DuckDBPyConnection, mapping: StudyMapping, read: ReadFiles, extract: Extract
) -> list[Step]:
    """One step per canonical table and source, in the order of the data package.

    Raises ExtractError naming everything that stops the load: missing tables and columns, undecided dates.
    """
    is_relative = extract.calendar == "relative"
    sources = _sources(mapping, read, is_relative=is_relative)
    found = _wrong_names(sources, read)
    steps = []
    for source in [] if found else sources:
        try:
            steps.append(_step(connection, source, sources, mapping=mapping, read=read, extract=extract))
        except ExtractError as error:
            found += error.problems
    if found:
        raise ExtractError(found)
    return steps


def _sources(mapping: StudyMapping, read: ReadFiles, *, is_relative: bool) -> list[Source]:
    sources = list(mapping.sources)
    mapped = {name for source in sources for name in source.files}
    for one in read.files:
        if (
            one.rule.format == "native"
            and one.rule.name not in mapped
            and one.rule.name in canonical_tables()
        ):
            table = canonical_tables()[one.rule.name]
            declared = mapping.columns.get(table.name, {})
            sources.append(
                replace(
                    native_source(table, one.rule.name, one.table.columns, declared, is_relative=is_relative),
                    place=one.table.source_file,
                )
            )
            mapped.add(one.rule.name)
    # A domain that the mapping sets aside as a whole feeds nothing.
    domains = {one.rule.name for one in read.files if one.rule.format == "sdtm" and not one.rule.set_aside}
    own = {source.table for source in mapping.sources}
    sources += [one for one in sdtm_sources(domains, mapping.columns) if one.table not in own]
    order = list(canonical_tables())
    return sorted(sources, key=lambda one: order.index(one.table) if one.table in order else -1)


def _wrong_names(sources: Sequence[Source], read: ReadFiles) -> list[Problem]:
    found = []
    if not any(source.table == "patient" for source in sources):
        found.append(
            Problem(
                "extract", "the required table patient is missing", allowed="a file or a [[table]] patient"
            )
        )
    for source in sources:
        if source.table not in canonical_tables():
            allowed = ", ".join(canonical_tables())
            found.append(
                Problem(source.place, "unknown canonical table", value=source.table, allowed=allowed)
            )
        unknown = [name for name in source.files if name not in read.names]
        if unknown or not source.files:
            allowed = ", ".join(read.names)
            found.append(
                Problem(source.place, "`from` names no file", value=", ".join(unknown), allowed=allowed)
            )
        if source.select is None and len(source.files) > 1:
            found.append(Problem(source.place, "several files in `from` need a SELECT file"))
    return found


def _step(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    sources: Sequence[Source],
    *,
    mapping: StudyMapping,
    read: ReadFiles,
    extract: Extract,
) -> Step:
    missing = tuple(dict.fromkeys(code for name in source.files for code in _missing(read, name)))
    around = Surroundings(
        maps={**value_maps(), **mapping.maps},
        missing=missing,
        is_relative=extract.calendar == "relative",
        days_per_month=extract.days_per_month,
        columns=_columns(connection, source, missing),
        is_trimmed=all(one.table.is_trimmed for name in source.files for one in read.of(name)),
    )
    decided = _with_date_formats(connection, source, around)
    table = canonical_tables()[source.table]
    feeds = tuple(_feeds(decided, sources, read))
    is_sole = sum(other.table == source.table for other in sources) == 1
    direct = None
    if is_sole and all(feed.is_plain for feed in feeds):
        direct = _direct(table, decided, around)
    return Step(decided, compile_source(table, decided, around), feeds, direct)


def _direct(table: Table, source: Source, around: Surroundings) -> Direct | None:
    sql = direct_sql(table, source, around)
    if sql is None:
        return None
    careful_sql = compile_source(table, source, replace(around, origin=CAREFUL))
    return Direct(sql, careful_sql, around.columns)


def _missing(read: ReadFiles, name: str) -> Iterator[str]:
    for one in read.of(name):
        yield from one.rule.options.missing_values


def _columns(
    connection: duckdb.DuckDBPyConnection, source: Source, missing: tuple[str, ...]
) -> tuple[str, ...]:
    try:
        rows = connection.execute(f"describe {record_sql(source, missing=missing)}").fetchall()
    except duckdb.Error as error:
        raise ExtractError(
            [Problem(source.place, f"the SELECT for {source.table} cannot run: {error}")]
        ) from error
    columns = tuple(row[0] for row in rows)
    absent = [name for name in ("source_file", "source_row") if name not in columns]
    if absent:
        message = f"the SELECT for {source.table} delivers no {' and no '.join(absent)}"
        raise ExtractError([Problem(source.place, message)])
    return columns


def _feeds(source: Source, sources: Sequence[Source], read: ReadFiles) -> Iterator[Feed]:
    is_simple = source.select is None and source.unpivot is None
    for name in source.files:
        is_sole = sum(name in other.files for other in sources) == 1
        for one in read.of(name):
            yield Feed(
                one.table.source_file,
                one.raw,
                source.table,
                otherwise="no_value" if source.unpivot else source.otherwise,
                is_plain=is_simple and is_sole,
            )


def _with_date_formats(connection: duckdb.DuckDBPyConnection, source: Source, around: Surroundings) -> Source:
    """Day before month is never guessed (clinical-decisions A38): a column written so is read day first where
    some day is above 12 and no month is; otherwise it must be declared."""
    table = canonical_tables()[source.table]
    rules = complete_rules(table, source, around)
    open_rules = {
        name: rule
        for name, rule in rules.items()
        if table.field(name).type == "date" and rule.date_format is None and rule.column is not None
    }
    if around.is_relative or not open_rules:
        return source
    checks = ", ".join(
        _evidence(rule.column or "", (*around.missing, *rule.missing)) for rule in open_rules.values()
    )
    record = record_sql(source, missing=around.missing)
    row = connection.execute(f"select {checks} from ({record}) as record").fetchall()[0]
    columns = dict(source.columns)
    found = []
    for (name, rule), evidence in zip(open_rules.items(), row, strict=True):
        if evidence["written"] and evidence["day_above_12"] and not evidence["month_above_12"]:
            columns[name] = replace(rule, date_format="dmy")
        elif evidence["written"]:
            found.append(
                Problem(
                    source.place,
                    f"{table.name}.{name}: cannot tell day from month; say date_format for this column",
                    column=rule.column,
                    value=evidence["example"],
                    allowed='date_format = "dmy" or "mdy"',
                )
            )
    if found:
        raise ExtractError(found)
    return replace(source, columns=columns)


def _evidence(column: str, missing: tuple[str, ...]) -> str:
    text = f"plain_text({missing_to_null(f'cast(record.{named(column)} as varchar)', missing)})"
    part = "cast(regexp_extract({0}, '^(\\d+)\\D(\\d+)', {1}) as integer)"
    written = f"is_written_day_first({text})"
    return (
        f"{{'written': bool_or({written}), "
        f"'day_above_12': bool_or(case when {written} then {part.format(text, 1)} > 12 end), "
        f"'month_above_12': bool_or(case when {written} then {part.format(text, 2)} > 12 end), "
        f"'example': min({text}) filter ({written})}}"
    )


def unmapped_columns(steps: Sequence[Step], read: ReadFiles) -> list[tuple[str, str]]:
    """File and column of every column that no source of its file mentions."""
    rows = []
    for one in read.files:
        texts = [text for step in steps if one.rule.name in _mentions(step) for text in _texts(step)]
        words = {word.lower() for text in texts for word in WORDS.findall(text)} | {
            text.lower() for text in texts
        }
        words |= {name.lower() for text in texts for name in QUOTED.findall(text)}
        rows += [
            (one.table.source_file, column) for column in one.table.columns if column.lower() not in words
        ]
    return rows


def _mentions(step: Step) -> set[str]:
    return {*step.source.files, *re.findall(r"source\.\"?(\w+)", step.source.select or "")}


def _texts(step: Step) -> Iterator[str]:
    source = step.source
    yield from (rule.column for rule in source.columns.values() if rule.column is not None)
    yield from (one.where for one in source.set_aside)
    yield from source.unpivot.columns if source.unpivot else ()
    yield from (text for text in (source.select, source.version) if text)
    if source.match:
        yield from (text for text in (source.match.sex, source.match.birth_year) if text)
