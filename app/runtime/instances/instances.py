"""Process instances: start, look at, change, cancel."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, defer

from app.engine import commands
from app.errors import BailiwickError, Invalid, NotFound
from app.runtime.instances import advancing, forcing, new_instance
from app.runtime.instances.incidents import refusing
from app.runtime.people import may_see_instance, require
from app.runtime.transaction import Core, json_variables, mapping, refuse_if_changed, texts, told
from app.runtime.views import (
    Actor,
    DecisionView,
    HistoryEntry,
    InboxItem,
    IncidentView,
    InstanceDetail,
    InstanceFilter,
    InstanceView,
    JobView,
    ModelKind,
    Page,
    Permission,
    TaskState,
)
from app.store.states import IncidentState
from app.store.tables import EvaluationRow, HistoryRow, IncidentRow, InstanceRow, JobRow, ModelRow, TaskRow

DecisionViews = list[DecisionView]  # in the class below, `list` is the method
JobViews = list[JobView]


MOST_AT_ONCE = 1000  # instances that one transaction may start

log = structlog.get_logger(__name__)


class ListenerStopped(Exception):
    """The cancellation waits for a listener that waits for an operator."""


@dataclass(frozen=True, slots=True)
class NewInstance:
    variables: Mapping[str, object] = field(default_factory=dict)
    business_key: str | None = None


class Instances:
    def __init__(self, core: Core) -> None:
        self._core = core

    def start(
        self,
        actor: Actor,
        process_id: str,
        variables: Mapping[str, object],
        version: int | None = None,
        business_key: str | None = None,
    ) -> str:
        """Start an instance at the none start event (version None: the latest). Returns its id.

        Right: instances.start. Raises `NotFound`, `Conflict` (no none start event), `Invalid` (not JSON).
        """
        return self.start_many(actor, process_id, [NewInstance(variables, business_key)], version)[0]

    def start_many(
        self, actor: Actor, process_id: str, wanted: Sequence[NewInstance], version: int | None = None
    ) -> tuple[str, ...]:
        """Start several in one transaction: all of them or none. Returns their ids in the order of `wanted`.

        Right and errors: as for `start`; `Invalid` too for more than `MOST_AT_ONCE`.
        """
        require(actor, Permission.INSTANCES_START)
        if len(wanted) > MOST_AT_ONCE:
            raise Invalid({"$.instances": f"Expected at most {MOST_AT_ONCE} instances, but found {len(wanted)}."})
        given = [(json_variables(each.variables), each.business_key) for each in wanted]
        query = select(ModelRow).where(ModelRow.kind == ModelKind.BPMN, ModelRow.key == process_id)
        query = query.where(ModelRow.latest if version is None else ModelRow.version == version)
        with self._core.transaction(actor) as transaction:
            model = transaction.session.scalars(query).first()
            if model is None:
                known = "" if version is None else f" version {version}"
                raise NotFound(f'Expected a deployed process "{process_id}"{known}, but found none.')
            advance = advancing.Advance(self._core, transaction)
            command = transaction.command
            origin = None if command is None else f"command {command.person_id}\n{command.key}"
            return tuple(
                advance.start(
                    new_instance.StartRequest(
                        model.id,
                        variables,
                        business_key=business_key,
                        origin=None if origin is None else f"{origin}\n{position}",
                    )
                )
                for position, (variables, business_key) in enumerate(given)
            )

    def list(
        self, actor: Actor, wanted: InstanceFilter | None = None, after: str | None = None, limit: int = 50
    ) -> Page[InstanceView]:
        """Instances, newest first. Right: instances.see."""
        require(actor, Permission.INSTANCES_SEE)
        query = select(InstanceRow).options(defer(InstanceRow.state), defer(InstanceRow.variables))
        query = query.where(*conditions(wanted or InstanceFilter())).order_by(InstanceRow.id.desc()).limit(limit + 1)
        if after is not None:
            query = query.where(InstanceRow.id < after)
        with self._core.store.read() as session:
            rows = session.scalars(query).all()
            last = rows[limit - 1].id if len(rows) > limit else None
            return Page(tuple(InstanceView.of(row) for row in rows[:limit]), last)

    def get(self, actor: Actor, instance_id: str) -> InstanceDetail:
        """One instance with what its page shows. Right: instances.see, or a task of it that the actor may work on."""
        with self._core.store.read() as session:
            return self._detail(session, self._visible(session, actor, instance_id))

    def _detail(self, session: Session, row: InstanceRow) -> InstanceDetail:
        active, completed, cancelled = _visits(session, row.id)
        children = session.scalars(select(InstanceRow).where(InstanceRow.parent_id == row.id).limit(200))
        incidents = session.scalars(
            select(IncidentRow).where(IncidentRow.instance_id == row.id).order_by(IncidentRow.id)
        ).all()
        tasks = session.scalars(select(TaskRow).where(TaskRow.instance_id == row.id, TaskRow.state == TaskState.OPEN))
        return InstanceDetail(
            view=InstanceView.of(row),
            model_id=row.model_id,
            variables=mapping(row.variables),
            active=active,
            completed=completed,
            cancelled=cancelled,
            incident_elements=Counter(each.element_id for each in incidents if each.state is IncidentState.OPEN),
            flows=texts(row.flows),
            children=tuple(InstanceView.of(child) for child in children),
            incidents=tuple(IncidentView.of(each) for each in incidents),
            jobs=self._jobs(session, row.id),
            tasks=tuple(InboxItem.of(task) for task in tasks),
        )

    def marks(self, actor: Actor, instance_id: str) -> Mapping[str, object]:
        """Marks of the diagram: {"active": {element: count}, "completed", "incidents", "cancelled", "flows": [ids]}.

        Right: as for `get`.
        """
        detail = self.get(actor, instance_id)
        return {
            "active": dict(detail.active),
            "completed": dict(detail.completed),
            "incidents": dict(detail.incident_elements),
            "cancelled": dict(detail.cancelled),
            "flows": list(detail.flows),
        }

    def history(self, actor: Actor, instance_id: str, after: str | None = None, limit: int = 100) -> Page[HistoryEntry]:
        """The timeline in the order in which it happened. The cursor is a position as text. Right: as for `get`."""
        with self._core.store.read() as session:
            self._visible(session, actor, instance_id)
            query = select(HistoryRow).where(HistoryRow.instance_id == instance_id)
            if after is not None:
                query = query.where(HistoryRow.position > int(after))
            rows = session.scalars(query.order_by(HistoryRow.position).limit(limit + 1)).all()
            last = str(rows[limit - 1].position) if len(rows) > limit else None
            return Page(tuple(HistoryEntry.of(row) for row in rows[:limit]), last)

    def decisions(self, actor: Actor, instance_id: str) -> DecisionViews:
        """Every evaluation of the instance in order, with matched rules and model version. Right: as for `get`."""
        with self._core.store.read() as session:
            self._visible(session, actor, instance_id)
            query = select(EvaluationRow).where(EvaluationRow.instance_id == instance_id).order_by(EvaluationRow.id)
            return [DecisionView.of(row) for row in session.scalars(query)]

    def jobs(self, actor: Actor, instance_id: str) -> JobViews:
        """Every job of the instance in order. Right: as for `get`."""
        with self._core.store.read() as session:
            self._visible(session, actor, instance_id)
            return [*self._jobs(session, instance_id)]

    def set_variables(
        self, actor: Actor, instance_id: str, variables: Mapping[str, object], scope_id: str | None = None
    ) -> None:
        """Set variables in the instance's own scope (or in `scope_id`); old and new values are audited.

        Right: instances.operate.
        """
        require(actor, Permission.INSTANCES_OPERATE)
        given = json_variables(variables)
        with refusing(), self._core.transaction(actor) as transaction:
            row = advancing.lock(transaction, instance_id)
            refuse_if_changed(lambda: self._detail(transaction.session, row))
            before = mapping(row.variables)
            advancing.Advance(self._core, transaction).send(instance_id, commands.SetVariables(given, scope_id))
            transaction.record(
                "instance.variables-set",
                instance_id,
                stream=instance_id,
                scope=scope_id,
                new=given,
                old={name: before.get(name) for name in given},
            )

    def cancel(self, actor: Actor, instance_id: str, reason: str = "") -> bool:
        """End the instance and everything it called. Right: instances.operate.

        True: it is over; False: it runs until its listeners have been called, and does nothing else.
        It can always be cancelled: where the engine fails, or asked again when a listener has stopped, by force.
        """
        require(actor, Permission.INSTANCES_OPERATE)
        try:
            return self._cancel(actor, instance_id, reason)
        except Exception as error:
            if isinstance(error, BailiwickError):
                raise
            log.exception("the engine cannot cancel", instance_id=instance_id)
            forcing.cancel(self._core, actor, instance_id, reason, told(error))
            return True

    def _cancel(self, actor: Actor, instance_id: str, reason: str) -> bool:
        with self._core.transaction(actor) as transaction:
            row = advancing.lock(transaction, instance_id)
            refuse_if_changed(lambda: self._detail(transaction.session, row))
            advance = advancing.Advance(self._core, transaction)
            if row.incident_count > 0 and advance.is_cancelling(instance_id):
                raise ListenerStopped("a listener of the cancellation that has stopped")
            advance.send(instance_id, commands.CancelInstance(reason))
            is_over = not advance.is_running(instance_id)
            if not is_over:
                transaction.record("instance.cancelling", instance_id, stream=instance_id, reason=reason)
            return is_over

    def _visible(self, session: Session, actor: Actor, instance_id: str) -> InstanceRow:
        row = session.get(InstanceRow, instance_id)
        if row is None or not may_see_instance(session, actor, instance_id):
            raise NotFound(f"Expected a process instance {instance_id}, but found none that {actor.name} may see.")
        return row

    def _jobs(self, session: Session, instance_id: str) -> tuple[JobView, ...]:
        query = select(JobRow).where(JobRow.instance_id == instance_id).order_by(JobRow.id)
        return JobView.of_all(session, session.scalars(query), self._core.registry)


def conditions(wanted: InstanceFilter) -> list[ColumnElement[bool]]:
    """What the rows of the filter have in common."""
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (InstanceRow.process_id, wanted.process_id),
        (InstanceRow.version, wanted.version),
        (InstanceRow.status, wanted.status),
        (InstanceRow.business_key, wanted.business_key),
        (InstanceRow.parent_id, wanted.parent_id),
        (InstanceRow.trace_id, wanted.trace_id),
    ):
        if value is not None:
            found.append(column == value)
    if wanted.with_incidents is not None:
        found.append(InstanceRow.incident_count > 0 if wanted.with_incidents else InstanceRow.incident_count == 0)
    return found


def _visits(session: Session, instance_id: str) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """How often tokens are at, have left and were taken from each element."""
    query = (
        select(HistoryRow.element_id, HistoryRow.outcome, func.count())
        .where(HistoryRow.instance_id == instance_id, HistoryRow.kind == "element")
        .group_by(HistoryRow.element_id, HistoryRow.outcome)
    )
    counts: dict[str | None, dict[str, int]] = {None: {}, "completed": {}, "cancelled": {}}
    for element_id, outcome, number in session.execute(query):
        if element_id is not None:
            counts[outcome][element_id] = number
    return counts[None], counts["completed"], counts["cancelled"]
