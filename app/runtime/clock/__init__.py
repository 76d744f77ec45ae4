"""What falls due, in general: how a room says so, how the clock asks all of them, and what failed in being done.

The clock knows no noun. What is due in a room, and how one is done, stands in that room's file `due`.
"""

from app.runtime.clock import setbacks
from app.runtime.clock.clock import Ticking
from app.runtime.clock.due import CLOCK, Batch, DueThings, Place, Sweep, ids_of
from app.runtime.clock.heartbeats import BEAT_SECONDS, Heartbeats
from app.runtime.clock.setbacks import Setbacks

__all__ = [
    "BEAT_SECONDS",
    "CLOCK",
    "Batch",
    "DueThings",
    "Heartbeats",
    "Place",
    "Setbacks",
    "Sweep",
    "Ticking",
    "ids_of",
    "setbacks",
]
