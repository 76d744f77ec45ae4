"""What the runtime shows: frozen records, safe to keep after the transaction. No row of the store leaves the runtime.

Variables and other JSON values are as FEEL sees them (numbers are `Decimal`). Moments are aware and in UTC.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from app.roles import Stage
from app.runtime.transaction import SYSTEM, Actor, Permission, PlatformRole
from app.runtime.views.history import DecisionView, ExportFormat, HistoryEntry, PurgeReport, confidence_of
from app.runtime.views.inbox import CheckView, CommentView, GateView, InboxItem, InboxTask, VoteView
from app.runtime.views.instances import (
    IncidentView,
    InstanceDetail,
    InstanceFilter,
    InstanceView,
    JobView,
    StartedView,
    StartOccurrenceView,
    UndoState,
)
from app.runtime.views.models import DeploymentView, DraftView, MandateView, ModelView, ProposalView
from app.runtime.views.operation import (
    AnchorView,
    AuditRecordView,
    AuditVerdict,
    CircuitView,
    HookReceipt,
    PersonView,
    SetbackView,
    SwitchView,
    TickCounts,
)
from app.runtime.views.repair import (
    Activation,
    BulkOperation,
    BulkReport,
    CancelAll,
    LiveView,
    MigrateAll,
    MigrationReport,
    MoveAll,
    RetryAll,
    SetVariablesOfAll,
    TokenMove,
)
from app.store.states import (
    ApprovalState,
    CircuitState,
    DueKind,
    IncidentState,
    InstanceStatus,
    JobState,
    ModelKind,
    ProcessKind,
    ProposalState,
    SwitchScope,
    TaskKind,
    TaskState,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list. `next` is the cursor to pass as `after` for the following page; None on the last one."""

    items: tuple[T, ...]
    next: str | None = None


__all__ = [
    "SYSTEM",
    "Activation",
    "Actor",
    "AnchorView",
    "ApprovalState",
    "AuditRecordView",
    "AuditVerdict",
    "BulkOperation",
    "BulkReport",
    "CancelAll",
    "CheckView",
    "CircuitState",
    "CircuitView",
    "CommentView",
    "DecisionView",
    "DeploymentView",
    "DraftView",
    "DueKind",
    "ExportFormat",
    "GateView",
    "HistoryEntry",
    "HookReceipt",
    "InboxItem",
    "InboxTask",
    "IncidentState",
    "IncidentView",
    "InstanceDetail",
    "InstanceFilter",
    "InstanceStatus",
    "InstanceView",
    "JobState",
    "JobView",
    "LiveView",
    "MandateView",
    "MigrateAll",
    "MigrationReport",
    "ModelKind",
    "ModelView",
    "MoveAll",
    "Page",
    "Permission",
    "PersonView",
    "PlatformRole",
    "ProcessKind",
    "ProposalState",
    "ProposalView",
    "PurgeReport",
    "RetryAll",
    "SetVariablesOfAll",
    "SetbackView",
    "Stage",
    "StartOccurrenceView",
    "StartedView",
    "SwitchScope",
    "SwitchView",
    "TaskKind",
    "TaskState",
    "TickCounts",
    "TokenMove",
    "UndoState",
    "VoteView",
    "confidence_of",
]
