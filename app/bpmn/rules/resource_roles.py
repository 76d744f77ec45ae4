"""BPMN 2.0.2, 10.3.1: a resource role assigns by a parametrised resource or by an expression, not by both."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity

ROLES = ("resourceRole", "performer", "humanPerformer", "potentialOwner")


def resource_roles(subject: Subject) -> Iterator[Finding]:
    for role in subject.document.of_kind(*ROLES):
        has_binding = role.first("resourceParameterBinding") is not None
        if role.first("resourceRef") is not None and role.first("resourceAssignmentExpression") is not None:
            yield Finding(
                role,
                "Expected a resource or an assignment expression, but found both.",
                "Keep one of the two.",
                "EXT039",
                Severity.WARNING,
            )
        if has_binding and role.first("resourceRef") is None:
            yield Finding(
                role,
                "Expected parameter bindings only together with a resource, but found no resourceRef.",
                "Name the resource or remove the bindings.",
                "EXT040",
                Severity.WARNING,
            )
