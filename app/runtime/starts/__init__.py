"""What starts a process besides a person: messages, signals, timers, conditions, alone or several together.

Not here: the new instance itself (`instances.new_instance`), and who hears of a message (`messages`).
"""

from app.runtime.starts import combined, start_events
from app.runtime.starts.conditions import Conditions
from app.runtime.starts.due import DUE
from app.runtime.starts.occurrences import StartOccurrences

__all__ = [
    "DUE",
    "Conditions",
    "StartOccurrences",
    "combined",
    "start_events",
]
