"""BPMN 2.0.2, 8.4.9: a gateway has the flows that its direction promises."""

from collections.abc import Iterator

from app.bpmn.rules.subject import GATEWAYS, Finding, Subject
from app.errors import Severity


def gateway_directions(subject: Subject) -> Iterator[Finding]:
    for gateway in subject.document.of_kind(*GATEWAYS):
        incoming, outgoing = len(subject.incoming(gateway)), len(subject.outgoing(gateway))
        broken = {
            "Converging": (outgoing > 1, "at most one outgoing flow", "EXT017"),
            "Diverging": (incoming > 1, "at most one incoming flow", "EXT018"),
            "Mixed": (incoming < 2 or outgoing < 2, "several incoming and several outgoing flows", "EXT019"),
        }.get(gateway.get("gatewayDirection"))
        if broken is not None and broken[0]:
            yield Finding(
                gateway,
                f"Expected {broken[1]} on a gateway of direction {gateway.get('gatewayDirection')}, "
                f"but found {incoming} incoming and {outgoing} outgoing.",
                "Correct gatewayDirection or remove it.",
                broken[2],
                Severity.WARNING,
            )
