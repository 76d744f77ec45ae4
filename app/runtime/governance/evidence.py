"""Evidence: what was known, checked, decided, approved, done and verified, laid out in the five stages."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import feel
from app.errors import NotFound
from app.handlers import Effect
from app.roles import Mandate, redact
from app.runtime.governance.attempt import mandate_of
from app.runtime.people import require
from app.runtime.transaction import Core, mapping
from app.runtime.views import Actor, JobState, Permission, Stage
from app.store.tables import (
    ApprovalRow,
    AuditStreamRow,
    EvaluationRow,
    EvidenceRow,
    InstanceRow,
    JobRow,
    ModelRow,
    VoteRow,
)


class Evidence:
    """Right for everything here: evidence.see."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def pack(self, actor: Actor, instance_id: str) -> dict[str, object]:
        """The evidence pack of a case as JSON: {"case": {...}, "stages": {"trigger": [...], "understand": [...],
        "decide": [...], "act": [...], "verify": [...]}, "approvals": [...], "audit": [{"stream", "records", "head"}]}.

        Every entry: {"at", "what", "instance_id", "element_id", "job_id", "detail": {...}}. Called instances belong to
        it. Redacted as the role says.
        """
        require(actor, Permission.EVIDENCE_SEE)
        with self._core.store.snapshot() as session:
            row = _get(session, instance_id)
            ids = _tree(session, row)
            stages: dict[str, list[dict[str, object]]] = {stage.value: [] for stage in Stage}
            mandate = self._mandate(session, row)
            query = select(EvidenceRow).where(EvidenceRow.instance_id.in_(ids)).order_by(EvidenceRow.id)
            for each in session.scalars(query):
                stages[each.stage].append(_entry(each, mandate))
            return {
                "case": self._case(session, row, mandate),
                "stages": stages,
                "approvals": _approvals(session, ids, mandate),
                "audit": [
                    {"stream": stream.stream, "records": stream.count, "head": stream.head}
                    for stream in session.scalars(select(AuditStreamRow).where(AuditStreamRow.stream.in_(ids)))
                ],
            }

    def lines(self, actor: Actor, instance_id: str) -> list[str]:
        """One JSON line per action that was done, in the form that auditors load into a warehouse (governance.md)."""
        require(actor, Permission.EVIDENCE_SEE)
        with self._core.store.snapshot() as session:
            row = _get(session, instance_id)
            ids = _tree(session, row)
            mandate = self._mandate(session, row)
            jobs = session.scalars(
                select(JobRow).where(JobRow.instance_id.in_(ids), JobRow.state == JobState.DONE).order_by(JobRow.id)
            ).all()
            return [feel.json_dumps(self._line(session, row, job, mandate)) for job in jobs]

    def _line(self, session: Session, row: InstanceRow, job: JobRow, mandate: Mandate) -> dict[str, object]:
        handler = self._core.registry.get(job.type)
        checks = session.scalars(
            select(EvidenceRow.detail).where(EvidenceRow.job_id == job.id).order_by(EvidenceRow.id)
        )
        names = [str(each.get("name")) for detail in checks for each in _checks_of(detail)]
        voters = select(VoteRow.person).join(ApprovalRow).where(ApprovalRow.job_id == job.id)
        by_people = session.scalars(voters.limit(1)).first() is not None
        grant = mandate.grants.get(job.type)
        decision = session.scalar(
            select(EvaluationRow.evaluation)
            .join(InstanceRow, InstanceRow.id == EvaluationRow.instance_id)
            .where(InstanceRow.root_id == row.root_id, EvaluationRow.decision_id == (grant.decision if grant else None))
            .order_by(EvaluationRow.id.desc())
            .limit(1)
        )
        outcome = mapping(mapping(decision).get("value")).get("outcome")
        verb = "undone" if job.undo_of else "read" if handler and handler.effect is Effect.READ else "done"
        return {
            "process_id": f"{row.process_id}_v{row.version}",
            "timestamp": (job.ended_at or job.created_at).isoformat().replace("+00:00", "Z"),
            "model": None,  # no artificial intelligence took part
            "inputs": redact(mapping(job.variables), mandate.fields_to_redact),
            "tools_invoked": [job.type],
            "policy_checks": list(dict.fromkeys(names)),
            "decision": f"{outcome}:{job.type}:{verb}" if outcome else f"{job.type}:{verb}",
            "human_escalation": by_people,
            "owner": mandate.owner,
            "instance_id": row.id,
            "job_id": job.id,
            "trace_id": row.trace_id,
        }

    def _case(self, session: Session, row: InstanceRow, mandate: Mandate) -> dict[str, object]:
        checksum = session.scalar(select(ModelRow.checksum).where(ModelRow.id == row.model_id))
        return {
            "instance_id": row.id,
            "process_id": row.process_id,
            "process_name": row.process_name,
            "version": row.version,
            "checksum": checksum,
            "business_key": row.business_key,
            "trace_id": row.trace_id,
            "status": row.status,
            "started_at": row.started_at.isoformat(),
            "started_by": row.started_by,
            "ended_at": row.ended_at.isoformat() if row.ended_at else None,
            "job_role": row.job_role,
            "ungoverned": mandate.ungoverned,
            "mandate": mandate.checksum,
            "documents": [
                {"kind": each.kind, "id": each.id, "version": each.version, "checksum": each.checksum}
                for each in mandate.documents
            ],
            "owner": mandate.owner,
            "variables": redact(mapping(row.variables), mandate.fields_to_redact),
        }

    def _mandate(self, session: Session, row: InstanceRow) -> Mandate:
        return mandate_of(self._core.models, session, row)


