"""``bailiwick run``, ``serve``, ``worker``, ``clock`` and ``migrate``: the processes of an installation."""

import socket
import time

import click
import structlog
from sqlalchemy import create_engine

from app.cli import demonstration, draining
from app.cli.opening import open_platform
from app.cli.web_pulse import WebPulse
from app.errors import Unavailable
from app.logs import configure_logs
from app.model_files import read_models
from app.runtime import SYSTEM
from app.runtime.views import ProcessKind
from app.settings import Settings, load_settings
from app.store import schema
from app.store.availability import noticing
from app.store.migrations import upgrade
from app.web import create_app
from app.worker import CeleryAnnouncer, run_clock, run_worker, supervise

DATABASE_SECONDS = 60.0  # how long a process waits at its start for a database that is away
log = structlog.get_logger(__name__)

CHECK = click.option(
    "--check", is_flag=True, help="Start nothing: say whether one on this host is alive (exit 1 if not)."
)


@click.command()
def run() -> None:
    """Start everything on this machine, to play with: web, worker, clock and the sandbox company.

    The data folder becomes a demonstration with people to sign in as. A second run goes on where the first was.

    \b
    Example:  BAILIWICK_PORT=9000 bailiwick run
    """
    demonstration.mark(load_settings())
    settings = load_settings()
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    upgrade(settings.database)
    runtime = open_platform(settings)
    runtime.deployments.deploy(SYSTEM, read_models((settings.models_folder,)), "what models/ holds at the start")
    demonstration.create_people(runtime)
    supervise(settings, lambda: click.echo(demonstration.welcome(settings)))


@click.command()
def serve() -> None:
    """Serve the web pages, the hooks and the API. SIGTERM: what has begun is finished first.

    \b
    Example:  BAILIWICK_SECRET_KEY=… BAILIWICK_HOST=0.0.0.0 bailiwick serve
    """
    settings = _configured()
    app = create_app(settings, CeleryAnnouncer(settings))
    pulse = WebPulse(app)
    pulse.start()
    draining.serve(app, settings)
    pulse.stop()


@click.command()
@click.option("--types", help='Job types to serve, with commas: "billing.*,crm.customer". All, if not given.')
@CHECK
def worker(types: str | None, *, check: bool) -> None:
    """Run jobs and process the deliveries of hooks. Any number of workers may run.

    Jobs of a type that no worker serves wait for one, for ten minutes; then they are incidents.

    \b
    Example:  BAILIWICK_WORKER_THREADS=8 bailiwick worker --types "billing.*,mail.*"
    """
    if check:
        _say_whether_alive(ProcessKind.WORKER)
        return
    run_worker(_configured(), [each.strip() for each in (types or "").split(",") if each.strip()])


@click.command()
@CHECK
def clock(*, check: bool) -> None:
    """Fire timers, grant fast tracks, escalate what is overdue, and announce again what was lost.

    Several clocks may run; nothing happens twice.

    \b
    Example:  bailiwick clock
    """
    if check:
        _say_whether_alive(ProcessKind.CLOCK)
        return
    run_clock(_configured())


@click.command()
def migrate() -> None:
    """Bring the database to this version's tables. Doing it twice, or in several places at once, does no harm.

    \b
    Example:  BAILIWICK_DATABASE_URL=postgresql+psycopg://… bailiwick migrate
    """
    settings = load_settings()
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    engine = create_engine(settings.database)
    try:
        schema.check(engine, may_be_older=True)
        with noticing():
            steps = upgrade(engine)
    finally:
        engine.dispose()
    if steps.taken:
        start = "an empty database" if steps.before is None else f'"{steps.before}"'
        click.echo(f"From {start}: {', '.join(steps.taken)}.")
    click.echo("The database is up to date.")


def _say_whether_alive(kind: ProcessKind) -> None:
    """One line; exit status 1 where no process of this kind on this host has beaten lately."""
    found = open_platform().heartbeats.list(kind, socket.gethostname())
    if not found:
        raise click.ClickException(f"Expected a {kind} on {socket.gethostname()}, but none was seen within an hour.")
    last = found[0]
    if not last.is_alive:
        raise click.ClickException(
            f"Expected {last.id} to be alive, but it was last seen {last.seconds_ago:.0f} s ago."
        )
    click.echo(
        f"{last.id} was seen {last.seconds_ago:.0f} s ago; its clock is {last.offset.total_seconds():+.3f} s off."
    )


def _configured() -> Settings:
    """The settings of a serving process, with its logs set up and its database looked at."""
    settings = load_settings()
    configure_logs(settings)
    _await_schema(settings)
    return settings


def _await_schema(settings: Settings) -> None:
    """A database that is away may come back; one with another schema is refused."""
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    engine = create_engine(settings.database)
    end = time.monotonic() + DATABASE_SECONDS
    try:
        while True:
            try:
                schema.check(engine)
            except Unavailable as away:
                if time.monotonic() > end:
                    raise
                log.warning("waiting for the database", reason=str(away))
                time.sleep(1)
            else:
                return
    finally:
        engine.dispose()
