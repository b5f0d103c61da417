"""Response rates with their denominators, by group, and the counts of best responses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from dashboard.figures.figure import Figure
from dashboard.figures.overview.baseline import asked_of, recorded_rows
from dashboard.figures.registry import registered
from dashboard.figures.response.before_enrolment import before_enrolment_words
from dashboard.figures.response.counted import counted, left_out_note, not_counted_words
from dashboard.figures.response.first_scan import (
    not_assessed,
    not_assessed_words,
    too_recent_words,
)
from dashboard.figures.response.patients import (
    ResponseRequest,
    ResponseSettings,
    response_patients,
)
from dashboard.figures.response.rate_words import (
    headline_heading,
    missing_words,
    unconfirmed_words,
    unreported_words,
    ways_words,
)
from dashboard.figures.survival.of_line import with_line
from dashboard.stats import proportion_interval
from dashboard.store.frame import as_days
from dashboard.store.reader import Reader
from dashboard.studies.cohort import Cohort
from dashboard.tables.overview_baseline import Variable, value_words
from dashboard.tables.response import (
    BENEFIT,
    OBJECTIVE,
    RateRow,
    best_response_table,
    group_table,
    rate_table,
)
from dashboard.tables.shares import Share

MEASURABLE = ("ORR, measurable disease at line baseline", "ORR, measurable disease")
ALL_STARTED = ("ORR, all who started the line", "ORR, all")
# What the rates are counted from; the rows have many columns more.
COUNTED = ["is_measurable", "response", "confirmed", "last_scan_on", "benefit", "else_calculated"]
FROM_TARGETS = ("CR", "PR", "SD", "NON-CR/NON-PD", "PD")
NOT_ASSIGNED = "The groups were not assigned: not a comparison."
RATE_METHOD = (
    "Objective response: best response CR or PR up to the first progression or the next line. Who was not "
    "evaluable or not assessed stays in the denominator as not responding. Intervals are exact (Clopper and "
    "Pearson). {confirmed} {benefit}"
)
BEST_METHOD = (
    "Best response up to the first progression or the next line; stable disease counts from day "
    "{stable_days}. Patients without measurable disease have non-CR/non-PD, never stable disease."
)
AFTER_LOCAL_METHOD = (
    "Best status reported from the first local treatment up to the first progression or the first systemic "
    "therapy. Diameter change after ablation or SBRT is not RECIST; no response rate is formed from it."
)


@dataclass(frozen=True, kw_only=True)
class RatesRequest:
    """Patients to count, and the group that divides them; None for no division."""

    response: ResponseRequest
    counts_only_below: int
    group: Variable | None = None


@registered("response_rates")
def response_rates(reader: Reader, request: RatesRequest) -> Figure:
    """The three rates of A13 in their order, with the confirmed response beside them."""
    patients = response_patients(reader, request.response)
    begun = started(patients)
    settings = request.response.settings
    own = counted(begun, left_out=settings.left_out)
    rows = rate_rows(own, settings=settings)
    table = rate_table(rows, counts_only_below=request.counts_only_below)
    words = [
        missing_words(own, n_patients=len(patients), n_started=len(begun)),
        not_counted_words(begun, left_out=settings.left_out),
        unreported_words(own),
        not_assessed_words(not_assessed(own, cut_off=reader.snapshot.cut_off)),
        _benefit_words(reader, request, own),
        before_enrolment_words(own, partial(rate_rows, settings=settings)),
    ]
    return _figure(reader, request, patients, table=table, caption=" ".join(part for part in words if part))


@registered("response_by_group")
def response_by_group(reader: Reader, request: RatesRequest) -> Figure:
    """The same rates for each value of a group; a group without the value is a row, too."""
    patients, rows, group = grouped(reader, request)
    settings = request.response.settings
    own = rows[["group", *COUNTED]]
    named = [
        (label, rate_rows(own[own["group"] == label], settings=settings))
        for label in in_group_order(rows["group"], group=group)
    ]
    table = group_table(
        [*named, ("All", rate_rows(own, settings=settings))], counts_only_below=request.counts_only_below
    )
    caption = (
        f"Groups: {group.label}. k / n with per cent and 95 % interval; counts alone below "
        f"{request.counts_only_below} patients. {group.caution or NOT_ASSIGNED}"
    )
    return (
        _figure(reader, request, patients, table=table, caption=caption)
        .with_note(group.by)
        .with_note(group.caution)
    )


def grouped(reader: Reader, request: RatesRequest) -> tuple[pd.DataFrame, pd.DataFrame, Variable]:
    """Patients of the cohort, those counted in the line with the words of their `group`, the group.

    Raises ValueError for a request without a group.
    """
    if request.group is None:
        raise ValueError("a table by group needs a group; the request has none")
    patients = response_patients(reader, request.response)
    values = group_values(reader, cohort=request.response.cohort, group=request.group)
    own = counted(started(patients), left_out=request.response.settings.left_out)
    rows = own.assign(group=lambda frame: frame["patient_id"].map(values))
    rows["group"] = rows["group"].fillna(request.group.missing)
    return patients, rows, request.group


@registered("response_best")
def best_responses(reader: Reader, request: RatesRequest) -> Figure:
    """Counts of best responses; every patient who is counted in the line is in one row."""
    patients = response_patients(reader, request.response)
    settings = request.response.settings
    rows = counted(started(patients), left_out=settings.left_out)
    ways = [
        (headline_heading(settings), "response"),
        ("Confirmed", "confirmed"),
    ]
    counts = [(title, rows[column]) for title, column in ways if rows[column].notna().any()]
    calculated = calculated_responses(rows)
    if calculated is not None:
        counts.append(calculated)
    table = best_response_table(
        counts,
        counts_only_below=request.counts_only_below,
        is_after_local=settings.headline.mode == "post_local_therapy",
    )
    words = [
        ways_words(settings),
        unreported_words(rows),
        unconfirmed_words(rows, settings=settings),
        too_recent_words(not_assessed(rows, cut_off=reader.snapshot.cut_off)),
    ]
    caption = " ".join(part for part in words if part)
    figure = _figure(reader, request, patients, table=table, caption=caption)
    return replace(figure, method=best_method(settings))


def calculated_responses(rows: pd.DataFrame) -> tuple[str, pd.Series] | None:
    """Responses calculated from target lesions with their heading; None where none can be calculated.

    Assessable are patients with a response of their targets; the others are left out, not "not assessed".
    """
    assessable = rows.loc[rows["calculated"].isin(FROM_TARGETS), "calculated"]
    if assessable.empty:
        return None
    return f"Calculated ({len(assessable)} of {len(rows)} assessable)", assessable


def best_method(settings: ResponseSettings) -> str:
    """How the best response is found; after local therapy no category of measured lesions applies."""
    if settings.headline.mode == "post_local_therapy":
        return AFTER_LOCAL_METHOD
    return BEST_METHOD.format(stable_days=settings.headline.stable_days)


def started(patients: pd.DataFrame) -> pd.DataFrame:
    """The patients of the cohort who started the line asked for."""
    return patients[patients["started_on"].notna()].assign(
        response=lambda rows: rows["response"].fillna("MISSING")
    )


def rate_rows(rows: pd.DataFrame, *, settings: ResponseSettings) -> list[RateRow]:
    """The rates of patients who started the line: ORR measurable, ORR all, clinical benefit (A13)."""
    said = _said(rows)
    found = [
        _objective(MEASURABLE, said[said["is_measurable"]], settings=settings),
        _objective(ALL_STARTED, said, settings=settings),
    ]
    if settings.benefit is not None:
        weeks = settings.benefit.stable_days // 7
        label = f"Clinical benefit ≥ {weeks} weeks, all who started the line"
        short = f"Clinical benefit ≥ {weeks} weeks"
        found.append(RateRow(label=label, short=short, share=_share(said["benefit"])))
    return found


def _said(rows: pd.DataFrame) -> pd.DataFrame:
    """What the rates count of each patient, as yes or no."""
    found = {name: rows[name].isin(OBJECTIVE) for name in ("response", "confirmed", "else_calculated")}
    waiting = found["response"] & ~found["confirmed"] & rows["last_scan_on"].isna()
    measurable = rows["is_measurable"].fillna(value=False).astype(bool)
    benefit = rows["benefit"].isin(BENEFIT)
    return pd.DataFrame({**found, "waiting": waiting, "is_measurable": measurable, "benefit": benefit})


def _objective(words: tuple[str, str], said: pd.DataFrame, *, settings: ResponseSettings) -> RateRow:
    label, short = words
    responded = _share(said["response"])
    else_calculated = None if settings.else_calculated is None else _share(said["else_calculated"])
    if settings.confirmed is None:
        return RateRow(label=label, short=short, share=responded, else_calculated=else_calculated)
    return RateRow(
        label=label,
        short=short,
        share=responded,
        confirmed=_share(said["confirmed"]),
        n_without_later_scan=int(said["waiting"].sum()),
        else_calculated=else_calculated,
    )


def _share(is_counted: pd.Series) -> Share:
    found = proportion_interval(int(is_counted.sum()), len(is_counted))
    return Share(k=found.k, n=found.n, lower=found.lower, upper=found.upper)


def group_values(reader: Reader, *, cohort: Cohort, group: Variable) -> Mapping[str, str]:
    """Words for the value of a group by patient, as the baseline table has them."""
    # The days of ECOG matter to no group.
    own = recorded_rows(reader, cohort, asked_of([group]), after_days=0)
    words = {value: value_words(str(value), variable=group) for value in own["value"].unique()}
    return dict(zip(own["patient_id"].astype(str), own["value"].map(words), strict=True))


def in_group_order(values: pd.Series, *, group: Variable) -> list[str]:
    """Values in the order of the study's words, then by number of patients; not recorded last."""
    found = [str(value) for value in values.value_counts().index]
    known = [words for words in group.words.values() if words in found] if not _is_free(group) else []
    rest = [value for value in found if value not in known and value != group.missing]
    return [*known, *rest, *([group.missing] if group.missing in found else [])]


