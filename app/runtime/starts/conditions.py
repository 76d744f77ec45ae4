"""Start events by condition: looked at when somebody hands over variables, as in Camunda 8."""

from collections.abc import Mapping

from sqlalchemy import select

from app.engine import Others, StartTrigger, TriggerKind
from app.errors import NotFound
from app.runtime.instances import StartRequest, advancing
from app.runtime.people import require
from app.runtime.starts import combined, start_events
from app.runtime.transaction import Core, Transaction, json_variables
from app.runtime.views import Actor, Permission, StartedView
from app.store.states import ModelKind
from app.store.tables import ModelRow, StartTriggerRow


class Conditions:
    def __init__(self, core: Core) -> None:
        self._core = core

    def evaluate(
        self, actor: Actor, variables: Mapping[str, object], process_id: str | None = None
    ) -> list[StartedView]:
        """Start an instance by every condition of a start event that these variables make true, with these variables.

        Of the newest versions of all processes, or of one. A condition that belongs to a start event which needs more
        is remembered, and starts what it completes; a switch holds a start until it is cleared. Returns what was
        started. Right: instances.start. Raises `NotFound` (no such process) and `Invalid` (not JSON).
        """
        require(actor, Permission.INSTANCES_START)
        given = json_variables(variables)
        with self._core.transaction(actor) as transaction:
            found = self._that_hold(transaction, given, process_id)
            if together := {row.process_id for row, _ in found if row.others != Others.FREE}:
                combined.hold(transaction, together)
            advance = advancing.Advance(self._core, transaction)
            started = [
                StartedView(instance_id, row.process_id, advance.row(instance_id).version, row.element_id)
                for row, trigger in found
                for instance_id in self._start(advance, transaction, row, trigger, given)
            ]
            if found:
                transaction.record(
                    "conditions.evaluated",
                    process_id or "*",
                    variables=sorted(given),
                    true=[f"{row.process_id}/{row.element_id}" for row, _ in found],
                    started=[each.id for each in started],
                )
            return started

    def _that_hold(
        self, transaction: Transaction, variables: Mapping[str, object], process_id: str | None
    ) -> list[tuple[StartTriggerRow, StartTrigger]]:
        """The conditions that are true, in the order of deployment and of the diagrams."""
        session = transaction.session
        query = select(StartTriggerRow).where(StartTriggerRow.kind == TriggerKind.CONDITION)
        if process_id is not None:
            known = select(ModelRow.id).where(ModelRow.kind == ModelKind.BPMN, ModelRow.key == process_id)
            if session.scalar(known.limit(1)) is None:
                raise NotFound(f'Expected a deployed process "{process_id}", but found none.')
            query = query.where(StartTriggerRow.process_id == process_id)
        models: dict[str, dict[str, StartTriggerRow]] = {}
        for row in session.scalars(query.order_by(StartTriggerRow.id)):
            models.setdefault(row.model_id, {})[row.element_id] = row
        return [
            (rows[trigger.element_id], trigger)
            for model_id, rows in models.items()
            for trigger in self._core.models.program(session, model_id).start_triggers
            if trigger.kind is TriggerKind.CONDITION
            and trigger.element_id in rows
            and trigger.holds(variables, transaction.now)
        ]

    def _start(
        self,
        advance: advancing.Advance,
        transaction: Transaction,
        row: StartTriggerRow,
        trigger: StartTrigger,
        variables: Mapping[str, object],
    ) -> list[str]:
        """What a true condition starts at once."""
        source = {"condition": trigger.means, "evaluated_by": transaction.actor.name}
        if trigger.others is Others.BEFORE:
            place = combined.Place(row.process_id, row.element_id)
            happening = combined.Happening(TriggerKind.CONDITION, trigger.means, transaction.now, variables, source)
            return combined.occurred(self._core, advance, transaction, place, happening)[1]
        request = StartRequest(
            row.model_id,
            variables,
            element_id=row.element_id,
            trigger=f"condition {trigger.means}",
            source=source,
        )
        started, is_started = start_events.start_or_hold(advance, transaction, row, request)
        return [started] if is_started else []
