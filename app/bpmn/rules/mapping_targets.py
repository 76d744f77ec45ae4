"""A mapping assigns to a variable, or to a member of one: ``order`` or ``order.customer``."""

import re
from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject

_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


def mapping_targets(subject: Subject) -> Iterator[Finding]:
    for process in subject.running:
        for node in process.walk():
            for mapping in (*node.inputs, *node.outputs):
                if not _PATH.fullmatch(mapping.target):
                    yield Finding(
                        subject.document.by_id(node.id),
                        f"Expected a variable as target of a mapping, but found {mapping.target!r}.",
                        "Use letters, digits and underscores; dots name the members of a variable.",
                    )
