"""``bailiwick audit``: prove that nobody changed the log."""

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import click
import sqlalchemy

from app import anchorage
from app.cli.opening import open_platform
from app.runtime import SYSTEM, Runtime
from app.runtime.views import AuditVerdict
from app.store import Store
from app.store import audit as log

STREAMS_AT_A_TIME = 2000
MOST_PROCESSES = 8
ANCHOR_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def audit() -> None:
    """The append-only, hash-chained log of every change."""


@audit.command()
@click.option("--new", is_flag=True, help="Only what came since the last anchor; up to there it was verified then.")
@click.option("--anchor", type=ANCHOR_FILE, help="Anchors that were kept outside; the log must continue them.")
@click.option("--processes", type=click.IntRange(1, MOST_PROCESSES), default=2, show_default=True)
def verify(*, new: bool, anchor: Path | None, processes: int) -> None:
    """Recompute the whole log. Names the first broken record; exit status 1 if there is one.

    A chain alone does not show that its newest records are missing, nor that all of it was written anew: anchors that
    were kept outside do (settings anchor_file and anchor_url, or ``bailiwick audit anchor``).

    \b
    Example:  bailiwick audit verify
              bailiwick audit verify --anchor /mnt/notary/anchors.jsonl
    """
    if anchor is not None and not anchor.exists():
        raise click.ClickException(f"Expected a file of anchors at {anchor}, but found none.")
    kept = tuple(anchorage.read(anchor)) if anchor else ()
    runtime = open_platform()
    verdict = runtime.audit.verify(unsealed_only=True) if new else _whole(runtime, processes)
    if not verdict.ok:
        click.echo(f"broken: {verdict.why} (record {verdict.broken})")
        raise click.exceptions.Exit(1)
    since = f" since anchor {verdict.anchors}" if new and verdict.anchors else ""
    click.echo(f"intact: {verdict.checked} records{since}, {verdict.streams} streams, {verdict.anchors} anchors")
    if differences := runtime.anchors.differences(kept):
        click.echo("\n".join(differences))
        raise click.exceptions.Exit(1)
    if kept:
        click.echo(f"It continues all {len(set(kept))} anchors of {anchor}, the newest with number {max(kept)[0]}.")


@audit.command()
@click.option("--to", "file", type=ANCHOR_FILE, help="Append the anchors to this file instead of printing them.")
def anchor(file: Path | None) -> None:
    """Verify what is new in the log and seal it. Keep the line outside: a ticket, a mail, a notary.

    \b
    Example:  bailiwick audit anchor --to /mnt/notary/anchors.jsonl
    """
    for made in open_platform().anchors.make(SYSTEM):
        if file is None:
            click.echo(anchorage.line(made))
        else:
            anchorage.append(file, made)
            click.echo(f"anchor {made.number}: {made.records} records in {made.streams} streams, {made.digest}")


def _whole(runtime: Runtime, processes: int) -> AuditVerdict:
    parts = runtime.audit.parts(STREAMS_AT_A_TIME)
    address = runtime.core.store.engine.url.render_as_string(hide_password=False)
    verdicts: list[log.Verdict] = []
    with (
        ProcessPoolExecutor(min(processes, len(parts)), get_context("spawn")) as pool,
        click.progressbar(length=len(parts), label="Verifying", hidden=len(parts) == 1, file=sys.stderr) as bar,
    ):
        for verdict in pool.map(_verify, [address] * len(parts), parts):
            verdicts.append(verdict)
            bar.update(1)
    return runtime.audit.judge(verdicts)


def _verify(address: str, part: log.Streams) -> log.Verdict:
    engine = sqlalchemy.create_engine(address, hide_parameters=True)
    try:
        with Store(engine).snapshot() as session:
            return log.verify(session, part)
    finally:
        engine.dispose()
