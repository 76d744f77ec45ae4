"""BPMN 2.0.2, 10.3.8: the collections of a multi-instance activity are data that exists, and the items fit them."""

from collections.abc import Iterator

from app.bpmn.model import Dialect
from app.bpmn.rules.subject import SUBPROCESSES, Finding, Subject
from app.bpmn.source import SourceElement
from app.errors import Severity

_SIDES = (
    ("loopDataInputRef", "inputDataItem", "dataInput", "EXT068", "EXT070"),
    ("loopDataOutputRef", "outputDataItem", "dataOutput", "EXT071", "EXT069"),
)


def loop_data(subject: Subject) -> Iterator[Finding]:
    for loop in subject.document.of_kind("multiInstanceLoopCharacteristics"):
        activity = subject.document.parent(loop)
        if activity is None:
            continue
        for reference_kind, item_kind, data_kind, exists, fits in _SIDES:
            reference, item = loop.first(reference_kind), loop.first(item_kind)
            if reference is None:
                continue
            collection = subject.document.refer(reference.text)
            kinds = ("dataObject", "dataObjectReference") if activity.kind in SUBPROCESSES else (data_kind,)
            if collection is None or collection.kind not in kinds or _is_of_another(subject, collection, activity):
                is_lost = collection is None and subject.definitions.dialect is Dialect.PLAIN
                yield Finding(
                    activity,
                    f"Expected {reference_kind} to name a {' or '.join(kinds)}, but found {reference.text!r}.",
                    "Name the data that the activity runs over.",
                    exists,
                    Severity.ERROR if is_lost else Severity.WARNING,
                )
            elif item is not None and not _fits(subject, item, collection):
                yield Finding(
                    activity,
                    f"Expected {item_kind} to be one item of {collection.id}, but its item definition says otherwise.",
                    "Use an item definition of the same structure that is no collection.",
                    fits,
                    Severity.WARNING,
                )


def _is_of_another(subject: Subject, data: SourceElement, activity: SourceElement) -> bool:
    """Whether the data is an input or output, but not one of the activity."""
    return data.kind in ("dataInput", "dataOutput") and activity not in subject.document.ancestors(data)


def _fits(subject: Subject, item: SourceElement, collection: SourceElement) -> bool:
    single, many = subject.item(item), subject.item(collection)
    if single is None or many is None:
        return single is many
    return not single.flag("isCollection", default=False) and single.get("structureRef") == many.get("structureRef")
