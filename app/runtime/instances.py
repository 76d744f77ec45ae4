"""Process instances: start, look at, change, cancel."""

from collections.abc import Mapping

from app.runtime.core import Core
from app.runtime.views import Actor, DecisionView, HistoryEntry, InstanceDetail, InstanceFilter, InstanceView, JobView, Page


class Instances:
    def __init__(self, core: Core) -> None:
        self._core = core

    def start(
        self,
        actor: Actor,
        process_id: str,
        variables: Mapping[str, object],
        *,
        version: int | None = None,
        business_key: str | None = None,
    ) -> str:
        """Start an instance at the none start event (version None: the latest). Returns its id.

        Right: instances.start. Raises `NotFound`, `Invalid` (variables that are not JSON).
        """
        raise NotImplementedError

    def list(
        self, actor: Actor, filter: InstanceFilter | None = None, after: str | None = None, limit: int = 50
    ) -> Page[InstanceView]:
        """Instances, newest first. Right: instances.see."""
        raise NotImplementedError

    def get(self, actor: Actor, instance_id: str) -> InstanceDetail:
        """One instance with everything that its page shows. Right: instances.see, or a task of it that the actor may work on."""
        raise NotImplementedError

    def marks(self, actor: Actor, instance_id: str) -> Mapping[str, object]:
        """The marks for the diagram: {"active": {element_id: count}, "completed", "incidents", "cancelled", "flows": [ids]}.

        Right: as for `get`.
        """
        raise NotImplementedError

    def history(
        self, actor: Actor, instance_id: str, after: int | None = None, limit: int = 100
    ) -> Page[HistoryEntry]:
        """The timeline in the order in which it happened. The cursor is a position as text."""
        raise NotImplementedError

    def decisions(self, actor: Actor, instance_id: str) -> list[DecisionView]:
        """Every evaluation of the instance in order, with matched rules and model version."""
        raise NotImplementedError

    def jobs(self, actor: Actor, instance_id: str) -> list[JobView]:
        """Every job of the instance in order."""
        raise NotImplementedError

    def set_variables(
        self, actor: Actor, instance_id: str, variables: Mapping[str, object], scope_id: str | None = None
    ) -> None:
        """Set variables in the instance's own scope (or in `scope_id`); old and new values are audited.

        Right: instances.operate.
        """
        raise NotImplementedError

    def cancel(self, actor: Actor, instance_id: str, reason: str = "") -> None:
        """End the instance and everything it called. Right: instances.operate."""
        raise NotImplementedError
