"""When a site or laboratory was asked for items of the follow-up list. Requests are added, never changed.

The application sends nothing: somebody copies a request, sends it, and says so here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from dashboard.workflow.history import Author, record_with, writing
from dashboard.workflow.models import AuditKind, ItemRequest, UserAccount
from dashboard.workflow.query_events import Cut, Scope


@dataclass(frozen=True, kw_only=True)
class AskedItem:
    """An item of one patient; `item_key` tells it from the patient's others, the same in every data cut."""

    patient_id: str
    item: str
    item_key: str


@dataclass(frozen=True)
class Asked:
    """One time somebody was asked for an item."""

    at: datetime
    by: str


def record_requests(engine: Engine, items: Iterable[AskedItem], *, cut: Cut, author: Author) -> int:
    """Keep that these items were asked for now, each with its event in the audit trail; gives how many."""
    asked = list(dict.fromkeys(items))
    with writing(engine, "these requests") as session:
        for one in asked:
            session.add(
                ItemRequest(
                    study_id=cut.study_id,
                    patient_id=one.patient_id,
                    item=one.item,
                    item_key=one.item_key,
                    snapshot_id=cut.snapshot_id,
                    cut_off=cut.cut_off,
                    user_id=author.user_id,
                    at=author.at,
                )
            )
            about = {
                "study_id": cut.study_id,
                "patient_id": one.patient_id,
                "snapshot_id": cut.snapshot_id,
            }
            event = author.event(AuditKind.REQUEST, **about, detail={"item": one.item})
            record_with(session, event, author=author)
    return len(asked)


def requests_of(engine: Engine, scope: Scope) -> dict[AskedItem, list[Asked]]:
    """Every time each item of a study was asked for, oldest first; nothing for who sees no patients.

    The list is of the whole study: whoever shows it has only the items of the reader's sites.
    """
    if not scope.sees_patients:
        return {}
    wanted = (
        select(ItemRequest, UserAccount.display_name)
        .join(UserAccount, UserAccount.id == ItemRequest.user_id)
        .where(ItemRequest.study_id == scope.study_id)
        .order_by(ItemRequest.id)
    )
    found: dict[AskedItem, list[Asked]] = {}
    with Session(engine) as session:
        for row, name in session.execute(wanted):
            item = AskedItem(patient_id=row.patient_id, item=row.item, item_key=row.item_key)
            found.setdefault(item, []).append(Asked(row.at, name))
    return found
