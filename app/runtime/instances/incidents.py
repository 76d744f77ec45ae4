"""Incidents: what stopped and needs an operator."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import select

from app.engine import commands
from app.errors import Conflict, NotFound
from app.runtime.clock import Place
from app.runtime.instances import advancing, standstill, task_rows
from app.runtime.people import require
from app.runtime.transaction import SYSTEM, CannotAdvance, Core, Transaction
from app.runtime.views import Actor, DueKind, IncidentState, IncidentView, InstanceStatus, Page, Permission, TaskState
from app.store.tables import IncidentRow, SetbackRow, TaskRow

log = structlog.get_logger(__name__)


class Incidents:
    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self,
        actor: Actor,
        state: IncidentState | None = IncidentState.OPEN,
        instance_id: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[IncidentView]:
        """Incidents, newest first. Right: instances.see."""
        require(actor, Permission.INSTANCES_SEE)
        query = select(IncidentRow).order_by(IncidentRow.id.desc()).limit(limit + 1)
        if state is not None:
            query = query.where(IncidentRow.state == state)
        if instance_id is not None:
            query = query.where(IncidentRow.instance_id == instance_id)
        if after is not None:
            query = query.where(IncidentRow.id < after)
        with self._core.store.read() as session:
            rows = session.scalars(query).all()
            last = rows[limit - 1].id if len(rows) > limit else None
            return Page(tuple(IncidentView.of(row) for row in rows[:limit]), last)

    def retry(self, actor: Actor, incident_id: str) -> None:
        """Try again what the incident stopped; a dead letter gets fresh retries. Right: instances.operate."""
        require(actor, Permission.INSTANCES_OPERATE)
        with self._core.transaction(actor) as transaction:
            located = transaction.session.scalar(select(IncidentRow.instance_id).where(IncidentRow.id == incident_id))
            if located is None:
                raise NotFound(f"Expected an incident {incident_id}, but found none.")
            advancing.lock(transaction, located)
            retry(transaction, advancing.Advance(self._core, transaction), incident_id)


def retry(transaction: Transaction, advance: advancing.Advance, incident_id: str) -> None:
    """Try again what the incident of an instance that is locked stopped; the tasks about it are over.

    What its element is given is read anew, so that corrected variables count. Raises `Conflict` for one that is over.
    """
    session = transaction.session
    incident = transaction.anew(IncidentRow, incident_id)
    if incident is None or incident.state is not IncidentState.OPEN:
        raise Conflict(f"Expected an open incident, but it is {'gone' if incident is None else incident.state}.")
    stream = incident.instance_id
    if incident.job_id is not None:
        open_tasks = select(TaskRow.id).where(TaskRow.job_id == incident.job_id, TaskRow.state == TaskState.OPEN)
        task_rows.end(transaction, list(session.scalars(open_tasks)), TaskState.COMPLETED)
    transaction.record("incident.retried", incident_id, stream=stream, element=incident.element_id)
    if incident.kind == standstill.STANDSTILL:
        standstill.retry(transaction, advancing.lock(transaction, stream), incident)
    else:
        advance.send(stream, commands.ResolveIncident(incident_id))


@contextmanager
def telling(core: Core) -> Iterator[None]:
    """What a person asks of an instance cannot be done, for no reason of theirs: operators are told, and so are they.

    Around the whole transaction. Raises `Conflict` in place of `CannotAdvance`.
    """
    try:
        yield
    except CannotAdvance as error:
        log.exception("instance cannot go on", instance_id=error.instance_id)
        with core.transaction(SYSTEM) as transaction:
            row = advancing.lock(transaction, error.instance_id)
            message = f"Expected the instance to go on, but found {error.what}. Retry, move its tokens, or cancel it."
            if row.status is InstanceStatus.RUNNING and not _is_known(transaction, row.id, message):
                standstill.begin(transaction, row, message)
        raise Conflict(
            "Expected the case to go on, but it cannot: that is a mistake of the platform, and none of yours. "
            "Nothing was changed. Its operators see an incident; try again when they have resolved it."
        ) from error


@contextmanager
def refusing() -> Iterator[None]:
    """What an operator asks of an instance cannot be done, because the instance cannot go on or be read.

    Around the whole transaction. Raises `Conflict` in place of `CannotAdvance`, with what always works.
    """
    try:
        yield
    except CannotAdvance as error:
        log.exception("instance cannot go on", instance_id=error.instance_id)
        raise Conflict(
            f"Expected instance {error.instance_id} to go on, but found {error.what}. Nothing was changed. "
            "It can always be cancelled, and started anew."
        ) from error


def _is_known(transaction: Transaction, instance_id: str, message: str) -> bool:
    known = select(IncidentRow.id).where(IncidentRow.instance_id == instance_id, IncidentRow.message == message)
    return transaction.session.scalar(known.where(IncidentRow.state == IncidentState.OPEN).limit(1)) is not None


class Standstills:
    """What the clock says of an instance that a due thing is about (see `clock.setbacks`)."""

    def begin(self, transaction: Transaction, kind: DueKind, subject: str, place: Place, message: str) -> str | None:
        """An incident on the instance; None if there is one about this already, or the instance is over."""
        row = advancing.lock(transaction, place.instance_id)
        known = select(SetbackRow.incident_id).where(SetbackRow.kind == kind, SetbackRow.subject == subject)
        if row.status is not InstanceStatus.RUNNING or transaction.session.scalar(known) is not None:
            return None
        return standstill.begin(transaction, row, message, element_id=place.element_id)

    def end(self, transaction: Transaction, incident_id: str) -> None:
        """The due thing could be done at last."""
        located = transaction.session.scalar(select(IncidentRow.instance_id).where(IncidentRow.id == incident_id))
        if located is not None:
            standstill.end(transaction, advancing.lock(transaction, located), [incident_id])
