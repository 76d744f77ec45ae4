"""A compiled process: immutable, shared by its instances, with the facts that a deployment needs."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.bpmn import event_definitions as definitions
from app.bpmn import model
from app.engine.builder import Builder
from app.engine.compiler import build
from app.engine.elements.process import ProcessSpec
from app.engine.event_definitions.timer import read_schedule
from app.engine.timers import Schedule
from app.errors import Diagnostic, ModelError, Severity


class TriggerKind(StrEnum):
    NONE = "none"
    MESSAGE = "message"
    SIGNAL = "signal"
    TIMER = "timer"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class StartTrigger:
    """One way to start the process. `name` is the message or signal, `timer` the text of date, duration or cycle.

    For the none start `element_id` may be None: the process has no start event.
    """

    element_id: str | None
    kind: TriggerKind
    name: str | None = None
    timer: str | None = None
    timer_kind: definitions.TimerKind | None = None

    def schedule(self, now: datetime) -> Schedule:
        """When the process starts next, seen from its deployment at `now`; go on with `Schedule.next`.

        Raises ValueError when the text, a FEEL value that only now is known, is no timer.
        """
        if self.timer is None or self.timer_kind is None:
            raise ValueError(f"Expected a timer, but {self.element_id} starts by {self.kind}.")
        return read_schedule(self.timer_kind, self.timer, now)


@dataclass(frozen=True, slots=True)
class Program:
    """`service_types`, `called_decisions`, `called_processes` are those that the diagram names by fixed texts."""

    process_id: str
    process_name: str
    version_tag: str | None
    spec: ProcessSpec
    start_triggers: tuple[StartTrigger, ...]
    service_types: frozenset[str]
    called_decisions: frozenset[str]
    called_processes: frozenset[str]
    form_ids: frozenset[str]
    warnings: tuple[Diagnostic, ...] = ()


def compile_process(definitions_: model.Definitions, process_id: str) -> Program:
    """Compile one process, or one global task as a process of its own.

    Raises ModelError with everything that cannot be executed, and KeyError if there is no such process.
    """
    program, problems = translate(definitions_, find(definitions_, process_id))
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise ModelError(problems)
    return program


def check(definitions_: model.Definitions) -> list[Diagnostic]:
    """Everything in the executable processes and global tasks that the engine cannot execute, each with its element."""
    problems: list[Diagnostic] = []
    for process in definitions_.processes:
        if process.is_executable:
            problems.extend(translate(definitions_, process)[1])
    for task in definitions_.global_tasks:
        problems.extend(translate(definitions_, global_process(task))[1])
    return problems


def find(definitions_: model.Definitions, process_id: str) -> model.Process:
    for task in definitions_.global_tasks:
        if task.id == process_id:
            return global_process(task)
    return definitions_.process(process_id)


def global_process(task: model.GlobalTask) -> model.Process:
    """A global task as a process that consists of it; the element keeps the global task's id."""
    return model.Process(
        id=f"{task.id}#process",
        name=task.name,
        line=task.line,
        index=task.index,
        scope=model.Scope(nodes=(task.task,)),
        is_executable=True,
    )


def translate(definitions_: model.Definitions, process: model.Process) -> tuple[Program, list[Diagnostic]]:
    builder = Builder(definitions_, process)
    spec = build(builder)
    program = Program(
        process_id=process.id.removesuffix("#process"),
        process_name=process.name,
        version_tag=process.version_tag,
        spec=spec,
        start_triggers=tuple(start_triggers(builder)),
        service_types=frozenset(builder.service_types),
        called_decisions=frozenset(builder.called_decisions),
        called_processes=frozenset(builder.called_processes),
        form_ids=frozenset(builder.form_ids),
        warnings=tuple(problem for problem in builder.problems if problem.severity is Severity.WARNING),
    )
    return program, builder.problems


def start_triggers(builder: Builder) -> list[StartTrigger]:
    """The ways into the process, in document order. Every text must be known without variables."""
    triggers: list[StartTrigger] = []
    nodes = builder.process.nodes
    for node in nodes:
        if isinstance(node, model.StartEvent):
            if not node.definitions:
                triggers.append(StartTrigger(node.id, TriggerKind.NONE))
            triggers.extend(filter(None, (event_trigger(builder, node, each) for each in node.definitions)))
        elif isinstance(node, model.ReceiveTask) and node.is_instantiating and node.message:
            triggers.append(message_trigger(builder, node, node.message))
        elif isinstance(node, model.EventBasedGateway) and node.is_instantiating:
            triggers.extend(gateway_triggers(builder, node))
    if not triggers and not any(isinstance(node, model.StartEvent) for node in nodes):
        triggers.append(StartTrigger(None, TriggerKind.NONE))
    return triggers


def gateway_triggers(builder: Builder, gateway: model.EventBasedGateway) -> list[StartTrigger]:
    """An instantiating event-based gateway: each of its events starts the process."""
    triggers: list[StartTrigger] = []
    targets = {flow.target_id for flow in gateway.outgoing}
    for node in builder.process.nodes:
        if node.id in targets and isinstance(node, model.CatchEvent):
            triggers.extend(filter(None, (event_trigger(builder, node, each) for each in node.definitions)))
        elif node.id in targets and isinstance(node, model.ReceiveTask) and node.message:
            triggers.append(message_trigger(builder, node, node.message))
    return triggers


def event_trigger(
    builder: Builder, node: model.FlowNode, definition: definitions.EventDefinition
) -> StartTrigger | None:
    match definition:
        case definitions.MessageEventDefinition(message=definitions.Message() as message):
            return message_trigger(builder, node, message)
        case definitions.SignalEventDefinition(signal=definitions.Signal(name=name)):
            return StartTrigger(node.id, TriggerKind.SIGNAL, builder.static_text(node, name, "signal name"))
        case definitions.TimerEventDefinition(kind=kind, expression=expression):
            text = builder.static_text(node, expression, "timer")
            return StartTrigger(node.id, TriggerKind.TIMER, timer=text, timer_kind=kind)
        case definitions.ConditionalEventDefinition():
            builder.refuse(
                node,
                "conditional-start",
                "Expected a start by message, signal or timer, but found a condition that no instance sees.",
                "Start the process by a message or signal.",
            )
    return None


def message_trigger(builder: Builder, node: model.FlowNode, message: definitions.Message) -> StartTrigger:
    return StartTrigger(node.id, TriggerKind.MESSAGE, builder.static_text(node, message.name, "message name"))
