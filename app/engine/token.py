"""A token: SpiffWorkflow's `Task` as one visit to one element, and the scope of variables that it may hold.

The task tree is the tree of scopes: a token's parent is the token of the subprocess, multi-instance body or process
that contains it. A token that is done leaves the tree, so the tree is exactly what is alive.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING, cast

from SpiffWorkflow import TaskState
from SpiffWorkflow.task import Task

from app.engine.waits import Wait

if TYPE_CHECKING:
    from app.engine.element import Element, Flow
    from app.engine.workflow import ProcessWorkflow


class Phase(IntEnum):
    """How far a token's visit has come. After an incident the phase that failed is run again."""

    ARRIVED = 0
    START_LISTENERS = 1
    OPENING = 2
    EXECUTING = 3
    COMPLETING = 4
    END_LISTENERS = 5
    LEAVING = 6
    CANCELLING = 7  # from any of the others: the element is left by force, and its listeners for that are called


FOLLOWING = dict(zip(Phase, list(Phase)[1:-1], strict=False))
FINISHED = int(TaskState.FINISHED_MASK)
OUTPUTS = "outputs"  # in `internal_data`: what the instances of a repeated activity have put out so far


class Token(Task):  # type: ignore[misc]  # SpiffWorkflow has no types
    """One element instance. Its id is the element instance id; `internal_data` is what its element remembers (JSON)."""

    id: str
    workflow: "ProcessWorkflow"
    task_spec: "Element"
    parent: "Token | None"
    internal_data: dict[str, object]
    _state: int

    def __init__(self, workflow: "ProcessWorkflow", spec: "Element", parent: "Token | None", token_id: str) -> None:
        super().__init__(workflow, spec, parent, state=TaskState.FUTURE, id=token_id)
        self._children: dict[str, None] = {}  # stock keeps a list: taking one of 5,000 children out of it scans them
        self.phase = Phase.ARRIVED
        self.variables: dict[str, object] | None = None  # the scope, if this element instance has one
        self.result: dict[str, object] | None = None  # what a job, message … brought, until the outputs are mapped
        self.waits: dict[str, Wait] = {}
        self.arrivals: dict[str, int] = {}  # of a join: tokens per incoming flow
        self.leaves_by: tuple[Flow, ...] = ()  # decided when it leaves
        self.shows_old_outputs = False  # the variable that shows `OUTPUTS` has to be made anew before it is looked at

    @property
    def is_live(self) -> bool:
        return not self._state & FINISHED

    @property
    def is_cancelling(self) -> bool:
        """Whether the token will never leave by a flow: it is there only until its listeners have been called."""
        return self.phase is Phase.CANCELLING

    @property
    def container(self) -> "Token":
        """The token of the surrounding scope. Not for the root."""
        parent = self.parent
        assert parent is not None  # noqa: S101 - only the root has none, and nothing contains the process
        return parent

    @property
    def tokens(self) -> "list[Token]":
        """The tokens inside this scope, oldest first."""
        return list(self.children)

    def descendants(self) -> "Iterator[Token]":
        """All tokens inside, inner after outer."""
        waiting = [self]
        while waiting:
            token = waiting.pop()
            if token is not self:
                yield token
            waiting.extend(reversed(token.tokens))

    def ancestors(self) -> "Iterator[Token]":
        """This token, then each container up to the process."""
        token: Token | None = self
        while token is not None:
            yield token
            token = token.parent

    @property
    def now(self) -> datetime:
        """The moment of the command that is being carried out."""
        return self.workflow.moment.now

    # variables

    def scopes(self) -> "Iterator[tuple[Token, dict[str, object]]]":
        """The scopes that this token sees, innermost first."""
        for token in self.ancestors():
            if token.shows_old_outputs:
                token._show_outputs()
            if token.variables is not None:
                yield token, token.variables

    def lookup(self, names: Iterable[str]) -> dict[str, object]:
        """The visible values of these variables; a name without a variable is left out."""
        wanted = set(names)
        found: dict[str, object] = {}
        if not wanted:
            return found
        for _, variables in self.scopes():
            here = wanted & variables.keys()
            found.update((name, variables[name]) for name in here)
            wanted -= here
            if not wanted:
                break
        return found

    def visible(self) -> dict[str, object]:
        """Every variable that this token sees."""
        merged: dict[str, object] = {}
        for _, variables in reversed(list(self.scopes())):
            merged.update(variables)
        return merged

    def assign(self, variables: Mapping[str, object]) -> None:
        """Set variables in this element instance's own scope."""
        if self.variables is None:
            self.variables = {}
        if variables:
            self.workflow.write(self, self.variables, variables)

    def propagate(self, variables: Mapping[str, object]) -> None:
        """Set each variable where it exists, innermost scope first; one that exists nowhere becomes the process's.

        A variable that only shows what is collected stays as it is, whoever brings an older or another one.
        """
        groups: dict[str, tuple[Token, dict[str, object]]] = {}
        for name, value in variables.items():
            owner = next((token for token, known in self.scopes() if name in known), self.workflow.root)
            if not owner.shows(name):
                groups.setdefault(owner.id, (owner, {}))[1][name] = value
        for owner, group in groups.values():
            owner.assign(group)

    # what is collected: kept where nobody can write, and shown as a variable

    @property
    def outputs(self) -> list[object] | None:
        """What has been collected so far, to be read only; None: nothing is."""
        return cast("list[object] | None", self.internal_data.get(OUTPUTS))

    def keep_outputs(self, outputs: list[object]) -> None:
        self.internal_data[OUTPUTS] = outputs
        self.shows_old_outputs = self.task_spec.shown_as is not None

    def shows(self, name: str) -> bool:
        """Whether the variable only shows what is collected."""
        return name == self.task_spec.shown_as and OUTPUTS in self.internal_data

    def _show_outputs(self) -> None:
        """In a list of its own, because whoever has seen it may hold it while more is collected."""
        self.shows_old_outputs = False
        self.variables = {**(self.variables or {}), str(self.task_spec.shown_as): [*(self.outputs or ())]}

    # SpiffWorkflow's life cycle, kept cheap and flat

    def _child_added_notify(self, child: "Token") -> None:
        self._children[child.id] = None

    def _set_state(self, value: int) -> None:
        """A cancelled token stays cancelled. Stock collects log extras (and walks to the parent) on every change."""
        if self._state != TaskState.CANCELLED:
            self._state = value
            if value == TaskState.READY:
                self.workflow.schedule(self)

    def run(self) -> bool | None:
        """Stock sets STARTED after the run, which would hide that the run itself made the token ready again."""
        self._set_state(TaskState.STARTED)
        done: bool | None = self.task_spec._run(self)
        if done and self.is_live:
            self.complete()
        return done

    def cancel(self) -> None:
        """End this token and everything inside it, innermost first. Stock recurses.

        A token whose element has listeners for it stays until they have been called, and so does what is around it.
        """
        for token in [*reversed(list(self.descendants())), self]:
            if token.is_cancelling:
                continue
            if token._children or token.task_spec.farewells(token):
                token.task_spec.abandon(token)
                token.phase = Phase.CANCELLING
                token.workflow.resume(token)
            else:
                token.vanish()

    def vanish(self) -> None:
        """The token is cancelled; nothing is left inside, and nobody has to be asked."""
        self._set_state(TaskState.CANCELLED)
        self.task_spec._on_cancel(self)
        self.workflow.remove(self)
