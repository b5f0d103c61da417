"""Time to event in pandas, one function an endpoint and patient: what the DuckDB marts are compared with.

Days are whole numbers. Covers what the endpoints of the study measured use: per patient or line, no landmark.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

COLUMNS = ["endpoint_id", "patient_id", "origin_no", "ended_on", "status", "rule", "duration_days"]

Fact = Mapping[str, Any]
Facts = Mapping[str, Sequence[Fact]]
Rule = Mapping[str, Any]


def time_to_event(
    patients: Sequence[str],
    milestones: pd.DataFrame,
    definition: Mapping[str, Sequence[Mapping[str, Any]]],
) -> pd.DataFrame:
    """One row per endpoint, patient and origin, patients without origin included."""
    rows: list[tuple[Any, ...]] = []
    of_patient = {patient: _by_kind(own) for patient, own in milestones.groupby("patient_id")}
    for endpoint in definition["endpoint"]:
        name = endpoint["endpoint_id"]
        rules = [rule for rule in definition["endpoint_rule"] if rule["endpoint_id"] == name]
        gaps = [gap for gap in definition["endpoint_gap"] if gap["endpoint_id"] == name]
        for patient in patients:
            facts = of_patient.get(patient, {})
            units = list(_units(facts, endpoint, rules))
            rows += [
                (name, patient, number, *_ended(facts, unit, rules, gaps))
                for number, unit in enumerate(units, start=1)
            ]
            if not units:
                rows.append((name, patient, 0, None, "NOT_AT_RISK", "NO_ORIGIN", None))
    return pd.DataFrame(rows, columns=COLUMNS)


def _by_kind(own: pd.DataFrame) -> Facts:
    facts: dict[str, list[Fact]] = defaultdict(list)
    for fact in own.to_dict("records"):
        facts[str(fact["kind"])].append({str(name): value for name, value in fact.items()})
    return facts


def _occurrences(facts: Facts, rules: Sequence[Rule], *roles: str) -> Iterator[tuple[Rule, Fact]]:
    for rule in rules:
        if rule["role"] in roles:
            for fact in facts.get(rule["milestone"], ()):
                is_detail = rule["detail"] is None or rule["detail"] == fact["detail"]
                if is_detail and (rule["line"] is None or rule["line"] == fact["line"]):
                    yield rule, fact


def _first(facts: Facts, rules: Sequence[Rule], role: str) -> int | None:
    return min((fact["occurred_on"] for _, fact in _occurrences(facts, rules, role)), default=None)


def _units(facts: Facts, endpoint: Mapping[str, Any], rules: Sequence[Rule]) -> Iterator[dict[str, Any]]:
    chosen: dict[Any, Fact] = {}
    for _, fact in _occurrences(facts, rules, "origin"):
        unit = fact["line"] if endpoint["per"] == "line" else None
        if unit not in chosen or fact["occurred_on"] < chosen[unit]["occurred_on"]:
            chosen[unit] = fact
    anchor, entry = _first(facts, rules, "anchor"), _first(facts, rules, "entry")
    index_line = _least_line(facts, "index_treatment_start")
    for fact in sorted(
        chosen.values(), key=lambda one: (one["line"] is None, one["line"] or 0, one["occurred_on"])
    ):
        on = fact["occurred_on"]
        counted_from = anchor if anchor is not None and anchor < on else on
        yield {
            "line": fact["line"],
            "therapy_line": index_line if fact["line"] is None else fact["line"],
            "next_line": _least_line(facts, "line_start", after=fact["line"]),
            "origin_on": on,
            "counted_from": counted_from,
            "entry_on": entry,
        }


def _least_line(facts: Facts, kind: str, *, after: int | None = 0) -> int | None:
    lines = (fact["line"] for fact in facts.get(kind, ()) if fact["line"] is not None)
    return min((line for line in lines if after is not None and line > after), default=None)


def _bears(unit: Mapping[str, Any], rule: Rule, fact: Fact) -> bool:
    """Whether an occurrence counts for the unit: its line and its days."""
    start = unit["origin_on"] if rule["role"] == "require" else unit["counted_from"]
    day = fact["occurred_on"] - start
    if rule["from_day"] is not None and day < rule["from_day"]:
        return False
    if rule["to_day"] is not None and day > rule["to_day"]:
        return False
    is_ending = rule["role"] in ("event", "competing")
    own, of_fact = unit["therapy_line"], fact["line"]
    if is_ending and own is not None and of_fact is not None and of_fact < own:
        return False
    match = rule["line_match"] or "any"
    if match == "any" or unit["line"] is None:
        return True
    if match == "later":
        return of_fact is not None and of_fact > unit["line"]
    return of_fact is not None and of_fact == unit["line" if match == "same" else "next_line"]


def _ended(
    facts: Facts,
    unit: Mapping[str, Any],
    rules: Sequence[Rule],
    gaps: Sequence[Mapping[str, Any]],
) -> tuple[int | None, str, str, int | None]:
    bearing = [
        (rule, fact)
        for rule, fact in _occurrences(facts, rules, "event", "competing", "stop", "censor", "require")
        if _bears(unit, rule, fact)
    ]
    required = sum(rule["role"] == "require" for rule in rules)
    is_met = len({rule["rule_no"] for rule, _ in bearing if rule["role"] == "require"}) >= required
    stop = min((fact["occurred_on"] for rule, fact in bearing if rule["role"] == "stop"), default=None)
    ending = _ending(bearing, stop)
    censors = [
        fact["occurred_on"]
        for rule, fact in bearing
        if rule["role"] == "censor" and (stop is None or fact["occurred_on"] <= stop)
    ]
    last = max(censors, default=None)
    ended_on, rule = (
        unit["counted_from"] if last is None else last,
        "LAST_SEEN" if stop is None else "STOPPED",
    )
    if last is None:
        rule = "NO_FOLLOW_UP"
    if ending is not None:
        before = max((on for on in censors if on < ending[0]), default=unit["counted_from"])
        is_missed = _is_too_long(before, ending[0], unit, gaps)
        ended_on, rule = (before, "MISSED_ASSESSMENTS") if is_missed else (ending[0], "ENDED")
    if not is_met:
        ended_on, rule = unit["origin_on"], "NO_BASELINE"
    return _named(unit, ended_on, rule, ending)


def _ending(bearing: list[tuple[Rule, Fact]], stop: int | None) -> tuple[int, int, int, str] | None:
    endings = [
        (fact["occurred_on"], 0 if rule["role"] == "event" else 1, rule["rule_no"], rule["role"])
        for rule, fact in bearing
        if rule["role"] in ("event", "competing")
        and (stop is None or fact["occurred_on"] - stop <= (rule["grace_days"] or 0))
    ]
    return min(endings, default=None)


def _is_too_long(
    before: int, ended_on: int, unit: Mapping[str, Any], gaps: Sequence[Mapping[str, Any]]
) -> bool:
    day = before - unit["origin_on"]
    return any(
        gap["from_day"] <= day and (gap["to_day"] is None or day <= gap["to_day"])
        for gap in gaps
        if ended_on - before > gap["max_gap_days"]
    )


def _named(
    unit: Mapping[str, Any], ended_on: int, rule: str, ending: tuple[int, int, int, str] | None
) -> tuple[int, str, str, int | None]:
    origin, entry = unit["origin_on"], unit["entry_on"]
    if ending is not None and ending[0] < origin:
        return ended_on, "NOT_AT_RISK", "EVENT_BEFORE_ORIGIN", None
    if ended_on < origin:
        return ended_on, "NOT_AT_RISK", "CENSORED_BEFORE_ORIGIN", None
    if entry is not None and entry > origin and ended_on <= entry:
        return ended_on, "NOT_AT_RISK", "ENDED_BEFORE_ENTRY", None
    status = (
        {"event": "EVENT", "competing": "COMPETING"}[ending[3]] if rule == "ENDED" and ending else "CENSORED"
    )
    return ended_on, status, rule, ended_on - origin
