"""Which names are known where (DMN 1.5, 10.3.1.4): the second stage, which tells the parser where a name ends.

A name of several tokens, such as ``Monthly Fee+Tax``, is recognised only where it is in scope; the longest one wins.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.feel.function_names import FUNCTION_NAMES
from app.feel.tokens import pieces
from app.feel.types import ANY, ContextType, FunctionType, ListType, RangeType, Restricted, Type, resolved

MAX_PIECES = 100
"""The most words and signs of a name that needs no backticks: at every word of a text, such a name may begin."""


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

    known: "NameTree" = field(init=False, repr=False, compare=False)
    members: "NameTree" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare what the parser looks names up in: `known` begin a term, `members` may follow a dot."""
        object.__setattr__(self, "known", name_tree(self.variables, _FUNCTIONS))
        object.__setattr__(self, "members", name_tree(member_names(self.variables.values())))

    @classmethod
    def open(cls, names: Iterable[str], types: Mapping[str, Type] | None, *, extensions: bool) -> "Scope":
        """The scope of a caller who names some variables, and perhaps their types, but may bring more."""
        declared = types or {}
        variables = {name: declared.get(name, ANY) for name in (*names, *declared)}
        return cls(variables, extensions=extensions, closed=False)


class NameTree:
    """Names of several tokens, by token: what begins with one, with the next, and so on."""

    __slots__ = ("branches", "name")

    def __init__(self) -> None:
        self.branches: dict[str, NameTree] = {}
        self.name: str | None = None  # the spelling of the name that ends here

    def copy(self) -> "NameTree":
        tree = NameTree()
        tree.name = self.name
        tree.branches = {token: branch.copy() for token, branch in self.branches.items()}
        return tree

    def put(self, tokens: Sequence[str], name: str | None) -> str | None:
        """Let the tokens end in `name` (None: in no name); answers what they ended in before."""
        tree = self
        for token in tokens:
            branch = tree.branches.get(token)
            if branch is None:
                branch = tree.branches[token] = NameTree()
            tree = branch
        before, tree.name = tree.name, name
        return before

    def longest(self, tokens: Sequence[str], at: int) -> tuple[str, int] | None:
        """The longest name at `tokens[at]`, and the index after it."""
        tree, found = self, None
        while (branch := tree.branches.get(tokens[at])) is not None:
            tree = branch
            at += 1
            if tree.name is not None:
                found = tree.name, at
        return found


def name_tree(names: Iterable[str], known: NameTree | None = None) -> NameTree:
    """`known`, with those of `names` added that have more than one token."""
    several = [(tokens, name) for name in names if 1 < len(tokens := pieces(name)) <= MAX_PIECES]
    if not several and known is not None:
        return known
    tree = NameTree() if known is None else known.copy()
    for tokens, name in several:
        tree.put(tokens, name)
    return tree


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


_FUNCTIONS = name_tree(FUNCTION_NAMES)
