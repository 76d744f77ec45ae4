"""Processes that combine features, as terms: what each means, and how it is drawn as BPMN.

Every kind of activity, repeated or not, in every kind of scope, with boundary events of every kind whose way is taken
beside it or instead. The meaning is a residual, as in `blocks`: what is open now, and what may be left after something
has happened. It shares no code and no data structure with the engine. A guarded activity is drawn in a subprocess of
its own, so that the way of its boundary event ends in there and the rest waits for both.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count, pairwise

from tests.engine.driving import extended, flow


class Activity(StrEnum):
    JOB = "job"
    USER_TASK = "user task"
    RECEIVE_TASK = "receive task"
    CALL = "call activity"


class Scope(StrEnum):
    SUB_PROCESS = "subProcess"
    TRANSACTION = "transaction"
    AD_HOC = "adHocSubProcess"  # its parts begin at once
    SEQUENTIAL_AD_HOC = "sequential adHocSubProcess"  # its parts begin one after the other


class Repeat(StrEnum):
    ONCE = "once"
    PARALLEL = "parallel"
    SEQUENTIAL = "sequential"
    LOOP = "loop"


class Trigger(StrEnum):
    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    CONDITION = "condition"
    ERROR = "error"
    ESCALATION = "escalation"


@dataclass(frozen=True)
class Work:
    """One piece of work, done by somebody outside. Names are given by `named`."""

    activity: Activity = Activity.JOB
    repeat: Repeat = Repeat.ONCE
    times: int = 1
    is_undoable: bool = False  # it has a compensation handler, a job with the prefix "u"
    name: str = ""


@dataclass(frozen=True)
class Sequence:
    parts: tuple["Block", ...]


@dataclass(frozen=True)
class Together:
    """Parallel branches."""

    parts: tuple["Block", ...]


@dataclass(frozen=True)
class Inside:
    """A scope around one part, or around several in an ad-hoc subprocess."""

    scope: Scope
    parts: tuple["Block", ...]
    repeat: Repeat = Repeat.ONCE
    times: int = 1
    name: str = ""


@dataclass(frozen=True)
class Guarded:
    """An activity, and what happens when an event does: one piece of work, beside the activity or instead of it.

    The event is at the boundary of the activity, or starts an event subprocess beside it.
    """

    activity: "Work | Inside"
    trigger: Trigger
    interrupts: bool
    way: Work = Work()
    is_boundary: bool = True
    name: str = ""


@dataclass(frozen=True)
class Copy:
    """What is left of one instance of a repeated activity."""

    name: str
    part: "Block"


@dataclass(frozen=True)
class Guard:
    """What is left of a guarded activity, and of what an event subprocess began beside it."""

    guarded: Guarded
    part: "Block"
    is_armed: bool = True


Block = Work | Sequence | Together | Inside | Guarded | Copy | Guard


def named(block: Block, numbers: Iterator[int]) -> Block:
    """The same with a name for whatever can be seen or cause something."""
    match block:
        case Work():
            return replace(block, name=f"w{next(numbers)}")
        case Sequence(parts) | Together(parts):
            return replace(block, parts=tuple(named(part, numbers) for part in parts))
        case Inside(parts=parts):
            inner = tuple(named(part, numbers) for part in parts)
            return replace(block, parts=inner, name=f"s{next(numbers)}")
        case Guarded():
            activity, way = named(block.activity, numbers), named(block.way, numbers)
            assert isinstance(activity, Work | Inside)
            assert isinstance(way, Work)
            return replace(block, activity=activity, way=way, name=f"g{next(numbers)}")
    raise AssertionError(block)


def parts_of(block: Block) -> Iterator[Block]:
    """The block and everything in it."""
    yield block
    match block:
        case Sequence(parts) | Together(parts) | Inside(parts=parts):
            for part in parts:
                yield from parts_of(part)
        case Guarded(activity=activity, way=way):
            yield from parts_of(activity)
            yield way
        case Copy(part=part) | Guard(part=part):
            yield from parts_of(part)


# the meaning


def unfolded(block: Block) -> Block | None:  # noqa: PLR0911 - one case for each kind
    """What is open of a block when a token comes to it. None: nothing, the token goes on at once."""
    match block:
        case Work():
            return repeated(block, replace(block, repeat=Repeat.ONCE))
        case Sequence(parts):
            for position, part in enumerate(parts):
                first = unfolded(part)
                if first is not None:
                    rest = parts[position + 1 :]
                    return Sequence((first, *rest)) if rest else first
            return None
        case Together(parts):
            return together(map(unfolded, parts))
        case Inside(scope=scope, parts=parts):
            inner: Block = Sequence(parts) if scope is Scope.SEQUENTIAL_AD_HOC else Together(parts)
            return repeated(block, inner)
        case Guarded(activity=activity):
            guarded = unfolded(activity)
            return None if guarded is None else Guard(block, guarded)
        case Copy(name, part):
            left = unfolded(part)
            return None if left is None else Copy(name, left)
        case Guard():
            return block


def together(parts: Iterable[Block | None]) -> Block | None:
    """Residuals side by side, in an order that tells equal ones apart from nothing."""
    flat: list[Block] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Together) else [part] if part is not None else [])
    if len(flat) < 2:
        return flat[0] if flat else None
    return Together(tuple(sorted(flat, key=repr)))


def repeated(block: Work | Inside, once: Block) -> Block | None:
    """The open instances of an activity."""
    if block.repeat is Repeat.ONCE:
        return once if isinstance(once, Work) else unfolded(once)
    copies = (Copy(block.name, once),) * block.times
    return together(map(unfolded, copies)) if block.repeat is Repeat.PARALLEL else unfolded(Sequence(copies))


def open_work(block: Block | None) -> Counter[str]:
    """The names of the work that can be done now. For a residual."""
    return Counter(part.name for part in live_parts(block) if isinstance(part, Work))


def open_events(block: Block | None) -> Counter[str]:
    """The names of the boundary events that timers, messages and signals are waited for."""
    waits = (Trigger.TIMER, Trigger.MESSAGE, Trigger.SIGNAL)
    return Counter(
        part.guarded.name
        for part in live_parts(block)
        if isinstance(part, Guard) and part.is_armed and part.guarded.trigger in waits
    )


def live_parts(block: Block | None) -> Iterator[Block]:
    """The parts of a residual that have begun."""
    match block:
        case None:
            return
        case Sequence((first, *_)):
            yield from live_parts(first)
        case Together(parts):
            for part in parts:
                yield from live_parts(part)
        case Copy(part=part) | Guard(part=part):
            yield block
            yield from live_parts(part)
        case _:
            yield block


Change = Callable[[Block], Iterable[Block | None]]


def changed(block: Block, change: Change) -> Iterator[Block | None]:
    """What may be left if one part that has begun changes like this."""
    yield from change(block)
    match block:
        case Sequence((first, *rest)):
            for left in changed(first, change):
                yield unfolded(Sequence(tuple(rest))) if left is None else Sequence((left, *rest))
        case Together(parts):
            for position, part in enumerate(parts):
                for left in changed(part, change):
                    yield together([*parts[:position], left, *parts[position + 1 :]])
        case Copy(name, part):
            for left in changed(part, change):
                yield None if left is None else Copy(name, left)
        case Guard(part=part):
            for left in changed(part, change):
                yield None if left is None else replace(block, part=left)


def done(name: str) -> Change:
    """The work of this name has been done."""
    return lambda block: [None] if isinstance(block, Work) and block.name == name else []


def cancelled(name: str) -> Change:
    """An instance of the repeated activity of this name has been cancelled by an operator."""
    return lambda block: [None] if isinstance(block, Copy) and block.name == name else []


def triggered(guard: Guard) -> Block | None:
    way = unfolded(guard.guarded.way)
    if guard.guarded.interrupts:
        return way
    is_armed = guard.guarded.trigger is not Trigger.TIMER
    if guard.guarded.is_boundary:
        return together([replace(guard, is_armed=is_armed), way])
    beside = together([guard.part, way])
    return None if beside is None else replace(guard, part=beside, is_armed=is_armed)


def begun_again(name: str) -> Change:
    """An operator has begun the work of this name again: what guards it waits anew."""
    return lambda block: (
        [block]
        if isinstance(block, Work) and block.name == name
        else [replace(block, is_armed=True)]
        if isinstance(block, Guard) and block.guarded.is_boundary and block.guarded.activity.name == name
        else []
    )


def happened(name: str) -> Change:
    """The boundary event of this name has happened to one activity."""
    return lambda block: (
        [triggered(block)] if isinstance(block, Guard) and block.guarded.name == name and block.is_armed else []
    )


def thrown(name: str, work: str) -> Change:
    """What the work of one name throws is caught by the event of the other."""
    return lambda block: (
        [triggered(block)]
        if isinstance(block, Guard) and block.guarded.name == name and open_work(block.part)[work]
        else []
    )


def happened_everywhere(block: Block | None, name: str) -> Block | None:
    """A signal or condition: it happens to every activity that waits for it."""
    match block:
        case Sequence((first, *rest)):
            left = happened_everywhere(first, name)
            return unfolded(Sequence(tuple(rest))) if left is None else Sequence((left, *rest))
        case Together(parts):
            return together(happened_everywhere(part, name) for part in parts)
        case Copy(copied, part):
            left = happened_everywhere(part, name)
            return None if left is None else Copy(copied, left)
        case Guard(part=part):
            if block.guarded.name == name:
                return triggered(block)
            left = happened_everywhere(part, name)
            return None if left is None else replace(block, part=left)
    return block


# the drawing

DEFINITIONS = {
    Trigger.TIMER: '<timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT1H</timeDuration>'
    "</timerEventDefinition>",
    Trigger.MESSAGE: '<messageEventDefinition messageRef="m-{0}"/>',
    Trigger.SIGNAL: '<signalEventDefinition signalRef="m-{0}"/>',
    Trigger.CONDITION: '<conditionalEventDefinition><condition xsi:type="tFormalExpression">={0} = true</condition>'
    "</conditionalEventDefinition>",
    Trigger.ERROR: '<errorEventDefinition errorRef="m-{0}"/>',
    Trigger.ESCALATION: '<escalationEventDefinition escalationRef="m-{0}"/>',
}
ROOTS = {
    Trigger.MESSAGE: '<message id="m-{0}" name="{0}"/>',
    Trigger.SIGNAL: '<signal id="m-{0}" name="{0}"/>',
    Trigger.ERROR: '<error id="m-{0}" name="{0}" errorCode="{0}"/>',
    Trigger.ESCALATION: '<escalation id="m-{0}" name="{0}" escalationCode="{0}"/>',
}


def roots(block: Block) -> str:
    """Messages, signals, errors and escalations."""
    written = [
        ROOTS.get(part.trigger, "").format(part.name) for part in parts_of(block) if isinstance(part, Guarded)
    ] + [
        ROOTS[Trigger.MESSAGE].format(part.name)
        for part in parts_of(block)
        if isinstance(part, Work) and part.activity is Activity.RECEIVE_TASK
    ]
    return "".join(written)


def loop(block: Work | Inside) -> str:
    """The loop characteristics."""
    if block.repeat is Repeat.ONCE:
        return ""
    if block.repeat is Repeat.LOOP:
        return f'<standardLoopCharacteristics testBefore="true" loopMaximum="{block.times}"/>'
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(block.repeat is Repeat.SEQUENTIAL).lower()}">'
        f'<loopCardinality xsi:type="tFormalExpression">={block.times}</loopCardinality>'
        "</multiInstanceLoopCharacteristics>"
    )


class Drawing:
    """BPMN of a block. `prefix` begins every id, so that the same process can be drawn with others."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._numbers = count()
        self._written: list[str] = []

    def process(self, block: Block) -> str:
        self._whole(block)
        return "".join(self._written)

    def _whole(self, block: Block) -> None:
        """A scope: start event, the block, end event."""
        start, end = self._id(), self._id()
        self._written.append(f'<startEvent id="{start}"/>')
        first, last = self._draw(block)
        self._written.append(f'<endEvent id="{end}"/>' + flow(start, first) + flow(last, end))

    def _draw(self, block: Block) -> tuple[str, str]:
        """Returns the ids of the first and the last node."""
        match block:
            case Work():
                return self._work(block)
            case Sequence(parts):
                ends = [self._draw(part) for part in parts]
                self._written.extend(flow(before[1], behind[0]) for before, behind in pairwise(ends))
                return ends[0][0], ends[-1][1]
            case Together(parts):
                split, join = self._id(), self._id()
                ends = [self._draw(part) for part in parts]
                self._written.append(f'<parallelGateway id="{split}"/><parallelGateway id="{join}"/>')
                self._written.extend(flow(split, first) + flow(last, join) for first, last in ends)
                return split, join
            case Inside():
                return self._inside(block)
            case Guarded():
                return self._guarded(block)
        raise AssertionError(block)

    def _work(self, block: Work) -> tuple[str, str]:
        identifier, inside = self._prefix + block.name, loop(block)
        match block.activity:
            case Activity.JOB:
                drawn = extended("serviceTask", identifier, '<zeebe:taskDefinition type="work"/>', inside)
            case Activity.USER_TASK:
                drawn = extended("userTask", identifier, "<zeebe:userTask/>", inside)
            case Activity.RECEIVE_TASK:
                drawn = f'<receiveTask id="{identifier}" messageRef="m-{block.name}">{inside}</receiveTask>'
            case Activity.CALL:
                drawn = extended("callActivity", identifier, '<zeebe:calledElement processId="other"/>', inside)
        self._written.append(drawn)
        if block.is_undoable:
            handler, edge = f"{self._prefix}u{block.name}", f"{self._prefix}e{block.name}"
            job = extended("serviceTask", handler, '<zeebe:taskDefinition type="undo"/>', isForCompensation="true")
            self._written.append(
                f'{job}<boundaryEvent id="{edge}" attachedToRef="{identifier}"><compensateEventDefinition/>'
                "</boundaryEvent>"
                f'<association id="a-{edge}" associationDirection="One" sourceRef="{edge}" targetRef="{handler}"/>'
            )
        return identifier, identifier

    def _inside(self, block: Inside) -> tuple[str, str]:
        identifier = self._prefix + block.name
        outer, self._written = self._written, []
        is_ad_hoc = block.scope in (Scope.AD_HOC, Scope.SEQUENTIAL_AD_HOC)
        if is_ad_hoc:
            for part in block.parts:
                self._draw(part)
        else:
            self._whole(block.parts[0])
        inside, self._written = "".join(self._written), outer
        tag = Scope.AD_HOC if is_ad_hoc else block.scope
        ordering = ' ordering="Sequential"' if block.scope is Scope.SEQUENTIAL_AD_HOC else ""
        self._written.append(f'<{tag} id="{identifier}"{ordering}>{loop(block)}{inside}</{tag}>')
        return identifier, identifier

    def _guarded(self, block: Guarded) -> tuple[str, str]:
        identifier, start, end, over = self._id(), self._id(), self._id(), self._id()
        outer, self._written = self._written, []
        activity, _ = self._draw(block.activity)
        way, _ = self._draw(block.way)
        edge = self._prefix + block.name
        interrupts, definition = str(block.interrupts).lower(), DEFINITIONS[block.trigger].format(block.name)
        drawn_way = self._written.pop() + f'<endEvent id="{over}"/>' + flow(edge, way) + flow(way, over)
        if block.is_boundary:
            drawn_way += (
                f'<boundaryEvent id="{edge}" attachedToRef="{activity}" cancelActivity="{interrupts}">{definition}'
                "</boundaryEvent>"
            )
        else:
            started = f'<startEvent id="{edge}" isInterrupting="{interrupts}">{definition}</startEvent>'
            drawn_way = f'<subProcess id="{self._id()}" triggeredByEvent="true">{started}{drawn_way}</subProcess>'
        self._written.append(
            f'<startEvent id="{start}"/><endEvent id="{end}"/>{flow(start, activity)}{flow(activity, end)}{drawn_way}'
        )
        inside, self._written = "".join(self._written), outer
        self._written.append(f'<subProcess id="{identifier}">{inside}</subProcess>')
        return identifier, identifier

    def _id(self) -> str:
        return f"{self._prefix}n{next(self._numbers)}"
