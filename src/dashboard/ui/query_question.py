"""The question a query begins with: who, what was found with its value and day, and what is asked for.

What the follow-up list chases is asked in its words (clinical-decisions E). Everything else has its message
in English alone, and nothing is translated here (A39).
"""

from collections.abc import Mapping
from typing import Any

from dashboard.quality.run import chased_checks
from dashboard.rules.request_texts import ENGLISH, Request, request
from dashboard.tables.follow_up import began_words
from dashboard.ui.context import PageContext

Row = Mapping[str, Any]
PLEASE_CHECK = "Please check against the source document and correct the record, or say why it is right."
CHECK_MAPPING = "Please check the mapping and the plan of the study, or say why they are right."
ITEM = """
select follow_up.*, imaging.modality, summary.died_on, visit_plan.anchor, planned.anchor_on
from follow_up
inner join patient_summary as summary on follow_up.patient_id = summary.patient_id
left join usable_imaging as imaging
    on follow_up.item = 'response' and follow_up.source_key = imaging.row_key
left join visit_plan on follow_up.item = visit_plan.item
left join planned_window as planned
    on follow_up.patient_id = planned.patient_id and follow_up.window_key = planned.window_key
where
    follow_up.state = 'OVERDUE'
    and follow_up.patient_id = $patient_id
    and follow_up.source_key = $row_key
    and (
        $check_id = 'DQ14' and follow_up.item = 'vital_status'
        or $check_id = 'DQ25' and follow_up.item = 'response'
        or $check_id in ('DQ36', 'DQ58', 'DQ72')
        and coalesce(follow_up.window_key, follow_up.item) = $column_name
    )
order by follow_up.closes_on
limit 1
"""


def question_of(context: PageContext, row: Row, *, language: str) -> Request:
    """The question about a data issue or datum, in the language of the site where there is a text in it.

    `row` has check_id (None for a datum), patient_id, row_key, column_name and `found` in words.
    """
    item = _item(context, row)
    if item is not None:
        return request({**item, "began": began_words(item)}, language=language)
    if row.get("is_systematic"):
        said = f"{_sentence(row['title'])} {_sentence(row['found'])}"
        return Request(text=f"{said} {CHECK_MAPPING}", language=ENGLISH)
    return Request(text=f"{_named(row)} {PLEASE_CHECK}", language=ENGLISH)


def language_of(context: PageContext, site_id: str | None) -> str:
    """The language a site is asked in."""
    known = {site.site_id: site.language for site in context.study.recruitment.sites}
    return known.get(str(site_id), ENGLISH)


def _item(context: PageContext, row: Row) -> dict[str, Any] | None:
    """The item of the follow-up list behind a data issue."""
    is_chased = row.get("check_id") in chased_checks() and not row.get("is_systematic")
    if not is_chased or not context.reader.has_table("follow_up"):
        return None
    bound = {name: row[name] for name in ("check_id", "patient_id", "row_key", "column_name")}
    found = context.reader.records(ITEM, bound)
    return found[0] if found else None


def _named(row: Row) -> str:
    """What was found, with the patient where the words do not name one."""
    said, patient_id = _sentence(str(row["found"])), row["patient_id"]
    if not patient_id or str(patient_id) in said:
        return said
    return f"Study ID {patient_id}: {said}"


def _sentence(words: str) -> str:
    return words if words.endswith((".", "?", "!")) else f"{words}."
