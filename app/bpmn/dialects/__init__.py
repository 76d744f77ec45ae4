"""What the dialects add to BPMN, each in its own file, all read into the records of `app.bpmn.extensions`.

`base` is plain BPMN (every answer is "nothing said"); `zeebe` is Camunda 8, our native dialect; `camunda` is Camunda 7.
"""

from app.bpmn.dialects.base import DialectReader
from app.bpmn.dialects.camunda import CamundaReader
from app.bpmn.dialects.zeebe import ZeebeReader
from app.bpmn.model import Dialect
from app.bpmn.problems import Problems
from app.bpmn.source import CAMUNDA, MODELER, ZEEBE, Document

_READERS: dict[Dialect, type[DialectReader]] = {
    Dialect.PLAIN: DialectReader,
    Dialect.ZEEBE: ZeebeReader,
    Dialect.CAMUNDA: CamundaReader,
}

__all__ = ["DialectReader", "detect", "reader_of"]


def detect(document: Document) -> Dialect:
    """The dialect of a file: the namespaces it declares or uses, and the platform it names; Camunda 8 wins."""
    used = set(document.namespaces.values())
    for element in document.root.walk():
        for name in (element.kind, *element.attributes):
            if name.startswith("{"):
                used.add(name[1:].partition("}")[0])
    if ZEEBE in used:
        return Dialect.ZEEBE
    platform = document.root.get(f"{{{MODELER}}}executionPlatform")
    if platform == "Camunda Cloud":
        return Dialect.ZEEBE
    if CAMUNDA in used or platform == "Camunda Platform":
        return Dialect.CAMUNDA
    return Dialect.PLAIN


def reader_of(dialect: Dialect, document: Document, problems: Problems) -> DialectReader:
    """A reader for one file."""
    return _READERS[dialect](document, problems)
