"""One job in hand within one transaction: its instance is locked, and everything about it is at one place."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.handlers import Effect
from app.handlers.registry import AnyHandler
from app.roles import Mandate, Stage, default_mandate, redact
from app.runtime.transaction import Core, ModelCache, Transaction, mapping, new_id
from app.store.tables import EvidenceRow, InstanceRow, JobRow

UNKNOWN = default_mandate(None)  # of instances that started before every process had a mandate


def mandate_of(models: ModelCache, session: Session, row: InstanceRow) -> Mandate:
    return UNKNOWN if row.mandate_id is None else models.mandate(session, row.mandate_id)


@dataclass(frozen=True, slots=True)
class Attempt:
    core: Core
    transaction: Transaction
    row: InstanceRow
    job: JobRow

    @property
    def handler(self) -> AnyHandler | None:
        return self.core.registry.get(self.job.type)

    @property
    def mandate(self) -> Mandate:
        """The mandate under which the instance started. One from before there was a default mandate has that one."""
        return mandate_of(self.core.models, self.transaction.session, self.row)

    @property
    def callers_mandates(self) -> tuple[Mandate, ...]:
        """Those of the instances that called this one, where other roles govern them: a call never loses a mandate."""
        found: dict[str, Mandate] = {}
        row = self.row
        while row.parent_id is not None:
            row = self.transaction.session.get_one(InstanceRow, row.parent_id)
            mandate = mandate_of(self.core.models, self.transaction.session, row)
            if mandate.ungoverned is None:
                found[mandate.checksum] = mandate
        found.pop(self.mandate.checksum, None)
        return tuple(found.values())

    @property
    def is_undo(self) -> bool:
        return self.job.undo_of is not None

    @property
    def stage(self) -> Stage:
        """To which stage the evidence of the action belongs: a reading action is part of understanding."""
        handler = self.handler
        return Stage.UNDERSTAND if handler is not None and handler.effect is Effect.READ else Stage.ACT

    @property
    def variables(self) -> dict[str, object]:
        """What the handler is given."""
        return mapping(self.job.variables)

    def redacted(self, value: object) -> object:
        """The value as it may enter evidence."""
        return redact(value, self.mandate.fields_to_redact)

    def record(self, action: str, **detail: object) -> None:
        """Add a record about this job to the instance's audit stream."""
        self.transaction.record(action, self.job.id, stream=self.row.id, action=self.job.type, **detail)

    def put_evidence(self, stage: Stage, what: str, detail: Mapping[str, object]) -> None:
        self.transaction.batch.put(
            EvidenceRow,
            id=new_id(),
            instance_id=self.row.id,
            stage=stage,
            at=self.transaction.now,
            what=what,
            element_id=self.job.element_id,
            job_id=self.job.id,
            detail={"action": self.job.type, **detail},
        )

    def let_go(self) -> None:
        """No worker has the job any more."""
        self.job.worker_id = None
        self.job.lease_until = None
