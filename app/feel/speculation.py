"""What an expression's operators expect of its variables: in ``amount > 100`` a number, in ``status = "gold"`` a
string.

The compiler checks such expectations once on entry and then needs no guard at each operation; where a value is of
another class, the expression's guarded code runs. A wrong guess costs time, never a wrong answer.
"""

from app.feel import nodes
from app.feel.emitter import CLASS_NAMES, Proven, kind_of_literal


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
        if isinstance(node, nodes.Literal):
            return kind_of_literal(node.value)
        if isinstance(node, nodes.Name):
            return self._found.get(node.name, Proven.NOTHING)
        if isinstance(node, nodes.Arithmetic):
            return self._arithmetic(node)
        if isinstance(node, nodes.Comparison):
            self._alike([node.left, node.right])
            return Proven.TERNARY
        if isinstance(node, nodes.Between):
            self._alike([node.value, node.low, node.high])
            return Proven.TERNARY
        return self._branches(node)

    def _branches(self, node: nodes.Node) -> Proven:
        if isinstance(node, nodes.Logic):
            for part in node.parts:
                self.visit(part)
            return Proven.TERNARY
        if isinstance(node, nodes.If):
            self.visit(node.condition)
            then, otherwise = self.visit(node.then), self.visit(node.otherwise)
            return then if then is otherwise else Proven.NOTHING
        return Proven.NOTHING

    def _arithmetic(self, node: nodes.Arithmetic) -> Proven:
        chain: list[nodes.Node] = []
        left: nodes.Node = node
        while isinstance(left, nodes.Arithmetic):
            chain.append(left.right)
            left = left.left
        return self._alike([left, *chain], only=Proven.NUMBER)

    def _alike(self, operands: list[nodes.Node], only: Proven | None = None) -> Proven:
        """Operands of one operator: names among them are expected to be what the others are."""
        kinds = {kind for operand in operands if (kind := self.visit(operand)) in CLASS_NAMES}
        if len(kinds) != 1 or (only is not None and kinds != {only}):
            return Proven.NOTHING
        (kind,) = kinds
        for operand in operands:
            if isinstance(operand, nodes.Name) and self._found.setdefault(operand.name, kind) is not kind:
                self._torn.add(operand.name)
        return kind
