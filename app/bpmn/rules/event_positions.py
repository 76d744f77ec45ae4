"""BPMN 2.0.2, 10.5.4, table 10.93: which event definition may stand where."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import SourceElement

_BOUNDARY = {"message", "timer", "escalation", "error", "cancel", "compensate", "conditional", "signal"}
_NON_INTERRUPTING_BOUNDARY = _BOUNDARY - {"error", "cancel", "compensate"}
_CATCH = {"message", "timer", "conditional", "link", "signal"}
_THROW = {"message", "escalation", "compensate", "link", "signal"}
_END = {"message", "escalation", "error", "cancel", "compensate", "signal", "terminate"}


def event_positions(subject: Subject) -> Iterator[Finding]:
    for event in subject.document.of_kind("boundaryEvent"):
        is_interrupting = event.flag("cancelActivity", default=True)
        allowed = _BOUNDARY if is_interrupting else _NON_INTERRUPTING_BOUNDARY
        kinds = subject.event_kinds(event)
        place = "on a boundary" if is_interrupting else "on a boundary without interrupting"
        yield from _check(event, kinds, allowed, place, ("EXT110", "EXT147"))
        if not kinds:
            for rule in ("EXT110", "EXT130", "EXT147"):
                yield _finding(event, allowed, "none", place, rule)
    for event in subject.document.of_kind("intermediateCatchEvent"):
        kinds = subject.event_kinds(event)
        yield from _check(event, kinds, _CATCH, "as intermediate catch event", ("EXT148",))
        if not kinds:
            yield _finding(event, _CATCH, "none", "as intermediate catch event", "EXT148")
        if "compensate" in kinds:
            yield _finding(event, _CATCH, "compensate", "as intermediate catch event", "EXT122")
    for event in subject.document.of_kind("intermediateThrowEvent"):
        yield from _check(event, subject.event_kinds(event), _THROW, "as intermediate throw event", ("EXT149",))
    for event in subject.document.of_kind("endEvent"):
        yield from _check(event, subject.event_kinds(event), _END, "as end event", ("EXT146",))


def _check(
    event: SourceElement, kinds: list[str], allowed: set[str], place: str, rules: tuple[str, ...]
) -> Iterator[Finding]:
    for kind in kinds:
        if kind not in allowed:
            for rule in rules:
                yield _finding(event, allowed, kind, place, rule)


def _finding(event: SourceElement, allowed: set[str], found: str, place: str, rule: str) -> Finding:
    words = sorted(allowed)
    return Finding(
        event,
        f"Expected {', '.join(words[:-1])} or {words[-1]} {place}, but found {found}.",
        "Choose one of these events.",
        rule,
    )
