"""Loop characteristics of activities: BPMN 2.0.2, section 10.3.8."""

from app.bpmn.event_definitions import EventDefinition
from app.bpmn.extensions import Expression
from app.bpmn.model import ComplexBehavior, MultiInstance, MultiInstanceBehavior, StandardLoop
from app.bpmn.reading.context import Reading, local
from app.bpmn.reading.events import DEFINITION_KINDS, read_definition
from app.bpmn.source import SourceElement


def read_loop(reading: Reading, activity: SourceElement) -> StandardLoop | MultiInstance | None:
    """The loop of an activity. Two at once are refused by the checks; the first is read."""
    loop = activity.first("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    if loop.kind == "standardLoopCharacteristics":
        return StandardLoop(
            condition=reading.dialect.condition(loop.first("loopCondition")),
            test_before=loop.flag("testBefore", default=False),
            maximum=reading.integer(loop, "loopMaximum", -1) if loop.get("loopMaximum") else None,
        )
    collection = reading.dialect.collection(loop)
    return MultiInstance(
        is_sequential=loop.flag("isSequential", default=False),
        cardinality=reading.dialect.condition(loop.first("loopCardinality")),
        completion_condition=reading.dialect.condition(loop.first("completionCondition")),
        input_collection=collection.input_collection,
        input_element=collection.input_element,
        output_collection=collection.output_collection,
        output_element=collection.output_element,
        behavior=_behavior(reading, loop),
        none_event=reading.event_definitions.get(local(loop.get("noneBehaviorEventRef"))),
        one_event=reading.event_definitions.get(local(loop.get("oneBehaviorEventRef"))),
        complex_behaviors=tuple(
            ComplexBehavior(
                reading.dialect.condition(found.first("condition")) or Expression("false"), _event(reading, found)
            )
            for found in loop.all("complexBehaviorDefinition")
        ),
    )


def _behavior(reading: Reading, loop: SourceElement) -> MultiInstanceBehavior:
    text = loop.get("behavior") or MultiInstanceBehavior.ALL
    if text in set(MultiInstanceBehavior):
        return MultiInstanceBehavior(text)
    reading.problems.add(
        loop,
        "unknown-behavior",
        f"Expected the behavior None, One, All or Complex, but found {text!r}.",
        "Choose one of the four.",
    )
    return MultiInstanceBehavior.ALL


def _event(reading: Reading, complex_behavior: SourceElement) -> EventDefinition | None:
    """The definition of the implicit throw event of a complex behavior."""
    thrown = complex_behavior.first("event")
    for child in thrown.children if thrown is not None else ():
        if child.kind in DEFINITION_KINDS:
            return read_definition(reading, child, None)
        if child.kind == "eventDefinitionRef":
            return reading.event_definitions.get(local(child.text))
    return None
