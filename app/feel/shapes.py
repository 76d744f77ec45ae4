"""What is known about a value's type before it is computed: enough to tell where the name of a member ends.

An `Environment` is the scope that an expression opens for a part of itself: iteration variables, parameters, earlier
entries of a context, the item of a filter. Types are computed only when asked for.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from app.feel.names import Scope
from app.feel.nodes import (
    ContextLiteral,
    Filter,
    For,
    FunctionDefinition,
    If,
    InstanceOf,
    Invocation,
    Iteration,
    ListLiteral,
    Literal,
    Name,
    Node,
    Path,
)
from app.feel.types import ANY, BOOLEAN, ContextType, FunctionType, ListType, RangeType, Restricted, Type, resolved

Shape = Callable[[], Type]


class Environment:
    """Names that are known inside a part of an expression, inside `outer`. `item` is the shape of a filter's item."""

    __slots__ = ("item", "names", "outer")

    def __init__(self, names: dict[str, Shape], outer: "Environment | None", item: Shape | None = None) -> None:
        self.names = names
        self.outer = outer
        self.item = item

    def item_type(self) -> Type | None:
        """The type of the filter's item, computed once; None where the scope is not a filter's."""
        if self.item is None:
            return None
        type_ = unrestricted(self.item())
        self.item = partial(constant_shape, type_)
        return type_


def lookup(name: str, environment: Environment | None, scope: Scope) -> Type:
    """The type of the value that `name` stands for, ANY where it is not known."""
    while environment is not None:
        item = environment.item_type()
        if item is not None:
            if isinstance(item, ContextType) and name in item.entries:
                return item.entries[name]
            if name == "item":
                return item
        if name in environment.names:
            type_ = environment.names[name]()
            environment.names[name] = partial(constant_shape, type_)  # computed once, however often it is asked for
            return type_
        environment = environment.outer
    return scope.variables.get(name, ANY)


def unrestricted(type_: Type) -> Type:
    type_ = resolved(type_)
    while isinstance(type_, Restricted):
        type_ = resolved(type_.base)
    return type_


def has_member(type_: Type | None, name: str) -> bool:
    """Whether values of the type, or the elements of such a list, are known to have the member `name`."""
    if type_ is None:
        return False
    type_ = unrestricted(type_)
    while isinstance(type_, ListType):
        type_ = unrestricted(type_.element)
    return isinstance(type_, ContextType) and name in type_.entries


def element_of(type_: Type) -> Type:
    """What an iteration over, or a filter of, a value of the type sees."""
    type_ = unrestricted(type_)
    return type_.element if isinstance(type_, ListType | RangeType) else type_


def iterated(iteration: Iteration, environment: Environment | None, scope: Scope) -> Shape:
    return lambda: element_of(shape_of(iteration.domain, environment, scope))


def shape_of(node: Node, environment: Environment | None, scope: Scope) -> Type:
    """The type of `node` as far as names and literals show it; ANY where they do not."""
    reader = _SHAPES.get(node.__class__)
    return ANY if reader is None else reader(node, environment, scope)


def _name(node: Name, environment: Environment | None, scope: Scope) -> Type:
    return lookup(node.name, environment, scope)


def _path(node: Path, environment: Environment | None, scope: Scope) -> Type:
    return _member(shape_of(node.value, environment, scope), node.member)


def _filter(node: Filter, environment: Environment | None, scope: Scope) -> Type:
    value = unrestricted(shape_of(node.value, environment, scope))
    if isinstance(node.condition, Literal) and not isinstance(node.condition.value, bool):
        return element_of(value)
    return value if isinstance(value, ListType) else ListType(value)


def _list(node: ListLiteral, environment: Environment | None, scope: Scope) -> Type:
    return ListType(shape_of(node.items[0], environment, scope) if node.items else ANY)


def _invocation(node: Invocation, environment: Environment | None, scope: Scope) -> Type:
    callee = unrestricted(shape_of(node.callee, environment, scope))
    return callee.result if isinstance(callee, FunctionType) else ANY


def _choice(node: If, environment: Environment | None, scope: Scope) -> Type:
    return shape_of(node.then, environment, scope)


def _for(node: For, environment: Environment | None, scope: Scope) -> Type:
    for iteration in node.iterations:
        environment = Environment({iteration.name: iterated(iteration, environment, scope)}, environment)
    return ListType(shape_of(node.body, environment, scope))


def _function(node: FunctionDefinition, environment: Environment | None, scope: Scope) -> Type:
    names: dict[str, Shape] = {name: partial(constant_shape, type_) for name, type_ in node.parameters}
    result = shape_of(node.body, Environment(names, environment), scope)
    return FunctionType(tuple(type_ for _, type_ in node.parameters), result)


def _truth(_node: Node, _environment: Environment | None, _scope: Scope) -> Type:
    return BOOLEAN


def constant_shape(type_: Type) -> Type:
    """The shape of what is declared to be of a type."""
    return type_


def _member(type_: Type, name: str) -> Type:
    type_ = unrestricted(type_)
    if isinstance(type_, ListType):
        return ListType(_member(type_.element, name))
    return type_.entries.get(name, ANY) if isinstance(type_, ContextType) else ANY


def _context(node: ContextLiteral, environment: Environment | None, scope: Scope) -> Type:
    entries: dict[str, Type] = {}
    known: dict[str, Shape] = {}
    inside = Environment(known, environment)
    for name, value in node.entries:
        entries[name] = type_ = shape_of(value, inside, scope)
        known[name] = partial(constant_shape, type_)
    return ContextType(entries)


_SHAPES: Mapping[type[Node], Callable[[Any, Environment | None, Scope], Type]] = {
    Name: _name,
    Path: _path,
    Filter: _filter,
    ContextLiteral: _context,
    ListLiteral: _list,
    Invocation: _invocation,
    If: _choice,
    For: _for,
    FunctionDefinition: _function,
    InstanceOf: _truth,
}
