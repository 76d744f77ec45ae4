"""What a diagram names in other models by fixed texts, and where. Whether anything answers to it is not known here."""

from dataclasses import dataclass
from enum import StrEnum


class NamedKind(StrEnum):
    DECISION = "decision"
    PROCESS = "process"
    FORM = "form"
    HANDLER = "handler"


@dataclass(frozen=True, slots=True)
class Named:
    """One element's use of a name."""

    kind: NamedKind
    name: str
    element_id: str
    element_name: str
    line: int | None
