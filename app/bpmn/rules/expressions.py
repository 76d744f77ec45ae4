"""Every FEEL expression of what runs can be parsed, and what must be computed is an expression."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from app import feel
from app.bpmn import model
from app.bpmn.event_definitions import ConditionalEventDefinition, Error, Escalation, Message, Signal
from app.bpmn.extensions import Expression
from app.bpmn.graph import scopes_of
from app.bpmn.rules.subject import Finding, Subject

_ELSEWHERE = (model.SequenceFlow, model.FlowNode, model.Scope, model.Lane, Message, Signal, Error, Escalation)


def expressions(subject: Subject) -> Iterator[Finding]:
    for element_id, place, expression in expressions_of(subject):
        yield from _parse(subject, element_id, place, expression)
    for owner in _owners(subject):
        for place, literal in _literals_of_conditions(owner):
            expected = f"an expression as {place}, but found the text {literal.text!r}"
            yield _finding(subject, owner.id, expected, _remedy(literal.text))


def expressions_of(subject: Subject) -> Iterator[tuple[str, str, Expression]]:
    """Every FEEL expression of what runs, with the id of its element and the name of its place there."""
    for owner in _owners(subject):
        for place, expression in _expressions_in(owner):
            yield owner.id, place, expression


def _owners(subject: Subject) -> Iterator[model.Element | Message | Signal | Error | Escalation]:
    definitions = subject.definitions
    yield from definitions.messages
    yield from definitions.signals
    yield from definitions.errors
    yield from definitions.escalations
    yield from (found.task for found in definitions.global_tasks)
    for process in subject.running:
        yield process
        for _, scope in scopes_of(process):
            yield from scope.flows
            yield from scope.nodes


def _expressions_in(value: object, place: str = "expression") -> Iterator[tuple[str, Expression]]:
    """The FEEL expressions of a model value with the names of their fields; not those of other elements in it."""
    if isinstance(value, Expression):
        if value.is_feel:
            yield place, value
    elif isinstance(value, tuple):
        for item in value:
            if not isinstance(item, _ELSEWHERE):
                yield from _expressions_in(item, place)
    elif is_dataclass(value):
        for found in fields(value):
            inner = getattr(value, found.name)
            if not isinstance(inner, _ELSEWHERE):
                yield from _expressions_in(inner, found.name.replace("_", " "))


def _literals_of_conditions(owner: object) -> Iterator[tuple[str, Expression]]:
    """Texts where only a computed value makes sense."""
    places: list[tuple[str, Expression | None]] = []
    if isinstance(owner, model.SequenceFlow):
        places.append(("condition", owner.condition))
    if isinstance(owner, model.Event):
        found = [item for item in owner.definitions if isinstance(item, ConditionalEventDefinition)]
        places += [("condition", definition.condition) for definition in found]
    if isinstance(owner, model.ComplexGateway):
        places.append(("activation condition", owner.activation_condition))
    if isinstance(owner, model.AdHocSubProcess):
        places.append(("completion condition", owner.completion_condition))
        places.append(("active elements", owner.active_elements))
    if isinstance(owner, model.Activity):
        places += _of_loop(owner.loop)
    for place, expression in places:
        if expression is not None and not expression.is_feel:
            yield place, expression


def _of_loop(loop: model.StandardLoop | model.MultiInstance | None) -> list[tuple[str, Expression | None]]:
    if isinstance(loop, model.StandardLoop):
        return [("loop condition", loop.condition)]
    if isinstance(loop, model.MultiInstance):
        number = loop.cardinality
        is_number = number is not None and number.text.isdecimal()
        places = [("completion condition", loop.completion_condition), ("input collection", loop.input_collection)]
        return places + ([] if is_number else [("loop cardinality", number)])
    return []


def _parse(subject: Subject, element_id: str, place: str, expression: Expression) -> Iterator[Finding]:
    compiled = subject.compiled(expression.text)
    for diagnostic in compiled.diagnostics if isinstance(compiled, feel.FeelSyntaxError) else ():
        yield _finding(
            subject,
            element_id,
            f"a FEEL expression as {place}, but {expression.text!r} cannot be read at column {diagnostic.column}: "
            f"{diagnostic.message.rstrip('.')}",
            diagnostic.remedy or "Correct the expression.",
        )


def _remedy(text: str) -> str:
    if text.startswith(("${", "#{")):
        return "This is Camunda 7's notation. Write it in FEEL, with a leading =."
    return f"Write a leading =, as in ={text}."


def _finding(subject: Subject, element_id: str, expected: str, remedy: str) -> Finding:
    return Finding(subject.document.by_id(element_id), f"Expected {expected}.", remedy)
