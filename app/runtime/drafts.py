"""Drafts: models that somebody is still editing. They are in nobody's way and never run."""

from app.runtime.core import Core
from app.runtime.views import Actor, DraftView, ModelKind


class Drafts:
    """Right for everything here: models.edit."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def save(self, actor: Actor, kind: ModelKind, name: str, content: bytes) -> DraftView:
        """Keep this content under (kind, name), replacing what was there. Name: the model's key, such as "support-refund"."""
        raise NotImplementedError

    def list(self, actor: Actor, kind: ModelKind | None = None) -> list[DraftView]:
        """All drafts (of this kind) by kind and name, without content."""
        raise NotImplementedError

    def get(self, actor: Actor, kind: ModelKind, name: str) -> DraftView:
        """One draft with its content. Raises `NotFound`."""
        raise NotImplementedError

    def discard(self, actor: Actor, kind: ModelKind, name: str) -> None:
        """Delete the draft; nothing happens if there is none."""
        raise NotImplementedError
