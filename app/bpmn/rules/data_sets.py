"""BPMN 2.0.2, 10.4.1: all inputs are in input sets, all outputs in output sets, and the sets refer to each other."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import SourceElement
from app.errors import Severity

_MEMBERSHIP = (
    ("dataInput", "inputSet", "dataInputRefs", "EXT084"),
    ("dataOutput", "outputSet", "dataOutputRefs", "EXT088"),
)
_SUBSETS = (
    ("inputSet", "dataInputRefs", "optionalInputRefs", "EXT085"),
    ("inputSet", "dataInputRefs", "whileExecutingInputRefs", "EXT086"),
    ("outputSet", "dataOutputRefs", "optionalOutputRefs", "EXT089"),
    ("outputSet", "dataOutputRefs", "whileExecutingOutputRefs", "EXT090"),
)


def data_sets(subject: Subject) -> Iterator[Finding]:
    for specification in subject.document.of_kind("ioSpecification"):
        owner = subject.document.parent(specification)
        yield from _members(specification)
        yield from _subsets(specification, owner)
        yield from _partners(specification, owner)


def _references(element: SourceElement, kind: str) -> set[str]:
    return {reference.text.rpartition(":")[2] for reference in element.all(kind)}


def _members(specification: SourceElement) -> Iterator[Finding]:
    for data_kind, set_kind, reference_kind, rule in _MEMBERSHIP:
        named = {name for found in specification.all(set_kind) for name in _references(found, reference_kind)}
        for data in specification.all(data_kind):
            if data.id not in named:
                yield Finding(
                    data,
                    f"Expected every {data_kind} in an {set_kind}, but found {data.id} in none.",
                    f"Add it to an {set_kind}.",
                    rule,
                    Severity.WARNING,
                )


def _subsets(specification: SourceElement, owner: SourceElement | None) -> Iterator[Finding]:
    for set_kind, all_kind, some_kind, rule in _SUBSETS:
        for found in specification.all(set_kind):
            for name in sorted(_references(found, some_kind) - _references(found, all_kind)):
                yield Finding(
                    owner,
                    f"Expected {some_kind} among the {all_kind} of the same {set_kind}, but found {name} elsewhere.",
                    f"Add {name} to {all_kind}.",
                    rule,
                    Severity.WARNING,
                )


def _partners(specification: SourceElement, owner: SourceElement | None) -> Iterator[Finding]:
    inputs = {found.id: _references(found, "outputSetRefs") for found in specification.all("inputSet")}
    outputs = {found.id: _references(found, "inputSetRefs") for found in specification.all("outputSet")}
    for these, those in ((inputs, outputs), (outputs, inputs)):
        for mine, partners in these.items():
            for partner in sorted(partners):
                if partner in those and mine not in those[partner]:
                    yield Finding(
                        owner,
                        f"Expected {partner} to refer back to {mine}, but it does not.",
                        "Let inputSet and outputSet name each other.",
                        "EXT087",
                        Severity.WARNING,
                    )
