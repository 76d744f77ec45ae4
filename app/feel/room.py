"""Room on the stack: reading and compiling recurse with the depth of an expression, wherever the caller already is."""

from collections.abc import Callable
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


def with_room(work: Callable[[], Result]) -> Result:
    """What `work` answers or raises. Where the caller's stack leaves too little room, it runs once more on a new one.

    Python counts recursion per thread, and `climbing.MAX_NESTING` is chosen to fit into one.
    """
    try:
        return work()
    except RecursionError:
        pass
    outcomes: list[Result] = []
    problems: list[Exception] = []

    def run() -> None:
        try:
            outcomes.append(work())
        except Exception as problem:  # noqa: BLE001 - raised again below
            problems.append(problem)

    thread = Thread(target=run, name="feel-with-room")
    thread.start()
    thread.join()
    if problems:
        raise problems[0]
    return outcomes[0]
