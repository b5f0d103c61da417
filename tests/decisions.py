"""Every version of a decision, as the tests look at it; pages read a case with its course."""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dashboard.workflow.decisions import Decision, as_decision, decision_rows
from dashboard.workflow.entries import MdtDecision


def decisions_on(engine: Engine, case_id: int) -> list[Decision]:
    """Every version of the decision on a case, newest first."""
    wanted = decision_rows().where(MdtDecision.case_id == case_id)
    with Session(engine) as session:
        return [as_decision(row, name) for row, name in session.execute(wanted)]
