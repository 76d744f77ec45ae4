"""Intermediate throw events, and the link source, whose token goes on at the link target of the same name."""

from app.engine.elements.throwing_event import ThrowingEventSpec


class IntermediateThrowEventSpec(ThrowingEventSpec):
    element_type = "intermediateThrowEvent"
