"""Endpoints of study.toml: milestones with roles (docs/endpoints.md)."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dashboard.studies.milestones import MILESTONES
from dashboard.studies.problems import Problem, listed, shown

ROLES = ("origin", "anchor", "entry", "require", "event", "competing", "stop", "censor")


class Strict(BaseModel):
    """Frozen, and a key that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _as_list(value: Any) -> Any:
    """A name, a table or a list of both, as a list of tables."""
    items = value if isinstance(value, list | tuple) else [value]
    return [{"milestone": item} if isinstance(item, str) else item for item in items]


def _as_gaps(value: Any) -> Any:
    return [{"from_day": 0, "days": value}] if isinstance(value, int) else value


class MilestoneRule(Strict):
    """One milestone named by an endpoint, with the bounds that make an occurrence count."""

    milestone: str
    detail: str | None = None
    line: int | Literal["any", "same", "next", "later"] = "any"
    pick: Literal["first", "last"] | None = None
    from_day: int | None = None
    to_day: int | None = None
    grace_days: int | None = Field(default=None, ge=0)
    plus_days: int | None = None
    plus_months: int | None = None

    @property
    def absolute_line(self) -> int | None:
        """The line number asked for, where one is."""
        return self.line if isinstance(self.line, int) else None

    @property
    def line_match(self) -> str:
        """any, same, next or later, relative to the line of the origin."""
        return self.line if isinstance(self.line, str) else "any"

    @property
    def is_shifted(self) -> bool:
        """True for the origin of a landmark."""
        return bool(self.plus_days or self.plus_months)


class Gap(Strict):
    """Longest time between two assessments, in force from a study day on."""

    from_day: int = Field(ge=0)
    to_day: int | None = None
    days: int = Field(gt=0)


Rules = Annotated[tuple[MilestoneRule, ...], BeforeValidator(_as_list)]
Gaps = Annotated[tuple[Gap, ...], BeforeValidator(_as_gaps)]


class Endpoint(Strict):
    """One [[endpoint]] block: what starts, ends and censors the time."""

    endpoint_id: str = Field(alias="id", pattern=r"^[A-Z][A-Z0-9_]*$")
    label: str
    per: Literal["patient", "line", "lesion"] = "patient"
    origin: Rules
    anchor: Rules = ()
    entry: Rules = ()
    require: Rules = ()
    if_required_missing: Literal["censor_at_origin", "exclude"] | None = None
    require_words: str = ""
    events: Rules = Field(min_length=1)
    competing: Rules = ()
    stop: Rules = ()
    censor: Rules = Field(min_length=1)
    max_gap_days: Gaps = ()
    horizon_months: int | None = Field(default=None, gt=0)
    censor_at_horizon: bool = False
    count_first_day: bool = False
    # What screens need; no number depends on it.
    axis: str = ""
    column: str = Field(default="", pattern=r"^[a-z0-9_]*$")
    sensitivity_of: str | None = None
    shown_months: int | None = Field(default=None, gt=0)
    is_headline: bool = False
    is_approximate: bool = False
    note: str = ""

    @property
    def csv_column(self) -> str:
        """Name of the endpoint in files."""
        return self.column or self.endpoint_id.lower()

    @property
    def begins_on_line(self) -> int | None:
        """The line of therapy whose start is its only day 0, such as 2 of PFS on line 2; else None."""
        lines = {rule.absolute_line if rule.milestone == "line_start" else None for rule in self.origin}
        return lines.pop() if len(lines) == 1 else None

    @property
    def rules_by_role(self) -> tuple[tuple[str, tuple[MilestoneRule, ...]], ...]:
        """Rules as written, by role, in the order the engine reads them."""
        named = (
            self.origin,
            self.anchor,
            self.entry,
            self.require,
            self.events,
            self.competing,
            self.stop,
            self.censor,
        )
        return tuple(zip(ROLES, named, strict=True))


def endpoint_problems(endpoint: Endpoint) -> Iterator[Problem]:
    """Everything in the block that the engine would ignore or misread."""
    table = f"[[endpoint]] {endpoint.endpoint_id}"
    for role, rules in endpoint.rules_by_role:
        key = "events" if role == "event" else role
        for rule in rules:
            yield from _rule_problems(rule, role=role, table=table, key=key)
            yield from _line_problems(rule, endpoint, role=role, table=table)
    yield from _origin_problems(endpoint, table=table)
    yield from _requirement_problems(endpoint, table=table)
    yield from _gap_problems(endpoint, table=table)
    yield from _stop_problems(endpoint, table=table)


