"""One process instance in memory, on SpiffWorkflow: commands in, events out.

Here live the elements of BPMN, tokens and scopes, joins, timers' arithmetic and the state that is stored. No clock, no
random number, no database, no queue: the moment and new ids are passed in, decisions are asked of `Services`.
"""

from app.engine.instance import Instance, LiveElement
from app.engine.migration import Migration, migrate
from app.engine.obstacle import IncidentKind
from app.engine.ports import Evaluation, Moment, Services
from app.engine.program import Program, StartTrigger, TriggerKind, check
from app.engine.program import compile_process as compile  # noqa: A004 - the word that `re` and `feel` use too
from app.engine.timers import Schedule
from app.engine.workflow import Status

__all__ = [
    "Evaluation",
    "IncidentKind",
    "Instance",
    "LiveElement",
    "Migration",
    "Moment",
    "Program",
    "Schedule",
    "Services",
    "StartTrigger",
    "Status",
    "TriggerKind",
    "check",
    "compile",
    "migrate",
]
