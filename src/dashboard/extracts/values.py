"""From the text of a cell to a value of its declared type, as SQL: pattern first, cast second."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from dashboard.extracts.identifying import mask_identifiers_sql
from dashboard.extracts.mapping import ColumnRule
from dashboard.extracts.source import INVISIBLE
from dashboard.model.tables import Field
from dashboard.studies.study_time import DAY_ZERO

MACROS = Path(__file__).parent / "values.sql"
FIRST_DAY, LAST_DAY = "1900-01-01", "2100-12-31"  # dates outside are none (values.sql)
MOST_WHOLE_DIGITS = 9  # of an integer
PARSERS = {
    None: "year_first",
    "ymd": "year_first",
    "dmy": "day_first",
    "mdy": "month_first",
    "excel": "excel_serial",
    "datetime": "iso_datetime",
}
DATE_TEXTS = {
    None: "a date written year first (2025-03-05, 2025-03, 2025年3月5日) or month and year (03/2025)",
    "ymd": "a date written year first (2025-03-05, 2025-03, 2025年3月5日) or month and year (03/2025)",
    "dmy": "a date written day first (05/03/2025), year first, or month and year",
    "mdy": "a date written month first (03/05/2025), year first, or month and year",
    "excel": "an Excel day number (45721) or a date written year first",
    "datetime": "an ISO 8601 date or date and time",
}
# Powers of ten from the unit of the file to the canonical unit (clinical-decisions A37).
POWERS = {
    "ppm": {"ppm": 0, "percent": 4, "fraction": 6},
    "%": {"percent": 0, "fraction": 2},
    "mm": {"mm": 0, "cm": 1},
    "Gy": {"Gy": 0, "cGy": -2},
    "ng per mL plasma": {"ng/mL plasma": 0, "µg/L plasma": 0},
}


@dataclass(frozen=True)
class ValueSql:
    """SQL of one canonical column. `text` reads the record; `word` may use "<name>:text", `ymd` and `value`
    "<name>:word", `precision` "<name>:ymd"."""

    name: str
    text: str
    word: str
    value: str
    allowed: str
    ymd: str | None = None
    precision: str | None = None
    is_as_written: bool = False


def load_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the macros of values.sql known to this connection."""
    connection.execute(MACROS.read_text(encoding="utf-8"))
    connection.execute(f"create or replace temporary macro masked(x) as {mask_identifiers_sql('x')}")


def quoted(text: str) -> str:
    """A text as SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """A name as SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def compared(text: str) -> str:
    """Text as value maps compare it: NFC, full-width forms to ASCII, invisible characters away, lower case.

    >>> compared(" １２％ ")
    '12%'
    """
    ascii_forms = "".join(
        unicodedata.normalize("NFKC", one) if "！" <= one <= "～" or one == "　" else one
        for one in unicodedata.normalize("NFC", text)
    )
    return ascii_forms.translate({ord(one): None for one in INVISIBLE if one != "\u00a0"}).strip().lower()


def missing_to_null(expression: str, codes: tuple[str, ...]) -> str:
    """NULL where the text is one of the codes for a missing value; blank text is left to `value_sql`."""
    if not codes:
        return expression
    listed = ", ".join(quoted(compared(code)) for code in codes)
    return f"case when lower(plain_text({expression})) not in ({listed}) then {expression} end"


