"""``bailiwick role …``: role documents by themselves, without a database: schemas, checks, mandates, differences."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from app.assembly import make_registry
from app.errors import ModelError, Severity
from app.model_files import read_files
from app.roles import Compiled, Direction, Mandate, compare, compile_roles, json_schemas
from app.runtime.models import actions_of, role_documents
from app.settings import load_settings

PATHS = click.Path(exists=True, path_type=Path)
SCHEMAS = json_schemas()


@click.group()
def role() -> None:
    """Role documents: what may be done by whom, and what changes with the next version.

    \b
    Try:  bailiwick role check models/roles
          bailiwick role answers models/roles
          bailiwick role diff before/roles models/roles
    """


@role.command()
@click.argument("kind", type=click.Choice(sorted(SCHEMAS)))
def schema(kind: str) -> None:
    """Print the JSON Schema of one KIND of document, for editors and for checks elsewhere.

    \b
    Example:  bailiwick role schema job-role > job-role.schema.json
    """
    click.echo(json.dumps(SCHEMAS[kind], indent=2, ensure_ascii=False))


@role.command()
@click.argument("paths", nargs=-1, required=True, type=PATHS)
def check(paths: tuple[Path, ...]) -> None:
    """Report every mistake of the role documents in PATHS at once. Exit status 1 on errors.

    \b
    Example:  bailiwick role check models/roles
    """
    compiled = _compiled(paths)
    for diagnostic in compiled.diagnostics:
        click.echo(str(diagnostic))
    errors = sum(each.severity is Severity.ERROR for each in compiled.diagnostics)
    click.echo(f"{len(compiled.mandates)} roles, {errors} errors")
    if errors:
        raise click.exceptions.Exit(1)


@role.command("compile")
@click.argument("paths", nargs=-1, required=True, type=PATHS)
def compile_(paths: tuple[Path, ...]) -> None:
    """Print the mandates of the role documents in PATHS as JSON, by JobRole: what the runtime enforces, in full.

    \b
    Example:  bailiwick role compile models/roles
    """
    mandates = {name: mandate.to_json() for name, mandate in _mandates(paths).items()}
    click.echo(json.dumps(mandates, indent=2, ensure_ascii=False))


@role.command()
@click.argument("paths", nargs=-1, required=True, type=PATHS)
def answers(paths: tuple[Path, ...]) -> None:
    """Print the answer sheet of every JobRole in PATHS.

    \b
    Example:  bailiwick role answers models/roles
    """
    for name, mandate in _mandates(paths).items():
        click.echo(f"{name} (version {mandate.version}, risk tier {mandate.risk_tier}, {mandate.autonomy})")
        for answer in mandate.answer_sheet:
            click.echo(f"  {answer.question}")
            for line in answer.answers:
                click.echo(f"    {line}")


@role.command()
@click.argument("old", type=PATHS)
@click.argument("new", type=PATHS)
@click.option("--fail-on-wider", is_flag=True, help="Exit status 1 if anybody may do more than before.")
def diff(old: Path, new: Path, *, fail_on_wider: bool) -> None:
    """Say in plain words what anybody may do under NEW that they could not under OLD, and the reverse.

    \b
    Example:  bailiwick role diff /tmp/main/models/roles models/roles --fail-on-wider
    """
    changes = compare(_mandates((old,)), _mandates((new,)))
    for change in changes:
        click.echo(str(change))
    if not changes:
        click.echo("Nobody may do anything else than before.")
    if fail_on_wider and any(change.direction is Direction.WIDER for change in changes):
        raise click.exceptions.Exit(1)


def _mandates(paths: tuple[Path, ...]) -> Mapping[str, Mandate]:
    compiled = _compiled(paths)
    if any(each.severity is Severity.ERROR for each in compiled.diagnostics):
        raise ModelError(list(compiled.diagnostics))
    return dict(sorted(compiled.mandates.items()))


def _compiled(paths: tuple[Path, ...]) -> Compiled:
    actions = actions_of(make_registry(load_settings()))
    return compile_roles(role_documents(read_files(paths)), actions, datetime.now(UTC).date())
