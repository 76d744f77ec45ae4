"""Context functions (DMN 1.5, 10.3.4.11)."""

from typing import cast

from app.feel.builtins.registry import Registry
from app.feel.frame import Failure, Frame, ReasonKind

FUNCTIONS = Registry()
function = FUNCTIONS.function

Context = dict[str, object]


@function("get value(m: context, key: string)", constant=True)
def get_value(context: Context, key: str) -> object:
    if key not in context:
        raise Failure(f"Expected the entry {key}, but found none.", ReasonKind.NO_SUCH_MEMBER)
    return context[key]


@function("get entries(m: context)", frame=True)
def get_entries(frame: Frame, context: Context) -> list[object]:
    frame.spend(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@function("context(entries: list)")
def context_(entries: list[object]) -> Context:
    """A context of entries that each have a key, a string, and a value; a key that comes twice makes it null."""
    made: Context = {}
    for entry in entries:
        if not isinstance(entry, dict) or "value" not in entry or not isinstance(entry.get("key"), str):
            raise Failure(
                "Expected entries with a key, a string, and a value, but found another.", ReasonKind.WRONG_TYPE
            )
        if entry["key"] in made:
            raise Failure(f"Expected different keys, but found {entry['key']} twice.")
        made[entry["key"]] = entry["value"]
    return made


@function("context put(context: context, key: string, value: any)")
def context_put(context: Context, key: str, value: object) -> Context:
    return {**context, key: value}


@function("context put(context: context, keys: list, value: any)")
def context_put_at(context: Context, keys: list[object], value: object) -> Context:
    """The context with the value at the end of a path of keys; only the last one may be new."""
    if not keys or not all(isinstance(key, str) for key in keys):
        raise Failure("Expected at least one key, all of them strings, but found others.", ReasonKind.WRONG_TYPE)
    path = cast("list[str]", keys)
    made = dict(context)
    inner = made
    for key in path[:-1]:
        below = inner.get(key)
        if not isinstance(below, dict):
            raise Failure(f"Expected a context at {key}, but found none.", ReasonKind.NO_SUCH_MEMBER)
        inner[key] = inner = dict(below)
    inner[path[-1]] = value
    return made


@function("context merge(contexts: list)")
def context_merge(contexts: list[object]) -> Context:
    """All entries; of equal keys the last one counts."""
    merged: Context = {}
    for context in contexts:
        if not isinstance(context, dict):
            raise Failure("Expected contexts only, but found another value.", ReasonKind.WRONG_TYPE)
        merged.update(context)
    return merged
