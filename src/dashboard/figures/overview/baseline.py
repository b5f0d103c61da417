"""Who is in the study: the baseline table of the enrolled patients."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from dashboard.figures.figure import Figure, footer_of
from dashboard.figures.registry import registered
from dashboard.figures.study_guards import counts_only_below
from dashboard.stats import DAYS_PER_MONTH
from dashboard.store.asked import asked_once
from dashboard.store.reader import Reader
from dashboard.studies import vocabulary
from dashboard.studies.cohort import Cohort
from dashboard.studies.schema import Group, Study
from dashboard.tables.overview_baseline import (
    ALL,
    MISSING,
    Column,
    Recorded,
    Variable,
    baseline_table,
    recorded_of,
    value_words,
)

SQL = (Path(__file__).parent / "baseline.sql").read_text(encoding="utf-8")
LINE_START = (Path(__file__).parent / "line_start.sql").read_text(encoding="utf-8")
# Those of some characteristics alone, each asked for as "source/name".
ASKED = f"""select * from (
{SQL}
) where list_contains($asked, source || '/' || name) order by source, name, patient_id"""
ENROLLED = (
    "select patient_id from usable_patient where enrolled_on is not null /* and cohort */ order by patient_id"
)
# The time without metastases before, and the size of what is treated (clinical-decisions A44).
SYSTEMIC = (Variable("number", "diagnosis_to_metastasis_months", "First diagnosis to metastases, months"),)
LOCAL_THERAPY = (
    Variable("number", "ned_to_oligometastasis_months", "No evidence of disease to lung metastases, months"),
    Variable("number", "largest_lung_lesion_mm", "Largest lung nodule, mm"),
)
DERIVED = (*SYSTEMIC, *LOCAL_THERAPY)
MOST_COLUMNS = 6
NO_LINE = "No line by then"
ENROLLED_PATIENTS = "Enrolled patients."
OF_FIGURE = "The patients of the figure, as they were at enrolment."
OF_LINE = "The patients of the figure: {what} at the start of line {line}, all else at enrolment."
METHOD = (
    "{whom} Age in completed years at consent. ECOG: the last up to {start}, else "
    "the first in the {after_days} days after it. Line: the last line begun by {grace_days} days after "
    "enrolment."
)


@dataclass(frozen=True, kw_only=True)
class BaselineRequest:
    """Characteristics to show, and the one whose values make columns; None for the total alone.

    `cohort_line` says the cohort in words for the footer; empty for all enrolled patients.
    """

    variables: tuple[Variable, ...]
    by: Variable | None = None
    cohort: Cohort = Cohort()
    cohort_line: str = ""
    after_days: int
    grace_days: int
    counts_only_below: int
    key_class: str | None = None


def baseline_request(study: Study, *, by: str | None = None) -> BaselineRequest:
    """The request of a study; `by` is the label of one of its variables."""
    variables = baseline_variables(study)
    return BaselineRequest(
        variables=variables,
        by=next((one for one in variables if one.label == by), None),
        after_days=study.follow_up.laboratory_screening_days,
        grace_days=study.lines.index_grace_days,
        counts_only_below=counts_only_below(study),
        key_class=study.lines.key_class,
    )


def baseline_variables(study: Study) -> tuple[Variable, ...]:
    """Characteristics every study has, then the groups of this one."""
    sites = {site.site_id: _site_words(site.site_id, site.name) for site in study.recruitment.sites}
    lines = {str(line): f"Line {line}" for line in range(1, 21)}
    common = (
        Variable("number", "age", "Age, years"),
        Variable("patient", "sex", "Sex", {"female": "Female", "male": "Male"}),
        Variable("patient", "tumour_type", "Tumour type", dict(vocabulary.TUMOUR_TYPES)),
        Variable("patient", "stage", "Stage", is_ordered=True),
        Variable("index_line", "line", "Line at enrolment", lines, missing=NO_LINE),
        Variable("measurement", "ecog", "ECOG", is_ordered=True),
        Variable("patient", "site_id", "Site", sites),
    )
    known = {(one.source, one.name) for one in common}
    before = LOCAL_THERAPY if study.about.index_origin == "local_therapy" else SYSTEMIC
    own = [_of_group(group) for group in study.groups if not group.is_later]
    return (*common, *before, *[one for one in own if (one.source, one.name) not in known])


def variables_of_line(request: BaselineRequest, line: int | None) -> tuple[Variable, ...]:
    """Those of the request for a figure counted on a line, which begins with another ECOG than enrolment.

    From line 2 on also the months on the line before, of the drugs the study follows if any (A42).
    """
    source = "measurement" if line is None else "line_start"
    found = []
    for one in request.variables:
        if (one.source, one.name) != ("measurement", "ecog"):
            found.append(one)
            continue
        found.append(replace(one, source=source, label=f"ECOG at {_start(line)}"))
        if line is not None and line > 1:
            label = f"Months {months_on_line(request.key_class, line - 1)}"
            found.append(Variable("number", "months_on_line_before", label))
    return tuple(found)


def months_on_line(key_class: str | None, line: int) -> str:
    """What line_of_therapy.key_days count: "on CDK4/6 inhibitor in line 1", or "on line 1"."""
    return f"on {vocabulary.DRUG_CLASSES[key_class]} in line {line}" if key_class else f"on line {line}"


def _start(line: int | None) -> str:
    return "enrolment" if line is None else f"the start of line {line}"


def later_variables(study: Study) -> tuple[Variable, ...]:
    """Groups known only after the course has begun; never of a baseline table."""
    return tuple(_of_group(group) for group in study.groups if group.is_later)


def _site_words(site_id: str, name: str) -> str:
    return name if site_id in name else f"{site_id}, {name}"


def _of_group(group: Group) -> Variable:
    name = "group_code" if group.source == "local_course" else group.name
    words = {value.value: value.label for value in group.values}
    if not words and name == "drug_class":
        words = dict(vocabulary.DRUG_CLASSES)
    if not words and name == "group_code":
        words = dict(vocabulary.LOCAL_GROUPS)
    missing = NO_LINE if group.source == "index_line" else MISSING
    return Variable(group.source, name, group.label, words, missing=missing, is_treatment=group.is_chosen)


@registered("overview_baseline")
def overview_baseline(reader: Reader, request: BaselineRequest) -> Figure:
    """The table at the reader's sites."""
    rows = _facts(reader, request)
    listed = request.cohort.narrow(ENROLLED)
    enrolled = tuple(str(row["patient_id"]) for row in reader.records(listed.sql, listed.values))
    table = baseline_table(
        recorded_of(rows),
        variables=request.variables,
        columns=baseline_columns(rows, enrolled=enrolled, by=request.by),
        counts_only_below=request.counts_only_below,
    )
    return Figure(
        rows=rows,
        spec={},
        table=table,
        caption=_shares(len(enrolled), request),
        method=_method(request, ENROLLED_PATIENTS),
        footer=" · ".join(part for part in (footer_of(reader.snapshot), request.cohort_line) if part),
        alt=f"Baseline characteristics of {len(enrolled)} enrolled patients",
    ).with_note(request.by.caution if request.by else "")


