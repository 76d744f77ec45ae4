"""What is remembered for start events that need more than one trigger: look at it, and forget it."""

from sqlalchemy import select

from app.errors import NotFound
from app.runtime.people import require
from app.runtime.starts import combined
from app.runtime.transaction import Core, mapping
from app.runtime.views import Actor, Page, Permission, StartOccurrenceView
from app.store.tables import StartOccurrenceRow


class StartOccurrences:
    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self, actor: Actor, process_id: str | None = None, after: str | None = None, limit: int = 50
    ) -> Page[StartOccurrenceView]:
        """What has occurred and waits for others, the newest first. Right: instances.see."""
        require(actor, Permission.INSTANCES_SEE)
        query = select(StartOccurrenceRow).order_by(StartOccurrenceRow.id.desc()).limit(limit + 1)
        if process_id is not None:
            query = query.where(StartOccurrenceRow.process_id == process_id)
        if after is not None:
            query = query.where(StartOccurrenceRow.id < after)
        with self._core.store.read() as session:
            rows = session.scalars(query).all()
            last = rows[limit - 1].id if len(rows) > limit else None
            return Page(tuple(_view(row) for row in rows[:limit]), last)

    def forget(self, actor: Actor, occurrence_id: str, reason: str = "") -> None:
        """Let an occurrence start nothing any more. Right: instances.operate. Raises `NotFound` if it is gone."""
        require(actor, Permission.INSTANCES_OPERATE)
        missing = NotFound(f"Expected an occurrence {occurrence_id} that waits for others, but found none.")
        with self._core.transaction(actor) as transaction:
            query = select(StartOccurrenceRow.process_id).where(StartOccurrenceRow.id == occurrence_id)
            process_id = transaction.session.scalar(query)
            if process_id is None:
                raise missing
            combined.hold(transaction, [process_id])
            if not combined.forget(transaction, [occurrence_id], reason, process_id):
                raise missing


def _view(row: StartOccurrenceRow) -> StartOccurrenceView:
    return StartOccurrenceView(
        row.id,
        row.process_id,
        row.element_id,
        row.kind,
        row.name,
        row.correlation_key,
        mapping(row.variables),
        row.occurred_at,
        row.expires_at,
    )
