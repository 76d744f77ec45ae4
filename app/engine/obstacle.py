"""What stops a token at run time: turned into an incident, never shown as an exception."""

from enum import StrEnum


class IncidentKind(StrEnum):
    JOB = "job"
    EXPRESSION = "expression"
    CONDITION = "condition"
    DECISION = "decision"
    MESSAGE = "message"
    TIMER = "timer"
    ERROR = "error"
    CALLED_ELEMENT = "called element"
    FORM = "form"
    MULTI_INSTANCE = "multi-instance"
    ENDLESS_LOOP = "endless loop"


class Obstacle(Exception):
    """Raised inside the engine where data does not fit; caught where the token's phase is run."""

    def __init__(self, kind: IncidentKind, message: str) -> None:
        self.kind = kind
        self.message = message
        super().__init__(kind, message)
