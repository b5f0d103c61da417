"""Settings somebody chose for a study: the pairing window of the worklist."""

from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from dashboard.errors import EntryIncomplete
from dashboard.workflow.entries import UserChoice
from dashboard.workflow.history import Author, change_row, writing

PAIRING_WINDOW = "pairing_window_days"
# As wide as the slider of the worklist: 12 weeks to either side.
WIDEST_PAIRING_DAYS = 84


def pairing_window_days(engine: Engine, study_id: str, *, user_id: int) -> int | None:
    """The pairing window a user chose for a study, in days to either side; None = the study's own."""
    with Session(engine) as session:
        row = _find(session, study_id, PAIRING_WINDOW, user_id=user_id)
        return None if row is None else int(row.value["days"])


def choose_pairing_window(engine: Engine, study_id: str, days: int, *, author: Author) -> None:
    """Keep a user's pairing window. Raises `EntryIncomplete` outside 0 to 84 days."""
    if not 0 <= days <= WIDEST_PAIRING_DAYS:
        raise EntryIncomplete(f"The pairing window is {days} days; 0 to {WIDEST_PAIRING_DAYS} are allowed")
    _keep(engine, study_id, PAIRING_WINDOW, {"days": days}, author=author)


def _find(session: Session, study_id: str, name: str, *, user_id: int) -> UserChoice | None:
    return session.scalar(
        select(UserChoice).where(
            UserChoice.created_by == user_id, UserChoice.study_id == study_id, UserChoice.name == name
        )
    )


def _keep(engine: Engine, study_id: str, name: str, value: dict[str, Any], *, author: Author) -> None:
    with writing(engine, "the setting") as session:
        row = _find(session, study_id, name, user_id=author.user_id)
        if row is None:
            session.add(UserChoice(study_id=study_id, name=name, value=value, **author.first_version()))
        else:
            change_row(session, row, {"value": value}, version=row.version, author=author)
