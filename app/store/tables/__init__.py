"""The tables, one file for a group of nouns. Columns and constraints only; what may change when is in `app.runtime`."""

from app.store.tables.audit import AuditAnchorRow, AuditRecordRow, AuditSealRow, AuditStreamRow
from app.store.tables.commands import CommandReceiptRow
from app.store.tables.heartbeats import HeartbeatRow
from app.store.tables.instances import EvaluationRow, EvidenceRow, HistoryRow, IncidentRow, InstanceRow
from app.store.tables.jobs import ActionUseRow, CircuitRow, JobRow, SwitchRow
from app.store.tables.messages import (
    DeliveryRow,
    FollowUpRow,
    KeyedStartRow,
    MessageReceiptRow,
    MessageRow,
    StartOccurrenceRow,
    SubscriptionRow,
    TimerRow,
)
from app.store.tables.models import (
    DeployedModelRow,
    DeploymentRow,
    DraftRow,
    MandateRow,
    ModelRow,
    ProcessRoleRow,
    ProposalRow,
    StartTriggerRow,
)
from app.store.tables.people import PersonRow
from app.store.tables.sessions import SessionRow
from app.store.tables.setbacks import SetbackRow
from app.store.tables.tasks import ANYBODY, ApprovalRow, CommentRow, TaskCandidateRow, TaskDraftRow, TaskRow, VoteRow

__all__ = [
    "ANYBODY",
    "ActionUseRow",
    "ApprovalRow",
    "AuditAnchorRow",
    "AuditRecordRow",
    "AuditSealRow",
    "AuditStreamRow",
    "CircuitRow",
    "CommandReceiptRow",
    "CommentRow",
    "DeliveryRow",
    "DeployedModelRow",
    "DeploymentRow",
    "DraftRow",
    "EvaluationRow",
    "EvidenceRow",
    "FollowUpRow",
    "HeartbeatRow",
    "HistoryRow",
    "IncidentRow",
    "InstanceRow",
    "JobRow",
    "KeyedStartRow",
    "MandateRow",
    "MessageReceiptRow",
    "MessageRow",
    "ModelRow",
    "PersonRow",
    "ProcessRoleRow",
    "ProposalRow",
    "SessionRow",
    "SetbackRow",
    "StartOccurrenceRow",
    "StartTriggerRow",
    "SubscriptionRow",
    "SwitchRow",
    "TaskCandidateRow",
    "TaskDraftRow",
    "TaskRow",
    "TimerRow",
    "VoteRow",
]
