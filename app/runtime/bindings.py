"""Which version of another model a diagram means: the latest, that of its own deployment, or the one with a tag."""

from typing import TypeVarTuple

from sqlalchemy import Select

from app.bpmn.extensions import Binding
from app.runtime.model_cache import deployed_with
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
