"""The words of BPMN 2.0.2, section 15 (its XML schema): which elements there are, where those that mean something may
stand, and which values attributes have. Order and number of children are left to the tools.
"""

_FLOW_ELEMENTS = """
    adHocSubProcess boundaryEvent businessRuleTask callActivity callChoreography choreographyTask complexGateway
    dataObject dataObjectReference dataStoreReference endEvent eventBasedGateway exclusiveGateway implicitThrowEvent
    inclusiveGateway intermediateCatchEvent intermediateThrowEvent manualTask parallelGateway receiveTask scriptTask
    sendTask sequenceFlow serviceTask startEvent subChoreography subProcess task transaction userTask
"""
_EVENT_DEFINITIONS = """
    cancelEventDefinition compensateEventDefinition conditionalEventDefinition errorEventDefinition
    escalationEventDefinition linkEventDefinition messageEventDefinition signalEventDefinition
    terminateEventDefinition timerEventDefinition
"""
_ROOTS = """
    category choreography collaboration correlationProperty dataStore endPoint error escalation
    globalBusinessRuleTask globalChoreographyTask globalConversation globalManualTask globalScriptTask globalTask
    globalUserTask import interface itemDefinition message partnerEntity partnerRole process resource signal
"""
_ELSEWHERE = """
    artifact assignment association auditing categoryValue callConversation completionCondition conversation
    conversationAssociation conversationLink correlationKey correlationPropertyBinding correlationPropertyRef
    correlationPropertyRetrievalExpression correlationSubscription dataInput dataInputRefs dataOutput dataOutputRefs
    dataPath dataState definitions documentation endPointRef errorRef event expression extension extensionElements
    formalExpression from group humanPerformer inMessageRef innerParticipantRef inputDataItem inputSet inputSetRefs
    interfaceRef ioBinding messageFlow messageFlowAssociation messageFlowRef messagePath monitoring operation
    operationRef optionalInputRefs optionalOutputRefs outMessageRef outerParticipantRef outputDataItem outputSet
    outputSetRefs participant participantAssociation participantMultiplicity participantRef partitionElement performer
    potentialOwner relationship rendering resourceAssignmentExpression resourceParameter resourceParameterBinding
    resourceRef resourceRole choreographyRef source sourceRef subConversation supportedInterfaceRef supports target
    targetRef text textAnnotation to transformation type whileExecutingInputRefs whileExecutingOutputRefs
    categoryValueRef property condition
"""
_SCOPES = "process subProcess transaction adHocSubProcess choreography subChoreography globalChoreographyTask"
_TASKS = "task businessRuleTask manualTask receiveTask scriptTask sendTask serviceTask userTask"
_ACTIVITIES = f"{_TASKS} callActivity subProcess transaction adHocSubProcess"
_CATCHING = "startEvent intermediateCatchEvent boundaryEvent"
_THROWING = "intermediateThrowEvent endEvent implicitThrowEvent event"  # "event": thrown by a complex behaviour
_EVENTS = f"{_CATCHING} {_THROWING}"
_GATEWAYS = "complexGateway eventBasedGateway exclusiveGateway inclusiveGateway parallelGateway"
_CHOREOGRAPHED = "choreographyTask subChoreography callChoreography"
_NODES = f"{_ACTIVITIES} {_EVENTS} {_GATEWAYS} {_CHOREOGRAPHED}"
_LOOP = "multiInstanceLoopCharacteristics"

_PLACES: tuple[tuple[str, str], ...] = (
    (_FLOW_ELEMENTS, _SCOPES),
    (_EVENT_DEFINITIONS, f"definitions {_EVENTS}"),
    (_ROOTS, "definitions"),
    ("eventDefinitionRef", _EVENTS),
    ("incoming outgoing", _NODES),
    ("conditionExpression", "sequenceFlow"),
    ("timeDate timeDuration timeCycle", "timerEventDefinition"),
    ("standardLoopCharacteristics multiInstanceLoopCharacteristics", _ACTIVITIES),
    ("loopCondition", "standardLoopCharacteristics"),
    ("loopCardinality loopDataInputRef loopDataOutputRef complexBehaviorDefinition", _LOOP),
    ("activationCondition", "complexGateway"),
    ("script", "scriptTask globalScriptTask"),
    ("laneSet", _SCOPES),
    ("childLaneSet", "lane"),
    ("lane", "laneSet childLaneSet"),
    ("flowNodeRef", "lane"),
    ("dataInputAssociation", f"{_ACTIVITIES} {_THROWING}"),
    ("dataOutputAssociation", f"{_ACTIVITIES} {_CATCHING}"),
    ("dataInput inputSet", f"ioSpecification {_THROWING}"),
    ("dataOutput outputSet", f"ioSpecification {_CATCHING}"),
    ("ioSpecification", f"{_ACTIVITIES} process {' '.join(_ROOTS.split())}"),
)

PARENTS: dict[str, frozenset[str]] = {
    child: frozenset(parents.split()) for children, parents in _PLACES for child in children.split()
}
"""Element name to the elements that may hold it; elements that are not here are not bound to a place."""

ELEMENTS = frozenset(_ELSEWHERE.split()) | PARENTS.keys()
"""Every element of BPMN 2.0.2."""

_BOOLEAN = ("true", "false", "1", "0")

VALUES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            *("cancelActivity", "cancelRemainingInstances", "instantiate", "isClosed", "isCollection", "isExecutable"),
            *("isForCompensation", "isImmediate", "isInterrupting", "isRequired", "isSequential", "isUnlimited"),
            *("mustUnderstand", "parallelMultiple", "testBefore", "triggeredByEvent", "waitForCompletion"),
        ),
        _BOOLEAN,
    ),
    "gatewayDirection": ("Unspecified", "Converging", "Diverging", "Mixed"),
    "eventGatewayType": ("Exclusive", "Parallel"),
    "ordering": ("Parallel", "Sequential"),
    "associationDirection": ("None", "One", "Both"),
    "processType": ("None", "Public", "Private"),
    "itemKind": ("Information", "Physical"),
}
"""Attribute to its values."""
