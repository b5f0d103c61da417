"""Does a change of ctDNA go with response: sentences, the table of every patient, tumour types, agreement.

Clinical-decisions A2, A12, A26, A27.
"""

from dataclasses import dataclass

import pandas as pd

from dashboard.figures.clearance.request import ClearanceRequest, ask
from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.stats import (
    Kappa,
    Measure,
    PairedCounts,
    cohen_kappa,
    describe_agreement,
    proportion_interval,
)
from dashboard.store.reader import Reader
from dashboard.studies import vocabulary
from dashboard.tables.clearance import (
    BENEFIT,
    BENEFIT_WORDS,
    PAIRED,
    WITH_CHANGE,
    category_sentence,
    change_table,
    imaged_words,
    judged_words,
    reconciliation,
    reconciliation_sentence,
)
from dashboard.tables.clearance_more import first_draw_table, gap_words, tumour_type_table
from dashboard.tables.shares import Share

METHOD = (
    "Baseline: the last valid draw before treatment. Second draw: the first valid one {from_day} days or "
    "more after it. Response: the assessment nearest to the second draw within ± {window} days, in the same "
    "line, with no progression, new line, end of a line or local treatment between the two; of two "
    "equally near, the earlier. Limits of shares are exact (Clopper–Pearson), 95 %. Whoever cannot be "
    "judged stands in the table with the reason."
)
NO_LB_RECIST = "LB-RECIST (Gouda 2024) has no agreed thresholds; we do not report it."
SINGLE = "Clearance rests on a single sample after baseline."
LOCAL_STATUS = "Status after local therapy as assessed by the investigator; it is not RECIST."


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Two readings compared; None where fewer patients than the limit have both."""

    n: int
    measures: tuple[Measure, ...] = ()
    kappa: Kappa | None = None


def clearance_rows(reader: Reader, request: ClearanceRequest) -> pd.DataFrame:
    """One row per patient of the cohort: the columns of clearance_patient.sql."""
    return ask(reader, request, "patient", scheme=request.scheme.code)[0]


@registered("clearance_response", writes_rows=True, key=("place", "category", "response"))
def clearance_response(reader: Reader, request: ClearanceRequest) -> Figure:
    """The table of ctDNA change and response with every patient of the cohort; its caption has the pairs."""
    rows, code = ask(reader, request, "patient", scheme=request.scheme.code)
    table = change_table(
        rows,
        scheme=request.scheme,
        is_post_local=request.is_post_local,
        counts_only_below=request.counts_only_below,
    )
    return Figure(
        rows=numbers_of(rows, request),
        spec={},
        table=table,
        caption=_caption(rows, request),
        method=METHOD.format(from_day=request.second_draw_from_day, window=request.pairing_days),
        footer=request.footer(reader),
        code=code,
        alt=f"{request.scheme.label} and response of {len(rows)} patients",
    )


def response_sentences(rows: pd.DataFrame, request: ClearanceRequest) -> tuple[str, ...]:
    """One sentence per category of the scheme (A27), then the sum of all patients."""
    paired = rows[rows["place"] == PAIRED]
    with_change = rows.loc[rows["place"].isin(WITH_CHANGE), "category"].value_counts()
    said = []
    for code, whom in request.scheme.of_whom.items():
        in_all = f"{with_change.get(code, 0)} {request.scheme.in_all[code]}"
        own = paired[paired["category"] == code]
        shares = {"BENEFIT": _share(own, BENEFIT[request.is_post_local])}
        if code != next(iter(request.scheme.of_whom)):
            shares["PD"] = _share(own, ("PD",))
        said.append(
            category_sentence(
                own,
                words=imaged_words(whom, pairing_days=request.pairing_days, in_all=in_all),
                shares=shares,
                is_post_local=request.is_post_local,
                counts_only_below=request.counts_only_below,
            )
        )
    return (*said, reconciliation_sentence(reconciliation(rows)))


def judged_sentence(rows: pd.DataFrame, request: ClearanceRequest) -> str:
    """In how many patients a change can be judged, and the commonest reason it cannot."""
    return judged_words(reconciliation(rows), is_low_shedding=request.is_low_shedding)


def numbers_of(rows: pd.DataFrame, request: ClearanceRequest) -> pd.DataFrame:
    """One row per place, category and response: patients, and the exact share of the category; for the CSV.

    Shares are empty where fewer patients than the study's limit are in the category.
    """
    counted = (
        rows.assign(category=rows["category"].where(rows["place"].isin((PAIRED, "NO_IMAGING"))))
        .assign(response=rows["response"].where(rows["place"] == PAIRED))
        .groupby(["place", "category", "response"], dropna=False, observed=True)
        .size()
        .rename("patients")
        .reset_index()
    )
    paired = rows[rows["place"] == PAIRED]
    sizes = paired["category"].value_counts()
    found = []
    for row in counted.to_dict("records"):
        n = int(sizes.get(row["category"], 0)) if row["place"] == PAIRED else 0
        share = proportion_interval(int(row["patients"]), n) if n >= request.counts_only_below else None
        found.append(
            {
                **row,
                "of_patients": n or None,
                "share": share.estimate if share else None,
                "share_lower": share.lower if share else None,
                "share_upper": share.upper if share else None,
            }
        )
    names = [
        "place",
        "category",
        "response",
        "patients",
        "of_patients",
        "share",
        "share_lower",
        "share_upper",
    ]
    return pd.DataFrame(found, columns=names).astype({"of_patients": "Int64"})


def _share(own: pd.DataFrame, codes: tuple[str, ...]) -> Share:
    found = proportion_interval(int(own["response"].isin(codes).sum()), len(own))
    return Share(k=found.k, n=found.n, lower=found.lower, upper=found.upper)


def _caption(rows: pd.DataFrame, request: ClearanceRequest) -> str:
    paired = rows[rows["place"] == PAIRED]
    near = int(paired["is_within_sensitivity"].astype("boolean").fillna(value=False).sum())
    said = [
        f"Response: imaging nearest to the second draw within ± {request.pairing_days} days, same line; "
        f"at ± {request.sensitivity_days} days: {near} pairs instead of {len(paired)}.",
        gap_words(paired["gap_days"]),
        SINGLE if request.scheme.kind == "clearance" else "",
        NO_LB_RECIST,
        LOCAL_STATUS if request.is_post_local else "",
    ]
    return " ".join(part for part in said if part)


def clearance_by_tumour_type(rows: pd.DataFrame, request: ClearanceRequest) -> pd.DataFrame:
    """One row per tumour type of the paired patients: who had the good response, by category."""
    paired = rows[rows["place"] == PAIRED]
    named = paired["tumour_type"].fillna("unknown").map(lambda one: vocabulary.TUMOUR_TYPES.get(one, one))
    return tumour_type_table(
        paired.assign(tumour_type=named, is_good=paired["response"].isin(BENEFIT[request.is_post_local])),
        scheme=request.scheme,
        counts_only_below=request.counts_only_below,
    )


def clearance_first_draw(rows: pd.DataFrame, request: ClearanceRequest) -> pd.DataFrame:
    """One row per course of patients without a pre-treatment sample; empty where there is none (A2)."""
    own = rows[rows["place"] == "NO_PRE_TREATMENT"]
    return first_draw_table(own, is_post_local=request.is_post_local)


def clearance_agreement(rows: pd.DataFrame, request: ClearanceRequest) -> Agreement:
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
