"""Small diagrams for tests, written as the elements that matter."""

from itertools import pairwise

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  id="definitions-{id}" targetNamespace="https://bailiwick.example/tests">
  <bpmn:process id="{id}" name="{id}" isExecutable="true">
    <bpmn:extensionElements><zeebe:properties>{properties}</zeebe:properties></bpmn:extensionElements>
"""


def diagram(process_id: str, *elements: str, roots: str = "", **properties: str) -> bytes:
    """A diagram of one process whose elements are passed in order; flows lead from each to the next.

    An element is XML with the placeholder ``{flows}``; one that has none (a boundary event, a flow) stands beside the
    sequence. `properties` are the process's, with ``_`` for ``:`` (``bailiwick_role``).
    """
    chain = [element for element in elements if "{flows}" in element]
    beside = [element for element in elements if "{flows}" not in element]
    ids = [element.partition('id="')[2].partition('"')[0] for element in chain]
    body = []
    for position, element in enumerate(chain):
        flows = f"<bpmn:incoming>flow-{position}</bpmn:incoming>" if position else ""
        flows += f"<bpmn:outgoing>flow-{position + 1}</bpmn:outgoing>" if position < len(chain) - 1 else ""
        body.append(element.replace("{flows}", flows))
    for position, (source, target) in enumerate(pairwise(ids), start=1):
        body.append(f'<bpmn:sequenceFlow id="flow-{position}" sourceRef="{source}" targetRef="{target}" />')
    named = "".join(
        f'<zeebe:property name="{name.replace("_", ":", 1)}" value="{value}" />' for name, value in properties.items()
    )
    head = _HEAD.format(id=process_id, properties=named)
    return f"{head}{''.join(body)}{''.join(beside)}</bpmn:process>{roots}</bpmn:definitions>".encode()


START = '<bpmn:startEvent id="start">{flows}</bpmn:startEvent>'
END = '<bpmn:endEvent id="end">{flows}</bpmn:endEvent>'


def user_task(element_id: str = "decide", groups: str = "clerks", more: str = "") -> str:
    return (
        f'<bpmn:userTask id="{element_id}" name="Decide"><bpmn:extensionElements><zeebe:userTask />'
        f'<zeebe:assignmentDefinition candidateGroups="{groups}" />{more}'
        "</bpmn:extensionElements>{flows}</bpmn:userTask>"
    )


def service_task(job_type: str, element_id: str = "act", retries: int = 3) -> str:
    return (
        f'<bpmn:serviceTask id="{element_id}"><bpmn:extensionElements>'
        f'<zeebe:taskDefinition type="{job_type}" retries="{retries}" />'
        "</bpmn:extensionElements>{flows}</bpmn:serviceTask>"
    )


def message_catch(name: str, element_id: str = "wait", key: str = "=order_id") -> tuple[str, str]:
    """The event, and the message that stands beside the process."""
    event = (
        f'<bpmn:intermediateCatchEvent id="{element_id}">{{flows}}'
        f'<bpmn:messageEventDefinition id="{element_id}-definition" messageRef="message-{name}" />'
        "</bpmn:intermediateCatchEvent>"
    )
    message = (
        f'<bpmn:message id="message-{name}" name="{name}"><bpmn:extensionElements>'
        f'<zeebe:subscription correlationKey="{key}" /></bpmn:extensionElements></bpmn:message>'
    )
    return event, message


def timer_catch(duration: str, element_id: str = "pause") -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{element_id}">{{flows}}<bpmn:timerEventDefinition id="{element_id}-timer">'
        f'<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">{duration}</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )


def call(process_id: str, element_id: str = "call") -> str:
    return (
        f'<bpmn:callActivity id="{element_id}"><bpmn:extensionElements>'
        f'<zeebe:calledElement processId="{process_id}" propagateAllChildVariables="true" />'
        "</bpmn:extensionElements>{flows}</bpmn:callActivity>"
    )


def start_by(kind: str, reference: str) -> str:
    """A start event by message, signal or timer; `reference` is the root element's id, or the timer's cycle."""
    if kind == "timer":
        definition = (
            '<bpmn:timerEventDefinition id="start-timer"><bpmn:timeCycle xsi:type="bpmn:tFormalExpression">'
            f"{reference}</bpmn:timeCycle></bpmn:timerEventDefinition>"
        )
    else:
        definition = f'<bpmn:{kind}EventDefinition id="start-definition" {kind}Ref="{reference}" />'
    return f'<bpmn:startEvent id="start">{{flows}}{definition}</bpmn:startEvent>'


def script_task(expression: str, variable: str, element_id: str = "compute") -> str:
    """A FEEL script task: done at once, without a job."""
    return (
        f'<bpmn:scriptTask id="{element_id}"><bpmn:extensionElements>'
        f'<zeebe:script expression="{expression}" resultVariable="{variable}" />'
        "</bpmn:extensionElements>{flows}</bpmn:scriptTask>"
    )
