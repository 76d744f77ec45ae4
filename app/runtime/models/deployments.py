"""Deployments: models taken into service together, all or nothing."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, undefer

from app.engine import TriggerKind
from app.errors import Diagnostic, ModelError, NotFound
from app.roles import DEFAULT_ROLE, Mandate, RuleChanges, default_mandate
from app.runtime.models.assigning import InService
from app.runtime.models.candidates import Candidate
from app.runtime.models.deciding import decision_ids
from app.runtime.models.examining import Examined, examine
from app.runtime.models.facts import is_global_task
from app.runtime.models.rule_changes import rule_changes
from app.runtime.people import require
from app.runtime.transaction import Core, Transaction, mapping, new_id, outgoing, texts
from app.runtime.views import Actor, DeploymentView, MandateView, ModelKind, ModelView, Permission
from app.store import locks
from app.store.states import ProposalState
from app.store.tables import (
    DeployedModelRow,
    DeploymentRow,
    MandateRow,
    ModelRow,
    ProcessRoleRow,
    ProposalRow,
    StartTriggerRow,
)


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants a deployment and why; and whoever accepted it, where it takes two."""

    by: str
    note: str
    accepted_by: str | None = None


Rows = list[ModelRow]
ModelViews = list[ModelView]
MandateViews = list[MandateView]  # in the class below, `list` is the method


