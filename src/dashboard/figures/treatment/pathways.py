"""Ways from line 1 to line 3, capped to the six most frequent regimens of each line (A43)."""

import pandas as pd

from dashboard.charts.pathways import PathwayOptions, pathway_chart
from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.treatment.lines import line_rows
from dashboard.figures.treatment.request import TreatmentRequest, treatment_figure
from dashboard.store.reader import Reader
from dashboard.tables.treatment_pathways import (
    COLUMNS,
    ENDS,
    LATER,
    LEVELS,
    OTHER,
    end_sentence,
    end_words,
    other_table,
    pathway_counts,
    pathway_table,
)

METHOD = (
    "Each patient with a line of systemic therapy is in one way. The six most frequent regimens of each "
    "line have their name, the others are one. After the last line: died, else not followed any more, else "
    "treatment goes on, else no further line recorded. Heights are patients; treatment was chosen by the "
    "physician."
)


@registered("treatment_pathways", writes_rows=True, key=("line_1", "line_2", "line_3", "after_line_3"))
def treatment_pathways(reader: Reader, request: TreatmentRequest) -> Figure:
    """The ways as a flow; `rows` are the ways with their patients. No drawing where nobody has a line."""
    lines = line_rows(reader, request)
    counts = pathway_counts(lines)
    return treatment_figure(
        reader,
        request,
        rows=counts,
        spec=_drawing(counts, lines, request=request) if len(counts) else {},
        table=pathway_table(counts, counts_only_below=request.counts_only_below),
        caption=" ".join(said for line in LEVELS if (said := end_sentence(lines, line=line))),
        method=METHOD,
        alt=f"Ways of {int(counts['n'].sum())} patients from line 1 to line 3. Every number is in the table.",
        of=request.named_by,
    )


def other_regimens(reader: Reader, request: TreatmentRequest) -> pd.DataFrame:
    """One row per line and regimen that the ways count among the others: its patients; most first."""
    return other_table(line_rows(reader, request))


def _drawing(counts: pd.DataFrame, lines: pd.DataFrame, *, request: TreatmentRequest) -> dict[str, object]:
    started = lines.groupby("line")["patient_id"].nunique()
    ends = [end_words(after, line=line) for line in LEVELS for after in ("ongoing", *ENDS)]
    missing = [f"Line {line} not recorded" for line in LEVELS]
    return pathway_chart(
        counts,
        options=PathwayOptions(
            columns=tuple(COLUMNS),
            titles=tuple(f"Line {line}, n = {int(started.get(line, 0))}" for line in LEVELS),
            ends=tuple(dict.fromkeys([*ends, LATER, *missing])),
            others=(OTHER,),
            theme=request.theme,
        ),
    )
