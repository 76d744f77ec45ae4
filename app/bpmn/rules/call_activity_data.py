"""BPMN 2.0.2, 10.3.6: a call activity has exactly the data of what it calls, in the same sets."""

from collections.abc import Iterator

from app.bpmn.rules.subject import GLOBAL_TASKS, Finding, Subject
from app.bpmn.source import SourceElement
from app.errors import Severity


def call_activity_data(subject: Subject) -> Iterator[Finding]:
    for activity in subject.document.of_kind("callActivity"):
        called = subject.document.refer(activity.get("calledElement"))
        mine = activity.first("ioSpecification")
        if called is None or called.kind not in ("process", *GLOBAL_TASKS):
            continue
        theirs = called.first("ioSpecification")
        for kind in ("dataInput", "dataOutput"):
            own = list(mine.all(kind)) if mine is not None else []
            other = list(theirs.all(kind)) if theirs is not None else []
            if len(own) != len(other) or not _match(subject, own, other):
                yield Finding(
                    activity,
                    f"Expected the {kind}s of {called.kind} {called.id} ({len(other)}), "
                    f"but found {len(own)} that do not match.",
                    "Let the call activity's ioSpecification repeat that of the called element.",
                    "EXT063",
                    Severity.WARNING,
                )
        for kind in ("inputSet", "outputSet"):
            counts = [sum(1 for _ in each.all(kind)) if each is not None else 0 for each in (mine, theirs)]
            if counts[0] != counts[1]:
                yield Finding(
                    activity,
                    f"Expected the {kind}s of {called.kind} {called.id} ({counts[1]}), but found {counts[0]}.",
                    "Let the call activity's ioSpecification repeat that of the called element.",
                    "EXT063",
                    Severity.WARNING,
                )


def _match(subject: Subject, own: list[SourceElement], other: list[SourceElement]) -> bool:
    """Whether every item of `own` has its partner in `other`."""
    left = [subject.item(found) for found in other]
    for found in own:
        item = subject.item(found)
        partner = next((place for place, candidate in enumerate(left) if subject.same_item(item, candidate)), None)
        if partner is None:
            return False
        del left[partner]
    return True
