"""Each format of a value: the texts it takes, and the texts just outside that it refuses."""

import datetime as dt
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from dashboard.extracts.mapping import ColumnRule
from dashboard.extracts.values import compared, load_macros, value_sql
from dashboard.model.tables import Field, canonical_tables

DAY = dt.date


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    load_macros(connection)
    return connection


def read(
    connection: duckdb.DuckDBPyConnection, field: Field, text: str, *, is_relative: bool = False, **rule: Any
) -> tuple[Any, Any]:
    """Value and precision of one cell."""
    maps = {"ctdna_status": {"KPH": "not_detected", "không phát hiện": "not_detected", "chưa có": ""}}
    one = value_sql(field, ColumnRule(column="x", **rule), text="x", maps=maps, is_relative=is_relative)
    name = field.name
    row = connection.execute(
        f"""
        with texts as (select {one.text} as "{name}:text" from (select ? as x)),
        words as (select *, {one.word} as "{name}:word" from texts),
        days as (select *, {one.ymd or "null"} as "{name}:ymd" from words)
        select {one.value}, {one.precision or "null"} from days
        """,
        [text],
    ).fetchall()[0]
    return row[0], row[1]


def field(table: str, column: str) -> Field:
    return canonical_tables()[table].field(column)


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("2025-03-05", DAY(2025, 3, 5), "day"),
        ("2025-3-5 00:00:00", DAY(2025, 3, 5), "day"),
        ("2025.3.5", DAY(2025, 3, 5), "day"),
        ("2025/3/5", DAY(2025, 3, 5), "day"),
        ("2025年3月5日", DAY(2025, 3, 5), "day"),
        ("２０２５－０３－０５", DAY(2025, 3, 5), "day"),
        ("2025-03", DAY(2025, 3, 31), "month"),
        ("2025年3月", DAY(2025, 3, 31), "month"),
        ("03/2025", DAY(2025, 3, 31), "month"),
        ("T3/2025", DAY(2025, 3, 31), "month"),
        ("UK/03/2025", DAY(2025, 3, 31), "month"),
        ("2024-02", DAY(2024, 2, 29), "month"),
        ("2025", DAY(2025, 12, 31), "year"),
        ("1900-01-01", DAY(1900, 1, 1), "day"),
        ("2100-12-31", DAY(2100, 12, 31), "day"),
    ],
)
def test_dates_written_year_first_or_month_and_year(
    connection: duckdb.DuckDBPyConnection, text: str, value: dt.date, precision: str
) -> None:
    assert read(connection, field("imaging", "imaged_on"), text) == (value, precision)


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30",
        "2025-13",
        "2025-03-01 23:59",
        "99999-01-01",
        "1899-12-31",
        "2101-01-01",
        "2568-03-05",
        "05/03/2025",
        "45721",
        "March 2025",
        "2025-3.5",
        "x2025-03-05",
    ],
)
def test_dates_that_are_none(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    assert read(connection, field("imaging", "imaged_on"), text)[0] is None


@pytest.mark.parametrize(
    ("date_format", "text", "value"),
    [
        ("dmy", "05/03/2025", DAY(2025, 3, 5)),
        ("dmy", "5.3.2025", DAY(2025, 3, 5)),
        ("dmy", "13/13/2025", None),
        ("mdy", "05/03/2025", DAY(2025, 5, 3)),
        ("excel", "45721", DAY(2025, 3, 5)),
        ("excel", "45721.5", None),
        ("datetime", "2014-07-02T11:45", DAY(2014, 7, 2)),
        ("datetime", "2014-02", DAY(2014, 2, 28)),
        ("datetime", "2014-07-02 11:45", None),
    ],
)
def test_declared_date_formats(
    connection: duckdb.DuckDBPyConnection, date_format: str, text: str, value: dt.date | None
) -> None:
    assert read(connection, field("imaging", "imaged_on"), text, date_format=date_format)[0] == value


def test_a_study_may_take_the_first_day_of_a_month(connection: duckdb.DuckDBPyConnection) -> None:
    assert read(connection, field("imaging", "imaged_on"), "2025-03", partial="first") == (
        DAY(2025, 3, 1),
        "month",
    )


@pytest.mark.parametrize(
    ("unit", "text", "value", "precision"),
    [
        ("day", "0", DAY(2000, 1, 1), "day"),
        ("day", "9", DAY(2000, 1, 10), "day"),
        ("day", "-7", DAY(1999, 12, 25), "day"),
        ("day", "9.5", None, None),
        ("month", "3.70491803278689", DAY(2000, 4, 23), "month"),  # 113.0 days
        ("month", "inf", None, None),
    ],
)
def test_days_and_months_of_a_relative_study(
    connection: duckdb.DuckDBPyConnection, unit: str, text: str, value: dt.date | None, precision: str | None
) -> None:
    found = read(
        connection, field("treatment", "started_on"), text, is_relative=True, unit=unit, days_per_month="30.5"
    )
    assert found == (value, precision)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.001", "0.001"), ("12", "12"), ("12.5000", "12.500"), ("9999999.999", "9999999.999")],
)
def test_decimals_that_fit_are_exact(connection: duckdb.DuckDBPyConnection, text: str, value: str) -> None:
    assert read(connection, field("variant", "maf_ppm"), text)[0] == Decimal(value)


