"""One SELECT per canonical table and source over the raw text: values, and what is wrong with each record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard.extracts.mapping import ColumnRule, Source
from dashboard.extracts.problems import ExtractError, Problem
from dashboard.extracts.stage import STAGE_COLUMNS, stage_columns, stage_sql
from dashboard.extracts.values import ValueSql, missing_to_null, named, quoted, value_sql
from dashboard.model.tables import Field, Table

# Where the text of a column is kept when its value was mapped, converted or read as a number.
AS_WRITTEN = {
    ("response", "overall"): "as_written",
    ("variant", "maf_ppm"): "maf_text",
    ("ctdna_sample", "quantity_value"): "quantity_text",
}
LINK = """(
        select sample_link.laboratory_id as laboratory_key, sample_link.patient_id as linked_patient,
            patient.sex as linked_sex, patient.born_on as linked_born_on
        from sample_link left join patient using (patient_id)
    ) as link"""


@dataclass(frozen=True)
class Surroundings:
    """What a source is compiled in: value maps, missing codes, the calendar, and the columns it may read.

    `origin`: the table (SQL) that holds the records, where it is not the view of the short name.
    `is_trimmed`: no cell of its files begins or ends with a blank.
    """

    maps: Mapping[str, Mapping[str, str]]
    missing: tuple[str, ...] = ()
    is_relative: bool = False
    days_per_month: str = "30.4375"
    columns: tuple[str, ...] = ()
    origin: str | None = None
    is_trimmed: bool = False


def compile_source(table: Table, source: Source, around: Surroundings) -> str:
    """The SELECT that reads one source: the stored columns of `table`, then `STAGE_COLUMNS`.

    Raises ExtractError for a column the file does not have, an unknown named map, or an impossible unit.
    """
    rules = complete_rules(table, source, around)
    values = _values(table, source, rules, around)
    fields = {field.name: field for field in table.fields}
    steps = [
        ("record", record_sql(source, missing=around.missing, origin=around.origin)),
        ("texts", _texts(source, values, around)),
        ("words", _step("texts", [(f"{one.name}:word", one.word) for one in values])),
        ("days", _step("words", [(f"{one.name}:ymd", one.ymd) for one in values if one.ymd])),
        ("valued", _step("days", [(f"{one.name}:value", one.value) for one in values])),
    ]
    body = ",\n".join(f"{name} as (\n    {sql}\n)" for name, sql in steps)
    final = _final(table, source, values, fields, around)
    return f"-- One row per record or part of a record read for {table.name}.\nwith {body}\n{final}"


def record_sql(source: Source, *, missing: tuple[str, ...], origin: str | None = None) -> str:
    """The raw text a source reads: a short name, its columns turned into rows, or the study's own SELECT."""
    if source.select is not None:
        return source.select.strip().rstrip(";")
    if source.unpivot is None:
        return f"select * from {origin or 'source.' + named(source.files[0])}"
    cells = {column: f"nullif(trim({named(column)}), '')" for column in source.unpivot.columns}
    pairs = ", ".join(
        f"{{'name': {quoted(name)}, 'value': {missing_to_null(cells[column], missing)}}}"
        for column, name in source.unpivot.columns.items()
    )
    rows = f"select *, unnest([{pairs}]) as pair from source.{named(source.files[0])}"
    kept = "" if source.unpivot.keep_empty else " where pair.value is not null"
    return (
        f"select * exclude (pair), pair.name as unpivot_name, pair.value as unpivot_value from ({rows}){kept}"
    )


def complete_rules(table: Table, source: Source, around: Surroundings) -> dict[str, ColumnRule]:
    """The rules of a source by canonical column, with those that keep the text as written.

    Raises ExtractError naming every rule for a column that is not canonical or not in the file.
    """
    names = [field.name for field in table.fields]
    rules = {name: rule for name, rule in source.columns.items() if name != "report_version" or name in names}
    if source.select is not None:
        delivered = {
            name: source.defaults.get(name, ColumnRule(column=name))
            for name in around.columns
            if name in names
        }
        rules = {**delivered, **rules}
    found = [
        Problem(source.place, f"{table.name} has no column {name}", allowed=", ".join(names))
        for name in rules
        if name not in names
    ]
    found += [
        Problem(
            source.place,
            f"{table.name}.{name} is read from a column the file does not have",
            value=rule.column,
        )
        for name, rule in rules.items()
        if rule.column is not None and rule.column not in around.columns
    ]
    found += [
        Problem(
            source.place,
            f"{table.name}.{field.name} is required and nothing is mapped to it",
            value=", ".join(name for name in around.columns if name not in ("source_file", "source_row")),
            allowed=f"a column {field.name}, or a mapping to it",
        )
        for field in table.fields
        if field.is_required
        and field.name not in rules
        and not (field.name == "patient_id" and is_linked(table, rules))
    ]
    if found:
        raise ExtractError(found)
    if around.is_relative:
        rules = {
            name: replace(rule, days_per_month=rule.days_per_month or around.days_per_month)
            for name, rule in rules.items()
        }
    return rules | _as_written(table, rules)


def _as_written(table: Table, rules: Mapping[str, ColumnRule]) -> dict[str, ColumnRule]:
    names = {field.name: field for field in table.fields}
    kept = {}
    for name, rule in rules.items():
        other = AS_WRITTEN.get((table.name, name), f"{name}_as_written")
        is_changed = rule != ColumnRule(column=rule.column, missing=rule.missing) or name in ("gene", "value")
        if other in names and other not in rules and rule.column is not None and is_changed:
            kept[other] = ColumnRule(column=rule.column, missing=rule.missing, is_as_written=True)
    return kept


