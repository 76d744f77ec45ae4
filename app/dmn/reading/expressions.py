"""Boxed expressions from XML (DMN 1.5, 10.2.1 and 10.2.2): one function a kind."""

from collections.abc import Callable
from typing import TypedDict

from lxml import etree

from app.dmn.model import (
    Binding,
    Conditional,
    Context,
    ContextEntry,
    Expression,
    Filter,
    For,
    FunctionDefinition,
    FunctionKind,
    Invocation,
    ListExpression,
    LiteralExpression,
    Quantified,
    Relation,
)
from app.dmn.reading.notation import Reader, characters, clean_name, line_of
from app.dmn.reading.tables import read_table


class _Common(TypedDict):
    id: str
    line: int
    type_ref: str | None


def read_expression(reader: Reader, parent: etree._Element) -> Expression | None:
    """The boxed expression directly inside `parent`, or None."""
    for kind, child in reader.children(parent):
        read = KINDS.get(kind)
        if read is not None:
            return read(reader, child)
    return None


def read_expressions(reader: Reader, parent: etree._Element) -> tuple[Expression, ...]:
    """All boxed expressions directly inside `parent`, in document order."""
    return tuple(KINDS[kind](reader, child) for kind, child in reader.children(parent) if kind in KINDS)


def read_literal(reader: Reader, element: etree._Element) -> LiteralExpression:
    text, line, is_imported = "", line_of(element), False
    for kind, child in reader.children(element):
        if kind == "text":
            text, line = characters(child), line_of(child)
        elif kind == "importedValues":
            is_imported = True
    text, language = (text, "imported values") if is_imported else reader.in_feel(element, text)
    return LiteralExpression(
        text,
        language,
        id=element.get("id", ""),
        line=line,
        type_ref=reader.type_ref(element, element.get("typeRef")),
    )


def read_function(reader: Reader, element: etree._Element) -> FunctionDefinition:
    written = element.get("kind") or FunctionKind.FEEL
    kinds = {kind.casefold(): kind for kind in FunctionKind}
    kind = kinds.get(written.casefold())
    if kind is None:
        reader.report(
            "dmn.function-kind",
            f"Expected the function kind FEEL, Java or PMML, but found {written}.",
            "Use FEEL.",
            element,
        )
    return FunctionDefinition(
        kind or FunctionKind.FEEL,
        tuple(reader.variable(parameter) for parameter in reader.all(element, "formalParameter")),
        read_expression(reader, element),
        id=element.get("id", ""),
        line=line_of(element),
        type_ref=reader.type_ref(element, element.get("typeRef")),
    )


def _read_context(reader: Reader, element: etree._Element) -> Context:
    entries = []
    for entry in reader.all(element, "contextEntry"):
        variable = reader.first(entry, "variable")
        entries.append(
            ContextEntry(
                None if variable is None else reader.variable(variable),
                read_expression(reader, entry),
                id=entry.get("id", ""),
                line=line_of(entry),
            )
        )
    return Context(tuple(entries), **_common(reader, element))


def _read_list(reader: Reader, element: etree._Element) -> ListExpression:
    return ListExpression(read_expressions(reader, element), **_common(reader, element))


def _read_relation(reader: Reader, element: etree._Element) -> Relation:
    columns = tuple(reader.variable(column) for column in reader.all(element, "column"))
    rows = []
    for row in reader.all(element, "row"):
        cells = read_expressions(reader, row)
        if len(cells) != len(columns):
            reader.report(
                "dmn.relation-row",
                f"Expected {len(columns)} cells in a row of the relation, but found {len(cells)}.",
                "Give every row one cell per column.",
                row,
            )
        rows.append(cells)
    return Relation(columns, tuple(rows), **_common(reader, element))


def _read_invocation(reader: Reader, element: etree._Element) -> Invocation:
    bindings = []
    for binding in reader.all(element, "binding"):
        parameter = reader.first(binding, "parameter")
        bindings.append(
            Binding(
                "" if parameter is None else clean_name(parameter.get("name")),
                read_expression(reader, binding),
                id=binding.get("id", ""),
                line=line_of(binding),
            )
        )
    callee = read_expression(reader, element)
    return Invocation(_required(reader, element, callee, "the function"), tuple(bindings), **_common(reader, element))


def _read_conditional(reader: Reader, element: etree._Element) -> Conditional:
    return Conditional(
        _child(reader, element, "if"),
        _child(reader, element, "then"),
        _child(reader, element, "else"),
        **_common(reader, element),
    )


def _read_filter(reader: Reader, element: etree._Element) -> Filter:
    return Filter(_child(reader, element, "in"), _child(reader, element, "match"), **_common(reader, element))


def _read_for(reader: Reader, element: etree._Element) -> For:
    return For(
        clean_name(element.get("iteratorVariable")),
        _child(reader, element, "in"),
        _child(reader, element, "return"),
        **_common(reader, element),
    )


def _read_some(reader: Reader, element: etree._Element) -> Quantified:
    return _quantified(reader, element, every=False)


def _read_every(reader: Reader, element: etree._Element) -> Quantified:
    return _quantified(reader, element, every=True)


def _quantified(reader: Reader, element: etree._Element, *, every: bool) -> Quantified:
    return Quantified(
        every,
        clean_name(element.get("iteratorVariable")),
        _child(reader, element, "in"),
        _child(reader, element, "satisfies"),
        **_common(reader, element),
    )


def _child(reader: Reader, element: etree._Element, kind: str) -> Expression:
    child = reader.first(element, kind)
    found = None if child is None else read_expression(reader, child)
    return _required(reader, element, found, kind)


def _required(reader: Reader, element: etree._Element, found: Expression | None, what: str) -> Expression:
    if found is not None:
        return found
    reader.report("dmn.missing-expression", f"Expected an expression for {what}, but found none.", "Add it.", element)
    return LiteralExpression("null", id=element.get("id", ""), line=line_of(element))


def _common(reader: Reader, element: etree._Element) -> _Common:
    return {
        "id": element.get("id", ""),
        "line": line_of(element),
        "type_ref": reader.type_ref(element, element.get("typeRef")),
    }


KINDS: dict[str, Callable[[Reader, etree._Element], Expression]] = {
    "literalExpression": read_literal,
    "decisionTable": read_table,
    "context": _read_context,
    "list": _read_list,
    "relation": _read_relation,
    "invocation": _read_invocation,
    "functionDefinition": read_function,
    "encapsulatedLogic": read_function,
    "conditional": _read_conditional,
    "filter": _read_filter,
    "for": _read_for,
    "some": _read_some,
    "every": _read_every,
}
"""The reader of each kind of boxed expression, by the name of its element."""
