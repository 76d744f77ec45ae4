"""Messages and signals: correlation, time to live, exactly once by message id."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.runtime.people import require
from app.runtime.transaction import Core, json_variables, outgoing
from app.runtime.views import Actor, Permission
from app.store.tables import MessageRow

TIME_TO_LIVE_SECONDS = 3600.0


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
        *,
        time_to_live_seconds: float = TIME_TO_LIVE_SECONDS,
    ) -> str:
        """Publish a message: to each process at most once, now or when a subscription opens before it expires.

        Returns the id of the message. The same `message_id` (per name and key) again publishes nothing a second time.
        """
        require(actor, Permission.INSTANCES_OPERATE)
        given = json_variables(variables)
        try:
            with self._core.transaction(actor) as transaction:
                row_id = outgoing.put_message(
                    transaction,
                    name,
                    correlation_key,
                    given,
                    message_id=message_id,
                    time_to_live_seconds=time_to_live_seconds,
                )
        except IntegrityError:  # the same message at the same moment
            row_id = None
        if row_id is not None:
            return row_id
        with self._core.store.read() as session:
            return session.scalars(
                select(MessageRow.id).where(
                    MessageRow.name == name,
                    MessageRow.correlation_key == correlation_key,
                    MessageRow.message_id == message_id,
                )
            ).one()

    def broadcast(self, actor: Actor, signal: str, variables: Mapping[str, object]) -> int:
        """Throw a signal: to every waiting instance and every signal start event. Returns how many it reaches."""
        require(actor, Permission.INSTANCES_OPERATE)
        given = json_variables(variables)
        with self._core.transaction(actor) as transaction:
            reached = outgoing.put_signal(transaction, signal, given, None)
            transaction.record("signal.thrown", signal, reached=reached)
        return reached
