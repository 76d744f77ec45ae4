"""Which version of another model a diagram means: the latest, that of its own deployment, or the one with a tag."""

from typing import TypeVarTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.bpmn.extensions import Binding
from app.runtime.transaction import deployed_with
from app.store.states import ModelKind
from app.store.tables import ModelRow

Columns = TypeVarTuple("Columns")


def bound(query: Select[*Columns], binding: str, version_tag: str | None, model_id: str) -> Select[*Columns]:
    """The model versions of `query` that the binding means in the model version `model_id`, the newest first."""
    match binding:
        case Binding.DEPLOYMENT:
            query = query.where(ModelRow.id.in_(deployed_with(model_id)))
        case Binding.VERSION_TAG:
            query = query.where(ModelRow.version_tag == version_tag)
        case _:
            query = query.where(ModelRow.latest)
    return query.order_by(ModelRow.version.desc())


def find_process(
    session: Session, process_id: str, binding: str, version_tag: str | None, caller_model_id: str
) -> ModelRow | None:
    """The version of a process that a binding of a caller means: latest, deployment or versionTag."""
    query = select(ModelRow).where(ModelRow.kind == ModelKind.BPMN, ModelRow.key == process_id)
    return session.scalars(bound(query, binding, version_tag, caller_model_id).limit(1)).first()