def _values(
    table: Table, source: Source, rules: Mapping[str, ColumnRule], around: Surroundings
) -> list[ValueSql]:
    values, found = [], []
    for field in table.fields:
        rule = rules.get(field.name)
        if rule is None:
            continue
        text = _text(rule, around)
        try:
            one = value_sql(field, rule, text=text, maps=around.maps, is_relative=around.is_relative)
        except (KeyError, ValueError) as error:
            found.append(Problem(source.place, f"{table.name}.{field.name}: {error}"))
            continue
        special = SPECIAL.get((table.name, field.name)) if rule.map is None else None
        values.append(special(one) if special else one)
    if found:
        raise ExtractError(found)
    if table.name == "measurement":
        values = [_with_unit(one) if one.is_as_written and "unit" in rules else one for one in values]
    if table.name == "measurement" and "comparator" not in rules and "value" in rules:
        values.append(_comparator(table.field("comparator"), text=_text(rules["value"], around)))
    if is_linked(table, rules):
        values.append(value_sql(table.field("patient_id"), ColumnRule(), text="link.linked_patient", maps={}))
    return values


def is_linked(table: Table, rules: Mapping[str, ColumnRule]) -> bool:
    """Whether patients are found through sample_link: only a laboratory id is there."""
    return table.name == "ctdna_sample" and "laboratory_id" in rules and "patient_id" not in rules


def _text(rule: ColumnRule, around: Surroundings) -> str:
    if rule.constant is not None:
        return quoted(rule.constant)
    cell = f"cast(record.{named(rule.column or '')} as varchar)"
    return missing_to_null(cell, (*around.missing, *rule.missing))


def _with_comparator(value: ValueSql) -> ValueSql:
    """A measurement may be below or above a limit of the method ("<0.5"): the number is the limit."""
    return replace(value, word=f"regexp_replace({value.word}, '^[<>＜＞] *', '')")


def _with_unit(value: ValueSql) -> ValueSql:
    """The value as written, with its unit."""
    return replace(value, value=f"concat_ws(' ', {named(value.name + ':word')}, {named('unit:text')})")


def _with_generic_names(value: ValueSql) -> ValueSql:
    """Drugs of a regimen by generic name, sorted, joined by " + " (drug_synonyms.csv)."""
    parts = f"string_split_regex(lower(plain_text({named(value.name + ':word')})), ' *[+,;、，；] *')"
    generic = f"list_transform({parts}, lambda one: coalesce(getvariable('drug_names')[one], one))"
    return replace(value, value=f"nullif(array_to_string(list_sort(list_distinct({generic})), ' + '), '')")


SPECIAL: Mapping[tuple[str, str], Callable[[ValueSql], ValueSql]] = {
    ("measurement", "value"): _with_comparator,
    ("treatment", "agents"): _with_generic_names,
}


def _comparator(field: Field, *, text: str) -> ValueSql:
    first = "left(plain_text(" + named("comparator:text") + "), 1)"
    word = f"case when {first} in ('<', '>') then {first} end"
    return ValueSql(
        name=field.name,
        text=text,
        word=word,
        value=named("comparator:word"),
        allowed=", ".join(field.allowed),
    )


def _texts(source: Source, values: Sequence[ValueSql], around: Surroundings) -> str:
    columns = [f"{one.text} as {named(one.name + ':text')}" for one in values]
    is_link = any(one.text == "link.linked_patient" for one in values)
    columns.append(f"{_set_aside(source, around, is_link=is_link)} as {named('set aside')}")
    joins = ""
    if is_link:
        laboratory = next(one.text for one in values if one.name == "laboratory_id")
        joins = f"\n    left join {LINK} on link.laboratory_key = {laboratory}"
        columns += [
            f"link.{name} as {named(name.replace('_', ' ', 1))}" for name in ("linked_sex", "linked_born_on")
        ]
    listed = ",\n        ".join(columns)
    return f"select\n        record.*,\n        {listed}\n    from record{joins}"


def _set_aside(source: Source, around: Surroundings, *, is_link: bool) -> str:
    whens = [f"when {one.where} then {quoted(one.rule)}" for one in source.set_aside]
    if source.select is not None and "set_aside" in around.columns:
        whens.append("when record.set_aside is not null then record.set_aside")
    if is_link:
        whens.append("when link.linked_patient is null then 'unlinked_laboratory_id'")
    return f"case {' '.join(whens)} end" if whens else "cast(null as varchar)"


def _step(origin: str, columns: Sequence[tuple[str, str | None]]) -> str:
    listed = "".join(f",\n        {sql} as {named(name)}" for name, sql in columns)
    return f"select\n        *{listed}\n    from {origin}"


def _final(
    table: Table,
    source: Source,
    values: Sequence[ValueSql],
    fields: Mapping[str, Field],
    around: Surroundings,
) -> str:
    read = {one.name: one for one in values}
    columns = [
        _stored(name, sql_type, read) for name, sql_type in stage_columns(table)[: -3 - len(STAGE_COLUMNS)]
    ]
    columns += [
        "cast(source_file as varchar) as source_file",
        "cast(source_row as bigint) as source_row",
        "cast(1 as integer) as n_copies",
        *stage_sql(source, values, fields, around.columns),
    ]
    return "select\n    " + ",\n    ".join(columns) + "\nfrom valued"


def _stored(name: str, sql_type: str, read: Mapping[str, ValueSql]) -> str:
    base = name.removesuffix("_precision")
    if base != name and base in read and read[base].precision:
        known = f"{named(base + ':value')} is not null"
        return f"case when {known} then {read[base].precision} end as {named(name)}"
    value = named(f"{name}:value") if name in read else "null"
    return f"cast({value} as {sql_type}) as {named(name)}"
