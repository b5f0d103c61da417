"""Tables with fewer rows than the data cut before had (DQ68 of clinical-rules 7.2)."""

from typing import Any

from dashboard.model.tables import Table, canonical_tables
from dashboard.store.query_facts import withdrawn_patients
from dashboard.store.reader import Reader

PATIENTS = "select patient_id from patient"


def fewer_rows(reader: Reader, before: Reader) -> list[dict[str, Any]]:
    """One row per table with fewer rows than in the data cut before: `title`, `n_before`, `n`.

    Counted are the rows of no patient and of the patients who are in both data cuts: who is in the earlier
    one alone is named as such (vanished patients). Left out is who withdrew consent: those rows may have
    been taken out on purpose (clinical-decisions A23). A table the earlier one does not have is new.
    """
    both = {str(row["patient_id"]) for row in reader.records(PATIENTS)}
    both &= {str(row["patient_id"]) for row in before.records(PATIENTS)}
    patients = sorted(both - set(withdrawn_patients(reader)) - set(withdrawn_patients(before)))
    found = []
    for table in canonical_tables().values():
        if not (before.has_table(table.name) and reader.has_table(table.name)):
            continue
        n_before, n = (_count(one, table, patients) for one in (before, reader))
        if n < n_before:
            found.append({"title": table.title, "n_before": n_before, "n": n})
    return found


def _count(reader: Reader, table: Table, patients: list[str]) -> int:
    columns = {field.name for field in table.fields}
    asked = f'select count(*) as n from "{table.name}" as one'
    if "patient_id" not in columns and "sample_id" in columns:
        asked += " left join ctdna_sample as owner on owner.sample_id = one.sample_id"
    whose = "one" if "patient_id" in columns else "owner" if "sample_id" in columns else None
    if whose is None:
        return int(reader.records(asked)[0]["n"])
    asked += f" where {whose}.patient_id is null or {whose}.patient_id in (select unnest($ids::varchar[]))"
    return int(reader.records(asked, {"ids": patients})[0]["n"])