def _is_free(group: Variable) -> bool:
    """Groups with a common word list are ordered by size: nobody knows the order of the list."""
    return group.name in ("tumour_type", "drug_class")


def _figure(
    reader: Reader, request: RatesRequest, patients: pd.DataFrame, *, table: pd.DataFrame, caption: str
) -> Figure:
    response = request.response
    n_started = int(patients["started_on"].notna().sum())
    footer = (response.footer(reader), left_out_note(patients, left_out=response.settings.left_out))
    return Figure(
        rows=patients,
        spec={},
        table=table,
        caption=with_line(caption, response.line_words),
        method=rate_method(response.settings),
        footer=" · ".join(part for part in footer if part),
        alt=with_line(f"Response of {n_started} patients who started the line", response.line_words),
    )


def rate_method(settings: ResponseSettings) -> str:
    """How the rates are counted, with the numbers of the study."""
    confirmed, benefit = settings.confirmed, settings.benefit
    return RATE_METHOD.format(
        confirmed=f"Confirmed: a second assessment at least {confirmed.confirm_days} days later."
        if confirmed
        else "",
        benefit=f"Clinical benefit: CR, PR, or stable disease or non-CR/non-PD still seen on day "
        f"{benefit.stable_days} or later."
        if benefit
        else "",
    ).strip()


def _benefit_words(reader: Reader, request: RatesRequest, rows: pd.DataFrame) -> str:
    """How many began too shortly before the data cut to reach the clinical benefit by stable disease."""
    benefit = request.response.settings.benefit
    if benefit is None:
        return ""
    days = (pd.Timestamp(reader.snapshot.cut_off) - as_days(rows["started_on"])).dt.days
    n = int((days < benefit.stable_days).sum())
    weeks = benefit.stable_days // 7
    return (
        f"{n} began fewer than {weeks} weeks before the data cut and can show benefit by CR or PR only."
        if n
        else ""
    )
