"""A patient without variants: nothing found, no result, and no sample are three different sentences."""

import pytest

from dashboard.figures.patient.variants import NO_RESULT, NO_SAMPLE, NONE, VariantsRequest, patient_variants
from tests.builders import day
from tests.unit.figures.readers import memory_reader


def caption(*statuses):
    """Words for a patient with a draw of each status, a month apart, and no variant."""
    draws = [
        {
            "sample_id": f"S{number}",
            "patient_id": "P",
            "collected_on": day(30 * number),
            "status": status,
            "assay": "K",
            "panel": "K",
            "quantity_kind": "maf_ppm",
        }
        for number, status in enumerate(statuses)
    ]
    reader = memory_reader(
        {
            "patient": [{"patient_id": "P", "enrolled_on": day(0), "observed_until": day(200)}],
            "assay_panel": [{"panel": "K", "assay": "K", "tracks": "fixed_panel"}],
            "ctdna_sample": draws,
        }
    )
    figure = patient_variants(reader, VariantsRequest(patient_id="P", zero=day(0))).figure
    assert figure.table.empty
    return figure.caption


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        ((), NO_SAMPLE),
        (("not_done",), NO_SAMPLE),
        (("failed",), NO_RESULT),
        (("pending",), NO_RESULT),
        (("failed", "not_detected"), NONE),
    ],
)
def test_each_reason_has_its_own_sentence(statuses, words):
    assert caption(*statuses) == words