class Deployments:
    def __init__(self, core: Core) -> None:
        self._core = core

    def check(self, files: Mapping[str, bytes]) -> list[Diagnostic]:
        """Every problem of these files, together with what is already deployed, at once. Nothing is written.

        `files` maps paths such as "bpmn/support-refund.bpmn" to contents; the kind follows from the path
        (*.bpmn, *.dmn, *.form or forms/*.json, hooks/*.yaml, cases/*.yaml, and every other *.yaml is a role document).
        """
        with self._core.store.read() as session:
            return self._examine(session, files).diagnostics

    def deploy(self, actor: Actor, files: Mapping[str, bytes], note: str = "") -> DeploymentView:
        """Take the files into service; each whose content changed becomes a new version, the others keep theirs.

        Two at once are served in turn: the second is checked against, and compared with, what the first brought.
        What changes what anybody may do becomes a proposal instead, which somebody else accepts (`Proposals`), unless
        it is the first of an installation, comes from the command line of the machine, or the company in force says
        that one person is enough. Right: models.deploy. Raises `ModelError` with every diagnostic; then nothing has
        changed.
        """
        require(actor, Permission.MODELS_DEPLOY)
        with self._core.transaction(actor) as transaction:
            session = transaction.session
            locks.hold(session, locks.Lock.DEPLOYMENT)
            examined, changes = self.examine_changes(session, files)
            if changes and not actor.is_system and self._takes_two(session):
                return self._propose(transaction, files, note, examined, changes)
            return self.carry_out(transaction, Order(actor.name, note), examined, changes)

    def examine_changes(self, session: Session, files: Mapping[str, bytes]) -> tuple[Examined, tuple[str, ...]]:
        """The files after every check, and what they change of what anybody may do. Raises `ModelError`."""
        in_service = _in_service(session)
        examined = examine(files, in_service, self._core.registry, self._core.clock.now().date())
        if not examined.is_sound:
            raise ModelError(examined.diagnostics)
        in_force = _in_force(session)
        return examined, rule_changes(examined, in_service, in_force, self._core.settings.escalation_decision)

    def carry_out(
        self, transaction: Transaction, order: Order, examined: Examined, changes: tuple[str, ...]
    ) -> DeploymentView:
        """Take what was examined into service, within a transaction that holds the lock of deployments."""
        deployment = DeploymentRow(id=new_id(), at=transaction.now, by=order.by, note=order.note)
        transaction.session.add(deployment)
        transaction.session.flush()
        models, changed = self._store(transaction, deployment, examined.candidates)
        self._store_mandates(transaction, deployment, examined)
        _store_process_roles(transaction, examined.process_roles)
        transaction.record(
            "deployment.made",
            deployment.id,
            note=order.note,
            changed=[f"{row.kind} {row.key} v{row.version}" for row in changed],
        )
        if changes:
            people = 1 if order.accepted_by is None else 2
            transaction.record(
                "rules.changed",
                deployment.id,
                changes=list(changes),
                author=order.by,
                accepted_by=order.accepted_by,
                people=people,
            )
        return DeploymentView(
            deployment.id,
            deployment.at,
            deployment.by,
            deployment.note,
            tuple(view(row) for row in models),
            tuple(view(row) for row in changed),
            tuple(examined.diagnostics),
        )

    def _takes_two(self, session: Session) -> bool:
        """Whether there are rules already, and the company in force wants two people to change them."""
        first = session.scalar(select(ModelRow.id).where(ModelRow.kind == ModelKind.ROLE).limit(1)) is None
        default = _in_force(session).get(DEFAULT_ROLE)
        return not first and (default is None or default.company.changes is RuleChanges.TWO_PEOPLE)

    def _propose(
        self,
        transaction: Transaction,
        files: Mapping[str, bytes],
        note: str,
        examined: Examined,
        changes: tuple[str, ...],
    ) -> DeploymentView:
        actor = transaction.actor
        proposal = ProposalRow(
            id=new_id(),
            at=transaction.now,
            by=actor.name,
            note=note,
            state=ProposalState.WAITING,
            files={path: b64encode(content).decode() for path, content in files.items()},
            changes=list(changes),
            decided_at=None,
            decided_by=None,
            comment=None,
            deployment_id=None,
        )
        transaction.session.add(proposal)
        transaction.record("proposal.made", proposal.id, note=note, files=sorted(files), changes=list(changes))
        warnings = tuple(examined.diagnostics)
        return DeploymentView(
            proposal.id, proposal.at, actor.name, note, (), (), warnings, proposal=proposal.id, changes=changes
        )

    def models(self, kind: ModelKind | None = None) -> ModelViews:
        """The latest version of every model (of this kind), by kind and key, without content."""
        query = select(ModelRow).where(ModelRow.latest).order_by(ModelRow.kind, ModelRow.key)
        with self._core.store.read() as session:
            return [view(row) for row in session.scalars(query if kind is None else query.where(ModelRow.kind == kind))]

    def versions(self, kind: ModelKind, key: str) -> ModelViews:
        """All versions of one model, newest first, without content."""
        query = select(ModelRow).where(ModelRow.kind == kind, ModelRow.key == key).order_by(ModelRow.version.desc())
        with self._core.store.read() as session:
            return [view(row) for row in session.scalars(query)]

    def model(self, kind: ModelKind, key: str, version: int | None = None) -> ModelView:
        """One version (None: the latest) with its content. Raises `NotFound`."""
        query = select(ModelRow).options(undefer(ModelRow.content)).where(ModelRow.kind == kind, ModelRow.key == key)
        query = query.where(ModelRow.latest if version is None else ModelRow.version == version)
        with self._core.store.read() as session:
            row = session.scalars(query).first()
            if row is None:
                wanted = "" if version is None else f" version {version}"
                raise NotFound(f'Expected the {kind} model "{key}"{wanted}, but found none.')
            return view(row, row.content)

    def list(self, limit: int = 50) -> list[DeploymentView]:
        """The newest deployments, newest first."""
        with self._core.store.read() as session:
            rows = session.scalars(select(DeploymentRow).order_by(DeploymentRow.id.desc()).limit(limit)).all()
            models: dict[str, ModelViews] = {}
            query = select(DeployedModelRow.deployment_id, ModelRow).join(ModelRow)
            query = query.where(DeployedModelRow.deployment_id.in_([row.id for row in rows]))
            for deployment_id, model in session.execute(query.order_by(ModelRow.kind, ModelRow.key)):
                models.setdefault(deployment_id, []).append(view(model))
            return [
                DeploymentView(
                    row.id,
                    row.at,
                    row.by,
                    row.note,
                    tuple(models.get(row.id, ())),
                    tuple(each for each in models.get(row.id, ()) if each.deployment_id == row.id),
                )
                for row in rows
            ]

    def mandates(self) -> MandateViews:
        """The JobRoles in force, compiled, by id."""
        with self._core.store.read() as session:
            query = select(MandateRow).where(MandateRow.latest, MandateRow.job_role != DEFAULT_ROLE)
            query = query.order_by(MandateRow.job_role)
            return [_mandate_view(row) for row in session.scalars(query)]

    def mandate(self, job_role: str) -> MandateView:
        """One JobRole in force. Raises `NotFound`."""
        for each in self.mandates():
            if each.job_role == job_role:
                return each
        raise NotFound(f'Expected the JobRole "{job_role}", but found none.')

    # checking

    def _examine(self, session: Session, files: Mapping[str, bytes]) -> Examined:
        return examine(files, _in_service(session), self._core.registry, self._core.clock.now().date())

    # storing

    def _store(
        self, transaction: Transaction, deployment: DeploymentRow, candidates: Iterable[Candidate]
    ) -> tuple[Rows, Rows]:
        session = transaction.session
        models: Rows = []
        changed: Rows = []
        for candidate in candidates:
            same = (ModelRow.kind == candidate.kind, ModelRow.key == candidate.key)
            latest = session.scalars(
                select(ModelRow).where(*same, ModelRow.latest).with_for_update(key_share=True)
            ).first()
            if latest is not None and latest.checksum == candidate.checksum:
                models.append(latest)
                continue
            if latest is not None:
                latest.latest = False
                session.flush()
            row = ModelRow(
                id=new_id(),
                kind=candidate.kind,
                key=candidate.key,
                version=latest.version + 1 if latest else 1,
                latest=True,
                name=candidate.name,
                file_name=candidate.file_name,
                version_tag=candidate.version_tag,
                checksum=candidate.checksum,
                content=candidate.content,
                facts=dict(candidate.facts),
                deployment_id=deployment.id,
                deployed_at=deployment.at,
                deployed_by=deployment.by,
            )
            session.add(row)
            session.flush()
            models.append(row)
            changed.append(row)
            if candidate.program is not None:
                self._open_start_triggers(transaction, row, candidate)
        for row in models:
            transaction.batch.put(DeployedModelRow, deployment_id=deployment.id, model_id=row.id)
        return models, changed

    def _open_start_triggers(self, transaction: Transaction, row: ModelRow, candidate: Candidate) -> None:
        """Events start the newest version only; what is remembered for start events goes over to it."""
        transaction.session.execute(delete(StartTriggerRow).where(StartTriggerRow.process_id == row.key))
        for trigger in candidate.program.start_triggers if candidate.program else ():
            if trigger.kind is TriggerKind.NONE:
                continue
            is_condition = trigger.kind is TriggerKind.CONDITION
            schedule = trigger.schedule(transaction.now) if trigger.kind is TriggerKind.TIMER else None
            transaction.batch.put(
                StartTriggerRow,
                id=new_id(),
                process_id=row.key,
                model_id=row.id,
                element_id=trigger.element_id,
                kind=trigger.kind,
                name=None if is_condition else trigger.means,
                others=trigger.others,
                schedule=schedule.to_state() if schedule else None,
                due=schedule.due if schedule else None,
            )
        outgoing.settle_starts_anew(transaction, row.key)

    def _store_mandates(self, transaction: Transaction, deployment: DeploymentRow, examined: Examined) -> None:
        """The mandates that changed; with the first deployment the default mandate too, if no document says one."""
        session = transaction.session
        mandates = dict(examined.mandates)
        if examined.default is not None:
            mandates[DEFAULT_ROLE] = examined.default
        elif session.scalar(select(MandateRow.id).where(MandateRow.job_role == DEFAULT_ROLE)) is None:
            mandates[DEFAULT_ROLE] = default_mandate(None)
        if examined.default is not None:  # a role without a document is retired: what runs under it keeps its mandate
            gone = MandateRow.job_role.not_in(mandates)
            session.execute(update(MandateRow).where(MandateRow.latest, gone).values(latest=False))
        for job_role, mandate in mandates.items():
            latest = session.scalars(
                select(MandateRow)
                .where(MandateRow.job_role == job_role, MandateRow.latest)
                .with_for_update(key_share=True)
            ).first()
            if latest is not None and latest.checksum == mandate.checksum:
                continue
            if latest is not None:
                latest.latest = False
                session.flush()
            transaction.batch.put(
                MandateRow,
                id=new_id(),
                job_role=job_role,
                version=latest.version + 1 if latest else 1,
                latest=True,
                checksum=mandate.checksum,
                document=mandate.to_json(),
                holders=list(mandate.people.holders),
                deployment_id=deployment.id,
            )


