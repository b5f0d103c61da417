"""The stage: rows of one canonical table, good and bad, with what is wrong and why they are left aside."""

from collections.abc import Mapping, Sequence

from dashboard.extracts.mapping import Source
from dashboard.extracts.values import ValueSql, named, quoted
from dashboard.model.tables import Field, Table, stored_columns
from dashboard.rules.written_sex import SEX_BY_BEGINNING

# Besides its own columns each staged row has these; they leave when good rows and bad rows part.
STAGE_COLUMNS = (
    ("problems", "VARCHAR"),
    ("set_aside", "VARCHAR"),
    ("version", "INTEGER"),
    ("source_rows", "BIGINT[]"),
    ("row_text", "VARCHAR"),
    ("match_sex", "VARCHAR"),
    ("match_birth_year", "VARCHAR"),
)
OWN_COLUMNS = ("source_file", "source_row", "source_rows", "set_aside", "report_version")


def stage_columns(table: Table) -> list[tuple[str, str]]:
    """Name and type of the columns of the stage: what is stored but the key, then STAGE_COLUMNS."""
    return [*(one for one in stored_columns(table) if one[0] != "row_key"), *STAGE_COLUMNS]


def key_sql(table: Table) -> str:
    """The natural key of a row as readable text."""
    # Written in one go, and NULL as nothing, which `||` would do in a pass for each part.
    parts = ", ' | ', ".join(named(name) for name in table.key)
    return f"concat({parts})"


def stage_sql(
    source: Source, values: Sequence[ValueSql], fields: Mapping[str, Field], columns: Sequence[str]
) -> list[str]:
    """The SQL of STAGE_COLUMNS for one source whose SELECT has `columns`."""
    faults = [part for one in values for part in _faults(one, fields[one.name])]
    faults += _mismatches(source)
    is_bad = " or ".join(f"({condition})" for condition, *_ in faults) or "false"
    listed = ", ".join(
        f"case when {condition} then {{'column_name': {quoted(name)}, 'value': masked({value}), "
        f"'allowed': {quoted(allowed)}}} end"
        for condition, name, value, allowed in faults
    )
    is_row = f"{named('set aside')} is null and ({is_bad})"
    problems = (
        f"case when {is_row} then "
        f"cast(to_json(list_filter([{listed}], lambda one: one is not null)) as varchar) end"
        if faults
        else "null"
    )
    raw = ", ".join(f"{quoted(name)}: {named(name)}" for name in columns if name not in OWN_COLUMNS)
    version = "report_version" if "report_version" in columns else source.version
    match = source.match
    return [
        f"cast({problems} as varchar) as problems",
        f"{named('set aside')} as set_aside",
        f"{f'try_cast({named(version)} as integer)' if version else 'cast(null as integer)'} as version",
        f"{'source_rows' if 'source_rows' in columns else 'cast(null as bigint[])'} as source_rows",
        f"case when {is_row} then masked(cast(to_json({{{raw}}}) as varchar)) end as row_text",
        f"{_or_null(match.sex if match else None)} as match_sex",
        f"{_or_null(match.birth_year if match else None)} as match_birth_year",
    ]


def _or_null(column: str | None) -> str:
    return named(column) if column else "cast(null as varchar)"


def _faults(one: ValueSql, field: Field) -> list[tuple[str, str, str, str]]:
    """Condition, column, value and what is allowed, for each thing that can be wrong with one column."""
    text, word, value = (named(f"{one.name}:{part}") for part in ("text", "word", "value"))
    if field.is_required:
        bad = f"{value} is null"
    else:
        bad = f"{value} is null and {word} is not null and plain_text({word}) <> ''"
    faults = [] if one.is_as_written else [(bad, field.name, text, _allowed(one, field))]
    if field.minimum is not None:
        faults.append((f"{value} < {field.minimum:g}", field.name, text, one.allowed))
    if field.maximum is not None:
        faults.append((f"{value} > {field.maximum:g}", field.name, text, one.allowed))
    if field.name == "maf_ppm":
        faults.append((f"{value} = 0", field.name, text, "a number above 0; not detected is a status"))
    return faults


def _allowed(one: ValueSql, field: Field) -> str:
    return f"{one.allowed}{' (required)' if field.is_required else ''}"


def _mismatches(source: Source) -> list[tuple[str, str, str, str]]:
    faults = []
    if source.match and source.match.sex:
        sex = named(source.match.sex)
        meant = [f"when {quoted(word)} then {quoted(one)}" for word, one in SEX_BY_BEGINNING.items()]
        said = f"case lower(left(plain_text({sex}), 2)) {' '.join(meant)} end"
        other = "the sex of the patient the laboratory id is linked to"
        faults.append((f"({said}) <> {named('linked sex')}", source.match.sex, sex, other))
    if source.match and source.match.birth_year:
        year = named(source.match.birth_year)
        differs = f"regexp_extract({year}, '\\d{{4}}') <> cast(year({named('linked born_on')}) as varchar)"
        other = "the year of birth of the patient the laboratory id is linked to"
        faults.append((f"{year} is not null and {differs}", source.match.birth_year, year, other))
    return faults
