"""Camunda 7's expression language JUEL, translated into FEEL where it says something simple.

Variables, properties, comparison, logic, arithmetic, ``empty`` and the ternary translate. Method calls, assignments and
the engine's own objects do not: `Untranslatable` names what was found and what to write instead.
"""

import re
from dataclasses import dataclass

from app.bpmn.extensions import Expression

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<name>[A-Za-z_$][A-Za-z0-9_$]*)|(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%!<>?:.,()\[\]=]))"
)
_DEEPEST = 100  # below Python's own limit
_OPENING = re.compile(r"[$#]\{")
_SPELLED = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "gt": ">",
    "le": "<=",
    "ge": ">=",
    "div": "/",
    "mod": "%",
}
_FEEL = {"&&": "and", "||": "or", "==": "=", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
# how tightly an operator binds; also the precedence of what it yields
_TERNARY, _OR, _AND, _EQUAL, _RELATION, _SUM, _PRODUCT, _UNARY, _ATOM = range(9)
_BINDING = {
    "||": _OR,
    "&&": _AND,
    "==": _EQUAL,
    "!=": _EQUAL,
    "<": _RELATION,
    ">": _RELATION,
    "<=": _RELATION,
    ">=": _RELATION,
    "+": _SUM,
    "-": _SUM,
    "*": _PRODUCT,
    "/": _PRODUCT,
    "%": _PRODUCT,
}
_ENGINE_OBJECTS = frozenset({"execution", "task", "caseExecution", "authenticatedUserId", "connector"})
_FEEL_WORDS = frozenset(
    {"and", "or", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "between", "instance"}
    | {"of", "function", "external", "not"}
)


class Untranslatable(Exception):
    """Carries what was found and what to do; the dialect turns it into a diagnostic."""

    def __init__(self, found: str, remedy: str) -> None:
        self.found = found
        self.remedy = remedy
        super().__init__(found, remedy)


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of FEEL and how tightly it binds."""

    text: str
    binding: int

    def within(self, binding: int) -> str:
        return self.text if self.binding >= binding else f"({self.text})"


def translate(text: str) -> Expression:
    """The FEEL for a text with ``${…}`` or ``#{…}``; a text without them is a literal. Raises Untranslatable."""
    pieces = _split(text)
    if not any(is_expression for _, is_expression in pieces):
        return Expression(text, is_feel=False)
    if len(pieces) == 1:
        return Expression(_Parser(pieces[0][0]).parse().text)
    parts = []
    for piece, is_expression in pieces:
        parts.append(f"string({_Parser(piece).parse().text})" if is_expression else _quoted(piece))
    return Expression(" + ".join(parts))


def _split(text: str) -> list[tuple[str, bool]]:
    """The text as literals (False) and the insides of ``${…}`` (True)."""
    pieces: list[tuple[str, bool]] = []
    position = 0
    while position < len(text):
        start = min(
            (found for found in (text.find("${", position), text.find("#{", position)) if found >= 0), default=-1
        )
        if start < 0:
            pieces.append((text[position:], False))
            break
        if start > position:
            pieces.append((text[position:start], False))
        end = _closing(text, start + 2)
        pieces.append((text[start + 2 : end], True))
        position = end + 1
    return pieces


def _closing(text: str, position: int) -> int:
    """Where the brace of ``${`` closes: braces inside strings do not count."""
    quote = ""
    while position < len(text):
        character = text[position]
        if quote:
            if character == "\\":
                position += 1
            elif character == quote:
                quote = ""
        elif character in "'\"":
            quote = character
        elif character == "}":
            return position
        position += 1
    raise Untranslatable("an expression without its closing brace", "Close the expression with }.")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


class _Parser:
    """Precedence climbing over one expression; yields FEEL directly."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._position = 0
        self._depth = 0

    def parse(self) -> _Part:
        part = self._ternary()
        if self._position < len(self._tokens):
            raise self._unexpected()
        return part

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._position] if self._position < len(self._tokens) else ("end", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        self._position += 1
        return token

    def _accept(self, sign: str) -> bool:
        if self._peek() == ("sign", sign):
            self._position += 1
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._accept(sign):
            raise self._unexpected()

    def _unexpected(self) -> Untranslatable:
        kind, text = self._peek()
        found = "the end of the expression" if kind == "end" else f"{text!r}"
        return Untranslatable(f"{found} in {self._text.strip()!r}", "Write the expression in FEEL.")

    def _ternary(self) -> _Part:
        self._deeper()
        condition = self._binary(_OR)
        if self._accept("?"):
            yes = self._ternary()
            self._expect(":")
            no = self._ternary()
            condition = _Part(f"if {condition.text} then {yes.text} else {no.text}", _TERNARY)
        self._depth -= 1
        return condition

    def _binary(self, binding: int) -> _Part:
        left = self._unary()
        while True:
            kind, sign = self._peek()
            strength = _BINDING.get(sign, -1) if kind == "sign" else -1
            if strength < binding:
                return left
            self._take()
            right = self._binary(strength + 1)
            if sign == "%":
                left = _Part(f"modulo({left.text}, {right.text})", _ATOM)
            else:
                # FEEL does not chain comparisons, so both sides of one stand in parentheses unless they bind tighter
                inner = strength + 1 if strength in (_EQUAL, _RELATION) else strength
                text = f"{left.within(inner)} {_FEEL.get(sign, sign)} {right.within(strength + 1)}"
                left = _Part(text, strength)

    def _unary(self) -> _Part:
        self._deeper()
        if self._accept("!"):
            part = _Part(f"not({self._unary().text})", _ATOM)
        elif self._accept("-"):
            part = _Part(f"-{self._unary().within(_UNARY)}", _UNARY)
        elif self._peek() == ("name", "empty"):
            self._take()
            operand = self._unary().within(_SUM)
            part = _Part(f'({operand} = null or {operand} = "" or {operand} = [])', _ATOM)
        else:
            part = self._postfix(self._primary())
        self._depth -= 1
        return part

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Untranslatable(f"an expression nested more than {_DEEPEST} deep", "Simplify the expression.")

    def _primary(self) -> _Part:
        kind, text = self._take()
        if kind == "number":
            return _Part(text.rstrip("."), _ATOM)
        if kind == "text":
            return _Part(_quoted(re.sub(r"\\(.)", r"\1", text[1:-1])), _ATOM)
        if kind == "name":
            return self._name(text)
        if (kind, text) == ("sign", "("):
            inner = self._ternary()
            self._expect(")")
            return _Part(f"({inner.text})", _ATOM)
        self._position -= 1
        raise self._unexpected()

    def _name(self, name: str) -> _Part:
        if name == "execution" and [token[1] for token in self._tokens[self._position : self._position + 3]] == [
            ".",
            "getVariable",
            "(",
        ]:
            self._position += 3
            kind, text = self._take()
            if kind == "text":
                self._expect(")")
                return _Part(_variable(text[1:-1]), _ATOM)
        if name in _ENGINE_OBJECTS:
            raise Untranslatable(f"the engine's object {name!r}", "Keep the value in a process variable.")
        if self._peek() == ("sign", "("):
            raise Untranslatable(f"the function {name}()", "Use a FEEL function, or compute it in a service task.")
        return _Part(name if name in ("true", "false", "null") else _variable(name), _ATOM)

    def _postfix(self, part: _Part) -> _Part:
        while True:
            if self._accept("."):
                kind, name = self._take()
                if kind != "name":
                    self._position -= 1
                    raise self._unexpected()
                if self._peek() == ("sign", "("):
                    raise Untranslatable(
                        f"the method {name}()", "Use a FEEL function, or compute the value in a service task."
                    )
                part = _Part(f"{part.text}.{_variable(name)}", _ATOM)
            elif self._accept("["):
                part = self._index(part)
            else:
                return part

    def _index(self, part: _Part) -> _Part:
        kind, text = self._take()
        self._expect("]")
        if kind == "number" and text.isdecimal() and len(text) < 10:
            return _Part(f"{part.text}[{int(text) + 1}]", _ATOM)  # FEEL counts from one
        if kind == "text":
            return _Part(f"{part.text}.{_variable(text[1:-1])}", _ATOM)
        raise Untranslatable("a computed index", "Use a FEEL filter.")


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            raise Untranslatable(f"{text[position:].strip()[:20]!r}", "Write the expression in FEEL.")
        kind = str(match.lastgroup)
        value = match.group(kind)
        position = match.end()
        if kind == "name" and value in _SPELLED and tokens[-1:] != [("sign", ".")]:
            kind, value = "sign", _SPELLED[value]
        if (kind, value) == ("sign", "="):
            raise Untranslatable("an assignment", "Assign variables by output mappings.")
        tokens.append((kind, value))
    return tokens


def _variable(name: str) -> str:
    """A name as FEEL writes it: in backticks where FEEL would read something else."""
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) and name not in _FEEL_WORDS else f"`{name}`"
