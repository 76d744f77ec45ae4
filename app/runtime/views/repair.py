"""What operators do to instances that went wrong, and the reports of it: modification, migration, work in bulk."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.errors import Diagnostic

Variables = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Activation:
    """Put a token at an element. `variables` go to its scope; `scope_id` names the scope if there are several."""

    element_id: str
    variables: Variables = field(default_factory=dict)
    scope_id: str | None = None


@dataclass(frozen=True, slots=True)
class LiveView:
    """Where a token is."""

    element_instance_id: str
    element_id: str
    element_type: str
    scope_id: str


@dataclass(frozen=True, slots=True)
class TokenMove:
    element_instance_id: str
    source: str  # element id in the present version
    target: str  # element id in the other version


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """`problems` of severity error prevent the migration; a dry run has the same report and changes nothing."""

    instance_id: str
    process_id: str
    source_version: int
    target_version: int
    dry_run: bool
    migrated: bool
    moves: tuple[TokenMove, ...]
    problems: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class CancelAll:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetVariablesOfAll:
    variables: Variables


@dataclass(frozen=True, slots=True)
class RetryAll:
    """Retry every open incident."""


@dataclass(frozen=True, slots=True)
class MoveAll:
    """Move every token that is at `source` to `target`."""

    source: str
    target: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MigrateAll:
    version: int
    mapping: Mapping[str, str] = field(default_factory=dict)


BulkOperation = CancelAll | SetVariablesOfAll | RetryAll | MoveAll | MigrateAll


@dataclass(frozen=True, slots=True)
class BulkReport:
    """One batch. `failed` says why, by instance id; `next` is the cursor of the following batch; None: no more."""

    done: tuple[str, ...]
    failed: Mapping[str, str]
    next: str | None
