"""What a job may answer beside variables: the check of a user task's transition, and what begins next in an ad-hoc
subprocess. A handler whose result is one of these models takes such jobs; fields that a subclass adds are variables.

Nothing here knows whether an answer fits the process: the engine looks at it, and a misfit is an incident.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer


class Corrections(BaseModel):
    """What a task listener changes of the user task. What is not given stays as it is; None takes it away."""

    model_config = ConfigDict(extra="forbid")

    assignee: str | None = None
    candidate_users: tuple[str, ...] = ()
    candidate_groups: tuple[str, ...] = ()
    due_date: datetime | None = None
    follow_up_date: datetime | None = None
    priority: int = Field(default=50, description="From 0 to 100.")

    @model_serializer(mode="wrap")
    def _only_what_is_given(self, write: SerializerFunctionWrapHandler) -> dict[str, object]:
        return {name: value for name, value in write(self).items() if name in self.model_fields_set}

    def given(self) -> dict[str, object]:
        """By name, as Python values."""
        return {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set}


class TaskListenerResult(BaseModel):
    """The answer of a task listener: the transition takes place (with corrections), or it is denied for a reason.

    The person who asked for the transition reads the reason.
    """

    denied: bool = False
    reason: str = ""
    corrections: Corrections = Corrections()


class Activation(BaseModel):
    """An element of an ad-hoc subprocess that shall begin, with variables of its own."""

    element_id: str
    variables: dict[str, Any] = Field(default_factory=dict)


class AdHocSubProcessResult(BaseModel):
    """The answer of an ad-hoc subprocess's job: what begins next, or that the subprocess is complete.

    What still runs then may end by itself, unless `cancels_remaining`.
    """

    activate: tuple[Activation, ...] = ()
    is_fulfilled: bool = False
    cancels_remaining: bool = False


JobResult = TaskListenerResult | AdHocSubProcessResult
KINDS: tuple[type[JobResult], ...] = (TaskListenerResult, AdHocSubProcessResult)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a job came to: the variables that it sets, and what it answers beside them."""

    variables: Mapping[str, object]
    result: JobResult | None = None


def kind_of(model: type[BaseModel]) -> type[JobResult] | None:
    """Which answer instances of `model` are; None for plain variables."""
    return next((kind for kind in KINDS if issubclass(model, kind)), None)


def answer(model: type[BaseModel], written: Mapping[str, object]) -> Answer:
    """An instance of `model`, written as JSON, taken apart."""
    kind = kind_of(model)
    if kind is None:
        return Answer(written)
    own = kind.model_fields
    variables = {name: value for name, value in written.items() if name not in own}
    return Answer(variables, kind.model_validate({name: value for name, value in written.items() if name in own}))
