"""One valid diagram with nearly every kind of element, for tests that break it."""

_HEAD = (
    '<definitions id="zoo" targetNamespace="here" xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">'
)


def _job(kind: str, identifier: str, inside: str = "") -> str:
    return (
        f'<{kind} id="{identifier}"><extensionElements><zeebe:taskDefinition type="work"/></extensionElements>'
        f"{inside}</{kind}>"
    )


def _flows(*pairs: str) -> str:
    """A pair "a>b" is the flow a-to-b."""
    ends = (pair.split(">") for pair in pairs)
    return "".join(
        f'<sequenceFlow id="{one}-to-{other}" sourceRef="{one}" targetRef="{other}"/>' for one, other in ends
    )


_ROOTS = """
<itemDefinition id="order" structureRef="Order"/><message id="asked" name="asked" itemRef="order"><extensionElements>
<zeebe:subscription correlationKey="=id"/></extensionElements></message><message id="begun" name="begun"/>
<signal id="alarm" name="alarm"/><error id="broken" errorCode="broken"/><escalation id="late" escalationCode="late"/>
<globalUserTask id="sign" name="Sign"/><resource id="clerk" name="Clerk"/>
<collaboration id="together"><participant id="us" processRef="main"/><participant id="them"/>
<messageFlow id="question" sourceRef="them" targetRef="start"/></collaboration>
"""
_MAIN = f"""
<laneSet id="lanes"><lane id="clerks"><flowNodeRef>decide</flowNodeRef></lane></laneSet>
<dataObject id="paper" itemSubjectRef="order"/><dataObjectReference id="sheet" dataObjectRef="paper"/>
<startEvent id="start"><messageEventDefinition id="start-by" messageRef="begun"/></startEvent>
<userTask id="decide"><dataInputAssociation id="reads"><sourceRef>sheet</sourceRef><targetRef>paper</targetRef>
</dataInputAssociation></userTask>
<boundaryEvent id="too-late" attachedToRef="decide" cancelActivity="false"><timerEventDefinition id="hour">
<timeDuration xsi:type="tFormalExpression">PT1H</timeDuration></timerEventDefinition></boundaryEvent>
<boundaryEvent id="undone" attachedToRef="decide"><compensateEventDefinition id="undone-by"/></boundaryEvent>
<task id="undo" isForCompensation="true"/><association id="undoes" sourceRef="undone" targetRef="undo"/>
<exclusiveGateway id="which" default="which-to-work"/>
<sequenceFlow id="which-to-many" sourceRef="which" targetRef="many">
<conditionExpression id="if-many" xsi:type="tFormalExpression">=amount &gt; 1</conditionExpression></sequenceFlow>
{_job("serviceTask", "work")}
<boundaryEvent id="fails" attachedToRef="work"><errorEventDefinition id="fails-by" errorRef="broken"/></boundaryEvent>
{
    _job(
        "serviceTask",
        "many",
        '''<multiInstanceLoopCharacteristics id="each" isSequential="true"><extensionElements>
<zeebe:loopCharacteristics inputCollection="=items" inputElement="item"/></extensionElements>
</multiInstanceLoopCharacteristics>''',
    )
}
<parallelGateway id="split"/><parallelGateway id="join"/>
<subProcess id="inner"><startEvent id="inner-start"/><scriptTask id="sum"><extensionElements>
<zeebe:script expression="=1 + 1" resultVariable="two"/></extensionElements></scriptTask><endEvent id="inner-end">
<escalationEventDefinition id="inner-end-by" escalationRef="late"/></endEvent>{
    _flows("inner-start>sum", "sum>inner-end")
}
<subProcess id="watch" triggeredByEvent="true"><startEvent id="watch-start" isInterrupting="false">
<signalEventDefinition id="watch-by" signalRef="alarm"/></startEvent><endEvent id="watch-end"/>{
    _flows("watch-start>watch-end")
}
</subProcess></subProcess>
<boundaryEvent id="escalated" attachedToRef="inner"><escalationEventDefinition id="escalated-by" escalationRef="late"/>
</boundaryEvent>
<callActivity id="call" calledElement="sign"/>
<eventBasedGateway id="wait"/><intermediateCatchEvent id="answer">
<messageEventDefinition id="answer-by" messageRef="asked"/></intermediateCatchEvent>
<intermediateCatchEvent id="silence"><timerEventDefinition id="day">
<timeDuration xsi:type="tFormalExpression">P1D</timeDuration></timerEventDefinition></intermediateCatchEvent>
<intermediateThrowEvent id="jump"><linkEventDefinition id="jump-by" name="out"/></intermediateThrowEvent>
<intermediateCatchEvent id="land"><linkEventDefinition id="land-by" name="out"/></intermediateCatchEvent>
<transaction id="deal"><startEvent id="deal-start"/><endEvent id="deal-end">
<cancelEventDefinition id="deal-end-by"/></endEvent>
{_flows("deal-start>deal-end")}</transaction>
<boundaryEvent id="cancelled" attachedToRef="deal"><cancelEventDefinition id="cancelled-by"/></boundaryEvent>
<adHocSubProcess id="anyhow"><task id="one"/><task id="other"/></adHocSubProcess>
<endEvent id="end"/><endEvent id="bad-end"><errorEventDefinition id="bad-end-by" errorRef="broken"/></endEvent>
{
    _flows(
        "start>decide",
        "decide>which",
        "which>work",
        "work>split",
        "many>split",
        "split>inner",
        "split>call",
        "inner>join",
        "call>join",
        "join>wait",
        "wait>answer",
        "wait>silence",
        "answer>jump",
        "silence>deal",
        "land>anyhow",
        "deal>anyhow",
        "anyhow>end",
        "too-late>bad-end",
        "fails>bad-end",
        "escalated>bad-end",
        "cancelled>bad-end",
    )
}
"""
ZOO = f'{_HEAD}{_ROOTS}<process id="main" isExecutable="true">{_MAIN}</process></definitions>'.encode()
