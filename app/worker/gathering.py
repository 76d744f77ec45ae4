"""What comes while something is under way is done together by the next: one caller does the work of all that wait.

Nobody waits for company: a call that comes alone is done at once, alone. The more come, the more are done together.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Item = TypeVar("Item")
MOST = 16  # done together


class Gathering(Generic[Item]):
    """`do` is given the items of several calls and returns for each what it raised, or None."""

    def __init__(self, do: Callable[[Sequence[Item]], Sequence[Exception | None]], most: int = MOST) -> None:
        self._do = do
        self._most = most
        self._waiting: deque[tuple[Item, Future[None]]] = deque()
        self._turn = Lock()

    def __call__(self, item: Item) -> None:
        """Have it done. Raises what it raised."""
        answer: Future[None] = Future()
        self._waiting.append((item, answer))
        with self._turn:
            while not answer.done():  # unless one of those whose turn it was has done it
                self._next()
        answer.result()

    @property
    def waiting(self) -> int:
        """How many calls nobody has begun with."""
        return len(self._waiting)

    def _next(self) -> None:
        some = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        try:
            fates = self._do([item for item, _ in some])
        except BaseException as error:
            for _, answer in some:
                answer.set_exception(error)
            if isinstance(error, Exception):
                return  # each of those callers raises it
            raise
        for (_, answer), fate in zip(some, fates, strict=True):
            if fate is None:
                answer.set_result(None)
            else:
                answer.set_exception(fate)
