"""Beside the table of ctDNA change and response: tumour types, first draws on treatment, agreement.

Clinical-decisions A2, A26, A27.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from dashboard.figures.clearance.request import ClearanceRequest
from dashboard.figures.clearance.response import NOT_COMPARABLE, clearance_rows
from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.stats import (
    Kappa,
    Measure,
    PairedCounts,
    ProportionResult,
    cohen_kappa,
    describe_agreement,
    proportion_interval,
)
from dashboard.store.reader import Reader
from dashboard.studies import vocabulary
from dashboard.tables.clearance import BENEFIT, BENEFIT_WORDS, PAIRED
from dashboard.tables.clearance_more import (
    agreement_table,
    first_draw_counts,
    first_draw_table,
    first_draw_words,
    tumour_type_table,
)
from dashboard.tables.shares import Share

LIMITS = "Limits of shares are exact (Clopper–Pearson), 95 %; shares from {least} patients on."
TYPES_METHOD = "Patients whose second draw is paired with imaging, by tumour type. "
FIRST_DRAW_METHOD = (
    "Patients without a valid draw before the index treatment: no baseline, so that nothing cleared. The "
    "second draw is the first valid one {from_day} days or more after the first."
)
AGREEMENT_METHOD = (
    "Patients whose second draw is paired with imaging of evaluable response. Cohen's kappa with the "
    "large-sample error of Fleiss, Cohen and Everitt 1969. "
)
SHARE = ("share", "share_lower", "share_upper")


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Two readings compared; None where fewer patients than the limit have both."""

    n: int
    measures: tuple[Measure, ...] = ()
    kappa: Kappa | None = None


@registered("clearance_tumour_types", writes_rows=True, key=("tumour_type", "category"))
def clearance_tumour_types(reader: Reader, request: ClearanceRequest) -> Figure:
    """One row per tumour type of the paired patients and category: how many had the good response."""
    paired = _named_types(clearance_rows(reader, request), request)
    columns = ["tumour_type", "category", "pairs", "good_response", *SHARE]
    return Figure(
        rows=pd.DataFrame(list(_rows_of_types(paired, request)), columns=columns),
        spec={},
        table=tumour_type_table(paired, scheme=request.scheme, counts_only_below=request.counts_only_below),
        caption=f"Pairs only; counts only where a group has fewer than {request.counts_only_below}.",
        method=TYPES_METHOD + LIMITS.format(least=request.counts_only_below),
        footer=request.footer(reader),
        alt="Response by tumour type",
    )


@registered("clearance_first_draws", writes_rows=True, key=("first_draw", "second_draw", "response"))
def clearance_first_draws(reader: Reader, request: ClearanceRequest) -> Figure | None:
    """One row per course of patients without a pre-treatment sample; None where there is none (A2)."""
    rows = clearance_rows(reader, request)
    own = rows[(rows["n_valid"] > 0) & (rows["baseline_timing"] != "PRE_TREATMENT")]
    if own.empty:
        return None
    # Another assay may find what the first one could not (clinical-decisions A3): no course.
    own = own.assign(
        second_status=own["second_status"].mask(own["place"] == NOT_COMPARABLE, "not_comparable")
    )
    return Figure(
        rows=first_draw_counts(own),
        spec={},
        table=first_draw_table(own, is_post_local=request.is_post_local),
        caption=first_draw_words(own, n_patients=len(rows)),
        method=FIRST_DRAW_METHOD.format(from_day=request.second_draw_from_day),
        footer=request.footer(reader),
        alt="First draws that are no baseline",
    )


@registered("clearance_agreement", writes_rows=True, key=("measure",))
def clearance_agreement(reader: Reader, request: ClearanceRequest) -> Figure | None:
    """One row per measure of agreement; None where change and response are not compared."""
    found = agreement_of(clearance_rows(reader, request), request)
    if not found.measures:
        return None
    measures = [(one.name, one.sentence, _share(one.share)) for one in found.measures]
    columns = ["measure", "patients", "of_patients", "value", "lower", "upper"]
    return Figure(
        rows=pd.DataFrame(list(_rows_of_agreement(found, request)), columns=columns).astype(
            {"patients": "Int64", "of_patients": "Int64"}
        ),
        spec={},
        table=agreement_table(measures, counts_only_below=request.counts_only_below),
        caption="",
        method=AGREEMENT_METHOD + LIMITS.format(least=request.counts_only_below),
        footer=request.footer(reader),
        alt="Agreement",
    )


def agreement_of(rows: pd.DataFrame, request: ClearanceRequest) -> Agreement:
    """Change and response compared in the paired patients whose response was evaluable."""
    paired = rows[(rows["place"] == PAIRED) & (rows["response"] != "NE")]
    n = len(paired)
    if not request.scheme.is_binary or n < request.counts_only_below:
        return Agreement(n=n)
    first = next(iter(request.scheme.categories))
    yes = paired["category"] == first
    good = paired["response"].isin(BENEFIT[request.is_post_local])
    counts = PairedCounts(
        yes_yes=int((yes & good).sum()),
        yes_no=int((yes & ~good).sum()),
        no_yes=int((~yes & good).sum()),
        no_no=int((~yes & ~good).sum()),
    )
    test = "ctDNA clearance" if request.scheme.kind == "clearance" else _lower(request, first)
    measures = describe_agreement(counts, test=test, reference=BENEFIT_WORDS[request.is_post_local])
    return Agreement(n=n, measures=measures, kappa=cohen_kappa(counts))


def _lower(request: ClearanceRequest, code: str) -> str:
    return "a ctDNA " + request.scheme.categories[code].lower()


def _named_types(rows: pd.DataFrame, request: ClearanceRequest) -> pd.DataFrame:
    """The paired patients with the name of their tumour type, and whether the response was good."""
    paired = rows[rows["place"] == PAIRED]
    named = paired["tumour_type"].fillna("unknown").map(lambda one: vocabulary.TUMOUR_TYPES.get(one, one))
    return paired.assign(tumour_type=named, is_good=paired["response"].isin(BENEFIT[request.is_post_local]))


def _rows_of_types(paired: pd.DataFrame, request: ClearanceRequest) -> Iterator[Mapping[str, object]]:
    for name, of_type in paired.groupby("tumour_type"):
        for code, own in of_type.groupby("category"):
            k, n = int(own["is_good"].sum()), len(own)
            row = {"tumour_type": name, "category": code, "pairs": n, "good_response": k}
            yield {**row, **_limits(proportion_interval(k, n), request, names=SHARE)}


def _rows_of_agreement(found: Agreement, request: ClearanceRequest) -> Iterator[Mapping[str, object]]:
    names = ("value", "lower", "upper")
    for one in found.measures:
        row = {"measure": one.name, "patients": one.share.k, "of_patients": one.share.n}
        yield {**row, **_limits(one.share, request, names=names)}
    if found.kappa is not None:
        values = (found.kappa.estimate, found.kappa.lower, found.kappa.upper)
        yield {"measure": "Cohen's kappa", "of_patients": found.n, **dict(zip(names, values, strict=True))}


def _limits(
    share: ProportionResult, request: ClearanceRequest, *, names: tuple[str, str, str]
) -> Mapping[str, float | None]:
    """The share and its limits under these names; nothing in a group below the limit of the study."""
    if share.n < request.counts_only_below:
        return {}
    return dict(zip(names, (share.estimate, share.lower, share.upper), strict=True))


def _share(found: ProportionResult) -> Share:
    return Share(k=found.k, n=found.n, lower=found.lower, upper=found.upper)
