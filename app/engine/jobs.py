"""Requesting a job for a task handler, and the listeners that are jobs too."""

from decimal import Decimal

from app.engine import events, formulas
from app.engine.formulas import Formula
from app.engine.job_spec import JobSpec
from app.engine.obstacle import IncidentKind, Obstacle
from app.engine.token import Token


def request_job(token: Token, spec: JobSpec, job_id: str | None = None) -> None:
    """Ask for the job; the same `job_id` again after an incident. Raises Obstacle, before anything is changed."""
    workflow = token.workflow
    job_type = formulas.text(token, spec.type, "job type", IncidentKind.JOB)
    retries = whole_number(token, spec.retries, "number of retries")
    priority = whole_number(token, spec.priority, "priority") if spec.priority else 0
    job_id = job_id or workflow.new_id()
    token.internal_data["job"] = job_id
    workflow.jobs[job_id] = token.id
    workflow.emit(
        events.JobRequested(
            job_id,
            token.id,
            token.task_spec.bpmn_id,
            job_type,
            retries,
            token.task_spec.job_headers(token, spec),
            token.task_spec.job_variables(token, spec),
            spec.kind,
            priority,
        )
    )


def visible_to_job(token: Token) -> dict[str, object]:
    """With input mappings a task sees these only, otherwise every visible variable."""
    if token.task_spec.input_mappings and token.variables is not None:
        return dict(token.variables)
    return token.visible()


def forget_job(token: Token) -> None:
    """The job has ended."""
    token.workflow.jobs.pop(str(token.internal_data.pop("job")))


def cancel_job(token: Token) -> None:
    """The token is cancelled: so is the job that it waits for."""
    if "job" in token.internal_data:
        token.workflow.emit(events.JobCancelled(str(token.internal_data["job"])))
        forget_job(token)
    token.internal_data.pop("listener", None)


def listeners_done(token: Token, listeners: tuple[JobSpec, ...]) -> bool:
    """Request the next listener's job, one at a time. True: all have run."""
    position = int(str(token.internal_data.get("listener", 0)))
    if position < len(listeners):
        if "job" not in token.internal_data:
            request_job(token, listeners[position])
        return False
    token.internal_data.pop("listener", None)
    return True


def listener_of(token: Token, listeners: tuple[JobSpec, ...]) -> JobSpec:
    """The listener whose job the token waits for."""
    return listeners[int(str(token.internal_data.get("listener", 0)))]


def next_listener(token: Token) -> None:
    """The listener's job is done."""
    token.internal_data["listener"] = int(str(token.internal_data.get("listener", 0))) + 1


def whole_number(token: Token, formula: Formula, what: str) -> int:
    """The value as a whole number of zero or more. Raises Obstacle."""
    value, reasons = formulas.with_reasons(token, formula)
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and value == int(value) and value >= 0:
        return int(value)
    expected = f"a whole number of zero or more for the {what}"
    raise Obstacle(IncidentKind.EXPRESSION, formulas.misfit(expected, formula, value, reasons))
