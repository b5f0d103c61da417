"""Outcomes that an extract brings finished, offered beside the endpoints that are derived from dates."""

from collections.abc import Iterator

from pydantic import Field

from dashboard.studies.endpoints import Endpoint, Rules
from dashboard.studies.problems import Problem, listed, shown

# The other keys of an endpoint say how it is derived, and nothing is derived here.
KEYS = {
    "endpoint_id": "id",
    "outcome": "outcome",
    "label": "label",
    "day_zero": "day_zero",
    "event": "event",
    "known_groups": "known_groups",
    "column": "column",
    "shown_months": "shown_months",
    "note": "note",
}
SAYS_SO = "reported"


class ReportedEndpoint(Endpoint):
    """[[reported_endpoint]]: times and events of reported_outcome as they are, made of no milestone.

    `day_zero` and `event` are the source's, in words. `known_groups`: groups, later ones too, that the source
    knew on its day 0, so that the curve may be split by them.
    """

    outcome: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    day_zero: str = Field(min_length=1)
    event: str = Field(min_length=1)
    known_groups: tuple[str, ...] = ()
    origin: Rules = ()
    events: Rules = ()
    censor: Rules = ()


def reported_problems(endpoint: ReportedEndpoint) -> Iterator[Problem]:
    """Keys of a derived endpoint, and a label that hides whose number it is."""
    table = f"[[reported_endpoint]] {endpoint.endpoint_id}"
    for name in sorted(endpoint.model_fields_set - set(KEYS)):
        found = "a key of an endpoint derived from dates"
        yield Problem(table, name, found, f"the keys {listed(KEYS.values())}")
    if SAYS_SO not in endpoint.label:
        yield Problem(table, "label", shown(endpoint.label), f"a label with the word {SAYS_SO}")
