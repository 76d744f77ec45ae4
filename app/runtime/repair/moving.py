"""Which tokens a move puts where, and what it takes away: the tokens, or the scopes that would be empty then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.engine import LiveElement


@dataclass(frozen=True, slots=True)
class Move:
    """For each token the scope that it is put into (None: the only one, or one that is opened); what is cancelled."""

    scopes: tuple[str | None, ...]
    cancelled: tuple[str, ...]


def plan(live: Sequence[LiveElement], source: str, around: Sequence[str]) -> Move | None:
    """Moving every token at `source` to an element in the scopes `around` (ids, inner before outer). None: no token.

    A scope that a token leaves with everybody else in it does not complete, or it would go on by its flows beside the
    token: it is cancelled whole. A repeated activity is one token, however many instances it has.
    """
    by_id = {each.element_instance_id: each for each in live}
    at_source = {each.element_instance_id for each in live if each.element_id == source}
    tokens = [by_id[each] for each in by_id if each in at_source and by_id[each].scope_id not in at_source]
    if not tokens:
        return None
    inside: dict[str, list[LiveElement]] = {}
    for each in live:
        inside.setdefault(each.scope_id, []).append(each)
    moved = {each.element_instance_id for each in tokens}
    cancelled = dict.fromkeys(_left(each, by_id, inside, moved, around) for each in tokens)
    return Move(tuple(_scope(each, by_id, around) for each in tokens), tuple(cancelled))


def _scope(token: LiveElement, by_id: Mapping[str, LiveElement], around: Sequence[str]) -> str | None:
    """The scope of the target that the token is in already."""
    for scope in _containers(token, by_id):
        if around and scope.element_id == around[0]:
            return scope.element_instance_id
    return None


def _left(
    token: LiveElement,
    by_id: Mapping[str, LiveElement],
    inside: Mapping[str, Sequence[LiveElement]],
    moved: set[str],
    around: Sequence[str],
) -> str:
    """The token, or the outermost scope that it leaves empty."""
    left = token
    for scope in _containers(token, by_id):
        if scope.element_id in around or not _is_emptied(scope, inside, moved):
            break
        left = scope
    return left.element_instance_id


def _is_emptied(scope: LiveElement, inside: Mapping[str, Sequence[LiveElement]], moved: set[str]) -> bool:
    contents = inside.get(scope.element_instance_id, ())
    return bool(contents) and all(
        each.element_instance_id in moved or _is_emptied(each, inside, moved) for each in contents
    )


def _containers(token: LiveElement, by_id: Mapping[str, LiveElement]) -> Iterable[LiveElement]:
    """The scopes around a token, inner before outer, without the process."""
    scope = by_id.get(token.scope_id)
    while scope is not None:
        yield scope
        scope = by_id.get(scope.scope_id)
