"""BPMN 2.0.2, 10.4.1: subprocesses have no data inputs; a process's inputs are read, its outputs written."""

from collections.abc import Iterator

from app.bpmn.rules.subject import SUBPROCESSES, Finding, Subject
from app.errors import Severity


def data_owners(subject: Subject) -> Iterator[Finding]:
    for subprocess in subject.document.of_kind(*SUBPROCESSES):
        if subprocess.first("ioSpecification") is not None:
            yield Finding(
                subprocess,
                "Expected no data inputs or outputs on a subprocess, but found an ioSpecification.",
                "Let the elements inside use the data of the process.",
                "EXT079",
                Severity.WARNING,
            )
    for association_kind, end_kind, data_kind, rule in (
        ("dataOutputAssociation", "targetRef", "dataInput", "EXT080"),
        ("dataInputAssociation", "targetRef", "dataInput", "EXT080"),
        ("dataInputAssociation", "sourceRef", "dataOutput", "EXT082"),
        ("dataOutputAssociation", "sourceRef", "dataOutput", "EXT082"),
    ):
        for association in subject.document.of_kind(association_kind):
            for end in association.all(end_kind):
                data = subject.document.refer(end.text)
                if data is not None and data.kind == data_kind and _is_of_process(subject, data.id):
                    yield Finding(
                        data,
                        f"Expected no {association_kind} with the process's {data_kind} as {end_kind}, but found "
                        f"{association.id or 'one'}.",
                        "Write to outputs and read from inputs.",
                        rule,
                        Severity.WARNING,
                    )


def _is_of_process(subject: Subject, data_id: str) -> bool:
    data = subject.document.by_id(data_id)
    around = [above.kind for above in subject.document.ancestors(data)] if data is not None else []
    return around[:2] == ["ioSpecification", "process"]
