"""Evaluating deployed decisions: which version a binding means, and what an evaluation was."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import engine
from app.bpmn.extensions import Binding
from app.dmn import Evaluation
from app.errors import Forbidden, NotFound
from app.roles import Mandate
from app.runtime.models.bindings import bound
from app.runtime.transaction import ModelCache, deployed_with
from app.store.states import ModelKind
from app.store.tables import ModelRow


@dataclass(frozen=True, slots=True)
class Asked:
    """One evaluation: which version of which model was asked, with which inputs."""

    decision_id: str
    model_id: str
    model_key: str
    model_version: int
    inputs: engine.ports.Variables


class DecisionService:
    """What an instance may ask while it runs (`engine.Services`). `asked` collects the evaluations in their order."""

    def __init__(
        self,
        session: Session,
        models: ModelCache,
        process_model_id: str | None = None,
        mandate: Mandate | None = None,
    ) -> None:
        self._session = session
        self._models = models
        self._mandate = mandate  # whose rights hold; None where the platform itself asks
        self._process_model_id = process_model_id
        self.asked: list[Asked] = []

    def evaluate_decision(
        self, decision_id: str, binding: str, version_tag: str | None, variables: engine.ports.Variables, now: datetime
    ) -> Evaluation:
        """Evaluate by id; `binding` is latest, deployment or versionTag. Raises `NotFound`, and `Forbidden` for a
        decision that the role is not granted.
        """
        mandate = self._mandate
        if mandate is not None and mandate.ungoverned is None and decision_id not in mandate.rights:
            raise Forbidden(f"Expected a right to decide {decision_id}, but the role {mandate.id} is not granted it.")
        row = self._find(decision_id, binding, version_tag)
        evaluation = self._models.decisions(self._session, row.id).evaluate(
            decision_id, variables, explain=True, now=now
        )
        self.asked.append(Asked(decision_id, row.id, row.key, row.version, dict(variables)))
        return evaluation

    def has_form(self, form_id: str, binding: str, version_tag: str | None) -> bool:
        """Whether the form that a user task names is deployed."""
        if binding == Binding.DEPLOYMENT and self._process_model_id is None:
            return False
        query = select(ModelRow.id).where(ModelRow.kind == ModelKind.FORM, ModelRow.key == form_id)
        found = bound(query, binding, version_tag, self._process_model_id or "").limit(1)
        return self._session.scalars(found).first() is not None

    def _find(self, decision_id: str, binding: str, version_tag: str | None) -> ModelRow:
        query = select(ModelRow).where(ModelRow.kind == ModelKind.DMN)
        if binding == Binding.DEPLOYMENT and self._process_model_id is not None:
            query = query.where(ModelRow.id.in_(deployed_with(self._process_model_id)))
        elif binding != Binding.VERSION_TAG:  # a tag is a decision's, and not that of the model around it
            query = query.where(ModelRow.latest)
        for row in self._session.scalars(query.order_by(ModelRow.version.desc())):
            if decision_id in decision_ids(row) and (
                binding != Binding.VERSION_TAG or _tag(row, decision_id) == version_tag
            ):
                return row
        wanted = f"{binding} {version_tag}" if binding == Binding.VERSION_TAG else binding
        raise NotFound(f'Expected a deployed decision "{decision_id}" ({wanted}), but found none. Deploy it.')


def _tag(row: ModelRow, decision_id: str) -> object:
    tags = row.facts.get("version_tags") if isinstance(row.facts, dict) else None
    return tags.get(decision_id) if isinstance(tags, dict) else None


def decision_ids(row: ModelRow) -> list[str]:
    """The ids of the decisions in a decision model."""
    facts = row.facts
    decisions = facts.get("decisions", []) if isinstance(facts, dict) else []
    return [str(each) for each in decisions]
