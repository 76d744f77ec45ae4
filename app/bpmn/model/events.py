"""Events by their place: BPMN 2.0.2, section 10.5. What they wait for is in `app.bpmn.event_definitions`."""

from dataclasses import dataclass

from app.bpmn.event_definitions import EventDefinition
from app.bpmn.extensions import Form
from app.bpmn.model.element import FlowNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(FlowNode):
    """No definition: a none event; several: a multiple event (any of them, or all if `is_parallel_multiple`)."""

    definitions: tuple[EventDefinition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchEvent(Event):
    is_parallel_multiple: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StartEvent(CatchEvent):
    is_interrupting: bool = True  # matters in an event subprocess only
    form: Form | None = None
    initiator: str | None = None  # Camunda 7: variable that receives who started the instance


@dataclass(frozen=True, slots=True, kw_only=True)
class IntermediateCatchEvent(CatchEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryEvent(CatchEvent):
    attached_to_id: str
    is_interrupting: bool = True  # cancelActivity
    compensation_handler_id: str | None = None  # the activity that an association names, for a compensation event


@dataclass(frozen=True, slots=True, kw_only=True)
class IntermediateThrowEvent(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class EndEvent(Event):
    pass
