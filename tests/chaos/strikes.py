"""Which process is killed next, and where: a plan that follows from its seed alone."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, repeat
from random import Random

PARTS: dict[str, str] = {"web": "serve", "worker": "worker", "clock": "clock"}  # and the command that starts each

_TRANSACTION = ("before-transaction-end", "after-commit")
_ANNOUNCEMENT = ("before-announcement", "after-announcement")

# Which process passes which points on the way of an order.
REACHED: dict[str, tuple[str, ...]] = {
    "web": (*_TRANSACTION, *_ANNOUNCEMENT, "after-accept"),
    "worker": (
        *_TRANSACTION,
        *_ANNOUNCEMENT,
        "before-lease",
        "after-lease",
        "before-handler",
        "after-side-effect",
        "before-commit",
        "before-delivery-end",
    ),
    "clock": (*_TRANSACTION, *_ANNOUNCEMENT),
}
LATEST_PASS = dict.fromkeys(_TRANSACTION, 12)  # a process passes these all the time
LATEST_PASS_OTHERWISE = 3
MOST_EFFECTS = 6


@dataclass(frozen=True, slots=True)
class Strike:
    """SIGKILL for `part`: by itself at the n-th pass of a point, or from outside (no point) after the n-th effect."""

    part: str
    point: str | None
    n: int

    @property
    def fault(self) -> str:
        """What BAILIWICK_FAULT has to be; empty for a kill from outside."""
        return f"{self.point}:{self.n}" if self.point else ""

    def __str__(self) -> str:
        return f"{self.part} at {self.fault}" if self.point else f"{self.part} after {self.n} effects"


def every_point(seed: int) -> tuple[Strike, ...]:
    """Each named point once, shared out evenly among the processes that pass it, and each process once from outside."""
    random = Random(seed)  # noqa: S311 - not for secrets
    passing = {
        point: [part for part in PARTS if point in REACHED[part]] for points in REACHED.values() for point in points
    }
    named: list[tuple[str, str | None]] = []
    for point, parts in sorted(passing.items(), key=lambda item: len(item[1])):
        busy = Counter(part for part, _ in named)
        named.append((min(random.sample(parts, len(parts)), key=busy.__getitem__), point))
    return tuple(_shuffled(random, [*named, *((part, None) for part in PARTS)]))


def plan(seed: int, kills: int) -> tuple[Strike, ...]:
    """So many kills: every process at every point it passes, and as often again from outside, again and again."""
    random = Random(seed)  # noqa: S311 - not for secrets
    named = [(part, point) for part, points in REACHED.items() for point in points]
    outside = [(part, None) for part in PARTS for _ in range(len(named) // len(PARTS))]
    rounds = (_shuffled(random, places) for places in repeat([*named, *outside]))
    return tuple(islice(chain.from_iterable(rounds), kills))


def _shuffled(random: Random, places: list[tuple[str, str | None]]) -> Iterator[Strike]:
    for part, point in random.sample(places, len(places)):
        latest = LATEST_PASS.get(point, LATEST_PASS_OTHERWISE) if point else MOST_EFFECTS
        yield Strike(part, point, random.randint(1, latest))
