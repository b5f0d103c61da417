"""Who is to answer a query: its site, the laboratory, a role, or one person; kept in its steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.errors import EntryIncomplete, NotAllowedNow
from dashboard.workflow.models import Role

SITE, LABORATORY, PERSON = "site", "laboratory", "person"
KINDS = (SITE, LABORATORY, PERSON, *(role.value for role in Role))


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """A party (`site`, `laboratory`), a role by its name, or a `person` with the id and name of that time."""

    kind: str = SITE
    user_id: int | None = None
    name: str = ""

    def as_detail(self) -> dict[str, Any]:
        """The addressee as a step of a query keeps it."""
        return {"asked_of": self.kind, "user_id": self.user_id, "name": self.name}

    def is_for(self, user_id: int, role: Role) -> bool:
        """Whether this user is meant, by name or by role."""
        return self.user_id == user_id if self.kind == PERSON else self.kind == role


def addressee_of(details: Sequence[Mapping[str, Any]], *, is_systematic: bool) -> Addressee:
    """Who is to answer, of the details of the steps of a query, oldest first.

    Unless somebody was named: the site, of a whole check the administrator.
    """
    named = [one for one in details if one.get("asked_of")]
    if not named:
        return Addressee(kind=Role.ADMINISTRATOR if is_systematic else SITE)
    last = named[-1]
    return Addressee(kind=last["asked_of"], user_id=last.get("user_id"), name=last.get("name", ""))


def require_other(new: Addressee | None, *, now: Addressee) -> Addressee:
    """The new addressee. Raises `EntryIncomplete` without one, `NotAllowedNow` for who has it already."""
    if new is None or new.kind not in KINDS or (new.kind == PERSON) is not (new.user_id is not None):
        raise EntryIncomplete("Nobody is chosen; please choose who is to answer. Nothing was saved.")
    if (new.kind, new.user_id) == (now.kind, now.user_id):
        raise NotAllowedNow("This query is with them already. Nothing was saved.")
    return new
