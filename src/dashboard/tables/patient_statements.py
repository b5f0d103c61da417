"""What the data say of a patient and what is not known, in sentences with their reasons and source rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.rules import rules, sentence
from dashboard.studies import vocabulary
from dashboard.tables.formats import (
    MINUS,
    format_days,
    format_signed_percent,
    format_tenth_mm,
)
from dashboard.tables.patient_statements_ctdna import course_words, level, ratios, within_line
from dashboard.tables.patient_timeline import Clock
from dashboard.tables.progression_words import pattern_words
from dashboard.tables.response_words import both_words, in_brackets, said_response

Row = Mapping[str, Any]
KINDS = {"SAY": "What the data say", "UNKNOWN": "What we do not know"}
WITH_NOTES = ("AGREEMENT_PD_NOT_DETECTED", "AGREEMENT_PAST_PD_NOT_DETECTED", "EARLIER_PD")
# What a sentence about ctDNA adds of its result: what it rests on, below LoQ or not, the next sample.
CAUTIONS = {
    "CTDNA_STATE": ("origin_rule", "level_rule", "variant_rule", "again_rule", "now_rule", "new_rule"),
    "MOLECULAR_PROGRESSION": ("draw_rule", "origin_rule", "level_rule", "loq_rule", "next_rule"),
    "LEAD_TIME": ("draw_rule", "origin_rule", "loq_rule", "next_rule", "new_rule"),
    "AGREEMENT": ("origin_rule",),
    "NEW_VARIANT": ("origin_rule",),
}
# What stands in the place of a baseline where no sample was drawn before treatment (clinical-decisions A2).
FIRST_DRAWS = {
    "NO_PRE_TREATMENT_ON": "first draw, day {days} of {label}",
    "NO_PRE_TREATMENT_ON_LINE": "first draw, day {days} of line {line}",
    "NO_PRE_TREATMENT_LOCAL": "first draw, day {days} after the first local treatment",
    "NO_PRE_TREATMENT_OTHER_LINE": "first draw, before line {line}",
    "NO_PRE_TREATMENT_OFF": "first draw, outside the window before treatment",
    "NO_PRE_TREATMENT_UNKNOWN": "first draw, no treatment date known",
}
# This state says so itself.
SAYS_NO_BASELINE = "STATE_NEVER_DETECTED_ON_TX"
# Rising over an earlier line: what the present line shows does not change the rule (docs/decisions 0020).
OWN_RULES = ("PERSISTENT_FALLING_NOW", "PERSISTENT_RISING_FIRST")
# A sentence that must not be read past: not detected does not reassure (clinical-decisions A4).
STANDS_OUT = ("LOW_SHEDDING", "LOW_SHEDDING_BEFORE_LOCAL", "LOW_SHEDDING_VISIBLE")
COLUMNS = ("Card", "Sentence", "Why", "Source rows", "Rule from")


@dataclass(frozen=True)
class Note:
    """Something to check beside a statement; `is_recorded` where the data hold it."""

    text: str
    is_recorded: bool
    source: str


@dataclass(frozen=True)
class Statement:
    """One line of a card: the sentence, the rule in words with its numbers, its rows and its source."""

    kind: str
    rule: str
    sentence: str
    why: str
    sources: tuple[str, ...]
    rule_source: str
    notes: tuple[Note, ...] = ()


def statements(rows: Sequence[Row], *, clock: Clock) -> list[Statement]:
    """Statements of one patient from rows of patient_statement, in their order; `clock` names the days."""
    notes = [row for row in rows if row["kind"] == "NOTE"]
    first = first_draw_words(rows)
    # Without a treatment date nothing can be said of a window.
    lacks_baseline = bool(first) and all(row["rule"] != "NO_PRE_TREATMENT_UNKNOWN" for row in rows)
    return [
        _statement(
            {**row, "lacks_baseline": lacks_baseline, "baseline": _reference(row, first_draw=first)},
            [note for note in notes if note["statement"] == row["statement"]],
            clock=clock,
        )
        for row in sorted(rows, key=lambda row: (row["place"], row["rule"]))
        if row["kind"] != "NOTE"
    ]


def first_draw_words(rows: Sequence[Row]) -> str:
    """For instance "first draw, day 85 of osimertinib"; nothing where a sample was drawn before treatment."""
    found = next((row for row in rows if row["rule"] in FIRST_DRAWS), None)
    return "" if found is None else FIRST_DRAWS[found["rule"]].format_map({**found, "label": _label(found)})


def _reference(row: Row, *, first_draw: str) -> str:
    """What the statement compares with; of the first draw also when that was, where it is known."""
    code = row.get("reference")
    return (first_draw if code == "FIRST_DRAW" else "") or vocabulary.CTDNA_REFERENCES.get(str(code), "")


def _label(row: Row) -> str | None:
    return None if row["label"] is None else str(row["label"]).rsplit(" | ", 1)[-1]


def _statement(row: Row, notes: Sequence[Row], *, clock: Clock) -> Statement:
    known = {**row, **_words(row, clock=clock)}
    return Statement(
        kind=str(row["kind"]),
        rule=str(row["rule"]),
        sentence=" ".join([sentence(row["rule"], known, name_day=clock.name), *_cautions(row, clock=clock)]),
        why=_why(row, known, clock=clock),
        sources=_sources(row),
        rule_source=rules()[row["rule"]].source if row["rule"] in rules() else "",
        notes=tuple(
            Note(
                text=sentence(note["rule"], note, name_day=clock.name),
                is_recorded=bool(note["is_recorded"]),
                source="; ".join(_sources(note)),
            )
            for note in sorted(notes, key=lambda note: note["place"])
            if row["rule"].startswith(WITH_NOTES)
        ),
    )


def _cautions(row: Row, *, clock: Clock) -> list[str]:
    """What the reader must know of the result behind the sentence (docs/decisions 0009)."""
    columns = CAUTIONS.get(row["statement"], ())
    # The level in words says "below LoQ".
    said = ["loq_rule"] if row["status"] == "below_loq" else []
    # The molecular progression stands beside the lead time and says whether it is confirmed.
    if row["statement"] == "LEAD_TIME" and (
        not row.get("loq_rule") or row.get("next_rule") == "BASIS_CONFIRMED"
    ):
        said = ["next_rule"]
    codes = [_informative(row), *(row.get(column) for column in columns if column not in said)]
    # What compares with the first draw names it.
    if row["statement"] == "CTDNA_STATE" and row["lacks_baseline"] and row["rule"] != SAYS_NO_BASELINE:
        codes += [] if "{baseline}" in rules()[row["rule"]].sentence else ["FIRST_DRAW_NO_BASELINE"]
    return [sentence(code, row, name_day=clock.name) for code in codes if code]


def _informative(row: Row) -> str | None:
    """Of a lead time after local treatment, whether ctDNA was detected before it (clinical-decisions A4)."""
    if row["statement"] != "LEAD_TIME" or row["code"] == "NOT_INFORMATIVE":
        return None
    if row["is_recorded"] is None:
        return "LEAD_NOT_SAMPLED" if row["other_status"] == "not_sampled" else None
    return "LEAD_INFORMATIVE" if row["is_recorded"] else "LEAD_NOT_INFORMATIVE"


def _why(row: Row, known: Row, *, clock: Clock) -> str:
    """The rule in words with its numbers; of a ctDNA state first the rule of the state itself."""
    why = sentence(f"WHY_{row['statement']}", known, name_day=clock.name)
    if row["statement"] != "CTDNA_STATE":
        return why
    numbers = {
        "n_valid": row["n_of"],
        "n_not_detected_run": row["n"],
        "run_days": row["days"],
        "previous_valid_on": row["other_on"],
    }
    rule = str(row["rule"]).removeprefix("STATE_")
    own = sentence("PERSISTENT_RISING_EARLIER" if rule in OWN_RULES else rule, numbers, name_day=clock.name)
    return f"{own} {why}"


def _sources(row: Row) -> tuple[str, ...]:
    found = [
        f"{row.get(f'{which}source_file')}, row {row.get(f'{which}source_row')}"
        for which in ("", "other_")
        if row.get(f"{which}source_file") is not None
    ]
    return tuple(dict.fromkeys(found))


def _words(row: Row, *, clock: Clock) -> dict[str, Any]:
    """What sentences name besides the columns of the row."""
    return {
        "label": _label(row),
        "start_reason": vocabulary.START_REASONS.get(str(row["code"])),
        "pattern": pattern_words(row) or "not by the sum",
        "course": course_words(row, clock=clock),
        "within_line": within_line(row),
        "said_response": said_response(row["response"], row.get("response_by")),
        "by": in_brackets(row),
        **both_words(row),
        "level": level(row, ""),
        # After "detected again" the level alone: 0.12 %, below LoQ.
        "result": (level(row, "") or "").removeprefix("detected, "),
        "other_level": level(row, "other_"),
        **ratios(row),
        "gap": _gap(row),
        "imaging": _imaging(row, clock=clock),
        "bounds": _bounds(row["lower_days"], row["upper_days"]),
        "later_bounds": _bounds(_turned(row["upper_days"]), _turned(row["lower_days"])),
        "later_days": None if row["days"] is None else abs(row["days"]),
        **_growth(row),
    }


def headed(text: str) -> tuple[str, str]:
    """The words up to the first colon outside brackets with it, and the rest; no head where there is none."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and text.startswith(": ", place):
            return text[: place + 1], text[place + 2 :]
    return "", text


