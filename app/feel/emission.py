"""What the emission of an expression brings along beside the tree that it makes."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Locals:
    """FEEL names that Python variables stand for; `item` is the Python variable of a filter's item."""

    names: dict[str, str]
    outer: "Locals | None"
    item: str | None = None


@dataclass(slots=True)
class Emission:
    """What an emission needs besides its expression: constants by name, variables by FEEL name, free names, those asked
    of the variables in any way, whether it is `large`, whether it needs the frame, whether steps count, whether it
    invokes functions, whether it calls functions that are not built in, whether it `operates` by Python's operators, in
    the decimal context of the thread."""

    constants: dict[str, object] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    free: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    large: bool = False
    uses_frame: bool = False
    counts: bool = False
    invokes: bool = False
    calls: bool = False
    operates: bool = False
    serial: int = 0