def _get(session: Session, instance_id: str) -> InstanceRow:
    row = session.get(InstanceRow, instance_id)
    if row is None:
        raise NotFound(f"Expected a process instance {instance_id}, but found none.")
    return row


def _tree(session: Session, row: InstanceRow) -> list[str]:
    """The instance and everything that it called, directly or not."""
    called = session.execute(select(InstanceRow.id, InstanceRow.parent_id).where(InstanceRow.root_id == row.root_id))
    children: dict[str | None, list[str]] = {}
    for child, parent in called:
        children.setdefault(parent, []).append(child)
    ids, waiting = [], [row.id]
    while waiting:
        ids.append(waiting.pop())
        waiting.extend(children.get(ids[-1], ()))
    return ids


def _entry(row: EvidenceRow, mandate: Mandate) -> dict[str, object]:
    return {
        "at": row.at.isoformat(),
        "what": row.what,
        "instance_id": row.instance_id,
        "element_id": row.element_id,
        "job_id": row.job_id,
        "detail": redact(row.detail, mandate.fields_to_redact),
    }


def _approvals(session: Session, ids: Sequence[str], mandate: Mandate) -> list[dict[str, object]]:
    """Every gate that an action waited at: who decided what, and what they saw."""
    votes: dict[str, list[dict[str, object]]] = {}
    query = select(VoteRow).join(ApprovalRow).where(ApprovalRow.instance_id.in_(ids)).order_by(VoteRow.at)
    for vote in session.scalars(query):
        votes.setdefault(vote.approval_id, []).append(
            {"person": vote.person, "approved": vote.approved, "reason": vote.reason, "at": vote.at.isoformat()}
        )
    approvals = session.scalars(select(ApprovalRow).where(ApprovalRow.instance_id.in_(ids)).order_by(ApprovalRow.id))
    return [
        {
            "action": each.action,
            "job_id": each.job_id,
            "tier": each.tier,
            "gate": each.gate,
            "state": each.state,
            "approver_role": each.approver_role,
            "approvals_needed": each.approvals_needed,
            "four_eyes": each.four_eyes,
            "requester": each.requester,
            "asked_at": each.created_at.isoformat(),
            "decided_at": each.decided_at.isoformat() if each.decided_at else None,
            "decided_by": each.decided_by,
            "votes": votes.get(each.id, []),
            "seen": redact({"request": each.request, "assessment": each.assessment}, mandate.fields_to_redact),
        }
        for each in approvals
    ]


def _checks_of(detail: object) -> list[dict[str, object]]:
    found = mapping(detail)
    checks = mapping(found.get("assessment")).get("checks") or found.get("checks") or []
    return [mapping(each) for each in checks] if isinstance(checks, list) else []
