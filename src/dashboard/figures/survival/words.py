"""Words about an endpoint: its card, who is in the analysis and who is not, what the drawing leaves out."""

from collections.abc import Mapping, Sequence

from dashboard.charts.curve_names import MOST_NAMED
from dashboard.figures.survival.of_line import on_line
from dashboard.stats import Guards
from dashboard.studies.endpoints import Endpoint, MilestoneRule
from dashboard.studies.milestones import WITHOUT_INDUCTION
from dashboard.studies.reported import ReportedEndpoint
from dashboard.tables.clearance_survival import EXCLUDED as WITHOUT_DRAW
from dashboard.tables.formats import format_count
from dashboard.tables.survival import events_words

MILESTONE_WORDS: dict[str, str] = {
    "death": "death",
    "enrolment": "enrolment",
    "consent": "consent",
    "randomisation": "randomisation",
    "metastatic_diagnosis": "diagnosis of metastasis",
    "oligometastatic_diagnosis": "diagnosis of oligometastasis",
    "known_alive": "last day known alive",
    "visit_gap": "start of a gap without visits",
    "last_abstraction": "last reading of the records",
    "last_activity": "last recorded activity",
    "withdrawal": "withdrawal",
    "lost_to_follow_up": "lost to follow-up",
    "systemic_status_known": "last contact at which systemic therapy was reviewed",
    "systemic_start": "start of any systemic anticancer therapy",
    "valid_sample": "last valid ctDNA sample",
    "detected_baseline": "baseline draw with ctDNA detected",
    "second_draw": "second draw",
    "ctdna_clear": "first sample with ctDNA not detected",
    "ctdna_relapse": "ctDNA detected again",
    "molecular_progression": "molecular progression (ctDNA rule, not RECIST)",
    "line_start": "start of the line",
    "class_start": "first dose of the drug class the study follows",
    "class_start_without_induction": "first dose of the drug class the study follows, "
    "not as maintenance after chemotherapy",
    "index_treatment_start": "start of the line at enrolment",
    "on_treatment": "last recorded dose",
    "line_discontinued": "treatment stopped",
    "line_stopped": "every recorded stop of treatment, death or the next line",
    "toxicity_stop": "treatment stopped for toxicity",
    "local_course_start": "first day of local therapy",
    "local_course_end": "last day of the course of local therapy",
    "baseline_assessment": "baseline imaging",
    "assessment": "last imaging assessment",
    "adequate_assessment": "last adequate assessment",
    "reported_adequate_assessment": "last adequate assessment with a reported response",
    "radiological_progression": "radiological progression",
    "reported_progression": "progression that somebody reported",
    "new_lesion_progression": "new lesions",
    "clinical_progression": "clinical progression",
    "objective_response": "first CR or PR",
    "local_treatment_start": "first session on the lesion",
    "local_treatment_end": "last session on the lesion",
    "local_progression": "progression in the treated field",
}
LINE_WORDS = {"same": "same line", "next": "next line", "later": "a later line"}
NOT_FOLLOWED = "not followed"
AFTER_INDUCTION_IN = "{n} with chemotherapy, then maintenance, on line 1"
EXCLUDED_WORDS: dict[str, str] = {
    "NO_ORIGIN": "who did not reach day 0, or without a record of it",
    # Where day 0 is a draw, the reasons and words of survival by later draws on Clearance.
    **{rule: WITHOUT_DRAW[rule] for rule in ("NO_SAMPLE", "NO_BASELINE", "NO_PRE_TREATMENT")},
    "NOT_DETECTED_AT_BASELINE": WITHOUT_DRAW["NOT_DETECTED_AT_BASELINE"],
    "AFTER_INDUCTION": "with chemotherapy, then maintenance, on that line",
    "NOT_ENROLLED": "not enrolled",
    "EVENT_BEFORE_ORIGIN": "with the event before day 0",
    "CENSORED_BEFORE_ORIGIN": "last seen before day 0",
    "ENDED_BEFORE_ENTRY": "with the event, or the last day followed, by the day they joined",
    "REQUIREMENT_MISSING": "without the baseline this needs",
    "NOT_REPORTED": "without this outcome in the files",
    "NO_TIME_REPORTED": "without a usable time or event in the files",
}


def excluded_words(rule: str, endpoint: Endpoint | ReportedEndpoint | None = None) -> str:
    """Why somebody is not in the analysis; for what the endpoint requires in the words of the study."""
    own = endpoint.require_words if isinstance(endpoint, Endpoint) and rule == "REQUIREMENT_MISSING" else ""
    return own or EXCLUDED_WORDS.get(rule, NOT_FOLLOWED)


