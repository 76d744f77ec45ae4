"""The demonstration's people can finish whatever its processes begin."""

from pathlib import Path

from app.assembly import make_registry
from app.cli.demonstration import PEOPLE
from app.model_files import read_models
from app.roles import ApprovalTier, Mandate
from app.runtime import SYSTEM
from app.settings import Settings
from app.testing import Platform

MODELS = Path(__file__).parents[2] / "models"


def test_whoever_asks_somebody_else_may_approve(tmp_path: Path) -> None:
    """Each full review has a group with enough members who are neither the requester nor a substitute of theirs."""
    registry = make_registry(Settings(data_folder=tmp_path, task_modules=("tasks",)))
    files = read_models([MODELS])
    with Platform([], registry.values()) as platform:
        platform.runtime.deployments.deploy(SYSTEM, files)
        mandates = [Mandate.from_json(each.document) for each in platform.runtime.deployments.mandates()]
    reviews = [
        (mandate.company, gate)
        for mandate in mandates
        for grant in mandate.grants.values()
        for gate in grant.gates
        if gate.tier is ApprovalTier.FULL_REVIEW
    ]
    assert reviews
    for company, gate in reviews:
        members = {name for name, _, _, groups in PEOPLE if gate.approver in groups}
        for requester, *_ in PEOPLE:
            assert len(members - company.conflicted(requester)) >= gate.approvals, f"{requester} at {gate.id}"
