"""Names of the files of the biomarker page: each says what its numbers differ by."""

from collections.abc import Mapping
from dataclasses import replace

from dashboard.figures.biomarkers.genes import CHIP_IN, sample_words
from dashboard.figures.biomarkers.request import BiomarkerRequest
from dashboard.ui.export import Exported

BY_GENE, COPY_NUMBER = "Alterations by gene", "Copy number"
NEW, NEW_COPY_NUMBER = "New since baseline", "New copy number"
OTHER_ORIGIN, TISSUE = "Possibly not from the tumour", "Tissue"
AT_THE_MOMENT = frozenset({BY_GENE, COPY_NUMBER})
OF_PAIRS = frozenset({NEW, NEW_COPY_NUMBER})
# Neither moment nor what counts as an alteration changes these.
WITHOUT_CHOICES = frozenset({OTHER_ORIGIN, TISSUE})


def named(files: Mapping[str, Exported], *, request: BiomarkerRequest) -> dict[str, Exported]:
    """The files by their titles with moment, line and what is counted, as far as each rests on them."""
    return {_name(title, request): one for title, one in files.items()}


def _name(title: str, request: BiomarkerRequest) -> str:
    if title in WITHOUT_CHOICES:
        return title
    parts = (title, _samples(title, request), CHIP_IN if request.counts_possible_chip else "")
    return ", ".join(part for part in parts if part)


def _samples(title: str, request: BiomarkerRequest) -> str:
    """Pairs are of the line chosen whatever the moment; map and outcome are always of the baseline."""
    if title in OF_PAIRS:
        return f"at progression on line {request.line}"
    return sample_words(request if title in AT_THE_MOMENT else replace(request, moment="BASELINE"))
