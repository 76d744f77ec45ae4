"""Deployments: models taken into service together, all or nothing."""

from collections.abc import Mapping

from app.errors import Diagnostic
from app.runtime.core import Core
from app.runtime.views import Actor, DeploymentView, MandateView, ModelKind, ModelView


class Deployments:
    def __init__(self, core: Core) -> None:
        self._core = core

    def check(self, files: Mapping[str, bytes]) -> list[Diagnostic]:
        """Every problem of these files, together with what is already deployed, at once. Nothing is written.

        `files` maps paths such as "bpmn/support-refund.bpmn" to contents; the kind follows from the path
        (*.bpmn, *.dmn, forms/*.form|json, roles/**/*.yaml, hooks/*.yaml, cases/*.yaml).
        """
        raise NotImplementedError

    def deploy(self, actor: Actor, files: Mapping[str, bytes], note: str = "") -> DeploymentView:
        """Take the files into service; each whose content changed becomes a new version, the others keep theirs.

        Right: models.deploy. Raises `ModelError` with every diagnostic; then nothing has changed.
        """
        raise NotImplementedError

    def models(self, kind: ModelKind | None = None) -> list[ModelView]:
        """The latest version of every model (of this kind), by kind and key, without content."""
        raise NotImplementedError

    def versions(self, kind: ModelKind, key: str) -> list[ModelView]:
        """All versions of one model, newest first, without content."""
        raise NotImplementedError

    def model(self, kind: ModelKind, key: str, version: int | None = None) -> ModelView:
        """One version (None: the latest) with its content. Raises `NotFound`."""
        raise NotImplementedError

    def list(self, limit: int = 50) -> list[DeploymentView]:
        """The newest deployments, newest first."""
        raise NotImplementedError

    def mandates(self) -> list[MandateView]:
        """The JobRoles in force, compiled, by id."""
        raise NotImplementedError

    def mandate(self, job_role: str) -> MandateView:
        """One JobRole in force. Raises `NotFound`."""
        raise NotImplementedError
