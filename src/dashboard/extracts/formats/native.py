"""Native files: <canonical table>.csv (or .xlsx, .parquet) with the canonical column names as header."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dashboard.extracts.mapping import ColumnRule, Match, Source
from dashboard.model.tables import Table

# A fraction may stand in a unit that says so in its header.
UNITS = {"maf_percent": ("maf_ppm", "percent"), "maf_fraction": ("maf_ppm", "fraction")}


def native_source(
    table: Table, name: str, columns: Sequence[str], declared: Mapping[str, ColumnRule], *, is_relative: bool
) -> Source:
    """The source of a native file: each header that is a canonical column. `declared` adds or changes rules.

    A laboratory's ctdna_sample file may carry sex and birth_year, which are compared with the patient.
    """
    canonical = {field.name for field in table.fields}
    rules: dict[str, ColumnRule] = {}
    for column in columns:
        target, unit = UNITS.get(column.lower(), (column.lower(), None))
        if target in canonical:
            rules[target] = ColumnRule(column=column, unit=unit)
    if is_relative:
        rules = {target: _in_study_days(table, target, rule) for target, rule in rules.items()}
    lower = {column.lower(): column for column in columns}
    return Source(
        table=table.name,
        files=(name,),
        columns={**rules, **declared},
        match=Match(sex=lower.get("sex"), birth_year=lower.get("birth_year"))
        if table.name == "ctdna_sample"
        else None,
        version=lower.get("report_version"),
        place=name,
    )


def _in_study_days(table: Table, target: str, rule: ColumnRule) -> ColumnRule:
    return replace(rule, unit="day") if table.field(target).type == "date" else rule
