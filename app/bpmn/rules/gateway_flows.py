"""BPMN 2.0.2, 8.4.9: a gateway has several incoming or several outgoing flows; with one of each it does nothing."""

from collections.abc import Iterator

from app.bpmn.rules.subject import GATEWAYS, Finding, Subject
from app.errors import Severity


def gateway_flows(subject: Subject) -> Iterator[Finding]:
    for gateway in subject.document.of_kind(*GATEWAYS):
        incoming, outgoing = len(subject.incoming(gateway)), len(subject.outgoing(gateway))
        if incoming < 2 and outgoing < 2:
            yield Finding(
                gateway,
                f"Expected several flows into the gateway or out of it, but found {incoming} and {outgoing}.",
                "Connect the gateway, or remove it.",
                "EXT135",
                Severity.WARNING,
            )
