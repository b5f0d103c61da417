"""Who was not assessed in the sample studies, counted a second time from the plan of scans."""

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