def _gap(row: Row) -> str | None:
    """How far the scan lies from the draw, for instance: 27 days later."""
    days = row["days"]
    if days is None:
        return None
    if days == 0:
        return "on the same day"
    return f"{format_days(abs(days))} {'later' if days > 0 else 'earlier'}"


def _turned(days: int | None) -> int | None:
    """A bound of the lead time as seen from imaging: how much later ctDNA came."""
    return None if days is None else -days


def _imaging(row: Row, *, clock: Clock) -> str | None:
    """The day of the progression on imaging of a lead time, and why its lower bound is open where it is."""
    seen_on = row["other_on"] or row["day_on"]
    if seen_on is None or row["lower_days"] is not None:
        return None if seen_on is None else clock.name(seen_on)
    since = f"line {row['line']} began" if row["line"] else "the first local treatment"
    return f"{clock.name(seen_on)}, before it no scan without progression since {since}"


def _bounds(lower: int | None, upper: int | None) -> str:
    """The interval of a lead time in words."""
    if lower is None:
        return "bounds not known" if upper is None else f"at most {_signed(upper)} days, lower bound open"
    if upper is None:
        return f"at least {_signed(lower)} days, upper bound open"
    return f"bounds {_signed(lower)} to {_signed(upper)} days"


def _signed(days: int) -> str:
    return f"{MINUS}{abs(days)}" if days < 0 else str(days)


def _growth(row: Row) -> dict[str, str]:
    """Change of the target sum from baseline and nadir, and the millimetres to PD."""
    total, baseline, nadir = row["sum_tenth_mm"], row["baseline_tenth_mm"], row["nadir_tenth_mm"]
    words: dict[str, str] = {}
    if total is None:
        return words
    if baseline:
        words["change_percent"] = _percent(total - baseline, baseline)
    if row["pd_from_tenth_mm"] is not None:
        words["to_pd_mm"] = format_tenth_mm(max(0, row["pd_from_tenth_mm"] - total))
    if nadir is not None and total > nadir:
        percent = f" ({_percent(total - nadir, nadir)} %)" if nadir else ""
        words["rise_over_nadir"] = f"+{format_tenth_mm(total - nadir)} mm{percent} over"
    return words


def _percent(change: int, reference: int) -> str:
    return format_signed_percent(change * 100 / reference, decimals=1)


def statements_table(said: Sequence[Statement]) -> pd.DataFrame:
    """One row per statement with its card, reason and source rows."""
    rows = [
        (KINDS[one.kind], one.sentence, one.why, "; ".join(one.sources), one.rule_source)
        for kind in KINDS
        for one in said
        if one.kind == kind
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
