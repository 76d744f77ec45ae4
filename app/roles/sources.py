"""Stage 1: files to validated documents, by kind. What they say about each other is for later stages."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.errors import Diagnostic, Severity
from app.roles.clauses import Stamp
from app.roles.documents import Document, Path, read_document
from app.roles.schema import AnyDocument, CompanyDocument, IntegrationsDocument, JobRoleDocument, WorkRoleDocument
from app.roles.words import Kind

Model_co = TypeVar("Model_co", bound=AnyDocument, covariant=True)

SCHEMAS: Mapping[str, type[AnyDocument]] = {
    Kind.COMPANY: CompanyDocument,
    Kind.INTEGRATIONS: IntegrationsDocument,
    Kind.WORK_ROLE: WorkRoleDocument,
    Kind.JOB_ROLE: JobRoleDocument,
}


@dataclass(frozen=True, slots=True)
class Source(Generic[Model_co]):
    """A validated document together with where it came from."""

    model: Model_co
    document: Document
    checksum: str

    def diagnostic(
        self, code: str, path: Path, message: str, remedy: str = "", *, severity: Severity = Severity.ERROR
    ) -> Diagnostic:
        return self.document.diagnostic(code, path, message, remedy, severity=severity)

    @property
    def stamp(self) -> Stamp:
        model = self.model
        return Stamp(self.document.file, model.kind, model.id, model.version, self.checksum)


@dataclass(slots=True)
class Sources:
    """All documents by kind. There is one company profile and one integration kit."""

    company: Source[CompanyDocument] | None = None
    integrations: Source[IntegrationsDocument] | None = None
    work_roles: dict[str, Source[WorkRoleDocument]] = field(default_factory=dict)
    job_roles: dict[str, Source[JobRoleDocument]] = field(default_factory=dict)
    unusable: set[tuple[str, str]] = field(default_factory=set)  # (kind, id) of documents that have mistakes


def json_schemas() -> dict[str, dict[str, object]]:
    """The JSON Schema of each kind of document, as editors want it."""
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {str(kind): {"$schema": draft, **schema.model_json_schema()} for kind, schema in SCHEMAS.items()}


def read_sources(documents: Mapping[str, bytes]) -> tuple[Sources, list[Diagnostic]]:
    """The documents that can be used, and every mistake in those that cannot."""
    sources, diagnostics = Sources(), []
    for file, content in sorted(documents.items()):
        document = read_document(file, content)
        if isinstance(document, Diagnostic):
            diagnostics.append(document)
            continue
        kind = document.content.get("kind")
        schema = SCHEMAS.get(kind) if isinstance(kind, str) else None
        if schema is None:
            diagnostics.append(_wrong_kind(document, kind))
            continue
        try:
            model = schema.model_validate(dict(document.content))
        except ValidationError as error:
            sources.unusable.add((str(kind), str(document.content.get("id"))))
            diagnostics.extend(_misfit(document, schema, detail) for detail in error.errors(include_url=False))
            continue
        diagnostics.extend(_place(sources, model, document, hashlib.sha256(content).hexdigest()))
    return sources, diagnostics


def _place(sources: Sources, model: AnyDocument, document: Document, checksum: str) -> list[Diagnostic]:
    first: Source[AnyDocument] | None
    match model:
        case CompanyDocument():
            first = sources.company
            sources.company = sources.company or Source(model, document, checksum)
        case IntegrationsDocument():
            first = sources.integrations
            sources.integrations = sources.integrations or Source(model, document, checksum)
        case WorkRoleDocument():
            first = sources.work_roles.get(model.id)
            sources.work_roles.setdefault(model.id, Source(model, document, checksum))
        case JobRoleDocument():
            first = sources.job_roles.get(model.id)
            sources.job_roles.setdefault(model.id, Source(model, document, checksum))
    if first is None:
        return []
    message = f"Expected one {model.kind} {model.id}, but found another in {first.document.file}."
    if model.kind in (Kind.COMPANY, Kind.INTEGRATIONS):
        message = f"Expected one document of kind {model.kind}, but found another in {first.document.file}."
    return [document.diagnostic("document-twice", ("id",), message, "Remove one of the two.")]


def _wrong_kind(document: Document, kind: object) -> Diagnostic:
    found = "none" if kind is None else str(kind)
    kinds = ", ".join(SCHEMAS)
    return document.diagnostic("kind", ("kind",), f"Expected a kind ({kinds}), but found {found}.", "Set kind.")


def _misfit(document: Document, schema: type[AnyDocument], detail: ErrorDetails) -> Diagnostic:
    path = tuple(part for part in detail["loc"] if part != "[key]")
    key = path[-1] if path else ""
    if detail["type"] == "missing":
        return document.diagnostic("missing", path, f"Expected the key {key}, but found none.", f"Add {key}.")
    if detail["type"] == "extra_forbidden":
        near = get_close_matches(str(key), _known_keys(schema, detail), n=1)
        remedy = f"Did you mean {near[0]}?" if near else "Remove it."
        return document.diagnostic("unknown-key", path, f"Expected a known key, but found {key}.", remedy)
    found = detail["input"]
    text = f"{type(found).__name__} with {len(found)} entries" if isinstance(found, dict | list) else str(found)
    reason = detail["msg"].removeprefix("Value error, ")
    return document.diagnostic("misfit", path, f'Expected another value for {key}, but found "{text}": {reason}.')


def _known_keys(schema: type[AnyDocument], detail: ErrorDetails) -> list[str]:
    """Every key that the schema knows anywhere: the misspelt one is among them."""
    definitions = schema.model_json_schema()
    parts = [definitions, *definitions.get("$defs", {}).values()]
    return sorted({name for part in parts for name in part.get("properties", ()) if name not in detail["loc"]})
