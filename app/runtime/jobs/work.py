"""One attempt of one job, as a worker holds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.handlers import Verification


@dataclass(frozen=True, slots=True)
class Work:
    """One attempt of one job, allowed by the mandate. Whoever holds it may answer until the lease ends.

    `look_first`: an earlier attempt may have had its effect; ask `handler.verify(variables, None, context)` before
    doing it. `undo_result`: this job takes back an earlier one, whose result this is; call
    `handler.undo(variables, undo_result, context)`.
    """

    job_id: str
    attempt: int  # from 1; also the fencing token: an answer of an older attempt is refused
    type: str
    worker_id: str
    variables: Mapping[str, object]
    headers: Mapping[str, str]
    instance_id: str
    root_id: str  # of the tree of calls that the instance belongs to
    process_id: str
    element_id: str
    trace_id: str
    idempotency_key: str
    deadline: datetime
    timeout_seconds: float
    retries: int = 1  # attempts that are left, this one included
    process_variables: Mapping[str, object] = field(default_factory=dict)
    look_first: bool = False
    undo_result: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The answer of a handler that has done the work, and what reading it back has shown (None: not verifiable)."""

    work: Work
    result: Mapping[str, object]
    verification: Verification | None = None
