"""Keeping evaluations: every answer of a decision with its inputs, its version and the rules that matched."""

from app.engine.events import DecisionEvaluated
from app.roles import Stage
from app.runtime.models.deciding import Asked
from app.runtime.transaction import Core, Transaction, new_id
from app.runtime.views import confidence_of
from app.store.tables import EvaluationRow, EvidenceRow, InstanceRow


def put_evaluation(
    core: Core, transaction: Transaction, row: InstanceRow, event: DecisionEvaluated, asked: Asked | None
) -> None:
    """The evaluation, and the evidence of the stage *decide* with what the mandate says about its confidence."""
    evaluation = {key: value for key, value in event.evaluation.items() if key != "trace"}
    inputs = dict(asked.inputs) if asked else {}
    evaluation_id = new_id()
    transaction.batch.put(
        EvaluationRow,
        id=evaluation_id,
        instance_id=row.id,
        element_instance_id=event.element_instance_id,
        element_id=event.element_id,
        decision_id=event.decision_id,
        model_id=asked.model_id if asked else None,
        model_key=asked.model_key if asked else None,
        model_version=asked.model_version if asked else None,
        at=transaction.now,
        inputs=inputs,
        evaluation=evaluation,
    )
    confidence = confidence_of(evaluation.get("value"))
    right = None
    if row.mandate_id is not None:
        verdict = core.models.mandate(transaction.session, row.mandate_id).may_decide(event.decision_id, confidence)
        right = {"outcome": verdict.outcome, "detail": verdict.detail}
    transaction.batch.put(
        EvidenceRow,
        id=new_id(),
        instance_id=row.id,
        stage=Stage.DECIDE,
        at=transaction.now,
        what=f"decision {event.decision_id}",
        element_id=event.element_id,
        detail={
            "decision": event.decision_id,
            "model": asked.model_key if asked else None,
            "version": asked.model_version if asked else None,
            "inputs": inputs,
            "value": evaluation.get("value"),
            "matched": evaluation.get("decisions"),
            "confidence": confidence,
            "right": right,
        },
    )
