"""A compiled process: immutable, shared by its instances, with the facts that a deployment needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.bpmn import event_definitions as definitions
from app.bpmn import model
from app.bpmn.extensions import Expression, Form
from app.engine.builder import Builder
from app.engine.compiler import build
from app.engine.elements.process import ProcessSpec
from app.engine.elements.repeating import RepeatingSpec
from app.engine.elements.user_task import UserTaskSpec
from app.engine.events import JobKind
from app.engine.naming import Named, NamedKind
from app.engine.starting import Others, StartTrigger, TriggerKind
from app.engine.task_attributes import TaskEvent
from app.errors import Diagnostic, ModelError, Severity

# What the rules of `app.bpmn` say as well when they look at the same diagram. Compiling does not rely on them.
SAID_BY_RULES: Mapping[str, frozenset[str]] = {
    f"engine.{code}": frozenset(f"bpmn.{rule}" for rule in rules)
    for code, rules in {
        "cancel-place": ["cancel-events"],
        "compensation-handler": ["compensation-handlers"],
        "duplicate-id": ["unique-ids"],
        "event-definition": [
            "error-codes",
            "escalation-codes",
            "event-positions",
            "event-references",
            "event-subprocess-starts",
            "message-events",
            "process-starts",
            "timers",
        ],
        "expression": ["expressions"],
        "link-target": ["links", "event-positions"],
        "message": ["message-events", "references"],
        "multi-instance": ["multi-instance-counts"],
        "no-implementation": ["service-task-data"],
        "parallel-event-gateway": ["event-gateways"],
        "script-language": ["script-languages"],
        "timer": ["timers"],
        "token-quantity": ["token-quantities"],
    }.items()
}


@dataclass(frozen=True, slots=True)
class Program:
    """`named` is what the diagram names by fixed texts; `job_types` says what it asks the handlers among them."""

    process_id: str
    process_name: str
    version_tag: str | None
    spec: ProcessSpec
    start_triggers: tuple[StartTrigger, ...]
    job_types: frozenset[tuple[str, JobKind]]
    named: tuple[Named, ...]
    warnings: tuple[Diagnostic, ...] = ()

    def names(self, kind: NamedKind) -> frozenset[str]:
        """All names of this kind that the diagram uses."""
        return frozenset(each.name for each in self.named if each.kind is kind)

    def scopes_around(self, element_id: str) -> tuple[str, ...]:
        """The scopes in which an element stands, inner before outer, without the process; empty for what is none."""
        spec = self.spec.task_specs.get(element_id)
        found: list[str] = []
        while spec is not None and (spec := spec.scope) is not None and spec.scope is not None:
            found.append(spec.bpmn_id)
        return tuple(dict.fromkeys(found))

    def task_listeners(self, element_id: str) -> frozenset[TaskEvent]:
        """The transitions that listeners of this user task hold up; empty for what is none (any more)."""
        task = self._user_task(element_id)
        return frozenset() if task is None else frozenset(task.listeners)

    def form(self, element_id: str) -> Form | None:
        """The form of this user task; None for what is none (any more)."""
        task = self._user_task(element_id)
        return None if task is None else task.form

    def _user_task(self, element_id: str) -> UserTaskSpec | None:
        spec = self.spec.task_specs.get(element_id)
        task = spec.instance if isinstance(spec, RepeatingSpec) else spec
        return task if isinstance(task, UserTaskSpec) else None


def compile_process(definitions_: model.Definitions, process_id: str) -> Program:
    """Compile one process, or one global task as a process of its own.

    Raises ModelError with everything that cannot be executed, and KeyError if there is no such process.
    """
    program, problems = translate(definitions_, find(definitions_, process_id))
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise ModelError(problems)
    return program


def drafts(
    definitions_: model.Definitions, known: Iterable[Diagnostic] = ()
) -> tuple[dict[str, Program], list[Diagnostic]]:
    """The executable processes and global tasks by id, as far as they go, and all in them that cannot be executed.

    For whoever looks up what they refer to: they may be wrong, and are not to be run. What `known`, the findings of
    `app.bpmn.check`, says already is left out: one finding has one code.
    """
    programs: dict[str, Program] = {}
    problems: list[Diagnostic] = []
    processes = [process for process in definitions_.processes if process.is_executable]
    for process in (*processes, *map(global_process, definitions_.global_tasks)):
        program, found = translate(definitions_, process)
        programs.setdefault(program.process_id, program)
        problems.extend(found)
    said = {(each.code, each.element_id) for each in known if each.severity is Severity.ERROR}
    return programs, [each for each in problems if not _is_said(each, said)]


def check(definitions_: model.Definitions, known: Iterable[Diagnostic] = ()) -> list[Diagnostic]:
    """Everything in the executable processes and global tasks that the engine cannot execute, each with its element."""
    return drafts(definitions_, known)[1]


def _is_said(problem: Diagnostic, said: set[tuple[str, str | None]]) -> bool:
    return any((rule, problem.element_id) in said for rule in SAID_BY_RULES.get(problem.code, ()))


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
        job_types=frozenset(builder.job_types),
        named=tuple(dict.fromkeys(builder.named)),
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
            triggers.extend(event_triggers(builder, node))
        elif isinstance(node, model.ReceiveTask) and node.is_instantiating:
            triggers.extend(event_triggers(builder, node))
        elif isinstance(node, model.EventBasedGateway) and node.is_instantiating:
            triggers.extend(gateway_triggers(builder, node))
    if not triggers and not any(isinstance(node, model.StartEvent) for node in nodes):
        triggers.append(StartTrigger(None, TriggerKind.NONE))
    return triggers


def gateway_triggers(builder: Builder, gateway: model.EventBasedGateway) -> list[StartTrigger]:
    """An instantiating event-based gateway: each of its events starts the process."""
    targets = {flow.target_id for flow in gateway.outgoing}
    found = [each for node in builder.process.nodes if node.id in targets for each in event_triggers(builder, node)]
    return [replace(each, others=Others.AFTER) for each in found] if gateway.is_parallel else found


def event_triggers(builder: Builder, node: model.FlowNode) -> list[StartTrigger]:
    """What the process starts by at an event or receive task. Of one that needs all, the same twice is one."""
    if isinstance(node, model.ReceiveTask):
        refuse_repeated_start(builder, node)
        return [message_trigger(builder, node, node.message)] if node.message else []
    if not isinstance(node, model.CatchEvent):
        return []
    found = [each for each in (event_trigger(builder, node, one) for one in node.definitions) if each is not None]
    if not node.is_parallel_multiple or len(node.definitions) == 1:
        return found
    distinct = {(each.kind, each.means): replace(each, others=Others.BEFORE) for each in found}
    return list(distinct.values())


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
        case definitions.ConditionalEventDefinition(condition=Expression() as condition, filter=filtered):
            if filtered.variable_events and "create" not in filtered.variable_events:
                builder.refuse(
                    node,
                    "conditional-start",
                    "Expected a condition that is looked at when variables are created, as all are before the start, "
                    "but found one for updates only.",
                    "Leave out the variable events.",
                )
            formula = builder.formula(node, condition, "condition")
            watched = frozenset(filtered.variable_names)
            return StartTrigger(node.id, TriggerKind.CONDITION, str(formula), condition=formula, watched=watched)
    return None


def message_trigger(builder: Builder, node: model.FlowNode, message: definitions.Message) -> StartTrigger:
    return StartTrigger(node.id, TriggerKind.MESSAGE, builder.static_text(node, message.name, "message name"))


def refuse_repeated_start(builder: Builder, task: model.ReceiveTask) -> None:
    if task.loop is not None:
        builder.refuse(
            task,
            "repeated-start",
            "Expected a receive task that starts the process to receive one message, but found one that repeats.",
            "Start by a message event, and repeat a receive task behind it.",
        )
