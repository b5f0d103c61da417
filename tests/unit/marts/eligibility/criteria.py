"""One patient and one criterion, so that a test states only what it is about. Enrolled on 1 January 2024."""

from decimal import Decimal

from tests.builders import day, run_mart


def reading(fact, operator, *, bound=None, value=None, **more):
    """A row of the table criterion."""
    return {
        "criterion_no": 1,
        "criterion": "I01",
        "reading": "",
        "label": "Criterion",
        "kind": "inclusion",
        "fact": fact,
        "operator": operator,
        "bound": None if bound is None else Decimal(str(bound)),
        "value": value,
        "status": "active",
        "is_in_force": True,
        **more,
    }


def judge(criterion, *, patient=(), columns="result", **tables):
    """Rows of eligibility_criterion for patient P, in the order of criteria and readings."""
    known = {
        "patient_id": "P",
        "sex": "female",
        "consented_on": day(0),
        "enrolled_on": day(0),
        **dict(patient),
    }
    rows = {name: [{"patient_id": "P", **row} for row in given] for name, given in tables.items()}
    return run_mart(
        "eligibility_criterion",
        {"patient": [known], "criterion": [criterion] if isinstance(criterion, dict) else criterion, **rows},
        columns=columns,
        order_by="criterion_no, reading",
    )


def result(criterion, **given):
    """Result of the one reading."""
    ((found,),) = judge(criterion, **given)
    return found


def answer(said, criterion="I01", at=-5):
    """A row of attestation."""
    return {"criterion": criterion, "answer": said, "attested_on": day(at)}
