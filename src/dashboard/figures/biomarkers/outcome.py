"""Outcome by an alteration at baseline: one gene, patients who are not assessable never mixed with others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from dashboard.charts.kaplan_meier import KaplanMeierData, KaplanMeierOptions, kaplan_meier_chart
from dashboard.figures.biomarkers.genes import where_words
from dashboard.figures.biomarkers.request import BiomarkerRequest, cells_of, kinds_of_assay
from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.survival.curves import (
    curve_data,
    drawn_and_numbers,
    has_joined_late,
    note_on_drawing,
    small_groups,
)
from dashboard.figures.survival.numbers import measure_survival
from dashboard.figures.survival.request import SurvivalRequest, followed, survival_rows
from dashboard.figures.survival.words import x_title
from dashboard.store.reader import Reader
from dashboard.studies.endpoints import Endpoint
from dashboard.studies.schema import Study
from dashboard.tables.biomarkers_counts import (
    ALTERED,
    NO_CTDNA,
    NOT_DETECTED,
    gene_states,
)
from dashboard.tables.formats import format_count
from dashboard.tables.overview_baseline import Variable
from dashboard.tables.survival import GroupNumbers, not_shown_words, numbers_table

GROUPS = {
    ALTERED: "Altered",
    NOT_DETECTED: "Not altered, ctDNA detected",
    NO_CTDNA: "No ctDNA in the sample",
    "NOT_ASSESSABLE": "Not assessable",
}
DRAWN_LATER = "DRAWN_LATER"
METHOD = (
    "{label}, by {gene} in ctDNA at baseline. Altered: at least one variant of the tumour detected. Not "
    "altered: the assay covers the gene, ctDNA was detected, and no variant of the gene. A sample without "
    "any ctDNA cannot exclude an alteration and stands apart. Not assessable: no valid sample, gene not "
    "covered, variants of possible other origin only, or a sample drawn more than {grace_days} days after "
    "the patient joined (known only later). Kaplan–Meier in months of 30.4375 days; intervals are 95 % "
    "log-log; medians with fewer than {median_min_events} events are not estimable."
)
EXPLORATORY = (
    "Exploratory: {gene} was chosen by the reader, groups differ in other ways, and nothing is adjusted. "
    "Not a comparison of treatments and no evidence that the gene decides the outcome."
)
FOLLOWED = (
    "The assay follows variants of each patient's tumour: without one of this gene a patient is not "
    "assessable. Altered against no ctDNA mostly tells whether ctDNA was found, not what the gene does."
)
TOO_FEW = "Fewer than {n} patients are followed: counts only, no curve."


@dataclass(frozen=True, kw_only=True)
class OutcomeRequest:
    """One gene (`alteration` sequence or copy_number) and one endpoint, in the cohort of both requests."""

    gene: str
    biomarkers: BiomarkerRequest
    survival: SurvivalRequest
    alteration: str = "sequence"

    @property
    def variable(self) -> Variable:
        """The groups of the curve in their order."""
        words = {words: words for words in GROUPS.values()}
        return Variable("ctdna", "gene", self.gene, words, is_ordered=True, missing=GROUPS["NOT_ASSESSABLE"])


def primary_endpoint(study: Study) -> Endpoint | None:
    """The study's primary progression-free survival; None where it has none.

    The first headline endpoint without a competing event in which radiological progression and death end the
    time, counted once per patient.
    """
    for one in sorted(study.endpoints, key=lambda endpoint: not endpoint.is_headline):
        ends = {rule.milestone for rule in one.events}
        is_pfs = {"radiological_progression", "death"} <= ends and not one.competing
        if is_pfs and one.per == "patient" and one.sensitivity_of is None:
            return one
    return None


def outcome_rows(reader: Reader, request: OutcomeRequest) -> pd.DataFrame:
    """The rows of figures/survival/patient.sql with `group` by the state of the gene at baseline and `why`.

    A sample drawn more than the days of grace after the patient joined is not known then (guarantee-time
    bias): its patient is not assessable.
    """
    base = replace(request.biomarkers, moment="BASELINE")
    cells = cells_of(reader, base)
    states = gene_states(cells, counts_possible_chip=base.counts_possible_chip)
    own = states[(states["gene"] == request.gene) & (states["alteration"] == request.alteration)]
    state = own.set_index("patient_id")["state"]
    sampled = cells.drop_duplicates("patient_id").set_index("patient_id")
    rows = survival_rows(reader, replace(request.survival, group=None))
    drawn = pd.to_datetime(rows["patient_id"].map(sampled["sampled_on"]))
    late = (drawn - pd.to_datetime(rows["joined_on"])).dt.days > request.survival.grace_days
    why = rows["patient_id"].map(state).fillna(rows["patient_id"].map(sampled["standing"]))
    why = why.replace("VALID", "NOT_COVERED").mask(late, DRAWN_LATER)
    return rows.assign(why=why, group=why.map(GROUPS).fillna(GROUPS["NOT_ASSESSABLE"]))


@registered("biomarkers_outcome", writes_rows=True)
def biomarkers_outcome(reader: Reader, request: OutcomeRequest) -> Figure | None:
    """Curve and numbers per group; without a curve in a small analysis. None where nobody is followed.

    `rows` are the drawn points and the numbers of the groups; in a small analysis patients and events alone.
    """
    rows = outcome_rows(reader, request)
    kept = followed(rows, group=request.variable)
    if kept.empty:
        return None
    own = request.survival
    is_small = len(kept) < own.guards.small_analysis_below
    measured = measure_survival(kept, request=own)
    numbers, data = measured.numbers, curve_data(kept, measured, request=own)
    below = request.biomarkers.counts_only_below
    measures = [row for one in numbers for row in one.measures(counts_only_below=below)]
    is_followed = kinds_of_assay(reader) == ("tumour_informed",)
    table = _table(kept, numbers, request=request, is_small=is_small)
    said = [
        _caption(kept, request, is_small=is_small),
        not_shown_words(table, counts_only_below=below, dimming=own.guards.dimming),
        FOLLOWED if is_followed else "",
    ]
    return Figure(
        rows=_counted(kept) if is_small else drawn_and_numbers(data, measures),
        spec={} if is_small else _drawing(data, request, small=small_groups(measured, guards=own.guards)),
        table=table,
        caption=" ".join(words for words in said if words),
        method=METHOD.format(
            label=own.endpoint.label,
            gene=request.gene,
            grace_days=own.grace_days,
            median_min_events=own.guards.median_min_events,
        ),
        footer=where_words(
            f"{own.footer(reader)} · by {request.gene}",
            replace(request.biomarkers, moment="BASELINE"),
            says_chip=not is_followed,
        ),
        alt=f"{own.endpoint.label} by {request.gene}. "
        + "; ".join(f"{one.group}: {format_count(one.n_event, 'event')} in {one.n}" for one in numbers),
    )


def _drawing(
    data: KaplanMeierData, request: OutcomeRequest, *, small: Mapping[str, int]
) -> dict[str, object]:
    if data.curve.empty:
        return {}
    own = request.survival
    spec = kaplan_meier_chart(
        data,
        options=KaplanMeierOptions(
            x_title=x_title(own.endpoint, has_joined_late=has_joined_late(data.counts)),
            y_title=f"{own.endpoint.label}, by {request.gene}, %",
            theme=own.theme,
            has_band=False,
        ),
    )
    return {**spec, "title": note_on_drawing(replace(own, has_band=False), small=small, drawn=data.curve)}


def _counted(kept: pd.DataFrame) -> pd.DataFrame:
    grouped = kept.groupby("group", observed=True)["is_event"]
    return grouped.agg(n="size", events="sum").reset_index().astype({"group": str})


def _table(
    kept: pd.DataFrame, numbers: list[GroupNumbers], *, request: OutcomeRequest, is_small: bool
) -> pd.DataFrame:
    if is_small:
        counted = _counted(kept)
        return counted.rename(columns={"group": request.gene, "n": "Patients", "events": "Events"})
    # Altered and not altered alone are compared; all patients together belong to the survival page.
    own = [one for one in numbers if one.group in GROUPS.values()]
    table = numbers_table(own, counts_only_below=request.biomarkers.counts_only_below)
    return table.rename(columns={"Group": request.gene})


def _caption(kept: pd.DataFrame, request: OutcomeRequest, *, is_small: bool) -> str:
    own = request.survival
    why = kept.loc[kept["group"].astype(str) == GROUPS["NOT_ASSESSABLE"], "why"].value_counts()
    words = {
        "NO_SAMPLE": "without a sample",
        "NO_RESULT": "with a sample without a result",
        "LATER_ONLY": "first valid sample on treatment or later",
        "NOT_COVERED": "gene not covered",
        "FOUND_UNCOVERED": "gene not covered",
        "POSSIBLE_CHIP": "possible clonal haematopoiesis only",
        "OTHER_ORIGIN": "other stated origin only",
        DRAWN_LATER: f"sample drawn more than {own.grace_days} days after they joined",
    }
    parts = [f"{n} {words.get(str(name), 'not known')}" for name, n in why.items()]
    are = "is" if len(kept) == 1 else "are"
    events = format_count(int(kept["is_event"].sum()), "event")
    said = [f"{format_count(len(kept), 'patient')} {are} followed, {events}."]
    if parts:
        said.append(f"Not assessable: {', '.join(parts)}.")
    if is_small:
        said.append(TOO_FEW.format(n=own.guards.small_analysis_below))
    said.append(EXPLORATORY.format(gene=request.gene))
    return " ".join(said)
