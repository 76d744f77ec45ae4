"""The variables of data objects: the name of a data object is that of a variable (BPMN 2.0.2, 10.4.1)."""

from app.bpmn import model


def variable_names(process: model.Process) -> dict[str, str]:
    """Ids of data objects, and of the references to them, to variable names."""
    scopes = [process.scope, *(node.scope for node in process.walk() if isinstance(node, model.SubProcess))]
    names = {each.id: variable_name(each) for scope in scopes for each in scope.data_objects}
    for scope in scopes:
        for reference in (*scope.data_object_references, *scope.data_store_references):
            names[reference.id] = names.get(reference.target_id or "", reference.target_id or reference.id)
    return names


def variable_name(data: model.DataObject) -> str:
    """The name where an expression can say it (in backticks, if it has spaces), else the id."""
    return data.name if data.name and "`" not in data.name else data.id
