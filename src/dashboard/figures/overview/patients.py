"""The patients of a study as the overview counts them: every number of the page comes from these rows."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dashboard.figures.on_treatment import is_on_treatment
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study

SQL = (Path(__file__).parent / "patient.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class OverviewRequest:
    """Choices the counts depend on. `followed_types` is empty where the assays follow every tumour type."""

    followed_types: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, list[str]]:
        """Values of the placeholders in the query."""
        return {"followed_types": list(self.followed_types)}


def overview_request(study: Study) -> OverviewRequest:
    """The request of a study: an assay that names no tumour types follows all of them."""
    named = [assay.tracked_tumour_types for assay in study.assays]
    if not named or () in named:
        return OverviewRequest()
    return OverviewRequest(tuple(sorted({name for names in named for name in names})))


def overview_patients(reader: Reader, request: OverviewRequest) -> pd.DataFrame:
    """One row per patient known to the study at the reader's sites: state, furthest step and reason."""
    rows = reader.rows(SQL, request.parameters)
    return rows.assign(is_on_treatment=is_on_treatment(rows["is_line_ongoing"], rows["vital_status"]))
