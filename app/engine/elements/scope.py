"""What the process and subprocesses share: where tokens start inside, and completion when all are done."""

from app.bpmn import event_definitions as definitions
from app.bpmn import model
from app.engine.elements.flow_node import FlowNodeSpec
from app.engine.token import Phase, Token

BEGUN = "begun"  # in `internal_data`: the tokens that the scope begins with have been there


class ScopeContents:
    """Mixed into the specs of scopes. `nodes` holds the specs of this scope by element id."""

    def __init__(self) -> None:
        self.nodes: dict[str, FlowNodeSpec] = {}
        self.starts: tuple[FlowNodeSpec, ...] = ()

    def begin(self, token: Token) -> None:
        """Put a token at every start, unless an event subprocess has taken over already."""
        if begins(token) and "interrupted" not in token.internal_data:
            for start in self.starts:
                start.receive(token)

    def child_left(self, container: Token, child: Token) -> None:  # noqa: ARG002
        if not container._children:
            container.workflow.resume(container, Phase.COMPLETING)

    def child_cancelled(self, container: Token) -> None:
        if not container._children:
            container.workflow.resume(container, Phase.COMPLETING)


def begins(token: Token) -> bool:
    """Whether the scope begins now: once, whatever runs in it already. An operator opens scopes that have begun."""
    has_begun = BEGUN in token.internal_data
    token.internal_data[BEGUN] = True
    return not has_begun


def natural_starts(scope: model.Scope) -> list[model.FlowNode]:
    """Where a scope begins: its none start event, or without any start event all nodes that nothing leads to."""
    start_events = [node for node in scope.nodes if isinstance(node, model.StartEvent)]
    none_starts = [node for node in start_events if not node.definitions]
    if start_events:
        return list(none_starts[:1])
    return [node for node in scope.nodes if not node.incoming and is_free(node)]


def is_free(node: model.FlowNode) -> bool:
    """Whether a token may appear at the node although nothing leads to it."""
    if isinstance(node, model.BoundaryEvent) or (isinstance(node, model.SubProcess) and node.is_event):
        return False
    if isinstance(node, model.Activity) and node.is_for_compensation:
        return False
    if isinstance(node, model.ReceiveTask | model.EventBasedGateway) and node.is_instantiating:
        return False
    return not is_link(node)


def is_link(node: model.FlowNode) -> bool:
    return isinstance(node, model.Event) and any(
        isinstance(definition, definitions.LinkEventDefinition) for definition in node.definitions
    )
