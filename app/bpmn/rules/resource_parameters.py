"""BPMN 2.0.2, 8.4.12 and 10.3.1: a role binds parameters of its own resource, and those that the resource requires."""

from collections.abc import Iterator

from app.bpmn.rules.resource_roles import ROLES
from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def resource_parameters(subject: Subject) -> Iterator[Finding]:
    for role in subject.document.of_kind(*ROLES):
        reference = role.first("resourceRef")
        resource = subject.document.refer(reference.text) if reference is not None else None
        if resource is None or resource.kind != "resource":
            continue  # the rules `references` and `resource_roles` say so
        offered = {each.id: each for each in resource.all("resourceParameter")}
        bound = [each.get("parameterRef").rpartition(":")[2] for each in role.all("resourceParameterBinding")]
        strange = [name for name in bound if name and name not in offered]
        required = [each for each in offered.values() if each.flag("isRequired", default=False)]
        lacking = [each.id for each in required if each.id not in bound]
        for names, expected in ((strange, "only parameters of"), (lacking, "all required parameters of")):
            if names:
                yield Finding(
                    subject.named(role),
                    f"Expected bindings of {expected} resource {resource.id}, but found {', '.join(names)} "
                    + ("of another." if names is strange else "not bound."),
                    "Correct the bindings.",
                    "BPMN 2.0.2, 8.4.12",
                    Severity.WARNING,
                )
