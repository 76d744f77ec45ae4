"""Proposals: deployments that change what anybody may do, decided by somebody else than their author."""

from base64 import b64decode

from sqlalchemy import select

from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.runtime.models.deployments import Deployments, Order
from app.runtime.people import require
from app.runtime.transaction import Core, Transaction, mapping, texts
from app.runtime.views import Actor, DeploymentView, Permission, ProposalState, ProposalView
from app.store import locks
from app.store.tables import ProposalRow

ProposalViews = list[ProposalView]  # in the class below, `list` is the method


class Proposals:
    def __init__(self, core: Core, deployments: Deployments) -> None:
        self._core = core
        self._deployments = deployments

    def list(self, actor: Actor, limit: int = 50) -> ProposalViews:
        """The newest proposals, those that wait first. Right: roles.see."""
        require(actor, Permission.ROLES_SEE)
        query = select(ProposalRow).order_by(ProposalRow.state != ProposalState.WAITING, ProposalRow.id.desc())
        with self._core.store.read() as session:
            return [_view(row) for row in session.scalars(query.limit(limit))]

    def accept(self, actor: Actor, proposal_id: str) -> DeploymentView:
        """Let it take effect, as its author's deployment. Right: governance.approve.

        Raises `Forbidden` for its author, `ModelError` where it does not fit what is deployed by now, and `Conflict` if
        it would change something else than was shown: it is shown anew then.
        """
        require(actor, Permission.GOVERNANCE_APPROVE)
        with self._core.transaction(actor) as transaction:
            row = self._waiting(transaction, proposal_id)
            _refuse_author(actor, row)
            files = {path: b64decode(str(content)) for path, content in mapping(row.files).items()}
            examined, changes = self._deployments.examine_changes(transaction.session, files)
            agreed = changes == texts(row.changes)
            if agreed:
                order = Order(row.by, row.note, accepted_by=actor.name)
                done = self._deployments.carry_out(transaction, order, examined, changes)
                self._decide(transaction, row, ProposalState.ACCEPTED, None)
                row.deployment_id = done.id
                return done
            row.changes = list(changes)
            transaction.record("proposal.changed", row.id, changes=list(changes))
        raise Conflict("Expected the changes that were shown, but by now it would change others. Look at them first.")

    def send_back(self, actor: Actor, proposal_id: str, comment: str) -> None:
        """Say no, and why. Right: governance.approve. Raises `Forbidden` for its author, and `Invalid`
        without a comment.
        """
        require(actor, Permission.GOVERNANCE_APPROVE)
        if not comment.strip():
            raise Invalid({"$.reason": "Expected a comment for its author."})
        with self._core.transaction(actor) as transaction:
            row = self._waiting(transaction, proposal_id)
            _refuse_author(actor, row)
            self._decide(transaction, row, ProposalState.SENT_BACK, comment)

    def withdraw(self, actor: Actor, proposal_id: str, comment: str = "") -> None:
        """Take one's own proposal back. Raises `Forbidden` for anybody else."""
        with self._core.transaction(actor) as transaction:
            row = self._waiting(transaction, proposal_id)
            if row.by != actor.name:
                raise Forbidden(f"Expected its author {row.by} to withdraw it, but {actor.name} is not.")
            self._decide(transaction, row, ProposalState.WITHDRAWN, comment or None)

    def _waiting(self, transaction: Transaction, proposal_id: str) -> ProposalRow:
        locks.hold(transaction.session, locks.Lock.DEPLOYMENT)
        row = transaction.session.get(ProposalRow, proposal_id, with_for_update=True)
        if row is None:
            raise NotFound(f"Expected a proposal {proposal_id}, but found none.")
        if row.state is not ProposalState.WAITING:
            raise Conflict(f"Expected a proposal that waits, but {row.decided_by} has decided: {row.state}.")
        return row

    def _decide(self, transaction: Transaction, row: ProposalRow, state: ProposalState, comment: str | None) -> None:
        row.state = state
        row.decided_at = transaction.now
        row.decided_by = transaction.actor.name
        row.comment = comment
        transaction.record(f"proposal.{state}", row.id, author=row.by, comment=comment, changes=texts(row.changes))


def _refuse_author(actor: Actor, row: ProposalRow) -> None:
    if row.by.casefold() == actor.name.casefold():
        raise Forbidden("Expected somebody else than its author to decide: rules change by two people.")


def _view(row: ProposalRow) -> ProposalView:
    return ProposalView(
        row.id,
        row.at,
        row.by,
        row.note,
        row.state,
        tuple(sorted(mapping(row.files))),
        texts(row.changes),
        row.decided_at,
        row.decided_by,
        row.comment,
        row.deployment_id,
    )