def rule_words(rule: MilestoneRule) -> str:
    """One milestone with what narrows it: start of the line (line 1)."""
    words = MILESTONE_WORDS.get(rule.milestone, rule.milestone.replace("_", " "))
    line = f"line {rule.line}" if rule.absolute_line is not None else LINE_WORDS.get(rule.line_match, "")
    if rule.milestone.startswith("local_course"):
        line = line.replace("line", "course")
    shift = f"{rule.plus_months} months later" if rule.plus_months else ""
    more = ", ".join(part for part in (line, shift) if part)
    return f"{words} ({more})" if more else words


def _first_of(rules: Sequence[MilestoneRule], *, nothing: str) -> str:
    words = list(dict.fromkeys(rule_words(rule) for rule in rules))
    if not words:
        return nothing
    return words[0] if len(words) == 1 else f"first of {', '.join(words)}"


def x_title(endpoint: Endpoint, *, has_joined_late: bool, line: str = "") -> str:
    """Title of the time axis: the origin, and where patients join whose curve began before they did (A8).

    `has_joined_late` is whether anybody who is drawn enters after day 0, `line` the line of an endpoint that
    is counted per line, in words.
    """
    if isinstance(endpoint, ReportedEndpoint):
        return f"months since {endpoint.day_zero}"
    # A study may name its axis itself, and say there who joins when.
    words = on_line(endpoint.axis or f"months since {_first_of(endpoint.origin, nothing='day 0')}", line)
    if has_joined_late and endpoint.entry and "join" not in words:
        words += f" (patients join the curve at {_first_of(endpoint.entry, nothing='entry')})"
    return words


def endpoint_card(
    endpoint: Endpoint, *, n: Mapping[str, int], cut_off: str, line: str = ""
) -> tuple[tuple[str, str], ...]:
    """Rows of the endpoint card: what is followed, from when, to what, and how long.

    `n` has the numbers `cohort`, `followed` and `delayed`, and of the followed `after_induction`: what
    waits for a ruling stands beside the card, while it does. `events` and `censored` have beside them how
    many of each rest on a scan nobody reported a response to: `unreported_events`, `unreported_censored`.
    `line` is the line of an endpoint that is counted per line, in words.
    """
    if isinstance(endpoint, ReportedEndpoint):
        return _reported_card(endpoint, n=n, cut_off=cut_off)
    joined = f"{n['delayed'] or 'nobody'} joined after day 0"
    entry = f"{_first_of(endpoint.entry, nothing='')} where later: {joined}"
    counted = "" if endpoint.per == "patient" else f", counted per {endpoint.per}"
    counted = on_line(", counted", line) if line else counted
    rows = [
        ("Endpoint", endpoint.label),
        ("Population", f"{n['followed']} of {n['cohort']} in the cohort{counted}"),
        ("Day 0", on_line(_first_of(endpoint.origin, nothing="not defined"), line)),
        ("Joins", entry if endpoint.entry else "on day 0"),
        ("Event", _first_of(endpoint.events, nothing="none") + _unreported_words("events", n)),
        ("Competing", _first_of(endpoint.competing, nothing="none")),
        ("Censored", _censoring_words(endpoint) + _unreported_words("censored", n)),
        ("Horizon", _horizon_words(endpoint)),
        ("Data cut", cut_off),
    ]
    left_out = endpoint.require_words
    if not left_out and any(rule.milestone == WITHOUT_INDUCTION for rule in endpoint.origin):
        left_out = EXCLUDED_WORDS["AFTER_INDUCTION"]
    if n.get("after_induction"):
        rows.insert(2, ("Counted too", AFTER_INDUCTION_IN.format(n=n["after_induction"])))
    if left_out:
        rows.insert(2, ("Left out", left_out))
    return (*rows, ("Note", endpoint.note)) if endpoint.note else tuple(rows)


def _unreported_words(what: str, n: Mapping[str, int]) -> str:
    """How many of the events, or of the censored, rest on a scan nobody assessed; empty for none."""
    k = n.get(f"unreported_{what}")
    if not k:
        return ""
    said = "calculated as PD" if what == "events" else "calculated as no PD"
    return f"; {k} of {n[what]} at a scan nobody reported a response to, {said}"


