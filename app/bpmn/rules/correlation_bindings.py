"""BPMN 2.0.2, 8.4.2: a subscription binds the properties of its key, each once, and no others."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def correlation_bindings(subject: Subject) -> Iterator[Finding]:
    for subscription in subject.document.of_kind("correlationSubscription"):
        key = subject.document.refer(subscription.get("correlationKeyRef"))
        if key is None or key.kind != "correlationKey":
            continue  # the rules `references` and `required_attributes` say so
        wanted = [each.text.rpartition(":")[2] for each in key.all("correlationPropertyRef")]
        bound = [
            each.get("correlationPropertyRef").rpartition(":")[2]
            for each in subscription.all("correlationPropertyBinding")
        ]
        if sorted(wanted) != sorted(bound):
            yield Finding(
                subject.named(subscription),
                f"Expected bindings of the properties of key {key.id} ({', '.join(wanted) or 'none'}), "
                f"but found {', '.join(bound) or 'none'}.",
                "Bind each property of the key once.",
                "BPMN 2.0.2, 8.4.2",
                Severity.WARNING,
            )
