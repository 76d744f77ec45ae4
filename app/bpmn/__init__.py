"""BPMN diagrams: reading them into values, and everything that can be wrong with them.

`read` turns bytes into `Definitions`, `check` lists the mistakes. Nothing here runs a process (that is `app.engine`),
reads a clock, or reaches the network.
"""

from app.bpmn.checker import check
from app.bpmn.extensions import Expression
from app.bpmn.model import Definitions, Process
from app.bpmn.reader import read

__all__ = ["Definitions", "Expression", "Process", "check", "read"]
