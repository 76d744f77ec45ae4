"""The document of a hook (models/hooks/*.yaml): which message a call publishes, and what a call must look like.

The document is an analyst's and a call is a stranger's: both are bounded. YAML comes in by one door (`read_document`),
schemas refer to nothing outside themselves and fetch nothing, and their patterns are matched within a time.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

import jsonschema
import regex
from jsonschema.exceptions import SchemaError
from jsonschema.exceptions import ValidationError as Misfit
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from referencing import Registry

from app import feel
from app.errors import Diagnostic
from app.roles import Document, read_document

LONGEST_PROBLEM = 300
MOST_PROBLEMS = 50
PATTERN_SECONDS = 0.1  # for one text and one pattern
REFERENCES = ("$ref", "$dynamicRef")


class HookDocument(BaseModel):
    """`secret` names an entry of the settings' hook secrets; `correlation_key` is FEEL over the body ("=ticket_id"),
    and so is `requester`: the account for which the sender vouches.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    description: str = ""
    message: str = Field(min_length=1)
    secret: str
    correlation_key: str
    requester: str | None = None
    max_bytes: int = Field(default=65536, ge=1, le=10_000_000)
    message_schema: dict[str, object] = Field(alias="schema")

    @property
    def correlation_expression(self) -> str:
        return self.correlation_key.removeprefix("=")

    @property
    def requester_expression(self) -> str | None:
        return None if self.requester is None else self.requester.removeprefix("=")

    def problems_of(self, value: object) -> dict[str, str]:
        """What of a call does not fit the schema: JSON path → what is expected there; `MOST_PROBLEMS` at most."""
        found: dict[str, str] = {}
        for error in _Validator(self.message_schema, registry=Registry()).iter_errors(value):
            found[error.json_path] = error.message[:LONGEST_PROBLEM]
            if len(found) == MOST_PROBLEMS:
                break
        return found


def read_hook(file: str, content: bytes) -> HookDocument | list[Diagnostic]:
    """The hook, or everything that keeps the file from being one, each with its place."""
    document = read_document(file, content, "hook")
    if isinstance(document, Diagnostic):
        return [document]
    try:
        hook = HookDocument.model_validate(_plain(document.content))
    except ValidationError as error:
        return [
            document.diagnostic("field", each["loc"], f"Expected a hook's document, but found: {each['msg']}.")
            for each in error.errors(include_url=False, include_input=False)
        ]
    problems = [*_problems_of_schema(document, hook.message_schema)]
    texts = (("correlation_key", hook.correlation_expression), ("requester", hook.requester_expression))
    for name, text in texts:
        try:
            feel.compile(text or "null")
        except feel.FeelSyntaxError as error:
            message = f"Expected {name} to be FEEL, but found: {error}"
            problems.append(document.diagnostic(name.replace("_", "-"), (name,), message))
    return problems or hook


def _problems_of_schema(document: Document, schema: Mapping[str, object]) -> Iterator[Diagnostic]:
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        message = f"Expected a JSON Schema, but found: {error.message[:LONGEST_PROBLEM]}"
        yield document.diagnostic("schema", ("schema", *error.absolute_path), message)
        return
    for path, name, value in _keywords(schema, ("schema",)):
        if name in REFERENCES and not str(value).startswith("#"):
            message = f"Expected a reference inside the schema, but found {name} to {value}."
            yield document.diagnostic("schema-reference", (*path, name), message, "Write the schema out below $defs.")
        if name == "patternProperties":
            message = "Expected fields by their names, but found patternProperties."
            yield document.diagnostic("schema-pattern", (*path, name), message, "Name the fields in properties.")
        if name == "pattern" and (problem := _problem_of_pattern(value)):
            message = f"Expected a regular expression, but found {value}: {problem}."
            yield document.diagnostic("schema-pattern", (*path, name), message)


def _keywords(schema: object, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str, object]]:
    """Every key of the schema with its value, outer before inner. Fields that are named like keywords count too."""
    if isinstance(schema, Mapping):
        for name, value in schema.items():
            if not isinstance(value, Mapping) or name == "patternProperties":
                yield path, name, value
            yield from _keywords(value, (*path, name))
    elif isinstance(schema, list):
        for position, value in enumerate(schema):
            yield from _keywords(value, (*path, position))


def _problem_of_pattern(pattern: object) -> str | None:
    try:
        regex.compile(str(pattern))
    except regex.error as error:
        return str(error)
    return None


def _pattern(_validator: object, pattern: str, value: object, _schema: object) -> Iterator[Misfit]:
    """The keyword `pattern`, by an engine that gives up: a stranger's text must not hold the process."""
    if not isinstance(value, str):
        return
    try:
        fits = regex.search(pattern, value, timeout=PATTERN_SECONDS) is not None
    except TimeoutError:
        yield Misfit(f"Expected a text that fits {pattern!r} within {PATTERN_SECONDS} seconds, but it took longer.")
        return
    if not fits:
        yield Misfit(f"{value[:LONGEST_PROBLEM]!r} does not match {pattern!r}")


def _plain(value: object) -> object:
    """Whole numbers as JSON Schema has them; every other number as it was written."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else value
        case Mapping():
            return {name: _plain(entry) for name, entry in value.items()}
        case list():
            return [_plain(entry) for entry in value]
    return value


_TYPES = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine_many(
    {
        "number": lambda _, value: isinstance(value, Decimal),
        "integer": lambda _, value: isinstance(value, Decimal) and value == value.to_integral_value(),
    }
)
_Validator = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator, {"pattern": _pattern}, type_checker=_TYPES
)