def _in_force(session: Session) -> dict[str, Mandate]:
    """The mandates of today, the default one among them, by role."""
    rows = session.scalars(select(MandateRow).where(MandateRow.latest))
    return {row.job_role: Mandate.from_json(mapping(row.document)) for row in rows}


def _store_process_roles(transaction: Transaction, roles: Mapping[str, str]) -> None:
    """Starts look the role of a process up here, with one statement."""
    session = transaction.session
    stored = {row.process_id: row for row in session.scalars(select(ProcessRoleRow))}
    for process_id, job_role in roles.items():
        if (row := stored.pop(process_id, None)) is None:
            session.add(ProcessRoleRow(process_id=process_id, job_role=job_role))
        elif row.job_role != job_role:
            row.job_role = job_role
    for row in stored.values():
        session.delete(row)
    session.flush()


def view(row: ModelRow, content: bytes | None = None) -> ModelView:
    return ModelView(
        row.id,
        row.kind,
        row.key,
        row.name,
        row.version,
        row.latest,
        row.file_name,
        row.checksum,
        row.deployment_id,
        row.deployed_at,
        row.deployed_by,
        row.version_tag,
        content,
    )


def _mandate_view(row: MandateRow) -> MandateView:
    document = row.document if isinstance(row.document, dict) else {}
    return MandateView(row.job_role, row.version, row.checksum, document)


