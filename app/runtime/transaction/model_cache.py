"""Deployed models, compiled and kept in memory by version id. Versions never change, so nothing here ever expires."""

import threading
from collections.abc import Callable, Mapping
from typing import TypeVar, cast

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app import bpmn, engine, feel
from app.dmn import Decisions
from app.errors import ModelError, NotFound
from app.roles import Mandate
from app.runtime.transaction.hook_document import HookDocument, read_hook
from app.store.states import ModelKind
from app.store.tables import DeployedModelRow, MandateRow, ModelRow

T = TypeVar("T")
LARGEST = 1000  # compiled models kept


class ModelCache:
    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], object] = {}
        self._lock = threading.Lock()

    def program(self, session: Session, model_id: str) -> engine.Program:
        """The compiled process of a version."""

        def compile_it() -> engine.Program:
            key, file_name, content = _content(session, model_id)
            return engine.compile(bpmn.read(file_name, content), key)

        return self._get("program", model_id, compile_it)

    def facts(self, session: Session, model_id: str) -> Mapping[str, object]:
        """What was noted about a version when it was deployed (`Candidate.facts`)."""

        def read_them() -> dict[str, object]:
            found = session.scalar(select(ModelRow.facts).where(ModelRow.id == model_id))
            return found if isinstance(found, dict) else {}

        return self._get("facts", model_id, read_them)

    def decisions(self, session: Session, model_id: str) -> Decisions:
        """The compiled decisions of a version, with what they import of their deployment."""

        def compile_it() -> Decisions:
            _, file_name, content = _content(session, model_id)
            deployed = select(ModelRow.file_name, ModelRow.content).where(
                ModelRow.kind == ModelKind.DMN, ModelRow.id.in_(deployed_with(model_id))
            )
            together = ((name, other) for name, other in session.execute(deployed))
            return Decisions.with_imports((file_name, content), together)

        return self._get("decisions", model_id, compile_it)

    def mandate(self, session: Session, mandate_id: str) -> Mandate:
        """The mandate of a version."""

        def read_it() -> Mandate:
            document = session.scalar(select(MandateRow.document).where(MandateRow.id == mandate_id))
            if not isinstance(document, dict):
                raise NotFound(f"Expected the mandate {mandate_id}, but found none.")
            return Mandate.from_json(document)

        return self._get("mandate", mandate_id, read_it)

    def hook(self, session: Session, model_id: str) -> HookDocument:
        """The document of a hook's version."""

        def read_it() -> HookDocument:
            _, file_name, content = _content(session, model_id)
            hook = read_hook(file_name, content)
            if isinstance(hook, HookDocument):
                return hook
            raise ModelError(hook)

        return self._get("hook", model_id, read_it)

    def form(self, session: Session, model_id: str) -> dict[str, object]:
        """The form of a version, as it was deployed (JSON)."""

        def read_it() -> dict[str, object]:
            return cast("dict[str, object]", feel.json_loads(_content(session, model_id)[2]))

        return self._get("form", model_id, read_it)

    def _get(self, kind: str, key: str, make: Callable[[], T]) -> T:
        with self._lock:
            found = self._kept.get((kind, key))
        if found is None:
            found = make()
            with self._lock:
                while len(self._kept) >= LARGEST:
                    del self._kept[next(iter(self._kept))]
                self._kept[kind, key] = found
        return cast("T", found)


def _content(session: Session, model_id: str) -> tuple[str, str, bytes]:
    row = session.execute(
        select(ModelRow.key, ModelRow.file_name, ModelRow.content).where(ModelRow.id == model_id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"Expected the model version {model_id}, but found none.")
    return row.key, row.file_name, row.content


def deployed_with(model_id: str) -> Select[str]:
    """The model versions of the deployment that brought this version: what the binding "deployment" means."""
    deployment = select(ModelRow.deployment_id).where(ModelRow.id == model_id).scalar_subquery()
    return select(DeployedModelRow.model_id).where(DeployedModelRow.deployment_id == deployment)
