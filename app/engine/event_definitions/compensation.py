"""Compensation and cancellation: completed activities are undone by their handlers, last completed first (13.5.5).

A scope keeps a record of each completed activity that can be undone: an activity with a compensation handler, and a
subprocess that has an event subprocess for compensation or records of its own. Whoever throws drives: it takes the
records out, starts one handler at a time and goes on when the handler is done.
"""

from dataclasses import dataclass
from typing import NotRequired, TypedDict, cast

from app.engine.token import Phase, Token

REOPENED = "reopened"  # in `internal_data`: the scope is there again for what was done in it to be undone, and no more


class Record(TypedDict):
    """JSON, because it is part of the state."""

    element: str  # as the diagram calls it
    handler: str | None  # None: a subprocess, whose scope is opened again
    variables: dict[str, object]
    records: list["Record"]
    spec: NotRequired[str]  # what is opened again: of a repeated subprocess the body, or an instance in it
    scope: NotRequired[str]  # in a queue: where it is undone, if not where the others are


@dataclass(frozen=True, slots=True)
class CompensationThrow:
    activity_id: str | None  # None: everything in the scope
    waits: bool

    def throw(self, token: Token) -> bool:
        scope = scope_of(token)
        if "queue" not in token.internal_data:
            scope, taken = self._taken(scope)
            if not self.waits:
                for record in reversed(taken):
                    undo(record, scope)
                return True
            token.internal_data["queue"] = taken
            token.internal_data["scope"] = scope.id
        return undo_next(token, token.workflow.tasks[str(token.internal_data["scope"])])

    def _taken(self, scope: Token) -> tuple[Token, list[Record]]:
        """The records that are meant, taken out of their scope. A named activity is looked for outwards."""
        if self.activity_id is None:
            return scope, records_of(scope, take=True)
        for owner in scope.ancestors():
            known = records_of(owner)
            meant = [record for record in known if record["element"] == self.activity_id]
            if meant:
                owner.internal_data["compensations"] = [record for record in known if record not in meant]
                return owner, meant
        return scope, []


@dataclass(frozen=True, slots=True)
class CancelThrow:
    """The transaction ends: other tokens are cancelled, what is done is undone, the cancel boundary event follows."""

    def throw(self, token: Token) -> bool:
        data, transaction = token.internal_data, scope_of(token)
        activity = whole(transaction)
        boundary = next((event for event in activity.task_spec.boundaries if event.cancels(activity)), None)
        if "queue" not in data:
            data["queue"] = []
            staying = self._stop(token, transaction)
            if activity is not transaction and boundary is not None:
                staying += self._stop_others(token, activity, transaction)
            data["until"] = [each.id for each in staying]
        if any(each in token.workflow.tasks for each in cast("list[str]", data.get("until", []))):
            return False
        if not undo_next(token, transaction):
            return False
        if boundary is not None:
            boundary.trigger(activity, {})
        else:
            transaction.cancel()
            leave_when_gone(transaction)
        return True

    def _stop(self, token: Token, transaction: Token) -> list[Token]:
        """Cancel what else runs in the transaction. Those that stay until their listeners have been called."""
        staying = token.workflow.cancel_inside(transaction, spare=token)
        cast("list[Record]", token.internal_data["queue"]).extend(records_of(transaction, take=True))
        if staying:
            token.workflow.when_gone(transaction, staying, token.task_spec, {"driver": token.id})
        return staying

    def _stop_others(self, token: Token, body: Token, transaction: Token) -> list[Token]:
        """A repeated transaction leaves by its cancel event as a whole: the other instances are undone before, too."""
        for other in body.tokens:
            if other is not transaction and records_of(other):
                keep_record(other, None, is_needed=True)
        staying = token.workflow.cancel_inside(body, spare=transaction)
        others = [Record({**record, "scope": body.id}) for record in records_of(body, take=True)]
        token.internal_data["queue"] = [*others, *cast("list[Record]", token.internal_data["queue"])]
        if staying:
            token.workflow.when_gone(body, staying, token.task_spec, {"driver": token.id})
        return staying


def leave_when_gone(token: Token) -> None:
    """A cancelled element instance counts as one that has left its scope."""
    if token.is_live:
        token.internal_data["leaves"] = True
    else:
        token.task_spec.left(token)


def whole(token: Token) -> Token:
    """The element instance that has the boundary events and the flows: for a repeated activity's instance the body."""
    return token.container if token.task_spec.is_instance else token


def scope_of(token: Token) -> Token:
    """The scope whose activities a throw undoes: for one inside an event subprocess, the scope around that."""
    scope = token.container
    while scope.task_spec.is_event_sub_process or scope.task_spec.is_inner_instance:
        scope = scope.container
    return scope


def records_of(scope: Token, *, take: bool = False) -> list[Record]:
    if take:
        return cast("list[Record]", scope.internal_data.pop("compensations", []))
    return cast("list[Record]", scope.internal_data.get("compensations", []))


def keep_record(token: Token, handler: str | None, *, is_needed: bool) -> None:
    """The activity is completed: note how it can be undone, if it can."""
    records = records_of(token)
    if not (is_needed or records) or "undoes" in token.internal_data:
        return
    variables = {} if handler else dict(token.variables or {})
    record = Record(
        element=token.task_spec.bpmn_id,
        handler=handler,
        variables=variables,
        records=[] if handler else records,
        spec=token.task_spec.name,
    )
    scope = token.container.container if token.container.task_spec.is_inner_instance else token.container
    scope.internal_data["compensations"] = [*records_of(scope), record]


def undo_next(driver: Token, scope: Token) -> bool:
    """Start the next handler of the driver's queue. True: all are done."""
    queue = cast("list[Record]", driver.internal_data["queue"])
    if not queue:
        del driver.internal_data["queue"]
        driver.internal_data.pop("scope", None)
        return True
    record = queue.pop()
    undo(record, driver.workflow.tasks[record["scope"]] if "scope" in record else scope, driver)
    return False


def give_back(driver: Token) -> None:
    """The driver is cancelled: what it has not undone yet can still be undone by somebody else."""
    scope = driver.workflow.tasks.get(str(driver.internal_data.get("scope", "")))
    queue = cast("list[Record]", driver.internal_data.get("queue", []))
    if scope is not None and scope.is_live and not scope.is_cancelling and queue:
        scope.internal_data["compensations"] = [*queue, *records_of(scope)]


def undo(record: Record, scope: Token, driver: Token | None = None) -> None:
    """Start a handler in `scope`; a subprocess is opened again with the variables that it ended with."""
    workflow = scope.workflow
    spec = workflow.spec.task_specs[record["handler"] or record.get("spec", record["element"])]
    token = workflow.add(spec, scope)
    token.internal_data["undoes"] = driver.id if driver else ""
    if record["handler"] is None:
        token.internal_data[REOPENED] = True
        token.variables = dict(record["variables"])
        token.internal_data["compensations"] = record["records"]
    spec._update(token)


def handler_left(token: Token) -> bool:
    """A token has left. True: it was a compensation handler that somebody waits for, who goes on."""
    driver = token.workflow.tasks.get(str(token.internal_data.get("undoes", "")))
    if driver is None:
        return False
    driver.workflow.resume(driver, Phase.EXECUTING)
    return True
