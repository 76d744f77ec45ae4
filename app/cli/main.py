"""The group of all commands, and how mistakes are shown: one clear line, no traceback."""

import importlib
from typing import cast

import click

from app.errors import BailiwickError, ModelError

COMMANDS = {
    "audit": "app.cli.audit:audit",
    "check": "app.cli.models:check",
    "clock": "app.cli.serving:clock",
    "conformance": "app.cli.conformance:conformance",
    "decide": "app.cli.decisions:decide",
    "decision": "app.cli.sheets:decision",
    "deploy": "app.cli.models:deploy",
    "evidence": "app.cli.instances:evidence",
    "feel": "app.cli.decisions:feel_",
    "history": "app.cli.repair:history",
    "hook": "app.cli.instances:hook",
    "instances": "app.cli.repair:instances",
    "migrate": "app.cli.serving:migrate",
    "people": "app.cli.people:people",
    "restore": "app.cli.restoring:restore",
    "role": "app.cli.roles:role",
    "run": "app.cli.serving:run",
    "serve": "app.cli.serving:serve",
    "start": "app.cli.instances:start",
    "worker": "app.cli.serving:worker",
}


class LazyGroup(click.Group):
    """Knows the names of its commands, and imports the module of one only to run it or to show its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        return cast("click.Command", getattr(importlib.import_module(module), name))

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ModelError as error:
            for diagnostic in error.diagnostics:
                click.echo(str(diagnostic), err=True)
            raise click.exceptions.Exit(1) from None
        except BailiwickError as error:
            raise click.ClickException(str(error)) from None


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bailiwick")
def main() -> None:
    """Processes in BPMN, decisions in DMN, and roles that say who may do what.

    \b
    Try:  bailiwick run                     everything on this machine, to play with
          bailiwick check models/bpmn/*.bpmn
          bailiwick decide models/dmn/refund-eligibility.dmn --input '{"amount": 35}'

    Settings come from BAILIWICK_… variables over bailiwick.toml (docs/admins.md).
    """
