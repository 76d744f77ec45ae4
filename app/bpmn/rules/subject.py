"""What a rule looks at, and what it answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from app import feel
from app.bpmn.model import Definitions, Process
from app.bpmn.reading.events import DEFINITION_KINDS
from app.bpmn.source import Document, SourceElement
from app.errors import Severity

TASKS = (
    "task",
    "userTask",
    "manualTask",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "scriptTask",
    "businessRuleTask",
)
SUBPROCESSES = ("subProcess", "transaction", "adHocSubProcess")
ACTIVITIES = (*TASKS, *SUBPROCESSES, "callActivity")
GATEWAYS = ("exclusiveGateway", "inclusiveGateway", "parallelGateway", "complexGateway", "eventBasedGateway")
CATCH_EVENTS = ("startEvent", "intermediateCatchEvent", "boundaryEvent")
THROW_EVENTS = ("intermediateThrowEvent", "endEvent")
EVENTS = (*CATCH_EVENTS, *THROW_EVENTS)
CHOREOGRAPHY_ACTIVITIES = ("choreographyTask", "subChoreography", "callChoreography")
FLOW_NODES = (*ACTIVITIES, *GATEWAYS, *EVENTS, *CHOREOGRAPHY_ACTIVITIES)
GLOBAL_TASKS = ("globalTask", "globalUserTask", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask")
COLLABORATIONS = ("collaboration", "globalConversation", "choreography", "globalChoreographyTask")


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach. `rule` is the number in the public suite, or the section of BPMN 2.0.2 where it has none.

    An error: the element cannot run as it says, or does not say how. A warning: it is sloppy, but it has one meaning,
    and that is what runs (docs/bpmn.md, ADR 8).
    """

    element: SourceElement | None
    message: str
    remedy: str
    rule: str | None = None
    severity: Severity = Severity.ERROR


class Subject:
    """One file with the indexes that rules share."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self.document: Document = definitions.document
        self._compiled: dict[str, feel.Expression | feel.FeelSyntaxError] = {}

    def compiled(self, text: str) -> feel.Expression | feel.FeelSyntaxError:
        """A FEEL text compiled, or why it cannot be; each text once."""
        if text not in self._compiled:
            try:
                self._compiled[text] = feel.compile(text)
            except feel.FeelSyntaxError as problem:
                self._compiled[text] = problem
        return self._compiled[text]

    @cached_property
    def running(self) -> tuple[Process, ...]:
        """The processes that can be started."""
        return tuple(process for process in self.definitions.processes if process.is_executable)

    @cached_property
    def sequence_flows(self) -> tuple[SourceElement, ...]:
        return tuple(self.document.of_kind("sequenceFlow"))

    @cached_property
    def message_flows(self) -> tuple[SourceElement, ...]:
        return tuple(self.document.of_kind("messageFlow"))

    @cached_property
    def flow_nodes(self) -> tuple[SourceElement, ...]:
        return tuple(self.document.of_kind(*FLOW_NODES))

    @cached_property
    def _flows_by_end(self) -> dict[tuple[str, str], list[SourceElement]]:
        found: dict[tuple[str, str], list[SourceElement]] = {}
        for flow in self.sequence_flows:
            for side in ("sourceRef", "targetRef"):
                element = self.document.refer(flow.get(side))
                if element is not None:
                    found.setdefault((side, element.id), []).append(flow)
        return found

    def outgoing(self, node: SourceElement) -> list[SourceElement]:
        """The sequence flows that leave this node."""
        return self._flows_by_end.get(("sourceRef", node.id), []) if node.id else []

    def incoming(self, node: SourceElement) -> list[SourceElement]:
        """The sequence flows that reach this node."""
        return self._flows_by_end.get(("targetRef", node.id), []) if node.id else []

    def source(self, flow: SourceElement) -> SourceElement | None:
        return self.document.refer(flow.get("sourceRef"))

    def target(self, flow: SourceElement) -> SourceElement | None:
        return self.document.refer(flow.get("targetRef"))

    def event_definitions(self, event: SourceElement) -> list[SourceElement]:
        """The definitions of an event, its own and those it refers to."""
        found = []
        for child in event.children:
            definition = self.document.refer(child.text) if child.kind == "eventDefinitionRef" else child
            if definition is not None and definition.kind in DEFINITION_KINDS:
                found.append(definition)
        return found

    def event_kinds(self, event: SourceElement) -> list[str]:
        """The same as words: "message", "timer", "compensate" …"""
        return [definition.kind.removesuffix("EventDefinition") for definition in self.event_definitions(event)]

    @cached_property
    def boundary_events(self) -> dict[str, list[SourceElement]]:
        """Activity id to the events on its boundary."""
        found: dict[str, list[SourceElement]] = {}
        for event in self.document.of_kind("boundaryEvent"):
            found.setdefault(event.get("attachedToRef").rpartition(":")[2], []).append(event)
        return found

    def scopes(self) -> Iterator[SourceElement]:
        """Processes, then subprocesses."""
        return iter(self.document.of_kind("process", *SUBPROCESSES))

    def scope(self, element: SourceElement) -> SourceElement | None:
        """The process or subprocess directly around the element."""
        kinds = ("process", *SUBPROCESSES)
        return next((above for above in self.document.ancestors(element) if above.kind in kinds), None)

    def process(self, element: SourceElement) -> SourceElement | None:
        """The process that the element is in (or is)."""
        if element.kind == "process":
            return element
        return next((above for above in self.document.ancestors(element) if above.kind == "process"), None)

    def is_executable(self, element: SourceElement) -> bool:
        process = self.process(element)
        return process is not None and process.flag("isExecutable", default=False)

    def pool(self, element: SourceElement) -> SourceElement | None:
        """The participant that the element is, or whose process it is in; the process itself if nothing names it."""
        if element.kind == "participant":
            return element
        process = self.process(element)
        if process is None:
            return None
        return self._participants.get(process.index, process)

    @cached_property
    def _participants(self) -> dict[int, SourceElement]:
        """The place of a process to the first participant that it is of."""
        found: dict[int, SourceElement] = {}
        for participant in self.document.of_kind("participant"):
            process = self.document.refer(participant.get("processRef"))
            if process is not None:
                found.setdefault(process.index, participant)
        return found

    def item(self, element: SourceElement | None, attribute: str = "itemSubjectRef") -> SourceElement | None:
        """The item definition that the element names."""
        found = self.document.refer(element.get(attribute)) if element is not None and element.get(attribute) else None
        return found if found is not None and found.kind == "itemDefinition" else None

    def named(self, element: SourceElement) -> SourceElement:
        """The element itself, or the next around it that has an id."""
        return next((found for found in (element, *self.document.ancestors(element)) if found.id), element)

    def same_item(self, one: SourceElement | None, other: SourceElement | None) -> bool:
        """Whether two item definitions say the same structure: the same one, or both naming the same type."""
        if one is other:
            return True
        if one is None or other is None:
            return False
        return bool(one.get("structureRef")) and one.get("structureRef") == other.get("structureRef")

    def has_element(self, reference: str) -> bool:
        return self.document.refer(reference) is not None


def described(element: SourceElement) -> str:
    """How messages call an element: its name, or its kind and id."""
    return f'{element.kind} "{element.name}"' if element.name else f"{element.kind} {element.id or '(without id)'}"
