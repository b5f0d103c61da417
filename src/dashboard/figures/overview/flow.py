"""From screening to an evaluable pair of samples, for the overview."""

from dataclasses import dataclass

from dashboard.figures.figure import Figure, footer_of
from dashboard.figures.overview.patients import overview_patients, unfiltered_words
from dashboard.figures.registry import registered
from dashboard.figures.study_guards import counts_only_below
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.tables.overview_flow import DIVISIONS, FlowNumbers, flow_counts, flow_rows, flow_table

METHOD = (
    "Each patient is left out once, by the first reason that applies: a step is the one above it minus the "
    f"reasons between them. {DIVISIONS}"
)


@dataclass(frozen=True, kw_only=True)
class FlowRequest:
    """The numbers of the study in the words of the flow."""

    second_draw_from_day: int
    pairing_days: int
    counts_only_below: int

    @property
    def numbers(self) -> FlowNumbers:
        """The numbers as the table of the flow takes them."""
        return FlowNumbers(second_draw_from_day=self.second_draw_from_day, pairing_days=self.pairing_days)


def flow_request(study: Study) -> FlowRequest:
    """The request of a study."""
    return FlowRequest(
        second_draw_from_day=study.ctdna.second_draw_from_day,
        pairing_days=study.ctdna.pairing_days,
        counts_only_below=counts_only_below(study),
    )


@registered("overview_flow", writes_rows=True)
def overview_flow(reader: Reader, request: FlowRequest) -> Figure:
    """The flow at the reader's sites; `rows` has one row per step, part or reason, from top to bottom."""
    patients = overview_patients(reader)
    rows = flow_rows(patients, numbers=request.numbers)
    return Figure(
        rows=flow_counts(rows),
        spec={},
        table=flow_table(rows, counts_only_below=request.counts_only_below),
        caption=METHOD,
        method=METHOD,
        footer=f"{footer_of(reader.snapshot)} · {unfiltered_words(reader)}",
        alt="Flow of patients from screening to an evaluable pair, with the reasons for leaving",
    )
