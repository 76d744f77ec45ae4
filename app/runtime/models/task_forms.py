"""Which form an inbox task shows: a deployed one, by its binding, or one that the diagram carries."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import feel
from app.bpmn.extensions import Form, FormField
from app.runtime.models.bindings import bound
from app.runtime.transaction import Core
from app.store.states import ModelKind, TaskKind
from app.store.tables import InstanceRow, ModelRow, TaskRow

COMPONENTS = {"long": "number", "boolean": "checkbox", "date": "datetime", "enum": "select"}  # Camunda 7's types


def of(core: Core, session: Session, row: InstanceRow, task: TaskRow) -> dict[str, object] | None:
    """The form's JSON schema; None where the task has none, or names one that is not deployed.

    "latest" is the version in service when somebody looks, as it is for decisions when they are asked.
    """
    if task.kind is not TaskKind.USER_TASK:
        return None
    form = core.models.program(session, row.model_id).form(task.element_id)
    if form is None:
        return None
    if form.body is not None:
        return _read(form.body)
    if form.fields:
        return {"type": "default", "components": [_component(each) for each in form.fields]}
    model_id = _model_id(session, row, form)
    return None if model_id is None else core.models.form(session, model_id)


def _model_id(session: Session, row: InstanceRow, form: Form) -> str | None:
    query = select(ModelRow.id).where(ModelRow.kind == ModelKind.FORM, ModelRow.key == (form.id or form.key))
    return session.scalars(bound(query, form.binding, form.version_tag, row.model_id).limit(1)).first()


def _read(body: str) -> dict[str, object] | None:
    try:
        form = feel.json_loads(body)
    except ValueError:
        return None
    return form if isinstance(form, dict) else None


def _component(field: FormField) -> dict[str, object]:
    """A field of Camunda 7 as a component of a form."""
    return {
        "type": COMPONENTS.get(field.type, "textfield"),
        "key": field.id,
        "label": field.label or field.id,
        "defaultValue": field.default_value,
        "validate": {"required": field.is_required},
        "values": [{"value": value, "label": label} for value, label in field.options],
    }
