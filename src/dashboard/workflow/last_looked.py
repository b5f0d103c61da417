"""When somebody last looked at a list, and on which data cut: what is new since then is marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from dashboard.workflow.entries import UserChoice
from dashboard.workflow.history import Author, change_row, writing

WORKLIST, HOME = "worklist_last_looked", "home_last_looked"


@dataclass(frozen=True, kw_only=True)
class Look:
    """A look at a list: the data cut shown, and when; `other` is the last one before it at another cut."""

    snapshot_id: str
    at: datetime
    other: "Look | None" = None

    def at_other_cut(self, snapshot_id: str) -> "Look | None":
        """The last look at a data cut that is not this one."""
        return self.other if self.snapshot_id == snapshot_id else self


def look_at(
    engine: Engine, study_id: str, snapshot_id: str, *, author: Author, place: str = WORKLIST
) -> Look | None:
    """Keep that the author looks at a place now, and give the look of the session before.

    Within one session the answer stays the same. None for somebody who never looked before.
    """
    with writing(engine, "the last look") as session:
        row = _find(session, study_id, author.user_id, place)
        now: dict[str, Any] = {
            "session": author.session_id,
            "snapshot_id": snapshot_id,
            "at": author.at.isoformat(),
        }
        if row is None:
            value = {"now": now, "before": None}
            session.add(UserChoice(study_id=study_id, name=place, value=value, **author.first_version()))
            return None
        last, before = row.value["now"], row.value["before"]
        if last["session"] == author.session_id:
            return _look(before)
        is_other = last["snapshot_id"] != snapshot_id
        now["other"] = {**last, "other": None} if is_other else last.get("other")
        change_row(session, row, {"value": {"now": now, "before": last}}, version=row.version, author=author)
        return _look(last)


def last_look(engine: Engine, study_id: str, *, author: Author, place: str = WORKLIST) -> Look | None:
    """What `look_at` would give, without looking."""
    with Session(engine) as session:
        row = _find(session, study_id, author.user_id, place)
    if row is None:
        return None
    is_same = row.value["now"]["session"] == author.session_id
    return _look(row.value["before"] if is_same else row.value["now"])


def _find(session: Session, study_id: str, user_id: int, place: str) -> UserChoice | None:
    return session.scalar(
        select(UserChoice).where(
            UserChoice.created_by == user_id, UserChoice.study_id == study_id, UserChoice.name == place
        )
    )


def _look(value: Mapping[str, Any] | None) -> Look | None:
    if value is None:
        return None
    at = datetime.fromisoformat(value["at"])
    return Look(snapshot_id=value["snapshot_id"], at=at, other=_look(value.get("other")))
