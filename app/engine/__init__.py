"""One process instance in memory, on SpiffWorkflow: commands in, events out.

Here live the elements of BPMN, tokens and scopes, joins, timers' arithmetic and the state that is stored. No clock, no
random number, no database, no queue: the moment and new ids are passed in, decisions are asked of `Services`.
"""

from app.engine.instance import Instance, LiveElement
from app.engine.migration import Migration, migrate
from app.engine.obstacle import IncidentKind
from app.engine.ports import Evaluation, Moment, Services
from app.engine.program import Program, check, drafts
from app.engine.program import compile_process as compile  # noqa: A004 - the word that `re` and `feel` use too
from app.engine.starting import Occurrence, Others, StartTrigger, TriggerKind
from app.engine.starting import complete as complete_start
from app.engine.starting import counts as counts_for_start
from app.engine.task_attributes import TaskEvent
from app.engine.timers import Schedule
from app.engine.workflow import Status

__all__ = [
    "Evaluation",
    "IncidentKind",
    "Instance",
    "LiveElement",
    "Migration",
    "Moment",
    "Occurrence",
    "Others",
    "Program",
    "Schedule",
    "Services",
    "StartTrigger",
    "Status",
    "TaskEvent",
    "TriggerKind",
    "check",
    "compile",
    "complete_start",
    "counts_for_start",
    "drafts",
    "migrate",
]
