"""Putting tokens where no flow has led them: what an operator does to repair an instance."""

from SpiffWorkflow import TaskState

from app.engine.element import Element
from app.engine.elements.repeating import RepeatingSpec
from app.engine.elements.scope import BEGUN
from app.engine.token import Phase, Token
from app.engine.workflow import ProcessWorkflow
from app.errors import Conflict


def open_scope(workflow: ProcessWorkflow, scope: Element, scope_id: str | None = None) -> Token:
    """The live token of a scope: the one that is named, the only one, or a new one in the scope around it.

    Raises Conflict if there are several and none is named.
    """
    live = [token for token in workflow.tasks.values() if token.task_spec is scope and not token.is_cancelling]
    if scope_id is not None:
        live = [token for token in live if token.id == scope_id]
        if not live:
            raise Conflict(f"Expected an open {scope.bpmn_id}, but {scope_id} is not.")
    if scope.is_inner_instance and scope_id is None:
        live = []  # what is activated in an ad-hoc subprocess gets an inner instance of its own
    if len(live) > 1:
        raise Conflict(
            f"Expected to know which of {len(live)} open {scope.bpmn_id} is meant. Name its element instance."
        )
    if live:
        if live[0].phase > Phase.EXECUTING:
            raise Conflict(
                f"Expected {scope.bpmn_id} to go on, but it is at its end. Wait until its listeners have ended."
            )
        return live[0]
    missing: list[Element] = [scope]
    while (around := missing[-1].scope) is not None and not _is_open(workflow, around):
        missing.append(around)
    if any(isinstance(spec, RepeatingSpec) for spec in missing):
        raise Conflict(f"Expected an open instance of {scope.bpmn_id}, but there is none. Activate it as a whole.")
    outermost = missing[-1].scope
    container = open_scope(workflow, outermost) if outermost is not None else workflow.root
    for spec in reversed(missing):
        container = place(spec, container)
        container.internal_data[BEGUN] = True
    return container


def place(spec: Element, container: Token) -> Token:
    """A token at the element. It runs after those that were placed before it, so a scope opens before its contents."""
    token = container.workflow.add(spec, container)
    token._set_state(TaskState.READY)
    return token


def _is_open(workflow: ProcessWorkflow, scope: Element) -> bool:
    return any(token.task_spec is scope and not token.is_cancelling for token in workflow.tasks.values())
