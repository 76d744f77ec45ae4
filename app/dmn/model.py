"""What a DMN file says, after reading: DMN 1.5's metamodel as frozen values (chapters 6, 7 and 10.2.2).

Nothing here knows XML, and nothing here can be evaluated; `reading` makes these values, `compiling` uses them.
Every element keeps `id` ("" where the file gives none) and `line` (from 1) for diagnostics.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class HitPolicy(StrEnum):
    """Which of the matching rules count (8.2.10)."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    ANY = "ANY"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"

    @property
    def is_multiple(self) -> bool:
        """Whether the result is a list, or an aggregation of it."""
        return self in {HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER}


class Aggregation(StrEnum):
    """What COLLECT makes of the outputs (8.2.10)."""

    LIST = "LIST"
    SUM = "SUM"
    COUNT = "COUNT"
    MIN = "MIN"
    MAX = "MAX"


class FunctionKind(StrEnum):
    FEEL = "FEEL"
    JAVA = "Java"
    PMML = "PMML"


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    id: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Text(Element):
    """A FEEL text: an expression, or unary tests. `language` is that of another language, which we do not evaluate."""

    text: str
    language: str | None = None

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression(Element):
    """A boxed expression. `type_ref` is the declared type of its value, or None."""

    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class LiteralExpression(Expression):
    """`language` is None for FEEL, otherwise the URI or name of a language that we do not evaluate."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Variable(Element):
    """An information item: a name with a type."""

    name: str
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class ContextEntry(Element):
    """`variable` is None for the entry that holds the result of the context."""

    variable: Variable | None
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Context(Expression):
    entries: tuple[ContextEntry, ...]


@dataclass(frozen=True, slots=True)
class ListExpression(Expression):
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Relation(Expression):
    columns: tuple[Variable, ...]
    rows: tuple[tuple[Expression, ...], ...]


@dataclass(frozen=True, slots=True)
class Binding(Element):
    parameter: str
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Invocation(Expression):
    callee: Expression
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Expression):
    kind: FunctionKind
    parameters: tuple[Variable, ...]
    body: Expression | None


@dataclass(frozen=True, slots=True)
class Conditional(Expression):
    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Filter(Expression):
    source: Expression
    match: Expression


@dataclass(frozen=True, slots=True)
class For(Expression):
    variable: str
    source: Expression
    result: Expression


@dataclass(frozen=True, slots=True)
class Quantified(Expression):
    """`every` distinguishes the boxed every from the boxed some."""

    every: bool
    variable: str
    source: Expression
    satisfies: Expression


@dataclass(frozen=True, slots=True)
class InputClause(Element):
    """One input column. `allowed` are its inputValues. `variable` is Camunda 7's name of the input in the cells."""

    label: str
    expression: LiteralExpression
    allowed: Text | None = None
    variable: str | None = None


@dataclass(frozen=True, slots=True)
class OutputClause(Element):
    """One output column. `name` is "" where the table has a single output; `allowed` are its outputValues."""

    name: str
    label: str
    type_ref: str | None = None
    allowed: Text | None = None
    default: LiteralExpression | None = None


@dataclass(frozen=True, slots=True)
class Rule(Element):
    inputs: tuple[Text, ...]
    outputs: tuple[LiteralExpression, ...]
    annotations: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class DecisionTable(Expression):
    hit_policy: HitPolicy
    aggregation: Aggregation
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    annotations: tuple[str, ...] = ()
    output_label: str = ""


@dataclass(frozen=True, slots=True)
class ItemDefinition(Element):
    """A named type (7.3.3). One of `type_ref`, `components` and `function` says what it is made of."""

    name: str
    is_collection: bool = False
    type_ref: str | None = None
    components: tuple["ItemDefinition", ...] = ()
    function: "FunctionItem | None" = None
    allowed: Text | None = None  # allowedValues: of the elements, where the type is a collection
    constraint: Text | None = None  # typeConstraint: of the whole value


@dataclass(frozen=True, slots=True)
class FunctionItem(Element):
    parameters: tuple[Variable, ...]
    result: str | None


@dataclass(frozen=True, slots=True)
class Import(Element):
    """`prefix` may be "": then the imported names are used unqualified."""

    prefix: str
    namespace: str
    kind: str  # the importType, a namespace
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Requirement(Element):
    """An href, taken apart. `namespace` is None where it points into the same file."""

    namespace: str | None
    target: str


@dataclass(frozen=True, slots=True)
class InputData(Element):
    name: str
    variable: Variable


@dataclass(frozen=True, slots=True)
class Decision(Element):
    name: str
    variable: Variable
    expression: Expression | None
    information: tuple[Requirement, ...] = ()
    knowledge: tuple[Requirement, ...] = ()
    version_tag: str | None = None  # Camunda's, an extension: what a process may bind to


@dataclass(frozen=True, slots=True)
class BusinessKnowledgeModel(Element):
    name: str
    variable: Variable
    function: FunctionDefinition | None
    knowledge: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionService(Element):
    name: str
    variable: Variable
    outputs: tuple[Requirement, ...]
    encapsulated: tuple[Requirement, ...]
    input_decisions: tuple[Requirement, ...]
    input_data: tuple[Requirement, ...]


Node = InputData | Decision | BusinessKnowledgeModel | DecisionService
"""What an href may point at, and what has a value or can be invoked."""


@dataclass(frozen=True, slots=True)
class Definitions(Element):
    """One file. `file` is the name under which it was read, `version` that of DMN ("1.3")."""

    file: str
    name: str
    namespace: str
    version: str
    imports: tuple[Import, ...] = ()
    item_definitions: tuple[ItemDefinition, ...] = ()
    input_data: tuple[InputData, ...] = ()
    decisions: tuple[Decision, ...] = ()
    knowledge_models: tuple[BusinessKnowledgeModel, ...] = ()
    services: tuple[DecisionService, ...] = ()

    def nodes(self) -> Iterator[Node]:
        """Everything that can be required, in the order of the kinds."""
        yield from self.input_data
        yield from self.decisions
        yield from self.knowledge_models
        yield from self.services


def tables(expression: Expression | None) -> Iterator[DecisionTable]:
    """Every decision table in `expression`, outermost first, in document order."""
    waiting = [expression]
    while waiting:
        current = waiting.pop()
        if isinstance(current, DecisionTable):
            yield current
        elif current is not None:
            waiting.extend(reversed(list(parts(current))))


def parts(expression: Expression) -> Iterator[Expression | None]:
    """The boxed expressions directly inside a boxed expression other than a decision table."""
    match expression:
        case Context(entries=entries):
            yield from (entry.value for entry in entries)
        case ListExpression(items=items):
            yield from items
        case Relation(rows=rows):
            yield from (cell for row in rows for cell in row)
        case Invocation(callee=callee, bindings=bindings):
            yield callee
            yield from (binding.value for binding in bindings)
        case FunctionDefinition(body=body):
            yield body
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            yield from (condition, then, otherwise)
        case Filter(source=source, match=match):
            yield from (source, match)
        case For(source=source, result=result):
            yield from (source, result)
        case Quantified(source=source, satisfies=satisfies):
            yield from (source, satisfies)
        case _:
            return
