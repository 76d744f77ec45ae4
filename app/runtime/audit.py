"""The audit log: append-only and hash-chained, one stream per process instance and one for the system."""

from app.runtime.core import Core
from app.runtime.views import Actor, AuditRecordView, AuditVerdict, Page


class Audit:
    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self,
        actor: Actor,
        *,
        stream: str | None = None,
        action: str | None = None,
        person: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[AuditRecordView]:
        """Audit records, newest first. Right: audit.see."""
        raise NotImplementedError

    def verify(self) -> AuditVerdict:
        """Read the whole log and recompute every hash; names the first broken record."""
        raise NotImplementedError
