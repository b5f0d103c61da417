"""What the canonical tables need once all are there: the last day that may be read, and dates within it."""

import datetime as dt
from collections.abc import Iterator

import duckdb

from dashboard.extracts.values import named
from dashboard.model.tables import Table, canonical_tables
from dashboard.studies.study_time import DAY_ZERO

# Days before the study or of no contact with it.
NOT_OBSERVED = {("patient", "born_on")}


def finish_tables(connection: duckdb.DuckDBPyConnection, *, cut_off: dt.date, is_relative: bool) -> None:
    """Fill patient.observed_until, and bring partial dates that end later back to it."""
    if is_relative:
        _observe_to_last_day(connection)
    else:
        _observe_to_cut_off(connection, cut_off)
    for table in canonical_tables().values():
        for column in _partial_dates(table):
            _clamp(connection, table, column)


def _observe_to_cut_off(connection: duckdb.DuckDBPyConnection, cut_off: dt.date) -> None:
    connection.execute("update patient set observed_until = ?", [cut_off])
    connection.execute(
        """
        update patient set observed_until = least(patient.observed_until, withdrawn.happened_on)
        from (
            select patient_id, min(happened_on) as happened_on from disposition
            where kind = 'withdrawal_of_consent' and happened_on is not null group by patient_id
        ) as withdrawn
        where patient.patient_id = withdrawn.patient_id
        """
    )


def _observe_to_last_day(connection: duckdb.DuckDBPyConnection) -> None:
    days = [
        f"select patient_id, {named(column)} as day from {named(table.name)}"
        for table in canonical_tables().values()
        if any(field.name == "patient_id" for field in table.fields)
        for column in _partial_dates(table)
        if (table.name, column) not in NOT_OBSERVED
    ]
    connection.execute(
        f"""
        update patient set observed_until = coalesce(known.last_day, date '{DAY_ZERO.isoformat()}')
        from (
            select patient.patient_id, max(recorded.day) as last_day
            from patient left join ({" union all ".join(days)}) as recorded using (patient_id)
            group by patient.patient_id
        ) as known
        where patient.patient_id = known.patient_id
        """
    )


def _partial_dates(table: Table) -> Iterator[str]:
    return (field.name for field in table.fields if field.is_partial)


def _clamp(connection: duckdb.DuckDBPyConnection, table: Table, column: str) -> None:
    if not any(field.name == "patient_id" for field in table.fields):
        return
    name, date = named(table.name), named(column)
    connection.execute(
        f"""
        update {name} set {date} = least({name}.{date}, known.observed_until)
        from (select patient_id as known_patient, observed_until from patient) as known
        where {name}.patient_id = known.known_patient and {name}.{date} > known.observed_until
            and {name}.{named(column + "_precision")} in ('month', 'year')
            -- a month that began after the last day read is a later month, not this one
            and date_trunc(
                case {name}.{named(column + "_precision")} when 'year' then 'year' else 'month' end,
                {name}.{date}
            ) <= known.observed_until
        """
    )
