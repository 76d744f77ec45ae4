"""Between pydantic models and process variables (numbers are `Decimal`): validation, dumping, JSON Schema."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from app.handlers.exceptions import DataProblem
from app.handlers.variables import to_variables

Model = TypeVar("Model", bound=BaseModel)


class _VariableSchema(GenerateJsonSchema):
    """A decimal is a number in a process variable, and never a string."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        json_schema: JsonSchemaValue = {"type": "number"}
        for keyword, bound in (
            ("minimum", schema.get("ge")),
            ("exclusiveMinimum", schema.get("gt")),
            ("maximum", schema.get("le")),
            ("exclusiveMaximum", schema.get("lt")),
        ):
            if bound is not None:
                json_schema[keyword] = int(bound) if bound == int(bound) else float(bound)
        return json_schema


def json_schema(model: type[BaseModel]) -> dict[str, object]:
    """The JSON Schema (2020-12) of the process variables that `model` reads or writes."""
    return model.model_json_schema(schema_generator=_VariableSchema)


def read(model: type[Model], variables: Mapping[str, object], action: str) -> Model:
    """The variables as an instance of `model`; variables it does not know are left out.

    Raises `DataProblem` that names every field that does not fit and says why.
    """
    try:
        return model.model_validate(dict(variables))
    except ValidationError as error:
        problems = {
            _path(detail["loc"]): detail["msg"] for detail in error.errors(include_input=False, include_url=False)
        }
    listed = "; ".join(f"{path}: {problem}" for path, problem in problems.items())
    raise DataProblem(f"The data does not fit {action}: {listed}", problems)


def write(model: BaseModel, action: str = "a task handler") -> dict[str, object]:
    """The fields of `model` as JSON values. Raises `DataProblem` of `action` for those that JSON cannot hold."""
    return to_variables(model.model_dump(), action)


def _path(location: tuple[int | str, ...]) -> str:
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