def _reported_card(
    endpoint: ReportedEndpoint, *, n: Mapping[str, int], cut_off: str
) -> tuple[tuple[str, str], ...]:
    rows = (
        ("Endpoint", endpoint.label),
        ("Source", "finished times and events from the files, not derived from dates"),
        ("Population", f"{n['followed']} of {n['cohort']} in the cohort"),
        ("Day 0", endpoint.day_zero),
        ("Event", endpoint.event),
        ("Censored", "where the source reports no event, at its time"),
        ("Data cut", cut_off),
    )
    return (*rows, ("Note", endpoint.note)) if endpoint.note else rows


def _censoring_words(endpoint: Endpoint) -> str:
    words = _first_of(endpoint.censor, nothing="never").replace("first of ", "latest of ")
    if endpoint.stop:
        words += f"; follow-up stops at {_first_of(endpoint.stop, nothing='')}"
    if endpoint.max_gap_days:
        days = " / ".join(str(gap.days) for gap in endpoint.max_gap_days)
        words += f"; also before an event after more than {days} days without assessment"
    return words + (" (approximate)" if endpoint.is_approximate else "")


def _horizon_words(endpoint: Endpoint) -> str:
    if endpoint.horizon_months is None:
        return "none"
    effect = "censors" if endpoint.censor_at_horizon else "a mark, censors nobody"
    return f"{endpoint.horizon_months} months ({effect})"


def flow_words(
    counts: tuple[int, int, int],
    excluded: Mapping[str, int],
    *,
    unit: str,
    endpoint: Endpoint | ReportedEndpoint | None = None,
) -> str:
    """Who is in the analysis: in the cohort, followed, with the event; the excluded by reason.

    The parts add up to the cohort.
    """
    n, n_followed, n_event = counts
    left_out = [f"{k} {excluded_words(rule, endpoint)}" for rule, k in sorted(excluded.items())]
    are = "is" if n_followed == n == 1 else "are"
    words = f"{n_followed} of {format_count(n, unit[:-1])} {are} followed"
    if left_out:
        words += f"; not in this analysis: {', '.join(left_out)}"
    return f"{words}. {events_words(n_event)}."


def known_later_words(n: int, group: str) -> str:
    """How many have their group on record only after they joined; it is not used (guarantee-time bias)."""
    if not n:
        return ""
    return f"{group} of {n} was recorded only after they joined and is not used here."


def dimming_words(share_percent: int, limits: tuple[int, int]) -> str:
    """Where curves are dimmed (A29)."""
    least, most = limits
    few = f"fewer than {share_percent} % of a group"
    return f"Dimmed where {few} are at risk (at least {least}, at most {most})."


def without_bands_words(n_curves: int) -> str:
    """Why several curves have no band, and where their limits are."""
    return f"{n_curves} curves: the 95 % bands are left out, the intervals are in the table."


def without_curve_words(small: Mapping[str, int], *, least: int, unit: str = "patients") -> str:
    """No curve, fewer than 5 patients: Cleared (3). Empty where every group is large enough."""
    named = ", ".join(f"{name} ({n})" for name, n in small.items())
    return f"No curve, fewer than {least} {unit}: {named}." if named else ""


def few_patients_words(
    groups: Sequence[tuple[str, int, int]], *, below: int, unit: str = "patients"
) -> list[str]:
    """Lines that name the drawn groups of fewer than `below`, with their events; none where all are larger.

    `groups` are name, n and events. Where nobody of them had the event, that the curve then cannot fall and
    has no band.
    """
    few = [(name, n, k) for name, n, k in groups if n < below]
    if not few:
        return []
    named = ", ".join(f"{name} ({n}, {events_words(k) if k else 'no event'})" for name, n, k in few)
    level = any(k == 0 for _name, _n, k in few)
    flat = [f"Without an event a curve stays at 100 %, without a band: too few {unit} to say more."]
    return [f"Fewer than {below} {unit}: {named}.", *(flat if level else [])]


def many_curves_words(n_curves: int) -> str:
    """What tells more curves apart than can be named, and where their numbers are; empty for fewer."""
    if n_curves <= MOST_NAMED:
        return ""
    return f"{n_curves} curves: the letter on each is that of its rows below; the table has every number."


def withheld_words(guards: Guards, *, has_ratio: bool) -> list[str]:
    """Lines that say from how many events and patients on a median, and a hazard ratio, are given (A29)."""
    median, few = f"Median from {guards.median_min_events} events", guards.small_analysis_below
    if not has_ratio:
        return [f"{median}; in a group of fewer than {few} only with an upper limit."]
    per_group = guards.hazard_ratio_min_events_per_group
    return [
        f"{median}, hazard ratio from {guards.hazard_ratio_min_events} ({per_group} in each group).",
        f"Fewer than {few} in all: no hazard ratio; in a group: no median without an upper limit.",
    ]
