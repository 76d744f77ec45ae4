"""Property: a process that combines features does what its term means, whatever happens to it in whichever order.

Work is done, events happen, errors and escalations are thrown, operators begin work again and cancel instances, and the
process instance is migrated to a drawing with other ids. It is stored and loaded before every command, and a twin that
stays in memory has to tell the same events. `make explore` walks further.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import count

from hypothesis import given, note
from hypothesis import strategies as st

from app import engine, feel
from app.engine import commands, events
from app.engine.simulation import NoDecisions
from tests.engine import features
from tests.engine.driving import Drive, definitions, told
from tests.engine.features import (
    Activity,
    Block,
    Change,
    Drawing,
    Guarded,
    Inside,
    Repeat,
    Scope,
    Sequence,
    Together,
    Trigger,
    Work,
)
from tests.engine.test_bookkeeping import Books, in_state

THROWERS = (Activity.JOB, Activity.CALL)

activities = st.sampled_from(Activity)
repeats = st.sampled_from(Repeat)
times = st.integers(1, 2)
works = st.builds(Work, activities, repeats, times)
triggers = st.sampled_from(Trigger)


@st.composite
def scopes(draw: st.DrawFn, inner: st.SearchStrategy[Block]) -> Inside:
    """A scope; an ad-hoc subprocess may have several parts."""
    scope = draw(st.sampled_from(Scope))
    several = scope in (Scope.AD_HOC, Scope.SEQUENTIAL_AD_HOC) and draw(st.booleans())
    parts = (draw(inner), draw(inner)) if several else (draw(inner),)
    return Inside(scope, parts, draw(repeats), draw(times))


@st.composite
def guarded(draw: st.DrawFn, activity: st.SearchStrategy[Work | Inside]) -> Guarded:
    """An activity with a boundary event or beside an event subprocess. An error always interrupts."""
    trigger = draw(triggers)
    interrupts = trigger is Trigger.ERROR or draw(st.booleans())
    return Guarded(draw(activity), trigger, interrupts, Work(draw(activities)), draw(st.booleans()))


BLOCKS: st.SearchStrategy[Block] = st.recursive(
    works | guarded(works),
    lambda inner: st.one_of(
        st.builds(Sequence, st.tuples(inner, inner)),
        st.builds(Together, st.tuples(inner, inner)),
        scopes(inner),
        guarded(scopes(inner)),
    ),
    max_leaves=4,
)


@dataclass(frozen=True)
class Step:
    """Something that may happen now: the commands, and what it means."""

    told: str
    commands: tuple[commands.Command, ...]
    change: Change | None = None
    everywhere: str | None = None


class Walk:
    """One instance on its way, beside its meaning, its books and its twin."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.prefixes = count(1)
        self.prefix = ""
        self.roots = features.roots(block)
        self.drive = Drive(self.drawn(""), self.roots)
        self.books = Books()
        self.possible = {features.unfolded(block)}
        self.twin = engine.Instance.create(self.drive.program, "I", NoDecisions(), self.drive._moment())
        self.guards = [part for part in features.parts_of(block) if isinstance(part, Guarded)]
        conditions = [guard.name for guard in self.guards if guard.trigger is Trigger.CONDITION]
        self.send(commands.StartInstance(dict.fromkeys(conditions, False)))

    def drawn(self, prefix: str) -> str:
        """The process as XML, with ids that begin like this."""
        return Drawing(prefix).process(self.block)

    # what is open

    def named(self, element_id: str) -> str:
        return element_id.rpartition("_")[2]

    def open_work(self) -> dict[str, tuple[str, tuple[commands.Command, ...]]]:
        """Id → the name of the work, and the command that does it."""
        found: dict[str, tuple[str, tuple[commands.Command, ...]]] = {}
        for event in self.drive.history:
            match event:
                case events.JobRequested(job_id=key) if key in self.books.jobs:
                    found[key] = self.named(event.element_id), (commands.CompleteJob(key),)
                case events.UserTaskCreated(user_task_id=key) if key in self.books.user_tasks:
                    found[key] = self.named(event.element_id), (commands.CompleteUserTask(key),)
                case events.CalledInstanceRequested(element_instance_id=key) if key in self.books.calls:
                    found[key] = self.named(event.element_id), (commands.CompleteCalledInstance(key),)
                case events.SubscriptionOpened(subscription_id=key) if key in self.books.subscriptions:
                    if (name := self.named(event.element_id)).startswith("w"):
                        found[key] = name, (commands.DeliverMessage(key),)
        return found

    def open_events(self) -> dict[str, tuple[str, commands.Command]]:
        """Id → the name of the boundary event, and the command by which it happens."""
        found: dict[str, tuple[str, commands.Command]] = {}
        for event in self.drive.history:
            match event:
                case events.TimerScheduled(timer_id=key) if key in self.books.timers:
                    found[key] = self.named(event.element_id), commands.FireTimer(key)
                case events.SubscriptionOpened(subscription_id=key) if key in self.books.subscriptions:
                    if (name := self.named(event.element_id)).startswith("g"):
                        signal = event.kind is events.SubscriptionKind.SIGNAL
                        found[key] = name, commands.DeliverSignal(name) if signal else commands.DeliverMessage(key)
        return found

    # what may happen

    def steps(self) -> list[Step]:
        found: list[Step] = []
        kinds = {guard.name: guard.trigger for guard in self.guards}
        for key, (name, does) in self.open_work().items():
            found.append(Step(f"{name} is done", does, features.done(name)))
            found += self._throws(key, name, does[0])
        for name, command in self.open_events().values():
            if kinds[name] is Trigger.SIGNAL:
                found.append(Step(f"signal {name}", (command,), everywhere=name))
            else:
                found.append(Step(f"{name} happens", (command,), features.happened(name)))
        for guard in self.guards:
            if guard.trigger is Trigger.CONDITION:
                both = commands.SetVariables({guard.name: True}), commands.SetVariables({guard.name: False})
                found.append(Step(f"condition {guard.name}", both, everywhere=guard.name))
        return found + self._operations()

    def _throws(self, key: str, name: str, does: commands.Command) -> list[Step]:
        """Errors and escalations that are caught."""
        found = []
        for guard in self.guards:
            inside = any(isinstance(part, Work) and part.name == name for part in features.parts_of(guard.activity))
            if not inside or guard.trigger not in (Trigger.ERROR, Trigger.ESCALATION):
                continue
            thrown: commands.Command | None = None
            match does, guard.trigger:
                case commands.CompleteJob(), Trigger.ERROR:
                    thrown = commands.ThrowError(key, guard.name)
                case commands.CompleteJob(), Trigger.ESCALATION:
                    thrown = commands.ThrowEscalation(key, guard.name)
                case commands.CompleteCalledInstance(), Trigger.ERROR:
                    thrown = commands.FailCalledInstance(key, guard.name)
                case commands.CompleteCalledInstance(), Trigger.ESCALATION:
                    thrown = commands.EscalateCalledInstance(key, guard.name)
            if thrown is not None:
                found.append(Step(f"{name} throws {guard.name}", (thrown,), features.thrown(guard.name, name)))
        return found

    def _operations(self) -> list[Step]:
        """What an operator may do: begin work again, and cancel one instance of what is repeated."""
        found = []
        repeated = {
            part.name
            for part in features.parts_of(self.block)
            if isinstance(part, Work | Inside) and part.repeat is not Repeat.ONCE
        }
        state = feel.json_loads(self.drive.stored)
        assert isinstance(state, dict)
        for token in state["tokens"]:
            element_id, _, kind = str(token["at"]).partition("#")
            name, key = self.named(element_id), token["id"]
            if kind == "instance":
                found.append(Step(f"{name} is cancelled", (commands.CancelElement(key),), features.cancelled(name)))
            elif name.startswith("w") and name not in repeated:
                again = commands.ActivateElement(element_id, scope_id=token["in"])
                found.append(
                    Step(f"{name} is begun again", (again, commands.CancelElement(key)), features.begun_again(name))
                )
        return found

    def take(self, step: Step) -> None:
        """Let it happen, to the instance and to its meaning."""
        for command in step.commands:
            self.send(command)
        if step.everywhere is not None:
            self.possible = {features.happened_everywhere(each, step.everywhere) for each in self.possible}
        elif step.change is not None:
            changes = step.change
            self.possible = {left for each in self.possible if each for left in features.changed(each, changes)}

    def migrate(self) -> None:
        """To the same process with other ids."""
        prefix = f"v{next(self.prefixes)}_"
        target = engine.compile(definitions(self.drawn(prefix), self.roots), "P")
        ids = [spec.name for spec in self.drive.program.spec.task_specs.values() if spec.scope is not None]
        flows = [flow.id for spec in self.drive.program.spec.task_specs.values() for flow in spec.flows]
        mapping = {
            each: "-".join(prefix + part.removeprefix(self.prefix) for part in each.split("-"))
            for each in [*ids, *flows]
            if "#" not in each
        }
        stored = feel.json_loads(self.drive.stored)
        assert isinstance(stored, dict)
        migration = engine.migrate(stored, self.drive.program, target, mapping)
        assert migration.problems == ()
        assert migration.state is not None
        self.prefix, self.drive.program, self.drive.stored = prefix, target, feel.json_dumps(migration.state)
        again = feel.json_loads(self.drive.stored)
        assert isinstance(again, dict)
        self.twin = engine.Instance.load(target, again, NoDecisions())

    def send(self, command: commands.Command) -> None:
        before = len(self.drive.history)
        self.books.settle(command)
        if isinstance(command, commands.ThrowError):
            self.books.jobs.remove(command.job_id)  # it is caught
        self._share_ids()
        self.drive.send(command)
        happened = self.drive.history[before:]
        same = self.twin.handle(command, self._twin_moment)
        assert told(same) == told(tuple(happened))
        for event in happened:
            self.books.enter(event)
        assert not self.books.incidents
        assert self.books == in_state(self.drive)

    def _share_ids(self) -> None:
        """The twin gets the ids that the stored instance will get."""
        mine, theirs = count_from(self.drive), count_from(self.drive)
        self.drive._ids = mine
        self._twin_moment = engine.Moment(self.drive.now, lambda: f"{next(theirs)}")

    def agrees(self) -> bool:
        """Whether some meaning that is possible has open what is open."""
        work = Counter(name for name, _ in self.open_work().values())
        awaited = Counter(name for name, _ in self.open_events().values())
        self.possible = {
            each for each in self.possible if features.open_work(each) == work and features.open_events(each) == awaited
        }
        return bool(self.possible)


