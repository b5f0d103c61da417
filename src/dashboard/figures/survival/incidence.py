"""Cumulative incidence where another event competes (Aalen-Johansen), and the sentence that comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from dashboard.charts.cumulative_incidence import IncidenceOptions, cumulative_incidence_chart
from dashboard.charts.kaplan_meier_marks import axis_ticks
from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.survival.curves import has_joined_late, longest_shown, note_on_drawing
from dashboard.figures.survival.numbers import ending_table
from dashboard.figures.survival.of_line import line_column
from dashboard.figures.survival.request import SurvivalRequest, followed, survival_rows
from dashboard.figures.survival.words import flow_words, rule_words, x_title
from dashboard.stats import (
    competing_risk_table,
    count_at,
    dimming_limit,
    estimate_cumulative_incidence,
)
from dashboard.store.reader import Reader
from dashboard.studies.endpoints import MilestoneRule
from dashboard.studies.schema import Study
from dashboard.tables.survival import events_words

METHOD = (
    "{label}. Cumulative incidence by Aalen and Johansen in months of 30.4375 days, all of the cohort "
    "together; band 95 %, log, of the event. Whoever had the competing event first can no longer have the "
    "event and is not censored: one minus Kaplan–Meier would be too high."
)
COLUMNS = {
    "cause": "what_happened",
    "time": "months",
    "at_risk": "at_risk",
    "n_event": "events",
    "n_competing": "other_events",
    "n_censored": "censored",
    "incidence": "incidence_percent",
    "lower": "lower_percent",
    "upper": "upper_percent",
    "is_dimmed": "is_dimmed",
}
PROGRESSIONS = frozenset({"radiological_progression", "clinical_progression"})
SYSTEMIC = frozenset({"systemic_start"})
CLEARED = frozenset({"ctdna_clear"})
SAMPLED_SQL = (Path(__file__).parent / "sampled.sql").read_text(encoding="utf-8")
BAND_NOTE = ("Band: 95 % interval of the event; what competes has none drawn, its limits are in the table.",)


@registered("survival_incidence", key=("what_happened", "months"))
def survival_incidence(reader: Reader, request: SurvivalRequest) -> Figure | None:
    """The share that had the event, and that had what competes, over time; None where nobody is followed."""
    rows = survival_rows(reader, request)
    kept = followed(rows)
    if kept.empty:
        return None
    event, other = causes(request)
    curve = incidence_curve(kept, request=request)
    counts = count_at(ending_table(kept), times=axis_ticks(longest_shown(kept, request)))
    counts = counts.assign(group="All: events of either kind")
    # As under Kaplan–Meier: without the row where nobody joins late.
    counts = counts if counts["n_not_entered"].any() else counts.drop(columns="n_not_entered")
    options = IncidenceOptions(
        x_title=x_title(request.endpoint, has_joined_late=has_joined_late(counts), line=request.line_words),
        y_title=f"{event[:1].upper()}{event[1:]} by then, %",
        event=event,
        theme=request.theme,
        has_band=request.has_band,
    )
    flow = flow_words(
        (len(rows), len(kept), int((kept["status"] == "EVENT").sum())),
        _excluded(rows),
        unit=request.unit,
        endpoint=request.endpoint,
    )
    n_other = int((kept["status"] == "COMPETING").sum())
    drawing = cumulative_incidence_chart(curve, counts, options=options)
    before = BAND_NOTE if request.has_band else ()
    title = {"title": note_on_drawing(request, before=before)}
    return Figure(
        rows=rows,
        spec={} if why_no_incidence(kept, request) else {**drawing, **title},
        table=line_column(_twin(curve), request.line_words),
        caption=f"{flow} {n_other} with {other} first. {_unseen_words(reader, request, kept)}".strip(),
        method=METHOD.format(label=request.title),
        footer=request.footer(reader),
        alt=f"{request.title}, cumulative incidence. Every number is in the table.",
    )


def why_no_incidence(kept: pd.DataFrame, request: SurvivalRequest) -> str:
    """Why no incidence of these followed is drawn: fewer events than a median needs (A29); else empty.

    Few events make steps that are read as a course; the counts and the sentence say what is known.
    """
    n, least = int(kept["is_event"].sum()), request.guards.median_min_events
    return "" if n >= least else f"No curve: {events_words(n)} ({causes(request)[0]}), fewer than {least}."


def causes(request: SurvivalRequest) -> tuple[str, str]:
    """Words for the event and for what competes."""
    endpoint = request.endpoint
    own, other = (_either(rules) for rules in (endpoint.events, endpoint.competing))
    return own, f"{other} without it"


def _either(rules: Sequence[MilestoneRule]) -> str:
    """One or the other in words; progression of both kinds is one word, the endpoint card has the kinds."""
    kinds = {rule.milestone for rule in rules}
    both = PROGRESSIONS if kinds >= PROGRESSIONS else frozenset()
    words = ["progression" if rule.milestone in both else rule_words(rule) for rule in rules]
    return " or ".join(dict.fromkeys(words))


def incidence_curve(kept: pd.DataFrame, *, request: SurvivalRequest) -> pd.DataFrame:
    """One row per cause and time: the incidence with its limits, and whether few are at risk."""
    event, other = causes(request)
    words = {"EVENT": event, "COMPETING": other}
    happened = pd.Categorical(kept["status"].map(words), categories=[event, other])
    table = competing_risk_table(
        kept.assign(cause=happened), time="months", cause="cause", entry="entry_months"
    )
    limit = dimming_limit(len(kept), guards=request.guards)
    return estimate_cumulative_incidence(table).assign(is_dimmed=lambda curve: curve["at_risk"] < limit)


def headline_sentence(reader: Reader, request: SurvivalRequest, *, study: Study) -> str:
    """How many had the event, what competes, or neither, with the follow-up (A7); empty without patients.

    "Systemic therapy started in 6 of 22; 1 died without it; 15 of 22 have not needed it ..."
    """
    kept = followed(survival_rows(reader, request))
    if kept.empty:
        return ""
    n, counts = len(kept), kept["status"].value_counts()
    k, died = int(counts.get("EVENT", 0)), int(counts.get("COMPETING", 0))
    if {rule.milestone for rule in request.endpoint.events} == SYSTEMIC:
        said = (
            f"Systemic therapy started in {k} of {n}; {died} died without it; "
            f"{n - k - died} of {n} have not needed it"
        )
    else:
        event, other = causes(request)
        said = f"{_capital(event)} in {k} of {n}; {other} in {died}; neither in {n - k - died} of {n}"
    return f"{said}{_follow_up_words(kept)}. {_repeat_words(reader, request, study=study)}".strip()


def _capital(words: str) -> str:
    """With a capital, where the word has none of its own, as ctDNA has."""
    is_name = any(letter.isupper() for letter in words.split(" ")[0])
    return words if is_name else words[:1].upper() + words[1:]


def _follow_up_words(kept: pd.DataFrame) -> str:
    """How long those with neither event were followed; reverse Kaplan–Meier often has no limit in few."""
    months = kept.loc[kept["status"] == "CENSORED", "months"]
    if months.empty:
        return ""
    if len(months) == 1:
        return f" (this one was followed {months.iloc[0]:.1f} months)"
    span = f"range {months.min():.1f}–{months.max():.1f}"
    return f" (these {len(months)} were followed a median of {months.median():.1f} months, {span})"


def _repeat_words(reader: Reader, request: SurvivalRequest, *, study: Study) -> str:
    """Repeat local therapy is no event of systemic therapy; how many had it."""
    if {rule.milestone for rule in request.endpoint.events} != SYSTEMIC:
        return ""
    for endpoint in study.endpoints:
        if {(one.milestone, one.line_match) for one in endpoint.events} == {("local_course_start", "later")}:
            rows = survival_rows(reader, replace(request, endpoint=endpoint))
            k, n = int((rows["status"] == "EVENT").sum()), int((rows["status"] != "NOT_AT_RISK").sum())
            return f"{k} of {n} had repeat local therapy; none of these counted as systemic."
    return ""


def _unseen_words(reader: Reader, request: SurvivalRequest, kept: pd.DataFrame) -> str:
    """How many have no valid sample after day 0: clearance is seen on a sample only (docs/decisions 0024)."""
    if {rule.milestone for rule in request.endpoint.events} != CLEARED:
        return ""
    last = reader.rows(SAMPLED_SQL).set_index("patient_id")["last_sampled_on"]
    sampled_on = pd.to_datetime(kept["patient_id"].map(last))
    k, n = int((~(sampled_on > pd.to_datetime(kept["origin_on"]))).sum()), len(kept)
    have = "has" if k == 1 else "have"
    return f"{k} of {n} {have} no second valid sample: their clearance could not be seen."


def _excluded(rows: pd.DataFrame) -> Mapping[str, int]:
    counted = rows.loc[rows["status"] == "NOT_AT_RISK", "rule"].value_counts()
    return {str(rule): int(n) for rule, n in counted.items()}


def _twin(curve: pd.DataFrame) -> pd.DataFrame:
    shares = {column: 100 * curve[column] for column in ("incidence", "lower", "upper")}
    return curve.assign(**shares)[list(COLUMNS)].rename(columns=COLUMNS)
