"""PFS on line 2 by what was given, with who the groups are beside it: no comparison, no ratio (A42)."""

from collections.abc import Mapping

import pandas as pd

from dashboard.charts.kaplan_meier import KaplanMeierData, KaplanMeierOptions, kaplan_meier_chart
from dashboard.figures.figure import Figure
from dashboard.figures.overview.baseline import months_on_line
from dashboard.figures.registry import registered
from dashboard.figures.survival.curves import (
    curve_data,
    drawn_and_numbers,
    has_joined_late,
    note_on_drawing,
    small_groups,
)
from dashboard.figures.survival.numbers import measure_survival
from dashboard.figures.survival.request import (
    SurvivalRequest,
    followed,
    in_groups,
    joined_words,
    survival_rows,
)
from dashboard.figures.survival.words import x_title
from dashboard.figures.treatment.outcomes import after_progression, survival_request
from dashboard.figures.treatment.request import TreatmentRequest, ask, names_of_lines, treatment_figure
from dashboard.stats import DAYS_PER_MONTH
from dashboard.store.reader import Reader
from dashboard.studies.endpoints import Endpoint
from dashboard.tables.overview_baseline import Column, Variable, baseline_table, recorded_of
from dashboard.tables.survival import variants_table
from dashboard.tables.treatment_names import NOT_NAMED

