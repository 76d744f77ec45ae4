"""BPMN 2.0.2, 10.3.8: a multi-instance activity says how often: by a number or by a collection."""

from collections.abc import Iterator

from app.bpmn.model import Activity, MultiInstance
from app.bpmn.rules.subject import Finding, Subject


def multi_instance_counts(subject: Subject) -> Iterator[Finding]:
    for process in subject.definitions.processes:
        for node in process.walk():
            if not isinstance(node, Activity) or not isinstance(node.loop, MultiInstance):
                continue
            source = subject.document.by_id(node.id)
            loop = source.first("multiInstanceLoopCharacteristics") if source is not None else None
            has_data = loop is not None and loop.first("loopDataInputRef") is not None
            if node.loop.cardinality is None and node.loop.input_collection is None and not has_data:
                yield Finding(
                    source,
                    "Expected a cardinality or an input collection on a multi-instance activity, but found neither.",
                    "Say over which list the activity runs, or how often.",
                    "EXT067",
                )
