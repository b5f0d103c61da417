"""Decisions of an MDT meeting; what became of their actions is in `actions`.

A decision is never overwritten: saving again adds a version, and the highest one counts. Before it is saved,
the last three characters of the patient's study id are typed again, so that no decision is filed to the
wrong patient (clinical decision A16).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session

from dashboard.errors import ChangedMeanwhile, EntryIncomplete, PatientNotConfirmed
from dashboard.workflow.entries import MdtCase, MdtDecision
from dashboard.workflow.history import Author, find_row, limited, record_with, required, writing
from dashboard.workflow.models import AuditKind, UserAccount

N_RETYPED = 3
OWNER_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class DecisionDraft:
    """What somebody entered; `retyped` are the last three characters of the study id as typed again."""

    text: str
    retyped: str
    snapshot_id: str
    next_action: str = ""
    owner: str = ""
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One version of the decision on a case."""

    decision_id: int
    case_id: int
    version: int
    text: str
    next_action: str
    owner: str
    due_on: date | None
    snapshot_id: str
    saved_by: str
    saved_at: datetime


def save_decision(engine: Engine, case_id: int, draft: DecisionDraft, *, version: int, author: Author) -> int:
    """Save a decision after the one of `version` (0 = the first); gives the new version.

    Raises `PatientNotConfirmed` when the characters typed again are not those of the case's patient,
    `EntryIncomplete` for an empty decision or an action without an owner, `ChangedMeanwhile` when somebody
    else saved a version in between.
    """
    values = _checked(draft)
    with writing(engine, "the decision") as session:
        case = find_row(session, MdtCase, case_id)
        _require_same_patient(case.patient_id, draft.retyped)
        latest = session.scalar(select(func.max(MdtDecision.version)).where(MdtDecision.case_id == case_id))
        if (latest or 0) != version:
            raise ChangedMeanwhile(
                f"Somebody else saved version {latest or 0} of this decision while you wrote on version "
                f"{version}; nothing was overwritten. Read theirs and save again."
            )
        session.add(
            MdtDecision(case_id=case_id, version=version + 1, user_id=author.user_id, at=author.at, **values)
        )
        record_decision(session, case, author=author, snapshot_id=draft.snapshot_id, version=version + 1)
    return version + 1


def _checked(draft: DecisionDraft) -> dict[str, Any]:
    next_action = limited(draft.next_action, "the next action")
    owner = limited(draft.owner, "the owner", longest=OWNER_LENGTH)
    if next_action and not owner:
        raise EntryIncomplete("The next action has no owner; name who does it. Nothing was saved.")
    if not next_action and (owner or draft.due_on):
        raise EntryIncomplete("An owner or a due date stands without a next action. Nothing was saved.")
    return {
        "text": required(draft.text, "the decision"),
        "next_action": next_action,
        "owner": owner,
        "due_on": draft.due_on,
        "snapshot_id": draft.snapshot_id,
    }


def _require_same_patient(patient_id: str, retyped: str) -> None:
    """Upper and lower case count the same: nobody's id differs by that alone."""
    if retyped.strip().casefold() != patient_id[-N_RETYPED:].casefold():
        raise PatientNotConfirmed(
            f"The {N_RETYPED} characters typed are not those this patient's study ID ends in. Look at the "
            f"study ID of the patient being discussed and type its last {N_RETYPED} characters. "
            "Nothing was saved."
        )


def record_decision(
    session: Session, case: MdtCase, *, author: Author, snapshot_id: str, **detail: Any
) -> None:
    """Write to the audit trail, in the same transaction, what was decided or stated on a case."""
    event = author.event(
        AuditKind.DECISION,
        study_id=case.study_id,
        patient_id=case.patient_id,
        snapshot_id=snapshot_id,
        detail={"case_id": case.id, **detail},
    )
    record_with(session, event, author=author)


def decision_rows() -> Select[MdtDecision, str]:
    """Decisions with the name of who saved them, of one case newest first."""
    return (
        select(MdtDecision, UserAccount.display_name)
        .join(UserAccount, UserAccount.id == MdtDecision.user_id)
        .order_by(MdtDecision.case_id, MdtDecision.version.desc())
    )


def as_decision(row: MdtDecision, name: str) -> Decision:
    """The row as the rest of the program sees it."""
    return Decision(
        decision_id=row.id,
        case_id=row.case_id,
        version=row.version,
        text=row.text,
        next_action=row.next_action,
        owner=row.owner,
        due_on=row.due_on,
        snapshot_id=row.snapshot_id,
        saved_by=name,
        saved_at=row.at,
    )
