"""Messages and signals: correlation, time to live, exactly once by message id."""

from collections.abc import Mapping

from app.runtime.core import Core
from app.runtime.views import Actor


class Messages:
    """Right for everything here: instances.operate."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def publish(
        self,
        actor: Actor,
        name: str,
        correlation_key: str,
        variables: Mapping[str, object],
        message_id: str | None = None,
        time_to_live_seconds: float = 3600,
    ) -> str:
        """Publish a message: to each process at most once, now or when a subscription opens before it expires.

        Returns the message's id. The same `message_id` (per name and key) again is not published a second time.
        """
        raise NotImplementedError

    def broadcast(self, actor: Actor, signal: str, variables: Mapping[str, object]) -> int:
        """Throw a signal: to every waiting instance and every signal start event. Returns how many it reaches."""
        raise NotImplementedError
