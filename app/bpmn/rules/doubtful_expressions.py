"""What can be read and is hardly meant: ``2024-01-05`` is a subtraction, ``items.size()`` null, ``True`` a variable."""

from collections.abc import Iterator

from app import feel
from app.bpmn.rules.expressions import expressions_of
from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.rules.unknown_functions import called_in
from app.errors import Severity


def doubtful_expressions(subject: Subject) -> Iterator[Finding]:
    for element_id, place, expression in expressions_of(subject):
        compiled = subject.compiled(expression.text)
        if isinstance(compiled, feel.FeelSyntaxError):
            continue  # the rule `expressions` says so
        found = feel.advice(compiled)
        called = set(called_in(compiled.node)) if found else set()
        for one in found:
            if one.name not in called:  # of functions the rule `unknown_functions` says so
                message = f"{one.message[:-1]}, in the {place}."
                yield Finding(subject.document.by_id(element_id), message, one.remedy, severity=Severity.WARNING)
