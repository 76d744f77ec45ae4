"""Moving running instances to another version of their process, with the rows that name its elements."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import case, select, update

from app import engine
from app.errors import Conflict, Diagnostic, NotFound, Severity
from app.runtime.instances import EventWriter, advancing, refusing
from app.runtime.models import DecisionService, is_global_task
from app.runtime.people import require
from app.runtime.transaction import Core, Transaction, advancing_of
from app.runtime.transaction import mapping as json_object
from app.runtime.views import (
    Actor,
    IncidentState,
    InstanceStatus,
    JobState,
    MigrationReport,
    ModelKind,
    Permission,
    TaskState,
    TokenMove,
)
from app.store.tables import HistoryRow, IncidentRow, InstanceRow, JobRow, ModelRow, SubscriptionRow, TaskRow, TimerRow

OPEN_JOBS = (JobState.AVAILABLE, JobState.LEASED, JobState.AWAITING_APPROVAL, JobState.HELD, JobState.FAILED)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a migration would do. `state` is None if it cannot be done."""

    state: dict[str, object] | None
    target: ModelRow
    moves: tuple[TokenMove, ...]
    problems: tuple[Diagnostic, ...]


class Migrating:
    def __init__(self, core: Core) -> None:
        self._core = core

    def migrate(
        self,
        actor: Actor,
        instance_id: str,
        version: int,
        mapping: Mapping[str, str] | None = None,
        *,
        dry_run: bool = False,
    ) -> MigrationReport:
        """Move a running instance to a version of its process. `mapping` takes element ids to those of that version.

        What the mapping leaves out keeps its id. The mandate stays the one under which the instance started. With an
        error among the report's problems nothing has changed. Right: instances.operate; instances.see for a dry run.
        Raises `NotFound` (no such version) and `Conflict` (not running, or of that version already).
        """
        require(actor, Permission.INSTANCES_SEE if dry_run else Permission.INSTANCES_OPERATE)
        opened = self._core.look(actor) if dry_run else self._core.transaction(actor)
        with refusing(), opened as transaction, advancing_of(instance_id):
            row = advancing.lock(transaction, instance_id)
            source_version = row.version
            plan = self._plan(transaction, row, version, mapping or {})
            migrated = plan.state is not None and not dry_run
            if migrated:
                self._carry_out(transaction, row, plan, mapping or {})
            return MigrationReport(
                instance_id=instance_id,
                process_id=row.process_id,
                source_version=source_version,
                target_version=version,
                dry_run=dry_run,
                migrated=migrated,
                moves=plan.moves,
                problems=plan.problems,
            )

    def _plan(self, transaction: Transaction, row: InstanceRow, version: int, mapping: Mapping[str, str]) -> Plan:
        session, models = transaction.session, self._core.models
        if row.status is not InstanceStatus.RUNNING:
            raise Conflict(f"Expected a running process instance, but {row.id} is {row.status}.")
        if row.version == version:
            raise Conflict(f"Expected an instance of another version, but {row.id} has version {version} already.")
        target = session.scalars(
            select(ModelRow).where(
                ModelRow.kind == ModelKind.BPMN, ModelRow.key == row.process_id, ModelRow.version == version
            )
        ).first()
        if target is None:
            raise NotFound(f'Expected a deployed process "{row.process_id}" version {version}, but found none.')
        program = models.program(session, target.id)
        stored = json_object(row.state)
        moved = engine.migrate(stored, models.program(session, row.model_id), program, mapping)
        problems = (*moved.problems, *_role_problems(row, target))
        if moved.state is None or any(each.severity is Severity.ERROR for each in problems):
            return Plan(None, target, (), problems)
        before = self._live(transaction, row.model_id, stored)
        after = self._live(transaction, target.id, moved.state)
        moves = tuple(TokenMove(key, element_id, after[key]) for key, element_id in before.items())
        return Plan(moved.state, target, moves, problems)

    def _live(self, transaction: Transaction, model_id: str, state: Mapping[str, object]) -> dict[str, str]:
        """Element instance → element."""
        program = self._core.models.program(transaction.session, model_id)
        services = DecisionService(transaction.session, self._core.models, model_id)
        live = engine.Instance.load(program, state, services).live()
        return {each.element_instance_id: each.element_id for each in live}

    def _carry_out(self, transaction: Transaction, row: InstanceRow, plan: Plan, mapping: Mapping[str, str]) -> None:
        old = {"version": row.version, "model": row.model_id}
        row.state = plan.state
        row.model_id = plan.target.id
        row.version = plan.target.version
        row.process_name = plan.target.name
        _rename(transaction, row.id, mapping)
        detail: dict[str, object] = {
            "old": old,
            "new": {"version": row.version, "model": row.model_id},
            "mapping": dict(mapping),
            "moves": [[each.source, each.target] for each in plan.moves],
        }
        EventWriter(self._core, transaction, row).history("migrated", actor=transaction.actor.name, detail=detail)
        transaction.record("instance.migrated", row.id, stream=row.id, **detail)


def _role_problems(row: InstanceRow, target: ModelRow) -> tuple[Diagnostic, ...]:
    """An instance keeps its mandate, so the other version must want the same role. A global task wants its caller's."""
    if is_global_task(target.facts):
        return ()
    wanted = json_object(target.facts).get("job_role")
    if wanted in (row.job_role, None):  # without a label it keeps the mandate that it has
        return ()
    message = f"Expected a version under the role {row.job_role}, but version {target.version} is under {wanted}."
    return (Diagnostic("runtime.migration-role", message, "Let the instance end, or start a new one."),)


def _rename(transaction: Transaction, instance_id: str, mapping: Mapping[str, str]) -> None:
    """The rows of what is still open name the elements of the new version; what has ended keeps its names."""
    renamed = {source: target for source, target in mapping.items() if source != target}
    if not renamed:
        return
    for table, still_open in (
        (JobRow, JobRow.state.in_(OPEN_JOBS)),
        (TaskRow, TaskRow.state == TaskState.OPEN),
        (IncidentRow, IncidentRow.state == IncidentState.OPEN),
        (HistoryRow, HistoryRow.ended_at.is_(None) & (HistoryRow.kind == "element")),
        (TimerRow, None),
        (SubscriptionRow, None),
    ):
        change = (
            update(table)
            .where(table.instance_id == instance_id, table.element_id.in_(renamed))
            .values(element_id=case(renamed, value=table.element_id))
            .execution_options(synchronize_session=False)
        )
        transaction.session.execute(change if still_open is None else change.where(still_open))
