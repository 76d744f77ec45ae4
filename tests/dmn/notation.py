"""DMN models in a few lines of text, so that a test shows what it is about.

    model(
        inputs("amount: number, tier: string"),
        decision("rebate", table("UNIQUE", '''
            tier    | amount || rebate: number
            "gold"  | > 10   || 5
            -       | <= 10  || 0
        ''')),
    )

A decision requires every input, every decision above it, and every function of the model, unless `needs` says
otherwise.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = {
    "1.1": "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "1.2": "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "1.3": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "1.4": "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/MODEL/",
}


@dataclass(frozen=True)
class Node:
    """One element of the requirement graph. `kind` is its element's name, `body` its content without requirements."""

    kind: str
    name: str
    body: str
    needs: tuple[str, ...] | None = None
    id: str = ""
    attributes: str = field(default="")

    @property
    def identity(self) -> str:
        return self.id or identifier(self.name)


def identifier(name: str) -> str:
    return "_" + re.sub(r"\W", "_", name)


def _typed(declaration: str) -> tuple[str, str | None]:
    name, colon, type_ref = declaration.partition(":")
    return name.strip(), type_ref.strip() if colon else None


def _variable(element: str, declaration: str) -> str:
    name, type_ref = _typed(declaration)
    attribute = f" typeRef={quoteattr(type_ref)}" if type_ref else ""
    return f"<{element} name={quoteattr(name)}{attribute}/>"


def inputs(declarations: str) -> tuple[Node, ...]:
    """Input data, as "amount: number, tier: string"."""
    return tuple(
        Node("inputData", _typed(one)[0], _variable("variable", one)) for one in declarations.split(",") if one.strip()
    )


def literal(text: str, type_ref: str | None = None) -> str:
    attribute = f" typeRef={quoteattr(type_ref)}" if type_ref else ""
    return f"<literalExpression{attribute}><text>{escape(text)}</text></literalExpression>"


def decision(declaration: str, logic: str, *, needs: Iterable[str] | None = None) -> Node:
    """A decision, as "name" or "name: type"; `logic` is a boxed expression's XML."""
    name, _ = _typed(declaration)
    body = _variable("variable", declaration) + logic
    return Node("decision", name, body, None if needs is None else tuple(needs))


def knowledge(
    name: str, parameters: str, logic: str, *, needs: Iterable[str] = (), type_ref: str | None = None
) -> Node:
    """A business knowledge model with parameters such as "x: number, y"."""
    formal = "".join(_variable("formalParameter", one) for one in parameters.split(",") if one.strip())
    variable = _variable("variable", name if type_ref is None else f"{name}: {type_ref}")
    return Node(
        "businessKnowledgeModel",
        name,
        f"{variable}<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>",
        tuple(needs),
    )


def service(name: str, *, outputs: Iterable[str], takes: Iterable[str] = (), decisions: Iterable[str] = ()) -> Node:
    """A decision service: its output decisions, the input data that it takes, the decisions whose values it takes."""
    references = [
        f'<{kind} href="#{identifier(one)}"/>'
        for kind, names in (("outputDecision", outputs), ("inputDecision", decisions), ("inputData", takes))
        for one in names
    ]
    return Node("decisionService", name, _variable("variable", name) + "".join(references), ())


def context(*entries: tuple[str | None, str]) -> str:
    """A boxed context of ("name: type" or None for the result, logic)."""
    inner = "".join(
        f"<contextEntry>{'' if name is None else _variable('variable', name)}{logic}</contextEntry>"
        for name, logic in entries
    )
    return f"<context>{inner}</context>"


