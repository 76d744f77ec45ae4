"""Why a value is null, and where: what an evaluation leaves for whoever asks, as plain values."""

from dataclasses import dataclass
from enum import StrEnum

from app.feel import ReasonKind


class DecisionReasonKind(StrEnum):
    """Why a decision yielded null, where the cause is not inside an expression."""

    SYNTAX = "syntax"
    NO_RULE = "no-rule"
    SEVERAL_RULES = "several-rules"
    NO_PRIORITIES = "no-priorities"
    OUTPUTS_DISAGREE = "outputs-disagree"
    INPUT_MISSING = "input-missing"
    INPUT_NOT_ALLOWED = "input-not-allowed"
    OUTPUT_NOT_ALLOWED = "output-not-allowed"
    NO_LOGIC = "no-logic"
    NOT_SUPPORTED = "not-supported"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Place:
    """An expression in a file: `element_id` is that of the element that holds `text`, `line` where the text begins."""

    element_id: str
    text: str
    line: int = 0
    file: str | None = None


UNKNOWN_PLACE = Place("", "")


@dataclass(frozen=True, slots=True)
class LocatedReason:
    """Why a null arose. `start` and `end` count code points of `place.text`, from 0, the end excluded."""

    kind: ReasonKind | DecisionReasonKind
    message: str
    start: int
    end: int
    place: Place

    def to_json(self) -> dict[str, object]:
        return {
            "kind": str(self.kind),
            "message": self.message,
            "element_id": self.place.element_id,
            "expression": self.place.text,
            "start": self.start,
            "end": self.end,
        }
