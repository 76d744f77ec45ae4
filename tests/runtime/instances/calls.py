"""Callers whose call activity may be left in any way, what they call, and what must be true of all of them."""

from app.runtime import SYSTEM
from app.store.tables import HistoryRow, InstanceRow
from app.testing import Platform
from tests.runtime.diagrams import END, START, call, diagram, user_task

DEFINITIONS = {
    "timer": '<bpmn:timerEventDefinition id="catch-timer"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT5S'
    "</bpmn:timeDuration></bpmn:timerEventDefinition>",
    "message": '<bpmn:messageEventDefinition id="catch-message" messageRef="stop" />',
    "signal": '<bpmn:signalEventDefinition id="catch-signal" signalRef="alarm" />',
    "error": '<bpmn:errorEventDefinition id="catch-error" errorRef="broken" />',
    "escalation": '<bpmn:escalationEventDefinition id="catch-escalation" escalationRef="late" />',
}
ROOTS = (
    '<bpmn:message id="stop" name="stop"><bpmn:extensionElements><zeebe:subscription correlationKey="=key" />'
    '</bpmn:extensionElements></bpmn:message><bpmn:signal id="alarm" name="alarm" />'
    '<bpmn:error id="broken" name="broken" errorCode="BROKEN" />'
    '<bpmn:escalation id="late" name="late" escalationCode="LATE" />'
)
ERROR_END = (
    '<bpmn:endEvent id="end">{flows}<bpmn:errorEventDefinition id="throw-error" errorRef="broken" /></bpmn:endEvent>'
)
ESCALATION_END = (
    '<bpmn:endEvent id="end">{flows}<bpmn:escalationEventDefinition id="throw-escalation" escalationRef="late" />'
    "</bpmn:endEvent>"
)
ESCALATION_THROW = (
    '<bpmn:intermediateThrowEvent id="warn">{flows}'
    '<bpmn:escalationEventDefinition id="throw-escalation" escalationRef="late" /></bpmn:intermediateThrowEvent>'
)
LEAVES = {
    "error": (user_task("work"), ERROR_END),
    "escalation": (user_task("work"), ESCALATION_THROW, user_task("rest"), END),
}


def boundary(kind: str, *, interrupting: bool, host: str = "call") -> str:
    """An event on the call activity, and a user task behind it."""
    return (
        f'<bpmn:boundaryEvent id="catch" attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}">'
        f"<bpmn:outgoing>f1</bpmn:outgoing>{DEFINITIONS[kind]}</bpmn:boundaryEvent>{_after()}"
    )


def event_sub_process(kind: str, *, interrupting: bool) -> str:
    """The same as an event subprocess of the caller."""
    return (
        '<bpmn:subProcess id="aside" triggeredByEvent="true">'
        f'<bpmn:startEvent id="catch" isInterrupting="{str(interrupting).lower()}"><bpmn:outgoing>f1</bpmn:outgoing>'
        f"{DEFINITIONS[kind]}</bpmn:startEvent>{_after()}</bpmn:subProcess>"
    )


def _after() -> str:
    task = user_task("after").replace("{flows}", "<bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>")
    return (
        f'<bpmn:sequenceFlow id="f1" sourceRef="catch" targetRef="after" />{task}'
        '<bpmn:sequenceFlow id="f2" sourceRef="after" targetRef="end-after" />'
        '<bpmn:endEvent id="end-after"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>'
    )


def deploy_chain(
    platform: Platform, name: str, catch: str, leaf: tuple[str, ...], *, above: int = 0, below: int = 0
) -> list[str]:
    """Processes that call each other: `above` of them, the caller with its catch, `below` more, the leaf: their ids."""
    bodies: list[tuple[str, ...]] = [(START, "call", END) for _ in range(above)]
    bodies += [(START, "call", END, catch), *[(START, "call", END) for _ in range(below)], (START, *leaf)]
    ids = [f"{name}-{number}" for number in range(len(bodies))]
    files = {}
    for process_id, following, body in zip(ids, [*ids[1:], ""], bodies, strict=True):
        elements = [call(following) if each == "call" else each for each in body]
        files[f"bpmn/{process_id}.bpmn"] = diagram(process_id, *elements, roots=ROOTS)
    platform.runtime.deployments.deploy(SYSTEM, files)
    return ids


def task_of(platform: Platform, element_id: str) -> str:
    """The open task at this element."""
    (item,) = [each for each in platform.inbox("anna") if each.element_id == element_id]
    return item.id


def assert_whole(platform: Platform) -> None:
    """Every line of every timeline is counted, once, and every open incident too."""
    with platform.runtime.core.store.read() as session:
        for row in session.query(InstanceRow):
            lines = session.query(HistoryRow.position).filter_by(instance_id=row.id).order_by(HistoryRow.position)
            assert [position for (position,) in lines] == list(range(1, row.history_count + 1)), row.process_id
            still_open = platform.runtime.incidents.list(SYSTEM, instance_id=row.id).items
            assert row.incident_count == len(still_open), row.process_id