def table(
    hit_policy: str,
    text: str,
    *,
    aggregation: str | None = None,
    allowed: dict[str, str] | None = None,
    default: dict[str, str] | None = None,
) -> str:
    """A decision table: a line of columns, then one line a rule; ``||`` stands between inputs and outputs.

    `allowed` are the inputValues or outputValues of a column, `default` the default outputs. Rule 1 has the id r1.
    """
    head, *rows = [line.strip() for line in text.strip().splitlines() if line.strip()]
    left, right = _cells(head)
    clauses = []
    for column in left:
        expression, type_ref = _typed(column)
        attribute = f" typeRef={quoteattr(type_ref)}" if type_ref else ""
        limits = _limits("inputValues", (allowed or {}).get(expression))
        clauses.append(
            f"<input><inputExpression{attribute}><text>{escape(expression)}</text></inputExpression>{limits}</input>"
        )
    for column in right:
        name, type_ref = _typed(column)
        attribute = f" typeRef={quoteattr(type_ref)}" if type_ref else ""
        own_default = (default or {}).get(name)
        fallback = _limits("defaultOutputEntry", own_default)
        limits = _limits("outputValues", (allowed or {}).get(name))
        clauses.append(f"<output name={quoteattr(name)}{attribute}>{limits}{fallback}</output>")
    rules = []
    for number, row in enumerate(rows, start=1):
        tests, outputs = _cells(row)
        entries = "".join(
            f"<inputEntry id={quoteattr(f'r{number}-in{i}')}><text>{escape(one)}</text></inputEntry>"
            for i, one in enumerate(tests, 1)
        )
        entries += "".join(
            f"<outputEntry id={quoteattr(f'r{number}-out{i}')}><text>{escape(one)}</text></outputEntry>"
            for i, one in enumerate(outputs, 1)
        )
        rules.append(f'<rule id="r{number}">{entries}</rule>')
    collected = f' aggregation="{aggregation}"' if aggregation else ""
    inner = "".join((*clauses, *rules))
    return f'<decisionTable id="table" hitPolicy="{hit_policy}"{collected}>{inner}</decisionTable>'


def _cells(line: str) -> tuple[list[str], list[str]]:
    left, _, right = line.partition("||")
    return ([one.strip() for one in left.split("|")] if left.strip() else []), [one.strip() for one in right.split("|")]


def _limits(element: str, text: str | None) -> str:
    return "" if text is None else f"<{element}><text>{escape(text)}</text></{element}>"


def item(
    name: str,
    type_ref: str | None = None,
    *,
    allowed: str | None = None,
    constraint: str | None = None,
    is_list: bool = False,
    components: Iterable[str] = (),
) -> str:
    """An item definition."""
    inner = _base(type_ref) + _limits("allowedValues", allowed) + _limits("typeConstraint", constraint)
    for component in components:
        member, member_type = _typed(component)
        inner += f"<itemComponent name={quoteattr(member)}>{_base(member_type)}</itemComponent>"
    return f'<itemDefinition name={quoteattr(name)} isCollection="{str(is_list).lower()}">{inner}</itemDefinition>'


def _base(type_ref: str | None) -> str:
    return f"<typeRef>{escape(type_ref)}</typeRef>" if type_ref else ""


def imported(prefix: str, namespace: str) -> str:
    return (
        f"<import name={quoteattr(prefix)} namespace={quoteattr(namespace)} importType={quoteattr(NAMESPACES['1.5'])}/>"
    )


def model(
    *parts: Node | tuple[Node, ...] | str,
    namespace: str = "https://example.com/model",
    version: str = "1.5",
    outside: dict[str, tuple[str, str]] | None = None,
) -> bytes:
    """The file. Strings are item definitions and imports; `outside` maps imported names to (namespace, kind)."""
    nodes = [
        node for part in parts if not isinstance(part, str) for node in (part if isinstance(part, tuple) else (part,))
    ]
    loose = "".join(part for part in parts if isinstance(part, str))
    known = {node.name: node for node in nodes}
    above: list[str] = []
    written = []
    for node in nodes:
        needs = node.needs
        if needs is None:
            functions = [n.name for n in nodes if n.kind in {"businessKnowledgeModel", "decisionService"}]
            needs = (*above, *functions, *(outside or {})) if node.kind == "decision" else ()
        if node.kind in {"inputData", "decision"}:
            above.append(node.name)
        requirements = "".join(_requirement(one, known, outside or {}) for one in needs)
        written.append(replace(node, body=_with_requirements(node, requirements)))
    body = "".join(
        f"<{node.kind} name={quoteattr(node.name)} id={quoteattr(node.identity)}>{node.body}</{node.kind}>"
        for node in written
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{NAMESPACES[version]}" '
        f'id="model" name="model" namespace="{namespace}">{loose}{body}</definitions>'
    ).encode()


def _requirement(name: str, known: dict[str, Node], outside: dict[str, tuple[str, str]]) -> str:
    if name in known:
        kind, href = known[name].kind, f"#{known[name].identity}"
    else:
        namespace, kind = outside[name]
        href = f"{namespace}#{identifier(name)}"
    if kind in {"businessKnowledgeModel", "decisionService"}:
        return f'<knowledgeRequirement><requiredKnowledge href="{href}"/></knowledgeRequirement>'
    what = "requiredInput" if kind == "inputData" else "requiredDecision"
    return f'<informationRequirement><{what} href="{href}"/></informationRequirement>'


def _with_requirements(node: Node, requirements: str) -> str:
    variable, end, rest = node.body.partition("/>")
    return f"{variable}{end}{requirements}{rest}" if node.kind == "decision" else f"{node.body}{requirements}"
