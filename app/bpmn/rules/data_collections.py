"""BPMN 2.0.2, 10.4.1: data and its item definition agree on whether it is a collection."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity

_RULES = {"dataObject": "EXT077", "dataInput": "EXT081", "dataOutput": "EXT083"}


def data_collections(subject: Subject) -> Iterator[Finding]:
    for kind, rule in _RULES.items():
        for data in subject.document.of_kind(kind):
            item = subject.item(data)
            if item is None:
                continue
            mine = data.flag("isCollection", default=False)
            theirs = item.flag("isCollection", default=False)
            for number in (rule, "EXT020") if mine != theirs else ():
                yield Finding(
                    data,
                    f"Expected isCollection of {kind} and item definition {item.id} to agree, "
                    f"but found {str(mine).lower()} and {str(theirs).lower()}.",
                    "Correct one of the two.",
                    number,
                    Severity.WARNING,
                )
