"""``bailiwick check`` and ``bailiwick deploy``: models on their way into service."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from app import feel
from app.assembly import make_registry
from app.cli.opening import open_platform
from app.errors import Diagnostic, Severity, strictly
from app.model_files import read_files, read_models
from app.runtime import SYSTEM
from app.runtime.models import InService, analyse_tables, examine
from app.settings import load_settings

UNKNOWN_ROLE = "deployment.unknown-role"  # of `app.runtime.models.references`
PATHS = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=PATHS)
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--boundary-values", is_flag=True, help="Propose test values at the boundaries of each decision table.")
def check(paths: tuple[Path, ...], *, strict: bool, boundary_values: bool) -> None:
    """Report every problem of the models in PATHS (files or folders) at once. Changes nothing.

    Each line names file, line, element and rule, what was expected, and the remedy. Exit status 1 on errors. The files
    are looked at by themselves: what they refer to in other models is a warning.

    \b
    Example:  bailiwick check models/
    """
    files = read_files(paths)
    today = datetime.now(UTC).date()
    examined = examine(files, InService(), make_registry(load_settings()), today).diagnostics
    diagnostics = strictly(examined) if strict else [_alone(each) for each in examined]
    for diagnostic in diagnostics:
        click.echo(str(diagnostic))
    if boundary_values:
        for file, table in analyse_tables(files):
            click.echo(f"{file}: boundary test values of {table.table_id}: {feel.json_dumps(table.boundary_values)}")
    click.echo(_summary(diagnostics))
    if any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics):
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=PATHS)
@click.option("--note", default="", help="Why, for the deployment's record.")
@click.option("--as", "person", default=None, help="In whose name: the rights and the two people for rules are theirs.")
def deploy(paths: tuple[Path, ...], note: str, person: str | None) -> None:
    """Take the models in PATHS (files or folders) into service together, all or none.

    A model whose content changed becomes a new version; running instances keep theirs. Without --as the platform itself
    deploys, and changes rules at once; with it, what changes them becomes a proposal that somebody else accepts.

    \b
    Example:  bailiwick deploy models/ --note "fast track from 25 euros"
    """
    platform = open_platform()
    actor = SYSTEM if person is None else platform.people.named(person)
    deployment = platform.deployments.deploy(actor, read_models(paths), note)
    if deployment.proposal is not None:
        click.echo(f"proposal {deployment.proposal} waits for somebody else:")
        for change in deployment.changes:
            click.echo(f"  {change}")
        return
    for warning in deployment.warnings:
        click.echo(str(warning), err=True)
    for model in deployment.changed:
        click.echo(f"{model.kind} {model.key} version {model.version}")
    unchanged = len(deployment.models) - len(deployment.changed)
    click.echo(f"{len(deployment.changed)} changed, {unchanged} unchanged")


def _alone(diagnostic: Diagnostic) -> Diagnostic:
    """A role that is not among these files may well be deployed."""
    if diagnostic.code == UNKNOWN_ROLE:
        return replace(diagnostic, severity=Severity.WARNING)
    return diagnostic


def _summary(diagnostics: list[Diagnostic]) -> str:
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
    return f"{errors} errors, {len(diagnostics) - errors} warnings"