def count_from(drive: Drive) -> "count[int]":
    """Ids that are larger than all that have been given."""
    return count(1_000 * (len(drive.history) + 1))


@given(block=BLOCKS, data=st.data())
def test_whatever_happens_the_process_does_what_it_means(block: Block, data: st.DataObject) -> None:
    """What is open is what the term says after every step; at the end nothing is, and the instance is completed."""
    walk = Walk(features.named(block, count(1)))
    for _ in range(data.draw(st.integers(0, 12))):
        assert walk.agrees()
        if walk.drive.status != "running":
            break
        if data.draw(st.integers(0, 9)) == 0:
            note("migrated")
            walk.migrate()
            assert walk.agrees()
        walk.take(draw_step(walk, data))
    assert walk.agrees()
    finish(walk)
    assert None in walk.possible
    assert walk.drive.live == []
    assert walk.drive.status == "completed"


def draw_step(walk: Walk, data: st.DataObject) -> Step:
    steps = walk.steps()
    step = steps[data.draw(st.integers(0, len(steps) - 1))]
    note(step.told)
    return step


def finish(walk: Walk) -> None:
    """Do all work until there is none."""
    for _ in range(200):
        work = walk.open_work()
        if not work:
            return
        name, does = min(work.values(), key=lambda each: each[0])
        walk.take(Step(f"{name} is done", does, features.done(name)))
        assert walk.agrees()
    raise AssertionError("no end")


@given(block=BLOCKS, data=st.data())
def test_whatever_has_happened_the_instance_can_be_cancelled(block: Block, data: st.DataObject) -> None:
    """Nothing is open then, by the events and by the state."""
    walk = Walk(features.named(block, count(1)))
    for _ in range(data.draw(st.integers(0, 6))):
        if walk.drive.status == "running":
            walk.take(draw_step(walk, data))
    if walk.drive.status == "running":
        walk.send(commands.CancelInstance("enough"))
        assert walk.books == Books()
        assert walk.drive.status == "cancelled"
