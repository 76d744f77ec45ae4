"""``bailiwick restore``: what comes first after a backup was put back, before anything else is started."""

import click

from app.cli.opening import open_platform
from app.runtime import SYSTEM


@click.command()
@click.option("--go-on", is_flag=True, help="Let everything go on that was held after the restore.")
def restore(*, go_on: bool) -> None:
    """Hold everything in a restored database, and show what it would do.

    Do this after `migrate`, and before workers, clocks and web pages are started. Jobs, timers, messages and grants
    wait until --go-on; so look first at what happened in other systems since the backup.

    \b
    Example:  bailiwick restore
              bailiwick restore --go-on
    """
    restoring = open_platform().restoring
    if go_on:
        restoring.go_on(SYSTEM)
        click.echo("Everything goes on.")
        return
    outlook = restoring.hold(SYSTEM)
    until = "nothing" if outlook.until is None else f"{outlook.until:%Y-%m-%d %H:%M:%S} UTC"
    click.echo(f"Everything is held. The last thing that this database knows is of {until}. It would do:")
    for number, what in (
        (outlook.deliveries, "webhook calls"),
        (outlook.messages, "messages to correlate"),
        (outlook.follow_ups, "follow-ups"),
        (outlook.timers, "timers that are due"),
        (outlook.starts, "starts by timer that are due"),
        (outlook.grants, "approvals that nobody objected to in time"),
        *((number, f"jobs {job_type}") for job_type, number in outlook.jobs.items()),
    ):
        click.echo(f"{number:8} {what}")
    click.echo(f"{outlook.running_instances:8} instances are running. `bailiwick restore --go-on` lets them.")
