"""Kill switches: stop everything, a role, a process, an action (a job type), a system, an instance or an element.

They hold from the next check on, and no work is lost: jobs wait; of everything, a process, an instance or an element
timers and messages wait as well (see `suspending`). To suspend is to set a switch, to resume is to clear it.
"""

from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, Invalid, NotFound
from app.runtime.governance import held_jobs
from app.runtime.instances import suspending
from app.runtime.people import require
from app.runtime.transaction import Core, new_id
from app.runtime.views import Actor, Permission, SwitchScope, SwitchView
from app.store import locks
from app.store.states import ModelKind
from app.store.tables import InstanceRow, JobRow, MandateRow, ModelRow, SwitchRow


class Switches:
    def __init__(self, core: Core) -> None:
        self._core = core

    def set(self, actor: Actor, scope: SwitchScope, key: str, reason: str) -> str:
        """Throw a switch. `key` names the role, process, action, system, instance, or "process/element".

        Right: switches.use. Raises `Invalid`, and `Conflict` if this switch is set already.
        """
        require(actor, Permission.SWITCHES_USE)
        name = "*" if scope is SwitchScope.EVERYTHING else key.strip()
        problems = {}
        if not name:
            problems["$.key"] = f"Expected the {scope} that is to stop."
        if name and scope is SwitchScope.ELEMENT and not all(name.partition("/")):
            problems["$.key"] = 'Expected "process/element".'
        if not reason.strip():
            problems["$.reason"] = "Expected a reason."
        if problems:
            raise Invalid(problems)
        with self._core.transaction(actor) as transaction:
            self._check_key(transaction.session, scope, name)
            locks.hold(transaction.session, locks.Lock.SWITCHES)
            same = select(SwitchRow).where(
                SwitchRow.scope == scope, SwitchRow.key == name, SwitchRow.cleared_at.is_(None)
            )
            if (present := transaction.session.scalars(same).first()) is not None:
                raise Conflict(f"Expected a switch that is not set, but {present.set_by} has set {scope} {name}.")
            row = SwitchRow(
                id=new_id(), scope=scope, key=name, reason=reason, set_by=actor.name, set_at=transaction.now
            )
            transaction.session.add(row)
            transaction.record("switch.set", row.id, scope=scope, key=name, reason=reason)
            return row.id

    def _check_key(self, session: Session, scope: SwitchScope, name: str) -> None:
        """Raise `Invalid` for what is not there: in an emergency a switch on a mistyped name would stop nothing."""
        known: set[str]
        match scope:
            case SwitchScope.ACTION:
                known = {
                    *self._core.registry,
                    *session.scalars(select(JobRow.type).where(JobRow.type == name).limit(1)),
                }
            case SwitchScope.PROCESS | SwitchScope.ELEMENT:
                models = select(ModelRow.key).where(ModelRow.kind == ModelKind.BPMN)
                known = set(session.scalars(models.distinct()))
            case SwitchScope.ROLE:
                known = set(session.scalars(select(MandateRow.job_role).distinct()))
            case SwitchScope.INSTANCE:
                known = {name} if session.get(InstanceRow, name) else set()
            case _:
                return
        wanted = name.partition("/")[0] if scope is SwitchScope.ELEMENT else name
        if wanted in known:
            return
        near = get_close_matches(wanted, sorted(known), n=3)
        meant = f" Did you mean {' or '.join(near)}?" if near else ""
        raise Invalid({"$.key": f'Expected the {scope} that is to stop, but there is no "{wanted}".{meant}'})

    def clear(self, actor: Actor, switch_id: str) -> None:
        """Undo a switch; what it held goes on, and is checked anew. Right: switches.use."""
        require(actor, Permission.SWITCHES_USE)
        with self._core.transaction(actor) as transaction:
            row = transaction.session.get(SwitchRow, switch_id)
            if row is None:
                raise NotFound(f"Expected a switch {switch_id}, but found none.")
            if row.cleared_at is not None:
                raise Conflict(f"Expected a switch that is set, but {row.cleared_by} has cleared it.")
            row.cleared_at = transaction.now
            row.cleared_by = actor.name
            transaction.session.flush()  # waits for those who hold something by this switch right now
            released = held_jobs.release(transaction, held_jobs.SWITCH) + suspending.release(transaction)
            transaction.record("switch.cleared", row.id, scope=row.scope, key=row.key, released=released)

    def lift(self, actor: Actor, scope: SwitchScope, key: str) -> None:
        """Clear the switch that is set on this. Right: switches.use. Raises `NotFound` if none is."""
        require(actor, Permission.SWITCHES_USE)
        query = select(SwitchRow.id).where(
            SwitchRow.scope == scope, SwitchRow.key == key, SwitchRow.cleared_at.is_(None)
        )
        with self._core.store.read() as session:
            switch_id = session.scalar(query)
        if switch_id is None:
            raise NotFound(f"Expected a switch on the {scope} {key}, but none is set.")
        self.clear(actor, switch_id)

    def list(self) -> list[SwitchView]:
        """The switches that are set. `held_jobs` counts what all of them hold together."""
        with self._core.store.read() as session:
            held = held_jobs.counts(session).get(held_jobs.SWITCH, 0)
            query = select(SwitchRow).where(SwitchRow.cleared_at.is_(None)).order_by(SwitchRow.id)
            return [
                SwitchView(row.id, row.scope, row.key, row.reason, row.set_by, row.set_at, held)
                for row in session.scalars(query)
            ]