def groups_figure(
    reader: Reader,
    request: BaselineRequest,
    *,
    groups: pd.Series,
    by: Variable,
    line: int | None,
    whom: str,
    footer: str,
) -> Figure:
    """Who the groups of another figure are: its patients alone, in columns for its largest groups.

    `groups` are the words of the group by patient_id, one each; `by` is the characteristic they stem from,
    `line` the line the figure is counted on (None for that at enrolment), `whom` says in a sentence who they
    are, `footer` is that of the figure.
    """
    variables = variables_of_line(request, line)
    return Figure(
        rows=pd.DataFrame({"patient_id": groups.index, "group": groups.astype(str).to_numpy()}),
        spec={},
        table=baseline_table(
            _recorded_of_all(reader, asked_of(request.variables), line, request.after_days),
            variables=tuple(one for one in variables if one.label != by.label),
            columns=columns_of(groups),
            counts_only_below=request.counts_only_below,
        ),
        caption=f"{whom} Groups: {by.label}. {_shares(len(groups), request)}",
        method=_method(request, _of_figure(line), start=_start(line)),
        footer=f"{footer} · {_of_figure(line)}",
        alt=f"Who the groups are: {len(groups)} patients",
    )


def _of_figure(line: int | None) -> str:
    """As of when the patients of a figure are described."""
    if line is None:
        return OF_FIGURE
    return OF_LINE.format(what="ECOG and months before" if line > 1 else "ECOG", line=line)


@asked_once
def _recorded_of_all(reader: Reader, asked: tuple[str, ...], line: int | None, after_days: int) -> Recorded:
    """Of everybody enrolled, whatever the cohort: what was known at enrolment or a line's start is fixed."""
    rows = recorded_rows(reader, Cohort(), asked, after_days)
    if line is None:
        return recorded_of(rows)
    values = {"line": line, "after_days": after_days, "days_per_month": DAYS_PER_MONTH}
    return recorded_of(pd.concat([rows, reader.rows(LINE_START, values)], ignore_index=True))


def _facts(reader: Reader, request: BaselineRequest) -> pd.DataFrame:
    return recorded_rows(reader, request.cohort, asked_of(request.variables), request.after_days)


def asked_of(variables: Sequence[Variable]) -> tuple[str, ...]:
    """The characteristics as the query asks for them."""
    return tuple(sorted({f"{one.source}/{one.name}" for one in variables}))


def recorded_rows(reader: Reader, cohort: Cohort, asked: tuple[str, ...], after_days: int) -> pd.DataFrame:
    """One row per enrolled patient of the cohort and characteristic asked for that is recorded."""
    query = cohort.narrow(ASKED)
    return reader.rows(query.sql, {"after_days": after_days, "asked": list(asked), **query.values})


def _method(request: BaselineRequest, whom: str, *, start: str = "enrolment") -> str:
    return METHOD.format(whom=whom, start=start, after_days=request.after_days, grace_days=request.grace_days)


def _shares(n: int, request: BaselineRequest) -> str:
    if n < request.counts_only_below:
        return f"Counts only: fewer than {request.counts_only_below} patients."
    return "Per cent of all patients of the column, missing values included."


def baseline_columns(rows: pd.DataFrame, *, enrolled: tuple[str, ...], by: Variable | None) -> list[Column]:
    """All enrolled patients, then one column for each of the most frequent values of `by`."""
    if by is None:
        return [Column(ALL, enrolled)]
    own = rows[(rows["source"] == by.source) & (rows["name"] == by.name)]
    named = own.set_index("patient_id")["value"].map(lambda value: value_words(str(value), variable=by))
    return columns_of(named.reindex(list(enrolled)).fillna(by.missing))


def columns_of(named: pd.Series) -> list[Column]:
    """All the patients of `named`, then one column for each of its most frequent values.

    Categories keep their order, which is that of the figure.
    """
    patient_ids, values = named.index.to_numpy(), named.to_numpy()
    found = named.value_counts()
    largest = list(found[found > 0].index)[:MOST_COLUMNS]
    if isinstance(named.dtype, pd.CategoricalDtype):
        largest = [one for one in named.cat.categories if one in largest]
    of_value = [(str(value), patient_ids[values == value]) for value in largest]
    return [Column(name, tuple(map(str, own))) for name, own in [(ALL, patient_ids), *of_value]]
