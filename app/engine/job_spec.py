"""A job as the diagram describes it. A value; requesting one is in `app.engine.jobs`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.engine.events import JobKind
from app.engine.formulas import Formula


@dataclass(frozen=True, slots=True)
class JobSpec:
    """What its type, retries and priority are is known when it is requested."""

    type: Formula
    retries: Formula
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: JobKind = JobKind.TASK
    priority: Formula | None = None
