"""Undo: taking an action back, from the audit log, with the checks of any other action."""

from app.runtime.core import Core
from app.runtime.views import Actor


class Undoing:
    def __init__(self, core: Core) -> None:
        self._core = core

    def undo(self, actor: Actor, job_id: str, reason: str) -> str:
        raise NotImplementedError
