"""Which snapshots people's own entries name: pruning never takes one of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session

from dashboard.workflow.entries import MdtCase, MdtDecision, PatientNote, Review
from dashboard.workflow.models import DataQuery, ItemRequest, QueryEvent


def named_snapshots(engine: Engine, study_id: str) -> set[str]:
    """Ids of the snapshots that a review, note, case, decision, request or query of the study names."""
    decided = select(MdtDecision.snapshot_id).join(MdtCase, MdtCase.id == MdtDecision.case_id)
    sources: Sequence[Select[Any]] = (
        select(Review.snapshot_id).where(Review.study_id == study_id),
        select(PatientNote.snapshot_id).where(PatientNote.study_id == study_id),
        select(MdtCase.snapshot_id).where(MdtCase.study_id == study_id),
        decided.where(MdtCase.study_id == study_id),
        select(ItemRequest.snapshot_id).where(ItemRequest.study_id == study_id),
        select(QueryEvent.snapshot_id)
        .join(DataQuery, DataQuery.id == QueryEvent.query_id)
        .where(DataQuery.study_id == study_id),
    )
    with Session(engine) as session:
        return {snapshot_id for source in sources for snapshot_id in session.scalars(source.distinct())}