def _in_service(session: Session) -> InService:
    """What the newest versions of all models offer to others."""
    rows = list(session.scalars(select(ModelRow).where(ModelRow.latest)))
    mandates = list(session.scalars(select(MandateRow).where(MandateRow.latest, MandateRow.job_role != DEFAULT_ROLE)))
    return InService(
        decisions=frozenset(name for row in rows if row.kind is ModelKind.DMN for name in decision_ids(row)),
        processes=frozenset(row.key for row in rows if row.kind is ModelKind.BPMN),
        forms=frozenset(row.key for row in rows if row.kind is ModelKind.FORM),
        job_roles=frozenset(row.job_role for row in mandates),
        reviews_due={row.job_role: date.fromisoformat(str(mapping(row.document)["review_due"])) for row in mandates},
        named_processes={row.job_role: texts(mapping(row.document).get("processes")) for row in mandates},
        labels={
            row.key: label if isinstance(label := mapping(row.facts).get("job_role"), str) else None
            for row in rows
            if row.kind is ModelKind.BPMN and not is_global_task(row.facts)
        },
        process_roles={row.process_id: row.job_role for row in session.scalars(select(ProcessRoleRow))},
        role_documents=_contents(session, ModelKind.ROLE),
        decision_models=_contents(session, ModelKind.DMN),
    )


def _contents(session: Session, kind: ModelKind) -> dict[str, tuple[str, bytes]]:
    """File name and content of the newest versions of a kind, by key."""
    query = select(ModelRow.key, ModelRow.file_name, ModelRow.content).where(ModelRow.kind == kind, ModelRow.latest)
    return {key: (name, content) for key, name, content in session.execute(query)}
