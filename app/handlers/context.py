"""What a task handler is told beside its request, and what a verification answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import BaseModel

from app.handlers.exceptions import InfrastructureProblem


@dataclass(frozen=True, slots=True)
class ActionContext:
    """The circumstances of one attempt.

    `idempotency_key` is the same in every attempt of one job: send it along, so that the other system can recognise a
    repetition. `attempt` counts from 1 and began at `started_at` (of the platform's clock, aware UTC); nobody waits for
    its answer longer than `timeout_seconds`, and `retries` attempts are left, this one included. `headers` are the task
    headers of the diagram, `variables` the process variables when the attempt began: they are for expressions, the data
    of an action come as its request. `config` holds the handlers' settings by dotted name ("billing.base_url") and the
    secrets ("secrets.NAME"): never put it into a result or a message.
    """

    idempotency_key: str
    job_id: str
    attempt: int
    instance_id: str
    process_id: str
    trace_id: str
    started_at: datetime
    timeout_seconds: float
    config: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, object] = field(default_factory=dict, repr=False)
    retries: int = 1

    @property
    def deadline(self) -> datetime:
        return self.started_at + timedelta(seconds=self.timeout_seconds)

    def setting(self, name: str) -> str:
        """The setting `name` ("billing.base_url"). Raises `InfrastructureProblem` of its system where it is missing."""
        value = self.config.get(name)
        if not value:
            system = name.partition(".")[0]
            raise InfrastructureProblem(system, f"Expected the setting {name}, but found none. Configure it.")
        return value


@dataclass(frozen=True, slots=True)
class Verification:
    """What reading the other system back has shown.

    `found` is JSON: the other system's own words, kept as evidence. `receipt` is the result that the handler would have
    returned, if the effect was found although its answer was lost.
    """

    confirmed: bool
    found: object = None
    detail: str = ""
    receipt: BaseModel | None = None