def value_sql(
    field: Field,
    rule: ColumnRule,
    *,
    text: str,
    maps: Mapping[str, Mapping[str, str]],
    is_relative: bool = False,
) -> ValueSql:
    """How one canonical column is read. `text` is the SQL of the cell, missing values already NULL.

    Raises KeyError for an unknown named map and ValueError for a unit the column cannot take.
    """
    if rule.is_as_written:
        return _as_written(field, text)
    source = named(f"{field.name}:text")
    word = _word(field, rule, source, maps)
    target = named(f"{field.name}:word")
    if field.type == "date":
        return _date(field, rule, text=text, word=word, is_relative=is_relative)
    if field.type in ("integer", "bigint", "number"):
        value, allowed = _number(field, rule, target)
    elif field.type == "boolean":
        value, allowed = f"yes_no(plain_text({target}))", "true or false, yes or no, 1 or 0"
    elif field.allowed:
        listed = ", ".join(quoted(one) for one in field.allowed)
        value = f"case when {target} in ({listed}) then {target} end"
        allowed = ", ".join(field.allowed)
    else:
        value, allowed = f"nullif(trim({target}), '')", "text"
        if rule.part:
            value = f"nullif(regexp_extract({target}, {quoted(rule.part)}, 1), '')"
            allowed = f"text that has the part {rule.part}"
    return ValueSql(name=field.name, text=text, word=word, value=value, allowed=allowed)


def _as_written(field: Field, text: str) -> ValueSql:
    """The text of another column as it stands; for a gene only where it is not the symbol."""
    source = named(f"{field.name}:word")
    value = source
    if field.name == "gene_as_written":
        value = f"case when {source} <> {named('gene:word')} then {source} end"
    word = named(f"{field.name}:text")
    return ValueSql(name=field.name, text=text, word=word, value=value, allowed="text", is_as_written=True)


def _word(field: Field, rule: ColumnRule, source: str, maps: Mapping[str, Mapping[str, str]]) -> str:
    """The cell after value map, comparator and part; NULL where a map says that there is no value."""
    rest = quoted(rule.otherwise) if rule.otherwise is not None else source
    if rule.part and field.type != "string":
        rest = f"coalesce(nullif(regexp_extract(plain_text({source}), {quoted(rule.part)}, 1), ''), {source})"
    elif field.allowed and rule.otherwise is None:
        rest = f"case when {source} in ({', '.join(map(quoted, field.allowed))}) then {source} "
        rest += f"else lower(plain_text({source})) end"
    steps = []
    words = {**_map(rule.map, maps), **dict.fromkeys(_map(rule.words, maps), "")}
    for text, meant in words.items():
        result = quoted(meant) if meant else "null"
        steps.append(f"when lower(plain_text({source})) = {quoted(compared(text))} then {result}")
    if rule.below is not None:
        below = quoted(rule.below) if rule.below else "null"
        steps.append(f"when regexp_matches(plain_text({source}), '^[<＜≤]') then {below}")
    if rule.number is not None:
        pattern = quoted(_written_number(rule))
        steps.append(f"when regexp_full_match(plain_text({source}), {pattern}) then {quoted(rule.number)}")
    if rule.otherwise is not None:
        steps.insert(0, f"when {source} is null then null")
    return f"case {' '.join(steps)} else {rest} end" if steps else rest


