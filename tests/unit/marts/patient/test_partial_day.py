"""Days recorded to the month or year only, of one patient P; each is kept at day 365, 31 December 2024."""

import pytest

from tests.builders import day, run_mart

KEPT = day(365)


def of(table, field, precision, **more):
    """A record of P with one date, recorded to `precision`."""
    key = {"sample_id": f"S {precision}", "treatment_id": f"T {precision}", "lesion_id": f"L {precision}"}
    row = {"patient_id": "P", "row_key": f"{table} {field} {precision}", field: KEPT}
    own = {"ctdna_sample": "sample_id", "treatment": "treatment_id", "lesion": "lesion_id"}.get(table)
    return table, row | {f"{field}_precision": precision} | ({own: key[own]} if own else {}) | more


def partial(*records):
    tables = {}
    for table, row in records:
        tables.setdefault(table, []).append(row)
    return run_mart("partial_day", tables, columns="subject, precise_to")


DATES = [
    ("ctdna_sample", "collected_on", "ctdna_sample"),
    ("imaging", "imaged_on", "response"),
    ("response", "assessed_on", "response"),
    ("lesion", "assessed_on", "response"),
    ("treatment", "started_on", "treatment"),
    ("treatment", "ended_on", "treatment"),
    ("adverse_event", "started_on", "adverse_event"),
    ("adverse_event", "ended_on", "adverse_event"),
    ("measurement", "measured_on", "measurement"),
    ("patient", "metastatic_on", "metastatic"),
    ("patient", "ned_on", "ned"),
    ("contact", "died_on", "death"),
]


@pytest.mark.parametrize(("table", "field", "subject"), DATES)
def test_a_date_of_each_kind_is_known_to_what_it_was_recorded_to(table, field, subject):
    assert partial(of(table, field, "month")) == [(subject, "month")]
    assert partial(of(table, field, "year")) == [(subject, "year")]
    assert partial(of(table, field, "day")) == partial(of(table, field, None)) == []


@pytest.mark.parametrize(
    ("precisions", "known"),
    [
        (("month", "year"), "year"),
        (("month", "month"), "month"),
        (("month", "day"), "month"),
        (("year", None), "year"),
        (("day", "day"), None),
    ],
)
def test_of_one_kind_and_day_the_least_exact_record_counts(precisions, known):
    draws = [
        of("ctdna_sample", "collected_on", one, sample_id=f"S{n}", row_key=f"S{n}")
        for n, one in enumerate(precisions)
    ]
    assert partial(*draws) == ([] if known is None else [("ctdna_sample", known)])


def test_records_of_another_day_patient_or_kind_change_nothing():
    called = of("response", "assessed_on", "month")
    other_day = of("imaging", "imaged_on", "year", imaged_on=day(364))
    other_patient = of("imaging", "imaged_on", "year", patient_id="Q")
    drawn = of("ctdna_sample", "collected_on", "day")
    found = run_mart(
        "partial_day",
        {"response": [called[1]], "imaging": [other_day[1], other_patient[1]], "ctdna_sample": [drawn[1]]},
        columns="patient_id, subject, day_on, precise_to",
    )
    assert found == [
        ("P", "response", day(364), "year"),
        ("P", "response", KEPT, "month"),
        ("Q", "response", KEPT, "year"),
    ]


def test_without_a_date_there_is_no_day():
    assert partial(of("treatment", "ended_on", "month", ended_on=None)) == []
