"""What tells an item of the follow-up list from all others, in every data cut, and the data issue it is."""

from dataclasses import dataclass

from dashboard.figures.follow_up.request import Row

# Items with a check of their own, and the column it names; every other overdue item is found by one check.
OWN_CHECK = {"vital_status": ("DQ14", "contact_on"), "response": ("DQ25", "imaged_on")}
DRAW_CHECK, DRAW_AT_PROGRESSION_CHECK, OTHER_CHECK = "DQ36", "DQ58", "DQ72"


@dataclass(frozen=True, kw_only=True)
class ItemIssue:
    """The data issue that an overdue item is, as the checks name it."""

    check_id: str
    table_name: str
    row_key: str
    column_name: str


def item_key(row: Row) -> str:
    """Line, first day and, of a record, its source: the same for an item of a patient in every data cut."""
    day = "" if row["opens_on"] is None else row["opens_on"].isoformat()
    source = row["source_key"] if row["kind"] == "record" else ""
    return f"{row['of_line']} | {day} | {source}"


def issue_of(row: Row) -> ItemIssue | None:
    """The data issue behind a row of `listed_rows`; None for one that is not overdue."""
    if row["state"] != "OVERDUE":
        return None
    check_id, column_name = _check_of(row)
    return ItemIssue(
        check_id=check_id,
        table_name=row["source_table"],
        row_key=row["source_key"],
        column_name=column_name,
    )


def _check_of(row: Row) -> tuple[str, str]:
    if row["item"] in OWN_CHECK:
        return OWN_CHECK[row["item"]]
    window = row["window_key"] or row["item"]
    if row["kind"] != "ctdna" or not row["is_protocol"]:
        return OTHER_CHECK, window
    return (DRAW_AT_PROGRESSION_CHECK if row["is_at_progression"] else DRAW_CHECK), window
