"""BPMN 2.0.2, 8 to 10: a reference names an element of the file, and one of the right kind.

References into imported namespaces are not followed.
"""

from collections.abc import Iterator

from app.bpmn.reading.events import DEFINITION_KINDS
from app.bpmn.rules.subject import (
    ACTIVITIES,
    CHOREOGRAPHY_ACTIVITIES,
    EVENTS,
    FLOW_NODES,
    GLOBAL_TASKS,
    Finding,
    Subject,
)
from app.bpmn.source import SourceElement
from app.errors import Severity

_ARTIFACTS = ("association", "group", "textAnnotation")
_ITEM_AWARE = ("dataObject", "dataObjectReference", "dataStoreReference", "dataInput", "dataOutput", "property")
_CONVERSATIONS = ("conversation", "callConversation", "subConversation")
_MESSAGE_ENDS = (*ACTIVITIES, *EVENTS, *CHOREOGRAPHY_ACTIVITIES, "participant", "conversation", "callConversation")

# (kind of the element, attribute) to the kinds that may be named; "*" stands for every element with that attribute
_ATTRIBUTES: dict[tuple[str, str], tuple[str, ...]] = {
    ("sequenceFlow", "sourceRef"): (*FLOW_NODES, *_ARTIFACTS),  # artifacts have a rule of their own
    ("sequenceFlow", "targetRef"): (*FLOW_NODES, *_ARTIFACTS),
    ("messageFlow", "sourceRef"): (*_MESSAGE_ENDS, *_ARTIFACTS, "subConversation"),
    ("messageFlow", "targetRef"): (*_MESSAGE_ENDS, *_ARTIFACTS, "subConversation"),
    ("boundaryEvent", "attachedToRef"): ACTIVITIES,
    ("process", "definitionalCollaborationRef"): ("collaboration", "globalConversation", "choreography"),
    ("participant", "processRef"): ("process",),
    ("message", "itemRef"): ("itemDefinition",),
    ("error", "structureRef"): ("itemDefinition",),
    ("escalation", "structureRef"): ("itemDefinition",),
    ("signal", "structureRef"): ("itemDefinition",),
    ("conversationLink", "sourceRef"): (*_MESSAGE_ENDS, "subConversation"),
    ("conversationLink", "targetRef"): (*_MESSAGE_ENDS, "subConversation"),
    ("conversationAssociation", "innerConversationNodeRef"): _CONVERSATIONS,
    ("conversationAssociation", "outerConversationNodeRef"): _CONVERSATIONS,
    ("ioBinding", "inputDataRef"): ("inputSet", "dataInput"),
    ("ioBinding", "outputDataRef"): ("outputSet", "dataOutput"),
    ("dataObjectReference", "dataObjectRef"): ("dataObject",),
    ("dataStoreReference", "dataStoreRef"): ("dataStore",),
    ("multiInstanceLoopCharacteristics", "noneBehaviorEventRef"): DEFINITION_KINDS,
    ("multiInstanceLoopCharacteristics", "oneBehaviorEventRef"): DEFINITION_KINDS,
    ("compensateEventDefinition", "activityRef"): (*ACTIVITIES, "boundaryEvent"),
    ("group", "categoryValueRef"): ("categoryValue",),
    ("callChoreography", "calledChoreographyRef"): ("choreography", "globalChoreographyTask"),
    ("callConversation", "calledCollaborationRef"): ("collaboration", "globalConversation"),
    ("correlationPropertyBinding", "correlationPropertyRef"): ("correlationProperty",),
    ("correlationSubscription", "correlationKeyRef"): ("correlationKey",),
    ("messageFlowAssociation", "innerMessageFlowRef"): ("messageFlow",),
    ("messageFlowAssociation", "outerMessageFlowRef"): ("messageFlow",),
    ("resourceParameterBinding", "parameterRef"): ("resourceParameter",),
    ("*", "initiatingParticipantRef"): ("participant",),
    ("*", "default"): ("sequenceFlow",),
    ("*", "messageRef"): ("message",),
    ("*", "signalRef"): ("signal",),
    ("*", "errorRef"): ("error",),
    ("*", "escalationRef"): ("escalation",),
    ("*", "operationRef"): ("operation",),
    ("*", "itemSubjectRef"): ("itemDefinition",),
}
# (kind of the parent, kind of the child whose text is the reference)
_CHILDREN: dict[tuple[str, str], tuple[str, ...]] = {
    ("*", "eventDefinitionRef"): DEFINITION_KINDS,
    ("*", "incoming"): ("sequenceFlow",),
    **{(kind, "participantRef"): ("participant",) for kind in (*CHOREOGRAPHY_ACTIVITIES, *_CONVERSATIONS)},
    ("globalChoreographyTask", "participantRef"): ("participant",),
    ("*", "outgoing"): ("sequenceFlow",),
    ("*", "categoryValueRef"): ("categoryValue",),
    ("*", "messageFlowRef"): ("messageFlow",),
    ("*", "innerParticipantRef"): ("participant",),
    ("*", "outerParticipantRef"): ("participant",),
    ("participant", "endPointRef"): ("endPoint",),
    ("collaboration", "choreographyRef"): ("choreography", "globalChoreographyTask"),
    ("process", "supports"): ("process",),
    ("*", "operationRef"): ("operation",),
    ("*", "inMessageRef"): ("message",),
    ("*", "outMessageRef"): ("message",),
    ("operation", "errorRef"): ("error",),
    ("participant", "interfaceRef"): ("interface",),
    ("*", "supportedInterfaceRef"): ("interface",),
    ("partnerEntity", "participantRef"): ("participant",),
    ("partnerRole", "participantRef"): ("participant",),
    ("lane", "flowNodeRef"): FLOW_NODES,
    ("*", "dataInputRefs"): ("dataInput",),
    ("*", "optionalInputRefs"): ("dataInput",),
    ("*", "whileExecutingInputRefs"): ("dataInput",),
    ("*", "dataOutputRefs"): ("dataOutput",),
    ("*", "optionalOutputRefs"): ("dataOutput",),
    ("*", "whileExecutingOutputRefs"): ("dataOutput",),
    ("inputSet", "outputSetRefs"): ("outputSet",),
    ("outputSet", "inputSetRefs"): ("inputSet",),
    ("dataInputAssociation", "sourceRef"): _ITEM_AWARE,
    ("dataInputAssociation", "targetRef"): _ITEM_AWARE,
    ("dataOutputAssociation", "sourceRef"): _ITEM_AWARE,
    ("dataOutputAssociation", "targetRef"): _ITEM_AWARE,
    ("linkEventDefinition", "source"): ("linkEventDefinition",),
    ("linkEventDefinition", "target"): ("linkEventDefinition",),
    ("correlationKey", "correlationPropertyRef"): ("correlationProperty",),
    ("*", "resourceRef"): ("resource",),
}
# what no engine follows: there a wrong reference is a matter of notation
_NOTATION = (
    "messageFlow",
    "lane",
    "group",
    "partnerEntity",
    "partnerRole",
    "correlationKey",
    "participant",
    "operation",
    "association",
    *CHOREOGRAPHY_ACTIVITIES,
    *_CONVERSATIONS,
    "conversationAssociation",
    "conversationLink",
    "ioBinding",
    "collaboration",
    "correlationPropertyBinding",
    "correlationSubscription",
    "messageFlowAssociation",
    "resourceParameterBinding",
)
# the same, of the elements that are followed
_NOTATION_LISTS = (
    *("incoming", "outgoing", "categoryValueRef", "initiatingParticipantRef", "messageFlowRef", "supports"),
    *("structureRef", "participantRef"),
)


