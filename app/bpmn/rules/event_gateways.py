"""BPMN 2.0.2, 10.6.6: what follows an event-based gateway."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject, described
from app.bpmn.source import SourceElement

_ALLOWED = {"message", "signal", "timer", "conditional"}


def event_gateways(subject: Subject) -> Iterator[Finding]:
    for gateway in subject.document.of_kind("eventBasedGateway"):
        outgoing = subject.outgoing(gateway)
        if len(outgoing) < 2:
            yield _finding(gateway, "two or more outgoing flows", str(len(outgoing)), "EXT136")
        for flow in outgoing:
            if flow.first("conditionExpression") is not None:
                yield _finding(gateway, "no conditions after the gateway", f"one on {flow.id}", "EXT137")
        targets = [target for target in map(subject.target, outgoing) if target is not None]
        for target in targets:
            yield from _check(subject, gateway, target)
        kinds = {kind for target in targets for kind in subject.event_kinds(target)}
        if "message" in kinds and any(target.kind == "receiveTask" for target in targets):
            yield _finding(gateway, "message events or receive tasks", "both", "EXT139")
        if gateway.flag("instantiate", default=False):
            yield from _check_start(subject, gateway)
        elif gateway.get("eventGatewayType") == "Parallel":
            wording = "a gateway that starts the process where all events are needed"
            yield _finding(gateway, wording, "one without instantiate", "BPMN 2.0.2, 10.6.6")


def _check_start(subject: Subject, gateway: SourceElement) -> Iterator[Finding]:
    if subject.incoming(gateway):
        yield _finding(gateway, "no incoming flow on a gateway that starts the process", "one", "EXT142")
    scope = subject.scope(gateway)
    if scope is not None and scope.kind != "process":
        wording = "a gateway that starts the process at its top level"
        yield _finding(gateway, wording, f"one in {described(scope)}", "BPMN 2.0.2, 10.6.6")


def _check(subject: Subject, gateway: SourceElement, target: SourceElement) -> Iterator[Finding]:
    kinds = subject.event_kinds(target)
    is_event = target.kind == "intermediateCatchEvent" and bool(kinds) and set(kinds) <= _ALLOWED
    if not is_event and target.kind != "receiveTask":
        wording = "message, signal, timer or conditional events, or receive tasks, after the gateway"
        yield _finding(gateway, wording, described(target), "EXT138")
    if is_event and len(kinds) > 1 and target.flag("parallelMultiple", default=False):
        wording = "events of which one occurrence is enough after the gateway"
        yield _finding(gateway, wording, f"{described(target)}, which needs several", "EXT138")
    if target.kind == "receiveTask" and subject.boundary_events.get(target.id):
        yield _finding(gateway, "receive tasks without boundary events", described(target), "EXT140")
    if len(subject.incoming(target)) > 1:
        yield _finding(gateway, "targets that nothing else reaches", described(target), "EXT141")


def _finding(gateway: SourceElement, expected: str, found: str, rule: str) -> Finding:
    return Finding(
        gateway, f"Expected {expected}, but found {found}.", "Let catching events follow the gateway directly.", rule
    )
