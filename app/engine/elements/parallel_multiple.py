"""Events that need all of several definitions (BPMN 2.0.2, 10.5.4, "parallel multiple"): what has come so far.

The token that waits for the event remembers it. A definition counts once until all have come; what each brought is kept
and comes together. A message that has come is waited for no longer, so that a second one stays with whoever else may
receive it. An event that does not interrupt begins anew when it has triggered, unless one of its timers is over.
"""

from collections.abc import Sequence
from typing import Protocol, cast

from app.engine.token import Token
from app.engine.waits import Wait, WaitKind


class Multiple(Protocol):
    """An event that needs all of its parts."""

    name: str

    @property
    def catches(self) -> Sequence[object]:
        """The parts that are waited for; the others are thrown."""
        ...

    @property
    def parts(self) -> int: ...


# In `internal_data` of the token, followed by the event's name; JSON, because they are part of the state.
HAPPENED = "happened "  # the indices of the definitions that have come
BROUGHT = "brought "  # the variables that came with them
HEARD = "heard "  # index, name and key of each message among them
MEMORY = (HAPPENED, BROUGHT, HEARD)


def has_happened(event: Multiple, owner: Token) -> list[int]:
    return cast("list[int]", owner.internal_data.get(HAPPENED + event.name, []))


def is_last(event: Multiple, owner: Token, index: int) -> bool:
    """Whether everything but this definition has come."""
    return len({*has_happened(event, owner), index}) == event.parts


def note(event: Multiple, owner: Token, index: int, variables: dict[str, object]) -> dict[str, object] | None:
    """A definition has come. Returns what all have brought together if it was the last, else None."""
    data, name = owner.internal_data, event.name
    seen = has_happened(event, owner)
    if index in seen:
        return None
    brought = {**cast("dict[str, object]", data.get(BROUGHT + name, {})), **variables}
    if is_last(event, owner, index):
        data.pop(HAPPENED + name, None)
        data.pop(BROUGHT + name, None)
        return brought
    data[HAPPENED + name] = sorted([*seen, index])
    if brought:
        data[BROUGHT + name] = brought
    return None


def settle(event: Multiple, owner: Token, wait: Wait) -> None:
    """What becomes of a wait for which something has come."""
    if wait.kind is WaitKind.TIMER:
        owner.workflow.reschedule(owner, wait)
    elif wait.kind is WaitKind.MESSAGE:
        heard = cast("list[list[object]]", owner.internal_data.get(HEARD + event.name, []))
        owner.internal_data[HEARD + event.name] = [*heard, [wait.definition, wait.name, wait.key]]
        owner.workflow.close_wait(owner, wait)


def begin_anew(event: Multiple, owner: Token, *, goes_on: bool) -> None:
    """Wait for the messages again, or for nothing if a timer is over, because then the event cannot trigger again.

    `goes_on`: what the event belongs to is not ended by it.
    """
    heard = cast("list[list[object]]", owner.internal_data.pop(HEARD + event.name, []))
    if not goes_on:
        return
    workflow = owner.workflow
    waits = [wait for wait in owner.waits.values() if wait.element_id == event.name]
    open_parts = {wait.definition for wait in waits} | {int(str(index)) for index, _, _ in heard}
    if len(open_parts) < len(event.catches):
        for wait in waits:
            workflow.close_wait(owner, wait)
        return
    for index, name, key in heard:
        wait_key = None if key is None else str(key)
        again = Wait(workflow.new_id(), WaitKind.MESSAGE, event.name, int(str(index)), str(name), wait_key)
        workflow.open_wait(owner, again)
