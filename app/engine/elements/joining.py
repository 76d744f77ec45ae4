"""Waiting for several tokens: one token collects the arrivals of a join, counted per incoming flow.

When the join is satisfied it consumes what it needs; excess arrivals stay with a new collecting token.
"""

from collections import Counter
from collections.abc import Iterable

from SpiffWorkflow import TaskState

from app.engine.elements.flow_node import FlowNodeSpec
from app.engine.token import Token


def collect(spec: FlowNodeSpec, container: Token, flow_id: str) -> Token:
    """One more arrival, at the token that already collects for this join or at a new one."""
    workflow = container.workflow
    key = (container.id, spec.name)
    token_id = workflow.joins.get(key)
    token = workflow.tasks.get(token_id) if token_id else None
    if token is None:
        token = workflow.add(spec, container)
        workflow.joins[key] = token.id
    token.arrivals[flow_id] = token.arrivals.get(flow_id, 0) + 1
    spec._update(token)
    return token


def wait_for_more(token: Token) -> bool:
    """The join is not satisfied yet. Always False, which is what SpiffWorkflow's update hook says then."""
    if token.has_state(TaskState.FUTURE):
        token._set_state(TaskState.WAITING)
    return False


def consume(token: Token, used: Iterable[str]) -> None:
    """The join is satisfied by one arrival of each of these flows; what is left waits for the next time."""
    workflow, spec = token.workflow, token.task_spec
    left = Counter(token.arrivals)
    left.subtract(Counter(used))
    token.arrivals = {}
    workflow.joins.pop((token.container.id, spec.name), None)
    left = +left
    if left:
        rest = workflow.add(spec, token.container)
        rest.arrivals = dict(left)
        workflow.joins[token.container.id, spec.name] = rest.id
        spec._update(rest)
