"""One attempt of one job, as a worker holds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


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
