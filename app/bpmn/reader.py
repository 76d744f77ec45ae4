"""The door to reading: bytes in, `Definitions` out."""

from app.bpmn.dialects import detect, reader_of
from app.bpmn.model import Definitions
from app.bpmn.problems import Problems
from app.bpmn.reading.context import Reading
from app.bpmn.reading.roots import read_catalogue, read_collaborations, read_data_stores, read_global_tasks
from app.bpmn.reading.scopes import read_process
from app.bpmn.reading.xml import parse
from app.bpmn.source import MODELER


def read(name: str, content: bytes) -> Definitions:
    """The diagram in the file `name`.

    Raises ModelError only for what is no BPMN file at all (too large, a DOCTYPE, not XML, another root). Whatever else
    is wrong is read as far as it goes; `check` reports it.
    """
    document = parse(name, content)
    problems = Problems(name)
    dialect = detect(document)
    reading = Reading(document, reader_of(dialect, document, problems), problems)
    read_catalogue(reading)
    root = document.root
    return Definitions(
        file=name,
        document=document,
        id=root.id,
        name=root.name,
        target_namespace=root.get("targetNamespace"),
        dialect=dialect,
        platform_version=root.get(f"{{{MODELER}}}executionPlatformVersion") or None,
        processes=tuple(read_process(reading, element) for element in root.all("process")),
        global_tasks=read_global_tasks(reading),
        collaborations=read_collaborations(reading),
        messages=tuple(reading.messages.values()),
        signals=tuple(reading.signals.values()),
        errors=tuple(reading.errors.values()),
        escalations=tuple(reading.escalations.values()),
        data_stores=read_data_stores(reading),
        event_definitions=tuple(reading.event_definitions.values()),
        problems=tuple(problems.found),
    )
