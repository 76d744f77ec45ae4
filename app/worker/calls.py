"""Calling handlers with an end: each call has a thread of its own, and nobody waits for it longer than was agreed.

A thread cannot be stopped from outside. One that outlives its time is left behind, counted per system, and no further
call to a system begins while too many of its calls hang: the circuit of that system opens, everything else goes on.
"""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from threading import Lock, Thread
from typing import TypeVar

from app.handlers import InfrastructureProblem, TransientProblem

T = TypeVar("T")

HANGING_CALLS = 8  # per system


class Calls:
    """`hanging_calls` is how many calls of one system may be left behind before it counts as down."""

    def __init__(self, hanging_calls: int = HANGING_CALLS) -> None:
        self._bound = hanging_calls
        self._hanging: Counter[str] = Counter()
        self._lock = Lock()

    def hanging(self, system: str) -> int:
        """How many calls to `system` were left behind and have not returned yet."""
        with self._lock:
            return self._hanging[system]

    def within(
        self, seconds: float, system: str, call: Callable[[], T], *, beat: Callable[[], None], beat_seconds: float
    ) -> T:
        """What `call` returns or raises. While it runs, `beat` is called every `beat_seconds`; if that raises, it ends.

        Raises `TransientProblem` when the call takes longer than `seconds`, `InfrastructureProblem` when too many of
        the system's calls hang already.
        """
        if self.hanging(system) >= self._bound:
            raise InfrastructureProblem(system, f"{self._bound} calls to {system} have not returned.")
        answer: Future[T] = Future()
        context = copy_context()  # the ids of the log lines
        Thread(target=context.run, args=(_answer, call, answer), name=f"{system}-call", daemon=True).start()
        end = time.monotonic() + seconds
        try:
            while (left := end - time.monotonic()) > 0:
                try:
                    answer.exception(min(left, beat_seconds))  # waits, and does not raise what the call raised
                except TimeoutError:
                    if left > beat_seconds:
                        beat()
                else:
                    return answer.result()
        except BaseException:
            self._leave(system, answer)
            raise
        self._leave(system, answer)
        raise TransientProblem(f"No answer within {seconds:g} seconds.")

    def _leave(self, system: str, answer: "Future[T]") -> None:
        if answer.done():
            return
        with self._lock:
            self._hanging[system] += 1
        answer.add_done_callback(lambda _: self._returned(system))

    def _returned(self, system: str) -> None:
        with self._lock:
            self._hanging[system] -= 1


def _answer(call: Callable[[], T], answer: "Future[T]") -> None:
    try:
        result = call()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
        answer.set_exception(error)
    except BaseException as error:  # noqa: BLE001 - a handler that wants to end the process ends its call
        answer.set_exception(RuntimeError(f"The handler raised {type(error).__name__}."))
    else:
        answer.set_result(result)