# (kind of the element, attribute): without it the element says nothing
_REQUIRED = (("sequenceFlow", "sourceRef"), ("sequenceFlow", "targetRef"), ("boundaryEvent", "attachedToRef"))


def references(subject: Subject) -> Iterator[Finding]:
    for kind, attribute in _REQUIRED:
        for element in subject.document.of_kind(kind):
            if not element.get(attribute).strip():
                message = f"Expected {attribute} on the {kind}, but found none."
                yield Finding(element, message, "Choose the element that it names.", "REF")
    yield from _loose(subject)
    for element in subject.document.root.walk():
        if element.kind.startswith("{"):
            continue
        for attribute, text in element.attributes.items():
            allowed = _ATTRIBUTES.get((element.kind, attribute)) or _ATTRIBUTES.get(("*", attribute))
            if allowed is not None:
                yield from _check(subject, element, attribute, text, allowed)
        for child in element.children:
            allowed = _CHILDREN.get((element.kind, child.kind)) or _CHILDREN.get(("*", child.kind))
            if allowed is not None and child.text:
                yield from _check(subject, element, child.kind, child.text, allowed)


def _loose(subject: Subject) -> Iterator[Finding]:
    """An association connects anything that exists; what is called may be in another file, but can be called."""
    for association in subject.document.of_kind("association"):
        for attribute in ("sourceRef", "targetRef"):
            named = subject.document.refer(association.get(attribute).strip())
            if named is None:
                yield from _check(subject, association, attribute, association.get(attribute), ())
    for activity in subject.document.of_kind("callActivity"):
        if subject.document.refer(activity.get("calledElement").strip()) is not None:
            callable_kinds = ("process", *GLOBAL_TASKS)
            yield from _check(subject, activity, "calledElement", activity.get("calledElement"), callable_kinds)


def _check(
    subject: Subject, element: SourceElement, attribute: str, text: str, allowed: tuple[str, ...]
) -> Iterator[Finding]:
    if not text.strip() or _is_foreign(subject, text):
        return
    found = subject.document.refer(text.strip())
    if found is not None and found.kind in allowed:
        return
    owner = element if element.id else subject.document.parent(element) or element
    yield Finding(
        owner,
        f"Expected {attribute} to name a {allowed[0] if len(allowed) == 1 else 'fitting element'}, but found "
        + (f"{text!r}, which is not in the file." if found is None else f"{text!r}, a {found.kind}."),
        "Choose an existing element, or remove the reference.",
        "REF",
        Severity.WARNING if element.kind in _NOTATION or attribute in _NOTATION_LISTS else Severity.ERROR,
    )


def _is_foreign(subject: Subject, text: str) -> bool:
    """Whether the reference's prefix belongs to another namespace than the file's own."""
    prefix, colon, _ = text.strip().partition(":")
    if not colon:
        return False
    namespace = subject.document.namespaces.get(prefix)
    return namespace is not None and namespace != subject.definitions.target_namespace
