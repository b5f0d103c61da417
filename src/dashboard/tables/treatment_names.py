"""One name for what was given in a line: generic drug names, or drug classes, in the order given."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.studies import vocabulary

LineNames = Mapping[tuple[str, int], str]
NO_CLASS = "drug of unknown class"
# Partners stand behind what they are added to: palbociclib + letrozole, irinotecan + cetuximab.
PARTNERS = frozenset({"endocrine", "antiangiogenic_antibody", "egfr_antibody", "her2_antibody"})
NOT_NAMED = "Drugs not recorded"


@dataclass(frozen=True)
class Given:
    """Drugs or classes given together: first and last day (None while it goes on), and their names.

    `partners` are those of the names that stand last.
    """

    started_on: dt.date
    ended_on: dt.date | None
    names: frozenset[str]
    partners: frozenset[str] = frozenset()


def line_names(courses: Sequence[Mapping[str, Any]], *, by_class: bool, combination_days: int) -> LineNames:
    """Name of each (patient, line).

    `courses` has one row per course and drug, by patient, line and start: patient_id, line, source_key,
    started_on, ended_on, agent, drug_class. Courses begun at most `combination_days` apart, or running on
    beside the next one for longer, are given together; the others follow with "then". Supportive drugs are to
    be left out beforehand.
    """
    lines: dict[tuple[str, int], dict[str, Given]] = {}
    for row in courses:
        name = class_words(row["drug_class"]) if by_class else str(row["agent"])
        own = Given(
            row["started_on"],
            row["ended_on"],
            frozenset({name}),
            frozenset({name} if row["drug_class"] in PARTNERS else ()),
        )
        given = lines.setdefault((str(row["patient_id"]), int(row["line"])), {})
        key = str(row["source_key"])
        given[key] = _joined(given[key], own) if key in given else own
    return {
        line: sequence_words(list(given.values()), combination_days=combination_days)
        for line, given in lines.items()
    }


def sequence_words(given: Sequence[Given], *, combination_days: int) -> str:
    """Courses of one line as words: Capecitabine + docetaxel, then palbociclib + letrozole.

    What is all part of another course (endocrine therapy before the inhibitor was added, or after it was
    stopped) is not named again.
    """
    steps = _together(given, combination_days=combination_days)
    kept: list[Given] = []
    for step in steps:
        is_named = any(step.names == one.names for one in kept)
        if not is_named and not any(step.names < other.names for other in steps):
            kept.append(step)
    words = ", then ".join(
        " + ".join([*sorted(step.names - step.partners), *sorted(step.partners)]) for step in kept
    )
    return words[:1].upper() + words[1:] if words else NOT_NAMED


def _together(given: Sequence[Given], *, combination_days: int) -> list[Given]:
    """Courses that were given together as one."""
    merged: list[Given] = []
    for one in given:
        if merged and _are_together(merged[-1], one, combination_days=combination_days):
            merged[-1] = _joined(merged[-1], one)
        else:
            merged.append(one)
    return merged


def _joined(before: Given, after: Given) -> Given:
    ends = [end for end in (before.ended_on, after.ended_on) if end is not None]
    until = max(ends) if len(ends) == 2 else None
    return Given(before.started_on, until, before.names | after.names, before.partners | after.partners)


def _are_together(before: Given, after: Given, *, combination_days: int) -> bool:
    if (after.started_on - before.started_on).days <= combination_days:
        return True
    if before.ended_on is None:
        return not after.names & before.names
    return (before.ended_on - after.started_on).days > combination_days


def class_words(drug_class: str | None) -> str:
    """A drug class inside a name: CDK4/6 inhibitor, endocrine therapy, chemotherapy."""
    if drug_class is None:
        return NO_CLASS
    words = vocabulary.DRUG_CLASSES.get(drug_class, drug_class.replace("_", " "))
    is_name = not words[1:2].islower()
    return words if is_name else words[:1].lower() + words[1:]
