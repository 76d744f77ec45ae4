"""YAML, read safely: JSON's values only, each with the line it came from.

Of YAML 1.1's surprises none is left: `no`, `09:00` and dates are text, numbers are `Decimal`. Aliases, tags and double
keys are refused. No schema here.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import yaml

from app.errors import Diagnostic, Severity

Path = tuple[str | int, ...]

MAXIMAL_BYTES = 1_000_000
MAXIMAL_DEPTH = 40
MAXIMAL_DIGITS = 40  # of a number: a few letters such as 1e99999999 must not become a whole number


@dataclass(frozen=True, slots=True)
class Place:
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document. `places` has the place of every value by its path from the root."""

    file: str
    content: Mapping[str, object]
    places: Mapping[Path, Place]
    area: str = "roles"  # what its diagnostics' codes begin with

    def diagnostic(
        self, code: str, path: Path, message: str, remedy: str = "", *, severity: Severity = Severity.ERROR
    ) -> Diagnostic:
        """An author's mistake at `path`, or at the nearest place above it that the document has."""
        known = path
        while known not in self.places:
            known = known[:-1]
        place = self.places[known]
        return Diagnostic(
            code=f"{self.area}.{code}",
            message=message,
            remedy=remedy,
            file=self.file,
            element_id=path_text(path),
            line=place.line,
            column=place.column,
            severity=severity,
        )


class _Refused(Exception):
    """A construct that has no place in a role document."""

    def __init__(self, code: str, path: Path, mark: yaml.Mark, message: str, remedy: str) -> None:
        self.code, self.path, self.mark, self.message, self.remedy = code, path, mark, message, remedy
        super().__init__(code, path, message, remedy)


class _Loader(yaml.SafeLoader):
    """Resolves the scalars of YAML's JSON schema only; everything else is text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own form


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$"),
    list("-+0123456789"),
)

_SCALARS: Mapping[str, Callable[[str], object]] = {
    "tag:yaml.org,2002:bool": lambda text: text == "true",
    "tag:yaml.org,2002:null": lambda _: None,
    "tag:yaml.org,2002:float": Decimal,
    "tag:yaml.org,2002:str": str,
}

_TAGS = frozenset({*_SCALARS, "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})


def read_document(file: str, content: bytes, area: str = "roles") -> Document | Diagnostic:
    """The document, or what keeps it from being one. The one way in for YAML, whatever it is about."""
    if len(content) > MAXIMAL_BYTES:
        message = f"Expected at most {MAXIMAL_BYTES} bytes, but found {len(content)}."
        return Diagnostic(f"{area}.unreadable", message, file=file, line=1, column=1)
    node = _compose(file, content, area)
    if isinstance(node, Diagnostic):
        return node
    reader = _Reader()
    try:
        return Document(file, reader.mapping(node, ()), reader.places, area)
    except _Refused as refused:
        return Diagnostic(
            code=f"{area}.{refused.code}",
            message=refused.message,
            remedy=refused.remedy,
            file=file,
            element_id=path_text(refused.path),
            line=refused.mark.line + 1,
            column=refused.mark.column + 1,
        )


def _compose(file: str, content: bytes, area: str) -> yaml.MappingNode | Diagnostic:
    """The tree of nodes whose root is a mapping, or what keeps the file from having one."""
    problem, line, column = "a mapping with the keys kind, id, name …, but found something else", 1, 1
    try:
        node = yaml.compose(content.decode("utf-8"), Loader=_Loader)
        if isinstance(node, yaml.MappingNode):
            return node
    except UnicodeDecodeError as error:
        problem = f"UTF-8, but found another encoding at byte {error.start}"
    except RecursionError:
        problem = "a document, but found one that is nested too deeply"
    except yaml.MarkedYAMLError as error:
        problem = f"YAML, but found a mistake: {error.problem or error.context}"
        if mark := error.problem_mark or error.context_mark:
            line, column = mark.line + 1, mark.column + 1
    except yaml.YAMLError as error:
        problem = f"YAML, but found a mistake: {error}"
    return Diagnostic(f"{area}.unreadable", f"Expected {problem}.", file=file, line=line, column=column)


def path_text(path: Path) -> str:
    """A path in the document as its authors read it: ``$.actions[0].gates[1].when``."""
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


class _Reader:
    """Nodes to values, and where each stood."""

    def __init__(self) -> None:
        self.places: dict[Path, Place] = {}
        self._seen: set[int] = set()

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        self._enter(node, path)
        mapping: dict[str, object] = {}
        for key_node, value_node in node.value:
            key, mark = str(key_node.value), key_node.start_mark
            if not isinstance(key_node, yaml.ScalarNode):
                raise _Refused("key", path, mark, "Expected a name as key, but found a collection.", "Use a name.")
            if key in mapping:
                message = f"Expected the key {key} once, but found it twice."
                raise _Refused("key-twice", (*path, key), mark, message, "Remove one of the two.")
            mapping[key] = self._value(value_node, (*path, key))
            self.places[(*path, key)] = Place(mark.line + 1, mark.column + 1)
        return mapping

    def _value(self, node: yaml.Node, path: Path) -> object:
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        self._enter(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*path, index)) for index, item in enumerate(node.value)]
        value = _SCALARS[node.tag](node.value)
        if isinstance(value, Decimal) and (len(node.value) > MAXIMAL_DIGITS or abs(value.adjusted()) > MAXIMAL_DIGITS):
            message = f"Expected a number of at most {MAXIMAL_DIGITS} digits, but found a longer one."
            raise _Refused("number", path, node.start_mark, message, "Use a smaller number.")
        return value

    def _enter(self, node: yaml.Node, path: Path) -> None:
        mark = node.start_mark
        self.places[path] = Place(mark.line + 1, mark.column + 1)
        if node.tag not in _TAGS:
            raise _Refused("tag", path, mark, f"Expected a plain value, but found the tag {node.tag}.", "Leave it out.")
        if id(node) in self._seen:
            raise _Refused("alias", path, mark, "Expected a value, but found an alias (*).", "Write the value out.")
        self._seen.add(id(node))
        if len(path) > MAXIMAL_DEPTH:
            raise _Refused("too-deep", path, mark, f"Expected at most {MAXIMAL_DEPTH} levels, but found more.", "")
