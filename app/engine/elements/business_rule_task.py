"""Business rule tasks: evaluate a decision and keep its answer as evidence (DecisionEvaluated)."""

from typing import TYPE_CHECKING

from app import feel
from app.bpmn import model
from app.bpmn.extensions import CalledDecision
from app.engine import events, formulas
from app.engine.elements.job_task import JobTaskSpec
from app.engine.formulas import Formula
from app.engine.jobs import visible_to_job
from app.engine.naming import NamedKind
from app.engine.obstacle import IncidentKind, Obstacle
from app.engine.token import Token
from app.errors import Forbidden, NotFound

if TYPE_CHECKING:
    from app.engine.builder import Builder


class BusinessRuleTaskSpec(JobTaskSpec):
    element_type = "businessRuleTask"
    decision_id: Formula | None = None
    called: CalledDecision | None = None

    def read_work(self, node: model.JobTask, builder: "Builder") -> None:
        called = node.called_decision if isinstance(node, model.BusinessRuleTask) else None
        if called is None:
            builder.refuse(
                node,
                "no-implementation",
                "Expected the business rule task to name a decision or a job type, but found neither.",
                "Choose the decision that it evaluates and a result variable.",
            )
            return
        self.called = called
        self.decision_id = builder.formula(node, called.decision_id, "decision id")
        if not self.decision_id.names:
            builder.name(node, NamedKind.DECISION, feel.text_of(self.decision_id.constant()))

    def perform(self, token: Token) -> bool:
        if self.called is None or self.decision_id is None:
            return True
        decision_id = formulas.text(token, self.decision_id, "decision id", IncidentKind.DECISION)
        workflow = token.workflow
        try:
            evaluation = workflow.services.evaluate_decision(
                decision_id,
                self.called.binding,
                self.called.version_tag,
                visible_to_job(token),
                workflow.moment.now,
            )
        except NotFound as error:
            message = f'Expected a deployed decision "{decision_id}", but there is none. {error}'.strip()
            raise Obstacle(IncidentKind.DECISION, message) from None
        except Forbidden as error:
            raise Obstacle(IncidentKind.DECISION, str(error)) from None
        workflow.emit(events.DecisionEvaluated(token.id, self.bpmn_id, decision_id, evaluation.to_json()))
        if self.called.result_variable:
            token.result = {self.called.result_variable: feel.to_json(evaluation.value)}
        return True
