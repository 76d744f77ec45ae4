"""What is deployed and what is still being edited."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.errors import Diagnostic
from app.store.states import ModelKind, ProposalState


@dataclass(frozen=True, slots=True)
class ModelView:
    """One version of one model. `content` is filled by `deployments.model` only, not in lists."""

    id: str
    kind: ModelKind
    key: str  # process id, decision model (file stem), or file name
    name: str
    version: int  # from 1, per kind and key
    latest: bool
    file_name: str
    checksum: str  # SHA-256 of the content, hexadecimal
    deployment_id: str
    deployed_at: datetime
    deployed_by: str
    version_tag: str | None = None
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class DeploymentView:
    """`models` are all of the deployment; `changed` those that got a new version; `warnings` what did not stop it."""

    id: str
    deployed_at: datetime
    deployed_by: str
    note: str
    models: tuple[ModelView, ...]
    changed: tuple[ModelView, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    proposal: str | None = None  # its id, if it waits for a second person: then nothing has changed yet
    changes: tuple[str, ...] = ()  # of a proposal: what anybody may do then, in words


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A deployment that changes what anybody may do, and what became of it."""

    id: str
    at: datetime
    by: str
    note: str
    state: ProposalState
    files: tuple[str, ...]
    changes: tuple[str, ...]
    decided_at: datetime | None
    decided_by: str | None
    comment: str | None
    deployment_id: str | None


@dataclass(frozen=True, slots=True)
class DraftView:
    kind: ModelKind
    name: str
    saved_by: str
    saved_at: datetime
    content: bytes | None = None  # in `get` only


@dataclass(frozen=True, slots=True)
class MandateView:
    """A JobRole as it is enforced: the compiled document as JSON, with the answer sheet."""

    job_role: str
    version: int
    checksum: str
    document: Mapping[str, object]
