"""The commands that need no installation: feel, decide, check, conformance, and the help of all."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.cli.main import COMMANDS

MODELS = Path(__file__).parents[2] / "models"


def bailiwick(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, prog_name="bailiwick")


def test_help_lists_every_command() -> None:
    """Nobody has to guess what there is."""
    text = bailiwick("--help").stdout
    assert all(f"  {name} " in text for name in COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_an_example(command: str) -> None:
    """Each help shows a call that works; a group shows it with its own commands."""
    text = bailiwick(command, "--help").stdout
    if "Commands:" not in text:
        assert "Example:" in text
        return
    listed = text.split("Commands:")[1].strip().splitlines()
    subcommands = [line.split()[0] for line in listed if line.startswith("  ") or line[0].isalpha()]
    for name in subcommands:
        assert "Example:" in bailiwick(command, name, "--help").stdout, name


def test_an_expression_is_evaluated_with_exact_numbers() -> None:
    """0.1 + 0.2 is 0.3, and inputs keep their digits."""
    assert bailiwick("feel", "0.1 + x", "-i", '{"x": 0.20}').stdout == "0.30\n"


def test_a_null_says_why() -> None:
    """The value goes to standard output, the reason with its place to standard error."""
    result = bailiwick("feel", '1 + "a"')
    assert result.stdout == "null\n"
    assert "null because" in result.stderr


def test_a_broken_expression_is_one_line_with_its_place() -> None:
    """No traceback; exit status 1."""
    result = bailiwick("feel", "1 +")
    assert result.exit_code == 1
    assert result.stderr.startswith("1:")
    assert "Traceback" not in result.output


def test_an_input_that_is_no_object_is_a_wrong_call() -> None:
    """Exit status 2, with what was expected."""
    result = bailiwick("feel", "x", "-i", "[1]")
    assert result.exit_code == 2
    assert "Expected a JSON object" in result.stderr


def test_a_decision_is_found_by_being_final() -> None:
    """The requirement graph has one decision that no other needs: that one is meant."""
    inputs = {
        "amount": 35,
        "reason": "damaged",
        "customer_tier": "pro",
        "refunds_last_year": 0,
        "charge_amount": 1200,
        "charge_refunded": 0,
        "charge_age_days": 12,
    }
    result = bailiwick("decide", str(MODELS / "dmn/refund-eligibility.dmn"), "-i", json.dumps(inputs))
    assert json.loads(result.stdout)["outcome"] == "approve"


def test_an_explanation_names_the_rules(tmp_path: Path) -> None:
    """--explain --json shows what matched and why the others did not; the input may come from a file."""
    (tmp_path / "in.json").write_text('{"amount": 5}')
    model = str(MODELS / "dmn/refund-eligibility.dmn")
    found = json.loads(bailiwick("decide", model, "-i", f"@{tmp_path / 'in.json'}", "--explain", "--json").stdout)
    assert any(decision["rules"] for decision in found["decisions"])
    assert any(table["not_matched"] for decision in found["trace"]["decisions"] for table in decision["tables"])


def test_an_explanation_is_prose_for_people() -> None:
    """--explain alone says each decision in sentences, and the answer last."""
    model = str(MODELS / "dmn/refund-eligibility.dmn")
    given = '{"customer_tier": "iron", "refunds_last_year": 2001}'
    told = bailiwick("decide", model, "-d", "Customer standing", "-i", given, "--explain").stdout
    assert told.startswith("Customer standing is ")
    assert 'It saw customer_tier = "iron", refunds_last_year = 2,001.' in told
    assert "Rule 2 did not match: " in told
    assert told.rstrip().splitlines()[-1].startswith("Answer: ")


def test_an_unknown_decision_is_named_with_the_known_ones() -> None:
    """A typing mistake is corrected from the message."""
    result = bailiwick("decide", str(MODELS / "dmn/refund-eligibility.dmn"), "-d", "no-such")
    assert result.exit_code == 1
    assert "Refund eligibility" in result.stderr


def test_our_own_models_have_no_problems() -> None:
    """What `make run` deploys passes the check without a warning."""
    result = bailiwick("check", str(MODELS))
    assert (result.exit_code, result.stdout) == (0, "0 errors, 0 warnings\n")


def test_every_problem_is_reported_at_once(tmp_path: Path) -> None:
    """Two broken files: both are named, with their elements, and the exit status is 1."""
    source = (MODELS / "bpmn/support-refund.bpmn").read_text()
    (tmp_path / "flow.bpmn").write_text(source.replace('targetRef="fetch-charge"', 'targetRef="nowhere"'))
    (tmp_path / "entity.dmn").write_text('<!DOCTYPE x [<!ENTITY e "boom">]><definitions/>')
    result = bailiwick("check", str(tmp_path))
    assert result.exit_code == 1
    assert "flow.bpmn" in result.stdout
    assert "nowhere" in result.stdout
    assert "entity.dmn" in result.stdout


def test_boundary_test_values_are_proposed() -> None:
    """Each decision table names the values at which its answer may change."""
    text = bailiwick("check", str(MODELS / "dmn"), "--boundary-values").stdout
    assert "boundary test values of" in text


def test_a_missing_reference_is_a_warning_when_a_file_stands_alone() -> None:
    """The decision may well be deployed already."""
    result = bailiwick("check", str(MODELS / "bpmn/support-refund.bpmn"))
    assert result.exit_code == 0
    assert "warning: deployment.unknown-decision" in result.stdout


def test_an_empty_folder_is_no_success(tmp_path: Path) -> None:
    """Nothing was shown, so nothing passed."""
    assert bailiwick("check", str(tmp_path)).exit_code == 1
    assert bailiwick("conformance", "dmn", str(tmp_path)).exit_code == 1


def test_strictly_a_warning_is_an_error(tmp_path: Path) -> None:
    """A gateway that promises another direction than it has runs as it is drawn, and is refused on request."""
    source = (MODELS / "bpmn/support-refund.bpmn").read_text()
    sloppy = source.replace("<bpmn:exclusiveGateway ", '<bpmn:exclusiveGateway gatewayDirection="Converging" ', 1)
    assert sloppy != source
    shutil.copytree(MODELS, tmp_path / "models")
    (tmp_path / "models/bpmn/support-refund.bpmn").write_text(sloppy)
    lenient, strict = (bailiwick("check", str(tmp_path), *options) for options in ((), ("--strict",)))
    assert (lenient.exit_code, strict.exit_code) == (0, 1)
    assert "warning: bpmn.gateway-directions" in lenient.stdout
    assert "error: bpmn.gateway-directions" in strict.stdout
    assert strict.stdout.endswith("1 errors, 0 warnings\n")
