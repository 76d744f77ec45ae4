"""What the engine is given from outside: the moment, ids, and the decisions. It fetches nothing itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

Variables = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Moment:
    """The time at which a command is handled (aware, UTC) and the source of new ids."""

    now: datetime
    new_id: Callable[[], str]
    may_send: bool = True  # False: this is the end of a chain of instances that would tell each other things for ever


class Evaluation(Protocol):
    """One answer of a decision, as `app.dmn` gives it."""

    @property
    def value(self) -> object: ...

    def to_json(self) -> Mapping[str, object]:
        """The answer with its decisions, matched rules and reasons, as JSON."""
        ...


class Services(Protocol):
    """What an instance may ask while it runs."""

    def evaluate_decision(
        self, decision_id: str, binding: str, version_tag: str | None, variables: Variables, now: datetime
    ) -> Evaluation:
        """Evaluate a decision of the deployment. Raises NotFound when there is none of this id, binding and tag."""
        ...

    def has_form(self, form_id: str, binding: str, version_tag: str | None) -> bool:
        """Whether a form of this id, binding and tag is deployed."""
        ...
