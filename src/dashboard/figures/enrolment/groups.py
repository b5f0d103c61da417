"""Enrolment by site and by tumour type, in all and lately."""

import datetime as dt

import pandas as pd

from dashboard.charts.enrolment_groups import GroupOptions, enrolment_groups_chart
from dashboard.figures.enrolment.request import EnrolmentRequest, enrolment_sql, group_words
from dashboard.figures.figure import Figure, footer_of
from dashboard.figures.registry import registered
from dashboard.stats import DAYS_PER_MONTH
from dashboard.store.reader import Reader
from dashboard.tables.enrolment_groups import group_table
from dashboard.tables.formats import format_date

METHOD = (
    "Patients by the month of enrolment. Per month: enrolled divided by the months from the opening of the "
    "study, or of the first enrolment of this group where that is later, to the data cut (30.4375 days). "
    "Last 3 months: since the same day three months before the data cut."
)
RECENT_MONTHS = 3


@registered("enrolment_groups", writes_rows=True, key=("row", "group", "value", "month"))
def enrolment_groups(reader: Reader, request: EnrolmentRequest) -> Figure:
    """By `request.group`, site_id or tumour_type: running totals as a drawing, counts as a table.

    `rows` are one per group, then one per group and month of the drawing; `row` says which.
    """
    sql = enrolment_sql("group")
    patients = reader.rows(sql)
    cut_off = reader.snapshot.cut_off
    rows = group_rows(patients, request=request, cut_off=cut_off)
    drawn = group_months(patients, rows, request=request, cut_off=cut_off)
    has_chart = int(rows["enrolled"].sum()) > 0
    said = "site" if request.group == "site_id" else "tumour type"
    return Figure(
        rows=_file(rows, drawn, group=request.group),
        spec=enrolment_groups_chart(drawn, options=GroupOptions(theme=request.theme)) if has_chart else {},
        table=group_table(rows, heading=said.capitalize()),
        caption=_caption(request, cut_off=cut_off),
        method=METHOD,
        footer=footer_of(reader.snapshot),
        alt=f"Patients enrolled in all by {said} and month. The totals are in the table.",
    )


def _file(rows: pd.DataFrame, drawn: pd.DataFrame, *, group: str) -> pd.DataFrame:
    months = drawn.rename(columns={"enrolled": "enrolled_in_month"}).assign(row="month", group=group)
    both = pd.concat([rows.assign(row="group"), months], ignore_index=True)
    counts = both.columns.drop(["row", "group", "value", "label", "month", "enrolled_per_month"])
    whole = {name: "Int64" for name in counts if not name.endswith("_on")}
    return both[["row", *both.columns.drop("row")]].astype(whole)


def _caption(request: EnrolmentRequest, *, cut_off: dt.date) -> str:
    counted = f"Counted to {format_date(cut_off)}."
    if request.group == "tumour_type" and not request.tumour_targets:
        return f"{counted} The study plans no number per tumour type."
    if request.group == "site_id":
        return f"{counted} The study plans no number per site."
    return counted


def group_rows(patients: pd.DataFrame, *, request: EnrolmentRequest, cut_off: dt.date) -> pd.DataFrame:
    """One row per site or tumour type: screened, failures, enrolled, planned, per month, first and last day.

    Every site of the study definition has a row, also with nobody; tumour types those found or planned, the
    most frequent first.
    """
    own = patients.assign(value=patients[request.group].fillna(""))
    recent = (pd.Timestamp(cut_off) - pd.DateOffset(months=RECENT_MONTHS)).date()
    rows = [
        _group_row(own[own["value"] == value], value, request=request, days=(recent, cut_off))
        for value in _values(own, request)
    ]
    return pd.DataFrame(rows)


def _values(own: pd.DataFrame, request: EnrolmentRequest) -> list[str]:
    found = [str(value) for value in own["value"].value_counts().sort_index(kind="stable").index]
    if request.group == "site_id":
        known = [site_id for site_id, _ in request.site_names]
        shown = known if request.is_all_sites else [one for one in known if one in found]
        return [*shown, *[value for value in found if value not in known]]
    counted = own[own["enrolled_on"].notna()]["value"].value_counts()
    planned = [name for name, _ in request.tumour_targets if name not in found]
    return sorted([*found, *planned], key=lambda value: (-int(counted.get(value, 0)), value))


def _group_row(
    own: pd.DataFrame, value: str, *, request: EnrolmentRequest, days: tuple[dt.date, dt.date]
) -> dict[str, object]:
    recent, cut_off = days
    enrolled = sorted(pd.Timestamp(day).date() for day in own["enrolled_on"].dropna())
    start = max([request.accrual.opens, *enrolled[:1]])
    months = ((cut_off - start).days + 1) / DAYS_PER_MONTH
    return {
        "group": request.group,
        "value": value,
        "label": group_words(request.group, value, site_names=request.site_names),
        "screened": len(own),
        "screen_failures": int(own["is_screen_failure"].sum()),
        "enrolled": len(enrolled),
        "planned": dict(request.tumour_targets).get(value) if request.group == "tumour_type" else None,
        "enrolled_last_3_months": sum(recent < day <= cut_off for day in enrolled),
        "enrolled_per_month": round(len(enrolled) / months, 4) if enrolled and months > 0 else None,
        "first_enrolled_on": enrolled[0] if enrolled else None,
        "last_enrolled_on": enrolled[-1] if enrolled else None,
    }


def group_months(
    patients: pd.DataFrame, rows: pd.DataFrame, *, request: EnrolmentRequest, cut_off: dt.date
) -> pd.DataFrame:
    """One row per group with somebody enrolled and month: month, value, label, enrolled, enrolled_total."""
    own = patients[patients["enrolled_on"].notna()]
    month = pd.to_datetime(own["enrolled_on"]).dt.to_period("M")
    first = min([pd.Period(request.accrual.opens, "M"), *month])
    spanned = pd.period_range(first, pd.Period(cut_off, "M"), freq="M")
    parts = []
    for record in rows[rows["enrolled"] > 0].to_dict("records"):
        is_own = own[request.group].fillna("") == record["value"]
        counted = month[is_own].value_counts().reindex(spanned, fill_value=0)
        parts.append(
            pd.DataFrame(
                {
                    "month": [period.to_timestamp().date() for period in spanned],
                    "value": record["value"],
                    "label": record["label"],
                    "enrolled": counted.to_numpy(),
                    "enrolled_total": counted.cumsum().to_numpy(),
                }
            )
        )
    columns = ["month", "value", "label", "enrolled", "enrolled_total"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
