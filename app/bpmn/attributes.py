"""The attributes and children of BPMN 2.0.2's elements after its XML schema (section 15): which there are, and which an
element must have. Everything has an id; where elements may stand, and which values attributes have, is in `vocabulary`.
"""

_ACTIVITY = "name isForCompensation startQuantity completionQuantity default"
_CATCHING = "name parallelMultiple"
_GATEWAY = "name gatewayDirection"
_CHOREOGRAPHY = "name initiatingParticipantRef loopType"
_SUBPROCESS = f"{_ACTIVITY} triggeredByEvent"
_DATA = "name itemSubjectRef isCollection"
_EXPRESSION = "language evaluatesToTypeRef xsi:type"

_ALLOWED = {
    "adHocSubProcess": f"{_SUBPROCESS} cancelRemainingInstances ordering",
    "association": "sourceRef targetRef associationDirection",
    "boundaryEvent": f"{_CATCHING} cancelActivity attachedToRef",
    "businessRuleTask": f"{_ACTIVITY} implementation",
    "callActivity": f"{_ACTIVITY} calledElement",
    "callChoreography": f"{_CHOREOGRAPHY} calledChoreographyRef",
    "callConversation": "name calledCollaborationRef",
    "categoryValue": "value",
    "choreographyTask": _CHOREOGRAPHY,
    "collaboration choreography globalConversation": "name isClosed",
    "compensateEventDefinition": "waitForCompletion activityRef",
    "conversationAssociation": "innerConversationNodeRef outerConversationNodeRef",
    "conversationLink": "name sourceRef targetRef",
    "correlationProperty": "name type",
    "correlationPropertyBinding": "correlationPropertyRef",
    "correlationPropertyRetrievalExpression": "messageRef",
    "correlationSubscription": "correlationKeyRef",
    "dataInput dataOutput inputDataItem outputDataItem dataObject": _DATA,
    "dataObjectReference": "name itemSubjectRef dataObjectRef",
    "dataStore": "name capacity isUnlimited itemSubjectRef",
    "dataStoreReference": "name itemSubjectRef dataStoreRef",
    "definitions": "name targetNamespace expressionLanguage typeLanguage exporter exporterVersion",
    "documentation textAnnotation": "textFormat",
    "error": "name errorCode structureRef",
    "errorEventDefinition": "errorRef",
    "escalation": "name escalationCode structureRef",
    "escalationEventDefinition": "escalationRef",
    "eventBasedGateway": f"{_GATEWAY} instantiate eventGatewayType",
    "exclusiveGateway inclusiveGateway complexGateway": f"{_GATEWAY} default",
    "extension": "definition mustUnderstand",
    "globalBusinessRuleTask globalUserTask": "name implementation",
    "globalChoreographyTask": "name isClosed initiatingParticipantRef",
    "globalScriptTask": "name scriptLanguage",
    "group": "categoryValueRef",
    "import": "namespace location importType",
    "intermediateCatchEvent": _CATCHING,
    "interface operation": "name implementationRef",
    "ioBinding": "operationRef inputDataRef outputDataRef",
    "itemDefinition": "isCollection itemKind structureRef",
    "lane": "name partitionElementRef",
    "message": "name itemRef",
    "messageEventDefinition": "messageRef",
    "messageFlow": "name sourceRef targetRef messageRef",
    "messageFlowAssociation": "innerMessageFlowRef outerMessageFlowRef",
    "multiInstanceLoopCharacteristics": "isSequential behavior oneBehaviorEventRef noneBehaviorEventRef",
    "parallelGateway": _GATEWAY,
    "participant": "name processRef",
    "participantMultiplicity": "minimum maximum",
    "process": "name processType isClosed isExecutable definitionalCollaborationRef",
    "property": "name itemSubjectRef",
    "receiveTask": f"{_ACTIVITY} implementation instantiate messageRef operationRef",
    "relationship": "type direction",
    "resourceParameter": "name type isRequired",
    "resourceParameterBinding": "parameterRef",
    "scriptTask": f"{_ACTIVITY} scriptFormat",
    "sendTask": f"{_ACTIVITY} implementation messageRef operationRef",
    "sequenceFlow": "name sourceRef targetRef isImmediate",
    "serviceTask": f"{_ACTIVITY} implementation operationRef",
    "signal": "name structureRef",
    "signalEventDefinition": "signalRef",
    "standardLoopCharacteristics": "testBefore loopMaximum",
    "startEvent": f"{_CATCHING} isInterrupting",
    "subChoreography": _CHOREOGRAPHY,
    "subProcess": _SUBPROCESS,
    "task manualTask": _ACTIVITY,
    "transaction": f"{_SUBPROCESS} method",
    "userTask": f"{_ACTIVITY} implementation",
    "activationCondition completionCondition condition conditionExpression dataPath expression": _EXPRESSION,
    "formalExpression from loopCardinality loopCondition messagePath timeCycle timeDate": _EXPRESSION,
    "timeDuration to transformation": _EXPRESSION,
    "category conversation correlationKey dataState endEvent event globalManualTask globalTask": "name",
    "implicitThrowEvent inputSet intermediateThrowEvent laneSet childLaneSet linkEventDefinition": "name",
    "outputSet partnerEntity partnerRole resource subConversation": "name",
    "humanPerformer performer potentialOwner resourceRole": "name",
    "assignment auditing cancelEventDefinition complexBehaviorDefinition conditionalEventDefinition": "",
    "dataInputAssociation dataOutputAssociation endPoint ioSpecification monitoring": "",
    "participantAssociation rendering resourceAssignmentExpression terminateEventDefinition": "",
    "timerEventDefinition": "",
}
ATTRIBUTES: dict[str, frozenset[str]] = {
    kind: frozenset({"id", *attributes.split()}) for kinds, attributes in _ALLOWED.items() for kind in kinds.split()
}
"""Element to all of its attributes that have no namespace. Elements that are not here are references and texts."""

