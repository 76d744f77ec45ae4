"""A call of a function that FEEL does not have is null at run time: variables are JSON and hold no functions."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from app import feel
from app.bpmn.rules.expressions import expressions_of
from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity
from app.feel import nodes


def unknown_functions(subject: Subject) -> Iterator[Finding]:
    for element_id, place, expression in expressions_of(subject):
        compiled = subject.compiled(expression.text)
        if isinstance(compiled, feel.FeelSyntaxError):
            continue  # the rule `expressions` says so
        unknown = sorted({called for called in called_in(compiled.node) if called in compiled.names})
        remedies = {one.name: one.remedy for one in feel.advice(compiled)} if unknown else {}
        for name in unknown:
            yield Finding(
                subject.document.by_id(element_id),
                f"Expected a function of FEEL in the {place}, but found {name}(), which yields null.",
                remedies.get(name, "Correct the name, or compute the value in a task handler."),
                severity=Severity.WARNING,
            )


def called_in(node: object) -> Iterator[str]:
    """The names of the functions that an expression calls."""
    if isinstance(node, nodes.Invocation) and isinstance(node.callee, nodes.Name):
        yield node.callee.name
    if isinstance(node, list | tuple):
        for item in node:
            yield from called_in(item)
    elif isinstance(node, dict):
        for item in node.values():
            yield from called_in(item)
    elif is_dataclass(node):
        for found in fields(node):
            yield from called_in(getattr(node, found.name))
