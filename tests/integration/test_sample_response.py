"""Who was not assessed in the sample studies and from when a response lasts, found a second time."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.figures.options import request_of
from dashboard.figures.response.counted import counted
from dashboard.figures.response.first_scan import not_assessed
from dashboard.figures.response.rates import RatesRequest, response_rates, started
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.studies.load import load_study

STUDIES = Path(__file__).parents[2] / "data" / "studies"
# The first scan of the line at enrolment is still to come, or its window is open, and nothing ended before.
TOO_RECENT = """
select count(*) as n
from best_response as best
inner join patient_summary as patient
    on best.patient_id = patient.patient_id and best.line = patient.index_line
inner join usable_patient as usable on best.patient_id = usable.patient_id
where
    best.setting_id = 'PHYSICIAN_UNCONFIRMED' and best.response = 'MISSING' and usable.enrolled_on is not null
    and exists (
        select 1 from planned_window as planned
        where
            planned.patient_id = best.patient_id and planned.line = best.line and planned.kind = 'imaging'
            and planned.occurrence = 1 and planned.off_on is null
            and planned.closes_on + planned.grace_days >= planned.observed_until
    )
"""

# The first CR or PR on record after the start of the line, beside the row that day 0 rests on.
FIRST_RESPONSES = """
select
    origin.patient_id, origin.line, origin.origin_on, row.assessed_on as row_on, row.overall,
    (
        select min(one.assessed_on) from usable_response as one
        inner join line_of_therapy as line on one.patient_id = line.patient_id and line.line = origin.line
        where
            one.patient_id = origin.patient_id and one.overall in ('cr', 'pr')
            and one.assessed_on > line.started_on
    ) as first_on
from time_to_event as origin
left join usable_response as row on origin.origin_source_key = row.row_key
where origin.endpoint_id = 'DOR' and origin.origin_on is not null
"""
CONFIRMED_TOO_EARLY = """
select confirmed.patient_id, confirmed.line
from best_response as confirmed
left join best_response as unconfirmed
    on confirmed.patient_id = unconfirmed.patient_id and confirmed.line = unconfirmed.line
    and unconfirmed.setting_id = 'PHYSICIAN_UNCONFIRMED'
where
    confirmed.setting_id = 'PHYSICIAN_CONFIRMED' and confirmed.objective_response_on is not null
    and coalesce(confirmed.objective_response_on < unconfirmed.objective_response_on, true)
"""


@pytest.mark.parametrize("study_id", ["k4care", "cdk46"])
def test_the_not_assessed_are_split_by_the_plan_and_add_up(
    study_id: str, sample_snapshot: Callable[[str], Snapshot]
) -> None:
    snapshot = sample_snapshot(study_id)
    reader = Reader(snapshot)
    request = request_of(RatesRequest, {}, study=load_study(STUDIES / study_id))
    figure = response_rates(reader, request)
    rows = counted(started(figure.rows), left_out=request.response.settings.left_out)
    found = not_assessed(rows, cut_off=snapshot.cut_off)
    assert found.n_too_recent + found.n_left + found.n_due == found.n
    assert found.n_too_recent == reader.records(TOO_RECENT)[0]["n"]
    assert f"Not assessed: {found.n} of {found.n_started}" in figure.caption


@pytest.mark.parametrize("study_id", ["k4care", "cdk46"])
def test_a_response_lasts_from_the_first_cr_or_pr_of_its_line_and_leads_to_its_row(
    study_id: str, sample_snapshot: Callable[[str], Snapshot]
) -> None:
    reader = Reader(sample_snapshot(study_id))
    rows = reader.records(FIRST_RESPONSES)
    assert len(rows) > 30
    for row in rows:
        assert row["origin_on"] == row["row_on"] == row["first_on"], row
        assert row["overall"] in ("cr", "pr"), row
    assert reader.records(CONFIRMED_TOO_EARLY) == []


def test_a_pr_that_became_a_cr_lasts_from_the_pr(sample_snapshot: Callable[[str], Snapshot]) -> None:
    """CDK-0092: PR on 26 Jan 2023, CR on 26 Aug 2024. CDK-0245: PR, confirmed by the CR of 21 Apr 2025."""
    rows = Reader(sample_snapshot("cdk46")).records(
        "select patient_id, setting_id, objective_response_on, responded_on from best_response "
        "where line = 1 and patient_id in ('CDK-0092', 'CDK-0245')"
    )
    found = {(row.pop("patient_id"), row.pop("setting_id")): tuple(row.values()) for row in rows}
    assert found["CDK-0092", "PHYSICIAN_UNCONFIRMED"] == (dt.date(2023, 1, 26), dt.date(2024, 8, 26))
    first = dt.date(2024, 11, 22)
    assert found["CDK-0245", "PHYSICIAN_UNCONFIRMED"] == (first, dt.date(2025, 4, 21))
    assert found["CDK-0245", "PHYSICIAN_CONFIRMED"] == (first, first)
