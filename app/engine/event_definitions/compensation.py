"""Compensation and cancellation: completed activities are undone by their handlers, last completed first (13.5.5).

A scope keeps a record of each completed activity that can be undone: an activity with a compensation handler, and a
subprocess that has an event subprocess for compensation or records of its own. Whoever throws drives: it takes the
records out, starts one handler at a time and goes on when the handler is done.
"""

from dataclasses import dataclass
from typing import TypedDict, cast

from app.engine.token import Phase, Token


class Record(TypedDict):
    """JSON, because it is part of the state."""

    element: str
    handler: str | None  # None: a subprocess, whose scope is opened again
    variables: dict[str, object]
    records: list["Record"]


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
        transaction = scope_of(token)
        if "queue" not in token.internal_data:
            staying = token.workflow.cancel_inside(transaction, spare=token)
            token.internal_data["queue"] = records_of(transaction, take=True)
            if staying:
                token.workflow.when_gone(transaction, staying, token.task_spec, {"driver": token.id})
                return False
        if not undo_next(token, transaction):
            return False
        container = transaction.container
        boundary = next((event for event in transaction.task_spec.boundaries if event.cancels(transaction)), None)
        if boundary is not None:
            boundary.trigger(transaction, {})
        else:
            transaction.cancel()
            leave_when_gone(transaction, container)
        return True


def leave_when_gone(token: Token, container: Token) -> None:
    """A cancelled element instance counts as one that has left its scope."""
    if token.is_live:
        token.internal_data["leaves"] = True
    else:
        container.task_spec.child_left(container, token)


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
        element=token.task_spec.bpmn_id, handler=handler, variables=variables, records=[] if handler else records
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
    undo(queue.pop(), scope, driver)
    return False


def undo(record: Record, scope: Token, driver: Token | None = None) -> None:
    """Start a handler in `scope`; a subprocess is opened again with the variables that it ended with."""
    workflow = scope.workflow
    spec = workflow.spec.task_specs[record["handler"] or record["element"]]
    token = workflow.add(spec, scope)
    token.internal_data["undoes"] = driver.id if driver else ""
    if record["handler"] is None:
        token.internal_data["reopened"] = True
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