GROUP = Variable("line", "second_line", "Drug class in line 2", missing=NOT_NAMED, is_treatment=True)
BY = "by drug class in line 2"
# As many as six names (A43) and the others as one; drugs not recorded are one of them.
MOST_GROUPS = 7
SENSITIVITY = {
    "SENSITIVE_OR_NAIVE": "Sensitive or naive",
    "SECONDARY_RESISTANCE": "Secondary resistance",
    "PRIMARY_RESISTANCE": "Primary resistance",
}
MEASURES = frozenset({"median_months", "free_of_event"})
QUANTILES = {"minimum": 0.0, "lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75, "maximum": 1.0}
METHOD = (
    "{label}. Groups are the drug classes of line 2, known on its first day; of more than {most} the smaller "
    "are joined to one. Kaplan–Meier as on Survival. No hazard ratio is formed between treatments chosen by "
    "the physician."
)
BASELINE_METHOD = (
    "{whom} Months {what} from the first to the last dose. ECOG: the last up to the start "
    "of line 2, else the first in the {days} days after it.{sensitivity}"
)
SENSITIVITY_METHOD = " Endocrine sensitivity: before the drugs the study follows (ABC/ESMO)."
OF_CURVE = "Patients of the curve."
OF_LINE = "All who started line 2."
NO_CURVE = "{n} started line 2; the study defines no time from the start of line 2, so no curve is drawn."
# As of when each characteristic is, for the page and the foot of the file.
AS_OF = {
    "visceral_disease": "visceral disease as at enrolment",
    "key_days": "months {what} as at the start of line 2",
    "ecog": (
        "ECOG as at the start of line 2 (the last on record up to that day, however old, else the first in "
        "the {days} days after it)"
    ),
    "endocrine_sensitivity": "endocrine sensitivity before the drugs the study follows",
}


def second_line_endpoint(request: TreatmentRequest) -> Endpoint | None:
    """The time from the start of line 2 that the study measures; None where it measures none."""
    offered = (one for one in request.endpoints if one.per == "patient" and one.begins_on_line == 2)
    return next(offered, None)


def second_line_title(request: TreatmentRequest) -> str:
    """The time, or the line where the study measures none, and the groups: head, foot and name of a file."""
    endpoint = second_line_endpoint(request)
    return f"{endpoint.label if endpoint else 'Started line 2'}, {BY}"


@registered("treatment_second_line", writes_rows=True, key=("row", "group", "measure", "months"))
def treatment_second_line(reader: Reader, request: TreatmentRequest) -> Figure | None:
    """Curves by what was given in line 2; None where the study measures none or nobody is followed.

    `rows` are the drawn points and the numbers of the groups, `table` the numbers in words.
    """
    found = _followed(reader, request)
    if found is None:
        return None
    kept, asked = found
    measured = measure_survival(kept, request=asked)
    numbers, data = measured.numbers, curve_data(kept, measured, request=asked)
    together = joined_words(kept["drug_class"], kept["group"].cat.categories)
    below = request.counts_only_below
    measures = [row for one in numbers for row in one.measures(counts_only_below=below)]
    return treatment_figure(
        reader,
        request,
        rows=drawn_and_numbers(data, [row for row in measures if row["measure"] in MEASURES]),
        spec=_drawing(data, asked=asked, small=small_groups(measured, guards=asked.guards)),
        table=variants_table([(one.group, one) for one in numbers]).rename(
            columns={"Definition": GROUP.label}
        ),
        caption=" ".join(
            words for words in (together, after_progression(reader, request, lines=[2])) if words
        ),
        method=METHOD.format(label=asked.endpoint.label, most=MOST_GROUPS),
        alt=f"{asked.endpoint.label} by treatment in line 2. {GROUP.caution}",
        group=GROUP,
        of=second_line_title(request),
    )


def _followed(reader: Reader, request: TreatmentRequest) -> tuple[pd.DataFrame, SurvivalRequest] | None:
    """Patients followed from line 2 with the group of their treatment, and the request of their curve."""
    endpoint = second_line_endpoint(request)
    if endpoint is None:
        return None
    asked = survival_request(request, endpoint, line=None)
    named = _named(reader, request, survival_rows(reader, asked))
    named = named[named["status"] != "NOT_AT_RISK"]
    kept = followed(named, group=GROUP, most=MOST_GROUPS).assign(drug_class=named["group"].to_numpy())
    return None if kept.empty else (kept, asked)


def _described(reader: Reader, request: TreatmentRequest) -> pd.DataFrame:
    """Patients with the group of their treatment: those of the curve, without one all who started line 2."""
    if second_line_endpoint(request) is not None:
        found = _followed(reader, request)
        return pd.DataFrame() if found is None else found[0]
    lines = ask(reader, request, "line")
    named = _named(reader, request, lines[lines["line"] == 2].reset_index(drop=True))
    return in_groups(named, group=GROUP, most=MOST_GROUPS).assign(drug_class=named["group"].to_numpy())


def _named(reader: Reader, request: TreatmentRequest, rows: pd.DataFrame) -> pd.DataFrame:
    names = names_of_lines(reader, request, by_class=True)
    groups = [names.get((str(patient_id), 2), NOT_NAMED) for patient_id in rows["patient_id"]]
    return rows.assign(group=pd.Series(groups, index=rows.index, dtype=object))


def _drawing(data: KaplanMeierData, *, asked: SurvivalRequest, small: Mapping[str, int]) -> dict[str, object]:
    if data.curve.empty:
        return {}
    spec = kaplan_meier_chart(
        data,
        options=KaplanMeierOptions(
            x_title=x_title(asked.endpoint, has_joined_late=has_joined_late(data.counts)),
            y_title=f"{asked.endpoint.label}, {BY}, %",
            theme=asked.theme,
        ),
    )
    return {**spec, "title": note_on_drawing(asked, small=small, drawn=data.curve)}


@registered("treatment_second_line_baseline", writes_rows=True, key=("group", "name", "value"))
def treatment_second_line_baseline(reader: Reader, request: TreatmentRequest) -> Figure | None:
    """Who the groups are, of the curve or of all who started line 2; None of nobody.

    `rows` are counts by group.
    """
    kept = _described(reader, request)
    if kept.empty:
        return None
    has_curve = second_line_endpoint(request) is not None
    rows = ask(reader, request, "second_line", ecog_after_days=request.ecog_after_days)
    rows = rows[rows["patient_id"].isin(kept["patient_id"])].assign(source="second_line")
    if not request.key_class:
        # Without a class it is judged over every line, so that it is no characteristic of who began line 2.
        rows = rows[rows["name"] != "endocrine_sensitivity"]
    months = rows["name"] == "key_days"
    rows = rows.assign(
        source=rows["source"].where(~months, "number"),
        value=rows["value"].where(~months, _months(rows["value"].where(months))),
    )
    by_group = kept.groupby("group", observed=True)["patient_id"].apply(lambda own: tuple(map(str, own)))
    columns = [Column(str(name), tuple(own)) for name, own in by_group.items()]
    as_of = _as_of(request, names=set(rows["name"]))
    words = [
        "" if has_curve else NO_CURVE.format(n=len(kept)),
        "" if has_curve else joined_words(kept["drug_class"], kept["group"].cat.categories),
        f"{as_of[:1].upper()}{as_of[1:]}." if as_of else "",
    ]
    return treatment_figure(
        reader,
        request,
        rows=_by_group(rows, kept, months=months_name(request)),
        table=baseline_table(
            recorded_of(rows),
            variables=_variables(request, names=set(rows["name"])),
            columns=columns,
            counts_only_below=request.counts_only_below,
        ),
        caption=" ".join(part for part in words if part),
        method=BASELINE_METHOD.format(
            whom=OF_CURVE if has_curve else OF_LINE,
            what=months_on_line(request.key_class, 1),
            days=request.ecog_after_days,
            sensitivity=SENSITIVITY_METHOD if request.key_class else "",
        ),
        alt="Patients by treatment in line 2: what is known of them when it began",
        group=GROUP,
        of=" · ".join(part for part in (second_line_title(request), as_of) if part),
    )


def _as_of(request: TreatmentRequest, *, names: set[str]) -> str:
    """As of when the characteristics are that anybody has on record, in words."""
    what = months_on_line(request.key_class, 1)
    known = [words for name, words in AS_OF.items() if name in names]
    return "; ".join(known).format(what=what, days=request.ecog_after_days)


def months_name(request: TreatmentRequest) -> str:
    """The months before line 2 by what line_of_therapy.key_days count in this study."""
    return "months_on_key_drugs_line_1" if request.key_class else "months_on_line_1"


def _months(days: pd.Series) -> pd.Series:
    return (days.astype("float64") / DAYS_PER_MONTH).round(4).astype(str)


def _by_group(rows: pd.DataFrame, kept: pd.DataFrame, *, months: str) -> pd.DataFrame:
    """Patients by group and value; of months the quartiles and the range, each as a row. Names no patient.

    `months` is the name of the months in the file.
    """
    groups = kept.set_index("patient_id")["group"].astype(str)
    named = rows.assign(group=rows["patient_id"].map(groups))
    is_number = named["source"] == "number"
    counted = (
        named[~is_number].groupby(["group", "name", "value"], as_index=False).agg(n=("patient_id", "nunique"))
    )
    numbers = named[is_number].assign(months=lambda own: own["value"].astype("float64"))
    found = [counted.assign(months=pd.Series(dtype="float64"))]
    for group, own in numbers.groupby("group"):
        shares = own["months"].quantile(list(QUANTILES.values()))
        found.append(
            pd.DataFrame(
                {
                    "group": str(group),
                    "name": months,
                    "value": list(QUANTILES),
                    "n": len(own),
                    "months": list(shares),
                }
            )
        )
    return pd.concat(found, ignore_index=True)


def _variables(request: TreatmentRequest, *, names: set[str]) -> list[Variable]:
    """What is compared, as far as anybody has it on record."""
    offered = [
        Variable("second_line", "visceral_disease", "Visceral disease", {"yes": "Yes", "no": "No"}),
        Variable("number", "key_days", f"Months {months_on_line(request.key_class, 1)}"),
        Variable("second_line", "ecog", "ECOG at the start of line 2", is_ordered=True),
        Variable("second_line", "endocrine_sensitivity", "Endocrine sensitivity", SENSITIVITY),
    ]
    return [one for one in offered if one.name in names]
