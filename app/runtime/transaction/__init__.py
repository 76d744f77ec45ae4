"""One transaction: its session, moment and actor, what it writes at its end, and what leaves it for others.

Here lives what every use case is given (`Core`) and nothing that knows a noun: no rights, no process, no job.
"""

from app.runtime.transaction import outgoing, together
from app.runtime.transaction.actors import SYSTEM, Actor, Permission, PlatformRole
from app.runtime.transaction.cannot_advance import CannotAdvance, advancing_of, told
from app.runtime.transaction.core import Announcer, Core, NobodyToTell, RuntimeSettings
from app.runtime.transaction.expectation import only_if, refuse_if_changed
from app.runtime.transaction.faults import reach
from app.runtime.transaction.hook_document import HookDocument, read_hook
from app.runtime.transaction.identifiers import new_id
from app.runtime.transaction.json_values import WITHOUT_NUL, has_nul, json_variables, mapping, storable_text, texts
from app.runtime.transaction.model_cache import ModelCache, deployed_with
from app.runtime.transaction.once import Command, carrying_out
from app.runtime.transaction.outgoing import (
    LONGEST_TO_LIVE_SECONDS,
    MESSAGE,
    SIGNAL,
    SIGNAL_TO_MANY,
    START_BY_MESSAGE,
    START_TOGETHER,
    CarryOut,
    Correlate,
    DeliverBuffered,
    put_follow_up,
)
from app.runtime.transaction.transaction import Transaction

__all__ = [
    "LONGEST_TO_LIVE_SECONDS",
    "MESSAGE",
    "SIGNAL",
    "SIGNAL_TO_MANY",
    "START_BY_MESSAGE",
    "START_TOGETHER",
    "SYSTEM",
    "WITHOUT_NUL",
    "Actor",
    "Announcer",
    "CannotAdvance",
    "CarryOut",
    "Command",
    "Core",
    "Correlate",
    "DeliverBuffered",
    "HookDocument",
    "ModelCache",
    "NobodyToTell",
    "Permission",
    "PlatformRole",
    "RuntimeSettings",
    "Transaction",
    "advancing_of",
    "carrying_out",
    "deployed_with",
    "has_nul",
    "json_variables",
    "mapping",
    "new_id",
    "only_if",
    "outgoing",
    "put_follow_up",
    "reach",
    "read_hook",
    "refuse_if_changed",
    "storable_text",
    "texts",
    "together",
    "told",
]
