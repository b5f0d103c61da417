"""Adverse events under treatment: once per patient and term at the worst grade (clinical-decisions A25)."""

from collections.abc import Sequence

import pandas as pd

from dashboard.charts.adverse_events import AdverseEventOptions, adverse_event_chart
from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.safety.request import SafetyRequest, ask, footer_words, narrowed
from dashboard.figures.safety.words import (
    NONE_UNDER_SYSTEMIC,
    NOT_RECORDED,
    collected_words,
    safety_caption,
    safety_method,
    silent_laboratory_words,
    silent_lines_words,
)
from dashboard.stats.rates import DAYS_PER_YEAR, rate_interval
from dashboard.store.reader import Reader
from dashboard.tables.formats import format_count
from dashboard.tables.safety import (
    laboratory_table,
    relation_table,
    term_table,
    top_terms,
    unit_table,
    unit_words,
    version_words,
    worst_table,
)
from dashboard.tables.safety_counts import ANY, term_counts
from dashboard.tables.safety_serious import serious_table

MOST_UNITS = 6
UNIT_TERMS = 15
REPORTED = ("n_reported", "n_reported_3", "n_reported_4")
CLASS_DRUGS = "select agent from drug_class where drug_class = $drug_class"
LABORATORY_METHOD = (
    "Grades by CTCAE 5.0 from laboratory values with a limit of normal, of patients with a value under "
    "treatment, in the same days as events; counted when worse than the last value up to the first dose. "
    "Reported events are those of the same patients. The two are never added."
)
SERIOUS_METHOD = "Serious adverse events under treatment, reports of one event merged."


def safety_counts(reader: Reader, request: SafetyRequest) -> pd.DataFrame:
    """One row per level and term with patients, days at risk and the rate per 100 patient-years."""
    return with_rates(_counts(reader, request))


def _counts(reader: Reader, request: SafetyRequest) -> pd.DataFrame:
    values = {"scope": request.scope, "unit": request.unit}
    return term_counts(
        ask(reader, request, "worst", **values), treated=ask(reader, request, "treated", **values)
    )


def with_rates(counts: pd.DataFrame) -> pd.DataFrame:
    """The counts with rate, rate_lower and rate_upper per 100 patient-years at risk."""
    found = [
        rate_interval(int(n), float(days) / DAYS_PER_YEAR, per=100)
        for n, days in zip(counts["n_any"], counts["risk_days"], strict=True)
    ]
    return counts.assign(
        rate=pd.Series([one.estimate for one in found], dtype=object),
        rate_lower=pd.Series([one.lower for one in found], dtype=object),
        rate_upper=pd.Series([one.upper for one in found], dtype=object),
    )


@registered("safety_terms", writes_rows=True, key=("level", "label"))
def safety_terms(reader: Reader, request: SafetyRequest) -> Figure:
    """The most frequent terms as a drawing, all of them as a table; `rows` are the numbers."""
    values = {"scope": request.scope, "unit": request.unit}
    treated = ask(reader, request, "treated", **values)
    counts = safety_counts(reader, request)
    silent = silent_words(reader, request)
    is_share = len(treated) >= request.counts_only_below
    options = AdverseEventOptions(n_treated=len(treated), theme=request.theme, is_share=is_share)
    drawn = counts[counts["level"] == "TERM"].head(request.n_terms)
    return Figure(
        rows=counts,
        spec=adverse_event_chart(drawn, options=options) if len(drawn) else {},
        table=term_table(
            counts, by_class=request.by_class, counts_only_below=request.counts_only_below, drug=request.drug
        ),
        caption=" ".join(part for part in (safety_caption(treated, request), silent) if part),
        method=safety_method(request),
        footer=footer_words(reader, request),
        alt=f"Adverse events of {len(treated)} patients by worst grade. Every number is in the table.",
    )