# Where a key is given in a role that does not read it, the engine would ignore it without a word.
_ALLOWED_ROLES = {
    "from_day": ("require", "event", "competing", "stop"),
    "to_day": ("require", "event", "competing", "stop"),
    "grace_days": ("event", "competing"),
    "plus_days": ("origin",),
    "plus_months": ("origin",),
    "pick": ("origin", "anchor", "entry"),
}


def _rule_problems(rule: MilestoneRule, *, role: str, table: str, key: str) -> Iterator[Problem]:
    if rule.milestone not in MILESTONES:
        yield Problem(table, key, f"the milestone {shown(rule.milestone)}", listed(sorted(MILESTONES)))
    for name, roles in _ALLOWED_ROLES.items():
        if getattr(rule, name) is not None and role not in roles:
            place = f"{key} {rule.milestone}.{name}"
            yield Problem(table, place, shown(getattr(rule, name)), f"{name} only on {listed(roles)}")
    if rule.from_day is not None and rule.to_day is not None and rule.from_day > rule.to_day:
        found = f"from_day {rule.from_day} after to_day {rule.to_day}"
        yield Problem(table, f"{key} {rule.milestone}", found, "from_day on or before to_day")


def _line_problems(rule: MilestoneRule, endpoint: Endpoint, *, role: str, table: str) -> Iterator[Problem]:
    key = f"{'events' if role == 'event' else role} {rule.milestone}.line"
    kind = MILESTONES.get(rule.milestone)
    if kind and rule.line != "any" and not kind.has_line:
        yield Problem(table, key, shown(rule.line), f"no line: {rule.milestone} carries none")
    if rule.line_match == "any":
        return
    if role in ("origin", "anchor", "entry"):
        yield Problem(
            table, key, shown(rule.line), "a line number here: there is no earlier line to compare with"
        )
    elif role == "censor" and rule.line_match != "same":
        yield Problem(table, key, shown(rule.line), "any or same on censor")
    elif not all(MILESTONES[o.milestone].has_line for o in endpoint.origin if o.milestone in MILESTONES):
        yield Problem(table, key, shown(rule.line), "no relative line: the origin carries no line")


def _origin_problems(endpoint: Endpoint, *, table: str) -> Iterator[Problem]:
    if not endpoint.origin:
        yield Problem(table, "origin", "an empty list", "at least one milestone")
    shifts = {(rule.plus_days or 0, rule.plus_months or 0) for rule in endpoint.origin}
    if len(shifts) > 1:
        yield Problem(
            table, "origin", f"{len(shifts)} different shifts", "one plus_days and plus_months for all"
        )
    if endpoint.anchor and any(rule.is_shifted for rule in endpoint.origin):
        yield Problem(
            table, "anchor", "an anchor beside a shifted origin", "one of the two: a landmark anchors itself"
        )
    if endpoint.per == "patient":
        return
    attribute = "has_line" if endpoint.per == "line" else "has_lesion"
    suitable = [name for name, kind in sorted(MILESTONES.items()) if getattr(kind, attribute)]
    for rule in endpoint.origin:
        if rule.milestone in MILESTONES and rule.milestone not in suitable:
            found = f'{shown(rule.milestone)} with per = "{endpoint.per}"'
            yield Problem(table, "origin", found, listed(suitable))


def _requirement_problems(endpoint: Endpoint, *, table: str) -> Iterator[Problem]:
    if endpoint.require and endpoint.if_required_missing is None:
        yield Problem(
            table, "if_required_missing", "nothing", "censor_at_origin or exclude, because require is set"
        )
    if endpoint.if_required_missing and not endpoint.require:
        yield Problem(
            table, "if_required_missing", shown(endpoint.if_required_missing), "only together with require"
        )
    if endpoint.censor_at_horizon and endpoint.horizon_months is None:
        yield Problem(table, "censor_at_horizon", "true", "only together with horizon_months")


def _gap_problems(endpoint: Endpoint, *, table: str) -> Iterator[Problem]:
    starts = [gap.from_day for gap in endpoint.max_gap_days]
    if starts and (starts[0] != 0 or starts != sorted(set(starts))):
        yield Problem(table, "max_gap_days", f"from_day {starts}", "ascending from_day, the first one 0")


def _stop_problems(endpoint: Endpoint, *, table: str) -> Iterator[Problem]:
    stops = [rule.milestone for rule in endpoint.stop]
    if stops and {rule.milestone for rule in endpoint.censor} == {"known_alive"}:
        allowed = f"{listed(stops)} also in censor: known_alive is one date, so who stops would count 0 days"
        yield Problem(table, "censor", "known_alive alone beside a stop", allowed)
