"""A text to its tree, or to the diagnostics that say what to write instead."""

from collections.abc import Callable
from typing import TypeVar

from app.errors import Diagnostic
from app.feel.climbing import FeelSyntaxError
from app.feel.names import Scope
from app.feel.nodes import Node
from app.feel.parser import Parser, parse, parse_tests
from app.feel.remedies import Use, mended
from app.feel.room import with_room

Tree = TypeVar("Tree", bound=Node)
Polish = Callable[[str], str]
"""What makes of a text that can be read now the text that was meant, as far as that is certain."""


def read_expression(text: str, scope: Scope, polish: Polish) -> tuple[Node, Parser]:
    """The tree of an expression; raises FeelSyntaxError with its mistakes, each with its remedy."""
    return _read(parse, text, scope, Use.EXPRESSION, polish)


def read_tests(text: str, scope: Scope, polish: Polish) -> tuple[Node, Parser]:
    """Like `read_expression`, for unary tests."""
    return _read(parse_tests, text, scope, Use.INPUT_CELL, polish)


def _read(
    read: Callable[[str, Scope], tuple[Tree, Parser]], text: str, scope: Scope, use: Use, polish: Polish
) -> tuple[Tree, Parser]:
    try:
        return with_room(lambda: read(text, scope))
    except FeelSyntaxError as error:
        problem = error.diagnostics[0]

    def problem_of(changed: str) -> Diagnostic | None:
        try:
            with_room(lambda: read(changed, scope))
        except FeelSyntaxError as error:
            return error.diagnostics[0]
        return None

    raise FeelSyntaxError(mended(text, problem, scope, use, problem_of, polish))


__all__ = ["read_expression", "read_tests"]
