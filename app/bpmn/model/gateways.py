"""Gateways: BPMN 2.0.2, section 10.6."""

from dataclasses import dataclass
from enum import StrEnum

from app.bpmn.extensions import Expression
from app.bpmn.model.element import FlowNode


class GatewayDirection(StrEnum):
    UNSPECIFIED = "Unspecified"
    CONVERGING = "Converging"
    DIVERGING = "Diverging"
    MIXED = "Mixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway(FlowNode):
    direction: GatewayDirection = GatewayDirection.UNSPECIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusiveGateway(Gateway):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusiveGateway(Gateway):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelGateway(Gateway):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplexGateway(Gateway):
    """The activation condition sees ``activationCount`` and one boolean per incoming flow."""

    activation_condition: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventBasedGateway(Gateway):
    """`is_parallel`: all events must happen (only together with `is_instantiating`)."""

    is_instantiating: bool = False
    is_parallel: bool = False
