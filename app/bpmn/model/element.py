"""What every element of a diagram is: something with an id, a name and a place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.bpmn.extensions import ExecutionListener, Expression, VariableMapping

NO_TEXTS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """Anything that a diagnostic can point to."""

    id: str
    name: str = ""
    line: int | None = None
    index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceFlow(Element):
    source_id: str
    target_id: str
    condition: Expression | None = None
    is_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowNode(Element):
    incoming: tuple[SequenceFlow, ...] = ()  # in document order of the flows
    outgoing: tuple[SequenceFlow, ...] = ()
    lane_ids: tuple[str, ...] = ()  # outermost first
    inputs: tuple[VariableMapping, ...] = ()
    outputs: tuple[VariableMapping, ...] = ()
    headers: Mapping[str, str] = field(default_factory=lambda: NO_TEXTS)
    properties: Mapping[str, str] = field(default_factory=lambda: NO_TEXTS)
    execution_listeners: tuple[ExecutionListener, ...] = ()
    documentation: str = ""
    template: str | None = None  # zeebe:modelerTemplate

    @property
    def default_flow(self) -> SequenceFlow | None:
        return next((flow for flow in self.outgoing if flow.is_default), None)