REQUIRED: dict[str, tuple[str, ...]] = {
    kind: tuple(attributes.split())
    for kind, attributes in {
        "association": "sourceRef targetRef",
        "callChoreography": "initiatingParticipantRef",
        "choreographyTask": "initiatingParticipantRef",
        "conversationAssociation": "innerConversationNodeRef outerConversationNodeRef",
        "conversationLink": "sourceRef targetRef",
        "correlationPropertyBinding": "correlationPropertyRef",
        "correlationPropertyRetrievalExpression": "messageRef",
        "correlationSubscription": "correlationKeyRef",
        "dataObjectReference": "dataObjectRef",
        "definitions": "targetNamespace",
        "interface": "name",
        "ioBinding": "operationRef inputDataRef outputDataRef",
        "linkEventDefinition": "name",
        "messageFlow": "sourceRef targetRef",
        "messageFlowAssociation": "innerMessageFlowRef outerMessageFlowRef",
        "operation": "name",
        "relationship": "type",
        "resourceParameterBinding": "parameterRef",
        "subChoreography": "initiatingParticipantRef",
    }.items()
}
"""Element to the attributes that it must have, beside those without which it could not run (the rule `references`)."""

CHILDREN: dict[str, tuple[tuple[int, tuple[str, ...]], ...]] = {
    "assignment": ((1, ("from",)), (1, ("to",))),
    "choreographyTask": ((2, ("participantRef",)), (1, ("messageFlowRef",))),
    "complexBehaviorDefinition": ((1, ("condition",)),),
    "correlationProperty": ((1, ("correlationPropertyRetrievalExpression",)),),
    "correlationPropertyBinding": ((1, ("dataPath",)),),
    "correlationPropertyRetrievalExpression": ((1, ("messagePath",)),),
    "dataInputAssociation": ((1, ("targetRef",)),),
    "dataOutputAssociation": ((1, ("targetRef",)),),
    "interface": ((1, ("operation",)),),
    "ioSpecification": ((1, ("inputSet",)), (1, ("outputSet",))),
    "operation": ((1, ("inMessageRef",)),),
    "participantAssociation": ((1, ("innerParticipantRef",)), (1, ("outerParticipantRef",))),
    "relationship": ((1, ("source",)), (1, ("target",))),
    "resourceAssignmentExpression": ((1, ("expression", "formalExpression")),),
    "resourceParameterBinding": ((1, ("expression", "formalExpression")),),
    "conversation": ((2, ("participantRef",)),),
    "callConversation": ((2, ("participantRef",)),),
    "subConversation": ((2, ("participantRef",)),),
    "callChoreography": ((2, ("participantRef",)),),
    "subChoreography": ((2, ("participantRef",)),),
}
"""Element to the children that it must have: how many, and of which kinds."""
