"""The syntax tree of FEEL (DMN 1.5, 10.3.1.2). `first` and `last` are token indexes; `last` is the first one after it.

Nodes are made by the hundred thousand, so they are slotted but not frozen; nobody changes one after the parser made it.
"""

from dataclasses import dataclass, field

from app.feel.types import Type


@dataclass(slots=True, eq=False)
class Node:
    first: int
    last: int


@dataclass(slots=True, eq=False)
class Literal(Node):
    """null, a boolean, a number, a string, or the temporal value of an ``@`` literal."""

    value: object


@dataclass(slots=True, eq=False)
class Invalid(Node):
    """A literal that spells no value, such as ``@"2020-13-01"``: null, and `message` is the reason."""

    message: str


@dataclass(slots=True, eq=False)
class Name(Node):
    name: str


@dataclass(slots=True, eq=False)
class Negation(Node):
    operand: Node


@dataclass(slots=True, eq=False)
class Arithmetic(Node):
    """`operator` is one of ``+ - * / **``."""

    operator: str
    left: Node
    right: Node


@dataclass(slots=True, eq=False)
class Comparison(Node):
    """`operator` is one of ``= != < <= > >=``."""

    operator: str
    left: Node
    right: Node


@dataclass(slots=True, eq=False)
class Logic(Node):
    """`operator` is ``and`` or ``or``; `parts` are all operands of the chain."""

    operator: str
    parts: list[Node]


@dataclass(slots=True, eq=False)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(slots=True, eq=False)
class Membership(Node):
    """``value in (tests)``; true if one of the tests holds."""

    value: Node
    tests: list[Node]


@dataclass(slots=True, eq=False)
class InstanceOf(Node):
    value: Node
    type: Type


@dataclass(slots=True, eq=False)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(slots=True, eq=False)
class Iteration(Node):
    """``name in domain``, or ``name in domain..end``."""

    name: str
    domain: Node
    end: Node | None


@dataclass(slots=True, eq=False)
class For(Node):
    iterations: list[Iteration]
    body: Node


@dataclass(slots=True, eq=False)
class Quantified(Node):
    every: bool
    iterations: list[Iteration]
    condition: Node


@dataclass(slots=True, eq=False)
class FunctionDefinition(Node):
    parameters: list[tuple[str, Type]]
    body: Node
    external: bool


@dataclass(slots=True, eq=False)
class Invocation(Node):
    """`named` maps parameter names to arguments and is None where they are given by position."""

    callee: Node
    positional: list[Node]
    named: dict[str, Node] | None


@dataclass(slots=True, eq=False)
class Path(Node):
    value: Node
    member: str


@dataclass(slots=True, eq=False)
class Filter(Node):
    value: Node
    condition: Node


@dataclass(slots=True, eq=False)
class ListLiteral(Node):
    items: list[Node]


@dataclass(slots=True, eq=False)
class ContextLiteral(Node):
    entries: list[tuple[str, Node]]


@dataclass(slots=True, eq=False)
class RangeLiteral(Node):
    start: Node
    end: Node
    start_included: bool
    end_included: bool


@dataclass(slots=True, eq=False)
class ComparisonRange(Node):
    """A comparison without its left side, such as ``< 10``: a range as a value, a test in unary tests."""

    operator: str
    endpoint: Node


@dataclass(slots=True, eq=False)
class Tests(Node):
    """Unary tests (grammar rule 12): any of `tests`, or none of them where `negated`. Without tests: ``-``,
    anything."""

    tests: list[Node] = field(default_factory=list)
    negated: bool = False
