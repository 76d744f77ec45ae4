"""Rows as views. Nothing here decides anything."""

from collections.abc import Iterable, Mapping

from app.handlers import HandlerRegistry
from app.runtime.evaluating import confidence_of
from app.runtime.views import (
    DecisionView,
    HistoryEntry,
    InboxItem,
    IncidentView,
    InstanceView,
    JobView,
)
from app.store.states import JobState
from app.store.tables import EvaluationRow, HistoryRow, IncidentRow, InstanceRow, JobRow, TaskRow


def mapping(value: object) -> dict[str, object]:
    """A JSON column that holds an object."""
    return dict(value) if isinstance(value, Mapping) else {}


def texts(value: object) -> tuple[str, ...]:
    """A JSON column that holds a list of texts."""
    return tuple(str(each) for each in value) if isinstance(value, Iterable) and not isinstance(value, str) else ()


def instance(row: InstanceRow) -> InstanceView:
    return InstanceView(
        row.id,
        row.process_id,
        row.process_name,
        row.version,
        row.status,
        row.business_key,
        row.started_at,
        row.started_by,
        row.ended_at,
        row.incident_count,
        row.trace_id,
        row.parent_id,
        row.job_role,
    )


def incident(row: IncidentRow) -> IncidentView:
    return IncidentView(
        row.id,
        row.instance_id,
        row.process_id,
        row.element_id,
        row.kind,
        row.exception_class,
        row.message,
        row.state,
        row.job_id,
        row.raised_at,
        row.resolved_at,
        row.resolved_by,
    )


def job(row: JobRow, registry: HandlerRegistry) -> JobView:
    handler = registry.get(row.type)
    reversible = (
        handler is not None
        and handler.reversible
        and row.state is JobState.DONE
        and row.undo_of is None
        and row.undone_by is None
    )
    return JobView(
        row.id,
        row.instance_id,
        row.process_id,
        row.element_id,
        row.type,
        row.state,
        row.attempt,
        row.retries,
        row.priority,
        row.created_at,
        row.due_at,
        row.lease_until,
        row.worker_id,
        row.exception_class,
        row.message,
        row.held_by,
        row.undo_of,
        row.undone_by,
        reversible,
    )


def history_entry(row: HistoryRow) -> HistoryEntry:
    return HistoryEntry(
        row.position,
        row.at,
        row.kind,
        row.element_id,
        row.element_name,
        row.element_type,
        row.ended_at,
        row.outcome,
        row.actor,
        mapping(row.detail),
    )


def item(row: TaskRow) -> InboxItem:
    return InboxItem(
        row.id,
        row.kind,
        row.state,
        row.name,
        row.instance_id,
        row.process_id,
        row.process_name,
        row.element_id,
        row.business_key,
        row.assignee,
        texts(row.candidate_users),
        texts(row.candidate_groups),
        row.created_at,
        row.due_at,
        row.follow_up_at,
        row.priority,
        row.level,
        row.tier,
        row.summary,
        row.held_up,
        row.asked_by,
        row.denied,
        row.denied_because,
    )


def decision(row: EvaluationRow) -> DecisionView:
    evaluation = mapping(row.evaluation)
    outcomes = evaluation.get("decisions")
    rules = tuple(
        (str(each.get("id")), tuple(int(str(hit.get("index"))) for hit in each.get("rules") or ()))
        for each in (outcomes if isinstance(outcomes, list) else ())
        if isinstance(each, dict)
    )
    value = evaluation.get("value")
    return DecisionView(
        row.id,
        row.decision_id,
        row.model_key,
        row.model_version,
        row.at,
        value,
        confidence_of(value),
        rules,
        mapping(row.inputs),
    )
