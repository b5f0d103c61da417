"""What the biomarker page counts: a cohort at a moment, and what of it counts as an alteration."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from dashboard.charts.theme import ThemeName
from dashboard.figures.figure import footer_of
from dashboard.figures.study_guards import counts_only_below
from dashboard.store.reader import Reader
from dashboard.studies.choices import PERCENT_FROM
from dashboard.studies.cohort import Cohort
from dashboard.studies.schema import Study
from dashboard.tables.formats import format_days

FOLDER = Path(__file__).parent
Moment = Literal["BASELINE", "PROGRESSION", "ANY"]
ASSAYS = (
    "select distinct coalesce(tracks, 'unknown') as tracks from ctdna_level where is_valid order by tracks"
)


def biomarkers_sql(name: str) -> str:
    """The query biomarkers_<name>.sql of this package."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class BiomarkerRequest:
    """`moment` BASELINE, PROGRESSION (on `line`) or ANY draw.

    `alteration` is sequence or copy_number, for what is new at progression.
    `with_on_treatment` takes a first draw on treatment as baseline too (clinical-decisions A2);
    `counts_possible_chip` counts possible clonal haematopoiesis as the tumour's (A45). The days are those of
    the study by which samples are paired: of the line for `baseline_to_day`, else of the progression.
    """

    cohort: Cohort
    baseline_to_day: int
    draw_from_day: int
    draw_to_day: int
    cohort_line: str = ""
    moment: Moment = "BASELINE"
    line: int = 1
    alteration: str = "sequence"
    with_on_treatment: bool = False
    counts_possible_chip: bool = False
    counts_only_below: int = PERCENT_FROM
    n_genes: int = 15
    theme: ThemeName = "light"

    @property
    def values(self) -> dict[str, Any]:
        """Values of the placeholders of biomarkers_cell.sql, those of the cohort left out."""
        return {"moment": self.moment, "line": self.line, "with_on_treatment": self.with_on_treatment}

    @property
    def days(self) -> dict[str, str]:
        """The days of the study in the words of the methods."""
        return {
            "baseline_to": _day_words(self.baseline_to_day),
            "draw_from": _day_words(self.draw_from_day),
            "draw_to": _day_words(self.draw_to_day),
        }


def _day_words(day: int) -> str:
    """For instance 14 days before, 1 day after; the thing itself follows."""
    if day == 0:
        return "the day of"
    return f"{format_days(abs(day))} {'before' if day < 0 else 'after'}"


def biomarker_request(study: Study, *, cohort: Cohort, cohort_line: str = "") -> BiomarkerRequest:
    """The request of a study at baseline; `cohort_line` is for the footer."""
    return BiomarkerRequest(
        cohort=cohort,
        cohort_line=cohort_line,
        baseline_to_day=study.ctdna.acquired_baseline_to_day,
        draw_from_day=study.ctdna.acquired_draw_from_day,
        draw_to_day=study.ctdna.acquired_draw_to_day,
        counts_only_below=counts_only_below(study),
    )


def has_biomarkers(reader: Reader) -> bool:
    """Whether the data cut was built with acquired variants; older ones have to be built again."""
    return reader.has_table("acquired_variant_gene")


def kinds_of_assay(reader: Reader) -> tuple[str, ...]:
    """Kinds of the assays with a valid sample: tumour_informed, fixed_panel, unknown."""
    return tuple(str(row["tracks"]) for row in reader.records(ASSAYS))


def ask(reader: Reader, request: BiomarkerRequest, name: str, **values: Any) -> pd.DataFrame:
    """Rows of biomarkers_<name>.sql for the cohort of the request."""
    found = request.cohort.narrow(biomarkers_sql(name))
    return reader.rows(found.sql, {**values, **found.values})


def cells_of(reader: Reader, request: BiomarkerRequest) -> pd.DataFrame:
    """One row per patient, gene, kind of alteration and variant at the moment (biomarkers_cell.sql)."""
    return ask(reader, request, "cell", **request.values)


def footer_words(reader: Reader, request: BiomarkerRequest) -> str:
    """Study, data cut and cohort, for the foot."""
    line = request.cohort_line or f"cohort: {request.cohort.words()}"
    return f"{footer_of(reader.snapshot)} · {line}"
