"""What has been done is undone once for each time, last first, whatever did it, wherever, whatever happens meanwhile.

Every kind of activity, repeated or not, in every kind of scope, repeated or not: done, then undone by one throw event,
while the instance moves to drawings with other ids and an operator cancels a handler.
"""

from itertools import count, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine import commands, events
from tests.engine import features
from tests.engine.driving import flow
from tests.engine.features import Activity, Block, Drawing, Inside, Repeat, Scope, Work
from tests.engine.test_features import Walk


class Undoing(Drawing):
    """Everything in a subprocess, and behind it an event that undoes it."""

    def process(self, block: Block) -> str:
        outer = Inside(Scope.SUB_PROCESS, (block,), name="all")
        start, throw, end = self._prefix + "begin", self._prefix + "undo", self._prefix + "over"
        self._draw(outer)
        return (
            f'<startEvent id="{start}"/><endEvent id="{end}"/><intermediateThrowEvent id="{throw}">'
            f"<compensateEventDefinition/></intermediateThrowEvent>{''.join(self._written)}"
            + flow(start, self._prefix + "all")
            + flow(self._prefix + "all", throw)
            + flow(throw, end)
        )


class Undone(Walk):
    """A walk through such a process."""

    def drawn(self, prefix: str) -> str:
        return Undoing(prefix).process(self.block)

    def do_all(self) -> int:
        """Do all work; how much there was."""
        for number in range(200):
            work = self.open_work()
            if not any(name.startswith("w") for name, _ in work.values()):
                return number
            for command in min(work.values(), key=lambda each: each[0])[1]:
                self.send(command)
        raise AssertionError("no end")

    def handlers(self) -> list[tuple[str, events.JobRequested]]:
        """The handlers that run."""
        found = []
        for event in self.drive.history:
            if isinstance(event, events.JobRequested) and event.job_id in self.books.jobs:
                name = self.named(event.element_id)
                if name.startswith("u"):
                    found.append((name, event))
        return found


CASES = [
    (activity, repeat, scope, around)
    for activity, repeat, scope, around in product(Activity, Repeat, Scope, Repeat)
    if activity is Activity.JOB or (repeat in (Repeat.ONCE, Repeat.PARALLEL) and around in (Repeat.ONCE, Repeat.LOOP))
]


@pytest.mark.parametrize(("activity", "repeat", "scope", "around"), CASES)
def test_each_time_is_undone_once(activity: Activity, repeat: Repeat, scope: Scope, around: Repeat) -> None:
    """A repeated activity with a handler is undone as a whole, one in a repeated scope once for each instance."""
    work = Work(activity, repeat, 2, is_undoable=True)
    block = features.named(Inside(scope, (work,), around, 2), count(1))
    walk = Undone(block)
    times = 1 if around is Repeat.ONCE else 2
    assert walk.do_all() == times * (1 if repeat is Repeat.ONCE else 2)
    for number in range(times):
        walk.migrate()
        (handler,) = walk.handlers()
        assert handler[1].variables.get("loopCounter", times - number) == times - number
        if number == 0:
            token = handler[1].element_instance_id
            walk.send(commands.CancelElement(token))
        else:
            walk.send(commands.CompleteJob(handler[1].job_id))
    assert walk.drive.status == "completed"


undoable = st.just(value=True)
works = st.builds(Work, st.sampled_from(Activity), st.sampled_from(Repeat), st.integers(1, 2), undoable)
BLOCKS: st.SearchStrategy[Block] = st.recursive(
    works,
    lambda inner: st.one_of(
        st.builds(features.Sequence, st.tuples(inner, inner)),
        st.builds(Inside, st.sampled_from(Scope), st.tuples(inner), st.sampled_from(Repeat), st.integers(1, 2)),
    ),
    max_leaves=4,
)


def order(block: Block) -> list[str]:
    """The names of the work in the order in which it completes, when every scope runs one instance after the other."""
    match block:
        case Work(name=name):
            return [name]
        case features.Sequence(parts):
            return [name for part in parts for name in order(part)]
        case Inside(parts=parts, repeat=repeat, times=times):
            return [name for part in parts for name in order(part)] * (1 if repeat is Repeat.ONCE else times)
    raise AssertionError(block)


@given(block=BLOCKS, data=st.data())
def test_everything_is_undone_last_first(block: Block, data: st.DataObject) -> None:
    """Scopes in scopes, each undone in its own order; of instances that ran together the order is theirs."""
    walk = Undone(features.named(block, count(1)))
    walk.do_all()
    undone = []
    for _ in range(200):
        if walk.drive.status != "running":
            break
        if data.draw(st.integers(0, 4)) == 0:
            walk.migrate()
        ((name, asked),) = walk.handlers()
        undone.append(name.removeprefix("u"))
        if data.draw(st.integers(0, 4)) == 0:
            walk.send(commands.CancelElement(asked.element_instance_id))
        else:
            walk.send(commands.CompleteJob(asked.job_id))
    assert walk.drive.status == "completed"
    assert sorted(undone) == sorted(order(walk.block))
    if not any(isinstance(part, Inside) and part.repeat is Repeat.PARALLEL for part in features.parts_of(walk.block)):
        assert undone == order(walk.block)[::-1]
