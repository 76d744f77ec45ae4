"""A process instance: its row and its tree's lock, the advance that carries commands to the engine and events to rows.

Whatever moves a token goes through `advancing`. Not here: what people or workers answer (`tasks`, `jobs`), and what an
operator does to many or by hand (`repair`).
"""

from app.runtime.instances import advancing, new_instance, origins, standstill, suspending, task_rows
from app.runtime.instances.due import DUE
from app.runtime.instances.event_writer import EventWriter
from app.runtime.instances.incidents import Incidents, Standstills, refusing, telling
from app.runtime.instances.instances import Instances, NewInstance, conditions
from app.runtime.instances.new_instance import StartRequest
from app.runtime.instances.suspending import element_key, those_set

__all__ = [
    "DUE",
    "EventWriter",
    "Incidents",
    "Instances",
    "NewInstance",
    "Standstills",
    "StartRequest",
    "advancing",
    "conditions",
    "element_key",
    "new_instance",
    "origins",
    "refusing",
    "standstill",
    "suspending",
    "task_rows",
    "telling",
    "those_set",
]
