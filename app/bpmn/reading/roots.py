"""What stands beside the processes in a file: messages, signals, errors, global tasks, collaborations, data stores."""

from app.bpmn import model
from app.bpmn.event_definitions import Error, Escalation, Message, Signal
from app.bpmn.extensions import Expression, Script
from app.bpmn.reading.context import Reading, local, place
from app.bpmn.reading.events import DEFINITION_KINDS, read_definition
from app.bpmn.source import SourceElement


def read_catalogue(reading: Reading) -> None:
    """Fill the maps of `reading` with everything that processes refer to by id."""
    root = reading.document.root
    for element in root.all("message"):
        reading.messages[element.id] = Message(
            element.id,
            reading.dialect.expression(element, element.name or element.id),
            reading.dialect.correlation_key(element),
            local(element.get("itemRef")) or None,
            element.line,
        )
    for element in root.all("signal"):
        name = reading.dialect.expression(element, element.name or element.id)
        reading.signals[element.id] = Signal(element.id, name, element.line)
    for element in root.all("error"):
        code = reading.dialect.optional(element, element.get("errorCode"))
        reading.errors[element.id] = Error(element.id, element.name, code, element.line)
    for element in root.all("escalation"):
        code = reading.dialect.optional(element, element.get("escalationCode"))
        reading.escalations[element.id] = Escalation(element.id, element.name, code, element.line)
    _read_links(reading)
    _read_associations(reading)
    _read_displaced(reading)
    for element in root.all(*DEFINITION_KINDS):
        if element.id:
            reading.event_definitions[element.id] = read_definition(reading, element, None)


def _read_links(reading: Reading) -> None:
    for element in reading.document.of_kind("linkEventDefinition"):
        for reference in element.all("target"):
            target = reading.document.refer(reference.text)
            if target is not None:
                reading.link_targets[element.id] = target
        for reference in element.all("source"):
            reading.link_targets.setdefault(local(reference.text), element)


def _read_associations(reading: Reading) -> None:
    """Wherever they stand: some modelers keep the associations of a pool in the collaboration."""
    for element in reading.document.of_kind("association"):
        source, target = local(element.get("sourceRef")), local(element.get("targetRef"))
        reading.associated.setdefault(source, []).append(target)
        reading.associated.setdefault(target, []).append(source)


def _read_displaced(reading: Reading) -> None:
    """Flows that are not written beside the nodes that they connect: they belong to the scope of their ends."""
    document = reading.document
    for flow in document.of_kind("sequenceFlow"):
        ends = [document.refer(flow.get(side)) for side in ("sourceRef", "targetRef")]
        scopes = [document.parent(end) if end is not None else None for end in ends]
        if scopes[0] is not None and scopes[0] is scopes[1] and scopes[0] is not document.parent(flow):
            reading.displaced.setdefault(scopes[0].index, []).append(flow)
            reading.moved.add(flow.index)


def read_global_tasks(reading: Reading) -> tuple[model.GlobalTask, ...]:
    """The reusable tasks at the root, in document order."""
    return tuple(_global_task(reading, found) for found in reading.document.root.all(*model.GlobalTaskKind))


def _global_task(reading: Reading, element: SourceElement) -> model.GlobalTask:
    kind = model.GlobalTaskKind(element.kind)
    base = place(element)
    fields = base | {
        "inputs": reading.dialect.inputs(element),
        "outputs": reading.dialect.outputs(element),
        "headers": reading.dialect.headers(element),
    }
    task: model.Task
    match kind:
        case model.GlobalTaskKind.USER:
            task = model.UserTask(
                **fields,
                assignment=reading.dialect.assignment(element),
                schedule=reading.dialect.schedule(element),
                priority=reading.dialect.priority(element),
                form=reading.dialect.form(element),
                is_native=True,
            )
        case model.GlobalTaskKind.SCRIPT:
            task = model.ScriptTask(**fields, script=_global_script(reading, element))
        case model.GlobalTaskKind.BUSINESS_RULE:
            task = model.BusinessRuleTask(
                **fields,
                called_decision=reading.dialect.called_decision(element),
                task_definition=reading.dialect.task_definition(element),
            )
        case model.GlobalTaskKind.MANUAL:
            task = model.ManualTask(**fields)
        case _:
            task = model.Task(**fields)
    return model.GlobalTask(**base, kind=kind, task=task)


def _global_script(reading: Reading, element: SourceElement) -> Script | None:
    """Global script tasks say ``scriptLanguage`` where script tasks say ``scriptFormat``."""
    script = reading.dialect.script(element)
    language = element.get("scriptLanguage").lower()
    if script is None or script.expression.is_feel or not language:
        return script
    return Script(Expression(script.expression.text, is_feel="feel" in language), script.result_variable, language)


def read_collaborations(reading: Reading) -> tuple[model.Collaboration, ...]:
    """Pools and the messages between them."""
    return tuple(
        model.Collaboration(
            **place(found),
            participants=tuple(
                model.Participant(
                    **place(participant),
                    process_id=local(participant.get("processRef")) or None,
                )
                for participant in found.all("participant")
            ),
            message_flows=tuple(
                model.MessageFlow(
                    **place(flow),
                    source_id=local(flow.get("sourceRef")),
                    target_id=local(flow.get("targetRef")),
                    message=reading.messages.get(local(flow.get("messageRef"))),
                )
                for flow in found.all("messageFlow")
            ),
        )
        for found in reading.document.root.all("collaboration", "globalConversation", "choreography")
    )


def read_data_stores(reading: Reading) -> tuple[model.DataStore, ...]:
    """Data stores outlive instances; references in processes name them."""
    return tuple(
        model.DataStore(
            **place(found),
            capacity=reading.integer(found, "capacity", 0) if found.get("capacity") else None,
            is_unlimited=found.flag("isUnlimited", default=True),
        )
        for found in reading.document.root.all("dataStore")
    )
