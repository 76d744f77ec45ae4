"""``bailiwick role``: what role documents say and change, without an installation."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main

ROLES = Path(__file__).parents[2] / "models" / "roles"


def role(*arguments: str) -> Result:
    return CliRunner().invoke(main, ("role", *arguments), prog_name="bailiwick")


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The role documents of the demonstration with another threshold."""
    folder = tmp_path / "roles"
    shutil.copytree(ROLES, folder)
    company = folder / "company.yaml"
    text = company.read_text()
    assert "instant_up_to: 20 " in text
    company.write_text(text.replace("instant_up_to: 20 ", "instant_up_to: 49 "))
    return folder


def test_the_shipped_roles_have_no_mistakes() -> None:
    """`role check` says how many roles there are."""
    assert role("check", str(ROLES)).stdout == "1 roles, 0 errors\n"


def test_a_mistake_is_a_line_with_its_place(changed: Path) -> None:
    """A field that no refund has is found in the condition of a gate; exit status 1."""
    job = changed / "jobs" / "support-refunds.yaml"
    job.write_text(job.read_text().replace("when: request.amount >", "when: request.amuont >", 1))
    result = role("check", str(changed))
    assert result.exit_code == 1
    assert "support-refunds.yaml:" in result.stdout
    assert "found amuont. Did you mean amount?" in result.stdout


def test_a_wider_role_is_said_in_words_and_may_stop_a_pipeline(changed: Path) -> None:
    """One changed threshold is one sentence that a manager understands, and the same documents are none."""
    result = role("diff", str(ROLES), str(changed), "--fail-on-wider")
    assert result.stdout == (
        "support-refunds: may now do billing.refund up to 49 instead of 20 (request.amount) "
        "without fast track at fast-track (wider)\n"
    )
    assert result.exit_code == 1
    assert role("diff", str(changed), str(ROLES), "--fail-on-wider").exit_code == 0
    assert role("diff", str(ROLES), str(ROLES)).stdout == "Nobody may do anything else than before.\n"


def test_mandates_schemas_and_answers_are_printed() -> None:
    """What the runtime enforces is JSON; every kind of document has its schema; the answer sheet is text."""
    mandates = json.loads(role("compile", str(ROLES)).stdout)
    assert mandates["support-refunds"]["grants"]["billing.refund"]["system"] == "billing"
    assert "gates" in str(json.loads(role("schema", "job-role").stdout)["$defs"]["JobActionPart"]["properties"])
    assert "accountable: femi" in role("answers", str(ROLES)).stdout
