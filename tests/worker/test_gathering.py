"""What comes together is done together: one call does the work of all that wait, and each gets its own answer."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.worker.gathering import Gathering


class Desk:
    """Does what it is given; the first time only when it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.began = threading.Event()
        self.done: list[list[int]] = []

    def do(self, items: Sequence[int]) -> list[Exception | None]:
        self.done.append(list(items))
        self.began.set()
        self.go.wait()
        return [ValueError(f"{item} is odd") if item % 2 else None for item in items]


@pytest.mark.parametrize(("most", "rounds"), [(16, 2), (4, 3)])
def test_what_comes_while_one_is_done_is_done_together(most: int, rounds: int) -> None:
    """Seven that wait are one round, or as many as the bound asks for; each is told its own fate."""
    desk = Desk()
    gathering = Gathering(desk.do, most)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(gathering, 0)
        desk.began.wait()
        others = [pool.submit(gathering, number) for number in range(1, 8)]
        while gathering.waiting < len(others):
            pass
        desk.go.set()
        assert first.exception() is None
        assert [isinstance(each.exception(), ValueError) for each in others] == [True, False] * 3 + [True]
    assert desk.done[0] == [0]
    assert len(desk.done) == rounds
    assert sorted(item for items in desk.done for item in items) == list(range(8))


def test_a_failure_of_the_work_itself_reaches_everybody() -> None:
    """Nobody waits for ever for an answer that does not come."""

    def do(_items: Sequence[int]) -> list[Exception | None]:
        raise RuntimeError("the database is away")

    gathering = Gathering(do)
    with pytest.raises(RuntimeError, match="away"):
        gathering(1)
    with pytest.raises(RuntimeError, match="away"):
        gathering(2)
