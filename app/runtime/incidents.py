"""Incidents: what stopped and needs an operator."""

from app.runtime.core import Core
from app.runtime.views import Actor, IncidentState, IncidentView, Page


class Incidents:
    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self,
        actor: Actor,
        state: IncidentState | None = IncidentState.OPEN,
        instance_id: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[IncidentView]:
        """Incidents, newest first. Right: instances.see."""
        raise NotImplementedError

    def retry(self, actor: Actor, incident_id: str) -> None:
        """Try again what the incident stopped; a dead letter becomes available with fresh retries. Right: instances.operate."""
        raise NotImplementedError