def safety_summary(
    counts: pd.DataFrame, *, counts_only_below: int, drug: str = ""
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Worst grade of each patient, and patients by what is said of relation and seriousness.

    `counts` are those of `safety_counts`, at least one row; `drug` the one drug they are counted under.
    """
    n, below = int(counts["n_treated"].iloc[0]), counts_only_below
    return (
        worst_table(counts, n_treated=n, counts_only_below=below, drug=drug),
        relation_table(counts, n_treated=n, counts_only_below=below, drug=drug),
    )


def safety_units(reader: Reader, request: SafetyRequest) -> pd.DataFrame:
    """Patients treated by scope and unit, the most first: columns scope, unit, n, is_recorded."""
    treated = ask(reader, request, "treated", scope=None, unit=None)
    return (
        treated.groupby(["scope", "unit"], as_index=False)
        .agg(n=("patient_id", "nunique"), is_recorded=("is_recorded", "max"))
        .sort_values(["scope", "n", "unit"], ascending=[True, False, True], ignore_index=True)
    )


@registered("safety_by_unit", writes_rows=True, key=("unit", "level", "label"))
def safety_by_unit(reader: Reader, request: SafetyRequest) -> Figure:
    """Any grade and grade 3 or more side by side per line or drug (`request.scope`).

    Dashes stand where no event of anybody is recorded under a line or drug, and no number in `rows`; where
    that is so of all of them, the table is empty and the caption says so.
    """
    values = {"scope": request.scope, "unit": None}
    treated, worst = ask(reader, request, "treated", **values), ask(reader, request, "worst", **values)
    counts: dict[str, pd.DataFrame] = {}
    silent: dict[str, int] = {}
    recorded: list[str] = []
    for unit in _units(reader, request, treated):
        patients = treated[treated["unit"] == unit]
        heading = f"{unit_words(request.scope, unit)}, n = {len(patients)}"
        counts[heading] = term_counts(worst[worst["unit"] == unit], treated=patients)
        if patients["is_recorded"].any():
            recorded.append(unit)
        else:
            silent[heading] = len(patients)
    rows = [
        (_not_recorded(silent[heading]) if heading in silent else own).assign(unit=heading)
        for heading, own in counts.items()
    ]
    is_silent = len(silent) == len(counts)
    first = _counts(reader, SafetyRequest(cohort=request.cohort))
    words = (
        collected_words(request),
        silent_words(reader, request, units=recorded) if request.scope == "DRUG" else "",
        f"–: {NOT_RECORDED[:1].lower()}{NOT_RECORDED[1:]}" if silent else "",
    )
    return Figure(
        rows=pd.concat(rows) if rows else pd.DataFrame(),
        spec={},
        table=unit_table(
            {} if is_silent else counts,
            terms=[] if is_silent else top_terms(first, n=UNIT_TERMS),
            counts_only_below=request.counts_only_below,
            not_recorded=silent,
        ),
        caption=NONE_UNDER_SYSTEMIC if is_silent else " ".join(part for part in words if part),
        method=safety_method(request),
        footer=footer_words(reader, request),
    )


def _not_recorded(n_treated: int) -> pd.DataFrame:
    """One row without numbers of events."""
    return pd.DataFrame([{"level": "ANY", "organ_class": "", "label": ANY, "n_treated": n_treated}])


def silent_words(reader: Reader, request: SafetyRequest, *, units: Sequence[str] | None = None) -> str:
    """Lines counted in a view of all treatment or of drugs in which no event of anybody is recorded."""
    silent = silent_lines(reader, request, units=units)
    if silent.empty:
        return ""
    lines = ask(reader, request, "treated", scope="LINE", unit=None)
    recorded = sorted({str(line) for line in lines[lines["is_recorded"]]["unit"]}, key=int)
    return silent_lines_words(silent, recorded=recorded)


def silent_lines(
    reader: Reader, request: SafetyRequest, *, units: Sequence[str] | None = None
) -> pd.DataFrame:
    """One row per patient, unit and line of such lines; none where one line is looked at by itself."""
    unit = request.unit if units is None else None
    silent = ask(reader, request, "unrecorded", scope=request.scope, unit=unit)
    if request.scope not in ("ALL", "DRUG"):
        return silent.iloc[:0]
    return silent if units is None else silent[silent["unit"].isin(list(units))]


def _units(reader: Reader, request: SafetyRequest, treated: pd.DataFrame) -> list[str]:
    """Lines in their order; of the drugs those the study follows, else those of most patients."""
    counted = treated.groupby("unit")["patient_id"].nunique().sort_values(ascending=False, kind="stable")
    units = [str(unit) for unit in counted.index]
    if request.scope == "LINE":
        return sorted(units, key=int)[:MOST_UNITS]
    followed = {str(row["agent"]) for row in reader.records(CLASS_DRUGS, {"drug_class": request.key_class})}
    return ([unit for unit in units if unit in followed] or units)[:MOST_UNITS]


@registered("safety_laboratory", writes_rows=True, key=("preferred_term",))
def safety_laboratory(reader: Reader, request: SafetyRequest) -> Figure:
    """Grades from laboratory values beside reported events."""
    values = {"scope": request.scope, "unit": request.unit}
    rows = ask(reader, request, "laboratory", **values)
    treated = ask(reader, request, "treated", **values)
    is_recorded = bool(treated["is_recorded"].any())
    if not is_recorded:
        rows = rows.assign(**dict.fromkeys(REPORTED, None))
    beside = (
        silent_laboratory_words(silent_lines(reader, request))
        if is_recorded
        else f"Reported: {NOT_RECORDED[:1].lower()}{NOT_RECORDED[1:]}"
    )
    return Figure(
        rows=rows,
        spec={},
        table=laboratory_table(rows, counts_only_below=request.counts_only_below),
        caption=f"Shown beside reported adverse events, never added to them. {beside}".strip(),
        method=LABORATORY_METHOD,
        footer=footer_words(reader, request),
    )


@registered("safety_serious")
def safety_serious(reader: Reader, request: SafetyRequest) -> Figure:
    """Every serious adverse event under treatment, with who had it: only for who may open patients."""
    found = narrowed(request, "serious")
    records = reader.records(found.sql, found.values)
    patients = len({row["patient_id"] for row in records})
    events = format_count(len(records), "serious adverse event")
    return Figure(
        rows=pd.DataFrame(records),
        spec={},
        table=serious_table(records),
        caption=f"{events} in {format_count(patients, 'patient')}.",
        method=SERIOUS_METHOD,
        footer=footer_words(reader, request),
    )


def safety_versions(reader: Reader, request: SafetyRequest) -> str:
    """The banner for mixed versions of CTCAE; empty where there is one."""
    return version_words(ask(reader, request, "versions"))
