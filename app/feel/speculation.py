"""What an expression's operators expect of its variables: in ``amount > 100`` a number, in ``status = "gold"`` a
string.

The compiler checks such expectations once on entry and then needs no guard at each operation; where a value is of
another class, the expression's guarded code runs. A wrong guess costs time, never a wrong answer.
"""

from collections.abc import Callable, Mapping
from typing import Any

from app.feel import nodes
from app.feel.proven import A_NUMBER, A_TERNARY, CLASS_NAMES, UNPROVEN, Proven, kind_of_literal


class Expectations:
    """Collects, for the names of one expression, the classes that its operators expect."""

    def __init__(self) -> None:
        self._found: dict[str, Proven] = {}
        self._torn: set[str] = set()

    @classmethod
    def of(cls, node: nodes.Node) -> dict[str, Proven]:
        """The expected class of each name about which the operators agree."""
        collector = cls()
        collector.visit(node)
        return {name: kind for name, kind in collector._found.items() if name not in collector._torn}

    def visit(self, node: nodes.Node) -> Proven:
        """Collect below `node`; answers what its value will be if all expectations hold."""
        visitor = _VISITORS.get(node.__class__)
        return UNPROVEN if visitor is None else visitor(self, node)

    def _literal(self, node: nodes.Literal) -> Proven:
        return kind_of_literal(node.value)

    def _name(self, node: nodes.Name) -> Proven:
        return self._found.get(node.name, UNPROVEN)

    def _comparison(self, node: nodes.Comparison) -> Proven:
        self._alike([node.left, node.right])
        return A_TERNARY

    def _between(self, node: nodes.Between) -> Proven:
        self._alike([node.value, node.low, node.high])
        return A_TERNARY

    def _logic(self, node: nodes.Logic) -> Proven:
        for part in node.parts:
            self.visit(part)
        return A_TERNARY

    def _choice(self, node: nodes.If) -> Proven:
        self.visit(node.condition)
        then, otherwise = self.visit(node.then), self.visit(node.otherwise)
        return then if then is otherwise else UNPROVEN

    def _arithmetic(self, node: nodes.Arithmetic) -> Proven:
        chain: list[nodes.Node] = []
        left: nodes.Node = node
        while isinstance(left, nodes.Arithmetic):
            chain.append(left.right)
            left = left.left
        return self._alike([left, *chain], only=A_NUMBER)

    def _alike(self, operands: list[nodes.Node], only: Proven | None = None) -> Proven:
        """Operands of one operator: names among them are expected to be what the others are."""
        kind = UNPROVEN
        for operand in operands:
            own = self.visit(operand)
            if own in CLASS_NAMES:
                if kind is not UNPROVEN and own is not kind:
                    self._torn.update(each.name for each in operands if isinstance(each, nodes.Name))
                    return UNPROVEN
                kind = own
        if kind is UNPROVEN or (only is not None and kind is not only):
            return UNPROVEN
        for operand in operands:
            if isinstance(operand, nodes.Name):
                self._found[operand.name] = kind
        return kind


_VISITORS: Mapping[type[nodes.Node], Callable[[Expectations, Any], Proven]] = {
    nodes.Literal: Expectations._literal,
    nodes.Name: Expectations._name,
    nodes.Arithmetic: Expectations._arithmetic,
    nodes.Comparison: Expectations._comparison,
    nodes.Between: Expectations._between,
    nodes.Logic: Expectations._logic,
    nodes.If: Expectations._choice,
}
