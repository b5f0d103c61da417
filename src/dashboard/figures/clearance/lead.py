"""Which came first, ctDNA or imaging, and by how many days (clinical-decisions A4, A6)."""

from dataclasses import dataclass

import pandas as pd

from dashboard.charts.lead_time import lead_time_chart
from dashboard.figures.clearance.request import ClearanceRequest, ask
from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.store.reader import Reader
from dashboard.tables.clearance_lead import (
    INFORMATIVE,
    beyond_words,
    caution_sentence,
    lead_sentence,
    lead_table,
)

METHOD = (
    "Days from the first molecular progression (ctDNA rule, not RECIST) to the first progression on imaging, "
    "after the start of the line at enrolment or of local therapy; minus: imaging came first, which is "
    "counted and never left out. The true time lies between two bounds: lower, the last imaging without "
    "progression, the baseline scan included; upper, the last sample without molecular progression. What "
    "came first is certain where both lie on one side of 0; a bound not known may lie on either. Their "
    "medians are given beside the median; a bound not known counts as the farthest. Informative: ctDNA "
    "detected before treatment. One value below the LoQ: the next sample, if there is one, does not confirm "
    "it, or cannot, as treatment changed before it; these are counted apart. Not assessable: one ctDNA "
    "result, or none to compare with an earlier one, so nothing could rise. A possible clonal "
    "haematopoiesis is counted, as it may be tumour."
)
FROM_ASSESSABLE = 10
FAR_OUT = 3
COUNTED = {
    "is_informative": "informative_patients",
    "rests_on_other_origin": "other_origin_alone_patients",
    "rests_on_one_value_below_loq": "one_value_below_loq_patients",
    "is_after_change": "one_value_before_changed_treatment_patients",
}
DAYS = ("lead_days", "lower_days", "upper_days")
LOW_SHEDDING = (
    "Tumours here shed little ctDNA: ctDNA not detected does not exclude recurrence. Headline: patients in "
    "whom ctDNA was detected before local therapy (informative)."
)


@dataclass(frozen=True, kw_only=True)
class Informative:
    """Patients by their last sample before treatment: detected, not detected, none valid."""

    detected: int
    not_detected: int
    not_sampled: int


def lead_rows(reader: Reader, request: ClearanceRequest) -> pd.DataFrame:
    """One row per patient of the cohort: category, rule, whether informative, days with bounds."""
    return ask(reader, request, "lead")


def informative_counts(rows: pd.DataFrame) -> Informative:
    """How many patients can tell anything about clearance and lead time (A4)."""
    status = rows["pre_treatment_status"]
    clear = int((status == "not_detected").sum())
    none = int(status.isna().sum())
    return Informative(detected=len(rows) - clear - none, not_detected=clear, not_sampled=none)


@registered("clearance_lead", writes_rows=True, key=("row", "category", "rule", "place"))
def clearance_lead(reader: Reader, request: ClearanceRequest) -> Figure:
    """Categories of all and of informative patients; days with bounds drawn from 10 assessable patients on.

    Where tumours shed little the informative patients are assessed, else all. `rows` are the counts of the
    categories, and the drawn patients by place, without names.
    """
    rows = ask(reader, request, "lead")
    headline = rows[rows["is_informative"].astype(bool)] if request.is_low_shedding else rows
    known = headline[headline["lead_days"].notna()].astype({"lead_days": int})
    is_shown = len(known) >= FROM_ASSESSABLE
    said = [
        LOW_SHEDDING if request.is_low_shedding else "",
        lead_sentence(
            known,
            n=len(headline),
            of_whom=INFORMATIVE if request.is_low_shedding else "patients",
            from_assessable=FROM_ASSESSABLE,
        ),
        caution_sentence(headline, from_assessable=FROM_ASSESSABLE),
    ]
    drawn = known.sort_values(["lead_days", "lower_days", "upper_days"], ignore_index=True)
    drawn = drawn.assign(is_beyond=is_beyond(drawn))
    said += [beyond_words(drawn.loc[drawn["is_beyond"], "lead_days"])] if is_shown else []
    return Figure(
        rows=_numbers(rows, drawn=drawn if is_shown else drawn.head(0)),
        spec=lead_time_chart(drawn, theme_name=request.theme) if is_shown else {},
        table=lead_table(rows),
        caption=" ".join(part for part in said if part),
        method=METHOD,
        footer=request.footer(reader),
        alt=f"Lead time of ctDNA in {len(known)} assessable patients",
    )


def is_beyond(drawn: pd.DataFrame) -> pd.Series:
    """Lead times so far out that they would squeeze all others: drawn at the edge of the axis.

    More than three interquartile ranges from the middle half (Tukey's "far out"), and beyond zero and every
    lead time and bound inside. Nobody is far out where the middle half are one number.
    """
    lead = drawn["lead_days"].astype("float64")
    low, high = lead.quantile(0.25), lead.quantile(0.75)
    far = (lead > high + FAR_OUT * (high - low)) | (lead < low - FAR_OUT * (high - low))
    beyond = far & (high > low)
    while beyond.any():
        # Who is inside after all widens the axis, and may bring another inside.
        inside = drawn.loc[~beyond, list(DAYS)].astype("float64")
        kept = beyond & ((lead > max(0, inside.max().max())) | (lead < min(0, inside.min().min())))
        if kept.equals(beyond):
            break
        beyond = kept
    return beyond


def _numbers(rows: pd.DataFrame, *, drawn: pd.DataFrame) -> pd.DataFrame:
    """One row per category and rule, then one per drawn patient in the order of the drawing, from 0 on.

    Of a category: patients, informative ones, those to be read with caution. Of a patient: days with bounds.
    """
    counted = rows.astype({column: int for column in COUNTED}).groupby(["category", "rule"])
    sizes = counted.size().rename("patients").reset_index()
    counts = sizes.join(counted[list(COUNTED)].sum().rename(columns=COUNTED).reset_index(drop=True))
    points = drawn[["category", "rule", *DAYS, *COUNTED]].assign(row="drawn patient", place=drawn.index)
    both = pd.concat([counts.assign(row="category"), points], ignore_index=True)
    whole = dict.fromkeys(("patients", *COUNTED.values(), "place", *DAYS), "Int64")
    return both[["row", "category", "rule", "patients", *COUNTED.values(), "place", *DAYS, *COUNTED]].astype(
        {**whole, **dict.fromkeys(COUNTED, "boolean")}
    )