def _map(rule: Mapping[str, str] | str | None, maps: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    if rule is None:
        return {}
    return maps[rule] if isinstance(rule, str) else rule


def _written_number(rule: ColumnRule) -> str:
    """Pattern of a number as the column declares it: decimal mark, thousands mark, per cent sign."""
    whole = r"\d+" if rule.thousands is None else rf"(\d{{1,3}}(\{rule.thousands}\d{{3}})+|\d+)"
    percent = r"( ?%)?" if rule.percent_sign or rule.unit == "percent" else ""
    return rf"[+-]?{whole}(\{rule.decimal}\d*)?{percent}"


def _digits(field: Field, rule: ColumnRule) -> str:
    """The number of a declared format as digits with a point; the text where nothing is declared."""
    text = f"plain_text({named(field.name + ':word')})"
    if rule.decimal == "." and rule.thousands is None and not rule.percent_sign and rule.unit != "percent":
        return text
    cleaned = f"replace({text}, {quoted(rule.thousands)}, '')" if rule.thousands else text
    cleaned = f"replace(rtrim({cleaned}, '% '), {quoted(rule.decimal)}, '.')"
    return f"case when regexp_full_match({text}, {quoted(_written_number(rule))}) then {cleaned} end"


def _power(field: Field, rule: ColumnRule) -> int:
    if rule.unit is None:
        return 0
    powers = POWERS["ppm"] if field.name == "quantity_value" else POWERS.get(field.unit or "", {})
    if rule.unit not in powers:
        raise ValueError(f"unit {rule.unit!r} of {field.name}; allowed: {', '.join(powers) or 'none'}")
    return powers[rule.unit]


def _number(field: Field, rule: ColumnRule, word: str) -> tuple[str, str]:
    """A number that fits the declared digits exactly; more decimals are refused unless `rounded` or zeros."""
    digits, scale = (MOST_WHOLE_DIGITS, 0) if field.type != "number" else (field.decimal or (18, 6))
    power = _power(field, rule)
    scale_in = max(scale + power, 0)
    whole = max(digits - scale - power, 1)
    decimals = r"\d*" if rule.rounded else rf"\d{{0,{scale_in}}}0*"
    pattern = quoted(rf"[+-]?\d{{1,{whole}}}(\.{decimals})?")
    plain = _digits(field, rule)

    def cast(text: str) -> str:
        if power == 0:
            return f"try_cast({text} as {field.sql_type})"
        factor = format(Decimal(10) ** power, "f")
        exact = f"try_cast({text} as decimal({whole + scale_in},{scale_in}))"
        return f"try_cast({exact} * {factor} as {field.sql_type})"

    value = f"when regexp_full_match({plain}, {pattern}) then {cast(plain)} end"
    if plain == f"plain_text({word})":
        value = f"when regexp_full_match({word}, {pattern}) then {cast(word)} {value}"
    return f"case {value}", f"a number with at most {whole} digits and {scale_in} decimals{_range(field)}"


def _range(field: Field) -> str:
    low = f", at least {field.minimum:g}" if field.minimum is not None else ""
    high = f", at most {field.maximum:g}" if field.maximum is not None else ""
    return low + high


def _date(field: Field, rule: ColumnRule, *, text: str, word: str, is_relative: bool) -> ValueSql:
    cell = named(f"{field.name}:word")
    if is_relative and rule.date_format is None:
        return _study_time(field, rule, text=text, word=word)
    parser = PARSERS[rule.date_format]
    ymd = f"case when regexp_full_match({cell}, '\\d{{4}}-\\d{{2}}-\\d{{2}}') then {cell} "
    ymd += f"else {parser}(plain_text({cell})) end"
    end = "first_date" if rule.partial == "first" else "last_date"
    source = named(f"{field.name}:ymd")
    return ValueSql(
        name=field.name,
        text=text,
        word=word,
        ymd=ymd,
        value=f"{end}({source})",
        precision=f"date_precision({source})",
        allowed=f"{DATE_TEXTS[rule.date_format]}, from 1900 to 2100",
    )


def _study_time(field: Field, rule: ColumnRule, *, text: str, word: str) -> ValueSql:
    """A date of a relative study: days, or months of `days_per_month` days, after day 0."""
    cell = named(f"{field.name}:word")
    unit = rule.unit or "day"
    if unit not in ("day", "month"):
        raise ValueError(f"unit {unit!r} of {field.name}; allowed: day, month")
    per_unit = rule.days_per_month or "30.4375" if unit == "month" else "1"
    decimals = r"0*" if unit == "day" else r"\d{0,15}\d*"
    pattern = quoted(rf"[+-]?\d{{1,5}}(\.{decimals})?")
    days = f"cast(round(cast({cell} as decimal(24,15)) * cast({per_unit} as decimal(8,4))) as integer)"
    return ValueSql(
        name=field.name,
        text=text,
        word=word,
        ymd=f"case when regexp_full_match({cell}, {pattern}) "
        f"then cast(date '{DAY_ZERO.isoformat()}' + {days} as varchar) end",
        value=f"cast({named(field.name + ':ymd')} as date)",
        precision=f"case when {named(field.name + ':ymd')} is not null then {quoted(unit)} end",
        allowed=f"a number of {unit}s after day 0",
    )
