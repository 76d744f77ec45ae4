"""From where a token can come to a gateway: computed once for each join of a scope."""

from app.bpmn import event_definitions as definitions
from app.bpmn import model


def upstream(scope: model.Scope, join: model.FlowNode) -> dict[str, frozenset[str]]:
    """For each incoming flow of `join`, the nodes from which a token can reach this flow without passing `join`.

    A token in an activity can also leave by its boundary events, and one at a link source comes out at its target.
    """
    sources: dict[str, list[str]] = {}
    for flow in scope.flows:
        sources.setdefault(flow.target_id, []).append(flow.source_id)
    targets = {name: node.id for node in scope.nodes if isinstance(node, model.CatchEvent) for name in links(node)}
    for node in scope.nodes:
        if isinstance(node, model.BoundaryEvent):
            sources.setdefault(node.id, []).append(node.attached_to_id)
        elif isinstance(node, model.IntermediateThrowEvent):
            for name in links(node):
                if name in targets:
                    sources.setdefault(targets[name], []).append(node.id)
    return {flow.id: _leading_to(flow.source_id, sources, join.id) for flow in join.incoming}


def _leading_to(node_id: str, sources: dict[str, list[str]], barrier: str) -> frozenset[str]:
    found: set[str] = set()
    waiting = [node_id]
    while waiting:
        current = waiting.pop()
        if current not in found and current != barrier:
            found.add(current)
            waiting.extend(sources.get(current, ()))
    return frozenset(found)


def links(node: model.Event) -> list[str]:
    """The names of the links that the event is a source or target of."""
    return [
        definition.name for definition in node.definitions if isinstance(definition, definitions.LinkEventDefinition)
    ]
