"""Which names are known where (DMN 1.5, 10.3.1.4): the second stage, which tells the parser where a name ends.

A name of several tokens, such as ``Monthly Fee+Tax``, is recognised only where it is in scope; the longest one wins.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.feel.function_names import FUNCTION_NAMES
from app.feel.tokens import pieces
from app.feel.types import ANY, ContextType, FunctionType, ListType, RangeType, Restricted, Type, resolved


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may refer to.

    `variables`: the names with their declared types (`types.ANY` where there is none). `types`: what ``instance of``
    may name besides FEEL's own. `extensions`: whether Camunda's functions are known. `closed`: no other names exist, so
    that another one is reported as unknown.
    """

    variables: Mapping[str, Type] = field(default_factory=dict)
    types: Mapping[str, Type] = field(default_factory=dict)
    extensions: bool = True
    closed: bool = True

    known: "Candidates" = field(init=False, repr=False, compare=False)
    members: "Candidates" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare what the parser looks names up in: `known` begin a term, `members` may follow a dot."""
        object.__setattr__(self, "known", candidates(self.variables, _FUNCTIONS))
        object.__setattr__(self, "members", candidates(member_names(self.variables.values())))

    @classmethod
    def open(cls, names: Iterable[str], types: Mapping[str, Type] | None, *, extensions: bool) -> "Scope":
        """The scope of a caller who names some variables, and perhaps their types, but may bring more."""
        declared = types or {}
        variables = {name: declared.get(name, ANY) for name in (*names, *declared)}
        return cls(variables, extensions=extensions, closed=False)


Candidates = Mapping[str, list[tuple[tuple[str, ...], str]]]
"""First token → the names of several tokens that begin with it, longest first, each with its spelling."""


def candidates(names: Iterable[str], known: Candidates | None = None) -> Candidates:
    """`known`, with those of `names` added that have more than one token."""
    added: dict[str, list[tuple[tuple[str, ...], str]]] = dict(known or {})
    for name in names:
        tokens = pieces(name)
        if len(tokens) > 1:
            others = [entry for entry in added.get(tokens[0], ()) if entry[0] != tokens]
            added[tokens[0]] = sorted([*others, (tokens, name)], key=lambda entry: -len(entry[0]))
    return added


def longest_match(known: Candidates, tokens: list[str], at: int) -> tuple[str, int] | None:
    """The longest name of several tokens at `tokens[at]`, and the index after it."""
    for name_tokens, name in known.get(tokens[at], ()):
        end = at + len(name_tokens)
        if tuple(tokens[at:end]) == name_tokens:
            return name, end
    return None


def member_names(types: Iterable[Type]) -> set[str]:
    """The names of all members that occur anywhere inside `types`."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting = list(types)
    while waiting:
        type_ = resolved(waiting.pop())
        if id(type_) in seen:
            continue
        seen.add(id(type_))
        if isinstance(type_, ContextType):
            found.update(type_.entries)
            waiting.extend(type_.entries.values())
        elif isinstance(type_, ListType | RangeType):
            waiting.append(type_.element)
        elif isinstance(type_, Restricted):
            waiting.append(type_.base)
        elif isinstance(type_, FunctionType):
            waiting.append(type_.result)
    return found


_FUNCTIONS: Candidates = candidates(FUNCTION_NAMES)
