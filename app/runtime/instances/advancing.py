"""Advancing process instances: lock, load, hand the engine commands, write what happened. One transaction.

A call activity's instance is advanced together with its caller: what one sends the other is carried out in the same
transaction. The lock is that of the tree's root, so that caller and called never wait for each other.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, TypeVarTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import defer

from app import engine
from app.engine import commands, events
from app.errors import Conflict, NotFound
from app.runtime.instances import evidence_contract, new_instance, origins
from app.runtime.instances.event_writer import EventWriter
from app.runtime.instances.nesting import Nesting
from app.runtime.models import DecisionService, find_process
from app.runtime.transaction import Core, Transaction, advancing_of, new_id
from app.store.states import InstanceStatus
from app.store.tables import AuditStreamRow, InstanceRow, JobRow, TaskRow

Part = TypeVar("Part", JobRow, TaskRow)
Columns = TypeVarTuple("Columns")


# what one instance of a tree has to say to another
Caused = (
    commands.StartInstance
    | commands.CompleteCalledInstance
    | commands.FailCalledInstance
    | commands.RefuseCall
    | commands.EscalateCalledInstance
    | commands.CancelInstance
)


@dataclass(slots=True)
class Loaded:
    row: InstanceRow
    instance: engine.Instance
    services: DecisionService
    writer: EventWriter


def lock(transaction: Transaction, instance_id: str, *, to_advance: bool = True) -> InstanceRow:
    """The row of an instance, with its tree locked until the transaction ends. Raises `NotFound`.

    Not `to_advance`: the engine's state, which grows with the tokens, is read only if it is needed after all.
    """
    if instance_id in transaction.locked:
        return transaction.locked[instance_id]
    root_of = select(InstanceRow.root_id).where(InstanceRow.id == instance_id).scalar_subquery()
    root = _read(transaction, _rows(to_advance=to_advance).where(InstanceRow.id == root_of))
    if root is not None and root.id == instance_id:
        return root
    row = _read(transaction, _rows(to_advance=to_advance).where(InstanceRow.id == instance_id))
    if row is None:
        raise NotFound("Expected a process instance of this id, but found none.")
    return row


def lock_roots(transaction: Transaction, instance_ids: Sequence[str]) -> list[str]:
    """Lock those of these roots that nobody else holds, in the order of their ids. Returns them; waits for nobody."""
    query = _rows(to_advance=True).where(InstanceRow.id.in_(instance_ids)).order_by(InstanceRow.id)
    query = _without_held(transaction, query).with_for_update(skip_locked=True)
    found = transaction.session.execute(query.execution_options(populate_existing=True)).all()
    return [_keep(transaction, *each).id for each in found]


def lock_with(
    transaction: Transaction, kind: type[Part], part_id: str, *, to_advance: bool = True
) -> tuple[InstanceRow, Part] | None:
    """A job or a task with the row of its instance, the tree and itself locked until the end; None if it is gone.

    The root comes first, here and everywhere: so nobody who has the root waits for somebody who waits for it.
    """
    query = _rows(to_advance=to_advance).add_columns(kind).join(kind, kind.root_id == InstanceRow.id)
    query = query.where(kind.id == part_id)
    found = transaction.session.execute(_locking(_without_held(transaction, query))).one_or_none()
    if found is not None:
        root, count, head, part = found
        _keep(transaction, root, count, head)
    else:
        held = transaction.anew(kind, part_id, lock=True) if transaction.locked else None
        if held is None:
            return None
        part = held
    return lock(transaction, part.instance_id, to_advance=to_advance), part


def _read(transaction: Transaction, query: Select[InstanceRow, int, str]) -> InstanceRow | None:
    """None: there is none, or the transaction holds it already."""
    found = transaction.session.execute(_locking(_without_held(transaction, query))).one_or_none()
    return None if found is None else _keep(transaction, *found)


def _without_held(transaction: Transaction, query: Select[*Columns]) -> Select[*Columns]:
    """Nobody else can have changed a row that this transaction holds. Read again, it would lose its changes."""
    return query.where(InstanceRow.id.not_in(list(transaction.locked))) if transaction.locked else query


def _keep(transaction: Transaction, row: InstanceRow, count: int, head: str) -> InstanceRow:
    """Note that the transaction holds the row, and so the end of its audit stream."""
    transaction.locked[row.id] = row
    transaction.heads[row.id] = (count, head)
    return row


def _rows(*, to_advance: bool) -> Select[InstanceRow, int, str]:
    """Instances, each with the end of its audit stream, which nobody else can move while the tree is locked."""
    query = select(InstanceRow, AuditStreamRow.count, AuditStreamRow.head)
    if not to_advance:
        query = query.options(defer(InstanceRow.state))
    return query.join(AuditStreamRow, AuditStreamRow.stream == InstanceRow.id)


def _locking(query: Select[*Columns]) -> Select[*Columns]:
    """With every row locked, in the order of the tables: PostgreSQL then reads all of them anew after it has waited."""
    return query.with_for_update().execution_options(populate_existing=True)


class Advance:
    """The instances that one transaction advances, each loaded once and written once, at the end of the transaction."""

    def __init__(self, core: Core, transaction: Transaction) -> None:
        self._core = core
        self._transaction = transaction
        self._moment = engine.Moment(transaction.now, new_id, transaction.hops < core.settings.most_hops)
        self._nesting = Nesting(core.settings)
        self._loaded: dict[str, Loaded] = {}
        self._waiting: deque[tuple[str, Caused]] = deque()
        transaction.before_the_end(self._write)

    def start(self, request: new_instance.StartRequest) -> str:
        """A new instance, run until every token waits. Returns its id."""
        row = new_instance.new_row(self._transaction, request)
        program = self._core.models.program(self._transaction.session, row.model_id)
        services = self._services(row)
        instance = engine.Instance.create(program, row.id, services, self._moment)
        self._keep(row, instance, services)
        new_instance.record_trigger(self._transaction, row, request)
        self.send(row.id, commands.StartInstance(request.variables, request.element_id, request.correlation_key))
        return row.id

    def send(self, instance_id: str, command: commands.Command) -> None:
        """Carry out a command and everything that it causes in caller and called. Raises `Conflict`.

        Only the command itself can come too late. What it causes may be pointless by the time that it is its turn,
        because something that came before has ended what it was meant for; then there is nothing to do.
        """
        self._handle(self._load(instance_id), command)
        while self._waiting:
            self._handle_caused(*self._waiting.popleft())

    def row(self, instance_id: str) -> InstanceRow:
        return self._load(instance_id).row

    def live(self, instance_id: str) -> tuple[engine.LiveElement, ...]:
        """Where the tokens of a running instance are, outer before inner."""
        return self._load(instance_id).instance.live()

    def scopes_around(self, instance_id: str, element_id: str) -> tuple[str, ...]:
        """The scopes in which an element of the process stands, inner before outer, without the process."""
        return self._load(instance_id).instance.program.scopes_around(element_id)

    def is_running(self, instance_id: str) -> bool:
        """Whether an instance that this transaction has advanced goes on."""
        return self._load(instance_id).instance.status is engine.Status.RUNNING

    def is_cancelling(self, instance_id: str) -> bool:
        """Whether an instance only waits for its listeners before it is cancelled."""
        return self._load(instance_id).instance.is_cancelling

    def variables(self, instance_id: str, scope_id: str | None) -> dict[str, object]:
        """The variables visible in a scope; None: the instance's own. Raises `Conflict` if the scope is gone."""
        return self._load(instance_id).instance.variables(scope_id)

    def _handle_caused(self, instance_id: str, command: Caused) -> None:
        loaded = self._loaded.get(instance_id)
        if loaded is None:
            row = lock(self._transaction, instance_id)
            if row.status is not InstanceStatus.RUNNING:
                return
            loaded = self._load(instance_id)
        if _is_awaited(loaded.instance, command):
            self._handle(loaded, command)

    def _handle(self, loaded: Loaded, command: commands.Command) -> None:
        loaded.services.asked.clear()
        with advancing_of(loaded.row.id):
            happened = loaded.instance.handle(command, self._moment)
            loaded.writer.write(happened, loaded.services.asked)
        self._pass_on(loaded, happened)

    def _pass_on(self, loaded: Loaded, happened: Iterable[events.Event]) -> None:
        """What concerns the instances that this one called, or the one that called it."""
        row = loaded.row
        called: dict[str, events.CalledInstanceRequested] = {}
        for event in happened:
            match event:
                case events.CalledInstanceRequested():
                    called[event.element_instance_id] = event
                case events.CalledInstanceCancelled(element_instance_id):
                    if called.pop(element_instance_id, None) is not None:
                        continue  # left in the step that called: nothing was begun
                    for child_id in self._called_by(row.id, element_instance_id):
                        self._waiting.append((child_id, commands.CancelInstance("The call activity was left.")))
                case events.InstanceCompleted(variables) if row.parent_id and row.parent_element_id:
                    command = commands.CompleteCalledInstance(row.parent_element_id, variables)
                    self._waiting.append((row.parent_id, command))
                case events.InstanceFailed(code, message) if row.parent_id and row.parent_element_id:
                    self._waiting.append(
                        (row.parent_id, commands.FailCalledInstance(row.parent_element_id, code, message))
                    )
                case events.EscalationThrown(_, code, None, variables) if row.parent_id and row.parent_element_id:
                    escalate = commands.EscalateCalledInstance(row.parent_element_id, code, variables)
                    self._waiting.append((row.parent_id, escalate))
                case _:
                    pass
        for request in called.values():
            self._call(row, request)

    def _call(self, caller: InstanceRow, event: events.CalledInstanceRequested) -> None:
        model = find_process(
            self._transaction.session, event.process_id, event.binding, event.version_tag, caller.model_id
        )
        refusal = self._nesting.refusal(self._transaction.session, caller)
        if model is None:
            refusal = f'Expected a deployed process "{event.process_id}" ({event.binding}), but found none.'
        if model is None or refusal is not None:
            self._waiting.append((caller.id, commands.RefuseCall(event.element_instance_id, refusal or "")))
            return
        request = new_instance.StartRequest(
            model_id=model.id,
            variables=event.variables,
            trace_id=caller.trace_id,
            business_key=caller.business_key if event.business_id is None else event.business_id,
            parent=caller,
            parent_element_id=event.element_instance_id,
            origin=origins.of_call(caller, event.element_id, model.key),
        )
        row = new_instance.new_row(self._transaction, request)
        self._nesting.called(row, caller)
        program = self._core.models.program(self._transaction.session, row.model_id)
        services = self._services(row)
        self._keep(row, engine.Instance.create(program, row.id, services, self._moment), services)
        new_instance.record_trigger(self._transaction, row, request)
        self._waiting.append((row.id, commands.StartInstance(request.variables)))

    def _called_by(self, instance_id: str, element_instance_id: str) -> list[str]:
        here = [
            loaded.row.id
            for loaded in self._loaded.values()
            if loaded.row.parent_id == instance_id and loaded.row.parent_element_id == element_instance_id
        ]
        stored = self._transaction.session.scalars(
            select(InstanceRow.id).where(
                InstanceRow.parent_id == instance_id,
                InstanceRow.parent_element_id == element_instance_id,
                InstanceRow.status == InstanceStatus.RUNNING,
            )
        )
        return list(dict.fromkeys([*here, *stored]))

    def _load(self, instance_id: str) -> Loaded:
        if instance_id in self._loaded:
            return self._loaded[instance_id]
        row = lock(self._transaction, instance_id)
        if row.status is not InstanceStatus.RUNNING:
            raise Conflict(f"Expected a running process instance, but {instance_id} is {row.status}.")
        services = self._services(row)
        with advancing_of(row.id):
            program = self._core.models.program(self._transaction.session, row.model_id)
            state = row.state
            if not isinstance(state, Mapping):
                raise TypeError("Expected the stored state to be an object.")
            instance = engine.Instance.load(program, state, services)
        return self._keep(row, instance, services)

    def _keep(self, row: InstanceRow, instance: engine.Instance, services: DecisionService) -> Loaded:
        loaded = Loaded(row, instance, services, EventWriter(self._core, self._transaction, row))
        self._loaded[row.id] = loaded
        return loaded

    def _services(self, row: InstanceRow) -> DecisionService:
        session, models = self._transaction.session, self._core.models
        mandate = models.mandate(session, row.mandate_id) if row.mandate_id else None
        return DecisionService(session, models, row.model_id, mandate)

    def _write(self) -> None:
        for loaded in self._loaded.values():
            row = loaded.row
            row.status = InstanceStatus(loaded.instance.status)
            if row.status is not InstanceStatus.RUNNING:
                row.ended_at = self._transaction.now
            with advancing_of(row.id):
                row.state = loaded.instance.state()
                row.variables = loaded.instance.variables()
                loaded.writer.finish()
        for loaded in self._loaded.values():
            if loaded.row.status is InstanceStatus.COMPLETED:
                evidence_contract.enforce(self._core, self._transaction, loaded.row)


def _is_awaited(instance: engine.Instance, command: Caused) -> bool:
    """Whether what a command was meant for is still there."""
    match command:
        case commands.StartInstance():
            return instance.status is engine.Status.CREATED
        case commands.CancelInstance():
            return instance.status is engine.Status.RUNNING and not instance.is_cancelling
        case _:
            return instance.status is engine.Status.RUNNING and instance.awaits_called(command.element_instance_id)
