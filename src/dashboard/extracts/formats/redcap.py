"""REDCap flat exports, raw or label: one file for all instruments, or one file per instrument."""

import re
from collections.abc import Sequence

from dashboard.extracts.values import named

STRUCTURE = (
    "redcap_event_name",
    "redcap_repeat_instrument",
    "redcap_repeat_instance",
    "redcap_data_access_group",
)


def redcap_select(raw_table: str, columns: Sequence[str]) -> str:
    """SELECT over a raw REDCap table: structure columns always there, a checkbox that is not ticked NULL.

    Checkboxes (`name___code`) are 1 or 0 in a raw export and Checked or Unchecked in a label export.
    """
    ticked = (
        "case when lower({0}) in ('0', 'unchecked') then null "
        "when lower({0}) = 'checked' then '1' else {0} end"
    )
    listed = [
        f"{ticked.format(named(column))} as {named(column)}"
        if re.search(r"___\w+$", column)
        else named(column)
        for column in columns
    ]
    listed += [f"cast(null as varchar) as {name}" for name in STRUCTURE if name not in columns]
    return f"select {', '.join(listed)}, source_row from {raw_table}"
