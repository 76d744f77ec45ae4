"""One process and one thread, straight to the runtime: statements of each transaction, and where its time goes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

from sqlalchemy import event

from app import engine
from app.handlers import HandlerRegistry
from app.runtime import SYSTEM, Actor, InboxList, Runtime
from app.store import types
from bench.service.handlers import book
from bench.service.models import ORDER, VARIABLES

WARM_UP = 30
WORKER = "bench"


@dataclass
class Measured:
    """Of each transaction by its name: seconds and statements; of the parts: seconds of all of them together."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statements: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    parts: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> float:
        return sum(sum(each) for each in self.seconds.values())

    def clear(self) -> None:
        self.seconds.clear()
        self.statements.clear()
        self.parts.clear()


class Stopwatch:
    """Takes the time of the parts from outside; the innermost part that runs gets it."""

    def __init__(self, measured: Measured) -> None:
        self._measured = measured
        self._running: list[str] = []
        self._since = 0.0
        self.statements = 0

    def enter(self, part: str) -> None:
        self._credit()
        self._running.append(part)

    def leave(self) -> None:
        self._credit()
        self._running.pop()

    def _credit(self) -> None:
        now = perf_counter()
        if self._running:
            self._measured.parts[self._running[-1]] += now - self._since
        self._since = now

    @contextmanager
    def around(self, part: str) -> Iterator[None]:
        self.enter(part)
        try:
            yield
        finally:
            self.leave()

    def watch(self, owner: type, name: str, part: str) -> None:
        """From now on calls of this method count for the part."""
        method = getattr(owner, name)

        def timed(*args: object, **named: object) -> object:
            with self.around(part):
                return method(*args, **named)

        setattr(owner, name, timed)


def watch(runtime: Runtime, measured: Measured) -> Stopwatch:
    watched = Stopwatch(measured)
    store = runtime.core.store.engine

    def before(*_: object) -> None:
        watched.statements += 1
        watched.enter("SQL")

    event.listen(store, "before_cursor_execute", before)
    event.listen(store, "after_cursor_execute", lambda *_: watched.leave())
    watched.watch(type(store.dialect), "do_commit", "commit")
    watched.watch(engine.Instance, "handle", "engine")
    watched.watch(engine.Instance, "create", "engine")
    watched.watch(engine.Instance, "load", "serialisation")
    watched.watch(engine.Instance, "state", "serialisation")
    watched.watch(types.Json, "process_bind_param", "serialisation")
    watched.watch(types.Json, "process_result_value", "serialisation")
    return watched


def measure(runtime: Runtime, registry: HandlerRegistry, person: Actor, instances: int) -> Measured:
    """So many instances from start to end, one after the other."""
    measured = Measured()
    watched = watch(runtime, measured)

    def step(name: str, do: Callable[[], object]) -> object:
        watched.statements, began = 0, perf_counter()
        with watched.around("the rest"):
            answer = do()
        measured.seconds[name].append(perf_counter() - began)
        measured.statements[name].append(watched.statements)
        return answer

    for number in range(WARM_UP + instances):
        if number == WARM_UP:
            measured.clear()
        instance_id = str(step("start", lambda: runtime.instances.start(SYSTEM, ORDER, VARIABLES)))
        (job,) = runtime.jobs.list(SYSTEM, instance_id=instance_id).items
        work = step("begin a job", lambda job=job: runtime.jobs.begin(job.id, WORKER))
        result = registry.get(book.name).perform(work.variables, None)
        step("finish a job", lambda work=work, result=result: runtime.jobs.finish(work, result))
        (task,) = runtime.inbox.list(person, InboxList.AVAILABLE).items
        step("complete a task", lambda task=task: runtime.inbox.complete(person, task.id, {"answer": True}))
    return measured


def report(measured: Measured, instances: int) -> None:
    print(f"{'transaction':24}{'statements':>12}{'median ms':>12}")
    for name, seconds in measured.seconds.items():
        print(f"{name:24}{max(measured.statements[name]):12}{median(seconds) * 1000:12.2f}")
    total = measured.total
    statements = sum(sum(each) for each in measured.statements.values()) / instances
    print(f"{'an instance':24}{statements:12.1f}{total / instances * 1000:12.2f}")
    shares = ", ".join(f"{part} {seconds / total:.0%}" for part, seconds in measured.parts.most_common())
    print(f"where the time goes: {shares}")
