"""One file: its processes and what they share."""

from dataclasses import dataclass
from enum import StrEnum

from app.bpmn.event_definitions import Error, Escalation, EventDefinition, Message, Signal
from app.bpmn.model.activities import Task
from app.bpmn.model.element import Element
from app.bpmn.model.scopes import Process
from app.bpmn.source import Document
from app.errors import Diagnostic


class Dialect(StrEnum):
    PLAIN = "plain"
    ZEEBE = "zeebe"
    CAMUNDA = "camunda"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataStore(Element):
    capacity: int | None = None
    is_unlimited: bool = True


class GlobalTaskKind(StrEnum):
    TASK = "globalTask"
    USER = "globalUserTask"
    MANUAL = "globalManualTask"
    SCRIPT = "globalScriptTask"
    BUSINESS_RULE = "globalBusinessRuleTask"


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalTask(Element):
    """A task that call activities reuse. `task` is the same work as a node (kind TASK: a plain `Task`)."""

    kind: GlobalTaskKind
    task: Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant(Element):
    process_id: str | None = None  # None: a black box


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFlow(Element):
    source_id: str
    target_id: str
    message: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collaboration(Element):
    participants: tuple[Participant, ...] = ()
    message_flows: tuple[MessageFlow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """One file. `problems` is what reading already found; `app.bpmn.check` reports it with everything else."""

    file: str
    document: Document  # the elements as written, for rules about notation that does not run
    id: str = ""
    name: str = ""
    target_namespace: str = ""
    dialect: Dialect = Dialect.PLAIN
    platform_version: str | None = None
    processes: tuple[Process, ...] = ()
    global_tasks: tuple[GlobalTask, ...] = ()
    collaborations: tuple[Collaboration, ...] = ()
    messages: tuple[Message, ...] = ()
    signals: tuple[Signal, ...] = ()
    errors: tuple[Error, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    data_stores: tuple[DataStore, ...] = ()
    event_definitions: tuple[EventDefinition, ...] = ()  # at the root, for eventDefinitionRef
    problems: tuple[Diagnostic, ...] = ()

    def process(self, process_id: str) -> Process:
        """The process of this id. Raises KeyError."""
        for process in self.processes:
            if process.id == process_id:
                return process
        raise KeyError(process_id)
