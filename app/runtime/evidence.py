"""Evidence: what was known, checked, decided, approved, done and verified, laid out in the five stages."""

from app.runtime.core import Core
from app.runtime.views import Actor


class Evidence:
    """Right for everything here: evidence.see."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def pack(self, actor: Actor, instance_id: str) -> dict[str, object]:
        """The evidence pack of a case as JSON: {"case": {...}, "stages": {"trigger": [...], "understand": [...],
        "decide": [...], "act": [...], "verify": [...]}, "approvals": [...], "audit": {"records", "head"}}.

        Every entry: {"at", "what", "element_id", "detail": {...}}. Called instances are part of it.
        """
        raise NotImplementedError

    def lines(self, actor: Actor, instance_id: str) -> list[str]:
        """One JSON line per action, in the form that auditors load into a warehouse."""
        raise NotImplementedError
