"""End events: the token is consumed (BPMN 2.0.2, 10.5.3)."""

from app.engine.elements.throwing_event import ThrowingEventSpec


class EndEventSpec(ThrowingEventSpec):
    element_type = "endEvent"
