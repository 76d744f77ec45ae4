"""BPMN 2.0.2, 10.3.8: a multi-instance behavior that throws events says which; one that does not names none."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity

_WANTED = {"None": "noneBehaviorEventRef", "One": "oneBehaviorEventRef"}


def behavior_events(subject: Subject) -> Iterator[Finding]:
    for loop in subject.document.of_kind("multiInstanceLoopCharacteristics"):
        behavior = loop.get("behavior", "All").strip()
        wanted = _WANTED.get(behavior)
        breaches = []
        if wanted is not None and not loop.get(wanted).strip():
            breaches.append(f"{wanted} with the behavior {behavior}, but found none")
        breaches += [
            f"no {attribute} with the behavior {behavior}, but found one"
            for attribute in _WANTED.values()
            if attribute != wanted and loop.get(attribute).strip()
        ]
        has_complex = loop.first("complexBehaviorDefinition") is not None
        if has_complex != (behavior == "Complex"):
            found = "one" if has_complex else "none"
            breaches.append(f"complexBehaviorDefinition with the behavior Complex and no other, but found {found}")
        for expected in breaches:
            yield Finding(
                subject.named(loop),
                f"Expected {expected}.",
                "Correct the behavior, or what it throws.",
                "BPMN 2.0.2, 10.3.8",
                Severity.WARNING,
            )
