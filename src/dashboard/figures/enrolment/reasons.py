"""Why patients failed screening, why enrolled ones have no ctDNA, and departures from the protocol."""

import pandas as pd

from dashboard.figures.enrolment.flow import enrolment_patients, flow_numbers
from dashboard.figures.enrolment.request import EnrolmentRequest, enrolment_sql, group_words
from dashboard.figures.figure import Figure, footer_of
from dashboard.figures.registry import registered
from dashboard.store.reader import Reader
from dashboard.tables.enrolment_reasons import (
    deviation_table,
    failure_table,
    no_sample_table,
)
from dashboard.tables.formats import format_count

FAILURE_METHOD = "Patients with a screening failure on record and no day of enrolment, by the reason written."
NO_SAMPLE_METHOD = (
    "Enrolled patients without any blood draw, each once, by the first reason of the flow; where ctDNA was "
    "declined, in the words of the record."
)
DEVIATION_METHOD = (
    "Recorded: protocol deviations as the sites wrote them. By the data: enrolled patients with an "
    "eligibility criterion not met, and with the data issues of consent and recruitment period. The two are "
    "not added: a recorded deviation may be the same event."
)


@registered("enrolment_failures", writes_rows=True, key=("reason", "site"))
def enrolment_failures(reader: Reader, request: EnrolmentRequest) -> Figure:
    """Screening failures by reason and site; `rows` has one row per reason and site."""
    sql = enrolment_sql("reason")
    told = reader.rows(sql)
    own = told[(told["kind"] == "screen_failure") & ~told["is_enrolled"].astype(bool)]
    own = own.drop_duplicates("patient_id")
    sites = [group_words("site_id", str(site), site_names=request.site_names) for site in own["site_id"]]
    rows = failure_rows(own.assign(site=sites))
    return Figure(
        rows=rows,
        spec={},
        table=failure_table(rows),
        caption=f"{len(own)} screening failures.",
        method=FAILURE_METHOD,
        footer=footer_of(reader.snapshot),
        alt="Screening failures by reason and site",
    )


def failure_rows(failures: pd.DataFrame) -> pd.DataFrame:
    """One row per reason and site with n_patients."""
    named = failures.assign(reason=failures["reason"].fillna("").replace("", "reason not recorded"))
    return named.groupby(["reason", "site"], as_index=False).agg(n_patients=("patient_id", "nunique"))


@registered("enrolment_no_sample", writes_rows=True, key=("reason", "words"))
def enrolment_no_sample(reader: Reader, request: EnrolmentRequest) -> Figure:
    """Enrolled patients without a blood draw by reason: they add up to those who leave the flow there."""
    patients = enrolment_patients(reader, request)
    told = reader.rows(enrolment_sql("reason"))
    declined = told[told["kind"] == "ctdna_declined"].drop_duplicates("patient_id")
    own = patients[patients["left_at"] == "SAMPLE"].merge(
        declined[["patient_id", "reason"]].rename(columns={"reason": "declined_reason"}),
        on="patient_id",
        how="left",
    )
    rows = no_sample_rows(own)
    n_enrolled = int(patients["enrolled_on"].notna().sum())
    said = f"{len(own)} of {n_enrolled} enrolled have no blood draw for ctDNA."
    return Figure(
        rows=rows,
        spec={},
        table=no_sample_table(rows, numbers=flow_numbers(request)),
        caption=said if len(own) else f"All {n_enrolled} enrolled have a blood draw for ctDNA.",
        method=NO_SAMPLE_METHOD,
        footer=footer_of(reader.snapshot),
        alt="Enrolled patients without a blood draw, by reason",
    )


def no_sample_rows(left: pd.DataFrame) -> pd.DataFrame:
    """One row per reason and, where ctDNA was declined, its words: reason, words, n_patients."""
    words = left["declined_reason"].where(left["reason"] == "DECLINED").fillna("")
    return (
        left.assign(words=words)
        .groupby(["reason", "words"], as_index=False)
        .agg(n_patients=("patient_id", "nunique"))
        .sort_values(["n_patients", "reason", "words"], ascending=[False, True, True], ignore_index=True)
    )


@registered("enrolment_deviations", writes_rows=True, key=("source", "what"))
def enrolment_deviations(reader: Reader) -> Figure:
    """Recorded protocol deviations by reason, and signs of departures in the data."""
    told = reader.rows(enrolment_sql("reason"))
    recorded = told[told["kind"] == "protocol_deviation"]
    named = recorded.assign(reason=recorded["reason"].fillna("").replace("", "not described"))
    reasons = named.groupby("reason")["patient_id"].nunique()
    sql = enrolment_sql("departure")
    signs = reader.rows(sql)
    rows = pd.DataFrame(
        [
            *[{"source": "recorded", "what": str(name), "n": int(n)} for name, n in reasons.items()],
            *[
                {"source": "data", "what": str(sign), "n": int(n)}
                for sign, n in zip(signs["sign"], signs["n_patients"], strict=True)
            ],
        ],
        columns=["source", "what", "n"],
    )
    n_recorded = len(recorded)
    patients = recorded["patient_id"].nunique()
    caption = (
        f"{format_count(n_recorded, 'protocol deviation')} of {format_count(patients, 'patient')} "
        f"{'is' if n_recorded == 1 else 'are'} recorded."
        if n_recorded
        else "No protocol deviation is recorded."
    )
    return Figure(
        rows=rows,
        spec={},
        table=deviation_table(rows),
        caption=caption,
        method=DEVIATION_METHOD,
        footer=footer_of(reader.snapshot),
        alt="Protocol deviations recorded, and signs of departures in the data",
    )
