"""Call activities: another process runs as an instance of its own (BPMN 2.0.2, 13.3.5)."""

from typing import TYPE_CHECKING

from app import feel
from app.bpmn import model
from app.bpmn.extensions import CalledElement
from app.engine import events, formulas
from app.engine.elements.activity import ActivitySpec
from app.engine.formulas import Formula
from app.engine.naming import NamedKind
from app.engine.obstacle import IncidentKind
from app.engine.token import Phase, Token

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec


class CallActivitySpec(ActivitySpec):
    element_type = "callActivity"

    def __init__(
        self, process: "ProcessSpec", node: model.CallActivity, builder: "Builder", *, name: str | None = None
    ) -> None:
        super().__init__(process, node, builder, name=name)
        self.called: CalledElement | None = node.called
        self.process_id: Formula | None = None
        self.business_id: Formula | None = None
        if node.called is None:
            builder.refuse(
                node,
                "no-implementation",
                "Expected the call activity to name a process, but found none.",
                "Choose the process that it calls.",
            )
            return
        self.process_id = builder.formula(node, node.called.process_id, "process id")
        self.business_id = builder.optional(node, node.called.business_id, "business id")
        if not self.process_id.names:
            builder.name(node, NamedKind.PROCESS, feel.text_of(self.process_id.constant()))

    def execute(self, token: Token) -> bool:
        if self.called is None or self.process_id is None:
            return True
        process_id = formulas.text(token, self.process_id, "process id", IncidentKind.CALLED_ELEMENT)
        business_id = formulas.optional_text(token, self.business_id, "business id")
        shares_all = self.called.propagate_all_parent_variables
        variables = token.visible() if shares_all else dict(token.variables or {})
        token.internal_data["called"] = True
        token.workflow.emit(
            events.CalledInstanceRequested(
                token.id,
                self.bpmn_id,
                process_id,
                self.called.binding,
                self.called.version_tag,
                variables,
                business_id,
            )
        )
        return False

    def called_instance_completed(self, token: Token, variables: dict[str, object]) -> None:
        """Without propagation the child's variables reach the output mappings only."""
        del token.internal_data["called"]
        keeps_all = self.called is None or self.called.propagate_all_child_variables
        token.result = variables if keeps_all or self.output_mappings else None
        token.workflow.resume(token, Phase.COMPLETING)

    def let_go(self, token: Token) -> None:
        if token.internal_data.pop("called", False):
            token.workflow.emit(events.CalledInstanceCancelled(token.id))
