"""Required decisions read by the names of their outputs, as Camunda 7 does; the standard knows their own names only."""

from collections.abc import Sequence

from app.dmn.linking import Entry, Visible
from app.dmn.model import Decision, DecisionTable


def read_outputs(requirements: Sequence[Visible], words: frozenset[str]) -> dict[str, list[Entry]]:
    """The output names among `words`, which nothing else in scope is called, with the decisions that have them."""
    found: dict[str, list[Entry]] = {}
    for one in requirements:
        logic = _table(one.entry)
        for output in () if logic is None else logic.outputs:
            if output.name in words:
                found.setdefault(output.name, []).append(one.entry)
    return found


def output_of(decision: Entry, value: object, name: str) -> object:
    """The output of this name in a decision's value: of several outputs, the one; of several rules, a list of them."""
    logic = _table(decision)
    if logic is None or len(logic.outputs) == 1:
        return value
    if isinstance(value, list):
        return [output_of(decision, item, name) for item in value]
    return value.get(name) if isinstance(value, dict) else None


def _table(entry: Entry) -> DecisionTable | None:
    logic = entry.node.expression if isinstance(entry.node, Decision) else None
    return logic if isinstance(logic, DecisionTable) else None
