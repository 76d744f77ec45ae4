"""The same repair for many instances: a filter, and one bounded batch a call, each instance in its own transaction.

A batch that is interrupted is simply asked for again: what was done no longer fits, and is reported as failed.
"""

from sqlalchemy import select

from app.errors import BailiwickError, Conflict, Invalid
from app.runtime.instances import Incidents, Instances, conditions
from app.runtime.people import require
from app.runtime.repair.migrating import Migrating
from app.runtime.repair.modifying import Modifying
from app.runtime.transaction import CannotAdvance, Core
from app.runtime.views import (
    Actor,
    BulkOperation,
    BulkReport,
    CancelAll,
    IncidentState,
    InstanceFilter,
    InstanceStatus,
    MigrateAll,
    MoveAll,
    Permission,
    RetryAll,
    SetVariablesOfAll,
)
from app.store.tables import IncidentRow, InstanceRow

LARGEST_BATCH = 500


class Bulk:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._instances = Instances(core)
        self._incidents = Incidents(core)
        self._modifying = Modifying(core)
        self._migrating = Migrating(core)

    def run(
        self,
        actor: Actor,
        operation: BulkOperation,
        wanted: InstanceFilter,
        after: str | None = None,
        limit: int = 100,
        *,
        dry_run: bool = False,
    ) -> BulkReport:
        """One batch of running instances that fit the filter, oldest first; `after` is the cursor of the last report.

        A dry run changes nothing: it names the instances, and for a migration why some would fail.
        Right: instances.operate. Raises `Invalid` for a batch that is too large, or a filter on ended instances.
        """
        require(actor, Permission.INSTANCES_OPERATE)
        if not 1 <= limit <= LARGEST_BATCH:
            raise Invalid({"$.limit": f"Expected a whole number from 1 to {LARGEST_BATCH}."})
        if wanted.status not in (None, InstanceStatus.RUNNING):
            raise Invalid({"$.filter.status": "Expected running; what has ended does not change."})
        query = select(InstanceRow.id).where(*conditions(wanted), InstanceRow.status == InstanceStatus.RUNNING)
        if after is not None:
            query = query.where(InstanceRow.id > after)
        with self._core.store.read() as session:
            ids = list(session.scalars(query.order_by(InstanceRow.id).limit(limit + 1)))
        following = ids[limit - 1] if len(ids) > limit else None
        done, failed = [], {}
        for instance_id in ids[:limit]:
            try:
                self._one(actor, operation, instance_id, dry_run=dry_run)
            except (BailiwickError, CannotAdvance) as error:
                failed[instance_id] = str(error)
            else:
                done.append(instance_id)
        return BulkReport(tuple(done), failed, following)

    def _one(self, actor: Actor, operation: BulkOperation, instance_id: str, *, dry_run: bool) -> None:
        match operation:
            case MigrateAll(version, mapping):
                report = self._migrating.migrate(actor, instance_id, version, mapping, dry_run=dry_run)
                if not (report.migrated or dry_run) or any(each.severity == "error" for each in report.problems):
                    raise Conflict("; ".join(each.message for each in report.problems))
            case _ if dry_run:
                pass
            case CancelAll(reason):
                self._instances.cancel(actor, instance_id, reason)
            case SetVariablesOfAll(variables):
                self._instances.set_variables(actor, instance_id, variables)
            case MoveAll(source, target, reason):
                self._modifying.move(actor, instance_id, source, target, reason)
            case RetryAll():
                self._retry(actor, instance_id)

    def _retry(self, actor: Actor, instance_id: str) -> None:
        still_open = select(IncidentRow.id).where(
            IncidentRow.instance_id == instance_id, IncidentRow.state == IncidentState.OPEN
        )
        with self._core.store.read() as session:
            ids = list(session.scalars(still_open.order_by(IncidentRow.id)))
        for incident_id in ids:
            self._incidents.retry(actor, incident_id)
