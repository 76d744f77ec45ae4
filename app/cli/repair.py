"""``bailiwick instances`` and ``bailiwick history``: repair, suspend, migrate; export and purge."""

from datetime import timedelta
from typing import TextIO

import click

from app import feel
from app.cli.decisions import JsonObject
from app.cli.opening import open_platform
from app.runtime import SYSTEM
from app.runtime.views import (
    BulkOperation,
    CancelAll,
    ExportFormat,
    InstanceFilter,
    MigrateAll,
    SwitchScope,
)

SUSPENDABLE = (SwitchScope.INSTANCE, SwitchScope.PROCESS, SwitchScope.ELEMENT, SwitchScope.ACTION)
scope_option = click.option(
    "--scope",
    type=click.Choice([scope.value for scope in SUSPENDABLE]),
    default=SwitchScope.INSTANCE.value,
    show_default=True,
    help="An action is a job type; an element is named process/element.",
)


@click.group()
def instances() -> None:
    """Process instances: move tokens, restart, migrate, cancel, suspend and resume."""


@instances.command()
@click.argument("instance_id")
@click.argument("source")
@click.argument("target")
@click.option("--reason", default="", help="For the audit log.")
def move(instance_id: str, source: str, target: str, reason: str) -> None:
    """Move the tokens of an instance from the element SOURCE to the element TARGET.

    \b
    Example:  bailiwick instances move 01a1fd02-6b43-7961-a743-2e1350b90548 check decide --reason "checked by phone"
    """
    moved = open_platform().modifying.move(SYSTEM, instance_id, source, target, reason)
    click.echo(f"{moved} token(s) moved to {target}.")


@instances.command()
@click.argument("instance_id")
@click.argument("element_id")
@click.option("--variables", "-v", type=JsonObject(), default="{}", help="Changes to its variables: JSON or @FILE.")
def restart(instance_id: str, element_id: str, variables: dict[str, object]) -> None:
    """Begin an ended instance again at ELEMENT_ID, as a new instance, and print its id.

    \b
    Example:  bailiwick instances restart 01a1fd02-6b43-7961-a743-2e1350b90548 decide
    """
    click.echo(open_platform().modifying.restart(SYSTEM, instance_id, element_id, variables))


@instances.command()
@click.argument("process_id")
@click.option("--from", "source", type=int, required=True, help="The version that the instances have.")
@click.option("--to", "target", type=int, required=True, help="The version that they are to have.")
@click.option("--mapping", "-m", type=JsonObject(), default="{}", help="Element id → element id: JSON or @FILE.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
def migrate(process_id: str, source: int, target: int, mapping: dict[str, object], *, dry_run: bool) -> None:
    """Move the running instances of PROCESS_ID from one version to another, in batches.

    \b
    Example:  bailiwick instances migrate support-refund --from 1 --to 2 --mapping '{"check": "verify"}' --dry-run
    """
    names = {name: str(value) for name, value in mapping.items()}
    wanted = InstanceFilter(process_id=process_id, version=source)
    _in_batches(MigrateAll(target, names), wanted, "would migrate" if dry_run else "migrated", dry_run=dry_run)


@instances.command()
@click.argument("process_id")
@click.option("--version", type=int, help="Of this version only.")
@click.option("--reason", required=True, help="For the audit log.")
def cancel(process_id: str, version: int | None, reason: str) -> None:
    """Cancel all running instances of PROCESS_ID, in batches.

    \b
    Example:  bailiwick instances cancel support-refund --version 1 --reason "started by mistake"
    """
    _in_batches(CancelAll(reason), InstanceFilter(process_id=process_id, version=version), "cancelled")


@instances.command()
@click.argument("key")
@scope_option
@click.option("--reason", required=True, help="For the audit log.")
def suspend(key: str, scope: str, reason: str) -> None:
    """Hold jobs (of all but an action: timers and messages too), by a kill switch on KEY. Nothing is lost.

    \b
    Example:  bailiwick instances suspend support-refund --scope process --reason "an audit"
    """
    open_platform().switches.set(SYSTEM, SwitchScope(scope), key, reason)
    click.echo(f"{scope} {key} is suspended.")


@instances.command()
@click.argument("key")
@scope_option
def resume(key: str, scope: str) -> None:
    """Clear the kill switch on KEY; what it held goes on.

    \b
    Example:  bailiwick instances resume support-refund --scope process
    """
    open_platform().switches.lift(SYSTEM, SwitchScope(scope), key)
    click.echo(f"{scope} {key} goes on.")


@click.group()
def history() -> None:
    """The history of all instances: export it for process mining, purge what is old."""


@history.command()
@click.option("--format", "kind", type=click.Choice([each.value for each in ExportFormat]), default="xes")
@click.option("--process", "process_id", help="Of this process only.")
@click.option("--output", "-o", type=click.File("w", encoding="utf-8"), default="-", help="Standard output if none.")
def export(kind: str, process_id: str | None, output: TextIO) -> None:
    """Write an event log: XES, or OCEL 2.0 as JSON.

    \b
    Example:  bailiwick history export --format ocel --process support-refund -o refunds.json
    """
    for piece in open_platform().history.export(SYSTEM, ExportFormat(kind), InstanceFilter(process_id=process_id)):
        output.write(piece)


@history.command()
@click.option("--older-than-days", "days", type=click.IntRange(min=0), required=True, help="Since the instance ended.")
def purge(days: int) -> None:
    """Delete the timelines of instances that ended long ago, in short batches. Evidence and audit log stay.

    \b
    Example:  bailiwick history purge --older-than-days 365
    """
    runtime = open_platform()
    records, before = runtime.history, runtime.core.clock.now() - timedelta(days=days)
    report = records.purge(SYSTEM, before)
    lines = report.lines
    while report.next is not None:
        report = records.purge(SYSTEM, before, report.next)
        lines += report.lines
    click.echo(f"{lines} line(s) deleted.")


def _in_batches(operation: BulkOperation, wanted: InstanceFilter, done: str, *, dry_run: bool = False) -> None:
    bulk = open_platform().bulk
    succeeded, more = 0, True
    failed: dict[str, str] = {}
    after: str | None = None
    while more:
        report = bulk.run(SYSTEM, operation, wanted, after, dry_run=dry_run)
        succeeded += len(report.done)
        failed.update(report.failed)
        after, more = report.next, report.next is not None
    for instance_id, why in failed.items():
        click.echo(f"{instance_id}: {why}", err=True)
    click.echo(feel.json_dumps({done: succeeded, "failed": len(failed)}))
    if failed:
        raise click.exceptions.Exit(1)
