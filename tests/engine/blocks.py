"""Block-structured processes as terms, for the property tests: how a term is drawn as BPMN, and what it must do.

The meaning is a residual: `enabled` names the jobs that can be completed now, `after` is what may be left when one of
them is. It shares no code and no data structure with the engine.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, pairwise

from tests.engine.driving import flow, job


@dataclass(frozen=True)
class Work:
    """One job. `name` is given when the process is drawn."""

    name: str = ""


@dataclass(frozen=True)
class Sequence:
    parts: tuple["Block", ...]


@dataclass(frozen=True)
class Together:
    """Parallel branches."""

    parts: tuple["Block", ...]


@dataclass(frozen=True)
class Either:
    """An exclusive choice: the first of the flagged branches, or the last as the default."""

    parts: tuple["Block", ...]
    flags: tuple[bool, ...]


@dataclass(frozen=True)
class Some:
    """An inclusive choice: the flagged branches, or the last as the default."""

    parts: tuple["Block", ...]
    flags: tuple[bool, ...]


@dataclass(frozen=True)
class Inside:
    """An embedded subprocess; `times` None: once, else a multi-instance."""

    part: "Block"
    times: int | None = None
    is_sequential: bool = False


Block = Work | Sequence | Together | Either | Some | Inside


def named(block: Block, numbers: Iterator[int]) -> Block:
    """The same with a name for every job."""
    match block:
        case Work():
            return Work(f"job{next(numbers)}")
        case Inside(part, times, is_sequential):
            return Inside(named(part, numbers), times, is_sequential)
        case Sequence(parts):
            return Sequence(tuple(named(part, numbers) for part in parts))
        case Together(parts):
            return Together(tuple(named(part, numbers) for part in parts))
        case Either(parts, flags):
            return Either(tuple(named(part, numbers) for part in parts), flags)
        case Some(parts, flags):
            return Some(tuple(named(part, numbers) for part in parts), flags)


# the meaning


def chosen(block: Either | Some) -> tuple[Block, ...]:
    """The branches that are taken."""
    flagged = [part for part, flag in zip(block.parts[:-1], block.flags, strict=False) if flag]
    if isinstance(block, Either):
        return (flagged or [block.parts[-1]])[0:1] if flagged else (block.parts[-1],)
    return tuple(flagged) or (block.parts[-1],)


def unfolded(block: Block) -> Block | None:  # noqa: PLR0911 - one case for each kind
    """What remains, with all decisions taken. None: nothing."""
    match block:
        case Work():
            return block
        case Sequence(parts):
            for position, part in enumerate(parts):
                first = unfolded(part)
                if first is not None:
                    return Sequence((first, *parts[position + 1 :]))
            return None
        case Together(parts):
            left = tuple(part for part in map(unfolded, parts) if part is not None)
            return Together(left) if left else None
        case Either() | Some():
            return unfolded(Together(chosen(block)))
        case Inside(part, None, _):
            return unfolded(part)
        case Inside(part, times, True):
            return unfolded(Sequence((part,) * (times or 0)))
        case Inside(part, times, _):
            return unfolded(Together((part,) * (times or 0)))


def enabled(block: Block | None) -> Counter[str]:
    """The jobs that can be completed now. For an unfolded block."""
    match block:
        case Work(name):
            return Counter([name])
        case Sequence((first, *_)):
            return enabled(first)
        case Together(parts):
            return sum(map(enabled, parts), Counter())
        case _:
            return Counter()


def after(block: Block, name: str) -> set[Block | None]:
    """What may be left of an unfolded block when one of its jobs of this name is completed.

    More than one where instances of a multi-instance are equally far: which of them it was, the name does not say.
    """
    match block:
        case Work():
            return {None}
        case Sequence((first, *rest)):
            return {unfolded(Sequence((*([left] if left else []), *rest))) for left in after(first, name)}
        case Together(parts):
            return {
                unfolded(Together((*parts[:position], *([left] if left else []), *parts[position + 1 :])))
                for position, part in enumerate(parts)
                if enabled(part)[name]
                for left in after(part, name)
            }
        case _:
            raise AssertionError(block)


# the drawing


class Drawing:
    """BPMN of a block. Ids count up in the order of drawing, which is document order."""

    def __init__(self) -> None:
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
            case Work(name):
                self._written.append(job(name))
                return name, name
            case Sequence(parts):
                ends = [self._draw(part) for part in parts]
                self._written.extend(flow(before[1], behind[0]) for before, behind in pairwise(ends))
                return ends[0][0], ends[-1][1]
            case Together(parts):
                return self._branches("parallelGateway", parts, None)
            case Either(parts, flags):
                return self._branches("exclusiveGateway", parts, flags)
            case Some(parts, flags):
                return self._branches("inclusiveGateway", parts, flags)
            case Inside():
                return self._inside(block)

    def _branches(self, gateway: str, parts: tuple[Block, ...], flags: tuple[bool, ...] | None) -> tuple[str, str]:
        split, join = self._id(), self._id()
        ends = [self._draw(part) for part in parts]
        default = f' default="{split}-{ends[-1][0]}"' if flags is not None else ""
        self._written.append(f'<{gateway} id="{split}"{default}/><{gateway} id="{join}"/>')
        for position, (first, last) in enumerate(ends):
            is_default = flags is None or position == len(ends) - 1
            condition = None if is_default or flags is None else str(flags[position]).lower()
            self._written.append(flow(split, first, condition) + flow(last, join))
        return split, join

    def _inside(self, block: Inside) -> tuple[str, str]:
        identifier = self._id()
        outer, self._written = self._written, []
        self._whole(block.part)
        loop = ""
        if block.times is not None:
            loop = (
                f'<multiInstanceLoopCharacteristics isSequential="{str(block.is_sequential).lower()}">'
                f'<loopCardinality xsi:type="tFormalExpression">={block.times}</loopCardinality>'
                "</multiInstanceLoopCharacteristics>"
            )
        inside, self._written = "".join(self._written), outer
        self._written.append(f'<subProcess id="{identifier}">{loop}{inside}</subProcess>')
        return identifier, identifier

    def _id(self) -> str:
        return f"n{next(self._numbers)}"
