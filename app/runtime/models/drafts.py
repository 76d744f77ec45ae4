"""Drafts: models that somebody is still editing. They are in nobody's way and never run."""

from sqlalchemy import select

from app.errors import Invalid, NotFound
from app.runtime.people import require
from app.runtime.transaction import Core
from app.runtime.views import Actor, DraftView, ModelKind, Permission
from app.store.tables import DraftRow

LARGEST_BYTES = 10_000_000


class Drafts:
    """Right for everything here: models.edit."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def save(self, actor: Actor, kind: ModelKind, name: str, content: bytes) -> DraftView:
        """Keep this content under (kind, name) in place of what was there. Name: the model's key ("support-refund")."""
        require(actor, Permission.MODELS_EDIT)
        if not name.strip() or len(content) > LARGEST_BYTES:
            raise Invalid({"$": f"Expected a name, and at most {LARGEST_BYTES} bytes."})
        with self._core.transaction(actor) as transaction:
            row = transaction.session.get(DraftRow, (kind, name))
            if row is None:
                row = DraftRow(kind=kind, name=name)
                transaction.session.add(row)
            row.content = content
            row.saved_by = actor.name
            row.saved_at = transaction.now
            transaction.record("draft.saved", f"{kind}:{name}")
            return DraftView(kind, name, row.saved_by, row.saved_at)

    def list(self, actor: Actor, kind: ModelKind | None = None) -> list[DraftView]:
        """All drafts (of this kind) by kind and name, without content."""
        require(actor, Permission.MODELS_EDIT)
        query = select(DraftRow.kind, DraftRow.name, DraftRow.saved_by, DraftRow.saved_at)
        if kind is not None:
            query = query.where(DraftRow.kind == kind)
        with self._core.store.read() as session:
            return [DraftView(*row) for row in session.execute(query.order_by(DraftRow.kind, DraftRow.name))]

    def get(self, actor: Actor, kind: ModelKind, name: str) -> DraftView:
        """One draft with its content. Raises `NotFound`."""
        require(actor, Permission.MODELS_EDIT)
        with self._core.store.read() as session:
            row = session.get(DraftRow, (kind, name))
            if row is None:
                raise NotFound(f'Expected a draft of the {kind} model "{name}", but found none.')
            return DraftView(row.kind, row.name, row.saved_by, row.saved_at, row.content)

    def discard(self, actor: Actor, kind: ModelKind, name: str) -> None:
        """Delete the draft; nothing happens if there is none."""
        require(actor, Permission.MODELS_EDIT)
        with self._core.transaction(actor) as transaction:
            row = transaction.session.get(DraftRow, (kind, name))
            if row is not None:
                transaction.session.delete(row)
                transaction.record("draft.discarded", f"{kind}:{name}")
