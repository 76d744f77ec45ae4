"""How a connector reads its inputs: the names and the habits of Camunda's element templates."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic.alias_generators import to_camel

from app import feel


def text_of(value: object) -> object:
    """A number or a boolean as its text; a process variable may be one where a text is meant."""
    return feel.text_of(value) if isinstance(value, bool | int | float | Decimal) else value


Text = Annotated[str, BeforeValidator(text_of)]


class Inputs(BaseModel):
    """Inputs have camelCase names in the diagram; what the template leaves empty is as good as missing."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, value: object) -> object:
        if not isinstance(value, Mapping):
            return value
        return {name: item for name, item in value.items() if item is not None and item != ""}
