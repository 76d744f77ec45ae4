"""What clients send, as types: each is checked field by field, and each is part of the API's description.

JSON is read by FEEL's codec, so that a number keeps its digits.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, TypeVar

from flask import request
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from app import feel
from app.errors import Invalid
from app.runtime import LONGEST_TO_LIVE_SECONDS, WITHOUT_NUL, has_nul
from app.runtime.views import SwitchScope
from app.web.frame.filters import LARGEST_VERSION

Name = str
LAST_YEAR = 9998
Version = Annotated[int, Field(ge=1, le=LARGEST_VERSION)]


def _storable(moment: datetime) -> datetime:
    """A moment whose day exists everywhere on earth: it is compared and stored in universal time."""
    if not 2 <= moment.year <= LAST_YEAR:
        raise ValueError(f"Expected a year from 2 to {LAST_YEAR}")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_storable)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    @field_validator("*", mode="before")
    @classmethod
    def _without_nul(cls, value: object) -> object:
        """What PostgreSQL cannot store. Variables are looked through by the runtime."""
        if isinstance(value, str) and has_nul(value):
            raise ValueError(WITHOUT_NUL)
        return value


class Credentials(Body):
    name: str
    password: str


class InstanceToStart(Body):
    variables: Mapping[str, object] = Field(default_factory=dict)
    business_key: str | None = None


class StartInstance(InstanceToStart):
    process_id: str
    version: Version | None = Field(default=None, description="None: the latest")


class StartInstances(Body):
    process_id: str
    instances: tuple[InstanceToStart, ...] = Field(min_length=1)
    version: Version | None = Field(default=None, description="None: the latest")


class SetVariables(Body):
    variables: Mapping[str, object]
    scope_id: str | None = Field(default=None, description="None: the instance's own scope")


class Reason(Body):
    reason: str = ""


class Completion(Body):
    variables: Mapping[str, object] = Field(default_factory=dict)


class Activate(Body):
    element_id: str
    variables: Mapping[str, object] = Field(default_factory=dict)
    scope_id: str | None = Field(default=None, description="The element instance of its scope, if there are several")


class Modify(Body):
    activate: tuple[Activate, ...] = ()
    cancel: tuple[str, ...] = Field(default=(), description="Ids of element instances")
    reason: str = ""


class Move(Body):
    source: str = Field(description="The element whose tokens move")
    target: str
    reason: str = ""


class Restart(Body):
    element_id: str
    variables: Mapping[str, object] = Field(default_factory=dict, description="Changes to those of the ended instance")


class Migrate(Body):
    version: Version
    mapping: Mapping[str, str] = Field(default_factory=dict, description="Element id → element id in that version")
    dry_run: bool = False


class Switch(Body):
    scope: SwitchScope
    key: str = Field(default="*", description='A role, process, action, system or instance, or "process/element"')
    reason: str = Field(min_length=1)


class Selection(Body):
    process_id: str | None = None
    version: Version | None = None
    business_key: str | None = None
    with_incidents: bool | None = None


class BulkCommand(Body):
    """One batch; exactly one operation."""

    filter: Selection
    after: str | None = Field(default=None, description="`next` of the batch before")
    limit: int = Field(default=100, ge=1, le=500)
    dry_run: bool = False
    cancel: Reason | None = None
    set_variables: Completion | None = None
    retry: bool = False
    move: Move | None = None
    migrate: Migrate | None = None


class Purge(Body):
    before: Moment = Field(description="Of instances that ended before this moment")
    after: str | None = Field(default=None, description="`next` of the batch before")
    limit: int = Field(default=1000, ge=1, le=10_000)


class Person(Body):
    person: str = Field(description="The sign-in name")


class TaskChanges(Body):
    """What is left out stays as it is; null takes an assignee or a date away."""

    assignee: str | None = Field(default=None, description="The sign-in name")
    candidate_users: tuple[str, ...] = ()
    candidate_groups: tuple[str, ...] = ()
    due_date: Moment | None = None
    follow_up_date: Moment | None = None
    priority: int = Field(default=50, ge=0, le=100)

    def given(self) -> dict[str, object]:
        """By name, what the client sent."""
        return {name: getattr(self, name) for name in sorted(self.model_fields_set)}


class Comment(Body):
    text: str = Field(min_length=1, max_length=4000)


class Message(Body):
    name: str
    correlation_key: str = ""
    variables: Mapping[str, object] = Field(default_factory=dict)
    message_id: str | None = Field(default=None, description="The same id again is not published a second time")
    time_to_live_seconds: float = Field(default=3600, ge=0, le=LONGEST_TO_LIVE_SECONDS)


class Signal(Body):
    name: str
    variables: Mapping[str, object] = Field(default_factory=dict)


class Conditions(Body):
    variables: Mapping[str, object]
    process_id: str | None = Field(default=None, description="None: every process")


class Inputs(Body):
    variables: Mapping[str, object] = Field(default_factory=dict)
    version: Version | None = Field(default=None, description="None: the latest")
    explain: bool = False


class Files(Body):
    files: Mapping[str, str] = Field(description='Path below models/, such as "bpmn/support-refund.bpmn" → content')
    note: str = ""

    def contents(self) -> dict[str, bytes]:
        return {name: text.encode() for name, text in self.files.items()}


Read = TypeVar("Read", bound=Body)


def read(form: type[Read]) -> Read:
    """The request's body. Raises `Invalid` with a problem per field; no body is an empty object."""
    text = request.get_data(as_text=True).strip() or "{}"
    try:
        found = feel.json_loads(text)
    except ValueError as problem:
        raise Invalid({"$": f"expected JSON, but {problem}"}) from None
    if not isinstance(found, dict):
        raise Invalid({"$": "expected a JSON object"})
    try:
        return form.model_validate(found)
    except ValidationError as problem:
        raise Invalid(
            {"$" + "".join(f".{part}" for part in entry["loc"]): entry["msg"] for entry in problem.errors()}
        ) from None