@pytest.mark.parametrize("text", ["0.0001", "10000000", "1_000", "1,5", "1e3", "abc", "1.2.3", "<5", "0x1"])
def test_numbers_that_would_be_rounded_or_guessed_are_refused(
    connection: duckdb.DuckDBPyConnection, text: str
) -> None:
    assert read(connection, field("variant", "maf_ppm"), text)[0] is None


@pytest.mark.parametrize(
    ("rule", "text", "ppm"),
    [
        ({"unit": "percent"}, "0.12", "1200"),
        ({"unit": "percent"}, "0.12%", "1200"),
        ({"unit": "percent"}, "０.１２ ％", "1200"),
        ({"unit": "percent"}, "0.0000001", "0.001"),
        ({"unit": "percent"}, "0.00000001", None),
        ({"unit": "percent", "decimal": ","}, "0,35 %", "3500"),
        ({"unit": "percent", "decimal": ","}, "0.35", None),
        ({"unit": "fraction"}, "0.0035", "3500"),
        ({"unit": "fraction"}, "0.000000001", "0.001"),
        ({"unit": "percent", "part": r"^([\d.]+) ?%"}, "12 %(1/8)", "120000"),
    ],
)
def test_allele_fractions_become_parts_per_million_without_floats(
    connection: duckdb.DuckDBPyConnection, rule: dict[str, str], text: str, ppm: str | None
) -> None:
    value = read(connection, field("variant", "maf_ppm"), text, **rule)[0]
    assert value == (None if ppm is None else Decimal(ppm))


def test_a_thousands_dot_is_read_only_where_declared(connection: duckdb.DuckDBPyConnection) -> None:
    value = field("measurement", "value")
    assert read(connection, value, "1.250")[0] == Decimal("1.250")
    assert read(connection, value, "1.250", decimal=",", thousands=".")[0] == Decimal(1250)
    assert read(connection, value, "1.25", decimal=",", thousands=".")[0] is None


def test_centimetres_become_millimetres(connection: duckdb.DuckDBPyConnection) -> None:
    diameter = field("lesion", "diameter_mm")
    assert read(connection, diameter, "1.2", unit="cm")[0] == Decimal("12.0")
    assert read(connection, diameter, "1.5×1.2cm", unit="cm", part=r"^([\d.]+)")[0] == Decimal("15.0")
    assert read(connection, diameter, "1.234", unit="cm")[0] is None


def test_a_unit_the_column_cannot_have_stops_the_load(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ValueError, match="unit 'inch' of diameter_mm"):
        read(connection, field("lesion", "diameter_mm"), "1", unit="inch")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("0,12", "detected"),
        ("<0,05", "below_loq"),
        ("KPH", "not_detected"),
        ("KHÔNG PHÁT HIỆN", "not_detected"),
        ("chưa có", None),
        ("maybe", None),
    ],
)
def test_one_column_of_results_gives_a_status(
    connection: duckdb.DuckDBPyConnection, text: str, status: str | None
) -> None:
    rule = {
        "map": "ctdna_status",
        "number": "detected",
        "below": "below_loq",
        "decimal": ",",
        "unit": "percent",
    }
    assert read(connection, field("variant", "status"), text, **rule)[0] == status


def test_a_word_or_a_limit_gives_no_allele_fraction(connection: duckdb.DuckDBPyConnection) -> None:
    rule = {"words": "ctdna_status", "below": "", "decimal": ",", "unit": "percent"}
    maf = field("variant", "maf_ppm")
    assert read(connection, maf, "0,12", **rule)[0] == Decimal(1200)
    assert read(connection, maf, "KPH", **rule)[0] is None
    assert read(connection, maf, "<0,05", **rule)[0] is None


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("No", False), ("1", True), ("0", False), ("2", None), ("ja", None)]
)
def test_booleans(connection: duckdb.DuckDBPyConnection, text: str, value: bool | None) -> None:
    assert read(connection, field("treatment", "is_ongoing"), text)[0] is value


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("3.0", 3), ("3.5", None), ("-1", -1), ("1234567890", None)]
)
def test_integers(connection: duckdb.DuckDBPyConnection, text: str, value: int | None) -> None:
    assert read(connection, field("adverse_event", "grade"), text)[0] == value


def test_allowed_values_are_met_without_regard_to_case_and_width(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    sex = field("patient", "sex")
    assert read(connection, sex, " Female ")[0] == "female"
    assert read(connection, sex, "femal")[0] is None


def test_text_is_compared_in_one_form() -> None:
    assert compared(" ＳＤ（缩小） ") == "sd(缩小)"
