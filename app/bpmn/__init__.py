"""BPMN diagrams: reading them into values, and everything that can be wrong with them.

    read(name, content) -> Definitions        raises ModelError for what is no BPMN file at all
    check(definitions) -> list[Diagnostic]    every mistake at once; errors keep a file from being deployed
    element_table(definitions)                the elements as rows, for lists beside the picture

Nothing here runs a process (that is `app.engine`), reads a clock, or reaches the network.
"""

from app.bpmn.checker import check
from app.bpmn.elements import ElementRow, element_table
from app.bpmn.extensions import Expression
from app.bpmn.model import Definitions
from app.bpmn.reader import read

__all__ = [
    "Definitions",
    "ElementRow",
    "Expression",
    "check",
    "element_table",
    "read",
]
